use super::*;
use crate::text::Lang;
use std::fs::{self, Permissions};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant, SystemTime};
use tempfile::TempDir;

const OLD: &[u8] = b"{ /* old */ }\r\n";
const NEW: &[u8] = b"{ /* new */ }\n";

/// A folder with a config in it.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Home::empty();
        fs::write(home.config(), OLD).expect("a config");
        home.mode(&home.config(), 0o644);
        home
    }

    fn empty() -> Self {
        Home(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn config(&self) -> PathBuf {
        self.path("openclaw.json")
    }

    fn mode(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).expect("a mode");
    }

    fn read(&self) -> Read {
        read(&self.config()).expect("readable").expect("there")
    }

    fn write(&self, bytes: &[u8]) -> Written {
        write(&self.config(), Some(&self.read()), bytes, KEEP).expect("written")
    }

    /// Everything in the folder: name, kind, mode, owner, link count, content.
    fn state(&self) -> Vec<(String, u32, u32, u64, Vec<u8>)> {
        let mut state: Vec<_> = fs::read_dir(self.0.path())
            .expect("a folder")
            .map(|entry| {
                let entry = entry.expect("an entry");
                let file = entry.path().symlink_metadata().expect("there");
                let bytes = if file.is_file() { fs::read(entry.path()).expect("readable") } else { Vec::new() };
                let name = entry.file_name().to_string_lossy().into_owned();
                (name, file.mode(), file.uid(), file.nlink(), bytes)
            })
            .collect();
        state.sort();
        state
    }

    fn names(&self) -> Vec<String> {
        self.state().into_iter().map(|(name, ..)| name).collect()
    }

    /// Demands that an act fails in this way and leaves the folder as it was.
    #[track_caller]
    fn refuses<T: fmt::Debug>(&self, kind: Kind, says: &str, act: impl FnOnce(&Self) -> Result<T, StoreError>) {
        let before = self.state();
        let error = act(self).expect_err("an error");
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert!(!error.of(Lang::Ja).is_empty());
        assert_eq!(self.state(), before, "the folder has changed");
    }
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("there").mode() & 0o7777
}

#[test]
fn a_file_is_read_with_its_mode_and_owner() {
    let home = Home::new();
    let read = home.read();
    assert_eq!(read.bytes, OLD);
    assert_eq!(read.mode, 0o644);
    assert_eq!(read.uid, rustix::process::geteuid().as_raw());
    assert!(!format!("{read:?}").contains("old"), "content is shown");
}

#[test]
fn an_absent_file_or_folder_is_none() {
    let home = Home::empty();
    assert_eq!(read(&home.config()).expect("readable"), None);
    assert_eq!(read(&home.path("a/b.json")).expect("readable"), None);
    assert_eq!(look(&home.config()).expect("readable"), None);
}

#[test]
fn a_link_is_refused_for_writing_and_followed_for_looking() {
    let home = Home::new();
    let link = home.path("link.json");
    symlink("openclaw.json", &link).expect("a link");
    home.refuses(Kind::Refused, "symbolic link", |_| read(&link));
    let seen = look(&link).expect("readable").expect("there");
    assert_eq!(seen.bytes, OLD);
}

#[test]
fn a_dangling_link_is_refused_not_absent() {
    let home = Home::empty();
    symlink("nowhere", home.config()).expect("a link");
    home.refuses(Kind::Refused, "symbolic link", |_| read(&home.config()));
    home.refuses(Kind::Refused, "symbolic link", |_| write(&home.config(), None, NEW, KEEP));
}

#[test]
fn a_second_hard_link_is_refused_for_writing() {
    let home = Home::new();
    fs::hard_link(home.config(), home.path("other")).expect("a link");
    home.refuses(Kind::Refused, "2 hard links", |_| read(&home.config()));
    assert!(look(&home.config()).is_ok());
}

#[test]
fn what_is_no_regular_file_is_refused_at_once() {
    let home = Home::empty();
    let fifo = home.path("fifo");
    rustix::fs::mkfifoat(rustix::fs::CWD, &fifo, rustix::fs::Mode::RWXU).expect("a FIFO");
    let socket = home.path("socket");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
    let folder = home.0.path().to_owned();
    let irregular = "not a regular file";
    for (path, why) in [(fifo, irregular), (socket, irregular), ("/dev/zero".into(), irregular), (folder, "a folder")] {
        home.refuses(Kind::Refused, why, |_| read(&path));
        home.refuses(Kind::Refused, why, |_| look(&path));
    }
}

#[test]
fn a_file_over_the_limit_is_refused_without_being_read() {
    let home = Home::new();
    let file = fs::File::options().write(true).open(home.config()).expect("open");
    file.set_len(LIMIT + 1).expect("a hole");
    let error = read(&home.config()).expect_err("too large");
    assert!(error.to_string().contains("64 MiB"), "{error}");
}

#[test]
fn a_path_through_a_file_says_so() {
    let home = Home::new();
    home.refuses(Kind::Failed, "a file, not a folder", |home| read(&home.config().join("x.json")));
    home.refuses(Kind::Failed, "a file, not a folder", |home| write(&home.config().join("x.json"), None, NEW, KEEP));
}

#[test]
fn a_write_replaces_the_file_and_backs_up_every_byte() {
    let home = Home::new();
    let written = home.write(NEW);
    let backup = written.backup.expect("a backup");
    assert_eq!(written.warnings, []);
    assert_eq!(fs::read(home.config()).expect("readable"), NEW);
    assert_eq!(fs::read(&backup).expect("readable"), OLD);
    assert_eq!(mode(&home.config()), 0o600);
    assert_eq!(mode(&backup), 0o600);
    assert_eq!(home.names().len(), 2, "{:?}", home.names());
}

#[test]
fn whatever_the_mode_was_the_owner_alone_can_read_and_write_afterwards() {
    for before in [0o444, 0o666, 0o640] {
        let home = Home::new();
        home.mode(&home.config(), before);
        home.write(NEW);
        assert_eq!(mode(&home.config()), 0o600);
    }
}

#[test]
fn the_owner_and_group_stay() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can give a file away");
        return;
    }
    let home = Home::new();
    std::os::unix::fs::chown(home.config(), Some(4321), Some(8765)).expect("given away");
    let backup = home.write(NEW).backup.expect("a backup");
    for path in [home.config(), backup] {
        let file = path.metadata().expect("there");
        assert_eq!((file.uid(), file.gid()), (4321, 8765), "{}", path.display());
    }
}

#[test]
fn a_new_file_of_roots_belongs_to_the_folders_owner() {
    if !rustix::process::geteuid().is_root() {
        eprintln!("skipped: only root can give a file away");
        return;
    }
    let home = Home::empty();
    std::os::unix::fs::chown(home.0.path(), Some(4321), Some(8765)).expect("given away");
    let config = home.path("a/b/openclaw.json");
    write(&config, None, NEW, KEEP).expect("written");
    for path in [config, home.path("a/b"), home.path("a")] {
        let file = path.metadata().expect("there");
        assert_eq!((file.uid(), file.gid()), (4321, 8765), "{}", path.display());
    }
}

#[test]
fn the_same_content_is_not_written_again() {
    let home = Home::new();
    home.write(NEW);
    let before = (home.state(), home.config().metadata().expect("there").ino());
    assert_eq!(home.write(NEW), Written::default());
    let after = (home.state(), home.config().metadata().expect("there").ino());
    assert_eq!(after, before);
}

#[test]
fn the_same_content_that_others_can_read_is_closed() {
    let home = Home::new();
    assert!(home.write(OLD).backup.is_some());
    assert_eq!(mode(&home.config()), 0o600);
}

#[test]
fn a_new_file_stands_in_a_new_private_folder() {
    let home = Home::empty();
    let config = home.path("a/b/openclaw.json");
    let written = write(&config, None, NEW, KEEP).expect("written");
    assert_eq!(written, Written::default());
    assert_eq!(fs::read(&config).expect("readable"), NEW);
    assert_eq!(mode(&config), 0o600);
    assert_eq!((mode(&home.path("a")), mode(&home.path("a/b"))), (0o700, 0o700));
}

#[test]
fn a_new_file_never_replaces_one_that_appeared() {
    let home = Home::new();
    home.refuses(Kind::Changed, "Nothing was changed", |home| write(&home.config(), None, NEW, KEEP));
}

#[test]
fn a_folder_that_was_made_in_vain_goes_again() {
    let home = Home::empty();
    let too_long = "x".repeat(255);
    home.refuses(Kind::Failed, "Nothing was changed", |home| write(&home.path("a/b").join(&too_long), None, NEW, KEEP));
}

#[test]
fn a_change_since_the_reading_is_seen() {
    type Act = fn(&Home);
    let acts: [Act; 5] = [
        |home| fs::write(home.config(), b"{ /* odd */ }\r\n").expect("written"),
        |home| fs::write(home.config(), b"").expect("written"),
        |home| {
            fs::write(home.path("x"), NEW).expect("written");
            fs::rename(home.path("x"), home.config()).expect("renamed");
        },
        |home| fs::remove_file(home.config()).expect("removed"),
        |home| home.mode(&home.config(), 0o640),
    ];
    for act in acts {
        let home = Home::new();
        let read = home.read();
        act(&home);
        home.refuses(Kind::Changed, "another program", |home| write(&home.config(), Some(&read), NEW, KEEP));
    }
}

#[test]
fn a_file_that_became_a_link_is_not_written_through() {
    let home = Home::new();
    let read = home.read();
    fs::rename(home.config(), home.path("target")).expect("renamed");
    symlink("target", home.config()).expect("a link");
    home.refuses(Kind::Refused, "symbolic link", |home| write(&home.config(), Some(&read), NEW, KEEP));
}

#[test]
fn a_folder_that_cannot_be_written_stays_as_it_was() {
    // Nothing can be made in /proc, not even by root.
    let path = Path::new("/proc/self/openclaw.json");
    if !path.parent().is_some_and(Path::is_dir) {
        eprintln!("skipped: no /proc here");
        return;
    }
    let error = write(path, None, NEW, KEEP).expect_err("an error");
    assert_eq!(error.kind(), Kind::Failed);
    let text = error.to_string();
    assert!(text.starts_with("Cannot write /proc/self/openclaw.json."), "{text}");
    assert!(text.ends_with("Nothing was changed."), "{text}");
    assert!(std::error::Error::source(&error).is_some());
}

#[test]
fn a_version_that_slips_in_at_the_last_moment_goes_back() {
    let home = Home::new();
    let read = home.read();
    let (folder, _) = Folder::open(home.0.path(), false).expect("a folder");
    let name = OsStr::new("openclaw.json");
    let draft = Draft::new(&folder, name, NEW, 0o600, None).expect("a draft");
    fs::write(home.path("x"), b"theirs").expect("written");
    fs::rename(home.path("x"), home.config()).expect("renamed");
    let error = draft.exchange(name, &read).map(drop).expect_err("an error");
    assert_eq!(error.kind(), Kind::Changed);
    assert_eq!(fs::read(home.config()).expect("readable"), b"theirs");
    assert_eq!(home.names(), ["openclaw.json"]);
}

#[test]
fn of_two_writers_one_wins_and_the_other_sees_the_change() {
    for _ in 0..20 {
        let home = Home::new();
        let read = home.read();
        let (config, read) = (&home.config(), &read);
        let outcomes = std::thread::scope(|scope| {
            let writers: Vec<_> =
                (0..2u8).map(|n| scope.spawn(move || write(config, Some(read), &[b'0' + n], KEEP))).collect();
            writers.into_iter().map(|writer| writer.join().expect("no panic")).collect::<Vec<_>>()
        });
        let winner = outcomes.iter().position(Result::is_ok).expect("a winner");
        let loser = outcomes[1 - winner].as_ref().expect_err("a loser");
        assert_eq!(loser.kind(), Kind::Changed, "{loser}");
        assert_eq!(fs::read(config).expect("readable"), [b'0' + winner as u8]);
        assert_eq!(home.names().len(), 2, "{:?}", home.names());
    }
}

#[test]
fn a_writer_waits_for_another_one_of_ours() {
    let home = Home::new();
    let (folder, _) = Folder::open(home.0.path(), false).expect("a folder");
    let lock = folder.lock().expect("the lock");
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| home.write(NEW));
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(fs::read(home.config()).expect("readable"), OLD);
        drop(lock);
        assert!(writer.join().expect("no panic").backup.is_some());
    });
    assert_eq!(fs::read(home.config()).expect("readable"), NEW);
}

#[test]
fn no_update_of_another_program_is_lost() {
    // The other program replaces the file by renaming, without looking, as editors do. What it wrote either still
    // stands, or we had read it before we replaced it: then a backup holds it.
    let home = Home::new();
    let config = home.config();
    let is_kept = |version: &[u8]| {
        fs::read(&config).is_ok_and(|bytes| bytes == version)
            || backups(&config).is_ok_and(|backups| {
                backups.iter().any(|backup| fs::read(&backup.path).is_ok_and(|bytes| bytes == version))
            })
    };
    let (done, ours) = (AtomicBool::new(false), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        let us = scope.spawn(|| {
            while !done.load(Relaxed) {
                let read = home.read();
                let bytes = format!("ours {}", ours.load(Relaxed));
                match write(&config, Some(&read), bytes.as_bytes(), usize::MAX) {
                    Ok(_) => drop(ours.fetch_add(1, Relaxed)),
                    Err(error) => assert_eq!(error.kind(), Kind::Changed, "{error}"),
                }
            }
        });
        let deadline = Instant::now() + Duration::from_secs(20);
        for n in 0..u64::MAX {
            let version = format!("theirs {n}").into_bytes();
            fs::write(home.path("x"), &version).expect("written");
            fs::rename(home.path("x"), &config).expect("renamed");
            // Mostly too short a pause for us, now and then long enough.
            let pause = if n % 8 == 0 { 50_000 } else { n * 37 % 2_000 };
            std::thread::sleep(Duration::from_micros(pause));
            // While ours goes out again, theirs stands nowhere for a moment.
            let kept = (0..200).any(|_| {
                is_kept(&version) || {
                    std::thread::sleep(Duration::from_millis(1));
                    false
                }
            });
            let is_last = n >= 100 && ours.load(Relaxed) > 0 || Instant::now() > deadline;
            done.store(!kept || is_last, Relaxed);
            assert!(kept, "version {n} is lost");
            if is_last {
                break;
            }
        }
        us.join().expect("no panic");
    });
    assert!(ours.load(Relaxed) > 0, "we never came to write");
}

#[test]
fn the_oldest_backups_go_and_nothing_else() {
    let home = Home::new();
    for name in ["openclaw.json.bak", "openclaw.json.bak.1", "openclaw.json.harden-notes"] {
        fs::write(home.path(name), name).expect("written");
    }
    fs::create_dir(home.path("openclaw.json.harden-20000101-000000")).expect("a folder");
    let mut made = Vec::new();
    for n in 0..6u8 {
        let written = write(&home.config(), Some(&home.read()), &[n], 3).expect("written");
        assert_eq!(written.warnings, []);
        made.push(written.backup.expect("a backup"));
    }
    let kept: Vec<_> = backups(&home.config()).expect("a list").into_iter().map(|b| b.path).collect();
    assert_eq!(kept, [made[5].clone(), made[4].clone(), made[3].clone()]);
    assert_eq!(home.names().len(), 1 + 3 + 1 + 3, "{:?}", home.names());
}

#[test]
fn what_is_renewed_stands_whole_and_alone() {
    let home = Home::new();
    renew(&home.config(), Some(&home.read()), NEW).expect("written");
    assert_eq!(home.read().bytes, NEW);
    assert_eq!(home.names(), ["openclaw.json"]);
    let stale = Read { bytes: OLD.to_vec(), ..home.read() };
    let refused = renew(&home.config(), Some(&stale), b"{}").expect_err("it changed since");
    assert_eq!(refused.kind(), Kind::Changed);
    assert_eq!((home.read().bytes.as_slice(), home.names().len()), (NEW, 1));
}

#[test]
fn the_backup_just_made_stays_even_if_none_are_to_be_kept() {
    let home = Home::new();
    let written = write(&home.config(), Some(&home.read()), NEW, 0).expect("written");
    assert_eq!(fs::read(written.backup.expect("a backup")).expect("readable"), OLD);
}

#[test]
fn two_backups_within_a_second_have_two_names_in_order() {
    let home = Home::new();
    let made: Vec<_> = (0..3u8).map(|n| home.write(&[n]).backup.expect("a backup")).collect();
    let listed = backups(&home.config()).expect("a list");
    let paths: Vec<_> = listed.iter().rev().map(|backup| backup.path.clone()).collect();
    assert_eq!(paths, made);
    assert_eq!(listed[0].size, 1);
    let age = SystemTime::now().duration_since(listed[0].time).expect("past");
    assert!(age < Duration::from_secs(60), "{age:?}");
    assert!(listed[0].utc().ends_with(" UTC"));
}

#[test]
fn a_file_without_backups_has_none() {
    let home = Home::new();
    assert_eq!(backups(&home.config()).expect("a list"), []);
    assert_eq!(backups(&home.path("no/where.json")).expect("a list"), []);
}

#[test]
fn a_restore_is_undone_by_a_restore() {
    let home = Home::new();
    let first = home.write(NEW).backup.expect("a backup");
    let second = restore(&home.config(), Some(&home.read()), &first).expect("restored");
    assert_eq!(fs::read(home.config()).expect("readable"), OLD);
    let second = second.backup.expect("a backup");
    assert_eq!(fs::read(&second).expect("readable"), NEW);
    restore(&home.config(), Some(&home.read()), &second).expect("restored");
    assert_eq!(fs::read(home.config()).expect("readable"), NEW);
}

#[test]
fn a_file_that_was_removed_is_restored_too() {
    let home = Home::new();
    let backup = home.write(NEW).backup.expect("a backup");
    fs::remove_file(home.config()).expect("removed");
    restore(&home.config(), None, &backup).expect("restored");
    assert_eq!(fs::read(home.config()).expect("readable"), OLD);
}

#[test]
fn a_restore_over_an_unseen_change_is_refused() {
    let home = Home::new();
    let backup = home.write(NEW).backup.expect("a backup");
    let read = home.read();
    fs::write(home.config(), b"theirs").expect("written");
    home.refuses(Kind::Changed, "another program", |home| restore(&home.config(), Some(&read), &backup));
}

#[test]
fn what_is_no_backup_of_ours_is_not_restored() {
    let home = Home::new();
    let other = Home::new();
    let ours = "openclaw.json.harden-20261122-165206";
    fs::write(home.path("openclaw.json.bak"), NEW).expect("written");
    fs::write(other.path(ours), NEW).expect("written");
    let read = home.read();
    for path in [home.path("openclaw.json.bak"), other.path(ours), home.config()] {
        home.refuses(Kind::Refused, "not a backup", |home| restore(&home.config(), Some(&read), &path));
    }
    home.refuses(Kind::Refused, "absent or empty", |home| restore(&home.config(), Some(&read), &home.path(ours)));
    fs::write(home.path(ours), b"").expect("written");
    home.refuses(Kind::Refused, "absent or empty", |home| restore(&home.config(), Some(&read), &home.path(ours)));
    fs::remove_file(home.path(ours)).expect("removed");
    symlink("openclaw.json.bak", home.path(ours)).expect("a link");
    home.refuses(Kind::Refused, "symbolic link", |home| restore(&home.config(), Some(&read), &home.path(ours)));
}

#[test]
fn what_a_crash_left_goes_after_an_hour_and_only_that() {
    let home = Home::new();
    let hours_ago = SystemTime::now() - Duration::from_secs(2 * 60 * 60);
    let leave = |name: &str, is_old: bool| {
        let file = fs::File::create(home.path(name)).expect("a file");
        if is_old {
            file.set_modified(hours_ago).expect("a time");
        }
    };
    leave(".openclaw.json.harden-0123456789abcdef.tmp", true);
    let others = [
        ".openclaw.json.harden-fedcba9876543210.tmp",
        ".openclaw.json.harden-0123.tmp",
        ".openclaw.json.tmp",
        ".other.json.harden-0123456789abcdef.tmp",
    ];
    leave(others[0], false);
    others[1..].iter().for_each(|name| leave(name, true));
    home.write(NEW);
    let names = home.names();
    assert!(!names.contains(&".openclaw.json.harden-0123456789abcdef.tmp".to_owned()));
    for name in others {
        assert!(names.contains(&name.to_owned()), "{name} is gone");
    }
}

#[test]
fn names_that_are_no_unicode_are_as_good_as_any() {
    let home = Home::empty();
    let config = home.0.path().join(OsStr::from_bytes(b"a\xff.json"));
    fs::write(&config, OLD).expect("a config");
    let before = read(&config).expect("readable");
    let written = write(&config, before.as_ref(), NEW, KEEP).expect("written");
    let listed = backups(&config).expect("a list");
    assert_eq!(Some(&listed[0].path), written.backup.as_ref());
}

#[test]
fn managed_configs_are_not_written() {
    let env = |name: &str, value: &str| BTreeMap::from([(name.to_owned(), value.to_owned())]);
    assert!(writable(&BTreeMap::new(), false).is_ok());
    for name in ["OPENCLAW_NIX_MODE", "OPENCLAW_CONFIG_READONLY"] {
        let error = writable(&env(name, "1"), false).expect_err("refused");
        assert_eq!(error.kind(), Kind::ReadOnly);
        assert!(error.to_string().contains(name));
        for value in ["", "0", "true", " 1", "yes"] {
            assert!(writable(&env(name, value), false).is_ok(), "{name}={value}");
        }
    }
    let error = writable(&BTreeMap::new(), true).expect_err("refused");
    assert!(error.to_string().contains("--read-only"));
}

#[test]
fn a_path_without_a_name_is_refused() {
    for path in ["/", "..", ""] {
        let error = write(Path::new(path), None, NEW, KEEP).expect_err("refused");
        assert_eq!(error.kind(), Kind::Refused, "{path}");
    }
}

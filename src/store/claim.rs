//! The lock under which OpenClaw writes its config: held by whoever writes, so that no two programs do at once.
//!
//! OpenClaw 2026.9.6 looks at the config once more and then renames its own draft over it. Both happen while it holds
//! `openclaw.json.lock`, a file that names its process: without that lock a write of ours that falls between the two is lost. A lock
//! whose process is gone counts for nothing, there as here, and so does an old one that names none, so a crash leaves nobody
//! waiting. In a container processes have other numbers, so there the lock keeps nobody out; that what is replaced is what was read
//! is held by [`Draft::replace`] all the same.

use super::backups::seconds;
use super::folder::{Draft, Folder, Owner, cannot_write, is_same};
use super::{Kind, MODE, Read, StoreError};
use crate::text::Text;
use crate::text::time::{parse_iso, to_iso};
use rustix::fs::Stat;
use rustix::io::Errno;
use rustix::process::{Pid, getpid, test_kill_process};
use serde::Serialize;
use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// How long OpenClaw is waited for, which holds its lock from its look at the config to its write, much less than a second as a rule.
pub const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 5 });

/// How long between two looks at a lock.
const PAUSE: Duration = Duration::from_millis(20);

/// The right to write a config, as OpenClaw sees it. It ends when it is dropped.
pub(super) struct Claim<'a> {
    folder: &'a Folder,
    lock: OsString,
    file: Stat,
}

/// How old a lock must be that names no process, in seconds, to count for nothing.
const STALE: i64 = 30;

/// What stands in a lock of ours.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Holder {
    pid: u32,
    created_at: String,
    /// When the process started, in ticks since the machine did: numbers of processes are given anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    starttime: Option<u64>,
}

impl<'a> Claim<'a> {
    /// Waits until no other program writes the config.
    ///
    /// # Errors
    /// [`Kind::Busy`] where another one still does after five seconds. Nothing is changed then, nor where the lock cannot be made.
    pub(super) fn take(folder: &'a Folder, config: &OsStr, owner: Option<Owner>) -> Result<Self, StoreError> {
        Self::take_within(folder, config, owner, PATIENCE)
    }

    fn take_within(
        folder: &'a Folder,
        config: &OsStr,
        owner: Option<Owner>,
        patience: Duration,
    ) -> Result<Self, StoreError> {
        let lock = lock_of(config);
        let pid = getpid().as_raw_nonzero().get().unsigned_abs();
        let own = Holder {
            pid,
            created_at: to_iso(seconds(SystemTime::now())),
            starttime: process(pid).map(|process| process.start),
        };
        let shown = |name: &OsStr| folder.path.join(name);
        let own = serde_json::to_vec(&own).map_err(|why| cannot_write(&shown(&lock), why.into()))?;
        let since = Instant::now();
        loop {
            let held = folder.read(&lock)?;
            if held.as_ref().is_none_or(is_gone) {
                // It appears whole: OpenClaw waits for ever where a lock names nobody.
                let draft = Draft::new(folder, config, &own, MODE, owner)?;
                let file = draft.stat()?;
                let taken = match &held {
                    None => draft.appear(&lock),
                    Some(held) => draft.replace(&lock, held).map(drop),
                };
                match taken {
                    Ok(()) => return Ok(Claim { folder, lock, file }),
                    // Another program was faster.
                    Err(error) if error.kind() == Kind::Changed => {}
                    Err(error) => return Err(error),
                }
            }
            if since.elapsed() > patience {
                return Err(busy(&shown(config)));
            }
            std::thread::sleep(PAUSE);
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if self.folder.stat(&self.lock).is_ok_and(|file| is_same(&file, &self.file)) {
            // One that stays names a process that is gone.
            let _ = self.folder.remove(&self.lock);
        }
    }
}

/// Whether another program writes a config just now. Where its lock cannot be read, the write itself says so.
pub fn is_claimed(config: &Path) -> bool {
    let lock = super::read(Path::new(&lock_of(config.as_os_str())));
    lock.is_ok_and(|held| held.is_some_and(|held| !is_gone(&held)))
}

/// Waits as a write does until no other program writes a config, and claims nothing.
///
/// # Errors
/// [`Kind::Busy`] where another one still does after [`PATIENCE`].
pub fn wait_until_free(config: &Path) -> Result<(), StoreError> {
    let since = Instant::now();
    while is_claimed(config) {
        if since.elapsed() > PATIENCE {
            return Err(busy(config).with_outcome());
        }
        std::thread::sleep(PAUSE);
    }
    Ok(())
}

fn lock_of(config: &OsStr) -> OsString {
    let mut lock = config.to_owned();
    lock.push(".lock");
    lock
}

fn busy(config: &Path) -> StoreError {
    const BUSY: Text = Text {
        en: "OpenClaw is writing {path}, as {lock} says: try again when it is done. Where no OpenClaw runs, remove {lock} first.",
        ja: "{lock} によると、OpenClaw が {path} に書き込んでいます。終わってから、もう一度実行してください。OpenClaw が動いていない場合は、先に {lock} を削除してください。",
    };
    let lock = lock_of(config.as_os_str());
    StoreError::new(Kind::Busy, BUSY.with("path", config.display()).with("lock", Path::new(&lock).display()))
}

/// Whether a lock counts for nothing, as OpenClaw 2026.9.6 judges it: the process that it names is no more, or it names none and
/// is older than half a minute. One that says neither is held.
fn is_gone(held: &Read) -> bool {
    let Ok(Value::Object(holder)) = serde_json::from_slice(&held.bytes) else {
        return false;
    };
    let whole = |name: &str| holder.get(name).and_then(Value::as_u64);
    let Some(pid) = whole("pid").filter(|pid| *pid > 0) else {
        return holder.get("createdAt").and_then(Value::as_str).is_some_and(is_stale);
    };
    match process(pid) {
        Some(process) => !process.lives || whole("starttime").is_some_and(|then| then != process.start),
        None => {
            let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
            pid.is_some_and(|pid| test_kill_process(pid) == Err(Errno::SRCH))
        }
    }
}

/// Whether a lock of such a time is too old; what is written there and is no time counts as old.
fn is_stale(created: &str) -> bool {
    let now = seconds(SystemTime::now());
    !created.is_empty() && parse_iso(created).is_none_or(|created| now - created > STALE)
}

/// A process, where Linux tells of it.
struct Process {
    lives: bool,
    /// When it started, in ticks since the machine did.
    start: u64,
}

fn process(pid: impl Display) -> Option<Process> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name, in brackets, may hold anything.
    let (_, fields) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = fields.split_ascii_whitespace().collect();
    // Where the first thread has ended others may go on.
    let lives = match *fields.first()? {
        "Z" => *fields.get(17)? != "1",
        state => state != "X",
    };
    Some(Process { lives, start: fields.get(19)?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::super::{KEEP, read, write};
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::path::PathBuf;

    struct Home(tempfile::TempDir);

    impl Home {
        fn new() -> Self {
            let home = Home(tempfile::tempdir().expect("a folder"));
            fs::write(home.config(), "{}").expect("a config");
            home
        }

        fn config(&self) -> PathBuf {
            self.0.path().join("openclaw.json")
        }

        fn lock(&self) -> PathBuf {
            self.0.path().join("openclaw.json.lock")
        }

        fn held_by(&self, holder: &str) {
            fs::write(self.lock(), holder).expect("a lock");
        }

        fn write(&self) -> Result<(), StoreError> {
            let was = read(&self.config()).expect("readable");
            write(&self.config(), was.as_ref(), b"{a: 1}", KEEP).map(drop)
        }

        fn is_written(&self) -> bool {
            fs::read(self.config()).expect("readable") == b"{a: 1}"
        }

        /// Is why it cannot be had at once.
        fn refused(&self) -> String {
            let (folder, _) = Folder::open(self.0.path(), false).expect("a folder");
            let taken = Claim::take_within(&folder, OsStr::new("openclaw.json"), None, Duration::ZERO);
            taken.err().map(|error| error.to_string()).unwrap_or_default()
        }
    }

    fn ago(past: i64) -> String {
        to_iso(seconds(SystemTime::now()) - past)
    }

    fn own() -> String {
        let pid = getpid().as_raw_nonzero().get().unsigned_abs();
        let start = process(pid).expect("Linux tells").start;
        format!("{{\"pid\": {pid}, \"createdAt\": \"2026-11-22T16:52:06.000Z\", \"starttime\": {start}}}")
    }

    #[test]
    fn a_write_waits_while_openclaw_writes() {
        let home = Home::new();
        home.held_by(&own());
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| home.write());
            std::thread::sleep(Duration::from_millis(150));
            assert!(!home.is_written());
            // What it wrote in the meantime is not written over.
            fs::write(home.config(), "{theirs: 1}").expect("a config");
            fs::remove_file(home.lock()).expect("the lock");
            let error = writer.join().expect("no panic").expect_err("changed");
            assert_eq!(error.kind(), Kind::Changed);
        });
        assert_eq!(fs::read(home.config()).expect("readable"), b"{theirs: 1}");
        assert!(!home.lock().exists());
    }

    #[test]
    fn who_waits_without_a_claim_goes_on_once_the_lock_is_gone_and_learns_where_it_stays() {
        let home = Home::new();
        assert!(!is_claimed(&home.config()));
        home.held_by(&own());
        assert!(is_claimed(&home.config()));
        let error = wait_until_free(&home.config()).expect_err("held");
        assert!(error.kind() == Kind::Busy && error.to_string() == format!("{} Nothing was changed.", home.refused()));
        std::thread::scope(|scope| {
            let waiter = scope.spawn(|| wait_until_free(&home.config()));
            std::thread::sleep(Duration::from_millis(100));
            assert!(!waiter.is_finished());
            fs::remove_file(home.lock()).expect("the lock");
            waiter.join().expect("no panic").expect("free");
        });
        assert!(!home.lock().exists(), "nothing is claimed");
    }

    #[test]
    fn the_lock_names_this_process_while_it_stands_and_goes_after_a_write_and_after_an_error() {
        let home = Home::new();
        let (folder, _) = Folder::open(home.0.path(), false).expect("a folder");
        let claim = Claim::take(&folder, OsStr::new("openclaw.json"), None).expect("free");
        let held = read(&home.lock()).expect("readable").expect("there");
        assert!(!is_gone(&held) && held.mode == 0o600);
        assert!(home.refused().contains("openclaw.json.lock"), "{}", home.refused());
        drop(claim);
        assert!(!home.lock().exists());
        home.write().expect("written");
        assert!(home.is_written() && !home.lock().exists());
        let stale = Read { bytes: b"{b: 1}".to_vec(), mode: 0o644, uid: 0, gid: 0 };
        assert!(write(&home.config(), Some(&stale), b"{}", KEEP).is_err());
        assert!(!home.lock().exists());
    }

    #[test]
    fn a_lock_of_a_process_that_is_gone_counts_for_nothing() {
        for holder in [
            "{\"pid\": 2000000000, \"createdAt\": \"2026-11-22T16:52:06.000Z\"}".to_owned(),
            own().replace("\"starttime\": ", "\"starttime\": 9"),
        ] {
            let home = Home::new();
            home.held_by(&holder);
            home.write().expect("written");
            assert!(home.is_written() && !home.lock().exists(), "{holder}");
        }
    }

    #[test]
    fn a_lock_that_names_no_process_counts_for_nothing_once_it_is_old() {
        for holder in [
            "{\"createdAt\": \"2026-11-22T16:52:06.000Z\"}",
            "{\"pid\": 0, \"createdAt\": \"2026-11-22T16:52:06.000Z\"}",
            "{\"pid\": \"12\", \"createdAt\": \"2026-11-22T16:52:06.000Z\"}\n\t \t\n",
            "{\"createdAt\": \"some time ago\"}",
        ] {
            let home = Home::new();
            home.held_by(holder);
            home.write().expect("written");
            assert!(home.is_written() && !home.lock().exists(), "{holder}");
        }
        assert!(!is_stale(&ago(0)) && !is_stale(&ago(20)));
        assert!(is_stale(&ago(40)));
    }

    #[test]
    fn a_lock_that_says_neither_whose_nor_how_old_it_is_is_held_and_a_link_is_not_followed() {
        let fresh = format!("{{\"createdAt\": \"{}\"}}", ago(-60));
        let own = own().replace("2026-11-22T16:52:06.000Z", "long ago");
        let unsure = ["", "{}", "[]", "{\"pid\": \"12\"}", "{\"pid\": 0}", "{\"pid\": -1}", "{\"createdAt\": \"\"}"];
        for holder in unsure.into_iter().chain([fresh.as_str(), own.as_str()]) {
            let home = Home::new();
            home.held_by(holder);
            assert!(home.refused().contains("openclaw.json.lock"), "{holder}");
            assert_eq!(fs::read_to_string(home.lock()).expect("there"), holder);
        }
        let home = Home::new();
        symlink("openclaw.json", home.lock()).expect("a link");
        assert!(!home.refused().is_empty() && home.lock().is_symlink());
    }
}

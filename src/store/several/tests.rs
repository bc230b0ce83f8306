use super::*;
use crate::store::{KEEP, backups, read, restore};
use std::fs;
use tempfile::TempDir;

const NAMES: [&str; 3] = ["openclaw.json", "parts/a.json", "b.json"];

/// A config and two files that it draws in, each with its old content.
struct Home(TempDir);

impl Home {
    fn new() -> Self {
        let home = Home(tempfile::tempdir().expect("a folder"));
        fs::create_dir(home.path("parts")).expect("a folder");
        NAMES.iter().for_each(|name| home.put(name, "old"));
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().expect("a folder").join(name)
    }

    fn put(&self, name: &str, when: &str) {
        fs::write(self.path(name), format!("{when} {name}")).expect("written");
        fs::set_permissions(self.path(name), std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("a mode");
    }

    /// Is `old`, `new` or `else` of each file, in the order of the names.
    fn states(&self) -> Vec<String> {
        let word = |name: &&str| fs::read_to_string(self.path(name)).expect("there");
        NAMES.iter().map(word).map(|text| text.split(' ').next().unwrap_or_default().to_owned()).collect()
    }

    /// Is the names of all files that are not the config's.
    fn others(&self) -> Vec<String> {
        let mut names = Vec::new();
        for folder in ["", "parts"] {
            let listed = fs::read_dir(self.path(folder)).expect("a folder");
            names.extend(listed.map(|entry| entry.expect("an entry").path().display().to_string()));
        }
        let is_own = |path: &String| NAMES.iter().any(|name| self.path(name).display().to_string() == *path);
        names.retain(|path| !is_own(path) && !path.ends_with("/parts"));
        names.sort();
        names
    }

    /// Writes the files whose position is in `which`; the others are watched.
    fn write_some<T>(&self, which: &[usize], act: impl FnOnce(&[Part<'_>]) -> T) -> T {
        let paths = NAMES.map(|name| self.path(name));
        let reads = paths.each_ref().map(|path| read(path).expect("readable"));
        let new = NAMES.map(|name| format!("new {name}"));
        let part = |n: usize| Part {
            path: &paths[n],
            read: reads[n].as_ref(),
            bytes: which.contains(&n).then(|| new[n].as_bytes()),
        };
        act(&[part(0), part(1), part(2)])
    }

    fn write(&self, which: &[usize]) -> Written {
        self.write_some(which, |parts| write_all(parts, KEEP)).expect("written")
    }

    /// Leaves everything as a kill after `replaced` of the three files does.
    fn killed_after(&self, which: &[usize], replaced: usize) {
        self.write_some(which, |parts| {
            let several = Several::lock(parts).expect("folders");
            let locks = several.folders.lock().expect("locks");
            let changed: Vec<(Part<'_>, &[u8])> = parts.iter().filter_map(|part| Some((*part, part.bytes?))).collect();
            let mut begun = several.begin(&changed).expect("begun");
            begun.steps[..replaced].iter_mut().for_each(|step| step.replace().expect("replaced"));
            // A killed process cleans nothing up.
            std::mem::forget(begun);
            drop(locks);
        });
    }

    fn mend(&self) -> Option<Half> {
        let config = self.path(NAMES[0]);
        let journal = unfinished(&config).expect("a folder")?;
        assert_eq!(
            fs::metadata(&journal).map(|file| std::os::unix::fs::MetadataExt::mode(&file) & 0o777).ok(),
            Some(0o600)
        );
        Some(mend(&config, &journal).expect("mended"))
    }
}

#[test]
fn several_files_are_written_together_and_restored_together() {
    let home = Home::new();
    let written = home.write(&[0, 1]);
    assert_eq!(home.states(), ["new", "new", "old"]);
    assert_eq!(written.others.len(), 1);
    let config = home.path(NAMES[0]);
    let current = read(&config).expect("readable");
    let restored = restore(&config, current.as_ref(), &written.backup.expect("a backup")).expect("restored");
    assert_eq!(home.states(), ["old", "old", "old"]);
    let current = read(&config).expect("readable");
    restore(&config, current.as_ref(), &restored.backup.expect("a backup")).expect("restored");
    assert_eq!(home.states(), ["new", "new", "old"]);
}

#[test]
fn where_an_included_file_alone_changes_the_configs_backup_stands_for_it() {
    let home = Home::new();
    let written = home.write(&[2]);
    assert_eq!(home.states(), ["old", "old", "new"]);
    let config = home.path(NAMES[0]);
    let listed = backups(&config).expect("listed");
    assert_eq!(Some(&listed[0].path), written.backup.as_ref());
    let current = read(&config).expect("readable");
    restore(&config, current.as_ref(), &listed[0].path).expect("restored");
    assert_eq!(home.states(), ["old", "old", "old"]);
}

#[test]
fn the_config_alone_leaves_a_plain_backup() {
    let home = Home::new();
    let written = home.write(&[0]);
    assert_eq!(home.states(), ["new", "old", "old"]);
    assert_eq!(home.others(), [written.backup.expect("a backup").display().to_string()]);
}

#[test]
fn a_kill_at_any_point_leaves_what_the_next_start_finishes_or_undoes() {
    for which in [&[0, 1, 2][..], &[1, 2]] {
        for replaced in 0..=which.len() {
            let home = Home::new();
            home.killed_after(which, replaced);
            let half = home.mend();
            let states = home.states();
            if replaced == 0 {
                assert_eq!(half, Some(Half::Undone));
                assert_eq!((states, home.others()), (vec!["old".to_owned(); 3], Vec::new()));
            } else {
                assert_eq!(half, Some(Half::Finished));
                let is_new = |n: usize| if which.contains(&n) { "new" } else { "old" };
                assert_eq!(states, [is_new(0), is_new(1), is_new(2)], "{which:?} {replaced}");
                assert!(home.others().iter().all(|name| !name.ends_with(".tmp") && !name.ends_with(BEGUN)));
                let config = home.path(NAMES[0]);
                let newest = backups(&config).expect("listed").remove(0).path;
                restore(&config, read(&config).expect("readable").as_ref(), &newest).expect("restored");
                assert_eq!(home.states(), ["old", "old", "old"]);
            }
            assert_eq!(home.mend(), None);
        }
    }
}

#[test]
fn what_another_program_wrote_after_a_kill_stays_and_the_rest_goes_back() {
    let home = Home::new();
    home.killed_after(&[0, 1, 2], 2);
    home.put(NAMES[2], "else");
    assert_eq!(home.mend(), Some(Half::Undone));
    assert_eq!(home.states(), ["old", "old", "else"]);
}

#[test]
fn a_file_that_cannot_be_replaced_leaves_all_as_they_were() {
    let home = Home::new();
    let error = home.write_some(&[0, 1, 2], |parts| {
        let several = Several::lock(parts).expect("folders");
        let _locks = several.folders.lock().expect("locks");
        let changed: Vec<(Part<'_>, &[u8])> = parts.iter().filter_map(|part| Some((*part, part.bytes?))).collect();
        let begun = several.begin(&changed).expect("begun");
        // Another program comes in between, at the last file.
        home.put(NAMES[2], "else");
        begun.run(KEEP).expect_err("refused")
    });
    assert_eq!(error.kind(), Kind::Changed);
    assert_eq!(home.states(), ["old", "old", "else"]);
    assert_eq!(home.others(), [] as [&str; 0]);
}

#[test]
fn a_change_of_a_file_that_is_only_watched_is_seen() {
    let home = Home::new();
    let error = home.write_some(&[0, 1], |parts| {
        home.put(NAMES[2], "else");
        write_all(parts, KEEP).expect_err("refused")
    });
    assert_eq!(error.kind(), Kind::Changed);
    assert_eq!(home.states(), ["old", "old", "else"]);
    assert_eq!(home.others(), [] as [&str; 0]);
}

#[test]
fn old_backups_go_with_the_list_of_what_belongs_to_them() {
    let home = Home::new();
    for _ in 0..3 {
        NAMES.iter().for_each(|name| home.put(name, "old"));
        home.write_some(&[0, 1], |parts| write_all(parts, 1)).expect("written");
    }
    assert_eq!(home.others().len(), 3, "{:?}", home.others());
}

#[test]
fn a_journal_that_leads_out_or_makes_no_sense_is_left_alone() {
    let home = Home::new();
    let journal = home.path("openclaw.json.harden-20261122-165206.begun");
    for text in ["", "{}", r#"{"files": [{"path": "../x", "backup": "b", "draft": "d", "new": "n"}]}"#] {
        fs::write(&journal, text).expect("written");
        let config = home.path(NAMES[0]);
        assert_eq!(unfinished(&config).expect("a folder").as_ref(), Some(&journal));
        let error = mend(&config, &journal).expect_err("refused");
        assert!(error.to_string().contains("cannot be understood"), "{error}");
        assert!(journal.exists());
    }
}

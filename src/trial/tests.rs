use super::*;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

const MINUTE: Duration = Duration::from_secs(60);

/// A config in one folder, the trials in another.
struct Stage {
    home: TempDir,
    trials: Trials,
}

fn at(seconds: u64) -> Moment {
    Moment { wall: seconds, boot: Some(("boot".to_owned(), seconds * 1000)) }
}

impl Stage {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let trials = Trials::open(&home.path().join("own")).expect("a folder of ours");
        Stage { home, trials }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn put(&self, name: &str, text: &str, mode: u32) {
        fs::write(self.path(name), text).expect("written");
        fs::set_permissions(self.path(name), Permissions::from_mode(mode)).expect("a mode");
    }

    /// Begins a trial at second 100 and makes its write, for one minute.
    fn write(&self, files: &[(&str, &str)]) -> Trial {
        let before: Vec<Option<Read>> =
            files.iter().map(|(name, _)| store::read(&self.path(name)).expect("read")).collect();
        let paths: Vec<PathBuf> = files.iter().map(|(name, _)| self.path(name)).collect();
        let list: Vec<Written> = (0..files.len())
            .map(|n| Written { path: &paths[n], before: before[n].as_ref(), after: files[n].1.as_bytes() })
            .collect();
        let trial = self.trials.begin(&paths[0], &list, MINUTE, &at(100), None).expect("begun");
        for file in &list {
            store::write(file.path, file.before, file.after, 5).expect("written");
        }
        trial
    }

    fn text(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.path(name)).ok()
    }

    fn mode(&self, name: &str) -> u32 {
        fs::metadata(self.path(name)).expect("there").permissions().mode() & 0o777
    }
}

#[test]
fn what_is_not_confirmed_goes_back_with_its_mode_and_what_was_written_is_kept() {
    let stage = Stage::new();
    stage.put("openclaw.json", "old", 0o640);
    let trial = stage.write(&[("openclaw.json", "new")]);
    assert_eq!((stage.text("openclaw.json").as_deref(), stage.mode("openclaw.json")), (Some("new"), 0o600));
    assert_eq!(trial.fate(&at(130)).expect("a fate"), Fate::Waiting(Duration::from_secs(30)));
    assert_eq!(trial.give_back(&at(160), false).expect("given back"), Fate::Returned);
    assert_eq!((stage.text("openclaw.json").as_deref(), stage.mode("openclaw.json")), (Some("old"), 0o640));
    let backups = store::backups(&stage.path("openclaw.json")).expect("listed");
    assert!(backups.iter().any(|backup| fs::read_to_string(&backup.path).expect("read") == "new"));
    assert_eq!(trial.folder.read("0").expect("read"), None, "the old content stays in the record");
}

#[test]
fn a_file_that_was_not_there_goes_away_again() {
    let stage = Stage::new();
    let trial = stage.write(&[("openclaw.json", "new")]);
    assert_eq!(trial.give_back(&at(160), false).expect("given back"), Fate::Returned);
    assert_eq!(stage.text("openclaw.json"), None);
}

#[test]
fn while_another_program_writes_it_waits_and_a_lock_that_stays_keeps_nobody_locked_out() {
    for removes_lock in [true, false] {
        let stage = Stage::new();
        stage.put("openclaw.json", "old", 0o600);
        let trial = stage.write(&[("openclaw.json", "new")]);
        stage.put("openclaw.json.lock", "", 0o600);
        let error = trial.give_back(&at(160), false).expect_err("it waits");
        assert_eq!(error.kind(), Kind::Busy);
        assert_eq!(trial.fate(&at(160)).expect("a fate"), Fate::Waiting(Duration::ZERO));
        assert_eq!(stage.text("openclaw.json").as_deref(), Some("new"));
        if removes_lock {
            fs::remove_file(stage.path("openclaw.json.lock")).expect("gone");
        }
        assert_eq!(trial.give_back(&at(161), !removes_lock).expect("given back"), Fate::Returned);
        assert_eq!(stage.text("openclaw.json").as_deref(), Some("old"));
    }
}

#[test]
fn several_files_go_back_together_or_not_at_all() {
    let stage = Stage::new();
    stage.put("openclaw.json", "old", 0o600);
    stage.put("agents.json", "old agents", 0o600);
    let trial = stage.write(&[("openclaw.json", "new"), ("agents.json", "new agents")]);
    stage.put("agents.json", "another hand", 0o600);
    let fate = trial.give_back(&at(160), false).expect("decided");
    assert!(
        matches!(&fate, Fate::Stopped(why) if why.contains("agents.json is no longer as it was written")),
        "{fate:?}"
    );
    assert_eq!(stage.text("openclaw.json").as_deref(), Some("new"));
    assert_eq!(stage.text("agents.json").as_deref(), Some("another hand"));
    assert_eq!(trial.folder.read("0").expect("read").as_deref(), Some(b"old".as_slice()));

    let stage = Stage::new();
    stage.put("openclaw.json", "old", 0o600);
    stage.put("agents.json", "old agents", 0o600);
    let trial = stage.write(&[("openclaw.json", "new"), ("agents.json", "new agents")]);
    assert_eq!(trial.give_back(&at(160), false).expect("given back"), Fate::Returned);
    assert_eq!(
        (stage.text("openclaw.json").as_deref(), stage.text("agents.json").as_deref()),
        (Some("old"), Some("old agents"))
    );
}

#[test]
fn what_is_confirmed_in_time_stays() {
    let stage = Stage::new();
    stage.put("openclaw.json", "old", 0o600);
    let trial = stage.write(&[("openclaw.json", "new")]);
    let proved = Fate::Confirmed(Some("127.0.0.1:18789".to_owned()));
    assert_eq!(trial.confirm(Some("127.0.0.1:18789".to_owned()), &at(159)).expect("confirmed"), proved);
    assert_eq!(trial.give_back(&at(160), false).expect("asked"), proved);
    assert_eq!(stage.text("openclaw.json").as_deref(), Some("new"));
    assert_eq!(trial.folder.read("0").expect("read"), None, "the old content stays in the record");
}

#[test]
fn what_is_confirmed_too_late_goes_back() {
    let stage = Stage::new();
    stage.put("openclaw.json", "old", 0o600);
    let trial = stage.write(&[("openclaw.json", "new")]);
    assert_eq!(trial.confirm(None, &at(160)).expect("asked"), Fate::Waiting(Duration::ZERO));
    assert_eq!(trial.give_back(&at(161), false).expect("given back"), Fate::Returned);
    assert_eq!(trial.confirm(None, &at(150)).expect("asked"), Fate::Returned);
}

#[test]
fn a_return_that_was_interrupted_is_finished() {
    let stage = Stage::new();
    stage.put("openclaw.json", "old", 0o600);
    stage.put("agents.json", "old agents", 0o600);
    let trial = stage.write(&[("openclaw.json", "new"), ("agents.json", "new agents")]);
    trial.decide(&Decision::Return).expect("decided");
    stage.put("openclaw.json", "old", 0o600);
    assert_eq!(trial.fate(&at(170)).expect("a fate"), Fate::Waiting(Duration::ZERO));
    assert_eq!(trial.give_back(&at(180), false).expect("given back"), Fate::Returned);
    assert_eq!(stage.text("agents.json").as_deref(), Some("old agents"));
}

#[test]
fn a_write_that_never_came_is_not_taken_back() {
    let stage = Stage::new();
    stage.put("openclaw.json", "old", 0o644);
    let read = store::read(&stage.path("openclaw.json")).expect("read");
    let path = stage.path("openclaw.json");
    let file = Written { path: &path, before: read.as_ref(), after: b"new" };
    let trial = stage.trials.begin(&path, &[file], MINUTE, &at(100), None).expect("begun");
    assert_eq!(trial.give_back(&at(160), false).expect("given back"), Fate::Returned);
    assert_eq!((stage.text("openclaw.json").as_deref(), stage.mode("openclaw.json")), (Some("old"), 0o644));
}

#[test]
fn a_mode_alone_goes_back() {
    let stage = Stage::new();
    stage.put("openclaw.json", "same", 0o644);
    let trial = stage.write(&[("openclaw.json", "same")]);
    assert_eq!(stage.mode("openclaw.json"), 0o600);
    assert_eq!(trial.give_back(&at(160), false).expect("given back"), Fate::Returned);
    assert_eq!(stage.mode("openclaw.json"), 0o644);
}

#[test]
fn one_config_has_one_trial_at_a_time_and_others_have_their_own() {
    let stage = Stage::new();
    stage.put("openclaw.json", "old", 0o600);
    stage.put("other.json", "old", 0o600);
    let first = stage.write(&[("openclaw.json", "new")]);
    let path = stage.path("openclaw.json");
    let again = stage.trials.begin(&path, &[], MINUTE, &at(110), None);
    assert!(again.err().expect("refused").to_string().contains("still on trial"));
    let other = stage.write(&[("other.json", "new")]);
    assert_ne!(first.path(), other.path());
    assert_eq!(first.give_back(&at(160), false).expect("given back"), Fate::Returned);
    assert_eq!(stage.text("other.json").as_deref(), Some("new"));
    stage.trials.begin(&path, &[], MINUTE, &at(170), None).expect("the first is over");
}

#[test]
fn the_last_trial_is_found_again_and_old_ones_are_forgotten() {
    let stage = Stage::new();
    let path = stage.path("openclaw.json");
    for n in 0..15 {
        let trial = stage.trials.begin(&path, &[], MINUTE, &at(100 + n), None).expect("begun");
        trial.confirm(None, &at(101 + n)).expect("confirmed");
    }
    assert_eq!(stage.trials.folder.names().expect("listed").len(), REMEMBERED);
    let last = stage.trials.last(&path).expect("read").expect("there");
    assert_eq!(last.record.deadline, Deadline::after(&at(114), MINUTE));
}

//! A real log and real state databases, read through the whole program. What is expected was counted by hand.

use crate::support::shared;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Home(tempfile::tempdir().expect("a folder"));
        fs::create_dir_all(home.state().join("state")).expect("folders");
        fs::write(home.state().join("openclaw.json"), r#"{"gateway": {"mode": "local"}}"#).expect("a config");
        home
    }

    fn state(&self) -> PathBuf {
        self.0.path().join(".openclaw")
    }

    fn with_database(samples: &Path, name: &str) -> Self {
        let home = Home::new();
        let bytes = fs::read(samples.join(name)).expect("a sample");
        fs::write(home.state().join("state/openclaw.sqlite"), bytes).expect("a database");
        home
    }

    fn json(&self, words: &[&str]) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_openclaw-harden"))
            .args(words)
            .args(["--format", "json", "--read-only", "--engine", "none"])
            .env_clear()
            .env("HOME", self.0.path())
            .output()
            .expect("it runs");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}: {output:?}"))
    }

    fn row(&self, words: &[&str], id: &str) -> Value {
        let checkup = self.json(words);
        let row = checkup["rows"].as_array().and_then(|rows| rows.iter().find(|row| row["id"] == id));
        row.unwrap_or_else(|| panic!("no {id} in {checkup:#}")).clone()
    }

    /// Whether the database is alone in its folder.
    fn is_clean(&self) -> bool {
        fs::read_dir(self.state().join("state")).expect("a folder").count() == 1
    }
}

fn samples() -> Option<PathBuf> {
    let folder = shared()?.join("openclaw/samples");
    if !folder.is_dir() {
        eprintln!("{} is not there: nothing is tested", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn a_real_log_is_read_whole() {
    let Some(samples) = samples() else { return };
    let home = Home::new();
    let log = samples.join("gateway.log").display().to_string();
    let row = |id| home.row(&["checkup", "--log", &log], id);
    let refused = row("log.addresses")["evidence"].to_string();
    assert!(refused.contains("127.0.0.1: refused 2x (pairing-required 1, unauthorized 1)"), "{refused}");
    let rejected = row("log.reload_rejected");
    assert_eq!(rejected["state"], "attention");
    assert!(rejected["evidence"].to_string().contains("bogus"), "{rejected}");
    let approved = row("log.auto_approved")["evidence"].to_string();
    assert!(approved.contains("d978f4c1d4ee42c0c1165bae9259fa151df8802cd5f3e908480420840f4666fc"), "{approved}");
}

#[test]
fn a_real_database_of_devices_is_read_and_left_alone() {
    let Some(samples) = samples() else { return };
    let home = Home::with_database(&samples, "state-devices.sqlite");
    let row = |id| home.row(&["checkup"], id);
    let silent = row("access.silent_admin");
    assert_eq!(silent["state"], "attention");
    assert!(silent["evidence"].to_string().contains("probe-laptop (cli), from loopback, silent"), "{silent}");
    assert!(row("access.pending_devices")["evidence"].to_string().contains("203.0.113.9"));
    assert_eq!(row("access.senders")["state"], "ok");
    assert!(home.is_clean());
}

#[test]
fn a_real_database_of_senders_is_read_and_left_alone() {
    let Some(samples) = samples() else { return };
    let home = Home::with_database(&samples, "state-pairing.sqlite");
    let senders = home.row(&["checkup"], "access.senders")["evidence"].to_string();
    assert!(senders.contains("telegram (default): 3333") && senders.contains("telegram (default): 4444"), "{senders}");
    let waiting = home.row(&["checkup"], "access.pending_senders")["evidence"].to_string();
    assert!(waiting.contains("telegram (default): 2222"), "{waiting}");
    assert!(home.is_clean());
}

#[test]
fn the_audit_takes_plugins_from_a_real_database() {
    let Some(samples) = samples() else { return };
    let home = Home::with_database(&samples, "state-pairing.sqlite");
    let audit = home.json(&["audit"]);
    let unpinned = audit["findings"].as_array().and_then(|findings| {
        findings.iter().find(|finding| finding["checkId"] == "plugins.installs_unpinned_npm_specs")
    });
    // The one record there is was asked for as "@openclaw/discord", without a version.
    assert!(unpinned.is_some_and(|finding| finding.to_string().contains("@openclaw/discord")), "{audit:#}");
    let not_made = audit["notMade"].as_array().expect("a list");
    assert!(!not_made.iter().any(|check| check["checkId"].as_str().is_some_and(|id| !id.starts_with("sandbox."))));
    assert!(home.is_clean());
}

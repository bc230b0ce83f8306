//! Writes on trial, with the whole program: what goes back, what stays, and what cannot stop the keeper.

use crate::gateway::{TOKEN, gateway};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(30);

/// A home with an installation of which elevated mode is open.
struct Home(TempDir);

impl Home {
    fn new(port: u16) -> Self {
        let home = Home(tempfile::tempdir().expect("a folder"));
        fs::create_dir(home.0.path().join(".openclaw")).expect("a folder");
        home.put(&Home::config(port), 0o640);
        home
    }

    fn config(port: u16) -> String {
        format!(
            "// mine\n{{ gateway: {{ mode: 'local', port: {port}, auth: {{ mode: 'token', token: '{TOKEN}' }} }}, tools: {{ elevated: {{ enabled: true }} }} }}\n"
        )
    }

    fn path(&self) -> PathBuf {
        self.0.path().join(".openclaw/openclaw.json")
    }

    fn put(&self, text: &str, mode: u32) {
        fs::write(self.path(), text).expect("written");
        fs::set_permissions(self.path(), Permissions::from_mode(mode)).expect("a mode");
    }

    fn text(&self) -> String {
        fs::read_to_string(self.path()).expect("read")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_openclaw-harden"));
        command.env_clear().env("HOME", self.0.path()).current_dir(self.0.path()).args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the program runs")
    }

    /// Hardens it on trial.
    fn apply(&self, within: &str) -> Value {
        let ran = self.run(&["apply", "--yes", "--confirm-within", within, "--format", "json"]);
        serde_json::from_slice(&ran.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&ran.stderr)))
    }

    fn until(&self, is: impl Fn(&str) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is(&self.text()) {
            assert!(Instant::now() < end, "{}", self.text());
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn trial(&self) -> PathBuf {
        let trials = self.0.path().join(".local/state/openclaw-harden/trials");
        let mut found: Vec<PathBuf> =
            fs::read_dir(trials).expect("the trials").map(|entry| entry.expect("an entry").path()).collect();
        found.sort();
        found.pop().expect("a trial")
    }

    /// Is the process that keeps the time of the last trial.
    fn keeper(&self) -> Pid {
        let trial = self.trial();
        let trial = trial.to_str().expect("a name");
        let end = Instant::now() + PATIENCE;
        // On a busy machine it may not have become itself yet.
        while Instant::now() < end {
            for entry in fs::read_dir("/proc").expect("processes").flatten() {
                let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
                let is_keeper = String::from_utf8_lossy(&command).split('\0').any(|part| part == trial);
                if let (true, Some(id)) = (is_keeper, entry.file_name().to_str().and_then(|id| id.parse().ok())) {
                    return Pid::from_raw(id).expect("an id");
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("nobody keeps {trial}")
    }
}

fn stderr(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stderr).into_owned()
}

fn stdout(ran: &Output) -> String {
    String::from_utf8_lossy(&ran.stdout).into_owned()
}

/// A port where nothing listens.
fn silence() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

#[test]
fn unconfirmed_all_goes_back_with_its_mode_and_only_the_keeper_does_it() {
    let home = Home::new(silence());
    let before = home.text();
    let applied = home.apply("2s");
    assert_eq!(applied["trial"]["keeper"], "process");
    assert_eq!(applied["changed"], true);
    assert_ne!(home.text(), before);
    home.until(|text| text == before);
    let mode = fs::metadata(home.path()).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode, 0o640);
    let late = home.run(&["confirm", "--without-proof"]);
    assert_eq!(late.status.code(), Some(2));
    assert!(stderr(&late).starts_with("Too late"), "{}", stderr(&late));
}

#[test]
fn a_gateway_that_cannot_be_reached_proves_nothing_and_a_flag_confirms_all_the_same() {
    let home = Home::new(silence());
    home.apply("4s");
    let refused = home.run(&["confirm"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("Nothing answers at 127.0.0.1"), "{}", stderr(&refused));
    let home = Home::new(silence());
    home.apply("3s");
    let confirmed = home.run(&["confirm", "--without-proof"]);
    assert!(stdout(&confirmed).starts_with("Confirmed without proof"), "{}", stderr(&confirmed));
    let record = fs::read_to_string(home.trial().join("decision")).expect("the decision");
    assert_eq!(record, r#"{"confirmed":{"proof":null}}"#);
    std::thread::sleep(Duration::from_secs(4));
    assert!(!home.text().contains("enabled: true"), "{}", home.text());
}

#[test]
fn a_gateway_that_lets_us_in_with_the_new_config_proves_it() {
    let revision = std::sync::Arc::new(std::sync::Mutex::new(None::<PathBuf>));
    let shared = revision.clone();
    // It changes with the config, as the file's length does.
    let port = gateway(move || {
        let path = shared.lock().expect("no panic").clone()?;
        fs::metadata(path).ok().map(|file| file.len().to_string())
    });
    let home = Home::new(port);
    *revision.lock().expect("no panic") = Some(home.path());
    home.apply("20s");
    let written = home.text();
    let confirmed = home.run(&["confirm", "--format", "json"]);
    let said: Value = serde_json::from_slice(&confirmed.stdout).unwrap_or_else(|_| panic!("{}", stderr(&confirmed)));
    assert_eq!(
        (said["state"].as_str(), said["proof"].as_str()),
        (Some("confirmed"), Some(&*format!("127.0.0.1:{port}")))
    );
    assert_eq!(home.text(), written);
    let again = home.run(&["confirm"]);
    assert!(stdout(&again).starts_with("Confirmed: the gateway"), "{}", stderr(&again));
    let names: Vec<String> = fs::read_dir(home.trial())
        .expect("the trial")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    assert!(!names.contains(&"0".to_owned()), "what stood before stays: {names:?}");
}

#[test]
fn a_gateway_that_still_runs_the_old_config_proves_nothing() {
    let port = gateway(|| Some("1".to_owned()));
    let home = Home::new(port);
    home.apply("3s");
    let refused = home.run(&["confirm"]);
    assert!(stderr(&refused).contains("still runs the config from before"), "{}", stderr(&refused));
}

#[test]
fn what_was_changed_meanwhile_is_not_touched() {
    let home = Home::new(silence());
    home.apply("2s");
    home.put("{ tools: { deny: ['exec'] } }\n", 0o600);
    let end = Instant::now() + PATIENCE;
    while !home.trial().join("result").exists() {
        assert!(Instant::now() < end, "nobody acts");
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(home.text(), "{ tools: { deny: ['exec'] } }\n");
    let said = home.run(&["confirm"]);
    assert_eq!(said.status.code(), Some(2));
    assert!(stderr(&said).contains("is no longer as it was written"), "{}", stderr(&said));
    assert!(fs::read_to_string(home.trial().join("0")).expect("kept").contains("// mine"));
}

#[test]
fn a_second_write_waits_for_the_first() {
    let home = Home::new(silence());
    home.apply("30s");
    let second = home.run(&["apply", "--posture", "public", "--yes", "--confirm-within", "30s"]);
    assert_eq!(second.status.code(), Some(2));
    assert!(stderr(&second).contains("still on trial"), "{}", stderr(&second));
    let plain = home.run(&["apply", "--posture", "public", "--yes"]);
    assert!(stderr(&plain).contains("still on trial"), "{}", stderr(&plain));
    let undone = home.run(&["confirm", "--undo"]);
    assert!(stdout(&undone).starts_with("It went back"), "{}", stderr(&undone));
    home.until(|text| text.contains("enabled: true"));
    home.apply("1s");
}

#[test]
fn a_keeper_that_is_ended_takes_the_write_back_at_once_and_one_that_is_killed_leaves_it_to_confirm() {
    let home = Home::new(silence());
    let before = home.text();
    home.apply("600s");
    kill_process(home.keeper(), Signal::TERM).expect("ended");
    home.until(|text| text == before);

    let home = Home::new(silence());
    home.apply("1s");
    kill_process(home.keeper(), Signal::KILL).expect("killed");
    std::thread::sleep(Duration::from_millis(1500));
    assert_ne!(home.text(), before);
    let late = home.run(&["confirm", "--without-proof"]);
    assert!(stderr(&late).starts_with("Too late"), "{}", stderr(&late));
    assert!(home.text().contains("enabled: true"), "{}", home.text());
}

#[test]
fn a_time_that_is_none_is_refused_before_anything_is_written() {
    let home = Home::new(silence());
    let before = home.text();
    let ran = home.run(&["apply", "--yes", "--confirm-within", "soon"]);
    assert_eq!((ran.status.code(), home.text()), (Some(2), before));
}

#[test]
fn a_state_folder_of_another_kind_keeps_the_write_from_being_made() {
    let home = Home::new(silence());
    let before = home.text();
    let own = home.0.path().join(".local/state/openclaw-harden");
    fs::create_dir_all(&own).expect("a folder");
    fs::create_dir(own.join("trials")).expect("a folder");
    fs::set_permissions(own.join("trials"), Permissions::from_mode(0o777)).expect("a mode");
    let ran = home.run(&["apply", "--yes", "--confirm-within", "10s"]);
    assert_eq!((ran.status.code(), home.text()), (Some(2), before));
    assert!(stderr(&ran).contains("is not yours alone"), "{}", stderr(&ran));
}

#[test]
fn where_only_the_mode_closes_apply_says_so() {
    let home = Home::new(silence());
    assert_eq!(home.run(&["apply", "--yes"]).status.code(), Some(0));
    fs::set_permissions(home.path(), Permissions::from_mode(0o644)).expect("a mode");
    let ran = home.run(&["apply", "--yes"]);
    assert!(stdout(&ran).contains("Changed, 1 in all:") && stdout(&ran).contains("0644 -> 0600"), "{}", stdout(&ran));
    assert!(!stdout(&ran).contains("Nothing to change"), "{}", stdout(&ran));
}

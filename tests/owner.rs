//! Root on another user's files: the program goes on as that user. Needs root; skipped with a word elsewhere.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::{Command, Output};

/// A number that no user has.
const SOMEBODY: u32 = 54321;

fn is_root() -> bool {
    let is_root = rustix::process::geteuid().is_root();
    if !is_root {
        eprintln!("skipped: this needs root");
    }
    is_root
}

fn write(path: &Path, text: &str, mode: u32) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("a mode");
}

fn give_away(path: &Path) {
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.symlink_metadata().is_ok_and(|about| about.is_dir()) {
            give_away(&path);
        } else if !path.is_symlink() {
            chown(&path, Some(SOMEBODY), Some(SOMEBODY)).expect("another owner");
        }
    }
    chown(path, Some(SOMEBODY), Some(SOMEBODY)).expect("another owner");
}

/// Is the home of somebody with an open config, and an `openclaw` that tells that it was started.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().expect("a folder");
    let at = |path: &str| home.path().join(path);
    write(&at(".openclaw/openclaw.json"), "{ gateway: { mode: \"local\", bind: \"lan\" } }\n", 0o600);
    write(
        &at("bin/openclaw"),
        &format!("#!/bin/sh\ntouch {}\necho OpenClaw 2026.3.7\n", at("started").display()),
        0o755,
    );
    give_away(home.path());
    home
}

fn run(home: &Path, args: &[&str]) -> Output {
    let path = format!("{}:/usr/bin:/bin", home.join("bin").display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_openclaw-harden"));
    command.env_clear().env("HOME", home).env("PATH", path).env("DOCKER_HOST", "tcp://127.0.0.1:1");
    command.current_dir("/").args(["--engine", "none", "--lang", "en"]).args(args).output().expect("it runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn another_users_config_is_written_as_that_user() {
    if !is_root() {
        return;
    }
    let home = home();
    let ran = run(home.path(), &["apply", "--yes"]);
    assert_eq!(ran.status.code(), Some(0), "{}", said(&ran));
    assert!(said(&ran).contains("Working as uid 54321"), "{}", said(&ran));
    for entry in fs::read_dir(home.path().join(".openclaw")).expect("a folder").flatten() {
        let about = entry.metadata().expect("a file");
        assert_eq!((about.uid(), about.gid()), (SOMEBODY, SOMEBODY), "{}", entry.path().display());
    }
}

#[test]
fn what_only_root_may_read_stays_unread_behind_a_link_of_that_user() {
    if !is_root() {
        return;
    }
    let (home, secret) = (home(), tempfile::tempdir().expect("a folder"));
    let file = secret.path().join("root.json");
    write(&file, "{ gateway: { mode: \"local\", bnid: \"a-secret-of-root\" } }\n", 0o600);
    let config = home.path().join(".openclaw/openclaw.json");
    fs::remove_file(&config).expect("the config");
    symlink(&file, &config).expect("a link");
    let ran = run(home.path(), &["audit", "--format", "json"]);
    assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
    assert!(!said(&ran).contains("a-secret-of-root") && !String::from_utf8_lossy(&ran.stdout).contains("bnid"));
}

#[test]
fn nothing_of_that_users_path_is_started() {
    if !is_root() {
        return;
    }
    let home = home();
    let ran = run(home.path(), &["audit", "--ask-openclaw"]);
    assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
    assert!(said(&ran).contains("no openclaw on PATH"), "{}", said(&ran));
    assert!(!home.path().join("started").exists());
}

#[test]
fn files_of_several_users_are_refused() {
    if !is_root() {
        return;
    }
    let (home, own) = (home(), tempfile::tempdir().expect("a folder"));
    let roots = own.path().join("openclaw.json");
    write(&roots, "{}\n", 0o600);
    let theirs = home.path().join(".openclaw/openclaw.json").display().to_string();
    let ran = run(home.path(), &["audit", &theirs, &roots.display().to_string()]);
    assert_eq!(ran.status.code(), Some(2), "{}", said(&ran));
    assert!(said(&ran).contains("another user"), "{}", said(&ran));
}

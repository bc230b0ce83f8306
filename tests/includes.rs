//! Configs in several files, through the program: findings name their file, the diff shows each, and an interrupted write is ended.

use serde_json::{Value, json};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output};

const ROOT: &str =
    "{\n  \"gateway\": { \"mode\": \"local\" },\n  \"channels\": { \"$include\": \"./parts/channels.json5\" }\n}\n";
const CHANNELS: &str = "{\n  // everybody\n  telegram: {\n    dmPolicy: 'open', allowFrom: ['*'],\n    botToken: '123456:5ecret-5ecret-5ecret',\n  },\n}\n";

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Home(tempfile::tempdir().expect("a folder"));
        home.write("openclaw.json", ROOT);
        home.write("parts/channels.json5", CHANNELS);
        home
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().expect("a folder").join(".openclaw").join(name)
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, content).expect("a file");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("a mode");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_openclaw-harden"));
        command.env_clear().env("HOME", self.0.path().canonicalize().expect("a folder")).current_dir(self.0.path());
        command.args(args).args(["--engine", "docker", "--lang", "en"]).output().expect("it runs")
    }

    fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[args, &["--format", "json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }
}

#[test]
fn a_finding_names_the_file_and_line_that_show_it() {
    let home = Home::new();
    let audit = home.json(&["audit"]);
    let open = audit["findings"].as_array().unwrap().iter().find(|one| one["checkId"] == "harden.pairing.dm_open");
    let open = open.expect("the finding");
    assert_eq!(open["file"], json!(home.path("parts/channels.json5")));
    assert_eq!(open["line"], 4);
    let text = home.run(&["audit"]).stdout;
    assert!(String::from_utf8_lossy(&text).contains("channels.json5:4  channels.telegram.dmPolicy"));
    let sarif = String::from_utf8(home.run(&["audit", "--format", "sarif"]).stdout).unwrap();
    assert!(sarif.contains("parts/channels.json5\""));
    let named = home.json(&["audit", ".openclaw/openclaw.json"]);
    let open = named["findings"].as_array().unwrap().iter().find(|one| one["checkId"] == "harden.pairing.dm_open");
    assert_eq!(open.expect("the finding")["file"], ".openclaw/parts/channels.json5");
}

#[test]
fn the_diff_shows_each_file_and_no_secret() {
    let home = Home::new();
    let applied = home.json(&["apply", "--yes", "--dry-run"]);
    let diff = applied["diff"].as_str().unwrap();
    assert!(diff.contains(&format!("+++ {}\n", home.path("openclaw.json").display())), "{diff}");
    assert!(diff.contains(&format!("+++ {}\n", home.path("parts/channels.json5").display())), "{diff}");
    assert!(diff.contains("+    dmPolicy: 'pairing'") && !diff.contains("5ecret"), "{diff}");
    assert_eq!((home.read("openclaw.json").as_str(), home.read("parts/channels.json5").as_str()), (ROOT, CHANNELS));
}

#[test]
fn all_files_are_written_and_all_come_back() {
    let home = Home::new();
    let applied = home.json(&["apply", "--yes"]);
    assert_eq!(applied["others"][0]["path"], json!(home.path("parts/channels.json5")));
    assert!(home.read("parts/channels.json5").contains("// everybody"));
    assert!(home.read("parts/channels.json5").contains("dmPolicy: 'pairing'"));
    assert_eq!(home.json(&["apply", "--yes"])["changed"], false);
    let restored = home.json(&["restore", "--yes"]);
    assert!(restored["reopens"].as_array().unwrap().iter().any(|one| one["checkId"] == "harden.pairing.dm_open"));
    assert_eq!((home.read("openclaw.json").as_str(), home.read("parts/channels.json5").as_str()), (ROOT, CHANNELS));
}

#[test]
fn a_write_that_was_interrupted_is_said_by_the_audit_and_ended_by_what_writes() {
    const STAMP: &str = ".harden-20261122-165206";
    let home = Home::new();
    home.write(&format!("openclaw.json{STAMP}"), ROOT);
    home.write(&format!("parts/channels.json5{STAMP}"), CHANNELS);
    let new = ["{ gateway: { mode: 'local' }, channels: { $include: './parts/channels.json5' } }", "{ telegram: {} }"];
    let entry = |path: &str, new: &str| {
        let name = path.rsplit('/').next().unwrap();
        json!({ "path": path, "backup": format!("{name}{STAMP}"), "draft": "none", "new": new })
    };
    let journal = json!({ "files": [entry("openclaw.json", new[0]), entry("parts/channels.json5", new[1])] });
    home.write(&format!("openclaw.json{STAMP}.begun"), &journal.to_string());
    // It was killed between the two.
    home.write("openclaw.json", new[0]);
    for looks in [&["audit"][..], &["apply", "--dry-run"]] {
        let said = String::from_utf8(home.run(looks).stderr).unwrap();
        assert!(said.contains("interrupted") && home.read("parts/channels.json5") == CHANNELS, "{said}");
    }
    let said = String::from_utf8(home.run(&["apply", "--only-safe"]).stderr).unwrap();
    assert!(said.contains("was finished"), "{said}");
    assert!(home.read("parts/channels.json5").starts_with("{ telegram: {"));
    assert!(!home.path(&format!("openclaw.json{STAMP}.begun")).exists());
}

#[test]
fn what_openclaw_would_not_draw_in_is_said_with_its_place() {
    let home = Home::new();
    home.write("parts/channels.json5", "{\n  telegram: {\n    $include: '../../x.json5',\n  },\n}\n");
    for command in ["audit", "apply"] {
        let output = home.run(&[command]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with(&format!("{}:3:5: error: ", home.path("parts/channels.json5").display())), "{said}");
    }
}

//! Several that write at the same time: what one wrote is never lost to another.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

const OPEN: &str = "{\n  gateway: { mode: \"local\", bind: \"lan\", auth: { mode: \"token\", token: \"5ecret-5ecret-5ecret-5ecret\" } },\n  channels: { telegram: { dmPolicy: \"open\", allowFrom: [\"*\"] } },\n}\n";

struct Home(tempfile::TempDir);

impl Home {
    fn new() -> Self {
        let home = Home(tempfile::tempdir().expect("a folder"));
        fs::create_dir(home.0.path().join(".openclaw")).expect("a folder");
        put(&home.config(), OPEN);
        home
    }

    fn config(&self) -> PathBuf {
        self.0.path().join(".openclaw/openclaw.json")
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_openclaw-harden"))
            .env_clear()
            .env("HOME", self.0.path())
            .args(args)
            .args(["--engine", "docker", "--lang", "en"])
            .stdin(Stdio::null())
            .output()
            .expect("it runs")
    }

    /// Is what stands in the config and in every backup of it.
    fn versions(&self) -> Vec<String> {
        let folder = fs::read_dir(self.0.path().join(".openclaw")).expect("a folder");
        let paths = folder.flatten().map(|entry| entry.path()).filter(|path| path.is_file());
        paths.map(|path| fs::read_to_string(path).expect("a file")).collect()
    }
}

/// Puts a file in its place as editors do, and OpenClaw: beside it, then over it.
fn put(path: &Path, text: &str) {
    let beside = path.with_extension("editor");
    fs::write(&beside, text).expect("a file");
    fs::set_permissions(&beside, Permissions::from_mode(0o600)).expect("a mode");
    fs::rename(&beside, path).expect("its place");
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn programs_of_ours_at_the_same_moment_leave_whole_files_and_true_words() {
    let home = Home::new();
    let outputs: Vec<Output> = std::thread::scope(|scope| {
        let run = |posture: &'static str| scope.spawn(|| home.run(&["apply", "--yes", "--posture", posture]));
        let all = ["personal", "shared", "public", "personal", "shared", "public"].map(run);
        all.into_iter().map(|one| one.join().expect("no panic")).collect()
    });
    for output in &outputs {
        let is_told = said(output).contains("by another program") || said(output).contains("Another openclaw-harden");
        assert!(matches!(output.status.code(), Some(0 | 1)) || is_told, "{}", said(output));
    }
    assert!(outputs.iter().any(|output| matches!(output.status.code(), Some(0 | 1))));
    let versions = home.versions();
    assert!(versions.iter().any(|version| version == OPEN), "what stood first is lost");
    for version in versions {
        assert!(json5::from_str::<serde_json::Value>(&version).is_ok(), "half a file: {version}");
    }
    // Whatever came first, the strictest holds: none opened again what another had closed.
    let now = fs::read_to_string(home.config()).expect("the config");
    assert!(!now.contains("dmPolicy: \"open\""), "{now}");
}

#[test]
fn an_editor_that_writes_meanwhile_loses_no_line() {
    let home = Home::new();
    let config = home.config();
    let done = AtomicBool::new(false);
    let edits = std::thread::scope(|scope| {
        let editor = scope.spawn(|| {
            let mut edits = 0;
            while !done.load(Ordering::SeqCst) && edits < 300 {
                let text = fs::read_to_string(&config).expect("always there");
                edits += 1;
                put(&config, &format!("{text}// edit {edits}.\n"));
                std::thread::sleep(std::time::Duration::from_millis(7));
            }
            edits
        });
        for _ in 0..12 {
            let output = home.run(&["apply", "--yes"]);
            let is_told = said(&output).contains("by another program");
            assert!(matches!(output.status.code(), Some(0 | 1)) || is_told, "{}", said(&output));
        }
        done.store(true, Ordering::SeqCst);
        editor.join().expect("no panic")
    });
    let now = fs::read_to_string(&config).expect("the config");
    for edit in 1..=edits {
        assert!(now.contains(&format!("// edit {edit}.\n")), "edit {edit} of {edits} is lost:\n{now}");
    }
    // The last word is ours where nobody disturbs.
    assert!(matches!(home.run(&["apply", "--yes"]).status.code(), Some(0 | 1)));
    let now = fs::read_to_string(&config).expect("the config");
    assert!(now.contains("// edit 1.\n") && !now.contains("dmPolicy: \"open\""), "{now}");
}

#[test]
fn what_was_planned_on_an_older_file_is_planned_anew() {
    let home = Home::new();
    let config = home.config();
    // The wizard waits at its confirmation while another program adds a channel; then it is told to write.
    let other = OPEN.replace("channels: {", "channels: { discord: { dmPolicy: \"open\", allowFrom: [\"*\"] },");
    let mut wizard = Command::new(env!("CARGO_BIN_EXE_openclaw-harden"))
        .env_clear()
        .env("HOME", home.0.path())
        .args(["--plain", "--engine", "docker", "--lang", "en"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut keys = wizard.stdin.take().expect("a pipe");
    let mut screen = std::io::BufReader::new(wizard.stdout.take().expect("a pipe"));
    let mut seen = String::new();
    use std::io::{Read, Write};
    let mut until = |text: &str, keys: &mut dyn Write, typed: &str| {
        let mut byte = [0];
        while !seen.ends_with(text) {
            assert!(screen.read(&mut byte).expect("a pipe") > 0, "no {text:?} in\n{seen}");
            seen.push(char::from(byte[0]));
            if seen.ends_with("]: ") {
                keys.write_all(typed.as_bytes()).expect("a pipe");
            }
        }
        seen.push('\n');
    };
    until("anything else leaves: ", &mut keys, "\n");
    put(&config, &other);
    keys.write_all(b"y\n").expect("a pipe");
    until("for what stands there now.", &mut keys, "\n");
    until("anything else leaves: ", &mut keys, "\n");
    keys.write_all(b"y\n").expect("a pipe");
    drop(keys);
    assert!(wizard.wait().expect("it ends").success());
    let now = fs::read_to_string(&config).expect("the config");
    assert!(now.contains("discord") && now != other, "{now}");
    assert!(home.versions().contains(&other), "what the other program wrote is not backed up");
}

//! Answers that are taken to another machine: the same decisions give the same file.

use crate::support::{facts, means, samples};
use openclaw_harden::document::Document;
use openclaw_harden::plan::{Answers, AnswersFile, Plan, Undecided};
use openclaw_harden::posture::{Engine, Posture};
use openclaw_harden::text::Lang;
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const HOME: Option<&str> = Some("/home/ann");

#[test]
fn saved_answers_give_the_same_file_from_every_sample_and_posture() {
    let mut compared = 0;
    for sample in samples() {
        let Ok(document) = Document::parse(&sample.bytes) else {
            continue;
        };
        for posture in Posture::ALL {
            let all = Answers { posture, undecided: Undecided::All, ..Answers::default() };
            let plan = |answers: &Answers| {
                Plan::new(&document, &facts(), &means(Engine::Docker), answers).unwrap_or_else(|e| panic!("{e:?}"))
            };
            let wizard = plan(&all);
            let file = wizard.answers_file(&all, &[], HOME, Lang::Ja);
            let read = AnswersFile::parse(file.as_bytes(), HOME);
            let read = read.unwrap_or_else(|e| panic!("{}: {}: {}", sample.name, e.at.line, e.why.of(Lang::En)));
            let taken = plan(&read.answers);
            assert_eq!(taken.refused_answer(&read.answers).map(|(key, _)| key), None, "{}", sample.name);
            let (wizard, taken) = (wizard.candidate.root().bytes(), taken.candidate.root().bytes());
            assert!(wizard == taken, "{} {}: the answers give another file", sample.name, posture.name());
            compared += 1;
        }
    }
    assert!(compared >= 60, "only {compared} were compared");
}

/// A machine with a config.
struct Machine(tempfile::TempDir);

const CONFIG: &str = r#"{
  // The family's lobster.
  gateway: { mode: "local", bind: "lan", auth: { mode: "token", token: "5ecret-5ecret-5ecret-5ecret" } },
  channels: { telegram: { dmPolicy: "open", allowFrom: ["*"], botToken: "123456:5ecret-5ecret-5ecret-5ecret" } },
  agents: { defaults: { workspace: "~/work" } },
}
"#;

impl Machine {
    fn with(config: &str) -> Self {
        let machine = Machine(tempfile::tempdir().expect("a folder"));
        fs::create_dir_all(machine.path(".openclaw")).expect("a folder");
        fs::write(machine.config(), config).expect("a file");
        fs::set_permissions(machine.config(), Permissions::from_mode(0o600)).expect("a mode");
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn config(&self) -> PathBuf {
        self.path(".openclaw/openclaw.json")
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_openclaw-harden"));
        command.env_clear().env("HOME", self.0.path()).current_dir(self.0.path());
        command.args(["--engine", "docker"]).args(args).output().expect("it runs")
    }

    fn json(&self, args: &[&str]) -> Value {
        let out = self.run(args);
        let err = String::from_utf8_lossy(&out.stderr);
        serde_json::from_slice(&out.stdout).unwrap_or_else(|why| panic!("{why}: {err}"))
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

#[test]
fn answers_of_one_machine_harden_another_once() {
    let (one, two) = (Machine::with(CONFIG), Machine::with(CONFIG));
    let file = shown(&one.path("answers.json5"));
    one.run(&["apply", "--yes", "--save-answers", &file]);
    let saved = fs::read_to_string(&file).expect("the answers");
    assert!(!saved.contains("5ecret") && !saved.contains(&shown(one.0.path())), "{saved}");
    assert_eq!(fs::metadata(&file).expect("the answers").permissions().mode() & 0o777, 0o600);

    let before = fs::read(two.config()).expect("the config");
    let looked = two.json(&["apply", "--answers", &file, "--dry-run", "--format", "json"]);
    assert_eq!((&looked["changed"], &looked["written"]), (&Value::from(true), &Value::from(false)));
    assert_eq!(fs::read(two.config()).expect("the config"), before);

    let first = two.json(&["apply", "--answers", &file, "--format", "json"]);
    assert_eq!(first["edits"], looked["edits"], "a dry run predicts every path");
    assert_eq!(fs::read(two.config()).expect("the config"), fs::read(one.config()).expect("the config"));
    let second = two.json(&["apply", "--answers", &file, "--format", "json"]);
    assert_eq!(second["changed"], false);
}

#[test]
fn accepted_risks_go_along_where_the_finding_is() {
    let accept = ["accept", "harden.secrets.channel_plaintext", "--reason", "a lab", "--until", "2099-01-01"];
    let (one, two, three) = (Machine::with(CONFIG), Machine::with(CONFIG), Machine::with("{}"));
    let ids = one.json(&["audit", "--format", "json"]);
    let ids: Vec<&str> =
        ids["findings"].as_array().expect("findings").iter().filter_map(|f| f["checkId"].as_str()).collect();
    let id = ids.iter().find(|id| id.starts_with("harden.secrets.")).unwrap_or_else(|| panic!("{ids:?}"));
    let mut accept = accept;
    accept[1] = id;
    assert!(one.run(&accept).status.success());
    let file = shown(&one.path("answers.json5"));
    one.run(&["apply", "--dry-run", "--save-answers", &file]);

    let first = two.json(&["apply", "--answers", &file, "--only-safe", "--format", "json"]);
    assert_eq!(first["accepts"][0]["checkId"], **id);
    let audit = two.json(&["audit", "--format", "json"]);
    assert!(audit["accepted"].as_array().expect("a list").iter().any(|found| found["checkId"] == **id), "{audit:#}");
    let second = two.json(&["apply", "--answers", &file, "--only-safe", "--format", "json"]);
    assert_eq!((&second["changed"], &second["accepts"]), (&Value::from(false), &Value::Array(Vec::new())));

    let without = three.json(&["apply", "--answers", &file, "--dry-run", "--format", "json"]);
    assert_eq!(without["accepts"], Value::Array(Vec::new()), "there is no such finding");
}

#[test]
fn an_answer_that_is_unknown_or_not_offered_is_refused_with_its_line_and_nothing_is_written() {
    let machine = Machine::with(CONFIG);
    for (answers, line) in [
        ("{version: 1, answers: {\n'gateway.bnid@gateway.bind': 'loopback'}}", ":2:"),
        ("{version: 1, answers: {\n\n'gateway.bind@gateway.bind': 'everywhere'}}", ":3:"),
        ("{version: 9, answers: {}}", ":1:"),
        ("{version: 1,\n answers: {", ":2:"),
    ] {
        fs::write(machine.path("a.json5"), answers).expect("a file");
        let out = machine.run(&["apply", "--answers", "a.json5"]);
        let err = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(2), "{err}");
        assert!(err.starts_with("a.json5") && err.contains(line), "{err}");
    }
    assert_eq!(fs::read_to_string(machine.config()).expect("the config"), CONFIG);
    assert_eq!(machine.run(&["apply", "--answers", "absent.json5"]).status.code(), Some(2));
}

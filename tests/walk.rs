//! The walk through a report, in the wizard's real loop and by the whole program.

use crate::stage::{DEMO, FakeDisk, Stage, session};
use crate::support::shared;
use openclaw_harden::findings::parse;
use openclaw_harden::text::Lang;
use openclaw_harden::tui::{Session, words};
use serde_json::{Value, json};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const SMALL: (u16, u16) = (80, 24);

/// A report as OpenClaw's audit prints it, of these ids.
fn report(ids: &[(&str, &str)]) -> Value {
    let findings: Vec<Value> = ids
        .iter()
        .map(|(id, severity)| {
            json!({"checkId": id, "severity": severity, "title": format!("title of {id}"), "detail": "seen\u{1b}[2J", "remediation": "their own words"})
        })
        .collect();
    json!({"ts": 1, "summary": {"critical": 1, "warn": 1, "info": 0}, "findings": findings})
}

fn demo_report() -> Value {
    report(&[
        ("gateway.bind_no_auth", "critical"),
        ("security.exposure.open_groups_with_elevated", "critical"),
        ("logging.redact_off", "warn"),
        ("gateway.probe_failed", "warn"),
    ])
}

fn walking(lang: Lang, report: &Value) -> Session {
    let mut session = session(lang);
    session.begin_walk(parse(report.to_string().as_bytes()).expect("a report")).expect("a walk");
    session
}

#[test]
fn every_screen_of_the_walk_looks_as_it_did() {
    let frames = [
        ("walk", ""),
        ("walk_another", "<down>"),
        ("walk_by_hand", "m<left>"),
        ("walk_accept", "a"),
        ("walk_gone", "<end><left>"),
        ("walk_foreign", "<end>"),
        ("walk_review", "<enter><enter>3"),
        ("walk_done", "<enter>aBehind the wall<enter>3w<enter>"),
        ("walk_start", "1"),
    ];
    for (lang, name) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        for (frame, keys) in frames {
            let mut disk = FakeDisk::default();
            let mut stage = Stage::new(walking(lang, &demo_report()), &mut disk, SMALL);
            let shown = stage.play(keys).snapshot();
            assert!(!shown.contains('\u{1b}'), "{frame}");
            insta::assert_snapshot!(format!("{frame}_{name}"), shown);
        }
    }
}

#[test]
fn the_audit_is_run_only_after_its_command_was_shown_and_leads_to_the_walk() {
    for (lang, name) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        let mut disk = FakeDisk { audits: [Ok(demo_report().to_string().into_bytes())].into(), ..FakeDisk::default() };
        let mut stage = Stage::new(session(lang), &mut disk, SMALL);
        insta::assert_snapshot!(format!("walk_ask_{name}"), stage.play("a").snapshot());
        assert_eq!(stage.app.page(), 0);
        stage.play("<enter>");
        assert_eq!(stage.app.page(), words::WALK);
        // The steps come back from Start, and with them what they take by themselves.
        stage.play("1a");
        assert!(stage.app.session().walk.is_none() && stage.app.session().pages().len() > 5);
    }
}

#[test]
fn an_audit_that_fails_says_why_and_leads_back() {
    let mut disk = FakeDisk { audits: [Ok(b"{}".to_vec())].into(), ..FakeDisk::default() };
    let mut stage = Stage::new(session(Lang::En), &mut disk, SMALL);
    let said = stage.play("a<enter>").text();
    assert!(said.contains("no report that is known"), "{said}");
    assert_eq!(stage.play("<esc>").app.page(), 0);
    assert!(stage.app.session().walk.is_none());
}

#[test]
fn after_writing_the_real_audit_stands_beside_ours() {
    let after = report(&[("gateway.probe_failed", "warn")]).to_string().into_bytes();
    let mut disk = FakeDisk { audits: [Ok(after)].into(), ..FakeDisk::default() };
    let mut stage = Stage::new(walking(Lang::En, &demo_report()), &mut disk, SMALL);
    let said = stage.play("<enter><enter>3w<enter>a<enter>").text().replace(['│', '┃'], " ");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("openclaw: critical 2 -> 0, warn 2"), "{said}");
    assert_eq!((disk.writes, disk.reports), (1, 2));
}

#[test]
fn a_walk_that_changes_nothing_keeps_what_was_accepted_and_writes_no_config() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(walking(Lang::En, &demo_report()), &mut disk, SMALL);
    let said = stage.play("<right>aBehind the wall<enter>3w<enter>").text();
    assert!(said.contains("The config stays as it is"), "{said}");
    assert_eq!((disk.writes, disk.reports, disk.accepted.len()), (0, 1, 1));
    let one = &disk.accepted[0];
    assert_eq!((one.check_id.as_str(), one.until.as_str()), ("gateway.bind_no_auth", "2027-02-20"));
    assert_eq!(one.reason, "Behind the wall");
}

#[test]
fn undo_takes_the_last_decision_back_and_redo_gives_it_again() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(walking(Lang::En, &demo_report()), &mut disk, SMALL);
    let open = stage.text();
    stage.play("<enter>");
    assert_eq!(stage.app.session().change_count(), 1);
    stage.play("u<home>");
    let session = stage.app.session();
    assert_eq!((session.change_count(), session.walk.as_ref().map(|walk| walk.has_decisions())), (0, Some(false)));
    let body = |text: &str| text.lines().skip(3).take(18).collect::<Vec<_>>().join("\n");
    assert_eq!(body(&stage.text()), body(&open));
    stage.play("<c-r>");
    assert_eq!(stage.app.session().change_count(), 1);
}

#[test]
fn a_day_that_is_over_and_a_missing_reason_are_refused_in_the_field() {
    let mut disk = FakeDisk::default();
    let mut stage = Stage::new(walking(Lang::En, &demo_report()), &mut disk, SMALL);
    let refused = stage.play("<right>a<backspace><enter>").text();
    assert!(refused.contains("reason behind the day"), "{refused}");
    assert!(disk.accepted.is_empty());
}

/// A HOME with a config and a report in it.
struct Home(tempfile::TempDir);

impl Home {
    fn new(config: &[u8], report: &Value) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let state = home.path().join(".openclaw");
        fs::create_dir(&state).expect("a folder");
        fs::set_permissions(&state, fs::Permissions::from_mode(0o700)).expect("a mode");
        let file = state.join("openclaw.json");
        fs::write(&file, config).expect("a config");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("a mode");
        fs::write(home.path().join("audit.json"), report.to_string()).expect("a report");
        Home(home)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_openclaw-harden"))
            .args(["--engine", "docker", "--lang", "en"])
            .args(args)
            .current_dir(self.0.path())
            .env_clear()
            .env("HOME", self.0.path())
            .env("PATH", "/usr/bin:/bin")
            .output()
            .expect("the program starts")
    }

    fn json(&self, name: &str) -> Value {
        serde_json::from_slice(&fs::read(self.path(name)).expect("a report")).expect("JSON")
    }
}

fn outcomes(report: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let findings = report["findings"].as_array().expect("findings").iter();
    findings.map(|one| (text(&one["checkId"]), text(&one["outcome"]))).collect()
}

#[test]
fn a_scripted_walk_writes_accepts_and_reports_in_three_groups() {
    let home = Home::new(DEMO.as_bytes(), &demo_report());
    let keys = "<enter>aBehind the wall<enter><enter><enter>3w<enter>";
    let run = home.run(&["--findings", "audit.json", "--report", "out.json", "--keys", keys, "--print"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let told = home.json("out.json");
    let wanted = [
        ("security.exposure.open_groups_with_elevated", "fixed"),
        ("gateway.bind_no_auth", "accepted"),
        ("logging.redact_off", "gone"),
        ("gateway.probe_failed", "by-hand"),
    ];
    let told_outcomes = outcomes(&told);
    for (id, outcome) in wanted {
        assert!(told_outcomes.contains(&(id.to_owned(), outcome.to_owned())), "{id}: {told_outcomes:?}");
    }
    assert_eq!(told["written"], true);
    assert!(!told["configChanges"].as_array().expect("changes").is_empty());
    assert_eq!(told["fileModes"][0]["after"], "0600");
    assert_eq!(told["manualSteps"][0]["how"], "their own words");
    let commands = told["commands"].as_array().expect("commands");
    assert!(commands.iter().any(|one| one.as_str().is_some_and(|one| one.starts_with("openclaw config set "))));
    let listed = home.run(&["accept", "--list", "--format", "json"]);
    let listed: Value = serde_json::from_slice(&listed.stdout).expect("JSON");
    assert_eq!(listed["acceptances"][0]["checkId"], "gateway.bind_no_auth");
    assert_eq!(listed["acceptances"][0]["reason"], "Behind the wall");
}

#[test]
fn apply_fixes_what_a_report_names_and_nothing_else() {
    let home = Home::new(DEMO.as_bytes(), &report(&[("gateway.bind_no_auth", "critical")]));
    let run = home.run(&["apply", "--findings", "audit.json", "--report", "out.md", "--yes", "--format", "json"]);
    assert_eq!(run.status.code(), Some(0), "{}", String::from_utf8_lossy(&run.stderr));
    let applied: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let edits = applied["edits"].as_array().expect("edits");
    let of_gateway = |edit: &Value| edit["path"].as_str().is_some_and(|path| path.starts_with("gateway."));
    assert!(!edits.is_empty() && edits.iter().all(of_gateway), "{edits:?}");
    let markdown = fs::read_to_string(home.path("out.md")).expect("a report");
    for part in
        ["## Config changes", "## File modes", "## To do by hand", "## The same by hand", "## Audits before and after"]
    {
        assert!(markdown.contains(part), "{part}: {markdown}");
    }
    // What is left of a report is said by the exit code.
    let left = Home::new(DEMO.as_bytes(), &report(&[("gateway.probe_failed", "warn")]));
    assert_eq!(left.run(&["apply", "--findings", "audit.json", "--yes"]).status.code(), Some(1));
}

#[test]
fn a_report_that_is_none_is_one_sentence_and_nothing_is_written() {
    let home = Home::new(DEMO.as_bytes(), &json!({"anything": 1}));
    for args in [&["--findings", "audit.json", "--print"][..], &["apply", "--findings", "audit.json", "--yes"]] {
        let run = home.run(args);
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!((run.status.code(), said.lines().count()), (Some(2), 1), "{said}");
        assert!(said.contains("audit.json") && said.contains("line 1, column 1"), "{said}");
    }
    assert_eq!(fs::read(home.path(".openclaw/openclaw.json")).expect("the config"), DEMO.as_bytes());
}

#[test]
fn a_report_names_no_secret() {
    let config = r#"{gateway: {mode: "local", bind: "lan", auth: {token: "5ecret-5ecret-5ecret-5ecret"}}, channels: {telegram: {botToken: "123456:5ecret-5ecret"}}}"#;
    let home = Home::new(config.as_bytes(), &report(&[("gateway.auth_no_rate_limit", "warn")]));
    for name in ["out.md", "out.json"] {
        home.run(&["apply", "--findings", "audit.json", "--report", name, "--dry-run"]);
        let text = fs::read_to_string(home.path(name)).expect("a report");
        assert!(!text.contains("5ecret"), "{text}");
    }
}

#[test]
fn an_installation_of_early_2026_ends_with_a_valid_config_and_nothing_critical() {
    let Some(sample) = shared().map(|shared| shared.join("openclaw/samples/early-2026/openclaw.json")) else {
        return;
    };
    walk_early(&sample);
}

fn walk_early(sample: &Path) {
    let issues = json!([{"path": "gateway", "message": "as OpenClaw said"}]);
    let refused =
        json!({"ok": false, "error": {"type": "cli_error", "message": "OpenClaw config is invalid"}, "issues": issues});
    let home = Home::new(&fs::read(sample).expect("the sample"), &refused);
    let keys = format!("{}3w<enter>", "<enter>".repeat(60));
    let run = home.run(&["--findings", "audit.json", "--report", "out.json", "--keys", &keys, "--print"]);
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let told = home.json("out.json");
    assert_eq!(told["written"], true, "{}", String::from_utf8_lossy(&run.stdout));
    let audit = home.run(&["audit", "--format", "json", "--fail-on", "never"]);
    let audit: Value = serde_json::from_slice(&audit.stdout).expect("JSON");
    assert_eq!((&audit["valid"], &audit["summary"]["critical"]), (&json!(true), &json!(0)), "{audit:#}");
}

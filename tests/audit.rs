//! `audit`, `accept` and `explain`: through the library where the words matter, through the program where the exit code does.

use openclaw_harden::accepted::Acceptance;
use openclaw_harden::checks::Severity;
use openclaw_harden::host::{Asked, Env, Installation, Selection};
use openclaw_harden::posture::Engine;
use openclaw_harden::report::text::Style;
use openclaw_harden::report::{Audit, Unread, json, sarif, text};
use openclaw_harden::text::Lang;
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Open, with secrets in it, one finding suppressed, and two things that OpenClaw refuses.
const OPEN: &str = r#"{
  // Everybody is welcome.
  gateway: { mode: "local", bind: "lan", auth: { mode: "none" } },
  channels: { telegram: { dmPolicy: "open", allowFrom: ["*"], botToken: "123456:5ecret-5ecret-5ecret-5ecret" } },
  hooks: { enabled: true, allowRequestSessionKey: true, token: "5ecret-5ecret-5ecret-5ecret-5ecret-5ecret" },
  security: { audit: { suppressions: [{ checkId: "hooks.request_session_key_enabled", reason: "a lab" }] } },
}
"#;
const REFUSED: &str = "{\n  gateway: { mode: \"local\", bnid: \"lan\", port: \"http\" },\n}\n";
const CLOSED: &str = r#"{
  gateway: { mode: "local", bind: "loopback", auth: { mode: "token", token: "${GATEWAY_TOKEN}" } },
}
"#;

/// A home folder with configs in it.
struct Home(tempfile::TempDir);

impl Home {
    fn with(files: &[(&str, &str)]) -> Self {
        let home = Home(tempfile::tempdir().expect("a folder"));
        for (name, content) in files {
            home.write(name, content);
        }
        home
    }

    fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, content).expect("a file");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("a mode");
        path
    }

    /// Audits a file that is named, on a machine without an engine.
    fn audit(&self, name: &str) -> Audit {
        let env = Env::from([
            ("HOME".to_owned(), self.0.path().display().to_string()),
            ("GATEWAY_TOKEN".to_owned(), "0123456789abcdef0123456789abcdef".to_owned()),
        ]);
        let file = Path::new(name);
        let asked = Asked::Fixed(Engine::None);
        let installation = Installation::look(&Selection::default(), Some(file), &env, asked, self.0.path());
        let installation = installation.unwrap_or_else(|error| panic!("{}", error.of(Lang::En)));
        Audit::of(&installation, Some(file))
    }

    /// Runs the program.
    fn run(&self, args: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_openclaw-harden"));
        command.env_clear().env("HOME", self.0.path()).env("GATEWAY_TOKEN", "0123456789abcdef0123456789abcdef");
        let out = command.current_dir(self.0.path()).args(["--engine", "none"]).args(args).output().expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Ran { code: out.status.code().expect("an end of its own"), out: text(out.stdout), err: text(out.stderr) }
    }
}

struct Ran {
    code: i32,
    out: String,
    err: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}{}", self.out, self.err))
    }
}

fn ids(findings: &Value) -> Vec<&str> {
    findings.as_array().expect("a list").iter().map(|finding| finding["checkId"].as_str().expect("an id")).collect()
}

fn acceptance(id: &str, until: &str) -> Acceptance {
    Acceptance {
        check_id: id.to_owned(),
        path: None,
        severity: Severity::Critical,
        reason: "a lab without a network".to_owned(),
        until: until.to_owned(),
    }
}

/// The open config with one finding accepted, and two acceptances that do nothing.
fn accepted() -> Audit {
    let mut audit = Home::with(&[("openclaw.json", OPEN)]).audit("openclaw.json");
    let acceptances = [
        acceptance("gateway.bind_no_auth", "2027-03-31"),
        acceptance("gateway.http.no_auth", "2026-10-31"),
        acceptance("browser.no_auth", "2027-03-31"),
    ];
    audit.accept(&acceptances, "2026-11-22");
    audit
}

fn without_time(text: &str) -> String {
    let is_time = |line: &&str| !line.trim_start().starts_with("\"ts\":");
    text.lines().filter(is_time).map(|line| format!("{line}\n")).collect()
}

#[test]
fn an_audit_as_text() {
    for (lang, name) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        for columns in [80, 120] {
            let style = Style { lang, coloured: false, columns };
            let shown = text::audits([&accepted()], style);
            assert!(!shown.contains("5ecret"), "{shown}");
            insta::assert_snapshot!(format!("text_{name}_{columns}"), shown);
        }
    }
}

#[test]
fn a_config_that_openclaw_refuses_says_so_first_and_last() {
    let audit = Home::with(&[("openclaw.json", REFUSED)]).audit("openclaw.json");
    assert_eq!(audit.worst(), Some(Severity::Critical));
    for (lang, name) in [(Lang::En, "en"), (Lang::Ja, "ja")] {
        let shown = text::audits([&audit], Style { lang, coloured: false, columns: 80 });
        insta::assert_snapshot!(format!("refused_{name}"), shown);
    }
}

#[test]
fn an_audit_as_json() {
    let shown = json::audits(&[Ok(accepted())]);
    assert!(!shown.contains("5ecret"), "{shown}");
    insta::assert_snapshot!(without_time(&shown));
}

#[test]
fn colours_add_nothing_but_colours() {
    let style = |coloured| Style { lang: Lang::En, coloured, columns: 80 };
    let (plain, coloured) = (text::audits([&accepted()], style(false)), text::audits([&accepted()], style(true)));
    let mut stripped = String::new();
    for (n, part) in coloured.split('\u{1b}').enumerate() {
        stripped.push_str(if n == 0 { part } else { part.split_once('m').expect("a colour").1 });
    }
    assert_ne!(plain, coloured);
    assert_eq!(plain, stripped);
}

/// What the SARIF 2.1.0 schema and its validator demand of the parts that we have.
#[test]
fn sarif_has_the_shape_that_its_schema_demands() {
    let home = Home::with(&[("refused.json", REFUSED)]);
    let unread = Unread { path: "un read.json".into(), error: "un read.json: no".to_owned() };
    let shown = sarif::audits(&[Ok(accepted()), Err(unread), Ok(home.audit("refused.json"))]);
    let log: Value = serde_json::from_str(&shown).expect("JSON");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert!(driver["name"].is_string() && driver["version"].is_string());

    let rules = driver["rules"].as_array().expect("rules");
    let mut seen = std::collections::BTreeSet::new();
    for rule in rules {
        assert!(seen.insert(rule["id"].as_str().expect("an id")), "{rule}");
        for key in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[key]["text"].as_str().expect("a text").is_empty(), "{rule}");
        }
        assert!(rule.get("helpUri").is_none_or(|uri| uri.as_str().is_some_and(|uri| uri.starts_with("https://"))));
        let level = rule["defaultConfiguration"]["level"].as_str();
        assert!(level.is_some_and(|level| ["error", "warning", "note"].contains(&level)), "{rule}");
    }

    assert!(!run["results"].to_string().contains("5ecret"), "{}", run["results"]);
    let results = run["results"].as_array().expect("results");
    let mut fingerprints = std::collections::BTreeSet::new();
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"], "{result}");
        assert!(!result["message"]["text"].as_str().expect("a text").is_empty(), "{result}");
        let is_open = result["kind"] == "open";
        assert_eq!(result["level"] == "none", is_open, "a level is for a kind that is \"fail\" alone: {result}");
        let physical = &result["locations"][0]["physicalLocation"];
        let uri = physical["artifactLocation"]["uri"].as_str().expect("a uri");
        assert!(!uri.contains([' ', '\\']), "{uri}");
        for key in ["startLine", "startColumn"] {
            assert!(physical["region"][key].as_u64().is_some_and(|n| n >= 1), "{result}");
        }
        let fingerprint = result["partialFingerprints"]["checkIdPathValue/v1"].as_str().expect("a fingerprint");
        assert!(fingerprints.insert((uri, fingerprint)), "{result}");
        for suppression in result.get("suppressions").and_then(Value::as_array).into_iter().flatten() {
            assert!(suppression["kind"] == "inSource" || suppression["kind"] == "external", "{result}");
        }
    }
    let of = |kind: &str| {
        let has = |result: &&Value| result["suppressions"][0]["kind"] == kind;
        results.iter().filter(has).count()
    };
    assert_eq!((of("inSource"), of("external")), (1, 1));
    assert_eq!(results.iter().filter(|result| result["ruleId"] == "harden.config.refused").count(), 2);
    let bind = results.iter().find(|result| result["ruleId"] == "gateway.bind_no_auth").expect("a result");
    assert_eq!(bind["locations"][0]["physicalLocation"]["region"]["startLine"], 3);

    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notification = &invocation["toolExecutionNotifications"][0];
    assert_eq!(notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "un%20read.json");
}

#[test]
fn the_exit_code_follows_fail_on() {
    let home = Home::with(&[("open.json", OPEN), ("closed.json", CLOSED)]);
    let code = |args: &[&str]| home.run(&[&["audit"], args].concat()).code;
    assert_eq!(code(&["open.json"]), 1);
    assert_eq!(code(&["open.json", "--fail-on", "never"]), 0);
    assert_eq!(code(&["closed.json"]), 0);
    assert_eq!(code(&["closed.json", "--fail-on", "info"]), 1);
    assert_eq!(code(&["open.json", "--format", "xml"]), 2);
}

#[test]
fn a_config_that_openclaw_refuses_fails() {
    let home = Home::with(&[("closed.json", CLOSED), ("refused.json", &CLOSED.replace("bind", "bnid"))]);
    let ran = home.run(&["audit", "refused.json", "--format", "json"]);
    let json = ran.json();
    assert_eq!((ran.code, &json["valid"], &json["summary"]["critical"]), (1, &Value::Bool(false), &Value::from(0)));
    let issue = &json["issues"][0];
    assert_eq!((&issue["path"], &issue["line"], &issue["column"]), (&"gateway.bnid".into(), &2.into(), &29.into()));
    assert_eq!(home.run(&["audit", "refused.json", "--fail-on", "never"]).code, 0);
}

#[test]
fn many_files_are_reported_in_their_order_and_one_that_cannot_be_read_stops_none() {
    let names: Vec<String> = (0..40).map(|n| format!("{n}.json")).collect();
    let home = Home::with(&[("broken.json", "{\n  gateway: {\n")]);
    for (n, name) in names.iter().enumerate() {
        home.write(name, &format!("{{gateway: {{mode: \"local\", port: {}}}}}", 2000 + n));
    }
    let mut args = vec!["audit", "--format", "json", "absent.json"];
    args.extend(names.iter().map(String::as_str));
    args.push("broken.json");
    let ran = home.run(&args);
    assert_eq!(ran.code, 2);
    let json = ran.json();
    let files = json["files"].as_array().expect("files");
    let paths: Vec<_> = files.iter().map(|file| file["path"].as_str().expect("a path")).collect();
    assert_eq!(paths, args[3..]);
    assert!(files[1..=40].iter().all(|file| file["valid"] == true && file["findings"].is_array()), "{json:#}");
    for unread in [&files[0], &files[41]] {
        assert!(unread["error"].is_string() && unread.get("findings").is_none(), "{unread}");
    }
    assert!(
        files[41]["error"].as_str().is_some_and(|error| error.contains("broken.json:2:13: error:")),
        "{}",
        files[41]
    );
    assert_eq!(sentences(&ran.err), 2, "{}", ran.err);
}

/// How many sentences stand on standard error; the indented lines below one show the place that it speaks of.
fn sentences(err: &str) -> usize {
    err.lines().filter(|line| !line.starts_with("  ")).count()
}

#[test]
fn what_fails_prints_no_json_and_one_sentence() {
    let home = Home::with(&[("broken.json", "{"), ("open.json", OPEN), ("list.json", "[]")]);
    for args in [
        &["audit", "--format", "json", "broken.json"][..],
        &["audit", "--format", "json", "absent.json"],
        &["audit", "--format", "sarif", "absent.json"],
        &["audit", "--format", "json", "open.json", "--baseline", "absent.json"],
        &["audit", "--format", "json", "open.json", "--baseline", "list.json"],
        &["explain", "--format", "json", "gateway.bind_no_auht"],
        &["accept", "--format", "json", "gateway.bind_no_auht", "--reason", "a lab", "--until", "2999-01-01"],
    ] {
        let ran = home.run(args);
        assert_eq!((ran.code, ran.out.as_str(), sentences(&ran.err)), (2, "", 1), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_file_beside_the_installation_is_judged_by_itself() {
    let home =
        Home::with(&[(".openclaw/openclaw.json", CLOSED), (".openclaw/.env", "TELEGRAM=1\n"), ("a.json", CLOSED)]);
    let state = home.0.path().join(".openclaw");
    fs::set_permissions(&state, Permissions::from_mode(0o777)).expect("a mode");
    let of = |args: &[&str]| home.run(&[&["audit", "--format", "json"], args].concat()).json()["findings"].clone();
    let world = "fs.state_dir.perms_world_writable";
    assert!(ids(&of(&[])).contains(&world));
    assert!(ids(&of(&[".openclaw/openclaw.json"])).contains(&world), "the installation's own, by its name");
    assert!(ids(&of(&["a.json", "--state-dir", ".openclaw"])).contains(&world), "a state folder was chosen for it");
    let alone = of(&["a.json"]);
    assert!(!ids(&alone).contains(&world));
    assert!(ids(&alone).contains(&"harden.files.not_checked"));
    fs::set_permissions(home.0.path().join("a.json"), Permissions::from_mode(0o644)).expect("a mode");
    assert!(ids(&of(&["a.json"])).contains(&"fs.config.perms_world_readable"));
}

#[test]
fn a_link_is_followed_and_nothing_is_written() {
    let home = Home::with(&[("store/real.json", OPEN)]);
    symlink(home.0.path().join("store/real.json"), home.0.path().join("link.json")).expect("a link");
    assert!(
        ids(&home.run(&["audit", "--format", "json", "link.json"]).json()["findings"])
            .contains(&"gateway.bind_no_auth")
    );
    let names: Vec<_> =
        fs::read_dir(home.0.path()).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn a_baseline_fails_on_what_is_new_alone() {
    let home = Home::with(&[("a.json", OPEN)]);
    let before = home.run(&["audit", "--format", "json", "a.json"]);
    assert_eq!(before.code, 1);
    home.write("baseline.json", &before.out);
    let known = home.run(&["audit", "a.json", "--baseline", "baseline.json", "--fail-on", "info"]);
    assert_eq!(known.code, 0, "{}", known.out);
    assert!(known.out.contains("Against the baseline: 0 new"), "{}", known.out);
    home.write("a.json", &OPEN.replace("\"lan\"", "\"lan\", tailscale: { mode: \"funnel\" }"));
    let worse = home.run(&["audit", "a.json", "--baseline", "baseline.json", "--format", "json"]);
    let json = worse.json();
    let new = json["findings"].as_array().expect("a list").iter().filter(|one| one["baselineState"] == "new");
    let new: Vec<_> = new.map(|one| one["checkId"].clone()).collect();
    assert!(new.contains(&"gateway.tailscale_funnel".into()), "{new:?}");
    assert!(!new.contains(&"gateway.bind_no_auth".into()), "{new:?}");
    assert_eq!((worse.code, json["baseline"]["new"].as_u64()), (1, Some(new.len() as u64)));
    assert!(ids(&json["findings"]).contains(&"gateway.bind_no_auth"), "a new baseline can be made of it");
}

#[test]
fn an_accepted_finding_does_not_count_until_it_is_taken_back() {
    let home = Home::with(&[(".openclaw/openclaw.json", OPEN)]);
    let id = "gateway.bind_no_auth";
    let audit = || home.run(&["audit", "--format", "json"]).json();
    let before = audit()["summary"]["critical"].as_u64().expect("a count");
    let accept =
        |until: &str| home.run(&["accept", id, "--path", "gateway.bind", "--reason", "a lab", "--until", until]);
    assert_eq!(accept("2020-01-01").code, 2, "the day is over");
    assert_eq!(home.run(&["--read-only", "accept", id, "--reason", "a lab", "--until", "2999-12-31"]).code, 2);
    assert_eq!(accept("2999-12-31").code, 0);
    let after = audit();
    assert_eq!(after["summary"]["critical"].as_u64(), Some(before - 1));
    assert!(!ids(&after["findings"]).contains(&id));
    assert_eq!(ids(&after["accepted"]), [id]);
    assert_eq!(after["accepted"][0]["acceptance"]["until"], "2999-12-31");

    let ledger = home.0.path().join(".local/state/openclaw-harden/accepted.json");
    assert_eq!(fs::metadata(&ledger).expect("a file").permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(&ledger).expect("a file");
    fs::write(&ledger, text.replace("2999-12-31", "2020-12-31")).expect("a file");
    let expired = audit();
    assert!(ids(&expired["findings"]).contains(&id), "it comes back");
    assert_eq!(
        (&expired["idleAcceptances"][0]["why"], &expired["accepted"]),
        (&"expired".into(), &Value::Array(vec![]))
    );

    assert_eq!(home.run(&["accept", "--list", "--format", "json"]).json()["acceptances"][0]["checkId"], id);
    assert_eq!(home.run(&["accept", "--remove", id]).code, 0);
    assert_eq!(home.run(&["accept", "--remove", id]).code, 2);
    assert_eq!(audit()["idleAcceptances"], Value::Array(vec![]));
}

#[test]
fn what_the_config_suppresses_stands_under_openclaws_key() {
    let home = Home::with(&[("a.json", OPEN), ("b.json", CLOSED)]);
    let json = home.run(&["audit", "--format", "json", "a.json"]).json();
    assert_eq!(ids(&json["suppressedFindings"]), ["hooks.request_session_key_enabled"]);
    assert_eq!(json["suppressedFindings"][0]["suppression"]["reason"], "a lab");
    assert!(ids(&json["findings"]).contains(&"security.audit.suppressions.active"));
    assert!(home.run(&["audit", "--format", "json", "b.json"]).json().get("suppressedFindings").is_none());
}

#[test]
fn every_check_can_be_explained() {
    let home = Home::with(&[]);
    let list = home.run(&["explain", "--format", "json"]).json();
    let checks = openclaw_harden::checks::catalogue().map(|check| check.id);
    assert_eq!(ids(&list["checks"]), checks.collect::<Vec<_>>());
    let one = home.run(&["explain", "tools.elevated.allowFrom.telegram.wildcard", "--format", "json"]).json();
    assert_eq!(one["checkId"], "tools.elevated.allowFrom.<provider>.wildcard");
    let text = home.run(&["explain", "gateway.bind_no_auth", "--lang", "ja"]);
    assert!(text.out.contains("openclaw security audit") && text.out.contains("理由"), "{}", text.out);
}

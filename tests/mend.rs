//! What OpenClaw refuses is mended: every retired key, the probes of older versions, the public files.

use crate::support::{samples, shared};
use openclaw_harden::checks::{Severity, audit};
use openclaw_harden::document::Document;
use openclaw_harden::plan::{Answers, Pick, Plan, Undecided};
use openclaw_harden::posture::mend::{is_foreign, is_note};
use openclaw_harden::posture::{Engine, Means, Step};
use openclaw_harden::settings::retired::Retired;
use openclaw_harden::settings::tools::loosened;
use openclaw_harden::settings::{Facts, Settings, schema};
use openclaw_harden::text::Lang;
use std::path::PathBuf;
use std::sync::Arc;

fn facts() -> Arc<Facts> {
    let home = PathBuf::from("/home/ann");
    Arc::new(Facts { state_dir: Some(home.join(".openclaw")), home: Some(home), ..Facts::default() })
}

fn mended(name: &str, document: &Document, undecided: Undecided) -> Plan {
    let means = Means {
        engine: Engine::Docker,
        gateway_secret: "0123456789abcdef0123456789abcdef0123456789abcdef".into(),
        hooks_secret: "fedcba9876543210fedcba9876543210fedcba9876543210".into(),
        ..Means::default()
    };
    let answers = Answers { undecided, ..Answers::default() };
    Plan::new(document, &facts(), &means, &answers).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

fn issues(plan: &Plan) -> String {
    let said = plan.issues_after.iter().map(|issue| issue.message.of(Lang::En));
    said.collect::<Vec<_>>().join("; ")
}

#[test]
fn every_retired_key_is_refused_in_its_example_and_mended() {
    let mut faults = Vec::new();
    for entry in Retired::all() {
        let document = Document::parse(entry.example.as_bytes()).expect("an example");
        if schema::validate(document.value(), &facts()).is_empty() {
            faults.push(format!("{}: is not refused: {}", entry.key, entry.example));
            continue;
        }
        let plan = mended(entry.key, &document, Undecided::All);
        if !plan.issues_after.is_empty() {
            faults.push(format!(
                "{}: {}: {}",
                entry.key,
                issues(&plan),
                String::from_utf8_lossy(plan.candidate.root().bytes())
            ));
        }
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), Retired::all().len(), faults.join("\n"));
}

/// Is what a probe's settings must not lose: the values of lists that deny, and what stands for a secret.
fn guarded(value: &serde_json::Value, key: &str, found: &mut Vec<String>) {
    use serde_json::Value;
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| guarded(value, key, found)),
        Value::Array(items) if key.to_lowercase().contains("deny") => found.extend(items.iter().map(Value::to_string)),
        Value::String(text) if ["token", "password", "apiKey"].contains(&key) => found.push(text.clone()),
        _ => {}
    }
}

#[test]
fn what_older_versions_took_is_accepted_again_and_nothing_is_loosened_or_lost() {
    let Some(shared) = shared() else { return };
    let probes = std::fs::read_to_string(shared.join("openclaw/versions/probes.jsonl")).expect("the probes");
    let (mut refused, mut accepted) = (0, 0);
    let mut faults = Vec::new();
    let mut left = Vec::new();
    // The mends alone: what the posture does beside them is tested elsewhere, and takes long.
    for probe in probes.lines() {
        let probe: serde_json::Value = serde_json::from_str(probe).expect("a probe");
        let before = &probe["before"];
        if schema::validate(before, &facts()).is_empty() {
            continue;
        }
        refused += 1;
        let after = mend_alone(before);
        let name = format!("{} {}", probe["path"], before);
        let issues = schema::validate(&after, &facts());
        if issues.is_empty() {
            accepted += 1;
        } else if probe["validAfter"] == true {
            left.push(format!("{name}: {after}"));
        }
        let load = |value: &serde_json::Value| Settings::load(value.clone(), facts());
        let (old, new) = (load(before), load(&after));
        faults.extend(loosened(&old, &new).into_iter().take(1).map(|loose| format!("{name}: {loose:?}")));
        let critical = |settings: &Settings| {
            audit(settings)
                .into_iter()
                .filter(|finding| finding.severity == Severity::Critical)
                .map(|f| f.id)
                .collect::<Vec<_>>()
        };
        let (was, is) = (critical(&old), critical(&new));
        faults.extend(is.iter().filter(|id| !was.contains(id)).map(|id| format!("{name}: now {id}")));
        let mut kept = Vec::new();
        // A channel that this version lacks goes as a whole, and only when asked.
        // The password of a BlueBubbles server opens nothing any more.
        if !(name.contains("qqbot") || name.contains("bluebubbles") && name.contains("password")) {
            guarded(before, "", &mut kept);
        }
        let text = after.to_string();
        faults.extend(
            kept.iter()
                .filter(|value| !text.contains(value.trim_matches('"')))
                .map(|value| format!("{name}: lost {value}: {text}")),
        );
    }
    println!("{accepted} of {refused} accepted; left of those that OpenClaw mends: {left:#?}");
    assert!(faults.is_empty(), "{} faults\n{}", faults.len(), faults.join("\n"));
    assert!(accepted * 100 >= refused * 80, "{accepted} of {refused}");
    assert!(left.is_empty(), "{left:#?}");
}

/// Takes every recommendation of the step Mend and nothing else.
fn mend_alone(source: &serde_json::Value) -> serde_json::Value {
    let means = Means::default();
    let mut value = source.clone();
    for control in openclaw_harden::posture::controls().filter(|control| control.step == Step::Mend) {
        let before = Settings::load(source.clone(), facts());
        let now = Settings::load(value.clone(), facts());
        let scene = openclaw_harden::posture::Scene {
            seen: &Default::default(),
            before: &before,
            now: &now,
            is_refused: true,
            mends: &Default::default(),
            unmended: &[],
            posture: Default::default(),
            means: &means,
        };
        for row in (control.rows)(&scene) {
            row.choices[row.recommended].edits.iter().for_each(|edit| edit.apply(&mut value));
        }
    }
    value
}

#[test]
fn public_files_that_are_refused_are_accepted_with_every_comment_and_note() {
    let (mut refused, mut accepted, mut left) = (0, 0, Vec::new());
    for sample in samples().into_iter().filter(|sample| sample.name.starts_with("gh-")) {
        let Ok(document) = Document::parse(&sample.bytes) else { continue };
        let issues = schema::validate(document.value(), &facts());
        if issues.is_empty() || is_foreign(document.value(), &issues) {
            continue;
        }
        refused += 1;
        let plan = mended(&sample.name, &document, Undecided::All);
        if plan.issues_after.is_empty() {
            accepted += 1;
        } else {
            left.push(format!("{}: {}", sample.name, self::issues(&plan)));
        }
        let text = String::from_utf8_lossy(plan.candidate.root().bytes());
        for comment in document.comments() {
            let inner = comment.trim_start_matches(['/', '*']).trim_end_matches(['*', '/']).trim();
            assert!(text.contains(inner), "{}: lost {comment}", sample.name);
        }
        for (path, _, note) in document.strings() {
            let is_note = path.last_key().is_some_and(|key| is_note(key, &note.as_str().into()));
            let whole = note.lines().all(|line| text.contains(line.trim()));
            assert!(!is_note || whole || text.contains(note.trim()), "{}: lost {path}", sample.name);
        }
    }
    println!("{accepted} of {refused} accepted; left: {left:#?}");
    assert!(accepted * 10 >= refused * 9, "{accepted} of {refused}: {left:#?}");
}

#[test]
fn the_safe_mends_alone_are_taken_where_nobody_is_asked() {
    let text = br#"{"meta": {"lastTouchedAt": "x"}, "_note": "mine", "gateway": {"nodes": {"denyCommands": ["a"]}, "cors": {}}}"#;
    let document = Document::parse(text).expect("a config");
    let plan = mended("safe", &document, Undecided::Safe);
    let after = plan.candidate.value();
    assert_eq!(after["gateway"]["nodes"], serde_json::json!({"commands": {"deny": ["a"]}}));
    assert!(after.get("_note").is_none() && plan.candidate.root().comments().any(|comment| comment == "/* mine */"));
    assert!(after["gateway"].get("cors").is_some(), "what was meant by it is asked");
    assert_eq!(plan.issues_after.len(), 1);
}

#[test]
fn a_secret_under_an_old_key_is_moved_and_never_shown() {
    let text = br#"{"gateway": {"token": "geheim-geheim-geheim-geheim"}}"#;
    let plan = mended("secret", &Document::parse(text).expect("a config"), Undecided::All);
    assert_eq!(plan.candidate.value()["gateway"]["auth"]["token"], "geheim-geheim-geheim-geheim");
    for planned in plan.rows.iter().filter(|row| row.control.step == Step::Mend) {
        assert!(
            !format!(
                "{:?}{:?}",
                planned.row.current,
                planned.row.choices.iter().map(|c| (&c.value, &c.effect)).collect::<Vec<_>>()
            )
            .contains("geheim")
        );
    }
    assert!(!plan.changes().iter().any(|change| {
        format!("{:?}", change.places.iter().map(|p| (&p.before, &p.after)).collect::<Vec<_>>()).contains("geheim")
    }));
}

#[test]
fn a_slip_of_the_pen_is_not_corrected_where_that_would_let_strangers_in() {
    let config = |name: &str| format!(r#"{{"channels": {{"telegram": {{"{name}": "open", "allowFrom": ["*"]}}}}}}"#);
    let plan = mended("slip", &Document::parse(config("dmPolcy").as_bytes()).expect("a config"), Undecided::All);
    assert!(plan.issues_after.is_empty());
    assert_ne!(plan.candidate.value()["channels"]["telegram"]["dmPolicy"], "open");
    let slip = |text: &str| mended("slip", &Document::parse(text.as_bytes()).expect("a config"), Undecided::All);
    let plan = slip(r#"{"tools": {"exce": {"timeoutSeconds": 5}}}"#);
    assert_eq!(plan.candidate.value()["tools"]["exec"]["timeoutSeconds"], 5);
}

#[test]
fn a_roster_without_an_owner_keeps_the_one_that_it_always_had() {
    let text = br#"{"agents": {"list": [{"id": "a"}, {"id": "b"}]}, "bindings": [{"agentId": "gone", "match": {"channel": "telegram", "account": "x"}}]}"#;
    let plan = mended("roster", &Document::parse(text).expect("a config"), Undecided::All);
    assert!(plan.issues_after.is_empty(), "{}", issues(&plan));
    let after = plan.candidate.value();
    assert_eq!(after["agents"]["list"][0]["default"], true);
    assert_eq!(after["bindings"][0]["agentId"], "a");
    assert_eq!(after["bindings"][0]["match"]["accountId"], "x");
}

#[test]
fn a_word_of_the_config_is_not_taken_for_one_of_the_program() {
    let text = br#"{"_note": "x", "models": {"providers": {"p": {
        "baseUrl": "http://localhost", "models": [{"id": "remove"}]}}}}"#;
    let document = Document::parse(text).expect("a config");
    let plan = Plan::new(&document, &facts(), &Means::default(), &Answers::default()).expect("a plan");
    let shown = |path: &str| -> Vec<String> {
        let rows = plan.rows.iter().filter(|row| row.row.path.to_string() == path);
        rows.flat_map(|row| row.row.choices.iter().skip(1).map(|choice| choice.shown(Lang::Ja))).collect()
    };
    assert_eq!(shown("models.providers.p.models[0].name"), ["remove"]);
    assert_eq!(shown("_note"), ["コメント"]);
}

#[test]
fn what_is_kept_in_the_step_mend_hides_no_other_fault_at_its_place() {
    let text = br#"{"agents": {"entries": {
        "a": {"default": true, "agentDir": "~/x"}, "b": {"default": true, "agentDir": "~/x"}}}}"#;
    let document = Document::parse(text).expect("a config");
    let by_hand = |picks: &[(&str, &str)]| -> Vec<String> {
        let picks = picks.iter().map(|(key, value)| ((*key).to_owned(), Pick::Choice((*value).to_owned())));
        let answers = Answers { picks: picks.collect(), ..Answers::default() };
        let plan = Plan::new(&document, &facts(), &Means::default(), &answers).expect("a plan");
        let rows = plan.rows.iter().filter(|row| row.control.id == "mend.by_hand");
        rows.map(|row| row.row.choices[0].effect.of(Lang::En)).collect()
    };
    let shared = by_hand(&[]);
    assert!(matches!(shared.as_slice(), [fault] if fault.contains("share a folder")), "{shared:?}");
    assert_eq!(by_hand(&[("mend.roster@agents.entries", "keep")]), shared);
}

#[test]
fn a_moved_value_never_overwrites_the_one_in_its_new_place() {
    let text = br#"{"tools": {"exec": {"timeoutSec": 5, "timeoutSeconds": 9}}, "gateway": {"nodes": {"denyCommands": ["a", "b"], "commands": {"deny": ["b"]}}}}"#;
    let document = Document::parse(text).expect("a config");
    let after = mended("clash", &document, Undecided::All);
    assert_eq!(after.candidate.value()["tools"]["exec"]["timeoutSeconds"], 9);
    assert_eq!(after.candidate.value()["gateway"]["nodes"]["commands"]["deny"], serde_json::json!(["b", "a"]));
    let safe = mended("clash", &document, Undecided::Safe);
    assert_eq!(safe.candidate.value()["tools"]["exec"]["timeoutSec"], 5, "which of the two is meant is asked");
}

#[test]
fn a_file_that_is_no_config_gets_no_mends() {
    let document = Document::parse(br#"{"executor": "x", "team": [1], "_note": "n"}"#).expect("a document");
    let plan = mended("foreign", &document, Undecided::All);
    assert!(is_foreign(document.value(), &plan.issues));
    assert!(!plan.rows.iter().any(|row| row.control.step == Step::Mend));
    let old = Document::parse(br#"{"agent": {"model": "x/y"}}"#).expect("a document");
    assert!(!is_foreign(old.value(), &schema::validate(old.value(), &facts())));
}

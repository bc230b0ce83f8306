//! Our audit and the real one (OpenClaw 2026.9.6) say the same of every config: same ids, severities and counts.

use crate::support::{Sample, samples};
use openclaw_harden::checks::{Source, audit, catalogue};
use openclaw_harden::document::{Document, Edit, Path};
use openclaw_harden::settings::{Facts, FileFact, FileRole, Settings};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The judge gave a value to every variable that a config refers to; one short enough to be reported where it is the token.
const FILLED: &str = "value-of-the-judge";

/// Findings by id and severity.
type Count = BTreeMap<(String, String), usize>;

/// Is the machine of the judge: a home of its own, closed files, no variables.
fn machine() -> Facts {
    let file = |role, mode, path: &str| FileFact { role, path: path.into(), mode, symlink: false };
    Facts {
        home: Some("/tmp/judge".into()),
        state_dir: Some("/tmp/judge/.openclaw".into()),
        config_path: Some("/tmp/judge/.openclaw/openclaw.json".into()),
        files: vec![
            file(FileRole::StateDir, 0o700, "/tmp/judge/.openclaw"),
            file(FileRole::Config, 0o600, "/tmp/judge/.openclaw/openclaw.json"),
        ],
        looked_at_files: true,
        ..Facts::default()
    }
}

/// Is the names of the variables of a text that the judge filled: `${NAME}`, and the ids of SecretRefs.
fn variables(text: &str) -> Vec<String> {
    let is_name = |name: &&str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let templates = text.split("${").skip(1).filter_map(|rest| rest.split('}').next());
    let ids = text.split("id").skip(1).filter_map(|rest| {
        let rest = rest.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':')?.trim_start();
        rest.strip_prefix(['"', '\''])?.split(['"', '\'']).next()
    });
    const MOVES: [&str; 6] = ["STATE_DIR", "CONFIG_PATH", "HOME", "OAUTH_DIR", "NIX_MODE", "CONFIG_READONLY"];
    templates
        .chain(ids)
        .filter(is_name)
        .filter(|name| !name.strip_prefix("OPENCLAW_").is_some_and(|rest| MOVES.contains(&rest)))
        .map(str::to_owned)
        .collect()
}

fn is_covered(id: &str) -> bool {
    catalogue().filter(|check| check.source() == Source::OpenClaw).any(|check| match check.id.split_once('<') {
        Some((head, rest)) => id.starts_with(head) && id.ends_with(rest.split_once('>').map_or("", |(_, tail)| tail)),
        None => check.id == id,
    })
}

fn ours(value: Value, facts: Facts) -> Count {
    let mut count = Count::new();
    for finding in audit(&Settings::load(value, Arc::new(facts))) {
        if finding.check.source() == Source::OpenClaw {
            let severity = format!("{:?}", finding.severity).to_lowercase();
            *count.entry((finding.id, severity)).or_default() += 1;
        }
    }
    count
}

/// Reads findings of both shapes: `{checkId, severity}` and `[checkId, severity]`.
fn theirs(findings: &Value) -> Count {
    let mut count = Count::new();
    for finding in findings.as_array().into_iter().flatten() {
        let of = |key: &str, index: usize| finding.get(key).or_else(|| finding.get(index)).and_then(Value::as_str);
        let (id, severity) = (of("checkId", 0).unwrap_or_default(), of("severity", 1).unwrap_or_default());
        if is_covered(id) {
            *count.entry((id.to_owned(), severity.to_owned())).or_default() += 1;
        }
    }
    count
}

/// Is what one has and the other has not, a line each.
fn differences(name: &str, ours: &Count, theirs: &Count) -> Vec<String> {
    let keys = ours.keys().chain(theirs.keys().filter(|key| !ours.contains_key(*key)));
    let count = |of: &Count, key| of.get(key).copied().unwrap_or(0);
    keys.filter(|key| count(ours, key) != count(theirs, key))
        .map(|key| format!("{name}: {} {}: ours {}, theirs {}", key.0, key.1, count(ours, key), count(theirs, key)))
        .collect()
}

fn value(sample: &Sample) -> Value {
    Document::parse(&sample.bytes).unwrap_or_else(|error| panic!("{}: {error:?}", sample.name)).value().clone()
}

/// Compares every sample for which `verdict` gives the real findings.
fn compare(what: &str, verdict: fn(&Value) -> &Value, settings: impl Fn(&Sample) -> (Value, Facts)) {
    let mut compared = 0;
    let mut found = Vec::new();
    for sample in samples() {
        let Some(findings) = sample.verdict.as_ref().map(&verdict).filter(|findings| findings.is_array()) else {
            continue;
        };
        compared += 1;
        let (value, facts) = settings(&sample);
        found.extend(differences(&sample.name, &ours(value, facts), &theirs(findings)));
    }
    println!("{compared} {what} compared");
    assert!(found.is_empty(), "{} differences in {compared} {what}:\n{}", found.len(), found.join("\n"));
}

#[test]
fn on_small_configs() {
    compare("small configs", |verdict| verdict, |sample| (value(sample), machine()));
}

#[test]
fn on_real_configs() {
    compare("real configs", |verdict| &verdict["findings"], |sample| (value(sample), machine()));
}

#[test]
fn on_real_configs_with_every_variable_set() {
    compare(
        "real configs with variables",
        |verdict| &verdict["withEnv"]["findings"],
        |sample| {
            let names = variables(&String::from_utf8_lossy(&sample.bytes));
            let env = names.into_iter().map(|name| (name, FILLED.to_owned())).collect();
            (value(sample), Facts { env, ..machine() })
        },
    );
}

#[test]
fn on_real_configs_without_the_keys_that_openclaw_refuses() {
    compare(
        "stripped configs",
        |verdict| &verdict["afterStrip"]["findings"],
        |sample| {
            let mut value = value(sample);
            let removed = sample.verdict.as_ref().map(|verdict| &verdict["afterStrip"]["removed"]);
            for path in removed.and_then(Value::as_array).into_iter().flatten() {
                Edit::remove(Path::from(path.as_str().unwrap_or_default())).apply(&mut value);
            }
            (value, machine())
        },
    );
}

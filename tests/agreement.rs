//! Our audit and the real one (OpenClaw 2026.9.6) say the same of every config: same ids, severities and counts.

use crate::readme;
use crate::support::{Sample, is_accepted, samples, shared};
use openclaw_harden::checks::{Source, audit, catalogue};
use openclaw_harden::document::{Document, Edit, Path};
use openclaw_harden::settings::{Facts, FileFact, FileRole, Settings, schema};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
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

/// What a comparison comes to.
struct Compared {
    what: &'static str,
    files: usize,
    findings: usize,
    differences: Vec<String>,
}

impl Compared {
    fn check(&self) {
        let Compared { what, files, differences, .. } = self;
        assert!(
            differences.is_empty(),
            "{} differences in {files} {what}:\n{}",
            differences.len(),
            differences.join("\n")
        );
    }
}

/// Compares every sample for which `verdict` gives the real findings.
fn compare(
    what: &'static str,
    verdict: fn(&Value) -> &Value,
    settings: impl Fn(&Sample) -> (Value, Facts),
) -> Compared {
    let mut compared = Compared { what, files: 0, findings: 0, differences: Vec::new() };
    for sample in samples() {
        let Some(findings) = sample.verdict.as_ref().map(&verdict).filter(|findings| findings.is_array()) else {
            continue;
        };
        let (value, facts) = settings(&sample);
        let (ours, theirs) = (ours(value, facts), theirs(findings));
        compared.files += 1;
        compared.findings += theirs.values().sum::<usize>();
        compared.differences.extend(differences(&sample.name, &ours, &theirs));
    }
    compared
}

fn small_configs() -> Compared {
    compare("small configs, one for each condition of a check", |verdict| verdict, |sample| (value(sample), machine()))
}

fn real_configs() -> Compared {
    compare("public configs that OpenClaw accepts", |verdict| &verdict["findings"], |sample| (value(sample), machine()))
}

fn with_every_variable_set() -> Compared {
    compare(
        "the same with every variable set",
        |verdict| &verdict["withEnv"]["findings"],
        |sample| {
            let names = variables(&String::from_utf8_lossy(&sample.bytes));
            let env = names.into_iter().map(|name| (name, FILLED.to_owned())).collect();
            (value(sample), Facts { env, ..machine() })
        },
    )
}

fn without_refused_keys() -> Compared {
    compare(
        "public configs without the keys that OpenClaw refuses",
        |verdict| &verdict["afterStrip"]["findings"],
        |sample| {
            let mut value = value(sample);
            let removed = sample.verdict.as_ref().map(|verdict| &verdict["afterStrip"]["removed"]);
            for path in removed.and_then(Value::as_array).into_iter().flatten() {
                Edit::remove(Path::from(path.as_str().unwrap_or_default())).apply(&mut value);
            }
            (value, machine())
        },
    )
}

/// Compares whether a config is accepted, on every sample that OpenClaw has judged.
fn validity() -> Compared {
    let mut compared =
        Compared { what: "all of them: whether OpenClaw accepts them", files: 0, findings: 0, differences: Vec::new() };
    for sample in samples() {
        let Some(theirs) = sample.verdict.as_ref().map(is_accepted) else {
            continue;
        };
        let ours = Document::parse(&sample.bytes)
            .is_ok_and(|document| schema::validate(document.value(), &machine()).is_empty());
        compared.files += 1;
        if ours != theirs {
            compared.differences.push(format!("{}: accepted {ours}, by OpenClaw {theirs}", sample.name));
        }
    }
    compared
}

#[test]
fn on_small_configs() {
    small_configs().check();
}

#[test]
fn on_real_configs() {
    real_configs().check();
}

#[test]
fn on_real_configs_with_every_variable_set() {
    with_every_variable_set().check();
}

#[test]
fn on_real_configs_without_the_keys_that_openclaw_refuses() {
    without_refused_keys().check();
}

#[test]
fn on_whether_a_config_is_accepted() {
    validity().check();
}

#[test]
fn the_readme_states_how_far_the_two_agree() {
    // The public configs are not part of the project: the figures can be counted only where they are.
    if shared().is_none() {
        return;
    }
    let mut table = "\n| configs | files | findings | differences |\n|---|---|---|---|\n".to_owned();
    for of in [small_configs(), real_configs(), with_every_variable_set(), without_refused_keys(), validity()] {
        let findings = if of.findings > 0 { of.findings.to_string() } else { "-".to_owned() };
        let _ = writeln!(table, "| {} | {} | {findings} | {} |", of.what, of.files, of.differences.len());
    }
    table.push('\n');
    readme::section("agreement", &table);
}

//! Validity agrees with OpenClaw 2026.9.6 on every config that it has judged.

use crate::support::is_accepted;
use openclaw_harden::document::{Document, Edit, Path};
use openclaw_harden::settings::{Facts, schema};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// The folder of judged configs beside the checkout; none where there is none, which is said.
fn shared(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("OPENCLAW_HARDEN_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let part = root.join("openclaw").join(part);
    if !part.exists() {
        eprintln!("skipped: {} is not there", part.display());
    }
    part.exists().then_some(part)
}

fn read(path: PathBuf) -> Value {
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Is the paths that are complained of; none if the config is accepted.
fn judge(bytes: &[u8]) -> Vec<String> {
    let facts =
        Facts { home: Some("/home/user".into()), state_dir: Some("/home/user/.openclaw".into()), ..Facts::default() };
    match Document::parse(bytes) {
        Ok(document) => schema::validate(document.value(), &facts).iter().map(|issue| issue.path.to_string()).collect(),
        Err(_) => vec!["<root>".into()],
    }
}

/// Whether OpenClaw's place and ours are the same: it names an unknown key's object, and the new roster instead of the old.
fn same_place(theirs: &str, ours: &str) -> bool {
    let plain = |path: &str| path.replace('[', ".").replace([']', '"'], "");
    let (theirs, ours) = (plain(theirs), plain(ours));
    let old_roster = theirs.starts_with("agents.entries") && ours.starts_with("agents.list");
    theirs.is_empty() || theirs == "<root>" || old_roster || ours == theirs || ours.starts_with(&format!("{theirs}."))
}

#[test]
fn every_file_of_the_corpus_is_judged_as_openclaw_judged_it() {
    let Some(corpus) = shared("corpus") else {
        return;
    };
    let (mut count, mut refused) = (0, 0);
    for entry in fs::read_dir(&corpus).expect("the corpus can be listed").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "json5") {
            continue;
        }
        let meta = read(path.with_extension("meta.json"));
        let issues: Vec<Value> = meta["issues"].as_array().cloned().unwrap_or_default();
        let valid = is_accepted(&meta);
        let ours = judge(&fs::read(&path).expect("a file of the corpus can be read"));
        assert_eq!(ours.is_empty(), valid, "{}: {ours:?}, {issues:?}", path.display());
        if let Some(first) = issues.first().filter(|_| !valid) {
            let theirs = first["path"].as_str().unwrap_or_default();
            let found = ours.iter().any(|ours| same_place(theirs, ours));
            assert!(found, "{}: {theirs} is not among {ours:?}", path.display());
            refused += 1;
        }
        count += 1;
    }
    assert!(count > 300 && refused > 30, "{count} files, {refused} refused");
}

#[test]
fn every_snippet_is_accepted_as_openclaw_accepted_it() {
    let Some(snippets) = shared("snippets") else {
        return;
    };
    let mut count = 0;
    for entry in fs::read_dir(&snippets).expect("the snippets can be listed").flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "json5") {
            let ours = judge(&fs::read(&path).expect("a snippet can be read"));
            assert!(ours.is_empty(), "{}: {ours:?}", path.display());
            count += 1;
        }
    }
    assert!(count > 90, "{count} snippets");
}

#[test]
fn every_key_that_openclaw_dropped_is_refused_and_its_mended_form_accepted() {
    let Some(probes) = shared("versions/probes.jsonl") else {
        return;
    };
    let text = fs::read_to_string(probes).expect("the probes can be read");
    let (mut refused, mut accepted) = (0, 0);
    for line in text.lines() {
        let probe: Value = serde_json::from_str(line).expect("a probe is JSON");
        let before = judge(probe["before"].to_string().as_bytes());
        assert!(!before.is_empty(), "accepted: {}", probe["before"]);
        refused += 1;
        if probe["validAfter"] == true {
            let after = judge(probe["after"].to_string().as_bytes());
            assert!(after.is_empty(), "refused: {}: {after:?}", probe["after"]);
            accepted += 1;
        }
    }
    assert!(refused > 3000 && accepted > 1000, "{refused} refused, {accepted} accepted");
}

/// A small generator of random numbers, so that a seed names a run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Is every value within a value.
fn values<'v>(value: &'v mut Value, found: &mut Vec<&'v mut Value>) {
    match value {
        Value::Object(map) => map.values_mut().for_each(|value| values(value, found)),
        Value::Array(items) => items.iter_mut().for_each(|value| values(value, found)),
        leaf => found.push(leaf),
    }
}

/// Is every object within a value.
fn objects(value: &Value, at: Path, found: &mut Vec<Path>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            map.iter().for_each(|(key, value)| objects(value, at.key(key), found));
            found.push(at);
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(n, value)| objects(value, at.index(n), found)),
        _ => {}
    }
}

/// Spoils a config at one place: another value, a misspelt key, a key less, a key more.
fn mutate(config: &mut Value, dice: &mut Dice) {
    let strange = [
        Value::Null,
        true.into(),
        5.into(),
        (-1).into(),
        1.5.into(),
        "".into(),
        " x ".into(),
        "auto".into(),
        "open".into(),
        "lan".into(),
        "serve".into(),
        "host".into(),
        "unconfined".into(),
        "30m".into(),
        "explicit".into(),
        "*".into(),
        Value::Array(Vec::new()),
        Value::Object(Default::default()),
    ];
    if dice.below(2) == 0 {
        let mut leaves = Vec::new();
        values(config, &mut leaves);
        let count = leaves.len();
        if let Some(leaf) = leaves.into_iter().nth(dice.below(count)) {
            *leaf = strange[dice.below(strange.len())].clone();
        }
        return;
    }
    let mut places = Vec::new();
    objects(config, Path::root(), &mut places);
    let Some(place) = places.get(dice.below(places.len())) else {
        return;
    };
    let Some(map) = place.of(config).and_then(Value::as_object) else {
        return;
    };
    let Some((key, value)) = map.iter().nth(dice.below(map.len())).map(|(key, value)| (key.clone(), value.clone()))
    else {
        return;
    };
    match dice.below(3) {
        0 => Edit::remove(place.key(&key)).apply(config),
        1 => {
            Edit::remove(place.key(&key)).apply(config);
            let cut = key.char_indices().nth(dice.below(key.chars().count())).map_or(0, |(at, _)| at);
            Edit::set(place.key(format!("{}x{}", &key[..cut], &key[cut..])), value).apply(config);
        }
        _ => {
            let more = ["allow", "alsoAllow", "mode", "agentId", "default", "type", "token", "list", "constructor"];
            let value = strange[dice.below(strange.len())].clone();
            Edit::set(place.key(more[dice.below(more.len())]), value).apply(config);
        }
    }
}

/// Run it with `OPENCLAW_DIST` (the `dist` of an installed OpenClaw 2026.9.6), `OPENCLAW_NODE` and, to taste, `SEED` and `COUNT`.
#[test]
#[ignore = "asks the real OpenClaw"]
fn spoilt_configs_are_judged_as_the_real_openclaw_judges_them() {
    let dist = std::env::var("OPENCLAW_DIST").expect("OPENCLAW_DIST names the dist folder of OpenClaw");
    let node = std::env::var("OPENCLAW_NODE").unwrap_or_else(|_| "node".into());
    let number = |name: &str, usual: u64| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let mut dice = Dice(number("SEED", 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut bases = Vec::new();
    for folder in ["corpus", "snippets"] {
        let folder = shared(folder).expect("spoilt configs are made from judged ones");
        let mut files: Vec<PathBuf> =
            fs::read_dir(folder).expect("can be listed").flatten().map(|entry| entry.path()).collect();
        files.sort();
        let configs = files.into_iter().filter(|path| path.extension().is_some_and(|extension| extension == "json5"));
        let documents = configs.filter_map(|path| Document::parse(&fs::read(path).ok()?).ok());
        bases.extend(documents.map(|document| document.value().clone()));
    }
    let mut configs = Vec::new();
    for _ in 0..number("COUNT", 1000) {
        let mut config = bases[dice.below(bases.len())].clone();
        for _ in 0..=dice.below(2) {
            mutate(&mut config, &mut dice);
        }
        configs.push(config.to_string());
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (asked, answered) = (folder.path().join("configs"), folder.path().join("verdicts"));
    let lines: Vec<String> = configs.iter().map(|config| Value::from(config.as_str()).to_string()).collect();
    fs::write(&asked, lines.join("\n")).expect("can be written");
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/schema/judge.mjs");
    let ran = std::process::Command::new(node).arg(script).arg(dist).args([&asked, &answered]).output();
    assert!(ran.expect("node runs").status.success());
    let verdicts = fs::read_to_string(answered).expect("verdicts");
    let verdicts: Vec<Value> =
        verdicts.lines().map(|line| serde_json::from_str(line).expect("a verdict is JSON")).collect();
    assert_eq!(verdicts.len(), configs.len());
    let accepted = verdicts.iter().filter(|verdict| verdict["valid"] == true).count();
    for (config, verdict) in configs.iter().zip(&verdicts) {
        let ours = judge(config.as_bytes());
        assert_eq!(
            ours.is_empty(),
            verdict["valid"] == true,
            "{config}\nours: {ours:?}\ntheirs: {}",
            verdict["issues"]
        );
    }
    println!("{} configs, {accepted} accepted, no difference", configs.len());
}

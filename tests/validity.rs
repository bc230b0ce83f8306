//! Validity agrees with OpenClaw 2026.9.6 on every config that it has judged.

use openclaw_harden::document::Document;
use openclaw_harden::settings::{Facts, schema};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

/// The folder of judged configs beside the checkout; none where there is none, which is said.
fn shared(part: &str) -> Option<PathBuf> {
    let root = std::env::var_os("OPENCLAW_HARDEN_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let part = root.join("openclaw").join(part);
    if !part.exists() {
        eprintln!("skipped: {} is not there", part.display());
    }
    part.exists().then_some(part)
}

fn read(path: PathBuf) -> Value {
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Is the paths that are complained of; none if the config is accepted.
fn judge(bytes: &[u8]) -> Vec<String> {
    let facts = Facts {
        home: Some("/home/user".into()),
        state_dir: Some("/home/user/.openclaw".into()),
        ..Facts::default()
    };
    match Document::parse(bytes) {
        Ok(document) => schema::validate(document.value(), &facts)
            .iter()
            .map(|issue| issue.path.to_string())
            .collect(),
        Err(_) => vec!["<root>".into()],
    }
}

/// Whether OpenClaw's place and ours are the same: it names an unknown key's object, and the new roster instead of the old.
fn same_place(theirs: &str, ours: &str) -> bool {
    let plain = |path: &str| path.replace('[', ".").replace([']', '"'], "");
    let (theirs, ours) = (plain(theirs), plain(ours));
    let old_roster = theirs.starts_with("agents.entries") && ours.starts_with("agents.list");
    theirs.is_empty()
        || theirs == "<root>"
        || old_roster
        || ours == theirs
        || ours.starts_with(&format!("{theirs}."))
}

#[test]
fn every_file_of_the_corpus_is_judged_as_openclaw_judged_it() {
    let Some(corpus) = shared("corpus") else {
        return;
    };
    let (mut count, mut refused) = (0, 0);
    for entry in fs::read_dir(&corpus)
        .expect("the corpus can be listed")
        .flatten()
    {
        let path = entry.path();
        if path
            .extension()
            .is_none_or(|extension| extension != "json5")
        {
            continue;
        }
        let meta = read(path.with_extension("meta.json"));
        let issues: Vec<Value> = meta["issues"].as_array().cloned().unwrap_or_default();
        // Whether a program is there is not for a judge of configs to say.
        let programs = |issue: &Value| {
            issue["message"]
                .as_str()
                .is_some_and(|message| message.contains("is not readable"))
        };
        let valid = meta["valid"] == true || !issues.is_empty() && issues.iter().all(programs);
        let ours = judge(&fs::read(&path).expect("a file of the corpus can be read"));
        assert_eq!(
            ours.is_empty(),
            valid,
            "{}: {ours:?}, {issues:?}",
            path.display()
        );
        if let Some(first) = issues.first().filter(|_| !valid) {
            let theirs = first["path"].as_str().unwrap_or_default();
            let found = ours.iter().any(|ours| same_place(theirs, ours));
            assert!(found, "{}: {theirs} is not among {ours:?}", path.display());
            refused += 1;
        }
        count += 1;
    }
    assert!(
        count > 300 && refused > 30,
        "{count} files, {refused} refused"
    );
}

#[test]
fn every_snippet_is_accepted_as_openclaw_accepted_it() {
    let Some(snippets) = shared("snippets") else {
        return;
    };
    let mut count = 0;
    for entry in fs::read_dir(&snippets)
        .expect("the snippets can be listed")
        .flatten()
    {
        let path = entry.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "json5")
        {
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
    assert!(
        refused > 3000 && accepted > 1000,
        "{refused} refused, {accepted} accepted"
    );
}

//! The supplied texts: parser suites with OpenClaw's verdicts, and real configs.

use super::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// Is a folder of the supplied files; none, said aloud, where they are absent.
fn shared(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("OPENCLAW_HARDEN_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared")), PathBuf::from);
    let folder = root.join(folder);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is absent", folder.display());
    None
}

fn files(folder: PathBuf) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                found.push((name, fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn deepest(text: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for byte in text {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Demands the verdict, and where the json5 crate reads the text too, its value.
fn judge(name: &str, bytes: &[u8], verdict: bool) {
    let read = Document::parse(bytes);
    let Ok(sound) = std::str::from_utf8(bytes) else {
        assert!(read.is_err(), "{name} is not UTF-8");
        return;
    };
    if deepest(bytes) > 200 {
        let fault = read.unwrap_err();
        assert!(fault.what.of(Lang::En).contains("200 levels"), "{name}");
        return;
    }
    assert_eq!(read.is_ok(), verdict, "{name}");
    if let (Ok(doc), Ok(value)) = (read, json5::from_str::<Value>(sound)) {
        assert!(edit::same(doc.value(), &value), "{name}: {} is not {value}", doc.value());
        assert_eq!(doc.bytes(), bytes, "{name}");
    }
}

#[test]
fn the_verdicts_are_those_of_openclaws_parser() {
    let Some(folder) = shared("json") else { return };
    let verdicts = fs::read(folder.join("json5-verdicts.json")).unwrap();
    let verdicts: BTreeMap<String, bool> = serde_json::from_slice(&verdicts).unwrap();
    let mut judged = 0;
    for (name, bytes) in files(folder.join("test_parsing")) {
        judge(&name, &bytes, verdicts[&name]);
        judged += 1;
    }
    for (name, bytes) in files(folder.join("json5-tests")) {
        match name.rsplit_once('.') {
            Some((_, "json" | "json5")) => judge(&name, &bytes, true),
            Some((_, "js" | "txt")) => judge(&name, &bytes, false),
            _ => continue,
        }
        judged += 1;
    }
    assert!(judged > 400, "only {judged} files");
}

/// Is every place of a value.
fn places(value: &Value, at: Path, found: &mut Vec<Path>) {
    found.push(at.clone());
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| places(value, at.key(key), found)),
        Value::Array(array) => array.iter().enumerate().for_each(|(n, value)| places(value, at.index(n), found)),
        _ => {}
    }
}

/// Is single edits at and beside a place: another value of each kind, none, a new neighbour near and deep, and a new element.
fn edits_at(doc: &Document, path: &Path) -> Vec<Vec<Edit>> {
    let mut edits = vec![
        vec![Edit::set(path, "zz")],
        vec![Edit::set(path, 42)],
        vec![Edit::set(path, json!(["x", "y"]))],
        vec![Edit::set(path, json!({"zzA": {"zzB": [1, "v"]}}))],
        vec![Edit::set(path, json!({}))],
        vec![Edit::set(path.join("zzA.zzB.zzC"), true)],
    ];
    if let Some(parent) = path.parent() {
        edits.push(vec![Edit::remove(path)]);
        edits.push(vec![Edit::remove(path), Edit::set(parent.join("zzNew"), "new")]);
    }
    match path.of(doc.value()) {
        Some(Value::Object(_)) => {
            edits.push(vec![Edit::set(path.key("zzNew"), "new")]);
            edits.push(vec![Edit::set(path.key("zz-new"), json!([1, 2]))]);
            edits.push(vec![Edit::set(path.key("zzNew"), json!({"a": {"b": 1}, "c": ["d"]}))]);
        }
        Some(Value::Array(array)) => {
            for at in 0..=array.len() {
                let mut more = array.clone();
                more.insert(at, json!("new"));
                edits.push(vec![Edit::set(path, more)]);
            }
        }
        _ => {}
    }
    edits
}

fn real_configs() -> Vec<(String, Vec<u8>)> {
    let folders = ["openclaw/corpus", "openclaw/snippets"];
    let found = folders.into_iter().filter_map(shared).flat_map(files);
    found.filter(|(name, _)| name.ends_with(".json5") && !name.ends_with(".meta.json5")).collect()
}

#[test]
fn real_configs_survive_edits_at_every_place() {
    // A few edits of each file are enough for every day; OPENCLAW_HARDEN_THOROUGH asks for all of them, some minutes' work.
    let thorough = std::env::var_os("OPENCLAW_HARDEN_THOROUGH").is_some();
    let (mut read, mut done) = (0, 0);
    for (name, bytes) in real_configs() {
        let Ok(doc) = Document::parse(&bytes) else {
            continue;
        };
        read += 1;
        assert_eq!(doc.bytes(), bytes, "{name}");
        let mut all = Vec::new();
        places(doc.value(), Path::root(), &mut all);
        let edits: Vec<Vec<Edit>> = all.iter().flat_map(|path| edits_at(&doc, path)).collect();
        let step = if thorough { 1 } else { 1 + edits.len() / 2 };
        for edits in edits.iter().skip(read % step).step_by(step) {
            promise(&doc, edits);
            done += 1;
        }
    }
    eprintln!("{read} configs, {done} edits");
    assert!(read == 0 || done > read, "{read} configs, {done} edits");
}

//! Public data that lies beside the checkout and is not part of the project: configs and the real program's verdicts.

use serde_json::Value;
use std::env;
use std::fs;
use std::path::PathBuf;

/// Is a folder of the data; none, with a message, where it is absent. `OPENCLAW_HARDEN_SHARED` names another place.
pub fn folder(name: &str) -> Option<PathBuf> {
    let root = match env::var_os("OPENCLAW_HARDEN_SHARED") {
        Some(root) => PathBuf::from(root),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
    };
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is absent; set OPENCLAW_HARDEN_SHARED", folder.display());
    None
}

/// A config with what the real program says of it.
pub struct Case {
    /// Its file name.
    pub name: String,
    /// Its bytes.
    pub config: Vec<u8>,
    /// The verdict that lies beside it.
    pub verdict: Value,
}

/// Is the configs of a folder whose verdict is in a file of the same name with another ending, in order.
pub fn cases(folder: &str, ending: &str) -> Vec<Case> {
    let Some(folder) = self::folder(folder) else {
        return Vec::new();
    };
    let mut cases = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "json5") {
            continue;
        }
        let verdict = fs::read(path.with_extension(ending)).expect("a verdict");
        cases.push(Case {
            name: path.file_stem().expect("a name").to_string_lossy().into_owned(),
            config: fs::read(&path).expect("a config"),
            verdict: serde_json::from_slice(&verdict).expect("JSON"),
        });
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

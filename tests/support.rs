//! What several tests need: configs to work on.

use openclaw_harden::posture::{Engine, Means};
use openclaw_harden::settings::Facts;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A config to work on.
pub struct Sample {
    /// Its file's name without the ending.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What OpenClaw 2026.9.6 says of it, where that is known.
    pub verdict: Option<serde_json::Value>,
}

/// Whether OpenClaw accepts a config of which it said this.
pub fn is_accepted(verdict: &serde_json::Value) -> bool {
    let issues = verdict["issues"].as_array().map_or(&[][..], Vec::as_slice);
    // Whether a program is there is not for a judge of configs to say.
    let is_of_program = |issue: &serde_json::Value| {
        issue["message"].as_str().is_some_and(|message| message.contains("is not readable"))
    };
    verdict.is_array() || verdict["valid"] == true || !issues.is_empty() && issues.iter().all(is_of_program)
}

/// Is the folder of public configs beside the project, where it is there.
pub fn shared() -> Option<PathBuf> {
    let folder = match std::env::var_os("OPENCLAW_HARDEN_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
    };
    if folder.join("openclaw/corpus").is_dir() {
        return Some(folder);
    }
    eprintln!("{} is not there: the project's own configs are tested alone", folder.display());
    None
}

/// Is the project's own configs, and the public ones where they are there.
pub fn samples() -> Vec<Sample> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openclaw/configs")];
    if let Some(shared) = shared() {
        folders.push(shared.join("openclaw/corpus"));
        folders.push(shared.join("openclaw/snippets"));
    }
    let mut samples = Vec::new();
    for folder in folders {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
            .expect("the folder of samples")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        for path in paths.into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "json5")) {
            let beside = |ending: &str| {
                let text = std::fs::read(path.with_extension(ending)).ok()?;
                serde_json::from_slice(&text).ok()
            };
            samples.push(Sample {
                name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
                bytes: std::fs::read(&path).expect("a sample"),
                verdict: beside("meta.json").or_else(|| beside("expected.json")),
            });
        }
    }
    assert!(samples.len() >= 20, "only {} samples", samples.len());
    samples
}

/// Is what is known of a machine that has nothing but a home.
pub fn facts() -> Arc<Facts> {
    let home = PathBuf::from("/home/ann");
    Arc::new(Facts { state_dir: Some(home.join(".openclaw")), home: Some(home), ..Facts::default() })
}

/// Is what a plan may count on there, its secrets always the same.
pub fn means(engine: Engine) -> Means {
    Means {
        engine,
        gateway_secret: "0123456789abcdef0123456789abcdef0123456789abcdef".into(),
        hooks_secret: "fedcba9876543210fedcba9876543210fedcba9876543210".into(),
        ..Means::default()
    }
}

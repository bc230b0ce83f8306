//! What several tests need: configs to work on.

use crate::shared;
use std::fs;
use std::path::Path;

/// A config to work on.
pub struct Sample {
    /// Its file's name without the ending.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Is the project's own configs, and the public ones where they are there.
pub fn samples() -> Vec<Sample> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/openclaw/configs")];
    folders.extend(["openclaw/corpus", "openclaw/snippets"].into_iter().filter_map(shared::folder));
    let mut samples = Vec::new();
    for folder in folders {
        let entries = fs::read_dir(&folder).expect("the folder of samples");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        samples.extend(paths.iter().filter(|path| path.extension().is_some_and(|ending| ending == "json5")).map(
            |path| Sample {
                name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
                bytes: fs::read(path).expect("a sample"),
            },
        ));
    }
    assert!(samples.len() >= 20, "only {} samples", samples.len());
    samples
}

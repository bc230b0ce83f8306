//! The other installations of a user: an administrator should know which one is meant, and that there are more.

use super::Places;
use std::path::PathBuf;

/// Is the other configs in a home: of profiles, and of the folder's first name. Sorted, without the one that is used.
pub fn others(places: &Places) -> Vec<PathBuf> {
    let used = places.config.canonicalize().unwrap_or_else(|_| places.config.clone());
    let entries = std::fs::read_dir(&places.home).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        matches!(&*name, ".openclaw" | ".clawdbot") || name.starts_with(".openclaw-")
    });
    let configs = folders.flat_map(|entry| ["openclaw.json", "clawdbot.json"].map(|name| entry.path().join(name)));
    let mut found: Vec<PathBuf> =
        configs.filter(|config| config.is_file() && config.canonicalize().is_ok_and(|config| config != used)).collect();
    found.sort();
    found
}

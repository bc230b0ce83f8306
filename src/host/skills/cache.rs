//! What was judged before, so that what did not change is not read again. Never trusted for anything that changed.

use super::tree::Listing;
use crate::skills::{Content, EDITION, Judged};
use crate::store;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// A change within this many seconds before it was read may still be going on: such a tree is read again.
const FRESH: i64 = 3;

/// A tree as it was judged.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Known {
    listing: Listing,
    pub(super) content: Content,
    pub(super) judged: Judged,
}

impl Known {
    /// Is what was judged, to be kept; none for a tree that changed just now.
    pub(super) fn new(listing: &Listing, content: &Content, judged: &Judged) -> Option<Self> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs() as i64);
        let is_fresh = listing.entries.values().any(|stamp| stamp.changed() > now - FRESH);
        let known = || Known { listing: listing.clone(), content: content.clone(), judged: judged.clone() };
        (!is_fresh).then(known)
    }

    /// Whether the tree is still the one that was judged.
    pub(super) fn is(&self, listing: &Listing) -> bool {
        self.listing == *listing
    }
}

/// What was judged before, by the path of the folder.
#[derive(Default, Serialize, Deserialize)]
pub(super) struct Cache {
    edition: u32,
    program: String,
    pub(super) trees: BTreeMap<PathBuf, Known>,
}

impl Cache {
    /// Reads what was kept; what cannot be used is as good as nothing.
    pub(super) fn read(path: &Path) -> Self {
        let read = store::look(path).ok().flatten();
        let cache: Option<Cache> = read.and_then(|read| serde_json::from_slice(&read.bytes).ok());
        cache.filter(|cache| cache.edition == EDITION && cache.program == PROGRAM).unwrap_or_default()
    }

    /// Keeps it. That it cannot be kept costs time alone.
    pub(super) fn keep(path: &Path, trees: BTreeMap<PathBuf, Known>) {
        let cache = Cache { edition: EDITION, program: PROGRAM.to_owned(), trees };
        let Ok(bytes) = serde_json::to_vec(&cache) else {
            return;
        };
        let Some(folder) = path.parent() else {
            return;
        };
        _ = replace(folder, path, &bytes);
    }
}

const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// Puts a file in place in one step, for its owner alone. No backup: it can be made again.
fn replace(folder: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    _ = std::fs::remove_file(&draft);
    let mut file = std::fs::File::options().write(true).create_new(true).mode(0o600).open(&draft)?;
    let written = file.write_all(bytes).and_then(|()| std::fs::rename(&draft, path));
    if written.is_err() {
        _ = std::fs::remove_file(&draft);
    }
    written
}

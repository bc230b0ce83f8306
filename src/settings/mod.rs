//! What OpenClaw means by the document: references, defaults, roster of agents, tool policy, channels, gateway.
//!
//! [`Settings::load`] gives the config as OpenClaw loads it, under the names of 2026.9.6. Checks and controls read that, never the raw
//! file; what they propose to write is named by the path that the file has ([`Settings::file_path`], [`Shape::place`]).

mod channels;
pub mod dotenv;
mod facts;
mod gateway;
mod models;
mod mounts;
mod reads;
mod references;
pub mod retired;
mod roster;
pub mod schema;
mod skills;
mod state;
pub mod tools;
mod version;
mod workspaces;

pub use channels::{ChannelNode, is_open, is_wildcard, senders_key};
pub use facts::{Facts, FileFact, FileRole, McpRegistry};
pub use gateway::{Auth, AuthMode, Gateway};
pub use models::Model;
pub use mounts::dangerous_bind;
pub use reads::Sections;
pub use references::{Secret, is_reference};
pub use roster::Agent;
pub use skills::Fit;
pub use state::{Approvals, BrowserContainer, BrowserContainers, Install, Limit};
pub use version::{Shape, Version};
pub use workspaces::Workspace;

use crate::document::{Change, Edit, Path, Seg};
use reads::{Kept, Reads, section_of};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The config as OpenClaw loads it, and what is known beside it.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The document's value, under today's names: what an early version names otherwise stands where it stands today.
    source: Arc<Value>,
    /// The document's value as the file has it, where that is not the same.
    file: Option<Arc<Value>>,
    /// The value as loaded: variables put in, roster keyed, channel defaults filled in.
    loaded: Arc<Value>,
    /// What is known of the machine.
    pub facts: Arc<Facts>,
    /// Where a legacy `agents.list` holds each agent.
    listed: BTreeMap<String, usize>,
    /// The places whose variable is not set: their value counts as absent.
    unresolved: Vec<Path>,
    /// The agents' tool settings, once somebody has asked for them.
    contexts: Kept<Vec<tools::ToolContext>>,
    /// Where the agents stand, once somebody has asked for them.
    roster: Kept<Vec<roster::Entry>>,
    /// Where the objects of the channels stand, once somebody has asked for them.
    nodes: Kept<Vec<channels::Entry>>,
    /// The models that the config names, once somebody has asked for them.
    models: Kept<Vec<Model>>,
    reads: Reads,
}

impl Settings {
    /// Reads a document's value as OpenClaw would load it. Never fails: what has the wrong shape counts as absent.
    pub fn load(source: impl Into<Arc<Value>>, facts: Arc<Facts>) -> Self {
        let source = source.into();
        let (source, file) = match facts.openclaw.shape().today(&source) {
            Some(today) => (Arc::new(today), Some(source)),
            None => (source, None),
        };
        let mut loaded = (*source).clone();
        let unresolved = references::put_in_variables(&mut loaded, &facts);
        let listed = roster::key_by_id(&mut loaded);
        channels::fill_in_defaults(&mut loaded);
        Settings {
            source,
            file,
            loaded: Arc::new(loaded),
            facts,
            listed,
            unresolved,
            contexts: Kept::default(),
            roster: Kept::default(),
            nodes: Kept::default(),
            models: Kept::default(),
            reads: Reads::default(),
        }
    }

    /// Is a copy for another thread: what is read of settings is noted, for one reader at a time.
    pub fn for_another_thread(&self) -> Self {
        self.clone()
    }

    /// Is the same settings beside files with other modes, on which nothing that is loaded depends.
    pub fn with_files(&self, files: Vec<FileFact>) -> Self {
        let mut settings = self.clone();
        if files != self.facts.files {
            settings.facts = Arc::new(Facts { files, ..(*self.facts).clone() });
        }
        settings
    }

    /// Is the files of the installation that are there.
    pub fn files(&self) -> &[FileFact] {
        self.note(Sections::FILES);
        &self.facts.files
    }

    /// Is the sections that read otherwise after edits.
    pub fn changed_by<'e>(&self, edits: impl IntoIterator<Item = &'e Edit>) -> Sections {
        let changed = Sections::changed_by(edits);
        match self.shape() {
            Shape::Current => changed,
            // What an early version names otherwise stands elsewhere than the edit says.
            _ if changed == Sections::default() => changed,
            _ => Sections::ALL,
        }
    }

    /// Is the document's value as the file has it.
    pub fn written(&self) -> &Arc<Value> {
        self.note(Sections::ALL);
        self.file.as_ref().unwrap_or(&self.source)
    }

    /// Is the shape of config that the version reads.
    pub fn shape(&self) -> Shape {
        self.facts.openclaw.shape()
    }

    /// Does edits to the source, and loads what they touch anew: the same as loading the edited source, for less.
    ///
    /// A section of the loaded value depends on that section of the source and on the variables, and on nothing else.
    pub fn edit(&mut self, edits: &[Edit]) {
        if self.file.is_some() || self.shape() != Shape::Current {
            let mut file = self.file.take().unwrap_or_else(|| std::mem::take(&mut self.source));
            let value = Arc::make_mut(&mut file);
            edits.iter().for_each(|edit| edit.apply(value));
            *self = Settings::load(file, self.facts.clone());
            return;
        }
        let agents = self.agents_within(edits);
        let nodes_stay = edits.iter().all(|edit| self.keeps_nodes(edit));
        let source = Arc::make_mut(&mut self.source);
        edits.iter().for_each(|edit| edit.apply(source));
        let sections: Option<Vec<&str>> = edits.iter().map(section_of).collect();
        match sections {
            Some(mut sections) if self.source.is_object() && self.loaded.is_object() => {
                // In this order the first of them that are new stand where they would if each edit was done by itself.
                let mut known = BTreeSet::new();
                sections.retain(|section| known.insert(*section));
                for section in sections {
                    match (section, &agents) {
                        ("agents", Some(agents)) => agents.iter().for_each(|agent| self.load_agent(agent)),
                        ("channels", _) if nodes_stay => self.load_holders(edits),
                        _ => self.load_section(section),
                    }
                }
                let changed = Sections::changed_by(edits);
                self.models.forget(changed);
                match agents {
                    Some(agents) => self.renew_contexts(&agents),
                    None => {
                        self.contexts.forget(changed);
                        self.roster.forget(changed);
                    }
                }
                if !nodes_stay {
                    self.nodes.forget(changed);
                }
            }
            _ => *self = Settings::load(std::mem::take(&mut self.source), self.facts.clone()),
        }
    }

    /// Is the agents in whose entries all edits lie that agents depend on; none where one may lie elsewhere, or changes which agents
    /// there are.
    fn agents_within(&self, edits: &[Edit]) -> Option<BTreeSet<String>> {
        let mut within = BTreeSet::new();
        for edit in edits {
            let agent = match edit.path.segs() {
                [Seg::Key(section), ..] if !matches!(section.as_str(), "agents" | "tools") => continue,
                [_, Seg::Key(entries), Seg::Key(id), _, ..]
                    if entries == "entries" && !self.listed.contains_key(id.as_str()) =>
                {
                    id.as_str()
                }
                [_, Seg::Key(list), Seg::Index(index), Seg::Key(key), ..] if list == "list" && key != "id" => {
                    self.listed.iter().find(|(_, listed)| *listed == index)?.0
                }
                _ => return None,
            };
            // One that is implied stands nowhere yet.
            self.file_path(&Path::from("agents.entries").key(agent)).of(&self.source)?.as_object()?;
            within.insert(agent.to_owned());
        }
        Some(within)
    }

    /// Whether an edit leaves every object of the channels where it is: it changes a member that is none, before and after.
    fn keeps_nodes(&self, edit: &Edit) -> bool {
        let [Seg::Key(section), _, _, ..] = edit.path.segs() else {
            return false;
        };
        let is_flat = |value: &Value| match value {
            Value::Array(items) => items.iter().all(|item| !item.is_object()),
            value => !value.is_object(),
        };
        let is_flat_after = match &edit.change {
            Change::Set(new) | Change::Add(new) => is_flat(new),
            Change::Remove | Change::Comment(_) => true,
        };
        // These make an object a reference to a secret, or no longer one.
        let is_of_reference = matches!(edit.path.last_key(), None | Some("source" | "id"));
        let is_object = |path: Path| path.of(&self.source).is_some_and(Value::is_object);
        section != "channels"
            || is_flat_after
                && !is_of_reference
                && edit.path.of(&self.source).is_none_or(is_flat)
                && edit.path.parent().is_some_and(is_object)
    }

    /// Loads the entry of an agent, the only part of `agents` that changed.
    fn load_agent(&mut self, agent: &str) {
        let at = Path::from("agents.entries").key(agent);
        let source = self.file_path(&at);
        let Some(mut entry) = self.load_place(&source) else {
            return;
        };
        if let Some(members) = entry.as_object_mut() {
            members.shift_remove("default");
            if self.listed.contains_key(agent) {
                members.shift_remove("id");
            }
        }
        Edit::set(at, entry).apply(Arc::make_mut(&mut self.loaded));
    }

    /// Loads the objects of channels of which edits change members that are no objects.
    fn load_holders(&mut self, edits: &[Edit]) {
        let within = edits.iter().filter(|edit| section_of(edit) == Some("channels"));
        let holders: BTreeSet<Path> = within.filter_map(|edit| edit.path.parent()).collect();
        for holder in holders {
            if let Some(value) = self.load_place(&holder) {
                Edit::set(holder, value).apply(Arc::make_mut(&mut self.loaded));
            }
        }
        channels::fill_in_defaults(Arc::make_mut(&mut self.loaded));
    }

    /// Is what stands at a place of the source, its variables put in; none where nothing does.
    fn load_place(&mut self, at: &Path) -> Option<Value> {
        self.unresolved.retain(|path| !path.is_within(at));
        let mut value = at.of(&self.source)?.clone();
        self.unresolved.extend(references::put_into_place(&mut value, at, &self.source, &self.facts));
        Some(value)
    }

    fn load_section(&mut self, name: &str) {
        let section = self.load_place(&Path::root().key(name));
        let Some(loaded) = Arc::make_mut(&mut self.loaded).as_object_mut() else {
            return;
        };
        match section {
            Some(section) => drop(loaded.insert(name.to_owned(), section)),
            None => drop(loaded.shift_remove(name)),
        }
        match name {
            "agents" => self.listed = roster::key_by_id(Arc::make_mut(&mut self.loaded)),
            "channels" => channels::fill_in_defaults(Arc::make_mut(&mut self.loaded)),
            _ => {}
        }
    }

    /// Is the whole document's value, under today's names.
    pub fn source(&self) -> &Value {
        self.note(Sections::ALL);
        &self.source
    }

    /// Is the loaded value at the place that `inner` names below a path, as in `sandbox.mode`; none where it is absent or null.
    pub fn below(&self, path: &Path, inner: &str) -> Option<&Value> {
        Path::find(inner, self.at(path)?).filter(|value| !value.is_null())
    }

    /// Is what the document has at a path, by its name of today.
    pub fn source_at(&self, path: &Path) -> Option<&Value> {
        self.reads.note_path(path);
        path.of(&self.source)
    }

    /// Is what the document has at a path, by its name of today.
    fn source_get(&self, path: &str) -> Option<&Value> {
        self.reads.note_text(path);
        Path::find(path, &self.source)
    }

    /// Is the whole value as loaded.
    pub fn loaded(&self) -> &Value {
        self.note(Sections::ALL);
        &self.loaded
    }

    /// Is the loaded value at a path, null or not; none where it is absent.
    pub fn loaded_at(&self, path: &Path) -> Option<&Value> {
        self.reads.note_path(path);
        path.of(&self.loaded)
    }

    /// Notes that sections are read in another way than from here.
    pub fn note(&self, read: Sections) {
        self.reads.note(read);
    }

    /// Is what somebody works out from these settings, and the sections that were read for it.
    pub fn reads_of<T>(&self, work_out: impl FnOnce(&Self) -> T) -> (T, Sections) {
        self.reads.of(|| work_out(self))
    }

    /// Is the loaded value at a path; none where it is absent or null.
    pub fn get(&self, path: &str) -> Option<&Value> {
        self.reads.note_text(path);
        Path::find(path, &self.loaded).filter(|value| !value.is_null())
    }

    /// Is the loaded value at a path; none where it is absent or null.
    pub fn at(&self, path: &Path) -> Option<&Value> {
        self.reads.note_path(path);
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
        self.reads.note_path(path);
        self.unresolved.contains(path)
    }

    /// Is the path that the file has for a loaded one: a legacy roster is a list.
    pub fn file_path(&self, loaded: &Path) -> Path {
        self.reads.note_path(loaded);
        match loaded.segs() {
            [Seg::Key(agents), Seg::Key(entries), Seg::Key(id), rest @ ..]
                if agents == "agents" && entries == "entries" =>
            {
                match self.listed.get(id.as_str()) {
                    Some(index) => Path::from("agents.list").index(*index).join(rest.iter().cloned().collect::<Path>()),
                    None => loaded.clone(),
                }
            }
            _ => loaded.clone(),
        }
    }

    /// Is a variable as OpenClaw sees it: the environment, `<state>/.env`, then `env.vars` of the config. Blank counts as unset.
    pub fn var(&self, name: &str) -> Option<&str> {
        self.reads.note_text("env");
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn facts() -> Arc<Facts> {
        let env = [("A".to_owned(), "from outside".to_owned())];
        Arc::new(Facts { env: env.into(), ..Facts::default() })
    }

    /// Every value that an edit may leave, and every section that is loaded in its own way.
    fn edits() -> Vec<Vec<Edit>> {
        vec![
            vec![Edit::set("gateway.auth.token", "${A}"), Edit::set("tools.deny", json!(["${MISSING}"]))],
            vec![Edit::set("env.vars.MISSING", "no longer")],
            vec![Edit::remove("gateway.auth"), Edit::remove("nothing.here")],
            vec![Edit::set("agents.list[1].tools.deny", json!(["exec"])), Edit::set("session.dmScope", "main")],
            vec![Edit::set("agents.list[1].sandbox", json!({"mode": "all"})), Edit::remove("agents.list[0].default")],
            vec![Edit::set("channels.irc.accounts.two.dmPolicy", "open"), Edit::add("channels.irc.allowFrom", "x")],
            vec![Edit::set("channels.irc.accounts.two.groups", json!({"-1": {"topics": {"7": {}}}}))],
            vec![Edit::set("channels.irc.accounts.two.groups.-1.source", "env")],
            vec![Edit::set("channels.irc.accounts.two.groups.-1.id", "NAME")],
            vec![Edit::set("agents.list[0].id", "other")],
            vec![Edit::set("tools.profile", "minimal"), Edit::set("agents.list[0].tools.profile", "full")],
            vec![Edit::remove("agents.list"), Edit::add("agents.defaults.skills", "notes")],
            vec![Edit::remove("agents")],
            vec![Edit::set("channels.irc.accounts.one", json!({"dmPolicy": "${A}"})), Edit::remove("channels.irc.x")],
            vec![Edit::remove("channels")],
            vec![Edit::set("gateway", json!({"__proto__": 1, "bind": "${ALSO_MISSING}"}))],
            vec![Edit::set(Path::root(), json!([]))],
            vec![Edit::set("gateway.bind", "lan")],
            vec![Edit::set(Path::root(), json!({}))],
            vec![Edit::set("agents.entries.main.tools.deny", json!(["exec"]))],
        ]
    }

    #[test]
    fn an_edit_is_loaded_as_the_edited_source_is() {
        let sources = [
            json!({}),
            json!(null),
            json!({
                "env": {"vars": {"B": "inside"}},
                "gateway": {"auth": {"token": "${B}", "password": "${MISSING}"}},
                "agents": {"list": [{"id": "main", "default": true}, {"id": "work", "name": "${MISSING}"}]},
                "channels": {"irc": {"x": "${MISSING}", "accounts": {"two": {}}}},
            }),
        ];
        for source in sources {
            let mut edited = Settings::load(source, facts());
            for edits in edits() {
                let _ = (edited.tool_contexts(), edited.agents(), edited.channel_nodes(), edited.models());
                edited.edit(&edits);
                let anew = Settings::load(edited.source.clone(), facts());
                assert_eq!(edited.loaded, anew.loaded, "{edits:?}");
                assert_eq!(edited.listed, anew.listed, "{edits:?}");
                let sorted = |settings: &Settings| settings.unresolved.iter().cloned().collect::<BTreeSet<_>>();
                assert_eq!(sorted(&edited), sorted(&anew), "{edits:?}");
                let kept = |settings: &Settings| {
                    let (contexts, agents) = (settings.tool_contexts(), settings.agents());
                    format!("{contexts:?} {agents:?} {:?} {:?}", settings.channel_nodes(), settings.models())
                };
                assert_eq!(kept(&edited), kept(&anew), "{edits:?}");
            }
        }
    }
}

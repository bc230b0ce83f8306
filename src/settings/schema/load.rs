//! What OpenClaw 2026.9.6 does to a config between reading and judging it, and the way back from its view to the file's text.

use super::forms;
use super::pattern::is_space;
use crate::document::{Path, Seg};
use crate::settings::Facts;
use crate::settings::references::put_in_variables;
use serde_json::{Map, Value};

/// A config as it is judged.
pub(super) struct Loaded {
    /// The value: references filled in, the old roster turned into `agents.entries`, what moves at loading moved.
    pub value: Value,
    /// The agent that an old `default` marker makes the owner, where there are several agents.
    pub old_owner: Option<String>,
    /// Why `agents.list` could not be turned into entries: the position in it, and what is wrong there.
    pub broken_list: Option<(usize, ListFault)>,
    list: Vec<String>,
    implicit_main: bool,
}

/// What keeps an entry of `agents.list` from becoming one of `agents.entries`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListFault {
    /// It is no object, or has no id.
    NoId,
    /// Its id is not written as OpenClaw writes ids.
    Spelling,
    /// Another entry has the same id.
    Twice,
}

/// Is a config with the variables put in that are known here, and nothing else done to it.
pub(super) fn with_variables(source: &Value, facts: &Facts) -> Value {
    let mut value = source.clone();
    put_in_variables(&mut value, facts);
    value
}

impl Loaded {
    /// Does to a config what OpenClaw does when it loads one.
    pub(super) fn new(source: &Value, facts: &Facts) -> Self {
        let value = with_variables(source, facts);
        let mut loaded = Loaded { value, old_owner: None, broken_list: None, list: Vec::new(), implicit_main: false };
        drop_context_budgets(&mut loaded.value);
        drop_copilot_discovery(&mut loaded.value);
        loaded.make_entries();
        loaded.drop_default_markers();
        loaded
    }

    /// Is a path of the judged value as the file has it.
    pub(super) fn in_file(&self, path: Path) -> Path {
        let segs = path.segs();
        let [Seg::Key(agents), Seg::Key(entries), rest @ ..] = segs else {
            return path;
        };
        if agents != "agents" || entries != "entries" {
            return path;
        }
        if self.implicit_main {
            return Path::root().key("agents");
        }
        if self.list.is_empty() {
            return path;
        }
        let list = Path::root().key("agents").key("list");
        match rest {
            [Seg::Key(id), rest @ ..] => match self.list.iter().position(|known| known == id) {
                Some(index) => list.index(index).segs().iter().chain(rest).cloned().collect(),
                None => list,
            },
            _ => list,
        }
    }

    /// Turns `agents.list` into `agents.entries`, and no agents at all into an agent `main`.
    fn make_entries(&mut self) {
        let Some(root) = self.value.as_object_mut() else {
            return;
        };
        let agents = root.entry("agents").or_insert_with(|| Map::new().into());
        let Some(agents) = agents.as_object_mut() else {
            return;
        };
        if !agents.contains_key("entries")
            && let Some(list) = agents.get("list")
        {
            match entries_of(list) {
                Ok(entries) => {
                    self.list = entries.keys().cloned().collect();
                    agents.shift_remove("list");
                    agents.insert("entries".into(), entries.into());
                }
                Err(fault) => {
                    self.broken_list = fault;
                    return;
                }
            }
        }
        let absent = agents.get("entries").is_none_or(|entries| entries.as_object().is_some_and(Map::is_empty));
        if absent && agents.get("ownership").and_then(Value::as_str) != Some("explicit") {
            self.implicit_main = true;
            let mut entries = Map::new();
            entries.insert("main".into(), Map::new().into());
            agents.insert("entries".into(), entries.into());
        }
    }

    /// Forgets the `default` markers of old rosters, if exactly one agent bears one.
    fn drop_default_markers(&mut self) {
        let Some(agents) = self.value.get_mut("agents").and_then(Value::as_object_mut) else {
            return;
        };
        if agents.get("ownership").and_then(Value::as_str) == Some("explicit") {
            return;
        }
        let Some(entries) = agents.get_mut("entries").and_then(Value::as_object_mut) else {
            return;
        };
        let mut objects = entries.iter().filter_map(|(id, entry)| Some((id, entry.as_object()?)));
        if objects.any(|(_, entry)| entry.get("default").is_some_and(|marker| !marker.is_boolean())) {
            return;
        }
        let marked = |entry: &Value| entry.get("default") == Some(&Value::Bool(true));
        let mut owners = entries.iter().filter(|(_, entry)| marked(entry)).map(|(id, _)| id.clone());
        let (Some(owner), None) = (owners.next(), owners.next()) else {
            return;
        };
        for entry in entries.values_mut().filter_map(Value::as_object_mut) {
            entry.shift_remove("default");
        }
        let several = entries.values().filter(|entry| entry.is_object()).count() > 1;
        self.old_owner = several.then_some(owner);
    }
}

/// Reads an old list of agents; or says what is wrong where, or nothing if it is no list at all.
fn entries_of(list: &Value) -> Result<Map<String, Value>, Option<(usize, ListFault)>> {
    let mut entries = Map::new();
    for (index, entry) in list.as_array().ok_or(None)?.iter().enumerate() {
        let fault = |fault| Some((index, fault));
        let mut entry = entry.as_object().cloned().ok_or(fault(ListFault::NoId))?;
        let id = match entry.shift_remove("id") {
            Some(Value::String(id)) if !id.is_empty() => id,
            _ => return Err(fault(ListFault::NoId)),
        };
        if agent_id(&id) != id {
            return Err(fault(ListFault::Spelling));
        }
        if entries.contains_key(&id) {
            return Err(fault(ListFault::Twice));
        }
        entries.insert(id, entry.into());
    }
    Ok(entries)
}

/// Whether a text is an agent id as OpenClaw takes it, in either case.
pub(super) fn is_agent_id(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.len() <= 64 && text.bytes().all(is_plain)
}

/// Is an agent id as OpenClaw uses it: lower case, other characters as dashes, `main` if nothing is left.
pub fn agent_id(id: &str) -> String {
    let id = id.trim_matches(is_space);
    let lower = id.to_lowercase();
    if is_agent_id(id) {
        return lower;
    }
    let mut shown = String::new();
    let mut gap = false;
    for c in lower.chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-') {
            shown.push(c);
            gap = false;
        } else if !std::mem::replace(&mut gap, true) {
            shown.push('-');
        }
    }
    let shown: String = shown.trim_matches('-').chars().take(64).collect();
    if shown.is_empty() { "main".into() } else { shown }
}

/// Context sizes of providers go to their models, those of agents go.
fn drop_context_budgets(root: &mut Value) {
    if let Some(providers) = root.pointer_mut("/models/providers").and_then(Value::as_object_mut) {
        for provider in providers.values_mut().filter_map(Value::as_object_mut) {
            for key in ["contextTokens", "contextWindow"] {
                let Some(size) = provider.shift_remove(key) else {
                    continue;
                };
                let models = provider.get_mut("models").and_then(Value::as_array_mut);
                for model in models.into_iter().flatten().filter_map(Value::as_object_mut) {
                    model.entry(key).or_insert_with(|| size.clone());
                }
            }
        }
    }
    let Some(agents) = root.get_mut("agents").and_then(Value::as_object_mut) else {
        return;
    };
    let forget = |agent: &mut Value| agent.as_object_mut().and_then(|agent| agent.shift_remove("contextTokens"));
    agents.get_mut("defaults").map(forget);
    if let Some(entries) = agents.get_mut("entries").and_then(Value::as_object_mut) {
        entries.values_mut().for_each(|agent| drop(forget(agent)));
    }
    if let Some(list) = agents.get_mut("list").and_then(Value::as_array_mut) {
        list.iter_mut().for_each(|agent| drop(forget(agent)));
    }
}

fn drop_copilot_discovery(root: &mut Value) {
    let config = root.pointer_mut("/plugins/entries/github-copilot/config").and_then(Value::as_object_mut);
    let Some(config) = config else { return };
    let Some(discovery) = config.get_mut("discovery").and_then(Value::as_object_mut) else {
        return;
    };
    discovery.shift_remove("enabled");
    if discovery.is_empty() {
        config.shift_remove("discovery");
    }
}

/// Whether a text names a provider's model: `provider/model` or `provider/.../*`.
pub(super) fn is_model_rule(text: &str) -> bool {
    let text = text.trim_matches(is_space);
    let parts: Vec<&str> = text.split('/').map(|part| part.trim_matches(is_space)).collect();
    let plain = |part: &&str| !part.is_empty() && !part.contains(|c: char| c == '*' || is_space(c) || c.is_control());
    match parts.split_last() {
        Some((&"*", rest)) => !rest.is_empty() && rest.iter().all(plain),
        _ => forms::is_model(text) && parts.iter().all(plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn load(source: Value) -> Loaded {
        Loaded::new(&source, &Facts::default())
    }

    #[test]
    fn a_file_without_agents_has_the_agent_main() {
        let loaded = load(json!({}));
        assert_eq!(loaded.value["agents"]["entries"], json!({"main": {}}));
        assert_eq!(loaded.in_file(Path::from("agents.entries.main.x")).to_string(), "agents");
    }

    #[test]
    fn an_old_list_becomes_entries_and_paths_lead_back() {
        let loaded = load(json!({"agents": {"list": [{"id": "a"}, {"id": "b", "default": true}]}}));
        assert_eq!(loaded.value["agents"], json!({"entries": {"a": {}, "b": {}}}));
        assert_eq!(loaded.old_owner.as_deref(), Some("b"));
        let back = |path| loaded.in_file(Path::from(path)).to_string();
        assert_eq!(back("agents.entries.b.tools.deny[0]"), "agents.list[1].tools.deny[0]");
        assert_eq!(back("agents.entries"), "agents.list");
        assert_eq!(back("agents.defaults"), "agents.defaults");
    }

    #[test]
    fn a_list_that_cannot_be_turned_stays_and_says_where() {
        let broken = |list| load(json!({"agents": {"list": list}})).broken_list;
        assert_eq!(broken(json!([{"id": "a"}, {}])), Some((1, ListFault::NoId)));
        assert_eq!(broken(json!([{"id": "A"}])), Some((0, ListFault::Spelling)));
        assert_eq!(broken(json!([{"id": "a"}, {"id": "a"}])), Some((1, ListFault::Twice)));
    }

    #[test]
    fn references_are_filled_from_the_nearest_source() {
        let mut facts = Facts::default();
        facts.env.insert("A".into(), "env".into());
        facts.state_env.insert("A".into(), "state".into());
        facts.state_env.insert("B".into(), "state".into());
        let source = json!({"env": {"vars": {"B": "file", "C": "file"}}, "x": "${A} ${B} ${C} ${D} $${A} ${a} $"});
        let loaded = Loaded::new(&source, &facts);
        assert_eq!(loaded.value["x"], "env state file ${D} ${A} ${a} $");
    }

    #[test]
    fn context_sizes_move_to_the_models() {
        let loaded =
            load(json!({"models": {"providers": {"p": {"contextWindow": 5, "models": [{}, {"contextWindow": 6}]}}}}));
        assert_eq!(
            loaded.value["models"]["providers"]["p"],
            json!({"models": [{"contextWindow": 5}, {"contextWindow": 6}]})
        );
    }

    #[test]
    fn agent_ids_are_spelled_as_openclaw_spells_them() {
        for (id, spelled) in
            [("Work", "work"), (" a b ", "a-b"), ("--", "main"), ("日本", "main"), ("x__y", "x__y"), ("_a", "_a")]
        {
            assert_eq!(agent_id(id), spelled, "{id}");
        }
    }

    #[test]
    fn rules_for_models_are_exact_or_end_in_a_star() {
        for good in ["a/b", "a/*", "a/b/*", "a/b/c"] {
            assert!(is_model_rule(good), "{good}");
        }
        for bad in ["a", "*", "a/b*", "a//b", "/b", "a/ b c"] {
            assert!(!is_model_rule(bad), "{bad}");
        }
    }
}

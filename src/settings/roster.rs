//! The roster of agents: `agents.entries`, or a legacy `agents.list`, or an agent `main` where there is neither.

use super::Settings;
use crate::document::Path;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// An agent of the roster.
#[derive(Clone, Debug)]
pub struct Agent<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its loaded entry.
    pub entry: &'a Value,
    /// Where its entry is loaded, as in `agents.entries.main`.
    pub path: &'a Path,
    /// Where the file has its entry; none where the roster is implied.
    pub file_path: Option<&'a Path>,
}

/// What is kept of an agent: where it stands.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    path: Path,
    file_path: Option<Path>,
}

impl Settings {
    /// Is the agents, in the file's order.
    pub fn agents(&self) -> Vec<Agent<'_>> {
        let roster = self.roster.of(&self.reads, || {
            let at = Path::from("agents.entries");
            let entries = self.entries().map(|(id, _)| {
                let path = at.key(id.as_str());
                let file_path = Some(self.file_path(&path)).filter(|path| self.source_at(path).is_some());
                Entry { path, file_path }
            });
            entries.collect()
        });
        let agents = self.entries().zip(roster).map(|((id, entry), Entry { path, file_path })| Agent {
            id,
            entry,
            path,
            file_path: file_path.as_ref(),
        });
        agents.collect()
    }

    fn entries(&self) -> impl Iterator<Item = (&String, &Value)> {
        let entries = self.get("agents.entries").and_then(Value::as_object);
        entries.into_iter().flatten().filter(|(_, entry)| entry.is_object())
    }
}

/// Keys the roster by id as the loader does. Is where a legacy list holds each agent.
///
/// Of a list that the loader refuses (an id that is missing, blank or there twice) what can be read is read.
pub(super) fn key_by_id(loaded: &mut Value) -> BTreeMap<String, usize> {
    let mut listed = BTreeMap::new();
    let Some(root) = loaded.as_object_mut() else {
        return listed;
    };
    let agents = root.entry("agents").or_insert_with(|| json!({}));
    let Some(agents) = agents.as_object_mut() else {
        return listed;
    };
    if !agents.contains_key("entries")
        && let Some(Value::Array(list)) = agents.get("list")
    {
        let mut entries = Map::new();
        for (index, item) in list.iter().enumerate() {
            if let Some((id, entry)) = split_id(item)
                && !entries.contains_key(&id)
            {
                entries.insert(id.clone(), entry);
                listed.insert(id, index);
            }
        }
        agents.remove("list");
        agents.insert("entries".into(), Value::Object(entries));
    }
    let explicit = agents.get("ownership").and_then(Value::as_str) == Some("explicit");
    match agents.get_mut("entries") {
        None if explicit => {}
        None => {
            agents.insert("entries".into(), json!({ "main": {} }));
        }
        Some(Value::Object(entries)) if entries.is_empty() && !explicit => {
            entries.insert("main".into(), json!({}));
        }
        Some(Value::Object(entries)) => {
            // A retired marker; it decides nothing that is hardened here.
            for entry in entries.values_mut().filter_map(Value::as_object_mut) {
                entry.shift_remove("default");
            }
        }
        Some(_) => {}
    }
    listed
}

fn split_id(item: &Value) -> Option<(String, Value)> {
    let mut entry = item.as_object()?.clone();
    let id = entry.shift_remove("id")?.as_str()?.to_owned();
    let normal = !id.is_empty() && id.trim() == id && id == id.to_lowercase();
    normal.then_some((id, Value::Object(entry)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(source: Value) -> Vec<(String, Option<String>)> {
        Settings::load(source, Default::default())
            .agents()
            .iter()
            .map(|agent| (agent.id.to_owned(), agent.file_path.map(Path::to_string)))
            .collect()
    }

    #[test]
    fn an_absent_roster_is_an_agent_main_that_the_file_does_not_have() {
        assert_eq!(ids(json!({})), [("main".to_owned(), None)]);
        assert_eq!(ids(json!({"agents": {"entries": {}}})), [("main".to_owned(), None)]);
        assert_eq!(ids(json!({"agents": {"ownership": "explicit"}})), []);
    }

    #[test]
    fn a_legacy_list_is_keyed_and_keeps_its_place_in_the_file() {
        let source = json!({"agents": {"list": [{"id": "a", "default": true}, {"id": "b"}]}});
        assert_eq!(
            ids(source),
            [("a".to_owned(), Some("agents.list[0]".to_owned())), ("b".to_owned(), Some("agents.list[1]".to_owned()))]
        );
    }

    #[test]
    fn of_a_list_that_the_loader_refuses_the_readable_part_is_read() {
        assert_eq!(
            ids(json!({"agents": {"list": [{"id": "a"}, {"id": "a"}, {}]}})),
            [("a".to_owned(), Some("agents.list[0]".to_owned()))]
        );
    }
}

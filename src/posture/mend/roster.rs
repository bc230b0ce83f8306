//! Mends of the roster of agents, and of what refers to it.

use super::repair::{Attempt, REMOVE, Repair, one};
use crate::document::{Edit, Path, Seg};
use crate::posture::{Choice, Weight};
use crate::settings::schema::{self, IssueKind};
use crate::text::Text;
use serde_json::{Value, json};

impl Attempt<'_> {
    /// What mends the roster, and what refers to it.
    pub(super) fn roster(&self) -> Option<Repair> {
        const FIRST: Text = Text {
            en: "Agent {id} goes on answering what no binding assigns, as the first agent always did.",
            ja: "バインディングのない会話は、これまでどおり先頭のエージェント {id} が受け持ちます。",
        };
        const EXPLICIT: Text = Text {
            en: "What no binding assigns is then answered by no agent.",
            ja: "バインディングのない会話には、どのエージェントも応答しなくなります。",
        };
        const ONE: Text = Text {
            en: "Only the first agent keeps the mark, as before.",
            ja: "目印は、これまで効いていた先頭のエージェントだけに残します。",
        };
        const SPELLED: Text = Text {
            en: "The same agent, as OpenClaw spells it.",
            ja: "同じエージェントを OpenClaw の表記で書きます。",
        };
        const SECOND: Text = Text {
            en: "Two agents have this id. The first one has always answered; this one goes.",
            ja: "同じ id のエージェントが2つあります。これまで応答していた先頭のものを残し、こちらを削除します。",
        };
        const NAMELESS: Text = Text {
            en: "An agent without id and name has never answered: it goes.",
            ja: "id も名前もないエージェントは応答したことがないため、削除します。",
        };
        const LIST: Text = Text {
            en: "The same agents, where OpenClaw looks for them.",
            ja: "同じエージェントを、OpenClaw が読む場所に移します。",
        };
        const NEAR: Text = Text {
            en: "There is no agent {id}; this one has the nearest name.",
            ja: "エージェント {id} はありません。名前が最も近いものにします。",
        };
        const TO_FIRST: Text = Text {
            en: "There is no agent {id}. Older versions gave such conversations to this agent; it stays so.",
            ja: "エージェント {id} はありません。以前のバージョンと同じく、このエージェントが受け持ちます。",
        };
        let path = &self.issue.path;
        let roster = Roster::of(self.root);
        let rule = match self.issue.kind {
            IssueKind::Rule(rule) => rule,
            _ => "",
        };
        match rule {
            "agents.ownership" => {
                let marked: Vec<&(String, Path)> =
                    roster.agents.iter().filter(|(_, at)| roster.is_marked(self.root, at)).collect();
                if self.root.pointer("/agents/ownership") == Some(&json!("explicit")) || marked.len() > 1 {
                    let explicit = self.root.pointer("/agents/ownership") == Some(&json!("explicit"));
                    let others = marked.iter().skip(usize::from(!explicit));
                    let edits: Vec<Edit> = others.map(|(_, at)| Edit::remove(at.key("default"))).collect();
                    let choice = if explicit {
                        Choice::ask("explicit", edits, EXPLICIT)
                    } else {
                        Choice::safe("first", edits, ONE)
                    };
                    return Some(one(choice));
                }
                let (id, first) = roster.agents.first()?;
                let edits = vec![Edit::set(first.key("default"), true)];
                let first = Choice::safe(id.clone(), edits, FIRST.with("id", id));
                let explicit = Choice::ask("explicit", vec![Edit::set("agents.ownership", "explicit")], EXPLICIT);
                Some(Repair { choices: vec![first, explicit], recommended: Some(0) })
            }
            "agents.list" => {
                let entry = path.of(self.root)?;
                let (id, edits, effect) = match (path.last_key(), entry) {
                    (Some("id"), _) => match self.issue.nearest.clone().filter(|id| entry != id.as_str()) {
                        Some(id) => (id.clone(), vec![Edit::set(path, id)], SPELLED),
                        // The first of two always answered.
                        None => (REMOVE.to_owned(), vec![Edit::remove(path.parent()?)], SECOND),
                    },
                    (_, Value::String(name)) => {
                        let id = schema::agent_id(name);
                        (id.clone(), vec![Edit::set(path, json!({ "id": id }))], SPELLED)
                    }
                    _ => match entry.get("name").and_then(Value::as_str).map(schema::agent_id) {
                        Some(id) => (id.clone(), vec![Edit::set(path.key("id"), id)], SPELLED),
                        None => (REMOVE.to_owned(), vec![Edit::remove(path)], NAMELESS),
                    },
                };
                let weight = if effect == SPELLED { Weight::Safe } else { Weight::Ask };
                self.settles(&edits).then(|| one(Choice { weight, ..Choice::safe(id, edits, effect) }))
            }
            "agents.unknown" => {
                let id = path.of(self.root)?.as_str()?.to_owned();
                if matches!(path.segs().last(), Some(Seg::Index(_))) {
                    const OUT: Text = Text {
                        en: "There is no agent {id}: it leaves the list.",
                        ja: "エージェント {id} はないため、リストから外します。",
                    };
                    return Some(one(Choice::ask(REMOVE, vec![Edit::remove(path)], OUT.with("id", id))));
                }
                let owner = roster.owner(self.root)?;
                let mut choices = Vec::new();
                if let Some(near) = &self.issue.nearest {
                    let edits = vec![Edit::set(path, near.as_str())];
                    choices.push(Choice::ask(near.clone(), edits, NEAR.with("id", &id)));
                }
                if self.issue.nearest.as_deref() != Some(owner) {
                    choices.push(Choice::ask(owner, vec![Edit::set(path, owner)], TO_FIRST.with("id", &id)));
                }
                Some(Repair { choices, recommended: Some(0) })
            }
            "" => {
                let list = path.of(self.root)?.as_array()?.clone();
                let edits = if *path == Path::from("agents") {
                    vec![Edit::set(path, json!({ "list": list }))]
                } else {
                    vec![Edit::remove(path), Edit::set("agents.list", list)]
                };
                self.settles(&edits).then(|| one(Choice::safe("agents.list", edits, LIST)))
            }
            _ => None,
        }
    }

    /// What stands in `agents` itself although it is an agent, or the whole roster under the name of the old list.
    pub(super) fn entered(&self) -> Option<Repair> {
        const ENTERED: Text = Text {
            en: "Becomes {path}, where OpenClaw looks for agents.",
            ja: "{path} に移します。OpenClaw はここからエージェントを読みます。",
        };
        let path = &self.issue.path;
        let [Seg::Key(agents), Seg::Key(key)] = path.segs() else { return None };
        let value = path.of(self.root)?;
        let entries = Path::from("agents.entries");
        if agents != "agents" || !value.as_object()?.values().any(Value::is_object) && key == "list" {
            return None;
        }
        let target = if key == "list" { entries } else { entries.key(schema::agent_id(key)) };
        if target.of(self.root).is_some() || key != "list" && self.root.pointer("/agents/list").is_some() {
            return None;
        }
        let edits = vec![Edit::remove(path), Edit::set(&target, value.clone())];
        (self.settles(&edits) && self.loosens_nothing(&edits))
            .then(|| one(Choice::ask(target.to_string(), edits, ENTERED.with("path", &target))))
    }
}

/// The agents of a config.
pub(super) struct Roster {
    /// Each with its id and its place in the file, the first one first.
    pub agents: Vec<(String, Path)>,
}

impl Roster {
    /// Is the agents that a config names.
    pub(super) fn of(root: &Value) -> Self {
        let entries = root.pointer("/agents/entries").and_then(Value::as_object);
        let keyed = entries.into_iter().flatten().map(|(id, _)| (id.clone(), Path::from("agents.entries").key(id)));
        let list = root.pointer("/agents/list").and_then(Value::as_array).filter(|_| entries.is_none());
        let listed =
            list.into_iter().flatten().enumerate().filter_map(|(n, entry)| {
                Some((entry.get("id")?.as_str()?.to_owned(), Path::from("agents.list").index(n)))
            });
        Roster { agents: keyed.chain(listed).collect() }
    }

    fn is_marked(&self, root: &Value, at: &Path) -> bool {
        at.key("default").of(root) == Some(&Value::Bool(true))
    }

    /// Is the agent that answered what no binding assigns, up to 2026.7.
    fn owner(&self, root: &Value) -> Option<&str> {
        let marked = self.agents.iter().find(|(_, at)| self.is_marked(root, at));
        marked.or(self.agents.first()).map(|(id, _)| id.as_str())
    }
}

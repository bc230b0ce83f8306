//! The agents, what refers to them, and what they say of themselves.

use super::{Config, Faults, Rule, rule, text, trimmed};
use crate::document::{Path, member};
use crate::settings::schema::load::{ListFault, agent_id};
use crate::settings::schema::nearest;
use crate::settings::schema::pattern::{is_space, matches};
use crate::text::Text;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Component, PathBuf};

pub(super) const RULES: &[Rule] = &[
    rule!("agents.list", old_list,
        refused: r#"{agents: {list: [{id: "a"}, {id: "a"}]}}"#,
        accepted: r#"{agents: {list: [{id: "a"}]}}"#),
    rule!("agents.none", no_agent,
        refused: r#"{agents: {ownership: "explicit"}}"#,
        accepted: r#"{agents: {ownership: "explicit", entries: {a: {}}}}"#),
    rule!("agents.same_id", same_id,
        refused: r#"{agents: {ownership: "explicit", entries: {a: {}, A: {}}}}"#,
        accepted: r#"{agents: {ownership: "explicit", entries: {a: {}, b: {}}}}"#),
    rule!("agents.ownership", ownership,
        refused: r#"{agents: {entries: {a: {}, b: {}}}}"#,
        accepted: r#"{agents: {ownership: "explicit", entries: {a: {}, b: {}}}}"#),
    rule!("agents.unknown", unknown_agent,
        refused: r#"{agents: {entries: {work: {}}}, bindings: [{agentId: "wrok", match: {channel: "telegram"}}]}"#,
        accepted: r#"{agents: {entries: {work: {}}}, bindings: [{agentId: "work", match: {channel: "telegram"}}]}"#),
    rule!("agents.directories", shared_directory,
        refused: r#"{agents: {ownership: "explicit", entries: {a: {agentDir: "~/x"}, b: {agentDir: "/home/u/x/"}}}}"#,
        accepted: r#"{agents: {ownership: "explicit", entries: {a: {agentDir: "~/x"}, b: {agentDir: "~/y"}}}}"#),
    rule!("agents.avatar", avatar,
        refused: r#"{agents: {entries: {a: {identity: {avatar: "../me.png"}}}}}"#,
        accepted: r#"{agents: {entries: {a: {identity: {avatar: "pictures/me.png"}}}}}"#),
    rule!("bindings.acp_peer", acp_peer,
        refused: r#"{bindings: [{type: "acp", agentId: "main", match: {channel: "telegram"}}]}"#,
        accepted: r#"{bindings: [{type: "acp", agentId: "main", match: {channel: "telegram", peer: {kind: "direct", id: "1"}}}]}"#),
    rule!("broadcast.groups", broadcast_groups,
        refused: r#"{broadcast: {"123": {agents: ["main"]}}}"#,
        accepted: r#"{broadcast: {"telegram:123": {agents: ["main"]}}}"#),
];

fn old_list(config: &Config, faults: &mut Faults) {
    const NO_ID: Text = Text {
        en: "\"{path}\" needs an id: OpenClaw cannot read the old list of agents without it",
        ja: "\"{path}\" に id がありません。旧形式のエージェント一覧を OpenClaw が読み込めません",
    };
    const SPELLING: Text = Text {
        en: "\"{path}\" must be written \"{id}\": OpenClaw cannot read the old list of agents otherwise",
        ja: "\"{path}\" は \"{id}\" と書いてください。旧形式のエージェント一覧を OpenClaw が読み込めません",
    };
    const TWICE: Text = Text {
        en: "\"{path}\" is the id of another agent too",
        ja: "\"{path}\" が他のエージェントの id と同じです",
    };
    let Some((index, fault)) = config.loaded.broken_list else {
        return;
    };
    let entry = Path::from("agents.list").index(index);
    match fault {
        ListFault::NoId => faults.add(entry, NO_ID),
        ListFault::Twice => faults.add(entry.key("id"), TWICE),
        ListFault::Spelling => {
            let path = entry.key("id");
            let id = path.of(config.value).and_then(Value::as_str).map(agent_id).unwrap_or_default();
            let issue = faults.add(path, SPELLING.with("id", &id));
            issue.nearest = Some(id);
            issue
        }
    };
}

fn no_agent(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" must hold at least one agent when ownership is explicit",
        ja: "ownership が \"explicit\" のときは、\"{path}\" にエージェントが1件以上必要です",
    };
    let explicit = config.str("/agents/ownership") == Some("explicit");
    let entries = config.at("/agents/entries");
    if explicit
        && config.loaded.broken_list.is_none()
        && entries.is_none_or(|entries| entries.as_object().is_some_and(|map| map.is_empty()))
    {
        faults.add(Path::from("agents.entries"), TEXT);
    }
}

fn same_id(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" and \"{other}\" are the same agent to OpenClaw; rename one",
        ja: "\"{path}\" と \"{other}\" は OpenClaw では同じエージェントです。どちらかの名前を変えてください",
    };
    let mut first = BTreeMap::new();
    for (key, _) in config.pairs("/agents/entries") {
        if let Some(other) = first.insert(agent_id(key), key) {
            faults.add(Path::from("agents.entries").key(key), TEXT.with("other", other));
        }
    }
}

fn ownership(config: &Config, faults: &mut Faults) {
    const NONE: Text = Text {
        en: "several agents need agents.ownership: \"explicit\"",
        ja: "エージェントが複数あるため、agents.ownership に \"explicit\" が必要です",
    };
    const SEVERAL: Text = Text {
        en: "only one agent can bear default: true; {count} do",
        ja: "default: true は1件だけに設定できます。現在は{count}件です",
    };
    const BOTH: Text = Text {
        en: "ownership \"explicit\" and an agent with default: true exclude each other",
        ja: "ownership の \"explicit\" と、エージェントの default: true は併用できません",
    };
    let Some(entries) = config.map("/agents/entries") else {
        return;
    };
    let marked = entries.values().filter(|entry| member(entry, "default") == Some(&Value::Bool(true))).count();
    let explicit = config.str("/agents/ownership") == Some("explicit");
    if marked > 1 {
        faults.add(Path::from("agents.entries"), SEVERAL.with("count", marked));
    }
    if explicit && marked > 0 {
        faults.add(Path::from("agents.ownership"), BOTH);
    }
    let owned = explicit || marked > 0 || config.loaded.old_owner.is_some();
    if entries.len() > 1 && !owned {
        faults.add(Path::from("agents.ownership"), NONE);
    }
}

fn unknown_agent(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" names an agent that does not exist: \"{id}\"",
        ja: "\"{path}\" のエージェント \"{id}\" はありません",
    };
    let keys: Vec<&str> = config.agents().map(|(id, _)| id.as_str()).collect();
    let ids: Vec<String> = keys.iter().map(|id| agent_id(id)).collect();
    let mut complain = |path: Path, id: &str| {
        let issue = faults.add(path, TEXT.with("id", id));
        issue.allowed = keys.iter().map(|id| (*id).to_owned()).collect();
        issue.nearest = nearest(id, keys.iter().copied()).map(str::to_owned);
    };
    let known = |id: &str| ids.contains(&agent_id(id)) || keys.is_empty() && agent_id(id) == "main";
    for place in ["agents.defaults.heartbeat.agentId", "agents.defaults.systemAgent.agentId", "talk.agentId"] {
        let path = Path::from(place);
        if let Some(id) = path.of(config.value).and_then(Value::as_str).filter(|id| !known(id)) {
            complain(path, id);
        }
    }
    if keys.is_empty() {
        return;
    }
    for (index, binding) in config.items("/bindings") {
        if let Some(id) = text(binding, "agentId").filter(|id| *id != "main" && !known(id)) {
            complain(Path::from("bindings").index(index).key("agentId"), id);
        }
    }
    for (peer, group) in config.pairs("/broadcast").filter(|(peer, _)| *peer != "strategy") {
        let path = Path::from("broadcast").key(peer);
        let (path, members) = match group.get("agents") {
            Some(members) => (path.key("agents"), members),
            None => (path, group),
        };
        for (index, id) in members.as_array().into_iter().flatten().enumerate() {
            if let Some(id) = id.as_str().filter(|id| !keys.contains(id)) {
                complain(path.index(index), id);
            }
        }
    }
}

fn shared_directory(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "the agents \"{one}\" and \"{other}\" share a folder; each needs an agentDir of its own",
        ja: "エージェント \"{one}\" と \"{other}\" のディレクトリが同じです。agentDir をエージェントごとに分けてください",
    };
    if config.agents().all(|(_, entry)| text(entry, "agentDir").is_none()) {
        return;
    }
    let mut first: BTreeMap<PathBuf, String> = BTreeMap::new();
    for (key, entry) in config.agents() {
        let id = agent_id(key);
        let own = text(entry, "agentDir").and_then(trimmed).map(|dir| config.folder(dir));
        let dir = own.or_else(|| Some(config.facts.state_dir.as_ref()?.join("agents").join(&id).join("agent")));
        if let Some(dir) = dir
            && let Some(other) = first.insert(dir, key.clone())
        {
            faults.add(Path::from("agents.entries"), TEXT.with("one", other).with("other", key));
        }
    }
}

impl Config<'_> {
    /// Is a folder as OpenClaw resolves it, links aside.
    fn folder(&self, path: &str) -> PathBuf {
        let home = self.facts.home.as_deref();
        let path = match (path.strip_prefix('~'), home) {
            (Some(rest), Some(home)) if rest.is_empty() || rest.starts_with('/') => {
                home.join(rest.trim_start_matches('/'))
            }
            _ => PathBuf::from(path),
        };
        plain(&path)
    }

    /// Is the workspace of an agent; none where it cannot be known here.
    fn workspace(&self, key: &str, entry: &Value) -> Option<PathBuf> {
        if let Some(own) = text(entry, "workspace").and_then(trimmed) {
            return Some(self.folder(own));
        }
        let owns = self.agents().count() == 1 || self.loaded.old_owner.as_deref() == Some(key);
        let common = self.str("/agents/defaults/workspace").and_then(trimmed).map(|dir| self.folder(dir));
        let state = self.facts.state_dir.as_deref();
        match (common, owns) {
            (Some(common), true) => Some(common),
            (Some(common), false) => Some(common.join(agent_id(key))),
            (None, true) => Some(state?.join("workspace")),
            (None, false) => Some(state?.join(format!("workspace-{}", agent_id(key)))),
        }
    }
}

/// Resolves `.` and `..` by the letter.
fn plain(path: &std::path::Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain.file_name().is_some() => {
                plain.pop();
            }
            Component::ParentDir if plain.has_root() => {}
            part => plain.push(part),
        }
    }
    plain
}

fn avatar(config: &Config, faults: &mut Faults) {
    const KIND: Text = Text {
        en: "\"{path}\" must be a path in the workspace, an http(s) address or a data URI",
        ja: "\"{path}\" に使える値: ワークスペース内の相対パス、http(s) の URL、data URI",
    };
    const OUTSIDE: Text = Text {
        en: "\"{path}\" leads out of the agent's workspace",
        ja: "\"{path}\" がエージェントのワークスペースの外を指しています",
    };
    for (key, entry) in config.agents() {
        let Some(avatar) = Path::find("identity.avatar", entry).and_then(Value::as_str).and_then(trimmed) else {
            continue;
        };
        if matches("^(?:data:|https?:\\/\\/)", avatar, true) {
            continue;
        }
        let path = Path::from("agents.entries").key(key).key("identity").key("avatar");
        let scheme = matches("^[a-z][a-z0-9+.-]*:", avatar, true) && !matches(r"^[a-z]:[\\/]", avatar, true);
        if scheme || avatar.starts_with('~') {
            faults.add(path, KIND);
            continue;
        }
        let inside = if avatar.starts_with('/') {
            config.workspace(key, entry).is_none_or(|workspace| plain(avatar.as_ref()).starts_with(workspace))
        } else {
            !plain(avatar.as_ref()).starts_with("..")
        };
        if !inside {
            faults.add(path, OUTSIDE);
        }
    }
}

fn acp_peer(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "a binding of type acp needs match.peer.id: the conversation it is for",
        ja: "acp のバインディングには、対象の会話を示す match.peer.id が必要です",
    };
    for (index, binding) in config.items("/bindings") {
        let peer = Path::find("match.peer.id", binding).and_then(Value::as_str).and_then(trimmed);
        if text(binding, "type") == Some("acp") && peer.is_none() {
            faults.add(Path::from("bindings").index(index).key("match").key("peer"), TEXT);
        }
    }
}

fn broadcast_groups(config: &Config, faults: &mut Faults) {
    const NAME: Text = Text {
        en: "\"{path}\" has options, so its name must be <channel>:<peer>",
        ja: "\"{path}\" はオプション付きのため、名前を <channel>:<peer> の形にしてください",
    };
    const MANY: Text = Text {
        en: "\"{path}\" holds {count} agents; a group takes at most 16",
        ja: "\"{path}\" のエージェントは{count}件です。グループは16件までです",
    };
    for (peer, group) in config.pairs("/broadcast") {
        let named = matches("^[a-z][a-z0-9_-]*:.+$", peer.trim_matches(is_space), true);
        let path = Path::from("broadcast").key(peer);
        match group {
            Value::Object(_) if !named => {
                faults.add(path, NAME);
            }
            Value::Array(members) if named && members.len() > 16 => {
                faults.add(path, MANY.with("count", members.len()));
            }
            _ => {}
        }
    }
}

//! What hurts: which tools of an agent, called for somebody, come to which harm.

use super::doors::Door;
use crate::document::Path;
use crate::settings::tools::{Approval, Caller, Decision, Files, GROUPS, Place, Sender, Session, ToolContext};
use crate::settings::{Settings, dangerous_bind};
use crate::text::Text;
use serde_json::Value;
use std::collections::BTreeMap;

/// Something that hurts, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Harm {
    /// Programs run on the host, or on a paired device, with nobody asked.
    Shell,
    /// What keys and tokens the host has can be read.
    Credentials,
    /// Files of the host are read or changed.
    Files,
    /// OpenClaw itself is changed.
    Controls,
    /// Messages go out in the owner's name.
    Messages,
    /// What the agent remembers or reads is carried out.
    Leak,
}

impl Harm {
    /// Is its name in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Harm::Shell => "shell",
            Harm::Credentials => "credentials",
            Harm::Files => "files",
            Harm::Controls => "controls",
            Harm::Messages => "messages",
            Harm::Leak => "leak",
        }
    }

    /// Is the words for it.
    pub const fn text(self) -> Text {
        match self {
            Harm::Shell => Text { en: "a shell on your machine", ja: "ホストでのコマンド実行" },
            Harm::Credentials => Text { en: "keys and tokens", ja: "鍵とトークンの読み取り" },
            Harm::Files => Text { en: "files of your machine", ja: "ホストのファイル" },
            Harm::Controls => Text { en: "control of OpenClaw", ja: "OpenClaw の操作" },
            Harm::Messages => Text { en: "messages in your name", ja: "所有者名義のメッセージ送信" },
            Harm::Leak => Text { en: "private data carried out", ja: "非公開データの持ち出し" },
        }
    }
}

/// The harm of single tools. Shell, credentials and files depend on where a tool works and are told apart below.
const OF_TOOLS: [(&str, Harm); 11] = [
    ("terminal", Harm::Shell),
    ("plugins", Harm::Shell),
    ("nodes", Harm::Shell),
    ("computer", Harm::Shell),
    ("gateway", Harm::Controls),
    ("automations", Harm::Controls),
    ("openclaw", Harm::Controls),
    ("message", Harm::Messages),
    ("conversations_send", Harm::Messages),
    ("conversations_turn", Harm::Messages),
    ("github_publish", Harm::Messages),
];
/// The tools that reach files; the first is the one that shows them.
const FILE_TOOLS: [&str; 4] = ["read", "write", "edit", "apply_patch"];
/// The tools that read what is private: memories, and other sessions where they may be seen.
const MEMORY_TOOLS: [&str; 2] = ["memory_search", "memory_get"];
const SESSION_TOOLS: [&str; 2] = ["sessions_history", "sessions_search"];
/// The tools that carry data out.
const WAYS_OUT: [&str; 3] = ["web_fetch", "browser", "message"];

type Found = Vec<(Harm, usize, Vec<String>)>;

/// The agents of the settings, and what was found out about them. Agents with the same settings are looked at once.
pub(super) struct Agents<'s> {
    settings: &'s Settings,
    contexts: BTreeMap<String, (usize, ToolContext)>,
    known: BTreeMap<(usize, Session, Sender, Option<String>, bool), Found>,
}

impl<'s> Agents<'s> {
    pub fn new(settings: &'s Settings) -> Self {
        let by_provider = settings.agents().iter().any(|agent| !settings.providers_of(agent.id).is_empty());
        let models = if by_provider { settings.models() } else { &[] };
        let mut shapes: Vec<String> = Vec::new();
        let mut contexts = BTreeMap::new();
        let plain = settings.tool_contexts().iter().filter_map(|context| Some((context.agent.clone()?, context)));
        let plain: BTreeMap<String, &ToolContext> = plain.collect();
        for agent in settings.agents() {
            let of = |whose: Option<&str>| {
                models.iter().find(|model| !model.is_for_images && model.agent.as_deref() == whose)
            };
            let model = of(Some(agent.id)).or_else(|| of(None)).map(|model| model.id.as_str());
            let part = |key: &str| agent.entry.get(key).map(Value::to_string).unwrap_or_default();
            let shape = format!("{}\n{}\n{model:?}", part("tools"), part("sandbox"));
            let number = shapes.iter().position(|known| *known == shape).unwrap_or_else(|| {
                shapes.push(shape);
                shapes.len() - 1
            });
            let context = match model {
                Some(model) => settings.tool_context_for(agent.id, Some(model)),
                None => plain.get(agent.id).map(|context| (*context).clone()),
            };
            contexts.extend(context.map(|context| (agent.id.to_owned(), (number, context))));
        }
        Agents { settings, contexts, known: BTreeMap::new() }
    }

    /// Is the harms that an agent does for whoever comes through a door, each with the group of its tools.
    pub fn harms(&mut self, agent: &str, door: &Door) -> Found {
        let Some((shape, context)) = self.contexts.get(agent) else {
            return Vec::new();
        };
        let elevated = door.elevated.as_ref().filter(|channel| {
            let all = |lists: &BTreeMap<String, std::collections::BTreeSet<String>>| {
                lists.get(*channel).is_some_and(|senders| senders.contains("*"))
            };
            let elevated = &context.elevated;
            elevated.enabled && all(&elevated.allow_from) && elevated.agent_allow_from.as_ref().is_none_or(all)
        });
        let key = (*shape, door.session, door.sender.clone(), elevated.cloned(), door.replies);
        if door.group.is_none()
            && let Some(known) = self.known.get(&key)
        {
            return known.clone();
        }
        let found = Look { settings: self.settings, context, door, elevated }.harms();
        if door.group.is_none() {
            self.known.insert(key, found.clone());
        }
        found
    }

    /// Whether an agent has any of these tools in a kind of session, for the owner.
    pub fn has_any(settings: &Settings, agent: &str, session: Session, tools: &[&str]) -> bool {
        let context = settings.tool_contexts().iter().find(|context| context.agent.as_deref() == Some(agent));
        let caller = Caller { session, sender: &Sender::Owner, group: None };
        context.is_some_and(|context| tools.iter().any(|tool| context.decide_for(tool, caller).allowed))
    }
}

/// One agent, looked at for one who comes in.
struct Look<'l> {
    settings: &'l Settings,
    context: &'l ToolContext,
    door: &'l Door,
    elevated: Option<&'l String>,
}

impl Look<'_> {
    fn decide(&self, tool: &str) -> Decision {
        let caller = Caller { session: self.door.session, sender: &self.door.sender, group: self.door.group.as_ref() };
        self.context.decide_for(tool, caller)
    }

    fn harms(&self) -> Found {
        let mut found: BTreeMap<(Harm, usize), Vec<String>> = BTreeMap::new();
        let mut add = |harm: Harm, tool: &str| {
            if let Some(group) = group_of(tool) {
                found.entry((harm, group)).or_default().push(tool.to_owned());
            }
        };
        let opened = self.opened_by_binds();
        let exec = match self.elevated {
            Some(channel) => {
                let sender = Sender::Elevated(channel.clone());
                let caller = Caller { session: self.door.session, sender: &sender, group: self.door.group.as_ref() };
                self.context.decide_for("exec", caller)
            }
            None => self.decide("exec"),
        };
        let unasked = matches!(exec.approval, Approval::None | Approval::Reviewed);
        if exec.allowed && unasked {
            let inside = exec.place == Place::Sandbox;
            if !inside || opened == Some(Opened::Engine) {
                add(Harm::Shell, "exec");
            }
            if exec.place == Place::Gateway || inside && opened.is_some() {
                add(Harm::Credentials, "exec");
            }
            if inside && opened.is_some() {
                add(Harm::Files, "exec");
            }
        }
        let mut reads_files = false;
        for tool in FILE_TOOLS {
            let decision = self.decide(tool);
            if !decision.allowed {
                continue;
            }
            reads_files |= tool == "read" && decision.files != Files::Own;
            let inside = decision.place == Place::Sandbox;
            if decision.files == Files::Host || inside && opened.is_some() {
                add(Harm::Files, tool);
                if tool == "read" {
                    add(Harm::Credentials, tool);
                }
            }
        }
        for (tool, harm) in OF_TOOLS {
            if self.decide(tool).allowed {
                add(harm, tool);
            }
        }
        let sessions = self.sees_other_sessions();
        let private: Vec<&str> = MEMORY_TOOLS
            .into_iter()
            .chain(SESSION_TOOLS.into_iter().filter(|_| sessions))
            .filter(|tool| self.decide(tool).allowed)
            .chain(reads_files.then_some("read"))
            .collect();
        if self.door.replies {
            private.iter().for_each(|tool| add(Harm::Leak, tool));
        } else if !private.is_empty() {
            WAYS_OUT.into_iter().filter(|tool| self.decide(tool).allowed).for_each(|tool| add(Harm::Leak, tool));
        }
        found.into_iter().map(|((harm, group), tools)| (harm, group, tools)).collect()
    }

    /// Whether sessions of others can be read: `tools.sessions.visibility`, and for a sandbox its clamp.
    fn sees_other_sessions(&self) -> bool {
        let word = self.settings.str("tools.sessions.visibility").unwrap_or("all").trim().to_lowercase();
        let clamped = self.context.is_sandboxed(self.door.session)
            && self.settings.str("agents.defaults.sandbox.sessionToolsVisibility") != Some("all");
        !matches!(word.as_str(), "self" | "tree") && !clamped
    }

    /// Is what the binds of the sandbox hand over.
    fn opened_by_binds(&self) -> Option<Opened> {
        let home = self.settings.facts.home.as_deref();
        let sources = self.context.sandbox.docker.binds.iter().filter_map(|bind| dangerous_bind(bind, home));
        let engine = |source: &std::path::PathBuf| {
            let path = source.to_string_lossy();
            path == "/"
                || path.ends_with("docker.sock")
                || path.ends_with("podman.sock")
                || path == "/var/run"
                || path == "/run"
        };
        let mut opened = None;
        for source in sources {
            if engine(&source) {
                return Some(Opened::Engine);
            }
            opened = Some(Opened::Folder);
        }
        opened
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    /// Folders of the system or with keys.
    Folder,
    /// The container engine's own socket, and with it the host.
    Engine,
}

/// Is the place in [`GROUPS`] of the group that has a tool.
fn group_of(tool: &str) -> Option<usize> {
    GROUPS.iter().position(|group| group.tools().iter().any(|known| known == tool))
}

/// Is the agent that takes what no binding routes: a recorded one, or the only one (OpenClaw 2026.9.6).
pub(super) fn fallback_agent(settings: &Settings) -> Option<String> {
    let agents = settings.agents();
    let recorded = settings.str("agents.defaults.systemAgent.agentId").map(str::trim);
    if settings.str("agents.ownership") == Some("explicit")
        && let Some(agent) = agents.iter().find(|agent| recorded == Some(agent.id))
    {
        return Some(agent.id.to_owned());
    }
    let listed = settings.source_at(&Path::from("agents.list")).and_then(Value::as_array);
    let marked: Vec<&str> = listed
        .into_iter()
        .flatten()
        .filter(|entry| entry.get("default") == Some(&Value::Bool(true)))
        .filter_map(|entry| entry.get("id")?.as_str())
        .collect();
    match (marked.as_slice(), agents.as_slice()) {
        ([marked], _) => Some((*marked).to_owned()),
        (_, [sole]) => Some(sole.id.to_owned()),
        _ => None,
    }
}

//! Who gets in: channels that let strangers write, pages and mail, hooks, the network.

use super::harms::{Agents, fallback_agent};
use crate::document::{Edit, Path};
use crate::settings::tools::{Layer, Policy, Sender, Session};
use crate::settings::{AuthMode, ChannelNode, Settings, is_open, is_wildcard, senders_key};
use crate::text::Text;
use serde_json::Value;

/// Somebody outside, the nearest to the gateway first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outsider {
    /// A host in the local network.
    Lan,
    /// A host in the tailnet.
    Tailnet,
    /// A web page of another origin, in the browser of somebody who is let in.
    Origin,
    /// Anybody who writes in private.
    Stranger,
    /// Anybody in a group.
    Member,
    /// A paired device.
    Node,
    /// Whoever calls a hook.
    Hook,
    /// A mail that is handed to the agent.
    Mail,
    /// A page that the agent reads.
    Page,
}

impl Outsider {
    /// Is its name in machine-readable output.
    pub const fn name(self) -> &'static str {
        match self {
            Outsider::Lan => "lan",
            Outsider::Tailnet => "tailnet",
            Outsider::Origin => "origin",
            Outsider::Stranger => "stranger",
            Outsider::Member => "member",
            Outsider::Node => "node",
            Outsider::Hook => "hook",
            Outsider::Mail => "mail",
            Outsider::Page => "page",
        }
    }

    /// Is the words for it.
    pub const fn text(self) -> Text {
        match self {
            Outsider::Lan => Text { en: "a host in the LAN", ja: "LAN 内のホスト" },
            Outsider::Tailnet => Text { en: "a host in the tailnet", ja: "tailnet 内のホスト" },
            Outsider::Origin => Text { en: "a foreign web page", ja: "外部の Web ページ (別オリジン)" },
            Outsider::Stranger => Text { en: "a stranger's DM", ja: "第三者の DM" },
            Outsider::Member => Text { en: "a group member", ja: "グループの参加者" },
            Outsider::Node => Text { en: "a device that pairs itself", ja: "自動でペアリングした端末" },
            Outsider::Hook => Text { en: "a hook caller", ja: "Webhook の呼び出し元" },
            Outsider::Mail => Text { en: "a mail it is given", ja: "受信メール" },
            Outsider::Page => Text { en: "a web page that an agent reads", ja: "読み込んだ Web ページ" },
        }
    }
}

/// A place where somebody gets in.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub outsider: Outsider,
    pub channel: Option<String>,
    /// The loaded key that opens it.
    pub at: Path,
    /// The agents that listen there.
    pub agents: Vec<String>,
    pub session: Session,
    pub sender: Sender,
    pub group: Option<Policy>,
    /// The channel whose senders may all ask for elevated exec, if it is in `tools.elevated.allowFrom`.
    pub elevated: Option<String>,
    /// Whether what the agent says goes back to the outsider.
    pub replies: bool,
    /// Whether the gateway itself listens to them, without an agent.
    pub direct: bool,
    /// What closes it, by file paths; none where nothing but the tools does.
    pub close: Option<Vec<Edit>>,
}

impl Door {
    fn new(outsider: Outsider, at: impl Into<Path>, agents: Vec<String>) -> Self {
        Door {
            outsider,
            channel: None,
            at: at.into(),
            agents,
            session: Session::Other,
            sender: Sender::Owner,
            group: None,
            elevated: None,
            replies: false,
            direct: false,
            close: None,
        }
    }
}

/// The channels where `allowFrom` holds in groups too while `groupAllowFrom` is not set (OpenClaw 2026.9.6, channels/groups).
const SENDERS_IN_GROUPS: [&str; 6] = ["whatsapp", "telegram", "signal", "imessage", "msteams", "zalo"];
/// The tools with which an agent reads what others wrote on the web.
const READERS: [&str; 4] = ["web_fetch", "web_search", "x_search", "browser"];

/// Is every door, closed ones left out.
pub(super) fn doors(settings: &Settings) -> Vec<Door> {
    let mut doors = Vec::new();
    if !settings.gateway().is_elsewhere() {
        network(settings, &mut doors);
        hooks(settings, &mut doors);
        nodes(settings, &mut doors);
    }
    channels(settings, &mut doors);
    for agent in settings.agents() {
        let session = Session::ALL.into_iter().find(|session| Agents::has_any(settings, agent.id, *session, &READERS));
        if let Some(session) = session {
            doors.push(Door {
                session,
                ..Door::new(Outsider::Page, agent.path.key("tools"), vec![agent.id.to_owned()])
            });
        }
    }
    // Pages are one door for all agents that read them alike.
    let mut merged: Vec<Door> = Vec::new();
    for door in doors {
        let alike = |known: &&mut Door| {
            door.outsider == Outsider::Page && known.outsider == Outsider::Page && known.session == door.session
        };
        match merged.iter_mut().find(alike) {
            Some(known) => known.agents.extend(door.agents),
            None => merged.push(door),
        }
    }
    merged
}

fn all_agents(settings: &Settings) -> Vec<String> {
    settings.agents().iter().map(|agent| agent.id.to_owned()).collect()
}

fn network(settings: &Settings, doors: &mut Vec<Door>) {
    let gateway = settings.gateway();
    let bare = !gateway.has_auth() && !gateway.secret_is_out_of_sight();
    let inside = |outsider: Outsider, at: &str, close: Edit| Door {
        session: Session::Main,
        replies: true,
        direct: true,
        close: Some(vec![close]),
        ..Door::new(outsider, at, all_agents(settings))
    };
    let bind = gateway.bind();
    let custom_loopback =
        bind == "custom" && settings.str("gateway.customBindHost").is_some_and(|host| host.trim().starts_with("127."));
    if gateway.is_exposed() && bare && !custom_loopback {
        let outsider = if bind == "tailnet" { Outsider::Tailnet } else { Outsider::Lan };
        doors.push(inside(outsider, "gateway.bind", Edit::set("gateway.bind", "loopback")));
    }
    let served = matches!(gateway.tailscale(), "serve" | "funnel");
    if served && (gateway.auth().allow_tailscale || bare) {
        let edit = match bare {
            true => Edit::set("gateway.tailscale.mode", "off"),
            false => Edit::set("gateway.auth.allowTailscale", false),
        };
        doors.push(inside(Outsider::Tailnet, "gateway.tailscale.mode", edit));
    }
    let known_by_itself =
        bare || gateway.auth().allow_tailscale || gateway.configured_mode() == Some(AuthMode::TrustedProxy);
    let origins = gateway.allowed_origins();
    let any_origin = origins.contains(&"*");
    let by_header = settings.is_true("gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback");
    if gateway.has_control_ui() && known_by_itself && (any_origin || by_header) {
        let header = "gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback";
        let list = "gateway.controlUi.allowedOrigins";
        let exact: Vec<&str> = origins.iter().copied().filter(|origin| *origin != "*").collect();
        let mut close = Vec::new();
        close.extend(any_origin.then(|| Edit::set(list, Value::from(exact))));
        close.extend(by_header.then(|| Edit::set(header, false)));
        let at = if any_origin { list } else { header };
        doors.push(Door { close: Some(close), ..inside(Outsider::Origin, at, Edit::set(at, false)) });
    }
}

fn hooks(settings: &Settings, doors: &mut Vec<Door>) {
    if !settings.is_true("hooks.enabled") {
        return;
    }
    let allowed =
        settings.get("hooks.allowedAgentIds").and_then(Value::as_array).map(|_| settings.list("hooks.allowedAgentIds"));
    let agents = all_agents(settings)
        .into_iter()
        .filter(|agent| allowed.as_ref().is_none_or(|allowed| allowed.iter().any(|id| *id == "*" || id == agent)));
    let agents: Vec<String> = agents.collect();
    let session = match settings.is_true("hooks.allowRequestSessionKey") {
        true => Session::Main,
        false => Session::Other,
    };
    let close = Some(vec![Edit::set("hooks.enabled", false)]);
    doors.push(Door { session, close: close.clone(), ..Door::new(Outsider::Hook, "hooks.enabled", agents.clone()) });
    let gmail = settings.list("hooks.presets").contains(&"gmail") || settings.get("hooks.gmail").is_some();
    if gmail {
        doors.push(Door { close, ..Door::new(Outsider::Mail, "hooks.gmail", agents) });
    }
}

fn nodes(settings: &Settings, doors: &mut Vec<Door>) {
    let at = "gateway.nodes.pairing.autoApproveCidrs";
    if settings.list(at).is_empty() {
        return;
    }
    let agents = fallback_agent(settings).map_or_else(|| all_agents(settings), |agent| vec![agent]);
    let close = Some(vec![Edit::set(at, Value::Array(Vec::new()))]);
    doors.push(Door {
        session: Session::Main,
        sender: Sender::Other,
        replies: true,
        close,
        ..Door::new(Outsider::Node, at, agents)
    });
}

/// A channel or one of its accounts, with what it inherits.
struct Scope<'s> {
    settings: &'s Settings,
    node: &'s ChannelNode<'s>,
}

impl<'s> Scope<'s> {
    /// Is a value at the account, else at the channel, with the place where it stands.
    fn find(&self, keys: &[&str]) -> Option<(&'s Value, Path)> {
        let channel = Path::from("channels").key(self.node.channel);
        let places = [Some(self.node.path.clone()), self.node.account.map(|_| channel)];
        places.into_iter().flatten().find_map(|place| {
            keys.iter().find_map(|key| {
                let at = place.join(*key);
                Some((self.settings.at(&at)?, at))
            })
        })
    }

    fn agents(&self, kind: &str) -> Vec<String> {
        let word = |value: Option<&Value>| value.and_then(Value::as_str).map(|text| text.trim().to_lowercase());
        let bindings = self.settings.get("bindings").and_then(Value::as_array);
        let known = all_agents(self.settings);
        let mut agents: Vec<String> = Vec::new();
        // A binding for single rooms or people leaves the others to the next.
        let mut is_whole = false;
        for binding in bindings.into_iter().flatten() {
            let (Some(matched), Some(agent)) = (binding.get("match"), word(binding.get("agentId"))) else {
                continue;
            };
            let account = word(matched.get("accountId")).unwrap_or_else(|| "default".to_owned());
            let own = self.node.account.map_or_else(|| "default".to_owned(), str::to_lowercase);
            if word(matched.get("channel")).as_deref() != Some(self.node.channel) || account != "*" && account != own {
                continue;
            }
            let peer = matched.get("peer").filter(|peer| !peer.is_null());
            let peer_kind = peer.and_then(|peer| word(peer.get("kind"))).map(|kind| match kind.as_str() {
                "dm" => "direct".to_owned(),
                "channel" => "group".to_owned(),
                _ => kind,
            });
            if peer_kind.is_some_and(|of| of != kind) || !known.contains(&agent) {
                continue;
            }
            if !agents.contains(&agent) {
                agents.push(agent);
            }
            is_whole |= peer.is_none() && matched.get("guildId").is_none() && matched.get("teamId").is_none();
        }
        if !is_whole {
            agents.extend(fallback_agent(self.settings).filter(|agent| !agents.contains(agent)));
        }
        agents
    }

    fn door(&self, outsider: Outsider, at: Path, kind: &str, close: Vec<Edit>) -> Door {
        let scope = if kind == "direct" { "session.dmScope" } else { "session.groupScope" };
        let default = if kind == "direct" { "main" } else { "per-group" };
        let session = match self.settings.str(scope).unwrap_or(default) {
            "main" => Session::Main,
            _ => Session::Other,
        };
        Door {
            channel: Some(self.node.name()),
            session,
            sender: Sender::Other,
            elevated: Some(self.node.channel.to_owned()),
            replies: true,
            close: Some(close),
            ..Door::new(outsider, at, self.agents(kind))
        }
    }

    fn file(&self, at: &Path) -> Path {
        self.settings.file_path(at)
    }

    /// Is the door for strangers who write in private.
    fn stranger(&self) -> Option<Door> {
        let policy = self.find(&["dmPolicy", "dm.policy"]);
        let word = policy.as_ref().and_then(|(value, _)| value.as_str());
        if word == Some("disabled") {
            return None;
        }
        let key = senders_key(self.node.channel);
        let list = self.find(&[key, "dm.allowFrom"]);
        let everybody = list.as_ref().is_some_and(|(list, _)| has_wildcard(list));
        let open = is_open(policy.as_ref().map(|(value, _)| *value));
        if !open && !everybody {
            return None;
        }
        let here = self.node.path.key("dmPolicy");
        let at = match (&policy, &list) {
            (Some((_, at)), _) if open => at.clone(),
            (_, Some((_, at))) => at.clone(),
            _ => here.clone(),
        };
        let mut close = Vec::new();
        let closed = policy.map_or(here, |(_, at)| at);
        close.push(Edit::set(self.file(&closed), "pairing"));
        if let Some((list, at)) = list.filter(|_| everybody) {
            close.push(Edit::set(self.file(&at), without_wildcard(list)));
        }
        Some(self.door(Outsider::Stranger, at, "direct", close))
    }

    /// Is the door for whoever is in a group.
    fn member(&self, rooms: &[&ChannelNode]) -> Option<Door> {
        let settings = self.settings;
        let policy = self.find(&["groupPolicy"]);
        let default = Path::from("channels.defaults.groupPolicy");
        let policy = policy.or_else(|| Some((settings.at(&default)?, default)));
        let word = policy.as_ref().and_then(|(value, _)| value.as_str());
        if word == Some("disabled") {
            return None;
        }
        let closed = vec![Edit::set(self.file(&self.node.path.key("groupPolicy")), "disabled")];
        let general = settings.at(&self.node.path.join("groups").key("*").key("tools"));
        if let Some((value, at)) = &policy
            && is_open(Some(value))
        {
            let mut door = self.door(Outsider::Member, at.clone(), "group", closed);
            door.group = general.and_then(|tools| {
                Policy::read(Layer::Group, &self.node.path.join("groups").key("*").key("tools"), tools)
            });
            return Some(door);
        }
        let falls_back = SENDERS_IN_GROUPS.contains(&self.node.channel);
        let people = || self.find(&[senders_key(self.node.channel)]).filter(|_| falls_back);
        let list = self.find(&["groupAllowFrom"]).or_else(people);
        // Telegram blocks every group while none is listed; the others take any group for somebody on the list.
        let has_groups = || {
            let groups = self.find(&["groups"]).and_then(|(groups, _)| groups.as_object());
            groups.is_some_and(|groups| !groups.is_empty())
        };
        if let Some((list, at)) = &list
            && has_wildcard(list)
            && policy.is_some()
            && (self.node.channel != "telegram" || has_groups())
        {
            return Some(self.door(Outsider::Member, at.clone(), "group", closed));
        }
        let is_let_in = |room: &&&ChannelNode| {
            let object = room.object;
            let lists = ["users", "allowFrom"].into_iter().filter_map(|key| object.get(key));
            let by_room = matches!(self.node.channel, "discord" | "slack")
                && is_room(room)
                && ["users", "roles", "allowFrom"].into_iter().all(|key| object.get(key).is_none());
            object.get("enabled") != Some(&Value::Bool(false))
                && (is_open(object.get("groupPolicy")) || lists.into_iter().any(has_wildcard) || by_room)
        };
        let room = rooms.iter().find(is_let_in)?;
        let mut door = self.door(Outsider::Member, room.path.clone(), "group", closed);
        let tools = room.path.key("tools");
        door.group = settings.at(&tools).and_then(|value| Policy::read(Layer::Group, &tools, value));
        Some(door)
    }
}

/// Whether a place is a room itself: a guild of Discord, a channel of Slack. What lies in it inherits its people.
fn is_room(node: &ChannelNode) -> bool {
    let parent = node.path.parent();
    node.depth == 2 && matches!(parent.as_ref().and_then(Path::last_key), Some("guilds" | "channels"))
}

fn channels(settings: &Settings, doors: &mut Vec<Door>) {
    let nodes = settings.channel_nodes();
    let is_off = |node: &ChannelNode| node.object.get("enabled") == Some(&Value::Bool(false));
    for (channel, object) in settings.channels() {
        let accounts = object.get("accounts").and_then(Value::as_object).is_some_and(|accounts| !accounts.is_empty());
        let own = || nodes.iter().filter(|node| node.channel == channel);
        if own().any(|node| node.depth == 0 && node.account.is_none() && is_off(node)) {
            continue;
        }
        // With accounts the channel is what they inherit from.
        let scopes = own().filter(|node| node.depth == 0 && node.account.is_some() == accounts && !is_off(node));
        for node in scopes {
            let scope = Scope { settings, node };
            let rooms: Vec<&ChannelNode> = own()
                .filter(|room| room.depth > 0 && (room.account.is_none() || room.account == node.account))
                .collect();
            doors.extend(scope.stranger());
            doors.extend(scope.member(&rooms));
        }
    }
}

fn has_wildcard(list: &Value) -> bool {
    list.as_array().is_some_and(|list| list.iter().any(is_wildcard))
}

fn without_wildcard(list: &Value) -> Value {
    let list = list.as_array().into_iter().flatten();
    Value::Array(list.filter(|entry| !is_wildcard(entry)).cloned().collect())
}

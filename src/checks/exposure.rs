//! Tools within reach of people who should not have them: open channels, shared conversations, agents that see each other.

use super::tools::{agents, one_hit, scopes};
use super::{Check, Hit, Mend, Severity, when};
use crate::document::Path;
use crate::settings::tools::{Mode, Security, ToolContext, catalogue};
use crate::settings::{Settings, is_wildcard, strings};
use crate::text::Text;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

const EXPOSURE: &str = "https://docs.openclaw.ai/gateway/security/exposure-runbook";
const TRUST: &str = "https://docs.openclaw.ai/gateway/security/trust-model";

const CLOSE: Text = Text {
    en: "Set dmPolicy to \"pairing\" and groupPolicy to \"allowlist\" at the places shown, or take the tools away.",
    ja: "表示された箇所の dmPolicy を \"pairing\"、groupPolicy を \"allowlist\" にするか、ツールを拒否してください。",
};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "security.exposure.open_groups_with_elevated",
        severity: Severity::Critical,
        title: Text {
            en: "A channel is open to anyone while elevated commands are on",
            ja: "全員に開放したチャンネルがあり、昇格モードが有効です",
        },
        why: Text {
            en: "A stranger's message can mislead the agent. With elevated mode the damage reaches the host.",
            ja: "第三者のメッセージでエージェントが誘導されます。昇格モードが有効だと、被害がホストに及びます。",
        },
        test: |settings| {
            let open = open_policies(settings);
            let on = !settings.is_false("tools.elevated.enabled");
            when(on && !open.is_empty(), || Hit::at("tools.elevated.enabled").wanted("false"))
                .into_iter()
                .map(|hit| with(hit, open.clone()))
                .collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Set tools.elevated.enabled to false, or close the policies shown (\"pairing\", \"allowlist\").",
            ja: "tools.elevated.enabled を false にするか、表示されたポリシーを \"pairing\" や \"allowlist\" にしてください。",
        }),
        risky: r#"{channels: {telegram: {groupPolicy: "open"}}}"#,
        safe: r#"{channels: {telegram: {groupPolicy: "open"}}, tools: {elevated: {enabled: false}}}"#,
        reference: EXPOSURE,
    },
    Check {
        id: "security.exposure.open_groups_with_runtime_or_fs",
        severity: Severity::Warn,
        title: Text {
            en: "A channel is open to anyone while an agent can touch the host",
            ja: "全員に開放したチャンネルから、ホストを操作できます",
        },
        why: Text {
            en: "A stranger's message can make the agent run commands or read and change files outside a sandbox.",
            ja: "第三者のメッセージで、エージェントがサンドボックスの外でコマンドを実行し、ファイルを読み書きします。",
        },
        test: |settings| {
            let open = open_policies(settings);
            if open.is_empty() {
                return Vec::new();
            }
            let unguarded = unguarded(settings);
            let places = unguarded.iter().map(|unguarded| unguarded.at.clone());
            let runs = unguarded.iter().any(|unguarded| unguarded.runs);
            let hits = one_hit(settings, places, |hit| hit.critical_if(runs));
            hits.into_iter().map(|hit| with(hit, open.clone())).collect()
        },
        mend: Mend::ByPlan(CLOSE),
        risky: r#"{channels: {telegram: {groupPolicy: "open"}}}"#,
        safe: r#"{channels: {telegram: {groupPolicy: "open"}}, tools: {profile: "messaging"}}"#,
        reference: EXPOSURE,
    },
    Check {
        id: "security.exposure.open_groups_with_control_plane_tools",
        severity: Severity::Critical,
        title: Text {
            en: "A channel is open to anyone while an agent can change OpenClaw",
            ja: "全員に開放したチャンネルから、OpenClaw を変更できます",
        },
        why: Text {
            en: "A stranger's message can make the agent update OpenClaw, load plugins, or plan runs that outlive the chat.",
            ja: "第三者のメッセージで、OpenClaw の更新、プラグインの読み込み、定期実行の登録が行われます。",
        },
        test: |settings| {
            let open = open_policies(settings);
            if open.is_empty() {
                return Vec::new();
            }
            let contexts = settings.tool_contexts();
            let control = &catalogue().control_plane;
            let exposed: Vec<&ToolContext> =
                contexts.iter().filter(|context| control.iter().any(|tool| context.audit_allows(tool))).collect();
            let tools = control.iter().filter(|tool| exposed.iter().any(|context| context.audit_allows(tool)));
            let tools: Vec<&str> = tools.map(String::as_str).collect();
            let places = exposed.iter().map(|context| context.at.key("deny"));
            let hits = one_hit(settings, places, |hit| hit.found(tools.join(", ")).wanted("deny"));
            hits.into_iter().map(|hit| with(hit, open.clone())).collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Add \"automations\", \"gateway\" and \"plugins\" to tools.deny, or close the policies shown. A profile alone does not do it: even \"minimal\" has gateway.",
            ja: "tools.deny に \"automations\"、\"gateway\"、\"plugins\" を追加するか、表示されたポリシーを閉じてください。プロファイルだけでは不十分です (\"minimal\" も gateway を許可します)。",
        }),
        risky: r#"{channels: {telegram: {groupPolicy: "open"}}, tools: {profile: "minimal"}}"#,
        safe: r#"{channels: {telegram: {groupPolicy: "open"}}, tools: {deny: ["automations", "gateway", "plugins"]}}"#,
        reference: EXPOSURE,
    },
    Check {
        id: "security.exposure.open_channels_with_exec",
        severity: Severity::Warn,
        title: Text {
            en: "A channel is open to anyone while commands are allowed",
            ja: "全員に開放したチャンネルがあり、コマンドの実行が許可されています",
        },
        why: Text {
            en: "A stranger's message can make the agent run commands: the approved ones without asking, with \"full\" any.",
            ja: "第三者のメッセージで、承認済みのコマンドが確認なしで実行されます。\"full\" では任意のコマンドが実行されます。",
        },
        test: |settings| {
            let open = open_surfaces(settings);
            if open.is_empty() {
                return Vec::new();
            }
            let contexts = scopes(settings);
            let enabled = contexts.iter().filter(|context| context.exec.audited() != Security::Deny);
            let keys: BTreeSet<Path> = enabled.map(|context| context.exec.key.clone()).collect();
            let full = contexts.iter().any(|context| context.exec.audited() == Security::Full);
            let hits = one_hit(settings, keys, |hit| hit.wanted("deny").critical_if(full));
            hits.into_iter().map(|hit| with(hit, open.clone())).collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Set tools.exec.mode to \"deny\", or close the policies shown (\"pairing\", \"allowlist\").",
            ja: "tools.exec.mode を \"deny\" にするか、表示されたポリシーを \"pairing\" や \"allowlist\" にしてください。",
        }),
        risky: r#"{channels: {telegram: {dmPolicy: "open"}}, tools: {exec: {mode: "allowlist"}}}"#,
        safe: r#"{channels: {telegram: {dmPolicy: "open"}}, tools: {exec: {mode: "deny"}}}"#,
        reference: EXPOSURE,
    },
    Check {
        id: "security.trust_model.multi_user_heuristic",
        severity: Severity::Warn,
        title: Text {
            en: "Several people can write to agents that are made for one",
            ja: "1人用のエージェントに、複数の人が書き込めます",
        },
        why: Text {
            en: "OpenClaw trusts everyone who may write like its owner. One of them can use the tools and data of all.",
            ja: "OpenClaw は、書き込める人全員を所有者と同じように信頼します。誰でも全員のツールとデータを使えます。",
        },
        test: |settings| one_hit(settings, multi_user_signals(settings), |hit| hit),
        mend: Mend::Manual(Text {
            en: "If these people do not trust each other, give each a gateway of its own. Otherwise remove what is shown, or accept it: configured groups alone count.",
            ja: "互いに信頼しない人どうしなら、Gateway を分けてください。そうでなければ表示された設定を外すか、受容してください。グループの設定があるだけで検出されます。",
        }),
        risky: r#"{channels: {telegram: {allowFrom: ["*"]}}}"#,
        safe: r#"{channels: {telegram: {allowFrom: ["1234567"]}}}"#,
        reference: TRUST,
    },
    Check {
        id: "security.trust_model.group_scope_main",
        severity: Severity::Warn,
        title: Text {
            en: "Groups share the session of the owner", ja: "グループが所有者のセッションを共有しています"
        },
        why: Text {
            en: "Every member of such a group reads and steers the same conversation as the owner.",
            ja: "グループの参加者全員が、所有者と同じ会話の内容を読み、動かせます。",
        },
        test: |settings| one_hit(settings, main_group_scopes(settings), |hit| hit.found("main").wanted("per-group")),
        mend: Mend::ByPlan(Text {
            en: "Set session.groupScope to \"per-group\" and remove groupScope from the bindings shown.",
            ja: "session.groupScope を \"per-group\" にし、表示された bindings の groupScope を削除してください。",
        }),
        risky: r#"{session: {groupScope: "main"}}"#,
        safe: r#"{session: {groupScope: "per-group"}}"#,
        reference: TRUST,
    },
    Check {
        id: "security.trust_model.cross_agent_session_access_default",
        severity: Severity::Info,
        title: Text {
            en: "Every agent can read the conversations of all others",
            ja: "どのエージェントも、ほかの全エージェントの会話を読めます",
        },
        why: Text {
            en: "Whoever misleads one agent gets at the transcripts of the others. A sandbox or a tool policy of one agent does not prevent it.",
            ja: "1つのエージェントを誘導すれば、ほかの会話の記録も読めます。一部のエージェントのサンドボックスやツールポリシーでは防げません。",
        },
        test: cross_agent_access,
        mend: Mend::ByPlan(Text {
            en: "Set tools.sessions.visibility to \"agent\", or tools.agentToAgent.enabled to false.",
            ja: "tools.sessions.visibility を \"agent\" にするか、tools.agentToAgent.enabled を false にしてください。",
        }),
        risky: r#"{agents: {ownership: "explicit", entries: {a: {}, b: {}}}}"#,
        safe: r#"{agents: {ownership: "explicit", entries: {a: {}, b: {}}}, tools: {sessions: {visibility: "agent"}}}"#,
        reference: "https://docs.openclaw.ai/gateway/config-tools",
    },
];

/// The tools that look into other sessions.
const SESSION_TOOLS: [&str; 5] =
    ["sessions_list", "sessions_history", "sessions_search", "sessions_send", "session_status"];

/// Adds more keys that show it.
fn with(mut hit: Hit, paths: Vec<Path>) -> Hit {
    hit.paths.extend(paths);
    hit
}

/// A channel or an account.
pub(super) struct Inbox<'s> {
    pub at: Path,
    own: &'s Map<String, Value>,
    /// Its channel, whose settings hold where an account has none of its own.
    channel: &'s Map<String, Value>,
}

impl<'s> Inbox<'s> {
    /// Is a setting in force: an account's own before its channel's.
    pub fn get(&self, key: &str) -> Option<&'s Value> {
        self.own.get(key).or_else(|| self.channel.get(key))
    }
}

/// Is every channel and account.
pub(super) fn inboxes(settings: &Settings) -> Vec<Inbox<'_>> {
    let mut all = Vec::new();
    let channels = settings.get("channels").and_then(Value::as_object);
    for (id, channel) in channels.into_iter().flatten() {
        let Some(channel) = channel.as_object() else {
            continue;
        };
        let at = Path::from("channels").key(id.as_str());
        all.push(Inbox { at: at.clone(), own: channel, channel });
        let accounts = channel.get("accounts").and_then(Value::as_object);
        for (id, account) in accounts.into_iter().flatten() {
            if let Some(account) = account.as_object() {
                all.push(Inbox { at: at.key("accounts").key(id.as_str()), own: account, channel });
            }
        }
    }
    all
}

fn is_open(policy: Option<&Value>) -> bool {
    policy.and_then(Value::as_str) == Some("open")
}

fn has_wildcard(list: Option<&Value>) -> bool {
    list.and_then(Value::as_array).is_some_and(|items| items.iter().any(is_wildcard))
}

/// Is the policies of channels and accounts that let anyone in.
fn open_policies(settings: &Settings) -> Vec<Path> {
    let mut open = Vec::new();
    for Inbox { at, own, .. } in inboxes(settings) {
        if is_open(own.get("groupPolicy")) {
            open.push(at.key("groupPolicy"));
        }
        let dm_policy = own.get("dmPolicy").filter(|policy| !policy.is_null());
        match dm_policy {
            Some(_) if is_open(dm_policy) => open.push(at.key("dmPolicy")),
            None if is_open(own.get("dm").and_then(|dm| dm.get("policy"))) => open.push(at.join("dm.policy")),
            _ => {}
        }
    }
    open
}

/// Is the policies that let anyone in, wherever they stand below `channels`: single groups and topics too.
pub(super) fn open_surfaces(settings: &Settings) -> Vec<Path> {
    fn visit(at: &Path, object: &Map<String, Value>, open: &mut Vec<Path>) {
        for key in ["groupPolicy", "dmPolicy"] {
            if is_open(object.get(key)) {
                open.push(at.key(key));
            }
        }
        for (key, inner) in object {
            if let Some(inner) = inner.as_object() {
                visit(&at.key(key.as_str()), inner, open);
            }
        }
    }
    let mut open = Vec::new();
    let channels = settings.get("channels").and_then(Value::as_object);
    for (id, channel) in channels.into_iter().flatten() {
        if let Some(channel) = channel.as_object() {
            visit(&Path::from("channels").key(id.as_str()), channel, &mut open);
        }
    }
    open
}

/// An agent, or the defaults, whose tools touch the host.
struct Unguarded {
    at: Path,
    /// Whether it can run commands, not only touch files.
    runs: bool,
}

fn unguarded(settings: &Settings) -> Vec<Unguarded> {
    let contexts = settings.tool_contexts().iter().filter(|context| context.sandbox.mode != Mode::All);
    contexts
        .filter_map(|context| {
            let allows = |tools: &[&str]| tools.iter().any(|tool| context.audit_allows(tool));
            let runs = allows(&["exec", "process"]);
            let touches = allows(&["read", "write", "edit", "apply_patch"]) && !context.workspace_only;
            (runs || touches).then(|| Unguarded { at: context.at.clone(), runs })
        })
        .collect()
}

/// Is what tells that several people may write to the agents.
fn multi_user_signals(settings: &Settings) -> Vec<Path> {
    let mut signals = Vec::new();
    for channel in inboxes(settings) {
        let targets = ["groups", "guilds", "channels", "rooms"].iter().any(|key| match channel.get(key) {
            Some(Value::Object(targets)) => !targets.is_empty(),
            Some(Value::Array(targets)) => !targets.is_empty(),
            _ => false,
        });
        let allowlist = channel.get("groupPolicy").and_then(Value::as_str) == Some("allowlist");
        let dm = channel.get("dm");
        let dm_part = |key: &str| dm.and_then(|dm| dm.get(key));
        for (is_signal, key) in [
            (is_open(channel.get("groupPolicy")) || allowlist && targets, "groupPolicy"),
            (is_open(channel.get("dmPolicy")), "dmPolicy"),
            (has_wildcard(channel.get("allowFrom")), "allowFrom"),
            (has_wildcard(channel.get("groupAllowFrom")), "groupAllowFrom"),
            (is_open(dm_part("policy")), "dm.policy"),
            (has_wildcard(dm_part("allowFrom")), "dm.allowFrom"),
        ] {
            if is_signal {
                signals.push(channel.at.join(key));
            }
        }
    }
    signals
}

/// Is where groups are put into the main session: for all, or by a binding that decides for some room.
fn main_group_scopes(settings: &Settings) -> Vec<Path> {
    let mut places = Vec::new();
    if settings.str("session.groupScope") == Some("main") {
        places.push(Path::from("session.groupScope"));
    }
    let bindings = settings.get("bindings").and_then(Value::as_array);
    let rules: Vec<(usize, Rooms)> = bindings
        .into_iter()
        .flatten()
        .enumerate()
        .filter(|(_, binding)| binding.get("type").and_then(Value::as_str) != Some("acp"))
        .filter_map(|(index, binding)| Some((index, Rooms::read(binding.get("match")?)?)))
        .collect();
    for (index, rooms) in &rules {
        let at = Path::from("bindings").index(*index).join("session.groupScope");
        if settings.at(&at).and_then(Value::as_str) == Some("main") && decides(*index, rooms, &rules) {
            places.push(at);
        }
    }
    places
}

/// For which rooms a binding is. What is none holds for any.
#[derive(Clone)]
struct Rooms {
    channel: String,
    account: Option<String>,
    /// Its kind, and its id unless it is any of that kind. Groups and channels are one kind.
    peer: Option<(&'static str, Option<String>)>,
    guild: Option<String>,
    team: Option<String>,
    roles: Vec<String>,
}

impl Rooms {
    /// Reads the `match` of a binding; none where it is for nothing.
    fn read(matched: &Value) -> Option<Self> {
        let word = |value: Option<&Value>| match value {
            Some(Value::String(text)) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => None,
        };
        let peer = match matched.get("peer").filter(|peer| !peer.is_null()) {
            None => None,
            Some(peer) => {
                let kind = match word(peer.get("kind"))?.to_lowercase().as_str() {
                    "direct" | "dm" => "direct",
                    "group" | "channel" => "group",
                    _ => return None,
                };
                Some((kind, Some(word(peer.get("id"))?).filter(|id| id != "*")))
            }
        };
        let account = word(matched.get("accountId")).unwrap_or_else(|| "default".to_owned()).to_lowercase();
        Some(Rooms {
            channel: word(matched.get("channel"))?.to_lowercase(),
            account: Some(account).filter(|account| account != "*"),
            peer,
            guild: word(matched.get("guildId")),
            team: word(matched.get("teamId")),
            roles: strings(matched.get("roles")).into_iter().map(str::to_owned).collect(),
        })
    }

    /// Is how closely it is made for a room: the lowest number decides.
    fn rank(&self) -> usize {
        match &self.peer {
            Some((_, Some(_))) => 0,
            Some((_, None)) => 1,
            None if self.guild.is_some() && !self.roles.is_empty() => 2,
            None if self.guild.is_some() => 3,
            None if self.team.is_some() => 4,
            None if self.account.is_some() => 5,
            None => 6,
        }
    }

    /// Whether it is for this room, of which all is known; a part that is none there is one that no binding names.
    fn covers(&self, room: &Rooms) -> bool {
        let within = |own: &Option<String>, other: &Option<String>| own.is_none() || own == other;
        let peer = match (&self.peer, &room.peer) {
            (None, _) => true,
            (Some((kind, id)), Some((room_kind, room_id))) => kind == room_kind && within(id, room_id),
            (Some(_), None) => false,
        };
        self.channel == room.channel
            && within(&self.account, &room.account)
            && peer
            && within(&self.guild, &room.guild)
            && within(&self.team, &room.team)
            && (self.roles.is_empty() || self.roles.iter().any(|role| room.roles.contains(role)))
    }
}

/// Whether a binding decides for some room that is no direct message, with all the others beside it.
fn decides(index: usize, rooms: &Rooms, rules: &[(usize, Rooms)]) -> bool {
    let peer = match &rooms.peer {
        None => ("group", None),
        Some(("direct", _)) => return false,
        Some(peer) => peer.clone(),
    };
    let roles: Vec<Vec<String>> = match rooms.roles.is_empty() {
        true => vec![Vec::new()],
        false => rooms.roles.iter().map(|role| vec![role.clone()]).collect(),
    };
    roles.into_iter().any(|roles| {
        let room = Rooms { peer: Some(peer.clone()), roles, ..rooms.clone() };
        let first = rules.iter().filter(|(_, rule)| rule.covers(&room)).min_by_key(|(at, rule)| (rule.rank(), *at));
        first.is_some_and(|(at, _)| *at == index)
    })
}

fn cross_agent_access(settings: &Settings) -> Vec<Hit> {
    let contexts: Vec<&ToolContext> = agents(settings).collect();
    let visibility = settings.str("tools.sessions.visibility").unwrap_or_default().trim().to_lowercase();
    let narrowed = matches!(visibility.as_str(), "self" | "tree" | "agent")
        || settings.is_false("tools.agentToAgent.enabled")
        || settings.get("tools.agentToAgent.allow").and_then(Value::as_array).is_some_and(|allow| !allow.is_empty());
    if contexts.len() < 2 || narrowed {
        return Vec::new();
    }
    let unclamped = settings.str("agents.defaults.sandbox.sessionToolsVisibility") == Some("all");
    let reaches = contexts.iter().any(|context| {
        (context.sandbox.mode != Mode::All || unclamped) && SESSION_TOOLS.iter().any(|tool| context.audit_allows(tool))
    });
    // Agents that are kept apart in other ways are not meant to read each other.
    let kept_apart = contexts.iter().any(|context| {
        let own = |key: &str| context.tools(settings).is_some_and(|tools| tools.get(key).is_some());
        context.sandbox.mode != Mode::Off || ["profile", "allow", "deny"].into_iter().any(own)
    });
    let warns = kept_apart || !multi_user_signals(settings).is_empty();
    when(reaches, || Hit {
        severity: warns.then_some(Severity::Warn),
        ..Hit::at("tools.sessions.visibility").and("tools.agentToAgent").found("all").wanted("agent")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn load(source: Value) -> Settings {
        Settings::load(source, Default::default())
    }

    fn shown(paths: Vec<Path>) -> Vec<String> {
        paths.iter().map(Path::to_string).collect()
    }

    #[test]
    fn open_policies_are_found_in_channels_and_accounts_and_in_the_old_place() {
        let settings = load(json!({"channels": {
            "telegram": {"groupPolicy": "open", "accounts": {"two": {"dmPolicy": "open"}}},
            "matrix": {"dm": {"policy": "open"}},
            "slack": {"dm": {"policy": "open"}},
        }}));
        let found = shown(open_policies(&settings));
        // Slack's schema fills in a dmPolicy, which stands before the old key.
        assert_eq!(
            found,
            ["channels.telegram.groupPolicy", "channels.telegram.accounts.two.dmPolicy", "channels.matrix.dm.policy"]
        );
    }

    #[test]
    fn open_groups_deep_inside_count_for_exec_alone() {
        let settings = load(json!({"channels": {"telegram": {"groups": {"-1": {"groupPolicy": "open"}}}}}));
        assert_eq!(shown(open_surfaces(&settings)), ["channels.telegram.groups.-1.groupPolicy"]);
        assert!(open_policies(&settings).is_empty());
    }

    #[test]
    fn an_account_inherits_its_channels_signals() {
        let settings = load(json!({"channels": {"matrix": {"allowFrom": ["*"], "accounts": {"a": {}}}}}));
        let found = shown(multi_user_signals(&settings));
        assert_eq!(found, ["channels.matrix.allowFrom", "channels.matrix.accounts.a.allowFrom"]);
    }

    #[test]
    fn a_binding_counts_unless_it_is_for_direct_messages_or_comes_too_late() {
        let binding = |kind: &str, scope: &str| {
            json!({"agentId": "main", "match": {"channel": "telegram", "peer": {"kind": kind, "id": "7"}},
                "session": {"groupScope": scope}})
        };
        let main_bindings = |bindings: Value| shown(main_group_scopes(&load(json!({"bindings": bindings}))));
        assert_eq!(main_bindings(json!([binding("group", "main")])), ["bindings[0].session.groupScope"]);
        assert!(main_bindings(json!([binding("direct", "main")])).is_empty());
        assert!(main_bindings(json!([binding("group", "per-group"), binding("channel", "main")])).is_empty());
        let any_account = json!({"agentId": "main", "match": {"channel": "telegram", "accountId": "*",
            "peer": {"kind": "channel", "id": "7"}}});
        assert!(main_bindings(json!([any_account, binding("channel", "main")])).is_empty());
        let whole_channel = json!({"agentId": "main", "match": {"channel": "telegram"}});
        assert_eq!(main_bindings(json!([whole_channel, binding("group", "main")])), ["bindings[1].session.groupScope"]);
    }

    #[test]
    fn agents_that_are_kept_apart_make_the_shared_sessions_a_warning() {
        let found = |entries: Value| {
            let settings = load(json!({"agents": {"ownership": "explicit", "entries": entries}}));
            cross_agent_access(&settings).first().map(|hit| hit.severity)
        };
        assert_eq!(found(json!({"a": {}, "b": {}})), Some(None));
        let denied = json!({"a": {}, "b": {"tools": {"deny": ["exec"]}}});
        assert_eq!(found(denied), Some(Some(Severity::Warn)));
        assert_eq!(found(json!({"a": {}})), None);
    }
}

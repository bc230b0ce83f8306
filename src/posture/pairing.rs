//! Step Pairing: who may talk to the agents, and with whom they share a conversation.

use super::shapes::{WITHOUT, lines, switch_off, switch_on};
use super::{Choice, Control, Field, Posture, Row, Scene, Step, as_written, unset_means};
use crate::document::{Edit, Path, Seg};
use crate::settings::{ChannelNode, Settings, is_open, is_wildcard, senders_key};
use crate::text::{Said, Text};
use serde_json::Value;

pub(super) const CONTROLS: &[Control] = &[
    DM_SCOPE,
    GROUP_SCOPE,
    DM_POLICY,
    GROUP_POLICY,
    ALLOW_FROM,
    GROUP_ALLOW_FROM,
    COMMANDS,
    MENTION,
    CONFIG_WRITES,
    DANGEROUS,
];

/// Is every place that decides about sessions: the file's own, and each binding's.
fn session_places(settings: &Settings) -> Vec<Path> {
    let bindings = settings.get("bindings").and_then(Value::as_array).map_or(0, Vec::len);
    std::iter::once(Path::from("session"))
        .chain((0..bindings).map(|index| Path::from("bindings").index(index).key("session")))
        .collect()
}

const DM_SCOPE: Control = Control {
    id: "session.dmScope",
    step: Step::Pairing,
    label: Text { en: "DM session isolation", ja: "DM セッションの分離" },
    why: Text {
        en: "With \"main\" everybody who writes to the agent shares one conversation: one person's words and files come up in the answers to another.",
        ja: "\"main\" では DM の送信者全員が1つの会話を共有し、ある人の内容が別の人への返答に出ます。",
    },
    rows: |scene| {
        const APART: Text = Text {
            en: "Each sender gets a conversation of their own in each channel. Your own thread no longer follows you from one channel to another.",
            ja: "チャンネルと送信者ごとに会話が分かれます。自分の会話も、チャンネルをまたいで続かなくなります。",
        };
        const SCOPES: [&str; 4] = ["main", "per-peer", "per-channel-peer", "per-account-channel-peer"];
        session_places(scene.now)
            .into_iter()
            .filter_map(|place| {
                let path = place.key("dmScope");
                let scope = scene.now.at(&path).and_then(Value::as_str);
                let is_global = place == Path::from("session");
                if scope.is_none() && !is_global {
                    return None;
                }
                let rank = scope.and_then(|scope| SCOPES.iter().position(|known| *known == scope)).unwrap_or(0);
                let mut row = Row::new(&path, unset_means(scene.now, &path, "main"));
                if !is_global {
                    row = row.whose(place.parent().unwrap_or_default().to_string());
                }
                for (stricter, scope) in SCOPES.iter().enumerate().skip((rank + 1).max(2)) {
                    let choice = Choice::ask(*scope, vec![Edit::set(&path, *scope)], APART);
                    row = if rank == 0 && stricter == 2 { row.recommend(choice) } else { row.offer(choice) };
                }
                Some(row)
            })
            .collect()
    },
};

const GROUP_SCOPE: Control = Control {
    id: "session.groupScope",
    step: Step::Pairing,
    label: Text { en: "Group isolation", ja: "グループの分離" },
    why: Text {
        en: "With \"main\" groups share your own conversation: what you wrote in private can come up in a group.",
        ja: "\"main\" ではグループが自分の会話を共有し、個人的な内容がグループでの返答に出ます。",
    },
    rows: |scene| {
        const APART: Text = Text {
            en: "Each group gets a conversation of its own and no longer knows what was said elsewhere.",
            ja: "グループごとに会話が分かれ、ほかの会話の内容は引き継がれなくなります。",
        };
        session_places(scene.now)
            .into_iter()
            .filter_map(|place| {
                let path = place.key("groupScope");
                let scope = scene.now.at(&path)?;
                let row = Row::new(&path, as_written(scene.now, &path));
                let row = if place == Path::from("session") {
                    row
                } else {
                    row.whose(place.parent().unwrap_or_default().to_string())
                };
                let apart = || Choice::ask("per-group", vec![Edit::set(&path, "per-group")], APART);
                Some(if scope == "main" { row.recommend(apart()) } else { row })
            })
            .collect()
    },
};

/// Channels where an unknown sender can ask to be let in (OpenClaw 2026.9.6). In the others only ids let anyone in.
const WITH_PAIRING: [&str; 18] = [
    "discord",
    "feishu",
    "googlechat",
    "imessage",
    "irc",
    "line",
    "matrix",
    "mattermost",
    "msteams",
    "nextcloud-talk",
    "nostr",
    "signal",
    "slack",
    "sms",
    "telegram",
    "whatsapp",
    "zalo",
    "zalouser",
];

/// Channels that take `groupAllowFrom` (OpenClaw 2026.9.6). The others list groups, not senders.
const WITH_GROUP_SENDERS: [&str; 16] = [
    "buzz",
    "feishu",
    "googlechat",
    "imessage",
    "irc",
    "line",
    "matrix",
    "mattermost",
    "msteams",
    "nextcloud-talk",
    "qa-channel",
    "signal",
    "telegram",
    "whatsapp",
    "zalo",
    "zalouser",
];

/// Is what a policy for private messages becomes where it lets everybody in.
///
/// With `open` and no wildcard only the listed get in (OpenClaw 2026.9.6), so pairing would let in more than before.
fn closed(settings: &Settings, node: &ChannelNode) -> &'static str {
    let pairs = WITH_PAIRING.contains(&node.channel) && settings.senders(node).iter().any(is_wildcard);
    if pairs { "pairing" } else { "allowlist" }
}

/// Is the policy of a place by its key: `dmPolicy`, `groupPolicy`, or `policy` within `dm`.
///
/// What the schema fills in is worth a row at the channel itself, not again in each account.
fn policy_at<'n>(settings: &Settings, node: &'n ChannelNode, key: &str) -> Option<(Path, &'n Value)> {
    let path = node.path.key(key);
    let is_channel = node.depth == 0 && node.account.is_none();
    let policy = node.object.get(key).filter(|policy| policy.is_string())?;
    (is_channel || settings.source_at(&path).is_some()).then_some((path, policy))
}

fn dm_policies<'n>(settings: &Settings, nodes: &'n [ChannelNode<'n>]) -> Vec<(&'n ChannelNode<'n>, Path, &'n Value)> {
    nodes
        .iter()
        .filter_map(|node| {
            let key = if node.path.last_key() == Some("dm") { "policy" } else { "dmPolicy" };
            policy_at(settings, node, key).map(|(path, policy)| (node, path, policy))
        })
        .collect()
}

const DM_POLICY: Control = Control {
    id: "pairing.dmPolicy",
    step: Step::Pairing,
    label: Text { en: "DM policy", ja: "DM ポリシー" },
    why: Text {
        en: "With \"open\" anybody who finds the bot can give the agent orders; their messages can mislead it, and every answer is paid by you.",
        ja: "\"open\" では、ボットを見つけた人がだれでもエージェントに指示でき、その利用料は自分の負担になります。",
    },
    rows: |scene| {
        let nodes = scene.now.channel_nodes();
        dm_policies(scene.now, &nodes)
            .into_iter()
            .map(|(node, path, policy)| dm_policy_row(scene, node, path, policy))
            .collect()
    },
};

fn dm_policy_row(scene: &Scene, node: &ChannelNode, path: Path, policy: &Value) -> Row {
    const PAIRING: Text = Text {
        en: "Senders not yet approved will get a pairing code and no answer. Approve one with: openclaw pairing approve {channel} <code>",
        ja: "変更後、未承認の送信者に届くのはペアリングコードだけになります。承認するコマンド: openclaw pairing approve {channel} <code>",
    };
    const LISTED: Text = Text {
        en: "Only the listed senders get an answer; whoever was approved by a pairing code no longer does. Add one to {list}.",
        ja: "{list} にある送信者だけに返答し、ペアリングコードで承認した送信者には返答しなくなります。必要な ID を加えてください。",
    };
    const NOBODY: Text = Text {
        en: "No sender is listed, so the channel answers nobody in private until ids stand in {list}.",
        ja: "送信者が1人も登録されていないため、{list} に ID を書くまで DM にはだれにも返答しません。",
    };
    const DISABLED: Text = Text {
        en: "The channel no longer answers private messages at all.",
        ja: "DM には一切返答しなくなります。",
    };
    let list = path.parent().unwrap_or_default().key(senders_key(node.channel));
    let row = Row::new(&path, unset_means(scene.now, &path, policy.as_str().unwrap_or_default())).whose(node.name());
    let set = |policy: &str| vec![Edit::set(&path, policy)];
    let known = scene.now.senders(node);
    let listed = || {
        let none = !known.iter().any(|sender| !is_wildcard(sender));
        Choice::ask("allowlist", set("allowlist"), if none { NOBODY } else { LISTED }.with("list", &list))
    };
    let disabled = Choice::ask("disabled", set("disabled"), DISABLED);
    if !is_open(Some(policy)) {
        let by_name = known.iter().any(|sender| !is_wildcard(sender));
        return match policy.as_str() {
            Some("pairing") if by_name => row.offer(listed()).offer(disabled),
            Some("pairing" | "allowlist") => row.offer(disabled),
            _ => row,
        };
    }
    if closed(scene.now, node) == "allowlist" {
        return row.recommend(listed()).offer(disabled);
    }
    let pairing = Choice::ask("pairing", set("pairing"), PAIRING.with("channel", node.channel));
    row.recommend(pairing).offer(listed()).offer(disabled).field(Field {
        text: ids_as_text(known),
        list: true,
        hint: IDS,
        read: read_dm_ids,
    })
}

fn ids_as_text(ids: &[Value]) -> String {
    let ids = ids.iter().filter(|id| !is_wildcard(id));
    ids.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned)).collect::<Vec<_>>().join("\n")
}

/// What is typed where senders are listed.
const IDS: Text = Text {
    en: "An entry is the id by which the channel knows a sender: a number, +15551234567, @you:example.org. Only these senders are answered then, instead of everybody.",
    ja: "1件は、チャンネルでの送信者の ID です (数字の ID、+15551234567、@you:example.org など)。確定すると、全員ではなく、この送信者だけに返答します。",
};

fn read_ids(text: &str) -> Result<Vec<&str>, Text> {
    let ids = lines(text);
    if ids.iter().any(|id| id.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '`'))) {
        return Err(Text {
            en: "An id has no blanks, commas or quotes in it: type one a line, as in 123456789",
            ja: "ID に空白、カンマ、引用符は使えません。123456789 のように1行に1つ入力してください",
        });
    }
    if ids.is_empty() || ids.contains(&"*") {
        return Err(Text {
            en: "Type the id of each sender, one a line; \"*\" would let everybody in",
            ja: "送信者の ID を1行に1つ入力してください。\"*\" は全員への開放になります",
        });
    }
    Ok(ids)
}

fn channel_of(path: &Path) -> &str {
    match path.segs() {
        [_, Seg::Key(channel), ..] => channel,
        _ => "",
    }
}

fn read_dm_ids(path: &Path, text: &str) -> Result<Vec<Edit>, Text> {
    let list = path.parent().unwrap_or_default().key(senders_key(channel_of(path)));
    Ok(vec![Edit::set(path, "allowlist"), Edit::set(list, read_ids(text)?)])
}

const GROUP_POLICY: Control = Control {
    id: "pairing.groupPolicy",
    step: Step::Pairing,
    label: Text { en: "Group policy", ja: "グループポリシー" },
    why: Text {
        en: "With \"open\" everybody in every group that the bot is added to can give the agent orders.",
        ja: "\"open\" では、ボットが追加されたすべてのグループの全員がエージェントに指示できます。",
    },
    rows: |scene| {
        let nodes = scene.now.channel_nodes();
        nodes
            .iter()
            .filter_map(|node| {
                policy_at(scene.now, node, "groupPolicy")
                    .map(|(path, policy)| group_policy_row(scene, node, path, policy))
            })
            .collect()
    },
};

fn group_policy_row(scene: &Scene, node: &ChannelNode, path: Path, policy: &Value) -> Row {
    const SENDERS: Text = Text {
        en: "Groups fall silent except for the senders in {list}; where no list has an id, for everybody. Type the ids of those who may write.",
        ja: "グループでは {list} の送信者にだけ返答します。どの一覧にも ID がなければ、だれにも返答しません。許可する ID を入力してください。",
    };
    const GROUPS: Text = Text {
        en: "Groups fall silent unless they are listed below channels.{channel}, by their ids.",
        ja: "channels.{channel} の一覧に ID があるグループ以外では返答しなくなります。",
    };
    const DEFAULTS: Text = Text {
        en: "Channels without a group policy of their own fall silent in groups that are not listed.",
        ja: "グループポリシーを個別に設定していないチャンネルは、一覧にないグループで返答しなくなります。",
    };
    const DISABLED: Text = Text {
        en: "Groups fall silent: nobody gets an answer there.",
        ja: "グループではだれにも返答しなくなります。",
    };
    let row = Row::new(&path, unset_means(scene.now, &path, policy.as_str().unwrap_or_default())).whose(node.name());
    let disabled = Choice::ask("disabled", vec![Edit::set(&path, "disabled")], DISABLED);
    if !is_open(Some(policy)) {
        return if policy == "allowlist" { row.offer(disabled) } else { row };
    }
    let list = group_list(&path);
    let effect = match &list {
        Some(list) => SENDERS.with("list", list),
        None if node.channel == "defaults" => DEFAULTS.into(),
        None => GROUPS.with("channel", node.channel),
    };
    let listed = Choice::ask("allowlist", vec![Edit::set(&path, "allowlist")], effect);
    let row = match scene.posture {
        Posture::Public => row.offer(listed).recommend(disabled),
        _ => row.recommend(listed).offer(disabled),
    };
    match list {
        Some(list) => {
            let ids = scene.now.at(&list).and_then(Value::as_array).cloned().unwrap_or_default();
            row.field(Field { text: ids_as_text(&ids), list: true, hint: IDS, read: read_group_ids })
        }
        None => row,
    }
}

/// Is the list of senders that goes with a group policy, where the schema has one.
fn group_list(policy: &Path) -> Option<Path> {
    let place = policy.parent()?;
    let channel = channel_of(policy);
    let is_outermost = matches!(place.segs(), [_, _] | [_, _, Seg::Key(_), _])
        && (place.segs().len() == 2 || place.segs().get(2) == Some(&Seg::Key("accounts".into())));
    match channel {
        _ if is_outermost => WITH_GROUP_SENDERS.contains(&channel).then(|| place.key("groupAllowFrom")),
        "telegram" => Some(place.key("allowFrom")),
        "buzz" => Some(place.key("groupAllowFrom")),
        _ => None,
    }
}

fn read_group_ids(path: &Path, text: &str) -> Result<Vec<Edit>, Text> {
    let ids = read_ids(text)?;
    let mut edits = vec![Edit::set(path, "allowlist")];
    edits.extend(group_list(path).map(|list| Edit::set(list, ids)));
    Ok(edits)
}

const ALLOW_FROM: Control = Control {
    id: "pairing.allowFrom",
    step: Step::Pairing,
    label: Text { en: "Everybody listed", ja: "全員への許可" },
    why: Text {
        en: "\"*\" stands for everybody, so whatever the policy says, each sender gets an answer and may use slash commands.",
        ja: "\"*\" は全員を意味し、ポリシーにかかわらず、だれにでも返答し、スラッシュコマンドも使わせます。",
    },
    rows: |scene| wildcard_rows(scene, &["allowFrom", "allowedUserIds"]),
};

const GROUP_ALLOW_FROM: Control = Control {
    id: "pairing.groupAllowFrom",
    step: Step::Pairing,
    label: Text { en: "Everybody in groups", ja: "グループの全員" },
    why: Text {
        en: "\"*\" lets everybody in a group give the agent orders and use slash commands.",
        ja: "\"*\" では、グループの全員がエージェントに指示でき、スラッシュコマンドも使えます。",
    },
    rows: |scene| wildcard_rows(scene, &["groupAllowFrom", "groupSenderAllowFrom", "users"]),
};

fn wildcard_rows(scene: &Scene, keys: &[&str]) -> Vec<Row> {
    let nodes = scene.now.channel_nodes();
    nodes
        .iter()
        // Whose coming and going is told to the agent, not who may write to it.
        .filter(|node| node.path.last_key() != Some("presenceEvents"))
        .flat_map(|node| keys.iter().filter_map(|key| wildcard_row(scene, &nodes, node, key)))
        .collect()
}

fn wildcard_row(scene: &Scene, nodes: &[ChannelNode], node: &ChannelNode, key: &str) -> Option<Row> {
    const LEFT: Text = Text {
        en: "Only the ids that are left may write and use slash commands.",
        ja: "残った ID の送信者だけが、メッセージとスラッシュコマンドを使えます。",
    };
    const EMPTY: Text = Text {
        en: "No id is left in this list: type the ids of those who may write.",
        ja: "この一覧には ID が残りません。許可する送信者の ID を入力してください。",
    };
    const COMMANDS_CLOSED: Text = Text {
        en: "No id is left in this list, and an empty one leaves slash commands open, so {key} is set too: only the ids in it may use them. Type the ids of those who may write.",
        ja: "ID が残らず、空の一覧ではスラッシュコマンドが開放されたままになるため、{key} も設定します。使えるのはその ID だけです。許可する送信者の ID を入力してください。",
    };
    let path = node.path.key(key);
    let entries = node.object.get(key)?.as_array()?;
    if !entries.iter().any(is_wildcard) {
        return None;
    }
    let left: Vec<Value> = entries.iter().filter(|entry| !is_wildcard(entry)).cloned().collect();
    let mut edits = vec![Edit::set(&path, left.clone())];
    let guard = if left.is_empty() { commands_guard(scene.now, node, key) } else { None };
    let effect = match &guard {
        _ if !left.is_empty() => LEFT.into(),
        Some(guard) => COMMANDS_CLOSED.with("key", &guard.path),
        None => EMPTY.into(),
    };
    edits.extend(guard.clone());
    let mut policies = Vec::new();
    // `open` is refused without a wildcard, so a policy that stayed open closes with it.
    for other in nodes.iter().filter(|other| other.path.is_within(&node.path)) {
        let inherits = other.path == node.path || other.account.is_some() && !other.object.contains_key(key);
        let policy = if other.path.last_key() == Some("dm") { "policy" } else { "dmPolicy" };
        if inherits && key == senders_key(node.channel) && is_open(other.object.get(policy)) {
            let (policy, becomes) = (other.path.key(policy), closed(scene.now, other));
            policies.push(format!("{policy} = {becomes}"));
            edits.push(Edit::set(policy, becomes));
        }
    }
    let effect = match policies.as_slice() {
        [] => effect,
        policies => linked(&left, guard.as_ref()).with("policies", policies.join(", ")),
    };
    let row = Row::new(&path, as_written(scene.now, &path)).whose(node.name());
    let choice = Choice::ask("remove", edits, effect).called(WITHOUT.with("names", "\"*\""));
    Some(row.recommend(choice).field(Field {
        text: ids_as_text(&left),
        list: true,
        hint: IDS,
        read: |path, text| Ok(vec![Edit::set(path, read_ids(text)?)]),
    }))
}

/// Is what taking `*` out of a list does where policies close with it: `{policies}`.
fn linked(left: &[Value], guard: Option<&Edit>) -> Said {
    const LEFT: Text = Text {
        en: "Only the ids that are left may write and use slash commands. \"open\" is refused without \"*\", so this is set too: {policies}.",
        ja: "残った ID の送信者だけが、メッセージとスラッシュコマンドを使えます。\"*\" のない \"open\" は受け付けられないため、あわせて設定します: {policies}",
    };
    const EMPTY: Text = Text {
        en: "No id is left in this list: type the ids of those who may write. \"open\" is refused without \"*\", so this is set too: {policies}.",
        ja: "この一覧には ID が残りません。許可する送信者の ID を入力してください。\"*\" のない \"open\" は受け付けられないため、あわせて設定します: {policies}",
    };
    const COMMANDS_CLOSED: Text = Text {
        en: "No id is left in this list: type the ids of those who may write. \"open\" is refused without \"*\", and an empty list leaves slash commands open, so this is set too: {policies}, and {key}, whose ids alone may use slash commands.",
        ja: "この一覧には ID が残りません。許可する送信者の ID を入力してください。\"*\" のない \"open\" は受け付けられず、空の一覧ではスラッシュコマンドが開放されたままになるため、あわせて設定します: {policies}、{key} (スラッシュコマンドを使える ID)",
    };
    match guard {
        _ if !left.is_empty() => LEFT.into(),
        Some(guard) => COMMANDS_CLOSED.with("key", &guard.path),
        None => EMPTY.into(),
    }
}

/// Is what keeps slash commands closed once a list of senders is empty; none where something else does.
///
/// OpenClaw 2026.9.6 (`resolveCommandAuthorization`) takes an empty list for everybody, as it takes `*`. An entry for the channel in
/// `commands.allowFrom` alone decides, also an empty one; so does an owner in `commands.ownerAllowFrom`.
/// An id in it counts wherever the channel reaches, so only those are put there who have commands in all of it.
fn commands_guard(settings: &Settings, node: &ChannelNode, key: &str) -> Option<Edit> {
    let lists = Path::from("commands.allowFrom");
    let decided = |name: &str| settings.at(&lists.key(name)).is_some_and(Value::is_array);
    if node.channel == "defaults" || decided(node.channel) || decided("*") || has_owner(settings, node.channel) {
        return None;
    }
    let ids: Vec<Value> = settings.senders(node).iter().filter(|id| !is_wildcard(id)).cloned().collect();
    // Without senders of their own, groups take the list for private messages.
    if key == "groupAllowFrom" && !ids.is_empty() {
        return None;
    }
    let channel = Path::from("channels").key(node.channel);
    let everywhere = settings.at(&channel.key("accounts")).is_none()
        && settings.at(&channel.key("dmPolicy")).is_some_and(|policy| policy != "disabled");
    Some(Edit::set(lists.key(node.channel), if everywhere { ids } else { Vec::new() }))
}

/// Whether an owner is named for a channel, or for all of them.
fn has_owner(settings: &Settings, channel: &str) -> bool {
    let owners = settings.get("commands.ownerAllowFrom").and_then(Value::as_array);
    owners.into_iter().flatten().any(|owner| match owner.as_str().map(str::trim) {
        None => owner.is_number(),
        Some(owner) => match owner.split_once(':') {
            Some((prefix, id)) => prefix == channel && !id.trim().is_empty() && id.trim() != "*",
            None => !owner.is_empty() && owner != "*",
        },
    })
}

/// What is typed where those are listed who may use slash commands.
const COMMAND_IDS: Text = Text {
    en: "An entry is the id by which the channel knows a sender: a number, +15551234567, @you:example.org. Only these senders may use slash commands then.",
    ja: "1件は、チャンネルでの送信者の ID です (数字の ID、+15551234567、@you:example.org など)。確定すると、この送信者だけがスラッシュコマンドを使えます。",
};

const COMMANDS: Control = Control {
    id: "commands.allowFrom",
    step: Step::Pairing,
    label: Text { en: "Slash commands", ja: "スラッシュコマンド" },
    why: Text {
        en: "\"*\" lets everybody whom the bot hears use its slash commands, which change models, sessions and approvals.",
        ja: "\"*\" では、ボットにメッセージを送れる全員が、モデルやセッションを変えるスラッシュコマンドを使えます。",
    },
    rows: |scene| {
        const LISTED: Text = Text {
            en: "Only the ids that are left may use slash commands; with none left, nobody may. Type the ids of those who may.",
            ja: "残った ID だけがスラッシュコマンドを使えます。残らなければだれも使えません。許可する ID を入力してください。",
        };
        let lists = Path::from("commands.allowFrom");
        let channels = scene.now.at(&lists).and_then(Value::as_object);
        channels
            .into_iter()
            .flatten()
            .filter_map(|(channel, ids)| {
                let ids = ids.as_array().filter(|ids| ids.iter().any(is_wildcard))?;
                let left: Vec<Value> = ids.iter().filter(|id| !is_wildcard(id)).cloned().collect();
                let path = lists.key(channel.as_str());
                // The list stays, also when it is empty: without it the channel's own lists would decide.
                let choice = Choice::ask("remove", vec![Edit::set(&path, left.clone())], LISTED)
                    .called(WITHOUT.with("names", "\"*\""));
                let row = Row::new(&path, as_written(scene.now, &path)).whose(channel.clone());
                Some(row.recommend(choice).field(Field {
                    text: ids_as_text(&left),
                    list: true,
                    hint: COMMAND_IDS,
                    read: |path, text| Ok(vec![Edit::set(path, read_ids(text)?)]),
                }))
            })
            .collect()
    },
};

/// Is the rows that `row` gives for every place in every channel.
fn everywhere(scene: &Scene, mut row: impl FnMut(&ChannelNode) -> Vec<Row>) -> Vec<Row> {
    let nodes = scene.now.channel_nodes();
    nodes.iter().flat_map(|node| row(node).into_iter().map(|row| row.whose(node.name()))).collect()
}

const MENTION: Control = Control {
    id: "pairing.requireMention",
    step: Step::Pairing,
    label: Text { en: "Answer only if mentioned", ja: "メンション必須" },
    why: Text {
        en: "Otherwise the agent reads and answers everything that is said in the group, also what is meant to mislead it.",
        ja: "必須にしないと、誘導を狙ったものも含め、グループのすべての発言を読んで返答します。",
    },
    rows: |scene| {
        const MENTIONED: Text = Text {
            en: "The bot is silent in groups until somebody mentions it by name.",
            ja: "グループでは、名前でメンションされたときだけ返答します。",
        };
        everywhere(scene, |node| switch_on(scene, node.path.key("requireMention"), MENTIONED).into_iter().collect())
    },
};

const CONFIG_WRITES: Control = Control {
    id: "pairing.configWrites",
    step: Step::Pairing,
    label: Text { en: "Config from chat", ja: "チャットからの設定変更" },
    why: Text {
        en: "A message can change this config, and so undo what you decide here.",
        ja: "メッセージで設定を変更できるため、ここでの決定が取り消されます。",
    },
    rows: |scene| {
        const BY_HAND: Text = Text {
            en: "Chat can no longer change the config, and a group that gets a new id must be renamed by hand: openclaw config set",
            ja: "チャットから設定を変更できなくなります。グループの ID が変わったときは手動で直してください: openclaw config set",
        };
        everywhere(scene, |node| switch_off(scene, node.path.key("configWrites"), BY_HAND).into_iter().collect())
    },
};

const DANGEROUS: Control = Control {
    id: "pairing.dangerously",
    step: Step::Pairing,
    label: Text { en: "Channel guards off", ja: "チャンネルの安全策" },
    why: Text {
        en: "These switches turn off OpenClaw's own guards: names instead of ids, unsigned messages, addresses of the private network.",
        ja: "ID の代わりに名前を使う、署名のないメッセージを受け取る、内部ネットワークに接続するなど、OpenClaw の安全策を外す設定です。",
    },
    rows: |scene| {
        const GUARDED: Text = Text {
            en: "The guard is back. Whatever needed it off stops: list senders by id, and sign what you send.",
            ja: "安全策が有効に戻り、それに頼っていた動作は止まります。送信者は ID で登録し、送信には署名してください。",
        };
        everywhere(scene, |node| {
            let flags = node.object.keys().filter(|key| key.starts_with("dangerously"));
            flags.filter_map(|flag| switch_off(scene, node.path.key(flag.as_str()), GUARDED)).collect()
        })
    },
};

#[cfg(test)]
mod tests;

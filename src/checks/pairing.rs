//! Who may write to the agents: private messages, groups, lists of senders.

use super::tools::one_hit;
use super::{Check, Hit, Mend, Severity};
use crate::document::{Path, Seg};
use crate::settings::{ChannelNode, Settings, is_open, is_wildcard, senders_key};
use crate::text::Text;
use serde_json::{Map, Value};

const ACCESS: &str = "https://docs.openclaw.ai/gateway/security/access-control";
const GROUPS: &str = "https://docs.openclaw.ai/channels/groups";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "harden.pairing.dm_open",
        severity: Severity::Critical,
        title: Text {
            en: "Anyone may write to the agent in private", ja: "誰でもエージェントに DM で指示できます"
        },
        why: Text {
            en: "A stranger who finds the bot can give it orders in a private message, use its tools and run up your bill.",
            ja: "ボットを見つけた第三者が、DM で指示を出し、ツールを使い、利用料を発生させます。",
        },
        test: |settings| {
            let nodes = settings.channel_nodes();
            let open = nodes.iter().filter_map(|node| {
                let key = dm_policy_key(node);
                let policy = node.object.get(key).filter(|policy| is_open(Some(policy)))?;
                // Without a wildcard only the listed get in, whatever the word says (OpenClaw 2026.9.6).
                let severity = match settings.senders(node).iter().any(is_wildcard) {
                    _ if !is_enabled(settings, node.path) => Some(Severity::Info),
                    true => None,
                    false => Some(Severity::Warn),
                };
                let hit = Hit::at(node.path.key(key)).found(policy.as_str().unwrap_or_default());
                Some(Hit { severity, ..hit }.wanted("pairing"))
            });
            open.collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Set the policy shown to \"pairing\", or to \"allowlist\" where the channel has no pairing, and take \"*\" out of the list of senders.",
            ja: "表示されたポリシーを \"pairing\" (ペアリングのないチャンネルでは \"allowlist\") にし、送信者の一覧から \"*\" を外してください。",
        }),
        risky: r#"{channels: {telegram: {dmPolicy: "open", allowFrom: ["*"]}}}"#,
        safe: r#"{channels: {telegram: {dmPolicy: "pairing"}}}"#,
        reference: ACCESS,
    },
    Check {
        id: "harden.pairing.group_open",
        severity: Severity::Warn,
        title: Text {
            en: "Every member of a group may give the agent orders",
            ja: "グループの全員がエージェントに指示できます",
        },
        why: Text {
            en: "Whoever is in a group with the bot, or adds it to one, can use its tools. OpenClaw's audit overlooks single groups, topics and Feishu's \"allowall\".",
            ja: "ボットのいるグループの参加者や、ボットを追加した人が、ツールを使えます。OpenClaw の監査は個々のグループやトピック、Feishu の \"allowall\" を見落とします。",
        },
        test: |settings| {
            let nodes = settings.channel_nodes();
            let open = nodes.iter().filter_map(|node| {
                let policy = node.object.get("groupPolicy").filter(|policy| is_open(Some(policy)))?;
                let hit = Hit::at(node.path.key("groupPolicy")).found(policy.as_str().unwrap_or_default());
                Some(hit.wanted("allowlist").info_if(!is_enabled(settings, node.path)))
            });
            open.collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Set the groupPolicy shown to \"allowlist\", and list the groups or senders that are meant.",
            ja: "表示された groupPolicy を \"allowlist\" にし、許可するグループや送信者を登録してください。",
        }),
        risky: r#"{channels: {telegram: {groups: {"-1001": {topics: {"7": {groupPolicy: "open"}}}}}}}"#,
        safe: r#"{channels: {telegram: {groups: {"-1001": {topics: {"7": {groupPolicy: "allowlist"}}}}}}}"#,
        reference: GROUPS,
    },
    Check {
        id: "harden.pairing.wildcard",
        severity: Severity::Critical,
        title: Text {
            en: "A list of senders lets everybody in", ja: "送信者の一覧が全員を許可しています"
        },
        why: Text {
            en: "\"*\" stands for everybody, so pairing and the other entries count for nothing: a stranger's message reaches the agent, slash commands too.",
            ja: "\"*\" は全員を意味し、ペアリングもほかの項目も無意味になります。第三者のメッセージやスラッシュコマンドが届きます。",
        },
        test: wildcards,
        mend: Mend::ByPlan(Text {
            en: "Take \"*\" out of the list and write the ids of those who may write; leave no list for slash commands empty.",
            ja: "一覧から \"*\" を外し、許可する送信者の ID を登録してください。空の一覧ではスラッシュコマンドが開放されるため、ID を残してください。",
        }),
        risky: r#"{channels: {telegram: {dmPolicy: "pairing", allowFrom: ["*"]}}}"#,
        safe: r#"{channels: {telegram: {dmPolicy: "pairing", allowFrom: ["1234567"]}}}"#,
        reference: ACCESS,
    },
    Check {
        id: "harden.pairing.group_commands_open",
        severity: Severity::Warn,
        title: Text {
            en: "No list says who in Telegram groups may use commands",
            ja: "Telegram グループでコマンドを使える人が限定されていません",
        },
        why: Text {
            en: "Any member of a listed group can change models and sessions by slash commands. People approved by pairing would count, but are not seen here.",
            ja: "登録したグループの参加者なら誰でも、スラッシュコマンドでモデルやセッションを変更できます。ペアリングで承認した人の有無は、ここでは確認できません。",
        },
        test: group_commands_open,
        mend: Mend::Manual(Text {
            en: "Set channels.telegram.groupAllowFrom to the numeric ids of those who may write.",
            ja: "channels.telegram.groupAllowFrom に、許可する送信者の数字の ID を登録してください。",
        }),
        risky: r#"{channels: {telegram: {groups: {"-1001": {}}}}}"#,
        safe: r#"{channels: {telegram: {groups: {"-1001": {}}, groupAllowFrom: ["1234567"]}}}"#,
        reference: "https://docs.openclaw.ai/channels/telegram",
    },
    Check {
        id: "harden.pairing.mention_not_required",
        severity: Severity::Info,
        title: Text {
            en: "The agent answers groups without being mentioned",
            ja: "グループで、メンションなしの発言にも返答します",
        },
        why: Text {
            en: "Everything that is said there reaches the agent as an order, also what a member or a forwarded text says to mislead it.",
            ja: "グループの発言がすべて指示として届きます。参加者の発言や転送された文章による誘導も含みます。",
        },
        test: |settings| {
            let nodes = settings.channel_nodes();
            let loose = nodes.iter().filter(|node| {
                let open = || is_open(node.object.get("groupPolicy"));
                match node.object.get("requireMention") {
                    Some(required) => *required == Value::Bool(false),
                    // There alone an open policy also switches the mention off.
                    None => node.channel == "feishu" && open(),
                }
            });
            loose
                .map(|node| {
                    let is_warned = is_open_ish(settings, node.path) && is_enabled(settings, node.path);
                    let severity = is_warned.then_some(Severity::Warn);
                    Hit { severity, ..Hit::at(node.path.key("requireMention")).found(false).wanted(true) }
                })
                .collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Set the requireMention shown to true.",
            ja: "表示された requireMention を true にしてください。",
        }),
        risky: r#"{channels: {telegram: {groups: {"*": {requireMention: false}}}}}"#,
        safe: r#"{channels: {telegram: {groups: {"*": {requireMention: true}}}}}"#,
        reference: GROUPS,
    },
    Check {
        id: "harden.pairing.nobody_admitted",
        severity: Severity::Info,
        title: Text {
            en: "A list decides who may write, and it is empty",
            ja: "送信者を一覧で限定していますが、一覧が空です",
        },
        why: Text {
            en: "Nobody gets an answer there, you neither. The danger is the quick way out: \"open\" or \"*\" lets in everybody.",
            ja: "自分を含め、誰にも返答しません。\"open\" や \"*\" で解決すると、全員に開放されます。",
        },
        test: nobody_admitted,
        mend: Mend::Manual(Text {
            en: "Write your own id into the list shown, or set dmPolicy to \"pairing\" and approve yourself with: openclaw pairing approve <channel> <code>",
            ja: "表示された一覧に自分の ID を登録するか、dmPolicy を \"pairing\" にして次のコマンドで承認してください: openclaw pairing approve <channel> <code>",
        }),
        risky: r#"{channels: {telegram: {dmPolicy: "allowlist"}}}"#,
        safe: r#"{channels: {telegram: {dmPolicy: "allowlist", allowFrom: ["1234567"]}}}"#,
        reference: ACCESS,
    },
    Check {
        id: "harden.pairing.telegram_names",
        severity: Severity::Warn,
        title: Text {
            en: "A Telegram list names senders by what they call themselves",
            ja: "Telegram の一覧に、数字の ID でない送信者があります",
        },
        why: Text {
            en: "Telegram admits numeric ids alone, so such an entry lets nobody in. A name can also be given up and taken over by a stranger.",
            ja: "Telegram で有効なのは数字の ID だけなので、この項目では誰も許可されません。名前は第三者に取得されることもあります。",
        },
        test: |settings| {
            let nodes = settings.channel_nodes();
            let lists = nodes.iter().filter(|node| node.channel == "telegram").flat_map(|node| {
                ["allowFrom", "groupAllowFrom"].into_iter().filter_map(|key| {
                    let ids = node.object.get(key)?.as_array()?.iter().filter_map(Value::as_str);
                    let names: Vec<&str> = ids.filter(|id| is_telegram_name(id)).collect();
                    (!names.is_empty()).then(|| Hit::at(node.path.key(key)).found(names.join(", ")))
                })
            });
            lists.collect()
        },
        mend: Mend::Manual(Text {
            en: "Replace the entries shown by numeric user ids; the log shows the id of whoever writes to the bot.",
            ja: "表示された項目を数字のユーザー ID に置き換えてください。ID は、ボットに書き込んだときのログで確認できます。",
        }),
        risky: r#"{channels: {telegram: {allowFrom: ["@ann"]}}}"#,
        safe: r#"{channels: {telegram: {allowFrom: ["tg:1234567"]}}}"#,
        reference: "https://docs.openclaw.ai/channels/telegram",
    },
    Check {
        id: "harden.pairing.config_writes",
        severity: Severity::Info,
        title: Text {
            en: "Messages of a channel may change the config",
            ja: "チャンネルのメッセージで設定を変更できます",
        },
        why: Text {
            en: "Whoever takes over an approved account can open the channel to others and undo what you decide here.",
            ja: "承認済みアカウントを乗っ取った人が、チャンネルをほかの人に開放し、ここでの決定を取り消せます。",
        },
        test: |settings| {
            let severity = settings.is_true("commands.config").then_some(Severity::Warn);
            let nodes = settings.channel_nodes();
            let on = nodes.iter().filter(|node| node.object.get("configWrites") == Some(&Value::Bool(true)));
            on.map(|node| Hit { severity, ..Hit::at(node.path.key("configWrites")).found(true).wanted(false) })
                .collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Set the configWrites shown to false.",
            ja: "表示された configWrites を false にしてください。",
        }),
        risky: "{channels: {telegram: {configWrites: true}}}",
        safe: "{channels: {telegram: {configWrites: false}}}",
        reference: "https://docs.openclaw.ai/gateway/config-channels/commands",
    },
    Check {
        id: "harden.pairing.context_visible",
        severity: Severity::Info,
        title: Text {
            en: "In groups the agent also reads people who are not on the list",
            ja: "グループでは、一覧にない人の発言も読み込みます",
        },
        why: Text {
            en: "Quotes, threads and history reach the agent with an admitted message, so any member can plant text there that misleads it.",
            ja: "許可した人のメッセージとともに、引用や履歴も読み込みます。ほかの参加者が、誘導する文章を紛れ込ませることができます。",
        },
        test: |settings| {
            let filters = |place: &Path| {
                let visible = settings.at(&place.key("contextVisibility")).and_then(Value::as_str);
                visible.map(|visible| visible != "all")
            };
            let by_default = filters(&Path::from("channels.defaults")).unwrap_or(false);
            let nodes = settings.channel_nodes();
            let seen = nodes.iter().filter(|node| {
                is_inbox(node)
                    && SUPPLEMENTS.contains(&node.channel)
                    && is_enabled(settings, node.path)
                    && has_groups(node.object)
                    && node.object.get("groupPolicy").and_then(Value::as_str) != Some("disabled")
                    && !filters(node.path)
                        .or_else(|| filters(&Path::from("channels").key(node.channel)))
                        .unwrap_or(by_default)
            });
            one_hit(settings, seen.map(|node| node.path.key("contextVisibility")), |hit| hit.wanted("allowlist"))
        },
        mend: Mend::Manual(Text {
            en: "Set channels.defaults.contextVisibility to \"allowlist\", or to \"allowlist_quote\" to keep quotes.",
            ja: "channels.defaults.contextVisibility を \"allowlist\" にしてください。引用を残す場合は \"allowlist_quote\" にしてください。",
        }),
        risky: r#"{channels: {telegram: {groups: {"-1001": {}}}}}"#,
        safe: r#"{channels: {telegram: {groups: {"-1001": {}}}, defaults: {contextVisibility: "allowlist"}}}"#,
        reference: ACCESS,
    },
];

/// The keys that list senders, of any kind of place.
const LISTS: [&str; 5] = ["allowFrom", "allowedUserIds", "groupAllowFrom", "groupSenderAllowFrom", "users"];

/// The channels that pass on quotes, threads and history, and heed `contextVisibility` (OpenClaw 2026.9.6, channels/groups).
const SUPPLEMENTS: [&str; 11] = [
    "discord",
    "feishu",
    "imessage",
    "matrix",
    "mattermost",
    "msteams",
    "qqbot",
    "signal",
    "slack",
    "telegram",
    "whatsapp",
];

fn dm_policy_key(node: &ChannelNode) -> &'static str {
    if node.path.last_key() == Some("dm") { "policy" } else { "dmPolicy" }
}

/// Whether the place is a channel or an account.
fn is_inbox(node: &ChannelNode) -> bool {
    node.depth == 0 && node.channel != "defaults"
}

/// Whether neither the place nor one around it is switched off.
pub(super) fn is_enabled(settings: &Settings, path: &Path) -> bool {
    let mut place = settings.get("channels");
    path.segs().iter().skip(1).all(|seg| {
        place = match seg {
            Seg::Key(key) => place.and_then(|place| place.get(key.as_str())),
            Seg::Index(index) => place.and_then(|place| place.get(index)),
        };
        place.and_then(|place| place.get("enabled")) != Some(&Value::Bool(false))
    })
}

/// Is a place and those around it, the innermost first, up to its channel.
fn around(path: &Path) -> impl Iterator<Item = Path> {
    std::iter::successors(Some(path.clone()), Path::parent).take_while(|place| place.segs().len() >= 2)
}

/// Whether people who were not chosen one by one can speak at a place of a channel.
fn is_open_ish(settings: &Settings, path: &Path) -> bool {
    let at = |place: &Path, key: &str| settings.at(&place.key(key)).filter(|value| !value.is_null());
    let fallback = settings.get("channels.defaults.groupPolicy");
    let policy = around(path).find_map(|place| at(&place, "groupPolicy")).or(fallback);
    let list = around(path).find_map(|place| at(&place, "groupAllowFrom"));
    let everybody = list.and_then(Value::as_array).is_some_and(|ids| ids.iter().any(is_wildcard));
    is_open(policy) || everybody
}

/// Whether a channel or account names groups, by whatever word it has for them.
fn has_groups(object: &Map<String, Value>) -> bool {
    ["groups", "guilds", "channels", "rooms", "teams"].iter().any(|key| match object.get(*key) {
        Some(Value::Object(groups)) => !groups.is_empty(),
        Some(Value::Array(groups)) => !groups.is_empty(),
        _ => false,
    })
}

fn wildcards(settings: &Settings) -> Vec<Hit> {
    let has_wildcard = |list: &Value| list.as_array().is_some_and(|ids| ids.iter().any(is_wildcard));
    let nodes = settings.channel_nodes();
    // Whose coming and going is told to the agent, not who may write to it.
    let writers = nodes.iter().filter(|node| node.path.last_key() != Some("presenceEvents"));
    let lists = writers.flat_map(|node| LISTS.iter().map(move |key| (node, *key)));
    let found = lists.filter(|(node, key)| node.object.get(*key).is_some_and(has_wildcard));
    let in_channels = found.map(|(node, key)| {
        let is_dm = (is_inbox(node) || node.path.last_key() == Some("dm")) && key == senders_key(node.channel);
        let is_shut = node.object.get(dm_policy_key(node)).and_then(Value::as_str) == Some("disabled");
        let severity = match is_enabled(settings, node.path) {
            true if is_dm && !is_shut => None,
            true => Some(Severity::Warn),
            false => Some(Severity::Info),
        };
        Hit { severity, ..Hit::at(node.path.key(key)).found("*") }
    });
    let commands = Path::from("commands.allowFrom");
    let lists = settings.at(&commands).and_then(Value::as_object);
    let open = lists.into_iter().flatten().filter(|(_, list)| has_wildcard(list));
    let in_commands = open.map(|(channel, _)| Hit {
        severity: Some(Severity::Warn),
        ..Hit::at(commands.key(channel.as_str())).found("*")
    });
    in_channels.chain(in_commands).collect()
}

fn group_commands_open(settings: &Settings) -> Vec<Hit> {
    let decided = |name: &str| settings.at(&Path::from("commands.allowFrom").key(name)).is_some_and(Value::is_array);
    if settings.is_false("commands.text") || decided("telegram") || decided("*") {
        return Vec::new();
    }
    let lists_somebody = |object: &Value, key: &str| {
        let ids = object.get(key).and_then(Value::as_array);
        ids.is_some_and(|ids| !ids.is_empty())
    };
    let inboxes = super::exposure::inboxes(settings).into_iter().filter(|inbox| {
        let is_telegram = inbox.at.segs().get(1) == Some(&Seg::Key("telegram".into()));
        // With accounts the channel's own object is what they share.
        let is_shared = inbox.at.segs().len() == 2 && inbox.get("accounts").is_some_and(Value::is_object);
        is_telegram && !is_shared && is_enabled(settings, &inbox.at)
    });
    let open = inboxes.filter_map(|inbox| {
        let open = is_open(inbox.get("groupPolicy"));
        let listed = inbox.get("groupPolicy").and_then(Value::as_str) == Some("allowlist");
        let groups = inbox.get("groups").and_then(Value::as_object);
        let groups: Vec<&Value> = groups.into_iter().flat_map(Map::values).collect();
        let topics = groups.iter().filter_map(|group| group.get("topics")?.as_object()).flat_map(Map::values);
        let somebody = inbox.get("groupAllowFrom").and_then(Value::as_array).is_some_and(|ids| !ids.is_empty())
            || groups.iter().copied().chain(topics).any(|place| lists_somebody(place, "allowFrom"));
        let reachable = open || listed && !groups.is_empty();
        (reachable && !somebody).then(|| Hit::at(inbox.at.key("groupAllowFrom")).critical_if(open))
    });
    open.collect()
}

/// Is the policies that the file itself sets to a list without anybody in it.
fn nobody_admitted(settings: &Settings) -> Vec<Hit> {
    let is_list = |node: &ChannelNode, key: &str| {
        let path = settings.file_path(&node.path.key(key));
        node.object.get(key).and_then(Value::as_str) == Some("allowlist") && settings.source_at(&path).is_some()
    };
    let nodes = settings.channel_nodes();
    let inboxes = nodes.iter().filter(|node| is_inbox(node) && is_enabled(settings, node.path));
    let empty = inboxes.flat_map(|node| {
        let channel = Path::from("channels").key(node.channel);
        let dms = is_list(node, "dmPolicy") && settings.senders(node).is_empty();
        let somebody = |place: &Path| {
            let object = settings.at(place).and_then(Value::as_object);
            let ids =
                |key: &str| object.and_then(|object| object.get(key)?.as_array()).is_some_and(|ids| !ids.is_empty());
            object.is_some_and(has_groups) || ids("groupAllowFrom") || ids("allowFrom")
        };
        let groups = is_list(node, "groupPolicy") && !somebody(node.path) && !somebody(&channel);
        let lists = [(dms, "dmPolicy", senders_key(node.channel)), (groups, "groupPolicy", "groups")];
        lists
            .into_iter()
            .filter(|(empty, ..)| *empty)
            .map(|(_, policy, list)| Hit::at(node.path.key(policy)).and(node.path.key(list)).found("allowlist"))
    });
    empty.collect()
}

/// Whether an entry of a Telegram list is no number, as OpenClaw 2026.9.6 reads it. Access groups are resolved elsewhere.
fn is_telegram_name(entry: &str) -> bool {
    let entry = entry.trim();
    let head = entry.split_once(':').filter(|(head, _)| ["telegram", "tg"].contains(&head.to_lowercase().as_str()));
    let id = head.map_or(entry, |(_, id)| id.trim());
    let is_number = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
    !(id.is_empty() || id == "*" || is_number || id.starts_with("accessGroup:"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{audit, example};

    fn found(channels: &str, what: &str) -> Vec<(Severity, String)> {
        let settings = example(&format!("{{channels: {channels}}}")).expect("a config");
        let findings = audit(&settings).into_iter().filter(|finding| finding.id == format!("harden.pairing.{what}"));
        findings.map(|finding| (finding.severity, finding.hit.paths[0].to_string())).collect()
    }

    fn one(severity: Severity, path: &str) -> Vec<(Severity, String)> {
        vec![(severity, path.to_owned())]
    }

    #[test]
    fn an_open_policy_is_as_bad_as_whom_it_lets_in() {
        let anyone = r#"{matrix: {dm: {policy: "open", allowFrom: ["*"]}}}"#;
        assert_eq!(found(anyone, "dm_open"), one(Severity::Critical, "channels.matrix.dm.policy"));
        let listed = r#"{telegram: {dmPolicy: "open", allowFrom: ["1"]}}"#;
        assert_eq!(found(listed, "dm_open"), one(Severity::Warn, "channels.telegram.dmPolicy"));
        let off = r#"{telegram: {enabled: false, accounts: {a: {dmPolicy: "open", allowFrom: ["*"]}}}}"#;
        assert_eq!(found(off, "dm_open"), one(Severity::Info, "channels.telegram.accounts.a.dmPolicy"));
    }

    #[test]
    fn open_groups_are_found_under_every_word_and_at_every_depth() {
        for (channels, path) in [
            (r#"{feishu: {groupPolicy: "allowall"}}"#, "channels.feishu.groupPolicy"),
            (r#"{defaults: {groupPolicy: "open"}}"#, "channels.defaults.groupPolicy"),
            (r#"{telegram: {groups: {"-1": {groupPolicy: "open"}}}}"#, "channels.telegram.groups.-1.groupPolicy"),
        ] {
            assert_eq!(found(channels, "group_open"), one(Severity::Warn, path));
        }
    }

    #[test]
    fn a_wildcard_for_private_messages_is_worse_than_one_for_a_group() {
        let group = r#"{telegram: {groups: {"-1": {allowFrom: [" * "]}}}}"#;
        assert_eq!(found(group, "wildcard"), one(Severity::Warn, "channels.telegram.groups.-1.allowFrom"));
        let shut = r#"{telegram: {dmPolicy: "disabled", allowFrom: ["*"]}}"#;
        assert_eq!(found(shut, "wildcard"), one(Severity::Warn, "channels.telegram.allowFrom"));
        let users = r#"{"synology-chat": {allowedUserIds: ["*"]}}"#;
        assert_eq!(found(users, "wildcard"), one(Severity::Critical, "channels.synology-chat.allowedUserIds"));
        assert!(found(r#"{telegram: {presenceEvents: {users: ["*"]}}}"#, "wildcard").is_empty());
    }

    #[test]
    fn a_missing_mention_matters_where_people_were_not_chosen() {
        let path = "channels.telegram.groups.-1.requireMention";
        let with = |policy: &str| format!(r#"{{telegram: {{{policy} groups: {{"-1": {{requireMention: false}}}}}}}}"#);
        assert_eq!(found(&with(""), "mention_not_required"), one(Severity::Info, path));
        assert_eq!(found(&with(r#"groupPolicy: "open","#), "mention_not_required"), one(Severity::Warn, path));
        assert_eq!(found(&with(r#"groupAllowFrom: ["*"],"#), "mention_not_required"), one(Severity::Warn, path));
        let feishu = r#"{feishu: {groupPolicy: "open"}}"#;
        let path = "channels.feishu.requireMention";
        assert_eq!(found(feishu, "mention_not_required"), one(Severity::Warn, path));
    }

    #[test]
    fn an_empty_list_counts_where_the_file_asks_for_it() {
        assert!(found("{telegram: {}}", "nobody_admitted").is_empty());
        let groups = r#"{telegram: {groupPolicy: "allowlist"}}"#;
        assert_eq!(found(groups, "nobody_admitted"), one(Severity::Info, "channels.telegram.groupPolicy"));
        let inherited = r#"{telegram: {allowFrom: ["1"], accounts: {a: {dmPolicy: "allowlist"}}}}"#;
        assert!(found(inherited, "nobody_admitted").is_empty());
    }

    #[test]
    fn telegram_groups_need_somebody_who_may_use_commands() {
        let id = "group_commands_open";
        let open = r#"{telegram: {groupPolicy: "open"}}"#;
        assert_eq!(found(open, id), one(Severity::Critical, "channels.telegram.groupAllowFrom"));
        let topic = r#"{telegram: {groups: {"-1": {topics: {"7": {allowFrom: ["1"]}}}}}}"#;
        assert!(found(topic, id).is_empty());
        let accounts = r#"{telegram: {groups: {"-1": {}}, accounts: {a: {}, b: {groupAllowFrom: ["1"]}}}}"#;
        assert_eq!(found(accounts, id), one(Severity::Warn, "channels.telegram.accounts.a.groupAllowFrom"));
    }

    #[test]
    fn numbers_wildcards_and_access_groups_are_no_names() {
        for fine in ["1234567", "tg:1234567", "Telegram: 12", "*", "", "accessGroup:operators"] {
            assert!(!is_telegram_name(fine), "{fine}");
        }
        for name in ["@ann", "ann", "tg:@ann", "-1001234", "1 2"] {
            assert!(is_telegram_name(name), "{name}");
        }
    }
}

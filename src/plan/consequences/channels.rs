//! Who is no longer answered: strangers, groups, lists that come out empty.

use super::{Consequence, Found, Scene};
use crate::document::Path;
use crate::settings::{ChannelNode, Settings, is_open, is_wildcard, senders_key};
use crate::text::Text;
use serde_json::Value;

/// The keys under which channels list their groups.
const ROOMS: [&str; 5] = ["groups", "guilds", "channels", "rooms", "teams"];

impl Scene<'_> {
    /// Is the channels and accounts that are switched on, before and after.
    fn scopes(&self) -> Vec<(ChannelNode<'_>, ChannelNode<'_>)> {
        let before = self.before.channel_nodes();
        let is_off = |node: &ChannelNode| node.object.get("enabled") == Some(&Value::Bool(false));
        let after = self.after.channel_nodes().into_iter().filter(|node| node.depth == 0 && node.channel != "defaults");
        after
            .filter(|node| !is_off(node))
            .filter_map(|now| Some((before.iter().find(|was| was.path == now.path)?.clone(), now)))
            .collect()
    }
}

/// Is a policy at an account, else at its channel, else by default.
fn policy<'s>(settings: &'s Settings, node: &ChannelNode, key: &str) -> Option<&'s Value> {
    let channel = Path::from("channels").key(node.channel).key(key);
    let default = Path::from("channels.defaults").key(key);
    settings.at(&node.path.key(key)).or_else(|| settings.at(&channel)).or_else(|| settings.at(&default))
}

fn word<'s>(settings: &'s Settings, node: &ChannelNode, key: &str) -> &'s str {
    policy(settings, node, key).and_then(Value::as_str).unwrap_or_default()
}

/// Whether everybody may write in private.
fn lets_all_in(settings: &Settings, node: &ChannelNode) -> bool {
    let wildcard = settings.senders(node).iter().any(is_wildcard);
    word(settings, node, "dmPolicy") != "disabled" && (wildcard || is_open(policy(settings, node, "dmPolicy")))
}

fn lets_all_groups_in(settings: &Settings, node: &ChannelNode) -> bool {
    is_open(policy(settings, node, "groupPolicy"))
}

/// Whether a list of people has anybody in it.
fn has_people(settings: &Settings, node: &ChannelNode, key: &str) -> bool {
    let channel = Path::from("channels").key(node.channel).key(key);
    let list = settings.at(&node.path.key(key)).or_else(|| settings.at(&channel));
    list.and_then(Value::as_array).is_some_and(|list| !list.is_empty())
}

/// Is the file key of a channel's or account's setting.
fn at(scene: &Scene, node: &ChannelNode, key: &str) -> Path {
    let own = node.path.key(key);
    let channel = Path::from("channels").key(node.channel).key(key);
    let is_own = scene.after.at(&own).is_some();
    scene.after.file_path(if is_own { &own } else { &channel })
}

/// Whether any group is listed at a channel or account.
fn has_rooms(settings: &Settings, node: &ChannelNode) -> bool {
    ROOMS
        .iter()
        .any(|room| settings.at(&node.path.key(*room)).and_then(Value::as_object).is_some_and(|map| !map.is_empty()))
}

pub(super) const CONSEQUENCES: &[Consequence] = &[
    Consequence {
        id: "channel.pairing",
        keep: Text {
            en: "Approve the people you know first: openclaw pairing list, then openclaw pairing approve CHANNEL CODE.",
            ja: "知っている人は openclaw pairing list で確認し、openclaw pairing approve CHANNEL CODE で承認してください。",
        },
        find: |scene| {
            const CODE: Text = Text {
                en: "{channel}: whoever is not approved yet gets a pairing code instead of an answer.",
                ja: "{channel}: 未承認の送信者には、返信の代わりにペアリングコードが届きます。",
            };
            let scopes = scene.scopes().into_iter().filter(|(was, now)| {
                lets_all_in(scene.before, was)
                    && !lets_all_in(scene.after, now)
                    && word(scene.after, now, "dmPolicy") == "pairing"
            });
            scopes.map(|(_, now)| Found::new(CODE.with("channel", now.name()), [at(scene, &now, "dmPolicy")])).collect()
        },
    },
    Consequence {
        id: "channel.silence",
        keep: Text {
            en: "List the people who are to keep writing in allowFrom, before or after writing.",
            ja: "引き続き使う人の ID を allowFrom に追加してください。",
        },
        find: |scene| {
            const SILENT: Text = Text {
                en: "{channel}: strangers who write in private are met with silence.",
                ja: "{channel}: 許可リストにない送信者の DM には、何も返しません。",
            };
            let scopes = scene.scopes().into_iter().filter(|(was, now)| {
                lets_all_in(scene.before, was)
                    && !lets_all_in(scene.after, now)
                    && word(scene.after, now, "dmPolicy") != "pairing"
            });
            scopes
                .map(|(_, now)| {
                    let keys = ["dmPolicy", senders_key(now.channel)].map(|key| at(scene, &now, key));
                    Found::new(SILENT.with("channel", now.name()), keys)
                })
                .collect()
        },
    },
    Consequence {
        id: "channel.groups",
        keep: Text {
            en: "List the groups, or the people in groupAllowFrom, that are to keep an answer.",
            ja: "引き続き使うグループ、または groupAllowFrom に送信者を追加してください。",
        },
        find: |scene| {
            const GROUPS: Text = Text {
                en: "{channel}: the agent falls silent in groups that are not listed.",
                ja: "{channel}: 登録していないグループでは応答しなくなります。",
            };
            const NONE: Text = Text {
                en: "{channel}: the agent falls silent in every group.",
                ja: "{channel}: すべてのグループで応答しなくなります。",
            };
            let scopes = scene
                .scopes()
                .into_iter()
                .filter(|(was, now)| lets_all_groups_in(scene.before, was) && !lets_all_groups_in(scene.after, now));
            scopes
                .map(|(_, now)| {
                    let text = if word(scene.after, &now, "groupPolicy") == "disabled" { NONE } else { GROUPS };
                    Found::new(text.with("channel", now.name()), [at(scene, &now, "groupPolicy")])
                })
                .collect()
        },
    },
    Consequence {
        id: "channel.empty_allowlist",
        keep: Text {
            en: "Put ids into the list: an allowlist with nobody in it lets nobody in and says nothing.",
            ja: "許可リストに ID を追加してください。空の許可リストでは、誰の発言も通知なく無視されます。",
        },
        find: |scene| {
            const EMPTY: Text = Text {
                en: "{channel}: {policy} is \"allowlist\" and its list is empty.",
                ja: "{channel}: {policy} が \"allowlist\" ですが、リストが空です。",
            };
            let mut found = Vec::new();
            for (was, now) in scene.scopes() {
                let people = senders_key(now.channel);
                for (key, lists) in
                    [("dmPolicy", &[people][..]), ("groupPolicy", &["groupAllowFrom", people, "groups"])]
                {
                    let is_empty = |settings: &Settings, node: &ChannelNode| {
                        let has_rooms = key == "groupPolicy" && has_rooms(settings, node);
                        word(settings, node, key) == "allowlist"
                            && !has_rooms
                            && !lists.iter().any(|list| has_people(settings, node, list))
                    };
                    if is_empty(scene.after, &now) && !is_empty(scene.before, &was) {
                        let keys = [key].into_iter().chain(lists.iter().copied()).map(|key| at(scene, &now, key));
                        found.push(Found::new(EMPTY.with("channel", now.name()).with("policy", key), keys));
                    }
                }
            }
            found
        },
    },
    Consequence {
        id: "channel.nobody",
        keep: Text {
            en: "Choose pairing for private messages, or list at least yourself.",
            ja: "DM をペアリングにするか、少なくとも自分の ID を許可リストに追加してください。",
        },
        find: |scene| {
            const NOBODY: Text = Text {
                en: "{channel}: nobody can reach the agent any more, neither in private nor in groups.",
                ja: "{channel}: DM でもグループでも、誰もエージェントに届かなくなります。",
            };
            let reached = |settings: &Settings, node: &ChannelNode| {
                let people = senders_key(node.channel);
                let dm = match word(settings, node, "dmPolicy") {
                    "disabled" => false,
                    "allowlist" => has_people(settings, node, people),
                    _ => true,
                };
                let groups = match word(settings, node, "groupPolicy") {
                    "disabled" => false,
                    "allowlist" => has_rooms(settings, node) || has_people(settings, node, "groupAllowFrom"),
                    _ => true,
                };
                dm || groups
            };
            let scopes = scene
                .scopes()
                .into_iter()
                .filter(|(was, now)| reached(scene.before, was) && !reached(scene.after, now));
            scopes
                .map(|(_, now)| {
                    let keys = ["dmPolicy", "groupPolicy", senders_key(now.channel)].map(|key| at(scene, &now, key));
                    Found::new(NOBODY.with("channel", now.name()), keys)
                })
                .collect()
        },
    },
    Consequence {
        id: "commands.opened",
        keep: Text {
            en: "Leave an id in the list, or give commands.allowFrom one: with no list at all OpenClaw takes slash commands from everybody who is let in.",
            ja: "リストに ID を1つ残すか、commands.allowFrom に ID を設定してください。リストが空だと、会話できる全員がスラッシュコマンドを使えます。",
        },
        find: |scene| {
            const OPENED: Text = Text {
                en: "{channel}: the list of senders becomes empty, which opens slash commands to everybody who is let in.",
                ja: "{channel}: 送信者のリストが空になり、会話できる全員がスラッシュコマンドを使えるようになります。",
            };
            let commands = scene.after.get("commands.allowFrom").and_then(Value::as_object);
            let guarded = commands
                .is_some_and(|lists| lists.values().any(|list| list.as_array().is_some_and(|list| !list.is_empty())));
            if guarded {
                return Vec::new();
            }
            let scopes = scene
                .scopes()
                .into_iter()
                .filter(|(was, now)| !scene.before.senders(was).is_empty() && scene.after.senders(now).is_empty());
            scopes
                .map(|(_, now)| {
                    Found::new(OPENED.with("channel", now.name()), [at(scene, &now, senders_key(now.channel))])
                })
                .collect()
        },
    },
];

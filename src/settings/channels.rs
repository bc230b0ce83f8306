//! Channels: their defaults, and every place in them where who may write is decided.

use super::Settings;
use crate::document::{Path, Seg};
use serde_json::{Map, Value};

/// The channels whose schema fills in `dmPolicy: "pairing"` (OpenClaw 2026.9.6).
const DM_PAIRING: [&str; 14] = [
    "discord",
    "feishu",
    "googlechat",
    "imessage",
    "irc",
    "line",
    "mattermost",
    "msteams",
    "nextcloud-talk",
    "signal",
    "slack",
    "sms",
    "telegram",
    "whatsapp",
];
/// The channels whose schema fills in `groupPolicy: "allowlist"` (OpenClaw 2026.9.6).
const GROUP_ALLOWLIST: [&str; 14] = [
    "buzz",
    "discord",
    "googlechat",
    "imessage",
    "irc",
    "line",
    "mattermost",
    "msteams",
    "nextcloud-talk",
    "signal",
    "slack",
    "telegram",
    "whatsapp",
    "zalouser",
];
/// The channels whose schema fills the same into each account.
const IN_ACCOUNTS: [&str; 6] = ["irc", "line", "mattermost", "nextcloud-talk", "sms", "zalouser"];

/// Keys of `channels` that are no channel.
const NO_CHANNEL: [&str; 3] = ["defaults", "modelByChannel", "tools"];

/// Fills in what the channels' schemas fill in.
pub(super) fn fill_in_defaults(loaded: &mut Value) {
    let Some(channels) = loaded.get_mut("channels").and_then(Value::as_object_mut) else {
        return;
    };
    for (id, channel) in channels.iter_mut() {
        let Some(channel) = channel.as_object_mut() else {
            continue;
        };
        fill_in(id, channel);
        if IN_ACCOUNTS.contains(&id.as_str())
            && let Some(accounts) = channel.get_mut("accounts").and_then(Value::as_object_mut)
        {
            for account in accounts.values_mut().filter_map(Value::as_object_mut) {
                fill_in(id, account);
            }
        }
    }
}

fn fill_in(id: &str, scope: &mut Map<String, Value>) {
    for (channels, key, value) in [(&DM_PAIRING, "dmPolicy", "pairing"), (&GROUP_ALLOWLIST, "groupPolicy", "allowlist")]
    {
        if channels.contains(&id) && !scope.contains_key(key) {
            scope.insert(key.into(), value.into());
        }
    }
}

/// An object somewhere in a channel: the channel itself, an account, a group, a topic, a guild.
#[derive(Clone, Debug)]
pub struct ChannelNode<'a> {
    /// The channel's id; `defaults` for `channels.defaults`.
    pub channel: &'a str,
    /// The account within which it lies.
    pub account: Option<&'a str>,
    /// How deep it lies: 0 for a channel or an account, more for what is nested in it.
    pub depth: usize,
    /// Where it is.
    pub path: &'a Path,
    /// The object as loaded.
    pub object: &'a Map<String, Value>,
}

impl ChannelNode<'_> {
    /// Is its name, the same in every language: the path below `channels`, as in `telegram.accounts.two`.
    pub fn name(&self) -> String {
        self.path.segs().iter().skip(1).cloned().collect::<Path>().to_string()
    }
}

/// Is the key under which a channel lists who may write in private.
pub fn senders_key(channel: &str) -> &'static str {
    if channel == "synology-chat" { "allowedUserIds" } else { "allowFrom" }
}

/// Whether an entry of a list of senders stands for everybody.
pub fn is_wildcard(entry: &Value) -> bool {
    entry.as_str().is_some_and(|entry| entry.trim() == "*")
}

impl Settings {
    /// Is who may write in private at a place: its own list, else its account's, else its channel's.
    pub fn senders(&self, node: &ChannelNode) -> &[Value] {
        let key = senders_key(node.channel);
        let channel = || self.get("channels")?.get(node.channel);
        let account = || channel()?.get("accounts")?.get(node.account?);
        let lists = [
            self.below(node.path, key),
            account().and_then(|own| own.get(key)),
            channel().and_then(|own| own.get(key)),
        ];
        lists.into_iter().flatten().find_map(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Is every channel with its object as loaded, `channels.defaults` and the like left out.
    pub fn channels(&self) -> impl Iterator<Item = (&str, &Map<String, Value>)> {
        self.get("channels")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .filter(|(id, _)| !NO_CHANNEL.contains(&id.as_str()))
            .filter_map(|(id, channel)| Some((id.as_str(), channel.as_object()?)))
    }

    /// Is every object below `channels`, outermost first, each channel's in the file's order. Disabled ones are there too.
    pub fn channel_nodes(&self) -> Vec<ChannelNode<'_>> {
        let nodes = self.nodes.of(&self.reads, || {
            let mut nodes = Vec::new();
            let channels = self.get("channels").and_then(Value::as_object);
            for (id, channel) in channels.into_iter().flatten().filter(|(id, _)| *id != "modelByChannel") {
                if let Some(object) = channel.as_object() {
                    let path = Path::from("channels").key(id.as_str());
                    collect(Entry { path, depth: 0, is_in_account: false }, object, &mut nodes);
                }
            }
            nodes
        });
        nodes.iter().filter_map(|node| node.of(&self.loaded)).collect()
    }
}

/// What is kept of an object in a channel: where it stands.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    path: Path,
    depth: usize,
    is_in_account: bool,
}

impl Entry {
    fn of<'a>(&'a self, loaded: &'a Value) -> Option<ChannelNode<'a>> {
        let key = |n: usize| match self.path.segs().get(n)? {
            Seg::Key(key) => Some(key.as_str()),
            Seg::Index(_) => None,
        };
        Some(ChannelNode {
            channel: key(1)?,
            account: key(3).filter(|_| self.is_in_account),
            depth: self.depth,
            path: &self.path,
            object: self.path.of(loaded)?.as_object()?,
        })
    }
}

fn collect(entry: Entry, object: &Map<String, Value>, nodes: &mut Vec<Entry>) {
    let Entry { path, depth, is_in_account } = entry.clone();
    nodes.push(entry);
    for (key, value) in object {
        // SecretRefs and tool policies are no places where people are let in.
        if matches!(key.as_str(), "tools" | "toolsBySender" | "actions") {
            continue;
        }
        let Some(inner) = value.as_object().filter(|_| !super::is_reference(value)) else {
            continue;
        };
        let path = path.key(key.as_str());
        if depth == 0 && !is_in_account && key == "accounts" {
            for (id, value) in inner {
                if let Some(entry) = value.as_object() {
                    collect(Entry { path: path.key(id.as_str()), depth: 0, is_in_account: true }, entry, nodes);
                }
            }
        } else {
            collect(Entry { path, depth: depth + 1, is_in_account }, inner, nodes);
        }
    }
}

/// Whether a DM or group policy lets anyone in; `allowall` is Feishu's word for it.
pub fn is_open(policy: Option<&Value>) -> bool {
    matches!(policy.and_then(Value::as_str), Some("open" | "allowall"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn schema_defaults_are_filled_in_where_openclaw_fills_them() {
        let source = json!({"channels": {"telegram": {}, "feishu": {}, "irc": {"accounts": {"a": {}}}, "slack": {"accounts": {"a": {}}}, "matrix": {}}});
        let settings = Settings::load(source, Default::default());
        assert_eq!(settings.str("channels.telegram.groupPolicy"), Some("allowlist"));
        assert_eq!(settings.str("channels.feishu.dmPolicy"), Some("pairing"));
        assert_eq!(settings.str("channels.feishu.groupPolicy"), None);
        assert_eq!(settings.str("channels.irc.accounts.a.dmPolicy"), Some("pairing"));
        assert_eq!(settings.str("channels.slack.accounts.a.dmPolicy"), None);
        assert_eq!(settings.str("channels.matrix.groupPolicy"), None);
    }

    #[test]
    fn nested_places_are_found_and_named() {
        let source =
            json!({"channels": {"telegram": {"accounts": {"two": {"groups": {"-1": {"topics": {"7": {}}}}}}}}});
        let settings = Settings::load(source, Default::default());
        let names: Vec<String> = settings.channel_nodes().iter().map(ChannelNode::name).collect();
        assert!(names.contains(&"telegram.accounts.two.groups.-1.topics.7".to_owned()), "{names:?}");
    }
}

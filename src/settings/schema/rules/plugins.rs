//! Channels, and what plugins provide.

use super::{Config, Faults, Rule, rule, text, trimmed};
use crate::document::{Path, member};
use crate::settings::schema::judge::plugin_id;
use crate::settings::schema::nearest;
use crate::text::Text;
use serde_json::Value;

pub(super) const RULES: &[Rule] = &[
    rule!("channels.unknown", unknown_channel,
        refused: r#"{channels: {telegarm: {}}}"#,
        accepted: r#"{channels: {telegram: {}}}"#),
    rule!("channels.acp_bindings", acp_bindings,
        refused: r#"{channels: {defaults: {}, telegram: {groups: {"*": {}}}, brew: {bindings: {acp: {}}}}, plugins: {entries: {brew: {}}}}"#,
        accepted: r#"{channels: {defaults: {}, telegram: {groups: {"*": {}}}, brew: {}}, plugins: {entries: {brew: {}}}}"#),
    rule!("heartbeat.target", heartbeat_target,
        refused: r#"{agents: {defaults: {heartbeat: {target: "webchat"}}}}"#,
        accepted: r#"{agents: {defaults: {heartbeat: {target: "telegram"}}}}"#),
    rule!("tools.web_search_provider", web_search_provider,
        refused: r#"{tools: {web: {search: {provider: "brave"}}}}"#,
        accepted: r#"{tools: {web: {search: {provider: "brave"}}}, plugins: {entries: {brave: {}}}}"#),
    rule!("plugins.memory", memory_slot,
        refused: r#"{plugins: {slots: {memory: "memory-cor"}}}"#,
        accepted: r#"{plugins: {slots: {memory: "memory-core"}}}"#),
];

/// Whether plugins outside the package may provide what is not known here.
fn may_be_provided(config: &Config) -> bool {
    super::is_filled(config.at("/plugins/load/paths"))
}

/// Whether the config speaks of a plugin of this id, installed or not.
fn is_spoken_of(config: &Config, id: &str) -> bool {
    let id = plugin_id(id);
    let allowed = config.items("/plugins/allow").filter_map(|(_, name)| name.as_str());
    let named = config.pairs("/plugins/entries").map(|(name, _)| name.as_str());
    !id.is_empty() && allowed.chain(named).any(|name| plugin_id(name) == id)
}

fn ships(config: &Config, id: &str) -> bool {
    config.table.lists("plugins", id)
}

fn unknown_channel(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "OpenClaw knows no channel \"{channel}\"",
        ja: "チャンネル \"{channel}\" は OpenClaw にありません",
    };
    const NEAR: Text = Text {
        en: "OpenClaw knows no channel \"{channel}\". Closest: {near}",
        ja: "チャンネル \"{channel}\" は OpenClaw にありません。近い名前: {near}",
    };
    const BLANKS: Text = Text {
        en: "the name of the channel \"{channel}\" has blanks around it",
        ja: "チャンネル名 \"{channel}\" の前後に空白があります",
    };
    if may_be_provided(config) {
        return;
    }
    for (channel, _) in config.pairs("/channels") {
        let Some(name) = trimmed(channel) else {
            continue;
        };
        let shipped = config.table.lists("channels", name);
        // OpenClaw looks for the settings under the name without blanks, and finds none.
        let taken = matches!(name, "defaults" | "modelByChannel") || shipped && name == channel;
        let provided = !shipped && !ships(config, &plugin_id(name)) && is_spoken_of(config, name);
        if taken || provided {
            continue;
        }
        let path = Path::from("channels").key(channel);
        let near = nearest(name, config.table.list("channels"));
        let message = match near {
            _ if shipped => BLANKS,
            Some(_) => NEAR,
            None => TEXT,
        };
        let issue = faults.add(path, message.with("channel", name));
        issue.nearest = near.map(|near| Path::from("channels").key(near).to_string());
    }
}

fn acp_bindings(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" has moved to the top-level list bindings",
        ja: "\"{path}\" はトップレベルの bindings に移りました",
    };
    fn look(path: &Path, value: &Value, faults: &mut Faults) {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| look(&path.index(index), item, faults))
            }
            Value::Object(map) => {
                let acp = map.get("bindings").and_then(Value::as_object).and_then(|bindings| bindings.get("acp"));
                if acp.is_some_and(|acp| acp.is_object() || acp.is_array()) {
                    faults.add(path.key("bindings").key("acp"), TEXT);
                }
                map.iter().for_each(|(key, value)| look(&path.key(key), value, faults));
            }
            _ => {}
        }
    }
    if let Some(channels) = config.at("/channels") {
        look(&Path::from("channels"), channels, faults);
    }
}

fn heartbeat_target(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" is none of: owner, last, none, or a channel",
        ja: "\"{path}\" に使える値: owner、last、none、チャンネル名",
    };
    for (whose, agent) in config.agents_and_defaults() {
        let Some(target) = member(agent, "heartbeat").and_then(|heartbeat| text(heartbeat, "target")) else {
            continue;
        };
        let name = trimmed(target).map(str::to_lowercase).unwrap_or_default();
        let table = config.table;
        let mut known = table.list("channels").chain(table.list("channel-aliases")).chain(["owner", "last", "none"]);
        if !known.any(|known| known == name) && (name.is_empty() || !may_be_provided(config)) {
            let near = nearest(&name, table.list("channels").chain(["owner", "last", "none"]));
            faults.add(whose.path().key("heartbeat").key("target"), TEXT).nearest = near.map(str::to_owned);
        }
    }
}

fn web_search_provider(config: &Config, faults: &mut Faults) {
    const EMPTY: Text = Text { en: "\"{path}\" is blank", ja: "\"{path}\" が空白です" };
    const UNKNOWN: Text = Text {
        en: "\"{path}\" names a service that no installed plugin offers: \"{provider}\"",
        ja: "\"{path}\" の \"{provider}\" に対応するプラグインがありません",
    };
    let path = Path::from("tools.web.search.provider");
    let Some(provider) = config.str("/tools/web/search/provider") else {
        return;
    };
    let Some(provider) = trimmed(provider) else {
        faults.add(path, EMPTY);
        return;
    };
    let table = config.table;
    if table.lists("web-search", provider) || may_be_provided(config) {
        return;
    }
    let plugin = table.list("web-search-plugins").find_map(|pair| {
        let (known, plugin) = pair.split_once('=')?;
        (known == provider).then_some(plugin)
    });
    let expected = match plugin {
        Some(plugin) => is_spoken_of(config, plugin) || is_spoken_of(config, provider),
        None => !ships(config, &plugin_id(provider)) && is_spoken_of(config, provider),
    };
    if !expected {
        let issue = faults.add(path, UNKNOWN.with("provider", provider));
        issue.allowed = table.list("web-search").map(str::to_owned).collect();
        issue.nearest = nearest(provider, table.list("web-search")).map(str::to_owned);
    }
}

fn memory_slot(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" names a plugin that is not installed: {plugin}",
        ja: "\"{path}\" のプラグインがインストールされていません: {plugin}",
    };
    let Some(plugin) = config.str("/plugins/slots/memory").and_then(trimmed) else {
        return;
    };
    // Plugins that have become part of OpenClaw, or of nothing, are passed over.
    let gone = ["google-antigravity-auth", "google-gemini-cli-auth", "skill-workshop"];
    let optional = plugin.eq_ignore_ascii_case("none")
        || plugin == "memory-lancedb"
        || gone.contains(&plugin_id(plugin).as_str())
        || ships(config, plugin);
    if !optional && !may_be_provided(config) {
        let near = nearest(plugin, config.table.list("plugins").filter(|plugin| plugin.starts_with("memory-")));
        faults.add(Path::from("plugins.slots.memory"), TEXT.with("plugin", plugin)).nearest = near.map(str::to_owned);
    }
}

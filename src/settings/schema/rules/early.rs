//! What an early version demands beyond its schema (2026.3.7).

use super::{Config, Faults, Rule, rule};
use crate::document::Path;
use crate::text::Text;
use serde_json::Value;

pub(super) const RULES: &[Rule] = &[
    rule!("channels.open", open_to_everyone,
        refused: r#"{channels: {telegram: {dmPolicy: "open", allowFrom: ["123"]}}}"#,
        accepted: r#"{channels: {telegram: {dmPolicy: "open", allowFrom: ["*"]}}}"#),
    rule!("channels.allowlist", empty_allowlist,
        refused: r#"{channels: {telegram: {dmPolicy: "allowlist"}}}"#,
        accepted: r#"{channels: {telegram: {dmPolicy: "allowlist", allowFrom: ["123"]}}}"#),
];

/// The rules of today that it has as well.
pub(super) const KEPT: &[&str] = &[
    "tools.allow_beside_also_allow",
    "sandbox.network",
    "gateway.tailscale_bind",
    "agents.directories",
    "agents.avatar",
    "browser.profile",
    "channels.unknown",
];

/// The channels that judge both (`requireOpenAllowFrom` and `requireAllowlistAllowFrom` in their schemas).
const JUDGED: [&str; 10] =
    ["telegram", "discord", "slack", "signal", "irc", "imessage", "bluebubbles", "whatsapp", "msteams", "googlechat"];

/// Calls back with the place of every channel and account that judges its senders, its policy, and the entries of its list.
fn senders(config: &Config, mut look: impl FnMut(Path, &str, &[String])) {
    for (id, channel) in config.pairs("/channels").filter(|(id, _)| JUDGED.contains(&id.as_str())) {
        let at = Path::from("channels").key(id);
        let accounts = channel.get("accounts").and_then(Value::as_object).into_iter().flatten();
        let scopes = accounts.map(|(name, account)| (at.key("accounts").key(name), account));
        for (at, scope) in std::iter::once((at.clone(), channel)).chain(scopes) {
            let of = |scope: &Value, key: &str, old: &str| {
                let old = || scope.get("dm").and_then(|dm| dm.get(old)).cloned();
                scope.get(key).cloned().or_else(old)
            };
            let policy = of(scope, "dmPolicy", "policy");
            let list = of(scope, "allowFrom", "allowFrom").or_else(|| of(channel, "allowFrom", "allowFrom"));
            let entries = list.as_ref().and_then(Value::as_array).into_iter().flatten();
            let entries: Vec<String> = entries
                .map(|entry| entry.as_str().map_or_else(|| entry.to_string(), |text| text.trim().to_owned()))
                .collect();
            if let Some(policy) = policy.as_ref().and_then(Value::as_str) {
                let is_nested = scope.get("allowFrom").is_none() && scope.get("dm").is_some();
                look(if is_nested { at.key("dm") } else { at }.key("allowFrom"), policy, &entries);
            }
        }
    }
}

fn open_to_everyone(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" must hold \"*\" where dmPolicy is open",
        ja: "dmPolicy が open のときは、\"{path}\" に \"*\" が必要です",
    };
    senders(config, |path, policy, entries| {
        if policy == "open" && !entries.iter().any(|entry| entry == "*") {
            faults.add(path, TEXT);
        }
    });
}

fn empty_allowlist(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" must name someone where dmPolicy is allowlist",
        ja: "dmPolicy が allowlist のときは、\"{path}\" に誰かの指定が必要です",
    };
    senders(config, |path, policy, entries| {
        if policy == "allowlist" && entries.iter().all(String::is_empty) {
            faults.add(path, TEXT);
        }
    });
}

//! The gateway, hooks, voice, workers.

use super::{Config, Faults, Rule, rule, text, trimmed};
use crate::document::Path;
use crate::settings::schema::forms;
use crate::settings::schema::pattern::{is_space, matches};
use crate::text::Text;
use serde_json::Value;
use std::collections::BTreeSet;
use std::net::Ipv4Addr;

pub(super) const RULES: &[Rule] = &[
    rule!("gateway.tailscale_bind", tailscale_bind,
        refused: r#"{gateway: {bind: "lan", tailscale: {mode: "serve"}}}"#,
        accepted: r#"{gateway: {bind: "loopback", tailscale: {mode: "serve"}}}"#),
    rule!("gateway.tailscale_auth", tailscale_auth,
        refused: r#"{gateway: {auth: {mode: "none"}, tailscale: {mode: "serve"}}}"#,
        accepted: r#"{gateway: {auth: {mode: "token"}, tailscale: {mode: "serve"}}}"#),
    rule!("gateway.roles", roles,
        refused: r#"{gateway: {roles: {default: "a", definitions: {b: {sessions: {others: "none"}, agents: "*", scopes: []}}}}}"#,
        accepted: r#"{gateway: {roles: {default: "b", definitions: {b: {sessions: {others: "none"}, agents: "*", scopes: []}}}}}"#),
    rule!("gateway.portals", portals,
        refused: r#"{gateway: {portals: {ingress: {domain: "p.example.com", port: 18789}}}}"#,
        accepted: r#"{gateway: {portals: {ingress: {domain: "p.example.com", port: 18790}}}}"#),
    rule!("gateway.edge_auth", edge_auth,
        refused: r#"{gateway: {remote: {edgeAuth: {Host: "x"}}}}"#,
        accepted: r#"{gateway: {remote: {edgeAuth: {"CF-Access-Client-Id": "x"}}}}"#),
    rule!("hooks.persistent", persistent_hook,
        refused: r#"{hooks: {mappings: [{sessionMode: "persistent"}]}}"#,
        accepted: r#"{hooks: {mappings: [{sessionMode: "persistent", sessionKey: "hook:a"}]}}"#),
    rule!("talk.provider", talk_provider,
        refused: r#"{talk: {provider: "elevenlab", providers: {elevenlabs: {}}}}"#,
        accepted: r#"{talk: {provider: "elevenlabs", providers: {elevenlabs: {}}}}"#),
    rule!("cloud_workers.secrets", worker_secrets,
        refused: r#"{cloudWorkers: {profiles: {a: {provider: "x", settings: {apiToken: "plain"}}}}}"#,
        accepted: r#"{cloudWorkers: {profiles: {a: {provider: "x", settings: {apiToken: {source: "env", provider: "default", id: "X"}}}}}}"#),
];

fn tailscale(config: &Config) -> Option<&'static str> {
    match config.str("/gateway/tailscale/mode")? {
        "serve" => Some("serve"),
        "funnel" => Some("funnel"),
        _ => None,
    }
}

fn tailscale_bind(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" must be \"loopback\" when Tailscale {mode} is on",
        ja: "Tailscale {mode} を使うときは、\"{path}\" を \"loopback\" にしてください",
    };
    let Some(mode) = tailscale(config) else {
        return;
    };
    let local = || {
        let host = config.str("/gateway/customBindHost").and_then(trimmed);
        host.and_then(|host| host.parse::<Ipv4Addr>().ok()).is_some_and(|host| host.is_loopback())
    };
    match config.str("/gateway/bind") {
        None | Some("loopback") => {}
        Some("custom") if local() => {}
        Some(_) => {
            faults.add(Path::from("gateway.bind"), TEXT.with("mode", mode));
        }
    }
}

fn tailscale_auth(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" cannot be \"none\" when Tailscale {mode} is on",
        ja: "Tailscale {mode} を使うときは、\"{path}\" を \"none\" にできません",
    };
    if let Some(mode) = tailscale(config).filter(|_| config.str("/gateway/auth/mode") == Some("none")) {
        faults.add(Path::from("gateway.auth.mode"), TEXT.with("mode", mode));
    }
}

fn roles(config: &Config, faults: &mut Faults) {
    const NONE: Text =
        Text { en: "\"{path}\" must define at least one role", ja: "\"{path}\" にロールが1件以上必要です" };
    const UNKNOWN: Text = Text {
        en: "\"{path}\" names a role that is not defined",
        ja: "\"{path}\" のロールが定義されていません",
    };
    let Some(definitions) = config.map("/gateway/roles/definitions") else {
        return;
    };
    let Some(default) = config.str("/gateway/roles/default") else {
        return;
    };
    if definitions.is_empty() {
        faults.add(Path::from("gateway.roles.definitions"), NONE);
    } else if !definitions.keys().any(|role| role.trim_matches(is_space) == default.trim_matches(is_space)) {
        faults.add(Path::from("gateway.roles.default"), UNKNOWN);
    }
}

fn portals(config: &Config, faults: &mut Faults) {
    const DOMAIN: Text = Text {
        en: "\"{path}\" must differ from the domains of the gateway and the Control UI",
        ja: "\"{path}\" を Gateway や Control UI とは別のドメインにしてください",
    };
    const PORT: Text = Text {
        en: "\"{path}\" must differ from the gateway's port",
        ja: "\"{path}\" を Gateway とは別のポートにしてください",
    };
    let Some(ingress) = config.at("/gateway/portals/ingress") else {
        return;
    };
    let path = Path::from("gateway.portals.ingress");
    let suffix = text(ingress, "domain").unwrap_or_default().to_lowercase();
    let origins = config.items("/gateway/controlUi/allowedOrigins").map(|(_, origin)| origin);
    let taken = config.at("/gateway/publicOrigin").into_iter().chain(origins).filter_map(Value::as_str).any(|origin| {
        forms::url(origin).is_some_and(|url| url.host == suffix || url.host.ends_with(&format!(".{suffix}")))
    });
    if taken {
        faults.add(path.key("domain"), DOMAIN);
    }
    let port = config.at("/gateway/port").and_then(Value::as_f64).unwrap_or(18789.0);
    if ingress.get("port").and_then(Value::as_f64) == Some(port) {
        faults.add(path.key("port"), PORT);
    }
}

fn edge_auth(config: &Config, faults: &mut Faults) {
    const NONE: Text = Text { en: "\"{path}\" is empty", ja: "\"{path}\" が空です" };
    const NAME: Text = Text {
        en: "\"{path}\" is no header that can be set here",
        ja: "\"{path}\" はここで設定できないヘッダーです",
    };
    const OWNED: [&str; 8] = [
        "host",
        "connection",
        "upgrade",
        "content-length",
        "sec-websocket-key",
        "sec-websocket-version",
        "sec-websocket-protocol",
        "sec-websocket-extensions",
    ];
    let Some(headers) = config.map("/gateway/remote/edgeAuth") else {
        return;
    };
    let path = Path::from("gateway.remote.edgeAuth");
    if headers.is_empty() {
        faults.add(path.clone(), NONE);
    }
    let mut seen = BTreeSet::new();
    for name in headers.keys() {
        let lower = name.to_lowercase();
        let spelled = matches(r"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$", name, false);
        if !spelled || OWNED.contains(&lower.as_str()) || !seen.insert(lower) {
            faults.add(path.key(name), NAME);
        }
    }
}

fn persistent_hook(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "a persistent hook needs \"{path}\", hooks.defaultSessionKey or a transform",
        ja: "persistent のフックには \"{path}\"、hooks.defaultSessionKey、transform のどれかが必要です",
    };
    let common = config.str("/hooks/defaultSessionKey").and_then(trimmed);
    for (index, mapping) in config.items("/hooks/mappings") {
        let own = text(mapping, "sessionKey").and_then(trimmed);
        let agent = mapping.get("action").is_none_or(|action| action == "agent");
        let persistent = text(mapping, "sessionMode") == Some("persistent");
        if agent && persistent && own.or(common).is_none() && mapping.get("transform").is_none() {
            faults.add(Path::from("hooks.mappings").index(index).key("sessionKey"), TEXT);
        }
    }
}

fn talk_provider(config: &Config, faults: &mut Faults) {
    const UNKNOWN: Text = Text {
        en: "\"{path}\" is none of the providers listed beside it",
        ja: "\"{path}\" が providers の一覧にありません",
    };
    const WHICH: Text = Text {
        en: "\"{path}\" must say which of the providers to use",
        ja: "providers が複数あるため、\"{path}\" が必要です",
    };
    for place in ["talk", "talk.realtime"].into_iter().map(Path::from) {
        let Some(talk) = place.of(config.value) else {
            continue;
        };
        let providers: Vec<&String> =
            talk.get("providers").and_then(Value::as_object).into_iter().flatten().map(|(id, _)| id).collect();
        let chosen = text(talk, "provider").and_then(trimmed).map(str::to_lowercase);
        match chosen {
            Some(chosen) if !providers.is_empty() && !providers.contains(&&chosen) => {
                let issue = faults.add(place.key("provider"), UNKNOWN);
                issue.nearest =
                    super::super::nearest(&chosen, providers.iter().map(|id| id.as_str())).map(str::to_owned);
                issue.allowed = providers.into_iter().cloned().collect();
            }
            None if providers.len() > 1 => {
                faults.add(place.key("provider"), WHICH);
            }
            _ => {}
        }
    }
}

fn worker_secrets(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" must be a reference to a secret (source, provider, id)",
        ja: "\"{path}\" にはシークレットへの参照 (source、provider、id) を設定してください",
    };
    fn look(path: &Path, value: &Value, faults: &mut Faults) {
        match value {
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| look(&path.index(index), item, faults))
            }
            Value::Object(map) => {
                for (key, value) in map {
                    let base = match key.to_lowercase().strip_suffix("ref") {
                        Some(base) => key[..base.len()].to_owned(),
                        None => key.clone(),
                    };
                    let secret = key.eq_ignore_ascii_case("keyref") || is_sensitive(key) || is_sensitive(&base);
                    if !secret {
                        look(&path.key(key), value, faults);
                    } else if !is_secret_ref(value) {
                        faults.add(path.key(key), TEXT);
                    }
                }
            }
            _ => {}
        }
    }
    for (id, profile) in config.pairs("/cloudWorkers/profiles") {
        if let Some(settings) = profile.get("settings") {
            look(&Path::from("cloudWorkers.profiles").key(id).key("settings"), settings, faults);
        }
    }
}

/// Whether OpenClaw takes a name for that of a secret.
fn is_sensitive(name: &str) -> bool {
    let plain = matches(
        "(?:max(?:output|input|completion)?tokens|contexttokens|totaltokens|tokencount|tokenlimit|tokenbudget|passwordfile)$",
        name,
        true,
    );
    !plain && matches("token$|password|secret|api.?key|encrypt.?key|private.?key|serviceaccount(?:ref)?$", name, true)
}

fn is_secret_ref(value: &Value) -> bool {
    let Some(map) = value.as_object().filter(|map| map.len() == 3) else {
        return false;
    };
    let part = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default();
    let form = |name: &str| forms::Form::named(name).is_some_and(|form| form.fits(&part("id").into(), false));
    matches("^[a-z][a-z0-9_-]{0,63}$", part("provider"), false)
        && match part("source") {
            "env" | "store" => matches("^[A-Z][A-Z0-9_]{0,127}$", part("id"), false),
            "file" => form("file-id"),
            "exec" => form("exec-id"),
            _ => false,
        }
}

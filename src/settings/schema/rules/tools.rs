//! Tools, the sandbox, MCP servers, the browser.

use super::{Config, Faults, Rule, Whose, is_filled, rule, text, trimmed};
use crate::document::{Path, member};
use crate::settings::schema::pattern::matches;
use crate::text::Text;
use serde_json::Value;

pub(super) const RULES: &[Rule] = &[
    rule!("tools.allow_beside_also_allow", allow_beside_also_allow,
        refused: r#"{tools: {allow: ["read"], alsoAllow: ["write"]}}"#,
        accepted: r#"{tools: {allow: ["read", "write"]}}"#),
    rule!("tools.exec_mode", exec_mode,
        refused: r#"{tools: {exec: {mode: "deny", security: "deny"}}}"#,
        accepted: r#"{tools: {exec: {mode: "deny"}}}"#),
    rule!("tools.web_search_legacy", web_search_legacy,
        refused: r#"{tools: {web: {search: {apiKey: "x"}}}}"#,
        accepted: r#"{tools: {web: {search: {enabled: true}}}}"#),
    rule!("sandbox.network", sandbox_network,
        refused: r#"{agents: {defaults: {sandbox: {docker: {network: "host"}}}}}"#,
        accepted: r#"{agents: {defaults: {sandbox: {docker: {network: "bridge"}}}}}"#),
    rule!("sandbox.environment", sandbox_environment,
        refused: r#"{agents: {defaults: {sandbox: {docker: {env: {"MY-NAME": "x"}}}}}}"#,
        accepted: r#"{agents: {defaults: {sandbox: {docker: {env: {MY_NAME: "x"}}}}}}"#),
    rule!("mcp.server", mcp_server,
        refused: r#"{mcp: {servers: {docs: {command: "x", timeout: 5}}}}"#,
        accepted: r#"{mcp: {servers: {docs: {command: "x", requestTimeoutMs: 5}}}}"#),
    rule!("mcp.reserved_name", mcp_reserved_name,
        refused: r#"{mcp: {servers: {"__proto__": {command: "x"}}}}"#,
        accepted: r#"{mcp: {servers: {proto: {command: "x"}}}}"#),
    rule!("browser.profile", browser_profile,
        refused: r#"{browser: {profiles: {work: {headless: true}}}}"#,
        accepted: r#"{browser: {profiles: {work: {headless: true, cdpPort: 18801}}}}"#),
];

fn allow_beside_also_allow(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" cannot hold both allow and alsoAllow: put the names of one into the other",
        ja: "\"{path}\" に allow と alsoAllow は併用できません。どちらかにまとめてください",
    };
    let has_both = |policy: &Value| is_filled(member(policy, "allow")) && is_filled(member(policy, "alsoAllow"));
    for (whose, tools) in tools(config) {
        for nested in ["sandbox.tools", "subagents.tools"] {
            if Path::find(nested, tools).is_some_and(has_both) {
                faults.add(whose.tools().join(nested), TEXT);
            }
        }
        for map in ["byProvider", "toolsBySender"] {
            let sections = tools.get(map).and_then(Value::as_object).into_iter().flatten();
            for (name, _) in sections.filter(|(_, policy)| has_both(policy)) {
                faults.add(whose.tools().key(map).key(name), TEXT);
            }
        }
        if has_both(tools) {
            faults.add(whose.tools(), TEXT);
        }
    }
}

/// Is the settings of tools, of all agents and of each.
fn tools<'c>(config: &Config<'c>) -> impl Iterator<Item = (Whose<'c>, &'c Value)> {
    let common = config.at("/tools").map(|tools| (Whose::All, tools));
    let own = config.agents().filter_map(|(id, agent)| Some((Whose::Agent(id), member(agent, "tools")?)));
    common.into_iter().chain(own)
}

fn exec_mode(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" cannot stand beside security or ask: keep mode alone",
        ja: "\"{path}\" は security や ask と併用できません。mode だけを残してください",
    };
    for (whose, tools) in tools(config) {
        let Some(exec) = member(tools, "exec") else {
            continue;
        };
        let old = member(exec, "security").is_some() || member(exec, "ask").is_some();
        if old && member(exec, "mode").is_some() {
            faults.add(whose.tools().key("exec").key("mode"), TEXT);
        }
    }
}

fn web_search_legacy(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" has moved to plugins.entries.<plugin>.config.webSearch",
        ja: "\"{path}\" は plugins.entries.<plugin>.config.webSearch に移りました",
    };
    const BLOCKED: Text = Text {
        en: "\"{path}\" is a name that OpenClaw does not take",
        ja: "\"{path}\" は OpenClaw で使えない名前です",
    };
    const PROVIDERS: [&str; 12] = [
        "brave",
        "duckduckgo",
        "exa",
        "firecrawl",
        "gemini",
        "grok",
        "kimi",
        "minimax",
        "ollama",
        "perplexity",
        "searxng",
        "tavily",
    ];
    for (key, value) in config.pairs("/tools/web/search") {
        let path = || Path::from("tools.web.search").key(key);
        if key == "apiKey" || PROVIDERS.contains(&key.as_str()) && value.is_object() {
            faults.add(path(), TEXT);
        } else if matches!(key.as_str(), "constructor" | "prototype") {
            faults.add(path(), BLOCKED);
        }
    }
}

fn sandbox_network(config: &Config, faults: &mut Faults) {
    const HOST: Text = Text {
        en: "\"{path}\" cannot be \"host\": OpenClaw does not start a sandbox on the host's network",
        ja: "\"{path}\" を \"host\" にはできません。ホストのネットワークを使うサンドボックスを OpenClaw は起動しません",
    };
    const JOIN: Text = Text {
        en: "\"{path}\" cannot join the network of another container",
        ja: "\"{path}\" で他のコンテナのネットワークには参加できません",
    };
    for (whose, agent) in config.agents_and_defaults() {
        let Some(sandbox) = member(agent, "sandbox") else {
            continue;
        };
        let may_join = Path::find("docker.dangerouslyAllowContainerNamespaceJoin", sandbox) == Some(&Value::Bool(true));
        for part in ["docker", "browser"] {
            let network = member(sandbox, part).and_then(|part| text(part, "network")).and_then(trimmed);
            let path = || whose.path().key("sandbox").key(part).key("network");
            match network.map(str::to_lowercase) {
                Some(network) if network == "host" => {
                    faults.add(path(), HOST);
                }
                Some(network) if network.starts_with("container:") && !may_join => {
                    faults.add(path(), JOIN);
                }
                _ => {}
            }
        }
    }
}

fn sandbox_environment(config: &Config, faults: &mut Faults) {
    const NAME: Text = Text {
        en: "\"{path}\" is no name that a container can take: letters, digits and _ alone, no digit first",
        ja: "\"{path}\" はコンテナで使えない変数名です。英数字と _ だけを使い、数字で始めないでください",
    };
    const VALUE: Text = Text {
        en: "\"{path}\" holds a line break or NUL, which a container cannot be given",
        ja: "\"{path}\" に改行または NUL が含まれているため、コンテナに渡せません",
    };
    let defaults = config.at("/agents/defaults/sandbox");
    let common = defaults.and_then(|sandbox| Path::find("docker.env", sandbox));
    let default_of = |name: &str| defaults.and_then(|sandbox| text(sandbox, name)).and_then(trimmed);
    let mut seen = Vec::new();
    let agents: Vec<_> = config.agents().collect();
    for (id, agent) in &agents {
        let sandbox = member(agent, "sandbox");
        let own_of = |name: &str| sandbox.and_then(|sandbox| text(sandbox, name)).and_then(trimmed);
        let backend = own_of("backend").or_else(|| default_of("backend")).unwrap_or("docker");
        if !matches!(backend, "docker" | "podman") {
            continue;
        }
        let shared = own_of("scope").or_else(|| default_of("scope")) == Some("shared");
        let own = sandbox.and_then(|sandbox| Path::find("docker.env", sandbox)).filter(|_| !shared);
        for (whose, vars) in [(Whose::Agent(id), own), (Whose::All, common)] {
            for (name, value) in vars.and_then(Value::as_object).into_iter().flatten() {
                let hidden = whose == Whose::All && own.is_some_and(|own| own.get(name).is_some());
                let fault = if !matches("^[A-Za-z_][A-Za-z0-9_]*$", name, false) {
                    NAME
                } else if value.as_str().is_some_and(|value| value.contains(['\n', '\r', '\0'])) {
                    VALUE
                } else {
                    continue;
                };
                let path = whose.path().join("sandbox.docker.env").key(name);
                if !hidden && !seen.contains(&path) {
                    seen.push(path.clone());
                    faults.add(path, fault);
                }
            }
        }
    }
}

fn mcp_server(config: &Config, faults: &mut Faults) {
    const OLD: Text = Text {
        en: "unknown key \"{path}\". Use {instead}",
        ja: "未知のキー \"{path}\"。代わりのキー: {instead}",
    };
    const LOGIN: Text = Text {
        en: "\"{path}\" per-requester needs auth: \"oauth\" and a url, and goes neither with a command nor with stdio",
        ja: "\"{path}\" の per-requester には auth: \"oauth\" と url が必要です。command、stdio とは併用できません",
    };
    const PROFILE: Text = Text {
        en: "\"{path}\" does not go with oauth.identity: \"per-requester\"",
        ja: "\"{path}\" は oauth.identity: \"per-requester\" と併用できません",
    };
    const COMMAND: Text =
        Text { en: "\"{path}\" stdio needs a command", ja: "\"{path}\" の stdio には command が必要です" };
    const INSTEAD: [(&str, &str); 9] = [
        ("connectTimeout", "connectionTimeoutMs"),
        ("connect_timeout", "connectionTimeoutMs"),
        ("timeout", "requestTimeoutMs"),
        ("workingDirectory", "cwd"),
        ("supports_parallel_tool_calls", "supportsParallelToolCalls"),
        ("ssl_verify", "sslVerify"),
        ("client_cert", "clientCert"),
        ("client_key", "clientKey"),
        ("disabled", "enabled"),
    ];
    for place in ["mcp.servers", "nodeHost.mcp.servers"].into_iter().map(Path::from) {
        for (name, server) in place.of(config.value).and_then(Value::as_object).into_iter().flatten() {
            let path = place.key(name);
            for (old, instead) in INSTEAD {
                if server.get(old).is_some() {
                    let issue = faults.add(path.key(old), OLD.with("instead", instead));
                    issue.nearest = Some(path.key(instead).to_string());
                }
            }
            let oauth = server.get("oauth");
            let stdio = text(server, "transport") == Some("stdio");
            let commanded = server.get("command").is_some();
            if oauth.and_then(|oauth| text(oauth, "identity")) == Some("per-requester") {
                let addressed = server.get("url").is_some() && !commanded && !stdio;
                if text(server, "auth") != Some("oauth") || !addressed {
                    faults.add(path.key("oauth").key("identity"), LOGIN);
                }
                if oauth.is_some_and(|oauth| oauth.get("authProfileId").is_some()) {
                    faults.add(path.key("oauth").key("authProfileId"), PROFILE);
                }
            }
            if stdio && text(server, "command").and_then(trimmed).is_none() {
                faults.add(path.key("transport"), COMMAND);
            }
        }
    }
}

fn mcp_reserved_name(config: &Config, faults: &mut Faults) {
    const TEXT: Text = Text {
        en: "\"{path}\" is a reserved name: rename the server",
        ja: "\"{path}\" は予約された名前です。サーバーの名前を変えてください",
    };
    for place in ["mcp.servers", "nodeHost.mcp.servers"].into_iter().map(Path::from) {
        let servers = place.of(config.source).and_then(Value::as_object);
        for (name, _) in servers.into_iter().flatten() {
            if name == "__proto__" {
                faults.add(place.key(name), TEXT);
            }
        }
    }
}

fn browser_profile(config: &Config, faults: &mut Faults) {
    const PORT: Text = Text {
        en: "\"{path}\" needs cdpPort or cdpUrl",
        ja: "\"{path}\" に cdpPort または cdpUrl が必要です",
    };
    const DATA: Text = Text {
        en: "\"{path}\" goes only with driver: \"existing-session\"",
        ja: "\"{path}\" は driver: \"existing-session\" のときだけ使えます",
    };
    const URL: Text = Text {
        en: "\"{path}\" does not go with driver: \"extension\"",
        ja: "\"{path}\" は driver: \"extension\" と併用できません",
    };
    for (name, profile) in config.pairs("/browser/profiles") {
        let path = Path::from("browser.profiles").key(name);
        let set = |key: &str| profile.get(key).is_some_and(|value| value != "" && *value != 0);
        let driver = text(profile, "driver");
        if !matches!(driver, Some("existing-session" | "extension")) && !set("cdpPort") && !set("cdpUrl") {
            faults.add(path.clone(), PORT);
        }
        if driver != Some("existing-session") && set("userDataDir") {
            faults.add(path.key("userDataDir"), DATA);
        }
        if driver == Some("extension") && set("cdpUrl") {
            faults.add(path.key("cdpUrl"), URL);
        }
    }
}

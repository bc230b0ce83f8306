//! What those who are in can reach: tools over HTTP, paired nodes, MCP servers.

use super::{Check, Hit, Mend, Severity, when};
use crate::document::Path;
use crate::settings::Settings;
use crate::text::Text;
use serde_json::Value;

/// The tools that `POST /tools/invoke` refuses unless `gateway.tools.allow` names them (OpenClaw 2026.9.6, exact names).
#[rustfmt::skip]
const REFUSED_OVER_HTTP: &[&str] = &[
    "exec", "spawn", "shell", "fs_write", "fs_delete", "fs_move", "apply_patch", "terminal", "portal", "sessions_spawn",
    "sessions_send", "conversations_list", "conversations_send", "conversations_turn", "automations", "gateway", "plugins",
    "nodes", "computer", "mobile_ui", "openclaw",
];

/// The node commands that stay off unless they are allowed by name.
#[rustfmt::skip]
const DANGEROUS_COMMANDS: &[&str] = &[
    "camera.snap", "camera.clip", "camera.ptz.control", "screen.record", "contacts.add", "calendar.add", "reminders.add",
    "sms.send", "sms.search", "health.summary",
];

/// The other node commands that one platform or another has.
#[rustfmt::skip]
const KNOWN_COMMANDS: &[&str] = &[
    "agent.cli.claude.run.v1", "browser.proxy", "browser.proxy.upload.v1", "calendar.events", "callLog.search", "camera.list",
    "camera.ptz.status", "computer.act", "contacts.search", "desktop.stream", DEVICE_APPS, "device.health", "device.info",
    "device.permissions", "device.status", "fs.listDir", "location.get", "mcp.tools.call.v1", "mobile.ui.act",
    "mobile.ui.observe", "motion.activity", "motion.pedometer", "notifications.actions", "notifications.list", "photos.latest",
    "reminders.list", "screen.snapshot", "system.execApprovals.get", "system.execApprovals.set", "system.notify", "system.run",
    "system.run.prepare", "system.which", "talk.ptt.cancel", "talk.ptt.once", "talk.ptt.start", "talk.ptt.stop",
    "terminal.upload", "watch.notify", "watch.status",
];

const DEVICE_APPS: &str = "device.apps";

/// Commands between OpenClaw's own parts; no list of the config reaches them.
#[rustfmt::skip]
const PRIVATE_COMMANDS: &[&str] = &[
    "worker.bundle.install.v1", "worker.launch.v1", "worker.status.v1", "worker.cancel.v1", "worker.environment.stop.v1",
    "worker.workspace.exec.v1", "worker.workspace.prepare.v1", "worker.workspace.retain.v1", "worker.desktop.stream.v1",
    "worker.desktop.launch.v1", "worker.desktop.computer.v1", "worker.portal.stream.v1",
];

const ALLOW: &str = "gateway.nodes.commands.allow";
const DENY: &str = "gateway.nodes.commands.deny";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "gateway.tools_invoke_http.dangerous_allow",
        severity: Severity::Warn,
        title: Text {
            en: "Dangerous tools can be called by a plain HTTP request",
            ja: "影響の大きいツールを HTTP リクエストだけで呼び出せます",
        },
        why: Text {
            en: "OpenClaw keeps these tools off its HTTP endpoint. Put back, one request with the token runs commands or starts agents, past any approval.",
            ja: "OpenClaw はこれらのツールを HTTP の入口から外しています。許可すると、トークン付きのリクエスト1つで、承認なしにコマンドやエージェントを実行できます。",
        },
        test: |settings| {
            let key = "gateway.tools.allow";
            let allowed = settings.list(key);
            let found: Vec<&str> = REFUSED_OVER_HTTP
                .iter()
                .copied()
                .filter(|tool| allowed.iter().any(|name| name.to_lowercase() == *tool))
                .collect();
            when(!found.is_empty(), || {
                let gateway = settings.gateway();
                Hit::at(key)
                    .found(found.join(", "))
                    .critical_if(gateway.is_exposed() || gateway.tailscale() == "funnel")
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Remove these names from gateway.tools.allow.",
            ja: "gateway.tools.allow からこれらの名前を削除してください。",
        }),
        risky: r#"{gateway: {tools: {allow: ["sessions_spawn"]}}}"#,
        safe: r#"{gateway: {tools: {allow: ["web_search"]}}}"#,
        reference: "gateway.tools.allow",
    },
    Check {
        id: "gateway.http.session_key_override_enabled",
        severity: Severity::Info,
        title: Text {
            en: "HTTP callers choose in which session they speak",
            ja: "HTTP の呼び出し元がセッションを選べます",
        },
        why: Text {
            en: "Whoever holds the token can write into any conversation through the OpenAI-compatible endpoints, also into yours.",
            ja: "トークンを持つ人は、OpenAI 互換の入口から、自分の会話も含めどの会話にも書き込めます。",
        },
        test: |settings| {
            let keys = ["chatCompletions", "responses"].map(|name| format!("gateway.http.endpoints.{name}.enabled"));
            let on: Vec<Path> =
                keys.iter().filter(|key| settings.is_true(key)).map(|key| Path::from(key.as_str())).collect();
            when(!on.is_empty(), || Hit { paths: on, ..Hit::default() })
        },
        mend: Mend::Manual(Text {
            en: "Set gateway.http.endpoints.chatCompletions.enabled and gateway.http.endpoints.responses.enabled to false if no program needs them.",
            ja: "使うプログラムがなければ、gateway.http.endpoints.chatCompletions.enabled と gateway.http.endpoints.responses.enabled を false にしてください。",
        }),
        risky: "{gateway: {http: {endpoints: {responses: {enabled: true}}}}}",
        safe: "{gateway: {http: {endpoints: {responses: {enabled: false}}}}}",
        reference: "gateway.http.endpoints",
    },
    Check {
        id: "gateway.nodes.allow_commands_dangerous",
        severity: Severity::Warn,
        title: Text {
            en: "Agents may use cameras, screens or text messages of paired devices",
            ja: "エージェントがノードのカメラ、画面、SMS などを操作できます",
        },
        why: Text {
            en: "A message that misleads the agent can take a picture in your home or send a text message from your phone.",
            ja: "受信メッセージに誘導されたエージェントが、室内を撮影したり、携帯電話から SMS を送信したりできます。",
        },
        test: |settings| {
            let (allowed, denied) = (settings.list(ALLOW), settings.list(DENY));
            let found: Vec<&str> = DANGEROUS_COMMANDS
                .iter()
                .copied()
                .filter(|command| allowed.contains(command) && !denied.contains(command))
                .collect();
            when(!found.is_empty(), || {
                Hit::at(ALLOW).found(found.join(", ")).critical_if(settings.gateway().is_remotely_exposed())
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Remove these commands from gateway.nodes.commands.allow.",
            ja: "gateway.nodes.commands.allow からこれらのコマンドを削除してください。",
        }),
        risky: r#"{gateway: {nodes: {commands: {allow: ["camera.snap"]}}}}"#,
        safe: r#"{gateway: {nodes: {commands: {allow: ["camera.snap"], deny: ["camera.snap"]}}}}"#,
        reference: "gateway.nodes.commands.allow",
    },
    Check {
        id: "gateway.nodes.deny_commands_ineffective",
        severity: Severity::Warn,
        title: Text {
            en: "Some denied node commands match nothing",
            ja: "拒否したノードのコマンドに、どれにも一致しないものがあります",
        },
        why: Text {
            en: "Only exact names count here, no patterns and no groups. What you mean to deny is still allowed.",
            ja: "ここで有効なのは完全な名前だけで、パターンやグループは使えません。拒否したつもりのコマンドは許可されたままです。",
        },
        test: |settings| {
            let found: Vec<&str> = settings
                .list(DENY)
                .into_iter()
                .filter(|command| looks_like_a_pattern(command) || !is_known(settings, command))
                .collect();
            when(!found.is_empty(), || Hit::at(DENY).found(found.join(", ")))
        },
        mend: Mend::Manual(Text {
            en: "Write exact names into gateway.nodes.commands.deny, as in \"system.run\".",
            ja: "gateway.nodes.commands.deny には \"system.run\" のような完全な名前を設定してください。",
        }),
        risky: r#"{gateway: {nodes: {commands: {deny: ["system.*"]}}}}"#,
        safe: r#"{gateway: {nodes: {commands: {deny: ["system.run"]}}}}"#,
        reference: "gateway.nodes.commands.deny",
    },
    Check {
        id: "harden.gateway.nodes_auto_approved",
        severity: Severity::Warn,
        title: Text {
            en: "Nodes from some addresses are paired without being asked about",
            ja: "一部のアドレスのノードが、確認なしでペアリングされます",
        },
        why: Text {
            en: "Any device in that network, also a guest's or an infected one, becomes a node that agents send work and files to.",
            ja: "そのネットワークのどの端末も (ゲストや感染した端末も)、エージェントが作業やファイルを送るノードになります。",
        },
        test: |settings| {
            let key = "gateway.nodes.pairing.autoApproveCidrs";
            let networks = settings.list(key);
            when(!networks.is_empty(), || Hit::at(key).found(networks.join(", ")).wanted("[]"))
        },
        mend: Mend::ByPlan(Text {
            en: "Remove gateway.nodes.pairing.autoApproveCidrs, and approve nodes with: openclaw nodes approve <requestId>.",
            ja: "gateway.nodes.pairing.autoApproveCidrs を削除し、ノードは openclaw nodes approve <requestId> で承認してください。",
        }),
        risky: r#"{gateway: {nodes: {pairing: {autoApproveCidrs: ["192.168.1.0/24"]}}}}"#,
        safe: "{gateway: {nodes: {pairing: {autoApproveCidrs: []}}}}",
        reference: "https://docs.openclaw.ai/gateway/pairing",
    },
    Check {
        id: "mcp.apps.enabled",
        severity: Severity::Warn,
        title: Text {
            en: "MCP servers may show their own pages in the Control UI",
            ja: "MCP サーバーが Control UI に独自のページを表示できます",
        },
        why: Text {
            en: "A server that turns hostile, for example by an update, can deceive you with its page and call its own tools from there.",
            ja: "更新などで悪意のあるものに変わったサーバーが、偽の画面を表示し、そこから自分のツールを呼び出せます。",
        },
        test: |settings| {
            let key = "mcp.apps.enabled";
            when(settings.is_true(key), || Hit::at(key).found(true).wanted(false))
        },
        mend: Mend::ByPlan(Text {
            en: "Set mcp.apps.enabled to false.",
            ja: "mcp.apps.enabled を false にしてください。",
        }),
        risky: "{mcp: {apps: {enabled: true}}}",
        safe: "{mcp: {apps: {enabled: false}}}",
        reference: "mcp.apps.enabled",
    },
    Check {
        id: "harden.mcp.unpinned_package",
        severity: Severity::Warn,
        title: Text {
            en: "An MCP server is fetched anew at each start, in any version",
            ja: "MCP サーバーが、起動のたびにバージョン指定なしで取得されます",
        },
        why: Text {
            en: "Whoever takes over the package runs their code on this machine at the next start, with the gateway's rights.",
            ja: "パッケージを乗っ取った人のコードが、次回の起動からこのホストで、Gateway の権限で実行されます。",
        },
        test: |settings| {
            ["mcp.servers", "nodeHost.mcp.servers"].iter().flat_map(|at| unpinned_servers(settings, at)).collect()
        },
        mend: Mend::Manual(Text {
            en: "Write the exact version behind the package's name in args, as in \"some-server@1.2.3\".",
            ja: "args のパッケージ名に、\"some-server@1.2.3\" のように正確なバージョンを付けてください。",
        }),
        risky: r#"{mcp: {servers: {notes: {command: "npx", args: ["-y", "@acme/notes-mcp"]}}}}"#,
        safe: r#"{mcp: {servers: {notes: {command: "npx", args: ["-y", "@acme/notes-mcp@1.2.3"]}}}}"#,
        reference: "mcp.servers",
    },
];

fn looks_like_a_pattern(command: &str) -> bool {
    command.contains(|c: char| "?*[]{}(),|".contains(c) || c.is_whitespace())
        || command.starts_with(['/', '^'])
        || command.ends_with(['/', '$'])
        || command.contains("group:")
}

fn is_known(settings: &Settings, command: &str) -> bool {
    if PRIVATE_COMMANDS.contains(&command) {
        return false;
    }
    let allowed = settings.list(ALLOW);
    // One answer of OpenClaw's setup takes this command out of every platform's list, and out of `allow`.
    if command == DEVICE_APPS {
        return !settings.is_false("wizard.appRecommendations");
    }
    KNOWN_COMMANDS.contains(&command) || DANGEROUS_COMMANDS.contains(&command) || allowed.contains(&command)
}

fn unpinned_servers(settings: &Settings, at: &str) -> Vec<Hit> {
    let servers = settings.get(at).and_then(Value::as_object);
    servers
        .into_iter()
        .flatten()
        .filter(|(_, server)| server.get("enabled") != Some(&Value::Bool(false)))
        .filter_map(|(name, server)| {
            let command = server.get("command")?.as_str()?;
            let args = crate::settings::strings(server.get("args"));
            let package = unpinned_package(command, &args)?;
            let path = Path::from(at).key(name.as_str()).key("args");
            Some(Hit::at(path).found(package))
        })
        .collect()
}

/// Is the package that a command fetches in whatever version there is.
fn unpinned_package<'a>(command: &'a str, args: &[&'a str]) -> Option<&'a str> {
    // The whole line may stand in `command`.
    let mut words = command.split_whitespace().chain(args.iter().copied());
    let program = words.next()?.rsplit(['/', '\\']).next()?;
    match program.trim_end_matches(".cmd").trim_end_matches(".exe") {
        "npx" | "bunx" | "pnpx" | "uvx" => {}
        "npm" if words.next()? == "exec" => {}
        "pnpm" | "yarn" if words.next()? == "dlx" => {}
        "bun" if words.next()? == "x" => {}
        _ => return None,
    }
    let package = words.find(|word| !word.starts_with('-'))?;
    let is_local = package.starts_with(['.', '/', '~']) || package.starts_with("file:");
    (!is_local && !is_pinned(package)).then_some(package)
}

fn is_pinned(package: &str) -> bool {
    let name = package.trim_start_matches('@');
    let version = name.split_once("==").or_else(|| name.rsplit_once('@'));
    let Some((_, version)) = version else {
        return false;
    };
    let parts: Vec<&str> = version.trim_start_matches('v').splitn(3, '.').collect();
    parts.len() == 3
        && parts.iter().all(|part| part.starts_with(|c: char| c.is_ascii_digit()) && !part.contains(['*', 'x', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_or_an_unknown_name_denies_nothing() {
        let settings = crate::checks::example(r#"{gateway: {nodes: {commands: {allow: ["my.plugin"], deny: []}}}}"#)
            .expect("a config");
        for known in ["system.run", "my.plugin", "sms.send", "talk.ptt.once", "device.apps"] {
            assert!(is_known(&settings, known), "{known}");
        }
        for unknown in ["system.runs", "worker.launch.v1", ""] {
            assert!(!is_known(&settings, unknown), "{unknown}");
        }
        for pattern in ["system.*", "/run/", "a b", "group:system", "^x", "x$"] {
            assert!(looks_like_a_pattern(pattern), "{pattern}");
        }
        assert!(!looks_like_a_pattern("system.run"));
    }

    #[test]
    fn a_package_is_pinned_by_a_whole_version_alone() {
        for pinned in ["a@1.2.3", "@s/a@1.2.3-beta.1", "a==1.2.3", "@s/a@v1.2.3"] {
            assert!(is_pinned(pinned), "{pinned}");
        }
        for open in ["a", "@s/a", "a@latest", "a@1", "a@^1.2.3", "@s/a@1.x.x"] {
            assert!(!is_pinned(open), "{open}");
        }
    }

    #[test]
    fn the_fetched_package_is_found_behind_options_and_paths() {
        assert_eq!(unpinned_package("/usr/bin/npx", &["-y", "a"]), Some("a"));
        assert_eq!(unpinned_package("npx -y a", &["--flag"]), Some("a"));
        assert_eq!(unpinned_package("pnpm", &["dlx", "a@latest"]), Some("a@latest"));
        assert_eq!(unpinned_package("node", &["server.js"]), None);
        assert_eq!(unpinned_package("npx", &["-y", "./server"]), None);
        assert_eq!(unpinned_package("npx", &["-y", "a@1.2.3"]), None);
    }
}

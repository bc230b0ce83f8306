//! The config as a whole: the inventory, switches that weaken it, plugins.

use super::{Check, Hit, Mend, Severity, when};
use crate::document::{Path, Seg};
use crate::settings::{FileRole, Settings};
use crate::text::Text;
use serde_json::Value;

/// Switches that OpenClaw reports when they are `true`.
const ON: [&str; 4] = [
    "gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback",
    "hooks.gmail.allowUnsafeExternalContent",
    "hooks.allowRequestSessionKey",
    "browser.ssrfPolicy.dangerouslyAllowPrivateNetwork",
];

/// Switches that OpenClaw reports when they are `false`.
const OFF: [&str; 2] = ["tools.exec.applyPatch.workspaceOnly", "tools.fs.workspaceOnly"];

/// The switches of a Docker sandbox among them.
const DOCKER: [&str; 3] = [
    "dangerouslyAllowReservedContainerTargets",
    "dangerouslyAllowExternalBindSources",
    "dangerouslyAllowContainerNamespaceJoin",
];

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "summary.attack_surface",
        severity: Severity::Info,
        title: Text { en: "What is open at all", ja: "外部との接点の概要" },
        why: Text {
            en: "An inventory, not a fault: the ways by which messages, web pages and people can reach the agents.",
            ja: "問題の指摘ではなく一覧です。メッセージ、Web ページ、人がエージェントに届く経路を示します。",
        },
        test: |settings| vec![Hit::default().found(surface(settings))],
        mend: Mend::Manual(Text {
            en: "Nothing to do. Close what you do not use.",
            ja: "対処は不要です。使わない経路は閉じてください。",
        }),
        risky: "{}",
        safe: "{}",
        reference: "https://docs.openclaw.ai/gateway/security",
    },
    Check {
        id: "config.insecure_or_dangerous_flags",
        severity: Severity::Warn,
        title: Text {
            en: "A switch that weakens the protection is on", ja: "保護を弱めるスイッチが有効です"
        },
        why: Text {
            en: "Such switches are made for tests. Left on, each takes away one of the walls between a hostile message and this machine.",
            ja: "テスト用のスイッチです。有効のままだと、悪意のあるメッセージからこのホストを守る仕組みが1つ失われます。",
        },
        test: |settings| flags(settings).into_iter().map(|(path, value)| Hit::at(path).found(value)).collect(),
        mend: Mend::ByPlan(Text {
            en: "Remove the key that the finding names, or turn it round.",
            ja: "検出事項に示されたキーを削除するか、値を反転してください。",
        }),
        risky: "{hooks: {gmail: {allowUnsafeExternalContent: true}}}",
        safe: "{hooks: {gmail: {allowUnsafeExternalContent: false}}}",
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "harden.config.dangerous_key",
        severity: Severity::Warn,
        title: Text {
            en: "A key that calls itself dangerous is on", ja: "名前に dangerously を含むキーが有効です"
        },
        why: Text {
            en: "OpenClaw names a key so when it takes a protection away, and its audit does not report all of them. On channels it lets people in by a name that they can change.",
            ja: "OpenClaw は保護を外すキーにこの名前を付けますが、監査はその一部しか報告しません。チャンネルでは、本人が変更できる名前で接続を許可します。",
        },
        test: |settings| {
            let known: Vec<Path> = flags(settings).into_iter().map(|(path, _)| path).collect();
            dangerous_keys(settings)
                .into_iter()
                .map(|path| settings.file_path(&path))
                .filter(|path| !known.contains(path))
                .map(|path| Hit::at(path).found(true).wanted(false))
                .collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Remove the key that the finding names.",
            ja: "検出事項に示されたキーを削除してください。",
        }),
        risky: "{channels: {discord: {accounts: {a: {dangerouslyAllowNameMatching: true}}}}}",
        safe: "{channels: {discord: {accounts: {a: {dangerouslyAllowNameMatching: false}}}}}",
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "harden.plugins.allow_missing",
        severity: Severity::Info,
        title: Text {
            en: "No list says which plugins may run", ja: "実行できるプラグインの一覧が設定されていません"
        },
        why: Text {
            en: "Plugins run inside the gateway with all its rights. Without plugins.allow, whatever lands in a plugin folder is loaded at the next start.",
            ja: "プラグインは Gateway の中で、そのすべての権限で動作します。plugins.allow がないと、プラグインのフォルダーに置かれたものが次回の起動から読み込まれます。",
        },
        test: |settings| {
            // Of plugins in the state folder OpenClaw's own `plugins.extensions_no_allowlist` speaks.
            let reported = settings.files().iter().any(|file| file.role == FileRole::Extension);
            let loaded = !settings.list("plugins.load.paths").is_empty();
            let entries = settings.get("plugins.entries").and_then(Value::as_object);
            let named = entries
                .is_some_and(|entries| entries.values().any(|entry| entry.get("enabled") == Some(&Value::Bool(true))));
            let open = settings.list("plugins.allow").is_empty() && !settings.is_false("plugins.enabled");
            when(open && !reported && (loaded || named), || Hit {
                severity: loaded.then_some(Severity::Warn),
                ..Hit::at("plugins.allow")
            })
        },
        mend: Mend::Manual(Text {
            en: "List in plugins.allow the ids of the plugins that you use; openclaw plugins list shows them.",
            ja: "使うプラグインの ID を plugins.allow に列挙してください。ID は openclaw plugins list で確認できます。",
        }),
        risky: r#"{plugins: {load: {paths: ["/opt/plugins"]}}}"#,
        safe: r#"{plugins: {load: {paths: ["/opt/plugins"]}, allow: ["notes"]}}"#,
        reference: "plugins.allow",
    },
    Check {
        id: "harden.logging.pruned",
        severity: Severity::Info,
        title: Text { en: "The log is deleted after 24 hours", ja: "ログが24時間後に削除されます" },
        why: Text {
            en: "The default log lies in a shared temporary folder and is pruned daily. When you look for an intruder, the lines are gone.",
            ja: "既定のログは共有の一時フォルダーにあり、毎日削除されます。侵入の形跡を調べるときには、記録が残っていません。",
        },
        test: |settings| {
            let file = settings.str("logging.file").map(str::trim).unwrap_or("");
            when(file.is_empty(), || Hit::at("logging.file").wanted("~/.openclaw/logs/gateway.log"))
        },
        mend: Mend::Manual(Text {
            en: "Set logging.file to a file in the state folder, as in \"~/.openclaw/logs/gateway.log\".",
            ja: "logging.file に、状態フォルダーの中のファイル (例: \"~/.openclaw/logs/gateway.log\") を設定してください。",
        }),
        risky: "{}",
        safe: r#"{logging: {file: "~/.openclaw/logs/gateway.log"}}"#,
        reference: "https://docs.openclaw.ai/logging",
    },
];

fn surface(settings: &Settings) -> String {
    let policies = |wanted: &str| {
        let channels = settings.get("channels").and_then(Value::as_object);
        let policies = channels.into_iter().flatten().map(|(_, channel)| channel.get("groupPolicy"));
        policies.filter(|policy| policy.and_then(Value::as_str) == Some(wanted)).count()
    };
    format!(
        "groupPolicy open={} allowlist={}, tools.elevated={}, hooks={}, hooks.internal={}, browser={}",
        policies("open"),
        policies("allowlist"),
        !settings.is_false("tools.elevated.enabled"),
        settings.is_true("hooks.enabled"),
        has_internal_hooks(settings),
        super::browser::is_on(settings),
    )
}

/// Whether internal hooks are configured; those that OpenClaw's own database records are not seen here.
fn has_internal_hooks(settings: &Settings) -> bool {
    let entries = settings.get("hooks.internal.entries").and_then(Value::as_object);
    let named =
        entries.is_some_and(|entries| entries.values().any(|entry| entry.get("enabled") != Some(&Value::Bool(false))));
    !settings.is_false("hooks.internal.enabled")
        && (settings.is_true("hooks.internal.enabled")
            || named
            || !settings.list("hooks.internal.load.extraDirs").is_empty())
}

/// Is the switches that OpenClaw reports, by the paths that the file has, with the value each has.
fn flags(settings: &Settings) -> Vec<(Path, String)> {
    let mut found: Vec<(Path, String)> = Vec::new();
    for (keys, value) in [(&ON[..], true), (&OFF[..], false)] {
        for key in keys {
            if settings.get(key) == Some(&Value::Bool(value)) {
                found.push((Path::from(*key), value.to_string()));
            }
        }
    }
    let mappings = settings.get("hooks.mappings").and_then(Value::as_array);
    for index in 0..mappings.map_or(0, Vec::len) {
        let path = Path::from("hooks.mappings").index(index).key("allowUnsafeExternalContent");
        if settings.at(&path) == Some(&Value::Bool(true)) {
            found.push((path, "true".into()));
        }
    }
    let dockers = std::iter::once(Path::from("agents.defaults.sandbox.docker"))
        .chain(settings.agents().into_iter().map(|agent| agent.path.join("sandbox.docker")));
    for docker in dockers {
        for key in DOCKER {
            let path = docker.key(key);
            if settings.at(&path) == Some(&Value::Bool(true)) {
                found.push((settings.file_path(&path), "true".into()));
            }
        }
    }
    let suppressions = settings.get("security.audit.suppressions").and_then(Value::as_array);
    if let Some(entries) = suppressions.filter(|entries| !entries.is_empty()) {
        found.push((Path::from("security.audit.suppressions"), entries.len().to_string()));
    }
    imap_flags(settings, &mut found);
    found
}

/// The mail plugin is the one bundled plugin whose manifest declares dangerous values.
fn imap_flags(settings: &Settings, found: &mut Vec<(Path, String)>) {
    let accounts = Path::from("plugins.entries.imap.config.accounts");
    let names: Vec<Path> = match settings.at(&accounts) {
        Some(Value::Object(map)) => map.keys().map(|name| accounts.key(name.as_str())).collect(),
        Some(Value::Array(items)) => (0..items.len()).map(|index| accounts.index(index)).collect(),
        _ => Vec::new(),
    };
    for account in names {
        let trust = account.join("senderAuth.acceptTrustedAuthservId");
        if settings.at(&trust) == Some(&Value::Bool(true)) {
            found.push((trust, "true".into()));
        }
        let min = account.join("senderAuth.min");
        if let Some(value @ ("unverified" | "mutable")) = settings.at(&min).and_then(Value::as_str) {
            found.push((min, value.to_owned()));
        }
    }
}

/// Collects the keys `dangerously...` and `dangerous...` that are `true`. One of them no longer does anything and has a check of its own.
fn dangerous_keys(settings: &Settings) -> Vec<Path> {
    let mut found = Vec::new();
    Path::root().visit(settings.loaded(), &mut |path, value| {
        if *value == Value::Bool(true)
            && let Some(Seg::Key(key)) = path.segs().last()
            && key.starts_with("dangerous")
            && key != "dangerouslyDisableDeviceAuth"
        {
            found.push(path.clone());
        }
        true
    });
    found
}

#[cfg(test)]
mod tests {
    use crate::checks::{audit, example};

    fn paths(config: &str, id: &str) -> Vec<String> {
        let findings = audit(&example(config).expect("a config"));
        let findings = findings.iter().filter(|finding| finding.id == id);
        findings.map(|finding| finding.hit.paths[0].to_string()).collect()
    }

    #[test]
    fn each_flag_is_one_finding_at_the_path_of_the_file() {
        let config = r#"{
            tools: {fs: {workspaceOnly: false}, exec: {applyPatch: {workspaceOnly: false}}},
            hooks: {mappings: [{}, {allowUnsafeExternalContent: true}]},
            agents: {list: [{id: "a", sandbox: {docker: {dangerouslyAllowExternalBindSources: true}}}]},
            plugins: {entries: {imap: {config: {accounts: {x: {senderAuth: {min: "mutable"}}}}}}},
        }"#;
        assert_eq!(
            paths(config, "config.insecure_or_dangerous_flags"),
            [
                "tools.exec.applyPatch.workspaceOnly",
                "tools.fs.workspaceOnly",
                "hooks.mappings[1].allowUnsafeExternalContent",
                "agents.list[0].sandbox.docker.dangerouslyAllowExternalBindSources",
                "plugins.entries.imap.config.accounts.x.senderAuth.min",
            ]
        );
        assert!(paths(config, "harden.config.dangerous_key").is_empty());
    }

    #[test]
    fn the_inventory_counts_policies_and_switches() {
        let config = r#"{channels: {telegram: {groupPolicy: "open"}, slack: {}}, browser: {enabled: false}}"#;
        let findings = audit(&example(config).expect("a config"));
        let surface = findings.iter().find(|finding| finding.id == "summary.attack_surface");
        let said = surface.and_then(|finding| finding.hit.actual.clone()).unwrap_or_default();
        assert_eq!(
            said,
            "groupPolicy open=1 allowlist=1, tools.elevated=true, hooks=false, hooks.internal=false, browser=false"
        );
    }
}

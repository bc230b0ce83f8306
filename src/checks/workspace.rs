//! Which files an agent sees and changes.

use super::tools::{agents, one_hit};
use super::{Check, Hit, Mend, Severity};
use crate::document::Path;
use crate::settings::Settings;
use crate::settings::tools::{Files, Mode, Session, ToolContext};
use crate::text::Text;
use serde_json::Value;
use std::collections::BTreeSet;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "harden.workspace.writable",
        severity: Severity::Info,
        title: Text {
            en: "Sandboxed agents work on the real files of their workspace",
            ja: "サンドボックス内から、ワークスペースの実ファイルを変更できます",
        },
        why: Text {
            en: "A message that misleads the agent can change or delete these files, though no others of the host.",
            ja: "エージェントを誘導したメッセージが、そのファイルを変更・削除できます。ホストのほかのファイルには触れません。",
        },
        test: |settings| {
            let on = agents(settings).filter(|context| context.sandbox.mode != Mode::Off);
            let writable = on.filter(|context| context.sandbox.workspace_access == "rw");
            let keys: BTreeSet<Path> = writable.map(|context| access_key(settings, context)).collect();
            one_hit(settings, keys, |hit| hit.found("rw").wanted("ro"))
        },
        mend: Mend::Manual(Text {
            en: "Keep a copy of the workspace, or set sandbox.workspaceAccess to \"ro\" (read only) or \"none\" where the agent need not change files.",
            ja: "ワークスペースの複製を保管してください。変更が不要なら sandbox.workspaceAccess を \"ro\" (読み取り専用) か \"none\" にしてください。",
        }),
        risky: r#"{agents: {defaults: {sandbox: {mode: "all", workspaceAccess: "rw"}}}}"#,
        safe: r#"{agents: {defaults: {sandbox: {mode: "all", workspaceAccess: "ro"}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/sandboxing",
    },
    Check {
        id: "harden.workspace.files_outside",
        severity: Severity::Warn,
        title: Text {
            en: "File tools reach every file of this account",
            ja: "ファイルツールが、このアカウントの全ファイルに届きます",
        },
        why: Text {
            en: "tools.fs.workspaceOnly is off unless it is set. A message that misleads the agent can have it read out your keys and OpenClaw's tokens.",
            ja: "tools.fs.workspaceOnly は設定しない限り無効です。エージェントを誘導したメッセージが、鍵や OpenClaw のトークンを読み出せます。",
        },
        test: |settings| {
            let free = agents(settings).filter(|context| !context.workspace_only && opens_any_file(context));
            let keys: BTreeSet<Path> = free.map(|context| workspace_only_key(settings, context)).collect();
            // OpenClaw's own audit reports the global key where it is `false`.
            let reported = |key: &Path| *key == Path::from(WORKSPACE_ONLY) && settings.is_false(WORKSPACE_ONLY);
            one_hit(settings, keys.into_iter().filter(|key| !reported(key)), |hit| hit.wanted(true))
        },
        mend: Mend::ByPlan(Text {
            en: "Set tools.fs.workspaceOnly to true, and move what the agents need into their workspace.",
            ja: "tools.fs.workspaceOnly を true にし、必要なファイルはワークスペースに移してください。",
        }),
        risky: "{}",
        safe: "{tools: {fs: {workspaceOnly: true}}}",
        reference: "https://docs.openclaw.ai/gateway/security/hardened-baseline",
    },
    Check {
        id: "harden.workspace.too_broad",
        severity: Severity::Warn,
        title: Text {
            en: "A workspace is a whole home folder or a system folder",
            ja: "ワークスペースがホーム全体かシステムフォルダーです",
        },
        why: Text {
            en: "All of it is within the agent's reach: a message that misleads it gets at your keys, and no sandbox that mounts it helps.",
            ja: "全体がエージェントの手の届く範囲になり、誘導したメッセージが鍵にまで届きます。マウントするサンドボックスでは防げません。",
        },
        test: |settings| {
            let broad = settings.workspaces().into_iter().filter(|known| settings.is_broad_workspace(known.folder));
            broad.map(|known| Hit::at(settings.file_path(&known.path)).found(known.folder)).collect()
        },
        mend: Mend::Manual(Text {
            en: "Make a folder for the agent, as in ~/.openclaw/workspace, move its files there, and name it in workspace.",
            ja: "~/.openclaw/workspace のような専用のフォルダーを作り、ファイルを移して workspace に指定してください。",
        }),
        risky: r#"{agents: {defaults: {workspace: "~"}}}"#,
        safe: r#"{agents: {defaults: {workspace: "~/.openclaw/workspace"}}}"#,
        reference: "https://docs.openclaw.ai/concepts/agent-workspace",
    },
];

const WORKSPACE_ONLY: &str = "tools.fs.workspaceOnly";

fn opens_any_file(context: &ToolContext) -> bool {
    ["read", "write", "edit"].iter().any(|tool| {
        Session::ALL.into_iter().any(|session| {
            let decision = context.decide(tool, session);
            decision.allowed && decision.files == Files::Host
        })
    })
}

/// Is the key that decides for the agent: its own where it has one.
fn workspace_only_key(settings: &Settings, context: &ToolContext) -> Path {
    let own = context.at.join("fs.workspaceOnly");
    if settings.at(&own).is_some() { own } else { Path::from(WORKSPACE_ONLY) }
}

fn access_key(settings: &Settings, context: &ToolContext) -> Path {
    let own = context.agent.as_deref().map(|agent| Path::from("agents.entries").key(agent));
    let own = own.map(|entry| entry.join("sandbox.workspaceAccess"));
    own.filter(|own| settings.at(own).and_then(Value::as_str).is_some())
        .unwrap_or_else(|| Path::from("agents.defaults.sandbox.workspaceAccess"))
}

#[cfg(test)]
mod tests {
    use crate::checks::{audit, example};

    fn paths(config: &str, id: &str) -> Vec<String> {
        let findings = audit(&example(config).expect("a config"));
        let hits = findings.into_iter().filter(|finding| finding.id == id).flat_map(|finding| finding.hit.paths);
        hits.map(|path| path.to_string()).collect()
    }

    #[test]
    fn a_global_false_is_left_to_openclaws_own_check_and_an_agents_is_not() {
        let id = "harden.workspace.files_outside";
        assert_eq!(paths("{}", id), ["tools.fs.workspaceOnly"]);
        assert!(paths("{tools: {fs: {workspaceOnly: false}}}", id).is_empty());
        let own = "{tools: {fs: {workspaceOnly: true}}, agents: {entries: {a: {tools: {fs: {workspaceOnly: false}}}}}}";
        assert_eq!(paths(own, id), ["agents.entries.a.tools.fs.workspaceOnly"]);
    }

    #[test]
    fn in_the_sandbox_the_file_tools_see_no_host() {
        let config = r#"{agents: {defaults: {sandbox: {mode: "all"}}}}"#;
        assert!(paths(config, "harden.workspace.files_outside").is_empty());
        let half = r#"{agents: {defaults: {sandbox: {mode: "non-main"}}}}"#;
        assert_eq!(paths(half, "harden.workspace.files_outside").len(), 1);
    }
}

//! Tools and commands that reach beyond the conversation: OpenClaw itself, later runs, other devices, other chats.

use super::tools::{agents, one_hit};
use super::{Check, Hit, Mend, Severity, when};
use crate::document::Path;
use crate::settings::Settings;
use crate::settings::tools::{Session, ToolContext};
use crate::text::Text;
use serde_json::Value;

const PERMISSIONS: &str = "https://docs.openclaw.ai/gateway/security/tool-permissions";

/// Tools that change OpenClaw: its version, its plugins, its config.
const CONTROL_PLANE: [&str; 3] = ["gateway", "plugins", "openclaw"];

/// Tools that leave work to other runs: later ones, sub-agents, other sessions.
const DELEGATION: [&str; 3] = ["automations", "sessions_spawn", "sessions_send"];

/// Tools that act on screens, browsers and other machines.
const DEVICES: [&str; 4] = ["nodes", "computer", "mobile_ui", "browser"];

/// Commands that run programs or change OpenClaw from the chat; off unless they are switched on.
const COMMANDS: [&str; 5] = ["bash", "config", "mcp", "plugins", "debug"];

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "harden.tools.control_plane",
        severity: Severity::Warn,
        title: Text {
            en: "An agent can change OpenClaw itself", ja: "エージェントが OpenClaw 自体を変更できます"
        },
        why: Text {
            en: "A message or web page that misleads the agent can have it read the config, add a plugin or undo what you decide here.",
            ja: "エージェントを誘導したメッセージや Web ページが、設定の読み取りやプラグインの追加を行い、ここでの決定を取り消せます。",
        },
        test: |settings| callable(settings, &CONTROL_PLANE),
        mend: Mend::ByPlan(Text {
            en: "Add the tools shown to tools.deny; the openclaw command line still does the same. In a sandbox they are off by themselves.",
            ja: "表示されたツールを tools.deny に追加してください。openclaw コマンドからは続けられます。サンドボックス内では初めから使えません。",
        }),
        risky: r#"{tools: {profile: "messaging"}}"#,
        safe: r#"{tools: {profile: "messaging", deny: ["gateway", "plugins", "openclaw"]}}"#,
        reference: PERMISSIONS,
    },
    Check {
        id: "harden.tools.delegation",
        severity: Severity::Info,
        title: Text {
            en: "An agent can plan later runs or steer other sessions",
            ja: "エージェントが、予約実行やほかのセッションの操作をできます",
        },
        why: Text {
            en: "What a message talks the agent into then goes on after the chat: in a scheduled run, a helper, or somebody else's session.",
            ja: "メッセージによる誘導が、チャットの後も続きます。予約実行、補助のエージェント、ほかの人のセッションで動きます。",
        },
        test: |settings| callable(settings, &DELEGATION),
        mend: Mend::Manual(Text {
            en: "Add the tools shown to tools.deny where untrusted text reaches the agent. Keep them if you use reminders and helpers.",
            ja: "信頼できない文章が届くエージェントでは、表示されたツールを tools.deny に追加してください。予約や補助を使うなら残してください。",
        }),
        risky: r#"{tools: {profile: "coding"}}"#,
        safe: r#"{tools: {profile: "coding", deny: ["automations", "sessions_spawn", "sessions_send"]}}"#,
        reference: PERMISSIONS,
    },
    Check {
        id: "harden.tools.devices",
        severity: Severity::Info,
        title: Text {
            en: "An agent can use a browser, screens or paired devices",
            ja: "エージェントが、ブラウザ、画面、ペアリング済みの端末を使えます",
        },
        why: Text {
            en: "A web page that misleads the agent can act where you are logged in, or look through the camera of a paired phone.",
            ja: "エージェントを誘導した Web ページが、ログイン中のサイトを操作し、ペアリング済みの端末のカメラを使えます。",
        },
        test: |settings| callable(settings, &DEVICES),
        mend: Mend::Manual(Text {
            en: "Add \"group:nodes\" and \"browser\" to tools.deny unless the agent needs them.",
            ja: "不要なら tools.deny に \"group:nodes\" と \"browser\" を追加してください。",
        }),
        risky: r#"{tools: {allow: ["nodes"]}}"#,
        safe: r#"{tools: {deny: ["group:nodes", "browser"]}}"#,
        reference: PERMISSIONS,
    },
    Check {
        id: "harden.tools.elevated_on",
        severity: Severity::Info,
        title: Text { en: "Elevated mode is left on", ja: "昇格モードが有効のままです" },
        why: Text {
            en: "Whoever takes over the account of a sender on its list has commands run on the host by one line in the chat. It is on unless it is switched off.",
            ja: "一覧の送信者のアカウントを乗っ取った人が、チャットの1行でホスト上のコマンドを実行できます。無効にしない限り有効です。",
        },
        test: |settings| {
            let on: Vec<&ToolContext> = agents(settings).filter(|context| context.elevated.enabled).collect();
            let listed = on.iter().any(|context| context.elevated.allow_from.values().any(|ids| !ids.is_empty()));
            when(!on.is_empty(), || Hit {
                severity: listed.then_some(Severity::Warn),
                ..Hit::at("tools.elevated.enabled").wanted(false)
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set tools.elevated.enabled to false.",
            ja: "tools.elevated.enabled を false にしてください。",
        }),
        risky: r#"{tools: {elevated: {allowFrom: {telegram: ["1234567"]}}}}"#,
        safe: "{tools: {elevated: {enabled: false}}}",
        reference: "https://docs.openclaw.ai/tools/elevated",
    },
    Check {
        id: "harden.tools.cross_context",
        severity: Severity::Info,
        title: Text {
            en: "An agent can write from one channel into another",
            ja: "エージェントが、あるチャンネルから別のチャンネルへ送信できます",
        },
        why: Text {
            en: "A stranger's text in one chat can have the agent post what it knows into another, under your name.",
            ja: "あるチャットの第三者の文章により、エージェントが知る内容を、自分の名前で別のチャットに投稿するおそれがあります。",
        },
        test: |settings| {
            const KEY: &str = "message.crossContext.allowAcrossProviders";
            let enabled = |channel: &&Value| channel.get("enabled") != Some(&Value::Bool(false));
            let channels = settings.get("channels").and_then(Value::as_object);
            let ids = ["defaults", "modelByChannel"];
            let channels = channels.into_iter().flatten().filter(|(id, _)| !ids.contains(&id.as_str()));
            if channels.map(|(_, channel)| channel).filter(enabled).count() == 0 {
                return Vec::new();
            }
            let global = Path::from("tools").join(KEY);
            let key = |context: &ToolContext| {
                let own = context.at.join(KEY);
                if settings.at(&own).is_some() { own } else { global.clone() }
            };
            let free = agents(settings).filter(|context| {
                context.allows("message", &Session::ALL) && settings.at(&key(context)) != Some(&Value::Bool(false))
            });
            let keys: std::collections::BTreeSet<Path> = free.map(key).collect();
            one_hit(settings, keys, |hit| hit.wanted(false))
        },
        mend: Mend::Manual(Text {
            en: "Set tools.message.crossContext.allowAcrossProviders to false, and allowWithinProvider too if each chat is to stay apart.",
            ja: "tools.message.crossContext.allowAcrossProviders を false にしてください。チャットごとに分けるなら allowWithinProvider も false にしてください。",
        }),
        risky: "{channels: {telegram: {}}}",
        safe: "{channels: {telegram: {}}, tools: {message: {crossContext: {allowAcrossProviders: false}}}}",
        reference: PERMISSIONS,
    },
    Check {
        id: "harden.commands.from_chat",
        severity: Severity::Warn,
        title: Text {
            en: "Chat commands run programs or change OpenClaw",
            ja: "チャットコマンドで、プログラムの実行や OpenClaw の変更ができます",
        },
        why: Text {
            en: "Whoever takes over an approved account runs them at once, without a model in between that could refuse.",
            ja: "承認済みアカウントを乗っ取った人が、すぐに実行できます。途中で拒否するモデルはありません。",
        },
        test: |settings| {
            let on: Vec<Path> = COMMANDS.iter().map(|name| Path::from("commands").key(*name)).collect();
            let on = on.into_iter().filter(|key| settings.at(key) == Some(&Value::Bool(true)));
            one_hit(settings, on, |hit| hit.found(true).wanted(false))
        },
        mend: Mend::ByPlan(Text {
            en: "Set the keys shown to false, and use the openclaw command line instead.",
            ja: "表示されたキーを false にし、代わりに openclaw コマンドを使ってください。",
        }),
        risky: "{commands: {bash: true}}",
        safe: "{commands: {bash: false}}",
        reference: "https://docs.openclaw.ai/tools/slash-commands",
    },
];

/// Is one hit with those of the tools that some agent can call.
fn callable(settings: &Settings, tools: &[&str]) -> Vec<Hit> {
    let open: Vec<&str> = tools
        .iter()
        .filter(|tool| agents(settings).any(|context| context.allows(tool, &Session::ALL)))
        .copied()
        .collect();
    when(!open.is_empty(), || Hit::at("tools.deny").found(open.join(", ")).wanted("deny"))
}

#[cfg(test)]
mod tests {
    use crate::checks::{Severity, audit, example};

    fn found(config: &str, id: &str) -> Option<(Severity, Option<String>)> {
        let findings = audit(&example(config).expect("a config"));
        let finding = findings.into_iter().find(|finding| finding.id == id)?;
        Some((finding.severity, finding.hit.actual))
    }

    #[test]
    fn a_sandbox_takes_the_control_plane_away() {
        let config = |mode: &str| format!(r#"{{agents: {{defaults: {{sandbox: {{mode: "{mode}"}}}}}}}}"#);
        let (_, tools) = found(&config("off"), "harden.tools.control_plane").expect("it is found");
        assert_eq!(tools.as_deref(), Some("gateway, plugins, openclaw"));
        assert_eq!(found(&config("all"), "harden.tools.control_plane"), None);
    }

    #[test]
    fn elevated_mode_matters_more_with_somebody_on_its_list() {
        let id = "harden.tools.elevated_on";
        assert_eq!(found("{}", id).map(|found| found.0), Some(Severity::Info));
        let listed = r#"{tools: {elevated: {allowFrom: {telegram: ["1"]}}}}"#;
        assert_eq!(found(listed, id).map(|found| found.0), Some(Severity::Warn));
        let own = "{agents: {entries: {a: {tools: {elevated: {enabled: false}}}}}}";
        assert_eq!(found(own, id), None);
    }

    #[test]
    fn without_a_channel_nothing_crosses() {
        let id = "harden.tools.cross_context";
        assert_eq!(found("{channels: {defaults: {}}}", id), None);
        assert_eq!(found("{channels: {telegram: {enabled: false}}}", id), None);
        assert!(found("{channels: {telegram: {}, slack: {enabled: false}}}", id).is_some());
    }
}

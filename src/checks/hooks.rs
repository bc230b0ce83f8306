//! Webhooks: what other services may make the agents do.

use super::{Check, Hit, Mend, Severity, when};
use crate::settings::Settings;
use crate::text::Text;
use serde_json::Value;

const TOKEN: &str = "hooks.token";
const AGENTS: &str = "hooks.allowedAgentIds";
const OVERRIDE: &str = "hooks.allowRequestSessionKey";
const PREFIXES: &str = "hooks.allowedSessionKeyPrefixes";

const MAKE_A_TOKEN: Text = Text {
    en: "Set hooks.token to the output of: openssl rand -hex 24. Give the new token to every service that calls the hooks.",
    ja: "hooks.token に openssl rand -hex 24 の出力を設定してください。フックを呼び出すすべてのサービスにも、新しいトークンを設定してください。",
};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "hooks.token_too_short",
        severity: Severity::Warn,
        title: Text {
            en: "The hooks token has fewer than 24 characters", ja: "フックのトークンが24文字未満です"
        },
        why: Text {
            en: "Whoever reaches the port can try short tokens until one fits, and then gives the agents orders.",
            ja: "ポートに接続できる人が短いトークンを総当たりで試し、一致すればエージェントに指示できます。",
        },
        test: |settings| {
            let length = token(settings).map_or(0, |token| token.encode_utf16().count());
            when(is_on(settings) && (1..24).contains(&length), || Hit::at(TOKEN).found(length).wanted("24+"))
        },
        mend: Mend::ByPlan(MAKE_A_TOKEN),
        risky: r#"{hooks: {enabled: true, token: "5ecret"}}"#,
        safe: r#"{hooks: {enabled: true, token: "5ecret-5ecret-5ecret-5ecret"}}"#,
        reference: "https://docs.openclaw.ai/gateway/config-hooks",
    },
    Check {
        id: "hooks.token_reuse_gateway_token",
        severity: Severity::Critical,
        title: Text {
            en: "The hooks use the same secret as the gateway",
            ja: "フックと Gateway が同じシークレットを使っています",
        },
        why: Text {
            en: "Every service that calls a hook holds the key to the whole gateway. One leak there gives away the agents.",
            ja: "フックを呼び出すすべてのサービスが、Gateway 全体の鍵を持つことになります。1か所で漏れると、エージェントを操作されます。",
        },
        test: |settings| {
            let auth = settings.gateway().auth_beside_hooks();
            let secret = auth.shared_secret().map(str::trim);
            when(is_on(settings) && secret.is_some() && secret == token(settings), || Hit::at(TOKEN))
        },
        mend: Mend::ByPlan(MAKE_A_TOKEN),
        risky: "// env OPENCLAW_GATEWAY_TOKEN=5ecret-5ecret-5ecret-5ecret\n{hooks: {enabled: true, token: \"5ecret-5ecret-5ecret-5ecret\"}}",
        safe: "// env OPENCLAW_GATEWAY_TOKEN=5ecret-5ecret-5ecret-5ecret\n{hooks: {enabled: true, token: \"another-5ecret-5ecret-5ecret\"}}",
        reference: "https://docs.openclaw.ai/gateway/config-hooks",
    },
    Check {
        id: "harden.hooks.no_token",
        severity: Severity::Warn,
        title: Text {
            en: "Hooks are on without a token, so the gateway does not start",
            ja: "フックが有効でトークンが未設定のため、Gateway は起動しません",
        },
        why: Text {
            en: "OpenClaw refuses to offer hooks that anyone could call. Until there is a token the assistant stays silent.",
            ja: "OpenClaw は、誰でも呼び出せるフックを提供しません。トークンを設定するまで、アシスタントは応答しません。",
        },
        test: |settings| when(is_on(settings) && token(settings).is_none(), || Hit::at(TOKEN)),
        mend: Mend::ByPlan(MAKE_A_TOKEN),
        risky: "{hooks: {enabled: true}}",
        safe: r#"{hooks: {enabled: true, token: "5ecret-5ecret-5ecret-5ecret"}}"#,
        reference: "https://docs.openclaw.ai/gateway/config-hooks",
    },
    Check {
        id: "hooks.path_root",
        severity: Severity::Critical,
        title: Text {
            en: "The hooks take over every path of the gateway",
            ja: "フックが Gateway のすべてのパスを占有します",
        },
        why: Text {
            en: "At \"/\" the hooks stand in front of other endpoints, whose own checks then no longer run.",
            ja: "\"/\" ではフックがほかのエンドポイントより優先され、それぞれの確認が働かなくなります。",
        },
        test: |settings| {
            let path = settings.str("hooks.path").map(str::trim);
            when(is_on(settings) && path == Some("/"), || Hit::at("hooks.path").found("/").wanted("/hooks"))
        },
        mend: Mend::ByPlan(Text {
            en: "Set hooks.path to \"/hooks\", and change the address in every service that calls them.",
            ja: "hooks.path を \"/hooks\" にし、フックを呼び出すすべてのサービスのアドレスも変更してください。",
        }),
        risky: r#"{hooks: {enabled: true, path: "/"}}"#,
        safe: r#"{hooks: {enabled: true, path: "/hooks"}}"#,
        reference: "https://docs.openclaw.ai/gateway/config-hooks",
    },
    Check {
        id: "hooks.default_session_key_unset",
        severity: Severity::Warn,
        title: Text {
            en: "Hooks run in sessions of changing names", ja: "フックのセッション名が固定されていません"
        },
        why: Text {
            en: "Each call without a session of its own gets a new one, so what hooks did is scattered and hard to review.",
            ja: "セッションを指定しない呼び出しごとに新しいセッションが作られ、フックの動作を後から確認しにくくなります。",
        },
        test: |settings| {
            let key = "hooks.defaultSessionKey";
            let blank = settings.str(key).is_none_or(|value| value.trim().is_empty());
            when(is_on(settings) && blank, || Hit::at(key).wanted("hook:ingress"))
        },
        mend: Mend::ByPlan(Text {
            en: "Set hooks.defaultSessionKey to \"hook:ingress\".",
            ja: "hooks.defaultSessionKey を \"hook:ingress\" にしてください。",
        }),
        risky: "{hooks: {enabled: true}}",
        safe: r#"{hooks: {enabled: true, defaultSessionKey: "hook:ingress"}}"#,
        reference: "https://docs.openclaw.ai/gateway/config-hooks",
    },
    Check {
        id: "hooks.allowed_agent_ids_unrestricted",
        severity: Severity::Warn,
        title: Text {
            en: "Hooks may give orders to every agent", ja: "フックからすべてのエージェントに指示できます"
        },
        why: Text {
            en: "A service that is broken into can choose the agent with the most rights, not only the one meant for hooks.",
            ja: "侵害されたサービスが、フック用だけでなく、最も権限の強いエージェントを選べます。",
        },
        test: |settings| {
            let ids = settings.get(AGENTS).and_then(Value::as_array);
            let any = ids.is_none_or(|ids| ids.iter().any(|id| id.as_str().map(str::trim) == Some("*")));
            when(is_on(settings) && any, || Hit::at(AGENTS).critical_if(settings.gateway().is_remotely_exposed()))
        },
        mend: Mend::ByPlan(Text {
            en: "List in hooks.allowedAgentIds the agents that hooks are meant for, as in [\"main\"].",
            ja: "hooks.allowedAgentIds に、フックの対象とするエージェントを [\"main\"] のように列挙してください。",
        }),
        risky: r#"{hooks: {enabled: true, allowedAgentIds: ["*"]}}"#,
        safe: r#"{hooks: {enabled: true, allowedAgentIds: ["main"]}}"#,
        reference: "https://docs.openclaw.ai/gateway/config-hooks",
    },
    Check {
        id: "hooks.request_session_key_enabled",
        severity: Severity::Warn,
        title: Text {
            en: "Hook callers choose in which session they speak",
            ja: "フックの呼び出し元がセッションを選べます",
        },
        why: Text {
            en: "A service that is broken into can write into your own conversation, where the agent takes it for your word.",
            ja: "侵害されたサービスが自分の会話に書き込み、エージェントがそれを本人の指示として扱います。",
        },
        test: |settings| {
            when(is_on(settings) && settings.is_true(OVERRIDE), || {
                Hit::at(OVERRIDE).found(true).wanted(false).critical_if(settings.gateway().is_remotely_exposed())
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set hooks.allowRequestSessionKey to false.",
            ja: "hooks.allowRequestSessionKey を false にしてください。",
        }),
        risky: "{hooks: {enabled: true, allowRequestSessionKey: true}}",
        safe: "{hooks: {enabled: true, allowRequestSessionKey: false}}",
        reference: "https://docs.openclaw.ai/gateway/config-hooks",
    },
    Check {
        id: "hooks.request_session_key_prefixes_missing",
        severity: Severity::Warn,
        title: Text {
            en: "Hook callers may choose any session at all",
            ja: "フックの呼び出し元が選べるセッションに制限がありません",
        },
        why: Text {
            en: "Without a prefix no conversation is out of reach of a service that is broken into.",
            ja: "プレフィックスの指定がないと、侵害されたサービスがどの会話にも書き込めます。",
        },
        test: |settings| {
            let open = settings.is_true(OVERRIDE) && settings.list(PREFIXES).is_empty();
            when(is_on(settings) && open, || {
                Hit::at(PREFIXES).and(OVERRIDE).wanted("hook:").critical_if(settings.gateway().is_remotely_exposed())
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set hooks.allowRequestSessionKey to false, or hooks.allowedSessionKeyPrefixes to [\"hook:\"].",
            ja: "hooks.allowRequestSessionKey を false にするか、hooks.allowedSessionKeyPrefixes を [\"hook:\"] にしてください。",
        }),
        risky: "{hooks: {enabled: true, allowRequestSessionKey: true}}",
        safe: r#"{hooks: {enabled: true, allowRequestSessionKey: true, allowedSessionKeyPrefixes: ["hook:"]}}"#,
        reference: "https://docs.openclaw.ai/gateway/config-hooks",
    },
];

fn is_on(settings: &Settings) -> bool {
    settings.is_true("hooks.enabled")
}

/// Is the token as the audit reads it: a variable that is not set leaves its own name there.
fn token(settings: &Settings) -> Option<&str> {
    let token = settings.str(TOKEN)?.trim();
    (!token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use crate::checks::{Severity, audit, example};

    #[test]
    fn hooks_that_are_off_have_no_findings() {
        let config = r#"{hooks: {token: "a", path: "/", allowRequestSessionKey: true}}"#;
        let findings = audit(&example(config).expect("a config"));
        assert!(findings.iter().all(|finding| !finding.id.starts_with("hooks.")));
    }

    #[test]
    fn exposure_makes_open_routing_critical() {
        let config =
            r#"{gateway: {tailscale: {mode: "funnel"}}, hooks: {enabled: true, allowRequestSessionKey: true}}"#;
        let findings = audit(&example(config).expect("a config"));
        let critical = |id: &str| {
            let found = findings.iter().find(|finding| finding.id == id);
            found.is_some_and(|finding| finding.severity == Severity::Critical)
        };
        assert!(critical("hooks.allowed_agent_ids_unrestricted"));
        assert!(critical("hooks.request_session_key_enabled"));
        assert!(critical("hooks.request_session_key_prefixes_missing"));
    }
}

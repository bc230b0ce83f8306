//! The Control UI: which web pages may talk to the gateway, and what it shows.

use super::{Check, Hit, Mend, Severity, when};
use crate::text::Text;

const ORIGINS: &str = "gateway.controlUi.allowedOrigins";
const FALLBACK: &str = "gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "gateway.control_ui.allowed_origins_required",
        severity: Severity::Critical,
        title: Text {
            en: "The Control UI is reachable from outside without allowed origins",
            ja: "外部から接続できる Control UI に、許可オリジンが設定されていません",
        },
        why: Text {
            en: "A web page that you open could talk to the gateway from your browser. OpenClaw refuses browsers until the origins are named.",
            ja: "開いた Web ページが、ブラウザから Gateway に接続できます。OpenClaw は、オリジンを指定するまでブラウザの接続を拒否します。",
        },
        test: |settings| {
            let gateway = settings.gateway();
            let open = gateway.is_exposed() && gateway.has_control_ui();
            let unnamed = gateway.allowed_origins().is_empty() && !settings.is_true(FALLBACK);
            when(open && unnamed, || Hit::at(ORIGINS).and("gateway.bind"))
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.controlUi.allowedOrigins to the addresses you open it by, as in [\"https://control.example.com\"], or gateway.bind to \"loopback\".",
            ja: "gateway.controlUi.allowedOrigins に、開くときのアドレスを [\"https://control.example.com\"] のように設定してください。または gateway.bind を \"loopback\" にしてください。",
        }),
        risky: r#"{gateway: {bind: "lan"}}"#,
        safe: r#"{gateway: {bind: "lan", controlUi: {allowedOrigins: ["https://control.example.com"]}}}"#,
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "gateway.control_ui.allowed_origins_wildcard",
        severity: Severity::Warn,
        title: Text {
            en: "The Control UI accepts web pages of every origin",
            ja: "Control UI がすべてのオリジンの Web ページを受け付けます",
        },
        why: Text {
            en: "Any page that you open in the browser can try to talk to the gateway in your name.",
            ja: "ブラウザで開いたどのページからも、自分の名義で Gateway への接続を試せます。",
        },
        test: |settings| {
            let gateway = settings.gateway();
            when(gateway.allowed_origins().contains(&"*"), || {
                Hit::at(ORIGINS).found("*").critical_if(gateway.is_exposed())
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Replace \"*\" in gateway.controlUi.allowedOrigins by the full addresses you open it by.",
            ja: "gateway.controlUi.allowedOrigins の \"*\" を、開くときの完全なアドレスに置き換えてください。",
        }),
        risky: r#"{gateway: {controlUi: {allowedOrigins: ["*"]}}}"#,
        safe: r#"{gateway: {controlUi: {allowedOrigins: ["https://control.example.com"]}}}"#,
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "gateway.control_ui.host_header_origin_fallback",
        severity: Severity::Warn,
        title: Text {
            en: "The Control UI believes the Host header of a request",
            ja: "Control UI がリクエストの Host ヘッダーを信用します",
        },
        why: Text {
            en: "A hostile web page can point its own name at this machine (DNS rebinding) and then passes as the Control UI.",
            ja: "悪意のある Web ページが自分のドメイン名をこのホストに向けると (DNS リバインディング)、Control UI として扱われます。",
        },
        test: |settings| {
            when(settings.is_true(FALLBACK), || {
                Hit::at(FALLBACK).found(true).wanted(false).critical_if(settings.gateway().is_exposed())
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Remove gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback and name the origins in gateway.controlUi.allowedOrigins.",
            ja: "gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback を削除し、gateway.controlUi.allowedOrigins にオリジンを指定してください。",
        }),
        risky: "{gateway: {controlUi: {dangerouslyAllowHostHeaderOriginFallback: true}}}",
        safe: "{gateway: {controlUi: {dangerouslyAllowHostHeaderOriginFallback: false}}}",
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "harden.control_ui.device_auth_disabled",
        severity: Severity::Warn,
        title: Text {
            en: "The config asks to skip device pairing in the Control UI",
            ja: "Control UI のデバイスのペアリングを省く設定があります",
        },
        why: Text {
            en: "Older versions of OpenClaw then let in every browser that has the token. 2026.9.6 ignores the key; it should go before anyone goes back.",
            ja: "古い OpenClaw では、トークンがあればどのブラウザでも接続できます。2026.9.6 はこのキーを無視しますが、古い版に戻す前に削除が必要です。",
        },
        test: |settings| {
            let key = "gateway.controlUi.dangerouslyDisableDeviceAuth";
            when(settings.is_true(key), || Hit::at(key).found(true).wanted(false))
        },
        mend: Mend::ByPlan(Text {
            en: "Remove gateway.controlUi.dangerouslyDisableDeviceAuth.",
            ja: "gateway.controlUi.dangerouslyDisableDeviceAuth を削除してください。",
        }),
        risky: "{gateway: {controlUi: {dangerouslyDisableDeviceAuth: true}}}",
        safe: "{gateway: {controlUi: {dangerouslyDisableDeviceAuth: false}}}",
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "harden.control_ui.external_embeds",
        severity: Severity::Warn,
        title: Text {
            en: "The Control UI shows pages of other sites inside itself",
            ja: "Control UI が他のサイトのページを埋め込みます",
        },
        why: Text {
            en: "An answer that an attacker has shaped can load a page of theirs, which looks like a part of the Control UI and may ask for secrets.",
            ja: "攻撃者が誘導した応答から、攻撃者のページが読み込まれます。Control UI の一部に見えるため、シークレットを入力させられることがあります。",
        },
        test: |settings| {
            let key = "gateway.controlUi.allowExternalEmbedUrls";
            when(settings.is_true(key), || Hit::at(key).found(true).wanted(false))
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.controlUi.allowExternalEmbedUrls to false.",
            ja: "gateway.controlUi.allowExternalEmbedUrls を false にしてください。",
        }),
        risky: "{gateway: {controlUi: {allowExternalEmbedUrls: true}}}",
        safe: "{gateway: {controlUi: {allowExternalEmbedUrls: false}}}",
        reference: "gateway.controlUi.allowExternalEmbedUrls",
    },
    Check {
        id: "harden.control_ui.embeds_trusted",
        severity: Severity::Warn,
        title: Text {
            en: "Embedded content runs with the rights of the Control UI",
            ja: "埋め込みコンテンツが Control UI の権限で動作します",
        },
        why: Text {
            en: "What the agent shows can read the token of the page that shows it and give orders to the gateway.",
            ja: "エージェントが表示する内容から、表示元のページのトークンを読み取り、Gateway を操作できます。",
        },
        test: |settings| {
            let key = "gateway.controlUi.embedSandbox";
            when(settings.str(key) == Some("trusted"), || Hit::at(key).found("trusted").wanted("scripts"))
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.controlUi.embedSandbox to \"scripts\" (the default) or \"strict\".",
            ja: "gateway.controlUi.embedSandbox を \"scripts\" (既定値) または \"strict\" にしてください。",
        }),
        risky: r#"{gateway: {controlUi: {embedSandbox: "trusted"}}}"#,
        safe: r#"{gateway: {controlUi: {embedSandbox: "scripts"}}}"#,
        reference: "gateway.controlUi.embedSandbox",
    },
    Check {
        id: "harden.control_ui.terminal_enabled",
        severity: Severity::Info,
        title: Text {
            en: "The Control UI offers a shell on this machine",
            ja: "Control UI からこのホストのシェルを使えます",
        },
        why: Text {
            en: "Whoever gets an administrator's session in the browser has a shell with the gateway's rights and variables. It is on by default.",
            ja: "ブラウザで管理者のセッションを得た人は、Gateway の権限と環境変数でシェルを使えます。既定で有効です。",
        },
        test: |settings| {
            let key = "gateway.terminal.enabled";
            let gateway = settings.gateway();
            let offered = gateway.has_control_ui() && !gateway.is_elsewhere();
            when(offered && !settings.is_false(key), || Hit::at(key).wanted(false))
        },
        mend: Mend::Manual(Text {
            en: "Set gateway.terminal.enabled to false if you do not use it.",
            ja: "使わない場合は gateway.terminal.enabled を false にしてください。",
        }),
        risky: "{gateway: {terminal: {enabled: true}}}",
        safe: "{gateway: {terminal: {enabled: false}}}",
        reference: "https://docs.openclaw.ai/web/control-ui/panels",
    },
];

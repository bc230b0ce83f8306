//! Reverse proxies in front of the gateway: whose word it takes for who is there.

use super::{Check, Hit, Mend, Severity, when};
use crate::settings::{AuthMode, Settings};
use crate::text::Text;
use serde_json::Value;

const USERS: &str = "gateway.auth.trustedProxy.allowUsers";
const AUTO: &str = "gateway.auth.trustedProxy.deviceAutoApprove";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "gateway.trusted_proxies_missing",
        severity: Severity::Warn,
        title: Text {
            en: "No trusted proxy is named; behind one, visitors would look local",
            ja: "信頼済みプロキシが未設定です (プロキシを使う場合は必要)",
        },
        why: Text {
            en: "It matters only if a reverse proxy on this machine stands before the gateway: then outsiders may pass for this machine. Without one, leave it.",
            ja: "このホストのリバースプロキシ経由で公開すると、外部の人がこのホストからの接続として扱われます。プロキシを使わない場合、対処は不要です。",
        },
        test: |settings| {
            let gateway = settings.gateway();
            let local = !gateway.is_exposed() && gateway.has_control_ui();
            when(local && gateway.trusted_proxies().is_empty(), || Hit::at("gateway.trustedProxies"))
        },
        mend: Mend::Manual(Text {
            en: "Only if a proxy stands before the gateway: put its address into gateway.trustedProxies. Naming 127.0.0.1 without a proxy makes forged headers believed.",
            ja: "プロキシを使う場合だけ、そのアドレスを gateway.trustedProxies に設定してください。プロキシなしで 127.0.0.1 を設定すると、偽のヘッダーが信用されます。",
        }),
        risky: "{gateway: {trustedProxies: []}}",
        safe: r#"{gateway: {trustedProxies: ["127.0.0.1"]}}"#,
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "gateway.real_ip_fallback_enabled",
        severity: Severity::Warn,
        title: Text {
            en: "The X-Real-IP header decides who counts as local",
            ja: "X-Real-IP ヘッダーで接続元を判定します",
        },
        why: Text {
            en: "Where the proxy passes on a header that the visitor wrote, an outsider can claim to be this machine and skip its checks.",
            ja: "プロキシが訪問者の送ったヘッダーをそのまま渡すと、外部の人がこのホストを名乗り、確認を免れます。",
        },
        test: |settings| {
            let key = "gateway.allowRealIpFallback";
            when(settings.is_true(key), || {
                let gateway = settings.gateway();
                let proxied = gateway.auth().mode == AuthMode::TrustedProxy;
                Hit::at(key)
                    .found(true)
                    .wanted(false)
                    .critical_if(gateway.is_exposed() || proxied && gateway.trusts_other_hosts())
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.allowRealIpFallback to false, and let the proxy set X-Forwarded-For.",
            ja: "gateway.allowRealIpFallback を false にし、プロキシで X-Forwarded-For を設定してください。",
        }),
        risky: "{gateway: {allowRealIpFallback: true}}",
        safe: "{gateway: {allowRealIpFallback: false}}",
        reference: "gateway.allowRealIpFallback",
    },
    Check {
        id: "gateway.trusted_proxy_auth",
        severity: Severity::Critical,
        title: Text {
            en: "A reverse proxy alone decides who may control the gateway",
            ja: "Gateway の認証をリバースプロキシだけに任せています",
        },
        why: Text {
            en: "Whoever gets round the proxy, or makes it write another name into its header, is let in as that person.",
            ja: "プロキシを迂回した人や、プロキシのヘッダーに別の名前を書かせた人は、その本人として扱われます。",
        },
        test: |settings| {
            when(is_trusted_proxy(settings), || Hit::at("gateway.auth.mode").found("trusted-proxy").wanted("token"))
        },
        mend: Mend::Manual(Text {
            en: "Set gateway.auth.mode to \"token\". If the proxy is meant: let nothing but it reach the port, and name its addresses in gateway.trustedProxies.",
            ja: "gateway.auth.mode を \"token\" にしてください。プロキシを使い続ける場合は、ポートへの接続をプロキシだけに制限し、gateway.trustedProxies にそのアドレスを設定してください。",
        }),
        risky: r#"{gateway: {auth: {mode: "trusted-proxy"}}}"#,
        safe: r#"{gateway: {auth: {mode: "token"}}}"#,
        reference: "https://docs.openclaw.ai/gateway/trusted-proxy-auth",
    },
    Check {
        id: "gateway.trusted_proxy_no_proxies",
        severity: Severity::Critical,
        title: Text {
            en: "Authentication is left to a proxy, but no proxy is named",
            ja: "プロキシに認証を任せていますが、プロキシが指定されていません",
        },
        why: Text {
            en: "The gateway refuses every request, so nobody can use it until someone loosens something in a hurry.",
            ja: "Gateway はすべてのリクエストを拒否し、誰も使えません。あわてて別の設定を緩めることになりがちです。",
        },
        test: |settings| {
            let none = settings.gateway().trusted_proxies().is_empty();
            when(is_trusted_proxy(settings) && none, || Hit::at("gateway.trustedProxies"))
        },
        mend: Mend::ByPlan(Text {
            en: "Put the addresses of the proxy into gateway.trustedProxies.",
            ja: "gateway.trustedProxies にプロキシのアドレスを設定してください。",
        }),
        risky: r#"{gateway: {auth: {mode: "trusted-proxy"}}}"#,
        safe: r#"{gateway: {auth: {mode: "trusted-proxy"}, trustedProxies: ["10.0.0.2"]}}"#,
        reference: "https://docs.openclaw.ai/gateway/trusted-proxy-auth",
    },
    Check {
        id: "gateway.trusted_proxy_no_user_header",
        severity: Severity::Critical,
        title: Text {
            en: "It is not said in which header the proxy names the user",
            ja: "プロキシがユーザー名を渡すヘッダーが指定されていません",
        },
        why: Text {
            en: "Without it the gateway cannot tell who is there.",
            ja: "指定がないと、Gateway は誰の接続かを判別できません。",
        },
        test: |settings| {
            let key = "gateway.auth.trustedProxy.userHeader";
            let missing = settings.str(key).is_none_or(str::is_empty);
            when(is_trusted_proxy(settings) && missing, || Hit::at(key))
        },
        mend: Mend::Manual(Text {
            en: "Set gateway.auth.trustedProxy.userHeader to the header that your proxy writes, as in \"x-forwarded-user\".",
            ja: "gateway.auth.trustedProxy.userHeader に、プロキシが書き込むヘッダー (例: \"x-forwarded-user\") を設定してください。",
        }),
        risky: r#"{gateway: {auth: {mode: "trusted-proxy"}}}"#,
        safe: r#"{gateway: {auth: {mode: "trusted-proxy", trustedProxy: {userHeader: "x-forwarded-user"}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/trusted-proxy-auth",
    },
    Check {
        id: "gateway.trusted_proxy_allow_loopback",
        severity: Severity::Warn,
        title: Text {
            en: "Programs on this machine may speak as the trusted proxy",
            ja: "このホストのプログラムが信頼済みプロキシとして接続できます",
        },
        why: Text {
            en: "Any local program, and any user of this machine, can then write a name into the header and be let in as that person.",
            ja: "このホストのどのプログラムやユーザーも、ヘッダーに任意の名前を書いて、その本人として接続できます。",
        },
        test: |settings| {
            let key = "gateway.auth.trustedProxy.allowLoopback";
            when(is_trusted_proxy(settings) && settings.is_true(key), || Hit::at(key).found(true).wanted(false))
        },
        mend: Mend::Manual(Text {
            en: "Set gateway.auth.trustedProxy.allowLoopback to false, unless the proxy runs on this machine and nobody else does.",
            ja: "プロキシがこのホストにあり、ほかに利用者がいない場合を除き、gateway.auth.trustedProxy.allowLoopback を false にしてください。",
        }),
        risky: r#"{gateway: {auth: {mode: "trusted-proxy", trustedProxy: {allowLoopback: true}}}}"#,
        safe: r#"{gateway: {auth: {mode: "trusted-proxy", trustedProxy: {allowLoopback: false}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/trusted-proxy-auth",
    },
    Check {
        id: "gateway.trusted_proxy_device_auto_approve",
        severity: Severity::Warn,
        title: Text {
            en: "New devices are approved on the proxy's word alone",
            ja: "新しい端末がプロキシの判断だけで承認されます",
        },
        why: Text {
            en: "Someone who takes over one account at the proxy gets a paired device here without anybody noticing.",
            ja: "プロキシのアカウントを1つ乗っ取った人が、誰にも気付かれずに端末をペアリングできます。",
        },
        test: |settings| {
            when(approves_devices(settings), || Hit::at(format!("{AUTO}.enabled").as_str()).found(true).wanted(false))
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.auth.trustedProxy.deviceAutoApprove.enabled to false.",
            ja: "gateway.auth.trustedProxy.deviceAutoApprove.enabled を false にしてください。",
        }),
        risky: r#"{gateway: {auth: {mode: "trusted-proxy", trustedProxy: {deviceAutoApprove: {enabled: true}}}}}"#,
        safe: r#"{gateway: {auth: {mode: "trusted-proxy", trustedProxy: {deviceAutoApprove: {enabled: false}}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/trusted-proxy-auth",
    },
    Check {
        id: "gateway.trusted_proxy_device_auto_approve_admin",
        severity: Severity::Critical,
        title: Text {
            en: "Everyone behind the proxy can make themselves administrator",
            ja: "プロキシの利用者全員が管理者権限を得られます",
        },
        why: Text {
            en: "Each person that the proxy lets in may pair a device with the scope operator.admin, which can change every setting and run commands.",
            ja: "プロキシを通った人は誰でも、設定変更やコマンド実行ができる operator.admin の端末をペアリングできます。",
        },
        test: |settings| {
            let scopes = format!("{AUTO}.scopes");
            let admin = settings.list(&scopes).contains(&"operator.admin");
            when(approves_devices(settings) && admin, || Hit::at(scopes.as_str()).found("operator.admin"))
        },
        mend: Mend::ByPlan(Text {
            en: "Remove operator.admin from gateway.auth.trustedProxy.deviceAutoApprove.scopes.",
            ja: "gateway.auth.trustedProxy.deviceAutoApprove.scopes から operator.admin を削除してください。",
        }),
        risky: r#"{gateway: {auth: {mode: "trusted-proxy", trustedProxy: {deviceAutoApprove: {enabled: true, scopes: ["operator.admin"]}}}}}"#,
        safe: r#"{gateway: {auth: {mode: "trusted-proxy", trustedProxy: {deviceAutoApprove: {enabled: true, scopes: ["operator.read"]}}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/trusted-proxy-auth",
    },
    Check {
        id: "gateway.trusted_proxy_no_allowlist",
        severity: Severity::Warn,
        title: Text {
            en: "Everyone whom the proxy lets in may control the gateway",
            ja: "プロキシを通った全員が Gateway を操作できます",
        },
        why: Text {
            en: "A proxy often lets in a whole company or every account of a mail provider, which is more people than you mean.",
            ja: "プロキシは会社全体やメールサービスの全アカウントを通すことが多く、想定より多くの人が対象になります。",
        },
        test: |settings| {
            let users = settings.get(USERS).and_then(Value::as_array);
            let none = users.is_none_or(Vec::is_empty);
            when(is_trusted_proxy(settings) && none, || Hit::at(USERS))
        },
        mend: Mend::Manual(Text {
            en: "List the users in gateway.auth.trustedProxy.allowUsers.",
            ja: "gateway.auth.trustedProxy.allowUsers にユーザーを列挙してください。",
        }),
        risky: r#"{gateway: {auth: {mode: "trusted-proxy", trustedProxy: {allowUsers: []}}}}"#,
        safe: r#"{gateway: {auth: {mode: "trusted-proxy", trustedProxy: {allowUsers: ["nick@example.com"]}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/trusted-proxy-auth",
    },
];

fn is_trusted_proxy(settings: &Settings) -> bool {
    settings.gateway().configured_mode() == Some(AuthMode::TrustedProxy)
}

fn approves_devices(settings: &Settings) -> bool {
    is_trusted_proxy(settings) && settings.is_true(&format!("{AUTO}.enabled"))
}

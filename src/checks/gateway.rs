//! Who reaches the gateway, and what they must prove.

use super::{Check, Hit, Mend, Severity, when};
use crate::document::Path;
use crate::settings::{AuthMode, Secret, Settings};
use crate::text::Text;

/// OpenClaw calls a secret short below this length, counted in UTF-16 units as JavaScript does.
const LONG_ENOUGH: usize = 24;

/// Secrets that OpenClaw's own examples have shown: everyone knows them.
const PUBLISHED: [&str; 3] = ["change-me-to-a-long-random-token", "change-me-now", "change-me-to-a-strong-password"];

const MAKE_A_TOKEN: Text = Text {
    en: "Make a token with: openssl rand -hex 24. Put it into gateway.auth.token, or into OPENCLAW_GATEWAY_TOKEN in the .env of the state folder, and restart the gateway.",
    ja: "トークンを openssl rand -hex 24 で作成し、gateway.auth.token か、状態フォルダーの .env の OPENCLAW_GATEWAY_TOKEN に設定してください。その後 Gateway を再起動してください。",
};

const MAKE_A_PASSWORD: Text = Text {
    en: "Make a password with: openssl rand -hex 24. Put it into OPENCLAW_GATEWAY_PASSWORD in the .env of the state folder, or into gateway.auth.password, and restart the gateway.",
    ja: "パスワードを openssl rand -hex 24 で作成し、状態フォルダーの .env の OPENCLAW_GATEWAY_PASSWORD か、gateway.auth.password に設定してください。その後 Gateway を再起動してください。",
};

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "gateway.bind_no_auth",
        severity: Severity::Critical,
        title: Text {
            en: "The gateway listens beyond this machine without authentication",
            ja: "Gateway が外部から接続でき、認証が設定されていません",
        },
        why: Text {
            en: "Anyone who reaches the port controls the agents, their tools and their accounts. One scan of the network is enough to find it.",
            ja: "ポートに接続できる人は誰でも、エージェントとそのツール、アカウントを操作できます。ネットワークを1回スキャンすれば見つかります。",
        },
        test: |settings| {
            let gateway = settings.gateway();
            when(gateway.is_exposed() && !gateway.has_auth(), || {
                Hit::at("gateway.bind").and("gateway.auth").found(gateway.bind()).wanted("loopback")
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.bind to \"loopback\", gateway.auth.mode to \"token\" and gateway.auth.token to the output of: openssl rand -hex 24.",
            ja: "gateway.bind を \"loopback\"、gateway.auth.mode を \"token\" にし、gateway.auth.token に openssl rand -hex 24 の出力を設定してください。",
        }),
        risky: r#"{gateway: {bind: "lan"}}"#,
        safe: r#"{gateway: {bind: "loopback"}}"#,
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "gateway.loopback_no_auth",
        severity: Severity::Critical,
        title: Text {
            en: "The gateway asks nobody on this machine for a secret",
            ja: "Gateway に、このホストからの接続の認証が設定されていません",
        },
        why: Text {
            en: "Every program and user of this machine can control the agents. A reverse proxy or a tunnel in front of the port lets the whole internet in.",
            ja: "このホストのすべてのプログラムとユーザーがエージェントを操作できます。前段にリバースプロキシやトンネルがあると、外部の誰でも接続できます。",
        },
        test: |settings| {
            let gateway = settings.gateway();
            let open = !gateway.is_exposed() && gateway.has_control_ui();
            when(open && !gateway.has_loopback_auth(), || Hit::at("gateway.auth.token").wanted("24+"))
        },
        mend: Mend::ByPlan(MAKE_A_TOKEN),
        risky: r#"{gateway: {auth: {mode: "none"}}}"#,
        safe: r#"{gateway: {auth: {mode: "token", token: "5ecret-5ecret-5ecret-5ecret"}}}"#,
        reference: "https://docs.openclaw.ai/gateway/security",
    },
    Check {
        id: "gateway.http.no_auth",
        severity: Severity::Warn,
        title: Text {
            en: "The gateway's HTTP endpoints answer without a secret",
            ja: "Gateway の HTTP エンドポイントにシークレットなしで接続できます",
        },
        why: Text {
            en: "Whoever reaches the port can call tools with one HTTP request, and so can a web page that makes a local program send it.",
            ja: "ポートに接続できる人は、HTTP リクエスト1つでツールを呼び出せます。ローカルのプログラムを経由した Web ページからも呼び出せます。",
        },
        test: |settings| {
            let gateway = settings.gateway();
            let auth = gateway.auth();
            let open = auth.mode != AuthMode::TrustedProxy && auth.shared_secret().is_none();
            when(open, || {
                let mut hit = Hit::at("gateway.auth").critical_if(gateway.is_remotely_exposed());
                if gateway.secret_is_out_of_sight() {
                    hit.unknown = Some(
                        Text {
                            en: "The secret stands in a file, a store or another program, and was not read. If it is there, this finding does not apply.",
                            ja: "シークレットはファイル、ストア、または別のプログラムにあり、読み取っていません。存在する場合、この検出事項は該当しません。",
                        }
                        .into(),
                    );
                }
                hit.found(auth.mode.name())
            })
        },
        mend: Mend::ByPlan(MAKE_A_TOKEN),
        risky: r#"{gateway: {auth: {mode: "token"}}}"#,
        safe: "// env SET=5ecret-5ecret-5ecret-5ecret\n{gateway: {auth: {mode: \"token\", token: \"${SET}\"}}}",
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "gateway.env_token_overrides_config",
        severity: Severity::Warn,
        title: Text {
            en: "OPENCLAW_GATEWAY_TOKEN and gateway.auth.token differ",
            ja: "OPENCLAW_GATEWAY_TOKEN と gateway.auth.token の値が異なります",
        },
        why: Text {
            en: "Some programs use one, some the other. A token that you believe to be replaced may still be in use.",
            ja: "プログラムによって使う値が変わります。交換したつもりのトークンが使われ続けることがあります。",
        },
        test: |settings| {
            when(settings.gateway().env_token_conflicts(), || {
                Hit::at("gateway.auth.token").wanted("${OPENCLAW_GATEWAY_TOKEN}")
            })
        },
        mend: Mend::Manual(Text {
            en: "Set gateway.auth.token to \"${OPENCLAW_GATEWAY_TOKEN}\", or remove the variable from the environment and from the .env of the state folder.",
            ja: "gateway.auth.token を \"${OPENCLAW_GATEWAY_TOKEN}\" にするか、環境変数を環境と状態フォルダーの .env から削除してください。",
        }),
        risky: "// env OPENCLAW_GATEWAY_TOKEN=5ecret-of-the-environment\n{gateway: {auth: {token: \"5ecret-of-the-config-file\"}}}",
        safe: "// env OPENCLAW_GATEWAY_TOKEN=5ecret-of-the-environment\n{gateway: {auth: {token: \"${OPENCLAW_GATEWAY_TOKEN}\"}}}",
        reference: "gateway.auth.token",
    },
    Check {
        id: "gateway.token_placeholder_value",
        severity: Severity::Critical,
        title: Text {
            en: "The gateway token is blank, \"undefined\" or \"null\"",
            ja: "Gateway のトークンが空、\"undefined\" または \"null\" です",
        },
        why: Text {
            en: "A script wrote the word for a missing value instead of a token. The gateway refuses to start with it.",
            ja: "スクリプトが、トークンの代わりに値がないことを示す語を書き込んでいます。この値では Gateway は起動しません。",
        },
        test: |settings| placeholder(settings, AuthMode::Token),
        mend: Mend::ByPlan(MAKE_A_TOKEN),
        risky: r#"{gateway: {auth: {mode: "token", token: "undefined"}}}"#,
        safe: r#"{gateway: {auth: {mode: "token", token: "5ecret-5ecret-5ecret-5ecret"}}}"#,
        reference: "gateway.auth.token",
    },
    Check {
        id: "gateway.token_too_short",
        severity: Severity::Warn,
        title: Text {
            en: "The gateway token has fewer than 24 characters", ja: "Gateway のトークンが24文字未満です"
        },
        why: Text {
            en: "Whoever reaches the port can try short tokens until one fits, and then controls the agents.",
            ja: "ポートに接続できる人が短いトークンを総当たりで試し、一致すればエージェントを操作できます。",
        },
        test: |settings| too_short(settings, AuthMode::Token),
        mend: Mend::ByPlan(MAKE_A_TOKEN),
        risky: r#"{gateway: {auth: {mode: "token", token: "5ecret"}}}"#,
        safe: r#"{gateway: {auth: {mode: "token", token: "5ecret-5ecret-5ecret-5ecret"}}}"#,
        reference: "gateway.auth.token",
    },
    Check {
        id: "gateway.password_placeholder_value",
        severity: Severity::Critical,
        title: Text {
            en: "The gateway password is blank, \"undefined\" or \"null\"",
            ja: "Gateway のパスワードが空、\"undefined\" または \"null\" です",
        },
        why: Text {
            en: "A script wrote the word for a missing value instead of a password. The gateway refuses to start with it.",
            ja: "スクリプトが、パスワードの代わりに値がないことを示す語を書き込んでいます。この値では Gateway は起動しません。",
        },
        test: |settings| placeholder(settings, AuthMode::Password),
        mend: Mend::ByPlan(MAKE_A_PASSWORD),
        risky: r#"{gateway: {auth: {mode: "password", password: "null"}}}"#,
        safe: r#"{gateway: {auth: {mode: "password", password: "5ecret-5ecret-5ecret-5ecret"}}}"#,
        reference: "gateway.auth.password",
    },
    Check {
        id: "gateway.password_too_short",
        severity: Severity::Warn,
        title: Text {
            en: "The gateway password has fewer than 24 characters",
            ja: "Gateway のパスワードが24文字未満です",
        },
        why: Text {
            en: "Whoever reaches the port can try short passwords until one fits, and then controls the agents.",
            ja: "ポートに接続できる人が短いパスワードを総当たりで試し、一致すればエージェントを操作できます。",
        },
        test: |settings| too_short(settings, AuthMode::Password),
        mend: Mend::ByPlan(MAKE_A_PASSWORD),
        risky: r#"{gateway: {auth: {mode: "password", password: "5ecret"}}}"#,
        safe: r#"{gateway: {auth: {mode: "password", password: "5ecret-5ecret-5ecret-5ecret"}}}"#,
        reference: "gateway.auth.password",
    },
    Check {
        id: "gateway.auth_no_rate_limit",
        severity: Severity::Warn,
        title: Text {
            en: "Failed logins are not limited on a gateway that others can reach",
            ja: "外部から接続できる Gateway で、認証失敗の回数が制限されていません",
        },
        why: Text {
            en: "Someone on the network can try tokens and passwords without a pause.",
            ja: "ネットワーク上の第三者が、トークンやパスワードを休みなく試せます。",
        },
        test: |settings| {
            let gateway = settings.gateway();
            let open = gateway.is_exposed() && !gateway.has_rate_limit();
            when(open && gateway.auth().mode != AuthMode::TrustedProxy, || {
                Hit::at("gateway.auth.rateLimit").wanted("{maxAttempts: 10, windowMs: 60000, lockoutMs: 300000}")
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.auth.rateLimit to {maxAttempts: 10, windowMs: 60000, lockoutMs: 300000}.",
            ja: "gateway.auth.rateLimit に {maxAttempts: 10, windowMs: 60000, lockoutMs: 300000} を設定してください。",
        }),
        risky: r#"{gateway: {bind: "lan"}}"#,
        safe: r#"{gateway: {bind: "lan", auth: {rateLimit: {maxAttempts: 10, windowMs: 60000, lockoutMs: 300000}}}}"#,
        reference: "https://docs.openclaw.ai/gateway/security/rate-limiting",
    },
    Check {
        id: "gateway.tailscale_funnel",
        severity: Severity::Critical,
        title: Text {
            en: "Tailscale Funnel puts the gateway on the public internet",
            ja: "Tailscale Funnel で Gateway がインターネットに公開されています",
        },
        why: Text {
            en: "Anyone in the world can open the login. One guessed or leaked password gives them the agents.",
            ja: "世界中の誰でもログイン画面を開けます。パスワードが推測または漏えいすると、エージェントを操作されます。",
        },
        test: |settings| {
            when(settings.gateway().tailscale() == "funnel", || {
                Hit::at("gateway.tailscale.mode").found("funnel").wanted("serve")
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.tailscale.mode to \"serve\" (your own devices only) or \"off\".",
            ja: "gateway.tailscale.mode を \"serve\" (自分の端末だけ) または \"off\" にしてください。",
        }),
        risky: r#"{gateway: {tailscale: {mode: "funnel"}}}"#,
        safe: r#"{gateway: {tailscale: {mode: "off"}}}"#,
        reference: "https://docs.openclaw.ai/gateway/tailscale",
    },
    Check {
        id: "gateway.tailscale_serve",
        severity: Severity::Info,
        title: Text {
            en: "Tailscale Serve lets every device of your tailnet connect",
            ja: "Tailscale Serve で tailnet の全端末から Gateway に接続できます",
        },
        why: Text {
            en: "A good way to connect from outside. It trusts everyone in the tailnet, guests and shared machines included.",
            ja: "外部から接続する方法として適切です。ただし、ゲストや共有マシンも含め、tailnet の全員を信頼することになります。",
        },
        test: |settings| {
            when(settings.gateway().tailscale() == "serve", || Hit::at("gateway.tailscale.mode").found("serve"))
        },
        mend: Mend::Manual(Text {
            en: "Nothing to do if only your own devices are in the tailnet. Otherwise set gateway.tailscale.mode to \"off\".",
            ja: "tailnet に自分の端末しかない場合、対処は不要です。それ以外は gateway.tailscale.mode を \"off\" にしてください。",
        }),
        risky: r#"{gateway: {tailscale: {mode: "serve"}}}"#,
        safe: r#"{gateway: {tailscale: {mode: "off"}}}"#,
        reference: "https://docs.openclaw.ai/gateway/tailscale",
    },
    Check {
        id: "discovery.mdns_full_mode",
        severity: Severity::Warn,
        title: Text {
            en: "The gateway announces its paths and ports on the local network",
            ja: "Gateway がパスとポートを LAN に通知しています",
        },
        why: Text {
            en: "Everyone on the network reads the name of the user, the layout of the disk and the SSH port, and knows where to begin.",
            ja: "LAN の全員が、ユーザー名、ディスクの構成、SSH ポートを読み取れます。攻撃の手がかりになります。",
        },
        test: |settings| {
            when(settings.str("discovery.mdns.mode") == Some("full"), || {
                Hit::at("discovery.mdns.mode")
                    .found("full")
                    .wanted("minimal")
                    .critical_if(settings.gateway().is_exposed())
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set discovery.mdns.mode to \"minimal\" or \"off\".",
            ja: "discovery.mdns.mode を \"minimal\" または \"off\" にしてください。",
        }),
        risky: r#"{discovery: {mdns: {mode: "full"}}}"#,
        safe: r#"{discovery: {mdns: {mode: "minimal"}}}"#,
        reference: "https://docs.openclaw.ai/gateway/security/network-exposure",
    },
    Check {
        id: "harden.gateway.mode_missing",
        severity: Severity::Warn,
        title: Text {
            en: "gateway.mode is not set, so the gateway does not start",
            ja: "gateway.mode が未設定のため、Gateway は起動しません",
        },
        why: Text {
            en: "The file is valid, but the gateway ends at once with a message. Restarted after an update, the assistant stays silent.",
            ja: "ファイルは有効ですが、Gateway はメッセージを出して終了します。更新後の再起動で、アシスタントが応答しなくなります。",
        },
        test: |settings| when(settings.gateway().mode().is_none(), || Hit::at("gateway.mode").wanted("local")),
        mend: Mend::ByPlan(Text {
            en: "Set gateway.mode to \"local\".",
            ja: "gateway.mode を \"local\" にしてください。",
        }),
        risky: "{}",
        safe: r#"{gateway: {mode: "local"}}"#,
        reference: "gateway.mode",
    },
    Check {
        id: "harden.gateway.published_secret",
        severity: Severity::Critical,
        title: Text {
            en: "The gateway's secret is the one of a published example",
            ja: "Gateway のシークレットが、公開された例のままです",
        },
        why: Text {
            en: "Everyone can read this value in OpenClaw's own example and log in with it. OpenClaw 2026.9.6 refuses to start; older versions let them in.",
            ja: "この値は OpenClaw の公開された例に載っており、誰でもログインに使えます。OpenClaw 2026.9.6 は起動を拒否しますが、古いバージョンは受け付けます。",
        },
        test: published,
        mend: Mend::ByPlan(MAKE_A_TOKEN),
        risky: r#"{gateway: {auth: {mode: "token", token: "change-me-now"}}}"#,
        safe: r#"{gateway: {auth: {mode: "token", token: "5ecret-5ecret-5ecret-5ecret"}}}"#,
        reference: "gateway.auth",
    },
    Check {
        id: "harden.gateway.custom_bind_is_loopback",
        severity: Severity::Info,
        title: Text {
            en: "A custom bind to this machine counts as exposed in OpenClaw's audit",
            ja: "custom でこのホストだけにバインドし、監査では外部公開と判定されます",
        },
        why: Text {
            en: "Only this machine can connect, yet OpenClaw's audit raises its warnings for an open network. \"loopback\" says the same and is understood.",
            ja: "接続できるのはこのホストだけですが、OpenClaw の監査は外部公開として警告します。\"loopback\" なら同じ意味で正しく判定されます。",
        },
        test: |settings| {
            let host = settings.str("gateway.customBindHost").map(str::trim);
            let local = host.is_some_and(|host| host.starts_with("127.") || host == "::1");
            when(settings.gateway().bind() == "custom" && local, || {
                Hit::at("gateway.bind").and("gateway.customBindHost").found("custom").wanted("loopback")
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.bind to \"loopback\" and remove gateway.customBindHost.",
            ja: "gateway.bind を \"loopback\" にし、gateway.customBindHost を削除してください。",
        }),
        risky: r#"{gateway: {bind: "custom", customBindHost: "127.0.0.1"}}"#,
        safe: r#"{gateway: {bind: "loopback"}}"#,
        reference: "gateway.bind",
    },
];

fn key(mode: AuthMode) -> Path {
    Path::from("gateway.auth").key(mode.name())
}

fn placeholder(settings: &Settings, mode: AuthMode) -> Vec<Hit> {
    let gateway = settings.gateway();
    let blank = |secret: String| matches!(secret.trim(), "" | "undefined" | "null");
    let found = gateway.auth().mode == mode && gateway.judged_secret().is_some_and(blank);
    when(found, || Hit::at(key(mode)))
}

fn too_short(settings: &Settings, mode: AuthMode) -> Vec<Hit> {
    let gateway = settings.gateway();
    let secret = gateway.judged_secret().unwrap_or_default();
    let secret = secret.trim();
    let length = secret.encode_utf16().count();
    let short = length < LONG_ENOUGH && !matches!(secret, "" | "undefined" | "null");
    when(short && gateway.auth().mode == mode, || Hit::at(key(mode)).found(length).wanted("24+"))
}

fn published(settings: &Settings) -> Vec<Hit> {
    let gateway = settings.gateway();
    let is_published = |secret: Option<&str>| secret.is_some_and(|secret| PUBLISHED.contains(&secret.trim()));
    let places: [(&str, Secret); 3] = [
        ("gateway.auth.token", gateway.token()),
        ("gateway.auth.password", gateway.password()),
        ("gateway.remote.token", settings.secret("gateway.remote.token")),
    ];
    let mut hits: Vec<Hit> =
        places.iter().filter(|(_, secret)| is_published(secret.value())).map(|(path, _)| Hit::at(*path)).collect();
    // A variable is no key of the file; the key it fills is named.
    if hits.is_empty() && is_published(gateway.auth().shared_secret()) {
        hits.push(Hit::at(key(gateway.auth().mode)));
    }
    hits
}

#[cfg(test)]
mod tests {
    use crate::checks::{Severity, audit, example};

    fn severity(config: &str, id: &str) -> Option<Severity> {
        let findings = audit(&example(config).expect("a config"));
        findings.iter().find(|finding| finding.id == id).map(|finding| finding.severity)
    }

    #[test]
    fn without_a_secret_the_endpoints_are_critical_once_others_reach_them() {
        let of = |config| severity(config, "gateway.http.no_auth");
        assert_eq!(of("{}"), Some(Severity::Warn));
        assert_eq!(of(r#"{gateway: {bind: "lan"}}"#), Some(Severity::Critical));
        assert_eq!(of(r#"{gateway: {tailscale: {mode: "serve"}}}"#), Some(Severity::Critical));
    }

    #[test]
    fn a_secret_in_a_file_is_unknown_and_not_passed() {
        let config = r#"{gateway: {auth: {token: {source: "file", provider: "vault", id: "/t"}}}}"#;
        let findings = audit(&example(config).expect("a config"));
        let finding = findings.iter().find(|finding| finding.id == "gateway.http.no_auth");
        assert!(finding.is_some_and(|finding| finding.hit.unknown.is_some()));
    }

    #[test]
    fn length_counts_as_javascript_counts_it() {
        let of = |token: &str| {
            let config = format!(r#"{{gateway: {{auth: {{mode: "token", token: "{token}"}}}}}}"#);
            severity(&config, "gateway.token_too_short")
        };
        assert_eq!(of(&"😀".repeat(12)), None);
        assert_eq!(of(&"a".repeat(23)), Some(Severity::Warn));
        assert_eq!(of(&format!("  {}  ", "a".repeat(24))), None);
    }

    #[test]
    fn a_published_token_of_the_environment_is_found_too() {
        let config = "// env OPENCLAW_GATEWAY_TOKEN=change-me-now\n{}";
        assert_eq!(severity(config, "harden.gateway.published_secret"), Some(Severity::Critical));
    }
}

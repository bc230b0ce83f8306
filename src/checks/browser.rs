//! The browser that agents drive. OpenClaw reports these only with `--deep`, and only where the config speaks of the browser.

use super::{Check, Hit, Mend, Severity, when};
use crate::document::{Path, member};
use crate::settings::Settings;
use crate::text::Text;
use serde_json::Value;
use std::net::IpAddr;

const RELAY: &str = "browser.extensionRelay.allowLegacyAuth";
const REFERENCE: &str = "https://docs.openclaw.ai/tools/browser";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "browser.control_invalid_config",
        severity: Severity::Warn,
        title: Text {
            en: "The address of the browser to drive is not a valid URL",
            ja: "操作対象のブラウザのアドレスが有効な URL ではありません",
        },
        why: Text {
            en: "The browser tool does not work, and nothing about it can be checked.",
            ja: "ブラウザツールが動作せず、その設定も確認できません。",
        },
        test: |settings| {
            let key = "browser.cdpUrl";
            let url = settings.str(key).map(str::trim).unwrap_or("");
            let broken = !url.is_empty() && Url::read(url).is_none();
            when(is_audited(settings) && broken, || Hit::at(key))
        },
        mend: Mend::Manual(Text {
            en: "Write a whole address into browser.cdpUrl, as in \"http://127.0.0.1:9222\", or remove the key.",
            ja: "browser.cdpUrl に \"http://127.0.0.1:9222\" のような完全なアドレスを設定するか、キーを削除してください。",
        }),
        risky: r#"{browser: {cdpUrl: "localhost"}}"#,
        safe: r#"{browser: {cdpUrl: "http://127.0.0.1:9222"}}"#,
        reference: REFERENCE,
    },
    Check {
        id: "browser.extension_relay_legacy_auth",
        severity: Severity::Warn,
        title: Text {
            en: "The browser relay still accepts its old authentication",
            ja: "ブラウザリレーが古い認証方式を受け付けます",
        },
        why: Text {
            en: "A program that learned the old relay token can drive your signed-in browser. The old way is on unless it is switched off.",
            ja: "古いリレーのトークンを知るプログラムが、ログイン済みのブラウザを操作できます。無効にしない限り有効です。",
        },
        test: |settings| when(is_running(settings) && !settings.is_false(RELAY), || Hit::at(RELAY).wanted(false)),
        mend: Mend::Manual(Text {
            en: "Update the Chrome extension on each paired browser, then set browser.extensionRelay.allowLegacyAuth to false.",
            ja: "ペアリングした各ブラウザの Chrome 拡張機能を更新し、browser.extensionRelay.allowLegacyAuth を false にしてください。",
        }),
        risky: "{browser: {enabled: true}}",
        safe: "{browser: {enabled: true, extensionRelay: {allowLegacyAuth: false}}}",
        reference: REFERENCE,
    },
    Check {
        id: "browser.control_no_auth",
        severity: Severity::Critical,
        title: Text {
            en: "The browser can be driven without a secret", ja: "認証なしでブラウザを操作できます"
        },
        why: Text {
            en: "Any program on this machine, or a web page that reaches the port, can drive a browser that is signed in to your accounts.",
            ja: "このホストのプログラムや、ポートに届く Web ページが、ログイン済みのブラウザを操作できます。",
        },
        test: |settings| {
            when(is_running(settings) && !settings.gateway().has_browser_auth(), || {
                Hit::at("gateway.auth.token").and("browser")
            })
        },
        mend: Mend::ByPlan(Text {
            en: "Set gateway.auth.mode to \"token\" and gateway.auth.token to the output of: openssl rand -hex 24.",
            ja: "gateway.auth.mode を \"token\" にし、gateway.auth.token に openssl rand -hex 24 の出力を設定してください。",
        }),
        risky: "{browser: {enabled: true}}",
        safe: r#"{browser: {enabled: true}, gateway: {auth: {token: "5ecret-5ecret-5ecret-5ecret"}}}"#,
        reference: REFERENCE,
    },
    Check {
        id: "browser.remote_cdp_http",
        severity: Severity::Warn,
        title: Text {
            en: "A browser elsewhere is driven over a connection without encryption",
            ja: "別のホストのブラウザを、暗号化されていない接続で操作します",
        },
        why: Text {
            en: "Anyone on the way reads what the browser shows, passwords included, and can drive it.",
            ja: "経路上の第三者が、パスワードを含む画面の内容を読み取り、ブラウザを操作できます。",
        },
        test: |settings| {
            remote_profiles(settings)
                .into_iter()
                .filter(|(_, url)| url.scheme == "http")
                .map(|(path, url)| Hit::at(path).found(url.shown()))
                .collect()
        },
        mend: Mend::Manual(Text {
            en: "Use an https address, or reach the browser through a tunnel or your tailnet.",
            ja: "https のアドレスを使うか、トンネルまたは tailnet 経由で接続してください。",
        }),
        risky: r#"{browser: {profiles: {far: {cdpUrl: "http://browser.example.com:9222"}}}}"#,
        safe: r#"{browser: {profiles: {far: {cdpUrl: "https://browser.example.com:9222"}}}}"#,
        reference: REFERENCE,
    },
    Check {
        id: "browser.remote_cdp_private_host",
        severity: Severity::Warn,
        title: Text {
            en: "A browser at a private address is driven, and private addresses are open",
            ja: "プライベートアドレスのブラウザを操作し、接続先の制限もありません",
        },
        why: Text {
            en: "The same switch lets a page that misleads the agent send the browser to your router and other devices.",
            ja: "同じ設定により、エージェントを誘導するページが、ブラウザをルーターなどの機器に接続させられます。",
        },
        test: |settings| {
            let open = ["dangerouslyAllowPrivateNetwork", "allowPrivateNetwork"]
                .iter()
                .any(|key| settings.is_true(&format!("browser.ssrfPolicy.{key}")));
            remote_profiles(settings)
                .into_iter()
                .filter(|(_, url)| open && is_private(&url.host))
                .map(|(path, url)| Hit::at(path).found(url.shown()))
                .collect()
        },
        mend: Mend::ByPlan(Text {
            en: "Set browser.ssrfPolicy.dangerouslyAllowPrivateNetwork to false and name the hosts in browser.ssrfPolicy.allowedHostnames.",
            ja: "browser.ssrfPolicy.dangerouslyAllowPrivateNetwork を false にし、browser.ssrfPolicy.allowedHostnames に接続先を指定してください。",
        }),
        risky: r#"{browser: {ssrfPolicy: {dangerouslyAllowPrivateNetwork: true}, profiles: {far: {cdpUrl: "https://192.168.1.9:9222"}}}}"#,
        safe: r#"{browser: {ssrfPolicy: {dangerouslyAllowPrivateNetwork: false}, profiles: {far: {cdpUrl: "https://192.168.1.9:9222"}}}}"#,
        reference: REFERENCE,
    },
    Check {
        id: "harden.browser.no_sandbox",
        severity: Severity::Warn,
        title: Text {
            en: "The browser runs without its own sandbox",
            ja: "ブラウザが自身のサンドボックスなしで動作します",
        },
        why: Text {
            en: "A hostile page that breaks a fault in the browser gets at this machine at once: the wall between is gone.",
            ja: "ブラウザの脆弱性を突く悪意のあるページが、隔離されずにこのホストへ到達します。",
        },
        test: |settings| {
            let key = "browser.noSandbox";
            when(settings.is_true(key), || Hit::at(key).found(true).wanted(false))
        },
        mend: Mend::ByPlan(Text {
            en: "Set browser.noSandbox to false, and run the gateway as a user other than root.",
            ja: "browser.noSandbox を false にし、Gateway を root 以外のユーザーで実行してください。",
        }),
        risky: "{browser: {noSandbox: true}}",
        safe: "{browser: {noSandbox: false}}",
        reference: "browser.noSandbox",
    },
];

/// Whether the browser plugin passes the plugin policy, as OpenClaw's inventory has it.
pub(super) fn is_on(settings: &Settings) -> bool {
    let names = |key: &str| {
        let listed = settings.list(key);
        (listed.iter().any(|id| id.to_lowercase() == "browser"), listed.is_empty())
    };
    let (allowed, unrestricted) = names("plugins.allow");
    !settings.is_false("browser.enabled")
        && !settings.is_false("plugins.enabled")
        && !settings.is_false("plugins.entries.browser.enabled")
        && !names("plugins.deny").0
        && (allowed || unrestricted)
}

/// Whether the deep audit comes to look at the browser: something in the config speaks of it.
fn is_audited(settings: &Settings) -> bool {
    let named_in = |tools: Option<&Value>| {
        ["allow", "alsoAllow"].iter().any(|key| {
            let list = crate::settings::strings(tools.and_then(|tools| member(tools, key)));
            list.iter().any(|tool| tool.to_lowercase() == "browser")
        })
    };
    is_on(settings)
        && (settings.get("browser").is_some()
            || settings.get("plugins.entries.browser").is_some()
            || settings.list("plugins.allow").contains(&"browser")
            || named_in(settings.get("tools"))
            || settings.agents().iter().any(|agent| named_in(member(agent.entry, "tools"))))
}

fn is_running(settings: &Settings) -> bool {
    is_audited(settings) && base(settings).is_some()
}

/// Is `browser.cdpUrl`, or the own browser on this machine where it is absent; none if it cannot be read.
fn base(settings: &Settings) -> Option<Url> {
    let url = settings.str("browser.cdpUrl").map(str::trim).unwrap_or("");
    Url::read(if url.is_empty() { "http://127.0.0.1:18792" } else { url })
}

/// Is the profiles whose browser is on another host, each with the address that OpenClaw comes to.
fn remote_profiles(settings: &Settings) -> Vec<(Path, Url)> {
    let Some(base) = base(settings).filter(|_| is_audited(settings)) else {
        return Vec::new();
    };
    let configured = settings.str("browser.cdpUrl").map(str::trim).filter(|url| !url.is_empty());
    let default = settings.str("browser.defaultProfile").unwrap_or("openclaw");
    let profiles = settings.get("browser.profiles").and_then(Value::as_object);
    let mut found = Vec::new();
    for (name, profile) in profiles.into_iter().flatten() {
        let of = |key: &str| profile.get(key).and_then(Value::as_str).map(str::trim);
        let own = of("cdpUrl").filter(|url| !url.is_empty());
        let url = match of("driver") {
            Some("extension") => None,
            Some("existing-session") => own.or(configured.filter(|_| name == default)).and_then(Url::read),
            _ => managed(&base, own, profile.get("cdpPort").and_then(Value::as_u64)),
        };
        if let Some(url) = url {
            let key = if own.is_some() { "cdpUrl" } else { "cdpPort" };
            found.push((Path::from("browser.profiles").key(name.as_str()).key(key), url));
        }
    }
    // The two profiles that are there unnamed.
    let is_unnamed = |name: &str| profiles.is_none_or(|profiles| !profiles.contains_key(name));
    if let Some(configured) = configured {
        let own = Some(configured).filter(|_| base.scheme.starts_with("ws"));
        let openclaw = managed(&base, own, Some(base.port())).filter(|_| is_unnamed("openclaw"));
        let user = Some(base.clone()).filter(|_| default == "user" && is_unnamed("user"));
        found.extend(openclaw.into_iter().chain(user).map(|url| (Path::from("browser.cdpUrl"), url)));
    }
    found.retain(|(_, url)| !is_loopback(&url.host));
    found
}

/// Is the address of a browser that OpenClaw starts or joins: its own, or a port at the host of `browser.cdpUrl`.
fn managed(base: &Url, own: Option<&str>, port: Option<u64>) -> Option<Url> {
    let at = |host: String| Url {
        scheme: if base.scheme == "https" { "https" } else { "http" }.into(),
        host,
        port: port.map(|port| port.to_string()),
    };
    let Some(own) = own else {
        return port.map(|_| at(base.host.clone()));
    };
    let url = Url::read(own)?;
    // The socket of one page: OpenClaw asks the browser behind it, by HTTP.
    let one_page = url.scheme.starts_with("ws") && own.to_lowercase().contains("/devtools/browser/");
    Some(if one_page && port.is_some() { at(url.host) } else { url })
}

/// The parts of an address that matter here. Its user, password, path and query may hold secrets and are not kept.
#[derive(Clone)]
struct Url {
    scheme: String,
    host: String,
    port: Option<String>,
}

impl Url {
    fn read(text: &str) -> Option<Url> {
        let (scheme, rest) = text.split_once("://")?;
        let scheme = scheme.to_lowercase();
        if !matches!(scheme.as_str(), "http" | "https" | "ws" | "wss") {
            return None;
        }
        let authority = rest.split(['/', '?', '#', '\\']).next()?;
        let place = authority.rsplit_once('@').map_or(authority, |(_, place)| place);
        let (host, port) = match place.strip_prefix('[') {
            Some(rest) => {
                let (host, rest) = rest.split_once(']')?;
                (host, rest.strip_prefix(':'))
            }
            None => match place.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (place, None),
            },
        };
        let port = port.filter(|port| !port.is_empty());
        if port.is_some_and(|port| port.parse::<u16>().is_err()) || host.is_empty() {
            return None;
        }
        Some(Url { scheme, host: host.to_lowercase(), port: port.map(str::to_owned) })
    }

    fn port(&self) -> u64 {
        let usual = if matches!(self.scheme.as_str(), "https" | "wss") { 443 } else { 80 };
        self.port.as_deref().and_then(|port| port.parse().ok()).unwrap_or(usual)
    }

    fn shown(&self) -> String {
        match &self.port {
            Some(port) => format!("{}://{}:{port}", self.scheme, self.host),
            None => format!("{}://{}", self.scheme, self.host),
        }
    }
}

fn is_loopback(host: &str) -> bool {
    host.trim_end_matches('.') == "localhost"
        || host.parse().is_ok_and(|address: IpAddr| address.to_canonical().is_loopback())
}

/// Whether a host is of a private or special network by its name or address.
fn is_private(host: &str) -> bool {
    if matches!(host, "localhost" | "localhost.localdomain" | "metadata.google.internal") {
        return true;
    }
    match host.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V4(address)) => {
            let [a, b, ..] = address.octets();
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_multicast()
                || address.is_documentation()
                || matches!((a, b), (0, _) | (100, 64..=127) | (192, 0) | (198, 18 | 19) | (240.., _))
        }
        Ok(IpAddr::V6(address)) => {
            let first = address.segments()[0];
            address.is_loopback()
                || address.is_unspecified()
                || address.is_multicast()
                || first & 0xfe00 == 0xfc00
                || first & 0xffc0 == 0xfe80
                || first & 0xffc0 == 0xfec0
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::checks::{audit, example};

    fn found(config: &str, id: &str) -> Vec<String> {
        let findings = audit(&example(config).expect("a config"));
        let findings = findings.iter().filter(|finding| finding.id == id);
        findings.filter_map(|finding| finding.hit.actual.clone()).collect()
    }

    #[test]
    fn where_nothing_speaks_of_the_browser_the_deep_audit_says_nothing() {
        let findings = audit(&example("{}").expect("a config"));
        assert!(findings.iter().all(|finding| !finding.id.starts_with("browser.")));
        let named = audit(&example(r#"{tools: {allow: ["browser"]}}"#).expect("a config"));
        assert!(named.iter().any(|finding| finding.id == "browser.control_no_auth"));
    }

    #[test]
    fn a_profile_inherits_the_host_and_no_secret_of_an_address_shows() {
        let config = r#"{browser: {cdpUrl: "http://me:5ecret@far.example:9222/?token=5ecret", profiles: {
            a: {cdpPort: 9333}, b: {driver: "extension"}, c: {cdpUrl: "wss://x.example/5ecret"}, d: {cdpUrl: "http://[::1]:9222"}}}}"#;
        assert_eq!(found(config, "browser.remote_cdp_http"), ["http://far.example:9333", "http://far.example:9222"]);
    }

    #[test]
    fn private_addresses_are_told_from_public_ones() {
        for host in ["10.0.0.1", "169.254.169.254", "100.100.1.1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "0.0.0.0"] {
            assert!(super::is_private(host), "{host}");
        }
        for host in ["8.8.8.8", "example.com", "2606:4700::1111", "100.128.0.1"] {
            assert!(!super::is_private(host), "{host}");
        }
    }
}

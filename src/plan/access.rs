//! How the administrator gets back in: what a plan keeps from connecting, and what connects from then on.
//!
//! Compares the gateway before and after by what it does, not by its edits: a bind that gets another name cuts off nobody.
//! Follows OpenClaw 2026.9.6, `docs/gateway/remote`, `docs/gateway/tailscale` and `docs/web/control-ui`.

use super::Plan;
use crate::settings::{AuthMode, Facts, Settings};
use crate::text::{Said, Text};
use std::net::IpAddr;

/// What changes for those who connect to the gateway.
pub struct Access {
    /// What no longer connects, or must do something first.
    pub cut: Vec<Said>,
    /// What connects from then on.
    pub ways: Vec<Way>,
    /// What the connection of whoever runs this has to do with it.
    pub own: Said,
    /// Whether that connection goes through the gateway itself, so that it may end with the change.
    pub own_depends: bool,
}

/// A way to connect.
pub struct Way {
    /// From where, and what to do.
    pub what: Said,
    /// The command to type; none where it takes a browser alone.
    pub command: Option<String>,
}

impl Plan {
    /// Is how the administrator gets back in; none where nobody's connection changes.
    pub fn access(&self) -> Option<Access> {
        let (before, after) = (&*self.settings, &self.settings_after);
        // Where the gateway is elsewhere nothing here listens, before or after.
        if after.gateway().is_elsewhere() {
            return None;
        }
        let cut = cut(before, after);
        if cut.is_empty() {
            return None;
        }
        let (own, own_depends) = own(&after.facts);
        Some(Access { cut, ways: ways(after), own, own_depends })
    }
}

/// Where the gateway listens; what comes later reaches further.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Listens {
    Here,
    Tailnet,
    Address(String),
    Everywhere,
}

impl Listens {
    fn of(settings: &Settings) -> Self {
        let is_loopback = |host: &str| {
            let bare = host.trim().trim_start_matches('[').trim_end_matches(']');
            bare == "localhost" || bare.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        };
        let unset = if settings.facts.in_container == Some(true) { "auto" } else { "loopback" };
        match settings.str("gateway.bind").unwrap_or(unset) {
            "loopback" => Listens::Here,
            "tailnet" => Listens::Tailnet,
            // OpenClaw takes every address in a container, and loopback elsewhere.
            "auto" if settings.facts.in_container != Some(true) => Listens::Here,
            "custom" => match settings.str("gateway.customBindHost").map(str::trim) {
                Some(host) if is_loopback(host) => Listens::Here,
                Some(host) if host != "0.0.0.0" && host.parse::<IpAddr>().is_ok() => Listens::Address(host.to_owned()),
                _ => Listens::Everywhere,
            },
            host if is_loopback(host) => Listens::Here,
            _ => Listens::Everywhere,
        }
    }
}

fn cut(before: &Settings, after: &Settings) -> Vec<Said> {
    let mut cut = Vec::new();
    listening(before, after, &mut cut);
    proving(before, after, &mut cut);
    browsers(before, after, &mut cut);
    devices(before, after, &mut cut);
    cut
}

/// Address, port and Tailscale.
fn listening(before: &Settings, after: &Settings, cut: &mut Vec<Said>) {
    const OTHERS: Text = Text {
        en: "Other machines no longer reach the Gateway at this machine's own address, port {port}: no browser, app, node or openclaw command there.",
        ja: "ほかのマシンは、このマシンのアドレスのポート {port} に接続できなくなります (ブラウザ、アプリ、ノード、openclaw コマンド)。",
    };
    const PROBES: Text = Text {
        en: "Monitors and probes on this machine must ask 127.0.0.1:{port}.",
        ja: "このマシンの監視やヘルスチェックの接続先は 127.0.0.1:{port} にしてください。",
    };
    const PUBLISHED: Text = Text {
        en: "In this container the published ports lead nowhere then. Go in with: docker exec, or run it with --network host.",
        ja: "このコンテナで公開しているポートにはつながらなくなります。docker exec で入るか、--network host で起動してください。",
    };
    const OUTSIDE_TAILNET: Text = Text {
        en: "Only your tailnet reaches port {port}: the local network no longer does.",
        ja: "ポート {port} に接続できるのは tailnet だけになり、LAN からは接続できなくなります。",
    };
    const ONLY_ADDRESS: Text = Text {
        en: "The Gateway answers at {address} alone, port {port}, and on this machine.",
        ja: "Gateway が応答するのは {address} のポート {port} と、このマシンだけになります。",
    };
    const PROXY: Text = Text {
        en: "A reverse proxy on another machine ({proxies}) no longer reaches it. One on this machine must forward to 127.0.0.1:{port}.",
        ja: "別のマシンのリバースプロキシ ({proxies}) から接続できなくなります。このマシンのプロキシは 127.0.0.1:{port} に転送してください。",
    };
    const PORT: Text = Text {
        en: "The Gateway moves from port {before} to port {after}: bookmarks, tunnels and remote URLs must follow.",
        ja: "Gateway のポートが {before} から {after} に変わります。ブックマーク、トンネル、接続先 URL も変更してください。",
    };
    const FUNNEL: Text = Text {
        en: "The public Tailscale address (Funnel) closes: nobody reaches the Gateway from the internet by it.",
        ja: "Tailscale の公開アドレス (Funnel) を閉じます。インターネットからは接続できなくなります。",
    };
    const SERVE: Text = Text {
        en: "The Tailscale address of this machine no longer leads to the Gateway.",
        ja: "このマシンの Tailscale アドレスから Gateway に接続できなくなります。",
    };
    let (was, is) = (before.gateway(), after.gateway());
    let port = is.port();
    let (from, to) = (Listens::of(before), Listens::of(after));
    if to < from {
        match &to {
            Listens::Here => {
                cut.push(OTHERS.with("port", port));
                cut.push(PROBES.with("port", port));
                if was.trusts_other_hosts() {
                    let proxies = was.trusted_proxies().join(", ");
                    cut.push(PROXY.with("proxies", proxies).with("port", port));
                }
                if after.facts.in_container == Some(true) {
                    cut.push(PUBLISHED.into());
                }
            }
            Listens::Tailnet => cut.push(OUTSIDE_TAILNET.with("port", port)),
            Listens::Address(address) => cut.push(ONLY_ADDRESS.with("address", address).with("port", port)),
            Listens::Everywhere => {}
        }
    }
    if was.port() != port {
        cut.push(PORT.with("before", was.port()).with("after", port));
    }
    match (was.tailscale(), is.tailscale()) {
        ("funnel", "serve") => cut.push(FUNNEL.into()),
        ("funnel", "off") => cut.extend([FUNNEL.into(), SERVE.into()]),
        ("serve", "off") => cut.push(SERVE.into()),
        _ => {}
    }
}

/// What those who connect must show.
fn proving(before: &Settings, after: &Settings, cut: &mut Vec<Said>) {
    const NEW: Text = Text {
        en: "Whoever connects must give {key}: browsers, apps and scripts that gave none are refused. openclaw on this machine reads it from the config.",
        ja: "接続には {key} の値が必要になります。指定していないブラウザ、アプリ、スクリプトは拒否されます。このマシンの openclaw コマンドは設定から読み取ります。",
    };
    const ANOTHER: Text = Text {
        en: "The old {key} is refused: whoever holds it (browsers, apps, nodes, scripts, remote openclaw commands) needs the new one.",
        ja: "これまでの {key} は使えなくなります。使っているブラウザ、アプリ、ノード、スクリプト、リモートの openclaw コマンドには新しい値が必要です。",
    };
    const OTHER_MODE: Text = Text {
        en: "Logging in changes from {before} to {after}: whoever connects the old way is refused.",
        ja: "認証モードが {before} から {after} に変わります。これまでの方法では接続できません。",
    };
    const NOT_BY_TAILNET: Text = Text {
        en: "Being in your tailnet is no longer enough: browsers there must give {key} as well.",
        ja: "tailnet にいるだけでは接続できなくなります。tailnet のブラウザにも {key} の値が必要です。",
    };
    const PROXIES: Text = Text {
        en: "What comes through {proxies} no longer counts as the visitor's own connection and is refused.",
        ja: "{proxies} 経由の接続は、訪問者本人の接続とみなされず、拒否されます。",
    };
    const REAL_IP: Text = Text {
        en: "A reverse proxy that sends only X-Real-IP must send X-Forwarded-For instead.",
        ja: "X-Real-IP だけを送るリバースプロキシでは、X-Forwarded-For の送信が必要になります。",
    };
    let (was, is) = (before.gateway(), after.gateway());
    let (old, new) = (was.auth(), is.auth());
    let key = if new.mode == AuthMode::Password { "gateway.auth.password" } else { "gateway.auth.token" };
    let asks = matches!(new.mode, AuthMode::Token | AuthMode::Password);
    let named = |text: Text| text.with("key", key);
    if asks && is.has_secret_in_place() && !was.has_secret_in_place() {
        cut.push(named(NEW));
    } else if old.mode != new.mode {
        cut.push(OTHER_MODE.with("before", old.mode.name()).with("after", new.mode.name()));
    } else if asks && old.shared_secret() != new.shared_secret() {
        cut.push(named(ANOTHER));
    }
    if old.allow_tailscale && !new.allow_tailscale && is.tailscale() == "serve" {
        cut.push(named(NOT_BY_TAILNET));
    }
    let kept = is.trusted_proxies();
    let gone: Vec<&str> = was.trusted_proxies().into_iter().filter(|proxy| !kept.contains(proxy)).collect();
    if !gone.is_empty() {
        cut.push(PROXIES.with("proxies", gone.join(", ")));
    }
    if before.is_true("gateway.allowRealIpFallback") && !after.is_true("gateway.allowRealIpFallback") {
        cut.push(REAL_IP.into());
    }
}

/// The Control UI and the pages that may use it.
fn browsers(before: &Settings, after: &Settings, cut: &mut Vec<Said>) {
    const NO_UI: Text = Text {
        en: "The Control UI is no longer served; channels and openclaw commands stay.",
        ja: "Control UI は使えなくなります。チャンネルと openclaw コマンドはそのままです。",
    };
    const ONLY: Text = Text {
        en: "The Control UI works only when it is opened as {origins}.",
        ja: "Control UI は {origins} で開いたときだけ使えます。",
    };
    const HERE: Text = Text {
        en: "The Control UI works only when it is opened at the Gateway's own address, not inside pages of other sites.",
        ja: "Control UI は Gateway のアドレスで開いたときだけ使えます。ほかのサイトのページからは使えません。",
    };
    let (was, is) = (before.gateway(), after.gateway());
    if !was.has_control_ui() {
        return;
    }
    if !is.has_control_ui() {
        cut.push(NO_UI.into());
        return;
    }
    let fallback = "gateway.controlUi.dangerouslyAllowHostHeaderOriginFallback";
    let (old, new) = (was.allowed_origins(), is.allowed_origins());
    let narrows = before.is_true(fallback) && !after.is_true(fallback)
        || old.iter().any(|origin| !new.contains(origin))
        // OpenClaw fills in the local ones by itself where a gateway that others reach lists none.
        || old.is_empty() && !new.is_empty() && Listens::of(before) == Listens::Everywhere;
    match (narrows, new.is_empty()) {
        (true, true) => cut.push(HERE.into()),
        (true, false) => cut.push(ONLY.with("origins", new.join(", "))),
        _ => {}
    }
}

/// Devices and nodes that were let in unseen.
fn devices(before: &Settings, after: &Settings, cut: &mut Vec<Said>) {
    const BROWSERS: Text = Text {
        en: "Each browser must be approved once: openclaw devices list, then openclaw devices approve <requestId>.",
        ja: "ブラウザごとに一度だけ承認が必要になります。openclaw devices list で確認し、openclaw devices approve <requestId> で承認します。",
    };
    const BEHIND_PROXY: Text = Text {
        en: "New devices behind the proxy wait for you: openclaw devices approve <requestId>.",
        ja: "プロキシ経由の新しい端末は承認待ちになります。承認するコマンド: openclaw devices approve <requestId>",
    };
    const NODES: Text = Text {
        en: "New nodes wait for you: openclaw nodes approve <requestId>.",
        ja: "新しいノードは承認待ちになります。承認するコマンド: openclaw nodes approve <requestId>",
    };
    let ends = |flag: &str| before.is_true(flag) && !after.is_true(flag);
    if ends("gateway.controlUi.dangerouslyDisableDeviceAuth") {
        cut.push(BROWSERS.into());
    }
    if ends("gateway.auth.trustedProxy.deviceAutoApprove.enabled") {
        cut.push(BEHIND_PROXY.into());
    }
    let cidrs = |settings: &Settings| {
        let listed = settings.list("gateway.nodes.pairing.autoApproveCidrs");
        listed.into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let kept = cidrs(after);
    if cidrs(before).iter().any(|cidr| !kept.contains(cidr)) {
        cut.push(NODES.into());
    }
}

fn ways(after: &Settings) -> Vec<Way> {
    const DASHBOARD: Text = Text {
        en: "On this machine: this opens a browser by a link that works once; every openclaw command works as well.",
        ja: "このマシンから: 一度だけ使えるリンクでブラウザが開きます。openclaw コマンドも使えます。",
    };
    const COMMANDS: Text =
        Text { en: "On this machine: every openclaw command.", ja: "このマシンから: openclaw コマンド。" };
    const SSH: Text = Text {
        en: "From elsewhere over SSH: type this there, leave it open, then open {url} there.",
        ja: "ほかのマシンから SSH で: 手元で次を実行したまま、手元のブラウザで {url} を開きます。",
    };
    const WIREGUARD: Text = Text {
        en: "Over WireGuard: bring its tunnel up, then the same with this machine's address in it.",
        ja: "WireGuard で: トンネルを接続し、同じコマンドをこのマシンの WireGuard アドレスで実行します。",
    };
    const SERVED: Text = Text {
        en: "Over Tailscale: open https://NAME.TAILNET.ts.net{base} (this shows the name).",
        ja: "Tailscale で: https://NAME.TAILNET.ts.net{base} を開きます (名前を確認するコマンド)。",
    };
    const TAILNET: Text = Text {
        en: "From your tailnet: port {port} at this machine's Tailscale address (this shows it).",
        ja: "tailnet から: このマシンの Tailscale アドレスのポート {port} (アドレスを確認するコマンド)。",
    };
    const SERVE: Text = Text {
        en: "Over Tailscale without an open port: this, then https://NAME.TAILNET.ts.net{base}. It drops the config's comments; or write gateway.tailscale.mode: \"serve\" by hand.",
        ja: "ポートを開けずに Tailscale で: 次を実行し、https://NAME.TAILNET.ts.net{base} を開きます。設定のコメントは消えるため、残すには gateway.tailscale.mode: \"serve\" と手で書きます。",
    };
    let gateway = after.gateway();
    let port = gateway.port();
    let base = after.str("gateway.controlUi.basePath").map(|base| base.trim().trim_matches('/')).unwrap_or_default();
    let base = if base.is_empty() { "/".to_owned() } else { format!("/{base}/") };
    let has_ui = gateway.has_control_ui();
    let mut ways = vec![if has_ui {
        Way { what: DASHBOARD.into(), command: Some("openclaw dashboard".to_owned()) }
    } else {
        Way { what: COMMANDS.into(), command: Some("openclaw status".to_owned()) }
    }];
    let login = Login::of(&after.facts);
    let scheme = match (has_ui, after.is_true("gateway.tls.enabled")) {
        (true, false) => "http",
        (true, true) => "https",
        (false, false) => "ws",
        (false, true) => "wss",
    };
    let url = format!("{scheme}://127.0.0.1:{port}{base}");
    ways.push(Way { what: SSH.with("url", url), command: Some(login.tunnel(port, &login.host)) });
    match (gateway.tailscale(), Listens::of(after)) {
        ("serve" | "funnel", _) => {
            ways.push(Way { what: SERVED.with("base", base), command: Some("tailscale status".to_owned()) });
        }
        (_, Listens::Tailnet) => {
            ways.push(Way { what: TAILNET.with("port", port), command: Some("tailscale ip -4".to_owned()) });
        }
        (_, Listens::Here) if after.facts.in_container != Some(true) => ways.push(Way {
            what: SERVE.with("base", base),
            command: Some("openclaw config set gateway.tailscale.mode serve".to_owned()),
        }),
        _ => {}
    }
    ways.push(Way { what: WIREGUARD.into(), command: Some(login.tunnel(port, "ADDRESS")) });
    ways
}

/// How to log in to this machine, as far as it can be told.
struct Login {
    user: String,
    host: String,
    port: Option<u16>,
}

impl Login {
    fn of(facts: &Facts) -> Self {
        let plain =
            |text: &&str| !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
        let var = |name: &str| facts.env.get(name).map(String::as_str).filter(plain);
        let ssh = connection(facts);
        let host = ssh.map(|ssh| ssh.server.to_string()).or_else(|| {
            let name = facts.hostname.as_deref().filter(plain);
            name.map(str::to_owned)
        });
        Login {
            user: var("SUDO_USER").or_else(|| var("USER")).or_else(|| var("LOGNAME")).unwrap_or("USER").to_owned(),
            host: host.unwrap_or_else(|| "HOST".to_owned()),
            port: ssh.map(|ssh| ssh.port).filter(|port| *port != 22),
        }
    }

    fn tunnel(&self, port: u64, host: &str) -> String {
        let at = self.port.map(|port| format!(" -p {port}")).unwrap_or_default();
        format!("ssh -N -L {port}:127.0.0.1:{port}{at} {}@{host}", self.user)
    }
}

/// The connection that sshd names in `SSH_CONNECTION`: client address and port, server address and port.
#[derive(Clone, Copy)]
struct Connection {
    client: IpAddr,
    server: IpAddr,
    port: u16,
}

fn connection(facts: &Facts) -> Option<Connection> {
    let mut parts = facts.env.get("SSH_CONNECTION")?.split_ascii_whitespace();
    // sshd adds the interface to link-local addresses.
    let mut address = || parts.next()?.split('%').next()?.parse::<IpAddr>().ok().map(|address| (address, parts.next()));
    let (client, _) = address()?;
    let (server, port) = address()?;
    Some(Connection { client, server, port: port?.parse().ok()? })
}

fn own(facts: &Facts) -> (Said, bool) {
    const INSIDE: Text = Text {
        en: "This command was started by OpenClaw itself: it ends when the Gateway restarts. Do this over SSH or at the machine instead.",
        ja: "このコマンドは OpenClaw から実行されているため、Gateway の再起動で終了します。SSH かマシンの端末で実行してください。",
    };
    const SSH: Text = Text {
        en: "You are here over SSH from {client}. That does not go through the Gateway: this session stays, and so does the way in.",
        ja: "{client} から SSH で接続しています。SSH は Gateway を通らないため、この接続も次回の接続も影響を受けません。",
    };
    const HERE: Text = Text {
        en: "This session does not come over SSH, as far as can be told; at the machine itself nothing is cut off.",
        ja: "確認できた範囲では SSH 接続ではありません。マシンの前での操作には影響しません。",
    };
    if facts.env.get("OPENCLAW_SHELL").is_some_and(|shell| !shell.trim().is_empty()) {
        return (INSIDE.into(), true);
    }
    let said = connection(facts).map_or_else(|| HERE.into(), |ssh| SSH.with("client", ssh.client));
    (said, false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::plan::{Answers, Undecided};
    use crate::posture::{Means, Posture};
    use crate::text::Lang;
    use serde_json::{Value, json};
    use std::sync::Arc;

    const SECRET: &str = "f3a9c1d07be24865a1b2c3d4e5f60718293a4b5c6d7e8f90";

    fn facts(env: &[(&str, &str)]) -> Arc<Facts> {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Arc::new(Facts { env, hostname: Some("claw".to_owned()), ..Facts::default() })
    }

    /// Is what hardening a gateway for one owner means for those who connect.
    fn access(gateway: Value, env: &[(&str, &str)]) -> Option<Access> {
        let text = json!({ "gateway": gateway }).to_string();
        let document = Document::parse(text.as_bytes()).expect("a config");
        let means = Means { gateway_secret: "5e".repeat(24), hooks_secret: "a7".repeat(24), ..Means::default() };
        let answers = Answers { posture: Posture::Personal, undecided: Undecided::All, ..Answers::default() };
        Plan::new(&document, &facts(env), &means, &answers).expect("a plan").access()
    }

    fn said(access: &Access) -> String {
        access.cut.iter().map(|said| said.of(Lang::En)).collect::<Vec<_>>().join("\n")
    }

    fn commands(access: &Access) -> Vec<&str> {
        access.ways.iter().filter_map(|way| way.command.as_deref()).collect()
    }

    #[test]
    fn a_gateway_that_leaves_the_network_says_who_is_cut_off_and_gives_the_tunnel() {
        let gateway = json!({"mode": "local", "bind": "lan", "port": 4242, "auth": {"mode": "token", "token": SECRET}});
        let env = [("SSH_CONNECTION", "203.0.113.9 51000 192.0.2.7 2222"), ("USER", "ann")];
        let access = access(gateway, &env).expect("a card");
        assert!(said(&access).contains("port 4242: no browser, app, node"), "{}", said(&access));
        assert!(commands(&access).contains(&"ssh -N -L 4242:127.0.0.1:4242 -p 2222 ann@192.0.2.7"));
        assert!(commands(&access).contains(&"openclaw dashboard"));
        assert!(access.own.of(Lang::En).contains("over SSH from 203.0.113.9") && !access.own_depends);
    }

    #[test]
    fn a_plan_that_changes_nobodys_connection_has_no_card() {
        let kept = json!({"mode": "local", "bind": "loopback", "auth": {"mode": "token", "token": SECRET}});
        assert!(access(kept, &[]).is_none());
        let renamed = json!({"mode": "local", "bind": "127.0.0.1", "auth": {"mode": "token", "token": SECRET}});
        assert!(access(renamed, &[]).is_none());
        let elsewhere = json!({"mode": "remote", "bind": "lan", "remote": {"url": "wss://claw.example"}});
        assert!(access(elsewhere, &[]).is_none());
    }

    #[test]
    fn a_secret_where_there_was_none_is_said_and_never_shown() {
        let access = access(json!({"mode": "local", "auth": {"mode": "none"}}), &[]).expect("a card");
        assert!(said(&access).contains("must give gateway.auth.token"), "{}", said(&access));
        assert!(!said(&access).contains("5e5e"));
    }

    #[test]
    fn an_old_secret_that_is_replaced_is_refused_from_then_on() {
        let gateway = json!({"mode": "local", "auth": {"mode": "token", "token": "short"}});
        assert!(said(&access(gateway, &[]).expect("a card")).contains("The old gateway.auth.token is refused"));
    }

    #[test]
    fn a_proxy_elsewhere_is_told_where_to_forward() {
        let gateway = json!({"mode": "local", "bind": "lan", "trustedProxies": ["10.0.0.2"],
            "auth": {"mode": "token", "token": SECRET}});
        let access = access(gateway, &[]).expect("a card");
        assert!(said(&access).contains("(10.0.0.2) no longer reaches it"), "{}", said(&access));
    }

    #[test]
    fn funnel_origins_and_devices_each_have_their_line() {
        let gateway = json!({"mode": "local", "tailscale": {"mode": "funnel"},
            "auth": {"mode": "password", "password": SECRET}, "nodes": {"pairing": {"autoApproveCidrs": ["10.0.0.0/8"]}},
            "controlUi": {"allowedOrigins": ["*", "https://claw.example"], "dangerouslyDisableDeviceAuth": true}});
        let access = access(gateway, &[]).expect("a card");
        for line in ["(Funnel) closes", "opened as https://claw.example", "Each browser must be approved", "New nodes"]
        {
            assert!(said(&access).contains(line), "{line}: {}", said(&access));
        }
    }

    #[test]
    fn a_session_that_openclaw_started_depends_on_the_gateway() {
        let gateway = json!({"mode": "local", "bind": "lan", "auth": {"mode": "token", "token": SECRET}});
        let access = access(gateway, &[("OPENCLAW_SHELL", "exec"), ("SSH_CONNECTION", "1.2.3.4 1 5.6.7.8 22")]);
        assert!(access.expect("a card").own_depends);
    }

    #[test]
    fn what_the_environment_says_never_becomes_part_of_a_command_unless_it_is_plain() {
        let login = Login::of(&facts(&[("USER", "ann; rm -rf /"), ("SSH_CONNECTION", "x y $(id) 22")]));
        assert_eq!(login.tunnel(18789, &login.host), "ssh -N -L 18789:127.0.0.1:18789 USER@claw");
    }

    #[test]
    fn link_local_addresses_of_ssh_are_read() {
        let facts = facts(&[("SSH_CONNECTION", "fe80::1%eth0 50000 2001:db8::5 22")]);
        let connection = connection(&facts).expect("a connection");
        assert_eq!(
            (connection.client.to_string(), connection.server.to_string()),
            ("fe80::1".into(), "2001:db8::5".into())
        );
    }
}

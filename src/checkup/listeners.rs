//! What really listens on the Gateway's port, against what the config says.

use super::{Row, State, Topic, address};
use crate::checks::Severity;
use crate::settings::Settings;
use crate::text::{Said, Text};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A socket that listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    /// The address that it is bound to.
    pub address: IpAddr,
    /// The port.
    pub port: u16,
    /// The user id it belongs to.
    pub uid: u32,
    /// Its inode, by which its process is found.
    pub inode: u64,
    /// The process and its name; none where the system does not let us see.
    pub process: Option<(u32, String)>,
}

/// The facts.
#[derive(Clone, Debug)]
pub enum Looked {
    /// What listens on the Gateway's port.
    At(Vec<Listener>),
    /// This system shows no sockets, with the reason.
    Unknown(Said),
}

/// Reads a table of sockets as in `/proc/net/tcp` or `tcp6`: those that listen on a port. What it does not understand it passes over.
pub fn parse(table: &str, port: u16) -> Vec<Listener> {
    const LISTENS: &str = "0A";
    let one = |line: &str| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let (address, bound) = fields.next()?.split_once(':')?;
        let state = fields.nth(1)?;
        let uid = fields.nth(3)?.parse().ok()?;
        let inode = fields.nth(1)?.parse().ok()?;
        let bound = u16::from_str_radix(bound, 16).ok()?;
        let is_wanted = state == LISTENS && bound == port;
        Some(Listener { address: hexadecimal(address)?, port, uid, inode, process: None }).filter(|_| is_wanted)
    };
    table.lines().skip(1).filter_map(one).collect()
}

/// Reads an address as the kernel prints it: each four bytes in the machine's own order.
fn hexadecimal(text: &str) -> Option<IpAddr> {
    let word = |at: usize| u32::from_str_radix(text.get(at * 8..at * 8 + 8)?, 16).ok().map(u32::to_ne_bytes);
    match text.len() {
        8 => Some(IpAddr::V4(Ipv4Addr::from(word(0)?))),
        32 => {
            let mut bytes = [0; 16];
            for n in 0..4 {
                bytes[n * 4..n * 4 + 4].copy_from_slice(&word(n)?);
            }
            Some(IpAddr::V6(Ipv6Addr::from(bytes)).to_canonical())
        }
        _ => None,
    }
}

/// Judges what listens.
pub fn rows(looked: &Looked, settings: &Settings) -> Vec<Row> {
    const PORT: Text = Text { en: "port {port} of this machine", ja: "このホストのポート {port}" };
    const NOTHING: Text = Text {
        en: "Nothing listens: the Gateway does not run here, or on another port.",
        ja: "待ち受けはありません。Gateway が停止しているか、別のポートを使っています。",
    };
    const AS_SAID: Text = Text {
        en: "It listens where the config says (gateway.bind {bind}).",
        ja: "設定どおりに待ち受けています (gateway.bind {bind})。",
    };
    const WIDER: Text = Text {
        en: "Others can connect: it listens on {addresses}, though the config says gateway.bind {bind}.",
        ja: "設定は gateway.bind {bind} ですが、{addresses} で待ち受けているため、外部から接続できます。",
    };
    const LINE: Text = Text {
        en: "{address}, process {process}, user id {uid}",
        ja: "{address}、プロセス {process}、ユーザー ID {uid}",
    };
    const RESTART: Text = Text {
        en: "If it is the Gateway, it still runs on its old config: openclaw gateway restart",
        ja: "Gateway が古い設定のまま動いている場合は再起動してください: openclaw gateway restart",
    };
    const UNSEEN: Text = Text {
        en: "Not looked at, for it takes rights: the firewall, and what Tailscale passes on (tailscale serve status).",
        ja: "権限が必要なため未確認: ファイアウォールと Tailscale の転送 (tailscale serve status)。",
    };
    let gateway = settings.gateway();
    let port = PORT.with("port", gateway.port());
    let row = |state, found: Said| Row::new("listeners.gateway", Topic::Listeners, state, port.clone(), found);
    let found = match looked {
        Looked::Unknown(why) => return vec![row(State::Unknown, why.clone())],
        Looked::At(found) => found,
    };
    if found.is_empty() {
        return vec![row(State::Note, NOTHING.into())];
    }
    let bind = gateway.bind();
    let wider: Vec<String> = found
        .iter()
        .filter(|listener| !is_meant(listener.address, bind, settings))
        .map(|listener| shown(listener.address))
        .collect();
    let row = if wider.is_empty() {
        row(State::Fine, AS_SAID.with("bind", bind))
    } else {
        let addresses = wider.join(", ");
        row(State::Attention(Severity::Critical), WIDER.with("bind", bind).with("addresses", addresses)).todo(RESTART)
    };
    let lines = found.iter().map(|listener| {
        let process = listener.process.as_ref().map_or("?".to_owned(), |(id, name)| format!("{name} ({id})"));
        LINE.with("address", format!("{}:{}", shown(listener.address), listener.port))
            .with("process", process)
            .with("uid", listener.uid)
    });
    vec![row.evidence(lines).evidence([UNSEEN.into()])]
}

fn shown(address: IpAddr) -> String {
    if address.is_ipv6() { format!("[{address}]") } else { address.to_string() }
}

/// Whether the config means the Gateway to listen on an address. Loopback is always meant.
fn is_meant(address: IpAddr, bind: &str, settings: &Settings) -> bool {
    if address.is_loopback() {
        return true;
    }
    match bind {
        "lan" => true,
        "auto" => settings.facts.in_container == Some(true),
        "tailnet" => {
            let is_tailnet = |text| address::Range::parse(text).is_some_and(|range| range.holds(address));
            is_tailnet("100.64.0.0/10") || is_tailnet("fd7a:115c:a1e0::/48")
        }
        "custom" => settings.str("gateway.customBindHost").and_then(address::literal) == Some(address),
        // In a container an unset bind means that OpenClaw listens everywhere.
        _ => settings.str("gateway.bind").is_none() && settings.facts.in_container == Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::settings;
    use super::*;
    use serde_json::json;

    const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:4965 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0000000000000000 100 0 0 10 0
   1: 00000000:4965 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 100 0 0 10 0
   2: 0100007F:4965 0100007F:C0DE 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1
   3: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4714 1
nonsense
";

    fn at(addresses: &[&str]) -> Looked {
        let listener = |address: &&str| Listener {
            address: address.parse().expect("an address"),
            port: 18789,
            uid: 1000,
            inode: 1,
            process: None,
        };
        Looked::At(addresses.iter().map(listener).collect())
    }

    fn state(source: serde_json::Value, addresses: &[&str]) -> State {
        rows(&at(addresses), &settings(source, &[]))[0].state
    }

    #[test]
    fn a_table_is_read_for_what_listens_on_the_port() {
        let found = parse(TABLE, 18789);
        let found: Vec<_> = found.iter().map(|one| (one.address.to_string(), one.uid, one.inode)).collect();
        assert_eq!(found, [("127.0.0.1".to_owned(), 1000, 4711), ("0.0.0.0".to_owned(), 0, 4712)]);
        let six = "x\n 0: 00000000000000000000000001000000:4965 0:0 0A 0:0 0:0 0 0 0 9\n";
        assert_eq!(parse(six, 18789)[0].address.to_string(), "::1");
    }

    #[test]
    fn an_open_listener_is_reported_where_the_config_says_loopback() {
        let critical = State::Attention(Severity::Critical);
        assert_eq!(state(json!({}), &["127.0.0.1", "::1"]), State::Fine);
        assert_eq!(state(json!({"gateway": {"bind": "loopback"}}), &["0.0.0.0"]), critical);
        assert_eq!(state(json!({}), &["::"]), critical);
        assert_eq!(state(json!({"gateway": {"bind": "lan"}}), &["0.0.0.0"]), State::Fine);
        assert_eq!(state(json!({"gateway": {"bind": "tailnet"}}), &["100.100.1.2"]), State::Fine);
        assert_eq!(state(json!({"gateway": {"bind": "tailnet"}}), &["192.168.1.2"]), critical);
        let custom = json!({"gateway": {"bind": "custom", "customBindHost": "192.168.1.2"}});
        assert_eq!(state(custom, &["192.168.1.2"]), State::Fine);
    }

    #[test]
    fn no_listener_is_a_note_and_a_system_that_shows_none_is_unknown() {
        assert_eq!(state(json!({}), &[]), State::Note);
        const WHY: Text = Text { en: "why", ja: "why" };
        assert_eq!(rows(&Looked::Unknown(WHY.into()), &settings(json!({}), &[]))[0].state, State::Unknown);
    }
}

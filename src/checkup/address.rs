//! Addresses of the network: which is whose, and who stands behind a proxy.

use std::net::IpAddr;

/// A range of addresses, as in `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    base: IpAddr,
    bits: u8,
}

impl Range {
    /// Reads `10.0.0.0/8` or a single address; none where it is neither.
    pub fn parse(text: &str) -> Option<Range> {
        let (base, bits) = match text.trim().split_once('/') {
            Some((base, bits)) => (base, Some(bits.parse::<u8>().ok()?)),
            None => (text.trim(), None),
        };
        let base = base.parse::<IpAddr>().ok()?.to_canonical();
        let all = if base.is_ipv4() { 32 } else { 128 };
        let bits = bits.unwrap_or(all);
        (bits <= all).then_some(Range { base, bits })
    }

    /// Whether an address lies in it.
    pub fn holds(self, address: IpAddr) -> bool {
        let rest = |all: u8| u32::from(all - self.bits);
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => {
                (u32::from(base) ^ u32::from(address)).checked_shr(rest(32)).unwrap_or(0) == 0
            }
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                (u128::from(base) ^ u128::from(address)).checked_shr(rest(128)).unwrap_or(0) == 0
            }
            _ => false,
        }
    }
}

/// Whether an address belongs to this machine or a private network: loopback, link-local, private, and the range of Tailscale.
pub fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(address) => address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local(),
    }
}

/// Is who connected, as OpenClaw 2026.9.6 finds it: the peer, or the last address in `forwarded` that is no trusted proxy, where
/// the peer is a trusted one. None where a trusted proxy names nobody.
pub fn client(peer: IpAddr, forwarded: Option<&str>, trusted: &[Range]) -> Option<IpAddr> {
    let is_trusted = |address: IpAddr| trusted.iter().any(|range| range.holds(address));
    if !is_trusted(peer) {
        return Some(peer.to_canonical());
    }
    forwarded?.rsplit(',').filter_map(literal).find(|hop| !hop.is_loopback() && !is_trusted(*hop))
}

/// Is an address that may stand in brackets or have a port after it.
pub fn literal(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None if text.matches(':').count() == 1 => text.split_once(':')?.0,
        None => text,
    };
    let bare = bare.split('%').next()?;
    Some(bare.parse::<IpAddr>().ok()?.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_range_holds_its_addresses_in_either_spelling() {
        let holds = |range: &str, text: &str| Range::parse(range).is_some_and(|range| range.holds(address(text)));
        assert!(holds("10.0.0.0/8", "10.1.2.3") && holds("10.1.2.3", "::ffff:10.1.2.3"));
        assert!(!holds("10.0.0.0/8", "11.0.0.1") && !holds("10.1.2.3/32", "10.1.2.4"));
        assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "::1"));
        assert!(holds("fd00::/8", "fd12::1") && holds("::/0", "2001:db8::1"));
        assert!(Range::parse("10.0.0.0/33").is_none() && Range::parse("proxy").is_none());
    }

    #[test]
    fn who_connects_is_the_peer_unless_a_trusted_proxy_speaks_for_another() {
        let trusted = [Range::parse("127.0.0.1").expect("a range"), Range::parse("10.0.0.0/8").expect("a range")];
        let who =
            |peer: &str, forwarded: Option<&str>| client(address(peer), forwarded, &trusted).map(|who| who.to_string());
        assert_eq!(who("198.51.100.7", Some("203.0.113.9")).as_deref(), Some("198.51.100.7"));
        assert_eq!(who("127.0.0.1", Some("203.0.113.9")).as_deref(), Some("203.0.113.9"));
        assert_eq!(who("127.0.0.1", Some("1.2.3.4, 203.0.113.9:4711, 10.0.0.2")).as_deref(), Some("203.0.113.9"));
        assert_eq!(who("127.0.0.1", Some("[2001:db8::1]:443")).as_deref(), Some("2001:db8::1"));
        assert_eq!(who("127.0.0.1", Some("10.0.0.2")), None);
        assert_eq!(who("127.0.0.1", None), None);
    }

    #[test]
    fn near_is_what_no_stranger_has() {
        for near in [
            "127.0.0.1",
            "10.0.0.1",
            "192.168.1.1",
            "169.254.0.1",
            "100.100.1.1",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
        ] {
            assert!(is_near(address(near)), "{near}");
        }
        for far in ["203.0.113.9", "100.128.0.1", "2001:db8::1", "8.8.8.8"] {
            assert!(!is_near(address(far)), "{far}");
        }
    }
}

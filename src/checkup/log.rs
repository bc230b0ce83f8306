//! What the Gateway's log tells: who was refused, and why; devices approved by themselves; reloads that failed.
//!
//! One JSON object a line (OpenClaw 2026.9.6). Strangers write into `message` (their browser's name, their origin), so a line counts
//! by its subsystem and by how its message begins, and addresses come from the fields of its object, never from the text.

use super::address::{self, Range};
use crate::text::time::parse_iso;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;

/// The texts one of which every line of interest holds; all other lines need not be looked at.
pub const NEEDLES: [&str; 7] = [
    "closed before connect conn=",
    "unauthorized conn=",
    "auto-approved",
    "config reload skipped",
    "embedded run tool start",
    "tool policy removed",
    "open remoteAddr=",
];

/// How many refusals of a credential, how close together in seconds, are a burst.
pub const BURST: (usize, i64) = (10, 600);

/// How many addresses are told apart; an attacker may have more.
const MAX_ADDRESSES: usize = 10_000;
/// How many of the other things are kept one by one.
const MAX_KEPT: usize = 200;
/// How many connections are remembered until the line that closes them.
const MAX_OPEN: usize = 4_096;

/// One line of interest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, in seconds since 1970.
    pub at: i64,
    /// What happened.
    pub what: What,
}

/// What a line of interest tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A credential was wrong; the line that closes the connection has the address.
    Unauthorized {
        /// The connection.
        conn: String,
    },
    /// A connection ended before it was accepted.
    Refused {
        /// The connection.
        conn: String,
        /// The other end of the socket.
        peer: IpAddr,
        /// `X-Forwarded-For`, as it was sent.
        forwarded: Option<String>,
        /// Why, in OpenClaw's words; none where the other side hung up first.
        cause: Option<String>,
        /// How many more lines of this kind were left out before it.
        suppressed: u64,
    },
    /// A connection was opened; logged by `gateway run --verbose` alone.
    Opened {
        /// The other end of the socket.
        peer: IpAddr,
    },
    /// A device was approved without anybody being asked.
    AutoApproved {
        /// The device, or its beginning.
        device: String,
        /// The rest of the line: role, user or scopes.
        detail: String,
    },
    /// A changed config was not loaded.
    ReloadRejected {
        /// Why.
        why: String,
    },
    /// A tool was started; logged at level `debug` alone.
    ToolStarted {
        /// Its name.
        tool: String,
    },
    /// Tools were taken from an agent by policy; logged at level `debug` alone.
    ToolsRemoved,
}

impl Event {
    /// Reads a line that holds one of [`NEEDLES`]; none where it tells something else.
    ///
    /// # Errors
    /// Where it is no JSON object with a time.
    pub fn read(line: &[u8]) -> Result<Option<Event>, Unreadable> {
        let line: Line<'_> = serde_json::from_slice(line).map_err(|_| Unreadable)?;
        let at = line.time.0.as_deref().and_then(parse_iso).ok_or(Unreadable)?;
        Ok(line.what().map(|what| Event { at, what }))
    }
}

/// A line that is no line of OpenClaw's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable;

/// Is the time of a line; none where it has none, or is no JSON object.
pub fn time_of(line: &[u8]) -> Option<i64> {
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    line.message.0.as_ref()?;
    parse_iso(line.time.0.as_deref()?)
}

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "0", default, borrow)]
    logger: Str<'a>,
    #[serde(rename = "1", default, borrow)]
    fields: Fields<'a>,
    #[serde(default, borrow)]
    message: Str<'a>,
    #[serde(default, borrow)]
    time: Str<'a>,
}

impl Line<'_> {
    fn what(&self) -> Option<What> {
        let logger = self.logger.0.as_deref()?;
        let subsystem = logger.strip_prefix(r#"{"subsystem":""#)?.split('"').next()?;
        let message = self.message.0.as_deref()?;
        match subsystem {
            "gateway/ws" => self.connection(message),
            "gateway" => {
                let (who, detail) = message.split_once("auto-approved ")?;
                if !matches!(who, "device pairing " | "security audit: trusted-proxy operator device ") {
                    return None;
                }
                let device = detail.strip_prefix("device=").or_else(|| Some(detail.rsplit_once(" device=")?.1))?;
                let device = device.split(' ').next().unwrap_or_default().to_owned();
                Some(What::AutoApproved { device, detail: detail.to_owned() })
            }
            "gateway/reload" => {
                let why = message.strip_prefix("config reload skipped")?;
                Some(What::ReloadRejected { why: why.trim_start_matches(" (invalid config): ").trim().to_owned() })
            }
            "agent/embedded" => {
                let rest = message.strip_prefix("embedded run tool start:")?;
                let tool = rest.split_once(" tool=")?.1.split(' ').next()?;
                Some(What::ToolStarted { tool: tool.to_owned() })
            }
            "agents/tool-policy" => message.starts_with("tool policy removed").then_some(What::ToolsRemoved),
            _ => None,
        }
    }

    fn connection(&self, message: &str) -> Option<What> {
        let conn = |rest: &str| rest.split(' ').next().unwrap_or_default().to_owned();
        if let Some(rest) = message.strip_prefix("closed before connect conn=") {
            let fields = &self.fields;
            // What is left out is counted at the very end, behind all that strangers write.
            let suppressed = rest.rsplit_once(" suppressed=").and_then(|(_, n)| n.parse().ok()).unwrap_or(0);
            let cause = fields.cause.as_deref().filter(|cause| !cause.is_empty());
            return Some(What::Refused {
                conn: conn(rest),
                peer: fields.remote.as_deref().and_then(address::literal)?,
                forwarded: fields.forwarded.as_deref().map(str::to_owned),
                cause: cause.or(fields.reason.as_deref()).map(str::to_owned),
                suppressed,
            });
        }
        if let Some(rest) = message.strip_prefix("unauthorized conn=") {
            return Some(What::Unauthorized { conn: conn(rest) });
        }
        let rest = message.strip_prefix("\u{2190} open remoteAddr=")?;
        Some(What::Opened { peer: address::literal(rest.split(' ').next()?)? })
    }
}

/// A text; what is not one is passed over.
#[derive(Default)]
struct Str<'a>(Option<Cow<'a, str>>);

/// The fields of a closed connection that count; what is no object is passed over.
#[derive(Default)]
struct Fields<'a> {
    cause: Option<Cow<'a, str>>,
    reason: Option<Cow<'a, str>>,
    remote: Option<Cow<'a, str>>,
    forwarded: Option<Cow<'a, str>>,
}

/// What is drained, whatever it is: all but strings and objects.
macro_rules! passes_over_the_rest {
    () => {
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("any value")
        }
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Default::default())
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            Ok(Default::default())
        }
    };
}

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Str<'de>;
            passes_over_the_rest!();
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Str(Some(Cow::Borrowed(text))))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Str(Some(Cow::Owned(text.to_owned()))))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Str(None))
            }
        }
        from.deserialize_any(Text)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;
            passes_over_the_rest!();
            fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
                Ok(Fields::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Fields::default();
                while let Some(Str(Some(key))) = map.next_key()? {
                    let place = match key.as_ref() {
                        "cause" => &mut fields.cause,
                        "authReason" => &mut fields.reason,
                        "remoteAddr" => &mut fields.remote,
                        "forwardedFor" => &mut fields.forwarded,
                        _ => {
                            map.next_value::<IgnoredAny>()?;
                            continue;
                        }
                    };
                    *place = map.next_value::<Str<'de>>()?.0;
                }
                Ok(fields)
            }
        }
        from.deserialize_any(Object)
    }
}

/// The facts: which files were read, and what they tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// The files, oldest first; none where there is no log.
    pub files: Vec<File>,
    /// What they tell.
    pub review: Review,
    /// Whether the reading was ended early.
    pub cancelled: bool,
}

/// A file of the log that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes, when it was read.
    pub size: u64,
    /// The time of its first line, in seconds since 1970; none where no line near its beginning is one of OpenClaw's.
    pub first: Option<i64>,
    /// The time of its last line.
    pub last: Option<i64>,
    /// Why it could not be read, or not to its end.
    pub error: Option<String>,
}

/// Everything of interest that a log tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// Who connected or tried to.
    pub addresses: BTreeMap<IpAddr, Visits>,
    /// How many refusals came from further addresses, beyond those told apart.
    pub of_others: u64,
    /// The devices approved without anybody being asked, with time and detail; the newest.
    pub approved: VecDeque<(i64, String, String)>,
    /// The changed configs that were not loaded, with time and reason; the newest.
    pub rejected: VecDeque<(i64, String)>,
    /// How often `exec` was started, by hour of the day in UTC; logged at level `debug` alone.
    pub exec_by_hour: [u64; 24],
    /// How often policy took tools from an agent; logged at level `debug` alone.
    pub tools_removed: u64,
    /// How many lines looked like one of interest and could not be read.
    pub unreadable: u64,
    /// How many lines were too long to be read.
    pub too_long: u64,
}

/// What one address did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visits {
    /// The first time, in seconds since 1970.
    pub first: i64,
    /// The last time.
    pub last: i64,
    /// How many connections were opened, where the log has them.
    pub opened: u64,
    /// How many were refused, by cause.
    pub refused: BTreeMap<String, u64>,
    /// The trusted proxy that speaks for it.
    pub proxy: Option<IpAddr>,
    /// The last burst of wrong credentials.
    pub burst: Option<Burst>,
    recent: VecDeque<i64>,
}

/// Many wrong credentials in a short time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// When it began, in seconds since 1970.
    pub from: i64,
    /// When it ended.
    pub to: i64,
    /// How many there were.
    pub count: u64,
}

impl Visits {
    fn new(at: i64) -> Self {
        Visits {
            first: at,
            last: at,
            opened: 0,
            refused: BTreeMap::new(),
            proxy: None,
            burst: None,
            recent: VecDeque::new(),
        }
    }

    /// Is how many connections were refused.
    pub fn refusals(&self) -> u64 {
        self.refused.values().sum()
    }

    fn wrong_credential(&mut self, at: i64, times: u64) {
        let (enough, within) = BURST;
        for _ in 0..times.min(enough as u64) {
            self.recent.push_back(at);
            if self.recent.len() > enough {
                self.recent.pop_front();
            }
        }
        let Some(from) = self.recent.front().copied().filter(|from| self.recent.len() == enough && at - from <= within)
        else {
            return;
        };
        match &mut self.burst {
            Some(burst) if from <= burst.to => {
                burst.to = at;
                burst.count += times;
            }
            _ => self.burst = Some(Burst { from, to: at, count: times.max(enough as u64) }),
        }
    }
}

/// Whether a cause is a credential that was wrong, which guessing consists of.
fn is_credential(cause: &str) -> bool {
    matches!(cause, UNAUTHORIZED | "device-auth-invalid" | "repeated-unauthorized-requests" | "rate_limited")
        || cause.ends_with("_mismatch")
        || cause.ends_with("_invalid")
}

const UNAUTHORIZED: &str = "unauthorized";
/// The cause of a connection that the other side ended first.
const HUNG_UP: &str = "hung-up";

/// Puts events together, in the order of the log.
#[derive(Debug)]
pub struct Tally {
    trusted: Vec<Range>,
    review: Review,
    open: VecDeque<String>,
}

impl Tally {
    /// Begins with the proxies that the config trusts.
    pub fn new(trusted: Vec<Range>) -> Self {
        Tally { trusted, review: Review::default(), open: VecDeque::new() }
    }

    /// Adds an event.
    pub fn add(&mut self, event: Event) {
        let at = event.at;
        match event.what {
            What::Unauthorized { conn } => {
                if self.open.len() == MAX_OPEN {
                    self.open.pop_front();
                }
                self.open.push_back(conn);
            }
            What::Refused { conn, peer, forwarded, cause, suppressed } => {
                let said_before = self.open.iter().rposition(|open| *open == conn);
                if let Some(n) = said_before {
                    self.open.remove(n);
                }
                let cause = match cause {
                    Some(cause) => cause,
                    None if said_before.is_some() => UNAUTHORIZED.to_owned(),
                    None => HUNG_UP.to_owned(),
                };
                let times = suppressed.saturating_add(1);
                let client = address::client(peer, forwarded.as_deref(), &self.trusted);
                let Some(visits) = self.visits(client.unwrap_or(peer), at) else {
                    self.review.of_others += times;
                    return;
                };
                if is_credential(&cause) {
                    visits.wrong_credential(at, times);
                }
                visits.proxy = visits.proxy.or((client != Some(peer)).then_some(peer).filter(|_| client.is_some()));
                *visits.refused.entry(cause).or_default() += times;
            }
            What::Opened { peer } => {
                if let Some(visits) = self.visits(peer, at) {
                    visits.opened += 1;
                }
            }
            What::AutoApproved { device, detail } => keep(&mut self.review.approved, (at, device, detail)),
            What::ReloadRejected { why } => keep(&mut self.review.rejected, (at, why)),
            What::ToolStarted { tool } if tool == "exec" => {
                self.review.exec_by_hour[(at.div_euclid(3_600).rem_euclid(24)) as usize] += 1;
            }
            What::ToolStarted { .. } => {}
            What::ToolsRemoved => self.review.tools_removed += 1,
        }
    }

    /// Adds lines that could not be read.
    pub fn skip(&mut self, unreadable: u64, too_long: u64) {
        self.review.unreadable += unreadable;
        self.review.too_long += too_long;
    }

    /// Is what was told.
    pub fn review(self) -> Review {
        self.review
    }

    fn visits(&mut self, address: IpAddr, at: i64) -> Option<&mut Visits> {
        let known = &mut self.review.addresses;
        if known.len() >= MAX_ADDRESSES && !known.contains_key(&address) {
            return None;
        }
        let visits = known.entry(address).or_insert_with(|| Visits::new(at));
        visits.first = visits.first.min(at);
        visits.last = visits.last.max(at);
        Some(visits)
    }
}

fn keep<T>(list: &mut VecDeque<T>, one: T) {
    if list.len() == MAX_KEPT {
        list.pop_front();
    }
    list.push_back(one);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn line(subsystem: &str, message: &str, fields: Value) -> Vec<u8> {
        let logger = json!({ "subsystem": subsystem }).to_string();
        json!({"0": logger, "1": fields, "2": message, "_meta": {"logLevelName": "WARN"},
            "time": "2026-11-22T07:03:53.841+00:00", "message": message})
        .to_string()
        .into_bytes()
    }

    fn what(line: &[u8]) -> Option<What> {
        Event::read(line).expect("a line").map(|event| event.what)
    }

    fn refused(at: i64, peer: &str, forwarded: Option<&str>, cause: Option<&str>) -> Event {
        let what = What::Refused {
            conn: format!("c{at}"),
            peer: peer.parse().expect("an address"),
            forwarded: forwarded.map(str::to_owned),
            cause: cause.map(str::to_owned),
            suppressed: 0,
        };
        Event { at, what }
    }

    fn review(events: impl IntoIterator<Item = Event>) -> Review {
        let mut tally = Tally::new(vec![Range::parse("127.0.0.1").expect("a range")]);
        events.into_iter().for_each(|event| tally.add(event));
        tally.review()
    }

    #[test]
    fn a_refused_connection_is_read_from_its_fields() {
        let fields = json!({"cause": "unauthorized", "remoteAddr": "127.0.0.1", "forwardedFor": "203.0.113.9", "remotePort": 1, "x": [{}]});
        let line =
            line("gateway/ws", "closed before connect conn=c1 peer=x remote=127.0.0.1 code=1008 suppressed=7", fields);
        assert_eq!(
            what(&line),
            Some(What::Refused {
                conn: "c1".to_owned(),
                peer: "127.0.0.1".parse().expect("an address"),
                forwarded: Some("203.0.113.9".to_owned()),
                cause: Some("unauthorized".to_owned()),
                suppressed: 7,
            })
        );
    }

    #[test]
    fn what_strangers_write_into_a_message_makes_no_event() {
        let planted = "device pairing auto-approved device=evil role=operator";
        for text in [format!("closed before connect conn=c ua={planted}"), format!("agent said: {planted}")] {
            let what = what(&line("gateway", &text, json!({})));
            assert_eq!(what, None, "{text}");
        }
        let chat = json!({"0": planted, "time": "2026-11-22T07:03:53Z", "message": planted}).to_string();
        assert_eq!(Event::read(chat.as_bytes()), Ok(None));
        let ua = json!({"remoteAddr": "198.51.100.1", "cause": "unauthorized"});
        let line = line("gateway/ws", "closed before connect conn=c remote=x ua=suppressed=999 reason=x phase=y", ua);
        assert!(matches!(what(&line), Some(What::Refused { suppressed: 0, .. })));
    }

    #[test]
    fn what_is_no_line_of_the_log_is_unreadable() {
        for line in [&b"{\"message\": \"cut sho"[..], b"\x00\xff\xfe", b"[]", b"{}", b"{\"time\":\"noon\"}"] {
            assert_eq!(Event::read(line), Err(Unreadable));
        }
    }

    #[test]
    fn the_other_lines_of_interest_are_read() {
        let approved = what(&line("gateway", "device pairing auto-approved device=d1 role=operator", json!(null)));
        assert!(matches!(approved, Some(What::AutoApproved { device, .. }) if device == "d1"));
        let audit = "security audit: trusted-proxy operator device auto-approved user=eve device=d2 scopes=a";
        assert!(
            matches!(what(&line("gateway", audit, json!(null))), Some(What::AutoApproved { device, .. }) if device == "d2")
        );
        let reload = what(&line("gateway/reload", "config reload skipped (invalid config): gateway: bad", json!("x")));
        assert_eq!(reload, Some(What::ReloadRejected { why: "gateway: bad".to_owned() }));
        let tool = what(&line("agent/embedded", "embedded run tool start: runId=r tool=exec toolCallId=c", json!("x")));
        assert_eq!(tool, Some(What::ToolStarted { tool: "exec".to_owned() }));
        let open = what(&line("gateway/ws", "\u{2190} open remoteAddr=10.0.0.9 remotePort=1", json!("x")));
        assert!(matches!(open, Some(What::Opened { .. })));
    }

    #[test]
    fn ten_wrong_credentials_within_ten_minutes_are_a_burst_and_nine_are_none() {
        let at = |n: usize, step: i64| {
            (0..n as i64).map(move |n| refused(n * step, "198.51.100.7", None, Some("unauthorized")))
        };
        let burst = |n, step| review(at(n, step)).addresses.into_values().next().and_then(|visits| visits.burst);
        assert_eq!(burst(9, 1), None);
        assert_eq!(burst(10, 60), Some(Burst { from: 0, to: 540, count: 10 }));
        assert_eq!(burst(25, 1), Some(Burst { from: 0, to: 24, count: 25 }));
        assert_eq!(burst(30, 120), None);
    }

    #[test]
    fn a_device_that_waits_for_its_approval_is_no_burst() {
        let events = (0..50).map(|at| refused(at, "198.51.100.7", None, Some("pairing-required")));
        assert!(review(events).addresses.values().all(|visits| visits.burst.is_none()));
    }

    #[test]
    fn who_hangs_up_after_a_wrong_credential_is_counted_as_such() {
        let events = (0..10).flat_map(|at| {
            let said = Event { at, what: What::Unauthorized { conn: format!("c{at}") } };
            [said, refused(at, "198.51.100.7", None, None)]
        });
        let review = review(events.chain([refused(11, "198.51.100.7", None, None)]));
        let visits = review.addresses.values().next().expect("an address");
        assert_eq!(visits.refused.get("unauthorized"), Some(&10));
        assert_eq!(visits.refused.get(HUNG_UP), Some(&1));
        assert!(visits.burst.is_some());
    }

    #[test]
    fn the_client_is_told_from_the_proxy() {
        let review = review([refused(5, "127.0.0.1", Some("203.0.113.9"), Some("unauthorized"))]);
        let (address, visits) = review.addresses.into_iter().next().expect("an address");
        assert_eq!(address.to_string(), "203.0.113.9");
        assert_eq!(visits.proxy.map(|proxy| proxy.to_string()).as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn addresses_beyond_all_measure_are_counted_together() {
        let events = (0..MAX_ADDRESSES as u32 + 5).map(|n| {
            let address = std::net::Ipv4Addr::from(0xc000_0000 + n).to_string();
            refused(i64::from(n), &address, None, Some("unauthorized"))
        });
        let review = review(events);
        assert_eq!((review.addresses.len(), review.of_others), (MAX_ADDRESSES, 5));
    }
}

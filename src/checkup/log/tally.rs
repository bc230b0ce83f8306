//! What the lines of a log come to: who was refused how often, bursts of wrong credentials, and the rest one by one.

use super::{Event, What};
use crate::checkup::address::{self, Range};
use std::collections::{BTreeMap, VecDeque};
use std::net::IpAddr;
use std::path::PathBuf;

/// How many refusals of a credential, how close together in seconds, are a burst.
const BURST: (usize, i64) = (10, 600);

/// How many addresses are told apart; an attacker may have more.
const MAX_ADDRESSES: usize = 10_000;
/// How many of the other things are kept one by one.
const MAX_KEPT: usize = 200;
/// How many connections are remembered until the line that closes them.
const MAX_OPEN: usize = 4_096;

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

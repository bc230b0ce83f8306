//! Findings that the administrator lives with: each accepted with a reason, until a day.
//!
//! They are kept per config, beside OpenClaw's files and never in them. Dates are ISO dates in UTC, so they compare as texts.

use crate::checks::{Finding, Severity};
use crate::text::{Said, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// One accepted risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Acceptance {
    /// The id of the finding, its places filled.
    pub check_id: String,
    /// The key that shows the finding; none: every finding of the id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The severity that was accepted; a worse one is not.
    #[serde(with = "severity")]
    pub severity: Severity,
    /// Why it was accepted.
    pub reason: String,
    /// The last day on which it holds.
    pub until: String,
}

mod severity {
    use super::Severity;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(severity: &Severity, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(severity.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Severity, D::Error> {
        let name = String::deserialize(from)?;
        Severity::named(&name).ok_or_else(|| D::Error::custom(format!("\"{name}\" is no severity")))
    }
}

/// Why an acceptance does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idle {
    /// Its last day is over.
    Expired,
    /// The finding has become worse than what was accepted.
    Worse,
    /// There is no such finding.
    Unused,
}

impl Acceptance {
    /// Whether it means a finding, whatever the day and the severity.
    pub fn means(&self, finding: &Finding) -> bool {
        self.check_id == finding.id
            && self.path.as_ref().is_none_or(|path| finding.hit.paths.iter().any(|at| at.to_string() == *path))
    }

    /// Whether it keeps a finding out of the count on a day.
    pub fn covers(&self, finding: &Finding, today: &str) -> bool {
        self.means(finding) && finding.severity <= self.severity && today <= self.until.as_str()
    }

    /// Is why it does nothing on a day with these findings; none where it does something.
    pub fn idle<'f>(&self, findings: impl IntoIterator<Item = &'f Finding>, today: &str) -> Option<Idle> {
        let mut meant = findings.into_iter().filter(|finding| self.means(finding)).peekable();
        if today > self.until.as_str() {
            Some(Idle::Expired)
        } else if meant.peek().is_none() {
            Some(Idle::Unused)
        } else if meant.all(|finding| !self.covers(finding, today)) {
            Some(Idle::Worse)
        } else {
            None
        }
    }
}

/// What was accepted, by config.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    configs: BTreeMap<String, Vec<Acceptance>>,
}

impl Ledger {
    /// Reads a ledger that was written before.
    ///
    /// # Errors
    /// Where it is not one; the reason is the parser's.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }

    /// Is the ledger as a file.
    ///
    /// # Errors
    /// Where a name in it is not Unicode; the reason is the writer's.
    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        let mut bytes = serde_json::to_vec_pretty(self).map_err(|error| error.to_string())?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Is what was accepted for a config.
    pub fn of(&self, config: &Path) -> &[Acceptance] {
        self.configs.get(&key(config)).map_or(&[], Vec::as_slice)
    }

    /// Adds an acceptance; one of the same finding is replaced.
    pub fn accept(&mut self, config: &Path, acceptance: Acceptance) {
        let list = self.configs.entry(key(config)).or_default();
        list.retain(|known| (&known.check_id, &known.path) != (&acceptance.check_id, &acceptance.path));
        list.push(acceptance);
    }

    /// Takes acceptances of an id back, of one path or of all, and is how many there were.
    pub fn remove(&mut self, config: &Path, id: &str, path: Option<&str>) -> usize {
        let Some(list) = self.configs.get_mut(&key(config)) else {
            return 0;
        };
        let before = list.len();
        list.retain(|known| known.check_id != id || path.is_some() && known.path.as_deref() != path);
        let removed = before - list.len();
        if list.is_empty() {
            self.configs.remove(&key(config));
        }
        removed
    }
}

fn key(config: &Path) -> String {
    config.display().to_string()
}

/// Is the last day of an acceptance, if it is a day that is not over.
///
/// # Errors
/// Where the text is no ISO date, or a day before `today`.
pub fn last_day(text: &str, today: &str) -> Result<String, Said> {
    const NO_DATE: Text = Text {
        en: "\"{text}\" is no date: write year, month and day as in 2027-03-31.",
        ja: "\"{text}\" は日付ではありません。2027-03-31 のように年月日を指定してください。",
    };
    const OVER: Text = Text {
        en: "{text} is over already (today is {today}, UTC): give a day to come.",
        ja: "{text} は過ぎています (今日は UTC で {today})。今日以降の日付を指定してください。",
    };
    if !is_date(text) {
        return Err(NO_DATE.with("text", text));
    }
    if text < today {
        return Err(OVER.with("text", text).with("today", today));
    }
    Ok(text.to_owned())
}

/// Whether a text is a day of the calendar, as in `2027-03-31`.
pub fn is_date(text: &str) -> bool {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(n, byte)| if n == 4 || n == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u32>().ok());
    let (true, Some(year), Some(month), Some(day)) = (shape, number(0..4), number(5..7), number(8..10)) else {
        return false;
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{audit, example};

    const ID: &str = "config.insecure_or_dangerous_flags";
    const FLAG: &str = "hooks.allowRequestSessionKey";

    fn findings() -> Vec<Finding> {
        let config =
            "{hooks: {allowRequestSessionKey: true}, browser: {ssrfPolicy: {dangerouslyAllowPrivateNetwork: true}}}";
        audit(&example(config).expect("a config"))
    }

    fn acceptance(path: Option<&str>, severity: Severity, until: &str) -> Acceptance {
        Acceptance {
            check_id: ID.to_owned(),
            path: path.map(str::to_owned),
            severity,
            reason: "a test".to_owned(),
            until: until.to_owned(),
        }
    }

    fn covered(acceptance: &Acceptance, today: &str) -> usize {
        findings().iter().filter(|finding| acceptance.covers(finding, today)).count()
    }

    #[test]
    fn an_acceptance_covers_its_id_or_one_path_of_it() {
        let all = findings().iter().filter(|finding| finding.id == ID).count();
        assert!(all >= 2);
        assert_eq!(covered(&acceptance(None, Severity::Critical, "2027-01-31"), "2027-01-01"), all);
        assert_eq!(covered(&acceptance(Some(FLAG), Severity::Critical, "2027-01-31"), "2027-01-01"), 1);
    }

    #[test]
    fn it_holds_through_its_last_day_and_no_longer() {
        let accepted = acceptance(Some(FLAG), Severity::Critical, "2027-01-31");
        assert_eq!(covered(&accepted, "2027-01-31"), 1);
        assert_eq!(accepted.idle(&findings(), "2027-01-31"), None);
        assert_eq!(covered(&accepted, "2027-02-01"), 0);
        assert_eq!(accepted.idle(&findings(), "2027-02-01"), Some(Idle::Expired));
    }

    #[test]
    fn a_finding_that_became_worse_is_not_covered() {
        let accepted = acceptance(Some(FLAG), Severity::Info, "2027-01-31");
        assert_eq!(accepted.idle(&findings(), "2027-01-01"), Some(Idle::Worse));
    }

    #[test]
    fn an_acceptance_of_nothing_is_unused() {
        let accepted = acceptance(Some("hooks.other"), Severity::Critical, "2027-01-31");
        assert_eq!(accepted.idle(&findings(), "2027-01-01"), Some(Idle::Unused));
    }

    #[test]
    fn a_ledger_reads_back_what_it_wrote_and_keeps_configs_apart() {
        let (one, two) = (Path::new("/a/openclaw.json"), Path::new("/b/openclaw.json"));
        let mut ledger = Ledger::default();
        ledger.accept(one, acceptance(None, Severity::Warn, "2027-01-31"));
        ledger.accept(one, acceptance(Some(FLAG), Severity::Warn, "2027-01-31"));
        ledger.accept(one, acceptance(Some(FLAG), Severity::Warn, "2028-01-31"));
        let read = Ledger::parse(&ledger.bytes().expect("names in Unicode")).expect("a ledger");
        assert_eq!(read, ledger);
        assert_eq!(read.of(one).len(), 2);
        assert_eq!(read.of(one)[1].until, "2028-01-31");
        assert!(read.of(two).is_empty());
    }

    #[test]
    fn removal_takes_one_path_or_all() {
        let config = Path::new("/a/openclaw.json");
        let mut ledger = Ledger::default();
        ledger.accept(config, acceptance(None, Severity::Warn, "2027-01-31"));
        ledger.accept(config, acceptance(Some(FLAG), Severity::Warn, "2027-01-31"));
        assert_eq!(ledger.clone().remove(config, ID, None), 2);
        assert_eq!(ledger.remove(config, ID, Some(FLAG)), 1);
        assert_eq!(ledger.remove(config, "another", None), 0);
        assert_eq!(ledger.of(config).len(), 1);
    }

    #[test]
    fn what_is_no_ledger_is_an_error() {
        assert!(Ledger::parse(b"[]").is_err());
        assert!(
            Ledger::parse(
                br#"{"configs":{"/a":[{"checkId":"x","severity":"bad","reason":"r","until":"2027-01-01"}]}}"#
            )
            .is_err()
        );
    }

    #[test]
    fn only_days_of_the_calendar_that_are_not_over_are_taken() {
        let taken = |text: &str| last_day(text, "2026-11-22").is_ok();
        for day in ["2026-11-22", "2026-11-30", "2028-02-29", "2027-12-31"] {
            assert!(taken(day), "{day}");
        }
        for no_day in [
            "2026-11-21",
            "2027-02-29",
            "2027-04-31",
            "2027-13-01",
            "2027-00-10",
            "2027-01-00",
            "soon",
            "2027-1-1",
            "2027-01-01 ",
        ] {
            assert!(!taken(no_day), "{no_day}");
        }
    }
}

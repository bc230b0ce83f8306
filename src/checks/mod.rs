//! One literal a check, a file a topic.
//!
//! A check that OpenClaw's audit also makes bears OpenClaw's `checkId` and agrees with it in condition, count and severity
//! (2026.9.6). Checks that only we make begin with `harden.`.

use crate::document::Path;
use crate::settings::Settings;
use crate::text::{Said, Text};

/// How much a finding matters, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be mended.
    Warn,
    /// Must be mended.
    Critical,
}

/// One thing that can be wrong.
pub struct Check {
    /// OpenClaw's `checkId`, or one of ours, `harden.<area>.<what>`. A place such as `<provider>` is filled by the hit.
    pub id: &'static str,
    /// Its usual severity; a hit may carry another where OpenClaw's does.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub title: Text,
    /// Why it matters: who could do what from where.
    pub why: Text,
    /// Looks. What cannot be known is a hit with [`Hit::unknown`], never a silent pass.
    pub test: fn(&Settings) -> Vec<Hit>,
    /// What mends it.
    pub mend: Mend,
    /// A config that has it.
    pub risky: &'static str,
    /// The same config without it.
    pub safe: &'static str,
    /// Where it is described: OpenClaw's page or key.
    pub reference: &'static str,
}

/// What mends a finding. Either way the text says exactly how to do it by hand.
#[derive(Clone, Copy, Debug)]
pub enum Mend {
    /// A plan for the posture `personal` does.
    ByPlan(Text),
    /// Only the administrator can.
    Manual(Text),
}

impl Mend {
    /// Is how to do it by hand.
    pub const fn text(self) -> Text {
        match self {
            Mend::ByPlan(text) | Mend::Manual(text) => text,
        }
    }
}

/// One occurrence of a check.
#[derive(Clone, Debug, Default)]
pub struct Hit {
    /// The id where it has places to fill, as in `tools.elevated.allowFrom.telegram.wildcard`.
    pub id: Option<String>,
    /// The severity where it is not the usual one.
    pub severity: Option<Severity>,
    /// The keys that show it, as the file has them.
    pub paths: Vec<Path>,
    /// What was found.
    pub actual: Option<String>,
    /// What should be there.
    pub expected: Option<String>,
    /// Why it could not be known, where it could not.
    pub unknown: Option<Said>,
}

/// A hit with its check.
#[derive(Clone)]
pub struct Finding {
    /// What it is a case of.
    pub check: &'static Check,
    /// The id with its places filled.
    pub id: String,
    /// Its severity here.
    pub severity: Severity,
    /// Its evidence.
    pub hit: Hit,
}

/// Runs every check. Order: critical first, then as in the catalogue.
pub fn audit(settings: &Settings) -> Vec<Finding> {
    let mut findings: Vec<Finding> = catalogue()
        .flat_map(|check| {
            (check.test)(settings).into_iter().map(move |hit| Finding {
                check,
                id: hit.id.clone().unwrap_or_else(|| check.id.to_owned()),
                severity: hit.severity.unwrap_or(check.severity),
                hit,
            })
        })
        .collect();
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    findings
}

/// Is every check, a topic after the other.
pub fn catalogue() -> impl Iterator<Item = &'static Check> {
    [].into_iter()
}

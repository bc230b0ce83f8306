//! The way through a report, one finding after another: what each is here, what closes it, and what was decided.

mod way;

pub use way::{Fix, View};

use crate::accepted::{Acceptance, last_day};
use crate::checks::{Check, Finding, Severity, meant_by};
use crate::findings::{Kind, REFUSED, Report, Reported};
use crate::plan::{Answers, Pick, Plan, Undecided, Wanted};
use crate::posture::Posture;
use crate::text::{Said, Text};
use std::collections::BTreeMap;

#[cfg(test)]
mod tests;

/// The order in which OpenClaw's page on the audit wants findings dealt with (2026.9.6, gateway/security/running-the-audit):
/// what is open and has tools, what can be reached, the browser, permissions, plugins, models. The first fitting line counts.
const ORDER: &[(usize, &[&str])] = &[
    (0, &[REFUSED]),
    (3, &["browser.", "harden.browser.", "sandbox.browser_container."]),
    (4, &["fs.", "config.secrets.", "harden.files.", "harden.secrets.", "PLAINTEXT_FOUND", "REF_"]),
    (5, &["plugins.", "skills.", "mcp.", "harden.plugins.", "harden.mcp.", "hooks.installs_"]),
    (6, &["models."]),
    (2, &["gateway.", "hooks.", "discovery.", "harden.gateway.", "harden.control_ui.", "harden.hooks."]),
    (
        1,
        &[
            "security.exposure.",
            "security.trust_model.",
            "channels.",
            "tools.",
            "sandbox.",
            "harden.pairing.",
            "harden.session.",
            "harden.commands.",
            "harden.tools.",
            "harden.sandbox.",
            "harden.workspace.",
        ],
    ),
];
/// What the order does not name comes last.
const LAST: usize = 7;

/// One thing to walk by: all that was reported under one id.
#[derive(Clone)]
pub struct Item {
    /// Its id; of a secret in plain text, with the key behind it.
    pub id: String,
    /// Its worst severity.
    pub severity: Severity,
    /// What the report says of it; nothing where a change brought it to light.
    pub reported: Vec<Reported>,
    /// The check of ours that looks for it.
    pub check: Option<&'static Check>,
}

impl Item {
    /// Whether a finding of our audit is this.
    pub fn is(&self, finding: &Finding) -> bool {
        match self.reported.first() {
            Some(reported) => reported.is(finding),
            None => finding.id == self.id,
        }
    }

    /// Whether it is that OpenClaw refuses the config.
    pub fn is_refusal(&self) -> bool {
        self.id == REFUSED
    }

    fn wanted<R>(&self, ask: impl FnOnce(&Wanted<'_>) -> R) -> R {
        if self.is_refusal() {
            return ask(&Wanted::Refusal);
        }
        let check = self.check.map(|check| (check, self.id.as_str()));
        ask(&Wanted::Findings(&|finding| self.is(finding), check))
    }

    /// Whether the config has it, before a plan or after it.
    fn stands(&self, issues: &[crate::settings::schema::Issue], findings: &[Finding]) -> bool {
        if self.is_refusal() { !issues.is_empty() } else { findings.iter().any(|finding| self.is(finding)) }
    }
}

/// How it stands with an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The config shows it.
    Open,
    /// The plan closes it: by the fix of the item that is named, or by writing the file at all.
    Closed(Option<String>),
    /// The config does not show it any more.
    Gone,
    /// The config's own suppressions keep it out of the audit, for this reason.
    Suppressed(String),
    /// No audit here can tell whether it is still so.
    Unseen,
    /// No check of ours looks for it.
    Foreign,
}

/// What the administrator decided on an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// These answers close it.
    Fix(Vec<(String, Pick)>),
    /// It is for later.
    Skip,
    /// The administrator does it by hand.
    ByHand,
    /// It is lived with.
    Accept {
        /// Why.
        reason: String,
        /// The last day, as an ISO date.
        until: String,
    },
}

/// What became of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is closed, by its own fix or with the item that is named.
    Fixed(Option<String>),
    /// It is accepted.
    Accepted {
        /// Why.
        reason: String,
        /// The last day.
        until: String,
    },
    /// It was gone before.
    Gone,
    /// It is left, to be done by hand.
    ByHand,
    /// It is left as it is.
    Left,
    /// It is none of ours.
    NotOurs,
}

/// All that was decided on a walk: what undo and redo go between.
#[derive(Clone, Debug, PartialEq)]
pub struct Decided {
    posture: Posture,
    decisions: Vec<(String, Decision)>,
    beside: BTreeMap<String, Pick>,
    closed_with: BTreeMap<String, String>,
}

/// A walk through one report.
pub struct Walk {
    /// What is walked through.
    pub report: Report,
    /// The items, in the order of OpenClaw's guidance.
    items: Vec<Item>,
    /// What was decided before the walk.
    base: Answers,
    decisions: Vec<(String, Decision)>,
    /// What was decided beside the walk, as on Review: it counts last.
    beside: BTreeMap<String, Pick>,
    /// With which item's fix others went.
    closed_with: BTreeMap<String, String>,
    /// The checks that cannot be made here.
    not_made: Vec<&'static str>,
}

impl Walk {
    /// Begins a walk; `plan` is of the config as it is, and what nobody decides on stays as it is from now on.
    pub fn new(report: Report, plan: &Plan, answers: &Answers) -> Self {
        let mut items: Vec<Item> = Vec::new();
        for one in &report.findings {
            let id = match (report.kind, &one.key) {
                (Kind::Secrets, Some(key)) => format!("{} {key}", one.id),
                _ => one.id.clone(),
            };
            match items.iter_mut().find(|item| item.id == id) {
                Some(item) => {
                    item.severity = item.severity.max(one.severity);
                    item.reported.push(one.clone());
                }
                None => {
                    let (severity, reported) = (one.severity, vec![one.clone()]);
                    items.push(Item { check: one.check(), id, severity, reported });
                }
            }
        }
        let mut walk = Walk {
            base: Answers { undecided: Undecided::Nothing, ..answers.clone() },
            not_made: plan.not_made().iter().map(|(check, _)| check.id).collect(),
            report,
            items,
            decisions: Vec::new(),
            beside: BTreeMap::new(),
            closed_with: BTreeMap::new(),
        };
        if walk.report.kind == Kind::Refused {
            // OpenClaw has audited nothing: what our own audit finds stands in its place.
            walk.uncover(&plan.before);
        }
        walk.sort();
        walk
    }

    /// Is the items, in the order of OpenClaw's guidance.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// Is what was decided on an item.
    pub fn decision(&self, id: &str) -> Option<&Decision> {
        self.decisions.iter().find(|(known, _)| known == id).map(|(_, decision)| decision)
    }

    /// How it stands with an item under a plan with the walk's answers.
    pub fn state(&self, item: &Item, plan: &Plan) -> State {
        let is_ours = item.check.is_some() || item.is_refusal() || item.id.starts_with("PLAINTEXT_FOUND");
        let was = item.stands(&plan.issues, &plan.before);
        let suppressed = item.reported.iter().find_map(|one| one.suppressed.clone());
        match (suppressed, item.stands(&plan.issues_after, &plan.after)) {
            (_, true) => State::Open,
            (Some(reason), false) if !was => State::Suppressed(reason),
            _ if was || item.reported.is_empty() => State::Closed(self.closed_with.get(&item.id).cloned()),
            _ if !is_ours => State::Foreign,
            _ if item.check.is_some_and(|check| self.not_made.contains(&check.id)) => State::Unseen,
            _ => State::Gone,
        }
    }

    /// Decides on an item.
    pub fn decide(&mut self, id: &str, decision: Decision) {
        self.undo(id);
        if let Decision::Fix(picks) = &decision {
            picks.iter().for_each(|(key, _)| _ = self.beside.remove(key));
        }
        self.decisions.push((id.to_owned(), decision));
    }

    /// Takes a decision back.
    pub fn undo(&mut self, id: &str) {
        self.decisions.retain(|(known, _)| known != id);
        self.closed_with.retain(|_, with| with != id);
    }

    /// Is the answers that the decisions come to.
    pub fn answers(&self) -> Answers {
        self.answers_without(None)
    }

    /// Is the same without what was decided on one item.
    fn answers_without(&self, id: Option<&str>) -> Answers {
        let mut answers = self.base.clone();
        for (_, decision) in self.decisions.iter().filter(|(known, _)| Some(known.as_str()) != id) {
            if let Decision::Fix(picks) = decision {
                answers.picks.extend(picks.iter().cloned());
            }
        }
        answers.picks.extend(self.beside.clone());
        answers
    }

    /// Decides on a row beside the walk; none takes that back.
    pub fn decide_beside(&mut self, key: &str, pick: Option<Pick>) {
        match pick {
            Some(pick) => self.beside.insert(key.to_owned(), pick),
            None => self.beside.remove(key),
        };
    }

    /// Is all that was decided so far.
    pub fn decided(&self) -> Decided {
        Decided {
            posture: self.base.posture,
            decisions: self.decisions.clone(),
            beside: self.beside.clone(),
            closed_with: self.closed_with.clone(),
        }
    }

    /// Goes to other decisions, as they were.
    pub fn return_to(&mut self, decided: Decided) {
        let Decided { posture, decisions, beside, closed_with } = decided;
        self.base.posture = posture;
        (self.decisions, self.beside, self.closed_with) = (decisions, beside, closed_with);
    }

    /// Reaches for another posture from now on.
    pub fn set_posture(&mut self, posture: Posture) {
        self.base.posture = posture;
    }

    /// Takes in what a decision on an item did: what it closed beside it, and what it brought to light.
    pub fn learn(&mut self, id: &str, before: &Plan, after: &Plan) {
        let closed: Vec<String> = self
            .items
            .iter()
            .filter(|item| item.stands(&before.issues_after, &before.after))
            .filter(|item| !item.stands(&after.issues_after, &after.after))
            .map(|item| item.id.clone())
            .collect();
        self.closed_with.extend(closed.into_iter().map(|closed| (closed, id.to_owned())));
        let is_new = |finding: &&Finding| {
            self.report.kind == Kind::Refused || after.before.iter().all(|known| known.id != finding.id)
        };
        let new: Vec<Finding> = after.after.iter().filter(is_new).cloned().collect();
        self.uncover(&new);
        if !after.issues_after.is_empty() && !self.items.iter().any(Item::is_refusal) {
            let (severity, reported) = (Severity::Critical, Vec::new());
            self.items.push(Item { id: REFUSED.to_owned(), severity, reported, check: None });
        }
        self.sort();
    }

    /// Adds findings that the report does not name.
    fn uncover(&mut self, findings: &[Finding]) {
        for finding in findings.iter().filter(|finding| finding.severity > Severity::Info) {
            if self.items.iter().any(|item| item.is(finding)) {
                continue;
            }
            let (id, severity) = (finding.id.clone(), finding.severity);
            self.items.push(Item { check: meant_by(&id), id, severity, reported: Vec::new() });
        }
    }

    fn sort(&mut self) {
        self.items
            .sort_by_key(|item| (item.severity == Severity::Info, rank(&item.id), std::cmp::Reverse(item.severity)));
    }

    /// Is what becomes of an item under a plan with the walk's answers.
    pub fn outcome(&self, item: &Item, plan: &Plan) -> Outcome {
        match (self.state(item, plan), self.decision(&item.id)) {
            (State::Closed(with), _) => Outcome::Fixed(with.filter(|with| *with != item.id)),
            (State::Gone, _) => Outcome::Gone,
            (State::Suppressed(reason), _) => Outcome::Accepted { reason, until: String::new() },
            (_, Some(Decision::Accept { reason, until })) => {
                Outcome::Accepted { reason: reason.clone(), until: until.clone() }
            }
            (_, Some(Decision::ByHand)) => Outcome::ByHand,
            (State::Foreign | State::Unseen, _) => Outcome::NotOurs,
            (State::Open, _) => Outcome::Left,
        }
    }

    /// Is what was accepted, of findings that stay.
    pub fn acceptances(&self, plan: &Plan) -> Vec<Acceptance> {
        let accepted = self.items.iter().filter_map(|item| match self.decision(&item.id) {
            Some(Decision::Accept { reason, until }) => {
                let stays = || plan.after.iter().filter(|finding| item.is(finding));
                // What only another program's audit has is not in ours to be accepted.
                let severity = stays().map(|finding| finding.severity).max()?;
                let one = stays().next()?;
                let path = item.id.contains(' ').then(|| one.hit.paths.first().map(ToString::to_string)).flatten();
                let (check_id, reason, until) = (one.id.clone(), reason.clone(), until.clone());
                Some(Acceptance { check_id, path, severity, reason, until })
            }
            _ => None,
        });
        accepted.collect()
    }

    /// Whether anything was decided.
    pub fn has_decisions(&self) -> bool {
        !self.decisions.is_empty()
    }
}

/// Is the place of an id in the order.
fn rank(id: &str) -> usize {
    let fits = |(_, beginnings): &&(usize, &[&str])| beginnings.iter().any(|beginning| id.starts_with(beginning));
    ORDER.iter().find(fits).map_or(LAST, |(rank, _)| *rank)
}

/// Reads an acceptance that was typed: the last day, then the reason.
///
/// # Errors
/// Where the day is none, or is over, or the reason is missing.
pub fn acceptance(typed: &str, today: &str) -> Result<Decision, Said> {
    const NO_REASON: Text = Text {
        en: "Write the reason behind the day, as in 2027-03-31 only reachable through the VPN.",
        ja: "日付のあとに理由を入力してください。例: 2027-03-31 VPN からのみ接続可能",
    };
    let typed = typed.trim();
    let (day, reason) = typed.split_once(char::is_whitespace).unwrap_or((typed, ""));
    let until = last_day(day, today)?;
    match reason.trim() {
        "" => Err(NO_REASON.into()),
        reason => Ok(Decision::Accept { reason: reason.to_owned(), until }),
    }
}

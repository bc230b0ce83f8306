//! The rows of the plan, as the screens speak of them: which findings are theirs, what they are called, what they come to.

use super::Session;
use crate::checks::{Finding, Severity};
use crate::document::Places;
use crate::plan::{Pick, Planned};
use crate::posture::{Step, Weight};
use crate::text::{Text, harmless};
use crate::tui::words;
use std::collections::HashMap;

impl Session {
    /// Is the rows of a step.
    pub fn rows(&self, step: Step) -> impl Iterator<Item = &Planned> {
        self.plan.rows.iter().filter(move |row| row.control.step == step)
    }

    /// Is a row by its key.
    pub fn row(&self, key: &str) -> Option<&Planned> {
        self.plan.rows.iter().find(|row| row.key() == key)
    }

    /// Is the rows of a step that recommend an Ask on which nobody decided.
    pub fn open_asks(&self, step: Step) -> impl Iterator<Item = &Planned> {
        self.rows(step).filter(|row| row.is_open_ask())
    }

    /// Is what has to be known before a step can be decided, where that is still looked for.
    pub fn awaited(&self, step: Step) -> Option<Text> {
        self.rows(step).find_map(|row| row.row.awaits)
    }

    /// How many Asks wait for a decision. On a walk none does: what the report does not name was not asked about.
    pub fn waiting(&self) -> usize {
        if self.walk.is_some() { 0 } else { self.plan.rows.iter().filter(|row| row.is_open_ask()).count() }
    }

    /// Is what tells the row that a finding of the file is dealt with in: the one that names it, else the first whose key it speaks of.
    pub fn row_finder<'s>(&'s self) -> impl Fn(&Finding) -> Option<&'s Planned> {
        let rows = &self.plan.rows;
        let places: Places<usize> = rows.iter().enumerate().map(|(n, row)| (&row.row.path, n)).collect();
        move |finding| {
            let remaining = self.rows(Step::Remaining).find(|row| names(finding, row));
            let first = || finding.hit.paths.iter().flat_map(|path| places.meeting(path)).min();
            remaining.or_else(|| Some(&rows[*first()?]))
        }
    }

    /// Is the rows of a step, each with the worst that stays open as long as its recommendation is not taken.
    pub fn risks(&self, step: Step) -> impl Iterator<Item = (&Planned, Option<Severity>)> {
        let rows = || self.plan.rows.iter().filter(move |row| row.control.step == step);
        let risks = self.risks[step as usize].get_or_init(|| match step {
            Step::Remaining => {
                let mut named: HashMap<&str, Severity> = HashMap::new();
                for finding in &self.plan.after {
                    for name in [finding.id.as_str(), finding.check.id] {
                        let worst = named.entry(name).or_insert(finding.severity);
                        *worst = finding.severity.max(*worst);
                    }
                }
                rows().map(|row| named.get(row.row.part?).copied()).collect()
            }
            _ => {
                let after = self
                    .plan
                    .after
                    .iter()
                    .flat_map(|finding| finding.hit.paths.iter().map(move |path| (path, finding)));
                let open: Places<&Finding> = after.collect();
                rows().map(|row| risk(row, &open)).collect()
            }
        });
        rows().zip(risks.iter().copied())
    }

    /// Is the findings in the file that speak of a row's key, the worst first, each with whether the plan closes it.
    pub fn findings_of(&self, row: &Planned) -> Vec<(&Finding, bool)> {
        let mut found: Vec<(&Finding, bool)> = Vec::new();
        for finding in &self.plan.before {
            if speaks_of(finding, row) && found.iter().all(|(known, _)| known.id != finding.id) {
                let closed = self.plan.after.iter().all(|left| left.id != finding.id);
                found.push((finding, closed));
            }
        }
        found.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity));
        found
    }

    /// Is what a row is called: its label, and whose it is.
    pub fn title(&self, row: &Planned) -> String {
        match self.whose(row) {
            whose if whose.is_empty() => self.say(row.label()).to_owned(),
            whose => format!("{} - {whose}", self.say(row.label())),
        }
    }

    /// Is whose a row is; empty where it is global.
    pub fn whose(&self, row: &Planned) -> String {
        row.row.whose.as_ref().map(|whose| whose.of(self.lang())).unwrap_or_default()
    }

    /// Is the value that a row gets; none where it keeps what it has. For an Ask that waits, what it would get, with a question mark;
    /// for what is not known yet, that it is looked at.
    pub fn value_after(&self, row: &Planned) -> Option<String> {
        match spoken_of(row) {
            Some(0) if row.row.awaits.is_some() => Some(self.say(words::LOOKING).to_owned()),
            Some(0) => None,
            Some(n) if row.row.choices[n].weight == Weight::Manual => None,
            Some(n) if row.is_open_ask() => Some(format!("{}?", row.row.choices[n].shown(self.lang()))),
            Some(n) => Some(row.row.choices[n].shown(self.lang())),
            None => match self.answers.picks.get(&row.key())? {
                Pick::Text(text) => Some(typed(text)),
                Pick::Choice(_) => None,
            },
        }
    }
}

/// Is the worst of what stays open in its place as long as a row's recommendation is not taken.
fn risk(row: &Planned, open: &Places<&Finding>) -> Option<Severity> {
    // What is mended by hand recommends nothing to choose.
    let waits = row.row.recommended > 0 && row.taken == Some(0);
    waits.then(|| open.meeting(&row.row.path).map(|finding| finding.severity).max()).flatten()
}

/// Whether a row is about a finding by name.
fn names(finding: &Finding, row: &Planned) -> bool {
    row.row.part == Some(finding.id.as_str()) || row.row.part == Some(finding.check.id)
}

fn speaks_of(finding: &Finding, row: &Planned) -> bool {
    finding.hit.paths.iter().any(|seen| seen.meets(&row.row.path))
}

/// Is a typed text on one line: its entries, without blank ones.
pub fn typed(text: &str) -> String {
    let entries: Vec<&str> = text.lines().map(str::trim).filter(|entry| !entry.is_empty()).collect();
    harmless(&entries.join(", "))
}

/// Is the choice to speak of: what is taken, or what is recommended and waits; none where a text was typed.
pub fn spoken_of(row: &Planned) -> Option<usize> {
    let recommended = row.row.choices[row.row.recommended].weight;
    let waits = row.is_open_ask() || (!row.decided && recommended == Weight::Manual);
    if waits { Some(row.row.recommended) } else { row.taken }
}

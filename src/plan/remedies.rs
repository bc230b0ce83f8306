//! What closes a finding: the choices that do it alone, and those that do it together.

use super::{Answers, Pick, Plan, Planned, Stop, Undecided, key};
use crate::checks::{Check, Finding, Severity, audit};
use crate::document::{EditError, Path};
use crate::posture::{Means, Step, Weight};
use crate::settings::Settings;
use crate::text::Text;
use std::collections::{BTreeMap, BTreeSet};

/// How many remedies of one finding are worth a look.
const MOST: usize = 6;

/// Answers that close something, to be given together.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// The answers, by [`Planned::key`], in the order of the steps.
    pub picks: Vec<(String, Pick)>,
    /// Whether it may be taken unseen: as the heaviest of its changes.
    pub weight: Weight,
    /// Whether the posture recommends all of it.
    pub recommended: bool,
    /// How many findings that matter it brings.
    pub brings: usize,
    /// What stops working by it.
    pub stops: Vec<Stop>,
}

/// A row that takes a typed text and stands at a key that shows the finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    /// The name under which its answer is kept.
    pub key: String,
    /// Its label.
    pub label: Text,
}

/// What an administrator wants closed.
pub enum Wanted<'w> {
    /// The findings that this is true of; all of them are hits of this check with this id, where one is named.
    Findings(&'w dyn Fn(&Finding) -> bool, Option<(&'static Check, &'w str)>),
    /// The reasons for which OpenClaw refuses the config.
    Refusal,
}

impl Wanted<'_> {
    fn is_closed(&self, plan: &Plan) -> bool {
        match self {
            Wanted::Findings(is, _) => !plan.after.iter().any(is),
            Wanted::Refusal => plan.issues_after.is_empty(),
        }
    }

    /// Whether a plan closes it, and OpenClaw takes the result if it takes that of the plan it goes on from.
    fn is_closed_from(&self, from: &Plan, plan: &Plan) -> bool {
        self.is_closed(plan) && (plan.issues_after.is_empty() || !from.issues_after.is_empty())
    }
}

impl Plan {
    /// Is the ways to close what is wanted, beyond the answers that this plan has, each with the plan that it comes to; the best
    /// first, none where only the administrator can. Each does close it, and OpenClaw takes the result if it takes the config now.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn remedies(
        &self,
        means: &Means,
        answers: &Answers,
        wanted: &Wanted<'_>,
    ) -> Result<Vec<(Remedy, Plan)>, EditError> {
        let mut remedies: Vec<(Remedy, Plan)> = Vec::new();
        let stopped = self.stops(means);
        let mut proved = |picks: Vec<(String, Pick)>, recommended: bool| -> Result<bool, EditError> {
            if picks.is_empty() || remedies.iter().any(|(known, _)| known.picks == picks) {
                return Ok(false);
            }
            let plan = self.again(means, &with(answers, &picks))?;
            let closes = wanted.is_closed_from(self, &plan);
            if closes {
                let weight = plan.weight_of(&picks);
                let stops = plan.stops(means).into_iter().filter(|stop| !stopped.contains(stop)).collect();
                let brings = plan.after.iter().filter(|finding| {
                    finding.severity > Severity::Info && self.after.iter().all(|known| known.id != finding.id)
                });
                let brings = brings.count();
                remedies.push((Remedy { picks, weight, recommended, brings, stops }, plan));
            }
            Ok(closes)
        };
        if let Some(picks) = self.recommended(means, answers, wanted)? {
            proved(picks, true)?;
        }
        if let Wanted::Findings(is, check) = wanted {
            // Each proof plans anew: when enough are found, no more are tried.
            let mut alone = self.alone(is, *check);
            alone.sort_by_key(|(_, recommended)| !recommended);
            let mut found = 0;
            for (pick, recommended) in alone {
                found += usize::from(proved(vec![pick], recommended)?);
                if found == MOST {
                    break;
                }
            }
        }
        // First what is recommended; of that, what brings least and keeps most working.
        remedies.sort_by_key(|(one, _)| (!one.recommended, one.brings, one.weight, one.stops.len(), one.picks.len()));
        remedies.truncate(MOST);
        Ok(remedies)
    }

    /// Is the rows at keys that show what is wanted, or around them, that take a typed text.
    pub fn typed_at(&self, shown: &[Path]) -> Vec<Typed> {
        let at = |row: &&Planned| row.row.field.is_some() && shown.iter().any(|path| path.meets(&row.row.path));
        self.rows.iter().filter(at).map(|row| Typed { key: row.key(), label: row.label() }).collect()
    }

    /// Is how much answers weigh together.
    fn weight_of(&self, picks: &[(String, Pick)]) -> Weight {
        let weights = picks.iter().filter_map(|(key, _)| self.rows.iter().find(|row| row.key() == *key));
        weights.map(Planned::weight).max().unwrap_or(Weight::Keep)
    }

    /// Is the choices that close all of it by themselves, each with whether its row recommends it. What is suppressed counts as
    /// open here where one check alone is asked: that is a hundredth of an audit.
    fn alone(
        &self,
        is: &dyn Fn(&Finding) -> bool,
        check: Option<(&'static Check, &str)>,
    ) -> Vec<((String, Pick), bool)> {
        let stands = |settings: &Settings| match check {
            Some((check, id)) => {
                let hits = (check.test)(settings);
                hits.iter().any(|hit| !hit.not_made && hit.id.as_deref().unwrap_or(check.id) == id)
            }
            None => audit(settings).iter().any(is),
        };
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for row in &self.rows {
            let others =
                row.row.choices.iter().enumerate().filter(|(n, choice)| {
                    Some(*n) != row.taken && !matches!(choice.weight, Weight::Keep | Weight::Manual)
                });
            for (n, choice) in others {
                let mut settings = self.settings_after.clone();
                settings.edit(&choice.edits);
                if !stands(&settings) && seen.insert((key(row.control, &row.row), n)) {
                    found.push(((row.key(), Pick::Choice(choice.value.clone())), n == row.row.recommended));
                }
            }
        }
        found
    }

    /// Is the smallest set of recommended answers that closes it together, where all of them do.
    fn recommended(
        &self,
        means: &Means,
        answers: &Answers,
        wanted: &Wanted<'_>,
    ) -> Result<Option<Vec<(String, Pick)>>, EditError> {
        let all = self.again(means, &Answers { undecided: Undecided::All, ..answers.clone() })?;
        if !wanted.is_closed(&all) {
            return Ok(None);
        }
        let candidates: Vec<(String, Pick)> = all
            .rows
            .iter()
            .filter(|row| !row.decided && row.weight() != Weight::Keep)
            .filter_map(|row| Some((row.key(), Pick::Choice(row.row.choices[row.taken?].value.clone()))))
            .collect();
        let closes = |picks: &[(String, Pick)]| -> Result<bool, EditError> {
            Ok(wanted.is_closed_from(self, &self.again(means, &with(answers, picks))?))
        };
        // What mends a refused config belongs together.
        let is_mend =
            |(key, _): &&(String, Pick)| all.rows.iter().any(|row| row.control.step == Step::Mend && row.key() == *key);
        if matches!(wanted, Wanted::Refusal) {
            let mends: Vec<(String, Pick)> = candidates.iter().filter(is_mend).cloned().collect();
            if closes(&mends)? {
                return Ok(Some(mends));
            }
        }
        // What must be in it: the last answer of the shortest beginning that closes it, then the same for what is still open.
        let mut needed: Vec<(String, Pick)> = Vec::new();
        let mut reach = candidates.len();
        while !closes(&needed)? {
            let with_first = |count: usize| [&candidates[..count], needed.as_slice()].concat();
            if reach == 0 || !closes(&with_first(reach))? {
                return Ok(None);
            }
            let (mut open, mut closed) = (0, reach);
            while closed - open > 1 {
                let middle = open.midpoint(closed);
                if closes(&with_first(middle))? {
                    closed = middle;
                } else {
                    open = middle;
                }
            }
            needed.insert(0, candidates[closed - 1].clone());
            reach = closed - 1;
        }
        Ok(Some(needed))
    }
}

/// Is answers with more of them.
pub fn with(answers: &Answers, picks: &[(String, Pick)]) -> Answers {
    let mut all: BTreeMap<String, Pick> = answers.picks.clone();
    all.extend(picks.iter().cloned());
    Answers { picks: all, ..answers.clone() }
}

//! What can be done about one item, worked out to its end: the lines that show it, each fix with its diff and what it breaks.

use super::{Decision, Item, State, Walk};
use crate::checks::{Finding, Severity};
use crate::document::{EditError, Path};
use crate::plan::{Answers, DiffLine, Evidence, Plan, Remedy, Typed};
use crate::posture::{Means, Weight};
use crate::text::{Said, Text};
use std::collections::BTreeSet;

/// How many lines of the file are shown for one item.
const MOST_LINES: usize = 12;

/// What is known of an item, and what can be done.
pub struct View {
    /// How it stands with it.
    pub state: State,
    /// The findings of our audit that are this.
    pub findings: Vec<Finding>,
    /// The lines of the config that show it, each with the keys that stand there.
    pub lines: Vec<(Evidence, Vec<Path>)>,
    /// The keys that show it and do not stand in the file: their default counts.
    pub unset: Vec<Path>,
    /// The fixes, the best first.
    pub fixes: Vec<Fix>,
    /// The rows whose value can be typed instead.
    pub typed: Vec<Typed>,
}

/// A fix, with all that it does.
pub struct Fix {
    /// What it answers.
    pub remedy: Remedy,
    /// What is set: the label of each row, whose it is, and the value.
    pub sets: Vec<(Text, Option<Said>, Said)>,
    /// What each of them does.
    pub effects: Vec<Said>,
    /// The diff that it makes beyond what was decided already.
    pub diff: Vec<DiffLine>,
    /// The other items that it closes too.
    pub closes: Vec<String>,
    /// The findings that it brings, by id.
    pub brings: Vec<String>,
}

impl Walk {
    /// Works out what can be done about an item; `plan` has the walk's answers.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn view(&self, item: &Item, plan: &Plan, means: &Means) -> Result<View, EditError> {
        let state = self.state(item, plan);
        let found = if plan.before.iter().any(|finding| item.is(finding)) { &plan.before } else { &plan.after };
        let findings: Vec<Finding> = found.iter().filter(|finding| item.is(finding)).cloned().collect();
        let mut paths: Vec<&Path> = findings.iter().flat_map(|finding| &finding.hit.paths).collect();
        if item.is_refusal() {
            paths = plan.issues.iter().map(|issue| &issue.path).collect();
        }
        let (mut lines, mut unset): (Vec<(Evidence, Vec<Path>)>, Vec<Path>) = (Vec::new(), Vec::new());
        for path in paths.iter().copied() {
            let Some(line) = plan.evidence(path) else {
                if !unset.contains(path) && !path.segs().is_empty() {
                    unset.push(path.clone());
                }
                continue;
            };
            match lines.iter().position(|(known, _)| *known == line) {
                Some(at) if !lines[at].1.contains(path) => lines[at].1.push(path.clone()),
                None if lines.len() < MOST_LINES => lines.push((line, vec![path.clone()])),
                _ => {}
            }
        }
        lines.sort_by(|(a, _), (b, _)| (&a.file, a.line).cmp(&(&b.file, b.line)));
        let answers = self.answers_without(Some(&item.id));
        let own = self.without_fix(item, plan, means, &answers)?;
        let without = own.as_ref().unwrap_or(plan);
        let is_open = item.stands(&without.issues_after, &without.after);
        let remedies = match is_open {
            true => item.wanted(|wanted| without.remedies(means, &answers, wanted))?,
            false => Vec::new(),
        };
        let paths: Vec<Path> = paths.into_iter().cloned().collect();
        let typed = if is_open { without.typed_at(&paths) } else { Vec::new() };
        let fixes = remedies.into_iter().map(|(remedy, then)| self.fix(item, remedy, without, &then)).collect();
        Ok(View { state, findings, lines, unset, fixes, typed })
    }

    /// Is the plan without the item's own fix, where it has one; `answers` are those without it.
    fn without_fix(
        &self,
        item: &Item,
        plan: &Plan,
        means: &Means,
        answers: &Answers,
    ) -> Result<Option<Plan>, EditError> {
        let is_fixed = matches!(self.decision(&item.id), Some(Decision::Fix(_)));
        is_fixed.then(|| plan.again(means, answers)).transpose()
    }

    /// Tells what a remedy does beyond a plan; `plan` has both.
    fn fix(&self, item: &Item, remedy: Remedy, without: &Plan, plan: &Plan) -> Fix {
        let rows = remedy.picks.iter().filter_map(|(key, _)| plan.rows.iter().find(|row| row.key() == *key));
        let (mut sets, mut effects) = (Vec::new(), Vec::new());
        for row in rows {
            let Some(choice) = row.taken.map(|taken| &row.row.choices[taken]) else { continue };
            let value = choice.label.clone().unwrap_or_else(|| choice.value.clone().into());
            sets.push((row.label(), row.row.whose.clone(), value));
            effects.push(choice.effect.clone());
        }
        let closes = self.items.iter().filter(|other| {
            other.id != item.id
                && other.stands(&without.issues_after, &without.after)
                && !other.stands(&plan.issues_after, &plan.after)
        });
        let known: BTreeSet<&str> = without.after.iter().map(|finding| finding.id.as_str()).collect();
        let brings: BTreeSet<&str> = plan
            .after
            .iter()
            .filter(|finding| finding.severity > Severity::Info && !known.contains(finding.id.as_str()))
            .map(|finding| finding.id.as_str())
            .collect();
        Fix {
            closes: closes.map(|other| other.id.clone()).collect(),
            brings: brings.into_iter().map(str::to_owned).collect(),
            diff: plan.diff_from(without),
            remedy,
            sets,
            effects,
        }
    }

    /// Decides to fix every open item whose fix weighs at most `most`, in order, with the best fix there is; gives the plan that
    /// comes of it.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn fix_all(&mut self, plan: Plan, means: &Means, most: Weight) -> Result<Plan, EditError> {
        let mut plan = plan.again(means, &self.answers())?;
        // What a fix brings to light stands behind or before it, so each round begins anew; each decides on one item.
        let mut looked: BTreeSet<String> = BTreeSet::new();
        loop {
            let open = |item: &&Item| !looked.contains(&item.id) && self.state(item, &plan) == State::Open;
            let Some(item) = self.items.iter().find(open).cloned() else {
                return Ok(plan);
            };
            looked.insert(item.id.clone());
            let answers = self.answers_without(Some(&item.id));
            let own = self.without_fix(&item, &plan, means, &answers)?;
            let without = own.as_ref().unwrap_or(&plan);
            let remedies = item.wanted(|wanted| without.remedies(means, &answers, wanted))?;
            let best = remedies.into_iter().find(|(remedy, _)| remedy.weight <= most);
            let Some((remedy, next)) = best else { continue };
            self.decide(&item.id, Decision::Fix(remedy.picks));
            self.learn(&item.id, &plan, &next);
            plan = next;
        }
    }
}

//! Which of many edits closes which finding, without an audit after each.

use super::{Check, catalogue, suppressions};
use crate::document::Edit;
use crate::settings::{Sections, Settings};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A check as it was last made.
struct Made {
    check: &'static Check,
    /// The sections that it looked at. While they stay, so does what it finds.
    read: Sections,
    /// How many findings it has, by id.
    ids: Ids,
}

impl Made {
    fn of(check: &'static Check, settings: &Settings) -> Self {
        let (ids, read) = settings.reads_of(|settings| {
            let mut ids = BTreeMap::new();
            let (findings, _) = check.findings(settings);
            for finding in suppressions::set_apart(settings, findings).findings {
                *ids.entry(finding.id).or_default() += 1;
            }
            ids
        });
        Made { check, read, ids }
    }

    /// Is the ids of which there are fewer findings later.
    fn gone<'i>(&'i self, later: &'i Ids) -> impl Iterator<Item = &'i String> {
        self.ids.iter().filter(|(id, count)| later.get(*id).unwrap_or(&0) < count).map(|(id, _)| id)
    }
}

/// How many findings there are of each id.
type Ids = BTreeMap<String, usize>;

/// Is the ids of the findings that each of several steps closes, in alphabetic order. Steps are done one after the other, each is
/// some edits. Only what all of them together close is named, wherever there is less of it; where a step between brings it back, at
/// one of those places at least.
pub fn closed_by(settings: Settings, steps: &[&[Edit]]) -> Vec<Vec<String>> {
    let mut closed = vec![Vec::new(); steps.len()];
    let mut at_end = settings.clone();
    at_end.edit(&steps.concat());
    let changed = settings.changed_by(steps.iter().copied().flatten());
    let made = catalogue().map(|check| Made::of(check, &settings)).filter(|made| made.read.meets(changed));
    let made = made.map(|made| {
        let last = Made::of(made.check, &at_end).ids;
        (made, last)
    });
    let open: Vec<(Made, Ids)> = made.filter(|(made, last)| made.gone(last).next().is_some()).collect();
    let gone: BTreeSet<String> = open.iter().flat_map(|(made, last)| made.gone(last)).cloned().collect();
    // First runs of steps are found, then shorter ones within them: a check is made at the ends of the runs in which it finds less.
    let mut runs = vec![(0..steps.len(), open)];
    while !runs.is_empty() {
        let mut walked = Walk { settings: settings.clone(), steps, done: 0 };
        let mut within = Vec::new();
        for (run, open) in runs {
            for (run, fallen) in walked.fallen_in(run, open) {
                match run.len() {
                    1 => closed[run.start].extend(fallen.iter().flat_map(|(made, now)| made.gone(now)).cloned()),
                    _ => within.push((run, fallen)),
                }
            }
        }
        runs = within;
    }
    for ids in &mut closed {
        ids.retain(|id| gone.contains(id));
        ids.sort();
    }
    closed
}

/// Steps of which some are done.
struct Walk<'s> {
    settings: Settings,
    steps: &'s [&'s [Edit]],
    done: usize,
}

/// Some steps one after the other, and the checks that find less after them, each with what it found before and finds then.
type Run = (Range<usize>, Vec<(Made, Ids)>);

impl Walk<'_> {
    /// Does the steps before `end`. Is the sections that read otherwise then.
    fn go(&mut self, end: usize) -> Sections {
        let steps = &self.steps[self.done..end];
        self.done = end;
        self.settings.edit(&steps.concat());
        self.settings.changed_by(steps.iter().copied().flatten())
    }

    /// Does the steps of a run, and is the shorter runs in it after which some of the checks find less.
    fn fallen_in(&mut self, run: Range<usize>, mut open: Vec<(Made, Ids)>) -> Vec<Run> {
        self.go(run.start);
        let mut found = Vec::new();
        let length = run.len().isqrt().max(1);
        for start in run.clone().step_by(length) {
            let part = start..run.end.min(start + length);
            let changed = self.go(part.end);
            let mut fallen = Vec::new();
            // A check that has come to its end needs no closer look.
            open.retain_mut(|(made, last)| {
                if made.read.meets(changed) {
                    let now = Made::of(made.check, &self.settings);
                    let earlier = std::mem::replace(made, now);
                    if earlier.gone(&made.ids).next().is_some() {
                        fallen.push((earlier, made.ids.clone()));
                    }
                }
                made.gone(last).next().is_some()
            });
            if !fallen.is_empty() {
                found.push((part, fallen));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{Finding, audit, example};
    use crate::document::Path;

    /// The ids of which there are fewer findings, told the straightforward way: by two whole audits.
    fn gone(before: &[Finding], after: &[Finding]) -> Vec<String> {
        let count = |findings: &[Finding], id: &str| findings.iter().filter(|finding| finding.id == id).count();
        let ids: BTreeSet<&str> = before.iter().map(|finding| finding.id.as_str()).collect();
        ids.into_iter().filter(|id| count(before, id) > count(after, id)).map(str::to_owned).collect()
    }

    /// The examples of all checks, cut into edits of two levels: together they set and unset what any check looks at.
    fn edits() -> Vec<Vec<Edit>> {
        let configs = catalogue().flat_map(|check| [check.risky, check.safe]);
        let sources = configs.filter_map(|config| Some(example(config)?.source().clone()));
        let mut edits = Vec::new();
        for source in sources {
            for (section, value) in source.as_object().into_iter().flatten() {
                let at = Path::root().key(section.as_str());
                let inner = value.as_object().into_iter().flatten();
                edits.push(vec![Edit::remove(&at)]);
                edits.extend(inner.clone().map(|(key, value)| vec![Edit::set(at.key(key.as_str()), value.clone())]));
                edits.extend(inner.rev().take(1).map(|(key, _)| vec![Edit::remove(at.key(key.as_str()))]));
                edits.push(vec![Edit::set(at, value.clone())]);
            }
        }
        edits
    }

    #[test]
    fn steps_close_what_two_whole_audits_say() {
        let edits = edits();
        let start = example("{}").expect("a config");
        // Not one example after the other: each step then meets what others left.
        let steps: Vec<&[Edit]> = (0..edits.len()).map(|n| edits[n * 89 % edits.len()].as_slice()).collect();
        let mut settings = start;
        for run in steps.chunks(10) {
            let audits = run.iter().scan(settings.clone(), |settings, step| {
                settings.edit(step);
                Some(audit(settings))
            });
            let audits: Vec<Vec<Finding>> = std::iter::once(audit(&settings)).chain(audits).collect();
            let end = audits.last().expect("one at least");
            let gone_at_end = gone(&audits[0], end);
            let closed = closed_by(settings.clone(), run);
            let at_each: Vec<Vec<String>> = audits.windows(2).map(|pair| gone(&pair[0], &pair[1])).collect();
            for (closed, expected) in closed.iter().zip(&at_each) {
                assert!(closed.iter().all(|id| expected.contains(id) && gone_at_end.contains(id)), "{closed:?}");
            }
            for id in &gone_at_end {
                assert!(closed.iter().any(|closed| closed.contains(id)), "{id} {closed:?}");
                let comes_back = audits.windows(2).any(|pair| gone(&pair[1], &pair[0]).contains(id));
                let named = |each: &[Vec<String>]| each.iter().map(|ids| ids.contains(id)).collect::<Vec<_>>();
                assert!(comes_back || named(&closed) == named(&at_each), "{id} {closed:?}");
            }
            run.iter().for_each(|step| settings.edit(step));
        }
    }

    #[test]
    fn a_finding_of_several_places_is_closed_by_the_last() {
        let agents = (0..7).map(|n| format!("a{n}: {{sandbox: {{mode: 'off'}}}}")).collect::<Vec<_>>().join(", ");
        let settings = example(&format!("{{agents: {{entries: {{{agents}}}}}}}")).expect("a config");
        let id = "harden.sandbox.off";
        assert!(audit(&settings).iter().any(|finding| finding.id == id));
        let at = |n: usize| Path::from("agents.entries").key(format!("a{n}")).join("sandbox.mode");
        let steps: Vec<Vec<Edit>> = (0..7).map(|n| vec![Edit::set(at(n), "all")]).collect();
        let steps: Vec<&[Edit]> = steps.iter().map(Vec::as_slice).collect();
        let closed = closed_by(settings, &steps);
        let named = |closed: &Vec<String>| closed.iter().any(|closed| closed == id);
        assert_eq!(closed.iter().map(named).collect::<Vec<_>>(), [false, false, false, false, false, false, true]);
    }
}

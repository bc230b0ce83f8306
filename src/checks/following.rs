//! An audit that follows edits: what an edit cannot have touched is not looked at again.

use super::{Check, catalogue, suppressions};
use crate::document::Edit;
use crate::settings::{Sections, Settings, Shape};
use std::collections::BTreeMap;

/// Settings that are edited step by step, with the ids of what is found in them by now.
pub struct Following {
    settings: Settings,
    made: Vec<Made>,
}

/// A check as it was last made.
struct Made {
    check: &'static Check,
    /// The sections that it looked at. While they stay, so does what it finds.
    read: Sections,
    /// How many findings it has, by id.
    ids: BTreeMap<String, usize>,
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
}

impl Following {
    /// Makes every check once.
    pub fn new(settings: Settings) -> Self {
        let made = catalogue().map(|check| Made::of(check, &settings)).collect();
        Following { settings, made }
    }

    /// Does edits. Is the ids of which there are fewer findings then, in alphabetic order.
    pub fn edit(&mut self, edits: &[Edit]) -> Vec<String> {
        self.settings.edit(edits);
        // What an early version names otherwise stands elsewhere than the edit says.
        let is_current = self.settings.shape() == Shape::Current;
        let changed = if is_current { Sections::changed_by(edits) } else { Sections::ALL };
        let mut more: BTreeMap<String, isize> = BTreeMap::new();
        for made in self.made.iter_mut().filter(|made| made.read.meets(changed)) {
            let now = Made::of(made.check, &self.settings);
            for (id, count) in &now.ids {
                *more.entry(id.clone()).or_default() += count.cast_signed();
            }
            for (id, count) in std::mem::replace(made, now).ids {
                *more.entry(id).or_default() -= count.cast_signed();
            }
        }
        more.into_iter().filter(|(_, more)| *more < 0).map(|(id, _)| id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::{Finding, audit, example};
    use crate::document::Path;
    use std::collections::BTreeSet;

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
    fn edits_close_what_two_whole_audits_say() {
        let edits = edits();
        let start = example("{}").expect("a config");
        let (mut settings, mut following) = (start.clone(), Following::new(start));
        let mut before = audit(&settings);
        for n in 0..edits.len() {
            // Not one example after the other: each edit then meets what others left.
            let some = &edits[n * 89 % edits.len()];
            settings.edit(some);
            let after = audit(&settings);
            assert_eq!(following.edit(some), gone(&before, &after), "{some:?}");
            before = after;
        }
    }
}

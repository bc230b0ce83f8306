//! Checks as they were made: one is not made again while nothing changed that it read.

use super::{Audit, Check, Finding, counted};
use crate::parallel::beside;
use crate::settings::{Sections, Settings};
use crate::text::Said;
use std::sync::Arc;

/// So many checks are worth a thread of their own.
const WORTH_A_THREAD: usize = 16;

/// Some checks, each with what it came to. Copies share that.
#[derive(Clone, Default)]
pub struct Made(Vec<Arc<One>>);

struct One {
    check: &'static Check,
    findings: Vec<Finding>,
    not_made: Vec<Said>,
    /// The sections that it read. While they stay, so does what it comes to.
    read: Sections,
}

impl One {
    fn of(check: &'static Check, settings: &Settings) -> Self {
        let ((findings, not_made), read) = settings.reads_of(|settings| check.findings(settings));
        One { check, findings, not_made, read }
    }
}

impl Made {
    /// Makes checks.
    pub fn of(settings: &Settings, checks: impl IntoIterator<Item = &'static Check>) -> Self {
        Self::knowing(settings, checks, &[])
    }

    /// Makes checks of which some are known: from other settings, beside the sections in which those differ from these.
    pub fn knowing(
        settings: &Settings,
        checks: impl IntoIterator<Item = &'static Check>,
        known: &[(&Made, Sections)],
    ) -> Self {
        let stays = |check: &'static Check| {
            let mut of_check = known.iter().filter_map(|(made, changed)| Some((made.one(check)?, changed)));
            of_check.find(|(one, changed)| !one.read.meets(**changed)).map(|(one, _)| one.clone())
        };
        let checks: Vec<(&'static Check, Option<Arc<One>>)> =
            checks.into_iter().map(|check| (check, stays(check))).collect();
        let open: Vec<&'static Check> =
            checks.iter().filter(|(_, known)| known.is_none()).map(|(check, _)| *check).collect();
        let part = |settings: &Settings, first: usize, step: usize| -> Vec<One> {
            open.iter().skip(first).step_by(step).map(|check| One::of(check, settings)).collect()
        };
        let made = if open.len() < WORTH_A_THREAD {
            [part(settings, 0, 1), Vec::new()]
        } else {
            // Most checks ask for these; put together now they are so for both halves.
            settings.tool_contexts();
            let again = settings.for_another_thread();
            let (odd, even) = beside(|| part(&again, 1, 2), || part(settings, 0, 2));
            [even, odd]
        };
        let [mut next, mut then] = made.map(Vec::into_iter);
        let mut made = std::iter::from_fn(|| {
            let one = next.next()?;
            if then.len() > 0 {
                std::mem::swap(&mut next, &mut then);
            }
            Some(Arc::new(one))
        });
        Made(checks.into_iter().filter_map(|(_, known)| known.or_else(|| made.next())).collect())
    }

    /// Is those that found something.
    pub fn with_findings(&self) -> Self {
        Made(self.0.iter().filter(|one| !one.findings.is_empty()).cloned().collect())
    }

    /// Is which checks they are.
    pub fn checks(&self) -> impl Iterator<Item = &'static Check> {
        self.0.iter().map(|one| one.check)
    }

    /// Is what they come to, in the settings that they were made of.
    pub fn audit(&self, settings: &Settings) -> Audit {
        let findings = self.0.iter().flat_map(|one| one.findings.iter().cloned()).collect();
        let not_made = self.0.iter().flat_map(|one| one.not_made.iter().map(|why| (one.check, why.clone())));
        counted(settings, findings, not_made.collect())
    }

    fn one(&self, check: &Check) -> Option<&Arc<One>> {
        self.0.iter().find(|one| one.check.id == check.id)
    }
}

//! Choices -> edits -> candidate; findings before and after; the diff.

mod access;
mod answers;
mod changes;
mod consequences;
mod diff;
mod files;
mod fit;
mod mask;
mod modes;
mod outcome;
mod remedies;
pub mod secrets;

pub use access::{Access, Way};
pub use answers::{Answers, AnswersError, AnswersFile, Pick, Undecided};
pub use changes::{Change, Place, Reload};
pub use consequences::{Cause, Stop};
pub use diff::{DiffKind, DiffLine, Evidence};
pub use modes::Closing;
pub use remedies::{Remedy, Typed, Wanted, with};

use crate::checks::{Check, Finding, Made, catalogue};
use crate::document::{Edit, EditError};
use crate::parallel::beside;
use crate::posture::mend::Mends;
use crate::posture::{Control, Means, Posture, Row, Seen, Weight, changing_controls, telling_controls};
use crate::settings::schema::{self, Issue};
use crate::settings::{Facts, Sections, Settings};
use crate::source::Source;
use crate::text::{Said, Text};
use outcome::{Asked, Base, Earlier, Outcome};
use std::sync::Arc;

/// A row as it stands in a plan.
pub struct Planned {
    /// Its control.
    pub control: &'static Control,
    /// Its choices, as they are after the answers to all earlier rows.
    pub row: Arc<Row>,
    /// The choice that is taken; none where a typed text stands instead.
    pub taken: Option<usize>,
    /// Whether the administrator decided it.
    pub decided: bool,
    /// What it changes.
    pub edits: Vec<Edit>,
    /// Why a typed text was refused.
    pub refused: Option<Text>,
}

impl Planned {
    /// Is the name under which its answer is kept, as in `pairing.dmPolicy@channels.telegram.dmPolicy`.
    pub fn key(&self) -> String {
        key(self.control, &self.row)
    }

    /// Is the label to show.
    pub fn label(&self) -> Text {
        self.row.label.unwrap_or(self.control.label)
    }

    /// Whether it recommends an Ask that nobody decided on.
    pub fn is_open_ask(&self) -> bool {
        !self.decided && self.row.choices[self.row.recommended].weight == Weight::Ask
    }

    /// Is how much the change weighs that it makes.
    pub fn weight(&self) -> Weight {
        match self.taken {
            Some(taken) => self.row.choices[taken].weight,
            None if self.edits.is_empty() => Weight::Keep,
            None => Weight::Ask,
        }
    }
}

fn key(control: &Control, row: &Row) -> String {
    match row.part {
        Some(part) => format!("{}@{}#{part}", control.id, row.path),
        None => format!("{}@{}", control.id, row.path),
    }
}

/// What would be done, and what it brings.
pub struct Plan {
    /// Every row of every step, in order.
    pub rows: Vec<Planned>,
    /// All edits, in order.
    pub edits: Vec<Edit>,
    /// The config as it is.
    pub source: Source,
    /// The config with the edits in it, each in the file that owns its place.
    pub candidate: Source,
    /// The findings in the file.
    pub before: Vec<Finding>,
    /// The findings that stay.
    pub after: Vec<Finding>,
    /// Why OpenClaw refuses the file as it is; none if it accepts it.
    pub issues: Vec<Issue>,
    /// Why OpenClaw would refuse the candidate. Such a candidate is never written.
    pub issues_after: Vec<Issue>,
    /// The settings as the file has them.
    pub settings: Arc<Settings>,
    /// The settings once the candidate is written.
    pub settings_after: Settings,
    mends: Arc<Mends>,
    posture: Posture,
    means: Means,
    asked: Vec<Asked>,
    made_before: Made,
    made_after: Made,
}

impl Plan {
    /// Works out what the answers do to a config.
    ///
    /// # Errors
    /// When the edits cannot be made without risk to the file; nothing is lost then.
    pub fn new(
        source: impl Into<Source>,
        facts: &Arc<Facts>,
        means: &Means,
        answers: &Answers,
    ) -> Result<Self, EditError> {
        Self::work_out(source.into(), facts, means, answers, None)
    }

    /// Works out what other answers do to the same config. What was found in the file is not looked for again, nor what is found
    /// where both plans agree.
    ///
    /// # Errors
    /// As [`Plan::new`].
    pub fn again(&self, means: &Means, answers: &Answers) -> Result<Self, EditError> {
        Self::work_out(self.source.clone(), &self.settings.facts, means, answers, Some(self))
    }

    fn work_out(
        source: Source,
        facts: &Arc<Facts>,
        means: &Means,
        answers: &Answers,
        found: Option<&Plan>,
    ) -> Result<Self, EditError> {
        let load = || Arc::new(Settings::load(source.shared(), facts.clone()));
        let settings = found.map_or_else(load, |plan| plan.settings.clone());
        let issues = found.map_or_else(|| schema::validate(source.value(), facts), |plan| plan.issues.clone());
        let written = settings.with_files(modes::closed(facts, &source));
        let mends = found.map(|plan| plan.mends.clone()).unwrap_or_default();
        let is_refused = !issues.is_empty();
        let base = Base { source: &source, before: &settings, written: &written, is_refused, mends: &mends, means };
        let alike = found.filter(|plan| plan.means == *means && plan.posture == answers.posture);
        let mut earlier = alike.map(|plan| Earlier { rows: &plan.rows, asked: &plan.asked });
        let mut ask = || {
            let mut outcome = Outcome::of(base, answers);
            outcome.ask(changing_controls(), &mut earlier);
            outcome
        };
        let (made_before, mut outcome) = match found {
            Some(plan) => (plan.made_before.clone(), ask()),
            None => {
                let again = settings.for_another_thread();
                beside(|| Made::of(&again, catalogue()), ask)
            }
        };
        let known_issues = std::mem::take(&mut outcome.seen).into_issues();
        let (draft, now) = (&outcome.draft, &outcome.now);
        let value = now.written().clone();
        // What is no config is not made into one.
        let refusals = || match &known_issues {
            _ if !source.value().is_object() => issues.clone(),
            Some(known) => known.clone(),
            None => schema::validate(&value, facts),
        };
        let changed = [(&made_before, outcome.changed())];
        let known: Vec<_> = alike.iter().map(|plan| (&plan.made_after, outcome.differs)).chain(changed).collect();
        let ((candidate, issues_after), made_after) =
            beside(|| (draft.finish(), refusals()), || Made::knowing(now, catalogue(), &known));
        let after = made_after.audit(now).findings;
        outcome.seen = Seen::new(after.clone(), issues_after.clone());
        outcome.ask(telling_controls(), &mut earlier);
        let Outcome { rows, asked, edits, now, .. } = outcome;
        Ok(Plan {
            candidate: candidate?,
            before: found.map_or_else(|| made_before.audit(&settings).findings, |plan| plan.before.clone()),
            posture: answers.posture,
            means: means.clone(),
            settings_after: now,
            source,
            after,
            issues,
            issues_after,
            settings,
            rows,
            edits,
            mends,
            asked,
            made_before,
            made_after,
        })
    }

    /// Is the checks that could not be made of the config as it is, and why.
    pub fn not_made(&self) -> Vec<(&'static Check, Said)> {
        self.made_before.audit(&self.settings).not_made
    }
}

/// The settings as they would be if all was done that a plan for the posture `personal` recommends.
pub struct Recommended {
    /// With what keeps a working setup working alone.
    pub safe: Settings,
    /// The sections in which that reads otherwise than the settings of the source.
    pub safe_changes: Sections,
    /// With what may cut someone or something off too.
    pub all: Settings,
    /// The sections in which that reads otherwise than the settings of the source.
    pub all_changes: Sections,
    /// The sections in which the two read otherwise than each other.
    pub between: Sections,
}

impl Recommended {
    /// Works it out; `before` are the settings of the source.
    pub fn of(source: &Source, before: &Settings, is_refused: bool, means: &Means) -> Self {
        let written = before.with_files(modes::closed(&before.facts, source));
        let base = Base { source, before, written: &written, is_refused, mends: &Mends::default(), means };
        let [safe, all] =
            [Undecided::Safe, Undecided::All].map(|undecided| Answers { undecided, ..Answers::default() });
        let mut safe = Outcome::of(base, &safe);
        safe.ask(changing_controls(), &mut None);
        let mut all = Outcome::of(base, &all);
        all.ask(changing_controls(), &mut Some(Earlier { rows: &safe.rows, asked: &safe.asked }));
        Recommended {
            safe_changes: safe.changed(),
            all_changes: all.changed(),
            between: all.differs,
            safe: safe.now,
            all: all.now,
        }
    }
}

impl Plan {
    /// Is the files of the installation that others can open, and that writing closes.
    pub fn closings(&self) -> Vec<Closing> {
        modes::closings(&self.settings.facts, &self.source)
    }
}

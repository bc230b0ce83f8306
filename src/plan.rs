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
mod remedies;
pub mod secrets;

pub use access::{Access, Way};
pub use answers::{Answers, AnswersError, AnswersFile, Pick, Undecided};
pub use changes::{Change, Place, Reload};
pub use consequences::{Cause, Stop};
pub use diff::{DiffKind, DiffLine, Evidence};
pub use modes::Closing;
pub use remedies::{Remedy, Typed, Wanted, with};

use crate::checks::{Finding, audit};
use crate::document::{Edit, EditError, Path};
use crate::parallel::beside;
use crate::posture::mend::Mends;
use crate::posture::{Control, Means, Row, Scene, Seen, Weight, changing_controls, controls};
use crate::settings::schema::{self, Issue, IssueKind};
use crate::settings::{Facts, Settings};
use crate::source::{Draft, Source};
use crate::text::{Lang, Text};
use std::sync::Arc;

/// A row as it stands in a plan.
pub struct Planned {
    /// Its control.
    pub control: &'static Control,
    /// Its choices, as they are after the answers to all earlier rows.
    pub row: Row,
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

    /// Works out what other answers do to the same config. What was found in the file is not looked for again.
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
        let before = found.map_or_else(load, |plan| plan.settings.clone());
        let issues = found.map_or_else(|| schema::validate(source.value(), facts), |plan| plan.issues.clone());
        let written = before.with_files(modes::closed(facts, &source));
        let mends = found.map(|plan| plan.mends.clone()).unwrap_or_default();
        let is_refused = !issues.is_empty();
        let of = Asked { source: &source, before: &before, written: &written, is_refused, mends: &mends, means };
        let outcome = Outcome::of(of, controls(), answers);
        let Outcome { rows, edits, draft, now, seen } = outcome;
        let (candidate, (after, of_candidate)) = beside(|| draft.finish(), || seen.into_parts(&now));
        // What is no config is not made into one.
        let issues_after = if source.value().is_object() { of_candidate } else { issues.clone() };
        Ok(Plan {
            candidate: candidate?,
            source,
            before: found.map_or_else(|| audit(&before), |plan| plan.before.clone()),
            after,
            issues,
            issues_after,
            settings: before,
            settings_after: now,
            rows,
            edits,
            mends,
        })
    }
}

/// What answers come to, before anything is written.
struct Outcome {
    rows: Vec<Planned>,
    edits: Vec<Edit>,
    draft: Draft,
    /// The settings with the edits in them.
    now: Settings,
    /// What was found in `now` on the way.
    seen: Seen,
}

/// What the controls are asked of.
struct Asked<'a> {
    source: &'a Source,
    /// The settings of the source.
    before: &'a Settings,
    /// The same once its files are closed, as writing does.
    written: &'a Settings,
    is_refused: bool,
    mends: &'a Mends,
    means: &'a Means,
}

impl Outcome {
    /// Asks controls in their order.
    fn of(asked: Asked, controls: impl Iterator<Item = &'static Control>, answers: &Answers) -> Self {
        let Asked { source, before, written, is_refused, mends, means } = asked;
        let mut draft = Draft::new(source);
        let mut now = written.clone();
        let mut seen = Seen::default();
        let mut rows = Vec::new();
        let mut edits: Vec<Edit> = Vec::new();
        let mut unmended: Vec<(Path, IssueKind)> = Vec::new();
        for control in controls {
            let posture = answers.posture;
            let scene =
                Scene { before, now: &now, is_refused, mends, unmended: &unmended, seen: &seen, posture, means };
            let fitted: Vec<Row> =
                (control.rows)(&scene).into_iter().filter_map(|row| fit::fitted(row, &now)).collect();
            let known = edits.len();
            for mut row in fitted {
                files::fit(&mut row, &draft);
                let mut planned = decide(control, row, answers, &now);
                files::take(&mut draft, &mut planned);
                if let Some(fault) =
                    planned.row.fault.filter(|_| planned.row.recommended > 0 && planned.edits.is_empty())
                {
                    unmended.push((planned.row.path.clone(), fault));
                }
                edits.extend(planned.edits.iter().cloned());
                rows.push(planned);
            }
            if edits.len() > known {
                match draft.merged() {
                    Some(merged) => now = Settings::load(merged.clone(), written.facts.clone()),
                    None => now.edit(&edits[known..]),
                }
                seen = Seen::default();
            }
        }
        Outcome { rows, edits, draft, now, seen }
    }
}

/// Is the settings as they would be if all was done that a plan for the posture `personal` recommends: first what keeps a
/// working setup working alone, then what may cut someone off too. `before` are the settings of the source.
pub fn recommended(source: &Source, before: &Settings, is_refused: bool, means: &Means) -> [Settings; 2] {
    let written = before.with_files(modes::closed(&before.facts, source));
    let then = |before: &Settings, undecided| {
        let answers = Answers { undecided, ..Answers::default() };
        let of = Asked { source, before, written: &written, is_refused, mends: &Mends::default(), means };
        Outcome::of(of, changing_controls(), &answers).now
    };
    let again = before.for_another_thread();
    let (safe, all) = beside(|| then(&again, Undecided::Safe), || then(before, Undecided::All));
    [safe, all]
}

impl Plan {
    /// Is the files of the installation that others can open, and that writing closes.
    pub fn closings(&self) -> Vec<Closing> {
        modes::closings(&self.settings.facts, &self.source)
    }
}

fn decide(control: &'static Control, row: Row, answers: &Answers, now: &Settings) -> Planned {
    // An answer that is no longer offered (another one made it moot) decides nothing: what is recommended then is asked anew.
    // One that the file has by now is not offered either, and is kept.
    let choice_of = |value: &String| {
        let offered = row.choices.iter().position(|choice| choice.value == *value);
        offered.or_else(|| (row.current.of(Lang::En) == *value).then_some(0))
    };
    let pick = answers.picks.get(&key(control, &row)).filter(|pick| match pick {
        Pick::Choice(value) => choice_of(value).is_some(),
        Pick::Text(_) => row.field.is_some(),
    });
    let recommended = match (row.choices[row.recommended].weight, answers.undecided) {
        (Weight::Safe, Undecided::Safe | Undecided::All) | (Weight::Ask, Undecided::All) => row.recommended,
        _ => 0,
    };
    let mut refused = None;
    let (taken, edits) = match pick {
        Some(Pick::Text(text)) => match row.field.as_ref().map(|field| (field.read)(&row.today, text)) {
            Some(Ok(edits)) => (None, fit::edits(edits, now)),
            Some(Err(why)) => {
                refused = Some(why);
                (Some(0), Vec::new())
            }
            None => (Some(recommended), row.choices[recommended].edits.clone()),
        },
        Some(Pick::Choice(value)) => {
            let taken = choice_of(value).unwrap_or(recommended);
            (Some(taken), row.choices[taken].edits.clone())
        }
        None => (Some(recommended), row.choices[recommended].edits.clone()),
    };
    Planned { control, decided: pick.is_some(), row, taken, edits, refused }
}

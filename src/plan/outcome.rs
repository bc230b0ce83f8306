//! Controls asked in their order. What an earlier plan of the same config asked is not asked again while nothing changed that it read.

use super::{Answers, Pick, Planned, Undecided, files, fit, key};
use crate::document::{Edit, Path};
use crate::posture::mend::Mends;
use crate::posture::{Control, Means, Row, Scene, Seen, Weight};
use crate::settings::schema::IssueKind;
use crate::settings::{Sections, Settings};
use crate::source::{Draft, Source};
use crate::text::Lang;
use std::sync::Arc;

/// What controls are asked of.
#[derive(Clone, Copy)]
pub(super) struct Base<'a> {
    pub source: &'a Source,
    /// The settings of the source.
    pub before: &'a Settings,
    /// The same once its files are closed, as writing does.
    pub written: &'a Settings,
    pub is_refused: bool,
    pub mends: &'a Mends,
    pub means: &'a Means,
}

/// A control as it was asked.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    control: &'static Control,
    /// How many rows it gave.
    rows: usize,
    /// The sections that it read. While they stay, so do its rows.
    read: Sections,
}

/// What other answers came to, of the same base and for the same posture.
#[derive(Clone, Copy)]
pub(super) struct Earlier<'e> {
    pub rows: &'e [Planned],
    pub asked: &'e [Asked],
}

impl<'e> Earlier<'e> {
    /// Takes what the next control gave, if it is this one.
    fn next(&mut self, control: &Control) -> Option<(&'e [Planned], Sections)> {
        let (asked, later) = self.asked.split_first().filter(|(asked, _)| asked.control.id == control.id)?;
        let (rows, rest) = self.rows.split_at_checked(asked.rows)?;
        *self = Earlier { rows: rest, asked: later };
        Some((rows, asked.read))
    }
}

/// What answers come to, before anything is written.
pub(super) struct Outcome<'a> {
    base: Base<'a>,
    answers: &'a Answers,
    pub rows: Vec<Planned>,
    pub asked: Vec<Asked>,
    pub edits: Vec<Edit>,
    pub draft: Draft,
    /// The settings with the edits in them: all, once no more controls are asked.
    pub now: Settings,
    /// How many of the edits are in `now`.
    loaded: usize,
    /// What was found in `now` on the way.
    pub seen: Seen,
    /// The faults for which the step Mend has an answer that is not taken.
    unmended: Vec<(Path, IssueKind)>,
    /// The sections in which `now` reads otherwise than after the earlier answers.
    pub differs: Sections,
}

impl<'a> Outcome<'a> {
    /// Begins with nothing changed.
    pub fn of(base: Base<'a>, answers: &'a Answers) -> Self {
        Outcome {
            draft: Draft::new(base.source),
            now: base.written.clone(),
            rows: Vec::new(),
            asked: Vec::new(),
            edits: Vec::new(),
            loaded: 0,
            seen: Seen::default(),
            unmended: Vec::new(),
            differs: Sections::default(),
            base,
            answers,
        }
    }

    /// Asks controls in their order; those that were asked with other answers already go on from there.
    pub fn ask(&mut self, controls: impl Iterator<Item = &'static Control>, earlier: &mut Option<Earlier>) {
        for control in controls {
            let then = earlier.as_mut().and_then(|earlier| earlier.next(control));
            self.ask_one(control, then);
        }
        self.load();
    }

    /// Is what reads otherwise than in the settings of the source.
    pub fn changed(&self) -> Sections {
        let changed = self.now.changed_by(&self.edits);
        let Base { before, written, .. } = self.base;
        if Arc::ptr_eq(&before.facts, &written.facts) { changed } else { changed.or(Sections::FILES) }
    }

    fn ask_one(&mut self, control: &'static Control, then: Option<(&[Planned], Sections)>) {
        let stays = then.filter(|(_, read)| !read.meets(self.differs));
        let has_picks = has_picks(control, self.answers);
        if stays.is_none() || has_picks {
            self.load();
        }
        let (rows, read) = match stays {
            Some((then, read)) => (then.iter().map(|planned| planned.row.clone()).collect(), read),
            None => self.rows_of(control),
        };
        let known = self.edits.len();
        self.asked.push(Asked { control, rows: rows.len(), read });
        for row in rows {
            let mut planned = decide(control, row, self.answers, has_picks, &self.now);
            files::take(&mut self.draft, &mut planned);
            if let Some(fault) = planned.row.fault.filter(|_| planned.row.recommended > 0 && planned.edits.is_empty()) {
                self.unmended.push((planned.row.path.clone(), fault));
            }
            self.edits.extend(planned.edits.iter().cloned());
            self.rows.push(planned);
        }
        let edits = &self.edits[known..];
        let changed = match then.map(|(rows, _)| rows.iter().flat_map(|planned| &planned.edits)) {
            Some(others) if edits.iter().eq(others.clone()) => return,
            Some(others) => self.now.changed_by(edits.iter().chain(others)),
            None => Sections::ALL,
        };
        // Which file takes a change hangs on all that was changed before.
        self.differs = if self.draft.merged().is_some() { Sections::ALL } else { self.differs.or(changed) };
    }

    fn rows_of(&self, control: &Control) -> (Vec<Arc<Row>>, Sections) {
        let Base { before, is_refused, mends, means, .. } = self.base;
        let Outcome { now, seen, unmended, .. } = self;
        let posture = self.answers.posture;
        now.reads_of(|now| {
            let scene = Scene { before, now, is_refused, mends, unmended, seen, posture, means };
            let fitted = (control.rows)(&scene).into_iter().filter_map(|row| fit::fitted(row, now));
            let placed = fitted.map(|mut row| {
                files::fit(&mut row, &self.draft);
                Arc::new(row)
            });
            placed.collect()
        })
    }

    /// Brings the settings to where the edits are.
    fn load(&mut self) {
        if self.loaded == self.edits.len() {
            return;
        }
        match self.draft.merged() {
            Some(merged) => self.now = Settings::load(merged.clone(), self.now.facts.clone()),
            None => self.now.edit(&self.edits[self.loaded..]),
        }
        self.loaded = self.edits.len();
        self.seen = Seen::default();
    }
}

/// Whether any answer is for a control.
fn has_picks(control: &Control, answers: &Answers) -> bool {
    let from = answers.picks.range::<str, _>((std::ops::Bound::Included(control.id), std::ops::Bound::Unbounded));
    from.take_while(|(key, _)| key.starts_with(control.id)).any(|(key, _)| key[control.id.len()..].starts_with('@'))
}

fn decide(control: &'static Control, row: Arc<Row>, answers: &Answers, has_picks: bool, now: &Settings) -> Planned {
    // An answer that is no longer offered (another one made it moot) decides nothing: what is recommended then is asked anew.
    // One that the file has by now is not offered either, and is kept.
    let choice_of = |value: &String| {
        let offered = row.choices.iter().position(|choice| choice.value == *value);
        offered.or_else(|| (row.current.of(Lang::En) == *value).then_some(0))
    };
    let pick = has_picks.then(|| answers.picks.get(&key(control, &row))).flatten().filter(|pick| match pick {
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

#[cfg(test)]
mod tests;

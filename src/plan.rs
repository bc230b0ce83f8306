//! Choices -> edits -> candidate; findings before and after; the diff.

use crate::checks::Finding;
use crate::document::{Document, Edit};
use crate::posture::{Control, Engine, Posture, Row, Step, Weight};
use crate::settings::{Facts, Settings};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the administrator decided.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The posture to reach.
    pub posture: Posture,
    /// What becomes of the recommendations that nobody decided on.
    pub undecided: Undecided,
    /// The decisions, by [`row_key`].
    pub picks: BTreeMap<String, Pick>,
}

/// What becomes of a recommendation that nobody decided on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Undecided {
    /// Safe ones are taken, Asks are not: the wizard before a step is accepted, and `--only-safe`.
    #[default]
    Safe,
    /// Both are taken: `apply --yes`.
    All,
}

/// A decision on one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The choice with this value.
    Choice(String),
    /// A typed text.
    Text(String),
}

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
    pub refused: Option<crate::text::Text>,
}

impl Planned {
    /// Is the name under which its answer is kept.
    pub fn key(&self) -> String {
        row_key(self.control, &self.row)
    }

    /// Whether it recommends an Ask that nobody decided on.
    pub fn is_open_ask(&self) -> bool {
        !self.decided && self.row.choices[self.row.recommended].weight == Weight::Ask
    }
}

/// Is the name under which the answer to a row is kept, as in `channel.dmPolicy@channels.telegram.dmPolicy`.
pub fn row_key(control: &Control, row: &Row) -> String {
    format!("{}@{}", control.id, row.path)
}

/// What would be done, and what it brings.
pub struct Plan {
    /// Every row of every step, in order.
    pub rows: Vec<Planned>,
    /// All edits, in order.
    pub edits: Vec<Edit>,
    /// The document with the edits in it.
    pub candidate: Document,
    /// The findings in the file.
    pub before: Vec<Finding>,
    /// The findings that stay.
    pub after: Vec<Finding>,
}

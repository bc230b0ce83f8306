//! Rows as the version that runs the config can take them: its keys, its values, and only what it accepts.

use crate::document::Edit;
use crate::posture::Row;
use crate::settings::schema::{self, IssueKind};
use crate::settings::{Settings, Shape};
use serde_json::Value;
use std::collections::BTreeSet;

/// Is a row with the keys that the version has, without the answers that it would refuse; none where nothing is left to ask.
pub(super) fn fitted(mut row: Row, now: &Settings) -> Option<Row> {
    let shape = now.shape();
    if shape == Shape::Current {
        return Some(row);
    }
    let written = now.written();
    row.path = shape.place(written, &row.path);
    let known = issues(written, now);
    let had_answers = row.choices.len() > 1;
    let mut recommended = 0;
    for (n, mut choice) in std::mem::take(&mut row.choices).into_iter().enumerate() {
        let does_nothing = choice.edits.is_empty();
        choice.edits = shape.edits(written, choice.edits);
        let mut after = (**written).clone();
        choice.edits.iter().for_each(|edit| edit.apply(&mut after));
        let is_fit = does_nothing || after != **written && issues(&after, now).is_subset(&known);
        if is_fit {
            if n == row.recommended {
                recommended = row.choices.len();
            }
            row.choices.push(choice);
        }
    }
    row.recommended = recommended;
    let is_left = row.choices.len() > 1 || !had_answers && schema::knows(shape, &row.path);
    is_left.then_some(row)
}

/// Is the edits of a typed text with the keys that the version has.
pub(super) fn edits(edits: Vec<Edit>, now: &Settings) -> Vec<Edit> {
    now.shape().edits(now.written(), edits)
}

fn issues(written: &Value, settings: &Settings) -> BTreeSet<(String, IssueKind)> {
    let issues = schema::validate(written, &settings.facts);
    issues.into_iter().map(|issue| (issue.path.to_string(), issue.kind)).collect()
}

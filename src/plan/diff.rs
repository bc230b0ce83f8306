//! The diff of the real files, secrets masked.

use super::{Plan, mask};
use crate::document::{Path, lines};
use crate::source::Source;
use crate::text::harmless;
use imara_diff::{Algorithm, Diff, InternedInput};
use std::ops::Range;
use std::path::PathBuf;

/// How many unchanged lines stand around a change.
const AROUND: usize = 3;

/// A line of a unified diff.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DiffLine {
    /// What it is.
    pub kind: DiffKind,
    /// The line without its end, made harmless.
    pub text: String,
    /// Its number in the file as it is, from 1.
    pub old_line: Option<usize>,
    /// Its number in the file as it will be, from 1.
    pub new_line: Option<usize>,
}

/// A line of the config that shows something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The file.
    pub file: PathBuf,
    /// The number of the line, from 1.
    pub line: usize,
    /// The line without the blanks around it, secrets masked, made harmless.
    pub text: String,
}

/// What a line of a diff is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiffKind {
    /// The path of the file that the following lines are of; only where the config has several files.
    File,
    /// `@@ -1,4 +1,6 @@`
    Hunk,
    /// It stays.
    Context,
    /// It goes.
    Removed,
    /// It comes.
    Added,
}

impl Plan {
    /// Is the unified diff from the files to the candidate's.
    pub fn diff(&self) -> Vec<DiffLine> {
        between(&self.source, &self.candidate)
    }

    /// Is the unified diff from the candidate of an earlier plan for the same files to that of this one.
    pub fn diff_from(&self, earlier: &Plan) -> Vec<DiffLine> {
        between(&earlier.candidate, &self.candidate)
    }

    /// Is the line that a place of the config begins on, its secrets masked; none where the file does not have the place.
    pub fn evidence(&self, path: &Path) -> Option<Evidence> {
        path.of(self.source.value())?;
        let (file, at) = self.source.locate(path);
        let texts = mask::texts(&self.source, &self.source);
        let (_, (text, _)) = self.source.files().iter().zip(&texts).find(|(known, _)| std::ptr::eq(*known, file))?;
        let text = plain(text.lines().nth(at.line.saturating_sub(1))?).trim().to_owned();
        Some(Evidence { file: file.path.clone(), line: at.line, text })
    }

    /// Is the files whose text the plan changes, by their position.
    pub fn changed_files(&self) -> Vec<usize> {
        let text = |source: &Source, n: usize| source.files()[n].document.bytes().to_vec();
        (0..self.source.files().len()).filter(|n| text(&self.source, *n) != text(&self.candidate, *n)).collect()
    }
}

/// Is the unified diff from the files of one config to those of another, which has the same ones.
fn between(from: &Source, to: &Source) -> Vec<DiffLine> {
    let mut lines = Vec::new();
    for (file, (old, new)) in from.files().iter().zip(mask::texts(from, to)) {
        let changed = hunks(&old, &new);
        if from.has_includes() && !changed.is_empty() {
            let text = harmless(&file.path.display().to_string());
            lines.push(DiffLine { kind: DiffKind::File, text, old_line: None, new_line: None });
        }
        lines.extend(changed);
    }
    lines
}

/// Is the hunks of a unified diff from one text to another.
fn hunks(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new) = (lines(old), lines(new));
    let mut input = InternedInput::default();
    input.update_before(old.iter().copied());
    input.update_after(new.iter().copied());
    let mut diff = Diff::compute(Algorithm::Histogram, &input);
    diff.postprocess_lines(&input);
    let whole = |range: Range<u32>| range.start as usize..range.end as usize;
    let changes: Vec<_> = diff.hunks().map(|hunk| (whole(hunk.before), whole(hunk.after))).collect();
    let line = |kind, o: Option<usize>, n: Option<usize>| DiffLine {
        kind,
        text: plain(n.map(|n| new[n]).or(o.map(|o| old[o])).unwrap_or_default()),
        old_line: o.map(|o| o + 1),
        new_line: n.map(|n| n + 1),
    };
    let stay = |o: Range<usize>, n: usize| o.zip(n..).map(|(o, n)| line(DiffKind::Context, Some(o), Some(n)));
    let mut shown = Vec::new();
    // Changes whose lines around them meet stand in one hunk.
    for group in changes.chunk_by(|(one, _), (next, _)| next.start - one.end <= 2 * AROUND) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let lead = first.0.start.min(AROUND);
        let trail = (old.len() - last.0.end).min(AROUND);
        let (mut o, mut n) = (first.0.start - lead, first.1.start - lead);
        let text = format!("@@ -{} +{} @@", span(o..last.0.end + trail), span(n..last.1.end + trail));
        shown.push(DiffLine { kind: DiffKind::Hunk, text, old_line: None, new_line: None });
        for (before, after) in group {
            shown.extend(stay(o..before.start, n));
            shown.extend(before.clone().map(|o| line(DiffKind::Removed, Some(o), None)));
            shown.extend(after.clone().map(|n| line(DiffKind::Added, None, Some(n))));
            (o, n) = (before.end, after.end);
        }
        shown.extend(stay(o..o + trail, n));
    }
    shown
}

/// A line as it can be shown: without its end, tabs as blanks.
fn plain(line: &str) -> String {
    harmless(&line.trim_end_matches(['\n', '\r', '\u{feff}']).trim_start_matches('\u{feff}').replace('\t', "  "))
}

fn span(range: Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        n => format!("{},{n}", range.start + 1),
    }
}

//! The diff of the real files, secrets masked.

use super::{Plan, mask};
use crate::document::Path;
use crate::source::Source;
use crate::text::harmless;
use similar::{ChangeTag, TextDiff};
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
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else {
            continue;
        };
        let old = first.old_range().start..last.old_range().end;
        let new = first.new_range().start..last.new_range().end;
        lines.push(DiffLine {
            kind: DiffKind::Hunk,
            text: format!("@@ -{} +{} @@", span(old), span(new)),
            old_line: None,
            new_line: None,
        });
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            lines.push(DiffLine {
                kind: match change.tag() {
                    ChangeTag::Equal => DiffKind::Context,
                    ChangeTag::Delete => DiffKind::Removed,
                    ChangeTag::Insert => DiffKind::Added,
                },
                text: plain(change.value()),
                old_line: change.old_index().map(|n| n + 1),
                new_line: change.new_index().map(|n| n + 1),
            });
        }
    }
    lines
}

/// A line as it can be shown: without its end, tabs as blanks.
fn plain(line: &str) -> String {
    harmless(&line.trim_end_matches(['\n', '\r', '\u{feff}']).trim_start_matches('\u{feff}').replace('\t', "  "))
}

fn span(range: std::ops::Range<usize>) -> String {
    match range.len() {
        0 => format!("{},0", range.start),
        1 => format!("{}", range.start + 1),
        n => format!("{},{n}", range.start + 1),
    }
}

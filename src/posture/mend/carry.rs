//! Carries what stands under a refused key to where it means the same today.

use super::is_note;
use crate::document::{Edit, Path, Seg};
use crate::settings::retired::{Fate, Mapped, Match, Retired};
use serde_json::{Map, Value, json};

/// What became of everything under a key.
#[derive(Default)]
pub(super) struct Carried {
    /// What it takes.
    pub edits: Vec<Edit>,
    /// Where most of it went.
    pub target: Option<Path>,
    /// Whether something is dropped that did something, or that nobody knows.
    pub is_missed: bool,
    /// The key that already has another value, so that the old one is dropped.
    pub clash: Option<Path>,
    /// Whether a value was changed on the way.
    pub is_changed: bool,
}

/// Carries away what stands at a place; none if the catalogue knows nothing of it.
pub(super) fn carry(root: &Value, at: &Path, value: &Value) -> Option<Carried> {
    let mut carrier = Carrier { value: root.clone(), done: Carried::default() };
    carrier.push(Edit::remove(at));
    match Retired::at(at) {
        Some(known) => carrier.handle(at, value, &known),
        None => {
            let left = carrier.children(at, value);
            if left == *value {
                return None;
            }
            carrier.done.is_missed |= left != json!({});
        }
    }
    Some(carrier.done)
}

/// Is a value as the catalogue writes it: JSON, a text without its quotes.
pub(super) fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Reads a value of the catalogue.
fn read(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

pub(super) struct Carrier {
    /// The config with all edits so far.
    pub(super) value: Value,
    pub(super) done: Carried,
}

impl Carrier {
    pub(super) fn push(&mut self, edit: Edit) {
        edit.apply(&mut self.value);
        self.done.edits.push(edit);
    }

    fn handle(&mut self, at: &Path, value: &Value, known: &Match) {
        let text = shown(value);
        match known.entry.fate {
            Fate::Stale | Fate::Guard => {
                let left = self.children(at, value);
                self.done.is_missed |= known.is_missed(&text) && left != json!({});
            }
            Fate::Guess => self.done.is_missed |= known.mapped(&text) != Mapped::Nothing,
            Fate::Moved | Fate::Value => {
                let left = self.children(at, value);
                let is_emptied = left == json!({}) && *value != left;
                match known.via() {
                    Some(via) => self.transform(via, at, &left),
                    None if is_emptied => {}
                    None => self.put_mapped(at, left, known),
                }
            }
        }
        for (path, new) in known.beside() {
            if path.of(&self.value).is_none() {
                self.put(&path, read(new));
            }
        }
        for (path, new) in known.with_it() {
            if path.of(&self.value).is_some_and(|old| *old != read(new)) {
                self.push(Edit::set(path, read(new)));
            }
        }
    }

    fn put_mapped(&mut self, at: &Path, value: Value, known: &Match) {
        let target = if known.entry.fate == Fate::Value { Some(at.clone()) } else { known.target() };
        let value = match (known.mapped(&shown(&value)), value.as_f64()) {
            (Mapped::Nothing, _) => return,
            (Mapped::Becomes(new), _) => {
                self.done.is_changed |= shown(&value) != new;
                read(new)
            }
            (Mapped::Same, Some(seconds)) if known.is_seconds() => {
                self.done.is_changed = true;
                let milliseconds = seconds * 1000.0;
                if milliseconds.fract() == 0.0 { json!(milliseconds as i64) } else { json!(milliseconds) }
            }
            (Mapped::Same, _) => value,
        };
        match target {
            Some(target) => {
                self.put(&target, value);
                self.done.target.get_or_insert(target);
            }
            None => self.done.is_missed = true,
        }
    }

    /// Carries away those children that have a place of their own. Is what is left.
    fn children(&mut self, at: &Path, value: &Value) -> Value {
        let Value::Object(map) = value else {
            return value.clone();
        };
        let mut left = Map::new();
        for (key, inner) in map {
            let place = at.key(key);
            if is_note(key, inner) {
                self.push(super::to_comment(&place, key));
            } else if let Some(known) = Retired::at(&place) {
                self.handle(&place, inner, &known);
            } else {
                let rest = self.children(&place, inner);
                if rest != json!({}) || *inner == rest {
                    left.insert(key.clone(), rest);
                }
            }
        }
        left.into()
    }

    /// Puts a value at a place without overwriting what stands there.
    pub(super) fn put(&mut self, at: &Path, value: Value) {
        let enclosing = (1..at.segs().len()).map(|n| at.segs()[..n].iter().cloned().collect::<Path>());
        let blocked =
            enclosing.filter_map(|path| path.of(&self.value)).any(|value| !value.is_object() && !value.is_array());
        if blocked {
            self.done.clash = at.parent();
            return;
        }
        match (at.of(&self.value).cloned(), value) {
            (None | Some(Value::Null), value) => self.push(Edit::set(at, value)),
            (Some(old), value) if old == value => {}
            (Some(Value::Object(_)), Value::Object(new)) => {
                for (key, value) in new {
                    self.put(&at.key(key), value);
                }
            }
            (Some(Value::Array(_)), Value::Array(new)) if can_grow(at) => {
                for value in new {
                    self.push(Edit::add(at, value));
                }
            }
            _ => self.done.clash = Some(at.clone()),
        }
    }
}

/// Whether a list may take more entries without giving anyone more.
fn can_grow(at: &Path) -> bool {
    let name = match at.segs().last() {
        Some(Seg::Key(key)) => key.as_str(),
        _ => "",
    };
    matches!(name, "deny" | "extraPaths" | "redactPatterns")
}

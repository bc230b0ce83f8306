//! How OpenClaw 2026.9.6 puts values together: objects merge, arrays are joined, of anything else the later one counts.

use crate::document::{Path as Key, Seg};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The file, by its position among those of the source.
    pub file: usize,
    /// The place in it.
    pub path: Key,
}

/// Where a value comes from.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    /// The places that give it: several objects merged, several arrays joined in this order, or the one that counts.
    pub places: Vec<Place>,
    /// The origins of its members.
    pub members: BTreeMap<String, Origin>,
    /// The origins of its items.
    pub items: Vec<Origin>,
}

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// The value.
    pub value: Value,
    /// Its origin.
    pub origin: Origin,
}

impl Origin {
    pub(super) fn at(file: usize, path: &Key) -> Self {
        Origin { places: vec![Place { file, path: path.clone() }], ..Origin::default() }
    }

    fn step(&self, seg: &Seg) -> Option<&Origin> {
        match seg {
            Seg::Key(key) => self.members.get(key.as_str()),
            Seg::Index(index) => self.items.get(*index),
        }
    }

    /// Is the origin of the innermost place on the way to `path` that exists, and how many steps lead there.
    pub(super) fn nearest(&self, path: &Key) -> (&Origin, usize) {
        let mut origin = self;
        for (depth, seg) in path.segs().iter().enumerate() {
            match origin.step(seg) {
                Some(inner) => origin = inner,
                None => return (origin, depth),
            }
        }
        (origin, path.segs().len())
    }

    /// Takes what now stands below a place of a file for its own: all of it where `path` ends there, else the one member that is new.
    pub(super) fn renew(&mut self, place: &Place, path: &[Seg], depth: usize, value: &Value) {
        let mut origin = self;
        let mut value = value;
        for seg in &path[..depth] {
            let (inner, next) = match seg {
                Seg::Key(key) => (origin.members.get_mut(key.as_str()), value.get(key.as_str())),
                Seg::Index(index) => (origin.items.get_mut(*index), value.get(index)),
            };
            let (Some(inner), Some(next)) = (inner, next) else {
                return;
            };
            (origin, value) = (inner, next);
        }
        match path.get(depth) {
            None => *origin = Origin::whole(place, value),
            Some(Seg::Key(key)) => {
                if let Some(value) = value.get(key.as_str()) {
                    let place = Place { file: place.file, path: place.path.key(key.as_str()) };
                    origin.members.insert(key.to_string(), Origin::whole(&place, value));
                }
            }
            Some(Seg::Index(_)) => {}
        }
    }

    /// Is the origin of a value that stands in one file whole.
    fn whole(place: &Place, value: &Value) -> Self {
        let at = |path: Key, value: &Value| Origin::whole(&Place { file: place.file, path }, value);
        let mut origin = Origin::at(place.file, &place.path);
        match value {
            Value::Object(members) => {
                let member = |(key, value): (&String, &Value)| (key.clone(), at(place.path.key(key.as_str()), value));
                origin.members = members.iter().map(member).collect();
            }
            Value::Array(items) => {
                origin.items = items.iter().enumerate().map(|(n, item)| at(place.path.index(n), item)).collect();
            }
            _ => {}
        }
        origin
    }

    /// Is every origin on the way to `path`, the innermost first, each with the number of steps that lead there.
    pub(super) fn chain(&self, path: &Key) -> Vec<(&Origin, usize)> {
        let mut chain = vec![(self, 0)];
        for (depth, seg) in path.segs().iter().enumerate() {
            match chain[depth].0.step(seg) {
                Some(inner) => chain.push((inner, depth + 1)),
                None => break,
            }
        }
        chain.reverse();
        chain
    }
}

impl Piece {
    /// Is an object that no file holds: what a list of includes begins with.
    pub(super) fn nothing() -> Self {
        Piece { value: Map::new().into(), origin: Origin::default() }
    }

    /// Is what `over` makes of it.
    pub(super) fn merged(self, over: Piece) -> Piece {
        match (self.value, over.value) {
            (Value::Array(mut items), Value::Array(more)) => {
                items.extend(more);
                Piece { value: items.into(), origin: self.origin.joined(over.origin) }
            }
            (Value::Object(base), Value::Object(over_members)) => {
                let mut base = Piece { value: clean(base).into(), origin: self.origin };
                base.take_members(over_members, over.origin);
                base
            }
            (_, value) => Piece { value, origin: over.origin },
        }
    }

    fn take_members(&mut self, over: Map<String, Value>, mut origin: Origin) {
        let Value::Object(members) = &mut self.value else {
            return;
        };
        self.origin.places.append(&mut origin.places);
        for (key, value) in over.into_iter().filter(|(key, _)| !is_blocked(key)) {
            let over = Piece { value, origin: origin.members.remove(&key).unwrap_or_default() };
            let is_joined =
                |old: &Value| old.is_object() && over.value.is_object() || old.is_array() && over.value.is_array();
            let old = members.get_mut(&key).filter(|old| is_joined(old)).map(Value::take);
            let merged = match (old, over) {
                (Some(value), over) => {
                    let origin = self.origin.members.remove(&key).unwrap_or_default();
                    Piece { value, origin }.merged(over)
                }
                (None, Piece { value: Value::Object(fresh), origin }) => Piece { value: clean(fresh).into(), origin },
                (None, over) => over,
            };
            members.insert(key.to_string(), merged.value);
            self.origin.members.insert(key, merged.origin);
        }
    }
}

impl Origin {
    fn joined(mut self, mut more: Origin) -> Origin {
        self.places.append(&mut more.places);
        self.items.append(&mut more.items);
        self
    }
}

/// Whether merging drops a key: assigning it could change what JavaScript takes an object for.
fn is_blocked(key: &str) -> bool {
    matches!(key, "__proto__" | "prototype" | "constructor")
}

/// Is an object without such keys, those within arrays not looked at.
fn clean(object: Map<String, Value>) -> Map<String, Value> {
    object
        .into_iter()
        .filter(|(key, _)| !is_blocked(key))
        .map(|(key, value)| match value {
            Value::Object(inner) => (key, clean(inner).into()),
            other => (key, other),
        })
        .collect()
}

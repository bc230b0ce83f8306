//! Places in a document, spelled as OpenClaw spells them: `agents.list[2].tools`.

use super::Change;
use compact_str::CompactString;
use serde_json::{Map, Value};
use std::fmt;

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Seg {
    /// A key of an object. Most are short and stand in place: paths are made by the thousand.
    Key(CompactString),
    /// A position in an array, from 0.
    Index(usize),
}

/// A place in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Vec<Seg>);

impl Path {
    /// Is the document itself.
    pub fn root() -> Self {
        Path::default()
    }

    /// Is the steps from the root.
    pub fn segs(&self) -> &[Seg] {
        &self.0
    }

    /// Is the place one key further in.
    pub fn key(&self, key: impl Into<CompactString>) -> Self {
        self.with(Seg::Key(key.into()))
    }

    /// Is the place one array position further in.
    pub fn index(&self, index: usize) -> Self {
        self.with(Seg::Index(index))
    }

    fn with(&self, seg: Seg) -> Self {
        let mut segs = Vec::with_capacity(self.0.len() + 1);
        segs.extend_from_slice(&self.0);
        segs.push(seg);
        Path(segs)
    }

    /// Is the place further in by a whole path.
    pub fn join(&self, tail: impl Into<Path>) -> Self {
        let tail = tail.into().0;
        let mut segs = Vec::with_capacity(self.0.len() + tail.len());
        segs.extend_from_slice(&self.0);
        segs.extend(tail);
        Path(segs)
    }

    /// Is the enclosing place; none for the root.
    pub fn parent(&self) -> Option<Path> {
        let (_, rest) = self.0.split_last()?;
        Some(Path(rest.to_vec()))
    }

    /// Is the last key, if the last step is one.
    pub fn last_key(&self) -> Option<&str> {
        match self.0.last() {
            Some(Seg::Key(key)) => Some(key),
            _ => None,
        }
    }

    /// Whether the place is `other` or lies within it.
    pub fn is_within(&self, other: &Path) -> bool {
        self.0.starts_with(&other.0)
    }

    /// Whether one of two places lies within the other, or they are the same.
    pub fn meets(&self, other: &Path) -> bool {
        self.is_within(other) || other.is_within(self)
    }

    /// Is the value at this place of `root`.
    pub fn of<'v>(&self, root: &'v Value) -> Option<&'v Value> {
        self.0.iter().try_fold(root, |value, seg| match seg {
            Seg::Key(key) => member(value, key),
            Seg::Index(index) => value.as_array()?.get(*index),
        })
    }
}

impl Path {
    /// Is the value of `root` at the place that a text names as [`Path::from`] reads it.
    pub fn find<'v>(text: &str, root: &'v Value) -> Option<&'v Value> {
        if text.bytes().any(|byte| byte == b'[') {
            return Path::from(text).of(root);
        }
        parts(text).try_fold(root, member)
    }

    /// Visits the value at this place and all within it, outermost first. Where `with` says no, nothing within is visited.
    pub fn visit<'v>(mut self, value: &'v Value, with: &mut impl FnMut(&Path, &'v Value) -> bool) {
        self.visit_inner(value, with);
    }

    fn visit_inner<'v>(&mut self, value: &'v Value, with: &mut impl FnMut(&Path, &'v Value) -> bool) {
        if !with(self, value) {
            return;
        }
        match value {
            Value::Object(members) => {
                for (key, inner) in members {
                    self.0.push(Seg::Key(key.into()));
                    self.visit_inner(inner, with);
                    self.0.pop();
                }
            }
            Value::Array(items) => {
                for (index, inner) in items.iter().enumerate() {
                    self.0.push(Seg::Index(index));
                    self.visit_inner(inner, with);
                    self.0.pop();
                }
            }
            _ => {}
        }
    }
}

impl FromIterator<Seg> for Path {
    fn from_iter<T: IntoIterator<Item = Seg>>(segs: T) -> Self {
        Path(segs.into_iter().collect())
    }
}

/// Reads `a.b[2].c`. Keys that hold dots or brackets cannot be written so: use [`Path::key`].
impl From<&str> for Path {
    fn from(text: &str) -> Self {
        if !text.bytes().any(|byte| byte == b'[') {
            let mut segs = Vec::with_capacity(1 + text.bytes().filter(|byte| *byte == b'.').count());
            segs.extend(parts(text).map(|part| Seg::Key(part.into())));
            return Path(segs);
        }
        let mut segs = Vec::new();
        for part in parts(text) {
            let mut pieces = part.split('[');
            match pieces.next() {
                Some("") | None => {}
                Some(key) => segs.push(Seg::Key(key.into())),
            }
            for piece in pieces {
                match piece.trim_end_matches(']').parse() {
                    Ok(index) => segs.push(Seg::Index(index)),
                    Err(_) => segs.push(Seg::Key(piece.trim_end_matches(']').into())),
                }
            }
        }
        Path(segs)
    }
}

impl From<&Path> for Path {
    fn from(path: &Path) -> Self {
        path.clone()
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("<root>");
        }
        for (n, seg) in self.0.iter().enumerate() {
            match seg {
                Seg::Index(index) => write!(f, "[{index}]")?,
                Seg::Key(key) if key.is_empty() || key.contains(['.', '[', ']', '"']) => {
                    write!(f, "[{}]", Value::from(key.as_str()))?;
                }
                Seg::Key(key) if n == 0 => f.write_str(key)?,
                Seg::Key(key) => {
                    f.write_str(".")?;
                    f.write_str(key)?;
                }
            }
        }
        Ok(())
    }
}

/// Is what stands between the dots of a text. Such texts are short, and `split` takes longer to begin a search than to find the dot.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    let parts = std::iter::from_fn(move || {
        let (part, then) = match rest?.bytes().position(|byte| byte == b'.') {
            Some(at) => (&rest?[..at], Some(&rest?[at + 1..])),
            None => (rest?, None),
        };
        rest = then;
        Some(part)
    });
    parts.filter(|part| !part.is_empty())
}

/// Is a member of an object. Few names are looked through faster than one is hashed.
pub fn member<'v>(value: &'v Value, key: &str) -> Option<&'v Value> {
    const FEW: usize = 32;
    let members = value.as_object()?;
    if members.len() > FEW {
        return members.get(key);
    }
    members.iter().find(|(name, _)| *name == key).map(|(_, value)| value)
}

/// Sets or removes a place of a value, making objects on the way to a set one.
pub(super) fn apply(value: &mut Value, segs: &[Seg], change: &Change) {
    let goes = matches!(change, Change::Remove | Change::Comment(_));
    match (segs, change) {
        ([], Change::Set(new)) => *value = new.clone(),
        ([], Change::Add(new)) => match value {
            Value::Array(items) if items.contains(new) => {}
            Value::Array(items) => items.push(new.clone()),
            _ => *value = Value::Array(vec![new.clone()]),
        },
        ([], Change::Remove | Change::Comment(_)) => *value = Value::Null,
        ([Seg::Key(key)], Change::Remove | Change::Comment(_)) => {
            if let Some(map) = value.as_object_mut() {
                map.shift_remove(key.as_str());
            }
        }
        ([Seg::Index(index)], Change::Remove | Change::Comment(_)) => {
            if let Some(array) = value.as_array_mut()
                && *index < array.len()
            {
                array.remove(*index);
            }
        }
        ([Seg::Key(key), rest @ ..], _) => {
            if !value.is_object() {
                if goes {
                    return;
                }
                *value = Value::Object(Map::new());
            }
            if let Some(map) = value.as_object_mut() {
                match map.get_mut(key.as_str()) {
                    Some(inner) => apply(inner, rest, change),
                    None if goes => {}
                    None => {
                        let mut inner = Value::Null;
                        apply(&mut inner, rest, change);
                        map.insert(key.to_string(), inner);
                    }
                }
            }
        }
        ([Seg::Index(index), rest @ ..], _) => {
            if let Some(array) = value.as_array_mut() {
                if let Some(inner) = array.get_mut(*index) {
                    apply(inner, rest, change);
                } else if !goes {
                    let mut inner = Value::Null;
                    apply(&mut inner, rest, change);
                    array.push(inner);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_and_prints_the_same() {
        for text in ["gateway.auth.mode", "agents.list[2].tools", "a[0][1].b"] {
            assert_eq!(Path::from(text).to_string(), text);
        }
        let root = serde_json::json!({"a": [[1], {"b": 2}], "c": {"d": null}});
        for text in ["a[0][0]", "a[1].b", "a", "c.d", "", ".c", "a.b", "x.y", "a[2]"] {
            assert_eq!(Path::find(text, &root), Path::from(text).of(&root), "{text}");
        }
        assert_eq!(Path::root().to_string(), "<root>");
        assert_eq!(Path::from("a").key("b.c").to_string(), "a[\"b.c\"]");
    }
}

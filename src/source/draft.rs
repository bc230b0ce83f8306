//! Turns changes of the merged value into changes of the files that own them.

use super::merge::{Origin, Piece, Place};
use super::{Source, Whole, read};
use crate::document::{Change, Edit, EditError, Path as Key, Seg, same};
use crate::text::{Said, Text};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A config that is being changed: each change of the merged value finds its file, and gives exactly what was wanted or is not done.
#[derive(Clone)]
pub struct Draft {
    source: Source,
    /// What each file holds by now; nothing where there is one file alone.
    values: Vec<Value>,
    /// What the files give together by now; none where there is one file alone.
    merged: Option<Piece>,
    /// What was done, in order: the file and the change of it.
    done: Vec<(usize, Edit)>,
}

/// A change of one or several files.
type Step = Vec<(usize, Edit)>;

impl Draft {
    /// Begins with a config as it is.
    pub fn new(source: &Source) -> Self {
        Draft {
            values: match source.has_includes() {
                true => source.files().iter().map(|file| file.document.value().clone()).collect(),
                false => Vec::new(),
            },
            merged: source.0.merged.clone(),
            source: source.clone(),
            done: Vec::new(),
        }
    }

    /// Is the merged value by now; none where no files are drawn in, so that every change finds its place.
    pub fn merged(&self) -> Option<&Value> {
        self.merged.as_ref().map(|piece| &piece.value)
    }

    fn value(&self) -> &Value {
        self.merged().unwrap_or_else(|| self.source.value())
    }

    /// Does the edits of the merged value, one after the other: all of them or none.
    ///
    /// A change goes to the file that owns its place, the one whose value counts there; a new key to the file that owns the object
    /// around it. Where that does not give the wanted value, an including file gets a key that overrides it; the reason for that
    /// comes back.
    ///
    /// # Errors
    /// Where no change of the files that may be written gives exactly the wanted value; nothing is done then.
    pub fn take(&mut self, edits: &[Edit]) -> Result<Option<Said>, Said> {
        if self.merged.is_none() {
            self.done.extend(edits.iter().map(|edit| (0, edit.clone())));
            return Ok(None);
        }
        let before = (self.values.clone(), self.merged.clone(), self.done.len());
        let mut elsewhere = None;
        for edit in edits {
            match self.take_one(edit) {
                Ok(why) => elsewhere = elsewhere.or(why),
                Err(why) => {
                    (self.values, self.merged) = (before.0, before.1);
                    self.done.truncate(before.2);
                    return Err(why);
                }
            }
        }
        Ok(elsewhere)
    }

    /// Is the config with what was done in it.
    ///
    /// # Errors
    /// Where a file's text cannot be changed without risk, or would not read as intended.
    pub fn finish(&self) -> Result<Source, EditError> {
        const STRAY: Text = Text {
            en: "The edited files would not give what was intended together, so the edits were dropped",
            ja: "編集後のファイルを合わせても意図した内容にならないため、破棄しました",
        };
        let mut files = self.source.files().to_vec();
        for (n, file) in files.iter_mut().enumerate() {
            let edits: Vec<Edit> = self.done.iter().filter(|(of, _)| *of == n).map(|(_, edit)| edit.clone()).collect();
            if !edits.is_empty() {
                // The document itself and no copy: it keeps what is found out of its style.
                file.document = self.source.files()[n].document.edit(&edits)?;
            }
        }
        let Some(wanted) = &self.merged else {
            let whole = Whole { files, named: self.source.0.named.clone(), merged: None };
            return Ok(Source(Arc::new(whole)));
        };
        let values: Vec<Value> = files.iter().map(|file| file.document.value().clone()).collect();
        match read::again(&self.source, &values) {
            Some(merged) if same(&merged.value, &wanted.value) => {
                let whole = Whole { files, named: self.source.0.named.clone(), merged: Some(merged) };
                Ok(Source(Arc::new(whole)))
            }
            _ => Err(EditError { what: STRAY.into() }),
        }
    }

    fn take_one(&mut self, edit: &Edit) -> Result<Option<Said>, Said> {
        if self.take_plain(edit).is_some() {
            return Ok(None);
        }
        if let Change::Comment(words) = &edit.change {
            let step = self.removal(&edit.path, &Change::Comment(words.clone()));
            return self.first_that_gives(&edit.path, None, vec![step]);
        }
        let mut wanted = self.value().clone();
        edit.apply(&mut wanted);
        let mut elsewhere = None;
        for (path, new) in differences(self.value(), &wanted) {
            let new = new.cloned();
            let steps = match &new {
                Some(new) => self.setting(&path, new),
                None => vec![self.removal(&path, &Change::Remove)],
            };
            elsewhere = elsewhere.or(self.first_that_gives(&path, new, steps)?);
        }
        Ok(elsewhere)
    }

    /// Changes what stands at one place alone, in a file that is drawn in once: nothing else follows from that, so nothing need be
    /// merged anew. Does nothing where it is not so.
    fn take_plain(&mut self, edit: &Edit) -> Option<()> {
        let piece = self.merged.as_mut()?;
        let (origin, depth) = piece.origin.nearest(&edit.path);
        let [place] = origin.places.as_slice() else {
            return None;
        };
        let (inner, rest) = edit.path.segs().split_at(depth);
        let old = inner.iter().cloned().collect::<Key>().of(&piece.value)?;
        self.source.files().get(place.file).filter(|file| file.locked.is_none() && file.mounts.len() == 1)?;
        let is_plain = match (&edit.change, rest) {
            (Change::Set(new), []) => is_flat(old) && is_flat(new) && old.is_array() == new.is_array(),
            (Change::Add(_), []) => is_flat(old) && old.is_array(),
            (Change::Set(_) | Change::Add(_), _) => old.is_object(),
            (Change::Remove | Change::Comment(_), _) => false,
        };
        if !is_plain {
            return None;
        }
        let written =
            Edit { path: place.path.segs().iter().chain(rest).cloned().collect(), change: edit.change.clone() };
        let place = place.clone();
        edit.apply(&mut piece.value);
        written.apply(&mut self.values[place.file]);
        piece.origin.renew(&place, edit.path.segs(), depth, &piece.value);
        self.done.push((place.file, written));
        Some(())
    }

    /// Does the first of the steps after which the merged value has `new` at a path, or nothing, and is as before elsewhere.
    fn first_that_gives(&mut self, path: &Key, new: Option<Value>, steps: Vec<Step>) -> Result<Option<Said>, Said> {
        let mut wanted = self.value().clone();
        let change = new.map_or(Change::Remove, Change::Set);
        Edit { path: path.clone(), change }.apply(&mut wanted);
        if same(&wanted, self.value()) {
            return Ok(None);
        }
        let files = self.source.files();
        let is_shared = |step: &Step| step.iter().any(|(file, _)| files[*file].mounts.len() > 1);
        // A file that is drawn in twice is changed where nothing else will do: both places may come to want the same.
        let (alone, shared): (Vec<_>, Vec<_>) = (0..).zip(&steps).partition(|(_, step)| !is_shared(step));
        for (n, step) in alone.into_iter().chain(shared) {
            if step.iter().any(|(file, _)| files[*file].locked.is_some()) {
                continue;
            }
            let mut values = self.values.clone();
            step.iter().for_each(|(file, edit)| edit.apply(&mut values[*file]));
            if let Some(merged) = read::again(&self.source, &values)
                && same(&merged.value, &wanted)
            {
                (self.values, self.merged) = (values, Some(merged));
                self.done.extend(step.iter().cloned());
                return Ok((n > 0).then(|| self.why_not(path, &steps[..n])));
            }
        }
        Err(self.why_not(path, &steps))
    }

    /// Says why a place cannot be given the wanted value.
    fn why_not(&self, path: &Key, steps: &[Step]) -> Said {
        const TWICE: Text = Text {
            en: "{path} stands in {file}, which is included more than once: a change there changes other settings too.",
            ja: "{path} は複数箇所からインクルードされている {file} にあり、変更するとほかの設定も変わります。",
        };
        const SEVERAL: Text = Text {
            en: "{path} is put together from {files}, and no change of one of them gives this value.",
            ja: "{path} は {files} を合わせた値で、どれか1つを変えてもこの値にはなりません。",
        };
        let files = self.source.files();
        let touched: BTreeSet<usize> = steps.iter().flatten().map(|(file, _)| *file).collect();
        if let Some(locked) = touched.iter().find_map(|file| files[*file].locked.clone()) {
            return locked;
        }
        let shown = |file: usize| files[file].path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(twice) = touched.iter().find(|file| files[**file].mounts.len() > 1) {
            return TWICE.with("path", path).with("file", shown(*twice));
        }
        let names: Vec<String> = touched.into_iter().map(shown).collect();
        SEVERAL.with("path", path).with("files", names.join(", "))
    }

    /// Takes a key out of every object that gives it: what the last one hid would count again otherwise.
    fn removal(&self, path: &Key, change: &Change) -> Step {
        let (Some(parent), Some(origin)) = (path.parent(), self.merged.as_ref().map(|piece| &piece.origin)) else {
            return Vec::new();
        };
        let Some(seg) = path.segs().last() else {
            return Vec::new();
        };
        let (around, depth) = origin.nearest(&parent);
        if depth < parent.segs().len() {
            return Vec::new();
        }
        let step = |place: &Place| {
            let path: Key = place.path.segs().iter().chain([seg]).cloned().collect();
            let stands = path.of(&self.values[place.file]).is_some();
            stands.then(|| (place.file, Edit { path, change: change.clone() }))
        };
        around.places.iter().filter_map(step).collect()
    }

    /// Is the ways to give a place a value, the best first.
    fn setting(&self, path: &Key, new: &Value) -> Vec<Step> {
        let Some(piece) = &self.merged else {
            return Vec::new();
        };
        let old = path.of(&piece.value);
        let chain = piece.origin.chain(path);
        let mut steps = Vec::new();
        // What stands there already is changed where it stands.
        if let (Some(old), Some((origin, _))) = (old, chain.first()) {
            if let (Value::Array(old), Value::Array(new)) = (old, new) {
                steps.push(self.shared_out(origin, old, new));
            }
            if !old.is_array() || origin.places.len() == 1 {
                steps.extend(origin.places.iter().rev().map(|place| one(place, &[], new.clone())));
            }
        }
        // What is new, or is to override, stands in an object around it: the innermost first, and of those that merge the last.
        let over = match (old, new) {
            (Some(Value::Array(old)), Value::Array(new)) if new.starts_with(old) => {
                Value::from(new[old.len()..].to_vec())
            }
            _ => new.clone(),
        };
        let outer = chain.iter().filter(|(_, depth)| *depth < path.segs().len());
        for (origin, depth) in outer {
            steps.extend(origin.places.iter().rev().map(|place| one(place, &path.segs()[*depth..], over.clone())));
        }
        steps.push(one(&Place { file: 0, path: Key::root() }, path.segs(), over));
        steps
    }

    /// Is how a joined list becomes `new`: each part keeps what stays of it, and the last takes what comes.
    fn shared_out(&self, origin: &Origin, old: &[Value], new: &[Value]) -> Step {
        let (mut old, mut left) = (old.iter(), new);
        let mut step = Vec::new();
        for (n, place) in origin.places.iter().enumerate() {
            let Some(part) = place.path.of(&self.values[place.file]).and_then(Value::as_array) else {
                return Vec::new();
            };
            let mut kept = Vec::new();
            // The item of the file may itself draw something in, so what it gives is compared, and it is kept.
            for (item, gives) in part.iter().zip(&mut old) {
                if left.first().is_some_and(|first| same(first, gives)) {
                    kept.push(item.clone());
                    left = &left[1..];
                }
            }
            if n + 1 == origin.places.len() {
                kept.extend(left.iter().cloned());
            }
            if kept != *part {
                step.push((place.file, Edit { path: place.path.clone(), change: Change::Set(kept.into()) }));
            }
        }
        step
    }
}

fn one(place: &Place, rest: &[Seg], new: Value) -> Step {
    let path = place.path.segs().iter().chain(rest).cloned().collect();
    vec![(place.file, Edit { path, change: Change::Set(new) })]
}

/// Is the innermost places at which two values differ, each with what the second has there; lists of other lengths as a whole.
fn differences<'v>(old: &Value, new: &'v Value) -> Vec<(Key, Option<&'v Value>)> {
    let mut found = Vec::new();
    compare(old, new, &Key::root(), &mut found);
    found
}

fn compare<'v>(old: &Value, new: &'v Value, at: &Key, found: &mut Vec<(Key, Option<&'v Value>)>) {
    match (old, new) {
        (Value::Object(old), Value::Object(members)) => {
            let gone = old.keys().filter(|key| !members.contains_key(*key));
            found.extend(gone.map(|key| (at.key(key.as_str()), None)));
            for (key, new) in members {
                match old.get(key) {
                    Some(old) => compare(old, new, &at.key(key.as_str()), found),
                    None => found.push((at.key(key.as_str()), Some(new))),
                }
            }
        }
        (Value::Array(old), Value::Array(items)) if are_alike(old, items) => {
            for (n, (old, new)) in old.iter().zip(items).enumerate() {
                compare(old, new, &at.index(n), found);
            }
        }
        (old, new) if same(old, new) => {}
        _ => found.push((at.clone(), Some(new))),
    }
}

/// Whether a value is neither an object nor a list with anything but scalars in it.
fn is_flat(value: &Value) -> bool {
    let is_scalar = |value: &Value| !value.is_array() && !value.is_object();
    is_scalar(value) || value.as_array().is_some_and(|items| items.iter().all(is_scalar))
}

/// Whether two lists hold the same objects, some of them changed within.
fn are_alike(old: &[Value], new: &[Value]) -> bool {
    let is_alike = |(old, new): (&Value, &Value)| old.is_object() && new.is_object() || same(old, new);
    old.len() == new.len() && old.iter().zip(new).all(is_alike)
}

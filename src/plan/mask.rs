//! Secrets do not show: not in a list of changes, not in a diff.

use crate::document::{Path, is_ambiguous};
use crate::settings::{is_reference, schema};
use crate::source::{File, Source};
use crate::text::harmless;
use aho_corasick::{AhoCorasick, MatchKind};
use serde_json::Value;
use std::collections::BTreeSet;
use std::ops::Range;

/// What stands where a secret would.
const MASK: &str = "********";
/// What stands where a secret would that the file does not have yet.
const NEW: &str = "******** (new)";
/// The length from which a secret is masked wherever its text stands, in bytes. A shorter one would mask words.
const TELLTALE: usize = 8;

/// Is a value on one line, its secrets masked.
pub(super) fn shown(path: &Path, value: &Value) -> String {
    alone(&masked_value(path, value, MASK))
}

/// Is a value on one line that takes the place of another; a secret that changes is marked as new.
pub(super) fn shown_new(path: &Path, old: Option<&Value>, new: &Value) -> String {
    alone(&value(path, old, new))
}

/// Is a value with its secrets masked; those that the place did not hold before are marked as new.
pub(super) fn value(path: &Path, old: Option<&Value>, value: &Value) -> Value {
    let mask = if old == Some(value) { MASK } else { NEW };
    masked_value(path, value, mask)
}

fn masked_value(path: &Path, value: &Value, mask: &str) -> Value {
    match value {
        Value::String(text) if is_masked(path, value) && !text.is_empty() => mask.into(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(n, item)| masked_value(&path.index(n), item, mask)).collect()
        }
        Value::Object(map) => {
            map.iter().map(|(key, inner)| (key.clone(), masked_value(&path.key(key.as_str()), inner, mask))).collect()
        }
        other => other.clone(),
    }
}

/// Is a value that stands by itself: a text that would read as a number, or as another value, has its quotes.
fn alone(value: &Value) -> String {
    if is_ambiguous(value) { harmless(&value.to_string()) } else { one_line(value) }
}

/// Is a value on one line, in the relaxed spelling that a config may use.
fn one_line(value: &Value) -> String {
    match value {
        Value::String(text) => harmless(text),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(one_line).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(map) => {
            let members: Vec<String> =
                map.iter().map(|(key, inner)| format!("{}: {}", harmless(key), one_line(inner))).collect();
            format!("{{{}}}", members.join(", "))
        }
        other => other.to_string(),
    }
}

/// Whether a string at this path is kept from view.
fn is_masked(path: &Path, value: &Value) -> bool {
    schema::is_secret(path) && !is_reference(value) || value.as_str().is_some_and(is_generated)
}

/// Whether a text looks like a generated secret, which may have been put under a wrong key: one long word in which letters of both
/// cases and digits are mixed, or a long hexadecimal number.
fn is_generated(text: &str) -> bool {
    let has = |is: fn(&char) -> bool| text.chars().any(|c| is(&c));
    let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+' | '='));
    let is_mixed = has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase) && has(char::is_ascii_digit);
    let is_number = has(char::is_ascii_digit) && text.chars().all(|c| c.is_ascii_hexdigit());
    is_word && (text.len() >= 20 && is_mixed || text.len() >= 32 && is_number && has(char::is_ascii_alphabetic))
}

/// Is the texts of every file of two configs with every secret masked; what only the second has is marked as new.
pub(super) fn texts(old: &Source, new: &Source) -> Vec<(String, String)> {
    let [old, new] = [old, new].map(|source| source.files().iter().map(|file| (file, masked_strings(file))));
    let (old, new): (Vec<Strings>, Vec<Strings>) = (old.collect(), new.collect());
    let secrets = |files: &[Strings]| -> BTreeSet<String> {
        files.iter().flat_map(|(_, strings)| strings).map(|(_, text)| text.clone()).collect()
    };
    let known = secrets(&old);
    let fresh: BTreeSet<String> = secrets(&new).difference(&known).cloned().collect();
    let everywhere: Vec<&String> = known.iter().chain(&fresh).filter(|secret| secret.len() >= TELLTALE).collect();
    // A config may hold thousands: they are looked for all at once, but where they are too many for that.
    let at_once = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&everywhere);
    let hidden = |text: String| match &at_once {
        Ok(at_once) if !at_once.is_match(&text) => text,
        Ok(at_once) => at_once.replace_all(&text, &vec![MASK; everywhere.len()]),
        Err(_) => everywhere.iter().rev().fold(text, |text, secret| text.replace(secret.as_str(), MASK)),
    };
    // A secret may stand once more where no rule looks: in a comment, in a note, in an address.
    let text = |file: &Strings| hidden(masked(file, &fresh));
    old.iter().zip(&new).map(|(old, new)| (text(old), text(new))).collect()
}

/// A file with its secrets and where they stand.
type Strings<'f> = (&'f File, Vec<(Range<usize>, String)>);

fn masked_strings(file: &File) -> Vec<(Range<usize>, String)> {
    let strings = file.document.strings().into_iter().filter_map(|(path, range, text)| {
        // What a file's place means is known only from where it is drawn in.
        let value = Value::from(text.as_str());
        let secret = !text.is_empty() && file.mounts.iter().any(|mount| is_masked(&mount.join(&path), &value));
        secret.then_some((range, text))
    });
    strings.collect()
}

fn masked((file, strings): &Strings, fresh: &BTreeSet<String>) -> String {
    let text = String::from_utf8_lossy(file.document.bytes());
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, value) in strings {
        out.push_str(&text[done..range.start]);
        let quote = if text[range.clone()].starts_with('\'') { '\'' } else { '"' };
        out.push(quote);
        out.push_str(if fresh.contains(value) { NEW } else { MASK });
        out.push(quote);
        done = range.end;
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::source::{Bounds, Loaded};
    use std::path::Path as FilePath;

    #[test]
    fn what_looks_like_a_generated_secret_is_masked_wherever_it_stands() {
        let path = Path::root().key("gateway").key("bind");
        for secret in ["LiyQ8z5Rk2mVbN7cXw3HpT", "4f2c9d1e8b7a6053c1d2e3f4a5b6c7d8"] {
            assert_eq!(shown(&path, &secret.into()), MASK, "{secret}");
        }
        for name in [
            "claude-opus-4-5-20251101",
            "ou_7d8a6e6df7621556ce0d21922b676706",
            "120363042938475610@g.us",
            "0123456789".repeat(4).as_str(),
        ] {
            assert_eq!(shown(&path, &name.into()), name);
        }
        assert_eq!(shown(&path, &"18789".into()), "\"18789\"");
    }

    #[test]
    fn what_a_secret_is_follows_from_where_a_file_is_drawn_in() {
        let root = Document::parse(br#"{"env": {"vars": {"$include": "vars.json"}}, "_": "plain-in-name-alone"}"#);
        let bounds = Bounds { config: FilePath::new("/c/openclaw.json"), roots: &[] };
        let source = Source::read(root.expect("a document"), bounds, &mut |path| {
            let bytes = br#"{"NAME": "plain-in-name-alone"}"#.to_vec();
            Ok(Loaded { real: path.to_owned(), bytes, locked: None })
        });
        let source = source.expect("a source");
        for (text, _) in texts(&source, &source) {
            assert!(!text.contains("plain-in-name-alone") && text.contains(MASK), "{text}");
        }
    }

    #[test]
    fn a_secret_is_masked_whole_where_another_is_its_beginning() {
        let text =
            br#"{"env": {"vars": {"A": "horse-battery", "B": "horse-battery-staple"}} /* horse-battery-staple */}"#;
        let source: Source = Document::parse(text).expect("a document").into();
        for (text, _) in texts(&source, &source) {
            assert!(!text.contains("staple") && !text.contains("horse"), "{text}");
        }
    }
}

//! Notes that stand as keys or entries, put beside themselves as comments. Removing the keys then leaves the comments, as it leaves any.

use super::parse::{Node, Shape};
use super::{Change, Document, Edit, Seg};
use serde_json::Value;

/// Is the text with a comment before each item that is to become one; none where there is none.
pub(super) fn with_notes(doc: &Document, edits: &[Edit]) -> Option<String> {
    let mut notes: Vec<(usize, String)> = Vec::new();
    for edit in edits {
        let Change::Comment(words) = &edit.change else { continue };
        let Some((last, around)) = edit.path.segs().split_last() else { continue };
        let Seg::Key(key) = last else {
            if let (start, node, true) = doc.seek(&edit.path) {
                notes.push((start, note(doc, start, node, words)));
            }
            continue;
        };
        let (_, node, found) = doc.seek(&around.iter().cloned().collect());
        if !found || node.shape != Shape::Object {
            continue;
        }
        // A key may stand more than once: each has a text of its own.
        for item in node.items.iter().filter(|item| item.key.as_ref().is_some_and(|name| name.name == *key)) {
            notes.push((item.start(), note(doc, item.start(), &item.node, words)));
        }
    }
    notes.sort_by_key(|(at, _)| *at);
    notes.dedup();
    if notes.is_empty() {
        return None;
    }
    let mut text = String::with_capacity(doc.text.len() + 256);
    let mut done = 0;
    for (at, note) in notes {
        text.push_str(&doc.text[done..at]);
        text.push_str(&note);
        done = at;
    }
    text.push_str(&doc.text[done..]);
    Some(text)
}

fn note(doc: &Document, at: usize, node: &Node, words: &str) -> String {
    let literal = &doc.text[node.range.clone()];
    let value = Document::read(literal.to_owned()).map(|alone| alone.value).unwrap_or_default();
    let text = match &*value {
        Value::String(text) => text.clone(),
        Value::Array(items) if items.iter().all(Value::is_string) => {
            items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
        }
        _ => literal.to_owned(),
    };
    let text = format!("{words}{text}");
    let lines = text.split(['\n', '\r', '\u{2028}', '\u{2029}']).map(str::trim_end).filter(|line| !line.is_empty());
    if doc.starts_line(at) {
        let eol = if doc.text.contains("\r\n") { "\r\n" } else { "\n" };
        let indent = doc.indent(at);
        lines.map(|line| format!("// {}{eol}{indent}", line.trim_start_matches("// "))).collect()
    } else {
        let line = lines.collect::<Vec<_>>().join(" ").replace("*/", "* /");
        format!("/* {line} */ ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commented(text: &str, path: &str, words: &str) -> String {
        let doc = Document::parse(text.as_bytes()).expect("a document");
        let key = super::super::Path::root().key(path);
        let edited = doc.edit(&[Edit::comment(key, words)]).expect("an edit");
        String::from_utf8_lossy(edited.bytes()).into_owned()
    }

    #[test]
    fn a_note_becomes_a_comment_in_its_place() {
        assert_eq!(
            commented("{\n  \"_comment\": \"why\\nso\",\n  \"a\": 1\n}\n", "_comment", ""),
            "{\n  // why\n  // so\n  \"a\": 1\n}\n"
        );
        assert_eq!(commented("{\"_a\": \"x */ y\", \"b\": 1}", "_a", "a: "), "{/* a: x * / y */ \"b\": 1}");
    }

    #[test]
    fn every_duplicate_keeps_its_text() {
        assert_eq!(
            commented("{\n  \"//\": \"one\",\n  \"a\": 1,\n  \"//\": \"two\"\n}\n", "//", ""),
            "{\n  // one\n  \"a\": 1\n  // two\n}\n"
        );
    }

    #[test]
    fn a_note_that_is_no_text_is_kept_as_written() {
        assert_eq!(commented("{\n  _x: {a: 1},\n  b: 2,\n}\n", "_x", "x: "), "{\n  // x: {a: 1}\n  b: 2,\n}\n");
    }
}

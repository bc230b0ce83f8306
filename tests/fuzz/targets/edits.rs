//! Any edits of any document: the value is the one that was wanted, every comment stays, and doing it again changes nothing.
//!
//! What stands before the first zero byte is the document; behind it eight bytes are an edit.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use openclaw_harden::document::{Document, Edit, Path, same};
use serde_json::{Value, json};
use std::collections::HashMap;

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some(end) = bytes.iter().position(|byte| *byte == 0) else {
        return Corpus::Reject;
    };
    let Ok(before) = Document::parse(&bytes[..end]) else {
        return Corpus::Reject;
    };
    let mut wanted = before.value().clone();
    let mut edits = Vec::new();
    for choice in bytes[end + 1..].chunks_exact(8).take(16) {
        let edit = edit(choice, &wanted);
        edit.apply(&mut wanted);
        edits.push(edit);
    }
    // What nests too deep or what no other reader would understand is refused, never written.
    let Ok(after) = before.edit(&edits) else {
        return Corpus::Keep;
    };
    assert!(same(after.value(), &wanted), "another value than was wanted");
    let again = Document::parse(after.bytes()).expect("what was written is read");
    assert!(same(again.value(), &wanted), "it reads otherwise");
    let counted = count(&after);
    for (comment, n) in count(&before) {
        assert!(counted.get(comment).is_some_and(|now| *now >= n), "{comment:?} is lost");
    }
    if same(&wanted, before.value()) {
        assert_eq!(after.bytes(), before.bytes());
    }
    Corpus::Keep
});

fn count(document: &Document) -> HashMap<&str, usize> {
    let mut counted = HashMap::new();
    for comment in document.comments() {
        *counted.entry(comment.trim()).or_default() += 1;
    }
    counted
}

/// Is an edit that mostly hits what is there.
fn edit(choice: &[u8], root: &Value) -> Edit {
    let mut path = Path::root();
    let mut value = Some(root);
    for step in choice[..4].iter().map(|byte| usize::from(*byte)).take(1 + usize::from(choice[4] % 4)) {
        path = match value {
            Some(Value::Object(map)) if !map.is_empty() && step % 8 != 7 => {
                path.key(map.keys().nth(step % map.len()).map_or("", String::as_str))
            }
            Some(Value::Array(array)) => path.index(step % (array.len() + 1)),
            _ => path.key(["a", "new-key", "\u{65e5}\u{672c}", "it's", ""][step % 5]),
        };
        value = path.of(root);
    }
    match choice[5] % 8 {
        0..=2 => Edit::remove(path),
        3 => Edit::set(path, "it's \u{2028}\n\u{7}"),
        4 => Edit::set(path, json!([1, "x", {"q": []}])),
        5 => Edit::set(path, json!({"a": 1, "n": {"m": ["z"]}})),
        6 => Edit::set(path, value.cloned().unwrap_or_default()),
        _ => Edit::set(path, i64::from(choice[6])),
    }
}

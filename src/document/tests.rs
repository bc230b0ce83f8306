//! What the document promises, on small texts, on supplied ones, and on random ones.

mod edits;
mod random;
mod reading;
mod supplied;

use super::*;
use crate::text::Lang;
use serde_json::json;

fn doc(text: &str) -> Document {
    match Document::parse(text.as_bytes()) {
        Ok(doc) => doc,
        Err(fault) => panic!("{text:?}: {} at {:?}", fault.what.of(Lang::En), fault.at),
    }
}

fn text(doc: &Document) -> &str {
    std::str::from_utf8(doc.bytes()).unwrap()
}

fn edited(before: &str, edits: &[Edit]) -> String {
    let doc = doc(before);
    match doc.edit(edits) {
        Ok(edited) => text(&edited).to_owned(),
        Err(fault) => panic!("{before:?} with {edits:?}: {}", fault.what.of(Lang::En)),
    }
}

/// Does edits and demands all that is promised of any: the value, every comment in order, and the habits of the text.
fn promise(before: &Document, edits: &[Edit]) -> Document {
    let told = || format!("{:?}\n{}\n", edits, text(before));
    let mut wanted = before.value().clone();
    edits.iter().for_each(|edit| edit.apply(&mut wanted));
    let after = match before.edit(edits) {
        Ok(after) => after,
        Err(fault) => panic!("{}: {}", fault.what.of(Lang::En), told()),
    };
    let told = || format!("{}=>\n{}", told(), text(&after));
    assert!(edit::same(after.value(), &wanted), "value: {}", told());
    assert_eq!(before.comments().collect::<Vec<_>>(), after.comments().collect::<Vec<_>>(), "comments: {}", told());
    let again = after.edit(&[Edit::set(Path::root(), wanted.clone())]).unwrap();
    assert_eq!(again.bytes(), after.bytes(), "second time: {}", told());
    if edit::same(&wanted, before.value()) {
        assert_eq!(before.bytes(), after.bytes(), "nothing to do: {}", told());
    }
    let ends = |doc: &Document| {
        let rest = text(doc).replace("\r\n", "");
        (rest.contains('\n'), rest.contains('\r'), text(doc).contains("\r\n"))
    };
    let (had, has) = (ends(before), ends(&after));
    if style::breaks(text(before)) {
        assert!(had.0 | !has.0 && had.1 | !has.1 && had.2 | !has.2, "line ends: {}", told());
    } else if !before.root.items.is_empty()
        && !before.comments().any(|comment| comment.starts_with("//"))
        && edits.iter().all(|edit| !edit.path.segs().is_empty())
    {
        assert!(!style::breaks(text(&after)), "one line: {}", told());
    }
    let loose = |doc: &Document| {
        let lines = text(doc).split(['\n', '\r']);
        lines.filter(|line| line.ends_with([' ', '\t'])).count()
    };
    assert!(loose(&after) <= loose(before), "trailing blanks: {}", told());
    let blank = |doc: &Document| {
        let lines = text(doc).replace("\r\n", "\n");
        lines.split(['\n', '\r']).filter(|line| line.trim_matches([' ', '\t']).is_empty()).count()
    };
    assert!(blank(&after) <= blank(before), "blank lines: {}", told());
    untouched(before, &after, &before.root, &mut Vec::new(), edits);
    after
}

/// Demands that what no edit comes near reads as it did, byte for byte. Elements may have moved, so arrays that an edit enters are left out.
fn untouched(before: &Document, after: &Document, node: &Node, at: &mut Vec<Seg>, edits: &[Edit]) {
    let path: Path = at.iter().cloned().collect();
    let is_near = |edit: &Edit| edit.path.meets(&path);
    if !edits.iter().any(is_near) {
        let range = after.range(&path).unwrap_or_default();
        assert_eq!(
            &text(before)[node.range.clone()],
            &text(after)[range],
            "{path} changed: {edits:?}\n{}=>\n{}",
            text(before),
            text(after)
        );
    } else if node.shape == Shape::Object {
        for item in node.items.iter().filter(|item| !item.shadowed) {
            at.extend(item.key.as_ref().map(|key| Seg::Key(key.name.as_str().into())));
            untouched(before, after, &item.node, at, edits);
            at.pop();
        }
    }
}

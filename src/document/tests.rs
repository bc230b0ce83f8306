//! What the document promises, on small texts, on supplied ones, and on random ones.

mod edits;
mod reading;

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

//! Any bytes as a config: they are read and kept as they are, or refused with a place in them and a cure that cures.
#![no_main]

use libfuzzer_sys::fuzz_target;
use openclaw_harden::document::{Diagnosis, Document};
use openclaw_harden::text::Lang;

fuzz_target!(|bytes: &[u8]| {
    match Document::parse(bytes) {
        Ok(document) => {
            assert_eq!(document.bytes(), bytes);
            assert_eq!(document.edit(&[]).expect("no edit").bytes(), bytes);
            for comment in document.comments() {
                assert!(comment.starts_with("//") || comment.starts_with("/*"), "{comment:?}");
            }
            let duplicates = document.duplicates();
            for (path, _) in &duplicates {
                document.locate(path);
            }
            for (path, range, _) in document.strings() {
                assert!(matches!(bytes.get(range), Some([b'"' | b'\'', ..])));
                // What stands under a key that does not count has no other way to it.
                assert!(!duplicates.is_empty() || document.range(&path).is_some());
            }
        }
        Err(error) => {
            let diagnosis = Diagnosis::of(bytes, &error);
            error.what.of(Lang::Ja);
            if let Some(cure) = diagnosis.cure {
                assert!(Document::parse(cure.text.as_bytes()).is_ok(), "the cure does not cure");
            }
        }
    }
});

//! Any files that draw each other in: they are put together or refused, and what an edit of them says holds.
//!
//! Zero bytes part the files: the config, then `/c/0`, `/c/1` and so on.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use openclaw_harden::document::{Document, Path};
use openclaw_harden::source::{Bounds, IncludeError, Loaded, Source};
use openclaw_harden::text::{Lang, Said, Text};
use std::path::{Path as FilePath, PathBuf};

const ABSENT: Text = Text { en: "absent", ja: "absent" };

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let mut files = bytes.split(|byte| *byte == 0);
    let Some(Ok(root)) = files.next().map(Document::parse) else {
        return Corpus::Reject;
    };
    let files: Vec<&[u8]> = files.collect();
    let roots = [PathBuf::from("/elsewhere")];
    let bounds = Bounds { config: FilePath::new("/c/openclaw.json"), roots: &roots };
    let mut load = |path: &FilePath| -> Result<Loaded, Said> {
        assert!(path.starts_with("/c") || path.starts_with("/elsewhere"), "leads out: {}", path.display());
        let number = path.file_name().and_then(|name| name.to_str()?.parse::<usize>().ok());
        let bytes = number.and_then(|number| files.get(number)).ok_or(ABSENT)?;
        Ok(Loaded { real: path.to_owned(), bytes: bytes.to_vec(), locked: None })
    };
    match Source::read(root, bounds, &mut load) {
        Ok(source) => {
            assert!(source.with(&[]).is_some_and(|same| same.value() == source.value()));
            if let Some(map) = source.value().as_object() {
                for key in map.keys() {
                    source.locate(&Path::root().key(key));
                }
            }
        }
        Err(IncludeError::Refused { what, .. }) => assert!(!what.of(Lang::En).is_empty()),
        Err(IncludeError::Parse { error, .. }) => assert!(!error.what.of(Lang::En).is_empty()),
    }
    Corpus::Keep
});

//! Any text as a skill: its front matter is read or said to be none, and what it shows is in it.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use openclaw_harden::skills::frontmatter::FrontMatter;
use openclaw_harden::skills::{Written, judge};

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Corpus::Reject;
    };
    let front = FrontMatter::read(text);
    assert!(front.lines <= text.split(['\n', '\r']).count());
    let file = Written { file: "SKILL.md", text };
    let judged = judge("folder", [file], &[], &|name| name == "exec");
    for sign in &judged.signs {
        assert!(sign.line as usize <= text.split(['\n', '\r', '\u{2028}', '\u{2029}']).count() + 1);
    }
    Corpus::Keep
});

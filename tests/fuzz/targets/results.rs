//! Any bytes as the report of an audit, as the result of another machine, as a file of answers, and as our own records: they are taken or refused.
#![no_main]

use libfuzzer_sys::fuzz_target;
use openclaw_harden::findings;
use openclaw_harden::plan::AnswersFile;
use openclaw_harden::report::fleet::Fleet;
use openclaw_harden::settings::Approvals;
use openclaw_harden::skills::state::Accepted;
use openclaw_harden::text::Lang;
use std::path::Path;

fuzz_target!(|bytes: &[u8]| {
    if let Err(why) = findings::parse(bytes) {
        assert!(!why.of(Lang::En).is_empty());
    }
    let mut fleet = Fleet::default();
    fleet.add(Path::new("web1.json"), bytes);
    fleet.findings(Lang::En);
    fleet.worst();
    fleet.oldest_checkup();
    assert!(serde_json::from_str::<serde_json::Value>(&fleet.json()).is_ok());
    if let Err(error) = AnswersFile::parse(bytes, Some("/home/ann")) {
        assert!(!error.why.of(Lang::Ja).is_empty());
    }
    if let Ok(accepted) = Accepted::parse(bytes) {
        let bytes = accepted.bytes().expect("names in Unicode");
        assert_eq!(Accepted::parse(&bytes).expect("our own").bytes().as_ref(), Ok(&bytes));
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        Approvals::parse(text);
    }
});

//! Any lines as the Gateway's log: they are counted or passed over.
#![no_main]

use libfuzzer_sys::fuzz_target;
use openclaw_harden::checkup::log::{Event, Tally, time_of};

fuzz_target!(|bytes: &[u8]| {
    let mut tally = Tally::new(Vec::new());
    let mut unreadable = 0;
    for line in bytes.split(|byte| *byte == b'\n') {
        time_of(line);
        match Event::read(line) {
            Ok(Some(event)) => tally.add(event),
            Ok(None) => {}
            Err(_) => unreadable += 1,
        }
    }
    tally.skip(unreadable, 0);
    tally.review();
});

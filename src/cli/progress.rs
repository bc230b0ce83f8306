//! A line on the terminal while something takes its time.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What is over sooner needs no line.
const UNSAID: Duration = Duration::from_millis(200);

/// Works, and says on a terminal what goes on and for how long; `said` has the time so far. Ctrl-C ends it.
pub(super) fn shown<T>(said: impl Fn(Duration) -> String + Sync, work: impl FnOnce() -> T) -> T {
    if !std::io::stderr().is_terminal() {
        return work();
    }
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let line = scope.spawn(|| {
            let since = Instant::now();
            let mut is_said = false;
            loop {
                thread::park_timeout(UNSAID);
                if over.load(Ordering::Relaxed) {
                    break;
                }
                if since.elapsed() >= UNSAID {
                    is_said = true;
                    eprint!("\r{}\u{1b}[K", said(since.elapsed()));
                    let _ = std::io::stderr().flush();
                }
            }
            if is_said {
                eprint!("\r\u{1b}[K");
            }
        });
        let done = work();
        over.store(true, Ordering::Relaxed);
        line.thread().unpark();
        done
    })
}

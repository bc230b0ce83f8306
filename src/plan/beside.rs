//! Two things at the same time.

use std::panic::resume_unwind;
use std::thread::{Builder, scope};

/// A thread has less room than the program by itself, and a document may be nested as deep as the program takes it. In bytes.
const STACK: usize = 8 << 20;

/// Does two things at the same time; one after the other where the machine gives no thread.
pub fn beside<A: Send, B>(other: impl Fn() -> A + Sync, own: impl FnOnce() -> B) -> (A, B) {
    scope(|scope| {
        let started = Builder::new().stack_size(STACK).spawn_scoped(scope, &other);
        let own = own();
        let other = match started {
            Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
            Err(_) => other(),
        };
        (other, own)
    })
}

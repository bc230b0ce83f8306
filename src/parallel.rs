//! Several things at the same time; many of them in as many threads as there are processors.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, scope};

/// A thread has less room than the program by itself, and a document may be nested as deep as the program takes it. In bytes.
const STACK: usize = 8 << 20;

thread_local! {
    /// Whether this thread is one of as many as there are processors.
    static IS_ONE_OF_MANY: Cell<bool> = const { Cell::new(false) };
}

/// Does two things at the same time; one after the other where [`each`] has all processors busy, or the machine gives no thread.
pub fn beside<A: Send, B>(other: impl Fn() -> A + Sync, own: impl FnOnce() -> B) -> (A, B) {
    if IS_ONE_OF_MANY.get() {
        let own = own();
        return (other(), own);
    }
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

/// Is what becomes of each item, in the order of the items.
pub fn each<T: Sync, R: Send>(items: &[T], work_out: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        while let Some((n, item)) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| Some((n, items.get(n)?))) {
            done.push((n, work_out(item)));
        }
        done
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let threads = processors.min(items.len());
    let mut done = scope(|scope| {
        let one_of_many = || {
            let was = IS_ONE_OF_MANY.replace(threads == processors || IS_ONE_OF_MANY.get());
            let done = work();
            IS_ONE_OF_MANY.set(was);
            done
        };
        let others: Vec<_> = (1..threads)
            .filter_map(|_| Builder::new().stack_size(STACK).spawn_scoped(scope, one_of_many).ok())
            .collect();
        let mut done = one_of_many();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_by_key(|(n, _)| *n);
    done.into_iter().map(|(_, done)| done).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_done_and_a_panic_of_either_is_the_callers() {
        assert_eq!(beside(|| 1, || 2), (1, 2));
        for one in [true, false] {
            let both = std::panic::catch_unwind(|| beside(|| assert!(!one), || assert!(one)));
            assert!(both.is_err());
        }
    }

    #[test]
    fn what_becomes_of_many_stands_in_their_order_and_two_things_may_be_done_for_each() {
        let items: Vec<usize> = (0..1000).collect();
        let done = each(&items, |n| beside(|| n + 1, || n + 2));
        assert_eq!(done, items.iter().map(|n| (n + 1, n + 2)).collect::<Vec<_>>());
        assert!(each(&[] as &[u8], |n| *n).is_empty());
        assert!(!IS_ONE_OF_MANY.get());
    }
}

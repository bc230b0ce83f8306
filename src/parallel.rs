//! Several things at the same time; many of them in as many threads as there are processors.

use std::cell::Cell;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Builder, scope};

/// A thread has less room than the program by itself, and a document may be nested as deep as the program takes it. In bytes.
const STACK: usize = 8 << 20;

thread_local! {
    /// How many processors this thread may keep busy; none: all that there are. More threads than processors wait for each other.
    static SHARE: Cell<Option<usize>> = const { Cell::new(None) };
}

fn share() -> usize {
    // Asked once: Linux reads it from several files.
    static PROCESSORS: OnceLock<usize> = OnceLock::new();
    SHARE.get().unwrap_or_else(|| *PROCESSORS.get_or_init(|| thread::available_parallelism().map_or(1, usize::from)))
}

/// Does something with so many processors.
fn with_share<R>(share: usize, work: impl FnOnce() -> R) -> R {
    let was = SHARE.replace(Some(share));
    let done = work();
    SHARE.set(was);
    done
}

/// Does two things at the same time; one after the other where other threads have all processors, or the machine gives no thread.
pub fn beside<A: Send, B>(other: impl Fn() -> A + Sync, own: impl FnOnce() -> B) -> (A, B) {
    let share = share();
    if share < 2 {
        let own = own();
        return (other(), own);
    }
    scope(|scope| {
        let started = Builder::new().stack_size(STACK).spawn_scoped(scope, || with_share(share / 2, &other));
        let own = with_share(share - share / 2, own);
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
    let processors = share();
    let threads = processors.min(items.len());
    let mut done = scope(|scope| {
        let one_of_many = || with_share(processors / threads.max(1), work);
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
    fn the_processors_are_shared_out_and_who_has_one_alone_starts_no_thread() {
        let shares = with_share(3, || beside(share, || (share(), beside(share, share))));
        assert_eq!(shares, (1, (2, (1, 1))));
        let here = thread::current().id();
        let (other, own) = with_share(1, || beside(|| thread::current().id(), || thread::current().id()));
        assert!(other == here && own == here);
    }

    #[test]
    fn what_becomes_of_many_stands_in_their_order_and_two_things_may_be_done_for_each() {
        let items: Vec<usize> = (0..1000).collect();
        let done = each(&items, |n| beside(|| n + 1, || n + 2));
        assert_eq!(done, items.iter().map(|n| (n + 1, n + 2)).collect::<Vec<_>>());
        assert!(each(&[] as &[u8], |n| *n).is_empty());
        assert_eq!(SHARE.get(), None);
    }
}

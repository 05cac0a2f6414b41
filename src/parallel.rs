//! Work on several threads, where it is enough to be worth them.
//!
//! To start threads takes longer than to render a small chart, so they are started by the first
//! work that is large.

use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};

use rayon::prelude::*;

/// The stack of each thread: what nests as deep as YAML may is walked by recursion.
pub const STACK: usize = 64 * 1024 * 1024;

/// From how many bytes on texts are shared out among threads.
const ENOUGH: usize = 64 * 1024;

/// What opening and reading a file takes, in bytes of text that are read in the same time.
pub const OF_A_FILE: usize = 512;

/// The work of what takes much longer than to start threads.
pub const MUCH: usize = usize::MAX;

static MAIN: Mutex<Option<ThreadId>> = Mutex::new(None);

/// Makes the current thread one of those that work is shared out among; to be called by a thread
/// that lives as long as the program.
pub fn use_this_thread() {
    *MAIN.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
}

/// Maps each item, and keeps their order; `bytes` is how much text the items are, about.
pub fn map<T: Send, R: Send>(
    items: Vec<T>,
    bytes: usize,
    map: impl Fn(T) -> R + Sync + Send,
) -> Vec<R> {
    if items.len() < 2 || bytes < ENOUGH {
        return items.into_iter().map(map).collect();
    }
    start();
    items.into_par_iter().map(map).collect()
}

/// Does two things, at the same time where both are there to be done.
pub fn both<A: Send, B: Send>(
    one: Option<impl FnOnce() -> A + Send>,
    other: impl FnOnce() -> B + Send,
) -> (Option<A>, B) {
    let Some(one) = one else { return (None, other()) };
    start();
    let (one, other) = rayon::join(one, other);
    (Some(one), other)
}

/// Starts the threads, once.
fn start() {
    static START: Once = Once::new();
    START.call_once(|| {
        let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK);
        let main = *MAIN.lock().unwrap_or_else(PoisonError::into_inner);
        let pool = match main {
            Some(main) if main == thread::current().id() => pool.use_current_thread(),
            _ => pool,
        };
        // Where there is a pool already, that one serves.
        drop(pool.build_global());
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_keep_their_order() {
        let numbers: Vec<usize> = (0..1000).collect();
        let expected: Vec<usize> = numbers.iter().map(|number| number * 2).collect();
        for bytes in [0, MUCH] {
            assert_eq!(map(numbers.clone(), bytes, |number| number * 2), expected);
        }
    }

    #[test]
    fn both_are_done() {
        assert_eq!(both(Some(|| 1), || 2), (Some(1), 2));
        assert_eq!(both(None::<fn() -> i32>, || 2), (None, 2));
    }
}

//! The last bound on time and memory, for what no other bound sees.
//!
//! Steps and bytes are charged where they are taken, and end a rendering with an error that points
//! at the template. What libraries do at one go cannot be interrupted: where a chart asks for such
//! work, a thread looks at the clock and at the memory, and ends the program where a bound is
//! passed. Nothing has been written by then.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, Once, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::Exit;
use super::job::Job;
use super::progress::Progress;
use crate::input::{Chart, ChartFile};

/// How long the watch sleeps between looks.
const PAUSE: Duration = Duration::from_millis(20);

/// How much longer than its bound a release may take before the watch ends it: the bound itself
/// gives the better error.
const GRACE: Duration = Duration::from_secs(1);

/// The memory that is there for a release beside the bytes that it makes.
const BASE: u64 = 352 * 1024 * 1024;

/// The memory that each further release may hold until all are done.
const OF_A_RELEASE: u64 = 64 * 1024 * 1024;

/// From how many bytes of templates on a chart is large.
const LARGE: usize = 512 * 1024;

/// Watches until it is dropped.
pub(super) struct Watch {
    shared: Arc<Shared>,
    end: Option<fn(u8) -> !>,
    started: Once,
}

/// What is being worked on.
pub(super) struct Busy<'a> {
    watch: &'a Watch,
    number: u64,
}

struct Shared {
    state: Mutex<State>,
    done: Condvar,
    seconds: u64,
    bytes: u64,
    progress: Progress,
}

#[derive(Default)]
struct State {
    is_done: bool,
    number: u64,
    busy: BTreeMap<u64, (Instant, String)>,
}

impl Watch {
    /// Gets ready to watch a job.
    pub(super) fn new(job: &Job) -> Self {
        let limits = job.settings.limits;
        let others = job.releases().saturating_sub(1) as u64;
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            done: Condvar::new(),
            seconds: limits.seconds,
            progress: job.progress.clone(),
            bytes: BASE.saturating_add(limits.bytes).saturating_add(others * OF_A_RELEASE),
        });
        Self { shared, end: job.end, started: Once::new() }
    }

    /// Begins to watch, where a chart needs it: a thread takes a fifth of the time of a small one.
    pub(super) fn look_at(&self, chart: &Chart) {
        let Some(end) = self.end.filter(|_| needs_watch(chart)) else { return };
        self.started.call_once(|| {
            let watched = Arc::clone(&self.shared);
            let thread = thread::Builder::new().stack_size(128 * 1024);
            // Where no thread can be had, the other bounds have to do.
            drop(thread.spawn(move || watched.watch(end)));
        });
    }

    /// Notes what is being worked on until the answer is dropped; none where nobody looks.
    pub(super) fn busy(&self, what: impl FnOnce() -> String) -> Option<Busy<'_>> {
        if !self.started.is_completed() {
            return None;
        }
        let mut state = self.shared.state();
        state.number += 1;
        let number = state.number;
        state.busy.insert(number, (Instant::now(), what()));
        Some(Busy { watch: self, number })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.shared.state().is_done = true;
        self.shared.done.notify_all();
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.watch.shared.state().busy.remove(&self.number);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn watch(&self, end: fn(u8) -> !) {
        let mut state = self.state();
        while !state.is_done {
            if let Some(problem) = self.problem(&state) {
                self.progress.clear();
                drop(writeln!(std::io::stderr(), "error: {problem}"));
                end(Exit::Failed as u8);
            }
            let waited = self.done.wait_timeout(state, PAUSE);
            (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Returns which bound is passed.
    fn problem(&self, state: &State) -> Option<String> {
        let (seconds, bytes) = (self.seconds, self.bytes);
        let bound = Duration::from_secs(seconds).saturating_add(GRACE);
        let late = state.busy.values().find(|(start, _)| start.elapsed() > bound);
        if let Some((_, what)) = late {
            return Some(format!(
                "{what} takes more than {seconds} s; raise the bound with --max-seconds"
            ));
        }
        let used = memory_stats::memory_stats()?.physical_mem as u64;
        if used <= bytes {
            return None;
        }
        let names: Vec<&str> = state.busy.values().map(|(_, what)| what.as_str()).collect();
        let names = if names.is_empty() { "the input".into() } else { names.join(", ") };
        let megabytes = bytes / (1024 * 1024);
        Some(format!(
            "{names}: more than {megabytes} MiB of memory are in use; raise the bound with \
             --max-bytes"
        ))
    }
}

/// Tells whether a chart has work for libraries that cannot be interrupted, or is large.
fn needs_watch(chart: &Chart) -> bool {
    let is_jinja = |file: &ChartFile| file.name.ends_with(".j2");
    let size: usize = chart.templates.iter().map(|file| file.content.len()).sum();
    chart.schema.is_some()
        || size > LARGE
        || chart.templates.iter().any(is_jinja)
        || chart.dependencies.iter().any(|chart| needs_watch(chart))
}

//! What shows on a terminal that long work goes on.
//!
//! Where nobody looks there is no thread and nothing is drawn, and short work is over before anything
//! would be.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How long work goes on before it is shown: short runs never flicker.
const SILENCE: Duration = Duration::from_millis(300);

/// How long what is shown stands before it is drawn anew.
const PAUSE: Duration = Duration::from_millis(100);

/// What is being done, and of how many things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// Folders are walked.
    Looking,
    /// Charts are loaded.
    Loading(usize),
    /// Releases are rendered.
    Rendering(usize),
    /// Some are rendered once more, for what is to be known exactly.
    Again(usize),
    /// What was rendered is judged.
    Judging,
    /// It is compared with something else.
    Comparing,
}

/// Shows what is being done, until it is cleared; all copies are one.
#[derive(Clone, Default)]
pub(super) struct Progress(Option<Arc<Shared>>);

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// How many of its things are done.
    done: AtomicUsize,
    target: fn() -> ProgressDrawTarget,
}

#[derive(Default)]
struct State {
    /// None where nothing is to be shown.
    work: Option<Work>,
    thread: Option<JoinHandle<()>>,
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").field("is_shown", &self.0.is_some()).finish()
    }
}

impl Progress {
    /// Shows on standard error, which is a terminal.
    pub(super) fn on_terminal() -> Self {
        Self::on(ProgressDrawTarget::stderr)
    }

    fn on(target: fn() -> ProgressDrawTarget) -> Self {
        let (state, changed, done) = (Mutex::default(), Condvar::new(), AtomicUsize::new(0));
        Self(Some(Arc::new(Shared { state, changed, done, target })))
    }

    /// Begins to do something.
    pub(super) fn begin(&self, work: Work) {
        let Some(shared) = &self.0 else { return };
        let mut state = shared.state();
        state.work = Some(work);
        shared.done.store(0, Ordering::Relaxed);
        if state.thread.is_none() {
            let shown = Arc::clone(shared);
            let thread = thread::Builder::new().stack_size(256 * 1024);
            // Where no thread can be had, the work goes on unseen.
            state.thread = thread.spawn(move || shown.show()).ok();
        }
    }

    /// Notes that one more of the things is done.
    pub(super) fn advance(&self) {
        if let Some(shared) = &self.0 {
            shared.done.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Takes away what is shown, before anything else is printed.
    pub(super) fn clear(&self) {
        let Some(shared) = &self.0 else { return };
        let mut state = shared.state();
        state.work = None;
        let thread = state.thread.take();
        drop(state);
        shared.changed.notify_all();
        if let Some(thread) = thread {
            drop(thread.join());
        }
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits, unless there is nothing to be shown any more.
    fn wait<'a>(&self, state: MutexGuard<'a, State>, time: Duration) -> MutexGuard<'a, State> {
        let is_on = |state: &mut State| state.work.is_some();
        let waited = self.changed.wait_timeout_while(state, time, is_on);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn show(&self) {
        let mut state = self.wait(self.state(), SILENCE);
        if state.work.is_none() {
            return;
        }
        // Nothing is drawn before all of it is known.
        let bar = ProgressBar::hidden();
        let mut known = None;
        while let Some(work) = state.work {
            drop(state);
            if known != Some(work) {
                work.begin_on(&bar);
            }
            work.draw(&bar, self.done.load(Ordering::Relaxed));
            if known.replace(work).is_none() {
                bar.set_draw_target((self.target)());
                bar.tick();
            }
            state = self.wait(self.state(), PAUSE);
        }
        drop(state);
        bar.finish_and_clear();
    }
}

impl Work {
    /// Returns how many things there are to do, where that is known.
    fn total(self) -> Option<usize> {
        match self {
            Self::Looking | Self::Judging | Self::Comparing => None,
            Self::Loading(total) | Self::Rendering(total) | Self::Again(total) => Some(total),
        }
    }

    fn words(self, done: usize) -> String {
        match self {
            Self::Looking => "looking for charts and manifests".into(),
            Self::Loading(total) => format!("{done} of {total} charts loaded"),
            Self::Rendering(total) => format!("{done} of {total} releases rendered"),
            Self::Again(total) => format!("{done} of {total} releases looked at closely"),
            Self::Judging => "judging".into(),
            Self::Comparing => "comparing".into(),
        }
    }

    fn begin_on(self, bar: &ProgressBar) {
        let (template, total) = match self.total() {
            Some(total) => ("[{bar:20}] {wide_msg}", total),
            None => ("{spinner} {wide_msg}", 0),
        };
        let style = ProgressStyle::with_template(template).expect("the templates are right");
        bar.set_style(style.progress_chars("=> ").tick_chars("|/-\\ "));
        bar.set_length(total as u64);
    }

    fn draw(self, bar: &ProgressBar, done: usize) {
        bar.set_position(done.min(self.total().unwrap_or(0)) as u64);
        bar.set_message(self.words(done));
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use indicatif::TermLike;

    use super::*;

    /// What was written to the terminal.
    static WRITTEN: Mutex<String> = Mutex::new(String::new());

    #[derive(Debug)]
    struct Terminal;

    fn write(text: &str) -> io::Result<()> {
        WRITTEN.lock().expect("no test panics with it").push_str(text);
        Ok(())
    }

    impl TermLike for Terminal {
        fn width(&self) -> u16 {
            80
        }
        fn move_cursor_up(&self, count: usize) -> io::Result<()> {
            write(&"<up>".repeat(count))
        }
        fn move_cursor_down(&self, count: usize) -> io::Result<()> {
            write(&"<down>".repeat(count))
        }
        fn move_cursor_right(&self, count: usize) -> io::Result<()> {
            write(&"<right>".repeat(count))
        }
        fn move_cursor_left(&self, count: usize) -> io::Result<()> {
            write(&"<left>".repeat(count))
        }
        fn write_line(&self, text: &str) -> io::Result<()> {
            write(&format!("{text}\n"))
        }
        fn write_str(&self, text: &str) -> io::Result<()> {
            write(text)
        }
        fn clear_line(&self) -> io::Result<()> {
            write("<clear>")
        }
        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written() -> String {
        std::mem::take(&mut WRITTEN.lock().expect("no test panics with it"))
    }

    #[test]
    fn long_work_is_shown_and_short_work_is_not() {
        let progress = Progress::on(|| ProgressDrawTarget::term_like(Box::new(Terminal)));
        progress.begin(Work::Rendering(3));
        progress.advance();
        progress.clear();
        assert_eq!(written(), "", "it was over at once");
        for work in [Work::Loading(1), Work::Rendering(3)] {
            progress.begin(work);
        }
        progress.advance();
        thread::sleep(SILENCE * 3);
        progress.begin(Work::Judging);
        thread::sleep(PAUSE * 5);
        progress.clear();
        let text = written();
        assert!(text.contains("1 of 3 releases rendered"), "{text}");
        assert!(!text.contains("loaded"), "that was over before: {text}");
        assert!(text.contains("judging"), "{text}");
        assert!(text.ends_with("<clear>"), "nothing is left: {text:?}");
    }

    #[test]
    fn where_nobody_looks_nothing_is_started() {
        let progress = Progress::default();
        progress.begin(Work::Looking);
        progress.advance();
        progress.clear();
        assert!(progress.0.is_none());
    }
}

//! What bounds the rendering of one release.

use std::fmt;
use std::sync::Arc;

/// What bounds the rendering of one release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Steps: nodes, commands, arguments, loop turns, and what functions read and make.
    pub steps: u64,
    /// Bytes written and made by functions.
    pub bytes: u64,
    /// Seconds on the clock; they count where [`Settings`](super::Settings) bring a stopwatch.
    pub seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 50_000_000, bytes: 128 * 1024 * 1024, seconds: 10 }
    }
}

/// What tells whether the time is over.
pub type Timer = Arc<dyn Fn() -> bool + Send + Sync>;

/// What starts a timer of a number of seconds: rendering itself knows no clock, so that what it
/// gives never depends on one.
#[derive(Clone)]
pub struct Stopwatch(Arc<dyn Fn(u64) -> Timer + Send + Sync>);

impl Stopwatch {
    /// Builds a stopwatch out of what starts its timers.
    pub fn new(start: impl Fn(u64) -> Timer + Send + Sync + 'static) -> Self {
        Self(Arc::new(start))
    }

    /// Starts a timer.
    #[must_use]
    pub fn start(&self, seconds: u64) -> Timer {
        (self.0)(seconds)
    }
}

impl fmt::Debug for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stopwatch")
    }
}

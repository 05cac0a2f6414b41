//! `--max-steps`, `--max-bytes` and `--max-seconds`: what bounds the rendering of a release.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::args::LimitArgs;
use crate::render::{Limits, Settings, Stopwatch};

/// Returns the settings with what was typed about bounds.
pub(super) fn bounded(settings: Settings, args: &LimitArgs) -> Settings {
    let LimitArgs { max_steps: steps, max_bytes: bytes, max_seconds: seconds } = *args;
    Settings { limits: Limits { steps, bytes, seconds }, stopwatch: Some(stopwatch()), ..settings }
}

/// Returns what measures time. Rendered text never depends on it: it can only end a rendering.
fn stopwatch() -> Stopwatch {
    Stopwatch::new(|seconds| {
        let (start, bound) = (Instant::now(), Duration::from_secs(seconds));
        Arc::new(move || start.elapsed() > bound)
    })
}

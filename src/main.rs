//! The command line of rolecall.

use std::io::{self, BufWriter};
use std::process::ExitCode;

use rolecall::cli::{Streams, Surroundings, run};
use rolecall::parallel;

/// Rendering touches much memory once. This allocator takes it in large pages where the system has
/// them; page by page it costs a third of the time of a large chart.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // A stack of its own is cheaper than a thread.
    ExitCode::from(stacker::grow(parallel::STACK, work))
}

fn work() -> u8 {
    parallel::use_this_thread();
    let surroundings = Surroundings { end: Some(end), ..Surroundings::of_process() };
    let streams = Streams {
        stdin: &mut io::stdin().lock(),
        stdout: &mut BufWriter::new(io::stdout().lock()),
        // Not locked: the watch over time and memory must be able to speak.
        stderr: &mut io::stderr(),
        surroundings,
    };
    run(std::env::args_os(), streams)
}

#[allow(clippy::exit, clippy::disallowed_methods, reason = "what goes on cannot be interrupted")]
fn end(code: u8) -> ! {
    std::process::exit(code.into())
}

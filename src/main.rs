//! The command line of rolecall.

use std::io::{self, BufWriter};
use std::process::ExitCode;

use rolecall::cli::{Streams, Surroundings, run};

/// The stack of each thread: what nests as deep as YAML may is walked by recursion.
const STACK: usize = 64 * 1024 * 1024;

fn main() -> ExitCode {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(work);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => ExitCode::from(code),
        Ok(Err(panic)) => std::panic::resume_unwind(panic),
        Err(_) => ExitCode::from(work()),
    }
}

fn work() -> u8 {
    // One thread less to start, and its memory is at hand. Where there is a pool already, or where
    // that fails, rayon has its own.
    let pool = rayon::ThreadPoolBuilder::new().use_current_thread().stack_size(STACK);
    drop(pool.build_global());
    let surroundings = Surroundings::of_process();
    let streams = Streams {
        stdin: &mut io::stdin().lock(),
        stdout: &mut BufWriter::new(io::stdout().lock()),
        stderr: &mut io::stderr().lock(),
        surroundings,
    };
    run(std::env::args_os(), streams)
}

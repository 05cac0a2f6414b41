//! The command line of rolecall.

use std::io::{self, BufWriter};
use std::process::ExitCode;

use rolecall::cli::{Streams, Surroundings, run};

fn main() -> ExitCode {
    let surroundings = Surroundings::of_process();
    let streams = Streams {
        stdin: &mut io::stdin().lock(),
        stdout: &mut BufWriter::new(io::stdout().lock()),
        stderr: &mut io::stderr().lock(),
        surroundings,
    };
    ExitCode::from(run(std::env::args_os(), streams))
}

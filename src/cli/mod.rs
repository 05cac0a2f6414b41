//! The command line: raw arguments to a resolved job to an exit code, one file per subcommand.

mod args;
mod chart;
mod cluster;
mod completions;
mod diff;
mod estate;
mod explain;
mod fix;
mod flags;
mod format;
mod gather;
mod init;
mod install;
mod inventory;
mod job;
mod kitchen;
mod limits;
mod lint;
mod man;
mod merge;
mod next;
mod output;
mod paths;
mod plan;
mod progress;
mod quiet;
mod render;
mod schema;
mod select;
mod sheaf;
mod streams;
mod switched;
mod told;
mod trouble;
mod watch;

use std::ffi::OsString;

use clap::FromArgMatches;
use clap::error::{ContextKind, ContextValue};

pub use streams::{HelmPlugin, Streams, Surroundings};

use args::{Cli, Command};
use streams::Console;
use trouble::Trouble;

use crate::source::SourceMap;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Exit {
    /// Nothing was found.
    Clean = 0,
    /// Something was found, or differs.
    Found = 1,
    /// Something could not be done.
    Failed = 2,
}

/// Runs the program and returns its exit code.
///
/// `args` begin with the program's name. All that is read and written goes through `streams`, but
/// for the files that the arguments name.
pub fn run(args: impl IntoIterator<Item = OsString>, mut streams: Streams<'_>) -> u8 {
    let args = flags::in_order(args.into_iter().collect());
    let command = flags::called(flags::command(), args.first(), &streams.surroundings);
    let parsed = command.try_get_matches_from(args);
    let cli = match parsed.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &mut streams),
    };
    let mut console = Console::new(streams, cli.color);
    if cli.quiet {
        console.hush();
    }
    console.raise(cli.verbose);
    let done = match cli.command {
        Command::Render(args) => render::run(&args, &mut console),
        Command::Lint(args) => lint::run(&args, &mut console),
        Command::Merge(args) => merge::run(&args, &mut console),
        Command::Diff(args) => diff::run(&args, &mut console),
        Command::Explain(args) => explain::run(&args, &mut console),
        Command::Init(args) => init::run(&args, &mut console),
        Command::Completions(args) => completions::run(&args, &mut console),
        Command::Man(args) => man::run(&args, &mut console),
        Command::Schema => schema::run(&mut console),
    };
    match done {
        Ok(exit) => exit as u8,
        Err(trouble) => {
            complain(&[trouble.without_places()], &SourceMap::new(), &mut console);
            Exit::Failed as u8
        }
    }
}

/// Prints what clap says: help and version to standard output, the rest to standard error.
fn usage(error: &clap::Error, streams: &mut Streams<'_>) -> u8 {
    use crate::report::text::Colour;
    let (stream, colour, exit): (&mut dyn std::io::Write, _, _) = match error.use_stderr() {
        true => (streams.stderr, streams.surroundings.stderr, Exit::Failed),
        false => (streams.stdout, streams.surroundings.stdout, Exit::Clean),
    };
    let path = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) => next::for_path(word),
        _ => None,
    };
    let text = error.render();
    let text = match colour {
        Colour::Ansi => text.ansi().to_string(),
        Colour::None => text.to_string(),
    };
    let text = text + &path.unwrap_or_default();
    // Where the stream is closed nobody is there to be told.
    drop(stream.write_all(text.as_bytes()));
    exit as u8
}

/// Draws troubles to standard error.
fn complain(troubles: &[Trouble], sources: &SourceMap, console: &mut Console<'_>) {
    let style = console.err_style();
    for trouble in troubles {
        let drawn = trouble.drawn(sources, style);
        console.complain(&format!("{drawn}\n"));
    }
}

/// Prints warnings to standard error.
fn warn(warnings: &[String], console: &mut Console<'_>) {
    for warning in warnings {
        console.remark(&format!("warning: {warning}\n"));
    }
}

/// Returns one of Helm's warnings, `WARN msg="…"`, as people read it.
fn warning(logged: &str) -> String {
    let text = logged.split_once(" msg=").map_or(logged, |(_, text)| text);
    let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    quoted.map_or_else(|| text.into(), |text| text.replace("\\\"", "\""))
}

//! `rolecall completions`.

use super::args::CompletionsArgs;
use super::streams::Console;
use super::{Exit, Trouble, flags};

pub(super) fn run(args: &CompletionsArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut flags::command(), "rolecall", &mut script);
    console.print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Clean)
}

//! `rolecall man`.

use super::args::ManArgs;
use super::streams::Console;
use super::{Exit, Trouble, flags};
use crate::finding::listed;
use crate::input;

pub(super) fn run(args: &ManArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let mut command = flags::command().disable_help_subcommand(true);
    // Names the subcommands as their pages are named: rolecall-lint.
    command.build();
    let described = match &args.command {
        None => &command,
        Some(name) => command.find_subcommand(name).ok_or_else(|| unknown(name, &command))?,
    };
    let mut page = Vec::new();
    let source = concat!("rolecall ", env!("CARGO_PKG_VERSION"));
    clap_mangen::Man::new(described.clone()).source(source).render(&mut page)?;
    console.print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Clean)
}

fn unknown(name: &str, command: &clap::Command) -> input::Error {
    let names: Vec<String> = command.get_subcommands().map(|it| it.get_name().into()).collect();
    input::Error::new(format!("there is no command `{name}`"))
        .with_help(format!("the commands are {}", listed(&names)))
}

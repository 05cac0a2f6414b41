//! `rolecall man`.

use clap::CommandFactory;

use super::args::Cli;
use super::streams::Console;
use super::{Exit, Trouble};

pub(super) fn run(console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    console.print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Clean)
}

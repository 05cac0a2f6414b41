//! `rolecall man`.

use super::streams::Console;
use super::{Exit, Trouble, flags};

pub(super) fn run(console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let mut page = Vec::new();
    clap_mangen::Man::new(flags::command()).render(&mut page)?;
    console.print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Clean)
}

//! `rolecall schema`.

use super::streams::Console;
use super::{Exit, Trouble};
use crate::input::INVENTORY_SCHEMA;

pub(super) fn run(console: &mut Console<'_>) -> Result<Exit, Trouble> {
    console.print(INVENTORY_SCHEMA)?;
    Ok(Exit::Clean)
}

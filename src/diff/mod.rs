//! Before and after to changes: in words first, text last.

mod change;
mod text;

pub use change::{Change, Lead, Side};
pub use text::unified;

//! Before and after to changes: in words first, text last.

mod access;
mod change;
mod fields;
mod objects;
mod text;

pub use access::{AccessChange, Grant, What};
pub use change::{Change, Lead, Side};
pub use objects::objects;
pub use text::{Hunk, Line, headers, hunks, unified};

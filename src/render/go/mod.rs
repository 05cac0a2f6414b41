//! Go's text/template: lexer, parser, and an evaluator over Go's values.

pub(crate) mod eval;
pub mod ir;
mod lex;
mod parse;

pub use eval::TemplateSet;
pub use parse::{ParseError, parse};

use super::value::quote;

/// Returns a text as Go's `%q` prints it.
pub(crate) fn quoted(text: &str) -> String {
    quote::quote(text.as_bytes(), quote::Shown::Printable)
}

//! Go's text/template: lexer, parser, and an evaluator over Go's values.

pub(crate) mod eval;
pub mod ir;
mod lex;
mod parse;

pub use eval::TemplateSet;
pub use parse::{BYTES_PER_ACTION_BYTE, ParseError, parse, parsed_size};

pub(crate) use super::value::quote::quoted;

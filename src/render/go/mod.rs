//! Go's text/template: lexer, parser, and an evaluator over Go's values.

pub mod ir;

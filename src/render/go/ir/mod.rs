//! The intermediate form of a template: what the parser makes and the evaluator walks.
//!
//! It is shared by all releases of a chart and all threads. Variables are resolved to slots of the
//! template's frame; functions to their entry in the table. Each node that Go can name in an error
//! prints itself as Go re-prints it (`Display`), and knows Go's position for it.

mod dismantle;
mod display;

use std::sync::Arc;

use smol_str::SmolStr;

use super::parse::quote::unquote_bytes;
use crate::render::functions::Function;
use crate::source::{SharedText, Span};

/// A named template: a file, a `define` or a `block`.
#[derive(Debug)]
pub struct Template {
    /// The name that `include` takes.
    pub name: SmolStr,
    /// The name of the file it stands in, as Go's errors print it: `c/templates/a.yaml`.
    pub source: Arc<Source>,
    /// What it writes.
    pub body: Block,
    /// How many variable slots its frame has; slot 0 is `$`.
    pub slots: usize,
}

impl Template {
    /// Tells whether the body holds nothing but blanks: Go never lets such a template replace
    /// another of its name.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.body.iter().all(|node| match node {
            Node::Text { text, .. } => text.trim().is_empty(),
            _ => false,
        })
    }
}

/// The text that templates were parsed from.
#[derive(Debug)]
pub struct Source {
    /// The name, as Go's errors print it; `gotpl` for a text given to `tpl`.
    pub name: SmolStr,
    /// Where the text stands among all texts; none for a text made while rendering.
    pub file: Option<crate::source::FileId>,
    /// The text.
    pub text: SharedText,
}

/// A list of nodes.
pub type Block = Vec<Node>;

/// Offsets of a node in its source text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The offset that Go's errors count line and column from.
    pub at: u32,
    /// The first byte of the action or text.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Place {
    /// Returns the span of the node, where its text is known to the source map.
    #[must_use]
    pub fn span(self, source: &Source) -> Option<Span> {
        source.file.map(|file| Span::new(file, self.start as usize, self.end as usize))
    }
}

/// A node of a template.
#[derive(Debug)]
pub enum Node {
    /// Text outside of actions, trimmed by the neighbours' trim markers; `place` is of what is left.
    Text {
        /// The text.
        text: SmolStr,
        /// Where it stands.
        place: Place,
    },
    /// `{{ pipeline }}`; prints unless the pipeline declares or assigns.
    Action {
        /// The pipeline.
        pipe: Pipe,
        /// Where the action stands, delimiters included.
        place: Place,
    },
    /// `{{ if }}` and `{{ with }}`, `else if` and `else with` nested in `otherwise`.
    Branch {
        /// Which of the two.
        kind: Branch,
        /// The condition.
        pipe: Pipe,
        /// What is written where it is true.
        body: Block,
        /// What is written where it is not.
        otherwise: Block,
        /// Where the opening action stands.
        place: Place,
    },
    /// `{{ range }}`.
    Range {
        /// What is walked; its declarations are the key and value variables.
        pipe: Pipe,
        /// What is written for each element.
        body: Block,
        /// What is written where there is none.
        otherwise: Block,
        /// Where the opening action stands.
        place: Place,
    },
    /// `{{ template "name" pipeline }}` and `{{ block }}`.
    Call {
        /// The name.
        name: SmolStr,
        /// The argument; none: dot is nil.
        pipe: Option<Pipe>,
        /// Where the action stands; `at` is the offset of the quoted name.
        place: Place,
    },
    /// `{{ break }}`.
    Break,
    /// `{{ continue }}`.
    Continue,
}

/// Which conditional a branch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Branch {
    /// Keeps dot.
    If,
    /// Sets dot to the value.
    With,
}

/// Commands, each given to the next as its last argument.
#[derive(Debug)]
pub struct Pipe {
    /// What the pipeline declares or assigns: one variable, two in `range`.
    pub targets: Vec<Target>,
    /// The commands.
    pub commands: Vec<Command>,
    /// Where it stands.
    pub place: Place,
}

/// A variable that a pipeline declares (`:=`) or assigns (`=`).
#[derive(Debug)]
pub struct Target {
    /// The name with its `$`.
    pub name: SmolStr,
    /// Where its value is kept; none for an assignment to a variable that was never declared, which
    /// fails when it is reached: `undefined variable: $x`.
    pub slot: Option<usize>,
    /// Whether it is declared or assigned.
    pub mode: Mode,
}

/// How a pipeline binds a variable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `:=`
    Declare,
    /// `=`
    Assign,
}

/// A command: an operand alone, or a function, method or field with arguments.
#[derive(Debug)]
pub struct Command {
    /// The operands; at least one.
    pub args: Vec<Operand>,
    /// Where it stands.
    pub place: Place,
}

/// An operand of a command.
#[derive(Debug)]
pub struct Operand {
    /// What it is.
    pub kind: OperandKind,
    /// Where it stands; `at` as Go counts it (for `.A.B.C` and `$x.B` the second part's dot).
    pub place: Place,
}

/// The kinds of operands.
#[derive(Debug)]
pub enum OperandKind {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// A number or character.
    Number(Box<Number>),
    /// A string.
    Str {
        /// The value; see [`OperandKind::bytes`] where it holds replacement characters.
        value: SmolStr,
        /// How it is written.
        written: Written,
    },
    /// `.A.B`: fields of dot; at least one.
    Field(Vec<SmolStr>),
    /// `$x` or `$x.A.B`.
    Variable {
        /// The name with its `$`.
        name: SmolStr,
        /// Where its value is kept; none for a variable that the parser has seen declared but that
        /// is not alive here, which fails when it is reached: `undefined variable: $x`.
        slot: Option<usize>,
        /// The fields.
        fields: Vec<SmolStr>,
    },
    /// `(pipeline).A.B` or `function.A.B`; at least one field.
    Chain {
        /// The operand that the fields are taken of: a pipeline in parentheses, or a function.
        base: Box<Operand>,
        /// The fields.
        fields: Vec<SmolStr>,
    },
    /// A function's name.
    Function(&'static Function),
    /// `(pipeline)`
    Pipe(Box<Pipe>),
}

/// How a string literal is written, for errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// As its value between `"`.
    Quoted,
    /// As its value between back quotes.
    Raw,
    /// In this way, quotes included.
    Otherwise(SmolStr),
}

impl OperandKind {
    /// Tells whether the operand is a constant or dot: nothing that could be called.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        matches!(self, Self::Dot | Self::Nil | Self::Bool(_) | Self::Number(_) | Self::Str { .. })
    }

    /// Returns the bytes of a string literal; none for other operands. Escapes such as `"\xff"`
    /// make bytes that are no UTF-8, for which `value` holds replacement characters.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Self::Str { value, written: Written::Quoted | Written::Raw } => {
                Some(value.as_bytes().to_vec())
            }
            Self::Str { written: Written::Otherwise(written), .. } => unquote_bytes(written),
            _ => None,
        }
    }
}

/// A number literal: all the types that it fits, as Go's parser keeps it.
#[derive(Debug, Clone)]
pub struct Number {
    /// As an int, where it is integral and fits.
    pub int: Option<i64>,
    /// As a uint, where it is integral and fits.
    pub uint: Option<u64>,
    /// As a float; for a complex literal its real part.
    pub float: Option<f64>,
    /// The imaginary part, for a complex literal.
    pub imaginary: Option<f64>,
    /// Whether the text looks like a float (`.`, `e`, `p`): its ideal type is float64 then.
    pub form: NumberForm,
    /// As written.
    pub written: SmolStr,
}

/// The ideal type of a number literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberForm {
    /// `int`
    Int,
    /// `float64`
    Float,
    /// `complex128`
    Complex,
}

impl Node {
    /// Returns the node's place.
    #[must_use]
    pub fn place(&self) -> Place {
        match self {
            Self::Text { place, .. }
            | Self::Action { place, .. }
            | Self::Branch { place, .. }
            | Self::Range { place, .. }
            | Self::Call { place, .. } => *place,
            Self::Break | Self::Continue => Place { at: 0, start: 0, end: 0 },
        }
    }
}

//! The tokens of a template.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render::go) enum Kind {
    /// The text cannot be read on; the lexer holds the message.
    Error,
    Bool,
    /// A printable ASCII character that is nothing else, such as a comma.
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    Quoted,
    Text,
    Variable,
    Dot,
    Block,
    Break,
    Continue,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

impl Kind {
    /// Tells whether Go counts the kind among the keywords, which errors put in angle brackets.
    pub(in crate::render::go) fn is_keyword(self) -> bool {
        use Kind::{
            Block, Break, Continue, Define, Dot, Else, End, If, Nil, Range, Template, With,
        };
        matches!(
            self,
            Dot | Block
                | Break
                | Continue
                | Define
                | Else
                | End
                | If
                | Nil
                | Range
                | Template
                | With
        )
    }

    /// Returns what a word is.
    pub(in crate::render::go) fn of_word(word: &str) -> Self {
        match word {
            "block" => Self::Block,
            "break" => Self::Break,
            "continue" => Self::Continue,
            "define" => Self::Define,
            "else" => Self::Else,
            "end" => Self::End,
            "if" => Self::If,
            "nil" => Self::Nil,
            "range" => Self::Range,
            "template" => Self::Template,
            "with" => Self::With,
            "true" | "false" => Self::Bool,
            _ => Self::Identifier,
        }
    }
}

/// A token: its kind and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::render::go) struct Token {
    pub(in crate::render::go) kind: Kind,
    pub(in crate::render::go) start: usize,
    pub(in crate::render::go) end: usize,
}

impl Token {
    /// The token that stands for nothing read yet.
    pub(in crate::render::go) const NONE: Self = Self { kind: Kind::Eof, start: 0, end: 0 };
}

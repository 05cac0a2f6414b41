//! Template text to the intermediate form.

mod action;
mod number;
mod pipeline;
pub(super) mod quote;
mod scope;
mod tree;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use smol_str::SmolStr;

use super::ir::{Command, Operand, Place, Source, Template};
use super::lex::{Kind, Lexer, Token};
use super::quoted;
use crate::render::functions::{Function, lookup};
use tree::{Role, Tree};

/// Why a text is no template: Go's message, such as `template: c/templates/a.yaml:1: unexpected EOF`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    /// The whole message.
    pub message: String,
    /// The offset in the text, of the token that Go complains of.
    pub offset: usize,
    /// Where the innermost action stands that the text does not close.
    pub unclosed: Option<Range<usize>>,
}

/// Parses a text into the templates that it defines; the first is the text itself under the
/// source's name.
///
/// Names are unique among them: of several definitions of one name Go keeps the one that is not
/// blank. Where the text itself is blank and defines its own name, the definition stands first.
///
/// # Errors
/// In Go's words.
pub fn parse(source: &Arc<Source>) -> Result<Vec<Template>, ParseError> {
    Parser::new(source, lookup).run().map_err(|error| *error)
}

/// Returns how many bytes a text may take once it is parsed: its plain text as it is, each action
/// many times its own length.
#[must_use]
pub fn parsed_size(text: &str) -> usize {
    let mut size = text.len();
    let mut rest = text.as_bytes();
    while let Some(start) = memchr::memmem::find(rest, b"{{") {
        let action = &rest[start..];
        let end = memchr::memmem::find(action, b"}}").map_or(action.len(), |at| at + 2);
        size = size.saturating_add(end * BYTES_PER_ACTION_BYTE);
        rest = &action[end..];
    }
    size
}

/// How many bytes of nodes an action makes for each of its own.
pub const BYTES_PER_ACTION_BYTE: usize = 40;

/// Finds a function by its name.
type Lookup = fn(&str) -> Option<&'static Function>;

type Parsed<T> = Result<T, Box<ParseError>>;

/// The state of parsing one text.
struct Parser<'a> {
    source: &'a Arc<Source>,
    lookup: Lookup,
    lexer: Lexer<'a>,
    /// The token read last, and up to two that were put back before it.
    tokens: [Token; 3],
    peeked: usize,
    /// The template being read.
    tree: Tree,
    /// The templates that it stands in.
    outer: Vec<Tree>,
    /// The operands and commands of what is being read: how many there will be is known at its end.
    operands: Vec<Operand>,
    commands: Vec<Command>,
    templates: Vec<Template>,
    by_name: HashMap<SmolStr, usize>,
}

impl<'a> Parser<'a> {
    fn new(source: &'a Arc<Source>, lookup: Lookup) -> Self {
        Self {
            source,
            lookup,
            lexer: Lexer::new(&source.text),
            tokens: [Token::NONE; 3],
            peeked: 0,
            tree: Tree::new(source.name.clone(), Role::Root),
            outer: Vec::new(),
            operands: Vec::new(),
            commands: Vec::new(),
            templates: Vec::new(),
            by_name: HashMap::new(),
        }
    }

    fn run(mut self) -> Parsed<Vec<Template>> {
        while self.item()? {}
        let root = std::mem::replace(&mut self.tree, Tree::new(SmolStr::default(), Role::Root));
        let name = root.name.clone();
        self.add(root)?;
        if let Some(at) = self.by_name.get(&name).filter(|at| **at < self.templates.len()) {
            self.templates.swap(0, *at);
        }
        Ok(self.templates)
    }

    /// Keeps a template, unless a blank one would replace another.
    fn add(&mut self, tree: Tree) -> Parsed<()> {
        let source = Arc::clone(self.source);
        let (name, slots) = (tree.name.clone(), tree.scope.slots());
        let template = Template { name, source, body: tree.into_body(), slots };
        let known = self.by_name.get(&template.name).copied();
        match known.and_then(|at| self.templates.get_mut(at)) {
            None => {
                self.by_name.insert(template.name.clone(), self.templates.len());
                self.templates.push(template);
            }
            Some(known) if known.is_blank() => *known = template,
            Some(_) if template.is_blank() => {}
            Some(_) => {
                let name = quoted(&template.name);
                let message = format!("template: multiple definition of template {name}");
                return Err(self.error(self.last().start, message));
            }
        }
        Ok(())
    }

    /// Returns the token that was read off the text last, consumed or not: Go's errors give its
    /// line.
    fn last(&self) -> Token {
        let [last, ..] = self.tokens;
        last
    }

    fn next(&mut self) -> Token {
        let [last, second, third] = &mut self.tokens;
        let back = self.peeked;
        self.peeked = back.saturating_sub(1);
        match back {
            0 => {
                *last = self.lexer.next_token();
                *last
            }
            1 => *last,
            2 => *second,
            _ => *third,
        }
    }

    fn backup(&mut self) {
        self.peeked += 1;
    }

    /// Puts a token back before the one read last.
    fn backup2(&mut self, before: Token) {
        let [last, _, third] = self.tokens;
        self.tokens = [last, before, third];
        self.peeked = 2;
    }

    /// Puts two tokens back before the one read last.
    fn backup3(&mut self, first: Token, second: Token) {
        let [last, ..] = self.tokens;
        self.tokens = [last, second, first];
        self.peeked = 3;
    }

    fn peek(&mut self) -> Token {
        let token = self.next();
        self.backup();
        token
    }

    fn next_non_space(&mut self) -> Token {
        loop {
            let token = self.next();
            if token.kind != Kind::Space {
                return token;
            }
        }
    }

    fn peek_non_space(&mut self) -> Token {
        let token = self.next_non_space();
        self.backup();
        token
    }

    fn expect(&mut self, kind: Kind, context: &str) -> Parsed<Token> {
        let token = self.next_non_space();
        if token.kind == kind { Ok(token) } else { Err(self.unexpected(token, context)) }
    }

    fn text(&self, token: Token) -> &'a str {
        self.source.text.get(token.start..token.end).unwrap_or_default()
    }

    fn place(&self, at: usize, start: usize, end: usize) -> Place {
        let offset = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Place { at: offset(at), start: offset(start), end: offset(end) }
    }

    /// Builds an error on the line of the token read last.
    fn error(&self, offset: usize, message: impl AsRef<str>) -> Box<ParseError> {
        self.error_on(self.line(self.last().start), offset, message)
    }

    fn error_on(&self, line: usize, offset: usize, message: impl AsRef<str>) -> Box<ParseError> {
        let message = format!("template: {}:{line}: {}", self.source.name, message.as_ref());
        Box::new(ParseError { message, offset, unclosed: None })
    }

    fn line(&self, offset: usize) -> usize {
        let before = self.source.text.as_bytes().get(..offset).unwrap_or_default();
        1 + before.iter().filter(|byte| **byte == b'\n').count()
    }

    /// Builds the error of a token that may not stand where it does.
    fn unexpected(&self, token: Token, context: &str) -> Box<ParseError> {
        if token.kind != Kind::Error {
            let message = format!("unexpected {} in {context}", self.printed(token));
            return self.error(token.start, message);
        }
        let mut message = self.lexer.error().to_owned();
        if let Some(line) = self.tree.action.map(|offset| self.line(offset))
            && line != self.line(token.start)
        {
            let action = if message.ends_with(" action") { "" } else { " in action" };
            message.push_str(&format!("{action} started at {}:{line}", self.source.name));
        }
        self.error(token.start, message)
    }

    /// Returns a token as Go's errors print it.
    fn printed(&self, token: Token) -> String {
        let text = self.text(token);
        match text.char_indices().nth(10) {
            _ if token.kind == Kind::Eof => "EOF".into(),
            _ if token.kind.is_keyword() => format!("<{text}>"),
            // Go looks at the bytes here, and cuts at characters.
            _ if text.len() <= 10 => quoted(text),
            Some((end, _)) => format!("{}...", quoted(text.get(..end).unwrap_or_default())),
            None => format!("{}...", quoted(text)),
        }
    }
}

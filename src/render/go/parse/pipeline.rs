//! Pipelines, commands and operands.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::number::number;
use super::quote::unquote;
use super::{Parsed, Parser};
use crate::render::go::ir::{Command, Mode, Operand, OperandKind, Pipe, Target, Written};
use crate::render::go::lex::{Kind, Token};
use crate::render::go::quoted;

/// Go's bound on parentheses within parentheses.
const MAX_DEPTH: usize = 10_000;

impl Parser<'_> {
    /// Reads a pipeline up to and including the token that ends it.
    pub(super) fn pipeline(&mut self, context: &'static str, end: Kind) -> Parsed<Pipe> {
        let first = self.peek_non_space();
        let (names, mode) = self.targets(context)?;
        let outer = self.commands.len();
        loop {
            let token = self.next_non_space();
            match token.kind {
                kind if kind == end => break,
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::Quoted
                | Kind::Variable
                | Kind::LeftParen => {
                    self.backup();
                    let command = self.command()?;
                    self.commands.push(command);
                }
                _ => return Err(self.unexpected(token, context)),
            }
        }
        let commands: Vec<Command> = self.commands.drain(outer..).collect();
        self.check(&commands, context)?;
        let last =
            commands.last().map_or(first.end, |command: &Command| command.place.end as usize);
        Ok(Pipe {
            targets: names.into_iter().map(|name| self.target(name, mode)).collect(),
            commands,
            place: self.place(first.start, first.start, last),
        })
    }

    /// Reads `$x :=`, `$x =` or, in a range, `$k, $v :=`.
    fn targets(&mut self, context: &'static str) -> Parsed<(Vec<SmolStr>, Mode)> {
        let mut names = Vec::new();
        loop {
            let variable = self.peek_non_space();
            if variable.kind != Kind::Variable {
                return Ok((names, Mode::Declare));
            }
            self.next();
            // Go's parser must look past the blank to tell `$x foo` from `$x := foo`.
            let after = self.peek();
            let next = self.peek_non_space();
            let comma = next.kind == Kind::Char && self.text(next) == ",";
            if !comma && !matches!(next.kind, Kind::Assign | Kind::Declare) {
                match after.kind {
                    Kind::Space => self.backup3(variable, after),
                    _ => self.backup2(variable),
                }
                return Ok((names, Mode::Declare));
            }
            self.next_non_space();
            let name = SmolStr::new(self.text(variable));
            self.tree.scope.know(&name);
            names.push(name);
            match next.kind {
                Kind::Assign => return Ok((names, Mode::Assign)),
                Kind::Declare => return Ok((names, Mode::Declare)),
                _ => self.check_comma(context, names.len(), variable)?,
            }
        }
    }

    /// Refuses what may not follow the comma after the `count`th variable.
    fn check_comma(&mut self, context: &'static str, count: usize, at: Token) -> Parsed<()> {
        if context != "range" || count > 1 {
            return Err(self.error(at.start, format!("too many declarations in {context}")));
        }
        match self.peek_non_space().kind {
            Kind::Variable | Kind::RightDelim | Kind::RightParen => Ok(()),
            _ => Err(self.error(at.start, "range can only initialize variables")),
        }
    }

    fn target(&mut self, name: SmolStr, mode: Mode) -> Target {
        let slot = match mode {
            Mode::Declare => Some(self.tree.scope.declare(&name)),
            Mode::Assign => self.tree.scope.slot(&name),
        };
        Target { name, slot, mode }
    }

    fn check(&self, commands: &[Command], context: &str) -> Parsed<()> {
        if commands.is_empty() {
            return Err(self.error(self.last().start, format!("missing value for {context}")));
        }
        for (index, command) in commands.iter().enumerate().skip(1) {
            let Some(first) = command.args.first() else { continue };
            if first.kind.is_literal() {
                let message = format!("non executable command in pipeline stage {}", index + 1);
                return Err(self.error(command.place.start as usize, message));
            }
        }
        Ok(())
    }

    fn command(&mut self) -> Parsed<Command> {
        let first = self.peek_non_space();
        let outer = self.operands.len();
        loop {
            if let Some(operand) = self.operand()? {
                self.operands.push(operand);
            }
            let token = self.next();
            match token.kind {
                Kind::Space => {}
                Kind::Pipe => break,
                Kind::RightDelim | Kind::RightParen => {
                    self.backup();
                    break;
                }
                _ => return Err(self.unexpected(token, "operand")),
            }
        }
        let args: Vec<Operand> = self.operands.drain(outer..).collect();
        let end = args.last().map_or(first.end, |operand: &Operand| operand.place.end as usize);
        Ok(Command { args, place: self.place(first.start, first.start, end) })
    }

    /// Reads a term and the fields that are taken of it.
    fn operand(&mut self) -> Parsed<Option<Operand>> {
        let Some(term) = self.term()? else { return Ok(None) };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(term));
        }
        if term.kind.is_literal() {
            let message = format!("unexpected . after term {}", quoted(&term.to_string()));
            return Err(self.error(first.start, message));
        }
        let mut fields = Vec::with_capacity(2);
        let mut end = first.end;
        while self.peek().kind == Kind::Field {
            let field = self.next();
            fields.push(self.field(field));
            end = field.end;
        }
        let place = self.place(first.start, term.place.start as usize, end);
        let kind = match term.kind {
            OperandKind::Field(mut all) => {
                all.append(&mut fields);
                OperandKind::Field(all)
            }
            OperandKind::Variable { name, slot, .. } => {
                OperandKind::Variable { name, slot, fields }
            }
            kind => {
                let base = Box::new(Operand { kind, place: term.place });
                OperandKind::Chain { base, fields }
            }
        };
        Ok(Some(Operand { kind, place }))
    }

    fn field(&self, token: Token) -> SmolStr {
        SmolStr::new(self.text(token).get(1..).unwrap_or_default())
    }

    /// Reads one simple expression; none where the next token starts none.
    fn term(&mut self) -> Parsed<Option<Operand>> {
        let token = self.next_non_space();
        let kind = match token.kind {
            Kind::Identifier => self.function(token)?,
            Kind::Dot => OperandKind::Dot,
            Kind::Nil => OperandKind::Nil,
            Kind::Variable => self.variable(token)?,
            Kind::Field => OperandKind::Field(vec![self.field(token)]),
            Kind::Bool => OperandKind::Bool(self.text(token) == "true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => OperandKind::Number(Box::new(
                number(self.text(token), token.kind)
                    .map_err(|message| self.error(token.start, message))?,
            )),
            Kind::LeftParen => return self.parenthesized(token).map(Some),
            Kind::Quoted | Kind::RawString => {
                let written = self.text(token);
                let value = self.unquoted(token)?;
                let written = match value {
                    Cow::Borrowed(_) if token.kind == Kind::Quoted => Written::Quoted,
                    Cow::Borrowed(_) => Written::Raw,
                    Cow::Owned(_) => Written::Otherwise(SmolStr::new(written)),
                };
                OperandKind::Str { value: SmolStr::new(value), written }
            }
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        Ok(Some(Operand { kind, place: self.place(token.start, token.start, token.end) }))
    }

    fn function(&self, token: Token) -> Parsed<OperandKind> {
        let name = self.text(token);
        match (self.lookup)(name) {
            Some(function) => Ok(OperandKind::Function(function)),
            None => Err(self.error(token.start, format!("function {} not defined", quoted(name)))),
        }
    }

    fn variable(&self, token: Token) -> Parsed<OperandKind> {
        let name = self.text(token);
        match self.tree.scope.resolve(name) {
            Ok(slot) => {
                Ok(OperandKind::Variable { name: SmolStr::new(name), slot, fields: Vec::new() })
            }
            Err(_) => Err(self.error(token.start, format!("undefined variable {}", quoted(name)))),
        }
    }

    fn parenthesized(&mut self, open: Token) -> Parsed<Operand> {
        if self.tree.parens >= MAX_DEPTH {
            return Err(self.error(open.start, "max expression depth exceeded"));
        }
        self.tree.parens += 1;
        let pipe = stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, || {
            self.pipeline("parenthesized pipeline", Kind::RightParen)
        })?;
        self.tree.parens -= 1;
        let place = self.place(pipe.place.at as usize, open.start, self.last().end);
        Ok(Operand { kind: OperandKind::Pipe(Box::new(pipe)), place })
    }

    /// Returns what a string token stands for.
    pub(super) fn unquoted(&self, token: Token) -> Parsed<Cow<'_, str>> {
        unquote(self.text(token)).ok_or_else(|| self.error(token.start, "invalid syntax"))
    }
}

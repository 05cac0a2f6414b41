//! Nodes as Go's errors print them: re-made from the tree, not as written.

use std::fmt::{Display, Formatter, Result};

use super::{Branch, Command, Mode, Node, Operand, OperandKind, Pipe, Written};
use crate::render::go::quoted;

impl Display for Node {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Text { text, .. } => f.write_str(text),
            Self::Action { pipe, .. } => write!(f, "{{{{{pipe}}}}}"),
            Self::Call { name, pipe: None, .. } => {
                write!(f, "{{{{template {}}}}}", quoted(name))
            }
            Self::Call { name, pipe: Some(pipe), .. } => {
                write!(f, "{{{{template {} {pipe}}}}}", quoted(name))
            }
            Self::Break => f.write_str("{{break}}"),
            Self::Continue => f.write_str("{{continue}}"),
            Self::Branch { kind, pipe, body, otherwise, .. } => {
                let word = match kind {
                    Branch::If => "if",
                    Branch::With => "with",
                };
                control(f, word, pipe, [body, otherwise])
            }
            Self::Range { pipe, body, otherwise, .. } => {
                control(f, "range", pipe, [body, otherwise])
            }
        }
    }
}

fn control(f: &mut Formatter<'_>, word: &str, pipe: &Pipe, lists: [&[Node]; 2]) -> Result {
    let [body, otherwise] = lists;
    write!(f, "{{{{{word} {pipe}}}}}")?;
    block(f, body)?;
    if !otherwise.is_empty() {
        f.write_str("{{else}}")?;
        block(f, otherwise)?;
    }
    f.write_str("{{end}}")
}

fn block(f: &mut Formatter<'_>, nodes: &[Node]) -> Result {
    deeper(|| nodes.iter().try_for_each(|node| node.fmt(f)))
}

impl Display for Pipe {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, target) in self.targets.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{}", target.name)?;
        }
        match self.targets.last().map(|target| target.mode) {
            Some(Mode::Declare) => f.write_str(" := ")?,
            Some(Mode::Assign) => f.write_str(" = ")?,
            None => {}
        }
        for (index, command) in self.commands.iter().enumerate() {
            let pipe = if index == 0 { "" } else { " | " };
            write!(f, "{pipe}{command}")?;
        }
        Ok(())
    }
}

impl Display for Command {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        for (index, operand) in self.args.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            argument(f, operand)?;
        }
        Ok(())
    }
}

/// Prints an operand as a part of something: a pipeline in its parentheses.
fn argument(f: &mut Formatter<'_>, operand: &Operand) -> Result {
    match &operand.kind {
        OperandKind::Pipe(pipe) => {
            f.write_str("(")?;
            deeper(|| pipe.fmt(f))?;
            f.write_str(")")
        }
        _ => operand.fmt(f),
    }
}

/// Prints the operand alone, where Go gives a pipeline no parentheses.
impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let fields = match &self.kind {
            OperandKind::Dot => return f.write_str("."),
            OperandKind::Nil => return f.write_str("nil"),
            OperandKind::Bool(value) => return value.fmt(f),
            OperandKind::Number(number) => return f.write_str(&number.written),
            OperandKind::Str { value, written } => {
                return match written {
                    Written::Quoted => write!(f, "\"{value}\""),
                    Written::Raw => write!(f, "`{value}`"),
                    Written::Otherwise(written) => f.write_str(written),
                };
            }
            OperandKind::Function(function) => return f.write_str(function.name),
            OperandKind::Pipe(pipe) => return pipe.fmt(f),
            OperandKind::Field(fields) => fields,
            OperandKind::Variable { name, fields, .. } => {
                f.write_str(name)?;
                fields
            }
            OperandKind::Chain { base, fields } => {
                argument(f, base)?;
                fields
            }
        };
        fields.iter().try_for_each(|field| write!(f, ".{field}"))
    }
}

fn deeper(print: impl FnOnce() -> Result) -> Result {
    stacker::maybe_grow(128 * 1024, 2 * 1024 * 1024, print)
}

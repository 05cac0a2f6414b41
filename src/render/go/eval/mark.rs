//! Which node an error would name.

use std::fmt;

use crate::render::go::ir::{Command, Node, Operand, Pipe, Place};

/// The node that was evaluated last.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark<'t> {
    /// None yet.
    None,
    /// A node of the template.
    Node(&'t Node),
    /// A pipeline.
    Pipe(&'t Pipe),
    /// A command whose function failed.
    Command(&'t Command),
    /// An operand.
    Operand(&'t Operand),
}

impl Mark<'_> {
    /// Returns the node's place.
    pub(super) fn place(self) -> Place {
        match self {
            Self::None => Place { at: 0, start: 0, end: 0 },
            Self::Node(node) => node.place(),
            Self::Pipe(pipe) => pipe.place,
            Self::Command(command) => command.place,
            Self::Operand(operand) => operand.place,
        }
    }
}

impl fmt::Display for Mark<'_> {
    /// Writes the node as Go prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Node(node) => node.fmt(f),
            Self::Pipe(pipe) => pipe.fmt(f),
            Self::Command(command) => command.fmt(f),
            Self::Operand(operand) => operand.fmt(f),
        }
    }
}

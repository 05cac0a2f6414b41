//! A template while it is read: what is open in it.

use smol_str::SmolStr;

use super::scope::{Mark, Scope};
use crate::render::go::ir::{Block, Branch, Node, Pipe, Place};
use crate::render::go::lex::{Kind, Token};

/// What opened a template.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// The text itself.
    Root,
    /// `{{ define }}`
    Define,
    /// `{{ block }}`, with the token that ended the action.
    Block(Token),
}

/// A template while it is read.
pub(super) struct Tree {
    pub(super) name: SmolStr,
    pub(super) role: Role,
    pub(super) scope: Scope,
    /// Where the action starts that is being read, which some errors name.
    pub(super) action: Option<usize>,
    /// How many `range` bodies are open.
    pub(super) loops: usize,
    /// How many parentheses are open.
    pub(super) parens: usize,
    /// The controls that are open, from the outermost. They are no recursion, so that their number
    /// is not bound by the stack.
    pub(super) open: Vec<Open>,
    /// The nodes of all lists that are open: how long a list will be is known at its end.
    nodes: Vec<Node>,
}

impl Tree {
    pub(super) fn new(name: SmolStr, role: Role) -> Self {
        Self {
            name,
            role,
            scope: Scope::new(),
            action: None,
            loops: 0,
            parens: 0,
            open: Vec::new(),
            nodes: Vec::new(),
        }
    }

    /// Adds a node to the innermost list.
    pub(super) fn push(&mut self, node: Node) {
        self.nodes.push(node);
    }

    /// Returns what the template writes.
    pub(super) fn into_body(mut self) -> Block {
        self.nodes.shrink_to_fit();
        self.nodes
    }

    /// Opens a control.
    pub(super) fn open(&mut self, open: Open) {
        self.loops += usize::from(open.control == Control::Range);
        self.open.push(Open { first: self.nodes.len(), ..open });
    }

    /// Passes from the body of the innermost control to its `else`.
    pub(super) fn turn(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.in_else = true;
            open.body = self.nodes.drain(open.first..).collect();
            self.loops -= usize::from(open.control == Control::Range);
            self.scope.end_life(open.inside);
        }
    }

    /// Closes the innermost control, and those that it stands in the `else if` of.
    pub(super) fn close(&mut self) {
        while let Some(mut open) = self.open.pop() {
            let nodes = self.nodes.drain(open.first..).collect();
            if open.in_else {
                open.otherwise = nodes;
            } else {
                open.body = nodes;
                self.loops -= usize::from(open.control == Control::Range);
            }
            self.scope.forget(open.before);
            let chained = open.chained;
            self.push(open.into_node());
            if !chained {
                return;
            }
        }
    }
}

/// The actions that an `{{ end }}` closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Control {
    If,
    With,
    Range,
}

impl Control {
    /// Returns the control that a keyword opens.
    pub(super) fn of(kind: Kind) -> Option<Self> {
        match kind {
            Kind::If => Some(Self::If),
            Kind::With => Some(Self::With),
            Kind::Range => Some(Self::Range),
            _ => None,
        }
    }

    /// Returns the keyword.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::With => "with",
            Self::Range => "range",
        }
    }
}

/// A control whose `{{ end }}` has not come yet.
pub(super) struct Open {
    pub(super) control: Control,
    pub(super) pipe: Pipe,
    pub(super) place: Place,
    /// The variables before the pipeline.
    pub(super) before: Mark,
    /// The variables after the pipeline.
    pub(super) inside: Mark,
    /// Where the nodes of the list that is being read begin.
    pub(super) first: usize,
    pub(super) body: Block,
    pub(super) otherwise: Block,
    pub(super) in_else: bool,
    /// Whether it is an `else if`, closed by the same `{{ end }}` as what it stands in.
    pub(super) chained: bool,
}

impl Open {
    fn into_node(self) -> Node {
        let Self { control, pipe, body, otherwise, place, .. } = self;
        let kind = match control {
            Control::Range => return Node::Range { pipe, body, otherwise, place },
            Control::If => Branch::If,
            Control::With => Branch::With,
        };
        Node::Branch { kind, pipe, body, otherwise, place }
    }
}

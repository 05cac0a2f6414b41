//! Dropping nodes without recursion: how deep templates nest is up to their authors.

use super::{Block, Node, Operand, OperandKind, Pipe};

impl Drop for Node {
    fn drop(&mut self) {
        let mut rest = Vec::new();
        take_blocks(self, &mut rest);
        while let Some(mut block) = rest.pop() {
            block.iter_mut().for_each(|node| take_blocks(node, &mut rest));
        }
    }
}

fn take_blocks(node: &mut Node, into: &mut Vec<Block>) {
    if let Node::Branch { body, otherwise, .. } | Node::Range { body, otherwise, .. } = node {
        into.extend([body, otherwise].map(std::mem::take).into_iter().filter(|b| !b.is_empty()));
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        let mut rest = Vec::new();
        take_pipes(self, &mut rest);
        while let Some(mut operand) = rest.pop() {
            match &mut operand.kind {
                OperandKind::Pipe(pipe) => take_pipes(pipe, &mut rest),
                OperandKind::Chain { base, .. } => {
                    if let OperandKind::Pipe(pipe) = &mut base.kind {
                        take_pipes(pipe, &mut rest);
                    }
                }
                _ => {}
            }
        }
    }
}

fn take_pipes(pipe: &mut Pipe, into: &mut Vec<Operand>) {
    let nests = |operand: &mut Operand| {
        matches!(operand.kind, OperandKind::Pipe(_) | OperandKind::Chain { .. })
    };
    for command in &mut pipe.commands {
        into.extend(command.args.extract_if(.., nests));
    }
}

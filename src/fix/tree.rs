//! Changes carried out on what YAML means: what a text is to say once it was changed.

use crate::finding::{Edit, Written};
use crate::source::Span;
use crate::yaml::{Node, NodeKind, Style};

/// Where a node stands: the one that holds it, and its place among its parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a> {
    pub(super) parent: &'a Node,
    /// The number of the item or of the value.
    pub(super) at: usize,
}

impl<'a> Found<'a> {
    /// Returns the node's key, where it is a value of a map.
    pub(super) fn key(self) -> Option<&'a Node> {
        match &self.parent.kind {
            NodeKind::Map(entries) => entries.get(self.at).map(|(key, _)| key),
            _ => None,
        }
    }

    /// Returns the node.
    pub(super) fn node(self) -> Option<&'a Node> {
        match &self.parent.kind {
            NodeKind::Map(entries) => entries.get(self.at).map(|(_, value)| value),
            NodeKind::Seq(items) => items.get(self.at),
            NodeKind::Scalar { .. } => None,
        }
    }
}

/// Finds the node that stands at a place.
pub(super) fn find(roots: &[Node], span: Span) -> Option<Found<'_>> {
    roots.iter().filter(|root| may_hold(root, span)).find_map(|root| find_below(root, span))
}

/// Tells whether a node is at a place; one behind an alias lies elsewhere than its parents.
fn is_at(node: &Node, span: Span) -> bool {
    (node.span_start, node.span_end) == (span.start, span.end)
}

fn may_hold(node: &Node, span: Span) -> bool {
    node.span_start <= span.start && span.end <= node.span_end
}

fn find_below(parent: &Node, span: Span) -> Option<Found<'_>> {
    let parts: Vec<&Node> = match &parent.kind {
        NodeKind::Map(entries) => entries.iter().map(|(_, value)| value).collect(),
        NodeKind::Seq(items) => items.iter().collect(),
        NodeKind::Scalar { .. } => return None,
    };
    let at = parts.iter().position(|part| is_at(part, span));
    at.map(|at| Found { parent, at }).or_else(|| {
        parts.into_iter().filter(|part| may_hold(part, span)).find_map(|it| find_below(it, span))
    })
}

/// Carries out changes; none where one of them finds nothing to change.
pub(super) fn changed(mut roots: Vec<Node>, edits: &[Edit]) -> Option<Vec<Node>> {
    edits.iter().all(|edit| roots.iter_mut().any(|root| change(root, edit))).then_some(roots)
}

/// Returns the place of what is changed, or of what is beside it.
pub(super) fn place(edit: &Edit) -> Span {
    match edit {
        Edit::Replace { span, .. }
        | Edit::Add { beside: span, .. }
        | Edit::AddItems { behind: span, .. }
        | Edit::Remove { span }
        | Edit::RemoveCopy { span, .. }
        | Edit::Append { span, .. } => *span,
    }
}

fn change(parent: &mut Node, edit: &Edit) -> bool {
    let span = place(edit);
    if !may_hold(parent, span) {
        return false;
    }
    let at = match &parent.kind {
        NodeKind::Map(entries) => entries.iter().position(|(_, value)| is_at(value, span)),
        NodeKind::Seq(items) => items.iter().position(|item| is_at(item, span)),
        NodeKind::Scalar { .. } => return false,
    };
    let Some(at) = at else {
        return rename(parent, edit)
            || match &mut parent.kind {
                NodeKind::Map(entries) => entries.iter_mut().any(|(_, value)| change(value, edit)),
                NodeKind::Seq(items) => items.iter_mut().any(|item| change(item, edit)),
                NodeKind::Scalar { .. } => false,
            };
    };
    match (edit, &mut parent.kind) {
        (Edit::Add { key, value, .. }, NodeKind::Map(entries)) => {
            entries.push((scalar(key), node(value)));
        }
        (Edit::AddItems { items: more, .. }, NodeKind::Seq(items)) => {
            items.splice(at + 1..at + 1, more.iter().map(|it| scalar(it)));
        }
        (Edit::Remove { .. } | Edit::RemoveCopy { .. }, NodeKind::Map(entries)) => {
            entries.remove(at);
        }
        (Edit::Remove { .. } | Edit::RemoveCopy { .. }, NodeKind::Seq(items)) => {
            items.remove(at);
        }
        (Edit::Replace { with, .. }, NodeKind::Map(entries)) => {
            entries[at].1.kind = node(with).kind;
        }
        (Edit::Replace { with, .. }, NodeKind::Seq(items)) => {
            items[at].kind = node(with).kind;
        }
        (Edit::Append { with, .. }, NodeKind::Map(entries)) => {
            return append(&mut entries[at].1, said(with));
        }
        (Edit::Append { with, .. }, NodeKind::Seq(items)) => {
            return append(&mut items[at], said(with));
        }
        (_, NodeKind::Scalar { .. })
        | (Edit::Add { .. }, NodeKind::Seq(_))
        | (Edit::AddItems { .. }, NodeKind::Map(_)) => return false,
    }
    true
}

/// Carries out another name for a key.
fn rename(parent: &mut Node, edit: &Edit) -> bool {
    let (Edit::Replace { span, with }, NodeKind::Map(entries)) = (edit, &mut parent.kind) else {
        return false;
    };
    let key = entries.iter_mut().find(|(key, _)| is_at(key, *span));
    key.map(|(key, _)| key.kind = scalar(said(with)).kind).is_some()
}

fn append(node: &mut Node, more: &str) -> bool {
    let NodeKind::Scalar { text, .. } = &node.kind else { return false };
    node.kind = scalar(&format!("{text}-{more}")).kind;
    true
}

/// Returns what a change writes, as a release or a manifest says it.
fn said(written: &Written) -> &str {
    match written {
        Written::Text(text) | Written::List(text) | Written::ReleaseNamespace(text) => text,
    }
}

fn node(written: &Written) -> Node {
    let text = scalar(said(written));
    match written {
        Written::List(_) => Node { kind: NodeKind::Seq(vec![text.clone()]), ..text },
        Written::Text(_) | Written::ReleaseNamespace(_) => text,
    }
}

fn scalar(text: &str) -> Node {
    let kind = NodeKind::Scalar { text: text.into(), style: Style::Quoted, tag: None };
    Node { span_start: u32::MAX, span_end: u32::MAX, kind }
}

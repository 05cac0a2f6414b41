//! Events to nodes, aliases replaced by what they stand for.

use smol_str::SmolStr;

use super::super::{Error, Node, NodeKind, Style};
use super::anchors::{Anchors, Measured, Tally, Target};
use super::event::{Event, EventKind, Properties};
use super::parser::Parser;
use super::token::Place;

/// The depth of collections at which Go's JSON reader gives up.
const MAX_DEPTH: usize = 10_000;

/// A collection whose end has not been read.
struct Open {
    anchor: Option<(SmolStr, u64)>,
    start: u32,
    /// Where its last entry ends.
    end: u32,
    entries: Entries,
    visits: u64,
    height: usize,
}

enum Entries {
    Seq(Vec<Node>),
    /// Whole entries, and a key that waits for its value.
    Map(Vec<(Node, Node)>, Option<Node>),
}

/// What a node is to the collection that it stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Key,
    MergeValue,
    Other,
}

/// Builds the documents of a text one by one.
pub(super) struct Composer<'a> {
    parser: Parser<'a>,
    open: Vec<Open>,
    root: Option<Node>,
    anchors: Anchors<'a>,
    tally: Tally,
    /// What is wrong with a document that is well-formed; reported at its end, as Go does.
    late: Option<Error>,
}

impl<'a> Composer<'a> {
    /// Stands at the start of a text.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            parser: Parser::new(text),
            open: Vec::new(),
            root: None,
            anchors: Anchors::new(text),
            tally: Tally::default(),
            late: None,
        }
    }

    /// Reads the next document; none at the end.
    pub(super) fn next_document(&mut self) -> Result<Option<Node>, Error> {
        loop {
            let Event { kind, place } = self.parser.next()?;
            match kind {
                EventKind::StreamStart => {}
                EventKind::StreamEnd => return Ok(None),
                EventKind::DocumentStart => {
                    self.anchors.clear();
                    self.tally = Tally::default();
                    self.tally.add(1, 0);
                }
                EventKind::DocumentEnd => {
                    let root = self.root.take();
                    return self.late.take().map_or(Ok(root), Err);
                }
                EventKind::Alias(name) => self.alias(&name, place)?,
                EventKind::Scalar { text, style, properties } => {
                    let Properties { anchor, tag } =
                        properties.map(|boxed| *boxed).unwrap_or_default();
                    let kind = NodeKind::Scalar { text, style, tag };
                    self.scalar(node(kind, place), anchor);
                }
                EventKind::SequenceStart(anchor) => {
                    self.start(Entries::Seq(Vec::new()), anchor, place);
                }
                EventKind::MappingStart(anchor) => {
                    self.start(Entries::Map(Vec::new(), None), anchor, place);
                }
                EventKind::FlowEnd => self.end(Some(place.end)),
                EventKind::BlockEnd => self.end(None),
            }
        }
    }

    fn refuse(&mut self, message: &str, place: Place) {
        let error = || Error::new(message, place.start as usize);
        self.late.get_or_insert_with(error);
    }

    fn count(&mut self, visits: u64, aliased: u64, place: Place) {
        if !self.tally.add(visits, aliased) {
            self.refuse_aliasing(place);
        }
    }

    fn refuse_aliasing(&mut self, place: Place) {
        self.refuse("yaml: document contains excessive aliasing", place);
    }

    /// Returns what the next node is to its collection.
    fn role(&self) -> Role {
        match self.open.last().map(|open| &open.entries) {
            Some(Entries::Map(_, None)) => Role::Key,
            Some(Entries::Map(_, Some(key))) if key.is_merge() => Role::MergeValue,
            _ => Role::Other,
        }
    }

    fn alias(&mut self, name: &SmolStr, place: Place) -> Result<(), Error> {
        let (visits, height, is_map) = match self.anchors.get(name) {
            None => {
                let problem = format!("unknown anchor '{name}' referenced");
                return Err(self.parser.error(&problem, Place { line: 0, ..place }));
            }
            Some(Target::Open(_)) => {
                self.refuse(&format!("yaml: anchor '{name}' value contains itself"), place);
                (0, 0, true)
            }
            Some(Target::Whole(Measured { node, visits, height })) => {
                (*visits, *height, matches!(node.kind, NodeKind::Map(_)))
            }
        };
        if self.role() == Role::MergeValue && !is_map {
            self.refuse("yaml: map merge requires map or sequence of maps as the value", place);
        }
        self.count(visits.saturating_add(1), visits, place);
        if self.open.len() + height > MAX_DEPTH {
            self.refuse_depth(if is_map { '{' } else { '[' }, place);
        }
        let mut copy = match self.anchors.get(name) {
            Some(Target::Whole(target)) if self.late.is_none() => target.deep_clone(),
            _ => Measured { node: null(place), visits: 0, height: 0 },
        };
        (copy.node.span_start, copy.node.span_end) = (place.start, place.end);
        copy.visits = copy.visits.saturating_add(1);
        self.place(copy);
        Ok(())
    }

    /// Refuses a depth as Go's JSON reader does, through which Helm's YAML goes.
    fn refuse_depth(&mut self, bracket: char, place: Place) {
        self.refuse(&format!("invalid character '{bracket}' exceeded max depth"), place);
    }

    fn scalar(&mut self, node: Node, anchor: Option<SmolStr>) {
        // Go decodes a merge key not at all, and so does not count it.
        let visits = if node.is_merge() && self.role() == Role::Key { 0 } else { 1 };
        self.count(visits, 0, Place::default());
        let measured = Measured { node, visits, height: 0 };
        if let Some(name) = anchor {
            self.anchors.set(name, Measured { visits: 1, ..measured.clone() });
        }
        self.place(measured);
    }

    fn start(&mut self, entries: Entries, anchor: Option<SmolStr>, place: Place) {
        let is_list = matches!(entries, Entries::Seq(_));
        // The list of a merge is not decoded as a list.
        let visits = if is_list && self.role() == Role::MergeValue { 0 } else { 1 };
        self.count(visits, 0, place);
        let anchor = anchor.map(|name| {
            let number = self.anchors.open(&name);
            (name, number)
        });
        let (start, end) = (place.start, place.end);
        self.open.push(Open { anchor, start, end, entries, visits, height: 0 });
        if self.open.len() > MAX_DEPTH {
            self.refuse_depth(if is_list { '[' } else { '{' }, place);
        }
    }

    fn end(&mut self, bracket: Option<u32>) {
        let Some(open) = self.open.pop() else { return };
        let kind = match open.entries {
            Entries::Seq(mut items) => {
                items.shrink_to_fit();
                NodeKind::Seq(items)
            }
            Entries::Map(mut entries, _) => {
                entries.shrink_to_fit();
                NodeKind::Map(entries)
            }
        };
        let span_end = bracket.unwrap_or(open.end);
        let node = Node { span_start: open.start, span_end, kind };
        let mut measured = Measured { node, visits: open.visits, height: open.height + 1 };
        if self.open.len() >= MAX_DEPTH {
            // The document is refused; its nodes must not nest deeper than can be dropped.
            measured.node.kind = NodeKind::Seq(Vec::new());
        }
        if let Some(anchor) = open.anchor
            && !self.anchors.close(&anchor, &measured, self.tally.visits())
        {
            self.refuse_aliasing(Place { start: open.start, ..Place::default() });
        }
        self.place(measured);
    }

    /// Puts a whole node into the collection that is open.
    fn place(&mut self, Measured { node, visits, height }: Measured) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        open.end = node.span_end;
        open.visits = open.visits.saturating_add(visits);
        open.height = open.height.max(height);
        match &mut open.entries {
            Entries::Seq(items) => items.push(node),
            Entries::Map(entries, key) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => *key = Some(node),
            },
        }
    }
}

fn node(kind: NodeKind, place: Place) -> Node {
    Node { span_start: place.start, span_end: place.end, kind }
}

fn null(place: Place) -> Node {
    node(NodeKind::Scalar { text: SmolStr::default(), style: Style::Plain, tag: None }, place)
}

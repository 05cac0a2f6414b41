//! Text to YAML documents whose every node knows its place.

use smol_str::SmolStr;

use crate::input::{self, Text};
use crate::source::{FileId, Span};
use crate::yaml::{self, Data, Node, NodeKind, Style};

/// One document of a text.
#[derive(Debug, Clone)]
pub struct Document {
    file: FileId,
    /// Where the part of the text starts that the nodes' offsets count from.
    base: usize,
    root: Node,
}

impl Document {
    /// Builds a document of a node whose offsets count from `base` in `file`.
    #[must_use]
    pub fn new(file: FileId, base: usize, root: Node) -> Self {
        Self { file, base, root }
    }

    /// Builds a document of a text that no map holds yet: its spans lead nowhere until it is placed.
    #[must_use]
    pub fn unplaced(root: Node) -> Self {
        Self { file: FileId::NOWHERE, base: 0, root }
    }

    /// Returns the document as one of a text.
    #[must_use]
    pub fn placed(self, file: FileId) -> Self {
        Self { file, ..self }
    }

    /// Reads the documents of a text; lists are split into their items.
    ///
    /// # Errors
    /// Where the text is no YAML.
    pub fn read_all(text: &Text) -> Result<Vec<Self>, input::Error> {
        let roots = yaml::parse_all(&text.content)
            .map_err(|error| text.error_at(Some(error.offset()), &error))?;
        Ok(roots.into_iter().flat_map(|root| Self::new(text.file, 0, root).unfold()).collect())
    }

    /// Returns the root.
    #[must_use]
    pub fn root(&self) -> View<'_> {
        View { document: self, node: &self.root }
    }

    /// Splits a `List`, or any kind that ends in `List` and has `items`, into its items; any other
    /// document is returned alone.
    #[must_use]
    pub fn unfold(self) -> Vec<Self> {
        let (kind, version) = (self.root().text("kind"), self.root().text("apiVersion"));
        let of_items = kind.as_ref().and_then(|kind| kind.strip_suffix("List"));
        let Some(of_items) = of_items.filter(|_| self.root().get("items").is_some()) else {
            return vec![self];
        };
        let Self { file, base, root } = self;
        let NodeKind::Map(entries) = root.kind else { return Vec::new() };
        let items = entries.into_iter().find(|(key, _)| scalar(key) == Some("items"));
        let Some(NodeKind::Seq(items)) = items.map(|(_, node)| node.kind) else {
            return Vec::new();
        };
        let whole = |mut root: Node| {
            // The API server itself writes once what all items of such a list are.
            if !of_items.is_empty() {
                inherit(&mut root, "kind", of_items);
                inherit(&mut root, "apiVersion", version.as_deref().unwrap_or_default());
            }
            Self { file, base, root }
        };
        items.into_iter().flat_map(|root| whole(root).unfold()).collect()
    }
}

/// Adds a text to a map that has nothing under its key.
fn inherit(node: &mut Node, key: &str, text: &str) {
    if value(node, key).is_some() {
        return;
    }
    let at = node.span_start;
    let scalar = |text: &str| Node {
        span_start: at,
        span_end: at,
        kind: NodeKind::Scalar { text: text.into(), style: Style::Quoted, tag: None },
    };
    let entry = (scalar(key), scalar(text));
    if let NodeKind::Map(entries) = &mut node.kind {
        entries.push(entry);
    }
}

/// A node of a document, with its place.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    document: &'a Document,
    node: &'a Node,
}

impl<'a> View<'a> {
    /// Returns the place of the node.
    #[must_use]
    pub fn span(self) -> Span {
        let offset = |offset: u32| self.document.base + offset as usize;
        Span::new(self.document.file, offset(self.node.span_start), offset(self.node.span_end))
    }

    /// Returns the value under a key of a map; the last one where the key stands twice.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        value(self.node, key).map(|node| Self { node, ..self })
    }

    /// Returns the items of a list; none for anything else.
    pub fn items(self) -> impl Iterator<Item = Self> {
        let items: &'a [Node] = match &self.node.kind {
            NodeKind::Seq(items) => items,
            _ => &[],
        };
        items.iter().map(move |node| Self { node, ..self })
    }

    /// Returns the items under a key; none where the key is missing or no list.
    pub fn list(self, key: &str) -> impl Iterator<Item = Self> {
        self.get(key).into_iter().flat_map(Self::items)
    }

    /// Returns the keys and values of a map, in the order written; none for anything else.
    pub fn entries(self) -> impl Iterator<Item = (Self, Self)> {
        let entries: &'a [(Node, Node)] = match &self.node.kind {
            NodeKind::Map(entries) => entries,
            _ => &[],
        };
        entries.iter().map(move |(key, node)| (Self { node: key, ..self }, Self { node, ..self }))
    }

    /// Returns the text of a scalar as it was written, whatever it stands for.
    #[must_use]
    pub fn written(self) -> Option<&'a str> {
        scalar(self.node)
    }

    /// Tells whether the node is, as a key, the `<<` that merges maps.
    #[must_use]
    pub fn is_merge(self) -> bool {
        self.node.is_merge()
    }

    /// Returns the text of a scalar that is not null.
    #[must_use]
    pub fn scalar(self) -> Option<SmolStr> {
        match self.data() {
            Data::Null | Data::Seq(_) | Data::Map(_) => None,
            Data::Str(text) => Some(text),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) => scalar(self.node).map(SmolStr::new),
        }
    }

    /// Returns the text of the scalar under a key.
    #[must_use]
    pub fn text(self, key: &str) -> Option<SmolStr> {
        self.get(key)?.scalar()
    }

    /// Tells whether the node is a list.
    #[must_use]
    pub fn is_list(self) -> bool {
        matches!(self.node.kind, NodeKind::Seq(_))
    }

    /// Tells whether the node is a scalar that says nothing: `null`, `~` or nothing at all.
    #[must_use]
    pub fn is_null(self) -> bool {
        matches!(self.data(), Data::Null) && matches!(self.node.kind, NodeKind::Scalar { .. })
    }

    /// Tells whether the node is a map.
    #[must_use]
    pub fn is_map(self) -> bool {
        matches!(self.node.kind, NodeKind::Map(_))
    }

    /// Returns the node as plain data, read as Helm reads it; null where it cannot be.
    #[must_use]
    pub fn data(self) -> Data {
        yaml::to_data(self.node).unwrap_or_default()
    }
}

/// Returns the value under a key; what `<<` merges into a map counts where the map has no such key.
fn value<'a>(node: &'a Node, key: &str) -> Option<&'a Node> {
    let NodeKind::Map(entries) = &node.kind else { return None };
    let under = |key: &str| entries.iter().rev().find(|(name, _)| scalar(name) == Some(key));
    if let Some((_, node)) = under(key) {
        return Some(node);
    }
    let (_, merged) = under("<<")?;
    match &merged.kind {
        NodeKind::Seq(maps) => maps.iter().find_map(|map| value(map, key)),
        _ => value(merged, key),
    }
}

/// Returns the text of a scalar as written.
fn scalar(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar { text, .. } => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceMap;

    fn read(text: &str) -> (SourceMap, Vec<Document>) {
        let mut sources = SourceMap::new();
        let text = Text::of_bytes(text.into(), "a.yaml", &mut sources).expect("it is UTF-8");
        let documents = Document::read_all(&text).expect("it is YAML");
        (sources, documents)
    }

    #[test]
    fn lists_are_unfolded_and_places_kept() {
        let text =
            "kind: List\nitems:\n- kind: A\n- kind: BList\n  items:\n  - {kind: C}\n---\nkind: D\n";
        let (sources, documents) = read(text);
        let kinds: Vec<_> = documents.iter().map(|it| it.root().text("kind")).collect();
        assert_eq!(kinds, [Some("A".into()), Some("C".into()), Some("D".into())]);
        let place = documents.last().and_then(|it| it.root().get("kind")).map(View::span);
        assert_eq!(place.map(|span| sources.region(span).line), Some(8));
    }

    #[test]
    fn items_are_what_their_list_says() {
        let text = "kind: AList\napiVersion: x/v1\nitems: [{metadata: {name: a}}, {kind: B, apiVersion: v1}]\n";
        let (_, documents) = read(text);
        let text = |key| documents.iter().map(|it| it.root().text(key)).collect::<Vec<_>>();
        assert_eq!(text("kind"), [Some("A".into()), Some("B".into())]);
        assert_eq!(text("apiVersion"), [Some("x/v1".into()), Some("v1".into())]);
    }

    #[test]
    fn merged_keys_count_where_the_map_has_none_of_its_own() {
        let (_, documents) = read("base: &b {x: 1, y: 2}\nuse: {<<: *b, y: 3}\n");
        let map = documents.first().and_then(|it| it.root().get("use")).expect("it is there");
        assert_eq!((map.text("x"), map.text("y")), (Some("1".into()), Some("3".into())));
    }
}

//! YAML as it was written: a tree whose every node knows its place.

use smol_str::SmolStr;

/// A node of a document; offsets are bytes of the text that was parsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The offset of its first byte, an anchor or a tag left out; of an alias, that of its `*`,
    /// while the nodes below lie where the anchor is.
    pub span_start: u32,
    /// The offset after its last byte; the line break that ends a block scalar is left out.
    pub span_end: u32,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is; aliases are already replaced by what they stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeKind {
    /// A scalar.
    Scalar {
        /// Its text: unescaped and folded.
        text: SmolStr,
        /// Whether it was quoted.
        style: Style,
        /// Its tag, if it has one, in full: `tag:yaml.org,2002:str`.
        tag: Option<SmolStr>,
    },
    /// A list.
    Seq(Vec<Node>),
    /// A map: keys and values in the order written, duplicates kept.
    Map(Vec<(Node, Node)>),
}

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes, so that `yes` is a boolean.
    Plain,
    /// In single or double quotes, or as a block: always text.
    Quoted,
}

impl Node {
    /// Tells whether it is, as a key, the `<<` that merges maps.
    #[must_use]
    pub fn is_merge(&self) -> bool {
        let NodeKind::Scalar { text, style, tag } = &self.kind else { return false };
        text == "<<"
            && match tag.as_deref() {
                None => *style == Style::Plain,
                Some(tag) => matches!(tag, "!" | "tag:yaml.org,2002:merge"),
            }
    }
}

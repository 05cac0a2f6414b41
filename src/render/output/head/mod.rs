//! The head of a document: the few fields that Helm reads of it.

mod plain;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::input::chart::decode::{Cell, Decoder, Document};

/// The words of Go for the type of `metadata`, which has no name.
const METADATA: &str = concat!(
    "struct { Name string \"json:\\\"name\\\"\"; ",
    "Annotations map[string]string \"json:\\\"annotations\\\"\" }"
);

/// Tells whether a key of a document is one that Helm reads, in whatever case.
fn is_wanted(key: &str) -> bool {
    ["apiVersion", "kind", "metadata"].iter().any(|wanted| wanted.eq_ignore_ascii_case(key))
}

/// What Helm reads of a document.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Head {
    /// `kind`
    pub(super) kind: String,
    /// `metadata.annotations`
    pub(super) annotations: Option<BTreeMap<SmolStr, SmolStr>>,
}

impl Head {
    /// Reads the head of a document.
    ///
    /// # Errors
    /// Where it is no YAML, no map, or where one of the fields is of the wrong type.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        plain::read(text).map_or_else(|| Self::parse(text), Ok)
    }

    /// Reads the head of a document with the parser of YAML.
    fn parse(text: &str) -> Result<Self, String> {
        Document::read_keys(text, is_wanted)?.decode(("util", "SimpleHead"), |decoder, root| {
            let mut head = Self::default();
            for (key, cell) in root.entries() {
                head.field(decoder, &key.to_ascii_lowercase(), cell);
            }
            head
        })
    }

    fn field(&mut self, decoder: &mut Decoder, key: &str, cell: Cell<'_>) {
        match key {
            "apiversion" => decoder.field("apiVersion", |it| it.text(cell, &mut String::new())),
            "kind" => decoder.field("kind", |it| it.text(cell, &mut self.kind)),
            "metadata" => decoder.field("metadata", |decoder| {
                decoder.nested((cell, "", METADATA), |decoder, cell| {
                    for (key, cell) in cell.entries() {
                        self.metadata_field(decoder, &key.to_ascii_lowercase(), cell);
                    }
                });
            }),
            _ => {}
        }
    }

    fn metadata_field(&mut self, decoder: &mut Decoder, key: &str, cell: Cell<'_>) {
        match key {
            "name" => decoder.field("name", |it| it.text(cell, &mut String::new())),
            "annotations" => {
                decoder.field("annotations", |it| it.text_map(cell, &mut self.annotations));
            }
            _ => {}
        }
    }
}

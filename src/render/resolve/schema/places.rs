//! Where the values that a schema refuses stand in files values.yaml.

use boon::{ErrorKind, InstanceToken, ValidationError};

use super::{lines, words};
use crate::input::ChartFile;
use crate::source::Span;
use crate::yaml::{self, Data, Node, NodeKind};

/// The most values that are looked for.
const MOST: usize = 64;

/// A value that a schema refuses.
#[derive(Debug)]
pub(super) struct Refused {
    /// The keys and indices that lead to it.
    path: Vec<String>,
    /// What is wrong with it.
    words: String,
}

/// A file values.yaml that may hold the values of a chart, and the keys that lead to them in it.
#[derive(Debug, Clone)]
pub(super) struct Holder<'a> {
    pub(super) file: &'a ChartFile,
    pub(super) path: Vec<String>,
}

/// Returns the values that a failure is about, each once.
pub(super) fn refused(error: &ValidationError<'_, '_>) -> Vec<Refused> {
    let mut found: Vec<Refused> = Vec::new();
    let mut open = vec![error];
    while let Some(error) = open.pop().filter(|_| found.len() < MOST) {
        // Which of several alternatives was meant, nobody knows.
        let is_choice = matches!(error.kind, ErrorKind::AnyOf | ErrorKind::OneOf(_));
        let causes = lines::ordered(error);
        if !(causes.is_empty() || is_choice) {
            open.extend(causes.into_iter().rev());
            continue;
        }
        let tokens = error.instance_location.tokens.iter().map(|token| match token {
            InstanceToken::Prop(name) => name.to_string(),
            InstanceToken::Item(index) => index.to_string(),
        });
        let path: Vec<String> = tokens.collect();
        let paths = match &error.kind {
            ErrorKind::AdditionalProperties { got } => {
                let below = |name| path.iter().cloned().chain([name]).collect();
                got.iter().take(MOST).map(|name| below(name.to_string())).collect()
            }
            _ => vec![path],
        };
        for path in paths {
            if found.iter().all(|known| known.path != path) {
                found.push(Refused { path, words: words::of_kind(&error.kind) });
            }
        }
    }
    found
}

/// Finds refused values of a chart in the files that may hold them, the one that wins first; what
/// a flag or another file set stands in none of them.
pub(super) fn find(
    refused: &[Refused],
    values: &Data,
    holders: &[Holder<'_>],
) -> Vec<(Span, String)> {
    let files: Vec<(&Holder<'_>, Vec<Node>)> =
        holders.iter().map(|holder| (holder, documents(holder.file))).collect();
    let place = |refused: &Refused| {
        let value = value(values, &refused.path)?;
        let span = files.iter().find_map(|(holder, documents)| {
            let path = || holder.path.iter().chain(&refused.path);
            let found = documents.iter().rev().find_map(|root| key(root, path()))?;
            let (key, node) = found;
            let is_it = match (value, &node.kind) {
                (Data::Map(_), kind) => matches!(kind, NodeKind::Map(_)),
                (value, _) => yaml::to_data(node).is_ok_and(|data| data == *value),
            };
            is_it.then_some(Span {
                file: holder.file.file?,
                start: key.span_start,
                end: key.span_end,
            })
        });
        Some((span?, refused.words.clone()))
    };
    refused.iter().filter_map(place).collect()
}

fn documents(file: &ChartFile) -> Vec<Node> {
    let text = std::str::from_utf8(&file.content).unwrap_or_default();
    yaml::parse_all(text).unwrap_or_default()
}

fn value<'a>(values: &'a Data, path: &[String]) -> Option<&'a Data> {
    path.iter().try_fold(values, |data, step| match data {
        Data::Map(map) => map.get(step.as_str()),
        Data::Seq(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// Returns the key that a path ends with, or the item of a list, and what stands there.
fn key(root: &Node, path: impl Iterator<Item = impl AsRef<str>>) -> Option<(&Node, &Node)> {
    let mut found = None;
    let mut node = root;
    for step in path {
        let (key, next) = match &node.kind {
            NodeKind::Seq(items) => {
                let item = items.get(step.as_ref().parse::<usize>().ok()?)?;
                (item, item)
            }
            _ => entry(node, step.as_ref())?,
        };
        found = Some((key, next));
        node = next;
    }
    found
}

/// Returns an entry of a map; what `<<` merges counts where the map has no such key.
fn entry<'n>(map: &'n Node, name: &str) -> Option<(&'n Node, &'n Node)> {
    let is_named = |key: &Node| matches!(&key.kind, NodeKind::Scalar { text, .. } if text == name);
    let mut open = vec![map];
    while let Some(map) = open.pop() {
        let NodeKind::Map(entries) = &map.kind else { continue };
        let own = entries.iter().rev().find(|(key, _)| is_named(key) && !key.is_merge());
        if let Some((key, value)) = own {
            return Some((key, value));
        }
        match entries.iter().rev().find(|(key, _)| key.is_merge()).map(|(_, merged)| merged) {
            Some(Node { kind: NodeKind::Seq(maps), .. }) => open.extend(maps.iter().rev()),
            merged => open.extend(merged),
        }
    }
    None
}

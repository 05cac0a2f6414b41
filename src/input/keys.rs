//! Unknown keys of a configuration file, each with the known key that comes nearest.

use super::{Error, Text};
use crate::source::Span;
use crate::yaml::{self, Node, NodeKind};

/// The keys that a part of a file may have.
#[derive(Debug)]
pub(super) enum Keys {
    /// Any value.
    Any,
    /// A list of such parts.
    List(&'static Keys),
    /// A map with these keys.
    Map(&'static [(&'static str, Keys)]),
}

/// Checks the keys of a file.
///
/// # Errors
/// Where it is no YAML, or for the first key that is unknown.
pub(super) fn check(text: &Text, keys: &Keys) -> Result<(), Error> {
    let root = yaml::parse_first(&text.content)
        .map_err(|error| text.error_at(Some(error.offset()), error.to_string()))?;
    root.map_or(Ok(()), |root| check_node(text, &root, keys))
}

fn check_node(text: &Text, node: &Node, keys: &Keys) -> Result<(), Error> {
    match (keys, &node.kind) {
        (Keys::List(keys), NodeKind::Seq(items)) => {
            items.iter().try_for_each(|item| check_node(text, item, keys))
        }
        (Keys::Map(known), NodeKind::Map(entries)) => {
            entries.iter().try_for_each(|(key, value)| {
                let NodeKind::Scalar { text: name, .. } = &key.kind else { return Ok(()) };
                match known.iter().find(|(known, _)| known == name) {
                    Some((_, keys)) => check_node(text, value, keys),
                    None => Err(unknown(text, key, name, known)),
                }
            })
        }
        _ => Ok(()),
    }
}

fn unknown(text: &Text, key: &Node, name: &str, known: &[(&str, Keys)]) -> Error {
    let nearest = known
        .iter()
        .map(|(known, _)| (strsim::damerau_levenshtein(known, name), *known))
        .min()
        .filter(|(distance, _)| *distance <= 3);
    let names: Vec<&str> = known.iter().map(|(known, _)| *known).collect();
    let advice = match nearest {
        Some((_, nearest)) => format!("did you mean `{nearest}`?"),
        None => format!("known here: {}", names.join(", ")),
    };
    let span = Span::new(text.file, key.span_start as usize, key.span_end as usize);
    let error = Error::new(format!("{}: unknown key `{name}`", text.path)).with_help(advice);
    Error { span: Some(span), ..error }
}

//! Files of values: several documents, merged from the first to the last.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::input::chart::decode;
use crate::yaml::{self, Data};

/// A map of values.
pub(super) type Map = BTreeMap<SmolStr, Data>;

/// Reads a values.yaml or a file of `-f`: its documents merged, later ones winning.
///
/// # Errors
/// In Helm's words, where a document is no YAML or no map.
pub(crate) fn read(content: &[u8]) -> Result<Data, String> {
    read_map(content).map(Data::Map)
}

pub(super) fn read_map(content: &[u8]) -> Result<Map, String> {
    let text = decode::utf8(content)
        .map_err(|error| format!("cannot unmarshal yaml document: {error}"))?;
    let mut values = Map::new();
    for document in split(text)? {
        merge(&mut values, map_of(&document)?);
    }
    Ok(values)
}

fn map_of(document: &str) -> Result<Map, String> {
    let unread = |error: &dyn std::fmt::Display| format!("cannot unmarshal yaml document: {error}");
    let data = decode::on_fitting_stack(document, || {
        let data = yaml::read(document).map_err(|error| unread(&error))?;
        decode::bounded(data)
            .map_err(|error| unread(&format!("error converting YAML to JSON: yaml: {error}")))
    })?;
    match data {
        Data::Map(map) => Ok(map),
        Data::Null => Ok(Map::new()),
        other => {
            let kind = decode::kind(&other);
            Err(format!(
                "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: \
                 json: cannot unmarshal {kind} into Go value of type map[string]interface {{}}"
            ))
        }
    }
}

/// Splits a text at lines that begin with `---`; a leading one stays in its document.
fn split(text: &str) -> Result<Vec<String>, String> {
    let mut documents = Vec::new();
    let mut document = String::new();
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("---") {
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                return Err(format!(
                    "error reading yaml document: invalid Yaml document separator: {rest}"
                ));
            }
            if !document.is_empty() {
                documents.push(std::mem::take(&mut document));
                continue;
            }
        }
        document.push_str(line);
        document.push('\n');
    }
    if !document.is_empty() {
        documents.push(document);
    }
    Ok(documents)
}

/// Merges maps; what `over` holds wins, lists and scalars whole.
pub(super) fn merge(base: &mut Map, over: Map) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(Data::Map(base)), Data::Map(over)) => merge(base, over),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_bounded() {
        let nested = |depth: usize| format!("{}1{}", "{a: ".repeat(depth), "}".repeat(depth));
        assert!(read(nested(1_000).as_bytes()).is_ok());
        let error = "cannot unmarshal yaml document: error converting YAML to JSON: yaml: \
                     exceeded max depth of 1000";
        for depth in [1_001, 9_000] {
            assert_eq!(read(nested(depth).as_bytes()).unwrap_err(), error);
        }
    }

    #[test]
    fn texts_split_at_separator_lines() {
        let documents = |text| split(text).unwrap();
        assert_eq!(documents("a: 1\nb: 1\n--- # x\na: 2"), ["a: 1\nb: 1\n", "a: 2\n"]);
        assert_eq!(documents("---\r\na: 1\r\n---\r\n"), ["---\na: 1\n"]);
        assert!(documents("").is_empty());
        let error = "error reading yaml document: invalid Yaml document separator: X";
        assert_eq!(split("a: 1\n--- X\n").unwrap_err(), error);
    }
}

//! Nodes to plain data by the rules of go-yaml v2 and sigs.k8s.io/yaml, as Helm reads YAML.

mod explain;
mod number;
mod resolve;
#[cfg(test)]
mod tests;
mod time;

use std::collections::BTreeMap;

use smol_str::{SmolStr, ToSmolStr};

use super::{Data, Error, Node, NodeKind, parse_first};
use resolve::{Scalar, resolve};

/// Turns a node into plain data: YAML 1.1 scalars, merge keys, keys to text, every number a float.
///
/// # Errors
/// For what go-yaml or the step to JSON refuses, such as a null or list as key.
pub fn to_data(node: &Node) -> Result<Data, Error> {
    let mut reader = Reader::default();
    let data = reader.value(node)?;
    if let Some((key, value)) = reader.unsuited {
        return Err(unsuited_key(key, value)?);
    }
    match reader.infinite.then(|| first_infinite(&data)).flatten() {
        Some(number) => {
            let shown = number::shown(number);
            let message = format!("json: unsupported value: {shown}");
            Err(Error::new(message, node.span_start as usize))
        }
        None => Ok(data),
    }
}

/// Turns a node into plain data as [`to_data`] does, with the same errors, but of a map only the
/// entries under wanted keys.
///
/// # Errors
/// As [`to_data`].
pub(crate) fn to_data_of(node: &Node, wanted: fn(&str) -> bool) -> Result<Data, Error> {
    let entries = match &node.kind {
        NodeKind::Map(entries) if !entries.iter().any(|(key, _)| key.is_merge()) => entries,
        _ => return to_data(node),
    };
    let mut reader = Reader::default();
    let mut map = Map::new();
    let mut own = None;
    for (key, value) in entries {
        match reader.key(key)? {
            Some(name) if wanted(&name) => drop(map.insert(name, reader.value(value)?)),
            Some(_) => reader.check(value)?,
            None => {
                reader.check(value)?;
                own = Some((key, value));
            }
        }
    }
    if let Some((key, value)) = own.or(reader.unsuited) {
        return Err(unsuited_key(key, value)?);
    }
    if reader.infinite { to_data(node) } else { Ok(Data::Map(map)) }
}

/// Reads the first document of a text as plain data; null where there is none.
///
/// # Errors
/// As sigs.k8s.io/yaml words them: `error converting YAML to JSON: yaml: line 1: …`.
pub fn read(text: &str) -> Result<Data, Error> {
    match parse_first(text).map_err(prefixed)? {
        Some(node) => to_data(&node).map_err(prefixed),
        None => Ok(Data::Null),
    }
}

/// Says which step refused a text: from YAML to JSON, or from JSON to data.
fn prefixed(error: Error) -> Error {
    let text = error.to_string();
    let step = if text.starts_with("invalid character") {
        "error unmarshaling JSON: while decoding JSON"
    } else {
        "error converting YAML to JSON"
    };
    Error::new(format!("{step}: {text}"), error.offset())
}

/// Reads nodes and remembers what only the step to JSON refuses, since Go takes that step last.
#[derive(Default)]
struct Reader<'a> {
    /// A key that JSON cannot have, and its value: the outermost, of its map the last.
    unsuited: Option<(&'a Node, &'a Node)>,
    /// Whether a number was read that JSON cannot hold.
    infinite: bool,
}

type Map = BTreeMap<SmolStr, Data>;

impl<'a> Reader<'a> {
    fn value(&mut self, node: &'a Node) -> Result<Data, Error> {
        match &node.kind {
            NodeKind::Scalar { .. } => self.scalar(node),
            NodeKind::Seq(items) => self.nested(|reader| {
                let items: Result<_, _> = items.iter().map(|item| reader.value(item)).collect();
                items.map(Data::Seq)
            }),
            NodeKind::Map(entries) => self.nested(|reader| {
                let mut map = Map::new();
                reader.entries(entries, &mut map)?;
                Ok(Data::Map(map))
            }),
        }
    }

    /// Finds what is wrong with a node, as [`Reader::value`] does.
    fn check(&mut self, node: &'a Node) -> Result<(), Error> {
        match &node.kind {
            NodeKind::Scalar { .. } => self.scalar(node).map(drop),
            NodeKind::Seq(items) => {
                self.nested(|reader| items.iter().try_for_each(|item| reader.check(item)))
            }
            NodeKind::Map(entries) => self.nested(|reader| reader.check_entries(entries)),
        }
    }

    fn check_entries(&mut self, entries: &'a [(Node, Node)]) -> Result<(), Error> {
        if entries.iter().any(|(key, _)| key.is_merge()) {
            return self.entries(entries, &mut Map::new());
        }
        let before = self.unsuited;
        let mut own = None;
        for (key, value) in entries {
            let name = self.key(key)?;
            self.check(value)?;
            if name.is_none() {
                own = Some((key, value));
            }
        }
        self.unsuited = before.or(own).or(self.unsuited);
        Ok(())
    }

    /// Goes a level down, on a new stack where this one gets short.
    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Error>) -> Result<T, Error> {
        stacker::maybe_grow(64 * 1024, 2 * 1024 * 1024, || read(self))
    }

    fn scalar(&mut self, node: &Node) -> Result<Data, Error> {
        Ok(match resolve(node)? {
            Scalar::Null => Data::Null,
            Scalar::Bool(value) => Data::Bool(value),
            Scalar::Int(value) => Data::Float(value as f64),
            Scalar::Uint(value) => Data::Float(value as f64),
            Scalar::Float(value) => {
                self.infinite |= !value.is_finite();
                Data::Float(value)
            }
            Scalar::Text(text) => Data::Str(text),
        })
    }

    fn entries(&mut self, entries: &'a [(Node, Node)], map: &mut Map) -> Result<(), Error> {
        let before = self.unsuited;
        let mut own = None;
        for (key, value) in entries {
            if key.is_merge() {
                self.merge(value, map)?;
                continue;
            }
            let name = self.key(key)?;
            let data = self.value(value)?;
            match name {
                Some(name) => drop(map.insert(name, data)),
                None => own = Some((key, value)),
            }
        }
        self.unsuited = before.or(own).or(self.unsuited);
        Ok(())
    }

    /// Reads a key; none where it is one that JSON cannot have.
    fn key(&mut self, key: &'a Node) -> Result<Option<SmolStr>, Error> {
        if !matches!(key.kind, NodeKind::Scalar { .. }) {
            self.value(key)?;
            let message = format!("yaml: invalid map key: {}", explain::go_syntax(key)?);
            return Err(Error::new(message, key.span_start as usize));
        }
        Ok(match resolve(key)? {
            Scalar::Text(text) => Some(text),
            Scalar::Int(number) => Some(number.to_smolstr()),
            Scalar::Float(number) => Some(number::key(number)),
            Scalar::Bool(true) => Some(SmolStr::new_static("true")),
            Scalar::Bool(false) => Some(SmolStr::new_static("false")),
            Scalar::Null | Scalar::Uint(_) => None,
        })
    }

    /// Reads the value of a `<<` into its map, over what stands there.
    fn merge(&mut self, value: &'a Node, map: &mut Map) -> Result<(), Error> {
        match &value.kind {
            NodeKind::Map(entries) => self.nested(|reader| reader.entries(entries, map)),
            NodeKind::Seq(items) => {
                for item in items.iter().rev() {
                    let NodeKind::Map(entries) = &item.kind else { return Err(no_map(item)) };
                    self.nested(|reader| reader.entries(entries, map))?;
                }
                Ok(())
            }
            NodeKind::Scalar { .. } => Err(no_map(value)),
        }
    }
}

/// Builds the error about a key that is null or a number above those with a sign.
fn unsuited_key(key: &Node, value: &Node) -> Result<Error, Error> {
    let kind = if resolve(key)? == Scalar::Null { "%!s(<nil>)" } else { "uint64" };
    let (shown, value) = (explain::go_syntax_alone(key)?, explain::go_syntax_alone(value)?);
    let message = format!("unsupported map key of type: {kind}, key: {shown}, value: {value}");
    Ok(Error::new(message, key.span_start as usize))
}

fn no_map(node: &Node) -> Error {
    let message = "yaml: map merge requires map or sequence of maps as the value";
    Error::new(message, node.span_start as usize)
}

/// Returns the first number in the order of JSON that JSON cannot hold.
fn first_infinite(data: &Data) -> Option<f64> {
    stacker::maybe_grow(64 * 1024, 2 * 1024 * 1024, || match data {
        Data::Float(number) => Some(*number).filter(|number| !number.is_finite()),
        Data::Seq(items) => items.iter().find_map(first_infinite),
        Data::Map(map) => map.values().find_map(first_infinite),
        _ => None,
    })
}

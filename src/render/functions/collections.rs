//! Go's index and len.

use super::args::{Answer, fixed, items, variadic};
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{Kind, Map, MapType, Native, Value};

pub(super) static TABLE: &[Function] =
    &[variadic("index", &[Param::Any], Param::Any, index), fixed("len", &[Param::Any], len)];

fn index(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut item = match args.first() {
        None | Some(Value::Nil) => return Err(FunctionError::new("index of untyped nil")),
        Some(item) => item.clone(),
    };
    for key in args.get(1..).unwrap_or_default() {
        item = step(&item, key)?;
    }
    Ok(item)
}

fn step(item: &Value, key: &Value) -> Answer {
    match item {
        Value::Nil => Err(FunctionError::new("index of nil pointer")),
        Value::Str(text) => {
            let bytes = text.as_bytes();
            let at = position(key, bytes.len())?;
            let byte = bytes.get(at).copied().map(Value::Uint8);
            byte.ok_or_else(|| FunctionError::new("reflect: string index out of range"))
        }
        Value::Map(map) => entry(map, key),
        Value::Native(native) if native.kind() == Kind::Map => {
            let key = field_name(key)?;
            Ok(native.field(key).unwrap_or_default())
        }
        other => {
            let Some(items) = items(other) else {
                return Err(FunctionError::new(format!(
                    "can't index item of type {}",
                    pointed(other)
                )));
            };
            let at = position(key, items.len())?;
            let found = items.get(at).cloned();
            found.ok_or_else(|| FunctionError::new("reflect: slice index out of range"))
        }
    }
}

/// Returns the name of the type, without the pointer that Go follows.
fn pointed(value: &Value) -> &str {
    let name = value.type_name();
    name.strip_prefix('*').unwrap_or(name)
}

/// Reads an index into a sequence of so many items, which may be one too large, as in Go.
fn position(key: &Value, length: usize) -> Result<usize, FunctionError> {
    let number = match key {
        Value::Int(number) | Value::Int64(number) => *number,
        Value::Uint8(number) => i64::from(*number),
        Value::Uint64(number) => i64::from_ne_bytes(number.to_ne_bytes()),
        Value::Nil => return Err(FunctionError::new("cannot index slice/array with nil")),
        other => {
            let name = other.type_name();
            return Err(FunctionError::new(format!("cannot index slice/array with type {name}")));
        }
    };
    let at = usize::try_from(number).ok().filter(|at| *at <= length);
    at.ok_or_else(|| FunctionError::new(format!("index out of range: {number}")))
}

fn field_name(key: &Value) -> Result<&str, FunctionError> {
    match key {
        // No key of a map holds bytes that are not UTF-8.
        Value::Str(text) => Ok(text.as_utf8().unwrap_or("\u{fffd}")),
        Value::Nil => Err(FunctionError::new("value is nil; should be of type string")),
        other => {
            let name = other.type_name();
            Err(FunctionError::new(format!("value has type {name}; should be string")))
        }
    }
}

fn entry(map: &Map, key: &Value) -> Answer {
    let found = map.get(field_name(key)?);
    Ok(found.unwrap_or_else(|| match map.map_type() {
        MapType::Strings => Value::from(""),
        MapType::Any | MapType::Values => Value::Nil,
    }))
}

fn len(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let item = args.first().unwrap_or(&Value::Nil);
    let length = match item {
        Value::Nil => return Err(FunctionError::new("len of nil pointer")),
        Value::Str(text) => Some(text.len()),
        Value::Bytes(bytes) => Some(bytes.len()),
        Value::List(list) => Some(list.len()),
        Value::Map(map) => Some(map.len()),
        Value::Native(native) => native_len(&**native),
        _ => None,
    };
    let length = length.and_then(|length| i64::try_from(length).ok());
    let missing = || FunctionError::new(format!("len of type {}", pointed(item)));
    length.map(Value::Int).ok_or_else(missing)
}

fn native_len(native: &dyn Native) -> Option<usize> {
    match native.kind() {
        Kind::Map => native.entries().map(|entries| entries.len()),
        Kind::Slice => native.items().map(|items| items.len()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{dict, int, list, shown};
    use super::*;

    #[test]
    fn items_are_found() {
        let letters = list(["a".into(), "b".into()]);
        let nested = dict([("a-b", dict([("c", "v".into())]))]);
        let cases: &[(&[Value], &str)] = &[
            (&[nested.clone(), "a-b".into(), "c".into()], "v"),
            (std::slice::from_ref(&nested), "map[a-b:map[c:v]]"),
            (&[nested.clone(), "nope".into()], "<nil>"),
            (&[nested.clone(), "nope".into(), "x".into()], "error: index of nil pointer"),
            (&[nested.clone(), int(1)], "error: value has type int; should be string"),
            (&[nested.clone(), Value::Nil], "error: value is nil; should be of type string"),
            (&[letters.clone(), int(1)], "b"),
            (&[letters.clone(), Value::Int64(0)], "a"),
            (&[letters.clone(), int(2)], "error: reflect: slice index out of range"),
            (&[letters.clone(), int(5)], "error: index out of range: 5"),
            (&[letters.clone(), int(-1)], "error: index out of range: -1"),
            (
                &[letters.clone(), Value::Float(1.0)],
                "error: cannot index slice/array with type float64",
            ),
            (&[letters, Value::Nil], "error: cannot index slice/array with nil"),
            (&["abc".into(), int(1)], "98"),
            (&["ab".into(), int(2)], "error: reflect: string index out of range"),
            (&[int(3), int(1)], "error: can't index item of type int"),
            (&[Value::Nil, "a".into()], "error: index of untyped nil"),
        ];
        for (args, want) in cases {
            assert_eq!(shown("index", args), *want, "{args:?}");
        }
    }

    #[test]
    fn items_are_counted() {
        assert_eq!(shown("len", &["héé".into()]), "5");
        assert_eq!(shown("len", &[list([int(1), int(2)])]), "2");
        assert_eq!(shown("len", &[dict([("a", int(1))])]), "1");
        assert_eq!(shown("len", &[int(3)]), "error: len of type int");
        assert_eq!(shown("len", &[Value::Nil]), "error: len of nil pointer");
    }
}

//! Values as Go's encoders of JSON, YAML and TOML see them.

use std::borrow::Cow;
use std::fmt;

use smol_str::SmolStr;

use super::{Kind, Native, Value};
use crate::yaml::Data;

/// How deep a value may nest before it counts as one that holds itself.
const DEPTH: usize = 1_000;
/// The stack that must be left before a list or map is entered, and how much is added.
const STACK: (usize, usize) = (64 * 1024, 1024 * 1024);

/// Who sees a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoder {
    /// Go's encoding/json: bytes are base64, nil slices and maps null, numbers finite.
    Json,
    /// go-yaml v3: bytes are numbers, nil slices and maps empty, names of fields in lower case.
    Yaml,
    /// The TOML library: bytes are numbers, nil slices and maps are left out.
    Toml,
}

/// Why a value cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unwritable {
    /// An encoder does not know the type.
    Type(Encoder, String),
    /// A number is not finite.
    Number(&'static str),
    /// A value of this type holds itself.
    Cycle(String),
}

impl fmt::Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(Encoder::Yaml, name) => write!(f, "cannot marshal type: {name}"),
            Self::Type(_, name) => write!(f, "unsupported type: {name}"),
            Self::Number(name) => write!(f, "unsupported value: {name}"),
            Self::Cycle(name) => write!(f, "unsupported value: encountered a cycle via {name}"),
        }
    }
}

/// Returns the plain data of a value.
///
/// # Errors
/// For what the encoder cannot write.
pub(crate) fn reflected(value: &Value, encoder: Encoder) -> Result<Data, Unwritable> {
    data(value, encoder, DEPTH)
}

fn data(value: &Value, encoder: Encoder, depth: usize) -> Result<Data, Unwritable> {
    Ok(match value {
        Value::Nil => Data::Null,
        Value::Bool(value) => Data::Bool(*value),
        Value::Int(number) | Value::Int64(number) => Data::Int(*number),
        Value::Uint8(number) => Data::Int(i64::from(*number)),
        Value::Uint64(number) => match i64::try_from(*number) {
            Ok(number) => Data::Int(number),
            Err(_) => Data::Float(*number as f64),
        },
        Value::Float(number) if encoder == Encoder::Json => finite(*number)?,
        Value::Float(number) => Data::Float(*number),
        Value::Complex(..) => return Err(Unwritable::Type(encoder, value.type_name().into())),
        Value::Str(text) => Data::Str(match text.to_str() {
            Cow::Borrowed(_) => text.to_key(),
            Cow::Owned(_) => replaced(text.as_bytes()),
        }),
        Value::Bytes(bytes) if encoder == Encoder::Json => {
            Data::Str(data_encoding::BASE64.encode(bytes).into())
        }
        Value::Bytes(bytes) => {
            Data::Seq(bytes.iter().map(|byte| Data::Int(i64::from(*byte))).collect())
        }
        Value::List(_) | Value::Map(_) => {
            let cycle = || Unwritable::Cycle(value.type_name().into());
            let depth = depth.checked_sub(1).ok_or_else(cycle)?;
            stacker::maybe_grow(STACK.0, STACK.1, || nested(value, encoder, depth))?
        }
        Value::Native(native) => native_data(&**native, encoder)?,
    })
}

/// Returns the data of a list or map.
fn nested(value: &Value, encoder: Encoder, depth: usize) -> Result<Data, Unwritable> {
    let keeps_nils = encoder == Encoder::Yaml;
    Ok(match value {
        Value::List(list) if keeps_nils || !list.is_nil() => {
            let items = list.iter().map(|item| data(item, encoder, depth));
            Data::Seq(items.collect::<Result<_, _>>()?)
        }
        Value::Map(map) if keeps_nils || !map.is_nil() => {
            let pair =
                |(key, value): (&SmolStr, &Value)| Ok((key.clone(), data(value, encoder, depth)?));
            Data::Map(map.entries().iter().map(pair).collect::<Result<_, _>>()?)
        }
        _ => Data::Null,
    })
}

fn finite(number: f64) -> Result<Data, Unwritable> {
    match number {
        number if number.is_nan() => Err(Unwritable::Number("NaN")),
        f64::INFINITY => Err(Unwritable::Number("+Inf")),
        f64::NEG_INFINITY => Err(Unwritable::Number("-Inf")),
        number => Ok(Data::Float(number)),
    }
}

/// Returns a text with U+FFFD for each byte that is not UTF-8.
fn replaced(bytes: &[u8]) -> SmolStr {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text.into()
}

fn native_data(native: &dyn Native, encoder: Encoder) -> Result<Data, Unwritable> {
    let unknown = || Unwritable::Type(encoder, native.type_name().into());
    let data = native.to_data().ok_or_else(unknown)?;
    let is_struct = matches!(native.kind(), Kind::Struct | Kind::Ptr);
    match data {
        Data::Map(fields) if is_struct && encoder == Encoder::Yaml => {
            let lower = |(name, value): (SmolStr, Data)| (name.to_lowercase().into(), value);
            Ok(Data::Map(fields.into_iter().map(lower).collect()))
        }
        data => Ok(data),
    }
}

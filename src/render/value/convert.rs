//! Between plain data and values.

use super::Value;
use crate::yaml::Data;

/// How deep a value may nest before it counts as one that holds itself.
const DEPTH: usize = 1_000;

impl From<&Data> for Value {
    fn from(data: &Data) -> Self {
        match data {
            Data::Null => Self::Nil,
            Data::Bool(value) => Self::Bool(*value),
            Data::Int(value) => Self::Int64(*value),
            Data::Float(value) => Self::Float(*value),
            Data::Str(text) => Self::str(text.clone()),
            Data::Seq(items) => Self::list(items.iter().map(Self::from).collect()),
            Data::Map(entries) => {
                entries.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect()
            }
        }
    }
}

impl Value {
    /// Returns the plain data that Go's JSON encoder would write; none where it fails: a map that
    /// holds itself, a number that is not finite.
    #[must_use]
    pub fn to_data(&self) -> Option<Data> {
        to_data(self, DEPTH)
    }
}

fn to_data(value: &Value, depth: usize) -> Option<Data> {
    let depth = depth.checked_sub(1)?;
    Some(match value {
        Value::Nil => Data::Null,
        Value::Bool(value) => Data::Bool(*value),
        Value::Int(number) | Value::Int64(number) => Data::Int(*number),
        Value::Uint8(number) => Data::Int(i64::from(*number)),
        Value::Uint64(number) => match i64::try_from(*number) {
            Ok(number) => Data::Int(number),
            Err(_) => Data::Float(*number as f64),
        },
        Value::Float(number) => number.is_finite().then_some(Data::Float(*number))?,
        Value::Complex(..) => return None,
        Value::Str(text) => Data::Str(text.to_key()),
        Value::Bytes(bytes) => Data::Str(data_encoding::BASE64.encode(bytes).into()),
        Value::List(list) if list.is_nil() => Data::Null,
        Value::List(list) => {
            Data::Seq(list.iter().map(|item| to_data(item, depth)).collect::<Option<_>>()?)
        }
        Value::Map(map) if map.is_nil() => Data::Null,
        Value::Map(map) => {
            let pair = |(key, value): (&smol_str::SmolStr, &Value)| {
                Some((key.clone(), to_data(value, depth)?))
            };
            Data::Map(map.entries().iter().map(pair).collect::<Option<_>>()?)
        }
        Value::Native(native) => native.to_data()?,
    })
}

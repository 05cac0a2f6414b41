//! Between plain data and values.

use super::Value;
use super::reflect::{Encoder, reflected};
use crate::yaml::Data;

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
        reflected(self, Encoder::Json).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_what_json_can_hold() {
        let nested = |depth| (0..depth).fold(Value::Nil, |inner, _| Value::list(vec![inner]));
        assert!(nested(1_000).to_data().is_some());
        assert!(nested(1_001).to_data().is_none());
        assert!(nested(100_000).to_data().is_none());
        assert!(Value::Float(f64::NAN).to_data().is_none());
        assert_eq!(Value::Bytes(b"a".as_slice().into()).to_data(), Some(Data::Str("YQ==".into())));
    }
}

//! What a text of `--set` is taken for, and how Go calls it.

use crate::yaml::Data;

/// Returns null, a boolean, a whole number, or else the text.
pub(super) fn typed(text: String) -> Data {
    for (word, value) in
        [("true", Data::Bool(true)), ("false", Data::Bool(false)), ("null", Data::Null)]
    {
        if text.eq_ignore_ascii_case(word) {
            return value;
        }
    }
    if text == "0" {
        return Data::Int(0);
    }
    match text.parse() {
        Ok(number) if !text.starts_with('0') => Data::Int(number),
        _ => Data::Str(text.into()),
    }
}

/// Returns the name of a value's type in Go.
pub(super) fn go_type(value: &Data) -> &'static str {
    match value {
        Data::Null => "nil",
        Data::Bool(_) => "bool",
        Data::Int(_) => "int64",
        Data::Float(_) => "float64",
        Data::Str(_) => "string",
        Data::Seq(_) => "[]interface {}",
        Data::Map(_) => "map[string]interface {}",
    }
}

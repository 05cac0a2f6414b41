//! JSON as Go's encoding/json reads and writes it.

mod read;
mod scan;
mod write;

use super::{Data, Error};

pub(crate) use read::json_read_kept;
pub(crate) use write::JsonWriter;

/// How JSON is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonStyle {
    /// On one line, `<`, `>` and `&` escaped: `toJson`.
    Compact,
    /// Two blanks an indent, `<`, `>` and `&` escaped: `toPrettyJson`.
    Pretty,
    /// On one line, `<`, `>` and `&` as they are: `toRawJson`.
    Raw,
}

/// Reads a JSON text; every number is a float.
///
/// # Errors
/// In the words of Go's encoding/json.
pub fn json_read(text: &str) -> Result<Data, Error> {
    match json_read_kept(text)? {
        (data, None) => Ok(data),
        (_, Some(error)) => Err(error),
    }
}

/// Writes JSON on one line, as `toJson` does.
#[must_use]
pub fn json_write(data: &Data) -> String {
    json_write_styled(data, JsonStyle::Compact)
}

/// Writes JSON.
#[must_use]
pub fn json_write_styled(data: &Data, style: JsonStyle) -> String {
    let mut writer = JsonWriter::new(style);
    writer.data(data);
    writer.finish()
}

#[cfg(test)]
mod tests;

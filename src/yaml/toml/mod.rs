//! TOML as the library that Helm uses reads and writes it.

mod write;

use super::{Data, Error};

pub use write::toml_write;

/// Reads a TOML text; dates become texts.
///
/// # Errors
/// Where it is no TOML.
pub fn toml_read(text: &str) -> Result<Data, Error> {
    match text.parse::<::toml::Table>() {
        Ok(table) => Ok(table_data(table)),
        Err(error) => {
            let offset = error.span().map_or(0, |span| span.start);
            let line = text.get(..offset).unwrap_or(text).matches('\n').count() + 1;
            Err(Error::new(format!("toml: line {line}: {}", error.message()), offset))
        }
    }
}

fn table_data(table: ::toml::Table) -> Data {
    Data::Map(table.into_iter().map(|(key, value)| (key.into(), data(value))).collect())
}

fn data(value: ::toml::Value) -> Data {
    match value {
        ::toml::Value::String(text) => Data::Str(text.into()),
        ::toml::Value::Integer(number) => Data::Int(number),
        ::toml::Value::Float(number) => Data::Float(number),
        ::toml::Value::Boolean(value) => Data::Bool(value),
        ::toml::Value::Datetime(time) => Data::Str(moment(&time).into()),
        ::toml::Value::Array(items) => Data::Seq(items.into_iter().map(data).collect()),
        ::toml::Value::Table(table) => table_data(table),
    }
}

/// Returns a date or time as Go's JSON encoder writes it: what is missing is filled up.
fn moment(time: &::toml::value::Datetime) -> String {
    let date = time.date.map_or_else(|| "0000-01-01".into(), |date| date.to_string());
    let clock = time.time.map_or_else(|| "00:00:00".into(), |time| time.to_string());
    let zone = time.offset.map_or_else(|| "Z".into(), |offset| offset.to_string());
    format!("{date}T{clock}{zone}")
}

#[cfg(test)]
mod tests;

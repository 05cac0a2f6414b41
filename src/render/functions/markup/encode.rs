//! Values to JSON, as Go's encoder walks them.

use crate::render::value::{Native, Value};
use crate::yaml::{Data, JsonStyle, JsonWriter};

/// How deep a value may nest before it counts as one that holds itself, as in Go.
const DEPTH: usize = 1_000;
/// The stack that must be left before a list or map is entered, and how much is added.
const STACK: (usize, usize) = (64 * 1024, 1024 * 1024);

/// The structs whose fields do not come in the order of their names.
const STRUCTS: &[(&str, &[&str])] = &[
    ("common.KubeVersion", KUBE_VERSION),
    ("*common.Capabilities", &["KubeVersion", "APIVersions", "HelmVersion"]),
    ("version.BuildInfo", HELM_VERSION),
];

/// The structs within another one, by the names of their fields.
const INNER: &[(&str, &[&str])] = &[("KubeVersion", KUBE_VERSION), ("HelmVersion", HELM_VERSION)];

const KUBE_VERSION: &[&str] = &["Version", "Major", "Minor"];
const HELM_VERSION: &[&str] =
    &["version", "git_commit", "git_tree_state", "go_version", "kube_client_version"];

/// Writes a value as JSON.
///
/// # Errors
/// In the words of Go's encoding/json.
pub(super) fn json(value: &Value, style: JsonStyle) -> Result<String, String> {
    let mut writer = JsonWriter::new(style);
    write(&mut writer, value, DEPTH)?;
    Ok(writer.finish())
}

fn write(writer: &mut JsonWriter, value: &Value, depth: usize) -> Result<(), String> {
    match value {
        Value::Nil => writer.word("null"),
        Value::Bool(value) => writer.word(if *value { "true" } else { "false" }),
        Value::Int(number) | Value::Int64(number) => writer.int(*number),
        Value::Uint8(number) => writer.int(i64::from(*number)),
        Value::Uint64(number) => writer.word(&number.to_string()),
        Value::Float(number) if number.is_finite() => writer.float(*number),
        Value::Float(number) => {
            let name = match number {
                number if number.is_nan() => "NaN",
                number if *number > 0.0 => "+Inf",
                _ => "-Inf",
            };
            return Err(format!("json: unsupported value: {name}"));
        }
        Value::Complex(..) => return Err("json: unsupported type: complex128".into()),
        Value::Str(text) => writer.bytes(text.as_bytes()),
        Value::Bytes(bytes) => writer.text(&data_encoding::BASE64.encode(bytes)),
        Value::List(list) if list.is_nil() => writer.word("null"),
        Value::Map(map) if map.is_nil() => writer.word("null"),
        Value::List(_) | Value::Map(_) => {
            let Some(depth) = depth.checked_sub(1) else {
                let name = value.type_name();
                return Err(format!("json: unsupported value: encountered a cycle via {name}"));
            };
            return stacker::maybe_grow(STACK.0, STACK.1, || nested(writer, value, depth));
        }
        Value::Native(native) => return write_native(writer, &**native),
    }
    Ok(())
}

/// Writes a list or map.
fn nested(writer: &mut JsonWriter, value: &Value, depth: usize) -> Result<(), String> {
    match value {
        Value::List(list) => {
            writer.open('[');
            for item in list.iter() {
                writer.next();
                write(writer, item, depth)?;
            }
            writer.close(']');
        }
        Value::Map(map) => {
            writer.open('{');
            for (key, value) in map.entries().iter() {
                writer.key(key);
                write(writer, value, depth)?;
            }
            writer.close('}');
        }
        _ => {}
    }
    Ok(())
}

fn write_native(writer: &mut JsonWriter, native: &dyn Native) -> Result<(), String> {
    let name = native.type_name();
    let data = native.to_data().ok_or_else(|| format!("json: unsupported type: {name}"))?;
    write_struct(writer, &data, fields_of(STRUCTS, name));
    Ok(())
}

fn fields_of(structs: &[(&str, &'static [&'static str])], name: &str) -> &'static [&'static str] {
    structs.iter().find(|(owner, _)| *owner == name).map_or(&[], |(_, fields)| fields)
}

/// Writes the fields of a struct in their order; as they are where none is known.
fn write_struct(writer: &mut JsonWriter, data: &Data, fields: &[&str]) {
    let (Data::Map(entries), false) = (data, fields.is_empty()) else {
        return writer.data(data);
    };
    writer.open('{');
    for field in fields {
        if let Some(value) = entries.get(*field) {
            writer.key(field);
            write_struct(writer, value, fields_of(INNER, field));
        }
    }
    writer.close('}');
}

//! Methods of values: those of Helm's `common.Values`, and those that natives bring.

use crate::render::functions::{FunctionError, Param};
use crate::render::value::{Map, MapType, Value};

/// Returns the parameters of a method, which goes before a key or field of its name.
pub(super) fn params(value: &Value, name: &str) -> Option<&'static [Param]> {
    match value {
        Value::Map(map) if map.map_type() == MapType::Values => of_values_params(name),
        Value::Native(native) => native.method(name),
        _ => None,
    }
}

/// Returns the parameters of a method of `common.Values`.
pub(super) fn of_values_params(name: &str) -> Option<&'static [Param]> {
    match name {
        "AsMap" | "YAML" => Some(&[]),
        "PathValue" | "Table" => Some(&[Param::String]),
        _ => None,
    }
}

/// Calls a method; none where there is no such method.
pub(super) fn call(
    value: &Value,
    name: &str,
    args: &[Value],
) -> Option<Result<Value, FunctionError>> {
    match value {
        Value::Map(map) => of_values(map, name, args),
        Value::Native(native) => native.call(name, args),
        _ => None,
    }
}

fn of_values(
    map: &std::rc::Rc<Map>,
    name: &str,
    args: &[Value],
) -> Option<Result<Value, FunctionError>> {
    Some(match (name, args) {
        ("AsMap", []) => Ok(Value::Map(std::rc::Rc::new(Map::view(map, MapType::Any)))),
        ("YAML", []) => match Value::Map(map.clone()).to_data() {
            Some(data) => Ok(Value::str(crate::yaml::to_yaml(&data).unwrap_or_default())),
            None => Err(FunctionError::new("the values cannot be written as YAML")),
        },
        ("Table", [Value::Str(path)]) => table(map, &path.to_str()),
        ("PathValue", [Value::Str(path)]) => path_value(map, &path.to_str()),
        _ => return None,
    })
}

fn table(map: &std::rc::Rc<Map>, path: &str) -> Result<Value, FunctionError> {
    let mut found = map.clone();
    for part in path.split('.') {
        let next = found.get(part);
        match next {
            Some(Value::Map(next)) => found = next,
            _ => {
                let quoted = super::super::quoted(part);
                return Err(FunctionError::new(format!("{quoted} is not a table")));
            }
        }
    }
    Ok(Value::Map(std::rc::Rc::new(Map::view(&found, MapType::Values))))
}

fn path_value(map: &std::rc::Rc<Map>, path: &str) -> Result<Value, FunctionError> {
    let missing = |key: &str| {
        let quoted = super::super::quoted(key);
        FunctionError::new(format!("{quoted} is not a value"))
    };
    let (folder, last) = path.rsplit_once('.').unwrap_or(("", path));
    let mut found = map.clone();
    for part in folder.split('.').filter(|part| !part.is_empty()) {
        let next = found.get(part);
        match next {
            Some(Value::Map(next)) => found = next,
            _ => return Err(missing(last)),
        }
    }
    match found.get(last) {
        Some(Value::Map(_)) | None => Err(missing(last)),
        Some(value) => Ok(value),
    }
}

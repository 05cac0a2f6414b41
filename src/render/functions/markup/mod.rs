//! YAML, JSON and TOML.

mod encode;

use std::rc::Rc;

use smol_str::SmolStr;

use super::args::{Answer, fixed, take_entries, take_values};
use super::{Context, Function, FunctionError, Param, weigh};
use crate::input::chart::decode::kind;
use crate::render::value::reflect::{Encoder, reflected};
use crate::render::value::{ElementType, List, Map, MapType, Value};
use crate::yaml::{self, Data, JsonStyle};
use encode::json;

pub(super) static TABLE: &[Function] = &[
    fixed("fromJson", TEXT, from_json),
    fixed("fromJsonArray", TEXT, from_json_array),
    fixed("fromToml", TEXT, from_toml),
    fixed("fromYaml", TEXT, from_yaml),
    fixed("fromYamlArray", TEXT, from_yaml_array),
    fixed("mustFromJson", TEXT, must_from_json),
    fixed("mustToJson", ANY, |context, args| must_write_json(context, args, JsonStyle::Compact)),
    fixed("mustToPrettyJson", ANY, |context, args| {
        must_write_json(context, args, JsonStyle::Pretty)
    }),
    fixed("mustToRawJson", ANY, |context, args| must_write_json(context, args, JsonStyle::Raw)),
    fixed("mustToYaml", ANY, must_to_yaml),
    fixed("toJson", ANY, |context, args| write_json(context, args, JsonStyle::Compact)),
    fixed("toPrettyJson", ANY, |context, args| write_json(context, args, JsonStyle::Pretty)),
    fixed("toRawJson", ANY, |context, args| must_write_json(context, args, JsonStyle::Raw)),
    fixed("toToml", ANY, to_toml),
    fixed("toYaml", ANY, to_yaml),
    fixed("toYamlPretty", ANY, to_yaml_pretty),
];

const ANY: &[Param] = &[Param::Any];
const TEXT: &[Param] = &[Param::String];

fn to_yaml(context: &mut Context<'_>, args: &[Value]) -> Answer {
    weigh(context, argument(args))?;
    let data = reflected(argument(args), Encoder::Json).ok();
    made(context, trimmed(data.and_then(|data| yaml::to_yaml(&data)).unwrap_or_default()))
}

fn must_to_yaml(context: &mut Context<'_>, args: &[Value]) -> Answer {
    weigh(context, argument(args))?;
    match reflected(argument(args), Encoder::Json) {
        Ok(data) => {
            let text = yaml::to_yaml_checked(&data);
            made(context, trimmed(text.map_err(|error| FunctionError::new(error.to_string()))?))
        }
        Err(reason) => {
            Err(FunctionError::new(format!("error marshaling into JSON: json: {reason}")))
        }
    }
}

fn to_yaml_pretty(context: &mut Context<'_>, args: &[Value]) -> Answer {
    weigh(context, argument(args))?;
    match reflected(argument(args), Encoder::Yaml) {
        Ok(data) => made(context, trimmed(yaml::to_yaml_pretty(&data).unwrap_or_default())),
        Err(reason) => Err(FunctionError::new(reason.to_string())),
    }
}

fn write_json(context: &mut Context<'_>, args: &[Value], style: JsonStyle) -> Answer {
    weigh(context, argument(args))?;
    made(context, json(argument(args), style).unwrap_or_default())
}

fn must_write_json(context: &mut Context<'_>, args: &[Value], style: JsonStyle) -> Answer {
    weigh(context, argument(args))?;
    made(context, json(argument(args), style).map_err(FunctionError::new)?)
}

fn to_toml(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let value = argument(args);
    if let Value::Nil = value {
        return Err(FunctionError::new("reflect: call of reflect.Value.Type on zero Value"));
    }
    weigh(context, value)?;
    let text = match reflected(value, Encoder::Toml) {
        Ok(data) => yaml::toml_write(&data).unwrap_or_else(|error| error.to_string()),
        Err(reason) => reason.to_string(),
    };
    made(context, text)
}

fn from_yaml(context: &mut Context<'_>, args: &[Value]) -> Answer {
    context.budget.parse_bytes(text(args).len())?;
    Ok(match yaml::read(&text(args)) {
        Ok(data @ Data::Map(_)) => given(context, &data)?,
        Ok(Data::Null) => map([]),
        Ok(data) => error_map(&yaml_mismatch(&data, MapType::Any.name())),
        Err(error) => error_map(&error.to_string()),
    })
}

fn from_yaml_array(context: &mut Context<'_>, args: &[Value]) -> Answer {
    context.budget.parse_bytes(text(args).len())?;
    Ok(match yaml::read(&text(args)) {
        Ok(data @ Data::Seq(_)) => given(context, &data)?,
        Ok(Data::Null) => Value::list(Vec::new()),
        Ok(data) => error_list(&yaml_mismatch(&data, ElementType::Any.slice_name())),
        Err(error) => error_list(&error.to_string()),
    })
}

fn from_json(context: &mut Context<'_>, args: &[Value]) -> Answer {
    context.budget.parse_bytes(text(args).len())?;
    Ok(match yaml::json_read_kept(&text(args)) {
        Ok((data @ Data::Map(_), kept)) => {
            let value = given(context, &data)?;
            if let (Some(error), Some(map)) = (kept, value.as_map()) {
                map.set("Error", Value::str(error.to_string()));
            }
            value
        }
        Ok((Data::Null, _)) => Value::Map(Rc::new(Map::nil(MapType::Any))),
        Ok((data, _)) => error_map(&mismatch(&data, MapType::Any.name())),
        Err(error) => error_map(&error.to_string()),
    })
}

fn from_json_array(context: &mut Context<'_>, args: &[Value]) -> Answer {
    context.budget.parse_bytes(text(args).len())?;
    Ok(match yaml::json_read_kept(&text(args)) {
        Ok((Data::Seq(_), Some(error))) => error_list(&error.to_string()),
        Ok((data @ Data::Seq(_), None)) => given(context, &data)?,
        Ok((Data::Null, None)) => Value::List(Rc::new(List::nil(ElementType::Any))),
        Ok((data, _)) => error_list(&mismatch(&data, ElementType::Any.slice_name())),
        Err(error) => error_list(&error.to_string()),
    })
}

fn must_from_json(context: &mut Context<'_>, args: &[Value]) -> Answer {
    context.budget.parse_bytes(text(args).len())?;
    let data = yaml::json_read(&text(args));
    given(context, &data.map_err(|error| FunctionError::new(error.to_string()))?)
}

fn from_toml(context: &mut Context<'_>, args: &[Value]) -> Answer {
    context.budget.parse_bytes(text(args).len())?;
    Ok(match yaml::toml_read(&text(args)) {
        Ok(data) => given(context, &data)?,
        Err(error) => error_map(&error.to_string()),
    })
}

fn argument(args: &[Value]) -> &Value {
    args.first().unwrap_or(&Value::Nil)
}

fn text(args: &[Value]) -> SmolStr {
    args.first().and_then(Value::as_text).map(|text| text.to_key()).unwrap_or_default()
}

/// Gives a value that was read, if the budget allows it.
fn given(context: &mut Context<'_>, data: &Data) -> Answer {
    take_data(context, data)?;
    Ok(Value::from(data))
}

/// Takes what a value will occupy off the budget.
fn take_data(context: &mut Context<'_>, data: &Data) -> Result<(), FunctionError> {
    match data {
        Data::Str(text) => context.budget.take_bytes(text.len() + size_of::<SmolStr>()),
        Data::Seq(items) => {
            take_values(context, items.len())?;
            items.iter().try_for_each(|item| take_data(context, item))
        }
        Data::Map(entries) => {
            take_entries(context, entries.len())?;
            entries.values().try_for_each(|item| take_data(context, item))
        }
        _ => Ok(()),
    }
}

/// Gives a text that was made, if the budget allows it.
fn made(context: &mut Context<'_>, text: String) -> Answer {
    context.budget.take_bytes(text.len())?;
    Ok(Value::str(text))
}

fn trimmed(mut text: String) -> String {
    if text.ends_with('\n') {
        text.pop();
    }
    text
}

fn map<const N: usize>(entries: [(SmolStr, Value); N]) -> Value {
    entries.into_iter().collect()
}

fn error_map(message: &str) -> Value {
    map([("Error".into(), Value::str(message))])
}

fn error_list(message: &str) -> Value {
    Value::list(vec![Value::str(message)])
}

/// Returns what Go says when JSON does not fit a type.
fn mismatch(data: &Data, wanted: &str) -> String {
    let found = kind(data);
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}

fn yaml_mismatch(data: &Data, wanted: &str) -> String {
    format!("error unmarshaling JSON: while decoding JSON: {}", mismatch(data, wanted))
}

#[cfg(test)]
mod tests;

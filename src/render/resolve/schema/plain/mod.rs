//! Schemas and values that plainly go together.
//!
//! The engine that judges schemas takes longer to start than most charts take to render. Nearly all
//! schemas of charts hold a few keywords alone, whose meaning is the same in all drafts from 7 on;
//! where such a schema is well formed and the values meet it, there is nothing for the engine to
//! say. Whatever is in doubt is left to it, and so is every error.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use crate::yaml::Data;

/// The drafts that give the keywords below one meaning.
const DRAFTS: [&str; 4] = [
    "json-schema.org/schema",
    "json-schema.org/draft-07/schema",
    "json-schema.org/draft/2019-09/schema",
    "json-schema.org/draft/2020-12/schema",
];

/// The draft that takes no notice of what stands beside a reference.
const LONE_REFERENCES: &str = "json-schema.org/draft-07/schema";

/// Keywords that are no business of this module.
const OTHERS: [&str; 25] = [
    "$anchor",
    "$dynamicAnchor",
    "$dynamicRef",
    "$recursiveAnchor",
    "$recursiveRef",
    "$schema",
    "$vocabulary",
    "additionalItems",
    "contains",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "format",
    "maxContains",
    "minContains",
    "multipleOf",
    "pattern",
    "patternProperties",
    "prefixItems",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// How many schemas are held against values before that is left to the engine.
const MOST_STEPS: usize = 200_000;

/// How deep schemas are followed.
const DEPTH: usize = 200;

/// Tells whether values plainly meet a schema; where they do not, or where that is not plain, the
/// engine has to look.
pub(super) fn meets(schema: &Json, values: &Data) -> bool {
    let Some(draft) = draft(schema) else { return false };
    if !is_plain(schema, Position::Root, 0) {
        return false;
    }
    let mut judge = Judge { root: schema, lone: draft == LONE_REFERENCES, steps: 0, depth: 0 };
    judge.holds(schema, values) == Some(true)
}

fn draft(schema: &Json) -> Option<&'static str> {
    let named = match schema.as_object()?.get("$schema") {
        None => "json-schema.org/draft/2020-12/schema",
        Some(named) => {
            let named = named.as_str()?;
            let named = named.strip_suffix('#').unwrap_or(named);
            named.strip_prefix("http://").or_else(|| named.strip_prefix("https://"))?
        }
    };
    DRAFTS.into_iter().find(|draft| *draft == named)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    Root,
    Inner,
}

/// Tells whether a schema is well formed and holds keywords of this module alone.
fn is_plain(schema: &Json, position: Position, depth: usize) -> bool {
    if depth > DEPTH {
        return false;
    }
    match schema {
        Json::Bool(_) => true,
        Json::Object(map) => {
            map.iter().all(|(keyword, value)| is_plain_keyword(keyword, value, position, depth))
        }
        _ => false,
    }
}

fn is_plain_keyword(keyword: &str, value: &Json, position: Position, depth: usize) -> bool {
    let inner = |schema: &Json| is_plain(schema, Position::Inner, depth + 1);
    match keyword {
        "$schema" => position == Position::Root,
        "$id" => position == Position::Root && value.as_str().is_some_and(is_plain_address),
        "$comment" | "description" | "title" => value.is_string(),
        "default" | "const" => true,
        "examples" => value.is_array(),
        "deprecated" | "readOnly" | "uniqueItems" | "writeOnly" => value.is_boolean(),
        "$ref" => value.as_str().is_some_and(is_plain_reference),
        "type" => match value {
            Json::String(name) => is_type(name),
            Json::Array(names) => {
                let texts: Option<Vec<&str>> = names.iter().map(Json::as_str).collect();
                texts.is_some_and(|it| is_set(&it) && it.iter().all(|name| is_type(name)))
            }
            _ => false,
        },
        "required" => value.as_array().is_some_and(|names| {
            let texts: Option<Vec<&str>> = names.iter().map(Json::as_str).collect();
            texts.is_some_and(|it| it.is_empty() || is_set(&it))
        }),
        "enum" => value.as_array().is_some_and(|values| is_list_of_scalars(values)),
        "$defs" | "definitions" | "properties" => {
            value.as_object().is_some_and(|map| map.values().all(inner))
        }
        "additionalProperties" | "else" | "if" | "not" | "then" => inner(value),
        "items" => value.is_object() && inner(value),
        "allOf" | "anyOf" | "oneOf" => {
            value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(inner))
        }
        "maxItems" | "maxLength" | "maxProperties" | "minItems" | "minLength" | "minProperties" => {
            value.is_u64()
        }
        "exclusiveMaximum" | "exclusiveMinimum" | "maximum" | "minimum" => value.is_number(),
        _ => !OTHERS.contains(&keyword),
    }
}

/// Tells whether an address is one that no reference of this module is changed by.
fn is_plain_address(address: &str) -> bool {
    let host = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    host.is_some_and(|host| {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'-');
        host.bytes().all(is_plain)
            && host.starts_with(|first: char| first.is_ascii_alphanumeric())
            && !host.starts_with("json-schema.org")
    })
}

/// Tells whether a reference leads to a definition of the schema itself.
fn is_plain_reference(reference: &str) -> bool {
    let name = reference
        .strip_prefix("#/definitions/")
        .or_else(|| reference.strip_prefix("#/$defs/"))
        .unwrap_or_default();
    !name.is_empty() && !name.contains(['/', '%', '~', '#'])
}

fn is_type(name: &str) -> bool {
    ["array", "boolean", "integer", "null", "number", "object", "string"].contains(&name)
}

/// Tells whether there are values, each once, that are no collections.
fn is_list_of_scalars(values: &[Json]) -> bool {
    let is_scalar = |value: &Json| match value {
        Json::Number(number) => number.is_i64(),
        value => !value.is_array() && !value.is_object(),
    };
    let written: BTreeSet<String> = values.iter().map(Json::to_string).collect();
    !values.is_empty() && values.iter().all(is_scalar) && written.len() == values.len()
}

/// Tells whether there are texts, each once.
fn is_set(texts: &[&str]) -> bool {
    let mut sorted = texts.to_vec();
    sorted.sort_unstable();
    !texts.is_empty() && sorted.windows(2).all(|pair| pair[0] != pair[1])
}

/// Holds plain schemas against values. What is in doubt is none.
struct Judge<'a> {
    root: &'a Json,
    /// Whether a reference stands alone, whatever is beside it.
    lone: bool,
    steps: usize,
    depth: usize,
}

impl<'a> Judge<'a> {
    fn holds(&mut self, schema: &'a Json, value: &Data) -> Option<bool> {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.depth > DEPTH {
            return None;
        }
        self.depth += 1;
        let verdict = self.judge(schema, value);
        self.depth -= 1;
        verdict
    }

    fn judge(&mut self, schema: &'a Json, value: &Data) -> Option<bool> {
        let map = match schema {
            Json::Bool(verdict) => return Some(*verdict),
            schema => schema.as_object()?,
        };
        if self.lone && map.contains_key("$ref") {
            return self.keyword(map, ("$ref", &map["$ref"]), value);
        }
        let mut all = Some(true);
        for (keyword, wanted) in map {
            match self.keyword(map, (keyword, wanted), value) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => all = None,
            }
        }
        all
    }

    fn keyword(
        &mut self,
        schema: &'a Map<String, Json>,
        (keyword, wanted): (&str, &'a Json),
        value: &Data,
    ) -> Option<bool> {
        match (keyword, value) {
            ("$ref", _) => {
                let target = self.root.pointer(wanted.as_str()?.strip_prefix('#')?)?;
                self.holds(target, value)
            }
            ("type", _) => match wanted {
                Json::Array(names) => {
                    any(names.iter().map(|name| is_of_type(value, name.as_str()?)))
                }
                name => is_of_type(value, name.as_str()?),
            },
            ("enum", _) => any(wanted.as_array()?.iter().map(|wanted| equals(wanted, value))),
            ("const", _) => equals(wanted, value),
            ("allOf", _) => {
                let list = wanted.as_array()?;
                all(list.iter().map(|schema| self.holds(schema, value)))
            }
            ("anyOf", _) => {
                let list = wanted.as_array()?;
                any(list.iter().map(|schema| self.holds(schema, value)))
            }
            ("oneOf", _) => {
                let list = wanted.as_array()?.iter();
                let verdicts: Option<Vec<bool>> =
                    list.map(|schema| self.holds(schema, value)).collect();
                Some(verdicts?.into_iter().filter(|holds| *holds).count() == 1)
            }
            ("not", _) => Some(!self.holds(wanted, value)?),
            ("if", _) => {
                let next = if self.holds(wanted, value)? { "then" } else { "else" };
                schema.get(next).map_or(Some(true), |schema| self.holds(schema, value))
            }
            ("properties", Data::Map(entries)) => {
                let known = wanted.as_object()?.iter();
                let there =
                    known.filter_map(|(key, schema)| Some((schema, entries.get(key.as_str())?)));
                all(there.map(|(schema, value)| self.holds(schema, value)))
            }
            ("additionalProperties", Data::Map(entries)) => {
                let known = schema.get("properties").and_then(Json::as_object);
                let is_other =
                    |key: &str| known.is_none_or(|properties| !properties.contains_key(key));
                let others = entries.iter().filter(|(key, _)| is_other(key));
                all(others.map(|(_, value)| self.holds(wanted, value)))
            }
            ("items", Data::Seq(items)) => all(items.iter().map(|item| self.holds(wanted, item))),
            _ => is_within(keyword, wanted, value),
        }
    }
}

/// Judges the keywords that hold no schemas.
fn is_within(keyword: &str, wanted: &Json, value: &Data) -> Option<bool> {
    let bound = |size: usize| Some(wanted.as_u64()?.cmp(&(size as u64)));
    match (keyword, value) {
        ("required", Data::Map(entries)) => {
            let names = wanted.as_array()?.iter().filter_map(Json::as_str);
            Some(names.into_iter().all(|name| entries.contains_key(name)))
        }
        ("minLength", Data::Str(text)) => Some(bound(text.chars().count())?.is_le()),
        ("maxLength", Data::Str(text)) => Some(bound(text.chars().count())?.is_ge()),
        ("minItems", Data::Seq(items)) => Some(bound(items.len())?.is_le()),
        ("maxItems", Data::Seq(items)) => Some(bound(items.len())?.is_ge()),
        ("minProperties", Data::Map(entries)) => Some(bound(entries.len())?.is_le()),
        ("maxProperties", Data::Map(entries)) => Some(bound(entries.len())?.is_ge()),
        ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", _) => {
            if !matches!(value, Data::Int(_) | Data::Float(_)) {
                return Some(true);
            }
            let (number, wanted) = (whole(value)?, exact(wanted.as_i64()?)?);
            Some(match keyword {
                "minimum" => number >= wanted,
                "maximum" => number <= wanted,
                "exclusiveMinimum" => number > wanted,
                _ => number < wanted,
            })
        }
        ("uniqueItems", Data::Seq(items)) if wanted == &Json::Bool(true) => {
            let texts = items.iter().map(|item| match item {
                Data::Str(text) => Some(text.as_str()),
                _ => None,
            });
            let texts: Vec<&str> = texts.collect::<Option<_>>()?;
            Some(texts.is_empty() || is_set(&texts))
        }
        _ => Some(true),
    }
}

/// Returns a whole number, in whichever form it is.
fn whole(value: &Data) -> Option<i64> {
    match value {
        Data::Int(number) => exact(*number),
        #[allow(clippy::cast_possible_truncation, reason = "it is whole and small")]
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            exact(*number as i64)
        }
        _ => None,
    }
}

/// Returns a number that every form of number holds exactly.
fn exact(number: i64) -> Option<i64> {
    (number.unsigned_abs() < 1 << 53).then_some(number)
}

fn is_of_type(value: &Data, name: &str) -> Option<bool> {
    Some(match value {
        Data::Null => name == "null",
        Data::Bool(_) => name == "boolean",
        Data::Int(_) => matches!(name, "integer" | "number"),
        Data::Float(_) if name == "integer" => return whole(value).map(|_| true),
        Data::Float(_) => name == "number",
        Data::Str(_) => name == "string",
        Data::Seq(_) => name == "array",
        Data::Map(_) => name == "object",
    })
}

fn equals(wanted: &Json, value: &Data) -> Option<bool> {
    Some(match (wanted, value) {
        (Json::Null, Data::Null) => true,
        (Json::Bool(wanted), Data::Bool(value)) => wanted == value,
        (Json::String(wanted), Data::Str(value)) => wanted.as_str() == value.as_str(),
        (Json::Number(wanted), Data::Int(_) | Data::Float(_)) => {
            exact(wanted.as_i64()?)? == whole(value)?
        }
        (Json::Array(_), Data::Seq(_)) | (Json::Object(_), Data::Map(_)) => return None,
        _ => false,
    })
}

fn all(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for verdict in verdicts {
        match verdict {
            Some(true) => {}
            Some(false) => return Some(false),
            None => all = None,
        }
    }
    all
}

fn any(verdicts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let not = |verdict: Option<bool>| verdict.map(|holds| !holds);
    not(all(verdicts.map(not)))
}

#[cfg(test)]
mod tests;

//! How much work a schema makes, found out before it is done.

use std::collections::HashMap;

use serde_json::Value as Json;

/// How many pairs of a schema and a value are checked at most; no real chart comes near.
const MOST_CHECKS: u64 = 2_000_000;

/// How many different pairs are counted before the schema is given up.
const MOST_PAIRS: usize = 500_000;

/// How deep schemas and values are followed.
const DEPTH: usize = 2_000;

/// How large a pattern may be once it is compiled.
const PATTERN_SIZE: usize = 4 * 1024 * 1024;

/// How many patterns a schema may hold: to compile one takes a third of a millisecond.
const MOST_PATTERNS: usize = 5_000;

/// Keywords whose schemas are checked against the very value that their own schema is.
const LISTS: [&str; 3] = ["allOf", "anyOf", "oneOf"];
const SINGLE: [&str; 4] = ["not", "if", "then", "else"];

/// Checks that a schema can be held against values in reasonable time.
///
/// # Errors
/// Where it cannot, as with references that double at each step.
pub(super) fn check(schema: &Json, values: &Json) -> Result<(), String> {
    let patterns = patterns(schema);
    if patterns.len() > MOST_PATTERNS {
        return Err(format!(
            "the schema holds more than {MOST_PATTERNS} patterns; --skip-schema-validation leaves \
             them out"
        ));
    }
    if let Some(pattern) = patterns.into_iter().find(|pattern| is_large(pattern)) {
        let start: String = pattern.chars().take(40).collect();
        return Err(format!("the pattern {start:?} is larger than rolecall allows"));
    }
    let mut count = Count { root: schema, known: HashMap::new() };
    match count.pair(schema, values, 0) {
        Some(checks) if checks <= MOST_CHECKS => Ok(()),
        _ => Err(format!(
            "the schema asks for more than {MOST_CHECKS} checks of the values; \
             --skip-schema-validation leaves them out"
        )),
    }
}

fn is_large(pattern: &str) -> bool {
    let built = regex::RegexBuilder::new(pattern).size_limit(PATTERN_SIZE).build();
    matches!(built, Err(regex::Error::CompiledTooBig(_)))
}

/// Returns the patterns that a schema holds.
fn patterns(schema: &Json) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        match schema {
            Json::Array(items) => open.extend(items),
            Json::Object(map) => {
                open.extend(map.values());
                let named = map.get("patternProperties").and_then(Json::as_object);
                found.extend(named.into_iter().flat_map(|map| map.keys().map(String::as_str)));
                found.extend(map.get("pattern").and_then(Json::as_str));
            }
            _ => {}
        }
    }
    found
}

/// Counts the checks that validation makes, each pair of schema and value once.
struct Count<'a> {
    root: &'a Json,
    /// The counts of pairs by their addresses; none for one that is being counted.
    known: HashMap<(usize, usize), Option<u64>>,
}

impl<'a> Count<'a> {
    /// Returns the number of checks; none where that cannot be told.
    fn pair(&mut self, schema: &'a Json, value: &Json, depth: usize) -> Option<u64> {
        let Json::Object(map) = schema else { return Some(1) };
        let key = (std::ptr::from_ref(schema) as usize, std::ptr::from_ref(value) as usize);
        if let Some(known) = self.known.get(&key) {
            // Validation finds a schema that leads to itself for the same value.
            return Some(known.unwrap_or(1));
        }
        if self.known.len() >= MOST_PAIRS || depth > DEPTH {
            return None;
        }
        self.known.insert(key, None);
        let mut sum = 1_u64;
        for inner in self.of_same(map) {
            let count =
                stacker::maybe_grow(1 << 16, 1 << 20, || self.pair(inner, value, depth + 1))?;
            sum = sum.saturating_add(count);
        }
        for (inner, value) in of_parts(map, value) {
            let count =
                stacker::maybe_grow(1 << 16, 1 << 20, || self.pair(inner, value, depth + 1))?;
            sum = sum.saturating_add(count);
        }
        self.known.insert(key, Some(sum));
        Some(sum)
    }

    /// Returns the schemas that are checked against the same value.
    fn of_same(&self, map: &'a serde_json::Map<String, Json>) -> Vec<&'a Json> {
        let lists = LISTS.iter().filter_map(|name| map.get(*name)?.as_array()).flatten();
        let single = SINGLE.iter().filter_map(|name| map.get(*name));
        let dependent = ["dependentSchemas", "dependencies"].into_iter();
        let dependent = dependent.filter_map(|name| map.get(name)?.as_object());
        let references = ["$ref", "$dynamicRef", "$recursiveRef"].into_iter();
        let references = references.filter_map(|name| map.get(name)?.as_str());
        let targets = references.filter_map(|text| self.root.pointer(&unescaped(text)));
        let dependent = dependent.flat_map(|map| map.values());
        lists.chain(single).chain(dependent).chain(targets).collect()
    }
}

/// Returns the schemas of the parts of a value.
fn of_parts<'a, 'v>(
    map: &'a serde_json::Map<String, Json>,
    value: &'v Json,
) -> Vec<(&'a Json, &'v Json)> {
    let mut pairs = Vec::new();
    let each = |name: &str| map.get(name);
    match value {
        Json::Object(entries) => {
            let properties = each("properties").and_then(Json::as_object);
            let patterns = each("patternProperties").and_then(Json::as_object);
            let all = ["additionalProperties", "unevaluatedProperties"];
            for (key, value) in entries {
                pairs.extend(properties.and_then(|map| map.get(key)).map(|it| (it, value)));
                pairs.extend(
                    patterns.into_iter().flat_map(|map| map.values()).map(|it| (it, value)),
                );
                pairs.extend(all.iter().filter_map(|name| each(name)).map(|it| (it, value)));
            }
        }
        Json::Array(items) => {
            let all = ["items", "additionalItems", "contains", "unevaluatedItems"];
            for (index, value) in items.iter().enumerate() {
                for schema in all.iter().filter_map(|name| each(name)) {
                    match schema {
                        Json::Array(list) => pairs.extend(list.get(index).map(|it| (it, value))),
                        schema => pairs.push((schema, value)),
                    }
                }
                let prefix = each("prefixItems").and_then(Json::as_array);
                pairs.extend(prefix.and_then(|list| list.get(index)).map(|it| (it, value)));
            }
        }
        _ => {}
    }
    pairs
}

/// Returns the JSON pointer of a reference within the schema; one that no value has for others.
fn unescaped(reference: &str) -> String {
    match reference.strip_prefix('#') {
        Some(pointer) => pointer.replace("%24", "$").replace("%25", "%"),
        None => "/\0".into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn references_that_double_are_found() {
        let schema = |levels: usize, keyword: &str| {
            let level = |index: usize| {
                let below = json!({ "$ref": format!("#/$defs/d{}", index - 1) });
                (format!("d{index}"), json!({ keyword: [below.clone(), below] }))
            };
            let mut defs: serde_json::Map<String, Json> = (1..=levels).map(level).collect();
            defs.insert("d0".into(), json!({ "type": "object" }));
            json!({ "$defs": defs, "$ref": format!("#/$defs/d{levels}") })
        };
        for keyword in LISTS {
            assert_eq!(check(&schema(10, keyword), &json!({})), Ok(()), "{keyword}");
            assert!(check(&schema(40, keyword), &json!({})).is_err(), "{keyword}");
        }
        let own = json!({ "properties": { "a": { "anyOf": [{ "$ref": "#" }, { "$ref": "#" }] } } });
        let deep = |levels: usize| (0..levels).fold(json!(1), |value, _| json!({ "a": value }));
        assert_eq!(check(&own, &deep(10)), Ok(()));
        assert!(check(&own, &deep(100)).is_err());
        assert_eq!(check(&json!({ "$ref": "#" }), &json!(1)), Ok(()));
    }

    #[test]
    fn many_patterns_are_found() {
        let schema = |count: usize| {
            let each = (0..count).map(|index| (format!("p{index}"), json!({ "pattern": "a" })));
            json!({ "properties": each.collect::<serde_json::Map<_, _>>() })
        };
        assert_eq!(check(&schema(10), &json!({})), Ok(()));
        let error = check(&schema(MOST_PATTERNS + 1), &json!({})).unwrap_err();
        assert!(error.starts_with("the schema holds more than 5000 patterns"), "{error}");
    }

    #[test]
    fn large_patterns_are_found() {
        let large = json!({ "properties": { "a": { "pattern": "((a{1000}){1000}){1000}" } } });
        assert!(check(&large, &json!({})).is_err());
        assert_eq!(check(&json!({ "pattern": "^(?=a)b{3}$" }), &json!("")), Ok(()));
    }
}

//! values.schema.json: whether values meet it, in the words of Helm's library.

mod effort;
mod formats;
mod lines;
mod loader;
mod plain;
mod places;
mod words;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use serde_json::Value as Json;

use self::loader::Loader;
use self::places::{Holder, Refused};
use super::tree::Node;
use crate::parallel;
use crate::source::Span;
use crate::yaml::{self, Data};

/// The address that Helm gives to a chart's schema.
const ADDRESS: &str = "file:///values.schema.json";

/// The values of a chart and the schema that they must meet.
pub(super) struct Check<'a> {
    name: String,
    schema: Arc<[u8]>,
    values: &'a Data,
    /// The files that may hold the values, the one that wins first.
    holders: Vec<Holder<'a>>,
}

/// What checking gave.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// What does not meet the schemas, chart by chart.
    pub(super) errors: String,
    /// Where what is wrong stands, and what is wrong there.
    pub(super) places: Vec<(Span, String)>,
    /// What Helm warns of.
    pub(super) warnings: Vec<String>,
}

/// Returns the checks of a chart and of the charts below it.
pub(super) fn checks<'a>(node: &Node<'a>, values: &'a Data) -> Vec<Check<'a>> {
    let mut checks = Vec::new();
    gather((node, values), Vec::new(), &mut checks);
    checks
}

fn gather<'a>(
    (node, values): (&Node<'a>, &'a Data),
    mut holders: Vec<Holder<'a>>,
    checks: &mut Vec<Check<'a>>,
) {
    let own = node.chart.values_file.as_ref();
    holders.extend(own.map(|file| Holder { file, path: Vec::new() }));
    if let Some(schema) = &node.chart.schema {
        let (name, schema) = (node.metadata.name.clone(), Arc::clone(schema));
        checks.push(Check { name, schema, values, holders: holders.clone() });
    }
    let Data::Map(map) = values else { return };
    for dependency in &node.dependencies {
        let name = &dependency.metadata.name;
        if let Some(values @ Data::Map(_)) = map.get(name.as_str()) {
            let mut holders = holders.clone();
            holders.iter_mut().for_each(|holder| holder.path.push(name.clone()));
            gather((dependency, values), holders, checks);
        }
    }
}

/// Carries out checks.
pub(super) fn run(checks: &[Check<'_>]) -> Outcome {
    let validated = parallel::map(checks.iter().collect(), parallel::MUCH, validate);
    let mut outcome = Outcome::default();
    for (check, (done, warnings)) in checks.iter().zip(validated) {
        outcome.warnings.extend(warnings);
        if let Err(error) = done {
            outcome.errors.push_str(&format!("{}:\n{}", check.name, error.text));
            outcome.places.extend(places::find(&error.refused, check.values, &check.holders));
        }
    }
    outcome
}

/// Why values are refused.
struct Refusal {
    /// In Helm's words.
    text: String,
    /// The values; none where the schema itself is wrong.
    refused: Vec<Refused>,
}

impl From<String> for Refusal {
    fn from(text: String) -> Self {
        Self { text, refused: Vec::new() }
    }
}

/// Carries out a check, and returns what Helm warns of too.
fn validate(check: &Check<'_>) -> (Result<(), Refusal>, Vec<String>) {
    let warnings = Rc::new(RefCell::new(Vec::new()));
    let done = validate_with(check, &warnings);
    (done, warnings.take())
}

fn validate_with(check: &Check<'_>, warnings: &Rc<RefCell<Vec<String>>>) -> Result<(), Refusal> {
    let schema = parse(&check.schema)?;
    if plain::meets(&schema, check.values) {
        return Ok(());
    }
    ask_engine(schema, check.values, warnings)
}

fn ask_engine(
    schema: Json,
    values: &Data,
    warnings: &Rc<RefCell<Vec<String>>>,
) -> Result<(), Refusal> {
    let values = to_json(values);
    effort::check(&schema, &values)?;
    let mut compiler = boon::Compiler::new();
    formats::FORMATS.into_iter().for_each(|format| compiler.register_format(format));
    compiler.use_loader(Box::new(Loader { warnings: Rc::clone(warnings) }));
    let mut schemas = boon::Schemas::new();
    compiler.add_resource(ADDRESS, schema).map_err(|error| words::of_compile_error(&error))?;
    let compiled = compiler.compile(ADDRESS, &mut schemas);
    let compiled = compiled.map_err(|error| words::of_compile_error(&error))?;
    let Err(error) = schemas.validate(&values, compiled) else { return Ok(()) };
    let text = lines::of_error(&error);
    if text.is_empty() {
        return Ok(());
    }
    let heading = format!("jsonschema validation failed with '{ADDRESS}#'\n");
    let text = format!("{}\n", text.strip_prefix(&heading).unwrap_or(&text));
    Err(Refusal { text, refused: places::refused(&error) })
}

/// Reads a schema; errors are those of Go's decoder of streams.
fn parse(schema: &[u8]) -> Result<Json, String> {
    let error = match serde_json::from_slice(schema) {
        Ok(schema) => return Ok(schema),
        Err(error) => error.to_string(),
    };
    let text = String::from_utf8_lossy(schema);
    if text.trim().is_empty() {
        return Err("EOF".into());
    }
    match yaml::json_read(&text).map_err(|error| error.to_string()) {
        Err(error) if error.contains("unexpected end of JSON input") => {
            Err("unexpected EOF".into())
        }
        Err(error) if error.contains("after top-level value") => {
            Err("invalid character after top-level value".into())
        }
        Err(error) => Err(error),
        Ok(_) => Err(error),
    }
}

fn to_json(data: &Data) -> Json {
    match data {
        Data::Null => Json::Null,
        Data::Bool(value) => Json::Bool(*value),
        Data::Int(number) => Json::from(*number),
        // What is whole compares as a whole number, as in Helm.
        Data::Float(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            Json::from(*number as i64)
        }
        Data::Float(number) => Json::from(*number),
        Data::Str(text) => Json::String(text.to_string()),
        Data::Seq(items) => Json::Array(items.iter().map(to_json).collect()),
        Data::Map(map) => {
            let pair =
                |(key, value): (&smol_str::SmolStr, &Data)| (key.to_string(), to_json(value));
            Json::Object(map.iter().map(pair).collect())
        }
    }
}

#[cfg(test)]
mod tests;

//! The words of santhosh-tekuri/jsonschema v6, which Helm prints.

use std::fmt::Write;

use boon::{CompileError, ErrorKind};
use serde_json::Value as Json;

use super::lines;
use crate::render::functions::{self, Budget, Context, Random, Run};
use crate::render::value::{self, Value};

/// Returns what is wrong with a schema.
pub(super) fn of_compile_error(error: &CompileError) -> String {
    match error {
        CompileError::ValidationError { url, src } => {
            let mark = if url.contains('#') { "" } else { "#" };
            format!("\"{url}{mark}\" is not valid against metaschema: {}", lines::of_error(src))
        }
        CompileError::LoadUrlError { url, src } => format!("failing loading {url:?}: {src}"),
        CompileError::JsonPointerNotFound(place) => {
            format!("json-pointer in {place:?} not found")
        }
        CompileError::AnchorNotFound { url, reference } => {
            format!("anchor in {reference:?} not found in schema {url:?}")
        }
        CompileError::ParseIdError { loc } => format!("error in parsing id at {loc:?}"),
        CompileError::DuplicateId { url, id, ptr1, ptr2 } => {
            format!("duplicate id {id:?} in {url:?} at {ptr1:?} and {ptr2:?}")
        }
        other => format!("{other:#}"),
    }
}

/// Returns what a failure is, without its place.
pub(super) fn of_kind(kind: &ErrorKind<'_, '_>) -> String {
    match kind {
        ErrorKind::Group | ErrorKind::Reference { .. } => "validation failed".into(),
        ErrorKind::Not => "'not' failed".into(),
        ErrorKind::AllOf => "'allOf' failed".into(),
        ErrorKind::AnyOf => "'anyOf' failed".into(),
        ErrorKind::OneOf(None) => "'oneOf' failed, none matched".into(),
        ErrorKind::OneOf(Some((one, other))) => {
            format!("'oneOf' failed, subschemas {one}, {other} matched")
        }
        ErrorKind::Type { got, want } => {
            let mut want: Vec<String> = want.iter().map(|it| it.to_string()).collect();
            want.sort();
            format!("got {got}, want {}", want.join(" or "))
        }
        ErrorKind::Enum { want } => match want.as_slice() {
            all if all.iter().any(|it| it.is_array() || it.is_object()) => "'enum' failed".into(),
            [one] => format!("value must be {}", display(one)),
            all => {
                let all: Vec<String> = all.iter().map(display).collect();
                format!("value must be one of {}", all.join(", "))
            }
        },
        ErrorKind::Const { want } if want.is_array() || want.is_object() => "'const' failed".into(),
        ErrorKind::Const { want } => format!("value must be {}", display(want)),
        ErrorKind::Format { got, want, err } => {
            let error = format_error(want, got.as_str().unwrap_or_default(), &err.to_string());
            format!("{} is not valid {want}: {error}", display(got))
        }
        ErrorKind::Pattern { got, want } => {
            format!("{} does not match pattern {}", quote(got), quote(want))
        }
        ErrorKind::RefCycle { url, kw_loc1, kw_loc2 } => {
            format!("both {kw_loc1} and {kw_loc2} resolve to {url:?} causing reference cycle")
        }
        other => of_sizes(other).unwrap_or_else(|| of_properties(other)),
    }
}

/// Returns what Go's library says of a value that is not of a format.
fn format_error(format: &str, value: &str, error: &str) -> String {
    match format {
        "regex" => bad_pattern(value).unwrap_or_else(|| error.into()),
        "ipv6" if !value.contains(':') => "missing colon".into(),
        "json-pointer" => error.replace("with slash", "with /"),
        "relative-json-pointer" => error.replace(
            "invalid json-pointer element: not starting with slash",
            "not starting with /",
        ),
        _ => error.into(),
    }
}

/// Returns what Go has against a regular expression.
fn bad_pattern(pattern: &str) -> Option<String> {
    call("mustRegexMatch", &[pattern.into(), "".into()])?.err()
}

/// Calls one of the functions that templates have; none where there is no such function.
pub(super) fn call(name: &str, args: &[Value]) -> Option<Result<Value, String>> {
    let Run::Plain(run) = functions::lookup(name)?.run else { return None };
    let mut random = Random { state: 0 };
    let mut budget = Budget::new(u64::MAX, u64::MAX);
    let mut context = Context { random: &mut random, now: 0, budget: &mut budget };
    Some(run(&mut context, args).map_err(|error| error.message))
}

fn of_sizes(kind: &ErrorKind<'_, '_>) -> Option<String> {
    let number = |number: &serde_json::Number| grouped(number.as_f64().unwrap_or(f64::NAN));
    let (name, got, want) = match kind {
        ErrorKind::MinProperties { got, want } => ("minProperties", count(*got), count(*want)),
        ErrorKind::MaxProperties { got, want } => ("maxProperties", count(*got), count(*want)),
        ErrorKind::MinItems { got, want } => ("minItems", count(*got), count(*want)),
        ErrorKind::MaxItems { got, want } => ("maxItems", count(*got), count(*want)),
        ErrorKind::MinLength { got, want } => ("minLength", count(*got), count(*want)),
        ErrorKind::MaxLength { got, want } => ("maxLength", count(*got), count(*want)),
        ErrorKind::Minimum { got, want } => ("minimum", number(got), number(want)),
        ErrorKind::Maximum { got, want } => ("maximum", number(got), number(want)),
        ErrorKind::ExclusiveMinimum { got, want } => {
            ("exclusiveMinimum", number(got), number(want))
        }
        ErrorKind::ExclusiveMaximum { got, want } => {
            ("exclusiveMaximum", number(got), number(want))
        }
        ErrorKind::MultipleOf { got, want } => ("multipleOf", number(got), number(want)),
        _ => return None,
    };
    Some(format!("{name}: got {got}, want {want}"))
}

fn of_properties(kind: &ErrorKind<'_, '_>) -> String {
    match kind {
        ErrorKind::Required { want } => match want.as_slice() {
            [one] => format!("missing property {}", quote(one)),
            all => format!("missing properties {}", quote_all(all)),
        },
        ErrorKind::Dependency { prop, missing }
        | ErrorKind::DependentRequired { prop, missing } => {
            format!("properties {} required, if {} exists", quote_all(missing), quote(prop))
        }
        ErrorKind::AdditionalProperties { got } => {
            let mut names: Vec<&str> = got.iter().map(AsRef::as_ref).collect();
            names.sort_unstable();
            format!("additional properties {} not allowed", quote_all(&names))
        }
        ErrorKind::PropertyName { prop } => format!("invalid propertyName {}", quote(prop)),
        ErrorKind::AdditionalItems { got } => {
            format!("last {} additionalItem(s) not allowed", count(*got))
        }
        ErrorKind::UniqueItems { got: [one, other] } => {
            format!("items at {} and {} are equal", count(*one), count(*other))
        }
        ErrorKind::MinContains { got, want } if got.is_empty() => format!(
            "min {} items required to match contains schema, but none matched",
            count(*want)
        ),
        ErrorKind::MinContains { got, want } => format!(
            "min {} items required to match contains schema, but {}",
            count(*want),
            matched(got)
        ),
        ErrorKind::MaxContains { got, want } => format!(
            "max {} items required to match contains schema, but {}",
            count(*want),
            matched(got)
        ),
        other => other.to_string(),
    }
}

fn matched(items: &[usize]) -> String {
    let places: Vec<String> = items.iter().map(usize::to_string).collect();
    format!("matched {} items at {}", count(items.len()), places.join(" "))
}

fn display(value: &Json) -> String {
    match value {
        Json::Null => "<nil>".into(),
        Json::String(text) => quote(text),
        Json::Array(_) | Json::Object(_) => "value".into(),
        other => other.to_string(),
    }
}

/// Quotes a text as the library does.
pub(super) fn quote(text: &str) -> String {
    let quoted = go_quote(text).replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{}'", &quoted[1..quoted.len() - 1])
}

/// Returns a text as Go's `%q` prints it.
pub(super) fn go_quote(text: &str) -> String {
    value::quote::quote(text.as_bytes(), value::quote::Shown::Printable)
}

fn quote_all(texts: &[&str]) -> String {
    texts.iter().map(|text| quote(text)).collect::<Vec<_>>().join(", ")
}

fn count(number: usize) -> String {
    group_digits(&number.to_string())
}

/// Prints a number as Go's English message printer does: `1,234.5`, `1.5×10⁰⁷`.
fn grouped(number: f64) -> String {
    let text = value::print::float(number);
    let Some((mantissa, exponent)) = text.split_once('e') else {
        let (sign, digits) = match text.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", text.as_str()),
        };
        let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
        return format!("{sign}{}{rest}", group_digits(whole));
    };
    let mut out = format!("{mantissa}×10");
    for character in exponent.chars() {
        let raised = match character {
            '-' => '⁻',
            '+' => continue,
            digit => {
                "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(digit.to_digit(10).unwrap_or(0) as usize).unwrap_or(digit)
            }
        };
        out.write_char(raised).expect("a String takes all");
    }
    out
}

fn group_digits(digits: &str) -> String {
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

//! The tree of what is wrong, as lines.

use boon::{ErrorKind, ValidationError};

use super::words;

type Failure<'a> = ValidationError<'a, 'a>;

/// Lists of schemas (`allOf`, …) that failed: where, and by which keyword.
type Lists = Vec<(String, &'static str)>;

/// Returns what is wrong as a tree of lines; empty where nothing of it is wrong in Helm.
pub(super) fn of_error(error: &ValidationError<'_, '_>) -> String {
    let mut out = String::new();
    if is_failure(error) {
        write(error, 0, &mut out);
    }
    out
}

/// Tells whether Helm takes it for a failure too: it computes multiples in decimal numbers.
fn is_failure(error: &ValidationError<'_, '_>) -> bool {
    match &error.kind {
        ErrorKind::MultipleOf { got, want } => !is_multiple(&got.to_string(), &want.to_string()),
        ErrorKind::AnyOf | ErrorKind::OneOf(_) => error.causes.iter().all(is_failure),
        _ => error.causes.is_empty() || error.causes.iter().any(is_failure),
    }
}

/// Tells whether a decimal number is a multiple of another.
fn is_multiple(number: &str, of: &str) -> bool {
    let scale = |text: &str| text.split_once('.').map_or(0, |(_, digits)| digits.len());
    let shared = scale(number).max(scale(of));
    let whole = |text: &str| -> Option<i128> {
        let zeros = "0".repeat(shared - scale(text));
        format!("{}{zeros}", text.replace('.', "")).parse().ok()
    };
    match (whole(number), whole(of)) {
        (Some(number), Some(of)) if of != 0 => number % of == 0,
        _ => false,
    }
}

fn write(error: &ValidationError<'_, '_>, indent: usize, out: &mut String) {
    let causes = ordered(error);
    let is_reference = matches!(error.kind, ErrorKind::Reference { .. });
    let is_group = matches!(error.kind, ErrorKind::Group);
    if causes.len() == 1 && (is_reference || is_group) {
        return write_causes(error, &causes, (indent, out));
    }
    let place = error.instance_location.to_string();
    match &error.kind {
        ErrorKind::Schema { url } => {
            let mark = if url.contains('#') { "" } else { "#" };
            line(indent, &format!("jsonschema validation failed with '{url}{mark}'"), out);
        }
        kind => line(indent, &at(&place, &words::of_kind(kind)), out),
    }
    write_causes(error, &causes, (indent + 1, out));
}

fn write_causes(
    error: &ValidationError<'_, '_>,
    causes: &[&ValidationError<'_, '_>],
    (indent, out): (usize, &mut String),
) {
    let all: Vec<Lists> = causes.iter().map(|cause| left_out(error, cause)).collect();
    if let [first, others @ ..] = all.as_slice()
        && !(first.is_empty() || others.is_empty() || is_list(error))
        && others.iter().all(|other| other == first)
    {
        // The causes are those of one schema in a list, and the list is left out between.
        let indent = write_lists(first, indent, out);
        line(indent, &at(&shared_place(causes), "validation failed"), out);
        return causes.iter().for_each(|cause| write(cause, indent + 1, out));
    }
    for (cause, lists) in causes.iter().zip(&all) {
        let indent = write_lists(lists, indent, out);
        write(cause, indent, out);
    }
}

/// Writes lists of schemas, each in the one before; returns how far what they hold is indented.
fn write_lists(lists: &Lists, indent: usize, out: &mut String) -> usize {
    for (depth, (place, keyword)) in lists.iter().enumerate() {
        let none = if *keyword == "oneOf" { ", none matched" } else { "" };
        line(indent + depth, &at(place, &format!("'{keyword}' failed{none}")), out);
    }
    indent + lists.len()
}

/// Returns the place that holds the places of all causes.
fn shared_place(causes: &[&ValidationError<'_, '_>]) -> String {
    let places: Vec<String> =
        causes.iter().map(|cause| cause.instance_location.to_string()).collect();
    let (first, others) = match places.split_first() {
        Some((first, others)) => (first.split('/'), others),
        None => return String::new(),
    };
    let shared = first.enumerate().take_while(|(depth, part)| {
        others.iter().all(|other| other.split('/').nth(*depth) == Some(*part))
    });
    shared.map(|(_, part)| part).collect::<Vec<_>>().join("/")
}

fn at(place: &str, what: &str) -> String {
    format!("at {}: {what}", words::quote(place))
}

fn line(indent: usize, text: &str, out: &mut String) {
    if indent > 0 {
        out.push('\n');
        out.push_str(&"  ".repeat(indent - 1));
        out.push_str("- ");
    }
    out.push_str(text);
}

/// Returns what led to a failure, in the order of its lines.
pub(super) fn ordered<'e>(error: &'e ValidationError<'_, '_>) -> Vec<&'e Failure<'e>> {
    let mut causes: Vec<&Failure<'_>> = error.causes.iter().filter(|it| is_failure(it)).collect();
    // Alternatives come in the order of the schema; everything else has no order in Helm either.
    if !is_list(error) {
        causes.sort_by_key(|cause| cause.instance_location.to_string());
    }
    causes
}

/// Tells whether the failure is a list of schemas that failed.
fn is_list(error: &ValidationError<'_, '_>) -> bool {
    matches!(error.kind, ErrorKind::AllOf | ErrorKind::AnyOf | ErrorKind::OneOf(_))
}

/// Returns the lists of schemas between a failure and its cause that failed in one schema
/// alone. Helm gives each a line of its own; here only the addresses of the schemas tell of them.
fn left_out(error: &ValidationError<'_, '_>, cause: &ValidationError<'_, '_>) -> Lists {
    let base = match &error.kind {
        ErrorKind::Reference { url, .. } => *url,
        _ => error.schema_url,
    };
    let Some(path) = cause.schema_url.strip_prefix(base) else { return Vec::new() };
    let place = cause.instance_location.to_string();
    let mut depth = error.instance_location.tokens.len();
    let mut found = Vec::new();
    let mut keys = path.trim_start_matches('#').split('/').skip(1).peekable();
    while let Some(key) = keys.next() {
        let list = ["allOf", "anyOf", "oneOf"].into_iter().find(|known| *known == key);
        match key {
            _ if list.is_some() => {
                keys.next();
                let before: Vec<&str> = place.split('/').take(depth + 1).collect();
                found.extend(list.map(|keyword| (before.join("/"), keyword)));
            }
            "properties" | "patternProperties" | "prefixItems" => {
                keys.next();
                depth += 1;
            }
            "items" => {
                keys.next_if(|key| key.bytes().all(|byte| byte.is_ascii_digit()));
                depth += 1;
            }
            "additionalProperties" | "additionalItems" | "contains" => depth += 1,
            "unevaluatedProperties" | "unevaluatedItems" => depth += 1,
            "dependentSchemas" | "dependencies" => {
                keys.next();
            }
            _ => {}
        }
    }
    // The failure may be such a list itself.
    if is_list(error) && !found.is_empty() {
        found.remove(0);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn multiples_are_decimal() {
        assert!(is_multiple("0.3", "0.1"));
        assert!(is_multiple("6", "1.5"));
        assert!(!is_multiple("0.35", "0.1"));
        assert!(!is_multiple("5", "3"));
    }
}

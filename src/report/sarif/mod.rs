//! SARIF 2.1.0, as code scanning reads it.

mod rules;

pub(super) use rules::page;

use serde_json::{Value, json};

use super::Report;
use super::json::ErrorEntry;
use super::view::{Entry, Spot, View, clean, package};
use crate::finding::Severity;
use crate::source::Region;

/// The most results that code scanning takes; findings come most harmful first.
const MOST_RESULTS: usize = 25_000;

/// The most places that are given beside the first one: code scanning shows a hundred.
const MOST_PLACES: usize = 100;

/// What relative paths start from.
const ROOT: &str = "%SRCROOT%";

/// Returns the report as one SARIF log that ends with a newline.
#[must_use]
pub fn lint(report: &Report<'_>, errors: &[ErrorEntry]) -> String {
    let view = View::of(report, errors);
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run(&view)],
    });
    let mut text = serde_json::to_string_pretty(&log).expect("a JSON value has a JSON form");
    text.push('\n');
    text
}

/// What is silenced is left out: code scanning opens alerts for results with `suppressions` too.
fn run(view: &View<'_>) -> Value {
    let results: Vec<Value> = view.entries.iter().take(MOST_RESULTS).map(result).collect();
    json!({
        "tool": {"driver": rules::driver()},
        "invocations": [{
            "executionSuccessful": view.errors.is_empty(),
            "toolExecutionNotifications": notifications(view),
        }],
        "originalUriBaseIds": {
            ROOT: {"description": {"text": "The folder that rolecall was run in."}},
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    })
}

/// Says which inputs could not be judged, what was assumed and what is left out.
fn notifications(view: &View<'_>) -> Vec<Value> {
    let failed = view.errors.iter().map(|error| {
        let mut notification = note("error", &error.message);
        if let Some(file) = &error.file {
            let mut place = json!({"artifactLocation": artifact(package(file).unwrap_or(file))});
            if let (Some(line), None) = (error.line, package(file)) {
                place["region"] = json!({"startLine": line});
            }
            notification["locations"] = json!([{"physicalLocation": place}]);
        }
        notification
    });
    let assumed = view.report.notes.iter().map(|words| note("note", words));
    let left = view.entries.len().saturating_sub(MOST_RESULTS);
    let left = (left > 0).then(|| {
        let words = format!("{left} more findings are left out, the least harmful ones");
        note("warning", &words)
    });
    failed.chain(assumed).chain(left).collect()
}

fn note(level: &str, words: &str) -> Value {
    json!({"level": level, "message": {"text": clean(words)}})
}

fn result(entry: &Entry<'_>) -> Value {
    let finding = entry.finding;
    let mut result = json!({
        "ruleId": finding.rule,
        "level": level(finding.severity),
        "message": {"text": message(entry)},
        "locations": [location(&entry.primary)],
        "partialFingerprints": {
            "primaryLocationLineHash": format!("{}:1", entry.fingerprint),
            "rolecall/v1": entry.fingerprint,
        },
        "properties": {
            "confidence": finding.confidence,
            "object": finding.object,
            "releases": finding.owners,
            "also": finding.also,
        },
    });
    if let Some(index) = rules::index(finding.rule) {
        result["ruleIndex"] = json!(index);
    }
    let related: Vec<Value> = others(entry).map(|(id, spot)| numbered(spot, id)).collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    if !entry.via.is_empty() {
        let chain = std::iter::once(&entry.primary).chain(entry.via.iter().take(MOST_PLACES));
        let steps: Vec<Value> = chain.map(|spot| json!({"location": told(spot)})).collect();
        result["codeFlows"] = json!([{
            "message": {"text": "From the template that is executed to the helper that writes it."},
            "threadFlows": [{"locations": steps}],
        }]);
    }
    result
}

/// Returns the other places, then the chain of helpers, each with its number.
fn others<'a>(entry: &'a Entry<'_>) -> impl Iterator<Item = (usize, &'a Spot)> {
    let places = entry.related.iter().chain(&entry.via).take(MOST_PLACES);
    places.enumerate().map(|(at, spot)| (at + 1, spot))
}

/// Returns the message, the help, and links to the other places by their numbers.
fn message(entry: &Entry<'_>) -> String {
    // Brackets before a parenthesis would be read as a link.
    let mut text = entry.words().replace("](", "\\](");
    for (id, spot) in others(entry) {
        let words = format!("{}: {}", spot.place(), spot.words).replace('\\', "\\\\");
        let words = words.replace('[', "\\[").replace(']', "\\]");
        text.push_str(&format!("\n[{words}]({id})"));
    }
    if let Some(member) = package(&entry.primary.file).map(|_| entry.primary.place()) {
        text.push_str(&format!("\nin the package: {member}"));
    }
    text
}

pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn numbered(spot: &Spot, id: usize) -> Value {
    let mut location = told(spot);
    location["id"] = json!(id);
    location
}

fn told(spot: &Spot) -> Value {
    let mut location = location(spot);
    if !spot.words.is_empty() {
        location["message"] = json!({"text": spot.words.replace("](", "\\](")});
    }
    location
}

fn location(spot: &Spot) -> Value {
    let (path, region) = spot.stored();
    let mut place = json!({"artifactLocation": artifact(path)});
    if let Some(Region { line, column, end_line, end_column }) = region {
        place["region"] = json!({
            "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column,
        });
    }
    json!({"physicalLocation": place})
}

/// Names a file by a URI; only a path below the folder is relative to it.
fn artifact(path: &str) -> Value {
    match path {
        path if path.starts_with('/') => json!({"uri": format!("file://{}", uri(path))}),
        path if path.starts_with("../") => json!({"uri": uri(path)}),
        path => json!({"uri": uri(path), "uriBaseId": ROOT}),
    }
}

/// Returns a path as a URI reference: what is not unreserved is percent-encoded, byte by byte.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into());
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        let table = [
            ("charts/a b/t.yaml", "charts/a%20b/t.yaml", true),
            ("<stdin>", "%3Cstdin%3E", true),
            ("builtin:x/é.j2", "builtin%3Ax/%C3%A9.j2", true),
            ("../a%0A.yaml", "../a%250A.yaml", false),
            ("/a.yaml", "file:///a.yaml", false),
        ];
        for (path, expected, is_below) in table {
            let artifact = artifact(path);
            assert_eq!(artifact["uri"], expected, "{path}");
            assert_eq!(artifact["uriBaseId"].is_string(), is_below, "{path}");
        }
    }
}

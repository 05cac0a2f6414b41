//! Documents that cannot be read, led back to what wrote them.

use std::fmt::Write;

use crate::render::{Error, Frame};
use crate::source::TrailPart;
use crate::yaml;

/// How many lines of a document are shown before the one that is wrong.
const LINES_BEFORE: usize = 2;

/// The most characters that are shown of a line.
const WIDEST: usize = 160;

/// Builds Helm's error about a document of the file `name`, with the places in the templates that
/// wrote what is wrong.
pub(super) fn unread(name: &str, (text, trail): (&str, &TrailPart), reason: String) -> Error {
    let mut error = Error::new(format!("YAML parse error on {name}: {reason}"));
    error.reason = reason;
    let Some(wrong) = yaml::parse_all(text)
        .and_then(|roots| roots.iter().try_for_each(|root| yaml::to_data(root).map(drop)))
        .err()
    else {
        return error;
    };
    let at = u32::try_from(wrong.offset().min(text.len().saturating_sub(1))).unwrap_or(u32::MAX);
    if let Some(origin) = trail.origin(at..at.saturating_add(1)) {
        let places = std::iter::once(origin.template).chain(origin.via);
        let frame = |span| Frame { template: name.to_owned(), span: Some(span) };
        error.frames = places.map(frame).collect();
    }
    error.reason = wrong.to_string();
    error.help = rendered(text, wrong.offset());
    error
}

/// Shows the line that is wrong and those before it; none where it may hold a secret.
fn rendered(text: &str, offset: usize) -> Option<String> {
    let may_be_secret =
        |line: &str| line.trim_start().starts_with("kind:") && line.contains("Secret");
    if text.lines().any(may_be_secret) {
        return None;
    }
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let wrong = before.iter().filter(|byte| **byte == b'\n').count();
    let first = wrong.saturating_sub(LINES_BEFORE);
    let width = (wrong + 1).to_string().len();
    let mut shown = String::from("this is what it renders to:");
    for (index, line) in text.lines().enumerate().take(wrong + 1).skip(first) {
        let line: String = line.chars().take(WIDEST).collect();
        write!(shown, "\n{:>width$} | {line}", index + 1).expect("writing to a string succeeds");
    }
    Some(shown)
}

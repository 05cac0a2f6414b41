//! What becomes of a text whose JSON is read as YAML.

use std::borrow::Cow;
use std::fmt;

/// How deep go-yaml follows lists and maps.
pub(super) const DEPTH: usize = 10_000;

/// The longest key, quotes and escapes counted, that a YAML reader finds the colon of.
const KEY: usize = 1024;

/// Why go-yaml refuses the JSON of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// A character that YAML does not allow.
    Control,
    /// More lists and maps within each other than go-yaml follows.
    Depth,
    /// A key that is too long or takes several lines, with the number of its line breaks.
    Key(usize),
    /// A line that begins as the end of a document does, with the line breaks before it.
    Document(usize),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("yaml: ")?;
        match self {
            Self::Control => f.write_str("control characters are not allowed"),
            Self::Key(0) => f.write_str("did not find expected ',' or '}'"),
            Self::Key(line) => write!(f, "line {line}: did not find expected ',' or '}}'"),
            Self::Document(breaks) => {
                write!(f, "line {}: found unexpected document indicator", breaks + 1)
            }
            Self::Depth => write!(f, "exceeded max depth of {DEPTH}"),
        }
    }
}

/// Returns a text as it comes back.
pub(super) fn value(text: &str) -> Result<Cow<'_, str>, Refusal> {
    if text.bytes().all(|byte| byte < 0x7F) {
        return Ok(Cow::Borrowed(text));
    }
    if text.chars().any(is_refused) {
        return Err(Refusal::Control);
    }
    if text.contains(NEXT_LINE) { folded(text).map(Cow::Owned) } else { Ok(Cow::Borrowed(text)) }
}

/// Checks a key, which comes back as it is or not at all.
pub(super) fn key(text: &str) -> Result<(), Refusal> {
    if text.len() <= 128 && text.bytes().all(|byte| byte < 0x7F) {
        return Ok(());
    }
    if text.chars().any(is_refused) {
        return Err(Refusal::Control);
    }
    let quotes = 2;
    let length = text.chars().map(escaped).sum::<usize>() + quotes;
    let breaks = text.matches(NEXT_LINE).count();
    if length > KEY || breaks > 0 { Err(Refusal::Key(breaks)) } else { Ok(()) }
}

/// The line break of YAML that JSON does not escape.
const NEXT_LINE: char = '\u{85}';

fn is_refused(character: char) -> bool {
    matches!(
        character,
        '\u{7F}' | '\u{80}'..='\u{84}' | '\u{86}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}'
    )
}

/// Returns how many characters JSON takes for one.
fn escaped(character: char) -> usize {
    match character {
        '"' | '\\' | '\u{8}' | '\u{C}' | '\n' | '\r' | '\t' => 2,
        '\0'..='\u{1F}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    }
}

/// Folds line breaks: one to a blank, more to newlines, the blanks around them dropped.
fn folded(text: &str) -> Result<String, Refusal> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(NEXT_LINE) {
        out.push_str(rest[..at].trim_end_matches(' '));
        let after = rest[at..].trim_start_matches([' ', NEXT_LINE]);
        let gap = &rest[at..rest.len() - after.len()];
        match gap.matches(NEXT_LINE).count() {
            1 => out.push(' '),
            breaks => out.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
        let marker = after.starts_with("---") || after.starts_with("...");
        if gap.ends_with(NEXT_LINE) && marker && after[3..].starts_with([' ', NEXT_LINE]) {
            let before = text.len() - after.len();
            return Err(Refusal::Document(text[..before].matches(NEXT_LINE).count()));
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

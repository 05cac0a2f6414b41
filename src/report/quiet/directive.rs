//! The words of a comment that silences findings: `rolecall: ignore[rule-a, rule-b] reason until: DATE`.

use std::ops::Range;

use jiff::civil::Date;

use crate::input::{day, nearest};

/// What every such comment begins with.
pub(super) const MARK: &str = "rolecall";

/// What is written by those who mean to silence something.
const VERBS: [&str; 5] = ["ignore", "disable", "noqa", "off", "skip"];

/// What a comment asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    /// The names in brackets, and where they stand.
    pub(super) rules: Vec<(String, Range<usize>)>,
    /// Why.
    pub(super) reason: String,
    /// The last day on which it counts; the text where it is none.
    pub(super) until: Option<Result<Date, Range<usize>>>,
}

/// Reads what a comment of a text says; none where it says nothing to this program.
///
/// # Errors
/// In words what is wrong with it.
pub(super) fn read(text: &str, words: Range<usize>) -> Option<Result<Directive, String>> {
    let said = text.get(words.clone())?;
    let at = begin(said)?;
    let rest = said[at + MARK.len()..].trim_start();
    let (rest, has_colon) = match rest.strip_prefix(':') {
        Some(rest) => (rest.trim_start(), true),
        None => (rest, false),
    };
    let end = rest.find(|it: char| !it.is_ascii_alphabetic()).unwrap_or(rest.len());
    let (verb, rest) = rest.split_at(end);
    // Prose may begin with the program's name too.
    let is_meant = rest.starts_with('[') || (has_colon && nearest(verb, &VERBS).is_some());
    match verb {
        _ if !is_meant => None,
        "ignore" if has_colon => Some(directive(text, words.end - rest.len()..words.end)),
        "ignore" => Some(Err("a `:` is missing behind `rolecall`".into())),
        verb => Some(Err(format!("`rolecall: {verb}` means nothing"))),
    }
}

/// Returns where the mark stands: at the beginning, or behind what is for another program.
fn begin(said: &str) -> Option<usize> {
    if said.starts_with(MARK) {
        return Some(0);
    }
    let other = said.find(&format!("# {MARK}"))?;
    Some(other + 2)
}

/// Reads what stands behind `ignore`.
fn directive(text: &str, range: Range<usize>) -> Result<Directive, String> {
    let rest = &text[range.clone()];
    let inner = rest.trim_start();
    let Some(inner) = inner.strip_prefix('[') else {
        return Err("it names no rule".into());
    };
    let Some((names, reason)) = inner.split_once(']') else {
        return Err("a `]` is missing behind the rules".into());
    };
    let mut at = range.end - inner.len();
    let mut rules = Vec::new();
    for name in names.split(',') {
        let start = at + (name.len() - name.trim_start().len());
        let trimmed = name.trim();
        at += name.len() + 1;
        if !trimmed.is_empty() {
            rules.push((trimmed.to_owned(), start..start + trimmed.len()));
        }
    }
    if rules.is_empty() {
        return Err("it names no rule".into());
    }
    let (reason, until) = until(reason, range.end - reason.len());
    Ok(Directive { rules, reason, until })
}

/// Takes the last day out of a reason that begins at an offset.
fn until(reason: &str, offset: usize) -> (String, Option<Result<Date, Range<usize>>>) {
    const KEY: &str = "until:";
    let is_begin = |at: usize| reason[..at].chars().next_back().is_none_or(char::is_whitespace);
    let Some((at, _)) = reason.rmatch_indices(KEY).find(|(at, _)| is_begin(*at)) else {
        return (words(reason), None);
    };
    let behind = reason[at + KEY.len()..].trim_start();
    let start = reason.len() - behind.len();
    let end = behind.find(|it: char| it.is_whitespace() || ",;".contains(it));
    let (date, rest) = behind.split_at(end.unwrap_or(behind.len()));
    let left = format!("{} {}", &reason[..at], rest.trim_start_matches([',', ';']));
    let place = match date {
        "" => offset + at..offset + at + KEY.len(),
        _ => offset + start..offset + start + date.len(),
    };
    (words(&left), Some(day(date).ok_or(place)))
}

/// Returns a text on one line.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_comment_says_is_read() {
        let date = |text| Some(Ok(day(text).expect("it is a day")));
        let table = [
            ("rolecall: ignore[a] why", vec!["a"], "why", None),
            ("rolecall:ignore [a,b , c]", vec!["a", "b", "c"], "", None),
            ("rolecall: ignore[a] why until: 2027-01-31", vec!["a"], "why", date("2027-01-31")),
            ("rolecall: ignore[a] until: 2027-01-31, why", vec!["a"], "why", date("2027-01-31")),
            ("rolecall: ignore[a] until:2027-01-31 why", vec!["a"], "why", date("2027-01-31")),
            ("rolecall: ignore[a] why until:", vec!["a"], "why", Some(Err(24..30))),
            ("rolecall: ignore[a] why until: 2027-02-30", vec!["a"], "why", Some(Err(31..41))),
            ("lint: off # rolecall: ignore[a] two\n  lines", vec!["a"], "two lines", None),
        ];
        for (text, rules, reason, until) in table {
            let found = read(text, 0..text.len()).expect("it is meant").expect("it is right");
            let names: Vec<&str> = found.rules.iter().map(|(_, at)| &text[at.clone()]).collect();
            assert_eq!(
                (names, found.reason.as_str(), found.until),
                (rules, reason, until),
                "{text}"
            );
        }
    }

    #[test]
    fn mistakes_are_told_from_what_is_not_meant() {
        let table = [
            ("rolecall: ignore", "it names no rule"),
            ("rolecall: ignore because", "it names no rule"),
            ("rolecall: ignore[]", "it names no rule"),
            ("rolecall: ignore[a", "a `]` is missing"),
            ("rolecall ignore[a]", "a `:` is missing"),
            ("rolecall: disable[a]", "`rolecall: disable` means nothing"),
            ("rolecall: ignroe[a] x", "`rolecall: ignroe` means nothing"),
            ("rolecall: off", "`rolecall: off` means nothing"),
        ];
        for (text, expected) in table {
            let error = read(text, 0..text.len()).expect("it is meant").expect_err("it is wrong");
            assert!(error.starts_with(expected), "{text}: {error}");
        }
        for text in [
            "rolecall finds it",
            "rolecalls: ignore[a]",
            "see rolecall: ignore[a]",
            "rolecall: it finds",
            "rolecall:",
            "",
        ] {
            assert_eq!(read(text, 0..text.len()), None, "{text}");
        }
    }
}

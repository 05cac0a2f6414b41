//! Compiled patterns, and Go's loops over their matches.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use regex::bytes::{Captures, Regex, RegexBuilder};

use super::syntax::{self, Translated};
use crate::render::functions::{Budget, Failure, FunctionError};

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
    /// The names of the groups, some empty; group 0 is the whole.
    names: Vec<String>,
    /// Whether the pattern is the empty text.
    is_empty: bool,
    /// How much slower than a simple pattern it may be.
    pub(super) cost: usize,
}

/// How much a pattern may take once it is compiled.
const SIZE_LIMIT: usize = 16 << 20;
/// How much a simple pattern takes.
const SIMPLE: usize = 256 << 10;
/// How much slower than a simple pattern another one may be.
const COST: usize = 64;
/// What the patterns that a thread keeps may cost together.
const KEPT: usize = 128;
/// How long a pattern may be: its parsed form takes a hundred times as much.
const LONGEST: usize = 256 << 10;

type Compiled = Result<Rc<Pattern>, FunctionError>;

thread_local! {
    static CACHE: RefCell<HashMap<Box<[u8]>, Compiled>> = RefCell::default();
}

impl Pattern {
    /// Compiles a pattern, or finds it among those compiled before.
    ///
    /// # Errors
    /// In Go's words, or when the pattern is too large.
    pub(super) fn compile(pattern: &[u8]) -> Compiled {
        if pattern.len() > LONGEST {
            return Err(too_large());
        }
        if let Some(found) = CACHE.with_borrow(|cache| cache.get(pattern).cloned()) {
            return found;
        }
        let compiled = compile(pattern).map(Rc::new);
        CACHE.with_borrow_mut(|cache| {
            let cost = |kept: &Compiled| kept.as_ref().map_or(1, |pattern| pattern.cost);
            if cache.values().map(cost).sum::<usize>() + cost(&compiled) > KEPT {
                cache.clear();
            }
            cache.insert(pattern.into(), compiled.clone());
        });
        compiled
    }

    /// Tells whether the pattern matches somewhere.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        self.find_at(text, 0).is_some()
    }

    /// Finds the first match that starts at `from` or later.
    pub(super) fn find_at(&self, text: &[u8], from: usize) -> Option<Range<usize>> {
        let mut from = from;
        loop {
            let found = self.regex.find_at(text, from)?.range();
            if is_boundary(text, found.start) {
                return Some(found);
            }
            from = found.start + 1;
        }
    }

    /// Finds at most `limit` matches; an empty one right after another does not count.
    ///
    /// # Errors
    /// When the budget does not suffice.
    pub(super) fn find_all(
        &self,
        text: &[u8],
        limit: Option<usize>,
        budget: &mut Budget,
    ) -> Result<Vec<Range<usize>>, FunctionError> {
        let limit = limit.unwrap_or(usize::MAX);
        let mut found = Vec::new();
        let (mut at, mut last_end) = (0, None);
        while found.len() < limit && at <= text.len() {
            search(text, at, budget)?;
            let Some(next) = self.find_at(text, at) else { break };
            let is_adjacent = next.end == at && last_end == Some(next.start);
            at = if next.end == at { at + width(text, at).max(1) } else { next.end };
            last_end = Some(next.end);
            if !is_adjacent {
                found.push(next);
            }
        }
        Ok(found)
    }

    /// Cuts a text at the matches, into at most `limit` parts.
    ///
    /// # Errors
    /// When the budget does not suffice.
    pub(super) fn split<'t>(
        &self,
        text: &'t [u8],
        limit: Option<usize>,
        budget: &mut Budget,
    ) -> Result<Vec<&'t [u8]>, FunctionError> {
        if text.is_empty() && !self.is_empty {
            return Ok(vec![text]);
        }
        let mut parts = Vec::new();
        let (mut begin, mut end) = (0, 0);
        for found in self.find_all(text, limit, budget)? {
            if limit.is_some_and(|limit| parts.len() + 1 == limit) {
                break;
            }
            end = found.start;
            if found.end != 0 {
                parts.push(&text[begin..end]);
            }
            begin = found.end;
        }
        if end != text.len() {
            parts.push(&text[begin..]);
        }
        Ok(parts)
    }

    /// Replaces all matches.
    ///
    /// # Errors
    /// When the budget does not suffice.
    pub(super) fn replace_all(
        &self,
        text: &[u8],
        replacement: &Replacement<'_>,
        budget: &mut Budget,
    ) -> Result<Vec<u8>, FunctionError> {
        let mut out = Vec::new();
        let (mut at, mut last_end) = (0, 0);
        while at <= text.len() {
            search(text, at, budget)?;
            let Some(groups) = self.captures_at(text, at) else { break };
            let found = groups.get(0).map(|whole| whole.range()).unwrap_or_default();
            out.extend_from_slice(&text[last_end..found.start]);
            if found.end > last_end || found.start == 0 {
                let before = out.len();
                replacement.push(self, &groups, &mut out);
                budget.take_bytes(out.len() - before)?;
            }
            last_end = found.end;
            let next = at + width(text, at);
            at = if next > found.end {
                next
            } else if at + 1 > found.end {
                at + 1
            } else {
                found.end
            };
        }
        out.extend_from_slice(&text[last_end..]);
        budget.take_bytes(text.len())?;
        Ok(out)
    }

    fn captures_at<'t>(&self, text: &'t [u8], from: usize) -> Option<Captures<'t>> {
        let start = self.find_at(text, from)?.start;
        // A search from the start of a match finds that very match.
        self.regex.captures_at(text, start)
    }
}

fn compile(pattern: &[u8]) -> Result<Pattern, FunctionError> {
    let text = std::str::from_utf8(pattern).map_err(|error| {
        let rest = String::from_utf8_lossy(&pattern[error.valid_up_to()..]);
        FunctionError::new(syntax::error("invalid UTF-8", &rest))
    })?;
    let Translated { pattern, names } = syntax::translate(text).map_err(FunctionError::new)?;
    let within =
        |size: usize| RegexBuilder::new(&pattern).size_limit(size).nest_limit(8_000).build();
    let (regex, cost) = match within(SIMPLE) {
        Ok(regex) => (Ok(regex), 1),
        Err(_) => (within(SIZE_LIMIT), COST),
    };
    let regex = regex.map_err(|_| too_large())?;
    Ok(Pattern { regex, names, is_empty: text.is_empty(), cost })
}

fn too_large() -> FunctionError {
    FunctionError {
        message: "the regular expression is larger than rolecall allows".into(),
        kind: Failure::Limit,
    }
}

/// Charges one of many searches in a text, which may each read it to its end.
fn search(text: &[u8], from: usize, budget: &mut Budget) -> Result<(), FunctionError> {
    /// From how many bytes on a search takes longer than a look at the timer.
    const LONG: usize = 4096;
    budget.take_steps(4)?;
    if text.len() - from > LONG { budget.look() } else { Ok(()) }
}

/// What matches are replaced with.
pub(super) enum Replacement<'a> {
    /// This text.
    Literal(&'a [u8]),
    /// This text with `$1`, `${name}` and `$$` filled in.
    Template(&'a [u8]),
}

impl Replacement<'_> {
    fn push(&self, pattern: &Pattern, groups: &Captures<'_>, out: &mut Vec<u8>) {
        let mut template = match self {
            Self::Literal(text) => return out.extend_from_slice(text),
            Self::Template(template) => *template,
        };
        while let Some(dollar) = template.iter().position(|byte| *byte == b'$') {
            out.extend_from_slice(&template[..dollar]);
            template = &template[dollar + 1..];
            if let Some(rest) = template.strip_prefix(b"$") {
                out.push(b'$');
                template = rest;
            } else if let Some((name, rest)) = group_name(template) {
                let group = group_number(name, pattern, groups).and_then(|n| groups.get(n));
                out.extend_from_slice(group.map_or(&[], |group| group.as_bytes()));
                template = rest;
            } else {
                out.push(b'$');
            }
        }
        out.extend_from_slice(template);
    }
}

/// Reads `1`, `name`, `{name}`.
fn group_name(template: &[u8]) -> Option<(&str, &[u8])> {
    let (braced, inner) = match template.strip_prefix(b"{") {
        Some(inner) => (true, inner),
        None => (false, template),
    };
    let is_part = |byte: &u8| *byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii();
    let length = inner.iter().take_while(|byte| is_part(byte)).count();
    let valid = inner[..length].utf8_chunks().next()?.valid();
    let is_name = |c: char| c == '_' || c.is_alphabetic() || c.is_ascii_digit();
    let end = valid.find(|c| !is_name(c)).unwrap_or(valid.len());
    let (name, rest) = (&valid[..end], &inner[end..]);
    let rest = if braced { rest.strip_prefix(b"}")? } else { rest };
    (!name.is_empty()).then_some((name, rest))
}

fn group_number(name: &str, pattern: &Pattern, groups: &Captures<'_>) -> Option<usize> {
    let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && name.len() < 9 && (name.len() == 1 || !name.starts_with('0')) {
        return name.parse().ok();
    }
    let numbered = pattern.names.iter().enumerate();
    numbered
        .filter(|(number, known)| *known == name && groups.get(*number).is_some())
        .map(|(number, _)| number)
        .next()
}

/// Returns how many bytes the character at `at` has; a byte that belongs to none counts alone.
fn width(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    match rest[..rest.len().min(4)].utf8_chunks().next() {
        Some(chunk) => chunk.valid().chars().next().map_or(1, char::len_utf8),
        None => 0,
    }
}

/// Tells whether no character lies across `at`; only `\B` matches there.
fn is_boundary(text: &[u8], at: usize) -> bool {
    let is_inner = |at: usize| text.get(at).is_some_and(|byte| (0x80..0xc0).contains(byte));
    if !is_inner(at) {
        return true;
    }
    let start = (at.saturating_sub(3)..at).rev().find(|start| !is_inner(*start));
    start.is_none_or(|start| start + width(text, start) <= at)
}

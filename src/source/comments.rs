//! The comments of a text: those of YAML, and those of the template language around it.

use std::ops::Range;

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// YAML as it stands.
    Yaml,
    /// YAML with the actions of Go's templates.
    Go,
    /// YAML with the blocks of Jinja.
    Jinja,
}

/// A comment of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// All of it, with what marks it as one.
    pub range: Range<usize>,
    /// What it says, without blanks around it.
    pub words: Range<usize>,
}

/// What stands in place of an action: no blank, and nothing that means anything in YAML.
const ACTION: u8 = 1;

/// Finds the comments of a text, in the order in which they stand.
///
/// A template is no YAML before it is rendered: its lines are read one by one, with what is known of
/// them, and in doubt a `#` is a part of a text.
#[must_use]
pub fn comments(text: &str, language: Language) -> Vec<Comment> {
    let mut masked = text.as_bytes().to_vec();
    let mut found = match language {
        Language::Yaml => Vec::new(),
        Language::Go => mask_go(text, &mut masked),
        Language::Jinja => mask_jinja(text, &mut masked),
    };
    let mut lines = Lines { text: &masked, block: None, depth: 0, found: Vec::new() };
    lines.read();
    found.extend(lines.found.into_iter().map(|range| {
        let marks = text[range.clone()].bytes().take_while(|byte| *byte == b'#').count();
        Comment { words: trimmed(text, range.start + marks..range.end), range }
    }));
    found.sort_by_key(|comment| comment.range.start);
    found
}

/// Returns a range without the blanks at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let words = &text[range.clone()];
    let start = range.start + (words.len() - words.trim_start().len());
    start..(start + words.trim().len())
}

/// Puts something in place of a range, but for the ends of its lines.
fn fill(masked: &mut [u8], range: Range<usize>, with: u8) {
    for byte in &mut masked[range] {
        if *byte != b'\n' {
            *byte = with;
        }
    }
}

/// Takes the actions of Go's templates out of a text, and returns the comments among them.
fn mask_go(text: &str, masked: &mut [u8]) -> Vec<Comment> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(open) = text[at..].find("{{").map(|open| at + open) {
        let inner = open + 2;
        let trims = text[inner..].starts_with('-')
            && text[inner + 1..].starts_with([' ', '\t', '\r', '\n']);
        let inner = if trims { inner + 2 } else { inner };
        let comment = text[inner..].strip_prefix("/*").and_then(|rest| rest.find("*/"));
        let end = match comment {
            Some(length) => {
                text[inner + 4 + length..].find("}}").map(|end| inner + 4 + length + end)
            }
            None => end_of_action(text, inner),
        };
        let Some(end) = end.map(|end| end + 2) else { break };
        if let Some(length) = comment {
            let words = trimmed(text, inner + 2..inner + 2 + length);
            found.push(Comment { range: open..end, words });
        }
        fill(masked, open..end, if comment.is_some() { b' ' } else { ACTION });
        at = end;
    }
    found
}

/// Returns where the `}}` of an action stands, but for those in its strings.
fn end_of_action(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if bytes.get(at + 1) == Some(&b'}') => return Some(at),
            quote @ (b'"' | b'`' | b'\'') => at = end_of_string(bytes, at + 1, quote)?,
            _ => {}
        }
        at += 1;
    }
    None
}

/// Returns where a string of the template language ends.
fn end_of_string(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote != b'`' => at += 1,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Takes the blocks of Jinja out of a text, and returns the comments among them.
fn mask_jinja(text: &str, masked: &mut [u8]) -> Vec<Comment> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(open) = text[at..].find('{').map(|open| at + open) {
        let inner = open + 2;
        let end = match text.as_bytes().get(open + 1) {
            Some(b'#') => text[inner..].find("#}").map(|end| inner + end),
            Some(b'%') => text[inner..].find("%}").map(|end| inner + end),
            Some(b'{') => end_of_action(text, inner),
            _ => None,
        };
        let Some(end) = end else {
            at = open + 1;
            continue;
        };
        let is_comment = text[open..].starts_with("{#");
        if is_comment {
            let words = text[inner..end].trim_start_matches(['-', '+']);
            let start = end - words.len();
            let words = trimmed(text, start..start + words.trim_end_matches(['-', '+']).len());
            found.push(Comment { range: open..end + 2, words });
        }
        fill(masked, open..end + 2, if is_comment { b' ' } else { ACTION });
        at = end + 2;
    }
    found
}

/// A block scalar that lines belong to.
#[derive(Clone, Copy)]
struct Block {
    /// The column of what it is the value of; its lines are further in.
    parent: usize,
    /// The least indent of its lines; none before the first of them.
    indent: Option<usize>,
}

/// The lines of a text without actions.
struct Lines<'a> {
    text: &'a [u8],
    block: Option<Block>,
    /// In how many brackets a line begins.
    depth: usize,
    found: Vec<Range<usize>>,
}

impl Lines<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            let end = self.end_of_line(at);
            at = match self.is_in_block(at..end) {
                true => end,
                false => self.line(at, end),
            };
            at += 1;
        }
    }

    fn end_of_line(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        memchr::memchr(b'\n', rest).map_or(self.text.len(), |length| from + length)
    }

    /// Tells whether a line belongs to the block scalar before it.
    fn is_in_block(&mut self, line: Range<usize>) -> bool {
        let Some(block) = &mut self.block else { return false };
        let line = &self.text[line];
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        // Lines of actions alone may be anything, and are no comments.
        let says_nothing = |byte: &u8| byte.is_ascii_whitespace() || *byte == ACTION;
        if line.iter().all(says_nothing) {
            return true;
        }
        let least = *block.indent.get_or_insert(indent.max(block.parent + 1));
        if indent >= least {
            return true;
        }
        self.block = None;
        false
    }

    /// Reads a line, and those that a quoted text goes on to; returns where the last one ends.
    fn line(&mut self, start: usize, end: usize) -> usize {
        let depth = if self.text[start..end].starts_with(b"---") { 0 } else { self.depth };
        let mut walk = Walk { at: start, end, fresh: true, depth, column: 0, begun: false };
        while walk.at < walk.end {
            let byte = self.text[walk.at];
            let next = self.text.get(walk.at + 1).copied().unwrap_or(b'\n');
            match byte {
                b'#' if walk.at == start || is_blank(self.text[walk.at - 1]) => {
                    self.found.push(walk.at..trimmed_end(self.text, walk.at..walk.end));
                    break;
                }
                b'"' | b'\'' if walk.fresh => self.quoted(&mut walk, start, byte),
                b'|' | b'>' if walk.fresh && walk.depth == 0 => self.head(&mut walk),
                // A tag or an anchor stands before the value.
                b'!' | b'&' if walk.fresh => {
                    walk.begin(start);
                    let word = self.text[walk.at..walk.end].iter();
                    walk.at += word.take_while(|byte| !is_blank(**byte)).count() - 1;
                }
                _ => walk.step(start, (byte, next)),
            }
            walk.at += 1;
        }
        self.depth = walk.depth;
        walk.end
    }

    /// Goes to the end of a quoted text; a quote that is never closed is none.
    fn quoted(&self, walk: &mut Walk, start: usize, quote: u8) {
        walk.begin(start);
        walk.fresh = false;
        let mut at = walk.at + 1;
        while at < self.text.len() {
            match self.text[at] {
                b'\\' if quote == b'"' => at += 1,
                b'\'' if quote == b'\'' && self.text.get(at + 1) == Some(&b'\'') => at += 1,
                byte if byte == quote => {
                    walk.at = at;
                    walk.end = self.end_of_line(at);
                    return;
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// Reads the `|` or `>` that a block scalar begins with, if it is one.
    fn head(&mut self, walk: &mut Walk) {
        walk.fresh = false;
        let rest = &self.text[walk.at + 1..walk.end];
        let is_mark = |byte: &&u8| matches!(byte, b'0'..=b'9' | b'+' | b'-');
        let marks = rest.iter().take_while(is_mark).count();
        let (marks, rest) = rest.split_at(marks);
        let blanks = rest.iter().take_while(|byte| is_blank(**byte)).count();
        if rest.len() == blanks || (blanks > 0 && rest[blanks] == b'#') {
            let digit = marks.iter().find(|byte| byte.is_ascii_digit());
            let indent = digit.map(|digit| walk.column + usize::from(digit - b'0'));
            self.block = Some(Block { parent: walk.column, indent });
        }
    }
}

/// What is known while a line is read.
struct Walk {
    at: usize,
    end: usize,
    /// Whether a value may begin here.
    fresh: bool,
    /// In how many brackets.
    depth: usize,
    /// The column of the last `-` or key.
    column: usize,
    /// Whether a key or value has begun since the last `-`.
    begun: bool,
}

impl Walk {
    /// Notes that a key or value begins here.
    fn begin(&mut self, start: usize) {
        if !self.begun {
            self.column = self.at - start;
            self.begun = true;
        }
    }

    fn step(&mut self, start: usize, (byte, next): (u8, u8)) {
        let ends = |byte: u8| is_blank(byte) || byte == b'\n';
        match byte {
            byte if is_blank(byte) => {}
            ACTION => self.begin(start),
            b'-' | b'?' if self.fresh && ends(next) && self.depth == 0 => {
                self.column = self.at - start;
                self.begun = false;
            }
            b'[' | b'{' if self.fresh => {
                self.begin(start);
                self.depth += 1;
            }
            b']' | b'}' if self.depth > 0 => {
                self.depth -= 1;
                self.fresh = false;
            }
            b',' if self.depth > 0 => self.fresh = true,
            b':' if ends(next) || (self.depth > 0 && !self.fresh) => {
                self.begin(start);
                self.fresh = true;
            }
            _ => {
                self.begin(start);
                self.fresh = false;
            }
        }
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r')
}

fn trimmed_end(text: &[u8], range: Range<usize>) -> usize {
    let blanks = text[range.clone()].iter().rev().take_while(|byte| is_blank(**byte)).count();
    range.end - blanks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, language: Language) -> Vec<&str> {
        comments(text, language).into_iter().map(|comment| &text[comment.words]).collect()
    }

    #[test]
    fn comments_of_yaml_are_those_that_yaml_reads() {
        let table: [(&str, &[&str]); 19] = [
            ("# a\nb: c # d\n  ## e \n", &["a", "d", "e"]),
            ("a: b#c\n", &[]),
            ("a: 'b # c' # d\n", &["d"]),
            ("a: \"b \\\" # c\"\n", &[]),
            ("a: \"b\n  # c\n  d\" # e\n", &["e"]),
            ("a: it's # b\nc: 'd # e'\n", &["b"]),
            ("a: |\n  # b\n\n  c\nd: e # f\n", &["f"]),
            ("- a: |\n    # b\n  c: d # e\n", &["e"]),
            ("- |\n # a\n- b # c\n", &["c"]),
            ("a: |- # b\n    # c\n  # d\n", &["b", "d"]),
            ("a: |2\n     # b\n  # c\n # d\n", &["d"]),
            ("a: > b # c\n", &["c"]),
            ("a: ['b # c', \"d # e\"] # f\n", &["f"]),
            ("a: [b,\n  'c', 'd # e'] # f\n", &["f"]),
            ("{\"a\":\"b # c\"}", &[]),
            ("a: !!str 'b # c'\nd: &e \"f # g\"\n", &[]),
            ("a: b, 'c # d\n", &["d"]),
            ("- - 'a # b'\n  - c # d\r\n", &["d"]),
            ("a: 'b # c\n", &["c"]),
        ];
        for (text, expected) in table {
            assert_eq!(found(text, Language::Yaml), expected, "{text:?}");
        }
    }

    #[test]
    fn comments_of_templates_stand_in_either_language() {
        let table: [(&str, &[&str]); 11] = [
            ("{{/* a */}}\n{{- /* b */ -}}\n{{- /*\nc\n*/}}\n", &["a", "b", "c"]),
            ("a: {{ .b }} # c\n", &["c"]),
            ("a: {{ \"# b }}\" }} # c\n", &["c"]),
            ("a: {{ `}} # b` }}\n", &[]),
            ("a: \"{{ .b }} # c\"\n", &[]),
            ("a: |\n{{ if .b }}\n  # c\n{{ end }}\n  # d\ne: f # g\n", &["g"]),
            ("a: |\n  {{- if .b }}\n  # c\n  {{- end }}\n", &[]),
            ("{{ .a }}: |\n  # b\n{{ .c }}: d # e\n", &["e"]),
            ("a: {{ .b }}#c\n", &[]),
            ("{{- if .a }}\n# b\n{{- end }}\n", &["b"]),
            ("{{ never closed # a\n", &["a"]),
        ];
        for (text, expected) in table {
            assert_eq!(found(text, Language::Go), expected, "{text:?}");
        }
        let jinja = "{# a #}{#- b -#}\n{% if c %} # d\n{{ '# e' }}\nf: {g: h} # i\n{#\nj\n#}\n";
        assert_eq!(found(jinja, Language::Jinja), ["a", "b", "d", "i", "j"]);
    }
}

//! Which styles can hold a text.

use super::Dialect;

/// What stands in the way of the styles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Analysis {
    /// Whether it holds line breaks.
    pub(super) multiline: bool,
    /// Whether it can stand without quotes.
    pub(super) plain: bool,
    /// Whether it can stand in single quotes.
    pub(super) single: bool,
    /// Whether it can stand as a block.
    pub(super) block: bool,
}

/// Looks at every character once.
pub(super) fn analyse(text: &str, dialect: Dialect) -> Analysis {
    let mut seen = Seen::default();
    let mut scan = Scan { after_blank: true, ..Scan::default() };
    let mut indicator = begins_with_indicator(text);
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        indicator |= match character {
            '#' => scan.after_blank,
            ':' => blank_follows(rest.as_str()),
            _ => false,
        };
        seen.note(character, dialect);
        scan.note(character);
    }
    let outer_space = text.starts_with(' ') || scan.after_space;
    let special = seen.special || scan.space_break;
    Analysis {
        multiline: seen.breaks,
        plain: !(indicator || outer_space || seen.breaks || special || seen.tabs),
        single: !(scan.break_space || special || seen.tabs),
        block: !(scan.after_space || special),
    }
}

/// Tells whether a text cannot begin as it does without quotes.
fn begins_with_indicator(text: &str) -> bool {
    let mut characters = text.chars();
    match characters.next() {
        Some(
            ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@'
            | '`',
        ) => true,
        Some('?') => blank_follows(characters.as_str()),
        Some('-') => blank_follows(characters.as_str()) || text.starts_with("---"),
        Some('.') => text.starts_with("..."),
        _ => false,
    }
}

/// Tells whether a text begins with a blank or is empty.
fn blank_follows(rest: &str) -> bool {
    matches!(rest.as_bytes().first(), None | Some(b' ' | b'\t'))
}

#[derive(Default)]
struct Seen {
    special: bool,
    tabs: bool,
    breaks: bool,
}

impl Seen {
    fn note(&mut self, character: char, dialect: Dialect) {
        if matches!(character, ' '..='~') {
            return;
        }
        if character == '\t' && dialect == Dialect::V3 {
            self.tabs = true;
        } else if !is_printable(character) {
            self.special = true;
        }
        self.breaks |= is_break(character);
    }
}

/// How blanks and line breaks follow each other.
#[derive(Default)]
struct Scan {
    after_blank: bool,
    after_space: bool,
    after_break: bool,
    space_break: bool,
    break_space: bool,
}

impl Scan {
    fn note(&mut self, character: char) {
        let (space, line_break) = (character == ' ', is_break(character));
        self.break_space |= space && self.after_break;
        self.space_break |= line_break && self.after_space;
        self.after_space = space;
        self.after_break = line_break;
        self.after_blank = space || line_break || matches!(character, '\t' | '\0');
    }
}

/// Tells whether a character may stand in YAML without an escape.
pub(super) fn is_printable(character: char) -> bool {
    match character {
        '\n' | ' '..='~' | '\u{A0}'..='\u{D7FF}' => true,
        '\u{E000}'..='\u{FFFD}' => character != '\u{FEFF}',
        _ => false,
    }
}

/// Tells whether a character breaks a line.
pub(super) fn is_break(character: char) -> bool {
    matches!(character, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

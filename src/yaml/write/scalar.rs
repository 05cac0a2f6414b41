//! Texts in their styles: plain, quoted or as a block.

use super::analysis::{Analysis, is_break, is_printable};
use super::emitter::{Dialect, Emitter, Indicator, Place};
use super::plain::stays_text;

/// The column behind which lines are folded.
const WIDTH: usize = 80;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// Chooses the style that go-yaml would.
fn choose(text: &str, analysis: Analysis, place: Place, dialect: Dialect) -> Style {
    if text.contains('\n') {
        let block = analysis.block && place != Place::Key;
        return if block { Style::Literal } else { Style::Double };
    }
    if !stays_text(text, dialect) || (place == Place::Key && analysis.multiline) {
        return Style::Double;
    }
    match analysis {
        Analysis { plain: true, .. } => Style::Plain,
        Analysis { single: true, .. } => Style::Single,
        _ => Style::Double,
    }
}

impl Emitter {
    /// Writes a text.
    pub(super) fn write_scalar(&mut self, text: &str, analysis: Analysis, place: Place) {
        let width = match self.dialect {
            Dialect::V2 if place != Place::Key => WIDTH,
            _ => usize::MAX,
        };
        match choose(text, analysis, place, self.dialect) {
            Style::Plain => self.write_plain(text, width),
            Style::Single => self.write_single(text, width),
            Style::Double => self.write_double(text, width),
            Style::Literal => self.write_literal(text),
        }
    }

    /// Writes text without line breaks.
    fn write_run(&mut self, text: &str) {
        self.out.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    fn write_plain(&mut self, text: &str, width: usize) {
        if !self.whitespace {
            self.put(' ');
        }
        if self.column.saturating_add(text.len()) <= width {
            self.write_run(text);
        } else {
            self.write_folded(text, width);
        }
        self.whitespace = false;
        self.indention = false;
    }

    /// Writes text without line breaks, with one instead of each lone blank behind the width.
    fn write_folded(&mut self, text: &str, width: usize) {
        let mut after_space = false;
        for (at, character) in text.char_indices() {
            let space = character == ' ';
            let lone = space && !after_space && !text[at + character.len_utf8()..].starts_with(' ');
            if lone && self.column > width {
                self.write_indent();
            } else {
                self.out.push(character);
                self.column += 1;
            }
            after_space = space;
        }
    }

    fn write_single(&mut self, text: &str, width: usize) {
        self.indicator("'", Indicator::OPEN);
        let (mut after_space, mut after_break) = (false, false);
        for (at, character) in text.char_indices() {
            let rest = &text[at + character.len_utf8()..];
            if character == ' ' {
                let inside = at > 0 && !rest.is_empty() && !rest.starts_with(' ');
                if inside && !after_space && self.column > width {
                    self.write_indent();
                } else {
                    self.put(' ');
                }
                after_space = true;
            } else if is_break(character) {
                self.copy_break(character);
                after_break = true;
            } else {
                if after_break {
                    self.write_indent();
                }
                if character == '\'' {
                    self.put('\'');
                }
                self.write_character(character);
                (after_space, after_break) = (false, false);
            }
        }
        self.indicator("'", Indicator::CLOSE);
    }

    fn write_double(&mut self, text: &str, width: usize) {
        self.indicator("\"", Indicator::OPEN);
        // go-yaml looks for a byte order mark at the beginning of the text for each character.
        let marked = text.starts_with('\u{FEFF}');
        let mut after_space = false;
        for (at, character) in text.char_indices() {
            let rest = &text[at + character.len_utf8()..];
            let quoted = matches!(character, '"' | '\\') || is_break(character);
            if marked || quoted || !is_printable(character) {
                self.write_escape(character);
                after_space = false;
            } else if character == ' ' {
                let inside = at > 0 && !rest.is_empty();
                if inside && !after_space && self.column > width {
                    self.write_indent();
                    if rest.starts_with(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                after_space = true;
            } else {
                self.write_character(character);
                after_space = false;
            }
        }
        self.indicator("\"", Indicator::CLOSE);
    }

    fn write_escape(&mut self, character: char) {
        let code = u32::from(character);
        let short = match character {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{B}' => 'v',
            '\u{C}' => 'f',
            '\r' => 'r',
            '\u{1B}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{A0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                return self.write_run(&match code {
                    0..=0xFF => format!("\\x{code:02X}"),
                    0x100..=0xFFFF => format!("\\u{code:04X}"),
                    _ => format!("\\U{code:08X}"),
                });
            }
        };
        self.put('\\');
        self.put(short);
    }

    fn write_literal(&mut self, text: &str) {
        self.indicator("|", Indicator::OPEN);
        if text.starts_with(|first| first == ' ' || is_break(first)) {
            self.indicator("2", Indicator::CLOSE);
        }
        let mut from_end = text.chars().rev();
        let last = from_end.next().is_some_and(is_break);
        match (last, from_end.next().is_none_or(is_break)) {
            (false, _) => self.indicator("-", Indicator::CLOSE),
            (true, true) => self.indicator("+", Indicator::CLOSE),
            (true, false) => {}
        }
        self.put_break();
        self.whitespace = true;
        for line in text.split_inclusive(is_break) {
            let content = line.trim_end_matches(is_break);
            if !content.is_empty() {
                self.write_indent();
                self.write_run(content);
                self.indention = false;
            }
            if let Some(line_break) = line[content.len()..].chars().next() {
                self.copy_break(line_break);
            }
        }
    }

    /// Writes a line break of a text as it is.
    fn copy_break(&mut self, line_break: char) {
        if line_break == '\n' {
            return self.put_break();
        }
        self.out.push(line_break);
        self.column = 0;
        self.indention = true;
    }

    fn write_character(&mut self, character: char) {
        self.out.push(character);
        self.column += 1;
        self.indention = false;
    }
}

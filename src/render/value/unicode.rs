//! Go's `unicode` package, as far as functions ask it: Unicode 15.

use std::sync::OnceLock;

use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind};

/// A set of characters, sorted for searching.
struct Set {
    pattern: &'static str,
    ranges: OnceLock<Vec<(char, char)>>,
}

impl Set {
    const fn new(pattern: &'static str) -> Self {
        Self { pattern, ranges: OnceLock::new() }
    }

    fn holds(&self, wanted: char) -> bool {
        let ranges = self.ranges.get_or_init(|| ranges(self.pattern));
        let after = ranges.partition_point(|(start, _)| *start <= wanted);
        after > 0 && wanted <= ranges[after - 1].1
    }
}

fn ranges(pattern: &str) -> Vec<(char, char)> {
    let parsed = regex_syntax::parse(pattern).map(Hir::into_kind);
    let class = match parsed.expect("the patterns below are valid") {
        HirKind::Class(Class::Unicode(class)) => class,
        _ => ClassUnicode::empty(),
    };
    class.iter().map(|range| (range.start(), range.end())).collect()
}

static GRAPHIC: Set = Set::new(r"[\p{L}\p{M}\p{N}\p{P}\p{S}&&\p{age=15.0}]");
static LETTER: Set = Set::new(r"[\p{L}&&\p{age=15.0}]");
static UPPER: Set = Set::new(r"\p{Lu}");
static LOWER: Set = Set::new(r"\p{Ll}");
static TITLE: Set = Set::new(r"\p{Lt}");
static DIGIT: Set = Set::new(r"\p{Nd}");
static NUMBER: Set = Set::new(r"\p{N}");
static PUNCTUATION: Set = Set::new(r"\p{P}");

/// Tells whether `%q` shows the character as it is: letters, marks, numbers, punctuation,
/// symbols and the blank.
pub(crate) fn is_print(character: char) -> bool {
    match character {
        ' '..='~' => true,
        '\0'..='\u{9f}' => false,
        other => GRAPHIC.holds(other),
    }
}

/// Tells whether the character is a letter.
pub(crate) fn is_letter(character: char) -> bool {
    if character.is_ascii() { character.is_ascii_alphabetic() } else { LETTER.holds(character) }
}

/// Tells whether the character is an upper-case letter.
pub(crate) fn is_upper(character: char) -> bool {
    if character.is_ascii() { character.is_ascii_uppercase() } else { UPPER.holds(character) }
}

/// Tells whether the character is a lower-case letter.
pub(crate) fn is_lower(character: char) -> bool {
    if character.is_ascii() { character.is_ascii_lowercase() } else { LOWER.holds(character) }
}

/// Tells whether the character is a title-case letter, such as `ǅ`.
pub(crate) fn is_title(character: char) -> bool {
    !character.is_ascii() && TITLE.holds(character)
}

/// Tells whether the character is a decimal digit.
pub(crate) fn is_digit(character: char) -> bool {
    if character.is_ascii() { character.is_ascii_digit() } else { DIGIT.holds(character) }
}

/// Tells whether the character is a number of any kind.
pub(crate) fn is_number(character: char) -> bool {
    if character.is_ascii() { character.is_ascii_digit() } else { NUMBER.holds(character) }
}

/// Tells whether the character is punctuation; symbols such as `+` are not.
pub(crate) fn is_punctuation(character: char) -> bool {
    PUNCTUATION.holds(character)
}

/// Returns the one upper-case letter of a character; itself where there is none.
pub(crate) fn to_upper(character: char) -> char {
    let mut full = character.to_uppercase();
    match (full.next(), full.next()) {
        (Some(upper), None) => upper,
        _ => titled_greek(character),
    }
}

/// Returns the one letter with a iota below, where the full mapping spells two.
fn titled_greek(character: char) -> char {
    let distance = match character {
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => 8,
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => 9,
        _ => 0,
    };
    char::from_u32(u32::from(character) + distance).unwrap_or(character)
}

/// Returns the one lower-case letter of a character; itself where there is none.
pub(crate) fn to_lower(character: char) -> char {
    if character == '\u{130}' {
        return 'i';
    }
    let mut full = character.to_lowercase();
    match (full.next(), full.next()) {
        (Some(lower), None) => lower,
        _ => character,
    }
}

/// Returns the title-case letter of a character, which is nearly always the upper-case one.
pub(crate) fn to_title(character: char) -> char {
    match character {
        '\u{1c4}'..='\u{1c6}' => '\u{1c5}',
        '\u{1c7}'..='\u{1c9}' => '\u{1c8}',
        '\u{1ca}'..='\u{1cc}' => '\u{1cb}',
        '\u{1f1}'..='\u{1f3}' => '\u{1f2}',
        '\u{10d0}'..='\u{10fa}' | '\u{10fd}'..='\u{10ff}' => character,
        other => to_upper(other),
    }
}

/// Returns the characters of bytes as Go's `range` gives them: each byte that is not part of a
/// valid one as U+FFFD.
pub(crate) fn runes(bytes: &[u8]) -> impl Iterator<Item = char> + '_ {
    pieces(bytes).map(|piece| piece.unwrap_or('\u{fffd}'))
}

/// Returns the characters of bytes; bytes that are not part of a valid one as errors.
pub(crate) fn pieces(bytes: &[u8]) -> impl Iterator<Item = Result<char, u8>> + '_ {
    bytes.utf8_chunks().flat_map(|chunk| {
        chunk.valid().chars().map(Ok).chain(chunk.invalid().iter().map(|byte| Err(*byte)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_the_general_category() {
        assert!(is_print('é') && is_print('日') && is_print('😀'));
        assert!(!is_print('\u{200b}') && !is_print('\u{a0}') && !is_print('\u{feff}'));
        assert!(is_punctuation('.') && is_punctuation('_') && !is_punctuation('+'));
        assert!(is_upper('É') && !is_upper('Ⓐ') && is_lower('ß') && is_title('ǅ'));
        assert!(is_number('½') && !is_digit('½'));
    }

    #[test]
    fn mappings_give_one_letter() {
        assert_eq!((to_upper('ß'), to_upper('é'), to_upper('ᾳ')), ('ß', 'É', 'ᾼ'));
        assert_eq!((to_lower('İ'), to_lower('É'), to_title('ǆ')), ('i', 'é', 'ǅ'));
        assert_eq!(runes(b"a\xe2\x82b").collect::<String>(), "a\u{fffd}\u{fffd}b");
    }
}

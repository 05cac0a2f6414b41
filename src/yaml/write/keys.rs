//! The order of keys: runs of digits by number, letters after other characters.

use std::cmp::Ordering;
use std::sync::OnceLock;

use regex::Regex;

use super::Dialect;

/// Sorts entries by their keys as go-yaml does.
///
/// Its order is not transitive for all texts, which the standard library's sort may refuse with a
/// panic; this merge sort takes any order.
pub(super) fn sort<V>(entries: Vec<(&str, V)>, dialect: Dialect) -> Vec<(&str, V)> {
    if entries.is_sorted_by(|one, other| !less(other.0, one.0, dialect)) {
        return entries;
    }
    let mut runs: Vec<Vec<(&str, V)>> = entries.into_iter().map(|entry| vec![entry]).collect();
    while runs.len() > 1 {
        let mut merged = Vec::with_capacity(runs.len().div_ceil(2));
        let mut rest = runs.into_iter();
        while let Some(first) = rest.next() {
            merged.push(match rest.next() {
                Some(second) => merge(first, second, dialect),
                None => first,
            });
        }
        runs = merged;
    }
    runs.pop().unwrap_or_default()
}

fn merge<'a, V>(
    first: Vec<(&'a str, V)>,
    second: Vec<(&'a str, V)>,
    dialect: Dialect,
) -> Vec<(&'a str, V)> {
    let mut merged = Vec::with_capacity(first.len() + second.len());
    let (mut left, mut right) = (first.into_iter().peekable(), second.into_iter().peekable());
    while let (Some(one), Some(other)) = (left.peek(), right.peek()) {
        let source = if less(other.0, one.0, dialect) { &mut right } else { &mut left };
        merged.extend(source.next());
    }
    merged.extend(left);
    merged.extend(right);
    merged
}

/// Tells whether a key stands before another.
fn less(one: &str, other: &str, dialect: Dialect) -> bool {
    let same = one.bytes().zip(other.bytes()).take_while(|(one, other)| one == other).count();
    let at = (0..=same).rev().find(|&at| one.is_char_boundary(at) && other.is_char_boundary(at));
    let at = at.unwrap_or(0);
    let (head, one, other) = (&one[..at], &one[at..], &other[at..]);
    let (Some(first), Some(second)) = (one.chars().next(), other.chars().next()) else {
        return one.is_empty() && !other.is_empty();
    };
    match (is_letter(first), is_letter(second)) {
        (true, true) => first < second,
        (false, false) => numbers(head, one, other).is_lt(),
        (_, second_is_letter) => {
            let after_digit = head.chars().next_back().is_some_and(is_digit);
            second_is_letter != (dialect == Dialect::V3 && after_digit)
        }
    }
}

/// Compares texts that begin with different characters, none a letter, after a common `head`.
fn numbers(head: &str, one: &str, other: &str) -> Ordering {
    let mut start = 0_i64;
    if one.starts_with('0') || other.starts_with('0') {
        let digits = head.chars().rev().take_while(|&digit| is_digit(digit));
        start = i64::from(digits.into_iter().any(|digit| digit != '0'));
    }
    let ((first, first_length), (second, second_length)) = (run(start, one), run(start, other));
    first
        .cmp(&second)
        .then(first_length.cmp(&second_length))
        .then_with(|| one.chars().next().cmp(&other.chars().next()))
}

/// Returns the number that a text begins with, and how many digits it has.
fn run(start: i64, text: &str) -> (i64, usize) {
    text.chars().take_while(|&digit| is_digit(digit)).fold((start, 0), |(number, length), digit| {
        let digit = i64::from(u32::from(digit)) - i64::from(u32::from('0'));
        (number.wrapping_mul(10).wrapping_add(digit), length + 1)
    })
}

/// Tells whether Go takes a character for a letter: it knows Unicode 15.0.
fn is_letter(character: char) -> bool {
    static LETTER: OnceLock<Regex> = OnceLock::new();
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    let letter =
        LETTER.get_or_init(|| Regex::new(r"[\p{L}&&\p{Age=15.0}]").expect("a valid pattern"));
    letter.is_match(character.encode_utf8(&mut [0; 4]))
}

fn is_digit(character: char) -> bool {
    static DIGIT: OnceLock<Regex> = OnceLock::new();
    if character.is_ascii() {
        return character.is_ascii_digit();
    }
    let digit =
        DIGIT.get_or_init(|| Regex::new(r"[\p{Nd}&&\p{Age=15.0}]").expect("a valid pattern"));
    digit.is_match(character.encode_utf8(&mut [0; 4]))
}

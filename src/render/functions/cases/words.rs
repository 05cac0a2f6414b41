//! xstrings' words: how snakecase and kebabcase take a text apart.

use crate::render::value::unicode;

/// What a word consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing is left.
    End,
    Number,
    UpperCase,
    Alphabet,
    Connector,
    Punctuation,
    Other,
}

impl Kind {
    /// Tells whether the word stands without a connector before it.
    fn parts_itself(self) -> bool {
        matches!(self, Self::Connector | Self::Punctuation)
    }
}

/// Tells whether a character connects words.
pub(super) fn connects(character: char) -> bool {
    character == '-' || character == '_' || character.is_whitespace()
}

/// Tells whether a character is of an alphabet; Chinese characters are words of their own.
fn is_alphabet(character: char) -> bool {
    unicode::is_letter(character)
        && !matches!(
            character,
            '\u{3400}'..='\u{4d85}' | '\u{4e00}'..='\u{9fcc}' | '\u{20000}'..='\u{2b81d}'
        )
}

/// Takes a text apart, word by word.
struct Words<'a> {
    rest: &'a [char],
    connector: char,
    out: String,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> (Kind, &'a [char]) {
        let Some((first, after)) = self.rest.split_first() else { return (Kind::End, &[]) };
        let run = |belongs: fn(char) -> bool| {
            1 + after.iter().take_while(|character| belongs(**character)).count()
        };
        let (kind, length) = match *first {
            first if connects(first) => (Kind::Connector, run(connects)),
            first if unicode::is_punctuation(first) => {
                (Kind::Punctuation, run(unicode::is_punctuation))
            }
            first if unicode::is_upper(first) => (Kind::UpperCase, self.upper_case_word()),
            first if is_alphabet(first) => (Kind::Alphabet, run(is_lower_alphabet)),
            first if unicode::is_number(first) => (Kind::Number, run(unicode::is_number)),
            _ => (Kind::Other, run(is_other)),
        };
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        (kind, word)
    }

    /// Returns the length of a word that begins with upper case: `HTTP` of `HTTPServer`, `Server`.
    fn upper_case_word(&self) -> usize {
        let upper = self.rest.iter().take_while(|character| unicode::is_upper(**character)).count();
        let follows = self.rest.get(upper).copied();
        match upper {
            1 => 1 + self.rest[1..].iter().take_while(|next| is_lower_alphabet(**next)).count(),
            // The last upper-case letter begins the next word.
            _ if follows.is_some_and(is_alphabet) => upper - 1,
            _ => upper,
        }
    }

    fn write(&mut self, kind: Kind, word: &[char]) {
        for character in word {
            self.out.push(match kind {
                Kind::UpperCase | Kind::Connector if connects(*character) => self.connector,
                Kind::UpperCase | Kind::Connector if unicode::is_upper(*character) => {
                    unicode::to_lower(*character)
                }
                _ => *character,
            });
        }
    }

    fn connect(&mut self) {
        self.out.push(self.connector);
    }

    /// Writes all letters and numbers that follow; returns the word after them.
    fn write_letters(&mut self, mut word: (Kind, &'a [char])) -> (Kind, &'a [char]) {
        while matches!(word.0, Kind::Alphabet | Kind::Number) {
            self.write(word.0, word.1);
            word = self.next();
        }
        if word.0 != Kind::End && !word.0.parts_itself() {
            self.connect();
        }
        word
    }

    /// Writes what lies between a word of letters and the next one; returns that.
    fn after_letters(&mut self, word: (Kind, &'a [char])) -> (Kind, &'a [char]) {
        if word.0 != Kind::Number {
            if !word.0.parts_itself() {
                self.connect();
            }
            return word;
        }
        if self.rest.is_empty() {
            return word;
        }
        let next = self.next();
        if next.0 == Kind::Alphabet {
            // A number before lower case begins a word: `HTTP2xx` is `http_2xx`.
            self.connect();
            self.write(Kind::Number, word.1);
            return self.write_letters(next);
        }
        // Others belong to the word before: `Bld4Floor` is `bld4_floor`.
        self.write(Kind::Number, word.1);
        if !next.0.parts_itself() {
            self.connect();
        }
        next
    }
}

fn is_lower_alphabet(character: char) -> bool {
    is_alphabet(character) && !unicode::is_upper(character)
}

fn is_other(character: char) -> bool {
    !connects(character)
        && !is_alphabet(character)
        && !unicode::is_number(character)
        && !unicode::is_punctuation(character)
}

/// Returns the words of a text in lower case with a connector between them.
pub(super) fn joined(text: &[char], connector: char) -> String {
    let mut words = Words { rest: text, connector, out: String::with_capacity(text.len() + 8) };
    let mut word = words.next();
    while !words.rest.is_empty() {
        let (kind, letters) = word;
        if kind != Kind::Connector {
            words.write(kind, letters);
        }
        let next = words.next();
        word = match kind {
            Kind::Number => words.write_letters(next),
            Kind::Connector => {
                words.write(kind, letters);
                next
            }
            Kind::Punctuation => next,
            _ => words.after_letters(next),
        };
    }
    words.write(word.0, word.1);
    words.out
}

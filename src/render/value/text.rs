//! Go's strings: bytes that are nearly always UTF-8.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use smol_str::SmolStr;

use super::unicode;
use crate::source::{Kept, Trail};

/// A Go string; cheap to clone.
#[derive(Clone)]
pub struct Str(Repr);

#[derive(Clone)]
enum Repr {
    Plain(SmolStr),
    /// Bytes that are not UTF-8: decoded base64, a binary file, a character cut in two.
    Raw(Rc<[u8]>),
    Traced(Rc<TracedText>),
}

/// A text that knows which template wrote its bytes: what `include` and `tpl` give.
#[derive(Debug)]
pub struct TracedText {
    /// The text.
    pub text: SmolStr,
    /// Where its bytes came from.
    pub trail: Trail,
}

impl Str {
    /// Builds a string of bytes that need not be UTF-8.
    #[must_use]
    pub fn from_bytes(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self::from(text),
            Err(error) => Self(Repr::Raw(error.into_bytes().into())),
        }
    }

    /// Builds a string that knows where its bytes came from.
    #[must_use]
    pub fn traced(text: impl Into<SmolStr>, trail: Trail) -> Self {
        Self(Repr::Traced(Rc::new(TracedText { text: text.into(), trail })))
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Plain(text) => text.as_bytes(),
            Repr::Raw(bytes) => bytes,
            Repr::Traced(traced) => traced.text.as_bytes(),
        }
    }

    /// Returns the text; each byte that is not UTF-8 shows as U+FFFD, as in Go.
    #[must_use]
    pub fn to_str(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Plain(text) => Cow::Borrowed(text),
            Repr::Raw(bytes) => Cow::Owned(unicode::runes(bytes).collect()),
            Repr::Traced(traced) => Cow::Borrowed(&traced.text),
        }
    }

    /// Returns the text as a map key holds it; what is not UTF-8 shows as U+FFFD.
    #[must_use]
    pub fn to_key(&self) -> SmolStr {
        match &self.0 {
            Repr::Plain(text) => text.clone(),
            Repr::Raw(bytes) => unicode::runes(bytes).collect::<String>().into(),
            Repr::Traced(traced) => traced.text.clone(),
        }
    }

    /// Returns where the bytes came from, for a text that knows it.
    #[must_use]
    pub fn trail(&self) -> Option<&Trail> {
        match &self.0 {
            Repr::Traced(traced) => Some(&traced.trail),
            _ => None,
        }
    }

    /// Returns the text; none where it is not UTF-8.
    #[must_use]
    pub fn as_utf8(&self) -> Option<&str> {
        match &self.0 {
            Repr::Plain(text) => Some(text),
            Repr::Raw(_) => None,
            Repr::Traced(traced) => Some(&traced.text),
        }
    }

    /// Returns the bytes `start..end`, which must lie within the text, with their trail.
    #[must_use]
    pub(crate) fn part(&self, start: usize, end: usize) -> Self {
        if start == 0 && end == self.len() {
            return self.clone();
        }
        match &self.0 {
            Repr::Plain(text) => match text.get(start..end) {
                Some(part) => Self::from(part),
                None => Self::from_bytes(text.as_bytes()[start..end].to_vec()),
            },
            Repr::Raw(bytes) => Self::from_bytes(bytes[start..end].to_vec()),
            Repr::Traced(traced) => {
                let part = Self::from_bytes(traced.text.as_bytes()[start..end].to_vec());
                self.lend_trail(part, || vec![Kept { from: start, len: end - start, to: 0 }])
            }
        }
    }

    /// Gives `made` the trail of this text, of which `kept` stretches stand in it, in their order.
    /// Texts without a trail cost nothing.
    #[must_use]
    pub(crate) fn lend_trail(&self, made: Self, kept: impl FnOnce() -> Vec<Kept>) -> Self {
        match (&self.0, made.0) {
            (Repr::Traced(traced), Repr::Plain(text)) => {
                let length = traced.text.len();
                Self::traced(text, traced.trail.keep(length, &kept()))
            }
            (_, other) => Self(other),
        }
    }

    /// Returns the number of bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Tells whether there is no byte.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T: Into<SmolStr>> From<T> for Str {
    fn from(text: T) -> Self {
        Self(Repr::Plain(text.into()))
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Str {}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.to_str(), f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Entry, SourceMap, Span, Written};

    #[test]
    fn kept_stretches_carry_their_trail() {
        let mut map = SourceMap::new();
        let template = "a: 1\nb: {{ .n }}\n";
        let file = map.add("t", template);
        let mut trail = Trail::default();
        for (offset, start, end) in [(0, 0, 8), (8, 8, 16), (11, 16, 17)] {
            let span = Span::new(file, start, end);
            let written = if start == 8 { Written::Printed } else { Written::Copied };
            trail.note(Entry { offset, span, frame: None, written });
        }
        let text = Str::traced("a: 1\nb: xyz\n", trail);
        let made = text.lend_trail(Str::from("\n  a: 1\n  b: xyz\n  "), || {
            vec![Kept { from: 0, len: 5, to: 3 }, Kept { from: 5, len: 7, to: 10 }]
        });
        let rendered = map.add_rendered(
            "out",
            made.to_str().into_owned(),
            made.trail().expect("it was lent").clone(),
        );
        let traced = |start, end| map.text(map.trace(Span::new(rendered, start, end)).template);
        assert_eq!(traced(3, 4), "a");
        assert_eq!(traced(10, 11), "b");
        assert_eq!(traced(13, 16), "{{ .n }}");
        assert_eq!(traced(0, 4), "a");
        let part = text.part(5, 11);
        assert_eq!(part.to_str(), "b: xyz");
        let rendered = map.add_rendered("part", "b: xyz", part.trail().expect("kept").clone());
        let traced = |start, end| map.text(map.trace(Span::new(rendered, start, end)).template);
        assert_eq!(traced(0, 1), "b");
        assert_eq!(traced(3, 6), "{{ .n }}");
    }
}

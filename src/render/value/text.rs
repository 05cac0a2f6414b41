//! Go's strings: bytes that are nearly always UTF-8.

use std::borrow::Cow;
use std::fmt;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::source::Trail;

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

    /// Returns the text; what is not UTF-8 shows as U+FFFD.
    #[must_use]
    pub fn to_str(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Plain(text) => Cow::Borrowed(text),
            Repr::Raw(bytes) => String::from_utf8_lossy(bytes),
            Repr::Traced(traced) => Cow::Borrowed(&traced.text),
        }
    }

    /// Returns the text as a map key holds it; what is not UTF-8 shows as U+FFFD.
    #[must_use]
    pub fn to_key(&self) -> SmolStr {
        match &self.0 {
            Repr::Plain(text) => text.clone(),
            Repr::Raw(bytes) => String::from_utf8_lossy(bytes).into(),
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

//! What is found about the user's files: a finding always has a primary place.

use crate::source::Span;

/// How harmful a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Likely wrong.
    Warning,
    /// Something breaks or access is lost.
    Error,
}

impl Severity {
    /// Returns the word that machine formats and `--fail-on` use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place and what it contributes to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place, in a rendered text or a text that was read.
    pub span: Span,
    /// What stands there, in a few words.
    pub text: String,
}

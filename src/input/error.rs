//! Why an input could not be read.

use std::path::Path;

use crate::source::{FileId, SharedText, Span};

/// Why an input could not be read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What is wrong, naming the file.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// The place in a text that was read.
    pub span: Option<Span>,
}

impl Error {
    /// Builds an error without a place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, span: None }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Builds the error of a walk through a folder.
    pub(super) fn walk(root: &Path, error: &walkdir::Error) -> Self {
        Self::new(format!("cannot walk {}: {error}", root.display()))
    }
}

/// A text that was read, so that errors can point into it.
#[derive(Debug, Clone)]
pub struct Text {
    /// The path as messages show it.
    pub path: String,
    /// Where it stands among all texts.
    pub file: FileId,
    /// The text.
    pub content: SharedText,
}

impl Text {
    /// Builds an error at an offset of the text.
    #[must_use]
    pub fn error_at(&self, offset: Option<usize>, message: impl std::fmt::Display) -> Error {
        let span = offset.map(|at| {
            let at = at.min(self.content.len());
            Span::new(self.file, at, (at + 1).min(self.content.len()))
        });
        Error { message: format!("{}: {message}", self.path), help: None, span }
    }
}

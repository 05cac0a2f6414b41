//! Why a text is no YAML.

/// Why a text could not be read, in the words of Go's YAML library.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    message: String,
    offset: usize,
}

impl Error {
    /// Builds an error about the byte at `offset`; the message is Go's, such as
    /// `yaml: line 2: mapping values are not allowed in this context`.
    #[must_use]
    pub fn new(message: impl Into<String>, offset: usize) -> Self {
        Self { message: message.into(), offset }
    }

    /// Returns the offset of the byte that the error is about.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }
}

//! Why a chart could not be rendered.

use crate::source::Span;

/// Why a chart could not be rendered.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// What Helm prints after `Error: `.
    pub message: String,
    /// The reason alone, without positions.
    pub reason: String,
    /// The calls that led there, from the executed template to where it failed.
    pub frames: Vec<Frame>,
    /// Where values stand that a schema refuses, and what is wrong with each.
    pub values: Vec<(Span, String)>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A place of an error in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// The template's name: a file, or what `define` calls it.
    pub template: String,
    /// The place; none in a text that was made while rendering.
    pub span: Option<Span>,
}

impl Error {
    /// Builds an error without a place.
    pub fn new(message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            reason: message.clone(),
            message,
            frames: Vec::new(),
            values: Vec::new(),
            help: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The longest name that others are compared with.
const LONGEST_NAME: usize = 80;

/// Returns the advice to write a known name where one was written that is close to it.
pub(super) fn advice<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let known = known.filter(|known| known.len() <= LONGEST_NAME);
    let most = (name.chars().count() / 3).clamp(1, 3);
    let distance = |known: &'a str| (strsim::damerau_levenshtein(known, name), known);
    let nearest = known.map(distance).min().filter(|(distance, _)| *distance <= most);
    nearest.map(|(_, nearest)| format!("did you mean `{nearest}`?"))
}

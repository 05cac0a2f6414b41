//! Why the tool cannot do its work: what exits with 2.

use crate::finding::{OwnerName, listed};
use crate::report::json::ErrorEntry;
use crate::report::text::{self, Style};
use crate::source::{SourceMap, Span};
use crate::{input, render};

/// Why a part of the work, or all of it, cannot be done.
#[derive(Debug)]
pub(super) enum Trouble {
    /// An input cannot be read, or the command line makes no sense.
    Input(input::Error),
    /// A chart cannot be rendered for some releases.
    Render {
        /// The chart's path.
        chart: String,
        /// The releases.
        releases: Vec<OwnerName>,
        /// Why.
        error: Box<render::Error>,
    },
}

impl From<input::Error> for Trouble {
    fn from(error: input::Error) -> Self {
        Self::Input(error)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        let words = input::disk::words(&error);
        Self::Input(input::Error::new(format!("cannot write to standard output: {words}")))
    }
}

impl Trouble {
    /// Draws the trouble for people.
    pub(super) fn drawn(&self, sources: &SourceMap, style: Style) -> String {
        match self {
            Self::Input(error) => text::input_error(sources, error, style),
            Self::Render { error, .. } => text::render_error(sources, error, &self.title(), style),
        }
    }

    /// Returns the trouble as the machine formats show it.
    pub(super) fn entry(&self, sources: &SourceMap) -> ErrorEntry {
        let place = |span: Option<Span>| {
            let span = span?;
            Some((sources.file(span.file).name.clone(), sources.region(span).line))
        };
        let (message, place) = match self {
            Self::Input(error) => (error.message.clone(), place(error.span)),
            Self::Render { error, .. } => {
                let innermost = error.frames.iter().rev().find_map(|frame| frame.span);
                let innermost = innermost.or(error.values.first().map(|(span, _)| *span));
                (format!("{}: {}", self.title(), error.message), place(innermost))
            }
        };
        let (file, line) = place.unzip();
        ErrorEntry { message, file, line }
    }

    /// Returns the trouble without the places in texts that are gone.
    pub(super) fn without_places(mut self) -> Self {
        match &mut self {
            Self::Input(error) => error.span = None,
            Self::Render { error, .. } => {
                error.frames.clear();
                error.values.clear();
            }
        }
        self
    }

    fn title(&self) -> String {
        match self {
            Self::Input(error) => error.message.clone(),
            Self::Render { chart, releases, .. } if releases.is_empty() => {
                format!("cannot render {chart}")
            }
            Self::Render { chart, releases, .. } => {
                format!("cannot render {chart} for {}", listed(releases))
            }
        }
    }
}

/// Joins the releases of one chart that fail for one reason.
pub(super) fn joined(troubles: Vec<Trouble>) -> Vec<Trouble> {
    let mut joined: Vec<Trouble> = Vec::new();
    for trouble in troubles {
        let known = joined.iter_mut().find_map(|known| known.same_as(&trouble));
        match (known, trouble) {
            (Some(known), Trouble::Render { releases, .. }) => known.extend(releases),
            (_, trouble) => joined.push(trouble),
        }
    }
    joined
}

impl Trouble {
    /// Returns the releases, where the other trouble is this one for other releases.
    fn same_as(&mut self, other: &Self) -> Option<&mut Vec<OwnerName>> {
        match (self, other) {
            (
                Self::Render { chart, releases, error },
                Self::Render { chart: other_chart, error: other, .. },
            ) => (chart == other_chart && error.message == other.message).then_some(releases),
            _ => None,
        }
    }
}

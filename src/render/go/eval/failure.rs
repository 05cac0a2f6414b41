//! Why a template failed while it was executed, in Go's and Helm's words.

use crate::render::error::{Error, Frame};
use crate::render::functions::Failure as Cause;
use crate::source::Span;

/// Why a template failed: a chain of errors, each wrapped by the one before it.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    /// The links, innermost first: thousands may wrap each other.
    links: Vec<Link>,
    /// Who asked for it.
    pub(crate) cause: Cause,
    /// What to do about it.
    help: Option<String>,
}

/// One error of the chain, without the text of the error that it wraps.
#[derive(Debug, Clone)]
struct Link {
    place: Option<Place>,
    /// The message; where another error is wrapped, what stands before its text.
    message: String,
}

/// Where a template was when it failed.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// `c/templates/a.yaml:1:6`
    pub(super) location: String,
    /// What was executed: a file's name, or a name that `define` gave.
    pub(super) template: String,
    /// The node as Go prints it.
    pub(super) node: String,
    /// The node's place, where its text is known.
    pub(super) span: Option<Span>,
}

impl Failure {
    /// Builds an error that is no template's: its text stands alone.
    pub(crate) fn plain(message: impl Into<String>, cause: Cause) -> Self {
        let link = Link { place: None, message: message.into() };
        Self { links: vec![link], cause, help: None }
    }

    /// Builds an error at a node.
    pub(super) fn at(place: Place, message: impl Into<String>) -> Self {
        let link = Link { place: Some(place), message: message.into() };
        Self { links: vec![link], cause: Cause::Function, help: None }
    }

    /// Says who asked for the error.
    pub(super) fn caused_by(mut self, cause: Cause) -> Self {
        self.cause = cause;
        self
    }

    /// Says what to do about it.
    pub(super) fn with_help(mut self, help: Option<String>) -> Self {
        self.help = help;
        self
    }

    /// Wraps the error by one at a node: `error calling include: …`.
    pub(super) fn wrapped_at(mut self, place: Place, before: impl Into<String>) -> Self {
        self.links.push(Link { place: Some(place), message: before.into() });
        self
    }

    /// Wraps the error by a plain text that stands before its own.
    pub(super) fn wrapped(mut self, before: impl Into<String>) -> Self {
        self.links.push(Link { place: None, message: before.into() });
        self
    }

    /// Returns Go's text of the whole chain.
    pub(crate) fn text(&self) -> String {
        self.links.iter().rev().map(Link::text).collect()
    }

    /// Returns the error as `helm template` prints it.
    ///
    /// Source: helm 4.1.4, `pkg/engine/engine.go`, `reformatExecErrorMsg`.
    pub(crate) fn into_error(self) -> Error {
        let reason = self.links.first().map(|link| link.message.clone()).unwrap_or_default();
        let message = match (self.cause, self.links.last().and_then(|link| link.place.as_ref())) {
            (Cause::Author, Some(place)) => {
                format!("execution error at ({}): {reason}", place.location)
            }
            (Cause::Limit, _) => self.innermost(),
            _ if self.links.iter().all(Link::is_of_a_template) => self.in_lines(),
            _ => self.text(),
        };
        let frame = |link: &Link| {
            let place = link.place.as_ref()?;
            Some(Frame { template: place.template.clone(), span: place.span })
        };
        let frames = self.links.iter().rev().filter_map(frame).collect();
        Error {
            message: cut(message),
            reason: cut(reason),
            frames,
            values: Vec::new(),
            help: self.help,
        }
    }

    /// Returns where a bound was met, without the calls that led there: there may be many.
    fn innermost(&self) -> String {
        let innermost = self.links.iter().find(|link| link.place.is_some());
        let reason = self.links.first().map(|link| link.message.as_str()).unwrap_or_default();
        match innermost.and_then(|link| link.place.as_ref()) {
            Some(place) => format!("{}: {reason}", place.location),
            None => reason.to_owned(),
        }
    }

    fn in_lines(&self) -> String {
        let lines: String = self.links.iter().rev().map(Link::in_lines).collect();
        lines.trim().to_owned()
    }
}

/// Cuts a message that nobody would read to its end.
fn cut(mut message: String) -> String {
    const MOST_BYTES: usize = 256 * 1024;
    if message.len() > MOST_BYTES {
        let end = (0..=MOST_BYTES).rev().find(|at| message.is_char_boundary(*at));
        message.truncate(end.unwrap_or(0));
        message.push('…');
    }
    message
}

impl Link {
    fn text(&self) -> String {
        match &self.place {
            Some(Place { location, template, node, .. }) => {
                let quoted = super::super::quoted(template);
                format!("template: {location}: executing {quoted} at <{node}>: {}", self.message)
            }
            None => self.message.clone(),
        }
    }

    fn is_of_a_template(&self) -> bool {
        self.place.is_some() || self.message.starts_with("template: ")
    }

    fn in_lines(&self) -> String {
        match &self.place {
            Some(Place { location, template, node, .. }) => {
                let quoted = super::super::quoted(template);
                let message = self.message.trim_end();
                format!("{location}\n  executing {quoted} at <{node}>:\n    {message}\n")
            }
            None => format!("{}\n", self.message),
        }
    }
}

//! How a flaw is noted, and how fields are read where they should be texts or lists.

use std::fmt;

use smol_str::SmolStr;

use super::{Flaw, FlawKind};
use crate::document::View;
use crate::finding::{Edit, Fix, Written};
use crate::source::Span;
use crate::yaml::Data;

/// The way to a field, written as the API server does: `subjects[0].name`.
#[derive(Debug, Clone, Copy)]
pub(super) enum Path<'p> {
    Root,
    Field(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl<'p> Path<'p> {
    pub(super) fn field(&'p self, name: &'p str) -> Self {
        Self::Field(self, name)
    }

    pub(super) fn item(&'p self, at: usize) -> Self {
        Self::Item(self, at)
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Field(Path::Root, name) => f.write_str(name),
            Self::Field(above, name) => write!(f, "{above}.{name}"),
            Self::Item(above, at) => write!(f, "{above}[{at}]"),
        }
    }
}

/// Gathers flaws.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) flaws: Vec<Flaw>,
    /// The item or field that is judged.
    pub(super) extent: Span,
}

impl Judge {
    pub(super) fn new(extent: Span) -> Self {
        Self { flaws: Vec::new(), extent }
    }

    /// Notes a flaw that the object is refused for, and returns it for more to be said.
    pub(super) fn refuse(
        &mut self,
        kind: FlawKind,
        path: Path<'_>,
        (span, reason): (Span, String),
    ) -> &mut Flaw {
        let extent = self.extent;
        let path = path.to_string();
        self.flaws.push(Flaw {
            kind,
            path,
            reason,
            span,
            extent,
            written: true,
            refused: true,
            because: None,
            fix: None,
        });
        self.flaws.last_mut().expect("one was added")
    }

    /// Notes that a value is missing.
    pub(super) fn require(
        &mut self,
        kind: FlawKind,
        path: Path<'_>,
        (span, detail): (Span, &str),
    ) -> &mut Flaw {
        let reason = match detail {
            "" => "Required value".into(),
            detail => format!("Required value: {detail}"),
        };
        self.refuse(kind, path, (span, reason))
    }

    /// Notes that a value is none of those that are possible; where it is one of them but for its
    /// case, that is what mends it.
    pub(super) fn unsupported(
        &mut self,
        kind: FlawKind,
        path: Path<'_>,
        (span, value, supported): (Span, &str, &[&str]),
    ) -> &mut Flaw {
        let listed: Vec<String> = supported.iter().map(|it| format!("{it:?}")).collect();
        let reason =
            format!("Unsupported value: {value:?}: supported values: {}", listed.join(", "));
        let meant = supported.iter().find(|it| !it.is_empty() && it.eq_ignore_ascii_case(value));
        let fix = meant.map(|meant| written(span, meant));
        let flaw = self.refuse(kind, path, (span, reason));
        flaw.fix = fix;
        flaw
    }

    /// Notes each reason for which a text is refused.
    pub(super) fn invalid(
        &mut self,
        kind: FlawKind,
        path: Path<'_>,
        (span, value, reasons): (Span, &str, Vec<String>),
    ) {
        for reason in reasons {
            self.refuse(kind, path, (span, format!("Invalid value: {value:?}: {reason}")));
        }
    }

    /// Reads a field that should be a text: empty where it is missing.
    pub(super) fn text(&mut self, map: View<'_>, path: Path<'_>, key: &str) -> SmolStr {
        let Some(view) = map.get(key) else { return SmolStr::default() };
        self.is_text(view, path.field(key));
        view.scalar().unwrap_or_default()
    }

    /// Tells whether a value that is not missing is a text, and notes it where it is not.
    pub(super) fn is_text(&mut self, view: View<'_>, path: Path<'_>) -> bool {
        let what = match view.data() {
            Data::Str(_) => return true,
            // Where nothing is written there is nothing.
            Data::Null if view.written().is_none_or(str::is_empty) => return true,
            Data::Null => "nothing",
            Data::Bool(_) => "a boolean",
            Data::Int(_) | Data::Float(_) => "a number",
            Data::Seq(_) => "a list",
            Data::Map(_) => "a map",
        };
        let is_nothing = what == "nothing";
        let reason = match view.written() {
            Some(written) => format!("YAML reads `{written}` as {what}"),
            None => format!("it is {what}, not a text"),
        };
        let fix = view.written().map(|text| written(view.span(), text));
        let flaw = self.refuse(FlawKind::NoText, path, (view.span(), reason));
        flaw.refused = !is_nothing;
        flaw.fix = fix;
        false
    }

    /// Reads a field that should be a list, and notes it where it is none; `of` is what is wrong then.
    pub(super) fn list<'v>(
        &mut self,
        of: FlawKind,
        (map, path): (View<'v>, Path<'_>),
        key: &str,
    ) -> Option<View<'v>> {
        let view = map.get(key).filter(|view| !view.is_null())?;
        if view.is_list() {
            return Some(view);
        }
        self.refuse(of, path.field(key), (view.span(), "it is no list".into()));
        None
    }

    /// Tells whether an item is a map, and notes it where it is not; nothing counts as an empty one.
    pub(super) fn is_map(&mut self, of: FlawKind, view: View<'_>, path: Path<'_>) -> bool {
        if !view.is_map() && !view.is_null() {
            self.refuse(of, path, (view.span(), "it is no map".into()));
            return false;
        }
        true
    }
}

/// Returns what mends a value by another.
pub(super) fn written(span: Span, text: &str) -> Fix {
    let edits = vec![Edit::Replace { span, with: Written::Text(text.into()) }];
    Fix { title: format!("write `{text}`"), edits }
}

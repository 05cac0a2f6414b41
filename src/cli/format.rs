//! The formats of findings, and where each goes.

use std::ffi::{OsStr, OsString};
use std::marker::PhantomData;
use std::path::PathBuf;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Command, ValueEnum};

use super::output;
use super::streams::Console;
use super::trouble::Trouble;
use crate::input;
use crate::report::changes::{self, Comparison};
use crate::report::json::ErrorEntry;
use crate::report::text::{Colour, Style};
use crate::report::{Report, github, gitlab, html, json, junit, markdown, sarif, text};

/// A format of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Pictures for people
    Text,
    /// All that is known, for programs
    Json,
    /// For code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// Test results
    Junit,
    /// A comment on a change
    Markdown,
    /// A page with all findings and a picture of who is bound to what
    Html,
}

/// A format of what differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DiffFormat {
    /// Words and a unified diff for people
    Text,
    /// All that is known, for programs
    Json,
    /// A comment on a change
    Markdown,
    /// A page
    Html,
}

/// A format and where it goes; no path: standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target<F> {
    format: F,
    path: Option<PathBuf>,
}

impl Target<Format> {
    /// Tells whether it is text for people, on standard output.
    pub(super) fn is_for_people(&self) -> bool {
        self.format == Format::Text && self.path.is_none()
    }
}

impl Target<DiffFormat> {
    /// Tells whether it is text on standard output.
    pub(super) fn is_shown_text(&self) -> bool {
        self.format == DiffFormat::Text && self.path.is_none()
    }
}

/// Reads `NAME` or `NAME=FILE`.
#[derive(Debug, Clone)]
pub(super) struct TargetParser<F>(PhantomData<F>);

impl<F> TargetParser<F> {
    pub(super) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<F: ValueEnum + Clone + Send + Sync + 'static> TypedValueParser for TargetParser<F> {
    type Value = Target<F>;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        typed: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let invalid = || clap::Error::new(clap::error::ErrorKind::InvalidUtf8).with_cmd(command);
        let typed = typed.to_str().ok_or_else(invalid)?;
        let (name, path) = match typed.split_once('=') {
            Some((name, path)) => (name, Some(PathBuf::from(path))),
            None => (typed, None),
        };
        let name = OsString::from(name);
        let format = EnumValueParser::<F>::new().parse_ref(command, arg, &name)?;
        Ok(Target { format, path })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(F::value_variants().iter().filter_map(ValueEnum::to_possible_value)))
    }
}

/// Refuses two formats for one place.
pub(super) fn check<F>(targets: &[Target<F>]) -> Result<(), input::Error> {
    let mut paths: Vec<&PathBuf> = targets.iter().filter_map(|it| it.path.as_ref()).collect();
    if targets.len() - paths.len() > 1 {
        let error = input::Error::new("only one format can go to standard output");
        return Err(error.with_help("write the others to files: `--format json=FILE`"));
    }
    if paths.iter().any(|path| path.as_os_str().is_empty()) {
        let error = input::Error::new("--format NAME= names no file");
        return Err(
            error.with_help("write `--format json=FILE`, or `--format json` for standard output")
        );
    }
    paths.sort();
    let same = paths.windows(2).find_map(|two| (two[0] == two[1]).then_some(two[0]));
    same.map_or(Ok(()), |path| {
        let error = input::Error::new(format!("two formats go to the file {}", path.display()));
        Err(error.with_help("give each a file of its own"))
    })
}

/// Writes the report in one format.
pub(super) fn deliver(
    report: &Report<'_>,
    errors: &[ErrorEntry],
    target: &Target<Format>,
    console: &mut Console<'_>,
) -> Result<(), Trouble> {
    write(target, console, |format, style| match format {
        Format::Text => text::findings(report, style),
        Format::Json => json::lint(report, errors),
        Format::Sarif => sarif::lint(report, errors),
        Format::Github => github::lint(report, errors),
        Format::Gitlab => gitlab::lint(report, errors),
        Format::Junit => junit::lint(report, errors),
        Format::Markdown => markdown::lint(report, errors),
        Format::Html => html::lint(report, errors),
    })
}

/// Writes what differs in one format.
pub(super) fn deliver_changes(
    comparison: &Comparison<'_>,
    target: &Target<DiffFormat>,
    console: &mut Console<'_>,
) -> Result<(), Trouble> {
    write(target, console, |format, style| match format {
        DiffFormat::Text => changes::text(comparison, style),
        DiffFormat::Json => changes::json(comparison),
        DiffFormat::Markdown => changes::markdown(comparison),
        DiffFormat::Html => changes::html(comparison),
    })
}

fn write<F: Copy>(
    target: &Target<F>,
    console: &mut Console<'_>,
    content: impl FnOnce(F, Style) -> String,
) -> Result<(), Trouble> {
    let style = match target.path {
        Some(_) => Style { colour: Colour::None, ..console.out_style() },
        None => console.out_style(),
    };
    let content = content(target.format, style);
    match &target.path {
        Some(path) => output::write(path, content.as_bytes()),
        None => Ok(console.print(&content)?),
    }
}

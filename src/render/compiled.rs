//! The templates of a chart and its sub-charts, parsed, in Helm's order.

use std::cmp::Reverse;
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

use super::checks::{self, VersionCheck};
use super::error::advice;
use super::functions;
use super::go::ir::{Source, Template};
use super::go::{self, TemplateSet};
use super::jinja::{self, Jinja};
use super::resolve::ResolvedChart;
use super::{Error, Frame, Limits};
use crate::input::ChartFile;
use crate::parallel;
use crate::source::Span;

/// The templates of a chart, parsed.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) templates: TemplateSet,
    /// The Jinja templates; none where the charts have none, since building an engine takes time.
    pub(super) jinja: Option<Jinja>,
    limits: Limits,
    /// The templates that are executed, in Helm's order.
    pub(super) order: Vec<Executed>,
    /// Where the templates ask for API versions, once somebody wants to know.
    checks: OnceLock<Arc<[VersionCheck]>>,
}

impl Compiled {
    /// Parses the templates of a chart and its sub-charts; the limits bound Jinja templates.
    pub(super) fn new(chart: &ResolvedChart, limits: Limits) -> Result<Self, Error> {
        let templates = TemplateSet::default();
        let (order, checks) = (Vec::new(), OnceLock::new());
        let mut compiled = Self { templates, jinja: None, limits, order, checks };
        let mut files = Vec::new();
        gather(chart, &mut files);
        // Deepest first, and backwards by name: what is parsed later wins, so that shallower files
        // override deeper ones.
        files.sort_by_cached_key(|(name, ..)| Reverse(order_of(name)));
        check_size(&files, limits)?;
        let bytes = files.iter().map(|(_, file, _)| file.content.len()).sum();
        let parsed =
            parallel::map(files.iter().collect(), bytes, |(name, file, _)| parse_file(name, file));
        for ((name, file, chart), parsed) in files.into_iter().zip(parsed) {
            compiled.add((name, parsed?), file, chart)?;
        }
        Ok(compiled)
    }

    /// Returns where the templates ask for API versions.
    pub(super) fn checks(&self) -> &Arc<[VersionCheck]> {
        self.checks.get_or_init(|| checks::of_templates(&self.templates))
    }

    fn add(
        &mut self,
        (name, templates): (SmolStr, Option<Vec<Template>>),
        file: &ChartFile,
        chart: &SmolStr,
    ) -> Result<(), Error> {
        let language = match templates {
            None => {
                let text = file.content.text();
                let jinja = self.jinja.get_or_insert_with(|| Jinja::new(self.limits));
                jinja.add(&name, &text, file.file)?;
                Language::Jinja
            }
            Some(templates) => {
                templates.into_iter().for_each(|template| self.templates.add(Arc::new(template)));
                Language::Go
            }
        };
        let base = name.rsplit('/').next().unwrap_or_default();
        let is_part = language == Language::Jinja && !base.ends_with(jinja::ENDING);
        if !base.starts_with('_') && !is_part {
            self.order.push(Executed { name, language, chart: chart.clone() });
        }
        Ok(())
    }
}

/// A template file that is executed.
#[derive(Debug)]
pub(super) struct Executed {
    /// Its name: `c/templates/a.yaml`.
    pub(super) name: SmolStr,
    pub(super) language: Language,
    /// The path of its chart: `c/charts/sub`.
    pub(super) chart: SmolStr,
}

/// What a template is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Go,
    Jinja,
}

/// Returns what template names are ordered by: the number of `/`, then the bytes.
fn order_of(name: &SmolStr) -> (usize, SmolStr) {
    (name.bytes().filter(|byte| *byte == b'/').count(), name.clone())
}

fn gather<'a>(chart: &'a ResolvedChart, files: &mut Vec<(SmolStr, &'a ChartFile, &'a SmolStr)>) {
    for dependency in &chart.dependencies {
        gather(dependency, files);
    }
    for file in &chart.templates {
        files.push((SmolStr::from(format!("{}/{}", chart.path, file.name)), file, &chart.path));
    }
}

/// Checks that the templates fit the bound on bytes once they are parsed.
fn check_size(files: &[(SmolStr, &ChartFile, &SmolStr)], limits: Limits) -> Result<(), Error> {
    let longest: u64 = files.iter().map(|(_, file, _)| file.content.len() as u64).sum();
    if longest.saturating_mul(go::BYTES_PER_ACTION_BYTE as u64) <= limits.bytes {
        return Ok(());
    }
    let size_of = |file: &ChartFile| go::parsed_size(&file.content.text()) as u64;
    let size = files.iter().fold(0_u64, |size, (_, file, _)| size.saturating_add(size_of(file)));
    if size <= limits.bytes {
        return Ok(());
    }
    Err(Error::new(format!(
        "the templates take more than {} bytes once they are parsed; raise the bound with --max-bytes",
        limits.bytes
    )))
}

/// The templates of a file; none for one of Jinja, which is parsed when it is added.
type Parsed = Result<Option<Vec<Template>>, Error>;

fn parse_file(name: &SmolStr, file: &ChartFile) -> Parsed {
    if name.ends_with(".j2") {
        return Ok(None);
    }
    let text = file.content.shared_text();
    let source = Arc::new(Source { name: name.clone(), file: file.file, text });
    go::parse(&source).map(Some).map_err(|error| parse_error(&source, &error))
}

/// Returns a parse error as Helm prints it: `parse error at (FILE:LINE): ` and what follows the
/// last `: ` of Go's message.
fn parse_error(source: &Source, error: &go::ParseError) -> Error {
    let message = error.message.strip_prefix("template: ").unwrap_or(&error.message);
    let location = match message.split_once(": ") {
        Some((location, _)) => location,
        None => source.name.as_str(),
    };
    let reason = message.rsplit(": ").next().unwrap_or(message);
    let word = word(&source.text, error.offset);
    let after = (error.offset + word.len().max(1)).min(source.text.len());
    let range = error.unclosed.clone().unwrap_or(error.offset.min(after)..after);
    let span = source.file.map(|file| Span::new(file, range.start, range.end));
    let is_unknown = reason.starts_with("function ") && functions::lookup(word).is_none();
    let help = match &error.unclosed {
        Some(_) => Some("close it with `{{ end }}`".to_owned()),
        None if is_unknown => advice(word, functions::all().map(|function| function.name)),
        None => None,
    };
    let frame = Frame { template: source.name.to_string(), span };
    Error {
        message: format!("parse error at ({location}): {reason}"),
        reason: reason.to_owned(),
        frames: vec![frame],
        values: Vec::new(),
        help,
    }
}

/// Returns the word at an offset; empty for anything else.
fn word(text: &str, offset: usize) -> &str {
    let rest = text.get(offset..).unwrap_or_default();
    let is_of_word = |it: char| it.is_ascii_alphanumeric() || matches!(it, '_' | '$' | '.');
    let end = rest.find(|it| !is_of_word(it)).unwrap_or(rest.len());
    &rest[..end]
}

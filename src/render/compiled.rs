//! The templates of a chart and its sub-charts, parsed, in Helm's order.

use std::sync::Arc;

use smol_str::SmolStr;

use super::error::advice;
use super::functions;
use super::go::ir::Source;
use super::go::{self, TemplateSet};
use super::jinja::{self, Jinja};
use super::resolve::ResolvedChart;
use super::{Error, Frame, Limits};
use crate::input::ChartFile;
use crate::source::Span;

/// The templates of a chart, parsed.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) templates: TemplateSet,
    pub(super) jinja: Jinja,
    /// The templates that are executed, in Helm's order.
    pub(super) order: Vec<Executed>,
}

impl Compiled {
    /// Parses the templates of a chart and its sub-charts; the limits bound Jinja templates.
    pub(super) fn new(chart: &ResolvedChart, limits: Limits) -> Result<Self, Error> {
        let (templates, jinja) = (TemplateSet::default(), Jinja::new(limits));
        let mut compiled = Self { templates, jinja, order: Vec::new() };
        let mut files = Vec::new();
        gather(chart, &mut files);
        // Deepest first, and backwards by name: what is parsed later wins, so that shallower files
        // override deeper ones.
        files.sort_by(|one, other| order_of(&other.0).cmp(&order_of(&one.0)));
        let mut size = 0_u64;
        for (name, file, chart) in files {
            size = size.saturating_add(size_of(file));
            if size > limits.bytes {
                return Err(Error::new(format!(
                    "the templates take more than {} bytes once they are parsed; raise the bound \
                     with --max-bytes",
                    limits.bytes
                )));
            }
            compiled.add(name, file, chart)?;
        }
        Ok(compiled)
    }

    fn add(&mut self, name: SmolStr, file: &ChartFile, chart: &SmolStr) -> Result<(), Error> {
        let language = if name.ends_with(".j2") {
            let text = String::from_utf8_lossy(&file.content);
            self.jinja.add(&name, &text, file.file)?;
            Language::Jinja
        } else {
            parse_file(&name, file, &mut self.templates)?;
            Language::Go
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
fn order_of(name: &SmolStr) -> (usize, &[u8]) {
    (name.bytes().filter(|byte| *byte == b'/').count(), name.as_bytes())
}

fn gather<'a>(chart: &'a ResolvedChart, files: &mut Vec<(SmolStr, &'a ChartFile, &'a SmolStr)>) {
    for dependency in &chart.dependencies {
        gather(dependency, files);
    }
    for file in &chart.templates {
        files.push((SmolStr::from(format!("{}/{}", chart.path, file.name)), file, &chart.path));
    }
}

/// Returns how many bytes a template may take once it is parsed.
fn size_of(file: &ChartFile) -> u64 {
    go::parsed_size(&String::from_utf8_lossy(&file.content)) as u64
}

fn parse_file(name: &SmolStr, file: &ChartFile, templates: &mut TemplateSet) -> Result<(), Error> {
    let text = String::from_utf8_lossy(&file.content);
    let source = Arc::new(Source { name: name.clone(), file: file.file, text: Arc::from(&*text) });
    let parsed = go::parse(&source).map_err(|error| parse_error(&source, &error))?;
    for template in parsed {
        templates.add(Arc::new(template));
    }
    Ok(())
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

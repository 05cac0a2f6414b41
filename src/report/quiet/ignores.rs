//! The comments that silence findings, wherever they stand in what was read.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::directive::{self, Directive};
use super::{Problem, ProblemKind};
use crate::finding::Finding;
use crate::input;
use crate::rules::{self, Family};
use crate::source::{Comment, FileId, Language, SourceFile, SourceMap, Span, comments};

/// What to write, for those who wrote otherwise.
const FORM: &str = "write `rolecall: ignore[RULE, RULE] why it is accepted`, with the rules' names";

/// A comment that silences rules.
#[derive(Debug)]
pub(super) struct Ignore {
    /// All of it.
    pub(super) place: Span,
    /// The lines that it stands on, counted from 0.
    lines: (usize, usize),
    /// The line below, where what begins there is meant too.
    below: Option<usize>,
    /// The rules, where they are named, and whether they found something here.
    pub(super) rules: Vec<(&'static str, Span, bool)>,
    pub(super) reason: String,
    until: Option<Date>,
}

/// All comments that silence findings, and what is wrong with some.
#[derive(Debug, Default)]
pub(super) struct Ignores {
    pub(super) list: Vec<Ignore>,
    by_file: BTreeMap<FileId, Vec<usize>>,
    pub(super) problems: Vec<Problem>,
    /// Those that cannot be understood.
    pub(super) errors: Vec<input::Error>,
}

impl Ignores {
    /// Finds the comments in all texts that were read.
    pub(super) fn find(sources: &SourceMap) -> Self {
        let mut ignores = Self::default();
        let finder = memchr::memmem::Finder::new(directive::MARK);
        for (id, file) in sources.files().filter(|(_, file)| file.trail.is_none()) {
            let language =
                language(&file.name).filter(|_| finder.find(file.text.as_bytes()).is_some());
            let Some(language) = language else { continue };
            let comments = comments(&file.text, language);
            for (at, comment) in comments.iter().enumerate() {
                if let Some(said) = directive::read(&file.text, comment.words.clone()) {
                    let of_file = OfFile { id, file, comments: &comments };
                    ignores.add(&of_file, at, said);
                }
            }
        }
        ignores
    }

    fn add(&mut self, of: &OfFile<'_>, at: usize, said: Result<Directive, String>) {
        let comment = &of.comments[at];
        let place = Span::new(of.id, comment.range.start, comment.range.end);
        let span = |range: std::ops::Range<usize>| Span::new(of.id, range.start, range.end);
        let said = match said {
            Ok(said) => said,
            Err(why) => {
                let name = &of.file.name;
                let error = input::Error::new(format!("{name}: a comment silences nothing: {why}"));
                self.errors.push(input::Error { span: Some(place), ..error.with_help(FORM) });
                return;
            }
        };
        let mut problem = |kind, span, message: String, help: String| {
            self.problems.push(Problem { kind, span, message, help: Some(help) });
        };
        if said.reason.is_empty() {
            let help = "say why it is accepted, for those who read it later, behind the brackets";
            let message = "an ignore without a reason".into();
            problem(ProblemKind::NoReason, place, message, help.into());
        }
        let mut named = Vec::new();
        for (name, range) in said.rules {
            match rules::lookup(&name) {
                Some(rule) => named.push((rule.meta().name, span(range), false)),
                None => {
                    let message = format!("there is no rule `{name}` to ignore");
                    let help = rules::suggestion(&name, &[]);
                    problem(ProblemKind::UnknownRule, span(range), message, help);
                }
            }
        }
        let until = match said.until {
            Some(Err(range)) => {
                let message = "the day on which an ignore ends cannot be read: it silences nothing";
                let help = "write the day as in `until: 2027-01-31`".into();
                problem(ProblemKind::BadDate, span(range), message.into(), help);
                return;
            }
            until => until.and_then(Result::ok),
        };
        self.by_file.entry(of.id).or_default().push(self.list.len());
        let (lines, below) = (of.lines(comment), of.below(at));
        self.list.push(Ignore { place, lines, below, rules: named, reason: said.reason, until });
    }

    /// Returns the comment that silences a finding.
    pub(super) fn silencer(
        &mut self,
        finding: &Finding,
        (sources, today): (&SourceMap, &dyn Fn() -> Date),
    ) -> Option<usize> {
        if self.list.is_empty() {
            return None;
        }
        let mut silencer = None;
        for place in places(sources, finding) {
            let lines = &sources.file(place.file).lines;
            let last = (place.end as usize).max(place.start as usize + 1) - 1;
            let (first, last) = (lines.line(place.start as usize), lines.line(last));
            for at in self.by_file.get(&place.file).into_iter().flatten() {
                let ignore = &mut self.list[*at];
                let is_near = ignore.lines.0 <= last && first <= ignore.lines.1;
                if !is_near && ignore.below != Some(first) {
                    continue;
                }
                let named = ignore.rules.iter_mut().filter(|(rule, ..)| *rule == finding.rule);
                let named = named.map(|(_, _, used)| *used = true).count();
                if named > 0 && ignore.until.is_none_or(|until| today() <= until) {
                    silencer = silencer.or(Some(*at));
                }
            }
        }
        silencer
    }

    /// Tells of those that have ended, and of those that silence nothing, as far as their rules were
    /// run on what they stand in.
    pub(super) fn report(
        &mut self,
        sources: &SourceMap,
        (today, was_run): (&dyn Fn() -> Date, &WasRun<'_>),
    ) {
        let mut rendered: Option<Rendered> = None;
        for ignore in &self.list {
            if let Some(until) = ignore.until.filter(|until| *until < today()) {
                let message = format!("an ignore ended on {until}, and silences nothing since");
                let help = "mend what it silenced, or set another day".into();
                let kind = ProblemKind::Ended;
                self.problems.push(Problem { kind, span: ignore.place, message, help: Some(help) });
                continue;
            }
            for (rule, span, used) in &ignore.rules {
                let is_missed = !used && was_run(rule, span.file) && {
                    let rendered =
                        rendered.get_or_insert_with(|| Rendered::of(sources, &self.by_file));
                    rendered.holds(sources, ignore)
                };
                if is_missed {
                    let message = format!("an ignore of {rule} silences nothing");
                    let kind = ProblemKind::Unused;
                    self.problems.push(Problem { kind, span: *span, message, help: None });
                }
            }
        }
    }
}

/// Which lines of the templates that hold comments were rendered, into what is judged.
struct Rendered(BTreeMap<FileId, BTreeSet<usize>>);

impl Rendered {
    fn of(sources: &SourceMap, files: &BTreeMap<FileId, Vec<usize>>) -> Self {
        let mut lines: BTreeMap<FileId, BTreeSet<usize>> = BTreeMap::new();
        let trails = sources.files().filter_map(|(_, file)| file.trail.as_ref());
        let places: BTreeSet<Span> = trails.flat_map(|trail| trail.places()).collect();
        for place in places.into_iter().filter(|place| files.contains_key(&place.file)) {
            let index = &sources.file(place.file).lines;
            let last = (place.end as usize).max(place.start as usize + 1) - 1;
            let range = index.line(place.start as usize)..=index.line(last);
            lines.entry(place.file).or_default().extend(range);
        }
        Self(lines)
    }

    /// Tells whether what a comment is about was rendered: what is no template is there as it stands.
    fn holds(&self, sources: &SourceMap, ignore: &Ignore) -> bool {
        let file = ignore.place.file;
        if language(&sources.file(file).name) == Some(Language::Yaml) {
            return true;
        }
        let last = ignore.below.unwrap_or(ignore.lines.1);
        let lines = self.0.get(&file);
        lines.is_some_and(|lines| lines.range(ignore.lines.0..=last).next().is_some())
    }
}

/// Tells whether a rule was run on what a text brought.
pub(super) type WasRun<'a> = dyn Fn(&str, FileId) -> bool + 'a;

/// Returns the places of a finding at which a comment may stand: in the template that was executed and
/// in the helper that wrote it.
fn places(sources: &SourceMap, finding: &Finding) -> Vec<Span> {
    let is_collision =
        rules::lookup(finding.rule).is_some_and(|rule| rule.meta().family == Family::Collision);
    let shown = finding.related.iter().filter(|_| is_collision).map(|label| label.span);
    let mut places = Vec::new();
    for span in std::iter::once(finding.extent).chain(shown) {
        let origin = sources.trace(span);
        places.push(origin.template);
        places.extend(origin.via.last());
    }
    places
}

/// Returns what a text is written in, by its name; none where it holds no comments of ours.
fn language(name: &str) -> Option<Language> {
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if name.ends_with(".j2") {
        Some(Language::Jinja)
    } else if name.contains("/templates/") || ends(&[".tpl", ".gotmpl"]) {
        Some(Language::Go)
    } else if ends(&[".yaml", ".yml", ".json", "<stdin>"]) {
        Some(Language::Yaml)
    } else {
        None
    }
}

/// A text and its comments.
struct OfFile<'a> {
    id: FileId,
    file: &'a SourceFile,
    comments: &'a [Comment],
}

impl OfFile<'_> {
    /// Returns the lines that a comment stands on.
    fn lines(&self, comment: &Comment) -> (usize, usize) {
        let lines = &self.file.lines;
        (lines.line(comment.range.start), lines.line(comment.range.end - 1))
    }

    /// Returns what stands before a comment on its first line, without blanks.
    fn before(&self, comment: &Comment) -> &str {
        let start = self.file.lines.start(self.lines(comment).0);
        self.file.text.get(start..comment.range.start).unwrap_or("").trim()
    }

    /// Returns the line below a comment, and below those that follow it: where it stands alone, or
    /// behind what the next line belongs to.
    fn below(&self, at: usize) -> Option<usize> {
        let comment = &self.comments[at];
        let before = self.before(comment);
        if !before.is_empty() && !before.ends_with([':', '-', '[', '{']) {
            return None;
        }
        let mut below = self.lines(comment).1 + 1;
        for next in &self.comments[at + 1..] {
            let (first, last) = self.lines(next);
            if first != below || !self.before(next).is_empty() {
                break;
            }
            below = last + 1;
        }
        Some(below)
    }
}

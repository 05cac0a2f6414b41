//! Which values a template mentions: read off the parsed templates, not found by rendering.
//!
//! A mention is a hint where a switch may be, never an answer: whoever asks renders with the value
//! changed.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::compiled::{Compiled, Executed, Language};
use super::go::ir::{Command, Node, Operand, OperandKind, Pipe, Template};
use super::resolve::ResolvedChart;

/// What a file's templates mention, helpers that they include among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mentions {
    /// The paths below `.Values` of the chart that is installed, the likeliest switches first.
    pub paths: Vec<Vec<SmolStr>>,
    /// Names of fields that are taken of something else, such as a variable.
    pub names: BTreeSet<SmolStr>,
    /// Where the values of the file's chart stand among those of the chart that is installed.
    pub prefix: Vec<SmolStr>,
}

/// How likely a mention is a switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It stands in a condition of the file itself.
    Condition,
    /// It stands in a condition of a helper.
    HelpersCondition,
    /// It enables the chart as a dependency.
    Dependency,
    /// It stands anywhere else.
    Other,
}

/// Returns what a file that is executed mentions; nothing where there is no such file.
pub(super) fn of_file(compiled: &Compiled, chart: &ResolvedChart, file: &str) -> Mentions {
    let Some(executed) = compiled.order.iter().find(|it| it.name == file) else {
        return Mentions::default();
    };
    let mut reader = Reader { compiled, seen: BTreeSet::new(), ..Reader::new(compiled) };
    match executed.language {
        Language::Go => reader.template(&executed.name, Depth::File),
        Language::Jinja => reader.jinja(chart, executed),
    }
    let prefix = prefix(&executed.chart);
    let mut ranked: Vec<(Rank, Vec<SmolStr>)> = Vec::new();
    for (rank, path) in reader.found {
        let is_global = path.first().is_some_and(|first| first == "global");
        let full = if is_global { path } else { [prefix.clone(), path].concat() };
        ranked.push((rank, full));
    }
    ranked.extend(switches_of(chart, &prefix).into_iter().map(|path| (Rank::Dependency, path)));
    ranked.sort_by_key(|(rank, _)| *rank);
    let mut paths = Vec::new();
    for (_, path) in ranked {
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    Mentions { paths, names: reader.names, prefix }
}

/// Returns the names of the charts below the one that is installed: `[sub]` for `c/charts/sub`.
fn prefix(chart: &str) -> Vec<SmolStr> {
    chart.split('/').skip(2).step_by(2).map(SmolStr::new).collect()
}

/// Returns the conditions and tags that enable the sub-charts on the way to a chart.
fn switches_of(root: &ResolvedChart, prefix: &[SmolStr]) -> Vec<Vec<SmolStr>> {
    let mut found = Vec::new();
    let mut chart = root;
    for (depth, name) in prefix.iter().enumerate() {
        let listed = chart.metadata.dependencies.iter().filter(|it| it.name == *name);
        for dependency in listed {
            let conditions = dependency.condition.trim().split(',').filter(|it| !it.is_empty());
            found.extend(conditions.map(|condition| {
                let path = condition.trim().split('.').map(SmolStr::new);
                prefix[..depth].iter().cloned().chain(path).collect()
            }));
            let tags = dependency.tags.iter();
            found.extend(tags.map(|tag| vec![SmolStr::new_static("tags"), SmolStr::new(tag)]));
        }
        match chart.dependencies.iter().find(|it| it.metadata.name == *name) {
            Some(sub) => chart = sub,
            None => break,
        }
    }
    found
}

/// Which template is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// The file that is executed.
    File,
    /// A helper.
    Helper,
}

struct Reader<'a> {
    compiled: &'a Compiled,
    /// The templates that were read.
    seen: BTreeSet<SmolStr>,
    found: Vec<(Rank, Vec<SmolStr>)>,
    names: BTreeSet<SmolStr>,
}

impl<'a> Reader<'a> {
    fn new(compiled: &'a Compiled) -> Self {
        Self { compiled, seen: BTreeSet::new(), found: Vec::new(), names: BTreeSet::new() }
    }

    fn template(&mut self, name: &str, depth: Depth) {
        if !self.seen.insert(name.into()) {
            return;
        }
        let compiled = self.compiled;
        if let Some(template) = compiled.templates.get(name) {
            self.body(template, depth);
        }
    }

    /// Walks the nodes of a template without recursion: what nests may nest deep.
    fn body(&mut self, template: &Template, depth: Depth) {
        let in_condition = match depth {
            Depth::File => Rank::Condition,
            Depth::Helper => Rank::HelpersCondition,
        };
        let mut called = Vec::new();
        let mut open: Vec<std::slice::Iter<'_, Node>> = vec![template.body.iter()];
        while let Some(nodes) = open.last_mut() {
            let Some(node) = nodes.next() else {
                open.pop();
                continue;
            };
            match node {
                Node::Text { .. } | Node::Break | Node::Continue => {}
                Node::Action { pipe, .. } => self.pipe(pipe, Rank::Other, &mut called),
                Node::Branch { pipe, body, otherwise, .. }
                | Node::Range { pipe, body, otherwise, .. } => {
                    self.pipe(pipe, in_condition, &mut called);
                    open.push(otherwise.iter());
                    open.push(body.iter());
                }
                Node::Call { name, pipe, .. } => {
                    called.push(name.clone());
                    if let Some(pipe) = pipe {
                        self.pipe(pipe, Rank::Other, &mut called);
                    }
                }
            }
        }
        for name in called {
            self.template(&name, Depth::Helper);
        }
    }

    fn pipe(&mut self, pipe: &Pipe, rank: Rank, called: &mut Vec<SmolStr>) {
        for command in &pipe.commands {
            self.command(command, rank, called);
        }
    }

    fn command(&mut self, command: &Command, rank: Rank, called: &mut Vec<SmolStr>) {
        if let [first, second, rest @ ..] = command.args.as_slice()
            && let OperandKind::Function(function) = &first.kind
        {
            let second_text = text(second);
            match (function.name, second_text) {
                ("include", Some(name)) => called.push(name.clone()),
                // `index .Values "a" "b"`, `get .Values "a"` and `hasKey .Values "a"`
                ("index" | "get" | "hasKey", None) => {
                    if let Some(path) = below_values(fields(second)) {
                        let keys = rest.iter().map_while(text).cloned();
                        self.note(path.iter().cloned().chain(keys).collect(), rank);
                    }
                }
                // `dig "a" "b" default .Values`
                ("dig", Some(key)) => {
                    let path = rest.last().and_then(|it| below_values(fields(it)));
                    if let Some(path) = path {
                        let keys = rest[..rest.len().saturating_sub(2)].iter().map_while(text);
                        let keys = path.iter().chain([key]).chain(keys);
                        self.note(keys.cloned().collect(), rank);
                    }
                }
                _ => {}
            }
        }
        for operand in &command.args {
            self.operand(operand, rank, called);
        }
    }

    fn operand(&mut self, operand: &Operand, rank: Rank, called: &mut Vec<SmolStr>) {
        match &operand.kind {
            OperandKind::Pipe(pipe) => self.pipe(pipe, rank, called),
            OperandKind::Chain { base, .. } => self.operand(base, rank, called),
            OperandKind::Str { value, .. } => drop(self.names.insert(value.clone())),
            _ => {}
        }
        let fields = fields(operand);
        match below_values(fields) {
            Some(path) => self.note(path.to_vec(), rank),
            None => self.names.extend(fields.last().cloned()),
        }
    }

    fn note(&mut self, path: Vec<SmolStr>, rank: Rank) {
        if !path.is_empty() {
            self.found.push((rank, path));
        }
    }

    /// Reads `Values.a.b` off the texts of a chart's Jinja files, which are not told apart.
    fn jinja(&mut self, root: &ResolvedChart, executed: &Executed) {
        let mut chart = Some(root);
        for name in prefix(&executed.chart) {
            chart =
                chart.and_then(|it| it.dependencies.iter().find(|sub| sub.metadata.name == *name));
        }
        let files = chart.into_iter().flat_map(|it| &it.templates);
        for file in files.filter(|file| file.name.ends_with(".j2")) {
            for after in file.content.text().split("Values.").skip(1) {
                let is_of_path = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.');
                let end = after.find(|it| !is_of_path(it)).unwrap_or(after.len());
                let path = after[..end].split('.').filter(|it| !it.is_empty());
                self.note(path.map(SmolStr::new).collect(), Rank::Condition);
            }
        }
    }
}

/// Returns the fields that an operand takes of something.
fn fields(operand: &Operand) -> &[SmolStr] {
    match &operand.kind {
        OperandKind::Field(fields)
        | OperandKind::Variable { fields, .. }
        | OperandKind::Chain { fields, .. } => fields,
        _ => &[],
    }
}

/// Returns what follows `Values` in a chain of fields.
fn below_values(fields: &[SmolStr]) -> Option<&[SmolStr]> {
    let at = fields.iter().position(|field| field == "Values")?;
    fields.get(at + 1..)
}

fn text(operand: &Operand) -> Option<&SmolStr> {
    match &operand.kind {
        OperandKind::Str { value, .. } => Some(value),
        _ => None,
    }
}

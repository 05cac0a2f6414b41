//! Templates carried out: the walk over their nodes, as Go's `exec.go` does it.

mod call;
mod failure;
mod fields;
mod mark;
mod methods;
mod operand;
mod output;
mod range;
mod scope;
mod special;
mod walk;

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use smol_str::SmolStr;

pub(crate) use failure::Failure;
use mark::Mark;
use output::Output;
use scope::Scope;
pub use scope::TemplateSet;
use walk::{Frame, Walk};

use super::ir::Template;
use crate::render::Trails;
use crate::render::functions::{Budget, Context, Failure as Cause, FunctionError, Random, weigh};
use crate::render::value::{Str, Value};
use crate::source::{FileId, Trail};

/// How much stack must be left before a template is entered.
const RED_ZONE: usize = 256 * 1024;

/// How much stack is added where less is left.
const STACK: usize = 4 * 1024 * 1024;

/// How many bytes the place takes that is noted with each piece of a text.
const PLACE: usize = 32;

/// How deep templates, branches, loops and parentheses may nest in all: as deep as plain templates
/// may, and some more, so that the stack stays within bounds.
const MAX_NESTED: usize = 150_000;

/// How many bytes room is made for before a template that is no file writes.
const LINES: usize = 128;

type Result<T> = std::result::Result<T, Failure>;

/// Carries out the templates of one release.
pub(crate) struct Machine<'c> {
    chart: Rc<Scope<'c>>,
    /// How often each template is active through `include`.
    included: HashMap<SmolStr, usize>,
    /// How deep `tpl` is nested.
    texts_open: usize,
    /// Texts given to `tpl` that were parsed before, by text, and the file that each is a copy of.
    texts: HashMap<SmolStr, (Option<FileId>, special::ParsedText)>,
    /// How deep `{{ template }}` is nested.
    depth: usize,
    /// How deep templates, branches, loops and parentheses are nested in all.
    nested: usize,
    /// What the seed of each draw begins with.
    seed: Vec<u8>,
    /// How often each place has drawn.
    draws: HashMap<(SmolStr, u32), u64>,
    now: i64,
    /// What may still be used up.
    pub(crate) budget: Budget,
    trails: Trails,
}

/// A value as Go's `reflect` sees it.
#[derive(Debug, Clone, Default)]
struct Seen {
    value: Value,
    /// Whether its type is `interface {}`, as that of an element of a list or map: nil is a nil
    /// interface then, and nothing at all otherwise.
    boxed: bool,
}

impl Seen {
    fn plain(value: Value) -> Self {
        Self { value, boxed: false }
    }

    fn boxed(value: Value) -> Self {
        Self { value, boxed: true }
    }

    /// Returns the name of the static type, as Go's errors give it.
    fn type_name(&self) -> &str {
        if self.boxed { "interface {}" } else { self.value.type_name() }
    }
}

impl<'c> Machine<'c> {
    /// Builds a machine over the templates of a chart.
    pub(crate) fn new(chart: &'c TemplateSet, seed: Vec<u8>, now: i64, budget: Budget) -> Self {
        Self {
            chart: Rc::new(Scope::Chart(chart)),
            included: HashMap::new(),
            texts_open: 0,
            texts: HashMap::new(),
            depth: 0,
            nested: 0,
            seed,
            draws: HashMap::new(),
            now,
            budget,
            trails: Trails::Keep,
        }
    }

    /// Says whether it is noted where bytes come from.
    pub(crate) fn with_trails(self, trails: Trails) -> Self {
        Self { trails, ..self }
    }

    /// Carries out the template of a name, and returns what it wrote.
    pub(crate) fn execute(&mut self, name: &str, dot: Value) -> Result<(Vec<u8>, Trail)> {
        let scope = self.chart.clone();
        self.execute_in(&scope, name, dot).map(Output::into_parts)
    }

    /// Carries out the template of a name, as far as it is seen from a scope.
    fn execute_in(&mut self, scope: &Rc<Scope<'c>>, name: &str, dot: Value) -> Result<Output> {
        let Some(template) = scope.get(name).cloned() else {
            let quoted = super::quoted(name);
            let message =
                format!("template: no template {quoted} associated with template \"gotpl\"");
            let failure = Failure::plain(message, Cause::Function);
            return Err(failure.with_help(scope.advice(name)));
        };
        let mut output = Output::default();
        // Most files write about as much as they hold, most other templates a few lines.
        let is_file = template.name == template.source.name;
        output.reserve(if is_file { template.source.text.len() } else { LINES });
        self.run((&template, scope), Seen::plain(dot), &mut output)?;
        Ok(output)
    }

    /// Carries out a template with a dot.
    fn run(
        &mut self,
        (template, scope): (&Arc<Template>, &Rc<Scope<'c>>),
        dot: Seen,
        output: &mut Output,
    ) -> Result<()> {
        let frame = Frame::new(template, scope.clone(), dot.clone());
        let mut walk = Walk { machine: self, frame, output };
        walk.deeper(|walk| walk.block(&dot, &template.body).map(|_| ()))
    }

    /// Goes one level of templates, branches, loops or parentheses down.
    fn enter(&mut self) -> Result<()> {
        if self.nested >= MAX_NESTED {
            let message = format!("templates, branches and loops nest deeper than {MAX_NESTED}");
            return Err(Failure::plain(message, Cause::Limit));
        }
        self.nested += 1;
        Ok(())
    }

    fn leave(&mut self) {
        self.nested -= 1;
    }

    /// Returns a generator for a call: the same for the same release, chart, place, and number of
    /// calls there before.
    fn generator(&mut self, source: &SmolStr, on: Mark<'_>) -> Random {
        let at = on.place().at;
        let count = self.draws.entry((source.clone(), at)).or_default();
        *count += 1;
        let (at, count) = (at.to_le_bytes(), count.to_le_bytes());
        Random::new(&[&self.seed, source.as_bytes(), &at, &count])
    }

    /// Charges a step.
    fn step(&mut self) -> Result<()> {
        self.budget.take_steps(1).map_err(of_limit)
    }

    /// Checks that a method which writes out its receiver can do so.
    fn weigh_receiver(&mut self, receiver: &Value, method: &str) -> Result<()> {
        if method != "YAML" {
            return Ok(());
        }
        let mut random = Random { state: 0 };
        let (now, budget) = (self.now, &mut self.budget);
        weigh(&mut Context { random: &mut random, now, budget }, receiver).map_err(of_limit)
    }

    /// Charges what a method gave.
    fn given(&mut self, value: &Value) -> Result<()> {
        /// About as long as it takes to ask a method.
        const STEPS: usize = 64 * 16;
        self.make(match value {
            Value::Str(text) => STEPS.saturating_add(text.len()),
            Value::List(list) => {
                let texts = list.iter().filter_map(Value::as_text);
                texts.map(|text| text.len() + 2 * PLACE).fold(STEPS, usize::saturating_add)
            }
            _ => STEPS,
        })
    }

    /// Charges the texts that a function is about to read.
    fn read(&mut self, args: &[Value]) -> Result<()> {
        let length = args.iter().filter_map(Value::as_text).map(Str::len).sum();
        self.budget.read_bytes(length).map_err(of_limit)
    }

    /// Charges the copy of what a text knows about where it came from.
    fn trace(&mut self, text: &Str) -> Result<()> {
        match text.trail() {
            Some(trail) => self.make(trail.entries().len().saturating_mul(PLACE)),
            None => Ok(()),
        }
    }

    /// Charges bytes that are about to be written.
    fn make(&mut self, bytes: usize) -> Result<()> {
        self.budget.take_bytes(bytes).map_err(of_limit)
    }
}

#[cold]
fn of_limit(error: FunctionError) -> Failure {
    Failure::plain(error.message, error.kind)
}

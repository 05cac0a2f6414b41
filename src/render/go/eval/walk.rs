//! One template carried out: its nodes, pipelines and variables.

use std::rc::Rc;

use super::mark::Mark;
use super::output::Output;
use super::scope::Scope;
use super::{Failure, Machine, PLACE, RED_ZONE, Result, STACK, Seen, failure};
use crate::render::Trails;
use crate::render::go::ir::{Branch, Node, Pipe, Place, Target, Template};
use crate::render::go::quoted;
use crate::render::value::Value;
use crate::source::Span;

/// How deep `{{ template }}` may nest: Go's own bound.
const MAX_TEMPLATE_DEPTH: usize = 100_000;

/// The execution of one template.
pub(super) struct Walk<'m, 't, 'c> {
    pub(super) machine: &'m mut Machine<'c>,
    pub(super) frame: Frame<'t, 'c>,
    /// Where it writes to: its own text, or that of the template that called it.
    pub(super) output: &'m mut Output,
}

/// What is alive while a template is executed.
pub(super) struct Frame<'t, 'c> {
    pub(super) template: &'t Template,
    pub(super) scope: Rc<Scope<'c>>,
    /// The variables that were declared so far; slot 0 is `$`.
    slots: Vec<Option<Seen>>,
    /// Go's latest mark: the node that an error would name.
    pub(super) mark: Mark<'t>,
}

/// How a list of nodes ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// At its end.
    Done,
    /// With `{{ break }}`.
    Break,
    /// With `{{ continue }}`.
    Continue,
}

impl<'t, 'c> Walk<'_, 't, 'c> {
    /// Walks a list of nodes.
    pub(super) fn block(&mut self, dot: &Seen, nodes: &'t [Node]) -> Result<Flow> {
        for node in nodes {
            self.machine.step()?;
            let flow = match node {
                Node::Text { text, place } => {
                    self.machine.make(text.len() + PLACE)?;
                    self.output.text(text, self.span(*place));
                    Flow::Done
                }
                Node::Action { pipe, place } => {
                    let value = self.pipe(dot, pipe)?;
                    if pipe.targets.is_empty() {
                        self.print(&value, *place)?;
                    }
                    Flow::Done
                }
                Node::Branch { .. } => self.branch(dot, node)?,
                Node::Range { .. } => self.range(dot, node)?,
                Node::Call { .. } => self.call_template(dot, node)?,
                Node::Break => Flow::Break,
                Node::Continue => Flow::Continue,
            };
            if flow != Flow::Done {
                return Ok(flow);
            }
        }
        Ok(Flow::Done)
    }

    /// Returns where what is written comes from; none where nobody will ask.
    fn span(&self, place: Place) -> Option<Span> {
        match self.machine.trails {
            Trails::Keep => place.span(&self.frame.template.source),
            Trails::Drop => None,
        }
    }

    /// Writes what `{{ value }}` prints.
    fn print(&mut self, value: &Value, place: Place) -> Result<()> {
        let span = self.span(place);
        match value {
            Value::Str(text) => {
                self.machine.make(text.len() + PLACE)?;
                self.machine.trace(text)?;
                self.output.made(text, span);
            }
            Value::Nil => self.output.printed("<no value>", span),
            Value::Native(native) => self.output.printed(&native.shown(), span),
            other => {
                let left = usize::try_from(self.machine.budget.bytes()).unwrap_or(usize::MAX);
                // A text that does not fit is charged as more than is left, which is refused.
                let text = other.print_within(left);
                self.machine.make(text.as_ref().map_or(left, String::len).saturating_add(PLACE))?;
                self.output.printed(&text.unwrap_or_default(), span);
            }
        }
        Ok(())
    }

    fn branch(&mut self, dot: &Seen, node: &'t Node) -> Result<Flow> {
        let Node::Branch { kind, pipe, body, otherwise, .. } = node else {
            unreachable!("only branches come here")
        };
        let value = self.pipe(dot, pipe)?;
        self.deeper(|walk| match (value.truth(), kind) {
            (true, Branch::If) => walk.block(dot, body),
            (true, Branch::With) => walk.block(&Seen::plain(value), body),
            (false, _) => walk.block(dot, otherwise),
        })
    }

    /// Goes one level down, on a stack that is large enough.
    pub(super) fn deeper<T>(&mut self, run: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.machine.enter()?;
        let done = stacker::maybe_grow(RED_ZONE, STACK, || run(self));
        self.machine.leave();
        done
    }

    fn call_template(&mut self, dot: &Seen, node: &'t Node) -> Result<Flow> {
        let Node::Call { name, pipe, place } = node else {
            unreachable!("only template calls come here")
        };
        self.frame.mark = Mark::Node(node);
        let scope = self.frame.scope.clone();
        let Some(template) = scope.get(name).cloned() else {
            let quoted = quoted(name);
            let failure = self.frame.fail(format!("template {quoted} not defined"));
            return Err(failure.with_help(scope.advice(name)));
        };
        if self.machine.depth == MAX_TEMPLATE_DEPTH {
            let message = format!("exceeded maximum template depth ({MAX_TEMPLATE_DEPTH})");
            return Err(self.frame.fail(message));
        }
        let argument = match pipe {
            Some(pipe) => self.pipe(dot, pipe)?,
            None => Value::Nil,
        };
        self.machine.depth += 1;
        let before = self.output.enter(self.span(*place));
        let done = self.machine.run((&template, &scope), Seen::plain(argument), self.output);
        self.output.leave(before);
        self.machine.depth -= 1;
        done.map(|()| Flow::Done)
    }

    /// Evaluates a pipeline and binds its variables.
    pub(super) fn pipe(&mut self, dot: &Seen, pipe: &'t Pipe) -> Result<Value> {
        self.frame.mark = Mark::Pipe(pipe);
        let mut value: Option<Value> = None;
        for command in &pipe.commands {
            value = Some(self.command(dot, command, value)?);
        }
        let value = value.unwrap_or_default();
        for target in &pipe.targets {
            self.frame.bind(target, Seen::plain(value.clone()))?;
        }
        Ok(value)
    }
}

impl<'t, 'c> Frame<'t, 'c> {
    pub(super) fn new(template: &'t Template, scope: Rc<Scope<'c>>, dot: Seen) -> Self {
        let mut slots = vec![None; template.slots.max(1)];
        slots[0] = Some(dot);
        Self { template, scope, slots, mark: Mark::None }
    }

    /// Returns the value of a variable; none where it was not declared yet.
    pub(super) fn slot(&self, slot: Option<usize>) -> Option<&Seen> {
        self.slots.get(slot?)?.as_ref()
    }

    /// Binds a variable.
    pub(super) fn bind(&mut self, target: &Target, value: Seen) -> Result<()> {
        match target.slot.and_then(|slot| self.slots.get_mut(slot)) {
            Some(slot) => {
                *slot = Some(value);
                Ok(())
            }
            None => Err(self.fail(format!("undefined variable: {}", target.name))),
        }
    }

    /// Builds an error at the latest mark.
    pub(super) fn fail(&self, message: impl Into<String>) -> Failure {
        Failure::at(self.place(), message)
    }

    /// Returns the place of the latest mark.
    pub(super) fn place(&self) -> failure::Place {
        let source = &self.template.source;
        let at = self.mark.place();
        let text = &source.text.as_bytes()[..source.text.len().min(at.at as usize)];
        // An error may have thousands of places in one large file.
        let line_start = memchr::memrchr(b'\n', text).map_or(0, |at| at + 1);
        let line = memchr::memchr_iter(b'\n', text).count() + 1;
        failure::Place {
            location: format!("{}:{line}:{}", source.name, text.len() - line_start),
            template: self.template.name.to_string(),
            node: self.mark.to_string(),
            span: at.span(source),
        }
    }
}

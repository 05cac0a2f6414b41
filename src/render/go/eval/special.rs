//! `include`, `tpl` and `call`.

use std::rc::Rc;
use std::sync::Arc;

use smol_str::SmolStr;

use super::scope::{Scope, TemplateSet};
use super::{Failure, Frame, Output, Result, Seen, Walk};
use crate::render::functions::{Failure as Cause, FunctionError, Special};
use crate::render::go::ir::{Source, Template};
use crate::render::go::{ParseError, parse, parsed_size, quoted};
use crate::render::value::{Str, Value};
use crate::source::FileId;

/// How often one template may be active through `include`: Helm's own bound.
const MAX_INCLUDES: usize = 1000;

/// How often `tpl` may be active; Helm has no bound and ends with an overflow of its stack.
const MAX_TEXTS: usize = 1000;

/// A text given to `tpl`, parsed.
pub(super) type ParsedText = std::result::Result<Rc<Vec<Arc<Template>>>, ParseError>;

impl Walk<'_, '_, '_> {
    pub(super) fn special(&mut self, special: Special, mut args: Vec<Value>) -> Result<Value> {
        match special {
            Special::Include => {
                let dot = args.pop().unwrap_or_default();
                let name = args.pop().and_then(|it| it.as_text().map(Str::to_key));
                self.include(&name.unwrap_or_default(), dot)
            }
            Special::Tpl => {
                let dot = args.pop().unwrap_or_default();
                let text = args.pop().and_then(|it| it.as_text().cloned());
                self.tpl(&text.unwrap_or_else(|| Str::from("")), dot)
            }
            Special::Call => {
                let what = args.first().cloned().unwrap_or_default();
                let message = match &what {
                    Value::Nil => "call of nil".to_owned(),
                    other => format!(
                        "non-function {} of type {}",
                        self.frame.mark_of_argument(),
                        other.type_name()
                    ),
                };
                Err(self.frame.failed_call("call", FunctionError::new(message)))
            }
            Special::And | Special::Or => unreachable!("evaluated before their operands are"),
        }
    }

    fn include(&mut self, name: &SmolStr, dot: Value) -> Result<Value> {
        let active = self.machine.included.entry(name.clone()).or_default();
        if *active > MAX_INCLUDES {
            let message = format!(
                "rendering template has a nested reference name: {name}: unable to execute template"
            );
            let failure = Failure::plain(message, Cause::Function);
            return Err(failure.wrapped_at(self.frame.place(), "error calling include: "));
        }
        *active += 1;
        let scope = self.frame.scope.clone();
        let done = self.machine.execute_in(&scope, name, dot);
        if let Some(active) = self.machine.included.get_mut(name) {
            *active -= 1;
        }
        match done {
            Ok(output) => Ok(Value::Str(output.into_str())),
            Err(failure) => Err(self.frame.wrap(failure, "error calling include: ", "")),
        }
    }

    fn tpl(&mut self, text: &Str, dot: Value) -> Result<Value> {
        let key = text.to_key();
        let file = text.trail().and_then(|trail| trail.copied_file(text.len()));
        let known = self.machine.texts.get(&key).filter(|(of, _)| *of == file);
        let parsed = match known.map(|(_, parsed)| parsed) {
            Some(parsed) => parsed.clone(),
            None => {
                self.machine.make(parsed_size(&key))?;
                let parsed = parse_text(&key, file);
                self.machine.texts.insert(key.clone(), (file, parsed.clone()));
                parsed
            }
        };
        let templates = match parsed {
            Ok(templates) => templates,
            Err(error) => {
                let before = format!("cannot parse template {}: ", quoted(&key));
                let failure = Failure::plain(error.message, Cause::Function).wrapped(before);
                return Err(failure.wrapped_at(self.frame.place(), "error calling tpl: "));
            }
        };
        let mut own = TemplateSet::default();
        for template in templates.iter().skip(1) {
            own.add(template.clone());
        }
        let scope = match templates.len() {
            1 => self.frame.scope.clone(),
            _ => Rc::new(Scope::Text(own, self.frame.scope.clone())),
        };
        let Some(main) = templates.first() else { return Ok(Value::str("")) };
        if self.machine.texts_open >= MAX_TEXTS {
            let message = format!("tpl nests deeper than {MAX_TEXTS}");
            return Err(Failure::plain(message, Cause::Limit));
        }
        let call = self.frame.mark.place().span(&self.frame.template.source);
        let mut output = Output::of_text(self.output.place(call));
        self.machine.texts_open += 1;
        let done = self.machine.run((main, &scope), Seen::plain(dot), &mut output);
        self.machine.texts_open -= 1;
        match done {
            Ok(()) => Ok(Value::Str(output.into_str_without_no_value())),
            Err(failure) => {
                let between = format!("error during tpl function execution for {}: ", quoted(&key));
                Err(self.frame.wrap(failure, "error calling tpl: ", &between))
            }
        }
    }
}

impl Frame<'_, '_> {
    /// Wraps what failed in a callee; what the chart's author asked for keeps its text alone.
    fn wrap(&self, failure: Failure, before: &str, between: &str) -> Failure {
        let failure = if between.is_empty() { failure } else { failure.wrapped(between) };
        failure.wrapped_at(self.place(), before)
    }

    fn mark_of_argument(&self) -> String {
        let text = self.mark.to_string();
        text.strip_prefix("call ").map_or(text.clone(), str::to_owned)
    }
}

/// Parses a text; `file` is the one that it is a copy of.
fn parse_text(text: &SmolStr, file: Option<FileId>) -> ParsedText {
    let source =
        Arc::new(Source { name: SmolStr::new_static("gotpl"), file, text: text.as_str().into() });
    parse(&source).map(|templates| Rc::new(templates.into_iter().map(Arc::new).collect()))
}

//! Functions.

use super::{Failure, Frame, Mark, Result, Seen, Walk};
use crate::render::functions::{
    Context, Failure as Cause, Function, FunctionError, Param, Random, Run, Special,
};
use crate::render::go::ir::{Operand, OperandKind};
use crate::render::value::Value;

impl<'t, 'c> Walk<'_, 't, 'c> {
    /// Calls a function; `on` is what an error of the function names.
    pub(super) fn function(
        &mut self,
        dot: &Seen,
        (function, on): (&'static Function, Mark<'t>),
        (given, piped): (&'t [Operand], Option<Value>),
    ) -> Result<Value> {
        self.frame.check_arity(function, given.len(), piped.as_ref())?;
        if let Run::Special(special @ (Special::And | Special::Or)) = function.run {
            return self.and_or(dot, special, (given, piped));
        }
        let mut args = Vec::with_capacity(given.len() + usize::from(piped.is_some()));
        for (index, operand) in given.iter().enumerate() {
            args.push(self.argument(dot, operand, param_at(function, index))?);
        }
        if let Some(piped) = piped {
            let param = param_at(function, args.len());
            args.push(self.frame.assign(Seen::plain(piped), param)?);
        }
        self.machine.read(&args)?;
        match function.run {
            Run::Plain(run) => {
                let mut random = match function.draws() {
                    true => self.machine.generator(&self.frame.template.source.name, on),
                    false => Random { state: 0 },
                };
                let mut context = Context {
                    random: &mut random,
                    now: self.machine.now,
                    budget: &mut self.machine.budget,
                };
                let value = run(&mut context, &args).map_err(|error| {
                    let error = match (function.name, args.as_slice()) {
                        ("len", [Value::Nil]) => self.length_of_nil(dot, given, error),
                        _ => error,
                    };
                    self.frame.mark = on;
                    self.frame.failed_call(function.name, error)
                })?;
                if let Value::Str(text) = &value {
                    self.machine.trace(text)?;
                }
                Ok(value)
            }
            Run::Special(special) => {
                self.frame.mark = on;
                self.special(special, args)
            }
        }
    }

    /// Returns Go's error for the length of a nil, which depends on whether an interface holds it.
    fn length_of_nil(
        &mut self,
        dot: &Seen,
        given: &'t [Operand],
        error: FunctionError,
    ) -> FunctionError {
        let is_boxed = given.first().is_some_and(|operand| {
            !matches!(operand.kind, OperandKind::Nil)
                && self.any(dot, operand).is_ok_and(|seen| seen.boxed)
        });
        if is_boxed {
            return error;
        }
        FunctionError::new("reflect: call of reflect.Value.Type on zero Value")
    }

    /// Evaluates `and` and `or`, which stop at the operand that decides.
    fn and_or(
        &mut self,
        dot: &Seen,
        special: Special,
        (given, piped): (&'t [Operand], Option<Value>),
    ) -> Result<Value> {
        let mut value = Value::Nil;
        for operand in given {
            value = self.argument(dot, operand, Param::Any)?;
            if value.truth() == (special == Special::Or) {
                return Ok(value);
            }
        }
        Ok(piped.unwrap_or(value))
    }
}

impl Frame<'_, '_> {
    /// Builds the error of a call at the latest mark.
    pub(super) fn failed_call(&self, name: &str, error: FunctionError) -> Failure {
        let before = format!("error calling {name}: ");
        match error.kind {
            Cause::Function => {
                Failure::plain(error.message, Cause::Function).wrapped_at(self.place(), before)
            }
            cause => Failure::at(self.place(), error.message).caused_by(cause),
        }
    }

    /// Checks the number of arguments.
    fn check_arity(&self, function: &Function, given: usize, piped: Option<&Value>) -> Result<()> {
        let (count, wanted) = (given + usize::from(piped.is_some()), function.params.len());
        let name = function.name;
        let message = if function.rest.is_some() {
            if count >= wanted {
                return Ok(());
            }
            format!("wrong number of args for {name}: want at least {wanted} got {given}")
        } else if count != wanted {
            format!("wrong number of args for {name}: want {wanted} got {count}")
        } else {
            return Ok(());
        };
        Err(self.fail(message))
    }
}

/// Returns the type of a parameter.
fn param_at(function: &Function, index: usize) -> Param {
    function.params.get(index).copied().or(function.rest).unwrap_or(Param::Any)
}

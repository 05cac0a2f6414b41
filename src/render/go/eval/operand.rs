//! Commands and operands.

use super::{Frame, Mark, Result, Seen, Walk};
use crate::render::functions::Param;
use crate::render::go::ir::{Command, Number, NumberForm, Operand, OperandKind, Pipe};
use crate::render::value::{List, Map, MapType, Str, Value};

impl<'t, 'c> Walk<'_, 't, 'c> {
    /// Evaluates a command, given what came through the pipe.
    pub(super) fn command(
        &mut self,
        dot: &Seen,
        command: &'t Command,
        piped: Option<Value>,
    ) -> Result<Value> {
        self.machine.step()?;
        let Some((first, given)) = command.args.split_first() else { return Ok(Value::Nil) };
        match &first.kind {
            OperandKind::Function(function) => {
                self.frame.mark = Mark::Operand(first);
                let on = Mark::Command(command);
                return self.function(dot, (function, on), (given, piped));
            }
            OperandKind::Field(names) => {
                self.frame.mark = Mark::Operand(first);
                let arguments = (given, piped);
                return self.chain((dot, dot), (first, names), arguments).map(|it| it.value);
            }
            OperandKind::Variable { fields, .. } if !fields.is_empty() => {
                self.frame.mark = Mark::Operand(first);
                let base = self.frame.variable(first)?;
                let arguments = (given, piped);
                return self.chain((dot, &base), (first, fields), arguments).map(|it| it.value);
            }
            OperandKind::Chain { base, fields } => {
                self.frame.mark = Mark::Operand(first);
                let base = self.base(dot, first, base)?;
                let arguments = (given, piped);
                return self.chain((dot, &base), (first, fields), arguments).map(|it| it.value);
            }
            OperandKind::Pipe(pipe) => {
                self.frame.needs_no_arguments(first, given, piped.as_ref())?;
                return self.nested(dot, pipe);
            }
            _ => {}
        }
        self.frame.mark = Mark::Operand(first);
        self.frame.needs_no_arguments(first, given, piped.as_ref())?;
        match &first.kind {
            OperandKind::Nil => Err(self.frame.fail("nil is not a command")),
            _ => self.simple(dot, first).map(|it| it.value),
        }
    }

    /// Evaluates a pipeline in parentheses.
    fn nested(&mut self, dot: &Seen, pipe: &'t Pipe) -> Result<Value> {
        self.deeper(|walk| walk.pipe(dot, pipe))
    }

    /// Evaluates what fields are taken of.
    fn base(&mut self, dot: &Seen, chain: &'t Operand, base: &'t Operand) -> Result<Seen> {
        match &base.kind {
            OperandKind::Pipe(pipe) => {
                self.frame.mark = Mark::Operand(base);
                self.nested(dot, pipe).map(Seen::plain)
            }
            OperandKind::Nil => {
                let text = Mark::Operand(chain).to_string();
                Err(self.frame.fail(format!("indirection through explicit nil in {text}")))
            }
            _ => self.any(dot, base),
        }
    }

    /// Evaluates an operand that needs no function: a constant, dot or a variable alone.
    fn simple(&self, dot: &Seen, operand: &Operand) -> Result<Seen> {
        Ok(match &operand.kind {
            OperandKind::Dot => dot.clone(),
            OperandKind::Bool(value) => Seen::plain(Value::Bool(*value)),
            OperandKind::Str { .. } => Seen::plain(text_of(operand)),
            OperandKind::Number(number) => Seen::plain(self.frame.constant(number)?),
            OperandKind::Variable { .. } => self.frame.variable(operand)?,
            _ => Seen::default(),
        })
    }

    /// Evaluates an operand as an argument of any type.
    pub(super) fn any(&mut self, dot: &Seen, operand: &'t Operand) -> Result<Seen> {
        self.frame.mark = Mark::Operand(operand);
        match &operand.kind {
            OperandKind::Field(names) => self.chain((dot, dot), (operand, names), (&[], None)),
            OperandKind::Variable { fields, .. } if !fields.is_empty() => {
                let base = self.frame.variable(operand)?;
                self.chain((dot, &base), (operand, fields), (&[], None))
            }
            OperandKind::Chain { base, fields } => {
                let base = self.base(dot, operand, base)?;
                self.chain((dot, &base), (operand, fields), (&[], None))
            }
            OperandKind::Function(function) => {
                let on = Mark::Operand(operand);
                self.function(dot, (function, on), (&[], None)).map(Seen::plain)
            }
            OperandKind::Pipe(pipe) => self.nested(dot, pipe).map(Seen::plain),
            _ => self.simple(dot, operand),
        }
    }

    /// Evaluates an operand as an argument for a parameter.
    pub(super) fn argument(
        &mut self,
        dot: &Seen,
        operand: &'t Operand,
        param: Param,
    ) -> Result<Value> {
        self.machine.step()?;
        self.frame.mark = Mark::Operand(operand);
        match &operand.kind {
            OperandKind::Nil => self.frame.nil_for(param),
            OperandKind::Bool(_) | OperandKind::Number(_) | OperandKind::Str { .. } => {
                self.frame.literal(operand, param)
            }
            _ => {
                let seen = self.any(dot, operand)?;
                self.frame.assign(seen, param)
            }
        }
    }
}

impl Frame<'_, '_> {
    fn needs_no_arguments(
        &self,
        first: &Operand,
        given: &[Operand],
        piped: Option<&Value>,
    ) -> Result<()> {
        if given.is_empty() && piped.is_none() {
            return Ok(());
        }
        let text = Mark::Operand(first).to_string();
        Err(self.fail(format!("can't give argument to non-function {text}")))
    }

    /// Returns the value of the variable that an operand names, its fields left out.
    fn variable(&self, operand: &Operand) -> Result<Seen> {
        let OperandKind::Variable { name, slot, .. } = &operand.kind else {
            return Ok(Seen::default());
        };
        match self.slot(*slot) {
            Some(value) => Ok(value.clone()),
            None => Err(self.fail(format!("undefined variable: {name}"))),
        }
    }

    /// Returns the value of a number literal where no type is asked for.
    fn constant(&self, number: &Number) -> Result<Value> {
        match (number.form, number.int, number.float, number.imaginary) {
            (NumberForm::Complex, _, real, imaginary) => {
                Ok(Value::Complex(real.unwrap_or_default(), imaginary.unwrap_or_default()))
            }
            (NumberForm::Float, _, Some(float), _) => Ok(Value::Float(float)),
            (_, Some(int), _, _) => Ok(Value::Int(int)),
            _ => Err(self.fail(format!("{} overflows int", number.written))),
        }
    }

    /// Returns the nil literal as an argument.
    fn nil_for(&self, param: Param) -> Result<Value> {
        match nil_of(param) {
            Some(nil) => Ok(nil),
            None => Err(self.fail(format!("cannot assign nil to {}", param.name()))),
        }
    }

    /// Returns a literal as an argument, which Go converts to the parameter's type.
    fn literal(&self, operand: &Operand, param: Param) -> Result<Value> {
        if let OperandKind::Number(number) = &operand.kind
            && let Some(value) = typed(number, param)
        {
            return Ok(value);
        }
        let wanted = match (param, &operand.kind) {
            (Param::Any, OperandKind::Number(number)) => return self.constant(number),
            (Param::Any | Param::Bool, OperandKind::Bool(value)) => return Ok(Value::Bool(*value)),
            (Param::Any | Param::String, OperandKind::Str { .. }) => return Ok(text_of(operand)),
            (Param::Bool, _) => "bool",
            (Param::String, _) => "string",
            (Param::Int | Param::Int64 | Param::Duration, _) => "integer",
            (Param::Uint32, _) => "unsigned integer",
            (Param::Float, _) => "float",
            _ => {
                let text = Mark::Operand(operand).to_string();
                return Err(
                    self.fail(format!("can't handle {text} for arg of type {}", param.name()))
                );
            }
        };
        let text = Mark::Operand(operand).to_string();
        Err(self.fail(format!("expected {wanted}; found {text}")))
    }

    /// Checks a value against the type of a parameter, as Go's `validateType` does.
    pub(super) fn assign(&self, seen: Seen, param: Param) -> Result<Value> {
        if fits(&seen.value, param) {
            return Ok(match seen.value {
                Value::Map(map) if param == Param::Map => Value::Map(map.plain()),
                value => value,
            });
        }
        if matches!(seen.value, Value::Nil) {
            return match nil_of(param) {
                Some(nil) if !seen.boxed || param == Param::Any => Ok(nil),
                _ if seen.boxed => Err(self.wrong_type(param, "interface {}")),
                _ => Err(self.fail(format!("invalid value; expected {}", param.name()))),
            };
        }
        Err(self.wrong_type(param, seen.value.type_name()))
    }

    fn wrong_type(&self, param: Param, got: &str) -> super::Failure {
        self.fail(format!("wrong type for value; expected {}; got {got}", param.name()))
    }
}

/// Returns a number as a parameter of a type of numbers takes it.
fn typed(number: &Number, param: Param) -> Option<Value> {
    match param {
        Param::Int => number.int.map(Value::Int),
        Param::Int64 | Param::Duration => number.int.map(Value::Int64),
        Param::Uint32 => number.uint.map(Value::Uint64),
        Param::Float => number.float.map(Value::Float),
        _ => None,
    }
}

/// Returns the value of a string literal, whose escapes may give bytes that are not UTF-8.
fn text_of(operand: &Operand) -> Value {
    match &operand.kind {
        OperandKind::Str { value, .. } if value.contains('\u{fffd}') => {
            Value::Str(Str::from_bytes(operand.kind.bytes().unwrap_or_default()))
        }
        OperandKind::Str { value, .. } => Value::str(value.clone()),
        _ => Value::Nil,
    }
}

/// Returns what nil is for a parameter; none where its type has no nil.
fn nil_of(param: Param) -> Option<Value> {
    match param {
        Param::Any | Param::Location | Param::Version => Some(Value::Nil),
        Param::Map => Some(Value::Map(std::rc::Rc::new(Map::nil(MapType::Any)))),
        Param::List => {
            Some(Value::List(std::rc::Rc::new(List::nil(crate::render::value::ElementType::Any))))
        }
        _ => None,
    }
}

/// Tells whether a value that is not nil can be assigned to a parameter.
fn fits(value: &Value, param: Param) -> bool {
    use crate::render::value::ElementType;
    match (param, value) {
        (Param::Any, _)
        | (Param::String, Value::Str(_))
        | (Param::Int, Value::Int(_))
        | (Param::Int64, Value::Int64(_))
        | (Param::Float, Value::Float(_))
        | (Param::Bool, Value::Bool(_)) => true,
        (Param::Map, Value::Map(map)) => map.map_type() != MapType::Strings,
        (Param::List, Value::List(list)) => list.element() == ElementType::Any,
        (
            Param::Time | Param::Duration | Param::Location | Param::Version | Param::Certificate,
            Value::Native(native),
        ) => native.type_name() == param.name(),
        _ => false,
    }
}

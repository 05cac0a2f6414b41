//! What the function modules share: rows of tables, checked arguments, made texts.

use std::borrow::Cow;
use std::rc::Rc;

use super::{Context, Function, FunctionError, Param, Run};
use crate::render::value::{Kind, Map, Str, Value};

/// What a function gives back.
pub(super) type Answer = Result<Value, FunctionError>;

/// The body of a function.
pub(super) type Body = fn(&mut Context<'_>, &[Value]) -> Answer;

/// Go's panic at a nil interface whose type is asked for.
pub(super) const NIL_POINTER: &str =
    "runtime error: invalid memory address or nil pointer dereference";

const CHECKED: &str = "the evaluator checks arguments against the parameters";

/// Builds the row of a function with a fixed number of parameters.
pub(super) const fn fixed(name: &'static str, params: &'static [Param], run: Body) -> Function {
    Function { name, params, rest: None, run: Run::Plain(run) }
}

/// Builds the row of a function that takes any number of further arguments.
pub(super) const fn variadic(
    name: &'static str,
    params: &'static [Param],
    rest: Param,
    run: Body,
) -> Function {
    Function { name, params, rest: Some(rest), run: Run::Plain(run) }
}

/// Returns the argument at `index`, which a `Param::String` checks.
pub(super) fn text(args: &[Value], index: usize) -> &Str {
    args.get(index).and_then(Value::as_text).expect(CHECKED)
}

/// Returns the argument at `index`, which a `Param::Int` checks.
pub(super) fn int(args: &[Value], index: usize) -> i64 {
    match args.get(index) {
        Some(Value::Int(number)) => Some(*number),
        _ => None,
    }
    .expect(CHECKED)
}

/// Returns the argument at `index`, which a `Param::Bool` checks.
pub(super) fn bool(args: &[Value], index: usize) -> bool {
    match args.get(index) {
        Some(Value::Bool(value)) => Some(*value),
        _ => None,
    }
    .expect(CHECKED)
}

/// Returns the argument at `index`, which a `Param::Map` checks; nil is a nil map.
pub(super) fn map(args: &[Value], index: usize) -> Option<&Rc<Map>> {
    args.get(index).and_then(Value::as_map)
}

/// Returns the items of a slice of any type; none for all else.
pub(super) fn items(value: &Value) -> Option<Cow<'_, [Value]>> {
    match value {
        Value::List(list) => Some(Cow::Borrowed(list)),
        Value::Bytes(bytes) => Some(bytes.iter().map(|byte| Value::Uint8(*byte)).collect()),
        Value::Native(native) if native.kind() == Kind::Slice => native.items().map(Cow::Owned),
        _ => None,
    }
}

/// Returns sprig's `strval`: a text or bytes as they are, all else as `%v` prints it.
pub(super) fn strval(context: &mut Context<'_>, value: &Value) -> Result<Str, FunctionError> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        Value::Bytes(bytes) => Ok(Str::from_bytes(bytes.to_vec())),
        other => printed(context, other).map(Str::from),
    }
}

/// Returns what `%v` prints, taken off the budget.
pub(super) fn printed(context: &mut Context<'_>, value: &Value) -> Result<String, FunctionError> {
    let left = usize::try_from(context.budget.bytes()).unwrap_or(usize::MAX);
    let Some(text) = value.print_within(left) else {
        return Err(context
            .budget
            .take_bytes(usize::MAX)
            .err()
            .unwrap_or_else(|| FunctionError::new("the value is too large to print")));
    };
    context.budget.take_bytes(text.len())?;
    Ok(text)
}

/// Builds a text out of bytes, taken off the budget.
pub(super) fn made(context: &mut Context<'_>, bytes: Vec<u8>) -> Answer {
    context.budget.take_bytes(bytes.len())?;
    Ok(Value::Str(Str::from_bytes(bytes)))
}

/// What a list or map takes besides its values, counted in values.
const VALUES_PER_COLLECTION: usize = 4;

/// Takes `count` values off the budget before a slice of them is made.
pub(super) fn take_values(context: &mut Context<'_>, count: usize) -> Result<(), FunctionError> {
    context
        .budget
        .take_bytes(count.saturating_add(VALUES_PER_COLLECTION).saturating_mul(size_of::<Value>()))
}

/// Takes a map of `count` entries off the budget before it is made.
pub(super) fn take_entries(context: &mut Context<'_>, count: usize) -> Result<(), FunctionError> {
    context.budget.take_bytes(map_bytes(count))
}

/// Returns how much memory a map of `count` entries takes.
pub(super) fn map_bytes(count: usize) -> usize {
    /// A node of a `BTreeMap` has room for eleven entries, and at least half of it is used.
    const NODE: usize = 11 * (size_of::<smol_str::SmolStr>() + size_of::<Value>()) + 32;
    count.div_ceil(6).saturating_mul(NODE).saturating_add(size_of::<Map>())
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::{Budget, Context, FunctionError, Random, Run, lookup};
    use super::Value;

    /// Calls a function of the table without a check of the arguments.
    pub(in super::super) fn call(name: &str, args: &[Value]) -> Result<Value, FunctionError> {
        call_within(name, args, Budget::new(1 << 20, 1 << 20))
    }

    /// Calls a function that may use up a budget, some time in 2023.
    pub(in super::super) fn call_within(
        name: &str,
        args: &[Value],
        mut budget: Budget,
    ) -> Result<Value, FunctionError> {
        let function = lookup(name).unwrap_or_else(|| panic!("no function {name}"));
        let Run::Plain(run) = function.run else { panic!("{name} is the evaluator's") };
        let mut random = Random { state: 1 };
        run(&mut Context { random: &mut random, now: 1_700_000_000, budget: &mut budget }, args)
    }

    /// Returns what `%v` prints for the result, or the message of the failure.
    pub(in super::super) fn shown(name: &str, args: &[Value]) -> String {
        match call(name, args) {
            Ok(value) => value.print(),
            Err(error) => format!("error: {}", error.message),
        }
    }

    /// Builds a list.
    pub(in super::super) fn list<const N: usize>(items: [Value; N]) -> Value {
        Value::list(items.to_vec())
    }

    /// Builds a dict.
    pub(in super::super) fn dict<const N: usize>(entries: [(&str, Value); N]) -> Value {
        entries.into_iter().map(|(key, value)| (key.into(), value)).collect()
    }

    /// Builds an `int`.
    pub(in super::super) fn int(number: i64) -> Value {
        Value::Int(number)
    }
}

//! Helm's functions as functions and filters of Jinja.

use minijinja::value::Rest;
use minijinja::{Environment, Error, ErrorKind, State};

use super::{bridge, world};
use crate::render::functions::{self, Context, Function, FunctionError, Param, Run};
use crate::render::value::{Str, Value};

/// Registers each function that is not the Go evaluator's own.
pub(super) fn register(environment: &mut Environment<'static>) {
    for function in functions::all() {
        if matches!(function.run, Run::Special(_)) {
            continue;
        }
        let call =
            |state: &mut State<'_, '_>, args: Rest<minijinja::Value>| call(function, state, &args);
        environment.add_function(function.name, call);
        let filter = |state: &mut State<'_, '_>, args: Rest<minijinja::Value>| {
            let mut args = args.0;
            // As in Helm's pipelines, what stands before the bar is the last argument.
            if !args.is_empty() {
                args.rotate_left(1);
            }
            call_with(function, state, &args)
        };
        environment.add_filter(function.name, filter);
    }
}

fn call(
    function: &Function,
    state: &mut State<'_, '_>,
    args: &[minijinja::Value],
) -> Result<minijinja::Value, Error> {
    call_with(function, state, args)
}

fn call_with(
    function: &Function,
    state: &mut State<'_, '_>,
    args: &[minijinja::Value],
) -> Result<minijinja::Value, Error> {
    let mut left = bridge::BYTES;
    let args = arguments(function.name, (function.params, function.rest), args, &mut left)?;
    let Run::Plain(run) = function.run else {
        return Err(Error::from(ErrorKind::UnknownFunction));
    };
    let Some(world) = world(state) else {
        return Err(Error::new(ErrorKind::InvalidOperation, "called outside of a release"));
    };
    let mut world = world.0.borrow_mut();
    let world = &mut *world;
    let mut context =
        Context { random: &mut world.random, now: world.now, budget: &mut world.budget };
    let length = args.iter().filter_map(Value::as_text).map(Str::len).sum();
    let charged = context.budget.read_bytes(length);
    let charged = charged.and_then(|()| context.budget.take_bytes(bridge::BYTES - left));
    match charged.and_then(|()| run(&mut context, &args)) {
        Ok(value) => Ok(bridge::to_jinja(&value)),
        Err(error) => Err(failed(function.name, &error)),
    }
}

/// Returns the error of a function.
pub(super) fn failed(name: &str, error: &FunctionError) -> Error {
    let message = match error.kind {
        functions::Failure::Function => format!("{name}: {}", error.message),
        _ => error.message.clone(),
    };
    Error::new(ErrorKind::InvalidOperation, message)
}

/// Writes JSON as minijinja does, unless the value has no end.
pub(super) fn to_json(
    value: &minijinja::Value,
    indent: Option<minijinja::Value>,
    options: minijinja::value::Kwargs,
) -> Result<minijinja::Value, Error> {
    let plain = bridge::from_jinja(value, &mut bridge::BYTES.clone()).ok_or_else(too_large)?;
    // A dict that holds itself has no data.
    if matches!(plain, Value::Map(_) | Value::List(_)) && plain.to_data().is_none() {
        return Err(too_large());
    }
    minijinja::filters::tojson(value, indent, options)
}

/// Gives the text of a value as minijinja does, unless the value has no end.
pub(super) fn string(
    state: &State<'_, '_>,
    value: &minijinja::Value,
) -> Result<minijinja::Value, Error> {
    bridge::from_jinja(value, &mut bridge::BYTES.clone()).ok_or_else(too_large)?;
    minijinja::filters::string(state, value)
}

/// Returns the error of a value that cannot be given to a function.
pub(super) fn too_large() -> Error {
    Error::new(ErrorKind::InvalidOperation, "the value is too large, or nests too deep")
}

/// Checks arguments against parameters; a whole number passes where Go's type is another one of
/// numbers, since Jinja has no types to convert by hand.
pub(super) fn arguments(
    name: &str,
    (params, rest): (&[Param], Option<Param>),
    args: &[minijinja::Value],
    left: &mut usize,
) -> Result<Vec<Value>, Error> {
    if args.len() < params.len() || (rest.is_none() && args.len() > params.len()) {
        let wanted = params.len();
        let least = if rest.is_some() { "at least " } else { "" };
        return Err(Error::new(
            ErrorKind::InvalidOperation,
            format!("wrong number of args for {name}: want {least}{wanted} got {}", args.len()),
        ));
    }
    let param = |index: usize| params.get(index).copied().or(rest).unwrap_or(Param::Any);
    let converted = args.iter().enumerate().map(|(index, value)| {
        let value = bridge::from_jinja(value, left).ok_or_else(too_large)?;
        let got = value.type_name().to_owned();
        fitted(value, param(index)).ok_or_else(|| {
            let wanted = param(index).name();
            Error::new(
                ErrorKind::InvalidOperation,
                format!("{name}: wrong type for value; expected {wanted}; got {got}"),
            )
        })
    });
    converted.collect()
}

fn fitted(value: Value, param: Param) -> Option<Value> {
    use crate::render::value::{ElementType, List, Map, MapType};
    Some(match (param, value) {
        (Param::Any, value) => value,
        (Param::Int, Value::Int(number) | Value::Int64(number)) => Value::Int(number),
        (Param::Int64, Value::Int(number) | Value::Int64(number)) => Value::Int64(number),
        (Param::Uint32, Value::Int(number)) => Value::Uint64(u64::try_from(number).ok()?),
        (Param::Float, Value::Int(number)) => Value::Float(number as f64),
        (Param::Int | Param::Int64, Value::Float(number)) if number.fract() == 0.0 => {
            fitted(Value::Int(number as i64), param)?
        }
        (Param::Map, Value::Nil) => Value::Map(Map::nil(MapType::Any).into()),
        (Param::List, Value::Nil) => Value::List(List::nil(ElementType::Any).into()),
        (Param::Map, value @ Value::Map(_))
        | (Param::List, value @ Value::List(_))
        | (Param::String, value @ Value::Str(_))
        | (Param::Bool, value @ Value::Bool(_))
        | (Param::Float, value @ Value::Float(_))
        | (Param::Time | Param::Certificate, value @ Value::Native(_)) => value,
        _ => return None,
    })
}

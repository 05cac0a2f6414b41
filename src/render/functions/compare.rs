//! Comparisons as Go's templates make them: eq, ne, lt, le, gt, ge, not.

use std::cmp::Ordering;
use std::rc::Rc;

use super::args::{fixed, variadic};
use super::fmt::as_text;
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{Kind, Value};

const TWO: &[Param] = &[Param::Any, Param::Any];

pub(super) static TABLE: &[Function] = &[
    variadic("eq", &[Param::Any], Param::Any, |context, args| {
        equals_any(context, args).map(Value::Bool)
    }),
    fixed("ge", TWO, |_, args| Ok(Value::Bool(!less(args)?))),
    fixed("gt", TWO, |context, args| Ok(Value::Bool(!at_most(context, args)?))),
    fixed("le", TWO, |context, args| at_most(context, args).map(Value::Bool)),
    fixed("lt", TWO, |_, args| less(args).map(Value::Bool)),
    fixed("ne", TWO, |context, args| Ok(Value::Bool(!equals_any(context, args)?))),
    fixed("not", &[Param::Any], |_, args| Ok(Value::Bool(!args.iter().all(Value::truth)))),
];

/// A value of one of the kinds that can be compared.
#[derive(Debug, Clone, Copy)]
enum Basic<'a> {
    Bool(bool),
    Complex(f64, f64),
    Float(f64),
    Int(i64),
    Text(&'a [u8]),
    Uint(u64),
}

fn basic(value: &Value) -> Option<Basic<'_>> {
    Some(match value {
        Value::Bool(value) => Basic::Bool(*value),
        Value::Int(number) | Value::Int64(number) => Basic::Int(*number),
        Value::Uint8(number) => Basic::Uint(u64::from(*number)),
        Value::Uint64(number) => Basic::Uint(*number),
        Value::Float(number) => Basic::Float(*number),
        Value::Complex(real, imaginary) => Basic::Complex(*real, *imaginary),
        Value::Str(text) => Basic::Text(text.as_bytes()),
        Value::Native(native) => Basic::Int(super::dates::number(native.as_ref())?),
        _ => return None,
    })
}

fn incompatible(one: &Value, other: &Value) -> FunctionError {
    let (one, other) = (one.type_name(), other.type_name());
    FunctionError::new(format!("incompatible types for comparison: {one} and {other}"))
}

fn equals_any(context: &mut Context<'_>, args: &[Value]) -> Result<bool, FunctionError> {
    let Some((one, others)) = args.split_first().filter(|(_, others)| !others.is_empty()) else {
        return Err(FunctionError::new("missing argument for comparison"));
    };
    for other in others {
        if equals(context, one, other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equals(context: &mut Context<'_>, one: &Value, other: &Value) -> Result<bool, FunctionError> {
    Ok(match (basic(one), basic(other)) {
        (Some(Basic::Bool(one)), Some(Basic::Bool(other))) => one == other,
        (Some(Basic::Complex(real, imaginary)), Some(Basic::Complex(other, other_imaginary))) => {
            real == other && imaginary == other_imaginary
        }
        (Some(Basic::Float(one)), Some(Basic::Float(other))) => one == other,
        (Some(Basic::Int(one)), Some(Basic::Int(other))) => one == other,
        (Some(Basic::Text(one)), Some(Basic::Text(other))) => one == other,
        (Some(Basic::Uint(one)), Some(Basic::Uint(other))) => one == other,
        (Some(Basic::Int(int)), Some(Basic::Uint(uint)))
        | (Some(Basic::Uint(uint)), Some(Basic::Int(int))) => u64::try_from(int) == Ok(uint),
        (None, None) => return others_equal(context, one, other),
        _ if matches!(one, Value::Nil) || matches!(other, Value::Nil) => false,
        _ => return Err(incompatible(one, other)),
    })
}

fn is_nil(value: &Value) -> bool {
    match value {
        Value::Nil => true,
        Value::List(list) => list.is_nil(),
        Value::Map(map) => map.is_nil(),
        _ => false,
    }
}

/// Compares nil, lists, maps and structs.
fn others_equal(
    context: &mut Context<'_>,
    one: &Value,
    other: &Value,
) -> Result<bool, FunctionError> {
    let (kind, other_kind) = (one.kind(), other.kind());
    if kind != other_kind && kind != Kind::Invalid && other_kind != Kind::Invalid {
        let (shown, other_shown) = (as_text(context, one)?, super::args::printed(context, other)?);
        return Err(FunctionError::new(format!(
            "non-comparable types {}: {}, {}: {other_shown}",
            shown.to_str(),
            one.type_name(),
            other.type_name(),
        )));
    }
    if is_nil(one) || is_nil(other) {
        return Ok(is_nil(one) == is_nil(other));
    }
    match (one, other) {
        (Value::Native(one), Value::Native(other)) if other_kind == Kind::Ptr => {
            Ok(Rc::ptr_eq(one, other))
        }
        (Value::Native(one), Value::Native(other)) if other_kind == Kind::Struct => {
            Ok(super::reflection::same_native(one, other))
        }
        _ => {
            let shown = as_text(context, other)?;
            let name = other.type_name();
            Err(FunctionError::new(format!("non-comparable type {}: {name}", shown.to_str())))
        }
    }
}

fn pair(args: &[Value]) -> Result<[&Value; 2], FunctionError> {
    match args {
        [one, other] => Ok([one, other]),
        _ => Err(FunctionError::new("missing argument for comparison")),
    }
}

fn less(args: &[Value]) -> Result<bool, FunctionError> {
    let [one, other] = pair(args)?;
    let not_ordered = || FunctionError::new("invalid type for comparison");
    let (Some(first), Some(second)) = (basic(one), basic(other)) else {
        return Err(not_ordered());
    };
    Ok(match (first, second) {
        (Basic::Float(one), Basic::Float(other)) => one < other,
        (Basic::Int(one), Basic::Int(other)) => one < other,
        (Basic::Text(one), Basic::Text(other)) => one.cmp(other) == Ordering::Less,
        (Basic::Uint(one), Basic::Uint(other)) => one < other,
        (Basic::Int(one), Basic::Uint(other)) => i128::from(one) < i128::from(other),
        (Basic::Uint(one), Basic::Int(other)) => i128::from(one) < i128::from(other),
        (Basic::Bool(_), Basic::Bool(_)) | (Basic::Complex(..), Basic::Complex(..)) => {
            return Err(not_ordered());
        }
        _ => return Err(incompatible(one, other)),
    })
}

fn at_most(context: &mut Context<'_>, args: &[Value]) -> Result<bool, FunctionError> {
    let [one, other] = pair(args)?;
    Ok(less(args)? || equals(context, one, other)?)
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{dict, int, list, shown};
    use super::*;

    #[test]
    fn equal_values_are_found() {
        let cases: &[(&[Value], &str)] = &[
            (&[int(1), int(1)], "true"),
            (&[int(1), Value::Int64(1)], "true"),
            (&[int(1), Value::Uint8(1)], "true"),
            (&[int(-1), Value::Uint64(u64::MAX)], "false"),
            (&[int(1), int(2), int(3), int(1)], "true"),
            (&["a".into(), "b".into(), "c".into()], "false"),
            (&[Value::Nil, Value::Nil], "true"),
            (&[Value::Nil, int(1)], "false"),
            (&["x".into(), Value::Nil], "false"),
            (&[dict([]), Value::Nil], "false"),
            (
                &[int(1), Value::Float(1.0)],
                "error: incompatible types for comparison: int and float64",
            ),
            (&[int(1)], "error: missing argument for comparison"),
            (
                &["a".into(), dict([])],
                "error: incompatible types for comparison: string and map[string]interface {}",
            ),
            (
                &[list([int(1)]), list([int(1)])],
                "error: non-comparable type [%!s(int=1)]: []interface {}",
            ),
            (
                &[list([int(1)]), dict([])],
                "error: non-comparable types [%!s(int=1)]: []interface {}, map[string]interface {}: map[]",
            ),
        ];
        for (args, want) in cases {
            assert_eq!(shown("eq", args), *want, "{args:?}");
        }
        assert_eq!(shown("ne", &[Value::Nil, "x".into()]), "true");
    }

    #[test]
    fn values_are_ordered() {
        let cases: &[(&str, Value, Value, &str)] = &[
            ("lt", int(3), int(5), "true"),
            ("lt", int(-1), Value::Uint64(0), "true"),
            ("le", int(5), int(5), "true"),
            ("gt", Value::Float(2.0), Value::Float(1.0), "true"),
            ("ge", "a".into(), "b".into(), "false"),
            ("lt", Value::Bool(true), Value::Bool(false), "error: invalid type for comparison"),
            ("gt", Value::Nil, int(1), "error: invalid type for comparison"),
            ("gt", int(1), list([]), "error: invalid type for comparison"),
            ("lt", "a".into(), int(1), "error: incompatible types for comparison: string and int"),
        ];
        for (name, one, other, want) in cases {
            assert_eq!(
                shown(name, &[one.clone(), other.clone()]),
                *want,
                "{name} {one:?} {other:?}"
            );
        }
        for value in [int(0), "".into(), Value::Nil, list([]), Value::Bool(false)] {
            assert_eq!(shown("not", &[value]), "true");
        }
    }
}

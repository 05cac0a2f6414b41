//! Arithmetic.

mod cast;
mod decimal;
mod rounding;

pub(super) use cast::{to_float64, to_int64};

use super::args::{Answer, Body};
use super::{Context, Function, FunctionError, Param, Run};
use crate::render::value::Value;
use decimal::Decimal;

const fn function(
    name: &'static str,
    params: &'static [Param],
    rest: Option<Param>,
    body: Body,
) -> Function {
    Function { name, params, rest, run: Run::Plain(body) }
}

const ONE: &[Param] = &[Param::Any];
const TWO: &[Param] = &[Param::Any, Param::Any];
const MORE: Option<Param> = Some(Param::Any);

pub(super) static TABLE: &[Function] = &[
    function("add", &[], MORE, |_, args| Ok(sum(args))),
    function("add1", ONE, None, |_, args| Ok(Value::Int64(first(args).wrapping_add(1)))),
    function("add1f", ONE, None, |_, args| decimals(args, Some(1.0), add)),
    function("addf", &[], MORE, |_, args| fold(Decimal::zero(), args.iter().map(to_float64), add)),
    function("biggest", ONE, MORE, |_, args| Ok(reduce(args, i64::max))),
    function("ceil", ONE, None, |_, args| Ok(Value::Float(first_float(args).ceil()))),
    function("div", TWO, None, |_, args| quotient(args, i64::wrapping_div)),
    function("divf", ONE, MORE, |_, args| decimals(args, None, Decimal::div)),
    function("floor", ONE, None, |_, args| Ok(Value::Float(first_float(args).floor()))),
    function("max", ONE, MORE, |_, args| Ok(reduce(args, i64::max))),
    function("maxf", ONE, MORE, |_, args| Ok(reduce_float(args, rounding::max))),
    function("min", ONE, MORE, |_, args| Ok(reduce(args, i64::min))),
    function("minf", ONE, MORE, |_, args| Ok(reduce_float(args, rounding::min))),
    function("mod", TWO, None, |_, args| quotient(args, i64::wrapping_rem)),
    function("mul", ONE, MORE, |_, args| Ok(reduce(args, i64::wrapping_mul))),
    function("mulf", ONE, MORE, |_, args| decimals(args, None, |a, b| Ok(a.mul(&b)))),
    function("randInt", &[Param::Int, Param::Int], None, random_int),
    function("round", &[Param::Any, Param::Int], Some(Param::Float), round),
    function("sub", TWO, None, |_, args| {
        Ok(Value::Int64(first(args).wrapping_sub(args.get(1).map_or(0, to_int64))))
    }),
    function("subf", ONE, MORE, |_, args| decimals(args, None, |a, b| Ok(a.sub(b)))),
];

fn first(args: &[Value]) -> i64 {
    args.first().map_or(0, to_int64)
}

fn first_float(args: &[Value]) -> f64 {
    args.first().map_or(0.0, to_float64)
}

fn sum(args: &[Value]) -> Value {
    Value::Int64(args.iter().map(to_int64).fold(0, i64::wrapping_add))
}

fn reduce(args: &[Value], choose: fn(i64, i64) -> i64) -> Value {
    Value::Int64(args.iter().map(to_int64).reduce(choose).unwrap_or_default())
}

fn reduce_float(args: &[Value], choose: fn(f64, f64) -> f64) -> Value {
    Value::Float(args.iter().map(to_float64).reduce(choose).unwrap_or_default())
}

fn quotient(args: &[Value], divide: fn(i64, i64) -> i64) -> Answer {
    match args.get(1).map_or(0, to_int64) {
        0 => Err(FunctionError::new("runtime error: integer divide by zero")),
        divisor => Ok(Value::Int64(divide(first(args), divisor))),
    }
}

type Operation = fn(Decimal, Decimal) -> Result<Decimal, String>;

fn add(left: Decimal, right: Decimal) -> Result<Decimal, String> {
    Ok(left.add(right))
}

/// Folds the arguments, and one operand more if given.
fn decimals(args: &[Value], more: Option<f64>, operation: Operation) -> Answer {
    let mut numbers = args.iter().map(to_float64).chain(more);
    let start = Decimal::from_float(numbers.next().unwrap_or_default());
    fold(start.map_err(FunctionError::new)?, numbers, operation)
}

fn fold(start: Decimal, numbers: impl Iterator<Item = f64>, operation: Operation) -> Answer {
    let mut result = start;
    for number in numbers {
        let number = Decimal::from_float(number);
        result = number.and_then(|number| operation(result, number)).map_err(FunctionError::new)?;
    }
    Ok(Value::Float(result.to_float()))
}

fn round(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let places = args.get(1).map_or(0, to_int64);
    let on = args.get(2).map_or(0.5, to_float64);
    Ok(Value::Float(rounding::round(first_float(args), places, on)))
}

fn random_int(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let low = first(args);
    let high = args.get(1).map_or(0, to_int64);
    match u64::try_from(high.wrapping_sub(low)) {
        Ok(span) if span > 0 => {
            let offset = context.random.below(span);
            Ok(Value::Int(low.wrapping_add_unsigned(offset)))
        }
        _ => Err(FunctionError::new("invalid argument to Intn")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::args;
    use super::*;

    fn call(name: &str, args: &[Value]) -> Result<String, String> {
        args::tests::call(name, args).map(|value| value.print()).map_err(|error| error.message)
    }

    fn floats(numbers: &[f64]) -> Vec<Value> {
        numbers.iter().copied().map(Value::Float).collect()
    }

    fn ints(numbers: &[i64]) -> Vec<Value> {
        numbers.iter().copied().map(Value::Int).collect()
    }

    #[test]
    fn whole_numbers_wrap_and_cut_as_in_helm() {
        for (name, args, expected) in [
            ("add", vec![], "0"),
            ("add", ints(&[1, 2, 3]), "6"),
            ("add", floats(&[1.9, 1.9]), "2"),
            ("add", ints(&[i64::MAX, 1]), "-9223372036854775808"),
            ("sub", vec!["0x10".into(), "010".into()], "8"),
            ("add1", vec!["5.0".into()], "6"),
            ("mul", ints(&[i64::MAX, 2]), "-2"),
            ("mul", ints(&[2, 3, 4]), "24"),
            ("div", ints(&[-7, 2]), "-3"),
            ("div", ints(&[i64::MIN, -1]), "-9223372036854775808"),
            ("mod", ints(&[-7, 3]), "-1"),
            ("mod", ints(&[i64::MIN, -1]), "0"),
            ("max", vec![Value::Int(1), "5".into(), Value::Int(3)], "5"),
            ("min", vec!["a".into(), Value::Int(3)], "0"),
            ("biggest", ints(&[1, 2]), "2"),
        ] {
            assert_eq!(call(name, &args).as_deref(), Ok(expected), "{name} {args:?}");
        }
    }

    #[test]
    fn decimals_give_what_helm_gives() {
        for (name, args, expected) in [
            ("addf", vec![], "0"),
            ("addf", vec![Value::Float(0.1), Value::Float(0.2), "0.3".into()], "0.6"),
            ("addf", floats(&[1e20, 1e-20]), "1e+20"),
            ("add1f", vec!["0.2".into()], "1.2"),
            ("subf", floats(&[10.0, 0.1, 0.2]), "9.7"),
            ("mulf", floats(&[1.1, 1.1]), "1.21"),
            ("mulf", floats(&[1e200, 1e200]), "+Inf"),
            (
                "mulf",
                floats(&[123_456_789.123_456_79, 987_654_321.987_654_3]),
                "1.2193263135650053e+17",
            ),
            ("divf", floats(&[1.0, 3.0]), "0.3333333333333333"),
            ("divf", floats(&[-2.0, 3.0]), "-0.6666666666666667"),
            ("divf", floats(&[1.0, 3.0, 3.0]), "0.1111111111111111"),
            ("divf", floats(&[1.0, 7.0]), "0.1428571428571429"),
            ("divf", floats(&[5.0, 1e17]), "1e-16"),
            ("divf", floats(&[1e-300, 1e300]), "0"),
            ("divf", floats(&[1e20, 3.0]), "3.333333333333333e+19"),
            ("divf", floats(&[1.0, 3e10]), "3.33333e-11"),
        ] {
            assert_eq!(call(name, &args).as_deref(), Ok(expected), "{name} {args:?}");
        }
    }

    #[test]
    fn numbers_are_rounded_as_in_helm() {
        for (number, places, expected) in [
            (1.555, 2, "1.56"),
            (123.5, 0, "124"),
            (-1.5, 0, "-2"),
            (-2.4, 0, "-3"),
            (1.005, 2, "1"),
            (2.345, 2, "2.35"),
            (1234.567, -2, "1200"),
            (1.5, 400, "NaN"),
            (1e300, 20, "+Inf"),
            (0.000123, 23, "0.000123"),
            (5.555555555555555, 18, "5.555555555555555"),
        ] {
            let args = [Value::Float(number), Value::Int(places)];
            assert_eq!(call("round", &args).as_deref(), Ok(expected), "{number} {places}");
        }
        let args = [Value::Float(1.23456789), Value::Int(5), Value::Float(0.9)];
        assert_eq!(call("round", &args).as_deref(), Ok("1.23456"));
        assert_eq!(call("ceil", &floats(&[-0.5])).as_deref(), Ok("-0"));
        assert_eq!(call("floor", &["2.7".into()]).as_deref(), Ok("2"));
    }

    #[test]
    fn what_cannot_be_done_fails_in_gos_words() {
        for (name, args, expected) in [
            ("mod", ints(&[1, 0]), "runtime error: integer divide by zero"),
            ("divf", floats(&[0.0, 0.0]), "decimal division by 0"),
            ("addf", vec!["inf".into()], "Cannot create a Decimal from +Inf"),
            ("mulf", vec!["nan".into()], "Cannot create a Decimal from NaN"),
            ("randInt", ints(&[5, 5]), "invalid argument to Intn"),
            ("randInt", ints(&[5, 3]), "invalid argument to Intn"),
        ] {
            assert_eq!(call(name, &args).unwrap_err(), expected, "{name} {args:?}");
        }
        assert_eq!(call("randInt", &ints(&[5, 6])).as_deref(), Ok("5"));
    }
}

//! Numbers out of values, lists of numbers, and values as text.

mod digits;

use std::rc::Rc;

use super::args::{Answer, fixed, int, made, printed, strval, take_values, text, variadic};
use super::math::{to_float64, to_int64};
use super::strings::strings;
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{ElementType, List, Value};

const ANY: &[Param] = &[Param::Any];

pub(super) static TABLE: &[Function] = &[
    fixed("atoi", &[Param::String], |_, args| {
        let text = text(args, 0).as_utf8().unwrap_or("");
        Ok(Value::Int(digits::decimal(text).unwrap_or(0)))
    }),
    fixed("float64", ANY, |_, args| Ok(Value::Float(args.first().map_or(0.0, to_float64)))),
    fixed("int", ANY, |_, args| Ok(Value::Int(args.first().map_or(0, to_int64)))),
    fixed("int64", ANY, |_, args| Ok(Value::Int64(args.first().map_or(0, to_int64)))),
    variadic("seq", &[], Param::Int, seq),
    fixed("toDecimal", ANY, to_decimal),
    fixed("toString", ANY, |context, args| {
        strval(context, args.first().unwrap_or(&Value::Nil)).map(Value::Str)
    }),
    fixed("toStrings", ANY, to_strings),
    fixed("until", &[Param::Int], |context, args| {
        let count = int(args, 0);
        numbers(context, Steps { start: 0, stop: count, step: if count < 0 { -1 } else { 1 } })
    }),
    fixed("untilStep", &[Param::Int, Param::Int, Param::Int], |context, args| {
        let [start, stop, step] = [0, 1, 2].map(|index| int(args, index));
        numbers(context, Steps { start, stop, step })
    }),
];

/// Numbers from `start` on, up to but without `stop`.
#[derive(Debug, Clone, Copy)]
struct Steps {
    start: i64,
    stop: i64,
    step: i64,
}

impl Steps {
    /// Returns how many numbers there are; none where the step leads away from the end.
    fn count(self) -> usize {
        let distance = i128::from(self.stop) - i128::from(self.start);
        let step = i128::from(self.step);
        if distance == 0 || step == 0 || (distance < 0) != (step < 0) {
            return 0;
        }
        usize::try_from((distance + step - step.signum()) / step).unwrap_or(usize::MAX)
    }

    fn numbers(self) -> impl Iterator<Item = i64> {
        let mut next = Some(self.start);
        std::iter::from_fn(move || {
            let number = next?;
            next = number.checked_add(self.step);
            Some(number)
        })
        .take(self.count())
    }
}

fn numbers(context: &mut Context<'_>, steps: Steps) -> Answer {
    take_values(context, steps.count())?;
    let items = steps.numbers().map(Value::Int).collect();
    Ok(Value::List(Rc::new(List::new(ElementType::Int, items))))
}

fn seq(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let down = |start: i64, end: i64| if end < start { -1 } else { 1 };
    let (start, step, end) = match args.len() {
        1 => (1, down(1, int(args, 0)), int(args, 0)),
        2 => (int(args, 0), down(int(args, 0), int(args, 1)), int(args, 1)),
        3 => (int(args, 0), int(args, 1), int(args, 2)),
        _ => return Ok(Value::from("")),
    };
    let direction = down(start, end);
    if direction < 0 && step > 0 {
        return Ok(Value::from(""));
    }
    let steps = Steps { start, stop: end.wrapping_add(direction), step };
    // A number and its blank take at most 21 bytes.
    context.budget.take_bytes(steps.count().saturating_mul(2))?;
    let mut out = String::new();
    for number in steps.numbers() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&number.to_string());
    }
    made(context, out.into_bytes())
}

fn to_decimal(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let digits = match args.first().unwrap_or(&Value::Nil) {
        Value::Str(text) => text.to_str().into_owned(),
        other => printed(context, other)?,
    };
    Ok(Value::Int64(digits::octal(&digits).unwrap_or(0)))
}

fn to_strings(context: &mut Context<'_>, args: &[Value]) -> Result<Value, FunctionError> {
    let value = args.first().unwrap_or(&Value::Nil);
    match value {
        Value::List(list) if list.element() == ElementType::String => Ok(value.clone()),
        other => {
            let items = strings(context, other)?.into_iter().map(Value::Str).collect();
            Ok(Value::List(Rc::new(List::new(ElementType::String, items))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{call, int, list, shown};
    use super::*;

    #[test]
    fn numbers_are_listed() {
        let ints = |numbers: &[i64]| numbers.iter().map(|n| int(*n)).collect::<Vec<_>>();
        let cases: &[(&str, &[i64], &str)] = &[
            ("until", &[3], "[0 1 2]"),
            ("until", &[-3], "[0 -1 -2]"),
            ("until", &[0], "[]"),
            ("untilStep", &[0, 10, 3], "[0 3 6 9]"),
            ("untilStep", &[10, 0, -4], "[10 6 2]"),
            ("untilStep", &[0, 5, 0], "[]"),
            ("untilStep", &[0, 5, -1], "[]"),
            ("untilStep", &[0, i64::MAX, 1 << 62], "[0 4611686018427387904]"),
            ("seq", &[], ""),
            ("seq", &[5], "1 2 3 4 5"),
            ("seq", &[0], "1 0"),
            ("seq", &[-2], "1 0 -1 -2"),
            ("seq", &[2, 5], "2 3 4 5"),
            ("seq", &[5, 2], "5 4 3 2"),
            ("seq", &[0, 2, 10], "0 2 4 6 8 10"),
            ("seq", &[0, -2, -10], "0 -2 -4 -6 -8 -10"),
            ("seq", &[5, 2, 1], ""),
            ("seq", &[1, 2, 3, 4], ""),
        ];
        for (name, args, want) in cases {
            assert_eq!(shown(name, &ints(args)), *want, "{name} {args:?}");
        }
        let error = call("until", &[int(i64::MAX)]).expect_err("it is too much");
        assert_eq!(error.kind, super::super::Failure::Limit);
        assert!(call("seq", &[int(i64::MAX - 1)]).is_err());
    }

    #[test]
    fn values_become_texts() {
        let mixed = list([int(1), "a".into(), Value::Nil, Value::Float(1.5)]);
        assert_eq!(shown("toStrings", std::slice::from_ref(&mixed)), "[1 a 1.5]");
        assert_eq!(shown("toStrings", &[int(5)]), "[5]");
        assert_eq!(shown("toStrings", &[Value::Nil]), "[]");
        assert_eq!(shown("toString", &[Value::Nil]), "<nil>");
        assert_eq!(shown("toString", &[Value::Float(1e6)]), "1e+06");
        assert_eq!(shown("toString", &[mixed]), "[1 a <nil> 1.5]");
        assert_eq!(shown("toString", &[Value::Bytes(Rc::from(*b"AB"))]), "AB");
        assert_eq!(shown("toDecimal", &["0777".into()]), "511");
        assert_eq!(shown("toDecimal", &[int(755)]), "493");
        assert_eq!(shown("toDecimal", &["9".into()]), "0");
        assert_eq!(shown("atoi", &["-3".into()]), "-3");
        assert_eq!(shown("atoi", &["010".into()]), "10");
        assert_eq!(shown("atoi", &["0x10".into()]), "0");
    }
}

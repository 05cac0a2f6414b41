//! Lists: building, cutting, searching, each function with its `must` form.

use std::borrow::Cow;
use std::rc::Rc;

use super::args::{Answer, NIL_POINTER, fixed, int, items, take_values, variadic};
use super::defaults::is_empty;
use super::math::to_int64;
use super::reflection::deep_equal;
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{ElementType, List, Value};

const LIST: &[Param] = &[Param::Any];
const TWO: &[Param] = &[Param::Any, Param::Any];
const CHUNK: &[Param] = &[Param::Int, Param::Any];

pub(super) static TABLE: &[Function] = &[
    fixed("append", TWO, append),
    fixed("chunk", CHUNK, chunk),
    fixed("compact", LIST, compact),
    variadic("concat", &[], Param::Any, concat),
    fixed("first", LIST, first),
    fixed("has", TWO, has),
    fixed("initial", LIST, initial),
    fixed("last", LIST, last),
    variadic("list", &[], Param::Any, list),
    fixed("mustAppend", TWO, append),
    fixed("mustChunk", CHUNK, chunk),
    fixed("mustCompact", LIST, compact),
    fixed("mustFirst", LIST, first),
    fixed("mustHas", TWO, has),
    fixed("mustInitial", LIST, initial),
    fixed("mustLast", LIST, last),
    fixed("mustPrepend", TWO, prepend),
    fixed("mustPush", TWO, append),
    fixed("mustRest", LIST, rest),
    fixed("mustReverse", LIST, reverse),
    variadic("mustSlice", LIST, Param::Any, slice),
    fixed("mustUniq", LIST, uniq),
    variadic("mustWithout", LIST, Param::Any, without),
    fixed("prepend", TWO, prepend),
    fixed("push", TWO, append),
    fixed("rest", LIST, rest),
    fixed("reverse", LIST, reverse),
    variadic("slice", LIST, Param::Any, slice),
    variadic("tuple", &[], Param::Any, list),
    fixed("uniq", LIST, uniq),
    variadic("without", LIST, Param::Any, without),
];

/// Returns the items of the argument at `index`, or Go's failure before the name of its kind.
fn listed<'a>(
    args: &'a [Value],
    index: usize,
    failure: &str,
) -> Result<Cow<'a, [Value]>, FunctionError> {
    let value = args.get(index).unwrap_or(&Value::Nil);
    items(value).ok_or_else(|| {
        FunctionError::new(match value {
            Value::Nil => NIL_POINTER.into(),
            other => format!("{failure} {}", other.kind().word()),
        })
    })
}

/// Builds a list, taken off the budget.
fn built(context: &mut Context<'_>, items: Vec<Value>) -> Answer {
    take_values(context, items.len())?;
    Ok(Value::list(items))
}

fn nil_list() -> Value {
    Value::List(Rc::new(List::nil(ElementType::Any)))
}

fn list(context: &mut Context<'_>, args: &[Value]) -> Answer {
    built(context, args.to_vec())
}

fn append(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let before = listed(args, 0, "Cannot push on type")?;
    built(context, before.iter().chain(args.get(1)).cloned().collect())
}

fn prepend(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let after = listed(args, 0, "Cannot prepend on type")?;
    built(context, args.get(1).into_iter().chain(after.iter()).cloned().collect())
}

fn concat(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut all = Vec::new();
    for (index, arg) in args.iter().enumerate() {
        let items = match arg {
            Value::Nil => return Err(FunctionError::new(NIL_POINTER)),
            other => items(other).ok_or_else(|| {
                let kind = other.kind().word();
                FunctionError::new(format!("Cannot concat type {kind} as list"))
            })?,
        };
        take_values(context, items.len())?;
        all.reserve(items.len() * usize::from(index + 1 == args.len()));
        all.extend(items.iter().cloned());
    }
    Ok(if all.is_empty() { nil_list() } else { Value::list(all) })
}

fn first(_: &mut Context<'_>, args: &[Value]) -> Answer {
    Ok(listed(args, 0, "Cannot find first on type")?.first().cloned().unwrap_or_default())
}

fn last(_: &mut Context<'_>, args: &[Value]) -> Answer {
    Ok(listed(args, 0, "Cannot find last on type")?.last().cloned().unwrap_or_default())
}

fn rest(context: &mut Context<'_>, args: &[Value]) -> Answer {
    match listed(args, 0, "Cannot find rest on type")?.split_first() {
        Some((_, rest)) => built(context, rest.to_vec()),
        None => Ok(nil_list()),
    }
}

fn initial(context: &mut Context<'_>, args: &[Value]) -> Answer {
    match listed(args, 0, "Cannot find initial on type")?.split_last() {
        Some((_, initial)) => built(context, initial.to_vec()),
        None => Ok(nil_list()),
    }
}

fn reverse(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let items = listed(args, 0, "Cannot find reverse on type")?;
    built(context, items.iter().rev().cloned().collect())
}

fn compact(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let items = listed(args, 0, "Cannot compact on type")?;
    built(context, items.iter().filter(|item| !is_empty(item)).cloned().collect())
}

/// Tells whether one of `items` equals `wanted` in type and value.
fn holds(
    context: &mut Context<'_>,
    items: &[Value],
    wanted: &Value,
) -> Result<bool, FunctionError> {
    context.budget.take_steps(items.len() as u64 / 2)?;
    for item in items {
        if deep_equal(context, wanted, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn uniq(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut kept: Vec<Value> = Vec::new();
    for item in listed(args, 0, "Cannot find uniq on type")?.iter() {
        if !holds(context, &kept, item)? {
            kept.push(item.clone());
        }
    }
    built(context, kept)
}

fn without(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let gone = args.get(1..).unwrap_or_default();
    let mut kept = Vec::new();
    for item in listed(args, 0, "Cannot find without on type")?.iter() {
        if !holds(context, gone, item)? {
            kept.push(item.clone());
        }
    }
    built(context, kept)
}

fn has(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let (Some(needle), Some(hay)) = (args.first(), args.get(1)) else {
        return Ok(Value::Bool(false));
    };
    if matches!(hay, Value::Nil) {
        return Ok(Value::Bool(false));
    }
    let items = listed(args, 1, "Cannot find has on type")?;
    holds(context, &items, needle).map(Value::Bool)
}

fn slice(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let items = listed(args, 0, "list should be type of slice or array but")?;
    if items.is_empty() {
        return Ok(Value::Nil);
    }
    let start = usize::try_from(args.get(1).map_or(0, to_int64)).ok();
    let end = args.get(2).map_or(Some(items.len()), |end| usize::try_from(to_int64(end)).ok());
    let part = start.zip(end).and_then(|(start, end)| items.get(start..end));
    let Some(part) = part else {
        return Err(FunctionError::new("reflect.Value.Slice: slice index out of bounds"));
    };
    take_values(context, part.len())?;
    Ok(match args.first() {
        Some(Value::List(list)) => Value::List(Rc::new(List::new(list.element(), part.to_vec()))),
        Some(Value::Bytes(bytes)) => {
            let start = start.unwrap_or(0);
            Value::Bytes(bytes.get(start..start + part.len()).unwrap_or_default().into())
        }
        _ => Value::list(part.to_vec()),
    })
}

/// What a list in a list takes besides its values, counted in values.
const VALUES_PER_LIST: usize = 6;

fn chunk(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let size = int(args, 0);
    let items = listed(args, 1, "Cannot chunk type")?;
    take_values(context, items.len())?;
    let count = usize::try_from(size).ok().filter(|size| *size > 0).map(|size| items.len() / size);
    take_values(context, count.unwrap_or(0).saturating_mul(VALUES_PER_LIST))?;
    let chunks: Vec<Value> = match usize::try_from(size) {
        Ok(size @ 1..) => items.chunks(size).map(|chunk| Value::list(chunk.to_vec())).collect(),
        // With a negative size the number of chunks comes out as none, but for up to one item.
        Err(_) if items.len() > 1 => Vec::new(),
        _ => return Err(FunctionError::new("runtime error: makeslice: len out of range")),
    };
    Ok(Value::List(Rc::new(List::new(ElementType::List, chunks))))
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{call, dict, int, list, shown};
    use super::*;

    fn ints<const N: usize>(numbers: [i64; N]) -> Value {
        list(numbers.map(int))
    }

    #[test]
    fn lists_are_built_and_cut() {
        let three = ints([1, 2, 3]);
        let cases: &[(&str, Vec<Value>, &str)] = &[
            ("list", vec![], "[]"),
            ("tuple", vec![int(1), "a".into(), Value::Nil], "[1 a <nil>]"),
            ("first", vec![three.clone()], "1"),
            ("last", vec![three.clone()], "3"),
            ("rest", vec![three.clone()], "[2 3]"),
            ("initial", vec![three.clone()], "[1 2]"),
            ("reverse", vec![three.clone()], "[3 2 1]"),
            ("append", vec![three.clone(), int(4)], "[1 2 3 4]"),
            ("push", vec![Value::strings(["a"]), int(4)], "[a 4]"),
            ("prepend", vec![three.clone(), int(0)], "[0 1 2 3]"),
            ("concat", vec![three.clone(), Value::strings(["a"])], "[1 2 3 a]"),
            ("compact", vec![list(["".into(), "a".into(), Value::Nil, int(0)])], "[a]"),
            ("first", vec![list([])], "<nil>"),
            ("slice", vec![three.clone(), int(1), int(2)], "[2]"),
            ("slice", vec![three.clone(), int(1)], "[2 3]"),
            ("slice", vec![list([]), int(1)], "<nil>"),
            ("chunk", vec![int(2), three.clone()], "[[1 2] [3]]"),
            ("chunk", vec![int(2), list([])], "[]"),
            ("chunk", vec![int(-1), three], "[]"),
        ];
        for (name, args, want) in cases {
            assert_eq!(shown(name, args), *want, "{name} {args:?}");
        }
    }

    #[test]
    fn lists_of_nothing_are_nil() {
        for name in ["rest", "initial"] {
            let Ok(Value::List(rest)) = call(name, &[list([])]) else { panic!("{name}") };
            assert!(rest.is_nil(), "{name}");
        }
        let Ok(Value::List(all)) = call("concat", &[]) else { panic!("no list") };
        assert!(all.is_nil());
        let chunks = call("chunk", &[int(1), list([int(1)])]).expect("it can be cut");
        assert_eq!(chunks.type_name(), "[][]interface {}");
        let part = call("slice", &[Value::strings(["a", "b"]), int(1)]).expect("within bounds");
        assert_eq!(part.type_name(), "[]string");
    }

    #[test]
    fn searches_compare_types_too() {
        let floats = list([Value::Float(1.0), Value::Float(2.0)]);
        let cases: &[(&str, Vec<Value>, &str)] = &[
            ("has", vec![int(1), ints([1, 2])], "true"),
            ("has", vec![int(1), floats.clone()], "false"),
            ("has", vec!["1".into(), ints([1])], "false"),
            ("has", vec![Value::Nil, list([Value::Nil])], "true"),
            ("has", vec!["a".into(), Value::Nil], "false"),
            ("without", vec![ints([1, 2, 2, 3]), int(2), int(3)], "[1]"),
            ("without", vec![floats, int(1)], "[1 2]"),
            ("uniq", vec![list([int(1), Value::Float(1.0), int(1), "1".into()])], "[1 1 1]"),
            ("uniq", vec![list([dict([("a", int(1))]), dict([("a", int(1))])])], "[map[a:1]]"),
        ];
        for (name, args, want) in cases {
            assert_eq!(shown(name, args), *want, "{name} {args:?}");
        }
    }

    #[test]
    fn failures_are_gos() {
        let bounds = "error: reflect.Value.Slice: slice index out of bounds";
        let nil = format!("error: {NIL_POINTER}");
        let cases: &[(&str, Vec<Value>, &str)] = &[
            ("first", vec!["abc".into()], "error: Cannot find first on type string"),
            ("append", vec!["abc".into(), int(1)], "error: Cannot push on type string"),
            ("has", vec!["a".into(), "abc".into()], "error: Cannot find has on type string"),
            ("concat", vec![int(1)], "error: Cannot concat type int as list"),
            ("chunk", vec![int(1), "a".into()], "error: Cannot chunk type string"),
            ("slice", vec!["a".into()], "error: list should be type of slice or array but string"),
            ("slice", vec![ints([1, 2, 3]), int(2), int(1)], bounds),
            ("slice", vec![ints([1, 2, 3]), int(0), int(9)], bounds),
            ("slice", vec![ints([1, 2, 3]), int(-1)], bounds),
            ("append", vec![Value::Nil, int(1)], &nil),
            ("concat", vec![ints([1]), Value::Nil], &nil),
            ("chunk", vec![int(0), ints([1])], "error: runtime error: makeslice: len out of range"),
        ];
        for (name, args, want) in cases {
            assert_eq!(shown(name, args), *want, "{name} {args:?}");
        }
    }
}

//! Dicts, which are shared: a change is seen by all that hold one.

mod merge;

use std::rc::Rc;

use super::args::{Answer, fixed, map, strval, take_entries, take_values, text, variadic};
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{Map, MapType, Str, Value};

const MAP: &[Param] = &[Param::Map];
const KEY: &[Param] = &[Param::Map, Param::String];

pub(super) static TABLE: &[Function] = &[
    variadic("dict", &[], Param::Any, dict),
    variadic("dig", &[], Param::Any, dig),
    fixed("get", KEY, |_, args| {
        let found = map(args, 0).and_then(|map| map.get(&key(args, 1)));
        Ok(found.unwrap_or_else(|| Value::from("")))
    }),
    fixed("hasKey", KEY, |_, args| {
        Ok(Value::Bool(map(args, 0).is_some_and(|map| map.contains(&key(args, 1)))))
    }),
    variadic("keys", &[], Param::Map, keys),
    variadic("merge", MAP, Param::Map, |context, args| {
        merge::merge(context, args, merge::Precedence::Target)
    }),
    variadic("mergeOverwrite", MAP, Param::Map, |context, args| {
        merge::merge(context, args, merge::Precedence::Source)
    }),
    variadic("mustMerge", MAP, Param::Map, |context, args| {
        merge::merge(context, args, merge::Precedence::Target)
    }),
    variadic("mustMergeOverwrite", MAP, Param::Map, |context, args| {
        merge::merge(context, args, merge::Precedence::Source)
    }),
    variadic("omit", MAP, Param::String, omit),
    variadic("pick", MAP, Param::String, pick),
    variadic("pluck", &[Param::String], Param::Map, pluck),
    fixed("set", &[Param::Map, Param::String, Param::Any], set),
    fixed("unset", KEY, |_, args| {
        if let Some(map) = map(args, 0) {
            map.unset(&key(args, 1));
        }
        Ok(same(args))
    }),
    fixed("values", MAP, values),
];

/// Returns the argument at `index` as a key.
fn key(args: &[Value], index: usize) -> smol_str::SmolStr {
    text(args, index).to_key()
}

/// Returns the first argument as functions with a parameter of a map type give it back.
fn same(args: &[Value]) -> Value {
    Value::Map(map(args, 0).map_or_else(|| Rc::new(Map::nil(MapType::Any)), Map::plain))
}

fn dict(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let made = Map::new(MapType::Any, std::collections::BTreeMap::new());
    take_entries(context, args.len().div_ceil(2))?;
    for pair in args.chunks(2) {
        if let Some((key, value)) = pair.split_first() {
            let key = strval(context, key)?.to_key();
            made.set(key, value.first().cloned().unwrap_or_else(|| Value::from("")));
        }
    }
    Ok(Value::Map(Rc::new(made)))
}

fn set(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let Some(target) = map(args, 0).filter(|target| !target.is_nil()) else {
        return Err(FunctionError::new("assignment to entry in nil map"));
    };
    take_values(context, 1)?;
    target.set(key(args, 1), args.get(2).cloned().unwrap_or_default());
    Ok(same(args))
}

fn keys(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let all: Vec<_> = args.iter().filter_map(Value::as_map).flat_map(|map| map.keys()).collect();
    take_values(context, all.len())?;
    Ok(Value::strings(all))
}

fn values(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let entries = map(args, 0).map(|map| map.snapshot()).unwrap_or_default();
    take_values(context, entries.len())?;
    Ok(Value::list(entries.into_iter().map(|(_, value)| value).collect()))
}

fn pluck(context: &mut Context<'_>, args: &[Value]) -> Answer {
    take_values(context, args.len())?;
    let (key, maps) = (key(args, 0), args.get(1..).unwrap_or_default());
    let found = maps.iter().filter_map(|map| map.as_map()?.get(&key));
    Ok(Value::list(found.collect()))
}

fn pick(context: &mut Context<'_>, args: &[Value]) -> Answer {
    take_entries(context, args.len())?;
    let names = args.get(1..).unwrap_or_default().iter().filter_map(Value::as_text);
    let entry = |name: &Str| {
        let key = name.to_key();
        let value = map(args, 0)?.get(&key)?;
        Some((key, value))
    };
    Ok(names.filter_map(entry).collect())
}

fn omit(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let gone: Vec<&Str> =
        args.get(1..).unwrap_or_default().iter().filter_map(Value::as_text).collect();
    let entries = map(args, 0).map(|map| map.snapshot()).unwrap_or_default();
    take_entries(context, entries.len())?;
    let stays = |key: &str| gone.iter().all(|name| name.as_bytes() != key.as_bytes());
    Ok(entries.into_iter().filter(|(key, _)| stays(key)).collect())
}

/// Go's panic at a value of another type than asked for.
fn conversion(value: &Value, wanted: &str) -> FunctionError {
    let found = match value {
        Value::Nil => "nil",
        other => other.type_name(),
    };
    FunctionError::new(format!("interface conversion: interface {{}} is {found}, not {wanted}"))
}

fn plain_map(value: &Value) -> Result<Rc<Map>, FunctionError> {
    match value {
        Value::Map(map) if map.map_type() == MapType::Any => Ok(Rc::clone(map)),
        other => Err(conversion(other, MapType::Any.name())),
    }
}

fn dig(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let [keys @ .., last_key, default, dict] = args else {
        return Err(FunctionError::new("dig needs at least three arguments"));
    };
    let mut dict = plain_map(dict)?;
    let keys = keys.iter().chain([last_key]);
    let texts = keys.map(|key| key.as_text().ok_or_else(|| conversion(key, "string")));
    let texts: Vec<&Str> = texts.collect::<Result<_, _>>()?;
    let mut texts = texts.into_iter().peekable();
    while let Some(key) = texts.next() {
        let Some(found) = dict.get(&key.to_key()) else { return Ok(default.clone()) };
        if texts.peek().is_none() {
            return Ok(found);
        }
        dict = plain_map(&found)?;
    }
    Ok(default.clone())
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{call, dict, int, list, shown};
    use super::*;

    #[test]
    fn dicts_are_built_and_read() {
        let two = || dict([("a", int(1)), ("b", int(2))]);
        let cases: &[(&str, Vec<Value>, &str)] = &[
            ("dict", vec!["a".into(), int(1), "b".into()], "map[a:1 b:]"),
            ("dict", vec![Value::Nil, int(1)], "map[<nil>:1]"),
            ("dict", vec![int(1), int(2)], "map[1:2]"),
            ("get", vec![two(), "a".into()], "1"),
            ("get", vec![two(), "z".into()], ""),
            ("hasKey", vec![two(), "a".into()], "true"),
            ("hasKey", vec![Value::Nil, "a".into()], "false"),
            ("keys", vec![two(), two()], "[a b a b]"),
            ("keys", vec![Value::Nil], "[]"),
            ("values", vec![two()], "[1 2]"),
            ("pick", vec![two(), "a".into(), "z".into()], "map[a:1]"),
            ("omit", vec![two(), "a".into(), "z".into()], "map[b:2]"),
            ("pluck", vec!["a".into(), two(), dict([]), two()], "[1 1]"),
            ("unset", vec![two(), "a".into()], "map[b:2]"),
            ("set", vec![Value::Nil, "a".into(), int(1)], "error: assignment to entry in nil map"),
        ];
        for (name, args, want) in cases {
            assert_eq!(shown(name, args), *want, "{name} {args:?}");
        }
    }

    #[test]
    fn changes_are_seen_by_all() {
        let values = Value::Map(Rc::new(Map::new(MapType::Values, [].into())));
        let same = call("set", &[values.clone(), "b".into(), int(2)]).expect("it can be set");
        assert_eq!(same.type_name(), "map[string]interface {}");
        call("set", &[same, "c".into(), int(3)]).expect("it can be set");
        assert_eq!(values.print(), "map[b:2 c:3]");
    }

    #[test]
    fn dig_wants_plain_dicts() {
        let nested = dict([("a", dict([("b", int(1))])), ("n", Value::Nil), ("s", "s".into())]);
        let values = Value::Map(Rc::new(Map::new(MapType::Values, [].into())));
        let conversion = "error: interface conversion: interface {} is";
        let wanted = "not map[string]interface {}";
        let cases: &[(&[&str], Value, String)] = &[
            (&["a", "b"], nested.clone(), "1".into()),
            (&["a", "z"], nested.clone(), "def".into()),
            (&["q", "z"], nested.clone(), "def".into()),
            (&["n"], nested.clone(), "<nil>".into()),
            (&["n", "b"], nested.clone(), format!("{conversion} nil, {wanted}")),
            (&["s", "b"], nested, format!("{conversion} string, {wanted}")),
            (&["a", "b"], values, format!("{conversion} common.Values, {wanted}")),
        ];
        for (keys, subject, want) in cases {
            let keys = keys.iter().map(|key| Value::from(*key));
            let args: Vec<Value> = keys.chain(["def".into(), subject.clone()]).collect();
            assert_eq!(shown("dig", &args), *want, "{args:?}");
        }
        let few = shown("dig", &["a".into(), dict([])]);
        assert_eq!(few, "error: dig needs at least three arguments");
        let key = shown("dig", &[int(1), "b".into(), "d".into(), dict([])]);
        assert_eq!(key, format!("{conversion} int, not string"));
        assert_eq!(shown("get", &[list([]), "a".into()]), "");
    }
}

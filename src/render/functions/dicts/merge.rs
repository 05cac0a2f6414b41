//! Merging dicts as mergo does.

use std::rc::Rc;

use super::super::args::{Answer, take_values};
use super::super::{Context, Failure, FunctionError};
use crate::render::value::{Kind, Map, MapType, Value};

/// How deep dicts may nest before they count as ones that hold themselves.
const DEPTH: usize = 1_000;

/// Which of two values stays where both dicts have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Precedence {
    /// The target's, unless it is empty.
    Target,
    /// The source's, even if it is empty.
    Source,
}

/// Merges all further arguments into the first, which is changed.
pub(super) fn merge(context: &mut Context<'_>, args: &[Value], wins: Precedence) -> Answer {
    let (target, sources) = args.split_first().unwrap_or((&Value::Nil, &[]));
    let sources = sources.iter().filter_map(Value::as_map).filter(|source| !source.is_nil());
    let mut target = match target {
        Value::Map(map) => map.plain(),
        _ => Rc::new(Map::nil(MapType::Any)),
    };
    for source in sources {
        if target.is_nil() {
            target = Rc::new(Map::new(MapType::Any, [].into()));
        }
        into(context, &target, source, (wins, DEPTH))?;
    }
    Ok(Value::Map(target))
}

fn into(
    context: &mut Context<'_>,
    target: &Map,
    source: &Map,
    (wins, depth): (Precedence, usize),
) -> Result<(), FunctionError> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(FunctionError {
            message: "the dicts nest too deep to be merged".into(),
            kind: Failure::Limit,
        });
    };
    if target.is_same(source) {
        // Every value stands against itself.
        return Ok(());
    }
    take_values(context, 2 * source.len())?;
    for (key, new) in source.snapshot() {
        let old = target.get(&key);
        if let (Some(Value::Map(old)), Value::Map(new)) = (&old, &new)
            && !old.is_nil()
            && !new.is_nil()
        {
            into(context, old, new, (wins, depth))?;
        }
        if stays(old.as_ref(), &new, wins) {
            continue;
        }
        check_type(target, source, &new)?;
        target.set(key, new);
    }
    Ok(())
}

/// Tells whether the old value of a key stays, after dicts have been merged into it.
fn stays(old: Option<&Value>, new: &Value, wins: Precedence) -> bool {
    if matches!(new, Value::Nil) {
        return wins == Precedence::Target;
    }
    match (old.filter(|old| !is_empty(old)), new) {
        (None, _) => false,
        (Some(Value::Map(_)), Value::Map(_)) => true,
        (Some(_), _) => wins == Precedence::Target,
    }
}

/// Tells whether mergo takes a value for empty; structs never are.
fn is_empty(value: &Value) -> bool {
    !value.truth() && !matches!(value, Value::Complex(..))
}

/// Go's panic where a value of any type is put into a dict of texts.
fn check_type(target: &Map, source: &Map, new: &Value) -> Result<(), FunctionError> {
    if target.map_type() != MapType::Strings || source.map_type() == MapType::Strings {
        return Ok(());
    }
    let name = match new.kind() {
        Kind::Slice => new.type_name(),
        _ => "interface {}",
    };
    Err(FunctionError::new(format!(
        "reflect.Value.SetMapIndex: value of type {name} is not assignable to type string"
    )))
}

#[cfg(test)]
mod tests {
    use super::super::super::args::tests::{call, dict, int, list, shown};
    use super::*;

    #[test]
    fn the_target_wins_unless_it_is_empty() {
        let target = dict([("x", int(1)), ("n", dict([("p", int(1))]))]);
        let source =
            dict([("x", int(2)), ("z", int(3)), ("n", dict([("p", int(2)), ("q", int(3))]))]);
        let want = "map[n:map[p:1 q:3] x:1 z:3]";
        assert_eq!(shown("merge", &[target.clone(), source.clone()]), want);
        assert_eq!(target.print(), want);
        assert_eq!(source.print(), "map[n:map[p:2 q:3] x:2 z:3]");
        let one = |value: Value| dict([("a", value)]);
        let full = || one(int(9));
        for empty in ["".into(), int(0), Value::Bool(false), Value::Nil, list([]), dict([])] {
            assert_eq!(shown("merge", &[one(empty), full()]), "map[a:9]");
        }
        assert_eq!(shown("merge", &[full(), one(list([int(1)]))]), "map[a:9]");
        let three = [one(int(1)), dict([("a", int(2)), ("b", int(2))]), dict([("b", int(3))])];
        assert_eq!(shown("mustMerge", &three), "map[a:1 b:2]");
        assert_eq!(shown("merge", &[Value::Nil, full()]), "map[a:9]");
    }

    #[test]
    fn absent_dicts_are_shared_with_the_source() {
        let source = dict([("n", dict([("p", int(1))]))]);
        let merged = call("merge", &[dict([]), source.clone()]).expect("dicts can be merged");
        let inner = merged.as_map().and_then(|map| map.get("n")).expect("it was merged");
        inner.as_map().expect("a map").set("p", int(99));
        assert_eq!(source.print(), "map[n:map[p:99]]");
    }

    #[test]
    fn the_source_wins_even_when_it_is_empty() {
        let target = dict([
            ("a", int(1)),
            ("b", int(2)),
            ("c", int(3)),
            ("d", list([int(1)])),
            ("e", dict([("k", int(1))])),
            ("f", int(5)),
        ]);
        let source = dict([
            ("a", Value::Nil),
            ("b", int(0)),
            ("c", "".into()),
            ("d", list([])),
            ("e", dict([])),
            ("f", Value::Bool(false)),
        ]);
        let want = "map[a:<nil> b:0 c: d:[] e:map[k:1] f:false]";
        assert_eq!(shown("mergeOverwrite", &[target, source]), want);
        let one = |value: Value| dict([("a", value)]);
        let inner = || dict([("k", int(1))]);
        assert_eq!(shown("mergeOverwrite", &[one("s".into()), one(inner())]), "map[a:map[k:1]]");
        assert_eq!(shown("mergeOverwrite", &[one(inner()), one("s".into())]), "map[a:s]");
    }

    #[test]
    fn texts_do_not_take_other_values() {
        let split = || dict([("s", call("split", &[",".into(), "a".into()]).expect("it splits"))]);
        let texts = "reflect.Value.SetMapIndex: value of type interface {} is not assignable to type string";
        let other = dict([("s", dict([("_1", "b".into())]))]);
        assert_eq!(shown("merge", &[split(), other]), format!("error: {texts}"));
        assert_eq!(shown("merge", &[split(), split()]), "map[s:map[_0:a]]");
    }

    #[test]
    fn dicts_that_hold_themselves_end() {
        let own = || {
            let value = dict([]);
            value.as_map().expect("a map").set("self", value.clone());
            value
        };
        let error = call("merge", &[own(), own()]).expect_err("it has no end");
        assert_eq!(error.kind, Failure::Limit);
    }
}

//! Types and kinds, equality of whole values, copies of whole values.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::args::{Answer, fixed, take_entries, take_values, text};
use super::{Context, Failure, Function, FunctionError, Param};
use crate::render::value::{List, Map, Native, Value};

/// How deep a value may nest before it counts as one that holds itself.
const DEPTH: usize = 1_000;

const ANY: &[Param] = &[Param::Any];
const NAMED: &[Param] = &[Param::String, Param::Any];

pub(super) static TABLE: &[Function] = &[
    fixed("deepCopy", ANY, copy),
    fixed("deepEqual", &[Param::Any, Param::Any], |context, args| match args {
        [one, other] => deep_equal(context, one, other).map(Value::Bool),
        _ => Ok(Value::Bool(false)),
    }),
    fixed("kindIs", NAMED, |_, args| Ok(Value::Bool(names(args, subject(args, 1).kind().word())))),
    fixed("kindOf", ANY, |_, args| Ok(Value::from(subject(args, 0).kind().word()))),
    fixed("mustDeepCopy", ANY, copy),
    fixed("typeIs", NAMED, |_, args| Ok(Value::Bool(names(args, subject(args, 1).type_name())))),
    fixed("typeIsLike", NAMED, |_, args| {
        let name = subject(args, 1).type_name();
        let pointed = name.strip_prefix('*').unwrap_or(name);
        Ok(Value::Bool(names(args, name) || names(args, pointed)))
    }),
    fixed("typeOf", ANY, |_, args| Ok(Value::from(subject(args, 0).type_name()))),
];

fn subject(args: &[Value], index: usize) -> &Value {
    args.get(index).unwrap_or(&Value::Nil)
}

/// Tells whether the first argument is the text `name`.
fn names(args: &[Value], name: &str) -> bool {
    text(args, 0).as_bytes() == name.as_bytes()
}

/// Tells whether two values are equal in type and content, as `reflect.DeepEqual` does.
pub(super) fn deep_equal(
    context: &mut Context<'_>,
    one: &Value,
    other: &Value,
) -> Result<bool, FunctionError> {
    Equality { context }.values(one, other, DEPTH)
}

/// A comparison at work; each pair of collections costs a step.
struct Equality<'a, 'c> {
    context: &'a mut Context<'c>,
}

impl Equality<'_, '_> {
    fn values(&mut self, one: &Value, other: &Value, depth: usize) -> Result<bool, FunctionError> {
        Ok(match (one, other) {
            (Value::Nil, Value::Nil) => true,
            (Value::Bool(one), Value::Bool(other)) => one == other,
            (Value::Int(one), Value::Int(other)) | (Value::Int64(one), Value::Int64(other)) => {
                one == other
            }
            (Value::Uint8(one), Value::Uint8(other)) => one == other,
            (Value::Uint64(one), Value::Uint64(other)) => one == other,
            (Value::Float(one), Value::Float(other)) => one == other,
            (Value::Complex(real, imaginary), Value::Complex(other_real, other_imaginary)) => {
                real == other_real && imaginary == other_imaginary
            }
            (Value::Str(one), Value::Str(other)) => one == other,
            (Value::Bytes(one), Value::Bytes(other)) => one == other,
            (Value::List(one), Value::List(other)) => self.lists(one, other, depth)?,
            (Value::Map(one), Value::Map(other)) => self.maps(one, other, depth)?,
            (Value::Native(one), Value::Native(other)) => same_native(one, other),
            _ => false,
        })
    }

    /// Goes one level down; none where it is too deep, which only a cycle can be.
    fn deeper(&mut self, depth: usize) -> Result<Option<usize>, FunctionError> {
        self.context.budget.take_steps(1)?;
        Ok(depth.checked_sub(1))
    }

    fn lists(
        &mut self,
        one: &Rc<List>,
        other: &Rc<List>,
        depth: usize,
    ) -> Result<bool, FunctionError> {
        if one.element() != other.element()
            || one.is_nil() != other.is_nil()
            || one.len() != other.len()
        {
            return Ok(false);
        }
        let Some(depth) = self.deeper(depth)?.filter(|_| !Rc::ptr_eq(one, other)) else {
            return Ok(true);
        };
        for (one, other) in one.iter().zip(other.iter()) {
            if !self.values(one, other, depth)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn maps(&mut self, one: &Map, other: &Map, depth: usize) -> Result<bool, FunctionError> {
        if one.map_type() != other.map_type()
            || one.is_nil() != other.is_nil()
            || one.len() != other.len()
        {
            return Ok(false);
        }
        let Some(depth) = self.deeper(depth)?.filter(|_| !one.is_same(other)) else {
            return Ok(true);
        };
        let (one, other) = (one.entries(), other.entries());
        for ((key, one), (other_key, other)) in one.iter().zip(other.iter()) {
            if key != other_key || !self.values(one, other, depth)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Tells whether two structs or pointers hold the same.
pub(super) fn same_native(one: &Rc<dyn Native>, other: &Rc<dyn Native>) -> bool {
    Rc::ptr_eq(one, other) || one.type_name() == other.type_name() && one.print() == other.print()
}

fn copy(context: &mut Context<'_>, args: &[Value]) -> Answer {
    match subject(args, 0) {
        Value::Nil => Err(FunctionError::new("reflect: call of reflect.Value.Type on zero Value")),
        value => copied(context, value, DEPTH),
    }
}

/// Copies a value with everything that it holds, within the budget.
fn copied(context: &mut Context<'_>, value: &Value, depth: usize) -> Answer {
    let deeper = || {
        depth.checked_sub(1).ok_or_else(|| FunctionError {
            message: "the value nests too deep to be copied".into(),
            kind: Failure::Limit,
        })
    };
    match value {
        Value::List(list) if !list.is_nil() => {
            take_values(context, list.len())?;
            let depth = deeper()?;
            let items = list.iter().map(|item| copied(context, item, depth));
            let items = items.collect::<Result<Vec<_>, _>>()?;
            Ok(Value::List(Rc::new(List::new(list.element(), items))))
        }
        Value::Map(map) if !map.is_nil() => {
            take_entries(context, map.len())?;
            let depth = deeper()?;
            let mut entries = BTreeMap::new();
            for (key, value) in map.snapshot() {
                entries.insert(key, copied(context, &value, depth)?);
            }
            Ok(Value::Map(Rc::new(Map::new(map.map_type(), entries))))
        }
        other => Ok(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{call, dict, int, list, shown};
    use super::*;
    use crate::render::value::MapType;

    #[test]
    fn types_have_names() {
        let values = [
            (int(1), "int", "int"),
            (Value::Int64(1), "int64", "int64"),
            (Value::Float(1.5), "float64", "float64"),
            ("s".into(), "string", "string"),
            (Value::Nil, "invalid", "<nil>"),
            (list([]), "slice", "[]interface {}"),
            (Value::strings(["a"]), "slice", "[]string"),
            (dict([]), "map", "map[string]interface {}"),
            (Value::Map(Rc::new(Map::nil(MapType::Values))), "map", "common.Values"),
        ];
        for (value, kind, name) in values {
            assert_eq!(shown("kindOf", std::slice::from_ref(&value)), kind);
            assert_eq!(shown("typeOf", std::slice::from_ref(&value)), name);
            assert_eq!(shown("kindIs", &[kind.into(), value.clone()]), "true");
            assert_eq!(shown("typeIs", &[name.into(), value.clone()]), "true");
            assert_eq!(shown("typeIsLike", &[name.into(), value.clone()]), "true");
            assert_eq!(shown("typeIs", &["other".into(), value]), "false");
        }
    }

    #[test]
    fn equality_is_of_type_and_content() {
        let nested = |number| dict([("a", list([number, Value::Nil]))]);
        let equal = |one: Value, other: Value| shown("deepEqual", &[one, other]);
        assert_eq!(equal(nested(int(1)), nested(int(1))), "true");
        assert_eq!(equal(nested(int(1)), nested(Value::Float(1.0))), "false");
        assert_eq!(equal(nested(int(1)), nested(Value::Int64(1))), "false");
        assert_eq!(equal(Value::strings(["a"]), list(["a".into()])), "false");
        assert_eq!(equal(Value::Nil, Value::Nil), "true");
        assert_eq!(equal(Value::Float(f64::NAN), Value::Float(f64::NAN)), "false");
    }

    #[test]
    fn copies_stand_alone() {
        let inner = dict([("z", int(1))]);
        let outer = dict([("x", inner.clone())]);
        let copy = call("deepCopy", std::slice::from_ref(&outer)).expect("it can be copied");
        inner.as_map().expect("a map").set("z", int(2));
        assert_eq!(
            (outer.print(), copy.print()),
            ("map[x:map[z:2]]".into(), "map[x:map[z:1]]".into())
        );
        let nil = "error: reflect: call of reflect.Value.Type on zero Value";
        assert_eq!(shown("deepCopy", &[Value::Nil]), nil);
    }

    #[test]
    fn a_value_that_holds_itself_ends() {
        let own = |other: Value| {
            let value = dict([("a", other)]);
            value.as_map().expect("a map").set("self", value.clone());
            value
        };
        let (one, other) = (own(int(1)), own(int(1)));
        let error = call("deepCopy", std::slice::from_ref(&one)).expect_err("it has no end");
        assert_eq!(error.kind, Failure::Limit);
        assert!(call("deepEqual", &[one, other]).is_ok_and(|equal| equal.truth()));
    }
}

//! Empty values and what stands in for them.

use super::args::{bool, fixed, variadic};
use super::{Function, Param};
use crate::render::value::Value;

pub(super) static TABLE: &[Function] = &[
    variadic("all", &[], Param::Any, |_, args| Ok(Value::Bool(!args.iter().any(is_empty)))),
    variadic("any", &[], Param::Any, |_, args| Ok(Value::Bool(!args.iter().all(is_empty)))),
    variadic("coalesce", &[], Param::Any, |_, args| {
        Ok(args.iter().find(|arg| !is_empty(arg)).cloned().unwrap_or_default())
    }),
    variadic("default", &[Param::Any], Param::Any, |_, args| {
        let given = args.get(1).filter(|given| !is_empty(given));
        Ok(given.or(args.first()).cloned().unwrap_or_default())
    }),
    fixed("empty", &[Param::Any], |_, args| Ok(Value::Bool(args.iter().all(is_empty)))),
    fixed("ternary", &[Param::Any, Param::Any, Param::Bool], |_, args| {
        let chosen = if bool(args, 2) { args.first() } else { args.get(1) };
        Ok(chosen.cloned().unwrap_or_default())
    }),
];

/// Tells whether sprig takes a value for empty: nil, zero, without items.
pub(super) fn is_empty(value: &Value) -> bool {
    !value.truth()
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{dict, int, list, shown};
    use super::*;

    #[test]
    fn empty_values_are_replaced() {
        let empty = [
            Value::from(""),
            int(0),
            Value::Bool(false),
            Value::Nil,
            list([]),
            dict([]),
            Value::Float(0.0),
        ];
        for value in &empty {
            assert_eq!(shown("default", &["d".into(), value.clone()]), "d", "{value:?}");
            assert_eq!(shown("empty", std::slice::from_ref(value)), "true", "{value:?}");
        }
        for (value, want) in
            [(Value::from("0"), "0"), (" ".into(), " "), (list([Value::Nil]), "[<nil>]")]
        {
            assert_eq!(shown("default", &["d".into(), value.clone()]), want);
            assert_eq!(shown("empty", &[value]), "false");
        }
        assert_eq!(shown("default", &["d".into()]), "d");
        assert_eq!(shown("default", &["d".into(), "".into(), "x".into()]), "d");
        assert_eq!(shown("coalesce", &empty), "<nil>");
        assert_eq!(shown("coalesce", &[int(0), "a".into(), "b".into()]), "a");
        assert_eq!(shown("all", &[int(1), "a".into()]), "true");
        assert_eq!((shown("all", &[]), shown("any", &[])), ("true".into(), "false".into()));
        assert_eq!(shown("any", &empty), "false");
        assert_eq!(shown("ternary", &["a".into(), "b".into(), Value::Bool(false)]), "b");
    }
}

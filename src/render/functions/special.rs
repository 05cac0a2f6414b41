//! What the evaluator does itself: include, tpl, and, or, call.

use super::{Function, Param, Run, Special};

pub(super) static TABLE: &[Function] = &[
    Function {
        name: "and",
        params: &[Param::Any],
        rest: Some(Param::Any),
        run: Run::Special(Special::And),
    },
    Function {
        name: "call",
        params: &[Param::Any],
        rest: Some(Param::Any),
        run: Run::Special(Special::Call),
    },
    Function {
        name: "include",
        params: &[Param::String, Param::Any],
        rest: None,
        run: Run::Special(Special::Include),
    },
    Function {
        name: "or",
        params: &[Param::Any],
        rest: Some(Param::Any),
        run: Run::Special(Special::Or),
    },
    Function {
        name: "tpl",
        params: &[Param::String, Param::Any],
        rest: None,
        run: Run::Special(Special::Tpl),
    },
];

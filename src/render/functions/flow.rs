//! Helm's own: fail, required, lookup, getHostByName.

use super::args::{Answer, fixed, text};
use super::{Context, Failure, Function, FunctionError, Param};
use crate::render::value::Value;

pub(super) static TABLE: &[Function] = &[
    fixed("fail", &[Param::String], |_, args| Err(asked(args))),
    fixed("getHostByName", &[Param::String], |_, _| Ok(Value::from(""))),
    fixed("lookup", &[Param::String; 4], |_, _| Ok(Value::from_iter([]))),
    fixed("required", &[Param::String, Param::Any], required),
];

fn required(_: &mut Context<'_>, args: &[Value]) -> Answer {
    match args.get(1) {
        None | Some(Value::Nil) => Err(asked(args)),
        Some(Value::Str(text)) if text.is_empty() => Err(asked(args)),
        Some(value) => Ok(value.clone()),
    }
}

/// Builds the failure that the chart's author asks for.
fn asked(args: &[Value]) -> FunctionError {
    FunctionError { message: text(args, 0).to_str().into_owned(), kind: Failure::Author }
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{call, int, shown};
    use super::*;

    #[test]
    fn authors_fail_their_charts() {
        let author =
            |message: &str| Err(FunctionError { message: message.into(), kind: Failure::Author });
        let error = |name, args: &[Value]| call(name, args).map(|value| value.print());
        assert_eq!(error("fail", &["stop: here".into()]), author("stop: here"));
        assert_eq!(error("required", &["l1\nl2".into(), Value::Nil]), author("l1\nl2"));
        assert_eq!(error("required", &["m".into(), "".into()]), author("m"));
        assert_eq!(shown("required", &["m".into(), int(0)]), "0");
        assert_eq!(shown("required", &["m".into(), Value::Bool(false)]), "false");
    }

    #[test]
    fn no_cluster_is_asked() {
        assert_eq!(shown("lookup", &["v1".into(), "Secret".into(), "".into(), "".into()]), "map[]");
        assert_eq!(shown("getHostByName", &["localhost".into()]), "");
    }
}

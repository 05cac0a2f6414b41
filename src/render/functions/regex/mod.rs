//! Regular expressions as Go's RE2 has them.

mod class;
mod matcher;
mod syntax;

use std::rc::Rc;

use super::args::{Answer, fixed};
use super::{Context, Failure, Function, FunctionError, Param};
use crate::render::value::quote::back_quoted;
use crate::render::value::{ElementType, List, Str, Value};
use matcher::{Pattern, Replacement};

/// In the time of how many steps a pattern is found among those compiled before.
const COMPILED: u64 = 10;

const TWO: &[Param] = &[Param::String, Param::String];
const THREE: &[Param] = &[Param::String, Param::String, Param::String];
const COUNTED: &[Param] = &[Param::String, Param::String, Param::Int];

pub(super) static TABLE: &[Function] = &[
    fixed("mustRegexFind", TWO, |context, args| find(&must(context, args)?, args)),
    fixed("mustRegexFindAll", COUNTED, |context, args| {
        find_all(&must(context, args)?, context, args)
    }),
    fixed("mustRegexMatch", TWO, |context, args| {
        Ok(must(context, args)?.is_match(bytes(args, 1)).into())
    }),
    fixed("mustRegexReplaceAll", THREE, |context, args| {
        replace(&must(context, args)?, context, args)
    }),
    fixed("mustRegexReplaceAllLiteral", THREE, |context, args| {
        replace_literal(&must(context, args)?, context, args)
    }),
    fixed("mustRegexSplit", COUNTED, |context, args| split(&must(context, args)?, context, args)),
    fixed("regexFind", TWO, |context, args| find(&compiled(context, args)?, args)),
    fixed("regexFindAll", COUNTED, |context, args| {
        find_all(&compiled(context, args)?, context, args)
    }),
    fixed("regexMatch", TWO, is_match),
    fixed("regexQuoteMeta", &[Param::String], quote_meta),
    fixed("regexReplaceAll", THREE, |context, args| {
        replace(&compiled(context, args)?, context, args)
    }),
    fixed("regexReplaceAllLiteral", THREE, |context, args| {
        replace_literal(&compiled(context, args)?, context, args)
    }),
    fixed("regexSplit", COUNTED, |context, args| split(&compiled(context, args)?, context, args)),
];

fn bytes(args: &[Value], index: usize) -> &[u8] {
    args.get(index).and_then(Value::as_text).map_or(&[], |text| text.as_bytes())
}

/// Returns how many matches are asked for; a negative number asks for all.
fn limit(args: &[Value]) -> Option<usize> {
    match args.get(2) {
        Some(Value::Int(count)) => usize::try_from(*count).ok(),
        _ => None,
    }
}

fn text(bytes: &[u8]) -> Value {
    Value::Str(Str::from_bytes(bytes.to_vec()))
}

/// Compiles for the functions that report a bad pattern.
fn must(context: &mut Context<'_>, args: &[Value]) -> Result<Rc<Pattern>, FunctionError> {
    context.budget.take_steps(COMPILED)?;
    let pattern = Pattern::compile(bytes(args, 0))?;
    context.budget.read_bytes(bytes(args, 1).len().saturating_mul(pattern.cost))?;
    Ok(pattern)
}

/// Compiles for the functions that panic over a bad pattern.
fn compiled(context: &mut Context<'_>, args: &[Value]) -> Result<Rc<Pattern>, FunctionError> {
    must(context, args).map_err(|error| match error.kind {
        Failure::Function => {
            let pattern = back_quoted(bytes(args, 0));
            FunctionError::new(format!("regexp: Compile({pattern}): {}", error.message))
        }
        _ => error,
    })
}

/// A bad pattern matches nothing.
fn is_match(context: &mut Context<'_>, args: &[Value]) -> Answer {
    match must(context, args) {
        Ok(pattern) => Ok(pattern.is_match(bytes(args, 1)).into()),
        Err(error) if error.kind == Failure::Function => Ok(false.into()),
        Err(error) => Err(error),
    }
}

fn find(pattern: &Rc<Pattern>, args: &[Value]) -> Answer {
    let haystack = bytes(args, 1);
    Ok(text(pattern.find_at(haystack, 0).map_or(&[], |found| &haystack[found])))
}

fn find_all(pattern: &Rc<Pattern>, context: &mut Context<'_>, args: &[Value]) -> Answer {
    let haystack = bytes(args, 1);
    let found = pattern.find_all(haystack, limit(args), context.budget)?;
    if found.is_empty() {
        return Ok(Value::List(Rc::new(List::nil(ElementType::String))));
    }
    strings(context, found.into_iter().map(|range| &haystack[range]).collect())
}

fn split(pattern: &Rc<Pattern>, context: &mut Context<'_>, args: &[Value]) -> Answer {
    match limit(args) {
        Some(0) => Ok(Value::List(Rc::new(List::nil(ElementType::String)))),
        limit => {
            let parts = pattern.split(bytes(args, 1), limit, context.budget)?;
            strings(context, parts)
        }
    }
}

fn strings(context: &mut Context<'_>, parts: Vec<&[u8]>) -> Answer {
    let size = parts.iter().map(|part| part.len() + size_of::<Value>()).sum();
    context.budget.take_bytes(size)?;
    Ok(Value::strings(parts.into_iter().map(|part| Str::from_bytes(part.to_vec()))))
}

fn replace(pattern: &Rc<Pattern>, context: &mut Context<'_>, args: &[Value]) -> Answer {
    let replacement = Replacement::Template(bytes(args, 2));
    let replaced = pattern.replace_all(bytes(args, 1), &replacement, context.budget)?;
    Ok(Value::Str(Str::from_bytes(replaced)))
}

fn replace_literal(pattern: &Rc<Pattern>, context: &mut Context<'_>, args: &[Value]) -> Answer {
    let replacement = Replacement::Literal(bytes(args, 2));
    let replaced = pattern.replace_all(bytes(args, 1), &replacement, context.budget)?;
    Ok(Value::Str(Str::from_bytes(replaced)))
}

fn quote_meta(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let plain = bytes(args, 0);
    context.budget.take_bytes(plain.len().saturating_mul(2))?;
    let mut out = Vec::with_capacity(plain.len());
    for byte in plain {
        if br"\.+*?()|[]{}^$".contains(byte) {
            out.push(b'\\');
        }
        out.push(*byte);
    }
    Ok(Value::Str(Str::from_bytes(out)))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, from_str, json};

    use super::super::args::tests::call;
    use super::*;

    fn texts(name: &str, args: &[Value]) -> Json {
        match call(name, args).unwrap() {
            Value::List(list) if list.is_nil() => json!("null"),
            Value::List(list) => {
                let items: Vec<String> = list.iter().map(Value::print).collect();
                json!(serde_json::to_string(&items).unwrap())
            }
            other => json!(other.print()),
        }
    }

    /// The answers were recorded from the real Helm: per pattern its error, or what six calls give
    /// for each subject.
    #[test]
    fn patterns_do_what_they_do_in_helm() {
        let answers: Json = from_str(include_str!("answers.json")).unwrap();
        let subjects = answers["subjects"].as_array().unwrap();
        let mut wrong = Vec::new();
        for answer in answers["patterns"].as_array().unwrap() {
            let (text, expected) = (answer[0].as_str().unwrap(), &answer[1]);
            let pattern = Value::from(text);
            let error = call("mustRegexMatch", &[pattern.clone(), "x".into()]).err();
            let error = error.map_or(Json::Null, |error| json!(error.message));
            if error != expected["error"] {
                wrong.push(format!("{text}: {error} instead of {}", expected["error"]));
            }
            if expected["error"].is_string() || error.is_string() {
                continue;
            }
            for (index, subject) in subjects.iter().enumerate() {
                let two = [pattern.clone(), subject.as_str().unwrap().into()];
                let with = |last: Value| [two[0].clone(), two[1].clone(), last];
                let given = [
                    texts("regexFind", &two),
                    texts("regexFindAll", &with(Value::Int(-1))),
                    texts("regexFindAll", &with(Value::Int(2))),
                    texts("regexReplaceAll", &with("<${1}|$0>".into())),
                    texts("regexSplit", &with(Value::Int(-1))),
                    texts("regexSplit", &with(Value::Int(2))),
                ];
                for (number, given) in given.into_iter().enumerate() {
                    let expected = &expected["ok"][index * 6 + number];
                    if given != *expected {
                        wrong.push(format!("{text} {subject} {number}: {given} not {expected}"));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn replacements_are_filled_in_as_in_helm() {
        for (pattern, text, replacement, expected) in [
            ("(?P<n>b)", "abc", "[$n]${n}$nx", "a[b]bc"),
            ("(?P<n>b)", "abc", "$0x ${0}x $01 ${01} $1é $é ${é} ${n", "a bx      ${nc"),
            ("(?P<a>x)|(?P<a>y)", "xy", "<${a}>", "<x><y>"),
            ("(a)", "a", "$999999999999 $10 $1_ $1-", "   a-"),
            ("a*", "baac", "X", "XbXcX"),
            ("b", "abc", "$$ $ ${x", "a$ $ ${xc"),
        ] {
            let given =
                texts("regexReplaceAll", &[pattern.into(), text.into(), replacement.into()]);
            assert_eq!(given, *expected, "{pattern} {replacement}");
        }
        let literal = ["a(x*)b".into(), "-ab-axxb-".into(), "${1}".into()];
        assert_eq!(texts("regexReplaceAllLiteral", &literal), "-${1}-${1}-");
        let plain = [r"1.2.3+[x]-{}^$|()*?\é".into()];
        assert_eq!(texts("regexQuoteMeta", &plain), r"1\.2\.3\+\[x\]-\{\}\^\$\|\(\)\*\?\\é");
    }

    #[test]
    fn bad_patterns_fail_or_match_nothing() {
        let message = |name, pattern: &str| {
            call(name, &[pattern.into(), "a".into()]).map_err(|error| error.message)
        };
        assert_eq!(message("regexMatch", "[").unwrap().print(), "false");
        assert_eq!(
            message("regexFind", "[").unwrap_err(),
            "regexp: Compile(`[`): error parsing regexp: missing closing ]: `[`"
        );
        assert_eq!(
            message("regexFind", "a`[").unwrap_err(),
            "regexp: Compile(\"a`[\"): error parsing regexp: missing closing ]: `[`"
        );
        let deep = "(".repeat(1001) + &")".repeat(1001);
        assert!(message("mustRegexFind", &deep).unwrap_err().contains("nests too deeply"));
        assert!(message("mustRegexFind", &format!("{}a", "(?i)".repeat(5000))).is_ok());
    }
}

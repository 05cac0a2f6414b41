//! Text: trimming, replacing, testing, splitting, cutting.

mod bytes;
mod cut;
mod trim;

use std::rc::Rc;

use smol_str::SmolStr;

use super::args::{Answer, fixed, int, items, made, strval, take_values, text, variadic};
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{ElementType, Kept, List, Map, MapType, Str, Value, unicode};

const TEXT: &[Param] = &[Param::String];
const TEXTS: &[Param] = &[Param::String, Param::String];
const COUNT: &[Param] = &[Param::Int, Param::String];

pub(super) static TABLE: &[Function] = &[
    fixed("abbrev", COUNT, cut::abbrev),
    fixed("abbrevboth", &[Param::Int, Param::Int, Param::String], cut::abbrevboth),
    variadic("cat", &[], Param::Any, cat),
    fixed("contains", TEXTS, |_, args| {
        Ok(Value::Bool(bytes::contains(text(args, 1).as_bytes(), text(args, 0).as_bytes())))
    }),
    fixed("hasPrefix", TEXTS, |_, args| {
        Ok(Value::Bool(text(args, 1).as_bytes().starts_with(text(args, 0).as_bytes())))
    }),
    fixed("hasSuffix", TEXTS, |_, args| {
        Ok(Value::Bool(text(args, 1).as_bytes().ends_with(text(args, 0).as_bytes())))
    }),
    fixed("hello", &[], |_, _| Ok(Value::from("Hello!"))),
    fixed("initials", TEXT, initials),
    fixed("join", &[Param::String, Param::Any], join),
    fixed("lower", TEXT, |context, args| map_runes(context, args, unicode::to_lower)),
    fixed("nospace", TEXT, nospace),
    fixed("plural", &[Param::String, Param::String, Param::Int], |_, args| {
        Ok(Value::Str(text(args, usize::from(int(args, 2) != 1)).clone()))
    }),
    fixed("repeat", COUNT, |context, args| {
        repeated(context, text(args, 1).as_bytes(), int(args, 0)).and_then(|all| made(context, all))
    }),
    fixed("replace", &[Param::String, Param::String, Param::String], replace),
    fixed("sortAlpha", &[Param::Any], sort_alpha),
    fixed("split", TEXTS, |context, args| split_map(context, [text(args, 0), text(args, 1)], -1)),
    fixed("splitList", TEXTS, split_list),
    fixed("splitn", &[Param::String, Param::Int, Param::String], |context, args| {
        split_map(context, [text(args, 0), text(args, 2)], int(args, 1))
    }),
    fixed("substr", &[Param::Int, Param::Int, Param::String], cut::substr),
    fixed("trim", TEXT, trim::trim),
    fixed("trimAll", TEXTS, trim::trim_all),
    fixed("trimPrefix", TEXTS, trim::trim_prefix),
    fixed("trimSuffix", TEXTS, trim::trim_suffix),
    fixed("trimall", TEXTS, trim::trim_all),
    fixed("trunc", COUNT, cut::trunc),
    fixed("upper", TEXT, |context, args| map_runes(context, args, unicode::to_upper)),
];

/// Repeats bytes, within the budget.
pub(super) fn repeated(
    context: &mut Context<'_>,
    bytes: &[u8],
    count: i64,
) -> Result<Vec<u8>, FunctionError> {
    let Ok(count) = usize::try_from(count) else {
        return Err(FunctionError::new("strings: negative Repeat count"));
    };
    // What is made of it is paid for as well; this keeps it from being allocated at all.
    let length = bytes.len().saturating_mul(count);
    context.budget.take_bytes(length)?;
    Ok(bytes.repeat(count))
}

/// Gives every character of the only argument to `change`.
pub(super) fn map_runes(
    context: &mut Context<'_>,
    args: &[Value],
    change: impl Fn(char) -> char,
) -> Answer {
    let text = text(args, 0);
    let changed: String = unicode::runes(text.as_bytes()).map(change).collect();
    context.budget.take_bytes(changed.len())?;
    if changed.len() != text.len() {
        return Ok(Value::from(changed));
    }
    let whole = || vec![Kept { from: 0, len: text.len(), to: 0 }];
    Ok(Value::Str(text.lend_trail(Str::from(changed), whole)))
}

/// Returns sprig's `strslice`: the texts of a list without nil, a list of the text of all else.
pub(super) fn strings(context: &mut Context<'_>, value: &Value) -> Result<Vec<Str>, FunctionError> {
    match items(value) {
        Some(items) => {
            let present = items.iter().filter(|item| !matches!(item, Value::Nil));
            present.map(|item| strval(context, item)).collect()
        }
        None if matches!(value, Value::Nil) => Ok(Vec::new()),
        None => Ok(vec![strval(context, value)?]),
    }
}

fn cat(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let present: Vec<&Value> = args.iter().filter(|arg| !matches!(arg, Value::Nil)).collect();
    let mut out = Vec::new();
    for (index, arg) in present.into_iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        match arg {
            Value::Str(text) => out.extend_from_slice(text.as_bytes()),
            other => out.extend(super::args::printed(context, other)?.into_bytes()),
        }
    }
    made(context, out)
}

fn initials(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut out = String::new();
    let mut after_gap = true;
    // The original takes bytes for characters.
    for character in text(args, 0).as_bytes().iter().copied().map(char::from) {
        if character.is_whitespace() {
            after_gap = true;
        } else if std::mem::take(&mut after_gap) {
            out.push(character);
        }
    }
    made(context, out.into_bytes())
}

fn nospace(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = text(args, 0);
    // The original takes bytes for characters, unless there is nothing to do.
    let characters = || text.as_bytes().iter().copied().map(char::from);
    if !characters().any(char::is_whitespace) {
        return Ok(Value::Str(text.clone()));
    }
    let kept: String = characters().filter(|character| !character.is_whitespace()).collect();
    made(context, kept.into_bytes())
}

fn join(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let separator = text(args, 0);
    let value = args.get(1).unwrap_or(&Value::Nil);
    let texts = strings(context, value)?;
    if let [only] = texts.as_slice() {
        return Ok(Value::Str(only.clone()));
    }
    let separators = separator.len().saturating_mul(texts.len());
    let length = texts.iter().map(Str::len).fold(separators, usize::saturating_add);
    context.budget.take_bytes(length)?;
    let parts: Vec<&[u8]> = texts.iter().map(Str::as_bytes).collect();
    Ok(Value::Str(Str::from_bytes(parts.join(separator.as_bytes()))))
}

fn replace(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let (old, new, source) = (text(args, 0), text(args, 1), text(args, 2));
    let count = bytes::count(source.as_bytes(), old.as_bytes());
    if count == 0 || old == new {
        return Ok(Value::Str(source.clone()));
    }
    context.budget.take_bytes(new.len().saturating_mul(count))?;
    if let (Some(old), Some(new), Some(source)) = (old.as_utf8(), new.as_utf8(), source.as_utf8()) {
        return replace_text(context, args, [old, new, source]);
    }
    let mut parts = bytes::split(source.as_bytes(), old.as_bytes(), usize::MAX);
    if old.is_empty() {
        parts.insert(0, b"");
        parts.push(b"");
    }
    made(context, parts.join(new.as_bytes()))
}

/// Replaces in UTF-8; what stays keeps its trail.
fn replace_text(
    context: &mut Context<'_>,
    args: &[Value],
    [old, new, source]: [&str; 3],
) -> Answer {
    let replaced = source.replace(old, new);
    context.budget.take_bytes(replaced.len())?;
    Ok(Value::Str(text(args, 2).lend_trail(Str::from(replaced), || {
        let (mut from, mut to) = (0, 0);
        let mut kept = Vec::new();
        for (at, found) in source.match_indices(old).chain([(source.len(), "")]) {
            let len = at - from;
            kept.push(Kept { from, len, to });
            to += len + new.len();
            from = at + found.len();
        }
        kept
    })))
}

fn sort_alpha(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let value = args.first().unwrap_or(&Value::Nil);
    if let Value::List(list) = value
        && list.element() == ElementType::String
    {
        list.sort();
        return Ok(value.clone());
    }
    let mut texts = match items(value) {
        Some(_) => strings(context, value)?,
        None => vec![strval(context, value)?],
    };
    texts.sort();
    Ok(Value::List(Rc::new(List::new(
        ElementType::String,
        texts.into_iter().map(Value::Str).collect(),
    ))))
}

/// Splits as Go's `SplitN`: into at most `limit` parts, into all for a negative limit.
fn split(
    context: &mut Context<'_>,
    [separator, source]: [&Str; 2],
    limit: i64,
) -> Result<Vec<Value>, FunctionError> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if limit == 0 {
        return Ok(Vec::new());
    }
    let count = bytes::count(source.as_bytes(), separator.as_bytes()).saturating_add(1).min(limit);
    take_values(context, count)?;
    context.budget.take_bytes(source.len())?;
    if let (Some(separator), Some(source)) = (separator.as_utf8(), source.as_utf8())
        && !separator.is_empty()
    {
        return Ok(source.splitn(limit, separator).map(Value::from).collect());
    }
    let parts = bytes::split(source.as_bytes(), separator.as_bytes(), limit);
    Ok(parts.into_iter().map(|part| Value::Str(Str::from_bytes(part.to_vec()))).collect())
}

fn split_list(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let parts = split(context, [text(args, 0), text(args, 1)], -1)?;
    Ok(Value::List(Rc::new(List::new(ElementType::String, parts))))
}

fn split_map(context: &mut Context<'_>, texts: [&Str; 2], limit: i64) -> Answer {
    let parts = split(context, texts, limit)?.into_iter().enumerate();
    let entries = parts.map(|(index, part)| (SmolStr::from(format!("_{index}")), part));
    Ok(Value::Map(Rc::new(Map::new(MapType::Strings, entries.collect()))))
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{call, dict, int, list, shown};
    use super::*;
    use crate::source::{SourceMap, Span, Trail};

    fn all(name: &str, args: &[&str]) -> String {
        shown(name, &args.iter().map(|arg| Value::from(*arg)).collect::<Vec<_>>())
    }

    #[test]
    fn texts_are_tested_and_changed() {
        let cases: &[(&str, &[&str], &str)] = &[
            ("contains", &["cat", "catch"], "true"),
            ("contains", &["", "x"], "true"),
            ("contains", &["x", "y"], "false"),
            ("hasPrefix", &["ca", "cat"], "true"),
            ("hasSuffix", &["at", "cat"], "true"),
            ("upper", &["aßé"], "AßÉ"),
            ("lower", &["AÉ"], "aé"),
            ("replace", &[" ", "-", "a b c"], "a-b-c"),
            ("replace", &["", "-", "ab"], "-a-b-"),
            ("initials", &["Foo bar  Baz"], "FbB"),
            ("nospace", &[" a b\tc\n"], "abc"),
            ("nospace", &["é"], "é"),
            ("hello", &[], "Hello!"),
            ("split", &["/", "a/b"], "map[_0:a _1:b]"),
            ("split", &[",", ""], "map[_0:]"),
            ("splitList", &["/", "a/b/"], "[a b ]"),
            ("splitList", &["", "abc"], "[a b c]"),
        ];
        for (name, args, want) in cases {
            assert_eq!(all(name, args), *want, "{name} {args:?}");
        }
    }

    #[test]
    fn values_become_texts() {
        let mixed = list([int(1), "a".into(), Value::Nil, Value::Bool(true)]);
        assert_eq!(shown("join", &[",".into(), mixed.clone()]), "1,a,true");
        assert_eq!(shown("join", &[",".into(), "abc".into()]), "abc");
        assert_eq!(shown("join", &[",".into(), Value::Nil]), "");
        assert_eq!(shown("join", &[",".into(), dict([("a", int(1))])]), "map[a:1]");
        assert_eq!(
            shown("cat", &[" a ".into(), Value::Nil, int(2), mixed]),
            " a  2 [1 a <nil> true]"
        );
        assert_eq!(shown("splitn", &["/".into(), int(2), "a/b/c".into()]), "map[_0:a _1:b/c]");
        assert_eq!(shown("splitn", &["/".into(), int(0), "a/b/c".into()]), "map[]");
        assert_eq!(shown("plural", &["one".into(), "many".into(), int(1)]), "one");
        assert_eq!(shown("plural", &["one".into(), "many".into(), int(0)]), "many");
    }

    #[test]
    fn replaced_texts_keep_their_trail() {
        let mut map = SourceMap::new();
        let file = map.add("t", "a.b.c");
        let trail = Trail::of_copy(file, 5);
        let source = Value::Str(Str::traced("a.b.c", trail));
        let replaced = call("replace", &[".".into(), "--".into(), source.clone()]);
        let texts = [(replaced, 6, "c"), (call("print", &[source]), 2, "b")];
        for (answer, at, want) in texts {
            let Ok(Value::Str(text)) = answer else { panic!("{answer:?}") };
            let trail = text.trail().expect("the trail was kept").clone();
            let rendered = map.add_rendered("out", text.to_str().into_owned(), trail);
            let origin = map.trace(Span::new(rendered, at, at + 1));
            assert_eq!(map.text(origin.template), want);
        }
    }

    #[test]
    fn repeat_is_bounded() {
        assert_eq!(shown("repeat", &[int(3), "ab".into()]), "ababab");
        assert_eq!(shown("repeat", &[int(0), "x".into()]), "");
        let negative = shown("repeat", &[int(-1), "x".into()]);
        assert_eq!(negative, "error: strings: negative Repeat count");
        let error = call("repeat", &[int(i64::MAX), "xx".into()]).expect_err("it is too much");
        assert_eq!(error.kind, super::super::Failure::Limit);
    }

    #[test]
    fn sorting_a_list_of_texts_is_seen_by_all_holders() {
        let texts = Value::strings(["c", "b", "a"]);
        assert_eq!(shown("sortAlpha", std::slice::from_ref(&texts)), "[a b c]");
        assert_eq!(texts.print(), "[a b c]");
        assert_eq!(shown("sortAlpha", &[list([int(2), int(10), Value::Nil])]), "[10 2]");
        assert_eq!(shown("sortAlpha", &[Value::Nil]), "[<nil>]");
    }
}

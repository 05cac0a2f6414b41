//! Lines and quotes: indent, nindent, quote, squote, wrap, wrapWith.

use super::args::{Answer, fixed, int, made, printed, strval, text, variadic};
use super::{Context, Function, FunctionError, Param};
use crate::render::value::quote::{self, Shown};
use crate::render::value::{Kept, Str, Value, unicode};

pub(super) static TABLE: &[Function] = &[
    fixed("indent", &[Param::Int, Param::String], |context, args| {
        indented(context, args, "").map(Value::Str)
    }),
    fixed("nindent", &[Param::Int, Param::String], |context, args| {
        indented(context, args, "\n").map(Value::Str)
    }),
    variadic("quote", &[], Param::Any, quote),
    variadic("squote", &[], Param::Any, squote),
    fixed("wrap", &[Param::Int, Param::String], |context, args| {
        wrap(context, (int(args, 0), b"\n"), text(args, 1), LongWords::Stay)
    }),
    fixed("wrapWith", &[Param::Int, Param::String, Param::String], |context, args| {
        let separator = text(args, 1);
        let separator = if separator.is_empty() { b"\n" } else { separator.as_bytes() };
        wrap(context, (int(args, 0), separator), text(args, 2), LongWords::AreCut)
    }),
];

/// Puts blanks before every line, empty ones too, and `front` before all.
fn indented(context: &mut Context<'_>, args: &[Value], front: &str) -> Result<Str, FunctionError> {
    let source = text(args, 1);
    let Ok(width) = usize::try_from(int(args, 0)) else {
        return Err(FunctionError::new("strings: negative Repeat count"));
    };
    let bytes = source.as_bytes();
    let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
    let length = width.saturating_mul(lines).saturating_add(bytes.len() + front.len());
    context.budget.take_bytes(length)?;
    let mut out = Vec::with_capacity(length);
    out.extend_from_slice(front.as_bytes());
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        out.resize(out.len() + width, b' ');
        out.extend_from_slice(line);
    }
    if bytes.last().is_none_or(|byte| *byte == b'\n') {
        out.resize(out.len() + width, b' ');
    }
    Ok(source.lend_trail(Str::from_bytes(out), || {
        let (mut from, mut to) = (0, front.len());
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').map(|line| {
            to += width;
            let kept = Kept { from, len: line.len(), to };
            from += line.len();
            to += line.len();
            kept
        });
        lines.collect()
    }))
}

fn quote(context: &mut Context<'_>, args: &[Value]) -> Answer {
    if let [Value::Str(only)] = args {
        return quote_text(context, only).map(Value::Str);
    }
    let mut out: Vec<String> = Vec::new();
    for arg in args.iter().filter(|arg| !matches!(arg, Value::Nil)) {
        let quoted = quote::quote(strval(context, arg)?.as_bytes(), Shown::Printable);
        context.budget.take_bytes(quoted.len() + 1)?;
        out.push(quoted);
    }
    Ok(out.join(" ").into())
}

fn quote_text(context: &mut Context<'_>, source: &Str) -> Result<Str, FunctionError> {
    let quoted = quote::quote(source.as_bytes(), Shown::Printable);
    context.budget.take_bytes(quoted.len())?;
    Ok(source.lend_trail(Str::from(quoted), || {
        let mut kept: Vec<Kept> = Vec::new();
        let (mut from, mut to) = (0, 1);
        let mut escaped = String::new();
        for piece in unicode::pieces(source.as_bytes()) {
            escaped.clear();
            quote::push_escaped(&mut escaped, piece, '"', Shown::Printable);
            let len = piece.map_or(1, char::len_utf8);
            match kept.last_mut().filter(|last| last.from + last.len == from) {
                Some(last) if last.to + last.len == to && escaped.len() == len => last.len += len,
                _ => kept.push(Kept { from, len, to }),
            }
            from += len;
            to += escaped.len();
        }
        kept
    }))
}

fn squote(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut out = Vec::new();
    for arg in args.iter().filter(|arg| !matches!(arg, Value::Nil)) {
        out.extend_from_slice(if out.is_empty() { b"'" } else { b" '" });
        match arg {
            Value::Str(text) => out.extend_from_slice(text.as_bytes()),
            other => out.extend(printed(context, other)?.into_bytes()),
        }
        out.push(b'\'');
    }
    let quoted = made(context, out)?;
    Ok(match (args, quoted) {
        ([Value::Str(source)], Value::Str(quoted)) => Value::Str(
            source.lend_trail(quoted, || vec![Kept { from: 0, len: source.len(), to: 1 }]),
        ),
        (_, quoted) => quoted,
    })
}

/// What happens to words that are longer than a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LongWords {
    Stay,
    AreCut,
}

/// Breaks a text at blanks, as goutils does: existing line ends are characters like others.
fn wrap(
    context: &mut Context<'_>,
    (width, separator): (i64, &[u8]),
    source: &Str,
    long_words: LongWords,
) -> Answer {
    let width = usize::try_from(width).unwrap_or(0).max(1);
    let mut rest = source.as_bytes();
    let breaks = (rest.len() / width).saturating_add(1);
    context.budget.take_bytes(breaks.saturating_mul(separator.len()))?;
    let mut out = Vec::with_capacity(rest.len());
    while rest.len() > width {
        if rest[0] == b' ' {
            rest = &rest[1..];
            continue;
        }
        let blank = rest[..=width].iter().rposition(|byte| *byte == b' ');
        let after = || rest[width..].iter().position(|byte| *byte == b' ').map(|at| at + width);
        let (end, next) = match (blank, long_words) {
            (Some(at), _) => (at, at + 1),
            (None, LongWords::AreCut) => (width, width),
            (None, LongWords::Stay) => match after() {
                Some(at) => (at, at + 1),
                None => break,
            },
        };
        out.extend_from_slice(&rest[..end]);
        out.extend_from_slice(separator);
        rest = &rest[next..];
    }
    out.extend_from_slice(rest);
    made(context, out)
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{call, dict, int, list, shown};
    use super::*;
    use crate::source::{SourceMap, Span, Trail};

    #[test]
    fn lines_are_indented() {
        let cases = [
            ("indent", 2, "a\nb\n", "  a\n  b\n  "),
            ("indent", 2, "", "  "),
            ("indent", 0, "a", "a"),
            ("indent", 2, "a\r\nb", "  a\r\n  b"),
            ("nindent", 2, "a\n\nb", "\n  a\n  \n  b"),
            ("nindent", 2, "", "\n  "),
            ("indent", -1, "a", "error: strings: negative Repeat count"),
        ];
        for (name, width, text, want) in cases {
            assert_eq!(shown(name, &[int(width), text.into()]), want, "{name} {width} {text:?}");
        }
        let error = call("indent", &[int(1 << 40), "a".into()]).expect_err("it is too much");
        assert_eq!(error.kind, super::super::Failure::Limit);
    }

    #[test]
    fn values_are_quoted() {
        let mixed = list(["a".into(), int(1)]);
        assert_eq!(shown("quote", &["a\"b\\c\n\t".into()]), r#""a\"b\\c\n\t""#);
        assert_eq!(shown("quote", &["a".into(), Value::Nil, int(2)]), r#""a" "2""#);
        assert_eq!(shown("quote", &[Value::Nil]), "");
        assert_eq!(shown("quote", &[mixed]), r#""[a 1]""#);
        assert_eq!(shown("quote", &[dict([("a", int(1))])]), r#""map[a:1]""#);
        assert_eq!(shown("quote", &[Value::Float(1e6)]), r#""1e+06""#);
        assert_eq!(shown("squote", &["it's".into(), Value::Nil, int(1)]), "'it's' '1'");
        assert_eq!(shown("squote", &[Value::Nil]), "");
    }

    #[test]
    fn moved_texts_keep_their_trail() {
        let mut map = SourceMap::new();
        let file = map.add("t", "a: x\nb: y\n");
        let trail = Trail::of_copy(file, 10);
        let source = Value::Str(Str::traced("a: x\nb: y\n", trail));
        for (name, args, byte) in [
            ("nindent", vec![int(4), source.clone()], "y"),
            ("quote", vec![source.clone()], "y"),
            ("squote", vec![source], "y"),
        ] {
            let moved = call(name, &args).expect("the arguments fit");
            let text = moved.as_text().expect("a text").clone();
            let trail = text.trail().expect("the trail was kept").clone();
            let rendered = map.add_rendered("out", text.to_str().into_owned(), trail);
            let at = text.to_str().find(byte).expect("it is there");
            let origin = map.trace(Span::new(rendered, at, at + 1));
            assert_eq!(map.text(origin.template), byte, "{name}");
        }
    }

    #[test]
    fn texts_are_wrapped() {
        let wrapped = |width, text: &str| shown("wrap", &[int(width), text.into()]);
        assert_eq!(wrapped(5, "aaa bbb ccc"), "aaa\nbbb\nccc");
        assert_eq!(wrapped(3, "abcdefgh ij"), "abcdefgh\nij");
        let with = |width, separator: &str, text: &str| {
            shown("wrapWith", &[int(width), separator.into(), text.into()])
        };
        assert_eq!(with(5, "\t", "Hello World"), "Hello\tWorld");
        assert_eq!(with(3, "-", "abcdefgh"), "abc-def-gh");
    }
}

//! Trimming, which keeps the trail of what is left.

use super::super::Context;
use super::super::args::{Answer, text};
use crate::render::value::{Str, Value, unicode};

pub(super) fn trim(_: &mut Context<'_>, args: &[Value]) -> Answer {
    Ok(Value::Str(trimmed(text(args, 0), char::is_whitespace)))
}

pub(super) fn trim_all(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let cut: Vec<char> = unicode::runes(text(args, 0).as_bytes()).collect();
    Ok(Value::Str(trimmed(text(args, 1), |character| cut.contains(&character))))
}

pub(super) fn trim_prefix(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let (prefix, source) = (text(args, 0), text(args, 1));
    let start = if source.as_bytes().starts_with(prefix.as_bytes()) { prefix.len() } else { 0 };
    Ok(Value::Str(source.part(start, source.len())))
}

pub(super) fn trim_suffix(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let (suffix, source) = (text(args, 0), text(args, 1));
    let cut = if source.as_bytes().ends_with(suffix.as_bytes()) { suffix.len() } else { 0 };
    Ok(Value::Str(source.part(0, source.len() - cut)))
}

fn trimmed(source: &Str, gone: impl Fn(char) -> bool) -> Str {
    let bytes = source.as_bytes();
    let width = |pieces: &[(char, usize)]| -> usize {
        pieces.iter().take_while(|(character, _)| gone(*character)).map(|(_, width)| width).sum()
    };
    let Some(text) = source.as_utf8() else {
        let mut pieces: Vec<(char, usize)> = unicode::pieces(bytes)
            .map(|piece| piece.map_or(('\u{fffd}', 1), |found| (found, found.len_utf8())))
            .collect();
        let start = width(&pieces);
        pieces.reverse();
        return source.part(start, (bytes.len() - width(&pieces)).max(start));
    };
    let start = text.len() - text.trim_start_matches(&gone).len();
    let end = text.trim_end_matches(&gone).len();
    source.part(start, end.max(start))
}

#[cfg(test)]
mod tests {
    use super::super::super::args::tests::{call, shown};
    use super::*;
    use crate::source::{SourceMap, Span, Trail};

    #[test]
    fn ends_are_trimmed() {
        let cases: &[(&str, &[&str], &str)] = &[
            ("trim", &[" \u{a0}a b\n"], "a b"),
            ("trim", &[" \n"], ""),
            ("trimAll", &["$x", "$x5x$"], "5"),
            ("trimall", &["", " a"], " a"),
            ("trimPrefix", &["-", "--a-"], "-a-"),
            ("trimSuffix", &["-", "a--"], "a-"),
            ("trimSuffix", &["x", "a"], "a"),
        ];
        for (name, args, want) in cases {
            let args: Vec<Value> = args.iter().map(|arg| Value::from(*arg)).collect();
            assert_eq!(shown(name, &args), *want, "{name} {args:?}");
        }
        let raw = Value::Str(Str::from_bytes(b" \xff ".to_vec()));
        let trimmed = call("trim", &[raw]).expect("trim takes any text");
        assert_eq!(trimmed.as_text().map(Str::as_bytes), Some(&b"\xff"[..]));
    }

    #[test]
    fn what_is_left_keeps_its_trail() {
        let mut map = SourceMap::new();
        let file = map.add("t", " name\n");
        let trail = Trail::of_copy(file, 6);
        let trimmed = call("trim", &[Value::Str(Str::traced(" name\n", trail))]);
        let Ok(Value::Str(text)) = trimmed else { panic!("{trimmed:?}") };
        let trail = text.trail().expect("the trail was kept").clone();
        let rendered = map.add_rendered("out", text.to_str().into_owned(), trail);
        assert_eq!(map.text(map.trace(Span::new(rendered, 0, 4)).template), "name");
    }
}

//! Escaping for HTML, JavaScript and URLs.

use super::args::{Answer, made, variadic};
use super::fmt::sprint;
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{Str, Value, unicode};

pub(super) static TABLE: &[Function] = &[
    variadic("html", &[], Param::Any, html),
    variadic("js", &[], Param::Any, js),
    variadic("urlquery", &[], Param::Any, urlquery),
];

/// Joins the arguments as `print` does; nil is the text that actions print for it.
fn joined(context: &mut Context<'_>, args: &[Value]) -> Result<Str, FunctionError> {
    let visible = |arg: &Value| match arg {
        Value::Nil => Value::from("<no value>"),
        other => other.clone(),
    };
    sprint(context, &args.iter().map(visible).collect::<Vec<_>>())
}

fn html(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = joined(context, args)?;
    let mut out = Vec::with_capacity(text.len());
    for byte in text.as_bytes() {
        match byte {
            0 => out.extend_from_slice("\u{fffd}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            other => out.push(*other),
        }
    }
    made(context, out)
}

fn js(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = joined(context, args)?;
    let mut out = String::with_capacity(text.len());
    for piece in unicode::pieces(text.as_bytes()) {
        match piece.unwrap_or('\u{fffd}') {
            mark @ ('\\' | '\'' | '"') => out.extend(['\\', mark]),
            mark @ ('<' | '>' | '&' | '=' | '\0'..='\x1f') => {
                out.push_str(&format!("\\u{:04X}", u32::from(mark)));
            }
            plain if plain.is_ascii() || unicode::is_print(plain) => out.push(plain),
            other => out.push_str(&format!("\\u{:04X}", u32::from(other))),
        }
    }
    made(context, out.into_bytes())
}

fn urlquery(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = joined(context, args)?;
    let mut out = String::with_capacity(text.len());
    for byte in text.as_bytes() {
        match byte {
            b' ' => out.push('+'),
            b'-' | b'_' | b'.' | b'~' => out.push(char::from(*byte)),
            byte if byte.is_ascii_alphanumeric() => out.push(char::from(*byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    made(context, out.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::{int, list, shown};
    use super::*;

    #[test]
    fn texts_are_escaped() {
        assert_eq!(shown("html", &["<a&\"'>".into()]), "&lt;a&amp;&#34;&#39;&gt;");
        assert_eq!(shown("html", &[Value::Nil]), "&lt;no value&gt;");
        assert_eq!(shown("html", &[list([Value::Nil])]), "[&lt;nil&gt;]");
        assert_eq!(shown("html", &[int(1), int(2)]), "1 2");
        assert_eq!(shown("js", &["it's <b>\n".into()]), r"it\'s \u003Cb\u003E\u000A");
        assert_eq!(shown("js", &["é\u{200b}&=".into()]), r"é\u200B\u0026\u003D");
        assert_eq!(shown("urlquery", &["a b&c=d/é".into()]), "a+b%26c%3Dd%2F%C3%A9");
    }
}

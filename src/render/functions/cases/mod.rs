//! The case of letters: title, untitle, swapcase, camelcase, kebabcase, snakecase.

mod words;

use super::args::{Answer, fixed, made, text};
use super::{Context, Function, Param};
use crate::render::value::{Value, unicode};

const TEXT: &[Param] = &[Param::String];

pub(super) static TABLE: &[Function] = &[
    fixed("camelcase", TEXT, |context, args| made(context, camelcase(&runes(args)).into_bytes())),
    fixed("kebabcase", TEXT, |context, args| {
        made(context, words::joined(&runes(args), '-').into_bytes())
    }),
    fixed("snakecase", TEXT, |context, args| {
        made(context, words::joined(&runes(args), '_').into_bytes())
    }),
    fixed("swapcase", TEXT, swapcase),
    fixed("title", TEXT, title),
    fixed("untitle", TEXT, untitle),
];

fn runes(args: &[Value]) -> Vec<char> {
    unicode::runes(text(args, 0).as_bytes()).collect()
}

/// Changes the characters one by one; `change` knows what it saw before.
fn each(context: &mut Context<'_>, args: &[Value], change: impl FnMut(char) -> char) -> Answer {
    let changed: String = unicode::runes(text(args, 0).as_bytes()).map(change).collect();
    made(context, changed.into_bytes())
}

/// Tells whether words are parted by a character, as Go's `strings.Title` sees it.
fn separates(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_alphanumeric() && character != '_';
    }
    !unicode::is_letter(character) && !unicode::is_digit(character) && character.is_whitespace()
}

fn title(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut before = ' ';
    each(context, args, |character| {
        let starts = separates(std::mem::replace(&mut before, character));
        if starts { unicode::to_title(character) } else { character }
    })
}

fn untitle(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut starts = true;
    each(context, args, |character| {
        if character.is_whitespace() {
            starts = true;
            return character;
        }
        if std::mem::take(&mut starts) { unicode::to_lower(character) } else { character }
    })
}

fn swapcase(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut after_space = true;
    each(context, args, |character| {
        if unicode::is_upper(character) || unicode::is_title(character) {
            after_space = false;
            unicode::to_lower(character)
        } else if unicode::is_lower(character) {
            let starts = std::mem::take(&mut after_space);
            if starts { unicode::to_title(character) } else { unicode::to_upper(character) }
        } else {
            after_space = character.is_whitespace();
            character
        }
    })
}

/// xstrings' `ToPascalCase`: what follows a connector becomes upper case, connectors go but for
/// leading and doubled ones, and a run of upper case from a word's start is lowered.
fn camelcase(text: &[char]) -> String {
    let mut out = String::new();
    let leading = text.iter().take_while(|character| words::connects(**character)).count();
    out.extend(&text[..leading]);
    let Some((first, rest)) = text[leading..].split_first() else {
        // The last of the connectors is written again; so does the original.
        out.extend(text.last());
        return out;
    };
    let mut lowering = unicode::is_upper(*first);
    let mut current = unicode::to_upper(*first);
    for character in rest {
        let before = std::mem::replace(&mut current, *character);
        if words::connects(before) && words::connects(current) {
            out.push(before);
        } else if words::connects(before) {
            lowering = unicode::is_upper(current);
            current = unicode::to_upper(current);
        } else {
            lowering = lowering && unicode::is_upper(current);
            if lowering {
                current = unicode::to_lower(current);
            }
            out.push(before);
        }
    }
    out.push(current);
    out
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::shown;

    #[test]
    fn cases_change() {
        let cases = [
            ("title", "hello woRLD-foo bar_baz a.b", "Hello WoRLD-Foo Bar_baz A.B"),
            ("title", "it's a1b 2c a_b x.y", "It'S A1b 2c A_b X.Y"),
            ("untitle", "Hello World", "hello world"),
            ("swapcase", "aBc", "AbC"),
            ("camelcase", "http_server", "HttpServer"),
            ("camelcase", "foo-bar baz", "FooBarBaz"),
            ("camelcase", "FooBar", "FooBar"),
            ("camelcase", "_foo", "_Foo"),
            ("camelcase", "foo__bar", "Foo_Bar"),
            ("camelcase", "", ""),
            ("camelcase", "_", "__"),
            ("camelcase", "__", "___"),
            ("camelcase", "a", "A"),
            ("camelcase", "no_https", "NoHttps"),
            ("camelcase", "no_HTTPS", "NoHttps"),
            ("camelcase", "HTTPServer", "Httpserver"),
            ("camelcase", "_foo__bar", "_Foo_Bar"),
            ("snakecase", "FirstName", "first_name"),
            ("snakecase", "HTTPServer", "http_server"),
            ("snakecase", "foo-bar baz", "foo_bar_baz"),
            ("snakecase", "someURLValue2x", "some_url_value_2x"),
            ("snakecase", "a.b", "a.b"),
            ("snakecase", "__a_B", "__a_b"),
            ("snakecase", "XML2JSON", "xml2_json"),
            ("snakecase", "HTTPServer2Go", "http_server2_go"),
            ("snakecase", "ABC123def", "abc_123def"),
            ("snakecase", "v1beta1", "v_1beta1"),
            ("snakecase", "HTTP2XX", "http2_xx"),
            ("snakecase", "IDs", "i_ds"),
            ("snakecase", "a-b c.d", "a_b_c.d"),
            ("snakecase", "_Foo__Bar", "_foo__bar"),
            ("snakecase", "", ""),
            ("kebabcase", "K8sAPI", "k-8s-api"),
        ];
        for (name, text, want) in cases {
            assert_eq!(shown(name, &[text.into()]), want, "{name} {text:?}");
        }
    }
}

//! Character classes and escapes of Go's syntax.

use super::syntax::{Flags, before, error, literal};

/// A class of no character.
pub(super) const NOTHING: &str = r"[^\x{0}-\x{10ffff}]";

const INVALID_RANGE: &str = "invalid character class range";
const MAX: u32 = 0x10_ffff;

type Ranges = &'static [(u8, u8)];

/// The classes in ASCII that Go has names for.
const POSIX: &[(&str, Ranges)] = &[
    ("alnum", &[(b'0', b'9'), (b'A', b'Z'), (b'a', b'z')]),
    ("alpha", &[(b'A', b'Z'), (b'a', b'z')]),
    ("ascii", &[(0, 0x7f)]),
    ("blank", &[(b'\t', b'\t'), (b' ', b' ')]),
    ("cntrl", &[(0, 0x1f), (0x7f, 0x7f)]),
    ("digit", &[(b'0', b'9')]),
    ("graph", &[(b'!', b'~')]),
    ("lower", &[(b'a', b'z')]),
    ("print", &[(b' ', b'~')]),
    ("punct", &[(b'!', b'/'), (b':', b'@'), (b'[', b'`'), (b'{', b'~')]),
    ("space", &[(b'\t', b'\r'), (b' ', b' ')]),
    ("upper", &[(b'A', b'Z')]),
    ("word", &[(b'0', b'9'), (b'A', b'Z'), (b'_', b'_'), (b'a', b'z')]),
    ("xdigit", &[(b'0', b'9'), (b'A', b'F'), (b'a', b'f')]),
];

/// Go's `\s` has no vertical tab.
const PERL_SPACE: Ranges = &[(b'\t', b'\n'), (0x0c, b'\r'), (b' ', b' ')];

fn posix(name: &str) -> Option<Ranges> {
    POSIX.iter().find(|(known, _)| *known == name).map(|(_, ranges)| *ranges)
}

/// Returns a class; `sign` is `^` for all other characters.
fn bracket(sign: &str, ranges: Ranges) -> String {
    let show = |(low, high): &(u8, u8)| format!("\\x{{{low:x}}}-\\x{{{high:x}}}");
    format!("[{sign}{}]", ranges.iter().map(show).collect::<String>())
}

fn folded(text: String, flags: Flags) -> String {
    if flags.fold_case { format!("(?i:{text})") } else { text }
}

/// Reads `\d` or `\p{Greek}` outside of brackets.
pub(super) fn escaped(text: &str, flags: Flags) -> Result<Option<(String, &str)>, String> {
    let found = match unicode(text)? {
        Some(found) => Some(found),
        None => perl(text),
    };
    Ok(found.map(|(class, rest)| (folded(class, flags), rest)))
}

/// Reads `\d`.
fn perl(text: &str) -> Option<(String, &str)> {
    let letter = *text.strip_prefix('\\')?.as_bytes().first()?;
    let ranges = match letter.to_ascii_lowercase() {
        b'd' => posix("digit")?,
        b's' => PERL_SPACE,
        b'w' => posix("word")?,
        _ => return None,
    };
    let sign = if letter.is_ascii_uppercase() { "^" } else { "" };
    Some((bracket(sign, ranges), &text[2..]))
}

/// Reads `[:alpha:]`.
fn named(text: &str) -> Result<Option<(String, &str)>, String> {
    let Some((name, rest)) = text.strip_prefix("[:").and_then(|text| text.split_once(":]")) else {
        return Ok(None);
    };
    let (sign, plain) = name.strip_prefix('^').map_or(("", name), |plain| ("^", plain));
    match posix(plain) {
        Some(ranges) => Ok(Some((bracket(sign, ranges), rest))),
        None => Err(error(INVALID_RANGE, before(text, rest))),
    }
}

/// Reads `\pL`, `\p{Greek}`, `\p{^Greek}`.
fn unicode(text: &str) -> Result<Option<(String, &str)>, String> {
    let mut negated = match text.as_bytes() {
        [b'\\', b'p', ..] => false,
        [b'\\', b'P', ..] => true,
        _ => return Ok(None),
    };
    let (name, rest) = match text[2..].strip_prefix('{') {
        Some(inner) => inner.split_once('}').ok_or_else(|| error(INVALID_RANGE, text))?,
        None => {
            let end = text[2..].chars().next().map_or(0, char::len_utf8);
            text[2..].split_at(end)
        }
    };
    let plain = name.strip_prefix('^').unwrap_or(name);
    negated ^= plain != name;
    let property = property(plain).ok_or_else(|| error(INVALID_RANGE, before(text, rest)))?;
    let sign = if negated { "^" } else { "" };
    Ok(Some((format!("[{sign}{property}]"), rest)))
}

/// The scripts that Go 1.25 finds by name; it misses those with two words.
const SCRIPTS: &str = "adlam ahom arabic armenian avestan balinese bamum batak bengali bhaiksuki \
    bopomofo brahmi braille buginese buhid carian chakma cham cherokee chorasmian common coptic \
    cuneiform cypriot cyrillic deseret devanagari dogra duployan elbasan elymaic ethiopic georgian \
    glagolitic gothic grantha greek gujarati gurmukhi han hangul hanunoo hatran hebrew hiragana \
    inherited javanese kaithi kannada katakana kawi kharoshthi khmer khojki khudawadi lao latin \
    lepcha limbu lisu lycian lydian mahajani makasar malayalam mandaic manichaean marchen \
    medefaidrin miao modi mongolian mro multani myanmar nabataean nandinagari newa nko nushu ogham \
    oriya osage osmanya palmyrene phoenician rejang runic samaritan saurashtra sharada shavian \
    siddham sinhala sogdian soyombo sundanese syriac tagalog tagbanwa takri tamil tangsa tangut \
    telugu thaana thai tibetan tifinagh tirhuta toto ugaritic vai vithkuqi wancho yezidi yi";

/// Returns the class that the crate has for a general category or a script; Go has no other names.
fn property(name: &str) -> Option<String> {
    let name: String = name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).collect();
    let name = name.to_ascii_lowercase();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    match name.as_str() {
        "any" => return Some(r"\x{0}-\x{10ffff}".into()),
        "ascii" => return Some(r"\x{0}-\x{7f}".into()),
        "assigned" => return Some(r"\P{gc=Cn}".into()),
        "cs" | "surrogate" => return Some(NOTHING.into()),
        script if SCRIPTS.split(' ').any(|known| known == script) => {
            return Some(format!(r"\p{{sc={script}}}"));
        }
        _ => {}
    }
    let category = format!(r"\p{{gc={name}}}");
    regex_syntax::parse(&category).is_ok().then_some(category)
}

/// Reads `[…]`.
pub(super) fn bracketed(whole: &str, flags: Flags) -> Result<(String, &str), String> {
    let mut rest = &whole[1..];
    let mut out = String::from("[");
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    let (start, mut first) = (out.len(), true);
    while first || !rest.starts_with(']') {
        first = false;
        let nested = match named(rest)? {
            Some(found) => Some(found),
            None => unicode(rest)?.or_else(|| perl(rest)),
        };
        if let Some((class, after)) = nested {
            out.push_str(&class);
            rest = after;
            continue;
        }
        let begin = rest;
        let (low, after) = character(rest, whole)?;
        let (high, after) = match after.strip_prefix('-') {
            Some(after) if !after.is_empty() && !after.starts_with(']') => character(after, whole)?,
            _ => (low, after),
        };
        if high < low {
            return Err(error(INVALID_RANGE, before(begin, after)));
        }
        push_range(&mut out, low, high);
        rest = after;
    }
    if out.len() == start {
        out.push_str(NOTHING);
    }
    out.push(']');
    Ok((folded(out, flags), &rest[1..]))
}

/// Surrogates, which text in UTF-8 never holds, are left out.
fn push_range(out: &mut String, low: u32, high: u32) {
    let low = if (0xd800..0xe000).contains(&low) { 0xe000 } else { low };
    let high = if (0xd800..0xe000).contains(&high) { 0xd7ff } else { high };
    if low <= high {
        out.push_str(&literal(low));
        out.push('-');
        out.push_str(&literal(high));
    }
}

fn character<'a>(text: &'a str, whole: &str) -> Result<(u32, &'a str), String> {
    let mut characters = text.chars();
    match characters.next() {
        None => Err(error("missing closing ]", whole)),
        Some('\\') => escape(text),
        Some(character) => Ok((u32::from(character), characters.as_str())),
    }
}

/// Reads an escaped character.
pub(super) fn escape(text: &str) -> Result<(u32, &str), String> {
    let mut characters = text[1..].chars();
    let Some(first) = characters.next() else {
        return Err(error("trailing backslash at end of expression", ""));
    };
    let rest = characters.as_str();
    let is_octal = |text: &str| text.starts_with(|c: char| ('0'..='7').contains(&c));
    let code = match first {
        '0' => return Ok(octal(&text[1..])),
        '1'..='7' if is_octal(rest) => return Ok(octal(&text[1..])),
        'x' => return hexadecimal(text, rest),
        'a' => 0x07,
        'f' => 0x0c,
        'n' => 0x0a,
        'r' => 0x0d,
        't' => 0x09,
        'v' => 0x0b,
        other if other.is_ascii() && !other.is_ascii_alphanumeric() => u32::from(other),
        _ => return Err(error("invalid escape sequence", before(text, rest))),
    };
    Ok((code, rest))
}

/// Reads up to three digits.
fn octal(text: &str) -> (u32, &str) {
    let end = text.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
    let (digits, rest) = text.split_at(end);
    (u32::from_str_radix(digits, 8).unwrap_or_default(), rest)
}

/// Reads two digits, or any number of them in braces.
fn hexadecimal<'a>(text: &'a str, after_x: &'a str) -> Result<(u32, &'a str), String> {
    let fail = |rest: &str| Err(error("invalid escape sequence", before(text, rest)));
    let mut characters = after_x.chars();
    match characters.next() {
        None => fail(""),
        Some('{') => {
            let (mut code, mut digits) = (0, 0);
            for character in characters.by_ref() {
                match character.to_digit(16) {
                    Some(digit) if code * 16 + digit <= MAX => code = code * 16 + digit,
                    None if character == '}' && digits > 0 => {
                        return Ok((code, characters.as_str()));
                    }
                    _ => break,
                }
                digits += 1;
            }
            fail(characters.as_str())
        }
        Some(high) => {
            let low = characters.next().and_then(|low| low.to_digit(16));
            match (high.to_digit(16), low) {
                (Some(high), Some(low)) => Ok((high * 16 + low, characters.as_str())),
                _ => fail(characters.as_str()),
            }
        }
    }
}

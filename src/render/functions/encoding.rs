//! Base64 and base32; what cannot be decoded gives Go's error as text.

use data_encoding::{BASE32, BASE64};

use super::args::{Answer, fixed, made, text};
use super::{Context, Function, Param};
use crate::render::value::Value;

const TEXT: &[Param] = &[Param::String];

pub(super) static TABLE: &[Function] = &[
    fixed("b32dec", TEXT, |context, args| match base32(text(args, 0).as_bytes()) {
        Ok(bytes) => made(context, bytes),
        Err(at) => Ok(Value::from(format!("illegal base32 data at input byte {at}"))),
    }),
    fixed("b32enc", TEXT, |context, args| {
        made(context, BASE32.encode(text(args, 0).as_bytes()).into_bytes())
    }),
    fixed("b64dec", TEXT, |context, args| match base64(text(args, 0).as_bytes()) {
        Ok(bytes) => made(context, bytes),
        Err(at) => Ok(Value::from(format!("illegal base64 data at input byte {at}"))),
    }),
    fixed("b64enc", TEXT, |context: &mut Context<'_>, args| -> Answer {
        made(context, BASE64.encode(text(args, 0).as_bytes()).into_bytes())
    }),
];

fn is_line_end(byte: u8) -> bool {
    byte == b'\n' || byte == b'\r'
}

fn base64_digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

/// Decodes padded base64, line ends skipped; fails with the offset that Go names.
fn base64(source: &[u8]) -> Result<Vec<u8>, usize> {
    let mut out = Vec::with_capacity(source.len() / 4 * 3);
    let mut digits: Vec<u8> = Vec::with_capacity(4);
    for (at, byte) in source.iter().enumerate().filter(|(_, byte)| !is_line_end(**byte)) {
        match base64_digit(*byte) {
            Some(digit) => digits.push(digit),
            None if *byte == b'=' => {
                base64_padding(source, at, digits.len())?;
                pack(&digits, 6, &mut out);
                return Ok(out);
            }
            None => return Err(at),
        }
        if digits.len() == 4 {
            pack(&digits, 6, &mut out);
            digits.clear();
        }
    }
    if digits.is_empty() { Ok(out) } else { Err(source.len() - digits.len()) }
}

/// Checks that the padding that begins at `at`, behind so many digits of a group, is whole and
/// the last.
fn base64_padding(source: &[u8], at: usize, digits: usize) -> Result<(), usize> {
    let after = |at: usize| {
        let rest = source.iter().enumerate().skip(at + 1);
        rest.map(|(at, byte)| (at, *byte)).find(|(_, byte)| !is_line_end(*byte))
    };
    let last = match (digits, after(at)) {
        (0 | 1, _) => return Err(at),
        (2, None) => return Err(source.len()),
        (2, Some((second, b'='))) => second,
        (2, Some((other, _))) => return Err(other - 1),
        _ => at,
    };
    after(last).map_or(Ok(()), |(garbage, _)| Err(garbage))
}

fn base32_digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'2'..=b'7' => Some(byte - b'2' + 26),
        _ => None,
    }
}

/// Decodes padded base32; line ends are cut before offsets are counted, and whatever follows a
/// padded group in its last eight characters is ignored.
fn base32(source: &[u8]) -> Result<Vec<u8>, usize> {
    let source: Vec<u8> = source.iter().copied().filter(|byte| !is_line_end(*byte)).collect();
    let mut out = Vec::with_capacity(source.len() / 8 * 5);
    let mut digits: Vec<u8> = Vec::with_capacity(8);
    for (at, byte) in source.iter().enumerate() {
        let rest = &source[at + 1..];
        if *byte == b'=' && digits.len() >= 2 && rest.len() < 8 {
            base32_padding(rest, (at, source.len()), digits.len())?;
            pack(&digits, 5, &mut out);
            return Ok(out);
        }
        digits.push(base32_digit(*byte).ok_or(at)?);
        if digits.len() == 8 {
            pack(&digits, 5, &mut out);
            digits.clear();
        }
    }
    if digits.is_empty() { Ok(out) } else { Err(source.len() - digits.len()) }
}

/// Checks the padding that began at `at`; `rest` follows it.
fn base32_padding(rest: &[u8], (at, length): (usize, usize), digits: usize) -> Result<(), usize> {
    if rest.len() + digits < 7 {
        return Err(length);
    }
    let wrong = rest.iter().take(7_usize.saturating_sub(digits)).position(|byte| *byte != b'=');
    match wrong {
        Some(index) => Err(at + index),
        None if matches!(digits, 3 | 6) => Err(at),
        None => Ok(()),
    }
}

/// Appends the whole bytes of digits of so many bits.
fn pack(digits: &[u8], width: u32, out: &mut Vec<u8>) {
    let (mut bits, mut count) = (0_u64, 0);
    for digit in digits {
        bits = bits << width | u64::from(*digit);
        count += width;
        if count >= 8 {
            count -= 8;
            out.push(u8::try_from(bits >> count & 0xff).expect("eight bits fit"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::shown;

    #[test]
    fn base64_is_gos() {
        assert_eq!(shown("b64enc", &["hello".into()]), "aGVsbG8=");
        let decoded = [("aGVsbG8=", "hello"), ("aGVs\nbG8=\n", "hello"), ("aG=\n=", "h"), ("", "")];
        for (text, want) in decoded {
            assert_eq!(shown("b64dec", &[text.into()]), want, "{text:?}");
        }
        let wrong = [
            ("bad!", 3),
            ("aGVsbG8", 4),
            ("a", 0),
            ("aG", 0),
            ("aGVs=", 4),
            ("a===", 1),
            ("aG==x", 4),
            ("aG=x", 2),
            ("aG=", 3),
            ("=", 0),
            ("aG==\naa", 5),
            ("aG==aG==", 4),
            ("aGVsb", 4),
            ("aGVs\n\nb", 6),
            ("aGVs bG8=", 4),
            ("aG=\n", 4),
        ];
        for (text, at) in wrong {
            let want = format!("illegal base64 data at input byte {at}");
            assert_eq!(shown("b64dec", &[text.into()]), want, "{text:?}");
        }
    }

    #[test]
    fn base32_is_gos() {
        assert_eq!(shown("b32enc", &["hi".into()]), "NBUQ====");
        let decoded = [
            ("NBUQ====", "hi"),
            ("NBUQ\n====\n", "hi"),
            ("NBUQ====N", "hi"),
            ("NB======", "h"),
            ("NBUQN===", "hi\u{6}"),
        ];
        for (text, want) in decoded {
            assert_eq!(shown("b32dec", &[text.into()]), want, "{text:?}");
        }
        let wrong = [
            ("x", 0),
            ("N", 0),
            ("NBUQ", 0),
            ("NBUQ===", 7),
            ("NBUQ==N=", 5),
            ("N=======", 1),
            ("NBU=====", 3),
            ("NBUQ1===", 4),
            ("NBUQNBUQN", 8),
            ("NBUQNB==", 6),
            ("NBUQ====NBUQ====", 4),
        ];
        for (text, at) in wrong {
            let want = format!("illegal base32 data at input byte {at}");
            assert_eq!(shown("b32dec", &[text.into()]), want, "{text:?}");
        }
    }
}

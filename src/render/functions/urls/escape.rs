//! Which bytes stand as `%41` in which part of a URL, as Go's `net/url` has it.

use crate::render::value::quote::quoted;

/// A part of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Path,
    Host,
    /// The zone of an IPv6 address.
    Zone,
    User,
    Fragment,
}

impl Part {
    fn must_escape(self, byte: u8) -> bool {
        let is_host = matches!(self, Self::Host | Self::Zone);
        match byte {
            b'-' | b'_' | b'.' | b'~' => false,
            _ if byte.is_ascii_alphanumeric() => false,
            b'!' | b'\'' | b'(' | b')' | b'*' | b'[' | b']' | b'<' | b'>' | b'"' if is_host => {
                false
            }
            b'$' | b'&' | b'+' | b',' | b';' | b'=' | b':' if is_host => false,
            b'$' | b'&' | b'+' | b',' | b';' | b'=' => false,
            b'/' | b':' | b'@' => self == Self::User || is_host,
            b'?' => self != Self::Fragment,
            b'!' | b'(' | b')' | b'*' => self != Self::Fragment,
            _ => true,
        }
    }
}

/// Escapes a part.
pub(super) fn escape(bytes: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if part.must_escape(*byte) {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        } else {
            out.push(*byte);
        }
    }
    out
}

/// Resolves the escapes of a part.
///
/// # Errors
/// In Go's words.
pub(super) fn unescape(bytes: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let is_host = matches!(part, Part::Host | Part::Zone);
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        if *first != b'%' {
            if is_host && first.is_ascii() && part.must_escape(*first) {
                let shown = quoted(&char::from(*first).to_string());
                return Err(format!("invalid character {shown} in host name"));
            }
            out.push(*first);
            rest = after;
            continue;
        }
        let invalid = || {
            let shown = quoted(&String::from_utf8_lossy(&rest[..rest.len().min(3)]));
            format!("invalid URL escape {shown}")
        };
        let byte = hexadecimal(after).ok_or_else(invalid)?;
        let is_allowed = match part {
            Part::Host => byte >= 0x80 || byte == b'%',
            Part::Zone => byte == b'%' || byte == b' ' || !Part::Host.must_escape(byte),
            _ => true,
        };
        if !is_allowed {
            return Err(invalid());
        }
        out.push(byte);
        rest = &rest[3..];
    }
    Ok(out)
}

fn hexadecimal(bytes: &[u8]) -> Option<u8> {
    let digit = |index: usize| bytes.get(index).and_then(|byte| char::from(*byte).to_digit(16));
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

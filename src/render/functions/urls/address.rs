//! IPv6 addresses in hosts, as Go's `net/netip` reads them.

use std::net::Ipv4Addr;

use crate::render::value::quote::quoted;

/// Checks what stands between the brackets of a host.
///
/// # Errors
/// In Go's words.
pub(super) fn check(text: &str) -> Result<(), String> {
    let failure = |message: &str, at: &str| {
        let at = if at.is_empty() { String::new() } else { format!(" (at {})", quoted(at)) };
        format!("invalid host: ParseAddr({}): {message}{at}", quoted(text))
    };
    match text.find(['.', ':', '%']).map(|index| text.as_bytes()[index]) {
        Some(b'.') if text.parse::<Ipv4Addr>().is_ok() => Err("invalid IP-literal".into()),
        Some(b':') => version6(text).map_err(|(message, at)| failure(message, at)),
        Some(b'%') => Err(failure("missing IPv6 address", "")),
        _ => Err(failure("unable to parse IP", "")),
    }
}

/// The error is a message and the place.
fn version6(text: &str) -> Result<(), (&'static str, &str)> {
    let (mut rest, zone) = text.split_once('%').map_or((text, None), |(a, b)| (a, Some(b)));
    if zone == Some("") {
        return Err(("zone must be a non-empty string", ""));
    }
    let mut has_ellipsis = false;
    if let Some(after) = rest.strip_prefix("::") {
        (rest, has_ellipsis) = (after, true);
        if rest.is_empty() {
            return Ok(());
        }
    }
    let mut bytes = 0;
    while bytes < 16 {
        let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        match digits {
            0 => return Err(("each colon-separated field must have at least one digit", rest)),
            1..=4 => {}
            _ => return Err(("each group must have 4 or less digits", rest)),
        }
        if rest[digits..].starts_with('.') {
            check_embedded(rest, bytes, has_ellipsis.then_some(()))?;
            (rest, bytes) = ("", bytes + 4);
            break;
        }
        bytes += 2;
        rest = &rest[digits..];
        if rest.is_empty() {
            break;
        }
        let Some(after) = rest.strip_prefix(':') else {
            return Err(("unexpected character, want colon", rest));
        };
        if after.is_empty() {
            return Err(("colon must be followed by more characters", rest));
        }
        rest = after;
        if let Some(after) = rest.strip_prefix(':') {
            if has_ellipsis {
                return Err(("multiple :: in address", rest));
            }
            (rest, has_ellipsis) = (after, true);
            if rest.is_empty() {
                break;
            }
        }
    }
    match (bytes < 16, has_ellipsis) {
        _ if !rest.is_empty() => Err(("trailing garbage after address", rest)),
        (true, false) => Err(("address string too short", "")),
        (false, true) => Err(("the :: must expand to at least one field of zeros", "")),
        _ => Ok(()),
    }
}

/// Checks an IPv4 address at the end, after so many bytes.
fn check_embedded(
    rest: &str,
    bytes: usize,
    ellipsis: Option<()>,
) -> Result<(), (&'static str, &str)> {
    if ellipsis.is_none() && bytes != 12 {
        let message = "embedded IPv4 address must replace the final 2 fields of the address";
        return Err((message, rest));
    }
    if bytes + 4 > 16 {
        let message = "too many hex fields to fit an embedded IPv4 at the end of the address";
        return Err((message, rest));
    }
    rest.parse::<Ipv4Addr>().map(drop).map_err(|_| ("unexpected character", rest))
}

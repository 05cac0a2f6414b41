//! Searching in texts that need not be UTF-8.

use crate::render::value::unicode;

/// Tells whether `needle` occurs.
pub(super) fn contains(hay: &[u8], needle: &[u8]) -> bool {
    needle.is_empty() || count_with(hay, needle, 1) > 0
}

/// Counts `needle` without overlaps; the empty one stands around every character.
pub(super) fn count(hay: &[u8], needle: &[u8]) -> usize {
    if needle.is_empty() {
        return unicode::pieces(hay).count() + 1;
    }
    count_with(hay, needle, usize::MAX)
}

fn count_with(hay: &[u8], needle: &[u8], limit: usize) -> usize {
    match (std::str::from_utf8(hay), std::str::from_utf8(needle)) {
        (Ok(hay), Ok(needle)) => hay.matches(needle).take(limit).count(),
        _ => split(hay, needle, limit.saturating_add(1)).len() - 1,
    }
}

/// Splits at `separator` into at most `limit` parts, which must not be 0; at the empty separator
/// into characters.
pub(super) fn split<'h>(hay: &'h [u8], separator: &[u8], limit: usize) -> Vec<&'h [u8]> {
    let mut parts = Vec::new();
    let mut rest = hay;
    if separator.is_empty() {
        for width in unicode::pieces(hay).map(|piece| piece.map_or(1, char::len_utf8)) {
            if parts.len() + 1 >= limit {
                break;
            }
            let (part, after) = rest.split_at(width);
            parts.push(part);
            rest = after;
        }
        if !rest.is_empty() {
            parts.push(rest);
        }
        return parts;
    }
    while parts.len() + 1 < limit {
        let Some(at) = rest.windows(separator.len()).position(|part| part == separator) else {
            break;
        };
        parts.push(&rest[..at]);
        rest = &rest[at + separator.len()..];
    }
    parts.push(rest);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_found_and_split() {
        assert!(contains(b"a\xffb", b"\xff") && !contains(b"a\xffb", b"\xfe"));
        assert_eq!(count("aéa".as_bytes(), b""), 4);
        assert_eq!(split(b"a\xffb\xffc", b"\xff", 2), [&b"a"[..], b"b\xffc"]);
        assert_eq!(split("éa".as_bytes(), b"", usize::MAX), ["é".as_bytes(), b"a"]);
        assert_eq!(split(b"abc", b"", 2), [&b"a"[..], b"bc"]);
    }
}

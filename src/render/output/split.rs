//! Rendered texts to the pieces between separators.

use std::ops::Range;

/// Splits a text as Helm does: at `---` that stands first on a line, with all white space before
/// and after it. Returns where the pieces lie, trimmed.
pub(super) fn pieces(text: &str) -> Vec<Range<usize>> {
    let whole = trimmed(text, 0..text.len());
    let mut pieces = Vec::new();
    let mut start = whole.start;
    let mut from = whole.start;
    while let Some(separator) = separator(text, from, &whole) {
        if separator.start > start {
            pieces.push(trimmed(text, start..separator.start));
        }
        start = separator.end;
        from = separator.end;
    }
    if start < whole.end {
        pieces.push(trimmed(text, start..whole.end));
    }
    pieces
}

/// Finds the next separator, with the white space around it. What one has used up, the next one
/// cannot: right after a separator, `---` is text.
fn separator(text: &str, from: usize, whole: &Range<usize>) -> Option<Range<usize>> {
    let bytes = &text.as_bytes()[..whole.end];
    let after = |dashes: usize| {
        let rest = &bytes[dashes + 3..];
        dashes + 3 + rest.iter().take_while(|byte| is_space(**byte)).count()
    };
    if from == whole.start && bytes[from..].starts_with(b"---") {
        return Some(from..after(from));
    }
    let newline = from + memchr::memmem::find(bytes.get(from..)?, b"\n---")?;
    let before = bytes[from..newline].iter().rev().take_while(|byte| is_space(**byte)).count();
    Some(newline - before..after(newline + 1))
}

/// White space as `\s` of Go's regular expressions knows it.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let Some(piece) = text.get(range.clone()) else { return range };
    let start = range.start + (piece.len() - piece.trim_start().len());
    start..(start + piece.trim().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_split_where_helm_splits_them() {
        let cases: [(&str, &[&str]); 14] = [
            ("kind: A\n", &["kind: A"]),
            ("\n\n  \nkind: A\n\nx: 1   \n\n\n", &["kind: A\n\nx: 1"]),
            ("---\nkind: A\n---\n\n---\nkind: B\n---\n", &["kind: A", "---\nkind: B"]),
            ("--- # first\nkind: A\n---   \nkind: B\n", &["# first\nkind: A", "kind: B"]),
            ("kind: A\n  ---\nkind: B\n", &["kind: A\n  ---\nkind: B"]),
            ("kind: A\ndata: |\n---\n  z\n", &["kind: A\ndata: |", "z"]),
            ("x: a---b\n# ---\n", &["x: a---b\n# ---"]),
            ("---apiVersion: v1\n", &["apiVersion: v1"]),
            ("a: 1\r\n---\r\nb: 2\r\n", &["a: 1", "b: 2"]),
            ("a: 1\n \n\n---\n\n  b: 2", &["a: 1", "b: 2"]),
            ("---", &[]),
            ("", &[]),
            ("---\n---\n---", &["---"]),
            ("a\n----\nb", &["a", "-\nb"]),
        ];
        for (text, expected) in cases {
            let found: Vec<&str> = pieces(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}

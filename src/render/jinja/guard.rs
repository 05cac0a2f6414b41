//! What would be too deep for Jinja: found before it recurs.

/// The most bytes that an expression or statement may have; each may be a level of its own.
pub(super) const LONGEST: usize = 16 * 1024;

/// The stack that templates are read and rendered on: a value that is built in a loop may nest as
/// deep as minijinja's fuel lasts.
const STACK: usize = 256 * 1024 * 1024;

/// Runs something on a stack that is large enough for all that a template can nest.
pub(super) fn deep<T>(run: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(STACK / 2, STACK, run)
}

/// Tells whether an expression or statement of a template is too long.
pub(super) fn is_too_long(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('{')) {
        let start = at + start;
        let end = match bytes.get(start + 1) {
            Some(b'#') => text[start..].find("#}").map_or(text.len(), |end| start + end + 2),
            Some(b'{') => end_of(bytes, start + 2, *b"}}"),
            Some(b'%') => end_of(bytes, start + 2, *b"%}"),
            _ => {
                at = start + 1;
                continue;
            }
        };
        if !matches!(bytes.get(start + 1), Some(b'#')) && end - start > LONGEST {
            return true;
        }
        at = end;
    }
    false
}

/// Returns where an action ends; what stands in quotes does not end it.
fn end_of(bytes: &[u8], from: usize, mark: [u8; 2]) -> usize {
    let mut quote = None;
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        match (quote, byte) {
            (Some(_), b'\\') => at += 1,
            (Some(open), close) if open == *close => quote = None,
            (None, b'"' | b'\'') => quote = Some(*byte),
            (None, _) if bytes[at..].starts_with(&mark) => return at + 2,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_actions_count() {
        let long = "-".repeat(LONGEST);
        let table = [
            (long.clone(), false),
            (format!("{{{{ {long}1 }}}}"), true),
            (format!("{{% if {long}1 %}}{{% endif %}}"), true),
            (format!("{{{{ \"}}}}\" {long}1 }}}}"), true),
            (format!("{{# {long} #}}{{{{ 1 }}}}{long}{{{{ 1 }}}}"), false),
            ("{{ 1 }}{ {% if 1 %}".into(), false),
            (format!("{{{{ é{long}"), true),
        ];
        for (text, expected) in table {
            assert_eq!(is_too_long(&text), expected, "{:.20}", text);
        }
    }
}

//! Shell patterns as Go's `filepath.Match` reads them.

/// A pattern that is no pattern: `[`, `a[b-`, a lone `\` at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("syntax error in pattern")]
pub(crate) struct BadPattern;

/// Tells whether a pattern matches the whole of a name; `*` and `?` do not cross `/`.
pub(crate) fn matches(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let (mut pattern, mut name) = (pattern, name);
    'pattern: while !pattern.is_empty() {
        let chunk = Chunk::scan(pattern);
        pattern = chunk.rest;
        if chunk.star && chunk.text.is_empty() {
            return Ok(!name.contains('/'));
        }
        if let Some(rest) = chunk.matches(name)? {
            // The last chunk must use the name up.
            if rest.is_empty() || !pattern.is_empty() {
                name = rest;
                continue;
            }
        }
        if chunk.star {
            for (at, skipped) in name.char_indices() {
                if skipped == '/' {
                    break;
                }
                let after = &name[at + skipped.len_utf8()..];
                if let Some(rest) = chunk.matches(after)? {
                    if pattern.is_empty() && !rest.is_empty() {
                        continue;
                    }
                    name = rest;
                    continue 'pattern;
                }
            }
        }
        return check(pattern).map(|()| false);
    }
    Ok(name.is_empty())
}

/// Refuses a pattern whose rest is broken though the name has already failed.
fn check(mut pattern: &str) -> Result<(), BadPattern> {
    while !pattern.is_empty() {
        let chunk = Chunk::scan(pattern);
        chunk.matches("")?;
        pattern = chunk.rest;
    }
    Ok(())
}

/// What stands between two stars.
struct Chunk<'a> {
    star: bool,
    text: &'a str,
    rest: &'a str,
}

impl<'a> Chunk<'a> {
    fn scan(pattern: &'a str) -> Self {
        let text = pattern.trim_start_matches('*');
        let star = text.len() < pattern.len();
        let (mut in_class, mut escaped) = (false, false);
        let end = text.find(|character| {
            let was_escaped = std::mem::take(&mut escaped);
            match character {
                _ if was_escaped => {}
                '\\' => escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                '*' => return !in_class,
                _ => {}
            }
            false
        });
        let (text, rest) = text.split_at(end.unwrap_or(text.len()));
        Self { star, text, rest }
    }

    /// Returns what is left of the name after the chunk; none where it does not match.
    fn matches<'n>(&self, mut name: &'n str) -> Result<Option<&'n str>, BadPattern> {
        let mut chunk = self.text;
        let mut failed = false;
        while let Some(first) = chunk.chars().next() {
            failed |= name.is_empty();
            let next = if failed { None } else { name.chars().next() };
            match first {
                '[' => {
                    let (rest, matched) = class(&chunk[1..], next)?;
                    chunk = rest;
                    failed |= !matched;
                }
                '?' => {
                    chunk = &chunk[1..];
                    failed |= next == Some('/');
                }
                '\\' => {
                    let literal = chunk[1..].chars().next().ok_or(BadPattern)?;
                    chunk = &chunk[1 + literal.len_utf8()..];
                    failed |= next != Some(literal);
                }
                literal => {
                    chunk = &chunk[literal.len_utf8()..];
                    failed |= next != Some(literal);
                }
            }
            name = &name[next.map_or(0, char::len_utf8)..];
        }
        Ok((!failed).then_some(name))
    }
}

/// Reads a class after its `[`; returns what follows it, and whether it holds the character.
fn class(mut chunk: &str, character: Option<char>) -> Result<(&str, bool), BadPattern> {
    let negated = chunk.starts_with('^');
    chunk = &chunk[usize::from(negated)..];
    let mut matched = false;
    let mut ranges = 0;
    loop {
        if let Some(rest) = chunk.strip_prefix(']').filter(|_| ranges > 0) {
            return Ok((rest, matched != negated));
        }
        let (low, rest) = class_character(chunk)?;
        let (high, rest) = match rest.strip_prefix('-') {
            Some(rest) => class_character(rest)?,
            None => (low, rest),
        };
        chunk = rest;
        matched |= character.is_some_and(|character| (low..=high).contains(&character));
        ranges += 1;
    }
}

fn class_character(chunk: &str) -> Result<(char, &str), BadPattern> {
    let mut characters = chunk.chars();
    let mut character = characters.next().filter(|it| !['-', ']'].contains(it));
    if character == Some('\\') {
        character = characters.next();
    }
    let rest = characters.as_str();
    match character {
        Some(character) if !rest.is_empty() => Ok((character, rest)),
        _ => Err(BadPattern),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of Go's own test of `filepath.Match`.
    #[test]
    fn patterns_match_as_in_go() {
        let cases = [
            ("abc", "abc", Some(true)),
            ("*", "abc", Some(true)),
            ("*c", "abc", Some(true)),
            ("a*", "a", Some(true)),
            ("a*", "abc", Some(true)),
            ("a*", "ab/c", Some(false)),
            ("a*/b", "abc/b", Some(true)),
            ("a*/b", "a/c/b", Some(false)),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", Some(true)),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/f", Some(true)),
            ("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", Some(false)),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", Some(false)),
            ("a*b?c*x", "abxbbxdbxebxczzx", Some(true)),
            ("a*b?c*x", "abxbbxdbxebxczzy", Some(false)),
            ("ab[c]", "abc", Some(true)),
            ("ab[b-d]", "abc", Some(true)),
            ("ab[e-g]", "abc", Some(false)),
            ("ab[^c]", "abc", Some(false)),
            ("ab[^b-d]", "abc", Some(false)),
            ("ab[^e-g]", "abc", Some(true)),
            ("a\\*b", "a*b", Some(true)),
            ("a\\*b", "ab", Some(false)),
            ("a?b", "a☺b", Some(true)),
            ("a[^a]b", "a☺b", Some(true)),
            ("a???b", "a☺b", Some(false)),
            ("[a-ζ]*", "α", Some(true)),
            ("*[a-ζ]", "A", Some(false)),
            ("a?b", "a/b", Some(false)),
            ("a*b", "a/b", Some(false)),
            ("[\\]a]", "]", Some(true)),
            ("[\\-]", "-", Some(true)),
            ("[x\\-]", "z", Some(false)),
            ("[]a]", "]", None),
            ("[-]", "-", None),
            ("[x-]", "x", None),
            ("[-x]", "x", None),
            ("\\", "a", None),
            ("[a-b-c]", "a", None),
            ("[", "a", None),
            ("[^", "a", None),
            ("[^bc", "a", None),
            ("a[", "a", None),
            ("a[", "ab", None),
            ("a[", "x", None),
            ("a/b[", "x", None),
            ("*x", "xxx", Some(true)),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches(pattern, name).ok(), expected, "{pattern} on {name}");
        }
    }
}

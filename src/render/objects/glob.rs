//! The patterns of `.Files.Glob`: those of gobwas/glob with `/` as separator.

use regex::Regex;

/// A pattern: `*` and `?` stop at `/`, `**` crosses it, `[a-z]`, `[!a]`, `{a,b}`.
#[derive(Debug)]
pub(super) enum Glob {
    /// `TEXT**TEXT`, whose two texts the library lets overlap: `d/**/f` matches `d/f`.
    Around(String, String),
    /// Any other pattern.
    Regex(Regex),
    /// The empty pattern, which matches nothing.
    Nothing,
}

impl Glob {
    /// Reads a pattern; none where it is invalid.
    pub(super) fn parse(pattern: &str) -> Option<Self> {
        if pattern.is_empty() {
            return Some(Self::Nothing);
        }
        let special = |text: &str| text.contains(['*', '?', '[', ']', '{', '}', '\\']);
        if let Some((before, after)) = pattern.split_once("**")
            && ![before, after].iter().any(|text| text.is_empty() || special(text))
        {
            return Some(Self::Around(before.into(), after.into()));
        }
        Regex::new(&format!("^(?s:{})$", regex_of(pattern)?)).ok().map(Self::Regex)
    }

    pub(super) fn matches(&self, name: &str) -> bool {
        match self {
            Self::Around(before, after) => {
                name.starts_with(before.as_str()) && name.ends_with(after.as_str())
            }
            Self::Regex(regex) => regex.is_match(name),
            Self::Nothing => false,
        }
    }
}

/// Translates a pattern; none where a bracket or brace is not closed, or closed but not opened.
fn regex_of(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut braces = 0_usize;
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '*' if rest.next_if_eq(&'*').is_some() => {
                while rest.next_if_eq(&'*').is_some() {}
                out.push_str(".*");
            }
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '{' => {
                braces += 1;
                out.push_str("(?:");
            }
            '}' => {
                braces = braces.checked_sub(1)?;
                out.push(')');
            }
            ',' if braces > 0 => out.push('|'),
            '[' => class(&mut rest, &mut out)?,
            ']' => return None,
            '\\' => out.push_str(&regex::escape(&rest.next()?.to_string())),
            other => out.push_str(&regex::escape(&other.to_string())),
        }
    }
    (braces == 0).then_some(out)
}

/// Translates what stands between brackets: a range or a list, which `!` turns round.
fn class(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> Option<()> {
    out.push('[');
    if rest.next_if_eq(&'!').is_some() {
        out.push('^');
    }
    let mut any = false;
    loop {
        match rest.next()? {
            ']' if any => break,
            ']' => return None,
            '-' if any && rest.peek() != Some(&']') => out.push('-'),
            '\\' => out.push_str(&regex::escape(&rest.next()?.to_string())),
            other => match other {
                '&' | '~' | '-' | '^' | '[' => {
                    out.push('\\');
                    out.push(other);
                }
                _ => out.push_str(&regex::escape(&other.to_string())),
            },
        }
        any = true;
    }
    out.push(']');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_the_library_does() {
        let table = [
            ("d/*", "d/a.x", true),
            ("d/*", "d/e/a.x", false),
            ("**.y", "d/e/a.y", true),
            ("**/f.txt", "f.txt", false),
            ("d/**/f.txt", "d/f.txt", true),
            ("*.{x,y}", "a.y", true),
            ("d/[!a]*", "d/b.x", true),
            ("d/[!a]*", "d/a.x", false),
            ("d/?.x", "d/a.x", true),
            ("", "a", false),
        ];
        for (pattern, name, expected) in table {
            let glob = Glob::parse(pattern).expect("the pattern is valid");
            assert_eq!(glob.matches(name), expected, "{pattern} {name}");
        }
        assert!(["[", "{a", "a}"].into_iter().all(|pattern| Glob::parse(pattern).is_none()));
    }
}

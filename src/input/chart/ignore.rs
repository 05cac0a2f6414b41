//! .helmignore: which files of a chart's folder do not belong to the chart.

use super::pattern;
use crate::input::Error;

/// The rules of a .helmignore, with Helm's own last one.
#[derive(Debug)]
pub(super) struct Rules {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    matcher: Matcher,
    /// `!pattern` ignores whatever does not match: no rule brings anything back.
    negated: bool,
    only_folders: bool,
    subject: Subject,
}

/// A pattern, told apart once: nearly all are names or endings, and each is held against every
/// file of the chart.
#[derive(Debug)]
enum Matcher {
    Name(String),
    /// What follows a `*`.
    Ending(String),
    Pattern(String),
}

impl Matcher {
    fn of(pattern: &str) -> Self {
        let is_plain = |text: &str| !text.contains(['*', '?', '[', '\\']);
        match pattern.strip_prefix('*') {
            _ if is_plain(pattern) => Self::Name(pattern.into()),
            Some(ending) if is_plain(ending) => Self::Ending(ending.into()),
            _ => Self::Pattern(pattern.into()),
        }
    }

    fn matches(&self, name: &str) -> bool {
        match self {
            Self::Name(expected) => name == expected,
            Self::Ending(ending) => {
                name.strip_suffix(ending.as_str()).is_some_and(|start| !start.contains('/'))
            }
            Self::Pattern(pattern) => pattern::matches(pattern, name).unwrap_or(false),
        }
    }
}

/// What a pattern is held against.
#[derive(Debug, Clone, Copy)]
enum Subject {
    Path,
    BaseName,
}

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A folder.
    Folder,
    /// Anything else.
    File,
}

impl Rules {
    /// Reads the text of a .helmignore.
    ///
    /// # Errors
    /// For `**` and for patterns that are none.
    pub(super) fn read(text: &str) -> Result<Self, Error> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut rules = Vec::new();
        for line in text.lines().chain(["templates/.?*"]) {
            rules.extend(Rule::read(line)?);
        }
        Ok(Self { rules })
    }

    /// Tells whether the entry at a path, relative to the chart, is left out.
    pub(super) fn ignore(&self, path: &str, entry: Entry) -> bool {
        let base = path.rsplit('/').next().unwrap_or(path);
        self.rules.iter().any(|rule| rule.ignores((path, base), entry))
    }
}

impl Rule {
    fn read(line: &str) -> Result<Option<Self>, Error> {
        let rule = line.trim();
        if rule.is_empty() || rule.starts_with('#') {
            return Ok(None);
        }
        if rule.contains("**") {
            return Err(Error::new("double-star (**) syntax is not supported"));
        }
        pattern::matches(rule, "abc").map_err(|error| Error::new(error.to_string()))?;
        let (negated, rule) = match rule.strip_prefix('!') {
            Some(rule) => (true, rule),
            None => (false, rule),
        };
        let (only_folders, rule) = match rule.strip_suffix('/') {
            Some(rule) => (true, rule),
            None => (false, rule),
        };
        let subject = if rule.contains('/') { Subject::Path } else { Subject::BaseName };
        let matcher = Matcher::of(rule.strip_prefix('/').unwrap_or(rule));
        Ok(Some(Self { matcher, negated, only_folders, subject }))
    }

    fn ignores(&self, (path, base): (&str, &str), entry: Entry) -> bool {
        let wrong_kind = self.only_folders && entry != Entry::Folder;
        let subject = match self.subject {
            Subject::Path => path,
            Subject::BaseName => base,
        };
        let matched = !wrong_kind && self.matcher.matches(subject);
        matched != self.negated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_ignore_as_helm_does() {
        let cases = [
            ("*.bak", "sub/a.bak", Entry::File, true),
            ("/*.bak", "a.bak", Entry::File, true),
            ("sub/*.bak", "sub/x/a.bak", Entry::File, false),
            ("*/a.bak", "sub/x/a.bak", Entry::File, false),
            ("*/a.bak", "sub/a.bak", Entry::File, true),
            ("*b[a]k", "a.bak", Entry::File, true),
            ("/rootonly.txt", "rootonly.txt", Entry::File, true),
            ("/rootonly.txt", "sub/rootonly.txt", Entry::File, false),
            ("ci", "sub/ci", Entry::Folder, true),
            ("ci/", "ci", Entry::File, false),
            ("ci/", "sub/ci", Entry::Folder, true),
            ("!keep.txt", "Chart.yaml", Entry::File, true),
            ("!keep.txt", "keep.txt", Entry::File, false),
            ("!*.yaml", "templates", Entry::Folder, true),
            ("\\#x", "#x", Entry::File, true),
            ("# x", "x", Entry::File, false),
            ("q?.txt", "q12.txt", Entry::File, false),
            ("", "templates/.hidden.yaml", Entry::File, true),
            ("", "templates/a/.hidden.yaml", Entry::File, false),
        ];
        for (rules, path, entry, expected) in cases {
            let ignored = Rules::read(rules).unwrap().ignore(path, entry);
            assert_eq!(ignored, expected, "{rules} on {path}");
        }
        for (rules, error) in [
            ("a/**/b", "double-star (**) syntax is not supported"),
            ("[", "syntax error in pattern"),
        ] {
            assert_eq!(Rules::read(rules).unwrap_err().message, error);
        }
    }
}

//! The actions of a template: where they stand, and which belong together.

use std::ops::Range;

/// The language of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Language {
    /// Helm's.
    Go,
    /// That of files in `.j2`.
    Jinja,
    /// None: a manifest.
    Yaml,
}

/// What an action does to those that follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It begins a block; the flag tells whether the dot is another one in it.
    Opens { moves_dot: bool },
    /// It begins another branch of a block.
    Turns,
    /// It ends a block.
    Ends,
    /// It stands alone.
    Single,
}

#[derive(Debug)]
struct Action {
    range: Range<usize>,
    role: Role,
}

/// A block around a place: where it begins, which of its branches the place is in, and whether the
/// dot is another one there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    start: usize,
    branch: usize,
    moves_dot: bool,
}

/// The actions of a text, in order.
#[derive(Debug)]
pub(super) struct Actions(Vec<Action>);

impl Actions {
    /// Finds the actions of a text.
    pub(super) fn of(text: &str, language: Language) -> Self {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(start) = next(text, at, language) {
            let end = end_of(text, start);
            found.push(Action { range: start..end, role: role(&text[start..end], language) });
            at = end;
        }
        Self(found)
    }

    /// Returns the end of the action that begins at an offset.
    pub(super) fn end_at(&self, offset: usize) -> Option<usize> {
        let at = self.0.binary_search_by_key(&offset, |action| action.range.start).ok()?;
        Some(self.0[at].range.end)
    }

    /// Returns the blocks around a place, from the outermost on.
    pub(super) fn around(&self, offset: usize) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        for action in self.0.iter().take_while(|action| action.range.start < offset) {
            match action.role {
                Role::Opens { moves_dot } => {
                    let start = action.range.start;
                    blocks.push(Block { start, branch: 0, moves_dot });
                }
                Role::Turns => blocks.iter_mut().next_back().into_iter().for_each(|it| {
                    it.branch += 1;
                }),
                Role::Ends => drop(blocks.pop()),
                Role::Single => {}
            }
        }
        blocks
    }

    /// Tells whether the dot may be another one at a place than where the template begins.
    pub(super) fn moves_dot(&self, offset: usize) -> bool {
        self.around(offset).iter().any(|block| block.moves_dot)
    }

    /// Tells whether each action that stands in a range, and each block that begins or ends in it,
    /// stands in it as a whole.
    pub(super) fn whole(&self, range: &Range<usize>) -> bool {
        let mut depth = 0_usize;
        for Action { range: own, role } in &self.0 {
            if own.end <= range.start || own.start >= range.end {
                continue;
            }
            if own.start < range.start || own.end > range.end {
                return false;
            }
            match role {
                Role::Opens { .. } => depth += 1,
                Role::Turns if depth == 0 => return false,
                Role::Ends if depth == 0 => return false,
                Role::Ends => depth -= 1,
                Role::Turns | Role::Single => {}
            }
        }
        depth == 0
    }

    /// Returns a line without its actions, each of which becomes nothing; `start` is the line's offset.
    pub(super) fn without<'a>(&self, line: &'a str, start: usize) -> std::borrow::Cow<'a, str> {
        let end = start + line.len();
        let mut left = String::new();
        let mut at = start;
        for action in self.0.iter().filter(|it| it.range.end > start && it.range.start < end) {
            left.push_str(&line[at - start..action.range.start.max(at) - start]);
            at = action.range.end.clamp(at, end);
        }
        if at == start {
            return line.into();
        }
        left.push_str(&line[at - start..]);
        left.into()
    }
}

/// Returns where the next action begins.
fn next(text: &str, from: usize, language: Language) -> Option<usize> {
    let marks: &[&str] = match language {
        Language::Go => &["{{"],
        Language::Jinja => &["{{", "{%", "{#"],
        Language::Yaml => &[],
    };
    let rest = text.get(from..)?;
    marks.iter().filter_map(|mark| rest.find(mark)).min().map(|at| from + at)
}

/// Returns where the action that begins at `start` ends; the end of the text where it does not.
fn end_of(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    let body = rest[2..].trim_start_matches('-').trim_start();
    let after = |mark: &str| rest.find(mark).map_or(text.len(), |at| start + at + mark.len());
    match rest.as_bytes()[1] {
        b'#' => return after("#}"),
        b'{' if body.starts_with("/*") => {
            let comment = rest.find("*/").map_or(rest.len(), |at| at + 2);
            return rest[comment..].find("}}").map_or(text.len(), |at| start + comment + at + 2);
        }
        _ => {}
    }
    let close = if rest.as_bytes()[1] == b'%' { "%}" } else { "}}" };
    let mut quote: Option<char> = None;
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(2) {
        match quote {
            Some(_) if escaped => escaped = false,
            Some(mark) if letter == '\\' && mark != '`' => escaped = true,
            Some(mark) if letter == mark => quote = None,
            Some(_) => {}
            None if rest[at..].starts_with(close) => return start + at + close.len(),
            None if matches!(letter, '"' | '`' | '\'') => quote = Some(letter),
            None => {}
        }
    }
    text.len()
}

fn role(action: &str, language: Language) -> Role {
    let is_statement = language == Language::Go || action.starts_with("{%");
    let body = action[2..].trim_start_matches(['-', '+']).trim_start();
    let end = body.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(body.len());
    match (&body[..end], language) {
        _ if !is_statement => Role::Single,
        ("range" | "with", Language::Go) => Role::Opens { moves_dot: true },
        ("if" | "define" | "block", Language::Go) => Role::Opens { moves_dot: false },
        ("end", Language::Go) => Role::Ends,
        ("if" | "for" | "macro" | "call" | "filter" | "block" | "with", Language::Jinja) => {
            Role::Opens { moves_dot: false }
        }
        ("set", Language::Jinja) if !body.contains('=') => Role::Opens { moves_dot: false },
        ("else" | "elif", _) => Role::Turns,
        (word, Language::Jinja) if word.starts_with("end") => Role::Ends,
        _ => Role::Single,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_end_where_their_language_says() {
        let table = [
            (Language::Go, "a{{ \"}}\" }}b", vec!["{{ \"}}\" }}"]),
            (Language::Go, "{{- /* }} */ -}}{{ `\\` }}x", vec!["{{- /* }} */ -}}", "{{ `\\` }}"]),
            (Language::Go, "{{ x }}}", vec!["{{ x }}"]),
            (Language::Go, "{{ x", vec!["{{ x"]),
            (
                Language::Jinja,
                "{# }} #}{% if a %}{{ b }}",
                vec!["{# }} #}", "{% if a %}", "{{ b }}"],
            ),
            (Language::Yaml, "{{ x }}", vec![]),
        ];
        for (language, text, expected) in table {
            let found = Actions::of(text, language).0;
            let found: Vec<&str> = found.iter().map(|it| &text[it.range.clone()]).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn blocks_are_whole_or_not() {
        let text = "{{ if a }}1{{ else }}2{{ end }}{{ range b }}3{{ end }}4";
        let actions = Actions::of(text, Language::Go);
        let at = |mark: &str| text.find(mark).expect("it is there");
        assert!(actions.whole(&(0..text.len())));
        assert!(actions.whole(&(at("1")..at("1") + 1)));
        assert!(!actions.whole(&(at("1")..at("2"))), "a branch ends in it");
        assert!(!actions.whole(&(0..at("2"))));
        assert!(!actions.whole(&(2..at("1"))), "an action is cut");
        assert_ne!(actions.around(at("1")), actions.around(at("2")));
        assert!(actions.moves_dot(at("3")) && !actions.moves_dot(at("2")));
        assert_eq!(actions.around(at("4")), []);
    }
}

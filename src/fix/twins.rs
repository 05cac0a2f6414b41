//! What no release rendered, and names the same role: a binding that a value switches on, another
//! variant of the role. It changes together with what was rendered, or nothing does.

use std::collections::BTreeSet;
use std::ops::Range;

use super::actions::{Actions, Language};
use super::place::{line_end, line_start, value_after};

/// A name in a source that is written as a renamed role's.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Twin {
    /// The value, quotes included.
    pub(super) value: Range<usize>,
    /// Whether it is certainly that of a cluster role.
    pub(super) is_clear: bool,
}

/// Returns how a name is written, without what does not matter: quotes, spaces, `template` for
/// `include`.
pub(super) fn normal(value: &str) -> String {
    let words = value.trim_matches(['"', '\'']).replace("{{-", "{{").replace("-}}", "}}");
    let words = words.replace("{{", "{{ ").replace("}}", " }}").replace('|', " | ");
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = words.join(" ").replace("{{ template ", "{{ include ").replace('$', ".");
    words.replace(" | quote }}", " }}").replace(" | squote }}", " }}")
}

/// Finds the names of cluster roles, in their metadata and in bindings, that are written like one of
/// `wanted`.
pub(super) fn find(text: &str, language: Language, wanted: &BTreeSet<String>) -> Vec<Twin> {
    let actions = Actions::of(text, language);
    let lines = Lines { text, actions: &actions };
    let mut found = Vec::new();
    for (at, key) in text.match_indices("name:") {
        let start = line_start(text, at);
        let before = actions.without(&text[start..at], start).into_owned();
        let in_flow = before.contains('{');
        let is_key = before.trim_start_matches([' ', '-']).is_empty()
            || in_flow && before.trim_end().ends_with(['{', ',']);
        let Some(value) = value_after(text, &actions, (at + key.len() - 1, in_flow)) else {
            continue;
        };
        if !is_key || !wanted.contains(&normal(&text[value.clone()])) {
            continue;
        }
        let kinds = match in_flow {
            true => lines.kinds_in_flow(start),
            false => lines.kinds_of_block(at),
        };
        let mut kinds = kinds.iter().map(|kind| kind.trim().trim_matches(['"', '\'']));
        if let Some(kind) = kinds.find(|kind| *kind == "ClusterRole" || kind.contains("{{")) {
            found.push(Twin { value, is_clear: kind == "ClusterRole" });
        }
    }
    found
}

struct Lines<'a> {
    text: &'a str,
    actions: &'a Actions,
}

impl<'a> Lines<'a> {
    /// Returns the line that starts at an offset: the column of what is no action, and it.
    fn line(&self, start: usize) -> Option<(usize, &'a str)> {
        let line = &self.text[start..line_end(self.text, start)];
        let bare = self.actions.without(line, start);
        let is_empty = bare.trim().is_empty() || bare.trim_start().starts_with('#');
        (!is_empty).then(|| (bare.len() - bare.trim_start_matches([' ', '-']).len(), line.trim()))
    }

    /// Returns the lines above an offset, from the nearest on, up to the start of the document.
    fn above(&self, at: usize) -> impl Iterator<Item = (usize, usize, &'a str)> {
        let starts = std::iter::successors(Some(line_start(self.text, at)), |start| {
            start.checked_sub(1).map(|before| line_start(self.text, before))
        });
        let lines = starts.skip(1).filter_map(|start| Some((start, self.line(start)?)));
        lines
            .take_while(|(start, _)| !self.text[*start..].starts_with("---"))
            .map(|(start, (column, line))| (start, column, line))
    }

    /// Returns the lines below that of an offset, up to the end of the document.
    fn below(&self, at: usize) -> impl Iterator<Item = (usize, &'a str)> {
        let starts = std::iter::successors(Some(line_end(self.text, at)), |start| {
            (*start < self.text.len()).then(|| line_end(self.text, *start))
        });
        let starts = starts.take_while(|start| {
            *start < self.text.len() && !self.text[*start..].starts_with("---")
        });
        starts.filter_map(|start| self.line(start))
    }

    /// Returns what stands under `kind` in the lines around an offset that begin at a column.
    fn kinds_around(&self, at: usize, column: usize) -> Vec<&'a str> {
        let above = self.above(at).map(|(_, own, line)| (own, line));
        let all = above.take_while(|(own, _)| *own >= column);
        let all = all.chain(self.below(at).take_while(|(own, _)| *own >= column));
        let own = all.filter(|(own, _)| *own == column);
        own.filter_map(|(_, line)| line.trim_start_matches(['-', ' ']).strip_prefix("kind:"))
            .map(|kind| kind.split(" #").next().unwrap_or_default())
            .take(1)
            .collect()
    }

    /// Returns the kinds that the name at an offset may be of: that of a `roleRef`, or that of the
    /// object whose metadata it stands in.
    fn kinds_of_block(&self, at: usize) -> Vec<&'a str> {
        let column = at - line_start(self.text, at);
        let parent = self.above(at).find(|(_, own, _)| *own < column);
        match parent {
            Some((_, _, line)) if line.starts_with("roleRef:") => self.kinds_around(at, column),
            Some((start, own, line)) if line.starts_with("metadata:") => {
                self.kinds_around(start, own)
            }
            _ => Vec::new(),
        }
    }

    /// Returns the kinds that a name in `{}` on a line may be of.
    fn kinds_in_flow(&self, start: usize) -> Vec<&'a str> {
        let Some((column, line)) = self.line(start) else { return Vec::new() };
        if line.starts_with("roleRef:") {
            let (_, kind) = line.split_once("kind:").unwrap_or_default();
            return vec![kind.split([',', '}']).next().unwrap_or_default()];
        }
        match line.starts_with("metadata:") {
            true => self.kinds_around(start, column),
            false => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_by_what_they_are_of() {
        let table = [
            ("roleRef:\n  kind: ClusterRole\n  name: {{ x }}\n", Some(true)),
            ("roleRef:\n  name: '{{x}}' # y\n  kind: ClusterRole\n", Some(true)),
            ("roleRef:\n  kind: Role\n  name: {{ x }}\n", None),
            ("roleRef:\n  kind: {{ if a }}Cluster{{ end }}Role\n  name: {{ x }}\n", Some(false)),
            ("roleRef: {kind: ClusterRole, name: {{ x | quote }}}\n", Some(true)),
            ("kind: ClusterRole\nmetadata:\n  labels:\n    a: b\n  name: {{ x }}\n", Some(true)),
            ("metadata: {name: {{ x }}}\nkind: ClusterRole\n", Some(true)),
            ("kind: ClusterRole\n---\nmetadata:\n  name: {{ x }}\nkind: Role\n", None),
            ("kind: Role\n{{ if a }}\nmetadata:\n  name: {{ x }}\n{{ end }}", None),
            ("subjects:\n- kind: ClusterRole\n  name: {{ x }}\n", None),
            ("roleRef:\n  kind: ClusterRole\n  name: {{ y }}\n", None),
        ];
        let wanted = BTreeSet::from([normal("{{ x }}")]);
        for (text, expected) in table {
            let found = find(text, Language::Go, &wanted);
            assert_eq!(found.first().map(|twin| twin.is_clear), expected, "{text}");
        }
    }

    #[test]
    fn what_is_written_differently_may_be_the_same() {
        let one = normal("\"{{ include \"a\" . }}-x\"");
        for other in
            ["{{ template \"a\" . }}-x", "{{- include  \"a\" $ -}}-x", "'{{include \"a\" .}}-x'"]
        {
            assert_eq!(normal(other), one);
        }
        assert_ne!(normal("{{ include \"b\" . }}-x"), one);
    }
}

//! Text to nodes: a scanner, parser and composer that follow libyaml, which Go's YAML descends from.

mod anchors;
mod block;
mod collections;
mod composer;
mod cursor;
mod event;
mod keys;
mod parser;
mod scalars;
mod scanner;
mod token;
mod words;

use super::{Error, Node};
use composer::Composer;

/// Reads the first document of a text; none where there is no document.
///
/// What follows the document is read only as far as its end demands, as in Go.
///
/// # Errors
/// Where the text is no YAML, in go-yaml's words.
pub fn parse_first(text: &str) -> Result<Option<Node>, Error> {
    Composer::new(text).next_document()
}

/// Reads all documents of a text; an empty one is a null.
///
/// # Errors
/// Where the text is no YAML, in go-yaml's words.
pub fn parse_all(text: &str) -> Result<Vec<Node>, Error> {
    let mut composer = Composer::new(text);
    let mut documents = Vec::new();
    while let Some(document) = composer.next_document()? {
        documents.push(document);
    }
    Ok(documents)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::{NodeKind, Style};
    use super::{Node, parse_all, parse_first};

    /// Writes each node's bytes between `<` and `>`, depth first.
    fn spans(text: &str) -> String {
        fn walk(node: &Node, text: &str, out: &mut String) {
            let span = node.span_start as usize..node.span_end as usize;
            write!(out, "<{}>", text.get(span).expect("spans lie within the text"))
                .expect("writes");
            match &node.kind {
                NodeKind::Scalar { .. } => {}
                NodeKind::Seq(items) => items.iter().for_each(|item| walk(item, text, out)),
                NodeKind::Map(entries) => entries.iter().for_each(|(key, value)| {
                    walk(key, text, out);
                    walk(value, text, out);
                }),
            }
        }
        let mut out = String::new();
        for document in parse_all(text).expect("the text is YAML") {
            walk(&document, text, &mut out);
        }
        out
    }

    #[test]
    fn spans_hold_the_bytes_of_a_node() {
        let cases = [
            ("a: b # c\n", "<a: b><a><b>"),
            (
                "a:\n- x\n- 'y z'\n\nb: 1\n",
                "<a:\n- x\n- 'y z'\n\nb: 1><a><- x\n- 'y z'><x><'y z'><b><1>",
            ),
            ("k: &n !!str v\n", "<k: &n !!str v><k><v>"),
            ("k: &n {a: b}\nl: *n\n", "<k: &n {a: b}\nl: *n><k><{a: b}><a><b><l><*n><a><b>"),
            (
                "k: |\n  x\n  y\n\nl: ]\n".strip_suffix("l: ]\n").expect("it ends so"),
                "<k: |\n  x\n  y><k><|\n  x\n  y>",
            ),
            ("é: [ü, x: y]", "<é: [ü, x: y]><é><[ü, x: y]><ü><x: y><x><y>"),
            ("k:\n  # c\nl: x", "<k:\n  # c\nl: x><k><><l><x>"),
            ("a: b\n---\n- c\n", "<a: b><a><b><- c><c>"),
        ];
        for (text, expected) in cases {
            assert_eq!(spans(text), expected, "{text:?}");
        }
    }

    #[test]
    fn all_documents_are_read_and_empty_ones_are_null() {
        let documents = parse_all("--- x\n...\n---\n---\n'y'\n").expect("the text is YAML");
        let scalars: Vec<_> = documents
            .iter()
            .map(|document| match &document.kind {
                NodeKind::Scalar { text, style, .. } => (text.as_str(), *style),
                _ => ("a collection", Style::Quoted),
            })
            .collect();
        assert_eq!(scalars, [("x", Style::Plain), ("", Style::Plain), ("y", Style::Quoted)]);
        assert_eq!(parse_all("# c\n").expect("the text is YAML"), []);
    }

    #[test]
    fn the_first_document_is_not_held_up_by_what_follows() {
        assert!(parse_first("a: b\n---\n@").is_ok_and(|document| document.is_some()));
        let error = parse_all("a: b\n---\n@").expect_err("the second document is no YAML");
        assert_eq!(error.to_string(), "yaml: line 3: found character that cannot start any token");
        assert_eq!(error.offset(), 9);
    }

    #[test]
    fn depth_and_aliases_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let block = |depth: usize| format!("{}a", "- ".repeat(depth));
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..40 {
            let below = format!("*a{}, ", level - 1).repeat(9);
            writeln!(bomb, "a{level}: &a{level} [{below}]").expect("writes");
        }
        let cases = [
            (nested(10_000), ""),
            (nested(10_001), "yaml: exceeded max depth of 10000"),
            (block(10_000), ""),
            (block(10_001), "yaml: exceeded max depth of 10000"),
            (format!("a: {}", nested(10_000)), "invalid character '[' exceeded max depth"),
            (
                format!("a: &a {}\nb: {}*a{}", nested(9_000), "[".repeat(9_000), "]".repeat(9_000)),
                "invalid character '[' exceeded max depth",
            ),
            (bomb, "yaml: document contains excessive aliasing"),
        ];
        for (text, expected) in cases {
            let found = parse_first(&text).map(|_| ()).map_err(|error| error.to_string());
            assert_eq!(found.err().unwrap_or_default(), expected, "{:.40}", text);
        }
    }
}

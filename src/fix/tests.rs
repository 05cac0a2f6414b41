//! Tables of sources before and after a change.

use super::place::Places;
use super::{Mend, patched, write};
use crate::finding::{Edit, Written};
use crate::source::{SourceMap, Span, Trail};

/// Where a text stands, for the `at`th time.
struct At(&'static str, usize);

impl At {
    fn span(&self, file: crate::source::FileId, text: &str) -> Span {
        let (start, found) = text.match_indices(self.0).nth(self.1).expect("it is there");
        Span::new(file, start, start + found.len())
    }
}

/// What a text is.
#[derive(Clone, Copy, PartialEq)]
enum Source {
    Manifest,
    /// A template that gives itself as it stands.
    Template,
}

/// Carries out a change of a text.
fn changed(text: &str, is: Source, edit: impl Fn(&dyn Fn(At) -> Span) -> Edit) -> String {
    let mut sources = SourceMap::new();
    let source = sources.add("c/templates/a.yaml", text);
    let file = match is {
        Source::Template => sources.add_rendered("out", text, Trail::of_copy(source, text.len())),
        Source::Manifest => source,
    };
    let edit = edit(&|at| at.span(file, text));
    let patches = match write::patches(&mut Places::new(&sources), &edit) {
        Ok(patches) => patches,
        Err(why) => return format!("refused: {why}"),
    };
    let place = Span::new(file, 0, 0);
    let mend = Mend { title: String::new(), place, patches, changes: Vec::new() };
    patched(&sources, &[&mend]).into_values().next().expect("a text is changed")
}

fn text(text: &str) -> Written {
    Written::Text(text.into())
}

fn namespace() -> Written {
    Written::ReleaseNamespace("app1".into())
}

#[test]
fn replacing_keeps_quotes_comments_and_line_ends() {
    let table = [
        ("a: x # y\n", "x", text("z"), "a: z # y\n"),
        ("a: 'x'\r\n", "'x'", text("it's"), "a: 'it''s'\r\n"),
        ("a: \"x\"\n", "\"x\"", text("q\"q"), "a: \"q\\\"q\"\n"),
        ("{a: x, b: y}\n", "x", text(""), "{a: \"\", b: y}\n"),
        ("a: x\n", "x", text("yes"), "a: \"yes\"\n"),
        ("a: x\n", "x", text("b, c"), "a: \"b, c\"\n"),
        ("- x\n- y\n", "y", text("z"), "- x\n- z\n"),
        ("a: x\n", "x", namespace(), "a: app1\n"),
    ];
    for (source, old, with, expected) in table {
        let edit = |span: &dyn Fn(At) -> Span| Edit::Replace {
            span: span(At(old, 0)),
            with: with.clone(),
        };
        assert_eq!(changed(source, Source::Manifest, edit), expected, "{source}");
    }
    let edit =
        |span: &dyn Fn(At) -> Span| Edit::Replace { span: span(At("'x'", 0)), with: namespace() };
    assert_eq!(changed("a: 'x'\n", Source::Template, edit), "a: '{{ .Release.Namespace }}'\n");
}

#[test]
fn an_empty_value_is_filled_in() {
    let source = "s:\n- name: a\n  namespace: # none\n  kind: b\n";
    let place = |file, text: &str| {
        let roots = crate::yaml::parse_all(text).expect("it is YAML");
        let document = crate::document::Document::new(file, 0, roots[0].clone());
        let item = document.root().list("s").next().and_then(|it| it.get("namespace"));
        item.expect("it is there").span()
    };
    let edit = |span: &dyn Fn(At) -> Span| {
        let file = span(At("a", 0)).file;
        Edit::Replace { span: place(file, source), with: namespace() }
    };
    let expected = source.replace("namespace:", "namespace: {{ .Release.Namespace }}");
    assert_eq!(changed(source, Source::Template, edit), expected);
}

#[test]
fn a_key_is_added_as_its_neighbours_are_written() {
    let table = [
        ("s:\n- kind: A\n  name: x # y\n", "s:\n- kind: A\n  name: x # y\n  k: v\n"),
        ("s:\n-   name: x\n    kind: A\n", "s:\n-   name: x\n    k: v\n    kind: A\n"),
        ("r:\r\n  name: x\r\n", "r:\r\n  name: x\r\n  k: v\r\n"),
        ("r:\n  name: x", "r:\n  name: x\n  k: v"),
        ("s: [{kind: A, name: x}]\n", "s: [{kind: A, name: x, k: v}]\n"),
        ("r: { name: 'x' }\n", "r: { name: 'x', k: v }\n"),
        ("{\"r\": {\"name\": \"x\"}}\n", "{\"r\": {\"name\": \"x\", \"k\": \"v\"}}\n"),
        ("r:\n  name: |\n    x\n", "r:\n  k: v\n  name: |\n    x\n"),
        ("s:\n- name: |\n    x\n", "s:\n- k: v\n  name: |\n    x\n"),
        ("r: {\"name\": [x]}\n", "r: {\"k\": v, \"name\": [x]}\n"),
    ];
    for (source, expected) in table {
        let value =
            ["[x]", "\"x\"", "'x'", "|\n    x", "x"].into_iter().find(|it| source.contains(it));
        let edit = |span: &dyn Fn(At) -> Span| Edit::Add {
            beside: span(At(value.expect("there is a value"), 0)),
            key: "k",
            value: text("v"),
        };
        assert_eq!(changed(source, Source::Manifest, edit), expected, "{source}");
    }
}

#[test]
fn an_item_goes_with_its_lines() {
    let table = [
        // The comment right above an item is the item's.
        ("s:\n- a: 1\n# x\n- a: 2 # y\n# z\n- a: 3\n", "a: 2", "s:\n- a: 1\n# z\n- a: 3\n"),
        (
            "s:\n  - a: 1\n\n# x\n\n  - a: 2\n    b: 3\nt: 1\n",
            "a: 2\n    b: 3",
            "s:\n  - a: 1\n\n# x\n\nt: 1\n",
        ),
        ("s:\r\n- a: 1\r\n- a: 2\r\n", "a: 2", "s:\r\n- a: 1\r\n"),
        ("s:\n- a: 1\n- a: 2", "a: 2", "s:\n- a: 1\n"),
        ("s:\n- a: 1\n- {a: 2}\n", "{a: 2}", "s:\n- a: 1\n"),
        ("s: [{a: 1}, {a: 2}]\n", "{a: 2}", "s: [{a: 1}]\n"),
        ("s: [ {a: 1}, {a: 2} ]\n", "{a: 1}", "s: [ {a: 2} ]\n"),
        ("s:\n- a: 2\n", "a: 2", "refused: nothing would be left of its list"),
        // A key of a map.
        ("s:\n  a: 1\n  b: 2 # x\n  c: 3\n", "2", "s:\n  a: 1\n  c: 3\n"),
        ("s: {a: 1, b: 2, c: 3}\n", "2", "s: {a: 1, c: 3}\n"),
        ("s: {a: 1, b: 2}\n", "2", "s: {a: 1}\n"),
        ("s: {a: 2, b: 1}\n", "2", "s: {b: 1}\n"),
        ("s: { \"a\": '2', \"b\": 1 }\n", "'2'", "s: { \"b\": 1 }\n"),
        ("s: { 'b': 1, 'a': 2 }\n", "2", "s: { 'b': 1 }\n"),
        ("s: {a: 1,\n  b: 2,\n  c: 3}\n", "2", "s: {a: 1,\n  c: 3}\n"),
        ("s: {a: 2,\n  b: 1}\n", "2", "s: {b: 1}\n"),
        (
            "s: {a: 2}\n",
            "2",
            "refused: c/templates/a.yaml:1:5 is written in a way that is left alone",
        ),
    ];
    for (source, item, expected) in table {
        let edit = |span: &dyn Fn(At) -> Span| Edit::Remove { span: span(At(item, 0)) };
        assert_eq!(changed(source, Source::Manifest, edit), expected, "{source}");
    }
}

#[test]
fn more_is_written_within_the_quotes() {
    let table = [
        ("name: x # y\n", "x", "name: x-{{ .Release.Namespace }} # y\n"),
        ("name: 'x'\n", "'x'", "name: 'x-{{ .Release.Namespace }}'\n"),
        ("{name: x, a: b}\n", "x", "{name: x-{{ .Release.Namespace }}, a: b}\n"),
        ("- \"x\"\n", "\"x\"", "- \"x-{{ .Release.Namespace }}\"\n"),
    ];
    for (source, name, expected) in table {
        let edit =
            |span: &dyn Fn(At) -> Span| Edit::Append { span: span(At(name, 0)), with: namespace() };
        assert_eq!(changed(source, Source::Template, edit), expected, "{source}");
    }
}

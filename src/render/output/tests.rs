//! Rendered files sorted and printed, against what the real Helm gave for them.

use super::*;

fn files(texts: &[(&str, &str)]) -> Vec<RenderedFile> {
    let file = |(name, text): &(&str, &str)| RenderedFile {
        name: format!("c/templates/{name}").into(),
        text: (*text).into(),
        trail: Trail::default(),
    };
    texts.iter().map(file).collect()
}

/// Returns the documents of files in Helm's order.
fn documents(files: Vec<RenderedFile>) -> Result<Vec<Manifest>, Error> {
    sorted(files).map(|sorted| sorted.manifests)
}

/// Prints files; of each document only where it comes from and its text.
fn printed(texts: &[(&str, &str)], selection: &Selection) -> Result<String, String> {
    let manifests = documents(files(texts)).map_err(|error| error.message)?;
    let crd = RenderedFile {
        name: "c/crds/x.yaml".into(),
        text: "kind: X\n\n".into(),
        trail: Trail::default(),
    };
    let selected = select(manifests, &[crd], selection).map_err(|error| error.message)?;
    let mut text = String::new();
    selected.print(&mut text, |_| true);
    Ok(text.replace("# Source: c/", "#"))
}

const HOOK: &str = "kind: Job\nmetadata: {annotations: {helm.sh/hook: pre-install}}\n";
const TEST: &str = "kind: Pod\nmetadata: {annotations: {helm.sh/hook: \"x,Test\"}}\n";

#[test]
fn documents_are_printed_in_the_order_of_installation() {
    let texts = [
        ("z.yaml", "kind: ConfigMap\n---\nkind: Namespace\n"),
        ("NOTES.txt", "hello"),
        ("_p.yaml", "kind: P"),
        ("a/b.yaml", "kind: ConfigMap\n"),
        ("a.yaml", HOOK),
        ("b.yaml", "x: 1"),
        ("c.yaml", "kind: Aaa"),
        ("e.yaml", " \n"),
    ];
    let expected = "---\n#templates/z.yaml\nkind: Namespace\n---\n#templates/a/b.yaml\nkind: \
                    ConfigMap\n---\n#templates/z.yaml\nkind: ConfigMap\n---\n#templates/b.yaml\n\
                    x: 1\n---\n#templates/c.yaml\nkind: Aaa\n";
    let hook = format!("---\n#templates/a.yaml\n{HOOK}");
    let all = printed(&texts, &Selection::default()).unwrap();
    assert_eq!(all, format!("{expected}{hook}"));
    let no_hooks = Selection { hooks: Hooks::Hide, ..Selection::default() };
    assert_eq!(printed(&texts, &no_hooks).unwrap(), expected);
    let crds = Selection { crds: Crds::Show, ..Selection::default() };
    let crd = "---\n#crds/x.yaml\nkind: X\n\n\n";
    assert_eq!(printed(&texts, &crds).unwrap(), format!("{crd}{expected}{hook}"));
}

#[test]
fn hooks_alone_follow_an_empty_line() {
    let tests = TEST.replace("x,", "");
    let texts = [("a.yaml", HOOK), ("b.yaml", &tests)];
    let skip = Selection { tests: Tests::Hide, ..Selection::default() };
    assert_eq!(printed(&texts, &skip).unwrap(), format!("\n---\n#templates/a.yaml\n{HOOK}"));
    assert_eq!(printed(&[], &skip).unwrap(), "\n");
}

#[test]
fn documents_of_unknown_hooks_are_left_out() {
    let sorted = sorted(files(&[("a.yaml", TEST), ("b.yaml", "kind: A")])).unwrap();
    assert_eq!(sorted.manifests.len(), 1);
    assert_eq!(sorted.warnings, ["INFO msg=\"skipping unknown hooks\" hookTypes=x,Test"]);
}

#[test]
fn only_what_is_asked_for_is_shown() {
    let texts =
        [("a.yaml", "a: 1"), ("b.yaml", "b: 1\n---\nb: 2"), ("d/e.yaml", HOOK), ("n.yaml", "")];
    let show = |patterns: &[&str]| {
        let show_only = patterns.iter().map(|pattern| (*pattern).into()).collect();
        let crds = Crds::Show;
        printed(&texts, &Selection { show_only, crds, ..Selection::default() })
    };
    let b = "---\n#templates/b.yaml\nb: 1\n---\n#templates/b.yaml\nb: 2\n";
    let a = "---\n#templates/a.yaml\na: 1\n";
    assert_eq!(show(&["templates/b.yaml", "templates/a.yaml"]).unwrap(), format!("{b}{a}"));
    assert_eq!(show(&["templates/*.yaml"]).unwrap(), format!("{a}{b}"));
    assert_eq!(show(&["crds/*"]).unwrap(), "---\n#crds/x.yaml\nkind: X\n");
    assert_eq!(show(&["templates/d/e.yaml"]).unwrap(), format!("---\n#templates/d/e.yaml\n{HOOK}"));
    for missing in ["templates/n.yaml", "a.yaml", "[", "c/templates/a.yaml"] {
        let expected = format!("could not find template {missing} in chart");
        assert_eq!(show(&[missing]).unwrap_err(), expected);
    }
}

#[test]
fn heads_of_the_wrong_type_are_errors() {
    let json = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
    let cases = [
        ("- a", format!("{json} array into Go value of type util.SimpleHead")),
        ("kind: [A]", format!("{json} array into Go struct field SimpleHead.kind of type string")),
        (
            "metadata: foo",
            format!(
                "{json} string into Go struct field SimpleHead.metadata of type struct {{ Name \
                 string \"json:\\\"name\\\"\"; Annotations map[string]string \
                 \"json:\\\"annotations\\\"\" }}"
            ),
        ),
        (
            "metadata: {annotations: {a: {b: 1}}}",
            format!("{json} object into Go struct field .metadata.annotations of type string"),
        ),
        (
            "  kind: A\n  x: 1",
            "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this \
             context"
                .into(),
        ),
    ];
    for (text, expected) in cases {
        let error = documents(files(&[("a.yaml", text)])).unwrap_err().message;
        assert_eq!(error, format!("YAML parse error on c/templates/a.yaml: {expected}"), "{text}");
    }
    let fine = "Kind: 5\nmetadata: {name: yes, annotations: {a: 1, b: ~}}";
    assert_eq!(documents(files(&[("a.yaml", fine)])).unwrap()[0].kind, "5");
}

#[test]
fn documents_keep_their_trail() {
    use crate::source::{SourceMap, Trail};
    let mut map = SourceMap::new();
    let text = "\n a: 1\n---\n\nb: 2\n---\nc: 3\n";
    let trail = Trail::of_copy(map.add("t.yaml", text), text.len());
    let files = vec![RenderedFile { name: "c/templates/t.yaml".into(), text: text.into(), trail }];
    for manifest in documents(files).unwrap() {
        let origin = manifest.trail.origin(0..manifest.text.len() as u32).unwrap();
        assert_eq!(map.text(origin.template), manifest.text);
    }
}

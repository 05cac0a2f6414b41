//! Whole charts resolved, against what the real Helm gave for them.

use std::sync::Arc;

use super::*;
use crate::input::chart::of_texts;
use crate::input::values::{self, ValueSource};
use crate::source::Span;
use crate::yaml::json_write;

const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.1.0\n";
const SUB: (&str, &str) = ("charts/s/Chart.yaml", "apiVersion: v2\nname: s\nversion: 1.0.0\n");
const OTHER: (&str, &str) = ("charts/u/Chart.yaml", "apiVersion: v2\nname: u\nversion: 1.0.0\n");

/// The files of a chart: path and text.
type Files<'a> = &'a [(&'a str, &'a str)];

/// Resolves a chart: what stands below the first lines of Chart.yaml, its other files, `--set`.
fn resolved(more: &str, files: Files<'_>, set: &str) -> Result<Resolved, String> {
    let chart = format!("{CHART}{more}");
    let files: Vec<(&str, &str)> =
        [("Chart.yaml", chart.as_str())].iter().chain(files).copied().collect();
    let chart = Arc::new(of_texts(&files).map_err(|error| error.message)?);
    let values = values::merge(&[ValueSource::Set(set.into())]).map_err(|error| error.message)?;
    resolve(&chart, &values, &Capabilities::default(), SchemaCheck::Check)
        .map_err(|error| error.message)
}

fn paths(chart: &ResolvedChart) -> Vec<String> {
    let below = chart.dependencies.iter().flat_map(paths);
    std::iter::once(chart.path.to_string()).chain(below).collect()
}

#[test]
fn defaults_and_values_coalesce() {
    let nulls = "a: null\nm: {x: null, z: {v: 1}}\nk: 1\n";
    let cases: [(&str, &str, &str, &[&str]); 7] = [
        (nulls, "", r#"{"a":null,"k":1,"m":{"x":null,"z":{"v":1}}}"#, &[]),
        (
            nulls,
            "k=null,m.z.v=null,q.r=null",
            r#"{"a":null,"m":{"x":null,"z":{}},"q":{"r":null}}"#,
            &[],
        ),
        (nulls, "a.b=1,m.x.q=2", r#"{"a":{"b":1},"k":1,"m":{"x":{"q":2},"z":{"v":1}}}"#, &[]),
        (nulls, "m=5", r#"{"a":null,"k":1,"m":5}"#, &[]),
        (
            "m: 5\n",
            "m.x=1",
            r#"{"m":{"x":1}}"#,
            &["INFO msg=\"warning: skipped value for c.m: Not a table.\""],
        ),
        (
            "o: {m: {x: 1}}\n",
            "o.m=5",
            r#"{"o":{"m":5}}"#,
            &["INFO msg=\"warning: cannot overwrite table with non table for c.o.m (map[x:1])\""],
        ),
        (
            "o: {m: 1}\n",
            "o.m.x=5",
            r#"{"o":{"m":{"x":5}}}"#,
            &[
                "INFO msg=\"warning: destination for c.o.m is a table. Ignoring non-table value (1)\"",
            ],
        ),
    ];
    for (defaults, set, expected, warnings) in cases {
        let resolved = resolved("", &[("values.yaml", defaults)], set).unwrap();
        assert_eq!(json_write(&resolved.values), expected, "{defaults} {set}");
        assert_eq!(resolved.warnings, warnings);
    }
}

#[test]
fn sub_charts_see_their_part_and_the_globals() {
    let deep = [
        SUB,
        OTHER,
        ("values.yaml", "global: {m: {d: {x: 1}}, o: {}}\n"),
        ("charts/s/values.yaml", "global: {m: {d: {w: 2, k: null}, p: {q: 1}}}\n"),
        ("charts/u/values.yaml", "global: {m: {d: {z: 3}}}\n"),
    ];
    // What lies three deep is one map for all charts.
    let shared = r#""d":{"k":null,"w":2,"x":1,"z":3}"#;
    let deep_values = format!(
        concat!(
            r#"{{"global":{{"m":{{{n}}},"o":{{}}}},"#,
            r#""s":{{"global":{{"m":{{{n},"p":{{"q":1}}}},"o":{{}}}}}},"#,
            r#""u":{{"global":{{"m":{{{n}}},"o":{{}}}}}}}}"#
        ),
        n = shared
    );
    let removed = [
        SUB,
        ("values.yaml", "s: {a: null, m: {x: null}}\n"),
        ("charts/s/values.yaml", "a: 1\nm: {x: 1, z: 2}\n"),
    ];
    let cases: [(Files<'_>, &str, &str); 5] = [
        (&deep, "", &deep_values),
        (&removed, "", r#"{"s":{"global":{},"m":{"z":2}}}"#),
        (&removed, "s.a=5", r#"{"s":{"a":5,"global":{},"m":{"z":2}}}"#),
        (&[SUB], "global=null", r#"{"global":null,"s":{}}"#),
        (&[SUB], "global.g=1,s.global.g=2", r#"{"global":{"g":1},"s":{"global":{"g":1}}}"#),
    ];
    for (files, set, expected) in cases {
        assert_eq!(json_write(&resolved("", files, set).unwrap().values), expected, "{set}");
    }
    for (set, shown) in [
        ("s=5", "%!t(int64=5)"),
        ("s=null", "%!t(<nil>)"),
        ("s={a,b}", "[%!t(string=a) %!t(string=b)]"),
    ] {
        let error = resolved("", &[SUB], set).unwrap_err();
        assert_eq!(error, format!("type mismatch on s: {shown}"));
    }
}

#[test]
fn dependencies_are_enabled_and_renamed() {
    let listed = |entry: &str| format!("dependencies:\n- {{name: s, version: 1.0.0, {entry}}}\n");
    let non_bool = "WARN msg=\"returned non-bool value\" path=s.on chart=s";
    let cases: [(&str, &str, &[&str], &[&str]); 9] = [
        ("condition: s.on", "s.on=false", &["c"], &[]),
        ("condition: s.on", "s.on=null", &["c", "c/charts/s"], &[non_bool]),
        ("condition: \"x.y,s.on\"", "s.on=false,x.y=true", &["c", "c/charts/s"], &[]),
        ("condition: \"x.y, s.on\"", "s.on=false", &["c", "c/charts/s"], &[]),
        ("tags: [a, b]", "tags.a=false", &["c"], &[]),
        ("tags: [a, b]", "tags.a=false,tags.b=true", &["c", "c/charts/s"], &[]),
        ("tags: [a], condition: s.on", "tags.a=false,s.on=true", &["c", "c/charts/s"], &[]),
        ("enabled: false", "", &["c", "c/charts/s"], &[]),
        ("alias: q, condition: q.on", "s.on=false", &["c", "c/charts/q"], &[]),
    ];
    for (entry, set, expected, warnings) in cases {
        let resolved = resolved(&listed(entry), &[SUB], set).unwrap();
        assert_eq!(paths(&resolved.chart), expected, "{entry} {set}");
        assert_eq!(resolved.warnings, warnings);
        let dependencies = resolved.chart.metadata.dependencies;
        assert_eq!(dependencies.len(), expected.len() - 1);
        assert!(dependencies.iter().all(|it| it.enabled && expected[1].ends_with(&it.name)));
    }
    // A chart that no entry fits keeps its own name.
    let unfit = "dependencies: [{name: s, version: 2.x, alias: q}]\n";
    assert_eq!(paths(&resolved(unfit, &[SUB], "").unwrap().chart), ["c", "c/charts/s"]);
    let both = "dependencies: [{name: s, version: 1.0.0, alias: b}, {name: s, version: 1.0.0}]\n";
    let resolved = resolved(both, &[SUB, OTHER], "").unwrap();
    assert_eq!(paths(&resolved.chart), ["c", "c/charts/u", "c/charts/b", "c/charts/s"]);
}

#[test]
fn values_are_imported_from_defaults() {
    let sub = "exports: {data: {p: 1, q: {r: 2}}}\ncfg: {k: v, port: 80}\n";
    let own =
        r#""s":{"cfg":{"k":"v","port":80},"exports":{"data":{"p":1,"q":{"r":2}}},"global":{}}"#;
    let cases = [
        ("data", "p: parent\n", "", r#"{"p":"parent","q":{"r":2},"#),
        ("{child: cfg, parent: mine}", "", "", r#"{"mine":{"k":"v","port":80},"#),
        ("{child: exports.data, parent: a.b}", "", "", r#"{"a":{"b":{"p":1,"q":{"r":2}}},"#),
        ("{child: cfg, parent: mine}", "mine: {port: 9}\n", "", r#"{"mine":{"k":"v","port":9},"#),
        ("{child: cfg, parent: mine}", "", "mine.port=5", r#"{"mine":{"k":"v","port":5},"#),
    ];
    for (entry, defaults, set, expected) in cases {
        let more =
            format!("dependencies: [{{name: s, version: 1.0.0, import-values: [{entry}]}}]\n");
        let files = [SUB, ("charts/s/values.yaml", sub), ("values.yaml", defaults)];
        let resolved = resolved(&more, &files, set).unwrap();
        assert_eq!(json_write(&resolved.values), format!("{expected}{own}}}"), "{entry} {set}");
    }
    let more = "dependencies: [{name: s, version: 1.0.0, import-values: [no, {child: x}]}]\n";
    let resolved = resolved(more, &[SUB], "").unwrap();
    let imports = &resolved.chart.metadata.dependencies[0].import_values;
    assert_eq!(json_write(&imports[0]), r#"{"child":"x","parent":"\u003cnil\u003e"}"#);
    assert_eq!(
        resolved.warnings,
        ["WARN msg=\"ImportValues missing table from chart\" chart=s \
          error=\"\\\"x\\\" is not a table\""]
    );
}

#[test]
fn charts_that_cannot_be_installed_are_refused() {
    let missing = "an error occurred while checking for chart dependencies. You may need to run \
                   `helm dependency build` to fetch missing dependencies: found in Chart.yaml, \
                   but missing in charts/ directory: x, z";
    let kube = "which is incompatible with Kubernetes v1.35.0";
    let cases = [
        ("type: library\n", "library charts are not installable".to_string()),
        ("dependencies: [{name: x, version: 1}, {name: z}]\n", missing.into()),
        ("kubeVersion: \">=1.40\"\n", format!("chart requires kubeVersion: >=1.40 {kube}")),
        ("kubeVersion: foo\n", format!("chart requires kubeVersion: foo {kube}")),
    ];
    for (more, expected) in cases {
        assert_eq!(resolved(more, &[SUB], "").unwrap_err(), expected);
    }
    let warned = resolved("deprecated: true\n", &[], "").unwrap().warnings;
    assert_eq!(warned, ["WARN msg=\"this chart is deprecated\""]);
}

#[test]
fn only_the_partials_of_a_library_are_templates() {
    let library = "apiVersion: v2\nname: s\nversion: 1.0.0\ntype: library\n";
    let files = [
        ("charts/s/Chart.yaml", library),
        ("charts/s/templates/_a.tpl", ""),
        ("charts/s/templates/b.yaml", ""),
    ];
    let resolved = resolved("", &files, "").unwrap();
    let templates = &resolved.chart.dependencies[0].templates;
    assert_eq!(
        templates.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(),
        ["templates/_a.tpl"]
    );
}

#[test]
fn refused_values_are_found_where_they_stand() {
    let schema = r#"{"properties":{
        "a":{"type":"integer"}, "l":{"items":{"type":"integer"}},
        "m":{"required":["x"],"additionalProperties":false,"properties":{"w":{"type":"string"}}},
        "o":{"anyOf":[{"const":1},{"const":2}]}}}"#;
    let parent = "s:\n  a: text # of the parent\n";
    let own = "base: &b {a: text}\n<<: *b\nl: [1, x]\nm: {z: 1, w: 5}\no: {q: 1}\n";
    let refused = |set: &str| -> Vec<String> {
        let files = [
            ("Chart.yaml", CHART),
            ("values.yaml", parent),
            SUB,
            ("charts/s/values.yaml", own),
            ("charts/s/values.schema.json", schema),
        ];
        let chart = Arc::new(of_texts(&files).unwrap());
        let values = values::merge(&[ValueSource::SetJson(set.into())]).unwrap();
        let done = resolve(&chart, &values, &Capabilities::default(), SchemaCheck::Check);
        let parents = chart.values_file.as_ref().and_then(|file| file.file);
        let shown = |(span, words): &(Span, String)| {
            let text = if Some(span.file) == parents { parent } else { own };
            let line = text[..span.start as usize].matches('\n').count() + 1;
            format!("{line} {}: {words}", &text[span.range()])
        };
        done.err().map(|error| error.values.iter().map(shown).collect()).unwrap_or_default()
    };
    let in_own = [
        "3 x: got string, want integer",
        "4 m: missing property 'x'",
        "4 z: additional properties 'z' not allowed",
        "4 w: got number, want string",
        "5 o: 'anyOf' failed",
    ];
    let a = "2 a: got string, want integer";
    assert_eq!(refused(r#"{"q":1}"#), [&[a], in_own.as_slice()].concat());
    // What a flag sets stands nowhere; what it leaves does.
    let set = r#"{"s":{"a":"set","l":["y"],"m":{"x":1,"w":"t"},"o":1}}"#;
    assert_eq!(refused(set), ["4 z: additional properties 'x', 'z' not allowed"]);
    assert_eq!(refused(r#"{"s":{"a":1,"l":[],"m":null,"o":2}}"#), Vec::<String>::new());
}

use super::*;
use crate::render::functions::{Param, Run};
use crate::render::go::ir::{Node, OperandKind};

/// Knows every name but `nosuchfunc` and those of one letter.
fn fake(name: &str) -> Option<&'static Function> {
    let known = name.len() > 1 && name != "nosuchfunc";
    known.then(|| {
        let name = Box::leak(name.to_owned().into_boxed_str());
        let run = Run::Plain(|_, _| unreachable!("nothing is called"));
        &*Box::leak(Box::new(Function { name, params: &[], rest: Some(Param::Any), run }))
    })
}

fn source(text: &str) -> Arc<Source> {
    Arc::new(Source { name: "t".into(), file: None, text: text.into() })
}

fn parsed(text: &str) -> Result<Vec<Template>, String> {
    Parser::new(&source(text), fake).run().map_err(|error| error.message)
}

fn templates(text: &str) -> Vec<Template> {
    parsed(text).unwrap_or_else(|message| panic!("{text:?}: {message}"))
}

fn reprinted(text: &str) -> String {
    let templates = templates(text);
    templates
        .first()
        .map(|root| root.body.iter().map(Node::to_string).collect())
        .unwrap_or_default()
}

#[test]
fn texts_are_trimmed_and_actions_reprinted() {
    let cases = [
        ("a \n\t {{- \"x\" -}} \n b", "a{{\"x\"}}b"),
        ("a \n{{- /* x */ -}}\n b", "ab"),
        ("a{{/* x\n */}}b", "ab"),
        ("a\u{a0}{{- 1 -}}\u{a0}b", "a\u{a0}{{1}}\u{a0}b"),
        ("a [ {{- 3 -}} ]", "a [{{3}}]"),
        ("{{ -3 }}{{-3}}", "{{-3}}{{-3}}"),
        ("a { b } }} c {x}", "a { b } }} c {x}"),
        ("{{ include   \"h\"\n . | indent 2|quote }}", "{{include \"h\" . | indent 2 | quote}}"),
        ("{{ (index .a 0).b.c }}", "{{(index .a 0).b.c}}"),
        ("{{ $x := (dict `a` 0x1F) }}{{ $x.a.b }}", "{{$x := (dict `a` 0x1F)}}{{$x.a.b}}"),
        ("{{ $x := 1 }}{{ $x = true }}", "{{$x := 1}}{{$x = true}}"),
        ("{{ \"a\" | }}", "{{\"a\"}}"),
        ("{{ now.Year nil . }}", "{{now.Year nil .}}"),
        (
            "{{ range $k, $v := .m }}{{ break }}{{ else }}{{ continue_ }}{{ end }}",
            "{{range $k, $v := .m}}{{break}}{{else}}{{continue_}}{{end}}",
        ),
        (
            "{{if 1}}a{{else if 2}}b{{else}}c{{end}}",
            "{{if 1}}a{{else}}{{if 2}}b{{else}}c{{end}}{{end}}",
        ),
        ("{{ block `b\t` .x }}y{{ end }}", "{{template \"b\\t\" .x}}"),
        ("{{ template \"b\" }}", "{{template \"b\"}}"),
        ("{{ .Values.clé }}", "{{.Values.clé}}"),
    ];
    for (text, expected) in cases {
        assert_eq!(reprinted(text), expected, "{text:?}");
    }
}

#[test]
fn errors_are_gos() {
    let cases = [
        ("{{ .Values.l.0 }}", "1: unexpected \".0\" in operand"),
        ("{{ \"a\".b }}", r#"1: unexpected . after term "\"a\"""#),
        ("{{ ..x }}", "1: unexpected . after term \".\""),
        ("{{ 1 nosuchfunc }}", "1: function \"nosuchfunc\" not defined"),
        ("a {{- -}} b", "1: illegal number syntax: \"-\""),
        ("a{{ /* x */ }}b", "1: unexpected \"/\" in command"),
        ("a{{/* x */ }}b", "1: comment ends before closing delimiter"),
        ("a\n{{/* x ", "2: unclosed comment"),
        ("{{ if 1 }}\n{{/* x", "2: unclosed comment in action started at t:1"),
        ("a{{ .x\n", "2: unclosed action started at t:1"),
        ("a{{ .x", "1: unclosed action"),
        ("{{ \"aa\n", "1: unterminated quoted string"),
        ("{{ .x\n `aa", "2: unterminated raw quoted string in action started at t:1"),
        ("{{ 'a", "1: unterminated character constant"),
        ("{{ \"a\\qb\" }}", "1: invalid syntax"),
        ("{{ 'abc' }}", "1: malformed character constant: 'abc'"),
        ("{{ 1x }}", "1: bad number syntax: \"1x\""),
        ("{{ 1+1 }}", "1: bad number syntax: \"1+1\""),
        ("{{ (print 1 }}", "1: unclosed left paren"),
        ("{{ (print 1 -}}", "1: unclosed left paren"),
        ("{{ (1)) }}", "1: unexpected right paren"),
        ("{{print\"a\"}}", "1: bad character U+0022 '\"'"),
        ("{{ print} }}", "1: bad character U+007D '}'"),
        ("{{ \u{1} }}", "1: unrecognized character in action: U+0001"),
        ("{{ 1 : 1 }}", "1: expected :="),
        (
            "{{ \"abcdefghijklmnopé\"\"abcdefghiéjklmnop\" }}",
            "1: unexpected \"\\\"abcdefghi\"... in operand",
        ),
        ("{{ \"a\" | \"b\" }}", "1: non executable command in pipeline stage 2"),
        ("{{ .Values. x }}", "1: unexpected <.> in operand"),
        ("{{ }}", "1: missing value for command"),
        ("{{ if }}", "1: missing value for if"),
        ("{{ block \"b\" }}{{ end }}", "1: missing value for block clause"),
        ("{{ print () }}", "1: missing value for parenthesized pipeline"),
        ("{{ $x }}", "1: undefined variable \"$x\""),
        ("{{ $a, $b := 1 }}", "1: too many declarations in command"),
        ("{{ range $a, $b, $c := 1 }}", "1: too many declarations in range"),
        ("{{ range $a, 1 }}", "1: range can only initialize variables"),
    ];
    for (text, message) in cases {
        assert_eq!(parsed(text).map(|_| ()), Err(format!("template: t:{message}")), "{text:?}");
    }
}

#[test]
fn errors_of_controls_are_gos() {
    let cases = [
        ("{{ if true }}a\n", "2: unexpected EOF"),
        ("{{ else }}", "1: unexpected {{else}}"),
        ("{{ end }}", "1: unexpected {{end}}"),
        ("{{ end 1 }}", "1: unexpected \"1\" in end"),
        ("{{ if 1 }}{{ else 1 }}", "1: unexpected \"1\" in else"),
        ("{{ if 1 }}{{ else }}{{ else }}", "1: expected end; found {{else}}"),
        ("{{ if 1 }}{{ else if 2 }}{{ else with 3 }}", "1: unexpected <with> in input"),
        ("{{ range 1 }}{{ else if 2 }}{{ end }}", "1: unexpected <if> in input"),
        ("{{ break }}", "1: {{break}} outside {{range}}"),
        ("{{ break 1 }}", "1: unexpected \"1\" in {{break}}"),
        ("{{ range 1 }}{{ else }}{{ continue }}", "1: {{continue}} outside {{range}}"),
        ("{{ range 1 }}{{ block \"b\" . }}{{ break }}", "1: {{break}} outside {{range}}"),
        ("{{ define \"a\" }}{{ define \"b\" }}", "1: unexpected <define> in command"),
        ("{{ if 1 }}{{ define \"b\" }}", "1: unexpected <define> in command"),
        ("{{ define x }}", "1: unexpected \"x\" in define clause"),
        ("{{ define \"x\" }}{{ else }}", "1: unexpected {{else}} in define clause"),
        ("{{ block \"x\"\n .\n }}\n\n{{ else }}", "3: unexpected {{else}} in block clause"),
        ("{{ template $x . }}", "1: unexpected \"$x\" in template clause"),
        (
            "{{ block \"b\" . }}x{{ end }}\n{{ define \"b\" }}y{{ end }}",
            "2: template: multiple definition of template \"b\"",
        ),
        ("{{ if 1 }}{{ $x := 1 }}{{ end }}{{ $x }}", "1: undefined variable \"$x\""),
        ("{{ $x := 1 }}{{ define \"d\" }}{{ $x }}", "1: undefined variable \"$x\""),
    ];
    for (text, message) in cases {
        assert_eq!(parsed(text).map(|_| ()), Err(format!("template: t:{message}")), "{text:?}");
    }
}

/// The slots of all variables that are read, in order.
fn slots_read(nodes: &[Node], into: &mut Vec<Option<usize>>) {
    for node in nodes {
        match node {
            Node::Action { pipe, .. } => {
                let operands = pipe.commands.iter().flat_map(|command| &command.args);
                into.extend(operands.filter_map(|operand| match operand.kind {
                    OperandKind::Variable { slot, .. } => Some(slot),
                    _ => None,
                }));
            }
            Node::Branch { body, otherwise, .. } | Node::Range { body, otherwise, .. } => {
                slots_read(body, into);
                slots_read(otherwise, into);
            }
            _ => {}
        }
    }
}

#[test]
fn variables_have_slots_where_they_are_alive() {
    // text, slots read, slots of the frame
    let cases: [(&str, &[Option<usize>], usize); 8] = [
        ("{{ $ }}", &[Some(0)], 1),
        ("{{ $x := 1 }}{{ $x }}{{ $x := 2 }}{{ $x }}", &[Some(1), Some(2)], 3),
        (
            "{{ $x := 1 }}{{ if 1 }}{{ $x := $x }}{{ $x }}{{ end }}{{ $x }}",
            &[Some(1), Some(2), Some(1)],
            3,
        ),
        ("{{ $x := 1 }}{{ if 1 }}{{ $x := 2 }}{{ else }}{{ $x }}{{ end }}", &[Some(1)], 3),
        (
            "{{ if 1 }}{{ $x := 2 }}{{ else if 1 }}{{ $x }}{{ else }}{{ $x }}{{ end }}",
            &[None, None],
            2,
        ),
        ("{{ with $x := 1 }}{{ $x }}{{ else }}{{ $x }}{{ end }}", &[Some(1), Some(1)], 2),
        ("{{ range $k, $v := . }}{{ $v }}{{ $k }}{{ end }}", &[Some(2), Some(1)], 3),
        ("{{ $x = 1 }}{{ $x }}{{ ($y := 1) }}{{ $y }}", &[None, Some(1)], 2),
    ];
    for (text, slots, frame) in cases {
        let templates = templates(text);
        let root = templates.first().expect("the text itself");
        let mut read = Vec::new();
        slots_read(&root.body, &mut read);
        assert_eq!((&*read, root.slots), (slots, frame), "{text:?}");
    }
}

#[test]
fn places_cover_actions_and_point_where_go_points() {
    let text = "a {{- $.b.c -}} \n{{ if (x.y).z }}{{ end }}{{ template  \"d\" }}";
    let lookup: Lookup = |_| fake("xx");
    let templates = Parser::new(&source(text), lookup).run().expect("it is well formed");
    let root = templates.first().expect("the text itself");
    let covered =
        |place: Place| text.get(place.start as usize..place.end as usize).expect("a range");
    let pointed = |place: Place| text.get(place.at as usize..).expect("an offset");
    let [
        Node::Text { place: before, .. },
        Node::Action { pipe, place: action },
        Node::Branch { pipe: condition, place: branch, .. },
        Node::Call { place: call, .. },
    ] = root.body.as_slice()
    else {
        panic!("{:?}", root.body)
    };
    assert_eq!(covered(*before), "a");
    assert_eq!(covered(*action), "{{- $.b.c -}}");
    let operand = |pipe: &super::super::ir::Pipe| {
        pipe.commands.first().and_then(|command| command.args.first()).map(|operand| operand.place)
    };
    let variable = operand(pipe).expect("an operand");
    assert_eq!(covered(variable), "$.b.c");
    assert!(pointed(variable).starts_with(".b.c"), "the second part's dot");
    assert_eq!(covered(*branch), "{{ if (x.y).z }}");
    assert_eq!(covered(condition.place), "(x.y).z");
    assert!(pointed(operand(condition).expect("an operand")).starts_with(".z"));
    assert_eq!(covered(*call), "{{ template  \"d\" }}");
    assert!(pointed(*call).starts_with("\"d\""));
}

#[test]
fn of_definitions_of_one_name_the_one_that_is_not_blank_stays() {
    // text, name and body of each template
    let cases: [(&str, &[(&str, &str)]); 4] = [
        ("x{{ define \"a\" }}1{{ end }}", &[("t", "x"), ("a", "1")]),
        (
            "{{ define \"a\" }}1{{ end }}{{ define \"a\" }}{{/* c */}} {{ end }}",
            &[("t", ""), ("a", "1")],
        ),
        ("{{ define \"a\" }} {{ end }}{{ define \"a\" }}1{{ end }}", &[("t", ""), ("a", "1")]),
        ("{{ define \"a\" }}2{{ end }}{{ define \"t\" }}1{{ end }} \n", &[("t", "1"), ("a", "2")]),
    ];
    for (text, expected) in cases {
        let found = templates(text);
        let body =
            |template: &Template| template.body.iter().map(Node::to_string).collect::<String>();
        let found: Vec<_> =
            found.iter().map(|template| (&*template.name, body(template))).collect();
        let found: Vec<_> = found.iter().map(|(name, body)| (*name, &**body)).collect();
        assert_eq!(found, expected, "{text:?}");
    }
}

#[test]
fn nesting_is_bound_by_go_alone() {
    let depth = 20_000;
    let ifs = "{{if 1}}".repeat(depth) + &"{{end}}".repeat(depth);
    assert_eq!(reprinted(&ifs).len(), ifs.len());
    assert_eq!(
        parsed(&"{{if 1}}".repeat(depth)).map(|_| ()),
        Err("template: t:1: unexpected EOF".into())
    );
    assert!(parsed(&(ifs + "{{end}}")).is_err());
    let chain = "{{if 1}}".to_owned() + &"{{else if 1}}".repeat(depth) + "{{end}}";
    assert!(parsed(&chain).is_ok());
    let parens = |depth: usize| format!("{{{{{}1{}}}}}", "(".repeat(depth), ")".repeat(depth));
    assert_eq!(reprinted(&parens(10_000)), parens(10_000));
    assert_eq!(
        parsed(&parens(10_001)).map(|_| ()),
        Err("template: t:1: max expression depth exceeded".into())
    );
}

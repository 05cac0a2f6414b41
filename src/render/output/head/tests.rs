//! What is read in one pass, and that the parser agrees.

use proptest::prelude::*;

use super::{Head, plain};

#[test]
fn plain_documents_are_read_in_one_pass() {
    let plain_ones = [
        "apiVersion: v1\nkind: A\nmetadata:\n  name: a\n  annotations:\n    helm.sh/hook: test,x",
        "kind: A\nspec:\n- a: 1\n  b:\n    - 'it''s'\n    - \"x\\n\"\n- - c\n  -\n# d\nx: []",
        "kind: \"A\"\ndata:\n  a: |\n    x: y: z\n\n      - [\n   # b\n  b: >-\n  c: -1 # : d",
        "a:\n  - |\n   x\n  - [a, \"*\", 'b']\nkind: A\nb: {}\n\"c d\": http://x",
        "kind: A\nmetadata:\n  annotations:\n  name: x\na:\n  {}\nb: 'c\n\nd: '' e'\nf: \"g\n h\\\"\"",
        "# c\n\nkind: A\nx:\n- --flag=a:b\n- -x\n- z: |+\n\n    z\n",
    ];
    for text in plain_ones {
        let read = plain::read(text).unwrap_or_else(|| panic!("it is plain:\n{text}"));
        assert_eq!(Head::parse(text), Ok(read), "{text}");
    }
}

#[test]
fn what_is_in_doubt_is_left_to_the_parser() {
    let others = [
        "",
        "- a",
        "a",
        "a: b: c",
        "a: b:",
        "a: 'b\n---\n'",
        "a:\n{}",
        "a:\n  {} x",
        "a:b",
        "a: b\n  c",
        "a: b\n  c: d",
        "a: - b",
        "a: &b c",
        "a: *b",
        "a: !b c",
        "a: [b: c]",
        "a: [b",
        "a: \"b",
        "a: 'b'c'",
        "a: \"\\q\"",
        "a: {b: c}",
        "a: .inf",
        "a: -.inf",
        "a: |2\n  b",
        "a: |\n   \n  b",
        "a: |\n    b\n  c",
        "a:\n  b: c\n d: e",
        "a:\n- b\n c: d",
        "  a: b\nc: d",
        "a: b\n---\nc: d",
        "null: a",
        "yes: a",
        "1: a",
        "<<: {}",
        "a\t: b",
        "kind: 1",
        "kind: true",
        "kind:",
        "kind: A\nkind: B",
        "Kind: A",
        "metadata: a",
        "metadata:\n  annotations:\n    a: 1",
        "metadata:\n  annotations:\n    a:",
        "metadata:\n- a",
        "a: \u{e9}",
    ];
    for text in others {
        assert_eq!(plain::read(text), None, "{text}");
    }
}

const KEYS: &str = "|a: |b:|kind: |metadata:|metadata: |annotations:|name: |'q r': |\"x/y\": |\
    apiVersion: |helm.sh/hook: |no: |a.b/c-d:|Kind: |k :|? ";

const VALUES: &str = "~~A~x y~1~-1~--f~|~|-~>~>+~|2~'s'~'a''b'~\"d\"~\"\\n\"~\"\\q\"~\"u~[]~[a, b]~\
    [a, 'b', \"*\"]~[a~{}~{a: b}~a: b~a:~b # c~# c~http://x:1/y~*a~&a~!t~true~null~- x~-~.inf~\
    2001-01-01~%x~@x~`x`~x#y~'a' # b~a 'b~$x~/p~(x)~^a$~:x~.+;~.5~::~: x~:";

/// Lines of documents, most of them good.
fn lines() -> impl Strategy<Value = String> {
    let indent = prop::sample::select(vec!["", "  ", "    ", " ", "      "]);
    let dash = prop::sample::select(vec!["", "", "- ", "-   ", "- - ", "-"]);
    let key = prop::sample::select(KEYS.split('|').collect::<Vec<_>>());
    let value = prop::sample::select(VALUES.split('~').collect::<Vec<_>>());
    let line = (indent, dash, key, value)
        .prop_map(|(indent, dash, key, value)| format!("{indent}{dash}{key}{value}"));
    let odd = prop::sample::select(vec!["", "   ", "---", "...", "\t", "# x", "x'", "y\"", "  {}"]);
    prop_oneof![9 => line, 1 => odd.prop_map(String::from)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn the_parser_agrees_with_what_is_read_in_one_pass(lines in prop::collection::vec(lines(), 1..9)) {
        let text = lines.join("\n");
        if let Some(head) = plain::read(&text) {
            prop_assert_eq!(Head::parse(&text), Ok(head), "{}", text);
        }
    }
}

//! Texts that nobody wrote: whatever they hold, the answer is text or an error, never a panic.

use proptest::prelude::*;

use crate::support::{Run, folder, plain, run_with};

/// What templates, YAML and `--set` are made of.
const PARTS: &[&str] = &[
    "{{",
    "}}",
    "{{-",
    "-}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "|",
    ":=",
    "=",
    ":",
    ",",
    ".",
    "-",
    "- ",
    "? ",
    "&a",
    "*a",
    "<<",
    "!!",
    "!!str ",
    "!!binary ",
    "%",
    "@",
    "`",
    "\"",
    "'",
    "\\",
    "#",
    " # ",
    ">",
    "|-\n",
    ">+2\n",
    "---",
    "...",
    "\n",
    "\n  ",
    "\t",
    " ",
    "\r\n",
    "\u{0}",
    "\u{feff}",
    "\u{85}",
    "é",
    "\u{10ffff}",
    "0",
    "1",
    "-1",
    "0x",
    "1e999",
    "0o7",
    ".5",
    "9223372036854775808",
    "~",
    "null",
    "true",
    "NaN",
    ".inf",
    "2001-01-01",
    "a",
    "b",
    "$",
    "$x",
    ".Values",
    ".a",
    ".Files",
    ".Release.Name",
    "if",
    "else",
    "end",
    "range",
    "with",
    "define",
    "template",
    "block",
    "break",
    "continue",
    "include",
    "tpl",
    "printf",
    "\"%v%d%q%x%5.3f%*d%[2]s\"",
    "dict",
    "list",
    "index",
    "slice",
    "toYaml",
    "fromYaml",
    "fromJson",
    "toJson",
    "until",
    "nindent",
    "regexReplaceAll",
    "\"(a|b)*[[:alpha:]]{2,3}\"",
    "trunc",
    "substr",
    "date",
    "now",
    "semver",
    "semverCompare",
    "\">=1.2-0 || ~1\"",
    "merge",
    "set",
    "dig",
    "splitList",
    "b64dec",
    "atoi",
    "add",
    "div",
    "mod",
    "round",
    "fail",
    "required",
    "lookup",
    "for",
    "in",
    "endfor",
    "endif",
    "set",
    "[0]",
    "[99]",
    "[-1]",
    "a.b",
    "a[1].b",
    "={",
    "=[",
    "=null",
];

fn noise() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PARTS), 0..24).prop_map(|parts| parts.concat())
}

/// Renders a chart with such texts, in this process: a panic would fail the test.
fn rendered(files: &[(&str, &str)], args: &[&str]) -> Run {
    let chart = folder(&[&[("Chart.yaml", super::CHART)], files].concat());
    let bounds = ["--max-steps", "100000", "--max-bytes", "1000000", "--max-seconds", "600"];
    let args = [&["render", ".", "-n", "a"], &bounds[..], args].concat();
    run_with(&args, "", plain(chart.path().into()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, ..ProptestConfig::default() })]

    #[test]
    fn templates_and_values(template in noise(), jinja in noise(), values in noise()) {
        for files in [
            [("values.yaml", "a: b"), ("templates/a.yaml", &template)],
            [("values.yaml", "a: b"), ("templates/a.yaml", &format!("{{{{ {template} }}}}"))],
            [("values.yaml", "a: b"), ("templates/a.yaml.j2", &jinja)],
            [("values.yaml", "a: b"), ("templates/a.yaml.j2", &format!("{{{{ {jinja} }}}}"))],
            [("values.yaml", &values), ("templates/a.yaml", "{{ .Values | toYaml }}")],
        ] {
            let run = rendered(&files, &[]);
            prop_assert!(run.code == 0 || (run.code == 2 && !run.stderr.is_empty()), "{run:?}");
        }
    }

    #[test]
    fn set_expressions(text in noise(), other in noise()) {
        for flag in ["--set", "--set-string", "--set-json", "--set-file", "--set-literal"] {
            let (text, other) = (format!("{flag}={text}"), format!("{flag}=a{other}"));
            let run = rendered(&[("templates/a.yaml", "a: b")], &[&text, &other]);
            prop_assert!(run.code == 0 || (run.code == 2 && !run.stderr.is_empty()), "{run:?}");
        }
    }

    #[test]
    fn manifests_and_inventories(text in noise()) {
        for name in ["m.yaml", "rolecall.yaml", "m.json"] {
            let files = folder(&[(name, &text)]);
            let run = run_with(&["lint", name], "", plain(files.path().into()));
            prop_assert!(run.code < 3 && (run.code < 2 || !run.stderr.is_empty()), "{run:?}");
        }
    }
}

//! Charts, manifests and command lines that are made to harm: each gets an error, in time.

mod files;
mod noise;

use std::fmt::Write as _;
use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use rayon::prelude::*;
use wait4::Wait4 as _;

use crate::support::folder;

/// The memory that a run may have resident at any moment, in bytes.
const MEMORY: u64 = 512 << 20;

/// The same for what nests as deep as it may: without optimization a stack takes several times as
/// much.
const DEEP: u64 = if cfg!(debug_assertions) { 2 * MEMORY } else { MEMORY };

/// The address space of a run, in KiB: not the bound, since an allocator reserves what it does not
/// touch, but a fence around the machine that runs the tests.
const FENCE: u64 = 8 << 20;

/// How much time on processors a run may take, without optimization.
const TIME: Duration = Duration::from_secs(30);

const CHART: &str = "apiVersion: v2\nname: c\nversion: 0.1.0\n";

/// Runs the binary, and returns what it said after checks of its time and of its memory.
fn run(folder: &Path, args: &[&str]) -> Output {
    run_within(MEMORY, folder, args)
}

fn run_within(most: u64, folder: &Path, args: &[&str]) -> Output {
    let mut streams = [(); 2].map(|()| tempfile::tempfile().expect("there is room for a file"));
    let [stdout, stderr] =
        streams.each_ref().map(|file| Stdio::from(file.try_clone().expect("files can be shared")));
    let mut child = Command::new("sh")
        .args(["-c", &format!("ulimit -v {FENCE} && ulimit -t 60 && exec \"$0\" \"$@\"")])
        .arg(env!("CARGO_BIN_EXE_rolecall"))
        .args(args)
        .env_clear()
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .expect("there is a shell");
    let end = child.wait4().expect("the run ends");
    let (time, memory) = (end.rusage.utime + end.rusage.stime, end.rusage.maxrss);
    assert!(time < TIME, "{args:?} took {time:?}");
    // The kernel counts each resident page, whoever asked for it.
    assert!(memory > 0 && memory <= most, "{args:?} took {memory} bytes");
    let [stdout, stderr] = streams.each_mut().map(said);
    Output { status: end.status, stdout, stderr }
}

/// Returns what was written to a file.
fn said(file: &mut File) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut bytes)).expect("the file can be read");
    bytes
}

/// Asserts that a run fails with exit code 2 and says `expected`.
fn refuses(name: &str, output: &Output, expected: &str) {
    let stderr = String::from_utf8_lossy(&output.stderr);
    let start: String = stderr.chars().take(2000).collect();
    assert_eq!(output.status.code(), Some(2), "{name}: {start}");
    assert!(!stderr.contains("panicked"), "{name}: {start}");
    let words: Vec<&str> = stderr.split_whitespace().filter(|word| *word != "│").collect();
    assert!(words.join(" ").contains(expected), "{name}: {expected:?} is not in {start}");
}

/// Renders a chart of one template with few steps, and asserts what it says.
fn template(text: &str, values: &str, expected: &str) {
    let chart =
        folder(&[("Chart.yaml", CHART), ("values.yaml", values), ("templates/a.yaml", text)]);
    let steps = ["render", ".", "--max-steps", "1000000", "--max-seconds", "600"];
    let output = run(chart.path(), &steps);
    refuses(&text.chars().take(80).collect::<String>(), &output, expected);
}

const STEPS: &str = "takes more than 1000000 steps to render; raise the bound with --max-steps";
const BYTES: &str = "the release makes more than 16000000 bytes; raise the bound with --max-bytes";

/// Arguments that leave little room and enough time.
const LITTLE: [&str; 6] = ["render", ".", "--max-bytes", "16000000", "--max-seconds", "600"];

#[test]
fn loops_end() {
    [
        "{{ range 10000000000 }}{{ end }}",
        "{{ range until 10000 }}{{ range until 10000 }}x{{ end }}{{ end }}",
        "{{ $s := repeat 1000000 \"a\" }}{{ range until 100000 }}{{ $x := sha256sum $s }}{{ end }}",
        "{{ $l := until 1000000 }}{{ range until 1000000 }}{{ $x := has -1 $l }}{{ end }}",
        "{{ $x := uniq (until 100000) }}",
        "{{ range until 1000000 }}{{ $x := genPrivateKey \"ed25519\" }}{{ end }}",
        "{{ range until 1000000 }}{{ $x := genPrivateKey \"rsa\" }}{{ end }}",
        "{{ $s := repeat 1000000 \"a\" }}{{ range until 100000 }}{{ $x := int $s }}{{ end }}",
        "{{ range until 1000000 }}{{ $x := htpasswd \"a\" \"b\" }}{{ end }}",
        "{{ range until 1000000 }}{{ $x := derivePassword 1 \"long\" \"a\" \"b\" \"c\" }}{{ end }}",
        "{{ define \"r\" }}{{ include \"r\" . }}{{ include \"r\" . }}{{ end }}\
         {{ define \"a\" }}{{ if . }}{{ include \"a\" (rest .) }}{{ include \"a\" (rest .) }}\
         {{ end }}{{ end }}{{ include \"a\" (until 60) }}",
    ]
    .par_iter()
    .for_each(|text| template(text, "", STEPS));
}

#[test]
fn what_grows_is_bounded() {
    let doubled = |step: &str| {
        format!("{{{{ $s := \"x\" }}}}{{{{ range until 60 }}}}{{{{ $s = {step} }}}}{{{{ end }}}}")
    };
    let mut table: Vec<String> = [
        "until 2000000000",
        "untilStep 0 2000000000 1",
        "seq 1 2000000000",
        "repeat 9223372036854775807 \"xy\"",
        "nindent 1000000000 \"x\"",
        "indent 1000000000 \"x\\ny\"",
        "randAlphaNum 2000000000",
    ]
    .map(|call| format!("{{{{ {call} }}}}"))
    .into();
    for step in [
        "print $s $s",
        "cat $s $s",
        "quote $s $s",
        "replace \"x\" \"xx\" $s",
        "printf \"%s%s\" $s $s",
    ] {
        table.push(doubled(step));
    }
    let nested = "{{ $s := list 1 }}{{ range until 60 }}{{ $s = list $s $s }}{{ end }}";
    for call in ["toYaml $s", "toJson $s", "print $s", "deepCopy $s", "toToml (dict \"a\" $s)"] {
        table.push(format!("{nested}{{{{ {call} }}}}"));
    }
    let shared = "{{ $l := list (repeat 100000 \"x\") }}{{ range until 14 }}\
                  {{ $l = concat $l $l }}{{ end }}";
    for call in ["join \"\" $l", "toYaml $l", "toJson $l", "print $l"] {
        table.push(format!("{shared}{{{{ {call} }}}}"));
    }
    table.push(
        "{{ define \"d\" }}{{ . }}{{ . }}{{ end }}{{ $s := \"x\" }}\
         {{ range until 60 }}{{ $s = include \"d\" $s }}{{ end }}"
            .into(),
    );
    let kept = |text: &str, value: &str| {
        format!(
            "{{{{ $d := dict }}}}{{{{ $t := {text} }}}}{{{{ range until 100000 }}}}\
             {{{{ $_ := set $d (toString .) ({value}) }}}}{{{{ end }}}}"
        )
    };
    table.extend([
        kept("print \"[\" (repeat 10000 \"{},\") \"{}]\"", "fromJsonArray $t"),
        kept("repeat 1000 \"- {a: [b]}\\n\"", "fromYamlArray $t"),
        kept("repeat 1000 \"[[a]]\\n\"", "fromToml $t"),
        kept("until 1000", "chunk 1 $t"),
        kept("dict \"a\" 1", "pick $t \"a\""),
    ]);
    table.push("{{ tpl (repeat 10000000 \"{{ 1 }}\") . }}".into());
    table.push("{{ fromYamlArray (print \"[\" (repeat 5000000 \"[],\") \"]\") }}".into());
    table.par_iter().for_each(|text| {
        let chart = folder(&[("Chart.yaml", CHART), ("templates/a.yaml", text)]);
        refuses(text, &run(chart.path(), &LITTLE), BYTES);
    });
}

#[test]
fn recursion_ends() {
    let helms = "rendering template has a nested reference name: r: unable to execute template";
    template("{{ define \"r\" }}{{ include \"r\" . }}{{ end }}{{ include \"r\" . }}", "", helms);
    let mut chain = String::from("{{ include \"d0\" . }}");
    for number in 0..1000 {
        let next = number + 1;
        write!(chain, "{{{{ define \"d{number}\" }}}}{{{{ include \"d{next}\" . }}}}{{{{ end }}}}")
            .expect("strings grow");
    }
    template(&chain, "", "");
    let nested = "{{ if true }}{{ with 1 }}{{ template \"r\" ((((.)))) }}{{ end }}{{ end }}";
    for (body, expected) in [
        ("{{ template \"r\" . }}", "exceeded maximum template depth (100000)"),
        (nested, "nest deeper than 150000"),
    ] {
        let text = format!("{{{{ define \"r\" }}}}{body}{{{{ end }}}}{{{{ template \"r\" . }}}}");
        let chart = folder(&[("Chart.yaml", CHART), ("templates/a.yaml", &text)]);
        refuses(body, &run_within(DEEP, chart.path(), &LITTLE), expected);
    }
    template("{{ tpl .Values.t . }}", "t: '{{ tpl .Values.t . }}'", "tpl nests deeper than 1000");
    let grows =
        "t: '{{ $_ := set .Values \"t\" (print .Values.t .Values.t) }}{{ tpl .Values.t . }}'";
    template("{{ tpl .Values.t . }}", grows, "raise the bound with --max-");
}

#[test]
fn dicts_that_hold_themselves_and_deep_values_end() {
    let own = "{{ $s := dict }}{{ $_ := set $s \"a\" (list $s $s) }}";
    let deep = "{{ $s := dict }}{{ range until 50000 }}{{ $s = dict \"a\" $s }}{{ end }}";
    [
        "toYaml $s",
        "toJson $s",
        "print $s",
        "printf \"%#v\" $s",
        "deepCopy $s",
        "deepEqual $s (dict \"a\" $s)",
        "merge (dict) $s",
        "tpl \"{{ . }}\" $s",
        "quote $s",
    ]
    .par_iter()
    .for_each(|call| {
        for before in [own, deep] {
            let text = format!("{before}{{{{ $x := {call} }}}}{{{{ fail \"the end\" }}}}");
            template(&text, "", "");
        }
    });
}

#[test]
fn deep_texts_are_read_or_refused() {
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
    template(&format!("{{{{ {} }}}}{{{{ fail \"x\" }}}}", deep("(", ")")), "", "");
    let branches = deep("{{ if true }}", "{{ end }}");
    template(&format!("{branches}{{{{ fail \"the end\" }}}}"), "", "the end");
    template(&format!("a: {}", deep("[", "]")), "", "exceeded max depth of 10000");
    template("a: b", &format!("a: {}", deep("{a: ", "}")), "exceeded max depth of 10000");
    template("{{ fail (print \"the \" (fromJson (repeat 1000000 \"[\"))) }}", "", "the ");
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..40 {
        let below = format!("*a{}, ", level - 1).repeat(9);
        writeln!(bomb, "a{level}: &a{level} [{below}]").expect("strings grow");
    }
    template("a: b", &bomb, "excessive aliasing");
    template(&bomb, "", "excessive aliasing");
    template("a: \0", "", "control characters are not allowed");
    let pattern = "{{ regexMatch (repeat 1000000 \"a\") \"a\" }}";
    template(pattern, "", "the regular expression is larger than");
}

#[test]
fn schemas_do_not_read_files_or_run_away() {
    let doubling = |keyword: &str| {
        let mut levels = String::from("\"d0\": {\"type\": \"string\"}");
        for level in 1..40 {
            let below = format!("{{\"$ref\": \"#/$defs/d{}\"}}", level - 1);
            write!(levels, ", \"d{level}\": {{\"{keyword}\": [{below}, {below}]}}")
                .expect("strings grow");
        }
        format!("{{\"$defs\": {{{levels}}}, \"$ref\": \"#/$defs/d39\"}}")
    };
    for (schema, expected) in [
        ("{\"$ref\": \"file:///etc/passwd\"}".into(), "no such file or directory"),
        ("{\"$ref\": \"http://127.0.0.1:1/x\"}".into(), "not fetched from the network"),
        (doubling("allOf"), "asks for more than"),
        (doubling("anyOf"), "asks for more than"),
        ("{\"properties\": {\"a\": {\"pattern\": \"(a{1000}){1000}\"}}}".into(), "is larger than"),
    ] {
        let chart = folder(&[
            ("Chart.yaml", CHART),
            ("values.yaml", "a: x\n"),
            ("values.schema.json", schema.as_str()),
        ]);
        refuses(&format!("{schema:.40}"), &run(chart.path(), &["render", "."]), expected);
    }
}

/// What minijinja does at one go is interrupted by the watch alone.
#[test]
fn what_no_bound_sees_is_ended() {
    let template = "{% set l = ['x' * 100000] * 2000 %}{% set b = l ~ l %}{{ b ~ l ~ l ~ b ~ l }}";
    let chart = folder(&[("Chart.yaml", CHART), ("templates/a.yaml.j2", template)]);
    let slow = run(chart.path(), &["render", ".", "--max-seconds", "1"]);
    refuses("time", &slow, "error: . for default/c takes more than 1 s; raise the bound with");
    let large = ["render", ".", "--max-seconds", "60", "--max-bytes", "16000000"];
    let large = run(chart.path(), &large);
    refuses("memory", &large, "more than 367 MiB of memory are in use; raise the bound with");
}

#[test]
fn jinja_is_bounded() {
    let long = |open: &str, inner: &str| format!("{{{{ {open}{} }}}}", inner.repeat(20_000));
    let long_lists = |value: &str| {
        format!(
            "{{% set ns = namespace(l=[repeat(10000, 'x')]) %}}{{% for i in range(14) %}}\
             {{% set ns.l = ns.l + ns.l %}}{{% endfor %}}{{{{ {value} }}}}"
        )
    };
    for (text, expected) in [
        ("{% for i in range(9000) %}{% for j in range(9000) %}{% endfor %}{% endfor %}", "raise"),
        ("{{ 'x' * 100000000000 }}", "raise the bound with --max-steps"),
        (
            "{% set ns = namespace(s='x') %}{% for i in range(60) %}\
             {% set ns.s = ns.s ~ ns.s %}{% endfor %}",
            "raise the bound with --max-steps",
        ),
        (
            "{% set ns = namespace(s=1) %}{% for i in range(60) %}\
             {% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
            "too large",
        ),
        ("{% set d = dict('a', 1) %}{% set _ = set(d, 'a', d) %}{{ d|tojson }}", "too large"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "recursion"),
        ("{{ repeat(2000000000, 'x') }}", BYTES),
        ("{% for i in range(9999) %}{% set x = range(9999)|list %}{% endfor %}", BYTES),
        (&long_lists("ns.l"), "too large"),
        (&long_lists("ns.l|string"), "too large"),
        (&long_lists("ns.l|tojson"), "too large"),
        (&long("", "-"), "longer than"),
        (&long("1", "|upper"), "longer than"),
    ] {
        let chart = folder(&[("Chart.yaml", CHART), ("templates/a.yaml.j2", text)]);
        refuses(&format!("{text:.24}"), &run(chart.path(), &LITTLE), expected);
    }
}

#[test]
fn command_lines_are_bounded() {
    let chart = folder(&[("Chart.yaml", CHART), ("templates/a.yaml", "a: {{ .Values | toJson }}")]);
    let deep = format!("{}=1", vec!["a"; 10_000].join("."));
    let braces = format!("a={}", "{".repeat(20_000));
    let json = format!("a={}", "[".repeat(50_000));
    for (args, expected) in [
        (&["--set", "a[999999999]=1"][..], "greater than maximum supported index"),
        (&["--set", "a[-1]=1"], "negative -1 index not allowed"),
        (&["--set", &deep], "maximum supported nested level"),
        (&["--set", &braces], "list must terminate with '}'"),
        (&["--set-json", &json], ""),
        (
            &["--max-steps", "9999", "--name-template", "{{ range 10000000000 }}{{ end }}"],
            "takes more than 9999 steps",
        ),
        (&["-f", "."], "is a directory"),
    ] {
        let args: Vec<&str> = ["render", "."].iter().chain(args).copied().collect();
        refuses(&format!("{:.60}", args.join(" ")), &run(chart.path(), &args), expected);
    }
}

#[test]
fn memory_grows_with_what_is_kept_and_not_with_what_is_rendered() {
    // 192 MiB are rendered, of which a name for each release is kept. How soon an allocator gives back
    // what was freed depends on how busy the machine is.
    let settings = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: \
                    {{ repeat 262144 \"x\" }}\n";
    let folder = folder(&[("c/Chart.yaml", CHART), ("c/templates/a.yaml", settings)]);
    let namespaces: Vec<String> = (0..768).map(|number| format!("n{number}")).collect();
    let output = run_within(128 << 20, folder.path(), &["lint", "c", "-n", &namespaces.join(",")]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    assert!(stderr.contains("(768 objects of 768 releases)"), "{stderr}");
}

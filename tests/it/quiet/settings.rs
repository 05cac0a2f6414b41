//! What the command line says of rules, findings and exit codes.

use std::fs;

use super::{BOTH, found, lint, problems, role, run, suppressed};
use crate::support::{folder, write};

#[test]
fn a_baseline_holds_what_is_known_wherever_it_stands() {
    let folder = folder(&[("a.yaml", &role(&[]))]);
    let args = ["a.yaml", "--select", "risk", "--baseline", "known.json"];
    let missing = lint(&folder, &args);
    assert!(
        missing.code == 2 && missing.words().contains("--write-baseline"),
        "{}",
        missing.stderr
    );
    let write_it = [&args[..], &["--write-baseline"]].concat();
    let written = lint(&folder, &write_it);
    assert_eq!((written.code, found(&written)), (0, vec![]), "{}", written.stderr);
    assert!(written.stderr.contains("known.json holds 2 findings: 2 new, 0 gone"));
    let path = folder.path().join("known.json");
    let text = fs::read_to_string(&path).expect("it was written");
    assert!(!text.contains("line") && text.contains("ClusterRole a"), "{text}");
    let known = lint(&folder, &args);
    assert_eq!((known.code, suppressed(&known), found(&known)), (0, 2, vec![]));

    write(&folder.path().join("a.yaml"), &format!("\n# moved\n\n{}", role(&[])));
    assert_eq!(suppressed(&lint(&folder, &args)), 2, "lines have moved");
    lint(&folder, &write_it);
    assert_eq!(fs::read_to_string(&path).expect("it is there"), text, "nothing churns");
    assert_eq!(found(&lint(&folder, &[&args[..], &["--no-ignores"]].concat())).len(), 2);

    write(&folder.path().join("a.yaml"), &role(&[]).replace("[secrets]", "[configmaps]"));
    let gone = lint(&folder, &args);
    assert_eq!((gone.code, suppressed(&gone)), (0, 1), "{}", gone.stderr);
    assert!(gone.stderr.contains("note: secrets-read of ClusterRole a is in the baseline"));
    assert_eq!(problems(&gone).len(), 1);
    let others = lint(&folder, &["a.yaml", "--select", "pod-exec", "--baseline", "known.json"]);
    assert!(!others.stderr.contains("is in the baseline"), "it was not run: {}", others.stderr);

    for broken in
        ["{", "{\"version\": 1, \"findings\": [{}]}\n", "{\"version\": 2, \"findings\": []}"]
    {
        write(&path, broken);
        for args in [&args[..], &write_it] {
            let run = lint(&folder, args);
            assert_eq!(run.code, 2, "{broken}");
            assert!(run.stderr.contains("known.json:1:"), "{broken} {}", run.stderr);
            assert_eq!(fs::read_to_string(&path).expect("it is there"), broken);
        }
    }
}

#[test]
fn rules_are_selected_and_left_out() {
    let folder = folder(&[
        ("a.yaml", &role(&[])),
        (
            "rolecall.yaml",
            "manifests: [a.yaml]\nlint: {rules: {pod-exec: off, secrets-read: error}}\n",
        ),
    ]);
    let table: [(&[&str], &[&str]); 8] = [
        (&["a.yaml"], &BOTH),
        (&["a.yaml", "--select", "pod-exec"], &BOTH[1..]),
        (&["a.yaml", "--select", "collision"], &[]),
        (&["a.yaml", "--select", "secrets-*,pod-*"], &BOTH),
        (&["a.yaml", "--select", "all", "--ignore", "pod-exec"], &BOTH[..1]),
        (&["a.yaml", "--select", "pod-exec", "--ignore", "risk"], &BOTH[1..]),
        (&[], &BOTH[..1]),
        (&["--select", "risk"], &BOTH),
    ];
    for (args, expected) in table {
        assert_eq!(found(&lint(&folder, args)), expected, "{args:?}");
    }
    let table = [
        ("--select", "secret-read", "did you mean `secrets-read`?"),
        ("--ignore", "rsik", "did you mean `risk`?"),
        ("--select", "zzz-*", "no rule's name begins with `zzz-`"),
    ];
    for (flag, word, expected) in table {
        let run = run(&folder, &["lint", "a.yaml", flag, word]);
        assert!(run.code == 2 && run.stderr.contains(expected), "{word} {}", run.stderr);
    }
}

#[test]
fn the_exit_code_can_be_left_out() {
    let folder = folder(&[("a.yaml", &role(&[])), ("b.yaml", "a: [\napiVersion: v1\nkind: b\n")]);
    let table: [(&[&str], u8); 5] = [
        (&["a.yaml", "--fail-on", "info"], 1),
        (&["a.yaml", "--fail-on", "never"], 0),
        (&["a.yaml", "--fail-on", "info", "--exit-zero"], 0),
        (&["a.yaml", "b.yaml", "--exit-zero"], 2),
        (&["a.yaml", "b.yaml", "--fail-on", "never"], 2),
    ];
    for (args, code) in table {
        let run = run(&folder, &[&["lint"], args].concat());
        assert_eq!(run.code, code, "{args:?} {}", run.stderr);
    }
    let help = run(&folder, &["lint", "--help"]).stdout;
    let (_, group) = help.split_once("Rules and findings:").expect("they have a heading");
    for flag in ["--select", "--ignore", "--no-ignores", "--baseline", "--write-baseline"] {
        assert!(group.contains(flag), "{flag}");
    }
}

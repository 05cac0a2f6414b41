//! Pages that are made of what the program says of itself.

use std::fmt::Write;
use std::process::Stdio;

use snapbox::{assert_data_eq, file};

use super::root;
use crate::support::{binary, finished};

const HEAD: &str = "# Command line

<!-- Made from `--help` by a test: SNAPSHOTS=overwrite cargo test. -->

Flags are spelled as in Helm. A switch takes a value too (`--no-hooks=false`), the last of two flags wins, and `-f` and `-a`
take lists in CSV. With no path, rolecall.yaml of this folder or the nearest parent is taken; without one, `lint` walks the
folder, and the other commands say what to type. `-` is standard input.

| exit code | when |
|---|---|
| 0 | nothing was found; `diff`: no difference; `merge --check`: the file is up to date |
| 1 | something was found at or above `--fail-on`, differs, is out of date, or was left out of a merge |
| 2 | wrong usage, or something could not be read or rendered |

`RULES` are names of rules, families or beginnings of names ([suppressing.md](suppressing.md#which-rules-are-run)); the names
stand in [rules.md](rules.md). What formats hold says [formats.md](formats.md), what bounds a chart [limits.md](limits.md).
";

/// Returns what a command prints for `--help`, without a terminal.
fn help(command: &str) -> String {
    let args: Vec<&str> = command.split(' ').filter(|it| !it.is_empty()).collect();
    let mut command = binary(&root(), &[args.as_slice(), &["--help"]].concat());
    let run = finished(command.stdin(Stdio::null()));
    assert_eq!(run.code, 0, "{}", run.stderr);
    // On Windows it calls itself after its file.
    let text = run.stdout.replace("rolecall.exe", "rolecall");
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[test]
fn the_page_on_the_command_line_is_what_help_prints() {
    let whole = help("");
    let (_, list) = whole.split_once("Commands:\n").expect("it lists the commands");
    let names = list.lines().take_while(|line| !line.is_empty());
    let names = names.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names = names.filter(|name| !["", "help"].contains(name));
    let mut page = String::from(HEAD);
    for name in std::iter::once("").chain(names) {
        let title = format!("rolecall {name}");
        writeln!(page, "\n## `{}`\n```text\n{}```", title.trim(), help(name))
            .expect("strings grow");
    }
    assert_data_eq!(page, file!["../../../docs/cli.md"].raw());
}

//! The README shows what happens: its commands work, and its pictures are made of real output.

use std::path::Path;

use rolecall::cli::Surroundings;
use rolecall::report::text::Colour;
use snapbox::{assert_data_eq, file};

use crate::support::{Run, arg, folder, plain, rolecall, run_with};

/// Runs a command on a terminal that shows colours.
fn coloured(args: &[&str]) -> Run {
    let surroundings = plain(env!("CARGO_MANIFEST_DIR").into());
    run_with(args, "", Surroundings { stdout: Colour::Ansi, ..surroundings })
}

/// Returns what is seen of a run; `typed` is the command.
fn seen(typed: &str, run: &Run) -> String {
    format!("$ {typed}\n{}", run.stdout)
}

#[test]
fn the_first_command_does_the_main_job() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("it can be read");
    let (_, rest) = readme.split_once("```console\n$ ").expect("it shows commands");
    let (block, _) = rest.split_once("\n```").expect("the block ends");
    let commands: Vec<&str> = block.split("\n$ ").collect();
    let [main_job, tests] = commands.as_slice() else { panic!("there are two: {commands:?}") };
    assert_eq!(*tests, "cargo test");
    let args = main_job.strip_prefix("cargo run --release --quiet -- ").expect("cargo runs it");
    let run = rolecall(&args.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, 1);
    assert!(run.stdout.starts_with("lost-subjects\n"), "{}", run.stdout);
    // What is shown of it below is what it begins with.
    let shown = rolecall(
        &[&args.split(' ').collect::<Vec<_>>()[..], &["--select", "lost-subjects"]].concat(),
    );
    assert!(run.stdout.starts_with(shown.stdout.trim_end()), "{}", shown.stdout);
}

#[test]
fn the_picture_of_a_finding_is_real() {
    let run =
        coloured(&["lint", "fixtures/flux", "-n", "app1,app2,app3", "--select", "lost-subjects"]);
    let text = seen("rolecall lint charts/flux -n app1,app2,app3", &run);
    let text = text.replace("fixtures/flux", "charts/flux");
    assert_data_eq!(text, file!["../../docs/images/lint.term.svg"]);
}

#[test]
fn the_picture_of_a_merge_is_real() {
    let folder = folder(&[]);
    let output = folder.path().join("merged.yaml");
    let run = coloured(&["merge", "fixtures/flux", "-n", "app1,app2,app3", "-o", arg(&output)]);
    let text = seen("rolecall merge charts/flux -n app1,app2,app3 -o rbac/merged.yaml", &run);
    assert_data_eq!(text, file!["../../docs/images/merge.term.svg"]);
}

#[test]
fn the_picture_of_a_diff_is_real() {
    let run = coloured(&["diff", "fixtures/diff/before.yaml", "fixtures/diff/after.yaml"]);
    let text = seen("rolecall diff --git main", &run);
    let text = text.split("\n--- Deployment").next().unwrap_or_default();
    assert_data_eq!(format!("{text}\n"), file!["../../docs/images/diff.term.svg"]);
}

//! The README shows what happens.

use crate::support::rolecall;

#[test]
fn the_shown_output_is_real() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("it can be read");
    let (_, rest) = readme.split_once("```console\n$ ").expect("it shows a run");
    let (command, rest) = rest.split_once('\n').expect("the command is a line");
    let (shown, _) = rest.split_once("\n```").expect("the block ends");
    let (_, args) = command.split_once(" -- ").expect("it runs the program through cargo");
    let run = rolecall(&args.split(' ').collect::<Vec<_>>());
    assert_eq!(run.code, 1);
    let real = format!("{}{}", run.stdout, run.stderr);
    if std::env::var_os("SNAPSHOTS").is_some_and(|it| it == "overwrite") {
        let refreshed = readme.replace(shown.trim_end(), real.trim_end());
        std::fs::write(&path, refreshed).expect("it can be written");
        return;
    }
    assert_eq!(shown.trim_end(), real.trim_end());
}

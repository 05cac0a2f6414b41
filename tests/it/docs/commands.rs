//! Commands: each is one that the program takes, and what is shown of it is what it prints.

use std::fmt::Write;
use std::io::{Seek, Write as _};
use std::path::Path;

use pulldown_cmark::Event;

use super::shell::{commands, lines};
use super::{Block, Page, pages, root};
use crate::support::{Run, binary, finished, rolecall};

/// A command of a block, and what is shown below it.
struct Shown {
    line: String,
    output: String,
}

impl Block<'_> {
    /// Returns its commands; none where it shows no commands.
    fn shown(&self) -> Vec<Shown> {
        if self.is("sh") {
            let lines = lines(&self.text).into_iter();
            return lines.map(|line| Shown { line, output: String::new() }).collect();
        }
        let mut shown: Vec<Shown> = Vec::new();
        let text = self.text.replace("\\\n", " ");
        for line in text.lines().filter(|_| self.is("console")) {
            match (line.strip_prefix("$ "), shown.last_mut()) {
                (Some(line), _) => shown.push(Shown { line: line.into(), output: String::new() }),
                (None, Some(last)) => {
                    writeln!(last.output, "{line}").expect("strings grow");
                }
                (None, None) => panic!("{}: it begins with no command", self.place()),
            }
        }
        shown
    }
}

/// Returns the commands of a page, and where they stand: those of its blocks, and those in its text.
/// The text may name a flag without its value.
fn all(page: &Page) -> Vec<(String, String, &'static [&'static [&'static str]])> {
    const HELP: &[&str] = &["--help"];
    let mut all = Vec::new();
    for block in page.blocks() {
        all.extend(block.shown().into_iter().map(|it| (it.line, block.place(), &[HELP] as &[_])));
    }
    for (event, range) in page.events() {
        if let Event::Code(code) = event
            && code.starts_with("rolecall ")
        {
            // What may be left out is in brackets.
            let line = code.replace(['[', ']'], "");
            all.push((line, page.place(range.start), &[HELP, &["VALUE", "--help"]]));
        }
    }
    all
}

#[test]
fn the_program_takes_each_command() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    for page in pages() {
        for (line, place, ends) in all(&page) {
            for command in commands(&line) {
                let Some(args) = command.args() else { continue };
                // What is wrong before it is still an error.
                let runs = ends.iter().map(|end| rolecall(&[args.as_slice(), *end].concat()));
                let runs: Vec<Run> = runs.collect();
                count += 1;
                if runs.iter().all(|run| run.code != 0) {
                    wrong.push(format!("{place}: {line}: {}", runs[0].words()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 40, "{count} commands were found");
}

/// Copies a folder with all that is below it.
fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.expect("it can be walked");
        let target = to.join(entry.path().strip_prefix(from).expect("it is below"));
        match entry.file_type().is_dir() {
            true => std::fs::create_dir_all(target).expect("the folder can be made"),
            false => drop(std::fs::copy(entry.path(), target).expect("the file can be copied")),
        }
    }
}

/// Runs one line in a folder; returns what it prints, and its exit code.
fn run(line: &str, (folder, before): (&Path, u8)) -> Result<(String, u8), String> {
    if line == "echo $?" {
        return Ok((format!("{before}\n"), 0));
    }
    let mut last = Run { code: 0, stdout: String::new(), stderr: String::new() };
    let mut stderr = String::new();
    for command in commands(line) {
        let args = command.args().filter(|_| !command.is_redirected);
        let args = args.ok_or("it cannot be run here: show nothing of what it prints")?;
        let mut stdin = tempfile::tempfile().expect("there is room for a file");
        if command.is_piped {
            stdin.write_all(last.stdout.as_bytes()).expect("it can be written");
            stdin.rewind().expect("it is a file");
        }
        let mut program = binary(folder, &args);
        last = finished(program.env("COLUMNS", "100").stdin(stdin));
        stderr += &last.stderr;
    }
    Ok((last.stdout + &stderr, last.code))
}

/// Runs a block; returns what it should hold.
fn real(block: &Block<'_>, folder: &Path) -> Result<String, String> {
    let (mut text, mut code, mut folder) = (String::new(), 0, folder.to_owned());
    for shown in block.shown() {
        writeln!(text, "$ {}", shown.line).expect("strings grow");
        if let Some(path) = shown.line.strip_prefix("cd ") {
            folder = folder.join(path);
            continue;
        }
        let printed;
        (printed, code) = run(&shown.line, (&folder, code))?;
        // A terminal shows no difference between one line break at the end and two.
        text += printed.trim_end();
        text += if printed.is_empty() { "" } else { "\n" };
    }
    Ok(text)
}

/// Says what is shown otherwise than it is; refreshes the page where that is wanted.
fn checked(page: &Page, folder: &Path) -> Vec<String> {
    let is_overwritten = std::env::var_os("SNAPSHOTS").is_some_and(|it| it == "overwrite");
    let (mut wrong, mut edits) = (Vec::new(), Vec::new());
    for block in page.blocks() {
        let shown = block.shown();
        let is_run = |it: &Shown| commands(&it.line).iter().any(|it| it.args().is_some());
        // What is shown of another machine, or another build.
        let is_console = block.is("console") && !block.is("elsewhere");
        let is_console = is_console && shown.iter().any(|it| !it.output.is_empty());
        if !is_console || !shown.iter().any(is_run) {
            continue;
        }
        let whole = &page.text[block.range.clone()];
        let begin = block.range.start + whole.find('\n').map_or(0, |at| at + 1);
        let end = begin + block.text.len();
        match real(&block, folder) {
            Err(words) => wrong.push(format!("{}: {words}", block.place())),
            Ok(real) if is_overwritten && !block.text.contains("\n...\n") => {
                edits.push((begin..end, real));
            }
            Ok(real) => {
                let shown = snapbox::Data::text(block.text.replace("\\\n", " "));
                let compared =
                    snapbox::Assert::new().try_eq(Some(&block.place()), real.into(), shown);
                wrong.extend(compared.err().map(|error| error.to_string()));
            }
        }
    }
    let mut text = page.text.clone();
    for (range, real) in edits.into_iter().rev() {
        text.replace_range(range, &real);
    }
    if text != page.text {
        std::fs::write(root().join(&page.name), text).expect("it can be written");
    }
    wrong
}

#[test]
fn what_is_shown_is_what_is_printed() {
    let mut wrong = Vec::new();
    for page in &pages() {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        copy(&root().join("fixtures"), &folder.path().join("fixtures"));
        wrong.extend(checked(page, folder.path()));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

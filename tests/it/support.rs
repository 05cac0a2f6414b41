//! Runs of the program, in this process and as the binary.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use rolecall::cli::{Streams, Surroundings, run};
use rolecall::report::text::{Colour, Glyphs};

/// What a run gave.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: u8,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Returns all of it as one text for a golden file.
    pub(crate) fn transcript(&self) -> String {
        format!("{}<stderr>\n{}<exit> {}\n", self.stdout, self.stderr, self.code)
    }

    /// Returns standard error without its line breaks.
    pub(crate) fn words(&self) -> String {
        self.stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
    }

    /// Returns standard output as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}:\n{}{}", self.stdout, self.stderr))
    }
}

/// Runs the program in the crate's folder, without colours, 100 columns wide.
pub(crate) fn rolecall(args: &[&str]) -> Run {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    run_with(args, "", plain(folder))
}

/// Runs the program with a text on standard input.
pub(crate) fn rolecall_with_stdin(args: &[&str], stdin: &str) -> Run {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    run_with(args, stdin, plain(folder))
}

/// Returns surroundings without a terminal.
pub(crate) fn plain(folder: PathBuf) -> Surroundings {
    Surroundings {
        source_date_epoch: None,
        helm: None,
        end: None,
        folder,
        width: Some(100),
        stdout: Colour::None,
        stderr: Colour::None,
        is_live: false,
        glyphs: Glyphs::Unicode,
    }
}

/// Runs the program in certain surroundings.
pub(crate) fn run_with(args: &[&str], stdin: &str, surroundings: Surroundings) -> Run {
    let args = std::iter::once("rolecall").chain(args.iter().copied()).map(OsString::from);
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let streams = Streams {
        stdin: &mut stdin.as_bytes(),
        stdout: &mut stdout,
        stderr: &mut stderr,
        surroundings,
    };
    let code = run(args, streams);
    let text = |bytes| String::from_utf8(bytes).expect("what is printed is UTF-8");
    Run { code, stdout: text(stdout), stderr: text(stderr) }
}

/// Runs the binary in a folder; nothing of the caller's environment reaches it.
pub(crate) fn binary(folder: &Path, args: &[&str]) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rolecall"));
    command.env_clear().current_dir(folder).args(args);
    command
}

/// Runs a command of the binary to its end.
pub(crate) fn finished(command: &mut std::process::Command) -> Run {
    let output = command.output().expect("the binary runs");
    let text = |bytes| String::from_utf8(bytes).expect("what is printed is UTF-8");
    let code = output.status.code().and_then(|code| u8::try_from(code).ok());
    Run {
        code: code.expect("it ends by itself"),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// Writes files below a new folder that goes when the value does.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    for (name, text) in files {
        write(&folder.path().join(name), text);
    }
    folder
}

/// Writes a file; folders that are missing are made.
pub(crate) fn write(path: &Path, text: &str) {
    let parent = path.parent().expect("the path is below a folder");
    fs::create_dir_all(parent).expect("the folder can be made");
    fs::write(path, text).expect("the file can be written");
}

/// Returns a path as an argument.
pub(crate) fn arg(path: &Path) -> &str {
    path.to_str().expect("the path is UTF-8")
}

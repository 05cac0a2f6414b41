//! Writes what `rolecall --version` says: the version, and the commit with its date where they are
//! known. No clock and no path goes in: the same commit gives the same binary.

#![allow(clippy::disallowed_methods, reason = "a build script reads what it is built from")]

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `cargo package` writes: the commit, without its date.
const PACKAGED: &str = ".cargo_vcs_info.json";

/// How much of a commit's hash is shown.
const SHOWN: usize = 9;

fn main() {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo:rerun-if-changed=build.rs");
    let version = env::var("CARGO_PKG_VERSION").unwrap_or_default();
    let said = match of_git(&root).or_else(|| of_package(&root)) {
        Some(commit) => format!("{version} ({commit})"),
        None => version,
    };
    println!("cargo:rustc-env=ROLECALL_VERSION={said}");
}

/// Asks git for the commit and its date.
fn of_git(root: &Path) -> Option<String> {
    // A crate that lies unpacked within another repository is no part of it.
    let top = git(root, &["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    watch(root);
    let shown = git(root, &["show", "--no-patch", "--format=%H %cs", "HEAD"])?;
    let (commit, date) = shown.split_once(' ')?;
    Some(format!("{} {date}", commit.get(..SHOWN)?))
}

/// Has cargo run this again when another commit is checked out or made, and only then.
fn watch(root: &Path) {
    let path = |name: &str| git(root, &["rev-parse", "--git-path", name]).map(|it| root.join(it));
    let reference = git(root, &["symbolic-ref", "--quiet", "HEAD"]);
    let names = ["HEAD", "packed-refs"].into_iter().chain(reference.as_deref());
    for mut watched in names.filter_map(path) {
        // A file that is missing would have cargo run this each time: the folder that it would be
        // made in stands for it. A repository without packed references makes that file seldom.
        while !watched.exists() && !watched.ends_with("packed-refs") && watched.pop() {}
        if watched.exists() {
            println!("cargo:rerun-if-changed={}", watched.display());
        }
    }
}

/// Reads the commit that cargo noted when it packed the crate.
fn of_package(root: &Path) -> Option<String> {
    let path = root.join(PACKAGED);
    let text = std::fs::read_to_string(&path).ok()?;
    println!("cargo:rerun-if-changed={}", path.display());
    let (_, rest) = text.split_once("\"sha1\"")?;
    let commit = rest.split('"').nth(1)?;
    commit.get(..SHOWN).map(String::from)
}

/// Runs git on the repository at a folder, whatever repository a hook of git is run for.
fn git(folder: &Path, args: &[&str]) -> Option<String> {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR"] {
        command.env_remove(name);
    }
    // In a container the files may be another user's; whoever builds them trusts them already.
    command.args(["-c", "safe.directory=*", "-c", "log.showSignature=false"]);
    let output = command.arg("-C").arg(folder).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_string())
}

//! What is at a revision of git, taken from its objects: the work tree is left as it is.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::cli::args::{InputArgs, ValueArgs};
use crate::cli::{Trouble, paths};
use crate::input;

/// The files of a revision, in a folder of their own that goes with it.
pub(super) struct Revision {
    name: String,
    files: TempDir,
    /// The folder that the repository's work tree is in.
    root: PathBuf,
    /// How messages show the folder of the files.
    shown: Vec<String>,
}

/// The arguments that lead to what is at a revision.
pub(super) struct Then {
    pub(super) args: InputArgs,
    /// The paths that there is nothing at.
    pub(super) missing: Vec<PathBuf>,
}

impl Revision {
    /// Takes the files of a revision of the repository that a folder is in.
    ///
    /// # Errors
    /// Where git is missing or the folder is in no repository, or it has no such revision.
    pub(super) fn read(name: &str, folder: &Path) -> Result<Self, Trouble> {
        let root = git(folder, &["rev-parse", "--show-toplevel"]).map_err(|words| {
            let error = input::Error::new(format!("--git needs a repository of git: {words}"));
            error.with_help("start rolecall in the repository's work tree, with git on the PATH")
        })?;
        let root = PathBuf::from(String::from_utf8_lossy(&root).trim_end_matches('\n'));
        let commit = format!("{name}^{{tree}}");
        let tree = git(folder, &["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]);
        let tree = tree.map_err(|_| {
            let error = input::Error::new(format!("git knows no revision {name}"));
            error.with_help("name a commit, a branch or a tag, such as `HEAD` or `origin/main`; a shallow clone has few")
        })?;
        let tree = String::from_utf8_lossy(&tree).trim().to_owned();
        let files = tempfile::tempdir().map_err(refused)?;
        let listed = git(&root, &["ls-tree", "-r", "-z", "--full-tree", &tree]).map_err(refused)?;
        extract(&entries(&listed), (&root, files.path())).map_err(refused)?;
        copy_vendored((&root, files.path())).map_err(refused)?;
        // What is ignored and where links may lead is told by where a repository begins.
        std::fs::create_dir_all(files.path().join(".git")).map_err(refused)?;
        let real = files.path().canonicalize().unwrap_or_else(|_| files.path().into());
        let relative = paths::relative(&real, folder);
        let mut shown =
            vec![paths::shown(&relative), paths::shown(&real), paths::shown(files.path())];
        shown.dedup();
        Ok(Self { name: name.into(), files, root, shown })
    }

    /// Returns arguments of which the paths in the repository lead to the files of the revision.
    pub(super) fn args(&self, args: &InputArgs, folder: &Path) -> Then {
        let moved = |path: &Path| self.moved(&folder.join(path));
        let (mut paths, mut missing) = (Vec::new(), Vec::new());
        for path in &args.paths {
            let then = moved(path).unwrap_or_else(|| path.clone());
            match then.exists() {
                true => paths.push(then),
                false => missing.push(paths::relative(path, folder)),
            }
        }
        let file = |path: &str| {
            let then = moved(Path::new(path)).filter(|it| it.exists());
            then.map_or_else(|| path.to_owned(), |it| it.to_string_lossy().into_owned())
        };
        let values = args.values.values.iter().map(|list| list.map(file)).collect();
        let values = ValueArgs { values, ..args.values.clone() };
        Then { args: InputArgs { paths, values, ..args.clone() }, missing }
    }

    /// Returns where what is at a path of the work tree is among the files.
    fn moved(&self, path: &Path) -> Option<PathBuf> {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| paths::tidy(path));
        let below = real(path).strip_prefix(real(&self.root)).ok()?.to_owned();
        Some(self.files.path().join(below))
    }

    /// Returns words in which the files are named by the revision.
    pub(super) fn renamed(&self, words: &str) -> String {
        let named = |words: String, shown: &String| {
            words.replace(&format!("{shown}/"), &format!("{}:", self.name))
        };
        self.shown.iter().fold(words.to_owned(), named)
    }
}

fn refused(reason: impl std::fmt::Display) -> Trouble {
    input::Error::new(format!("what is at the revision cannot be read: {reason}")).into()
}

/// Copies what lies in the folders charts/ of charts and is ignored by git: what `helm dependency build`
/// brings. It belongs to a revision that asks for the same.
fn copy_vendored((root, folder): (&Path, &Path)) -> std::io::Result<()> {
    let ignored = ["ls-files", "-z", "--others", "--ignored", "--exclude-standard"];
    let listed = git(root, &[&ignored[..], &["--", ":(glob)**/charts/**"]].concat());
    let listed = listed.unwrap_or_default();
    for path in listed.split(|byte| *byte == 0) {
        let path = PathBuf::from(String::from_utf8_lossy(path).into_owned());
        let is_same = |chart: &&Path| asks_alike(&root.join(chart), &folder.join(chart));
        let is_charts = |it: &&Path| it.file_name().is_some_and(|name| name == "charts");
        let charts = path.ancestors().filter(is_charts).filter_map(Path::parent);
        let (from, to) = (root.join(&path), folder.join(&path));
        if charts.filter(is_same).count() == 0 || !from.is_file() || to.exists() {
            continue;
        }
        std::fs::create_dir_all(to.parent().unwrap_or(folder))?;
        std::fs::copy(from, to)?;
    }
    Ok(())
}

/// Tells whether two states of a chart ask for the same charts: by Chart.lock, or else by Chart.yaml.
#[allow(clippy::disallowed_methods, reason = "their bytes are compared, nothing of them is read")]
fn asks_alike(now: &Path, then: &Path) -> bool {
    let read = |folder: &Path, name: &str| std::fs::read(folder.join(name)).ok();
    match (read(now, "Chart.lock"), read(then, "Chart.lock")) {
        (None, None) => {
            let chart = read(now, "Chart.yaml");
            chart.is_some() && chart == read(then, "Chart.yaml")
        }
        (one, other) => one == other,
    }
}

/// Asks git; returns what it prints, or why it did not.
fn git(folder: &Path, args: &[&str]) -> Result<Vec<u8>, String> {
    let asked = Command::new("git").arg("-C").arg(folder).args(args).stdin(Stdio::null()).output();
    let output = asked.map_err(|error| format!("git cannot be started: {error}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => {
            let words = String::from_utf8_lossy(&output.stderr);
            let line = words.lines().next().unwrap_or("it gives no reason");
            Err(line.trim_start_matches("fatal: ").to_owned())
        }
    }
}

/// A file of a tree.
struct Entry {
    /// The name of its content.
    object: String,
    path: PathBuf,
    is_link: bool,
}

/// Reads what `git ls-tree -z` prints, without submodules.
fn entries(listed: &[u8]) -> Vec<Entry> {
    let entry = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        let (head, path) = line.split_once('\t')?;
        let mut words = head.split(' ');
        let (mode, kind, object) = (words.next()?, words.next()?, words.next()?);
        let is_safe =
            Path::new(path).components().all(|it| matches!(it, std::path::Component::Normal(_)));
        (kind == "blob" && is_safe).then(|| Entry {
            object: object.into(),
            path: path.into(),
            is_link: mode == "120000",
        })
    };
    listed.split(|byte| *byte == 0).filter_map(entry).collect()
}

/// Writes the files of a tree into a folder.
fn extract(entries: &[Entry], (root, folder): (&Path, &Path)) -> std::io::Result<()> {
    let mut child = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else {
        return Err(std::io::Error::other("no pipe"));
    };
    let names: String = entries.iter().map(|it| format!("{}\n", it.object)).collect();
    // What is asked and what is answered can each fill a pipe.
    let asking = std::thread::spawn(move || stdin.write_all(names.as_bytes()));
    let mut answers = std::io::BufReader::new(stdout);
    let mut links = Vec::new();
    for entry in entries {
        let content = content(&mut answers)?;
        match entry.is_link {
            true => links.push((entry, content)),
            false => write(entry, &content, folder)?,
        }
    }
    // Links come last, so that none leads a file elsewhere.
    for (entry, content) in links {
        write(entry, &content, folder)?;
    }
    drop(asking.join());
    drop(child.wait());
    Ok(())
}

/// Reads one answer of `git cat-file --batch`.
fn content(answers: &mut impl std::io::BufRead) -> std::io::Result<Vec<u8>> {
    let mut head = String::new();
    answers.read_line(&mut head)?;
    let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse().ok());
    let unknown = || std::io::Error::other(format!("git answered `{}`", head.trim_end()));
    let mut content = vec![0; size.ok_or_else(unknown)?];
    answers.read_exact(&mut content)?;
    answers.read_exact(&mut [0])?;
    Ok(content)
}

#[allow(clippy::disallowed_methods, reason = "nobody sees these files before all are there")]
fn write(entry: &Entry, content: &[u8], folder: &Path) -> std::io::Result<()> {
    let path = folder.join(&entry.path);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    #[cfg(unix)]
    if entry.is_link {
        let target = String::from_utf8_lossy(content);
        return std::os::unix::fs::symlink(target.as_ref(), path);
    }
    std::fs::write(path, content)
}

//! What a path is, found out by looking.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use walkdir::{DirEntry, WalkDir};

use super::inventory::FILE_NAME;
use super::{Error, chart, disk};

/// An input of a kind that was found out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Input {
    /// A chart's folder, or a packaged chart.
    Chart(PathBuf),
    /// A rolecall.yaml.
    Inventory(PathBuf),
    /// A folder of Jinja templates.
    Jinja(PathBuf),
    /// A file of manifests.
    Manifest(PathBuf),
    /// Manifests on standard input.
    Stdin,
}

/// How an input came to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Someone named it.
    Named,
    /// A pattern of a rolecall.yaml matches it.
    Matched,
    /// A folder that someone named holds it.
    Walked,
}

/// What a walk passes over that might have been an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// A file, or a folder with all that is in it.
    pub path: PathBuf,
    /// Why it is passed over.
    pub why: Why,
}

/// Why a walk passes something over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Its name begins with a dot.
    Hidden,
    /// An ignore file says so.
    Ignored {
        /// The line of the file.
        rule: String,
        /// The file's name.
        file: String,
    },
}

/// The inputs behind a path, in the order of their paths.
#[derive(Debug, Default)]
pub struct Discovered {
    /// What was found, and how.
    pub inputs: Vec<(Input, Found)>,
    /// What was passed over on the way.
    pub passed: Vec<Passed>,
}

/// Finds the inputs behind a path: one, or all that a folder holds, in the order of their paths.
///
/// # Errors
/// Where the path does not exist or cannot be read.
pub fn discover(path: &Path) -> Result<Vec<(Input, Found)>, Error> {
    survey(path).map(|it| it.inputs)
}

/// Finds the inputs behind a path, and what is passed over.
///
/// # Errors
/// Where the path does not exist or cannot be read.
pub fn survey(path: &Path) -> Result<Discovered, Error> {
    let only = |input| Ok(Discovered { inputs: vec![(input, Found::Named)], passed: Vec::new() });
    if path == Path::new("-") {
        return only(Input::Stdin);
    }
    if !disk::is_folder(path)? {
        return only(chart_of_file(path).unwrap_or_else(|| of_file(path)));
    }
    match of_folder(path).or_else(|| chart_of_file(path)) {
        Some(input) => only(input),
        None => walk(path),
    }
}

/// Returns the rolecall.yaml of a folder or of the nearest parent that has one.
#[must_use]
pub fn nearest_inventory(folder: &Path) -> Option<PathBuf> {
    folder.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file())
}

/// Finds the files below a folder that a pattern such as `rendered/**/*.yaml` matches, sorted.
///
/// # Errors
/// Where the pattern is none, or where it names a single file that does not exist.
pub fn matching(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, Error> {
    let pattern = pattern.trim_start_matches("./");
    if !pattern.contains(['*', '?', '[', '{']) {
        let path = folder.join(pattern);
        return disk::is_folder(&path).map(|_| vec![path]);
    }
    let refused = |error: ignore::Error| Error::new(format!("manifests: {error}"));
    let mut builder = GitignoreBuilder::new(folder);
    builder.add_line(None, &format!("/{}", pattern.trim_start_matches('/'))).map_err(refused)?;
    let rules = builder.build().map_err(refused)?;
    let is_fixed = |part: &&str| !part.contains(['*', '?', '[', '{']);
    let fixed: PathBuf = pattern.split('/').take_while(is_fixed).collect();
    let root = folder.join(fixed);
    if !root.is_dir() {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for entry in WalkDir::new(&root).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::walk(&root, &error))?;
        if entry.file_type().is_file() && rules.matched(entry.path(), false).is_ignore() {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or("")
}

fn of_file(path: &Path) -> Input {
    match name_of(path) {
        FILE_NAME => Input::Inventory(path.into()),
        name if name.ends_with(".tgz") || name.ends_with(".tar.gz") => Input::Chart(path.into()),
        _ => Input::Manifest(path.into()),
    }
}

/// Returns the outermost chart whose own file or folder a path is, or the folder of Jinja templates.
fn chart_of_file(path: &Path) -> Option<Input> {
    if name_of(path).ends_with(".yaml.j2") {
        let folder = path.parent().filter(|folder| *folder != Path::new(""));
        return Some(Input::Jinja(folder.unwrap_or(Path::new(".")).into()));
    }
    let is_chart_of = |folder: &&Path| {
        let of_chart = |below: &Path| {
            let first = below.components().next().map(|part| part.as_os_str().to_string_lossy());
            matches!(
                first.as_deref(),
                Some("Chart.yaml" | "values.yaml" | "values.schema.json" | "templates" | "charts")
            )
        };
        folder.join("Chart.yaml").is_file() && path.strip_prefix(folder).is_ok_and(of_chart)
    };
    let folder = path.ancestors().skip(1).filter(is_chart_of).last()?;
    let folder = if folder == Path::new("") { Path::new(".") } else { folder };
    Some(Input::Chart(folder.into()))
}

/// Tells what a folder is as a whole; none for a folder that is only walked.
fn of_folder(path: &Path) -> Option<Input> {
    if path.join("Chart.yaml").is_file() {
        return Some(Input::Chart(path.into()));
    }
    let templates = WalkDir::new(path).max_depth(1).into_iter().filter_map(Result::ok);
    let is_template = |entry: DirEntry| name_of(entry.path()).ends_with(".yaml.j2");
    templates.into_iter().any(is_template).then(|| Input::Jinja(path.into()))
}

/// Walks a folder, without what .gitignore and .helmignore leave out and without hidden files.
fn walk(root: &Path) -> Result<Discovered, Error> {
    let (mut found, mut passed) = (BTreeSet::new(), Vec::new());
    let mut rules = Ignores::new(root);
    let mut entries = WalkDir::new(root).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = entry.map_err(|error| Error::walk(root, &error))?;
        let (path, is_folder) = (entry.path(), entry.file_type().is_dir());
        if let Some(why) = rules.ignored(&entry).filter(|_| entry.depth() > 0) {
            if is_folder || of_walked_file(path).is_some() {
                passed.push(Passed { path: plain(path).into(), why });
            }
            if is_folder {
                entries.skip_current_dir();
            }
            continue;
        }
        if !is_folder {
            // What is no file, such as a pipe, might never end.
            if let Some(input) = of_walked_file(plain(path)).filter(|_| path.is_file()) {
                if entry.path_is_symlink() {
                    check_link(root, path)?;
                }
                found.insert(input);
            }
            continue;
        }
        match of_folder(plain(path)) {
            Some(input) if entry.depth() > 0 => {
                found.insert(input);
                entries.skip_current_dir();
            }
            _ => rules.enter(&entry),
        }
    }
    let inputs = found.into_iter().map(|input| (input, Found::Walked)).collect();
    Ok(Discovered { inputs, passed })
}

/// Returns a path below the working directory as everybody writes it.
fn plain(path: &Path) -> &Path {
    let below = path.strip_prefix(".").unwrap_or(path);
    if below == Path::new("") { path } else { below }
}

/// Refuses a link out of what the user looks at.
fn check_link(root: &Path, path: &Path) -> Result<(), Error> {
    let target = path.canonicalize().unwrap_or_default();
    if target.starts_with(chart::realm_of(root)) {
        return Ok(());
    }
    let (path, root, target) = (path.display(), root.display(), target.display());
    let message = format!("the link {path} leads out of {root} and its repository, to {target}");
    Err(Error::new(message).with_help("name the file itself, or list the link in .gitignore"))
}

fn of_walked_file(path: &Path) -> Option<Input> {
    let input = of_file(path);
    match &input {
        Input::Manifest(_) => {
            let extension = path.extension().and_then(|it| it.to_str()).unwrap_or("");
            let is_manifest =
                ["yaml", "yml", "json"].contains(&extension) || is_of_kubectl(name_of(path));
            is_manifest.then_some(input)
        }
        _ => Some(input),
    }
}

/// Tells whether a file is called as `kubectl diff` calls what it hands to KUBECTL_EXTERNAL_DIFF:
/// `apps.v1.Deployment.default.nginx`.
fn is_of_kubectl(name: &str) -> bool {
    let is_version = |part: &str| {
        let digits =
            part.strip_prefix('v').map(|rest| rest.trim_end_matches(char::is_alphanumeric));
        digits == Some("") && part[1..].starts_with(|letter: char| letter.is_ascii_digit())
    };
    let parts: Vec<&str> = name.split('.').collect();
    parts.windows(2).enumerate().any(|(at, two)| {
        is_version(two[0])
            && two[1].starts_with(|letter: char| letter.is_ascii_uppercase())
            && parts.len() >= at + 4
    })
}

/// The ignore files of the folders from the root down to where the walk is.
struct Ignores {
    stack: Vec<(usize, Gitignore)>,
}

impl Ignores {
    /// Starts at a folder with what its parents ignore, up to the repository's root.
    fn new(root: &Path) -> Self {
        let mut parents: Vec<&Path> = Vec::new();
        let absolute = root.canonicalize().unwrap_or_else(|_| root.into());
        for folder in absolute.ancestors().skip(1) {
            if folder.join(".git").exists() || absolute.join(".git").exists() {
                parents.push(folder);
                break;
            }
            parents.push(folder);
        }
        let in_repository = parents.last().is_some_and(|folder| folder.join(".git").exists());
        let folders = if in_repository { parents } else { Vec::new() };
        let stack = folders.into_iter().rev().map(|folder| (0, rules_of(folder))).collect();
        Self { stack }
    }

    fn enter(&mut self, entry: &DirEntry) {
        let rules = rules_of(entry.path());
        if !rules.is_empty() {
            self.stack.push((entry.depth() + 1, rules));
        }
    }

    /// Returns why an entry is passed over; none where it is not.
    fn ignored(&mut self, entry: &DirEntry) -> Option<Why> {
        self.stack.retain(|(depth, _)| *depth <= entry.depth());
        if name_of(entry.path()).starts_with('.') {
            return Some(Why::Hidden);
        }
        let path = entry.path().canonicalize().unwrap_or_else(|_| entry.path().into());
        let verdicts = self.stack.iter().rev().map(|(_, rules)| {
            let path = if rules.path().is_absolute() { path.as_path() } else { entry.path() };
            rules.matched(path, entry.file_type().is_dir())
        });
        match verdicts.into_iter().find(|verdict| !verdict.is_none())? {
            Match::Ignore(glob) => Some(Why::Ignored {
                rule: glob.original().into(),
                file: glob.from().map(name_of).unwrap_or_default().into(),
            }),
            _ => None,
        }
    }
}

/// Returns the rules of a folder's ignore files; a broken line is passed over, as git does.
fn rules_of(folder: &Path) -> Gitignore {
    let mut builder = GitignoreBuilder::new(folder);
    for name in [".gitignore", ".helmignore"] {
        let path = folder.join(name);
        if path.is_file() {
            drop(builder.add(path));
        }
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        for name in names {
            let (name, text) = name.split_once('=').unwrap_or((name, ""));
            let path = folder.path().join(name);
            let parent = path.parent().expect("it is below a folder");
            std::fs::create_dir_all(parent).expect("it can be made");
            let mut file = std::fs::OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .open(&path)
                .expect("it can be opened");
            std::io::Write::write_all(&mut file, text.as_bytes()).expect("it can be written");
        }
        folder
    }

    fn shown(root: &Path, found: impl IntoIterator<Item = PathBuf>) -> Vec<String> {
        let below = |path: PathBuf| {
            path.strip_prefix(root).expect("it is below").to_string_lossy().into_owned()
        };
        found.into_iter().map(below).collect()
    }

    #[test]
    fn a_walk_finds_each_kind_and_respects_ignore_files() {
        let folder = folder(&[
            ".git/config",
            ".gitignore=ignored.yaml\nout/\n!out/kept.yaml\n",
            "a.yaml",
            "b.txt",
            "h/apps.v1.Deployment.default.nginx",
            "h/rbac.authorization.k8s.io.v1beta1.ClusterRole..view",
            "h/v1.2.Release.notes",
            "h/a.v1.deployment.default.nginx",
            "c/Chart.yaml",
            "c/templates/x.yaml",
            "d/rolecall.yaml",
            "e/x.yaml.j2",
            "e/values.yaml",
            "f.tgz",
            "g/.helmignore=*.yml",
            "g/x.yml",
            "g/y.json",
            "ignored.yaml",
            "out/kept.yaml",
        ]);
        let root = folder.path();
        let found = discover(root).expect("it can be walked");
        assert!(found.iter().all(|(_, how)| *how == Found::Walked));
        let kinds: Vec<&str> = found
            .iter()
            .map(|(input, _)| match input {
                Input::Chart(_) => "chart",
                Input::Inventory(_) => "inventory",
                Input::Jinja(_) => "jinja",
                Input::Manifest(_) => "manifest",
                Input::Stdin => "stdin",
            })
            .collect();
        let paths = found.into_iter().map(|(input, _)| match input {
            Input::Chart(path)
            | Input::Inventory(path)
            | Input::Jinja(path)
            | Input::Manifest(path) => path,
            Input::Stdin => PathBuf::from("-"),
        });
        let paths = shown(root, paths);
        let found: Vec<_> = paths.iter().map(String::as_str).zip(kinds).collect();
        let expected = [
            ("c", "chart"),
            ("f.tgz", "chart"),
            ("d/rolecall.yaml", "inventory"),
            ("e", "jinja"),
            ("a.yaml", "manifest"),
            ("g/y.json", "manifest"),
            ("h/apps.v1.Deployment.default.nginx", "manifest"),
            ("h/rbac.authorization.k8s.io.v1beta1.ClusterRole..view", "manifest"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn files_of_a_chart_stand_for_it() {
        let folder = folder(&[
            "c/Chart.yaml",
            "c/templates/a.yaml",
            "c/charts/s/Chart.yaml",
            "c/charts/s/templates/x.yaml",
            "c/live.yaml",
        ]);
        let chart = folder.path().join("c");
        let of = |name: &str| discover(&chart.join(name)).expect("it is there").remove(0).0;
        assert_eq!(of("charts/s/templates/x.yaml"), Input::Chart(chart.clone()));
        assert_eq!(of("templates"), Input::Chart(chart.clone()));
        assert_eq!(of("Chart.yaml"), Input::Chart(chart.clone()));
        assert_eq!(of("live.yaml"), Input::Manifest(chart.join("live.yaml")));
        assert!(discover(&chart.join("missing")).is_err());
    }

    #[test]
    fn patterns_match_below_their_folder() {
        let folder = folder(&["a/x.yaml", "a/b/y.yaml", "a/b/z.txt", "w.yaml"]);
        let root = folder.path();
        let table: [(&str, &[&str]); 5] = [
            ("a/**/*.yaml", &["a/b/y.yaml", "a/x.yaml"]),
            ("*.yaml", &["w.yaml"]),
            ("./w.yaml", &["w.yaml"]),
            ("a/*.yaml", &["a/x.yaml"]),
            ("none/*.yaml", &[]),
        ];
        for (pattern, expected) in table {
            let found = matching(root, pattern).expect("the pattern is well-formed");
            assert_eq!(shown(root, found), expected, "{pattern}");
        }
        assert!(matching(root, "missing.yaml").is_err());
    }
}

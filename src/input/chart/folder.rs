//! The files of a chart's folder.

use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::archive::TOTAL_LIMIT;
use super::ignore::{Entry, Rules};
use super::{RawFile, absolute, without_mark};
use crate::input::{Error, disk};
use crate::parallel;

/// The most bytes that a file of a chart may have.
pub(super) const FILE_LIMIT: u64 = 5 * 1024 * 1024;

/// The most bytes that .helmignore may have: each of its lines is held against each file.
const RULES_LIMIT: usize = 64 * 1024;

/// The most files and folders that a chart may have: links can lead to one of them many times.
const ENTRIES: usize = 20_000;

/// The files of a folder, and what Helm says about its links.
pub(super) struct Folder {
    pub(super) files: Vec<RawFile>,
    pub(super) warnings: Vec<String>,
}

/// Reads a chart's folder: entries in the order of their bytes, depth first, without what
/// .helmignore leaves out.
///
/// # Errors
/// In Helm's words; and for a link that leads out of the chart and its repository, which Helm
/// would follow.
pub(super) fn read(root: &Path) -> Result<Folder, Error> {
    let text = disk::read_found(&root.join(".helmignore")).unwrap_or_default();
    if text.len() > RULES_LIMIT {
        return Err(Error::new(format!(".helmignore has more than {RULES_LIMIT} bytes")));
    }
    let rules = Rules::read(&String::from_utf8_lossy(&text))?;
    let folder = Folder { files: Vec::new(), warnings: Vec::new() };
    let (trail, found) = (Vec::new(), Vec::new());
    let mut walk = Walk { root, rules, realm: None, trail, folder, found, left: ENTRIES };
    let walked = walk.enter(root, "");
    let bytes = walk.found.len() * parallel::OF_A_FILE;
    let total = AtomicU64::new(0);
    let contents = parallel::map(walk.found, bytes, |found| found.read(&total));
    // What the walk met before it failed counts first.
    walk.folder.files = contents.into_iter().collect::<Result<_, _>>()?;
    walked.map(|()| walk.folder)
}

/// A file that is still to be read.
struct Found {
    path: PathBuf,
    /// The path within the chart.
    name: String,
}

impl Found {
    fn read(self, total: &AtomicU64) -> Result<RawFile, Error> {
        let Self { path, name } = self;
        let content = disk::read_up_to(&path, FILE_LIMIT).map_err(|error| {
            if error.kind() == std::io::ErrorKind::FileTooLarge {
                let name = name.rsplit('/').next().unwrap_or(&name);
                return Error::new(format!(
                    "chart file {name:?} is larger than the maximum file size {FILE_LIMIT}"
                ));
            }
            let words = disk::read_words(absolute(&path), &error);
            Error::new(format!("error reading {name}: {words}"))
        })?;
        let length = content.len() as u64;
        if total.fetch_add(length, Ordering::Relaxed) + length > TOTAL_LIMIT {
            return Err(Error::new(format!(
                "the files of the chart have more than {TOTAL_LIMIT} bytes together"
            ))
            .with_help("list what is no part of the chart in .helmignore"));
        }
        Ok(RawFile { name, content: without_mark(content) })
    }
}

struct Walk<'a> {
    root: &'a Path,
    rules: Rules,
    /// The folder that links must not leave; found out at the first link.
    realm: Option<PathBuf>,
    /// The real paths of the linked folders that the walk is in.
    trail: Vec<PathBuf>,
    folder: Folder,
    /// The files in their order.
    found: Vec<Found>,
    /// How many files and folders there may still be.
    left: usize,
}

impl Walk<'_> {
    fn enter(&mut self, path: &Path, name: &str) -> Result<(), Error> {
        let entries = disk::entries(path).map_err(|error| self.error("open", path, &error))?;
        for (entry, kind) in entries {
            let entry = entry.to_string_lossy();
            let inner = if name.is_empty() { entry.to_string() } else { format!("{name}/{entry}") };
            self.visit(&path.join(&*entry), &inner, kind)?;
        }
        Ok(())
    }

    fn visit(&mut self, path: &Path, name: &str, kind: FileType) -> Result<(), Error> {
        if !kind.is_symlink() {
            return self.take(path, name, kind);
        }
        let target = self.resolve(path)?;
        let metadata = target.metadata().map_err(|error| self.error("lstat", &target, &error))?;
        let entry = if metadata.is_dir() { Entry::Folder } else { Entry::File };
        if self.rules.ignore(name, entry) {
            return Ok(());
        }
        self.check_link(path, &target)?;
        self.trail.push(target);
        let taken = self.take(path, name, metadata.file_type());
        self.trail.pop();
        taken
    }

    /// Refuses links that Helm would follow for ever, or out of what the user looks at.
    fn check_link(&mut self, path: &Path, target: &Path) -> Result<(), Error> {
        let realm = match &self.realm {
            Some(realm) => realm,
            None => self.realm.insert(realm_of(self.root)),
        };
        let path = path.display();
        if !target.starts_with(realm) {
            let target = target.display();
            let message =
                format!("the link {path} leads out of the chart and its repository, to {target}");
            return Err(Error::new(message).with_help("put the file into the chart"));
        }
        if self.trail.iter().any(|it| it == target) || self.root_is_below(target) {
            return Err(Error::new(format!("the link {path} leads back into itself")));
        }
        Ok(())
    }

    fn root_is_below(&self, target: &Path) -> bool {
        self.root.canonicalize().is_ok_and(|root| root.starts_with(target))
    }

    fn take(&mut self, path: &Path, name: &str, kind: FileType) -> Result<(), Error> {
        let entry = if kind.is_dir() { Entry::Folder } else { Entry::File };
        if self.rules.ignore(name, entry) {
            return Ok(());
        }
        let Some(left) = self.left.checked_sub(1) else {
            let message = format!("the chart has more than {ENTRIES} files and folders");
            return Err(
                Error::new(message).with_help("list what is no part of the chart in .helmignore")
            );
        };
        self.left = left;
        if entry == Entry::Folder {
            return self.enter(path, name);
        }
        if !kind.is_file() {
            let path = absolute(path);
            return Err(Error::new(format!(
                "cannot load irregular file {path} as it has file mode type bits set"
            )));
        }
        self.found.push(Found { path: path.into(), name: name.into() });
        Ok(())
    }

    /// Returns where a link leads.
    fn resolve(&mut self, path: &Path) -> Result<PathBuf, Error> {
        let target = path.canonicalize().map_err(|error| {
            let target = path.read_link().unwrap_or_default();
            let target = absolute(&path.parent().unwrap_or(path).join(target));
            Error::new(format!(
                "error evaluating symlink {}: lstat {}: {}",
                absolute(path),
                first_missing(Path::new(&target)).display(),
                disk::words(&error)
            ))
        })?;
        let (path, resolved) = (path.display().to_string(), target.display().to_string());
        let (path, resolved) = (quoted(&path), quoted(&resolved));
        self.folder.warnings.push(format!(
            "INFO msg=\"found symbolic link in path. Contents of linked file included and used\" \
             path={path} resolved={resolved}"
        ));
        Ok(target)
    }

    fn error(&self, operation: &str, path: &Path, error: &std::io::Error) -> Error {
        Error::new(format!("{operation} {}: {}", absolute(path), disk::words(error)))
    }
}

/// Returns the part of a path up to the first name that is not there; all of it where each is.
fn first_missing(path: &Path) -> &Path {
    let missing = |part: &&Path| part.symlink_metadata().is_err();
    path.ancestors().take_while(missing).last().unwrap_or(path)
}

/// Returns the repository that holds a folder, or the folder itself: links must not leave it.
pub(in crate::input) fn realm_of(root: &Path) -> PathBuf {
    let root = root.canonicalize().unwrap_or_else(|_| root.into());
    let repository = root.ancestors().find(|folder| folder.join(".git").exists());
    repository.map(Path::to_path_buf).unwrap_or(root)
}

/// Quotes a value of a logfmt line where it needs quotes.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty() && !text.contains([' ', '"', '=', '\\']);
    if plain { text.into() } else { format!("{text:?}") }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests make the folders that they read")]
mod tests {
    use std::fs;

    use super::*;

    /// Makes a folder `c` in a repository, with what `fill` adds to it.
    fn read_folder(fill: impl FnOnce(&Path)) -> Result<Folder, String> {
        let outer = tempfile::tempdir().unwrap();
        let root = outer.path().join("repository/c");
        fs::create_dir_all(root.join("templates/sub")).unwrap();
        fs::create_dir_all(outer.path().join("repository/.git")).unwrap();
        for name in ["Chart.yaml", "b.txt", "templates/.hidden", "templates/sub/.kept"] {
            fs::write(root.join(name), "\u{feff}text").unwrap();
        }
        fill(&root);
        let shown = |text: String| text.replace(&absolute(outer.path()), "OUTER");
        read(&root).map_err(|error| shown(error.message))
    }

    fn names(folder: &Folder) -> Vec<&str> {
        folder.files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn folders_are_read_in_order_without_what_is_ignored() {
        let folder = read_folder(|root| {
            fs::write(root.join(".helmignore"), "/b.txt\n").unwrap();
            fs::write(root.join("templates.yaml"), "x").unwrap();
        })
        .unwrap();
        let expected = [".helmignore", "Chart.yaml", "templates/sub/.kept", "templates.yaml"];
        assert_eq!(names(&folder), expected);
        assert_eq!(folder.files[1].content, b"text");
    }

    #[test]
    fn large_files_are_refused() {
        let sized = |bytes: u64| {
            read_folder(|root| {
                fs::File::create(root.join("big.bin")).unwrap().set_len(bytes).unwrap();
            })
        };
        assert!(sized(FILE_LIMIT).is_ok());
        let error = "chart file \"big.bin\" is larger than the maximum file size 5242880";
        assert_eq!(sized(FILE_LIMIT + 1).err().as_deref(), Some(error));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_within_the_repository() {
        use std::os::unix::fs::symlink;
        let folder = read_folder(|root| {
            fs::create_dir(root.join("../shared")).unwrap();
            fs::write(root.join("../shared/a.yaml"), "a").unwrap();
            symlink("../shared", root.join("linked")).unwrap();
        })
        .unwrap();
        assert!(names(&folder).contains(&"linked/a.yaml"));
        assert!(folder.warnings[0].starts_with("INFO msg=\"found symbolic link in path."));
        let error = |target: &str| {
            read_folder(|root| {
                fs::write(root.join("../../secret"), "x").unwrap();
                symlink(target, root.join("l")).unwrap();
            })
            .err()
            .unwrap()
        };
        let ignored = read_folder(|root| {
            fs::write(root.join(".helmignore"), "l").unwrap();
            symlink("../..", root.join("l")).unwrap();
        });
        assert!(ignored.is_ok(), "what is ignored is not followed");
        assert!(error("../../secret").contains("leads out of the chart and its repository"));
        assert!(error("templates/..").contains("leads back into itself"));
        assert!(
            error("../no/such").ends_with("lstat OUTER/repository/no: no such file or directory")
        );
        assert_eq!(
            error("nope"),
            "error evaluating symlink OUTER/repository/c/l: lstat OUTER/repository/c/nope: no \
             such file or directory"
        );
    }
}

//! Files that are written: whole, or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::trouble::Trouble;
use crate::input::{self, disk};

/// Writes a file through a temporary one beside it; a folder that is missing is made.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<(), Trouble> {
    // A link keeps pointing to the file that it points to.
    let path = &path.canonicalize().unwrap_or_else(|_| path.into());
    let file = staged(path, content)?;
    file.persist(path).map_err(|error| refused(path, &error.error))?;
    Ok(())
}

/// Writes files, each with what it held before, all or none: no file is touched before all of the new
/// ones are written whole.
pub(super) fn replace_all(changes: &[(&Path, &[u8], Vec<u8>)]) -> Result<(), Trouble> {
    let mut files = Vec::new();
    for (path, before, content) in changes {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        files.push((staged(&path, content)?, path, *before));
    }
    let mut done: Vec<(PathBuf, &[u8])> = Vec::new();
    for (file, path, before) in files {
        if let Err(error) = file.persist(&path) {
            for (path, before) in &done {
                write(path, before)?;
            }
            return Err(refused(&path, &error.error));
        }
        done.push((path, before));
    }
    Ok(())
}

fn refused(path: &Path, error: &std::io::Error) -> Trouble {
    let words = disk::words(error);
    input::Error::new(format!("cannot write {}: {words}", path.display())).into()
}

/// Writes a temporary file beside a path.
fn staged(path: &Path, content: &[u8]) -> Result<tempfile::NamedTempFile, Trouble> {
    let refused = |error: std::io::Error| refused(path, &error);
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder).map_err(refused)?;
    let mut file = tempfile::Builder::new()
        .prefix(".rolecall-")
        .permissions_of(path)
        .tempfile_in(folder)
        .map_err(refused)?;
    file.write_all(content).map_err(refused)?;
    Ok(file)
}

/// What a temporary file gets of the file that it replaces.
trait PermissionsOf {
    fn permissions_of(&mut self, path: &Path) -> &mut Self;
}

impl PermissionsOf for tempfile::Builder<'_, '_> {
    /// Takes the permissions of the file, or those of any new file where there is none.
    fn permissions_of(&mut self, path: &Path) -> &mut Self {
        if let Ok(metadata) = path.metadata() {
            return self.permissions(metadata.permissions());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            // The process's umask takes away what it does not want.
            self.permissions(std::fs::Permissions::from_mode(0o666))
        }
        #[cfg(not(unix))]
        self
    }
}

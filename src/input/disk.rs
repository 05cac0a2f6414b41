//! Files and folders: every read of the program goes through here.

use std::ffi::OsString;
use std::io::Read;
use std::path::Path;

use super::Error;

/// Tells whether a path is a folder.
///
/// # Errors
/// Where there is nothing at the path.
pub fn is_folder(path: &Path) -> Result<bool, Error> {
    match path.metadata() {
        Ok(metadata) => Ok(metadata.is_dir()),
        Err(error) => Err(Error::new(format!("cannot read {}: {}", path.display(), words(&error)))),
    }
}

/// Reads a file whole.
///
/// # Errors
/// Where it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    read_raw(path)
        .map_err(|error| Error::new(format!("cannot read {}: {}", path.display(), words(&error))))
}

/// Reads a file whole, and leaves the words of an error to the caller.
#[allow(clippy::disallowed_methods, reason = "the one place that reads files")]
pub(super) fn read_raw(path: &Path) -> std::io::Result<Vec<u8>> {
    std::fs::read(path)
}

/// Reads standard input to its end.
///
/// # Errors
/// Where it cannot be read.
pub fn read_stdin() -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Error::new(format!("cannot read standard input: {}", words(&error))))?;
    Ok(bytes)
}

/// Returns the names that a folder holds, in the order of their bytes.
pub(super) fn names(folder: &Path) -> std::io::Result<Vec<OsString>> {
    let mut names: Vec<OsString> =
        folder.read_dir()?.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<_>>()?;
    names.sort();
    Ok(names)
}

/// Returns what Go says where a file cannot be read whole.
pub(super) fn read_words(path: impl std::fmt::Display, error: &std::io::Error) -> String {
    // Opening a folder succeeds; reading it does not.
    let is_folder = error.kind() == std::io::ErrorKind::IsADirectory;
    let operation = if is_folder { "read" } else { "open" };
    format!("{operation} {path}: {}", words(error))
}

/// Returns an input/output error in the words of Go, without Rust's error number.
#[must_use]
pub fn words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "no such file or directory".into(),
        std::io::ErrorKind::PermissionDenied => "permission denied".into(),
        std::io::ErrorKind::IsADirectory => "is a directory".into(),
        std::io::ErrorKind::NotADirectory => "not a directory".into(),
        std::io::ErrorKind::UnexpectedEof => "unexpected EOF".into(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or_default().to_lowercase()
        }
    }
}

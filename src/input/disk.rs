//! Files and folders: every read of the program goes through here.

use std::ffi::OsString;
use std::fs::{DirEntry, FileType};
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
pub(super) fn read_raw(path: &Path) -> std::io::Result<Vec<u8>> {
    read_up_to(path, FILE_LIMIT)
}

/// Reads a file that was not named by the user, who might wait for a pipe: it must be a file.
pub(super) fn read_found(path: &Path) -> std::io::Result<Vec<u8>> {
    let metadata = path.metadata()?;
    if metadata.is_file() || metadata.is_dir() {
        return read_raw(path);
    }
    Err(std::io::Error::new(std::io::ErrorKind::InvalidInput, "not a regular file"))
}

/// Reads a file whole, as [`read_raw`] does, where it has no more than so many bytes.
pub(super) fn read_up_to(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let file = std::fs::File::open(path)?;
    let metadata = file.metadata()?;
    let limit = if metadata.is_file() { limit } else { limit.min(STREAM_LIMIT) };
    let length = metadata.len();
    let mut bytes = Vec::with_capacity(usize::try_from(length.min(limit)).unwrap_or(0));
    if metadata.is_file() && (1..=limit).contains(&length) {
        // Who knows the length need not ask for the end.
        file.take(length).read_to_end(&mut bytes)?;
    } else {
        read_within(file, limit, &mut bytes)?;
    }
    Ok(bytes)
}

/// The most bytes that are read of a file, and of standard input.
const FILE_LIMIT: u64 = 256 * 1024 * 1024;

/// The most bytes that are read of what is no file, such as a pipe or a device without an end.
const STREAM_LIMIT: u64 = 32 * 1024 * 1024;

fn read_within(from: impl Read, limit: u64, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    from.take(limit + 1).read_to_end(bytes)?;
    if bytes.len() as u64 > limit {
        let message = format!("it has more than {limit} bytes");
        return Err(std::io::Error::new(std::io::ErrorKind::FileTooLarge, message));
    }
    Ok(())
}

/// Reads a stream to its end, up to the bound for files.
pub(super) fn read_all(stream: &mut dyn Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    read_within(stream, FILE_LIMIT, &mut bytes)?;
    Ok(bytes)
}

/// Reads a stream that is standard input to its end.
///
/// # Errors
/// Where it cannot be read.
pub fn read_from(stream: &mut dyn Read) -> Result<Vec<u8>, Error> {
    read_all(stream)
        .map_err(|error| Error::new(format!("cannot read standard input: {}", words(&error))))
}

/// Reads standard input to its end.
///
/// # Errors
/// Where it cannot be read.
pub fn read_stdin() -> Result<Vec<u8>, Error> {
    read_from(&mut std::io::stdin().lock())
}

/// Returns the names that a folder holds, in the order of their bytes, and what they are names of.
pub(super) fn entries(folder: &Path) -> std::io::Result<Vec<(OsString, FileType)>> {
    let read = |entry: std::io::Result<DirEntry>| {
        let entry = entry?;
        Ok((entry.file_name(), entry.file_type()?))
    };
    let mut entries: Vec<_> = folder.read_dir()?.map(read).collect::<std::io::Result<_>>()?;
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(entries)
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

//! Texts that are read as they stand: manifests, exports, inventories.

use std::io::Read;
use std::path::Path;

use super::{Error, Text, disk};
use crate::source::{SharedText, SourceMap};

/// The name that messages show for standard input.
const STDIN_NAME: &str = "<stdin>";

impl Text {
    /// Reads a file; `name` is what messages show.
    ///
    /// # Errors
    /// Where it cannot be read or is no text.
    pub fn read(path: &Path, name: &str, sources: &mut SourceMap) -> Result<Self, Error> {
        Self::of_bytes(disk::read(path)?, name, sources)
    }

    /// Reads standard input to its end.
    ///
    /// # Errors
    /// Where it cannot be read or is no text.
    pub fn of_stdin(stdin: &mut dyn Read, sources: &mut SourceMap) -> Result<Self, Error> {
        Self::of_bytes(disk::read_from(stdin)?, STDIN_NAME, sources)
    }

    /// Takes bytes as text: UTF-8, or UTF-16 with a byte order mark, as PowerShell writes it.
    ///
    /// # Errors
    /// Where they are neither.
    pub fn of_bytes(bytes: Vec<u8>, name: &str, sources: &mut SourceMap) -> Result<Self, Error> {
        let content = decoded(bytes)
            .ok_or_else(|| Error::new(format!("cannot read {name}: it is no text in UTF-8")))?;
        let content = SharedText::from(content);
        let file = sources.add(name, content.clone());
        Ok(Self { path: name.into(), file, content })
    }
}

fn decoded(bytes: Vec<u8>) -> Option<String> {
    let wide = |rest: &[u8], word: fn([u8; 2]) -> u16| {
        let (pairs, rest) = rest.as_chunks::<2>();
        let words: Vec<u16> = pairs.iter().map(|pair| word(*pair)).collect();
        rest.is_empty().then(|| String::from_utf16(&words).ok()).flatten()
    };
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        _ => String::from_utf8(bytes).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_by_their_marks() {
        let table: [(&[u8], Option<&str>); 5] = [
            (b"a: 1", Some("a: 1")),
            (b"\xef\xbb\xbfa", Some("a")),
            (b"\xff\xfea\0", Some("a")),
            (b"\xfe\xff\0a", Some("a")),
            (b"\xff", None),
        ];
        for (bytes, expected) in table {
            assert_eq!(decoded(bytes.to_vec()).as_deref(), expected, "{bytes:?}");
        }
    }
}

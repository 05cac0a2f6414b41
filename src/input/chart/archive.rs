//! Packaged charts: gzipped tar archives.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::folder::FILE_LIMIT;
use super::{RawFile, without_mark};
use crate::input::disk;

/// The most bytes that all files of a chart may have; those of a packaged one by Helm's rule.
pub(super) const TOTAL_LIMIT: u64 = 100 * 1024 * 1024;

/// Unpacks an archive in memory, and takes what it holds off the bytes that are left to the chart.
///
/// # Errors
/// In the words of Helm and of Go's libraries.
pub(super) fn read(bytes: &[u8], remaining: &mut u64) -> Result<Vec<RawFile>, String> {
    check_header(bytes)?;
    // Headers and padding come on top of the files that the limit counts.
    let unzipped = MultiGzDecoder::new(bytes).take(2 * TOTAL_LIMIT);
    let mut archive = tar::Archive::new(unzipped);
    let mut files = Vec::new();
    for entry in archive.entries().map_err(|error| words(&error))? {
        let mut entry = entry.map_err(|error| words(&error))?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || name.ends_with('/') || kind.is_pax_global_extensions() {
            continue;
        }
        let inner = inner_name(&name)?;
        let size = entry.size();
        if size > *remaining {
            return Err(too_large());
        }
        if size > FILE_LIMIT {
            return Err(format!(
                "decompressed chart file {name:?} is larger than the maximum file size {FILE_LIMIT}"
            ));
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(|error| words(&error))?;
        *remaining -= size;
        if *remaining == 0 {
            return Err(too_large());
        }
        files.push(RawFile { name: inner, content: without_mark(content) });
    }
    if files.is_empty() {
        return Err("no files in chart archive".into());
    }
    Ok(files)
}

/// Tells whether the bytes begin as gzip does.
pub(super) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x1f\x8b\x08")
}

fn check_header(bytes: &[u8]) -> Result<(), String> {
    match bytes.len() {
        0 => Err("EOF".into()),
        1..10 => Err("unexpected EOF".into()),
        _ if is_gzip(bytes) => Ok(()),
        _ => Err("gzip: invalid header".into()),
    }
}

fn too_large() -> String {
    format!("decompressed chart is larger than the maximum size {TOTAL_LIMIT}")
}

/// Returns the path within the chart: what follows the top folder, whatever that is called.
fn inner_name(name: &str) -> Result<String, String> {
    let delimiter = if name.contains('\\') { '\\' } else { '/' };
    let (top, rest) = name.split_once(delimiter).unwrap_or((name, ""));
    let rest = rest.replace(delimiter, "/");
    if rest.starts_with('/') {
        return Err("chart illegally contains absolute paths".into());
    }
    let inner = clean(&rest);
    if inner == "." {
        return Err(format!(
            "chart illegally contains content outside the base directory: {name:?}"
        ));
    }
    if inner.starts_with("..") {
        return Err("chart illegally references parent directory".into());
    }
    let drive = inner.as_bytes();
    if drive.len() > 2 && drive[0].is_ascii_alphabetic() && drive[1..3] == *b":/" {
        return Err("chart contains illegally named files".into());
    }
    if top == "Chart.yaml" {
        return Err("chart yaml not in base directory".into());
    }
    Ok(inner)
}

/// Does what Go's `path.Clean` does with a relative path.
pub(super) fn clean(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".into() } else { parts.join("/") }
}

fn words(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => disk::words(error),
        _ if error.to_string().contains("entire block") => "unexpected EOF".into(),
        _ if error.to_string().contains("deflate") => "flate: corrupt input".into(),
        std::io::ErrorKind::InvalidInput => "gzip: invalid checksum".into(),
        _ => "archive/tar: invalid tar header".into(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Packs files under names that are written as they are, safe or not.
    fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, content) in files {
            let mut header = tar::Header::new_gnu();
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            archive.append(&header, *content).unwrap();
        }
        zip(&archive.into_inner().unwrap())
    }

    fn zip(bytes: &[u8]) -> Vec<u8> {
        let level = flate2::Compression::fast();
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), level);
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn names_lose_their_top_folder() {
        for (name, expected) in [
            ("s/Chart.yaml", "Chart.yaml"),
            ("./s/Chart.yaml", "s/Chart.yaml"),
            ("zz/templates/../x", "x"),
            ("s\\templates\\t.yaml", "templates/t.yaml"),
        ] {
            let files = read(&pack(&[(name, b"\xef\xbb\xbfx")]), &mut 9999).unwrap();
            assert_eq!(
                (files[0].name.as_str(), files[0].content.as_slice()),
                (expected, &b"x"[..])
            );
        }
    }

    #[test]
    fn unsafe_and_broken_archives_are_refused() {
        let outside = "chart illegally contains content outside the base directory: \"Chart.yaml\"";
        let large = vec![0; FILE_LIMIT as usize + 1];
        let too_large =
            "decompressed chart file \"s/big\" is larger than the maximum file size 5242880";
        let cases = [
            (pack(&[("Chart.yaml", b"")]), outside),
            (pack(&[("s//etc/x", b"")]), "chart illegally contains absolute paths"),
            (pack(&[("s/../../x", b"")]), "chart illegally references parent directory"),
            (pack(&[("s/c:/x", b"")]), "chart contains illegally named files"),
            (pack(&[("Chart.yaml/x", b"")]), "chart yaml not in base directory"),
            (pack(&[("s/big", &large)]), too_large),
            (pack(&[]), "no files in chart archive"),
            (zip(b"not a tar"), "unexpected EOF"),
            (zip(&[b'x'; 2048]), "archive/tar: invalid tar header"),
            (pack(&[("s/x", b"abc")])[..40].to_vec(), "unexpected EOF"),
            (Vec::new(), "EOF"),
        ];
        for (bytes, expected) in cases {
            assert_eq!(read(&bytes, &mut { TOTAL_LIMIT }).err().as_deref(), Some(expected));
        }
    }
}

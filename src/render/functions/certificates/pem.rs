//! The text form of keys and certificates.

/// A block between `-----BEGIN LABEL-----` and its end.
#[derive(Debug)]
pub(super) struct Block {
    /// What kind of thing it is.
    pub(super) label: String,
    /// The thing.
    pub(super) bytes: Vec<u8>,
}

/// Writes a block.
pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in data_encoding::BASE64.encode(bytes).as_bytes().chunks(64) {
        out.extend(line.iter().copied().map(char::from));
        out.push('\n');
    }
    out + &format!("-----END {label}-----\n")
}

/// Reads the first block; lines with a colon in front are headers.
pub(super) fn decode(text: &str) -> Option<Block> {
    let mut rest = text;
    loop {
        let (_, after) = rest.split_once("-----BEGIN ")?;
        rest = after;
        let Some((label, body)) = after.split_once("-----") else { continue };
        let Some((body, _)) = body.split_once(&format!("-----END {label}-----")) else { continue };
        let lines = body.lines().filter(|line| !line.contains(':'));
        let digits: String = lines.flat_map(str::split_whitespace).collect();
        if let Ok(bytes) = data_encoding::BASE64.decode(digits.as_bytes()) {
            return Some(Block { label: label.into(), bytes });
        }
    }
}

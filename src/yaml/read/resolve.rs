//! What a scalar stands for in YAML 1.1, as go-yaml v2 sees it.

use data_encoding::BASE64_NOPAD;
use smol_str::SmolStr;

use super::super::{Error, Node, NodeKind, Style};
use super::number::{
    parse_binary, parse_float, parse_int, parse_point, parse_signed_binary, parse_uint,
};

/// A scalar as go-yaml holds it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Scalar {
    Null,
    Bool(bool),
    Int(i64),
    /// A whole number above those of 64 bits with a sign.
    Uint(u64),
    Float(f64),
    /// A text, a timestamp as it was written, or the bytes of a `!!binary`.
    Text(SmolStr),
}

const LONG_TAG: &str = "tag:yaml.org,2002:";

/// Resolves a scalar; a list or map is none and counts as null.
pub(super) fn resolve(node: &Node) -> Result<Scalar, Error> {
    let NodeKind::Scalar { text, style, tag } = &node.kind else { return Ok(Scalar::Null) };
    let refused = |message: String| Error::new(message, node.span_start as usize);
    match tag.as_deref() {
        None if *style == Style::Quoted => Ok(Scalar::Text(text.clone())),
        None => Ok(plain(text).unwrap_or_else(|| Scalar::Text(text.clone()))),
        Some(tag) => match tag.strip_prefix(LONG_TAG) {
            Some("binary") => decode(text)
                .map(Scalar::Text)
                .ok_or_else(|| refused("yaml: !!binary value contains invalid base64 data".into())),
            Some(tag @ ("bool" | "int" | "float" | "null" | "timestamp")) => {
                tagged(tag, text).map_err(refused)
            }
            _ => Ok(Scalar::Text(text.clone())),
        },
    }
}

/// Resolves a scalar that must be of the type that its tag tells.
fn tagged(tag: &str, text: &SmolStr) -> Result<Scalar, String> {
    let as_text = || Scalar::Text(text.clone());
    let (found, scalar) = match plain(text) {
        _ if tag == "timestamp" && super::time::is_timestamp(text) => ("timestamp", as_text()),
        None => ("str", as_text()),
        Some(scalar) => {
            let found = match scalar {
                Scalar::Null => "null",
                Scalar::Bool(_) => "bool",
                Scalar::Int(_) | Scalar::Uint(_) => "int",
                Scalar::Float(_) => "float",
                Scalar::Text(_) => "merge",
            };
            (found, scalar)
        }
    };
    match scalar {
        Scalar::Int(number) if tag == "float" => Ok(Scalar::Float(number as f64)),
        scalar if found == tag => Ok(scalar),
        _ => Err(format!("yaml: cannot decode !!{found} `{text}` as a !!{tag}")),
    }
}

/// Resolves a plain scalar; none where it is a text.
fn plain(text: &str) -> Option<Scalar> {
    match text.as_bytes().first() {
        None => Some(Scalar::Null),
        Some(b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~') => {
            word(text)
        }
        Some(b'.') => point(text),
        Some(b'+' | b'-' | b'0'..=b'9') => signed_point(text).or_else(|| number(text)),
        _ => None,
    }
}

fn word(text: &str) -> Option<Scalar> {
    Some(match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Scalar::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Scalar::Bool(false)
        }
        "~" | "null" | "Null" | "NULL" => Scalar::Null,
        _ => return None,
    })
}

fn point(text: &str) -> Option<Scalar> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(Scalar::Float(f64::NAN)),
        ".inf" | ".Inf" | ".INF" => Some(Scalar::Float(f64::INFINITY)),
        _ => parse_point(text).map(Scalar::Float),
    }
}

fn signed_point(text: &str) -> Option<Scalar> {
    match text {
        "+.inf" | "+.Inf" | "+.INF" => Some(Scalar::Float(f64::INFINITY)),
        "-.inf" | "-.Inf" | "-.INF" => Some(Scalar::Float(f64::NEG_INFINITY)),
        _ => None,
    }
}

fn number(text: &str) -> Option<Scalar> {
    let stripped;
    let digits = if text.contains('_') {
        stripped = text.replace('_', "");
        &stripped
    } else {
        text
    };
    parse_int(digits)
        .map(Scalar::Int)
        .or_else(|| parse_uint(digits).map(Scalar::Uint))
        .or_else(|| parse_float(digits).map(Scalar::Float))
        .or_else(|| binary(digits))
}

/// Resolves what starts with `0b` and is no binary number to Go's own reader: `0b-1` is -1.
fn binary(digits: &str) -> Option<Scalar> {
    let digits = digits.strip_prefix("0b")?;
    parse_signed_binary(digits).map(Scalar::Int).or_else(|| parse_binary(digits).map(Scalar::Uint))
}

/// Decodes base64; line breaks do not count, and bytes that are no text become U+FFFD each.
fn decode(text: &str) -> Option<SmolStr> {
    let letters: Vec<u8> = text.bytes().filter(|byte| !matches!(byte, b'\n' | b'\r')).collect();
    let bytes = decode_letters(&letters)?;
    let mut decoded = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        decoded.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    Some(decoded.into())
}

/// Decodes base64 as Go does: padded, nothing after the padding, bits left over ignored.
fn decode_letters(letters: &[u8]) -> Option<Vec<u8>> {
    let padding = letters.iter().rev().take(2).take_while(|letter| **letter == b'=').count();
    let (data, _) = letters.split_at_checked(letters.len() - padding)?;
    let mut unpadded = BASE64_NOPAD.specification();
    unpadded.check_trailing_bits = false;
    let whole = letters.len().is_multiple_of(4);
    if whole { unpadded.encoding().ok()?.decode(data).ok() } else { None }
}

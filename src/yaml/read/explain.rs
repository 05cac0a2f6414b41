//! Values in Go syntax, as error texts cite them.

use std::cmp::Ordering;
use std::fmt::Write as _;

use super::super::{Error, Node, NodeKind};
use super::number;
use super::resolve::{Scalar, resolve};

/// How deep a cited value is written out.
const MAX_DEPTH: usize = 100;

/// Writes a node as Go's `%#v` writes it below an interface.
pub(super) fn go_syntax(node: &Node) -> Result<String, Error> {
    let mut text = String::new();
    write_node(&mut text, node, 0)?;
    Ok(text)
}

/// Writes a node as Go's `%#v` writes it alone, where nil is `<nil>`.
pub(super) fn go_syntax_alone(node: &Node) -> Result<String, Error> {
    match &node.kind {
        NodeKind::Scalar { .. } if resolve(node)? == Scalar::Null => Ok("<nil>".into()),
        _ => go_syntax(node),
    }
}

fn write_node(text: &mut String, node: &Node, depth: usize) -> Result<(), Error> {
    match &node.kind {
        _ if depth > MAX_DEPTH => text.push('…'),
        NodeKind::Scalar { .. } => write_scalar(text, &resolve(node)?),
        NodeKind::Seq(items) => {
            text.push_str("[]interface {}{");
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index > 0 { ", " } else { "" });
                write_node(text, item, depth + 1)?;
            }
            text.push('}');
        }
        NodeKind::Map(entries) => write_map(text, entries, depth)?,
    }
    Ok(())
}

fn write_map(text: &mut String, entries: &[(Node, Node)], depth: usize) -> Result<(), Error> {
    let mut written: Vec<(Scalar, String)> = Vec::new();
    for (key, value) in entries {
        let (key, mut shown) = (resolve(key)?, String::new());
        write_scalar(&mut shown, &key);
        shown.push(':');
        write_node(&mut shown, value, depth + 1)?;
        written.push((key, shown));
    }
    // The last of equal keys stays.
    written.reverse();
    written.sort_by(|(one, _), (other, _)| key_order(one, other));
    written.dedup_by(|(one, _), (other, _)| one == other);
    let written: Vec<_> = written.into_iter().map(|(_, shown)| shown).collect();
    text.push_str("map[interface {}]interface {}{");
    text.push_str(&written.join(", "));
    text.push('}');
    Ok(())
}

/// Orders keys as Go prints them: by type, then by value.
fn key_order(one: &Scalar, other: &Scalar) -> Ordering {
    let rank = |scalar: &Scalar| match scalar {
        Scalar::Null => 0,
        Scalar::Text(_) => 1,
        Scalar::Uint(_) => 2,
        Scalar::Int(_) => 3,
        Scalar::Float(_) => 4,
        Scalar::Bool(_) => 5,
    };
    match (one, other) {
        (Scalar::Text(one), Scalar::Text(other)) => one.cmp(other),
        (Scalar::Uint(one), Scalar::Uint(other)) => one.cmp(other),
        (Scalar::Int(one), Scalar::Int(other)) => one.cmp(other),
        (Scalar::Float(one), Scalar::Float(other)) => one.total_cmp(other),
        (Scalar::Bool(one), Scalar::Bool(other)) => one.cmp(other),
        _ => rank(one).cmp(&rank(other)),
    }
}

fn write_scalar(text: &mut String, scalar: &Scalar) {
    // Writing to a String cannot fail.
    let _ = match scalar {
        Scalar::Null => write!(text, "interface {{}}(nil)"),
        Scalar::Bool(value) => write!(text, "{value}"),
        Scalar::Int(value) => write!(text, "{value}"),
        Scalar::Uint(value) => write!(text, "{value:#x}"),
        Scalar::Float(value) => write!(text, "{}", number::shown(*value)),
        Scalar::Text(value) => {
            quote(text, value);
            Ok(())
        }
    };
}

/// Writes a text between double quotes, escaped as in Go.
fn quote(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        let _ = match character {
            '"' | '\\' => write!(text, "\\{character}"),
            '\u{7}' => write!(text, "\\a"),
            '\u{8}' => write!(text, "\\b"),
            '\u{b}' => write!(text, "\\v"),
            '\u{c}' => write!(text, "\\f"),
            '\n' => write!(text, "\\n"),
            '\r' => write!(text, "\\r"),
            '\t' => write!(text, "\\t"),
            '\0'..='\u{1f}' | '\u{7f}' => write!(text, "\\x{:02x}", u32::from(character)),
            ' ' | '\'' => write!(text, "{character}"),
            '\u{300}'..='\u{36f}' => write!(text, "{character}"),
            _ if character.escape_debug().len() == 1 => write!(text, "{character}"),
            '\u{10000}'.. => write!(text, "\\U{:08x}", u32::from(character)),
            _ => write!(text, "\\u{:04x}", u32::from(character)),
        };
    }
    text.push('"');
}

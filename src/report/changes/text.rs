//! What differs, for a terminal.

use super::Comparison;
use super::view::{Block, blocks};
use crate::diff::{Change, Line, headers, hunks};
use crate::report::text::{Colour, Style, painted};

const BOLD: &str = "1";
const RED: &str = "31";
const GREEN: &str = "32";
const CYAN: &str = "36";
const DIM: &str = "2";

/// Shows who gains and loses what, what changes about each object in words, and the text.
#[must_use]
pub fn text(comparison: &Comparison<'_>, style: Style) -> String {
    if comparison.changes.is_empty() {
        return String::new();
    }
    let mut out = format!("{}\n\n", painted(&comparison.verdict(), BOLD, style));
    blocks(comparison).iter().for_each(|it| out.push_str(&block(it, style)));
    for note in comparison.notes {
        out.push_str(&format!("note: {note}\n\n"));
    }
    for change in comparison.changes {
        if let Some(words) = change.in_words() {
            out.push_str(&format!("{}\n", painted(&words, BOLD, style)));
        }
    }
    for change in comparison.changes {
        out.push('\n');
        out.push_str(&unified(change, comparison.titles, style));
    }
    out
}

fn block(block: &Block, style: Style) -> String {
    let (sign, ink) = if block.gained { ('+', GREEN) } else { ('-', RED) };
    let head = format!("{} {} {}", block.who, block.verb(), block.place);
    let through = painted(&format!("through {}", block.through), DIM, style);
    let mut out = format!("{}\n  {through}\n", painted(&head, BOLD, style));
    for (what, kept) in &block.what {
        out.push_str(&format!("  {}\n", painted(&format!("{sign} {what}"), ink, style)));
        if let Some(kept) = kept {
            out.push_str(&format!("      {}\n", painted(&format!("({kept})"), DIM, style)));
        }
    }
    out.push('\n');
    out
}

/// Shows the text of an object, what changes within a line emphasised.
fn unified(change: &Change, titles: (&str, &str), style: Style) -> String {
    let (before, after) = headers(change, titles);
    let line = |text: String, ink| format!("{}\n", painted(&text, ink, style));
    let mut out = line(format!("--- {before}"), BOLD) + &line(format!("+++ {after}"), BOLD);
    for hunk in hunks(change) {
        out.push_str(&line(hunk.header, CYAN));
        hunk.lines.iter().for_each(|it| out.push_str(&drawn(it, style)));
    }
    out
}

fn drawn(line: &Line, style: Style) -> String {
    let whole = || line.parts.iter().map(|(_, text)| text.as_str()).collect::<String>();
    let ink = match line.sign {
        '+' => GREEN,
        '-' => RED,
        _ => return format!(" {}\n", whole()),
    };
    if style.colour == Colour::None {
        return format!("{}{}\n", line.sign, whole());
    }
    let part = |(is_new, text): &(bool, String)| match *is_new {
        true => painted(text, &format!("{ink};1;7"), style),
        false => painted(text, ink, style),
    };
    let parts: String = line.parts.iter().filter(|(_, text)| !text.is_empty()).map(part).collect();
    format!("{}{parts}\n", painted(&line.sign.to_string(), ink, style))
}

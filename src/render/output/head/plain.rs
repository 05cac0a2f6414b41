//! Documents that are plainly YAML.
//!
//! Most documents are written in a small part of YAML: one key or item to a line, and values that
//! end on it or are block scalars. Those are read here in one pass, several times faster than by
//! the parser, to which everything is left that is in doubt, and with it every error.

use std::collections::BTreeMap;

use super::Head;

/// How deep collections may nest here.
const DEPTH: usize = 64;

/// How long a key may be here; the parser gives up at a thousand bytes.
const KEY: usize = 200;

/// The field that an entry belongs to, as far as Helm reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Root,
    Text,
    Kind,
    Metadata,
    Annotations,
    Annotation,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Map,
    Seq,
}

/// What follows a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Line,
    /// The content of a block scalar, which stands further in than this.
    Block(usize),
    /// The rest of a scalar in such quotes.
    Quoted(Quotes),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Single,
    Double,
}

/// A collection whose end has not been read.
#[derive(Debug, Clone, Copy)]
struct Open {
    indent: usize,
    kind: Kind,
    field: Field,
}

/// Reads the head of a document; none where the parser has to look.
pub(super) fn read(text: &str) -> Option<Head> {
    let is_known = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n');
    // Without a way out in the middle, many bytes are looked at together.
    let are_known = |bytes: &[u8]| bytes.iter().fold(true, |all, byte| all & is_known(byte));
    if !text.as_bytes().chunks(256).all(are_known) {
        return None;
    }
    let mut scan = Scan::default();
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let parent = match scan.line(line)? {
            Next::Line => continue,
            Next::Block(parent) => parent,
            Next::Quoted(quotes) => {
                while !quotes.end(lines.next().filter(|line| !is_marker(line))?)? {}
                continue;
            }
        };
        let mut indent = None;
        while let Some(next) = lines.peek() {
            let start = blanks(next);
            let is_blank = start == next.len();
            if is_blank && indent.is_none() && start > 0 {
                return None;
            }
            if !is_blank && start < *indent.get_or_insert(start.max(parent + 1)) {
                break;
            }
            lines.next();
        }
    }
    scan.end_waiting()?;
    scan.has_root.then_some(scan.head)
}

#[derive(Default)]
struct Scan<'a> {
    head: Head,
    open: Vec<Open>,
    has_root: bool,
    /// The field of a key or dash whose value has not come yet.
    waiting: Option<Field>,
    /// The fields that have come, each of which may do so once.
    seen: Vec<&'static str>,
    /// The key of the annotation that is being read.
    annotation: &'a str,
}

impl<'a> Scan<'a> {
    fn line(&mut self, line: &'a str) -> Option<Next> {
        let mut column = blanks(line);
        let mut rest = &line[column..];
        if rest.is_empty() || rest.starts_with('#') {
            return Some(Next::Line);
        }
        if is_marker(line) {
            return None;
        }
        let mut is_item = false;
        while let Some(item) = after_dash(rest) {
            self.enter(column, Kind::Seq)?;
            self.waiting = Some(Field::Other);
            is_item = true;
            rest = &item[blanks(item)..];
            if rest.is_empty() {
                return Some(Next::Line);
            }
            column += 1 + blanks(item);
        }
        let (value, field) = match key(rest) {
            Some((name, value)) => {
                self.enter(column, Kind::Map)?;
                (&value[blanks(value)..], self.field(name)?)
            }
            None if is_item => (rest, Field::Other),
            // An empty collection may stand below its key.
            None => {
                let is_inner = column > self.open.last()?.indent;
                let is_empty = matches!(rest.trim_end_matches(' '), "{}" | "[]");
                (rest, self.waiting.filter(|_| is_inner && is_empty)?)
            }
        };
        if value.is_empty() || value.starts_with('#') {
            self.waiting = Some(field);
            return Some(Next::Line);
        }
        self.waiting = None;
        self.value(value.trim_end_matches(' '), field)
    }

    /// Comes to an entry of a collection of a kind, at a column.
    fn enter(&mut self, column: usize, kind: Kind) -> Option<()> {
        while self.open.last().is_some_and(|open| open.indent > column) {
            self.open.pop();
            self.end_waiting()?;
        }
        let Some(open) = self.open.last().copied() else {
            if self.has_root {
                return None;
            }
            self.has_root = true;
            self.waiting = Some(Field::Root);
            return self.start(column, kind);
        };
        // The items of a list may stand right below its key.
        if open.indent < column || open.kind == Kind::Map && kind == Kind::Seq {
            return self.start(column, kind);
        }
        self.end_waiting()?;
        if open.kind == kind {
            return Some(());
        }
        self.open.pop();
        let outer = self.open.last()?;
        (outer.indent == column && outer.kind == kind).then_some(())
    }

    /// Starts a collection, which is the value that is waited for.
    fn start(&mut self, indent: usize, kind: Kind) -> Option<()> {
        let field = self.waiting.take()?;
        let fits = match field {
            Field::Other => true,
            Field::Root | Field::Metadata | Field::Annotations => kind == Kind::Map,
            Field::Text | Field::Kind | Field::Annotation => false,
        };
        if field == Field::Annotations {
            self.head.annotations = Some(BTreeMap::new());
        }
        self.open.push(Open { indent, kind, field });
        (fits && self.open.len() <= DEPTH).then_some(())
    }

    /// Takes null for the value that is waited for, if one is.
    fn end_waiting(&mut self) -> Option<()> {
        matches!(self.waiting.take(), None | Some(Field::Other | Field::Annotations)).then_some(())
    }

    /// Returns what a key of the innermost map means to Helm, who knows keys in any case.
    fn field(&mut self, name: &'a str) -> Option<Field> {
        let known: &[(&str, Field)] = match self.open.last()?.field {
            Field::Root => {
                &[("apiVersion", Field::Text), ("kind", Field::Kind), ("metadata", Field::Metadata)]
            }
            Field::Metadata => &[("name", Field::Text), ("annotations", Field::Annotations)],
            Field::Annotations => {
                self.annotation = name;
                return Some(Field::Annotation);
            }
            _ => &[],
        };
        let Some((exact, field)) = known.iter().find(|(it, _)| it.eq_ignore_ascii_case(name))
        else {
            return Some(Field::Other);
        };
        let is_new = !self.seen.contains(exact);
        self.seen.push(exact);
        (*exact == name && is_new).then_some(*field)
    }

    fn value(&mut self, value: &str, field: Field) -> Option<Next> {
        match field {
            Field::Other if matches!(value, "|" | "|-" | "|+" | ">" | ">-" | ">+") => {
                return Some(Next::Block(self.open.last()?.indent));
            }
            Field::Other => match Quotes::of(value) {
                Some(quotes) if !quotes.end(&value[1..])? => return Some(Next::Quoted(quotes)),
                Some(_) => {}
                None => is_value(value).then_some(())?,
            },
            Field::Text => drop(text(value)?),
            Field::Kind => self.head.kind = text(value)?.into(),
            Field::Annotation => {
                let annotations = self.head.annotations.get_or_insert_default();
                let known = annotations.insert(self.annotation.into(), text(value)?.into());
                known.is_none().then_some(())?;
            }
            Field::Annotations if value == "{}" => self.head.annotations = Some(BTreeMap::new()),
            Field::Root | Field::Metadata | Field::Annotations => return None,
        }
        Some(Next::Line)
    }
}

/// Returns how many blanks a text starts with.
fn blanks(text: &str) -> usize {
    text.bytes().take_while(|byte| *byte == b' ').count()
}

/// Returns what follows the dash of an item.
fn after_dash(text: &str) -> Option<&str> {
    text.strip_prefix('-').filter(|item| item.is_empty() || item.starts_with(' '))
}

/// Returns the key that a text starts with, and what follows its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = match text.as_bytes().first()? {
        quote @ (b'"' | b'\'') => {
            let end = 1 + memchr::memchr(*quote, &text.as_bytes()[1..])?;
            let name = &text[1..end];
            let is_safe = name.bytes().all(|byte| is_of_word(byte) || byte == b' ');
            is_safe.then_some((name, &text[end + 1..]))?
        }
        b'A'..=b'Z' | b'a'..=b'z' | b'_' => {
            let end = text.bytes().position(|byte| !is_of_word(byte))?;
            (!is_special(&text[..end])).then_some(text.split_at(end))?
        }
        _ => return None,
    };
    let value = rest.strip_prefix(':')?;
    let ends = value.is_empty() || value.starts_with(' ');
    (ends && name.len() <= KEY).then_some((name, value))
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/' | b'-')
}

/// Tells whether a word is a null or a boolean to YAML 1.1.
fn is_special(word: &str) -> bool {
    let special = ["null", "y", "n", "yes", "no", "on", "off", "true", "false"];
    special.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// Returns the text that a value is for sure.
fn text(value: &str) -> Option<&str> {
    let first = value.as_bytes().first()?;
    if let quote @ (b'"' | b'\'') = first {
        let inner = value.get(1..value.len() - 1)?;
        let ends = value.len() > 1 && value.as_bytes().last() == Some(quote);
        return (ends && !inner.contains(['"', '\'', '\\'])).then_some(inner);
    }
    let is_safe = |byte| is_of_word(byte) || matches!(byte, b',' | b'+' | b'=' | b'@');
    let is_text = first.is_ascii_alphabetic() && value.bytes().all(is_safe);
    (is_text && !is_special(value)).then_some(value)
}

/// Tells whether a text is a whole value, of whatever kind.
fn is_value(value: &str) -> bool {
    let second = value.as_bytes().get(1).copied();
    match value.as_bytes().first() {
        Some(b'{') => value == "{}",
        Some(b'[') => is_list(value),
        Some(b'-') => second.is_some_and(|it| is_of_word(it) && it != b'.') && is_plain(value),
        // Not infinity.
        Some(b'.') => second.is_some_and(|it| !it.is_ascii_alphabetic()) && is_plain(value),
        Some(b':') => second.is_some_and(is_of_word) && is_plain(value),
        Some(b'/' | b'$' | b'(' | b'^' | b'_') => is_plain(value),
        Some(first) => first.is_ascii_alphanumeric() && is_plain(value),
        None => false,
    }
}

/// Tells whether a text that starts like a plain scalar is one, perhaps with a comment after it.
fn is_plain(value: &str) -> bool {
    let end = memchr::memmem::find(value.as_bytes(), b" #").unwrap_or(value.len());
    let mut colons = memchr::memchr_iter(b':', &value.as_bytes()[..end]);
    colons.all(|at| at + 1 < end && value.as_bytes()[at + 1] != b' ')
}

impl Quotes {
    fn of(value: &str) -> Option<Self> {
        match value.as_bytes().first()? {
            b'"' => Some(Self::Double),
            b'\'' => Some(Self::Single),
            _ => None,
        }
    }

    /// Tells whether the scalar ends with the line; none where something follows it, or where it
    /// holds what is not known here.
    fn end(self, line: &str) -> Option<bool> {
        let mut bytes = line.trim_end_matches(' ').bytes().peekable();
        while let Some(byte) = bytes.next() {
            match (self, byte) {
                (Self::Single, b'\'') if bytes.peek() == Some(&b'\'') => drop(bytes.next()),
                (Self::Single, b'\'') | (Self::Double, b'"') => {
                    return bytes.next().is_none().then_some(true);
                }
                (Self::Double, b'\\') => {
                    let known = matches!(bytes.next(), Some(b'n' | b't' | b'r' | b'"' | b'\\'));
                    known.then_some(())?;
                }
                _ => {}
            }
        }
        Some(false)
    }
}

/// Tells whether a line starts or ends a document.
fn is_marker(line: &str) -> bool {
    line.starts_with("---") || line.starts_with("...")
}

/// Tells whether a text is a list in brackets, of words.
fn is_list(value: &str) -> bool {
    let Some(inner) = value.strip_prefix('[').and_then(|it| it.strip_suffix(']')) else {
        return false;
    };
    let is_word = |word: &str| {
        let starts = word.starts_with(|first: char| first.is_ascii_alphanumeric());
        starts && word.bytes().all(is_of_word)
    };
    let is_quoted = |word: &str| {
        let inner = ['"', '\''].iter().find_map(|it| word.strip_prefix(*it)?.strip_suffix(*it));
        inner.is_some_and(|inner| inner.bytes().all(|byte| is_of_word(byte) || byte == b'*'))
    };
    let is_item = |item: &str| {
        let item = item.trim_matches(' ');
        is_word(item) || is_quoted(item)
    };
    inner.trim_matches(' ').is_empty() || inner.split(',').all(is_item)
}

//! Go's regular expression syntax, translated to that of the `regex` crate.

use super::class;

/// A pattern in the `regex` crate's syntax. Its groups have no names there, as Go allows more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Translated {
    /// The pattern.
    pub(super) pattern: String,
    /// The names of the groups; group 0 is the whole.
    pub(super) names: Vec<String>,
}

/// Go's bounds: how often something may be repeated, how deep an expression may nest.
const MAX_REPEAT: u64 = 1000;
const MAX_HEIGHT: usize = 1000;

/// What `(?flags)` changes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flags {
    pub(super) fold_case: bool,
    multi_line: bool,
    dot_newline: bool,
    swap_greed: bool,
}

/// A translated part.
struct Piece {
    text: String,
    height: usize,
    /// The product of the nested counts.
    repeats: u64,
}

/// An open group.
struct Frame {
    alternatives: Vec<Piece>,
    current: Vec<Piece>,
    /// `(` or `(?:`.
    opening: &'static str,
    /// The flags to return to.
    flags: Flags,
}

struct Parser<'a> {
    whole: &'a str,
    frames: Vec<Frame>,
    flags: Flags,
    names: Vec<String>,
}

/// An error of Go's `regexp/syntax`.
pub(super) fn error(code: &str, expression: &str) -> String {
    format!("error parsing regexp: {code}: `{expression}`")
}

/// Returns what stands before `rest`, which must be a suffix of `text`.
pub(super) fn before<'a>(text: &'a str, rest: &str) -> &'a str {
    &text[..text.len() - rest.len()]
}

/// Returns the pattern of one character, which may be a surrogate: those match nothing.
pub(super) fn literal(code: u32) -> String {
    match char::from_u32(code) {
        Some(character) if character.is_ascii_alphanumeric() => character.into(),
        Some(_) => format!("\\x{{{code:x}}}"),
        None => class::NOTHING.into(),
    }
}

/// Translates a pattern.
///
/// # Errors
/// In Go's words.
pub(super) fn translate(pattern: &str) -> Result<Translated, String> {
    let mut parser = Parser {
        whole: pattern,
        frames: Vec::new(),
        flags: Flags::default(),
        names: vec![String::new()],
    };
    parser.open("(?:");
    let mut rest = pattern;
    let mut last_repeat = "";
    while let Some(first) = rest.chars().next() {
        let mut repeat = "";
        rest = match first {
            '(' if rest.starts_with("(?") => parser.flags_or_group(rest)?,
            '(' => {
                parser.names.push(String::new());
                parser.open("(");
                &rest[1..]
            }
            '|' => {
                parser.alternative();
                &rest[1..]
            }
            ')' => {
                parser.close()?;
                &rest[1..]
            }
            '*' | '+' | '?' => {
                let after = parser.repeat(Count::of(first), [rest, &rest[1..], last_repeat])?;
                repeat = rest;
                after
            }
            '{' => match counts(rest) {
                Some((count, after)) => {
                    let after = parser.counted(count, [rest, after, last_repeat])?;
                    repeat = rest;
                    after
                }
                None => parser.character(rest)?,
            },
            '[' => {
                let (text, after) = class::bracketed(rest, parser.flags)?;
                parser.push(text);
                after
            }
            '\\' => parser.escape(rest)?,
            _ => parser.character(rest)?,
        };
        last_repeat = repeat;
    }
    parser.finish()
}

/// How often something is repeated; `max` is none for any number.
#[derive(Clone, Copy)]
struct Count {
    min: u64,
    max: Option<u64>,
    sign: char,
}

impl Count {
    fn of(sign: char) -> Self {
        Self { min: 0, max: None, sign }
    }
}

/// Reads `{2}`, `{2,}`, `{2,3}`; anything else is text.
fn counts(text: &str) -> Option<(Count, &str)> {
    let (min, rest) = count(text.strip_prefix('{')?)?;
    let (max, rest) = match rest.strip_prefix(',') {
        None => (Some(min), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => count(rest).map(|(max, rest)| (Some(max), rest))?,
    };
    Some((Count { min, max, sign: '{' }, rest.strip_prefix('}')?))
}

fn count(text: &str) -> Option<(u64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().unwrap_or(u64::MAX), rest))
}

impl<'a> Parser<'a> {
    fn open(&mut self, opening: &'static str) {
        let flags = self.flags;
        self.frames.push(Frame { alternatives: vec![], current: vec![], opening, flags });
    }

    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the outermost frame is never closed")
    }

    fn push(&mut self, text: String) {
        self.top().current.push(Piece { text, height: 1, repeats: 1 });
    }

    fn alternative(&mut self) {
        let frame = self.top();
        let piece = joined(std::mem::take(&mut frame.current), "");
        frame.alternatives.push(piece);
    }

    /// Ends a group and gives its content back.
    fn content(&mut self, mut frame: Frame) -> Result<Piece, String> {
        let last = joined(frame.current, "");
        frame.alternatives.push(last);
        let piece = joined(frame.alternatives, "|");
        self.check_height(piece)
    }

    fn check_height(&self, piece: Piece) -> Result<Piece, String> {
        if piece.height > MAX_HEIGHT {
            return Err(error("expression nests too deeply", self.whole));
        }
        Ok(piece)
    }

    fn close(&mut self) -> Result<(), String> {
        if self.frames.len() < 2 {
            return Err(error("unexpected )", self.whole));
        }
        let frame = self.frames.pop().expect("there are two at least");
        self.flags = frame.flags;
        let opening = frame.opening;
        let more = usize::from(opening == "(");
        let Piece { text, height, repeats } = self.content(frame)?;
        let piece = Piece { text: format!("{opening}{text})"), height: height + more, repeats };
        let piece = self.check_height(piece)?;
        self.top().current.push(piece);
        Ok(())
    }

    fn finish(mut self) -> Result<Translated, String> {
        let frame = self.frames.pop().expect("the outermost frame is never closed");
        if !self.frames.is_empty() {
            return Err(error("missing closing )", self.whole));
        }
        let piece = self.content(frame)?;
        Ok(Translated { pattern: piece.text, names: self.names })
    }

    /// Repeats the last part; `[before, after, last]` are the texts from this operator on, after
    /// it, and from the operator just before it on, if there is one.
    fn repeat(
        &mut self,
        count: Count,
        [before_operator, after, last]: [&'a str; 3],
    ) -> Result<&'a str, String> {
        let lazy = after.strip_prefix('?');
        let after = lazy.unwrap_or(after);
        let swapped = lazy.is_some() != self.flags.swap_greed;
        if !last.is_empty() {
            return Err(error("invalid nested repetition operator", before(last, after)));
        }
        let operator = before(before_operator, after);
        let Some(piece) = self.top().current.pop() else {
            return Err(error("missing argument to repetition operator", operator));
        };
        let (sign, repeats) = match count {
            Count { sign: '{', min, max: None } => {
                (format!("{{{min},}}"), piece.repeats.saturating_mul(min.max(1)))
            }
            Count { sign: '{', max: Some(0), .. } => ("{0}".into(), 1),
            Count { sign: '{', min, max: Some(max) } => {
                (format!("{{{min},{max}}}"), piece.repeats.saturating_mul(max))
            }
            Count { sign, .. } => (sign.into(), piece.repeats),
        };
        if repeats > MAX_REPEAT {
            return Err(error("invalid repeat count", operator));
        }
        let mark = if swapped { "?" } else { "" };
        let text = format!("(?:{}){sign}{mark}", piece.text);
        let piece = self.check_height(Piece { text, height: piece.height + 1, repeats })?;
        self.top().current.push(piece);
        Ok(after)
    }

    fn counted(&mut self, count: Count, texts: [&'a str; 3]) -> Result<&'a str, String> {
        let max = count.max.unwrap_or(count.min);
        if count.min > MAX_REPEAT || max > MAX_REPEAT || count.min > max {
            return Err(error("invalid repeat count", before(texts[0], texts[1])));
        }
        self.repeat(count, texts)
    }

    /// Takes the first character as itself.
    fn character(&mut self, text: &'a str) -> Result<&'a str, String> {
        let mut characters = text.chars();
        let Some(first) = characters.next() else {
            return Ok(text);
        };
        match first {
            '^' if self.flags.multi_line => self.push("(?m:^)".into()),
            '^' => self.push(r"\A".into()),
            '$' if self.flags.multi_line => self.push("(?m:$)".into()),
            '$' => self.push(r"\z".into()),
            '.' if self.flags.dot_newline => self.push("(?s:.)".into()),
            '.' => self.push(r"[^\n]".into()),
            other => self.push_literal(u32::from(other)),
        }
        Ok(characters.as_str())
    }

    fn push_literal(&mut self, code: u32) {
        let text = literal(code);
        self.push(if self.flags.fold_case { format!("(?i:{text})") } else { text });
    }

    fn escape(&mut self, text: &'a str) -> Result<&'a str, String> {
        let assertion = match text.as_bytes().get(1) {
            Some(b'A') => r"\A",
            Some(b'b') => r"(?-u:\b)",
            Some(b'B') => r"(?-u:\B)",
            Some(b'z') => r"\z",
            Some(b'C') => return Err(error("invalid escape sequence", &text[..2])),
            Some(b'Q') => {
                let text = &text[2..];
                let (quoted, rest) = text.split_once(r"\E").unwrap_or((text, ""));
                quoted.chars().for_each(|character| self.push_literal(u32::from(character)));
                return Ok(rest);
            }
            _ => "",
        };
        if !assertion.is_empty() {
            self.push(assertion.into());
            return Ok(&text[2..]);
        }
        if let Some((class, rest)) = class::escaped(text, self.flags)? {
            self.push(class);
            return Ok(rest);
        }
        let (code, rest) = class::escape(text)?;
        self.push_literal(code);
        Ok(rest)
    }

    /// Reads `(?P<name>`, `(?<name>`, `(?flags)` or `(?flags:`.
    fn flags_or_group(&mut self, text: &'a str) -> Result<&'a str, String> {
        let named = if text.len() > 4 { text.strip_prefix("(?P<") } else { None };
        if let Some(named) = named.or_else(|| text.strip_prefix("(?<").filter(|t| !t.is_empty())) {
            let code = "invalid named capture";
            let (name, rest) = named.split_once('>').ok_or_else(|| error(code, text))?;
            let is_word = |c: char| c == '_' || c.is_ascii_alphanumeric();
            if name.is_empty() || !name.chars().all(is_word) {
                return Err(error(code, before(text, rest)));
            }
            self.names.push(name.into());
            self.open("(");
            return Ok(rest);
        }
        self.flags(text)
    }

    fn flags(&mut self, text: &'a str) -> Result<&'a str, String> {
        let mut flags = self.flags;
        let (mut on, mut saw_flag) = (true, false);
        let mut characters = text[2..].chars();
        for character in characters.by_ref() {
            match character {
                'i' => flags.fold_case = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_newline = on,
                'U' => flags.swap_greed = on,
                '-' if on => on = false,
                ':' | ')' if on || saw_flag => {
                    if character == ':' {
                        self.open("(?:");
                    }
                    self.flags = flags;
                    return Ok(characters.as_str());
                }
                _ => break,
            }
            saw_flag = character != '-';
        }
        Err(error("invalid or unsupported Perl syntax", before(text, characters.as_str())))
    }
}

fn joined(mut pieces: Vec<Piece>, separator: &str) -> Piece {
    if pieces.len() == 1 {
        return pieces.pop().expect("there is one");
    }
    let height = 1 + pieces.iter().map(|piece| piece.height).max().unwrap_or(0);
    let repeats = pieces.iter().map(|piece| piece.repeats).max().unwrap_or(1);
    let texts: Vec<String> = pieces.into_iter().map(|piece| piece.text).collect();
    Piece { text: texts.join(separator), height, repeats }
}

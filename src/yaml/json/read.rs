//! JSON to values.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::scan::Scanner;
use crate::yaml::{Data, Error};

/// How deep lists and maps may nest; Go allows ten times as much, which no chart needs.
const DEPTH: usize = 1_000;
/// The stack that must be left before a list or map is entered, and how much is added.
const STACK: (usize, usize) = (64 * 1024, 1024 * 1024);

/// Reads a JSON text; also returns the first error about a number too large for a float, in whose
/// place Go leaves null before it goes on.
///
/// # Errors
/// Where the text is no JSON.
pub(crate) fn json_read_kept(text: &str) -> Result<(Data, Option<Error>), Error> {
    let mut reader = Reader { scanner: Scanner::new(text), kept: None, depth: 0 };
    let data = reader.value()?;
    match reader.scanner.past_blanks() {
        Ok(_) => Err(reader.scanner.wrong("after top-level value")),
        Err(_) => Ok((data, reader.kept)),
    }
}

struct Reader<'a> {
    scanner: Scanner<'a>,
    kept: Option<Error>,
    depth: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Data, Error> {
        match self.scanner.past_blanks()? {
            b'{' => self.nested(Self::map),
            b'[' => self.nested(Self::list),
            b'"' => self.text().map(|text| Data::Str(text.into())),
            b'-' | b'0'..=b'9' => self.number(),
            b't' => self.literal("true", Data::Bool(true)),
            b'f' => self.literal("false", Data::Bool(false)),
            b'n' => self.literal("null", Data::Null),
            _ => Err(self.scanner.wrong("looking for beginning of value")),
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Data, Error>) -> Result<Data, Error> {
        if self.depth == DEPTH {
            return Err(self.scanner.wrong("exceeded max depth"));
        }
        self.scanner.skip();
        self.depth += 1;
        let data = stacker::maybe_grow(STACK.0, STACK.1, || read(self));
        self.depth -= 1;
        data
    }

    fn list(&mut self) -> Result<Data, Error> {
        let mut items = Vec::new();
        if self.scanner.past_blanks()? == b']' {
            self.scanner.skip();
            return Ok(Data::Seq(items));
        }
        loop {
            items.push(self.value()?);
            match self.scanner.past_blanks()? {
                b',' => self.scanner.skip(),
                b']' => break,
                _ => return Err(self.scanner.wrong("after array element")),
            }
        }
        self.scanner.skip();
        Ok(Data::Seq(items))
    }

    fn map(&mut self) -> Result<Data, Error> {
        let mut entries = BTreeMap::new();
        if self.scanner.past_blanks()? == b'}' {
            self.scanner.skip();
            return Ok(Data::Map(entries));
        }
        loop {
            if self.scanner.past_blanks()? != b'"' {
                return Err(self.scanner.wrong("looking for beginning of object key string"));
            }
            let key = SmolStr::from(self.text()?);
            if self.scanner.past_blanks()? != b':' {
                return Err(self.scanner.wrong("after object key"));
            }
            self.scanner.skip();
            let value = self.value()?;
            entries.insert(key, value);
            match self.scanner.past_blanks()? {
                b',' => self.scanner.skip(),
                b'}' => break,
                _ => return Err(self.scanner.wrong("after object key:value pair")),
            }
        }
        self.scanner.skip();
        Ok(Data::Map(entries))
    }

    fn literal(&mut self, word: &str, data: Data) -> Result<Data, Error> {
        for expected in word.bytes() {
            if !self.scanner.take(expected) {
                let expected = char::from(expected);
                let context = format!("in literal {word} (expecting '{expected}')");
                return Err(self.scanner.wrong(&context));
            }
        }
        Ok(data)
    }

    fn number(&mut self) -> Result<Data, Error> {
        let scanner = &mut self.scanner;
        let start = scanner.offset();
        scanner.take(b'-');
        if !scanner.take(b'0') && !scanner.take_digits() {
            return Err(scanner.wrong("in numeric literal"));
        }
        if scanner.take(b'.') && !scanner.take_digits() {
            return Err(scanner.wrong("after decimal point in numeric literal"));
        }
        if scanner.take(b'e') || scanner.take(b'E') {
            let _sign = scanner.take(b'+') || scanner.take(b'-');
            if !scanner.take_digits() {
                return Err(scanner.wrong("in exponent of numeric literal"));
            }
        }
        let text = scanner.since(start);
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Data::Float(number)),
            _ => {
                let message =
                    format!("json: cannot unmarshal number {text} into Go value of type float64");
                self.kept.get_or_insert(Error::new(message, start));
                Ok(Data::Null)
            }
        }
    }

    /// Reads a text in quotes.
    fn text(&mut self) -> Result<String, Error> {
        self.scanner.skip();
        let mut out = String::new();
        let mut start = self.scanner.offset();
        loop {
            match self.scanner.peek() {
                None => return Err(self.scanner.end()),
                Some(b'"') => break,
                Some(b'\\') => {
                    out.push_str(self.scanner.since(start));
                    self.scanner.skip();
                    out.push(self.escape()?);
                    start = self.scanner.offset();
                }
                Some(0..0x20) => return Err(self.scanner.wrong("in string literal")),
                Some(_) => self.scanner.skip(),
            }
        }
        out.push_str(self.scanner.since(start));
        self.scanner.skip();
        Ok(out)
    }

    /// Reads what stands behind a backslash.
    fn escape(&mut self) -> Result<char, Error> {
        let character = match self.scanner.peek() {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(self.scanner.wrong("in string escape code")),
        };
        self.scanner.skip();
        Ok(character)
    }

    /// Reads the digits of `\u`, and those of a second half; a half alone becomes U+FFFD.
    fn unicode(&mut self) -> Result<char, Error> {
        self.scanner.skip();
        let first = self.hexadecimal()?;
        if !(0xD800..0xDC00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let Some(second) = self.second_half() else { return Ok(char::REPLACEMENT_CHARACTER) };
        for _ in r"\uDC00".bytes() {
            self.scanner.skip();
        }
        let code = 0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    /// Returns the second half of a pair, if it is what follows.
    fn second_half(&self) -> Option<u32> {
        let digits = self.scanner.ahead(6)?.strip_prefix(r"\u")?;
        let code = u32::from_str_radix(digits, 16).ok()?;
        (0xDC00..0xE000).contains(&code).then_some(code)
    }

    fn hexadecimal(&mut self) -> Result<u32, Error> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.scanner.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.scanner.wrong("in \\u hexadecimal character escape"));
            };
            code = code * 16 + digit;
            self.scanner.skip();
        }
        Ok(code)
    }
}

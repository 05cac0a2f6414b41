//! Anchors, aliases, tags and directives.

use smol_str::SmolStr;

use super::super::Error;
use super::cursor::width;
use super::scanner::Scanner;
use super::token::TokenKind;

/// Whether a tag stands before a node or in a `%TAG` line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TagPlace {
    Node,
    Directive,
}

impl Scanner<'_> {
    /// Scans `&NAME` or `*NAME`.
    pub(super) fn scan_anchor(&mut self) -> Result<(), Error> {
        let start = self.cursor.mark;
        let anchor = self.cursor.peek() == b'&';
        self.cursor.skip();
        let name = self.cursor.skip_word();
        let ended = self.cursor.is_blankz_at(0)
            || matches!(self.cursor.peek(), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
        if name.is_empty() || !ended {
            return Err(self.cursor.error("did not find expected alphabetic or numeric character"));
        }
        let name = SmolStr::new(name);
        let kind = if anchor { TokenKind::Anchor(name) } else { TokenKind::Alias(name) };
        self.append(kind, start, self.cursor.mark);
        Ok(())
    }

    /// Scans `!<URI>`, `!suffix`, `!handle!suffix` or `!`.
    pub(super) fn scan_tag(&mut self) -> Result<(), Error> {
        let start = self.cursor.mark;
        let (handle, suffix) = if self.cursor.peek_at(1) == b'<' {
            self.cursor.skip_bytes(2);
            let suffix = self.scan_tag_uri("")?;
            if self.cursor.peek() != b'>' {
                return Err(self.cursor.error("did not find the expected '>'"));
            }
            self.cursor.skip();
            (SmolStr::default(), suffix)
        } else {
            self.scan_short_tag()?
        };
        if !self.cursor.is_blankz_at(0) {
            return Err(self.cursor.error("did not find expected whitespace or line break"));
        }
        self.append(TokenKind::Tag(Box::new((handle, suffix))), start, self.cursor.mark);
        Ok(())
    }

    fn scan_short_tag(&mut self) -> Result<(SmolStr, SmolStr), Error> {
        let handle = self.scan_tag_handle(TagPlace::Node)?;
        if handle.len() > 1 && handle.ends_with('!') {
            let suffix = self.scan_tag_uri("")?;
            return Ok((handle, suffix));
        }
        let suffix = self.scan_tag_uri(&handle)?;
        let bang = SmolStr::new_static("!");
        if suffix.is_empty() { Ok((suffix, bang)) } else { Ok((bang, suffix)) }
    }

    fn scan_tag_handle(&mut self, place: TagPlace) -> Result<SmolStr, Error> {
        if self.cursor.peek() != b'!' {
            return Err(self.cursor.error("did not find expected '!'"));
        }
        let from = self.cursor.mark.offset;
        self.cursor.skip();
        let word = self.cursor.skip_word();
        if self.cursor.peek() == b'!' {
            self.cursor.skip();
        } else if place == TagPlace::Directive && !word.is_empty() {
            return Err(self.cursor.error("did not find expected '!'"));
        }
        Ok(SmolStr::new(self.cursor.slice(from)))
    }

    /// Scans the rest of a tag, of which `head` was taken for a handle.
    fn scan_tag_uri(&mut self, head: &str) -> Result<SmolStr, Error> {
        let mut uri = head.as_bytes().get(1..).unwrap_or_default().to_vec();
        let mut found = !head.is_empty();
        while is_uri(self.cursor.peek()) {
            if self.cursor.peek() == b'%' {
                self.scan_uri_escape(&mut uri)?;
            } else {
                uri.push(self.cursor.peek());
                self.cursor.skip();
            }
            found = true;
        }
        if !found {
            return Err(self.cursor.error("did not find expected tag URI"));
        }
        Ok(SmolStr::new(String::from_utf8_lossy(&uri)))
    }

    /// Scans the escapes of one character, such as `%C3%A9`.
    fn scan_uri_escape(&mut self, uri: &mut Vec<u8>) -> Result<(), Error> {
        let (mut seen, mut length) = (0, 1);
        while seen < length {
            let digits = [self.cursor.peek_at(1), self.cursor.peek_at(2)].map(hex);
            let (b'%', [Some(high), Some(low)]) = (self.cursor.peek(), digits) else {
                return Err(self.cursor.error("did not find URI escaped octet"));
            };
            let Ok(octet) = u8::try_from(high * 16 + low) else { return Ok(()) };
            if seen == 0 {
                length = width(octet);
                if length == 0 {
                    return Err(self.cursor.error("found an incorrect leading UTF-8 octet"));
                }
            } else if octet & 0xc0 != 0x80 {
                return Err(self.cursor.error("found an incorrect trailing UTF-8 octet"));
            }
            uri.push(octet);
            self.cursor.skip_bytes(3);
            seen += 1;
        }
        Ok(())
    }

    /// Scans a line that starts with `%`.
    pub(super) fn scan_directive(&mut self) -> Result<(), Error> {
        let start = self.cursor.mark;
        self.cursor.skip();
        let name = self.cursor.skip_word();
        if name.is_empty() {
            return Err(self.cursor.error("could not find expected directive name"));
        }
        if !self.cursor.is_blankz_at(0) {
            return Err(self.cursor.error("found unexpected non-alphabetical character"));
        }
        let kind = match name {
            "YAML" => self.scan_version()?,
            "TAG" => self.scan_tag_directive()?,
            _ => return Err(self.cursor.error("found unknown directive name")),
        };
        let end = self.cursor.mark;
        self.finish_line()?;
        self.append(kind, start, end);
        Ok(())
    }

    /// Goes over blanks, a comment and the line break; nothing else may stand there.
    pub(super) fn finish_line(&mut self) -> Result<(), Error> {
        self.cursor.skip_blanks();
        self.cursor.skip_comment();
        if !self.cursor.is_breakz() {
            return Err(self.cursor.error("did not find expected comment or line break"));
        }
        self.cursor.skip_break();
        Ok(())
    }

    fn scan_version(&mut self) -> Result<TokenKind, Error> {
        self.cursor.skip_blanks();
        let major = self.scan_version_number()?;
        if self.cursor.peek() != b'.' {
            return Err(self.cursor.error("did not find expected digit or '.' character"));
        }
        self.cursor.skip();
        Ok(TokenKind::VersionDirective(major, self.scan_version_number()?))
    }

    fn scan_version_number(&mut self) -> Result<u8, Error> {
        let (mut value, mut length) = (0, 0);
        while let digit @ b'0'..=b'9' = self.cursor.peek() {
            length += 1;
            if length > 2 {
                return Err(self.cursor.error("found extremely long version number"));
            }
            value = value * 10 + (digit - b'0');
            self.cursor.skip();
        }
        if length == 0 {
            return Err(self.cursor.error("did not find expected version number"));
        }
        Ok(value)
    }

    fn scan_tag_directive(&mut self) -> Result<TokenKind, Error> {
        self.cursor.skip_blanks();
        let handle = self.scan_tag_handle(TagPlace::Directive)?;
        if !self.cursor.is_blank() {
            return Err(self.cursor.error("did not find expected whitespace"));
        }
        self.cursor.skip_blanks();
        let prefix = self.scan_tag_uri("")?;
        if !self.cursor.is_blankz_at(0) {
            return Err(self.cursor.error("did not find expected whitespace or line break"));
        }
        Ok(TokenKind::TagDirective(Box::new((handle, prefix))))
    }
}

/// Tells whether a byte may stand in a tag.
fn is_uri(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || (byte != 0 && b"_-;/?:@&=+$,.!~*'()[]%".contains(&byte))
}

/// Returns the value of a hexadecimal digit.
pub(super) fn hex(digit: u8) -> Option<u32> {
    char::from(digit).to_digit(16)
}

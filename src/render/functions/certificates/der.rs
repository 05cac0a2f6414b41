//! The binary form of keys and certificates.

pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OID: u8 = 0x06;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// Writes a value with its tag.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut out = vec![tag];
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes = length.to_be_bytes();
            let significant = bytes.iter().skip_while(|byte| **byte == 0).copied();
            let significant: Vec<u8> = significant.collect();
            out.push(0x80 | significant.len() as u8);
            out.extend(significant);
        }
    }
    out.extend_from_slice(content);
    out
}

/// Writes values one after the other within a sequence.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    value(SEQUENCE, &parts.concat())
}

/// Writes a number that is not negative, given by its bytes, the highest first.
pub(super) fn integer(bytes: &[u8]) -> Vec<u8> {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let mut content = vec![0];
    content.extend_from_slice(&bytes[zeros..]);
    if content.get(1).is_some_and(|first| *first < 0x80) {
        content.remove(0);
    }
    value(INTEGER, &content)
}

/// Writes whole bytes as a bit string.
pub(super) fn bits(bytes: &[u8]) -> Vec<u8> {
    value(BIT_STRING, &[&[0], bytes].concat())
}

/// Writes a value under a tag of its context.
pub(super) fn context(number: u8, content: &[u8]) -> Vec<u8> {
    value(0xa0 | number, content)
}

/// A value that was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
    /// With tag and length.
    pub(super) whole: &'a [u8],
}

impl<'a> Item<'a> {
    /// Reads the values within.
    pub(super) fn parts(self) -> Reader<'a> {
        Reader(self.content)
    }

    /// Returns the bytes of a number without the zero in front.
    pub(super) fn number(self) -> &'a [u8] {
        self.content.strip_prefix(&[0]).unwrap_or(self.content)
    }
}

/// Reads values one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// Reads a value, whatever its tag; none at the end and where it is broken.
    pub(super) fn any(&mut self) -> Option<Item<'a>> {
        let (tag, rest) = self.0.split_first()?;
        let (first, rest) = rest.split_first()?;
        let (length, rest) = if *first < 0x80 {
            (usize::from(*first), rest)
        } else {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if bytes.is_empty() || bytes.len() > 4 {
                return None;
            }
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - rest.len()];
        self.0 = rest;
        Some(Item { tag: *tag, content, whole })
    }

    /// Reads a value of a tag.
    pub(super) fn next(&mut self, tag: u8) -> Option<Item<'a>> {
        self.any().filter(|item| item.tag == tag)
    }

    /// Reads a value of a tag if the next one has it.
    pub(super) fn optional(&mut self, tag: u8) -> Option<Item<'a>> {
        if self.0.first() == Some(&tag) { self.any() } else { None }
    }
}

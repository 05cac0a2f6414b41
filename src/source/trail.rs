//! The trail of a rendered text: which template wrote which byte.

use super::{FileId, Span};

/// How well the place that wrote a byte is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The very text or action.
    Exact,
    /// The line of an action that wrote several lines.
    Line,
    /// The action that called what wrote it.
    Call,
}

/// Where a rendered byte came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The place in the template that was executed.
    pub template: Span,
    /// The places further in, from the outermost callee to the one that wrote the byte.
    pub via: Vec<Span>,
    /// How well the place is known.
    pub certainty: Certainty,
}

/// The handle of a [`Frame`] of one trail.
pub type FrameId = u32;

/// A call (`include`, `template`, `tpl`) that was active when bytes were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// The action that called.
    pub call: Span,
    /// The call that was active there, none in the executed template itself.
    pub parent: Option<FrameId>,
}

/// From `offset` on, until the next entry, bytes were written by `span` while `frame` was active.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The offset in the rendered text.
    pub offset: u32,
    /// The text or action that wrote.
    pub span: Span,
    /// The innermost active call.
    pub frame: Option<FrameId>,
    /// How well the place is known.
    pub certainty: Certainty,
}

/// The change table of a rendered text: entries ordered by offset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail {
    entries: Vec<Entry>,
    frames: Vec<Frame>,
}

impl Trail {
    /// Builds the trail of a text that is a copy of a file.
    #[must_use]
    pub fn of_copy(file: FileId, length: usize) -> Self {
        let span = Span::new(file, 0, length);
        let entry = Entry { offset: 0, span, frame: None, certainty: Certainty::Exact };
        Self { entries: vec![entry], frames: Vec::new() }
    }

    /// Returns the entries in the order of their offsets.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Notes that `call` is active below `parent`, and returns its handle.
    pub fn enter(&mut self, call: Span, parent: Option<FrameId>) -> FrameId {
        self.frames.push(Frame { call, parent });
        FrameId::try_from(self.frames.len() - 1).expect("fewer than 2^32 calls")
    }

    /// Appends an entry; its offset must not be below the last one's. An entry that replaces an
    /// empty stretch takes that one's place.
    pub fn note(&mut self, entry: Entry) {
        match self.entries.last_mut() {
            Some(last) if last.offset == entry.offset => *last = entry,
            Some(last) if last.span == entry.span && last.frame == entry.frame => {}
            _ => self.entries.push(entry),
        }
    }

    /// Appends another text's trail, which starts at `offset` of this text and was written out at
    /// `site` here.
    pub fn splice(&mut self, other: &Self, offset: u32, site: Frame) {
        let mut moved: Vec<Option<FrameId>> = vec![None; other.frames.len()];
        for entry in &other.entries {
            let frame = match entry.frame {
                Some(inner) => self.adopt((other, inner), &mut moved, site),
                None => self.enter_once(site),
            };
            self.note(Entry { offset: offset + entry.offset, frame: Some(frame), ..*entry });
        }
    }

    /// Copies a frame of another trail and its parents below the call `root`.
    fn adopt(
        &mut self,
        (other, inner): (&Self, FrameId),
        moved: &mut [Option<FrameId>],
        root: Frame,
    ) -> FrameId {
        if let Some(done) = moved[inner as usize] {
            return done;
        }
        let Frame { call, parent } = other.frames[inner as usize];
        let adopted = match parent {
            Some(parent) => {
                let parent = self.adopt((other, parent), moved, root);
                self.enter(call, Some(parent))
            }
            None if call == root.call => self.enter_once(root),
            None => {
                let outer = self.enter_once(root);
                self.enter(call, Some(outer))
            }
        };
        moved[inner as usize] = Some(adopted);
        adopted
    }

    fn enter_once(&mut self, wanted: Frame) -> FrameId {
        match self.frames.last() {
            Some(last) if *last == wanted => {
                FrameId::try_from(self.frames.len() - 1).expect("fewer than 2^32 calls")
            }
            _ => self.enter(wanted.call, wanted.parent),
        }
    }

    /// Returns where the byte at `offset` came from; none before the first entry.
    #[must_use]
    pub fn origin(&self, offset: u32) -> Option<Origin> {
        self.origin_with_offset(offset).map(|(origin, _)| origin)
    }

    /// Returns where the byte at `offset` came from, and the offset of the first byte that was
    /// written from there.
    pub(super) fn origin_with_offset(&self, offset: u32) -> Option<(Origin, u32)> {
        let after = self.entries.partition_point(|entry| entry.offset <= offset);
        let entry = &self.entries[after.checked_sub(1)?];
        let mut chain = vec![entry.span];
        let mut frame = entry.frame;
        while let Some(id) = frame {
            let Frame { call, parent } = self.frames[id as usize];
            chain.push(call);
            frame = parent;
        }
        let template = chain.pop().expect("the chain starts with the entry");
        chain.reverse();
        Some((Origin { template, via: chain, certainty: entry.certainty }, entry.offset))
    }

    /// Returns the trail of the text without some of its parts, each an offset and a length, in
    /// order.
    #[must_use]
    pub fn cut(&self, parts: &[(usize, usize)]) -> Self {
        let mut trail = Self { entries: Vec::new(), frames: self.frames.clone() };
        let (mut parts, mut removed) = (parts.iter().peekable(), 0);
        for entry in &self.entries {
            let at = entry.offset as usize;
            while let Some((_, length)) = parts.next_if(|(start, length)| start + length <= at) {
                removed += length;
            }
            let inside = parts.peek().map_or(0, |(start, _)| at.saturating_sub(*start));
            let offset = u32::try_from(at - removed - inside).unwrap_or(u32::MAX);
            trail.note(Entry { offset, ..*entry });
        }
        trail
    }

    /// Returns the trail of the part of the text that starts at `offset`.
    #[must_use]
    pub fn skip(&self, offset: u32) -> Self {
        let first = self.entries.partition_point(|entry| entry.offset <= offset).saturating_sub(1);
        let shift = |entry: &Entry| Entry { offset: entry.offset.saturating_sub(offset), ..*entry };
        Self {
            entries: self.entries[first..].iter().map(shift).collect(),
            frames: self.frames.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::SourceMap;
    use super::*;

    #[test]
    fn a_spliced_trail_keeps_the_call_chain() {
        let mut map = SourceMap::new();
        let (page, helper) = (map.add("page", "0123456789"), map.add("helper", "abcdef"));
        let (call, inner) = (Span::new(page, 2, 5), Span::new(helper, 0, 3));
        let mut captured = Trail::default();
        let frame = captured.enter(call, None);
        let certainty = Certainty::Exact;
        captured.note(Entry { offset: 0, span: inner, frame: Some(frame), certainty });
        let mut trail = Trail::default();
        trail.note(Entry { offset: 0, span: Span::new(page, 0, 2), frame: None, certainty });
        trail.splice(&captured, 2, Frame { call, parent: None });
        let origin = trail.origin(3).expect("offset 3 was written");
        assert_eq!(origin.template, call);
        assert_eq!(origin.via, [inner]);
        assert_eq!(trail.skip(2).origin(0), trail.origin(2));
    }
}

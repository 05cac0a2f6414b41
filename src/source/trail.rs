//! The trail of a rendered text: which template wrote which byte.

use std::collections::HashMap;
use std::ops::Range;

use super::{FileId, Origin, Span, Written};

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
    /// How they were written.
    pub written: Written,
}

impl Entry {
    /// Returns the entry as it stands `skipped` bytes further on, where at most `length` bytes of
    /// it are left.
    fn narrowed(self, skipped: u32, length: u32) -> Self {
        if self.written != Written::Copied {
            return self;
        }
        let Span { file, start, end } = self.span;
        let start = start.saturating_add(skipped).min(end);
        Self { span: Span { file, start, end: start.saturating_add(length).min(end) }, ..self }
    }

    /// Tells whether `next`, which follows, goes on with what this one writes.
    fn goes_on_as(&self, next: &Self) -> bool {
        if (self.written, self.frame, self.span.file) != (next.written, next.frame, next.span.file)
        {
            return false;
        }
        match self.written {
            Written::Copied => {
                let length = next.offset - self.offset;
                self.span.end == next.span.start && self.span.end - self.span.start == length
            }
            _ => self.span == next.span,
        }
    }
}

/// A stretch of one text that stands unchanged in another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// The offset in the text that it was taken from.
    pub from: usize,
    /// The number of bytes.
    pub len: usize,
    /// The offset in the text that it was put into.
    pub to: usize,
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
        let entry = Entry { offset: 0, span, frame: None, written: Written::Copied };
        Self { entries: vec![entry], frames: Vec::new() }
    }

    /// Returns the file that a text of `length` bytes is a copy of.
    #[must_use]
    pub fn copied_file(&self, length: usize) -> Option<FileId> {
        let [entry] = self.entries.as_slice() else { return None };
        let file = entry.span.file;
        (*self == Self::of_copy(file, length)).then_some(file)
    }

    /// Returns the entries in the order of their offsets.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns all places that wrote something, and those that called them.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        let written = self.entries.iter().map(|entry| entry.span);
        written.chain(self.frames.iter().map(|frame| frame.call))
    }

    /// Notes that `call` is active below `parent`, and returns its handle.
    pub fn enter(&mut self, call: Span, parent: Option<FrameId>) -> FrameId {
        self.frames.push(Frame { call, parent });
        FrameId::try_from(self.frames.len() - 1).expect("fewer than 2^32 calls")
    }

    /// Does what [`Trail::enter`] does, unless the call was the last one that was noted.
    pub fn enter_once(&mut self, frame: Frame) -> FrameId {
        match self.frames.last() {
            Some(last) if *last == frame => {
                FrameId::try_from(self.frames.len() - 1).expect("fewer than 2^32 calls")
            }
            _ => self.enter(frame.call, frame.parent),
        }
    }

    /// Notes that the call of a handle is no longer active; one that wrote nothing is forgotten.
    pub fn leave(&mut self, call: FrameId) {
        let wrote = self.entries.last().is_some_and(|last| last.frame == Some(call));
        if !wrote && self.frames.len() == call as usize + 1 {
            self.frames.pop();
        }
    }

    /// Appends an entry; its offset must not be below the last one's. An entry that replaces an
    /// empty stretch takes that one's place.
    pub fn note(&mut self, entry: Entry) {
        match self.entries.last_mut() {
            Some(last) if last.offset == entry.offset => *last = entry,
            Some(last) if last.goes_on_as(&entry) => last.span.end = entry.span.end,
            _ => self.entries.push(entry),
        }
    }

    /// Appends another text's trail, which starts at `offset` of this text and was written out at
    /// `site` here. What stands within that action itself, such as a text that it made and carried
    /// out, adds no step to the chain.
    pub fn splice(&mut self, other: &Self, offset: u32, site: Frame) {
        let mut graft = Graft { site: Some(site), root: None, moved: Moved::dense(other) };
        for entry in &other.entries {
            let at = offset.saturating_add(entry.offset);
            let here = Entry { offset: at, span: site.call, frame: site.parent, ..*entry };
            let entry = match entry.written {
                Written::Unplaced => Entry { written: Written::Added, ..here },
                _ if entry.frame.is_none() && site.call.holds(entry.span) => here,
                _ => Entry {
                    offset: at,
                    frame: self.adopt(other, entry.frame, &mut graft),
                    ..*entry
                },
            };
            self.note(entry);
        }
    }

    /// Copies a call of another trail and those around it, unless they were copied before.
    fn adopt(
        &mut self,
        other: &Self,
        frame: Option<FrameId>,
        graft: &mut Graft,
    ) -> Option<FrameId> {
        let mut way = Vec::new();
        let mut next = frame;
        let mut outer = loop {
            match next {
                None => break graft.root(self),
                Some(id) => match graft.moved.get(id) {
                    Some(done) => break Some(done),
                    None => way.push(id),
                },
            }
            next = next.and_then(|id| other.frames[id as usize].parent);
        };
        while let Some(id) = way.pop() {
            let Frame { call, parent } = other.frames[id as usize];
            let is_site = parent.is_none() && graft.site.is_some_and(|it| it.call.holds(call));
            let own = match outer {
                Some(outer) if is_site => outer,
                _ => self.enter(call, outer),
            };
            graft.moved.set(id, own);
            outer = Some(own);
        }
        outer
    }

    /// Returns the trail of a text that holds stretches of this one, in their order; this text has
    /// `length` bytes.
    #[must_use]
    pub fn keep(&self, length: usize, kept: &[Kept]) -> Self {
        let (mut trail, mut after) = (Self::default(), 0);
        let mut graft = Graft { site: None, root: None, moved: Moved::Sparse(HashMap::new()) };
        for piece in kept.iter().filter(|piece| piece.len > 0) {
            let (from, to) = (offset(piece.from), offset(piece.to));
            if trail.entries.is_empty()
                && to > 0
                && let Some(entry) = self.entries.first()
            {
                let (offset, frame) = (0, None);
                trail.note(Entry { offset, frame, written: Written::Unplaced, ..*entry });
            }
            let end = from.saturating_add(offset(piece.len)).min(offset(length));
            for (entry, at, written) in self.steps(from..end) {
                let offset = to.saturating_add(at.start - from);
                let narrowed = entry.narrowed(written, at.end - at.start);
                let frame = match entry.frame {
                    None => None,
                    frame => trail.adopt(self, frame, &mut graft),
                };
                trail.note(Entry { offset, frame, ..narrowed });
            }
            after = to.saturating_add(end - from);
        }
        // What a function put between the stretches is left to the one before it.
        if let Some(last) = trail.entries.last().copied() {
            let (offset, frame) = (after, None);
            trail.note(Entry { offset, frame, written: Written::Unplaced, ..last });
        }
        trail
    }

    /// Returns the trail of the text without some of its parts, each an offset and a length, in
    /// order; the text has `length` bytes.
    #[must_use]
    pub fn cut(&self, length: usize, parts: &[(usize, usize)]) -> Self {
        let (mut from, mut to) = (0, 0);
        let mut kept = Vec::with_capacity(parts.len() + 1);
        for (start, removed) in parts.iter().copied().chain([(length, 0)]) {
            kept.push(Kept { from, len: start - from, to });
            to += start - from;
            from = start + removed;
        }
        self.keep(length, &kept)
    }

    /// Returns what wrote a range: each entry, the bytes of the range that are its own, and how
    /// many of its bytes stand before them.
    pub(super) fn steps(
        &self,
        range: Range<u32>,
    ) -> impl Iterator<Item = (&Entry, Range<u32>, u32)> {
        let after = self.entries.partition_point(|entry| entry.offset <= range.start);
        let entries = &self.entries[after.saturating_sub(1)..];
        let ends = entries.iter().skip(1).map(|next| next.offset).chain([u32::MAX]);
        entries.iter().zip(ends).take_while(move |(entry, _)| entry.offset < range.end).map(
            move |(entry, end)| {
                let start = entry.offset.max(range.start);
                (entry, start..end.min(range.end), start - entry.offset)
            },
        )
    }

    /// Returns the origin of what `entry` wrote `skipped` bytes after its start.
    pub(super) fn origin(&self, entry: &Entry, skipped: u32, length: u32) -> Origin {
        let mut chain = vec![entry.narrowed(skipped, length).span];
        let mut frame = entry.frame;
        while let Some(id) = frame {
            let Frame { call, parent } = self.frames[id as usize];
            chain.push(call);
            frame = parent;
        }
        let template = chain.pop().expect("the chain starts with the entry");
        chain.reverse();
        Origin { template, via: chain, certainty: entry.written.certainty() }
    }
}

/// How calls are copied from one trail to another.
struct Graft {
    /// Where the other text is written out; none where it stays at the same level.
    site: Option<Frame>,
    /// The handle of the site, once it is needed.
    root: Option<FrameId>,
    moved: Moved,
}

impl Graft {
    fn root(&mut self, trail: &mut Trail) -> Option<FrameId> {
        if let (None, Some(site)) = (self.root, self.site) {
            self.root = Some(trail.enter_once(site));
        }
        self.root
    }
}

/// The new handles of calls that were copied.
enum Moved {
    /// For all calls of a trail.
    Dense(Vec<Option<FrameId>>),
    /// For a few of many.
    Sparse(HashMap<FrameId, FrameId>),
}

impl Moved {
    fn dense(other: &Trail) -> Self {
        Self::Dense(vec![None; other.frames.len()])
    }

    fn get(&self, id: FrameId) -> Option<FrameId> {
        match self {
            Self::Dense(moved) => moved[id as usize],
            Self::Sparse(moved) => moved.get(&id).copied(),
        }
    }

    fn set(&mut self, id: FrameId, to: FrameId) {
        match self {
            Self::Dense(moved) => moved[id as usize] = Some(to),
            Self::Sparse(moved) => {
                moved.insert(id, to);
            }
        }
    }
}

pub(super) fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{SourceMap, TrailPart};
    use super::*;

    #[test]
    fn a_spliced_trail_keeps_the_call_chain() {
        let mut map = SourceMap::new();
        let (page, helper) = (map.add("page", "0123456789"), map.add("helper", "abcdef"));
        let (call, inner) = (Span::new(page, 2, 5), Span::new(helper, 0, 3));
        let mut captured = Trail::default();
        let frame = captured.enter(call, None);
        let written = Written::Copied;
        captured.note(Entry { offset: 0, span: inner, frame: Some(frame), written });
        let mut trail = Trail::default();
        trail.note(Entry { offset: 0, span: Span::new(page, 0, 2), frame: None, written });
        trail.splice(&captured, 2, Frame { call, parent: None });
        let whole = Arc::new(trail);
        let origin = TrailPart::new(whole.clone(), 0).origin(3..4).expect("offset 3 was written");
        assert_eq!(origin.template, call);
        assert_eq!(origin.via, [Span::new(helper, 1, 2)]);
        assert_eq!(TrailPart::new(whole, 2).origin(1..2), Some(origin));
    }

    #[test]
    fn calls_of_any_depth_are_copied() {
        let mut map = SourceMap::new();
        let (page, helper) = (map.add("page", "{{ }}"), map.add("helper", "{{ }}x"));
        let mut captured = Trail::default();
        let mut frame = None;
        for _ in 0..200_000 {
            frame = Some(captured.enter(Span::new(helper, 0, 5), frame));
        }
        let (span, written) = (Span::new(helper, 5, 6), Written::Copied);
        captured.note(Entry { offset: 0, span, frame, written });
        let mut trail = Trail::default();
        trail.splice(&captured, 0, Frame { call: Span::new(page, 0, 5), parent: None });
        let kept = trail.keep(1, &[Kept { from: 0, len: 1, to: 0 }]);
        let origin = TrailPart::from(kept).origin(0..1).expect("it was written");
        assert_eq!(origin.via.len(), 200_001);
    }

    #[test]
    fn cut_parts_shift_what_follows() {
        let file = SourceMap::new().add("t", "ab--cd");
        let cut = Trail::of_copy(file, 6).cut(6, &[(2, 2)]);
        let at = |offset| {
            TrailPart::from(cut.clone()).origin(offset..offset + 1).map(|it| it.template.start)
        };
        assert_eq!([at(0), at(1), at(2), at(3)], [Some(0), Some(1), Some(4), Some(5)]);
    }

    #[test]
    fn calls_that_wrote_nothing_are_forgotten() {
        let file = SourceMap::new().add("t", "{{ }}");
        let mut trail = Trail::default();
        for _ in 0..3 {
            let call = trail.enter(Span::new(file, 0, 5), None);
            trail.leave(call);
        }
        assert_eq!(trail, Trail::default());
    }
}

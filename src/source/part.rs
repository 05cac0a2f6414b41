//! The trail of a part of a text.

use std::ops::Range;
use std::sync::Arc;

use super::trail::offset;
use super::{Entry, Kept, Origin, Span, Trail, Written};

/// The trail of a text that is a part of another, whose trail it shares.
#[derive(Debug, Clone)]
pub struct TrailPart {
    whole: Arc<Trail>,
    start: u32,
}

impl TrailPart {
    /// Builds the trail of the part that starts at `start`.
    #[must_use]
    pub fn new(whole: Arc<Trail>, start: usize) -> Self {
        Self { whole, start: offset(start) }
    }

    /// Returns the trail of what follows the first bytes.
    #[must_use]
    pub fn after(&self, bytes: usize) -> Self {
        Self { whole: self.whole.clone(), start: self.start.saturating_add(offset(bytes)) }
    }

    /// Returns the trail of the first bytes alone, which shares nothing with the rest.
    #[must_use]
    pub fn cut_off(&self, length: usize) -> Self {
        let (from, len) = (self.start as usize, length);
        let kept = Kept { from, len, to: 0 };
        self.whole.keep(from.saturating_add(len), &[kept]).into()
    }

    /// Tells whether the first bytes came from the same places by the same ways.
    #[must_use]
    pub fn is_same(&self, other: &Self, length: usize) -> bool {
        let steps = |part: &Self| {
            let end = part.start.saturating_add(offset(length));
            let whole = part.whole.clone();
            let start = part.start;
            let steps: Vec<_> = whole
                .steps(start..end)
                .map(|(entry, at, skipped)| {
                    (at.start - start, whole.origin(entry, skipped, at.end - at.start))
                })
                .collect();
            steps
        };
        steps(self) == steps(other)
    }

    /// Returns all places that wrote the whole, and those that called them.
    pub fn places(&self) -> impl Iterator<Item = Span> {
        self.whole.places()
    }

    /// Returns where the bytes of a range came from; none where nothing wrote them.
    ///
    /// What functions put around a text, such as quotes, counts for the text.
    #[must_use]
    pub fn origin(&self, range: Range<u32>) -> Option<Origin> {
        let end = range.end.max(range.start.saturating_add(1));
        let range = self.start.saturating_add(range.start)..self.start.saturating_add(end);
        let origin = |(entry, at, skipped): &(&Entry, Range<u32>, u32)| {
            self.whole.origin(entry, *skipped, at.end - at.start)
        };
        let is_text =
            |step: &(&Entry, _, _)| !matches!(step.0.written, Written::Added | Written::Unplaced);
        let texts = self.whole.steps(range.clone()).filter(is_text).map(|step| origin(&step));
        let joined = texts.reduce(|origin, next| origin.up_to(&next));
        joined.or_else(|| self.whole.steps(range).next().map(|step| origin(&step)))
    }
}

impl From<Trail> for TrailPart {
    fn from(whole: Trail) -> Self {
        Self::new(Arc::new(whole), 0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::SourceMap;
    use super::*;

    #[test]
    fn parts_are_the_same_where_places_are() {
        let mut map = SourceMap::new();
        let (file, other) = (map.add("a", "0123456789"), map.add("b", "0123456789"));
        let trail = |file, first: usize| {
            let mut trail = Trail::default();
            for (at, start) in [(0, 0), (first, 2)] {
                let (offset, span) = (offset(at), Span::new(file, start, start + 4));
                trail.note(Entry { offset, span, frame: None, written: Written::Printed });
            }
            Arc::new(trail)
        };
        let part = TrailPart::new(trail(file, 3), 3);
        assert!(part.is_same(&TrailPart::new(trail(file, 5), 5), 4), "wherever it begins");
        assert!(
            !part.is_same(&TrailPart::new(trail(file, 5), 4), 4),
            "the first byte is another's"
        );
        assert!(!part.is_same(&TrailPart::new(trail(other, 3), 3), 4));
        let alone = part.cut_off(4);
        assert!(alone.is_same(&part, 4));
        assert_eq!(alone.origin(1..3), part.origin(1..3));
    }
}

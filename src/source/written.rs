//! How a stretch of rendered text was written, and how well its place is known.

use super::Span;

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

/// How a stretch of rendered text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Written {
    /// The bytes stand in the template as they are.
    Copied,
    /// An action printed them, all on one line.
    Printed,
    /// An action printed them, and line breaks with them.
    Lines,
    /// A text that was made while rendering holds them: the action that carried it out is known.
    Called,
    /// A function put them around what others wrote: the action that called it is known.
    Added,
    /// A function put them around what others wrote; the action comes to be known when it prints.
    Unplaced,
}

impl Written {
    /// Tells how an action wrote a text.
    #[must_use]
    pub fn by_action(text: &[u8]) -> Self {
        if text.contains(&b'\n') { Self::Lines } else { Self::Printed }
    }

    /// Returns how well the place is known.
    #[must_use]
    pub fn certainty(self) -> Certainty {
        match self {
            Self::Copied | Self::Printed | Self::Added => Certainty::Exact,
            Self::Lines => Certainty::Line,
            Self::Called | Self::Unplaced => Certainty::Call,
        }
    }
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

impl Origin {
    /// Returns the origin of a text that starts here and ends at `last`: the places from one to the
    /// other in the innermost template that wrote both.
    pub(super) fn up_to(mut self, last: &Self) -> Self {
        self.certainty = self.certainty.max(last.certainty);
        let lasts = std::iter::once(&last.template).chain(&last.via);
        for (own, last) in std::iter::once(&mut self.template).chain(&mut self.via).zip(lasts) {
            if *own == *last {
                continue;
            }
            if own.file == last.file && own.start <= last.start {
                *own = own.to(*last);
            }
            break;
        }
        self
    }
}

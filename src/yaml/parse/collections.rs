//! The entries of lists and maps.

use super::super::Error;
use super::event::{Event, EventKind};
use super::parser::{Context, Parsed, Parser, State, Turn};
use super::token::{Place, TokenKind};

/// How an entry of a collection is parsed.
struct Entry {
    context: Context,
    /// The state after it.
    then: State,
    /// Whether the entry is empty if such a token follows.
    is_empty_before: fn(&TokenKind) -> bool,
}

fn ends_block_value(kind: &TokenKind) -> bool {
    matches!(kind, TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd)
}

fn ends_flow_sequence_value(kind: &TokenKind) -> bool {
    matches!(kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd)
}

fn ends_flow_mapping_value(kind: &TokenKind) -> bool {
    matches!(kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd)
}

impl Parser<'_> {
    /// Goes over the token that opened a collection.
    fn enter(&mut self, turn: Turn) -> Result<(), Error> {
        if turn == Turn::First {
            self.scanner.take()?;
        }
        Ok(())
    }

    /// Parses the node of an entry, or makes an empty one: at `empty_at`, else where it is missed.
    fn entry(&mut self, entry: Entry, empty_at: Option<Place>) -> Parsed {
        let token = self.scanner.peek()?;
        if !(entry.is_empty_before)(&token.kind) {
            self.states.push(entry.then);
            return self.node(entry.context);
        }
        let place = empty_at.unwrap_or_else(|| token.place.before());
        self.state = entry.then;
        Ok(Event::empty_scalar(place))
    }

    pub(super) fn block_sequence_entry(&mut self, turn: Turn) -> Parsed {
        self.enter(turn)?;
        let token = self.scanner.peek()?;
        let place = token.place;
        match token.kind {
            TokenKind::BlockEntry => {
                self.scanner.take()?;
                let entry = Entry {
                    context: Context::Block,
                    then: State::BlockSequenceEntry(Turn::Later),
                    is_empty_before: |kind| {
                        matches!(kind, TokenKind::BlockEntry | TokenKind::BlockEnd)
                    },
                };
                self.entry(entry, Some(place.after()))
            }
            TokenKind::BlockEnd => {
                self.pop_state();
                self.take(EventKind::BlockEnd)
            }
            _ => Err(self.error("did not find expected '-' indicator", place)),
        }
    }

    pub(super) fn indentless_sequence_entry(&mut self) -> Parsed {
        let token = self.scanner.peek()?;
        let place = token.place;
        if token.kind != TokenKind::BlockEntry {
            self.pop_state();
            return Ok(Event { kind: EventKind::BlockEnd, place: place.before() });
        }
        self.scanner.take()?;
        let entry = Entry {
            context: Context::Block,
            then: State::IndentlessSequenceEntry,
            is_empty_before: |kind| ends_block_value(kind) || *kind == TokenKind::BlockEntry,
        };
        self.entry(entry, Some(place.after()))
    }

    pub(super) fn block_mapping_key(&mut self, turn: Turn) -> Parsed {
        self.enter(turn)?;
        let token = self.scanner.peek()?;
        let place = token.place;
        match token.kind {
            TokenKind::Key => {
                self.scanner.take()?;
                let entry = Entry {
                    context: Context::BlockOrIndentless,
                    then: State::BlockMappingValue,
                    is_empty_before: ends_block_value,
                };
                self.entry(entry, Some(place.after()))
            }
            TokenKind::BlockEnd => {
                self.pop_state();
                self.take(EventKind::BlockEnd)
            }
            _ => Err(self.error("did not find expected key", place)),
        }
    }

    pub(super) fn block_mapping_value(&mut self) -> Parsed {
        let token = self.scanner.peek()?;
        let place = token.place;
        if token.kind != TokenKind::Value {
            self.state = State::BlockMappingKey(Turn::Later);
            return Ok(Event::empty_scalar(place.before()));
        }
        self.scanner.take()?;
        let entry = Entry {
            context: Context::BlockOrIndentless,
            then: State::BlockMappingKey(Turn::Later),
            is_empty_before: ends_block_value,
        };
        self.entry(entry, Some(place.after()))
    }

    pub(super) fn flow_sequence_entry(&mut self, turn: Turn) -> Parsed {
        self.enter(turn)?;
        self.flow_comma(turn, &TokenKind::FlowSequenceEnd, "did not find expected ',' or ']'")?;
        match self.scanner.peek()?.kind {
            TokenKind::FlowSequenceEnd => {
                self.pop_state();
                self.take(EventKind::FlowEnd)
            }
            TokenKind::Key => {
                self.state = State::FlowPairKey;
                self.take(EventKind::MappingStart(None))
            }
            _ => {
                self.states.push(State::FlowSequenceEntry(Turn::Later));
                self.node(Context::Flow)
            }
        }
    }

    /// Goes over the comma before an entry that is not the first.
    fn flow_comma(&mut self, turn: Turn, end: &TokenKind, problem: &str) -> Result<(), Error> {
        let token = self.scanner.peek()?;
        if turn == Turn::First || token.kind == *end {
            return Ok(());
        }
        let place = token.place;
        if token.kind != TokenKind::FlowEntry {
            return Err(self.error(problem, place));
        }
        self.scanner.take()?;
        Ok(())
    }

    pub(super) fn flow_pair_key(&mut self) -> Parsed {
        let token = self.scanner.peek()?;
        let place = token.place;
        if ends_flow_sequence_value(&token.kind) || token.kind == TokenKind::Value {
            self.scanner.take()?;
            self.state = State::FlowPairValue;
            return Ok(Event::empty_scalar(place.after()));
        }
        self.states.push(State::FlowPairValue);
        self.node(Context::Flow)
    }

    pub(super) fn flow_pair_value(&mut self) -> Parsed {
        let entry = Entry {
            context: Context::Flow,
            then: State::FlowPairEnd,
            is_empty_before: ends_flow_sequence_value,
        };
        self.flow_value(entry)
    }

    /// Parses what follows a key within brackets.
    fn flow_value(&mut self, entry: Entry) -> Parsed {
        let token = self.scanner.peek()?;
        let place = token.place;
        if token.kind == TokenKind::Value {
            self.scanner.take()?;
            return self.entry(entry, None);
        }
        self.state = entry.then;
        Ok(Event::empty_scalar(place.before()))
    }

    pub(super) fn flow_pair_end(&mut self) -> Parsed {
        let place = self.scanner.peek()?.place.before();
        self.state = State::FlowSequenceEntry(Turn::Later);
        Ok(Event { kind: EventKind::BlockEnd, place })
    }

    pub(super) fn flow_mapping_key(&mut self, turn: Turn) -> Parsed {
        self.enter(turn)?;
        self.flow_comma(turn, &TokenKind::FlowMappingEnd, "did not find expected ',' or '}'")?;
        match self.scanner.peek()?.kind {
            TokenKind::FlowMappingEnd => {
                self.pop_state();
                self.take(EventKind::FlowEnd)
            }
            TokenKind::Key => {
                self.scanner.take()?;
                let entry = Entry {
                    context: Context::Flow,
                    then: State::FlowMappingValue,
                    is_empty_before: |kind| {
                        ends_flow_mapping_value(kind) || *kind == TokenKind::Value
                    },
                };
                self.entry(entry, None)
            }
            _ => {
                self.states.push(State::FlowMappingEmptyValue);
                self.node(Context::Flow)
            }
        }
    }

    pub(super) fn flow_mapping_value(&mut self) -> Parsed {
        let entry = Entry {
            context: Context::Flow,
            then: State::FlowMappingKey(Turn::Later),
            is_empty_before: ends_flow_mapping_value,
        };
        self.flow_value(entry)
    }
}

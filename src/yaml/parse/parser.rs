//! Tokens to events: the grammar.

use smol_str::{SmolStr, format_smolstr};

use super::super::{Error, Style};
use super::event::{Event, EventKind, Properties};
use super::scanner::Scanner;
use super::token::{Place, Token, TokenKind};

/// Which nodes may stand at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    Block,
    /// Also a list that is not indented.
    BlockOrIndentless,
    Flow,
}

/// Whether an entry is the first of its collection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    First,
    Later,
}

#[derive(Clone, Copy)]
pub(super) enum State {
    StreamStart,
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceEntry(Turn),
    IndentlessSequenceEntry,
    BlockMappingKey(Turn),
    BlockMappingValue,
    FlowSequenceEntry(Turn),
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingKey(Turn),
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// Turns tokens into events.
pub(super) struct Parser<'a> {
    pub(super) scanner: Scanner<'a>,
    pub(super) state: State,
    pub(super) states: Vec<State>,
    tags: Vec<(SmolStr, SmolStr)>,
}

pub(super) type Parsed = Result<Event, Error>;

impl<'a> Parser<'a> {
    /// Stands at the start of a text.
    pub(super) fn new(text: &'a str) -> Self {
        let scanner = Scanner::new(text);
        Self { scanner, state: State::StreamStart, states: Vec::new(), tags: Vec::new() }
    }

    /// Returns the next event; the end of the text again and again.
    pub(super) fn next(&mut self) -> Parsed {
        match self.state {
            State::StreamStart => self.stream_start(),
            State::ImplicitDocumentStart => self.implicit_document_start(),
            State::DocumentStart => self.document_start(),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(Context::Block),
            State::BlockSequenceEntry(turn) => self.block_sequence_entry(turn),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingKey(turn) => self.block_mapping_key(turn),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceEntry(turn) => self.flow_sequence_entry(turn),
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => self.flow_pair_end(),
            State::FlowMappingKey(turn) => self.flow_mapping_key(turn),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => {
                self.state = State::FlowMappingKey(Turn::Later);
                let place = self.scanner.peek()?.place;
                Ok(Event::empty_scalar(place.before()))
            }
            State::End => Ok(Event { kind: EventKind::StreamEnd, place: Place::default() }),
        }
    }

    /// Builds the error of the parser about the token at `place`.
    pub(super) fn error(&self, problem: &str, place: Place) -> Error {
        if let Some(error) = self.scanner.cursor.unreadable_error() {
            return error;
        }
        let message = match place.line {
            0 => format!("yaml: {problem}"),
            line => format!("yaml: line {line}: {problem}"),
        };
        Error::new(message, place.start as usize)
    }

    pub(super) fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    /// Takes the next token and makes it an event.
    pub(super) fn take(&mut self, kind: EventKind) -> Parsed {
        let place = self.scanner.take()?.place;
        Ok(Event { kind, place })
    }

    fn stream_start(&mut self) -> Parsed {
        self.state = State::ImplicitDocumentStart;
        self.take(EventKind::StreamStart)
    }

    fn implicit_document_start(&mut self) -> Parsed {
        let token = self.scanner.peek()?;
        let place = token.place;
        match token.kind {
            TokenKind::VersionDirective(..)
            | TokenKind::TagDirective(..)
            | TokenKind::DocumentStart
            | TokenKind::StreamEnd => self.explicit_document_start(),
            _ => {
                self.process_directives()?;
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                Ok(Event { kind: EventKind::DocumentStart, place })
            }
        }
    }

    fn document_start(&mut self) -> Parsed {
        while self.scanner.peek()?.kind == TokenKind::DocumentEnd {
            self.scanner.take()?;
        }
        self.explicit_document_start()
    }

    fn explicit_document_start(&mut self) -> Parsed {
        if self.scanner.peek()?.kind == TokenKind::StreamEnd {
            self.state = State::End;
            return self.take(EventKind::StreamEnd);
        }
        self.process_directives()?;
        let token = self.scanner.peek()?;
        let place = token.place;
        if token.kind != TokenKind::DocumentStart {
            return Err(self.error("did not find expected <document start>", place));
        }
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        self.take(EventKind::DocumentStart)
    }

    fn document_content(&mut self) -> Parsed {
        let token = self.scanner.peek()?;
        match token.kind {
            TokenKind::VersionDirective(..)
            | TokenKind::TagDirective(..)
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                let place = token.place.before();
                self.pop_state();
                Ok(Event::empty_scalar(place))
            }
            _ => self.node(Context::Block),
        }
    }

    fn document_end(&mut self) -> Parsed {
        let token = self.scanner.peek()?;
        let place = token.place;
        if token.kind == TokenKind::DocumentEnd {
            self.scanner.take()?;
        }
        self.tags.clear();
        self.state = State::DocumentStart;
        Ok(Event { kind: EventKind::DocumentEnd, place })
    }

    fn process_directives(&mut self) -> Result<(), Error> {
        let mut versioned = false;
        loop {
            let token = self.scanner.peek()?;
            let place = token.place;
            match token.kind.clone() {
                TokenKind::VersionDirective(major, minor) => {
                    if versioned {
                        return Err(self.error("found duplicate %YAML directive", place));
                    }
                    if (major, minor) != (1, 1) {
                        return Err(self.error("found incompatible YAML document", place));
                    }
                    versioned = true;
                }
                TokenKind::TagDirective(tag) => {
                    if self.tags.iter().any(|(known, _)| *known == tag.0) {
                        return Err(self.error("found duplicate %TAG directive", place));
                    }
                    self.tags.push(*tag);
                }
                _ => break,
            }
            self.scanner.take()?;
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if !self.tags.iter().any(|(known, _)| known == handle) {
                self.tags.push((SmolStr::new_static(handle), SmolStr::new_static(prefix)));
            }
        }
        Ok(())
    }

    pub(super) fn node(&mut self, context: Context) -> Parsed {
        if let TokenKind::Alias(name) = &self.scanner.peek()?.kind {
            let kind = EventKind::Alias(name.clone());
            self.pop_state();
            return self.take(kind);
        }
        let mut after = self.scanner.peek()?.place.before();
        let properties = self.properties(&mut after)?;
        let token = self.scanner.peek()?;
        let place = token.place;
        let in_block = context != Context::Flow;
        let (kind, state) = match &token.kind {
            TokenKind::BlockEntry if context == Context::BlockOrIndentless => {
                (EventKind::SequenceStart(anchor(properties)), State::IndentlessSequenceEntry)
            }
            TokenKind::Scalar(..) => return self.scalar(properties),
            TokenKind::FlowSequenceStart => {
                let state = State::FlowSequenceEntry(Turn::First);
                (EventKind::SequenceStart(anchor(properties)), state)
            }
            TokenKind::FlowMappingStart => {
                let state = State::FlowMappingKey(Turn::First);
                (EventKind::MappingStart(anchor(properties)), state)
            }
            TokenKind::BlockSequenceStart if in_block => {
                let state = State::BlockSequenceEntry(Turn::First);
                (EventKind::SequenceStart(anchor(properties)), state)
            }
            TokenKind::BlockMappingStart if in_block => {
                let state = State::BlockMappingKey(Turn::First);
                (EventKind::MappingStart(anchor(properties)), state)
            }
            _ if properties.is_some() => {
                self.pop_state();
                let (text, style) = (SmolStr::default(), Style::Plain);
                return Ok(Event {
                    kind: EventKind::Scalar { text, style, properties },
                    place: after,
                });
            }
            _ => return Err(self.error("did not find expected node content", place)),
        };
        self.state = state;
        Ok(Event { kind, place })
    }

    /// Takes an anchor and a tag in either order; `after` becomes the place behind them.
    fn properties(&mut self, after: &mut Place) -> Result<Option<Box<Properties>>, Error> {
        let mut anchor = None;
        let mut tag = None;
        loop {
            match &self.scanner.peek()?.kind {
                TokenKind::Anchor(name) if anchor.is_none() => anchor = Some(name.clone()),
                TokenKind::Tag(parts) if tag.is_none() => {
                    tag = Some((parts.clone(), self.scanner.peek()?.place));
                }
                _ => break,
            }
            *after = self.scanner.take()?.place.after();
        }
        let tag = tag.map(|(parts, place)| self.tag(&parts, place)).transpose()?;
        Ok((anchor.is_some() || tag.is_some()).then(|| Box::new(Properties { anchor, tag })))
    }

    fn tag(&self, parts: &(SmolStr, SmolStr), place: Place) -> Result<SmolStr, Error> {
        let (handle, suffix) = parts;
        if handle.is_empty() {
            return Ok(suffix.clone());
        }
        let found = self.tags.iter().find(|(known, _)| known == handle);
        let Some((_, prefix)) = found else {
            return Err(self.error("found undefined tag handle", place));
        };
        Ok(format_smolstr!("{prefix}{suffix}"))
    }

    fn scalar(&mut self, properties: Option<Box<Properties>>) -> Parsed {
        self.pop_state();
        let Token { kind, place } = self.scanner.take()?;
        let (text, style) = match kind {
            TokenKind::Scalar(text, style) => (text, style),
            _ => (SmolStr::default(), Style::Plain),
        };
        Ok(Event { kind: EventKind::Scalar { text, style, properties }, place })
    }
}

fn anchor(properties: Option<Box<Properties>>) -> Option<SmolStr> {
    properties.and_then(|properties| properties.anchor)
}

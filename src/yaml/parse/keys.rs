//! The places at which a key may have started before its `:` is seen.

use std::collections::VecDeque;

use super::cursor::Mark;

/// A key without `?` must be found within this many characters.
const LOOKAHEAD: usize = 1024;

/// A place at which a key may have started.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SimpleKey {
    /// Whether it may still be a key.
    pub(super) possible: bool,
    /// Whether the text is wrong unless it is one.
    pub(super) required: bool,
    /// The number of the token that starts there.
    pub(super) token: usize,
    /// The place.
    pub(super) mark: Mark,
}

impl SimpleKey {
    /// Tells whether the key ends too late: in another line or after too many characters.
    pub(super) fn is_stale(&self, now: Mark) -> bool {
        self.mark.line < now.line || self.mark.index + LOOKAHEAD < now.index
    }
}

/// One place for the block context and one for each flow collection that is open.
#[derive(Debug, Default)]
pub(super) struct SimpleKeys {
    levels: Vec<SimpleKey>,
    /// Token numbers, rising, with the level whose key may start there.
    by_token: VecDeque<(usize, Option<usize>)>,
}

impl SimpleKeys {
    /// Opens a level, on which nothing has started yet.
    pub(super) fn push(&mut self, key: SimpleKey) {
        self.levels.push(key);
    }

    /// Closes the innermost level.
    pub(super) fn pop(&mut self) {
        if let Some(key) = self.levels.pop() {
            self.forget(key.token);
        }
    }

    /// Returns the key of the innermost level.
    pub(super) fn last(&self) -> SimpleKey {
        self.levels.last().copied().unwrap_or_default()
    }

    /// Sets the key of the innermost level.
    pub(super) fn set_last(&mut self, key: SimpleKey) {
        let Some(level) = self.levels.len().checked_sub(1) else { return };
        self.levels[level] = key;
        match self.by_token.back_mut() {
            Some(last) if last.0 == key.token => last.1 = Some(level),
            _ => self.by_token.push_back((key.token, Some(level))),
        }
    }

    /// Says that the key of the innermost level is none, or that it has been found.
    pub(super) fn clear_last(&mut self) {
        if let Some(key) = self.levels.last_mut() {
            key.possible = false;
            let token = key.token;
            self.forget(token);
        }
    }

    /// Returns the level whose key may start with the token `token`, the next to be parsed.
    pub(super) fn level_at(&mut self, token: usize) -> Option<usize> {
        while self.by_token.front().is_some_and(|(first, _)| *first < token) {
            self.by_token.pop_front();
        }
        self.by_token.front().filter(|(first, _)| *first == token).and_then(|(_, level)| *level)
    }

    /// Returns the key of a level.
    pub(super) fn level_mut(&mut self, level: usize) -> Option<&mut SimpleKey> {
        self.levels.get_mut(level)
    }

    /// Returns the innermost level.
    pub(super) fn last_level(&self) -> usize {
        self.levels.len().saturating_sub(1)
    }

    fn forget(&mut self, token: usize) {
        if let Ok(found) = self.by_token.binary_search_by_key(&token, |entry| entry.0)
            && let Some(entry) = self.by_token.get_mut(found)
        {
            entry.1 = None;
        }
    }
}

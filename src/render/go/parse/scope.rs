//! Which variables a template knows at a place, and which slots they live in.

use smol_str::SmolStr;

/// The variables of one template while it is parsed.
///
/// Go's parser keeps one scope for a whole `if … else … end`, but its evaluator drops the variables
/// of the first branch before it runs the second: such a variable is known there and not alive.
pub(super) struct Scope {
    known: Vec<SmolStr>,
    alive: Vec<(SmolStr, usize)>,
    slots: usize,
}

/// How many variables were known and alive at a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark {
    known: usize,
    alive: usize,
}

/// A use of a variable that was never declared.
pub(super) struct Undefined;

impl Scope {
    /// Builds the scope of a template, where `$` has slot 0.
    pub(super) fn new() -> Self {
        let root = SmolStr::new_static("$");
        Self { known: vec![root.clone()], alive: vec![(root, 0)], slots: 1 }
    }

    /// Returns how many slots have been given out.
    pub(super) fn slots(&self) -> usize {
        self.slots
    }

    /// Makes a name known, which Go does before it has read the value.
    pub(super) fn know(&mut self, name: &SmolStr) {
        self.known.push(name.clone());
    }

    /// Gives a variable a slot.
    pub(super) fn declare(&mut self, name: &SmolStr) -> usize {
        let slot = self.slots;
        self.slots += 1;
        self.alive.push((name.clone(), slot));
        slot
    }

    /// Returns the slot of a variable; none where it is not alive.
    pub(super) fn slot(&self, name: &str) -> Option<usize> {
        self.alive.iter().rev().find(|(alive, _)| alive == name).map(|(_, slot)| *slot)
    }

    /// Looks up a variable that is read.
    pub(super) fn resolve(&self, name: &str) -> Result<Option<usize>, Undefined> {
        match self.slot(name) {
            Some(slot) => Ok(Some(slot)),
            None if self.known.iter().any(|known| known == name) => Ok(None),
            None => Err(Undefined),
        }
    }

    /// Notes the place.
    pub(super) fn mark(&self) -> Mark {
        Mark { known: self.known.len(), alive: self.alive.len() }
    }

    /// Ends the life of what was declared after the mark; the names stay known.
    pub(super) fn end_life(&mut self, mark: Mark) {
        self.alive.truncate(mark.alive);
    }

    /// Forgets what was declared after the mark.
    pub(super) fn forget(&mut self, mark: Mark) {
        self.alive.truncate(mark.alive);
        self.known.truncate(mark.known);
    }
}

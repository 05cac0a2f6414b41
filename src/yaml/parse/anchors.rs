//! Anchored nodes, and the bounds on what aliases may make of them.

use std::collections::{HashMap, HashSet};

use smol_str::SmolStr;

use super::super::Node;

/// A node with what the bounds on aliases need to know of it.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    /// The node.
    pub(super) node: Node,
    /// How many nodes Go visits to decode it.
    pub(super) visits: u64,
    /// How many collections are nested in it, itself included.
    pub(super) height: usize,
}

/// What an anchor stands for.
#[derive(Debug)]
pub(super) enum Target {
    /// A collection that is still being read; the number tells two of one name apart.
    Open(u64),
    /// A whole node.
    Whole(Measured),
}

/// The anchors of a document.
#[derive(Debug)]
pub(super) struct Anchors<'a> {
    text: &'a str,
    /// The names that stand behind a `*` somewhere; read when the first anchor is met.
    used: Option<HashSet<&'a str>>,
    targets: HashMap<SmolStr, Target>,
    opened: u64,
    /// How many nodes have been copied for aliases to come.
    copied: u64,
}

impl<'a> Anchors<'a> {
    /// Has no anchors yet of documents of this text.
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, used: None, targets: HashMap::new(), opened: 0, copied: 0 }
    }

    /// Forgets all anchors.
    pub(super) fn clear(&mut self) {
        self.targets.clear();
        self.copied = 0;
    }

    /// Notes an anchor before a collection and returns the number of that collection.
    pub(super) fn open(&mut self, name: &SmolStr) -> u64 {
        self.opened += 1;
        self.targets.insert(name.clone(), Target::Open(self.opened));
        self.opened
    }

    /// Notes a collection that has been read, unless its name stands for another one by now, and
    /// returns whether the copies are still in proportion to the `visits` of the document.
    pub(super) fn close(&mut self, anchor: &(SmolStr, u64), node: &Measured, visits: u64) -> bool {
        let (name, number) = anchor;
        let is_used = self.is_used(name);
        let Some(target) = self.targets.get_mut(name) else { return true };
        if !is_used || !matches!(target, Target::Open(open) if open == number) {
            return true;
        }
        self.copied = self.copied.saturating_add(node.visits);
        let proportionate = self.copied <= visits.saturating_mul(8).max(100_000);
        if proportionate {
            *target = Target::Whole(node.deep_clone());
        }
        proportionate
    }

    /// Notes an anchor before a scalar.
    pub(super) fn set(&mut self, name: SmolStr, node: Measured) {
        self.targets.insert(name, Target::Whole(node));
    }

    /// Returns what an anchor stands for.
    pub(super) fn get(&self, name: &str) -> Option<&Target> {
        self.targets.get(name)
    }

    fn is_used(&mut self, name: &str) -> bool {
        let text = self.text;
        self.used.get_or_insert_with(|| names_behind_stars(text)).contains(name)
    }
}

/// Returns every word behind a `*`, the names of all aliases among them.
fn names_behind_stars(text: &str) -> HashSet<&str> {
    let word = |part: &'_ str| {
        part.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(byte)).count()
    };
    text.split('*').skip(1).filter_map(|part| part.get(..word(part))).collect()
}

impl Measured {
    /// Copies the node on a stack that is large enough for its depth.
    pub(super) fn deep_clone(&self) -> Self {
        /// More than a level of copying takes, even without optimization.
        const LEVEL: usize = 2048;
        let needed = (self.height + 16) * LEVEL;
        stacker::maybe_grow(needed, needed * 2, || self.clone())
    }
}

/// Counts the nodes that Go visits, and those of them that it owes to aliases.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    visits: u64,
    aliased: u64,
}

impl Tally {
    /// Returns how many nodes Go has visited.
    pub(super) fn visits(self) -> u64 {
        self.visits
    }

    /// Adds visits and returns whether Go still accepts the document.
    pub(super) fn add(&mut self, visits: u64, aliased: u64) -> bool {
        self.visits = self.visits.saturating_add(visits);
        self.aliased = self.aliased.saturating_add(aliased);
        self.aliased <= 100 || self.visits <= 1000 || self.ratio() <= self.allowed_ratio()
    }

    fn ratio(self) -> f64 {
        self.aliased as f64 / self.visits as f64
    }

    fn allowed_ratio(self) -> f64 {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        let position = ((self.visits as f64 - LOW) / (HIGH - LOW)).clamp(0.0, 1.0);
        0.99 - 0.89 * position
    }
}

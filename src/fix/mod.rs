//! Findings to patches of the sources that wrote what was found, and whether a patch does what it
//! should.
//!
//! A change is led back to its source and is made there only where the source says what was
//! rendered, or a key beside it. What was rendered from the patched sources is compared, object by
//! object, with what the change says it should be.

mod actions;
mod check;
mod names;
mod place;
mod remove;
mod tree;
mod twins;
mod write;

use std::collections::{BTreeMap, BTreeSet};

pub use check::document;

use crate::collide::Collision;
use crate::finding::{Edit, Finding, ObjectName, OwnerName};
use crate::rbac::Estate;
use crate::rules::{self, Fixable};
use crate::source::{FileId, SourceMap, Span};
use place::Places;

/// The name of the fix that writes the release's namespace into the names of cluster-scoped RBAC
/// objects.
pub const UNIQUE_NAMES: &str = "unique-names";

/// The name that stands for all fixes that write what was clearly meant, and nothing more.
pub const SAFE: &str = "safe";

/// Which fixes are asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    names: BTreeSet<String>,
}

impl Asked {
    /// Takes names as they were typed.
    ///
    /// # Errors
    /// With the first name that no fix has.
    pub fn read(typed: &[String]) -> Result<Self, &str> {
        let names = Self::names();
        match typed.iter().find(|name| !names.contains(&name.as_str())) {
            Some(unknown) => Err(unknown),
            None => Ok(Self { names: typed.iter().cloned().collect() }),
        }
    }

    /// Returns the names that there are.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        let metas = rules::RULES.iter().map(|rule| rule.meta());
        let of_rules = metas.filter(|meta| meta.fix != Fixable::No).map(|meta| meta.name);
        [SAFE, UNIQUE_NAMES].into_iter().chain(of_rules).collect()
    }

    fn wants(&self, rule: &str) -> bool {
        let is_safe = || rules::lookup(rule).is_some_and(|it| it.meta().fix == Fixable::Safe);
        self.names.contains(rule) || self.names.contains(SAFE) && is_safe()
    }

    /// Tells whether the name is to be another one that a rule finds.
    fn wants_name(&self, rule: &str) -> bool {
        names::RULES.contains(&rule)
            && (self.names.contains(UNIQUE_NAMES) || self.names.contains(rule))
    }
}

/// Another text for a stretch of a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Patch {
    /// The source.
    pub file: FileId,
    /// The offset of the first byte that goes.
    pub start: usize,
    /// The offset after the last byte that goes.
    pub end: usize,
    /// What comes in its place.
    pub text: String,
}

impl Patch {
    /// Tells whether both cannot be carried out.
    fn conflicts(&self, other: &Self) -> bool {
        let overlap = self.start < other.end && other.start < self.end;
        self != other && self.file == other.file && overlap
    }
}

/// A change of what a release or a manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The release, or the manifest.
    pub owner: OwnerName,
    /// The change, the spans of which lie in one text.
    pub edit: Edit,
}

impl Change {
    /// Returns the text that is changed.
    #[must_use]
    pub fn file(&self) -> FileId {
        tree::place(&self.edit).file
    }
}

/// What mends one finding in all releases: patches that belong together.
#[derive(Debug, Clone)]
pub struct Mend {
    /// What it does, as a command.
    pub title: String,
    /// Where the finding is.
    pub place: Span,
    /// The patches, sorted.
    pub patches: Vec<Patch>,
    /// What they change.
    pub changes: Vec<Change>,
}

impl Mend {
    /// Tells whether what a patch changes is gone after this.
    fn removes(&self, patch: &Patch) -> bool {
        let holds = |own: &Patch| own.start <= patch.start && patch.end <= own.end;
        let mut removals = self.patches.iter().filter(|own| own.text.is_empty());
        removals.any(|own| own.file == patch.file && holds(own))
    }
}

/// A fix that is not made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Left {
    /// What it would do, as a command.
    pub title: String,
    /// The template, or the manifest, and the line of the finding.
    pub place: String,
    /// Why it is not made.
    pub why: String,
}

/// What is mended, and what is not.
#[derive(Debug, Default)]
pub struct Plan {
    /// What can be carried out together, in the order of the findings.
    pub mends: Vec<Mend>,
    /// What is not mended.
    pub left: Vec<Left>,
}

/// Plans the fixes that are asked for; each finding is of one release.
#[must_use]
pub fn plan(
    asked: &Asked,
    findings: &[Finding],
    (estate, collisions): (&Estate, &[Collision]),
    sources: &SourceMap,
) -> Plan {
    let mut places = Places::new(sources);
    let mut drafts = Drafts::default();
    for finding in findings.iter().filter(|finding| asked.wants(finding.rule)) {
        let (Some(fix), Some(owner)) = (&finding.fix, finding.owners.first()) else { continue };
        let place = finding.primary.span;
        let patches = fix.edits.iter().map(|edit| write::patches(&mut places, edit));
        match patches.collect::<Result<Vec<_>, _>>() {
            Ok(patches) => {
                let change = |edit: &Edit| Change { owner: owner.clone(), edit: edit.clone() };
                drafts.add(Mend {
                    title: fix.title.clone(),
                    place,
                    patches: patches.into_iter().flatten().collect(),
                    changes: fix.edits.iter().map(change).collect(),
                });
            }
            Err(why) => drafts.leave(&places, (&fix.title, place), why),
        }
    }
    let of_names = findings.iter().filter(|it| asked.wants_name(it.rule));
    let wanted: BTreeSet<ObjectName> = of_names.map(|it| it.object.clone()).collect();
    names::draft(&mut drafts, &mut places, (estate, collisions), &wanted);
    drafts.settled(&places)
}

/// A plan in the making.
#[derive(Default)]
struct Drafts {
    mends: Vec<Mend>,
    known: BTreeMap<Vec<Patch>, usize>,
    left: BTreeSet<Left>,
}

impl Drafts {
    /// Adds a mend; the same patches in several releases are one.
    fn add(&mut self, mut mend: Mend) {
        mend.patches.sort();
        mend.patches.dedup();
        match self.known.get(&mend.patches) {
            Some(at) => self.mends[*at].changes.append(&mut mend.changes),
            None => {
                self.known.insert(mend.patches.clone(), self.mends.len());
                self.mends.push(mend);
            }
        }
    }

    fn leave(&mut self, places: &Places<'_>, (title, place): (&str, Span), why: String) {
        let place = places.map.place(places.map.trace(place).template);
        self.left.insert(Left { title: title.into(), place, why });
    }

    /// Leaves out what conflicts with what stands before it.
    fn settled(mut self, places: &Places<'_>) -> Plan {
        let mut kept: Vec<Mend> = Vec::new();
        for mend in std::mem::take(&mut self.mends) {
            let conflicts = |other: &&Mend| {
                let all = || other.patches.iter();
                mend.patches.iter().any(|own| all().any(|other| own.conflicts(other)))
            };
            match kept.iter().find(conflicts) {
                // What goes is not mended before.
                Some(other) if mend.patches.iter().all(|own| other.removes(own)) => {}
                Some(other) => {
                    let why = format!("it meets another fix, which is to {}", other.title);
                    self.leave(places, (&mend.title, mend.place), why);
                }
                None => kept.push(mend),
            }
        }
        Plan { mends: kept, left: self.left.into_iter().collect() }
    }
}

/// Carries out patches: returns the new texts of the sources that they change.
#[must_use]
pub fn patched(sources: &SourceMap, mends: &[&Mend]) -> BTreeMap<FileId, String> {
    let patches: BTreeSet<&Patch> = mends.iter().flat_map(|mend| &mend.patches).collect();
    let mut texts: BTreeMap<FileId, String> = BTreeMap::new();
    for patch in patches.into_iter().rev() {
        let text =
            texts.entry(patch.file).or_insert_with(|| sources.file(patch.file).text.to_string());
        text.replace_range(patch.start..patch.end, &patch.text);
    }
    texts
}

#[cfg(test)]
mod tests;

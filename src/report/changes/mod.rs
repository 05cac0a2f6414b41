//! What differs between two inputs, in each format: access first, then objects, text last.

mod html;
mod json;
mod markdown;
mod text;
mod view;

pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use text::text;

use std::collections::BTreeSet;

use crate::diff::{AccessChange, Change};
use crate::finding::listed;

/// What differs between two inputs.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'a> {
    /// Who gains and who loses what.
    pub access: &'a AccessChange,
    /// The objects that differ.
    pub changes: &'a [Change],
    /// What is worth knowing beside that.
    pub notes: &'a [String],
    /// What the sides are called.
    pub titles: (&'a str, &'a str),
}

impl Comparison<'_> {
    /// Says in one line who gains and loses: `2 subjects gain access, 1 loses access`.
    #[must_use]
    pub fn verdict(&self) -> String {
        let of = |grants: &[crate::diff::Grant]| -> usize {
            grants.iter().map(|it| (&it.cluster, &it.subject)).collect::<BTreeSet<_>>().len()
        };
        let (gaining, losing) = (of(&self.access.gained), of(&self.access.lost));
        let subjects = |count| if count == 1 { "subject" } else { "subjects" };
        let verb = |count, one: &str| if count == 1 { format!("{one}s") } else { one.to_owned() };
        match (gaining, losing) {
            (0, 0) => "no change in access".into(),
            (count, 0) => format!("{count} {} {} access", subjects(count), verb(count, "gain")),
            (0, count) => format!("{count} {} {} access", subjects(count), verb(count, "lose")),
            (one, two) => format!(
                "{one} {} {} access, {two} {} access",
                subjects(one),
                verb(one, "gain"),
                verb(two, "lose")
            ),
        }
    }

    /// Counts the objects that differ: `1 object added, 2 changed`.
    #[must_use]
    pub fn counted(&self) -> String {
        let count = |fate: &str| self.changes.iter().filter(|it| it.fate() == fate).count();
        let fates = ["added", "changed", "removed"].map(|fate| (fate, count(fate)));
        let mut noun = true;
        let mut words = Vec::new();
        for (fate, count) in fates.into_iter().filter(|(_, count)| *count > 0) {
            let objects = match (std::mem::take(&mut noun), count) {
                (false, _) => "",
                (true, 1) => " object",
                (true, _) => " objects",
            };
            words.push(format!("{count}{objects} {fate}"));
        }
        if words.is_empty() { "no difference".into() } else { listed(&words) }
    }
}

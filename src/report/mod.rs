//! Findings, plans and changes to bytes, in each format.

mod catalogue;
pub mod changes;
mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod html;
mod join;
pub mod json;
pub mod junit;
pub mod quiet;
pub mod markdown;
pub mod sarif;
pub mod text;
mod view;

pub use catalogue::catalogue;
pub use join::joined;

use crate::collide::{Collision, Deployer};
use crate::finding::{Finding, Severity};
use crate::rbac::Estate;
use crate::source::SourceMap;

/// All that a report on findings may show.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The texts that the findings' places lie in.
    pub sources: &'a SourceMap,
    /// The objects.
    pub estate: &'a Estate,
    /// The collisions among them.
    pub collisions: &'a [Collision],
    /// What was found, in the order in which it is shown.
    pub findings: &'a [Finding],
    /// How many findings were silenced.
    pub suppressed: usize,
    /// What was silenced, and what is wrong with what silences.
    pub silence: &'a quiet::Silence,
    /// What brings the objects to the cluster: those that were chosen, or all.
    pub deployers: &'a [Deployer],
    /// What was assumed, for want of anybody who says it.
    pub notes: &'a [String],
}

/// How many findings of each severity there are, among how many releases and objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// The findings of severity error.
    pub errors: usize,
    /// The findings of severity warning.
    pub warnings: usize,
    /// The findings of severity info.
    pub infos: usize,
    /// The findings that a comment, the inventory or a baseline silenced.
    pub suppressed: usize,
    /// The releases that were rendered.
    pub releases: usize,
    /// The objects that were judged.
    pub objects: usize,
}

impl Report<'_> {
    /// Counts the findings.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let count = |severity| self.findings.iter().filter(|it| it.severity == severity).count();
        Summary {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
            suppressed: self.suppressed,
            releases: self.releases().count(),
            objects: self.estate.size(),
        }
    }

    /// Returns the releases, probes among them, in the order in which they are applied.
    pub fn releases(&self) -> impl Iterator<Item = &crate::rbac::Owner> {
        self.estate.owners().iter().filter(|owner| owner.chart.is_some())
    }
}

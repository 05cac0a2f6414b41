//! Who brings objects.

use smol_str::SmolStr;

use crate::finding::OwnerName;

/// The handle of an [`Owner`] of an [`Estate`](super::Estate); the order is that in which they are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnerId(pub usize);

/// What an owner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OwnerKind {
    /// A release of a chart.
    Release,
    /// A release that only exists to see what a chart's names depend on.
    Probe,
    /// A probe in a namespace whose name is as long as one may be, to see which names are cut.
    LongProbe,
    /// A manifest file.
    Manifest,
    /// An export of the cluster.
    Export,
}

impl OwnerKind {
    /// Tells whether it is a release that nobody asked for.
    #[must_use]
    pub fn is_probe(self) -> bool {
        matches!(self, Self::Probe | Self::LongProbe)
    }
}

/// Who brings objects: a release, a manifest file or an export.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The release's name and namespace, or the file's path.
    pub name: OwnerName,
    /// What it is.
    pub kind: OwnerKind,
    /// The path of the release's chart.
    pub chart: Option<String>,
    /// The cluster it goes to, where the inventory names one.
    pub cluster: Option<SmolStr>,
    /// Which inputs it is compared with: a probed chart stands alone.
    pub group: usize,
}

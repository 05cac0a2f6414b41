//! What a chart's names depend on, as its probes show.

use std::collections::BTreeMap;

use crate::rbac::{Estate, ObjectId, OwnerId, OwnerKind};

/// What a probed chart's names depend on, as far as they collide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeClass {
    /// Neither on the release's name nor on its namespace.
    Constant,
    /// On the release's name alone.
    ReleaseOnly,
    /// On the namespace too, as far as it is not cut off.
    Truncated,
}

/// The owners of one identity, each with its object.
type Owners = BTreeMap<OwnerId, ObjectId>;

/// What the owners of one identity say about a probe.
pub(super) enum Probed {
    /// They are no probes.
    Not(Owners),
    /// No two probes share the name, or only the releases of one namespace do, so that it is made of
    /// the namespace.
    Safe,
    /// The probes that share the name, and its class.
    Class(Owners, ProbeClass),
}

/// Classes a name by which probes share it: those that differ in name and namespace, those that differ
/// in the namespace alone, or only those whose long namespaces differ in the last character.
pub(super) fn class(estate: &Estate, owners: Owners) -> Probed {
    let kind = |owner: &OwnerId| estate.owner(*owner).kind;
    let (long, owners): (Owners, Owners) =
        owners.into_iter().partition(|(owner, _)| kind(owner) == OwnerKind::LongProbe);
    let probes: Vec<_> = owners
        .keys()
        .map(|id| estate.owner(*id))
        .filter(|owner| owner.kind == OwnerKind::Probe)
        .map(|owner| (&owner.name.name, &owner.name.namespace))
        .collect();
    let pairs = || {
        probes
            .iter()
            .enumerate()
            .flat_map(|(at, one)| probes[at + 1..].iter().map(move |it| (one, it)))
    };
    if pairs().any(|(one, other)| one.0 != other.0 && one.1 != other.1) {
        Probed::Class(owners, ProbeClass::Constant)
    } else if pairs().any(|(one, other)| one.0 == other.0) {
        Probed::Class(owners, ProbeClass::ReleaseOnly)
    } else if pairs().next().is_none() && long.len() > 1 {
        Probed::Class(long, ProbeClass::Truncated)
    } else if probes.is_empty() && long.is_empty() {
        Probed::Not(owners)
    } else {
        Probed::Safe
    }
}

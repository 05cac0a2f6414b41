//! Whether what a rule is about lives in namespaces.

use crate::rbac::scope::Scope;
use crate::rbac::{Estate, resources};

/// Returns where the objects of a resource live; none where neither Kubernetes nor a CRD among the
/// inputs says.
pub(super) fn of_resource(estate: &Estate, group: &str, plural: &str) -> Option<Scope> {
    let custom = estate.custom().of_plural(group, plural);
    custom.or_else(|| resources::lookup(group, plural).map(|target| target.resource.scope))
}

/// Returns where the objects of all resources of a group live, `Cluster` where some do; none for a
/// group that Kubernetes does not serve itself, whose resources nobody can list.
pub(super) fn of_group(group: &str) -> Option<Scope> {
    let mut of_group = resources::all().iter().filter(|it| it.group == group && it.is_served());
    let first = of_group.next()?;
    let is_cluster = |it: &resources::Resource| it.scope == Scope::Cluster;
    let is_somewhere = is_cluster(first) || of_group.any(is_cluster);
    Some(if is_somewhere { Scope::Cluster } else { Scope::Namespaced })
}

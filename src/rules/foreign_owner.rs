//! An object on the cluster that Helm refuses to take into a release.

use super::contenders::{label_of_name, owners_of};
use super::{Facts, Family, Meta, Rule};
use crate::collide::{Claimed, Deployer, Ownership, claimed};
use crate::finding::{Finding, OwnerName, Severity, listed};
use crate::rbac::{Hook, Marks, ObjectId};

/// The rule `foreign-owner`.
pub(super) struct ForeignOwner;

static META: Meta = Meta {
    name: "foreign-owner",
    family: Family::Collision,
    summary: "an object on the cluster that Helm refuses to take into a release",
    severity: Severity::Error,
    explanation: include_str!("foreign_owner.md"),
    ..Meta::PLAIN
};

impl Rule for ForeignOwner {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        claimed(facts.estate).iter().filter_map(|claimed| refused(facts, claimed)).collect()
    }
}

/// Judges an object that is on the cluster and that releases bring.
fn refused(facts: &Facts<'_>, claimed: &Claimed) -> Option<Finding> {
    let estate = facts.estate;
    // Helm looks at the marks of what is in a release's manifest, not at those of hooks and CRDs apart.
    let is_checked = |id: ObjectId| {
        let object = estate.object(id);
        !object.crd_file && Hook::of(&object.data).is_none()
    };
    let of = |ownership: Ownership| -> Vec<ObjectId> {
        let claims = claimed.claims.iter().filter(|(id, it)| *it == ownership && is_checked(*id));
        claims.map(|(id, _)| *id).collect()
    };
    let (ownership, members) = match (of(Ownership::Foreign), of(Ownership::Adoptable)) {
        (foreign, _) if !foreign.is_empty() => (Ownership::Foreign, foreign),
        (_, adoptable) => (Ownership::Adoptable, adoptable),
    };
    let first = *members.first()?;
    let severity = severity(facts, ownership)?;
    let mut places = members.iter().map(|id| label_of_name(estate, *id));
    let primary = places.next()?;
    let related = places.chain([label_of_name(estate, claimed.exported)]).collect();
    let (message, object) = (message(facts, claimed, &members), &estate.object(first).identity);
    Some(Finding {
        help: Some(help(ownership, &estate.owner_of(first).name)),
        related,
        owners: owners_of(estate, &members),
        ..Finding::new((META.name, severity), message, primary, object.object_name())
    })
}

/// Helm refuses; what takes over is worth knowing; what knows no marks has nothing to say.
///
/// An object without marks was brought by something that sets none, and may be meant to be brought
/// so again: only who says that Helm is the deployer is sure to be refused.
fn severity(facts: &Facts<'_>, ownership: Ownership) -> Option<Severity> {
    let is_chosen = facts.deployers.len() < Deployer::ALL.len();
    let takes_over = facts.deploys(&[Deployer::HelmTakeOwnership, Deployer::Flux]);
    match (ownership, facts.deploys(&[Deployer::Helm])) {
        (Ownership::Mine, _) => None,
        (Ownership::Foreign, true) => Some(Severity::Error),
        (Ownership::Adoptable, true) if is_chosen => Some(Severity::Error),
        (Ownership::Adoptable, true) => Some(Severity::Warning),
        (Ownership::Foreign, false) => takes_over.then_some(Severity::Warning),
        (Ownership::Adoptable, false) => takes_over.then_some(Severity::Info),
    }
}

fn message(facts: &Facts<'_>, claimed: &Claimed, members: &[ObjectId]) -> String {
    let estate = facts.estate;
    let object = estate.object(claimed.exported);
    let releases: Vec<OwnerName> = owners_of(estate, members);
    let marks = Marks::of(&object.data);
    let is_adoptable = |release: &OwnerName| Ownership::of(&marks, release) == Ownership::Adoptable;
    let how = match &claimed.owner {
        Some(owner) if !releases.iter().any(is_adoptable) => {
            format!("as an object of release {owner}")
        }
        _ if marks == Marks::default() => "without Helm's marks".into(),
        _ => "with some of Helm's marks missing".into(),
    };
    let (identity, listed) = (&object.identity, listed(&releases));
    let refusal = releases.first().and_then(|release| marks.refusal(release));
    if !facts.deploys(&[Deployer::Helm]) {
        return format!("{identity} is on the cluster {how}: it is taken over by {listed}");
    }
    // As helm says it, `pkg/action/validate.go`, existingResourceConflict.
    format!(
        "{identity} is on the cluster {how}, so that Helm refuses {listed}: {} \"{}\" in namespace \
         \"{}\" exists and cannot be imported into the current release: {}",
        identity.kind,
        identity.name,
        identity.namespace.as_deref().unwrap_or_default(),
        refusal.unwrap_or_default(),
    )
}

fn help(ownership: Ownership, release: &OwnerName) -> String {
    match ownership {
        Ownership::Adoptable => format!(
            "let one release adopt it: set the label app.kubernetes.io/managed-by=Helm and the \
             annotations meta.helm.sh/release-name={} and meta.helm.sh/release-namespace={}, or install \
             with `--take-ownership`",
            release.name,
            release.namespace.as_deref().unwrap_or_default(),
        ),
        _ => "give it a name that holds the namespace, or leave it to the release that has it; \
              `--take-ownership` takes it away from there"
            .into(),
    }
}

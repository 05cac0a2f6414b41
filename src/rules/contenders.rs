//! What the rules about collisions share: the contenders' places and names in words.

use std::collections::{BTreeMap, BTreeSet};

use super::{Facts, Meta};
use crate::collide::{Apply, Collision, Difference, Outcome, ProbeClass, fates};
use crate::finding::{Finding, Label, OwnerName, Severity, listed};
use crate::rbac::{Estate, ObjectId, OwnerKind, PolicyRule, covered};
use crate::source::Span;

/// Returns the collisions with an outcome among releases and files that someone asked for.
pub(super) fn with_outcome<'a>(
    facts: &'a Facts<'_>,
    outcome: Outcome,
) -> impl Iterator<Item = &'a Collision> {
    facts.collisions.iter().filter(move |it| it.outcome == outcome && it.probe.is_none())
}

/// Returns the collisions of probed charts with a class of name.
pub(super) fn with_class<'a>(
    facts: &'a Facts<'_>,
    class: ProbeClass,
) -> impl Iterator<Item = &'a Collision> {
    facts.collisions.iter().filter(move |it| it.probe == Some(class))
}

/// What a rule says of a collision.
pub(super) struct Verdict {
    pub(super) severity: Severity,
    pub(super) message: String,
    pub(super) help: String,
}

/// Builds the finding of a collision: its primary place is the name in the first contender that the
/// user can change, which an export is not; the other names and what differs are related.
pub(super) fn finding(
    facts: &Facts<'_>,
    meta: &Meta,
    collision: &Collision,
    verdict: Verdict,
) -> Finding {
    let estate = facts.estate;
    let is_export = |id: &ObjectId| estate.owner_of(*id).kind == OwnerKind::Export;
    let (exported, mut members): (Vec<_>, Vec<_>) =
        collision.members.iter().copied().partition(is_export);
    members.extend(exported);
    let mut names = members.iter().map(|id| label_of_name(estate, *id));
    let primary = names.next().expect("a collision has contenders");
    let related = names.chain(labels_of_differences(estate, collision)).collect();
    let object = collision.identity.object_name();
    Finding {
        help: Some(verdict.help),
        related,
        owners: owners_of(estate, &members),
        deployers: fates(estate, collision, facts.deployers)
            .into_iter()
            .map(|fate| (fate.deployer.word(), fate.message))
            .collect(),
        ..Finding::new((meta.name, verdict.severity), verdict.message, primary, object)
    }
}

/// Returns the owners of objects, each once.
pub(super) fn owners_of(estate: &Estate, members: &[ObjectId]) -> Vec<OwnerName> {
    let mut known: BTreeSet<&OwnerName> = BTreeSet::new();
    let owners = members.iter().map(|id| &estate.owner_of(*id).name);
    owners.filter(|name| known.insert(*name)).cloned().collect()
}

pub(super) fn label_of_name(estate: &Estate, id: ObjectId) -> Label {
    let object = estate.object(id);
    let name = &object.identity.name;
    let text = match estate.owner_of(id).kind {
        OwnerKind::Release | OwnerKind::Probe | OwnerKind::LongProbe => format!("becomes `{name}`"),
        OwnerKind::Manifest => format!("`{name}` here"),
        OwnerKind::Export => format!("`{name}` on the cluster"),
    };
    Label { span: object.name_span, text, owner: release_of(estate, id) }
}

/// Returns the release that an object is of.
fn release_of(estate: &Estate, id: ObjectId) -> Option<OwnerName> {
    let owner = estate.owner_of(id);
    let is_file = matches!(owner.kind, OwnerKind::Manifest | OwnerKind::Export);
    (!is_file).then(|| owner.name.clone())
}

/// Labels the parts in which the contenders differ.
fn labels_of_differences(estate: &Estate, collision: &Collision) -> Vec<Label> {
    match collision.difference {
        Difference::RoleRef => labels_of_role_refs(estate, collision),
        Difference::Subjects => labels_of_subjects(estate, collision),
        Difference::Rules | Difference::RulesOfOneCoverAll => labels_of_rules(estate, collision),
        _ => Vec::new(),
    }
}

/// Labels which role each contender grants.
fn labels_of_role_refs(estate: &Estate, collision: &Collision) -> Vec<Label> {
    let label = |id: &ObjectId| {
        let binding = estate.object(*id).binding()?;
        let text = format!("grants {}", binding.role_ref);
        Some(Label { span: binding.role_ref_span, text, owner: release_of(estate, *id) })
    };
    collision.members.iter().filter_map(label).collect()
}

/// Labels the rules that not all contenders cover.
fn labels_of_rules(estate: &Estate, collision: &Collision) -> Vec<Label> {
    let roles =
        || collision.members.iter().filter_map(|id| Some((*id, estate.object(*id).role()?)));
    let rules: BTreeSet<Vec<PolicyRule>> =
        roles().map(|(_, role)| role.policy_rules().cloned().collect()).collect();
    let mut labels = Vec::new();
    for (id, role) in roles() {
        for rule in &role.rules {
            let is_in = |rules: &[PolicyRule]| covered(rules, std::slice::from_ref(&rule.value));
            if !rules.iter().all(|all| is_in(all)) {
                let owner = release_of(estate, id);
                let text = match is_in(&collision.unclaimed.rules) {
                    true => "on the cluster and in no release",
                    false => "not granted by all",
                };
                labels.push(Label { span: rule.span, text: text.into(), owner });
            }
        }
    }
    labels
}

/// Labels the subjects that not all contenders hold, each where the part stands that differs.
fn labels_of_subjects(estate: &Estate, collision: &Collision) -> Vec<Label> {
    let bindings =
        || collision.members.iter().filter_map(|id| Some((*id, estate.object(*id).binding()?)));
    let mut holders: BTreeMap<_, usize> = BTreeMap::new();
    for (_, binding) in bindings() {
        for subject in binding.by_canonical().into_keys() {
            *holders.entry(subject).or_default() += 1;
        }
    }
    let total = collision.members.len();
    let mut labels = Vec::new();
    for (id, binding) in bindings() {
        for (canonical, bound) in binding.by_canonical() {
            if holders.get(&canonical) == Some(&total) {
                continue;
            }
            let span: Span = bound.namespace.or(bound.name).unwrap_or(bound.span);
            let owner = release_of(estate, id);
            let mut text = format!("binds {canonical}");
            if collision.unclaimed.subjects.contains(&canonical) {
                text.push_str(", which is in no release");
            }
            labels.push(Label { span, text, owner });
        }
    }
    labels
}

/// Returns the contenders' names in the order in which they are applied.
pub(super) fn owners(estate: &Estate, collision: &Collision) -> Vec<OwnerName> {
    owners_of(estate, &collision.members)
}

/// Returns who holds the object, in words: `releases app1/flux and app2/flux`.
pub(super) fn holders(estate: &Estate, collision: &Collision) -> String {
    let owners = owners(estate, collision);
    let listed = listed(&owners);
    if collision.members.iter().all(|id| release_of(estate, *id).is_some()) {
        format!("releases {listed}")
    } else {
        listed
    }
}

/// Returns who loses access, in words: `app1/flux and app2/flux lose their access`.
pub(super) fn losers(collision: &Collision) -> String {
    let verb = if collision.lost.len() == 1 { "loses its" } else { "lose their" };
    format!("{} {verb} access", listed(&collision.lost))
}

/// Returns what is on the cluster and brought by nobody, as an end of a message:
/// `; app9/flux is on the cluster and in no release`.
pub(super) fn unclaimed(collision: &Collision) -> String {
    let subjects = collision.unclaimed.subjects.iter().map(ToString::to_string);
    let rules = collision.unclaimed.rules.iter().map(|rule| format!("`{rule}`"));
    let found: Vec<String> = subjects.chain(rules).collect();
    match found.len() {
        0 => String::new(),
        1 => format!("; {} is on the cluster and in no release", listed(&found)),
        _ => format!("; {} are on the cluster and in no release", listed(&found)),
    }
}

/// Returns the object in words, with its cluster where the releases go to several.
pub(super) fn named(facts: &Facts<'_>, collision: &Collision) -> String {
    let identity = &collision.identity;
    match &identity.cluster {
        Some(cluster) if facts.estate.has_clusters() => format!("{identity} on cluster {cluster}"),
        _ => identity.to_string(),
    }
}

/// What becomes of the contenders where nobody overwrites the first.
pub(super) const REFUSED: &str = "all but the first are refused";

/// Tells whether each deployer that is meant refuses all contenders but the first.
pub(super) fn is_refused(facts: &Facts<'_>, collision: &Collision) -> bool {
    let fates = fates(facts.estate, collision, facts.deployers);
    !fates.is_empty() && fates.iter().all(|fate| fate.apply == Apply::Refused)
}

/// Returns what a probed chart's collision leads to, in words.
pub(super) fn consequence(facts: &Facts<'_>, collision: &Collision) -> &'static str {
    match collision.difference {
        Difference::RoleRef | Difference::Fixed(_) => {}
        _ if is_refused(facts, collision) => return REFUSED,
        _ => {}
    }
    match collision.difference {
        Difference::Subjects => "the subjects of all but the last one applied lose their access",
        Difference::RoleRef => "roleRef cannot be changed, so the second is refused",
        Difference::Rules | Difference::RulesOfOneCoverAll | Difference::Aggregation => {
            "the last one applied decides what it grants"
        }
        Difference::Fixed(_) => "what differs cannot be changed, so the second is refused",
        Difference::Content => "the last one applied decides what it holds",
        Difference::Metadata | Difference::Nothing => {
            "it goes with the first release that is uninstalled"
        }
    }
}

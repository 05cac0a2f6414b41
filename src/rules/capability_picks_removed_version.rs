//! A template that asks the cluster for an API version that is gone.

use super::{Facts, Family, Meta, Rule};
use crate::finding::{Finding, Label, Severity};
use crate::rbac::{GROUP, Object, ObjectId};
use crate::render::VersionCheck;
use crate::source::Span;

/// The rule `capability-picks-removed-version`.
pub(super) struct CapabilityPicksRemovedVersion;

/// The versions of the group that no server has any more, since 1.22 and 1.23.
const REMOVED: [&str; 2] = ["v1beta1", "v1alpha1"];

static META: Meta = Meta {
    name: "capability-picks-removed-version",
    family: Family::Template,
    summary: "a template that asks for a removed version of the RBAC API",
    severity: Severity::Warning,
    explanation: include_str!("capability_picks_removed_version.md"),
    ..Meta::PLAIN
};

impl Rule for CapabilityPicksRemovedVersion {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        facts.estate.checks().filter_map(|check| judge(facts, check)).collect()
    }
}

/// Judges a condition by the first object whose version came from the branch where it holds.
fn judge(facts: &Facts<'_>, check: &VersionCheck) -> Option<Finding> {
    let version = check.asked.strip_prefix(GROUP)?.strip_prefix('/')?;
    let branch = check.with?;
    let is_removed = |version: &str| REMOVED.contains(&version);
    if is_removed(version) {
        let (id, object) = first_from(facts, branch, &|it| it == check.asked)?;
        return Some(picked(facts, check, (id, object)));
    }
    let instead = check.instead.iter().find(|it| {
        it.strip_prefix(GROUP).and_then(|it| it.strip_prefix('/')).is_some_and(is_removed)
    })?;
    let (id, object) = first_from(facts, branch, &|_| true)?;
    Some(dead(facts, (check, instead), (id, object)))
}

fn picked(facts: &Facts<'_>, check: &VersionCheck, (id, object): (ObjectId, &Object)) -> Finding {
    let release = facts.release_of(id);
    let message = format!(
        "{} gets `{}`, for the template asks for it first: without a cluster Helm takes it to be there, \
         and no server has it",
        object.identity, check.asked,
    );
    let text = "becomes the removed version".into();
    let label = Label { span: object.version_span, text, owner: release.clone() };
    let asked = Label { span: check.place, text: "asked for here".into(), owner: None };
    Finding {
        help: Some(format!("write `{GROUP}/v1`, which every server since 1.8 has")),
        related: vec![asked],
        owners: release.into_iter().collect(),
        ..Finding::new((META.name, META.severity), message, label, object.identity.object_name())
    }
}

fn dead(
    facts: &Facts<'_>,
    (check, instead): (&VersionCheck, &str),
    (id, object): (ObjectId, &Object),
) -> Finding {
    let message = format!(
        "the template keeps `{instead}` for servers without `{}`, which there are none of",
        check.asked,
    );
    let text = "always holds".into();
    let label = Label { span: check.place, text, owner: None };
    let named = (META.name, Severity::Info);
    Finding {
        help: Some(format!("write `{}` without a condition", check.asked)),
        owners: facts.release_of(id).into_iter().collect(),
        ..Finding::new(named, message, label, object.identity.object_name())
    }
}

/// Returns the first role or binding whose version, if it is wanted, a piece of a template wrote.
fn first_from<'a>(
    facts: &Facts<'a>,
    branch: Span,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Option<(ObjectId, &'a Object)> {
    facts.judged().find(|(_, object)| {
        let span = object.version_span;
        object.identity.group == GROUP
            && is_wanted(facts.sources.text(span).trim_matches(['"', '\'']))
            && {
                let origin = facts.sources.trace(span);
                std::iter::once(&origin.template).chain(&origin.via).any(|it| branch.holds(*it))
            }
    })
}

//! A grant to everyone who names no account, once the chart makes none.

use std::collections::BTreeMap;

use super::off::Off;
use super::{Facts, Family, Meta, Rule};
use crate::finding::{Finding, Label, Severity};
use crate::rbac::{Binding, BoundSubject, Object, OwnerId};
use crate::source::Span;

/// The rule `default-account-when-disabled`.
pub(super) struct DefaultAccountWhenDisabled;

/// How many more bindings a finding shows.
const MOST_RELATED: usize = 3;

static META: Meta = Meta {
    name: "default-account-when-disabled",
    family: Family::Template,
    summary: "a subject that becomes the account `default` once the chart creates none",
    severity: Severity::Warning,
    explanation: include_str!("default_account_when_disabled.md"),
    ..Meta::PLAIN
};

impl Rule for DefaultAccountWhenDisabled {
    fn meta(&self) -> &'static Meta {
        &META
    }

    /// Finds one thing for each piece of a template that writes the name, however many include it.
    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let mut found: BTreeMap<(OwnerId, Span), Finding> = BTreeMap::new();
        for off in Off::all(facts) {
            for (object, binding) in off.after.bindings() {
                let Some(before) = off.before.binding(&object.identity) else { continue };
                let Some(bound) = default_of(binding) else { continue };
                if default_of(before).is_some() {
                    continue;
                }
                let finding = finding(&off, object, bound);
                let origin = facts.sources.trace(finding.primary.span);
                let writer = origin.via.last().copied().unwrap_or(origin.template);
                match found.get_mut(&(off.base, writer)) {
                    Some(first) if first.related.len() < MOST_RELATED => {
                        first.related.push(finding.primary);
                    }
                    Some(_) => {}
                    None => drop(found.insert((off.base, writer), finding)),
                }
            }
        }
        found.into_values().collect()
    }
}

/// Returns the first subject that is an account `default`.
fn default_of(binding: &Binding) -> Option<&BoundSubject> {
    binding.subjects.iter().find(|bound| {
        let account = bound.subject.canonical();
        account.kind == "ServiceAccount" && account.name == "default"
    })
}

fn finding(off: &Off<'_>, object: &Object, bound: &BoundSubject) -> Finding {
    let message = format!(
        "with `{}` {} binds ServiceAccount {}, under which every pod there runs that names no account",
        off.switch,
        object.identity,
        bound.subject.canonical(),
    );
    let label = Label {
        span: bound.name.unwrap_or(bound.span),
        text: format!("becomes `default` with {}", off.switch),
        owner: Some(off.release.clone()),
    };
    Finding {
        help: Some(
            "let the template ask for the name of an account (`required`) where it creates none, or leave \
             the binding out"
                .into(),
        ),
        extent: bound.span,
        owners: vec![off.release.clone()],
        ..Finding::new((META.name, META.severity), message, label, object.identity.object_name())
    }
}

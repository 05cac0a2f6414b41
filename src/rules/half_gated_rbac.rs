//! What stays of a grant when a switch takes the rest.

use std::collections::BTreeSet;

use super::off::Off;
use super::{Facts, Family, Meta, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::{Binding, BoundSubject, Object};
use crate::yaml::Data;

/// The rule `half-gated-rbac`.
pub(super) struct HalfGatedRbac;

static META: Meta = Meta {
    name: "half-gated-rbac",
    family: Family::Template,
    summary: "a role or binding that stays when a switch takes what it belongs to",
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    explanation: include_str!("half_gated_rbac.md"),
    ..Meta::PLAIN
};

impl Rule for HalfGatedRbac {
    fn meta(&self) -> &'static Meta {
        &META
    }

    /// Finds one thing for each object: the switches of a chart often take the same.
    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let (mut found, mut known) = (Vec::new(), BTreeSet::new());
        for off in Off::all(facts) {
            for (identity, object) in &off.after.objects {
                let stays = off.before.objects.contains_key(identity) && !Facts::is_test(object);
                if let Some(finding) = half(&off, object).filter(|_| stays)
                    && known.insert((off.base, (*identity).clone()))
                {
                    found.push(finding);
                }
            }
        }
        found
    }
}

/// Judges an object that a switch leaves.
fn half(off: &Off<'_>, object: &Object) -> Option<Finding> {
    let Some(binding) = object.binding() else { return without_binding(off, object) };
    let of_account = |it| without_account(off, object, it).or_else(|| with_less(off, object, it));
    without_role(off, object, binding).or_else(|| binding.subjects.iter().find_map(of_account))
}

/// A binding whose role is gone.
fn without_role(off: &Off<'_>, object: &Object, binding: &Binding) -> Option<Finding> {
    let role = off.before.role_of(object, binding)?;
    if off.after.role_of(object, binding).is_some() {
        return None;
    }
    let message = format!(
        "with `{}` {} stays, and {}, which it grants, is gone",
        off.switch, object.identity, role.identity
    );
    let related = gone(off, role);
    Some(Finding { related, ..finding(off, object, (message, binding.role_ref_span)) })
}

/// A role that nobody binds any more. One that is aggregated needs no binding.
fn without_binding(off: &Off<'_>, object: &Object) -> Option<Finding> {
    object.role()?;
    let bound = |it: &&Object| {
        let binding = it.binding();
        binding.and_then(|binding| off.before.role_of(it, binding)).map(|it| &it.identity)
            == Some(&object.identity)
    };
    let binding = off.before.objects.values().copied().find(bound)?;
    if is_aggregated(&object.data) || off.after.is_bound(&object.identity) {
        return None;
    }
    let message = format!(
        "with `{}` {} stays, and {}, which binds it, is gone",
        off.switch, object.identity, binding.identity
    );
    let related = gone(off, binding);
    Some(Finding { related, ..finding(off, object, (message, object.name_span)) })
}

/// Tells whether labels offer an object to aggregated roles.
fn is_aggregated(object: &Data) -> bool {
    let part = |data: &Data, key: &str| match data {
        Data::Map(map) => map.get(key).cloned(),
        _ => None,
    };
    let labels = part(object, "metadata").and_then(|it| part(&it, "labels"));
    matches!(labels, Some(Data::Map(labels)) if labels.keys().any(|it| it.contains("/aggregate-to-")))
}

/// A subject whose account is gone, where another binding does not name it any more. Where all keep
/// it, somebody else is meant to create it.
fn without_account(off: &Off<'_>, object: &Object, bound: &BoundSubject) -> Option<Finding> {
    let account = bound.subject.canonical();
    let namespace = account.namespace.as_deref();
    let has = |it: &Binding| it.by_canonical().contains_key(&account);
    let was_made = off.before.has_account(namespace, &account.name);
    if account.kind != "ServiceAccount"
        || !was_made
        || off.after.has_account(namespace, &account.name)
    {
        return None;
    }
    let dropped = |(it, before): &(&Object, &Binding)| {
        has(before) && !off.after.binding(&it.identity).is_some_and(has)
    };
    let (other, _) = off.before.bindings().find(dropped)?;
    let message = format!(
        "with `{}` {} still binds ServiceAccount {account}, which is gone, and {} does not",
        off.switch, object.identity, other.identity
    );
    let related = gone(off, other);
    let span = bound.name.unwrap_or(bound.span);
    Some(Finding { related, ..finding(off, object, (message, span)) })
}

/// A subject that keeps a grant where the switch for all of RBAC takes another from it.
fn with_less(off: &Off<'_>, object: &Object, bound: &BoundSubject) -> Option<Finding> {
    let account = bound.subject.canonical();
    let is_gone = |(it, before): &(&Object, &Binding)| {
        let is_off = !off.after.objects.contains_key(&it.identity);
        is_off && before.by_canonical().contains_key(&account)
    };
    let may_speak = off.takes_all() && account.kind == "ServiceAccount";
    let (other, _) = off.before.bindings().find(|it| may_speak && is_gone(it))?;
    let message = format!(
        "with `{}` {} stays, and {}, which binds the same account, is gone",
        off.switch, object.identity, other.identity
    );
    let related = gone(off, other);
    Some(Finding { related, ..finding(off, object, (message, object.name_span)) })
}

/// Labels what a switch takes.
fn gone(off: &Off<'_>, object: &Object) -> Vec<Label> {
    let text = format!("gone with {}", off.switch);
    vec![Label { span: object.name_span, text, owner: Some(off.release.clone()) }]
}

fn finding(
    off: &Off<'_>,
    object: &Object,
    (message, span): (String, crate::source::Span),
) -> Finding {
    let text = format!("stays with {}", off.switch);
    let label = Label { span, text, owner: Some(off.release.clone()) };
    Finding {
        help: Some("put all roles and bindings that belong together under one condition".into()),
        extent: object.span,
        confidence: META.confidence,
        owners: vec![off.release.clone()],
        ..Finding::new((META.name, META.severity), message, label, object.identity.object_name())
    }
}

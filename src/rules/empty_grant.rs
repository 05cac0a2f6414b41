//! Roles and bindings that give nothing.

use std::collections::BTreeMap;

use super::{Facts, Family, Meta, Rule};
use crate::finding::{Finding, Label, Severity};
use crate::rbac::{Body, Identity, Object, ObjectId, builtin};

/// The rule `empty-grant`.
pub(super) struct EmptyGrant;

static META: Meta = Meta {
    name: "empty-grant",
    family: Family::Hygiene,
    summary: "a binding without subjects, or a role without rules",
    severity: Severity::Info,
    explanation: include_str!("empty_grant.md"),
    ..Meta::PLAIN
};

impl Rule for EmptyGrant {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let empty: Vec<_> =
            facts.judged().filter_map(|(id, it)| Some((id, it, what(it)?))).collect();
        if empty.is_empty() {
            return Vec::new();
        }
        let mut bringers: BTreeMap<(usize, &Identity), usize> = BTreeMap::new();
        for (id, object) in facts.estate.ids() {
            let group = facts.estate.owner_of(id).group;
            *bringers.entry((group, &object.identity)).or_default() += 1;
        }
        // What several bring is to be merged, or collides.
        let is_alone = |id: ObjectId, object: &Object| {
            bringers.get(&(facts.estate.owner_of(id).group, &object.identity)) == Some(&1)
        };
        let alone = empty.into_iter().filter(|(id, object, _)| is_alone(*id, object));
        alone.map(|(id, object, what)| found(facts, (id, object), what)).collect()
    }
}

/// Returns what an object lacks that would give something.
fn what(object: &Object) -> Option<&'static str> {
    let it = &object.identity;
    match &object.body {
        Body::Binding(binding) if binding.subjects.is_empty() && binding.unread.is_none() => {
            Some("has no subjects")
        }
        Body::Role(role)
            if role.rules.is_empty()
                && role.selectors.is_none()
                && role.unread.is_none()
                // The controller fills some of these in.
                && !builtin::is_built_in(&it.kind, it.namespace.as_deref(), &it.name) =>
        {
            Some("has no rules")
        }
        _ => None,
    }
}

fn found(facts: &Facts<'_>, (id, object): (ObjectId, &Object), what: &str) -> Finding {
    let message = format!("{} {what}, and gives nothing", object.identity);
    let owner = facts.release_of(id);
    let label = Label { span: object.name_span, text: what.into(), owner };
    let named = (META.name, META.severity);
    Finding {
        help: Some("write the object only where there is something to give".into()),
        extent: object.span,
        owners: vec![facts.estate.owner_of(id).name.clone()],
        ..Finding::new(named, message, label, object.identity.object_name())
    }
}

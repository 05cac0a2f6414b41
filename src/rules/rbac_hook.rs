//! A grant that is no part of its release.

use super::{Facts, Family, Meta, Rule};
use crate::finding::{Finding, Label, Severity, listed};
use crate::rbac::{GROUP, Hook, Object, ObjectId};

/// The rule `rbac-hook`.
pub(super) struct RbacHook;

static META: Meta = Meta {
    name: "rbac-hook",
    family: Family::Template,
    summary: "a role or binding that is a hook of Helm, and so no part of the release",
    severity: Severity::Info,
    explanation: include_str!("rbac_hook.md"),
    ..Meta::PLAIN
};

impl Rule for RbacHook {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        facts.judged().filter_map(|(id, object)| judge(facts, id, object)).collect()
    }
}

/// Judges an object: what Helm deletes once the hook is done grants nothing for long.
fn judge(facts: &Facts<'_>, id: ObjectId, object: &Object) -> Option<Finding> {
    let hook = Hook::of(&object.data).filter(|_| object.identity.group == GROUP)?;
    let release = facts.release_of(id)?;
    let is_gone = hook.delete_policies.iter().any(|it| it == "hook-succeeded");
    if is_gone {
        return None;
    }
    let message = format!(
        "{} is a hook ({}): Helm makes it anew each time, and leaves it when the release is uninstalled",
        object.identity,
        listed(&hook.events),
    );
    let span = object.hook_span.unwrap_or(object.name_span);
    let label = Label { span, text: "made a hook".into(), owner: Some(release.clone()) };
    Some(Finding {
        help: Some(
            "drop the annotation, or add `hook-succeeded` to `helm.sh/hook-delete-policy` if only the \
             hook needs the grant"
                .into(),
        ),
        extent: object.span,
        owners: vec![release],
        ..Finding::new((META.name, META.severity), message, label, object.identity.object_name())
    })
}

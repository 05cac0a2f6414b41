//! A subject that is nobody.

use super::account_namespace_mismatch::Elsewhere;
use super::{Facts, Family, Meta, Peer, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::{BoundSubject, Object, ObjectId, builtin};

/// The rule `dangling-subject`.
pub(super) struct DanglingSubject;

static META: Meta = Meta {
    name: "dangling-subject",
    family: Family::Hygiene,
    summary: "a ServiceAccount of the release that no input brings",
    severity: Severity::Warning,
    confidence: Confidence::Medium,
    peers: &[(Peer::KubeLinter, "non-existent-service-account")],
    explanation: include_str!("dangling_subject.md"),
    ..Meta::PLAIN
};

impl Rule for DanglingSubject {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let of_object = |(id, object): (ObjectId, &Object)| {
            let subjects = object.binding().into_iter().flat_map(|it| &it.subjects);
            let found = subjects.filter_map(|bound| dangling(facts, id, bound));
            found.collect::<Vec<_>>()
        };
        facts.judged().filter(|(_, object)| !Facts::is_test(object)).flat_map(of_object).collect()
    }
}

/// Judges a subject: only the accounts in the namespace of the binding's own release can be known.
fn dangling(facts: &Facts<'_>, id: ObjectId, bound: &BoundSubject) -> Option<Finding> {
    let release = facts.release_of(id)?;
    let account = bound.subject.canonical();
    let namespace = account.namespace.as_deref().filter(|_| account.kind == "ServiceAccount")?;
    let object = facts.estate.object(id);
    // Each namespace has an account `default` from the start.
    // The accounts of its controllers Kubernetes makes itself.
    let is_known = account.name == "default"
        || builtin::bindings().iter().any(|it| it.subjects.contains(&account))
        || release.namespace.as_deref() != Some(namespace)
        || facts.has_account(object.owner, namespace, &account.name);
    if is_known || Elsewhere::of(facts, object, bound).is_some() {
        return None;
    }
    let message = format!(
        "{} binds ServiceAccount {account}, which neither the release nor another input brings",
        object.identity
    );
    let label = Label {
        span: bound.name.unwrap_or(bound.span),
        text: "nobody".into(),
        owner: Some(release.clone()),
    };
    let named = (META.name, Severity::Warning);
    Some(Finding {
        help: Some("write the name that the ServiceAccount is given, or create it".into()),
        extent: bound.span,
        confidence: META.confidence,
        owners: vec![release],
        ..Finding::new(named, message, label, object.identity.object_name())
    })
}

//! A subject that looks for its account in another namespace than the chart puts it into.

use super::{Facts, Family, Meta, Rule};
use crate::finding::{Finding, Label, Severity, listed};
use crate::rbac::{BoundSubject, Object, ObjectId};

/// The rule `account-namespace-mismatch`.
pub(super) struct AccountNamespaceMismatch;

static META: Meta = Meta {
    name: "account-namespace-mismatch",
    family: Family::Template,
    summary: "a subject in another namespace than the one its ServiceAccount is rendered into",
    severity: Severity::Warning,
    explanation: include_str!("account_namespace_mismatch.md"),
    ..Meta::PLAIN
};

impl Rule for AccountNamespaceMismatch {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let of_object = |(id, object): (ObjectId, &Object)| {
            let subjects = object.binding().into_iter().flat_map(|it| &it.subjects);
            let found = subjects.filter_map(|bound| mismatch(facts, id, bound));
            found.collect::<Vec<_>>()
        };
        facts.judged().filter(|(_, object)| !Facts::is_test(object)).flat_map(of_object).collect()
    }
}

/// Judges a subject. One that the template writes out, in another namespace than the release's, may be
/// somebody else's account of that name: `hard-coded-subject-namespace` speaks of it.
fn mismatch(facts: &Facts<'_>, id: ObjectId, bound: &BoundSubject) -> Option<Finding> {
    let release = facts.release_of(id)?;
    let object = facts.estate.object(id);
    let elsewhere = Elsewhere::of(facts, object, bound)?;
    let is_foreign = release.namespace.as_deref() != Some(elsewhere.named);
    if is_foreign && bound.namespace.is_some_and(|span| facts.is_written_out(span)) {
        return None;
    }
    let message = format!(
        "{} binds ServiceAccount {}, which the release creates in namespace {}",
        object.identity,
        bound.subject.canonical(),
        listed(&elsewhere.created),
    );
    let label = Label {
        span: bound.namespace.or(bound.name).unwrap_or(bound.span),
        text: format!("looks in {}", elsewhere.named),
        owner: Some(release.clone()),
    };
    Some(Finding {
        help: Some(
            "take the namespace of the ServiceAccount and of the subject from one helper".into(),
        ),
        extent: bound.span,
        owners: vec![release],
        ..Finding::new((META.name, META.severity), message, label, object.identity.object_name())
    })
}

/// The most namespaces that are listed.
const MOST: usize = 3;

/// Where a subject looks for its account, and where the release puts it.
pub(super) struct Elsewhere<'a> {
    named: &'a str,
    created: Vec<&'a str>,
}

impl<'a> Elsewhere<'a> {
    /// Returns where the account of a subject is; none where it is where the subject says, or where no
    /// input brings one of its name.
    pub(super) fn of(facts: &Facts<'a>, object: &Object, bound: &'a BoundSubject) -> Option<Self> {
        let named = bound.subject.namespace.as_deref()?;
        let name = bound.subject.name.as_str();
        // Each namespace has an account `default`, and the names of a whole group tell nothing.
        if name == "default" || bound.subject.kind != "ServiceAccount" {
            return None;
        }
        if facts.has_account(object.owner, named, name) {
            return None;
        }
        let mut all = facts.namespaces_of_account(object.owner, name);
        let mut created: Vec<&str> = all.by_ref().take(MOST).collect();
        created.extend(all.next().map(|_| "elsewhere"));
        (!created.is_empty()).then_some(Self { named, created })
    }
}

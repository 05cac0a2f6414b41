//! A ServiceAccount of a ClusterRoleBinding without its namespace.

use super::flaws::{FlawRule, Told, called};
use super::{Facts, Family, Fixable, Meta};
use crate::finding::{Edit, Fix, Severity, Written};
use crate::rbac::{Flaw, FlawKind, ObjectId};

/// The rule `subject-without-namespace`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "subject-without-namespace",
        family: Family::Validity,
        summary: "a ServiceAccount that a ClusterRoleBinding binds without its namespace",
        severity: Severity::Error,
        fix: Fixable::Safe,
        explanation: include_str!("subject_without_namespace.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::SubjectNamespace,
    help: "write the namespace of the ServiceAccount into the subject",
    tell,
};

fn tell(facts: &Facts<'_>, id: ObjectId, flaw: &Flaw) -> Option<Told> {
    let object = called(facts.estate.object(id));
    let release = facts.release_of(id).and_then(|it| it.namespace);
    let mend = |namespace: String| {
        let value = Written::ReleaseNamespace(namespace);
        let edit = match flaw.written {
            true => Edit::Replace { span: flaw.span, with: value },
            false => Edit::Add { beside: flaw.span, key: "namespace", value },
        };
        Fix { title: "write the release's namespace into the subject".into(), edits: vec![edit] }
    };
    Some(Told {
        message: format!("the API server refuses {object}: {}: {}", flaw.path, flaw.reason),
        label: "in which namespace?".into(),
        fix: release.map(mend),
    })
}

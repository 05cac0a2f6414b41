//! What the rules about who is bound share: the subjects that are judged, and how bad it is to bind them.

use super::grants::{Risky, lower};
use super::{Facts, Meta, Rule};
use crate::finding::{Confidence, Finding, Label, Severity};
use crate::rbac::{Binding, BoundSubject, Object, ObjectId, PolicyRule, Subject, builtin, covered};
use crate::source::Span;

/// A subject of a binding that is judged.
#[derive(Debug, Clone)]
pub(super) struct Bound<'a> {
    /// The binding.
    pub(super) id: ObjectId,
    /// The binding's object.
    pub(super) object: &'a Object,
    /// The binding.
    pub(super) binding: &'a Binding,
    /// The subject, as written.
    pub(super) written: &'a BoundSubject,
    /// The subject, as the authorizer sees it.
    pub(super) subject: Subject,
}

impl Bound<'_> {
    /// Returns the severity for where the binding holds of what has a severity for the whole cluster.
    pub(super) fn severity(&self, in_cluster: Severity) -> Severity {
        severity(self.object, in_cluster)
    }

    /// Returns where the subject's name stands.
    pub(super) fn place(&self) -> Span {
        self.written.name.unwrap_or(self.written.span)
    }

    /// Tells whether all that the binding grants is among what some built-in ClusterRoles grant.
    pub(super) fn grants_only(&self, facts: &Facts<'_>, roles: &[&str]) -> bool {
        let known = roles.iter().filter_map(|name| builtin::cluster_role(name));
        let known: Vec<PolicyRule> = known.flat_map(|role| role.rules.iter().cloned()).collect();
        let granted = facts.access.rules_granted(self.id);
        granted.is_some_and(|rules| {
            let rules: Vec<PolicyRule> = rules.into_iter().map(|(_, rule)| rule.clone()).collect();
            covered(&known, &rules)
        })
    }
}

/// Returns the severity for where a binding holds of what has a severity for the whole cluster.
pub(super) fn severity(binding: &Object, in_cluster: Severity) -> Severity {
    match binding.identity.namespace.as_deref() {
        None | Some("kube-system") => in_cluster,
        Some(_) => lower(in_cluster),
    }
}

/// Builds a finding about an object that is not about a rule item; its extent is the `extent`.
pub(super) fn finding(
    facts: &Facts<'_>,
    id: ObjectId,
    (meta, risky): (&Meta, Risky),
    extent: Span,
) -> Finding {
    let object = facts.estate.object(id);
    let primary = Label { span: risky.place, text: risky.label, owner: facts.release_of(id) };
    let named = (meta.name, risky.severity);
    Finding {
        help: Some(risky.help),
        extent,
        confidence: risky.confidence.unwrap_or(meta.confidence),
        owners: vec![facts.estate.owner_of(id).name.clone()],
        ..Finding::new(named, risky.message, primary, object.identity.object_name())
    }
}

/// A rule that judges the subjects of bindings one by one.
pub(super) struct SubjectRule {
    pub(super) meta: Meta,
    /// Returns what the rule says of a subject.
    pub(super) judge: fn(&Facts<'_>, &Bound<'_>) -> Option<Risky>,
}

impl Rule for SubjectRule {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        for (id, object) in facts.judged() {
            let Some(binding) = object.binding() else { continue };
            for (subject, written) in binding.by_canonical() {
                let bound = Bound { id, object, binding, written, subject };
                let Some(risky) = (self.judge)(facts, &bound) else { continue };
                let mut finding = finding(facts, id, (&self.meta, risky), written.span);
                let role = binding.role_name.unwrap_or(binding.role_ref_span);
                let text = format!("grants {}", binding.role_ref);
                finding.related.push(Label { span: role, text, owner: facts.release_of(id) });
                found.push(finding);
            }
        }
        found
    }
}

/// What a subject rule says of most subjects.
pub(super) fn risky(
    severity: Severity,
    (message, label, help): (String, &str, &str),
    place: Span,
) -> Risky {
    let confidence: Option<Confidence> = None;
    Risky { severity, message, label: label.into(), help: help.into(), place, confidence }
}

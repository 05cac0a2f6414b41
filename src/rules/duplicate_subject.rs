//! One subject twice in one binding.

use std::collections::BTreeMap;

use super::{Facts, Family, Fixable, Meta, Rule};
use crate::finding::{Edit, Finding, Fix, Label, Severity};
use crate::rbac::{Binding, BoundSubject, Object, Owner, OwnerKind};

/// The rule `duplicate-subject`.
pub(super) struct DuplicateSubject;

static META: Meta = Meta {
    name: "duplicate-subject",
    family: Family::Hygiene,
    summary: "one subject twice in one binding",
    severity: Severity::Info,
    fix: Fixable::Safe,
    explanation: include_str!("duplicate_subject.md"),
    ..Meta::PLAIN
};

impl Rule for DuplicateSubject {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let bindings = facts.estate.objects().iter().filter_map(|it| Some((it, it.binding()?)));
        bindings
            .map(|(object, binding)| (facts.estate.owner(object.owner), object, binding))
            .filter(|(owner, ..)| owner.kind != OwnerKind::Export)
            .flat_map(|(owner, object, binding)| copies(owner, object, binding))
            .collect()
    }
}

/// Finds the subjects that the authorizer cannot tell from one that is written before them.
fn copies(owner: &Owner, object: &Object, binding: &Binding) -> Vec<Finding> {
    let mut known: BTreeMap<_, &BoundSubject> = BTreeMap::new();
    let mut found = Vec::new();
    for bound in &binding.subjects {
        let first = *known.entry(bound.subject.canonical()).or_insert(bound);
        // What an alias stands for has one place.
        if first.span == bound.span {
            continue;
        }
        let release = owner.chart.is_some().then(|| owner.name.clone());
        let label = |of: &BoundSubject, text: &str| Label {
            span: of.span,
            text: text.into(),
            owner: release.clone(),
        };
        let subject = bound.subject.canonical();
        let message = format!("{} binds {subject} twice", object.identity);
        let name = object.identity.object_name();
        found.push(Finding {
            help: Some("delete one of the two".into()),
            related: vec![label(first, "the first time")],
            owners: vec![owner.name.clone()],
            fix: Some(Fix {
                title: format!("remove the second `{subject}`"),
                edits: vec![Edit::RemoveCopy { span: bound.span, of: first.span }],
            }),
            ..Finding::new((META.name, META.severity), message, label(bound, "again"), name)
        });
    }
    found
}

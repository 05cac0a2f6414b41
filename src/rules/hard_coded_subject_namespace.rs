//! A subject's namespace that stands in the template, and is not the release's.

use std::collections::BTreeSet;

use super::{Facts, Family, Fixable, Meta, Rule};
use crate::finding::{Confidence, Edit, Finding, Fix, Label, Severity, Written};
use crate::rbac::{BoundSubject, Identity, Object, Owner};
use crate::source::{Certainty, SourceMap, Span};

/// The rule `hard-coded-subject-namespace`.
pub(super) struct HardCodedSubjectNamespace;

static META: Meta = Meta {
    name: "hard-coded-subject-namespace",
    family: Family::Template,
    summary: "a subject's namespace that a template names, in place of the release's",
    severity: Severity::Warning,
    fix: Fixable::Safe,
    explanation: include_str!("hard_coded_subject_namespace.md"),
    ..Meta::PLAIN
};

impl Rule for HardCodedSubjectNamespace {
    fn meta(&self) -> &'static Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let accounts = Accounts::of(facts);
        let bindings = facts.estate.objects().iter().filter_map(|it| Some((it, it.binding()?)));
        let mut found = Vec::new();
        for (object, binding) in bindings {
            let owner = facts.estate.owner(object.owner);
            for bound in binding.subjects.iter().filter(|_| owner.chart.is_some()) {
                found.extend(judge(facts.sources, &accounts, (owner, object, bound)));
            }
        }
        found
    }
}

/// The service accounts that releases bring: the release's name and namespace, and the account's.
struct Accounts<'a>(BTreeSet<(&'a str, Option<&'a str>, Option<&'a str>, &'a str)>);

impl<'a> Accounts<'a> {
    fn of(facts: &'a Facts<'_>) -> Self {
        let is_account = |it: &&Identity| it.group.is_empty() && it.kind == "ServiceAccount";
        let accounts = facts.estate.names().filter(|(_, identity)| is_account(identity));
        let keyed = accounts.map(|(owner, account)| {
            let release = &facts.estate.owner(owner).name;
            let namespace = release.namespace.as_deref();
            (&*release.name, namespace, account.namespace.as_deref(), &*account.name)
        });
        Self(keyed.collect())
    }

    fn has(&self, owner: &'a Owner, namespace: Option<&'a str>, name: &'a str) -> bool {
        let release = &owner.name;
        self.0.contains(&(&release.name, release.namespace.as_deref(), namespace, name))
    }
}

/// Judges a subject. An account that the release puts into the namespace that is named is there; one
/// of kube-system that it does not bring is the control plane's.
fn judge(
    sources: &SourceMap,
    accounts: &Accounts<'_>,
    (owner, object, bound): (&Owner, &Object, &BoundSubject),
) -> Option<Finding> {
    let (span, subject) = (bound.namespace?, &bound.subject);
    let (named, name) = (subject.namespace.as_deref()?, subject.name.as_str());
    let own = owner.name.namespace.as_deref()?;
    if named == own || accounts.has(owner, Some(named), name) || !is_written(sources, span) {
        return None;
    }
    let is_own = accounts.has(owner, Some(own), name);
    if named == "kube-system" && !is_own {
        return None;
    }
    let message = match is_own {
        true => format!(
            "{} binds {subject}, while the release's account {name} is in its own namespace",
            object.identity
        ),
        false => format!(
            "{} binds {subject} in whatever namespace the release is installed",
            object.identity
        ),
    };
    let fix = is_own.then(|| Fix {
        title: "write the release's namespace into the subject".into(),
        edits: vec![Edit::Replace { span, with: Written::ReleaseNamespace(own.into()) }],
    });
    let label = Label { span, text: "written out".into(), owner: Some(owner.name.clone()) };
    let object = object.identity.object_name();
    Some(Finding {
        help: Some("write `{{ .Release.Namespace }}`, or take the namespace from a value".into()),
        owners: vec![owner.name.clone()],
        confidence: if is_own { Confidence::High } else { Confidence::Medium },
        extent: bound.span,
        fix,
        ..Finding::new((META.name, META.severity), message, label, object)
    })
}

/// Tells whether a template holds a text as it was rendered.
fn is_written(sources: &SourceMap, span: Span) -> bool {
    let origin = sources.trace(span);
    let at = origin.via.last().copied().unwrap_or(origin.template);
    origin.certainty == Certainty::Exact && sources.text(at) == sources.text(span)
}

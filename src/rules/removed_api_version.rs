//! A version of the API that the cluster does not have.

use super::flaws::{FlawRule, Told, called};
use super::{Facts, Family, Fixable, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::{Flaw, FlawKind, ObjectId};

/// The rule `removed-api-version`.
pub(super) static RULE: FlawRule = FlawRule {
    meta: Meta {
        name: "removed-api-version",
        family: Family::Validity,
        summary: "a version of the RBAC API that the target version of Kubernetes does not have",
        severity: Severity::Error,
        peers: &[(Peer::KubeScore, "stable-version"), (Peer::Trivy, "KSV-0107")],
        fix: Fixable::Safe,
        explanation: include_str!("removed_api_version.md"),
        ..Meta::PLAIN
    },
    kind: FlawKind::ApiVersion,
    help: "write rbac.authorization.k8s.io/v1, which every release since 1.8 has",
    tell,
};

/// The first minor release of Kubernetes 1 without a version of the API.
const REMOVED: [(&str, u32); 2] = [("v1beta1", 22), ("v1alpha1", 23)];

fn tell(facts: &Facts<'_>, id: ObjectId, flaw: &Flaw) -> Option<Told> {
    let object = called(facts.estate.object(id));
    let version = flaw.reason.as_str();
    let minor = REMOVED.iter().find(|(known, _)| *known == version).map(|(_, minor)| *minor);
    let since = match minor {
        Some(minor) if facts.minor < minor => return None,
        Some(minor) => format!("which Kubernetes 1.{minor} and later do not serve"),
        None => "which no release of Kubernetes serves".into(),
    };
    Some(Told {
        message: format!("{object} is of rbac.authorization.k8s.io/{version}, {since}"),
        label: "not served".into(),
        fix: None,
    })
}

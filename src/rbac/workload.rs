//! As which account pods run.

use smol_str::SmolStr;

use super::{Head, Identity, OwnerId};
use crate::document::View;
use crate::source::Span;

/// The account that pods run as that name none; each namespace has it from the start.
pub const DEFAULT_ACCOUNT: &str = "default";

/// A pod, or what makes pods.
#[derive(Debug, Clone)]
pub struct Workload {
    /// What makes it the same as another.
    pub identity: Identity,
    /// Who brings it.
    pub owner: OwnerId,
    /// As whom its pods run.
    pub pod: PodAccount,
}

/// As whom the pods of a workload run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PodAccount {
    /// The account's name.
    pub account: SmolStr,
    /// Where it is named; the pod's `spec` where it is not.
    pub place: Span,
    /// Whether the token is mounted; none where the account says.
    pub mounts: Option<bool>,
}

impl PodAccount {
    /// Reads as whom the pods of an object run; none where it makes no pods, or only tests a release.
    #[must_use]
    pub fn read(head: &Head, root: View<'_>) -> Option<Self> {
        let spec = pod_spec(head, root)?;
        let hook = root.get("metadata")?.get("annotations").and_then(|it| it.text("helm.sh/hook"));
        if hook.is_some_and(|it| it.split(',').any(|event| event.trim().starts_with("test"))) {
            return None;
        }
        // The older name of the field counts where the newer is missing.
        let mut keys = ["serviceAccountName", "serviceAccount"].into_iter();
        let named = keys.find_map(|key| {
            let name = spec.text(key).filter(|name| !name.is_empty())?;
            Some((name, spec.get(key)?.span()))
        });
        let (account, place) = named.unwrap_or((DEFAULT_ACCOUNT.into(), spec.span()));
        Some(Self { account, place, mounts: mounts(spec) })
    }
}

/// Returns what an account or a pod says about whether the token is mounted.
#[must_use]
pub fn mounts(view: View<'_>) -> Option<bool> {
    match view.get("automountServiceAccountToken")?.scalar()?.as_str() {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Returns the `spec` of the pods that an object makes.
fn pod_spec<'a>(head: &Head, root: View<'a>) -> Option<View<'a>> {
    let spec = || root.get("spec");
    let of_template = |spec: View<'a>| spec.get("template")?.get("spec");
    match (head.group.as_str(), head.kind.as_str()) {
        ("", "Pod") => spec(),
        ("", "ReplicationController")
        | ("apps" | "extensions", "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet")
        | ("batch", "Job") => of_template(spec()?),
        ("batch", "CronJob") => of_template(spec()?.get("jobTemplate")?.get("spec")?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    #[test]
    fn the_account_of_pods_is_found_in_each_kind() {
        let table = [
            ("v1;Pod;{serviceAccountName: a}", Some(("a", None))),
            (
                "v1;Pod;{serviceAccount: a, automountServiceAccountToken: false}",
                Some(("a", Some(false))),
            ),
            ("v1;Pod;{serviceAccountName: ''}", Some(("default", None))),
            ("apps/v1;Deployment;{template: {spec: {serviceAccountName: a}}}", Some(("a", None))),
            ("example.com/v1;Deployment;{template: {spec: {serviceAccountName: a}}}", None),
            (
                "batch/v1;CronJob;{jobTemplate: {spec: {template: {spec: {serviceAccountName: a}}}}}",
                Some(("a", None)),
            ),
            ("v1;Service;{serviceAccountName: a}", None),
        ];
        for (text, expected) in table {
            let mut parts = text.split(';');
            let mut next = || parts.next().unwrap_or_default();
            let (api, kind, spec) = (next(), next(), next());
            let text =
                format!("apiVersion: {api}\nkind: {kind}\nmetadata: {{name: x}}\nspec: {spec}\n");
            let roots = crate::yaml::parse_all(&text).expect("it is YAML");
            let document = roots.into_iter().map(Document::unplaced).next().expect("it is one");
            let head = Head::read(document.root()).expect("it is named");
            let found = PodAccount::read(&head, document.root());
            let found = found.as_ref().map(|it| (it.account.as_str(), it.mounts));
            assert_eq!(found, expected, "{text}");
        }
    }
}

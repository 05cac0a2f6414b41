//! What a star reaches, by the questions of the rules that speak where it is named.

use super::grants::{Ask, Item};
use super::{
    admission_write, bind_roles, escalate_roles, impersonate, node_proxy, pod_exec, rbac_write,
    secrets_read, secrets_write, token_create, workload_write,
};
use crate::rbac::resources;

/// What can be done, in words that follow `also to`, most harmful first.
static POWERS: [(&str, &[Ask]); 11] = [
    ("escalate roles", &escalate_roles::ASKS),
    ("bind roles", &bind_roles::ASKS),
    ("impersonate", &impersonate::ASKS),
    ("create tokens", &token_create::ASKS),
    ("write roles", &rbac_write::ASKS),
    ("use the API of kubelets", &node_proxy::ASKS),
    ("change admission", &admission_write::ASKS),
    ("run commands in pods", &pod_exec::ASKS),
    ("write workloads", &workload_write::ASKS),
    ("write Secrets", &secrets_write::ASKS),
    ("read Secrets", &secrets_read::ASKS),
];

/// Those of them that are an error where they are written out: whoever has them takes any right.
pub(super) const TAKES_ALL: [&str; 4] =
    ["escalate roles", "bind roles", "impersonate", "create tokens"];

/// Returns what an item can do by what it names or by its stars, most harmful first.
pub(super) fn reached(item: &Item<'_>) -> Vec<&'static str> {
    POWERS.iter().filter(|(_, asks)| item.grants_any(asks)).map(|(words, _)| *words).collect()
}

/// Tells whether one of an item's groups is of Kubernetes itself and has known resources, unlike those of
/// metrics, or all are meant.
pub(super) fn has_listed_group(item: &Item<'_>) -> bool {
    let groups = &item.rule.value.api_groups;
    groups.iter().any(|group| group == "*" || resources::is_listed(group))
}

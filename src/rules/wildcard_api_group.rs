//! Items for all groups.

use super::grants::{Item, ItemRule, Risky, Which};
use super::{Facts, Family, Meta, Peer};
use crate::finding::Severity;
use crate::rbac::List;

/// The rule `wildcard-api-group`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "wildcard-api-group",
        family: Family::Risk,
        summary: "a grant in all API groups",
        severity: Severity::Warning,
        score: Some("7.8"),
        peers: &[(Peer::Checkov, "CKV_K8S_49")],
        explanation: include_str!("wildcard_api_group.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// The subresources that controllers of any resource need.
const OF_ANY: [&str; 3] = ["*/finalizers", "*/scale", "*/status"];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let place = item.rule.place_of(List::ApiGroups, "*")?;
    let which = match item.rule.value.resource_names.is_empty() {
        true => Which::All,
        false => Which::Named,
    };
    let is_of_any =
        item.rule.words_of(List::Resources).all(|it| OF_ANY.contains(&it.text.as_str()));
    let severity = match is_of_any {
        true => Severity::Info,
        false => item.severity(Severity::Warning, which),
    };
    let (role, extent, names) = (item.holder(), item.extent(facts), item.names());
    let (verbs, resources) = (item.verbs(), item.resources());
    Some(Risky {
        severity,
        message: format!(
            "{role} can {verbs} {resources}{names} of every API group {extent}: also of those that come later"
        ),
        label: "every API group".into(),
        help: "name the groups that have them".into(),
        place,
        confidence: None,
    })
}

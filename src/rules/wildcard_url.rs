//! Items for all URLs.

use super::grants::{Item, ItemRule, Risky, Which};
use super::{Facts, Family, Meta};
use crate::finding::Severity;
use crate::rbac::access::Request;
use crate::rbac::{List, Word};

/// The rule `wildcard-url`.
pub(super) static RULE: ItemRule = ItemRule {
    meta: Meta {
        name: "wildcard-url",
        family: Family::Risk,
        summary: "a grant of all paths of the API server",
        severity: Severity::Warning,
        score: Some("3.5"),
        explanation: include_str!("wildcard_url.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// The methods that change something.
const WRITE: [&str; 4] = ["post", "put", "patch", "delete"];

fn judge(facts: &Facts<'_>, item: &Item<'_>) -> Option<Risky> {
    let is_all = |word: &&Word| {
        matches!(word.text.trim_end_matches('*'), "" | "/") && word.text.ends_with('*')
    };
    let place = item.rule.words_of(List::NonResourceUrls).find(is_all)?.span;
    if !item.everywhere {
        return None;
    }
    let writes = |verb: &&str| item.rule.value.allows(&Request::Url { verb, path: "/-" });
    let in_cluster = match WRITE.iter().any(writes) {
        true => Severity::Warning,
        false => Severity::Info,
    };
    let (role, extent, verbs) = (item.holder(), item.extent(facts), item.verbs());
    Some(Risky {
        severity: item.severity(in_cluster, Which::All),
        message: format!(
            "{role} can {verbs} all paths of the API server {extent}: also its logs and debugging"
        ),
        label: "all paths".into(),
        help: "name the paths that are used, such as /metrics or /healthz".into(),
        place,
        confidence: None,
    })
}

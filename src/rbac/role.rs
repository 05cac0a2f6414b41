//! What is granted.

use std::collections::BTreeSet;

use super::{PolicyRule, Words};
use crate::document::View;
use crate::source::{Located, Span};
use crate::yaml::Data;

/// A Role or ClusterRole.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its rules, in the order written.
    pub rules: Vec<Located<PolicyRule>>,
    /// The label selectors of its aggregation rule, as text that is equal where they are; none
    /// where it has no aggregation rule.
    pub selectors: Option<BTreeSet<String>>,
    /// The selectors themselves, in the order of `selectors`.
    pub selector_data: Vec<Data>,
    /// The first part that cannot be read as what it should be, so that the rest is not all.
    pub unread: Option<Span>,
}

impl Role {
    /// Reads a role.
    #[must_use]
    pub fn read(root: View<'_>) -> Self {
        let aggregation = root.get("aggregationRule").filter(|it| it.is_map());
        let written = |view: View<'_>| (crate::yaml::json_write(&view.data()), view.data());
        let found: std::collections::BTreeMap<String, Data> = aggregation
            .into_iter()
            .flat_map(|it| it.list("clusterRoleSelectors"))
            .map(written)
            .collect();
        Self {
            rules: root.list("rules").map(read_rule).collect(),
            selectors: aggregation.map(|_| found.keys().cloned().collect()),
            selector_data: found.into_values().collect(),
            unread: unread(root),
        }
    }

    /// Returns the rules without their places.
    pub fn policy_rules(&self) -> impl Iterator<Item = &PolicyRule> {
        self.rules.iter().map(|rule| &rule.value)
    }
}

/// The lists of a rule.
const LISTS: [&str; 5] = ["apiGroups", "nonResourceURLs", "resourceNames", "resources", "verbs"];

fn unread(root: View<'_>) -> Option<Span> {
    let is_no_map = |view: &View<'_>| !view.is_null() && !view.is_map();
    let is_no_list = |view: &View<'_>| !view.is_null() && !view.is_list();
    let aggregation = root.get("aggregationRule");
    let selectors = aggregation.and_then(|it| it.get("clusterRoleSelectors"));
    let rules = root.get("rules");
    let parts = [
        aggregation.filter(is_no_map),
        selectors.filter(is_no_list),
        rules.filter(is_no_list),
        rules.into_iter().flat_map(View::items).find_map(unread_of_rule),
    ];
    parts.into_iter().flatten().next().map(View::span)
}

fn unread_of_rule(rule: View<'_>) -> Option<View<'_>> {
    if !rule.is_map() {
        return Some(rule);
    }
    let mut lists = LISTS.iter().filter_map(|key| rule.get(key));
    lists.find_map(|list| {
        if list.is_list() {
            return list.items().find(|word| word.scalar().is_none());
        }
        (!list.is_null()).then_some(list)
    })
}

fn read_rule(view: View<'_>) -> Located<PolicyRule> {
    let words = |key: &str| -> Words { view.list(key).filter_map(View::scalar).collect() };
    let value = PolicyRule {
        api_groups: words("apiGroups"),
        resources: words("resources"),
        resource_names: words("resourceNames"),
        non_resource_urls: words("nonResourceURLs"),
        verbs: words("verbs"),
    };
    Located { value, span: view.span() }
}

//! What is granted.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::PolicyRule;
use crate::document::View;
use crate::source::{FileId, Span};
use crate::yaml::Data;

/// One of the lists of a rule item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// `apiGroups`.
    ApiGroups,
    /// `nonResourceURLs`.
    NonResourceUrls,
    /// `resourceNames`.
    ResourceNames,
    /// `resources`.
    Resources,
    /// `verbs`.
    Verbs,
}

impl List {
    /// All lists.
    pub const ALL: [Self; 5] =
        [Self::ApiGroups, Self::NonResourceUrls, Self::ResourceNames, Self::Resources, Self::Verbs];

    /// Returns the key that the list stands under.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::ApiGroups => "apiGroups",
            Self::NonResourceUrls => "nonResourceURLs",
            Self::ResourceNames => "resourceNames",
            Self::Resources => "resources",
            Self::Verbs => "verbs",
        }
    }
}

/// A word of a rule item, such as one of its verbs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The list that it stands in.
    pub list: List,
    /// The word.
    pub text: SmolStr,
    /// Where it stands.
    pub span: Span,
}

/// A rule item of a role with its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleRule {
    /// What it grants.
    pub value: PolicyRule,
    /// Where all of it stands.
    pub span: Span,
    /// Its words, in the order written within each list.
    pub words: Vec<Word>,
}

impl RoleRule {
    /// Builds what is written nowhere.
    pub(super) fn unwritten(value: PolicyRule) -> Self {
        let span = Span::new(FileId::NOWHERE, 0, 0);
        let words = List::ALL.into_iter().flat_map(|list| {
            let words = match list {
                List::ApiGroups => &value.api_groups,
                List::NonResourceUrls => &value.non_resource_urls,
                List::ResourceNames => &value.resource_names,
                List::Resources => &value.resources,
                List::Verbs => &value.verbs,
            };
            words.iter().map(move |text| Word { list, text: text.clone(), span })
        });
        Self { words: words.collect(), span, value }
    }

    /// Returns the words of a list, in the order written.
    pub fn words_of(&self, list: List) -> impl Iterator<Item = &Word> {
        self.words.iter().filter(move |word| word.list == list)
    }

    /// Returns where a word stands first in a list.
    #[must_use]
    pub fn place_of(&self, list: List, text: &str) -> Option<Span> {
        self.words_of(list).find(|word| word.text == text).map(|word| word.span)
    }
}

/// A Role or ClusterRole.
#[derive(Debug, Clone)]
pub struct Role {
    /// Its rules, in the order written.
    pub rules: Vec<RoleRule>,
    /// The label selectors of its aggregation rule, as text that is equal where they are; none
    /// where it has no aggregation rule.
    pub selectors: Option<BTreeSet<String>>,
    /// The selectors themselves, in the order of `selectors`.
    pub selector_data: Vec<Data>,
    /// Where they stand, in the same order.
    pub selector_spans: Vec<Span>,
    /// The first part that cannot be read as what it should be, so that the rest is not all.
    pub unread: Option<Span>,
}

impl Role {
    /// Reads a role.
    #[must_use]
    pub fn read(root: View<'_>) -> Self {
        let aggregation = root.get("aggregationRule").filter(|it| it.is_map());
        let written =
            |view: View<'_>| (crate::yaml::json_write(&view.data()), (view.data(), view.span()));
        let found: std::collections::BTreeMap<String, (Data, Span)> = aggregation
            .into_iter()
            .flat_map(|it| it.list("clusterRoleSelectors"))
            .map(written)
            .collect();
        Self {
            rules: root.list("rules").map(read_rule).collect(),
            selectors: aggregation.map(|_| found.keys().cloned().collect()),
            selector_spans: found.values().map(|(_, span)| *span).collect(),
            selector_data: found.into_values().map(|(data, _)| data).collect(),
            unread: unread(root),
        }
    }

    /// Returns the rules without their places.
    pub fn policy_rules(&self) -> impl Iterator<Item = &PolicyRule> {
        self.rules.iter().map(|rule| &rule.value)
    }
}

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
    let mut lists = List::ALL.iter().filter_map(|list| rule.get(list.key()));
    lists.find_map(|list| {
        if list.is_list() {
            return list.items().find(|word| word.scalar().is_none());
        }
        (!list.is_null()).then_some(list)
    })
}

fn read_rule(view: View<'_>) -> RoleRule {
    let words = |list: List| {
        let word = move |it: View<'_>| Some(Word { list, text: it.scalar()?, span: it.span() });
        view.list(list.key()).filter_map(word)
    };
    let words: Vec<Word> = List::ALL.into_iter().flat_map(words).collect();
    let of = |list: List| {
        words.iter().filter(|word| word.list == list).map(|word| word.text.clone()).collect()
    };
    let value = PolicyRule {
        api_groups: of(List::ApiGroups),
        resources: of(List::Resources),
        resource_names: of(List::ResourceNames),
        non_resource_urls: of(List::NonResourceUrls),
        verbs: of(List::Verbs),
    };
    RoleRule { value, span: view.span(), words }
}

//! What a role grants, and when one grant covers another.

use std::collections::BTreeSet;

use smol_str::SmolStr;

/// A set of words of a rule, such as its verbs.
pub type Words = BTreeSet<SmolStr>;

/// One item of a role's `rules`, its lists as sets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRule {
    /// The URLs that are no resources; first, so that rules on resources come before them.
    #[serde(rename = "nonResourceURLs")]
    pub non_resource_urls: Words,
    /// The API groups.
    pub api_groups: Words,
    /// The resources and subresources.
    pub resources: Words,
    /// The names; empty: all.
    pub resource_names: Words,
    /// The verbs.
    pub verbs: Words,
}

impl PolicyRule {
    /// Tells whether every request that `other` grants is granted by this rule too, as the API
    /// server's own comparator judges it.
    ///
    /// Source: k8s.io/component-helpers, `auth/rbac/validation/policy_comparator.go`.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.covers_resources(other) && self.covers_urls(other)
    }

    /// Tells whether it grants every verb on every resource, of all groups or of the core group, which
    /// is no less: Secrets, accounts and the API of kubelets are in it.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        let all = |group| {
            let one = |word| Words::from([SmolStr::new_static(word)]);
            let (api_groups, resources, verbs) = (one(group), one("*"), one("*"));
            self.covers(&Self { api_groups, resources, verbs, ..Self::default() })
        };
        self.resources.contains("*") && (all("*") || all(""))
    }

    fn covers_resources(&self, other: &Self) -> bool {
        let nothing =
            other.api_groups.is_empty() || other.resources.is_empty() || other.verbs.is_empty();
        let names = self.resource_names.is_empty()
            || (!other.resource_names.is_empty()
                && other.resource_names.is_subset(&self.resource_names));
        nothing
            || (has_all(&self.verbs, &other.verbs)
                && has_all(&self.api_groups, &other.api_groups)
                && other.resources.iter().all(|resource| self.covers_resource(resource))
                && names)
    }

    fn covers_resource(&self, resource: &str) -> bool {
        let any_parent = || {
            let (_, sub) = resource.split_once('/')?;
            Some(self.resources.contains(format!("*/{sub}").as_str()))
        };
        self.resources.contains("*")
            || self.resources.contains(resource)
            || any_parent().unwrap_or(false)
    }

    fn covers_urls(&self, other: &Self) -> bool {
        let nothing = other.non_resource_urls.is_empty() || other.verbs.is_empty();
        nothing
            || (has_all(&self.verbs, &other.verbs)
                && other.non_resource_urls.iter().all(|url| self.covers_url(url)))
    }

    fn covers_url(&self, url: &str) -> bool {
        self.non_resource_urls.iter().any(|known| {
            known == url || known.ends_with('*') && url.starts_with(known.trim_end_matches('*'))
        })
    }

    /// Returns the rule without the words that other words of the same list cover, so that two
    /// rules that cover each other are equal.
    #[must_use]
    pub fn normal(&self) -> Self {
        let resources = without(&self.resources, |wide, narrow| {
            wide == "*"
                || wide.strip_prefix("*/").is_some_and(|sub| {
                    narrow.split_once('/').is_some_and(|(_, other)| other == sub)
                })
        });
        let urls = without(&self.non_resource_urls, |wide, narrow| {
            wide.ends_with('*') && narrow.starts_with(wide.trim_end_matches('*'))
        });
        Self {
            api_groups: without(&self.api_groups, |wide, _| wide == "*"),
            resources,
            resource_names: self.resource_names.clone(),
            non_resource_urls: urls,
            verbs: without(&self.verbs, |wide, _| wide == "*"),
        }
    }
}

impl std::fmt::Display for PolicyRule {
    /// Writes `get,list deployments.apps`, or `get /healthz`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let joined = |words: &Words| words.iter().cloned().collect::<Vec<_>>().join(",");
        write!(f, "{} ", joined(&self.verbs))?;
        if !self.non_resource_urls.is_empty() {
            return f.write_str(&joined(&self.non_resource_urls));
        }
        f.write_str(&joined(&self.resources))?;
        let groups = joined(&self.api_groups);
        if !groups.is_empty() {
            write!(f, ".{groups}")?;
        }
        match self.resource_names.is_empty() {
            true => Ok(()),
            false => write!(f, " named {}", joined(&self.resource_names)),
        }
    }
}

/// Tells whether `owner` holds `*` or all of `wanted`.
fn has_all(owner: &Words, wanted: &Words) -> bool {
    owner.contains("*") || wanted.is_subset(owner)
}

/// Returns the words that no other word of the list covers.
///
/// Of two words that cover each other (`/a*` and `/a**`) the first in order is kept.
fn without(words: &Words, covers: impl Fn(&str, &str) -> bool) -> Words {
    let beaten = |word: &SmolStr| {
        words.iter().any(|other| {
            other != word && covers(other, word) && (!covers(word, other) || other < word)
        })
    };
    words.iter().filter(|word| !beaten(word)).cloned().collect()
}

/// Returns the union of rules: in normal form, without those that another rule covers, in order.
///
/// The result does not depend on the order or the repetition of the input, and uniting it with
/// itself changes nothing.
#[must_use]
pub fn union<'a>(rules: impl IntoIterator<Item = &'a PolicyRule>) -> Vec<PolicyRule> {
    let all: BTreeSet<PolicyRule> = rules.into_iter().map(PolicyRule::normal).collect();
    let all: Vec<PolicyRule> = all.into_iter().collect();
    let beaten = |index: usize| {
        all.iter().enumerate().any(|(other, rule)| {
            other != index
                && rule.covers(&all[index])
                && (!all[index].covers(rule) || other < index)
        })
    };
    (0..all.len()).filter(|index| !beaten(*index)).map(|index| all[index].clone()).collect()
}

/// Tells whether each request that one of `wanted` grants is granted by a rule of `owner`.
#[must_use]
pub fn covered(owner: &[PolicyRule], wanted: &[PolicyRule]) -> bool {
    wanted
        .iter()
        .flat_map(PolicyRule::atoms)
        .all(|atom| owner.iter().any(|rule| rule.covers(&atom)))
}

/// Tells whether each request that a rule grants is granted by one of `owners`, which need not be the
/// same for all; a rule that grants no request is not told to be.
#[must_use]
pub fn covered_by(owners: &[&PolicyRule], wanted: &PolicyRule) -> bool {
    let may = |owner: &&&PolicyRule| {
        let meets = |one: &Words, other: &Words| {
            one.contains("*") || other.iter().any(|word| one.contains(word))
        };
        meets(&owner.verbs, &wanted.verbs)
            && (meets(&owner.api_groups, &wanted.api_groups)
                || !wanted.non_resource_urls.is_empty())
    };
    let owners: Vec<&PolicyRule> = owners.iter().filter(may).copied().collect();
    if owners.is_empty() {
        return false;
    }
    if owners.iter().any(|owner| owner.covers(wanted)) {
        return !wanted.atoms().is_empty();
    }
    // Each resource needs somebody who names it: most rules are told apart by that.
    let names = |resource: &SmolStr| owners.iter().any(|owner| owner.covers_resource(resource));
    if owners.len() < 2 || !wanted.resources.iter().all(names) {
        return false;
    }
    let atoms = wanted.atoms();
    !atoms.is_empty() && atoms.iter().all(|atom| owners.iter().any(|owner| owner.covers(atom)))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn words(list: &str) -> Words {
        list.split_whitespace()
            .map(|word| if word == "core" { "" } else { word })
            .map(SmolStr::new)
            .collect()
    }

    /// Builds a rule of lists of words; `core` is the core group.
    pub(in crate::rbac) fn rule(
        groups: &str,
        resources: &str,
        verbs: &str,
        names: &str,
    ) -> PolicyRule {
        PolicyRule {
            api_groups: words(groups),
            resources: words(resources),
            resource_names: words(names),
            verbs: words(verbs),
            ..PolicyRule::default()
        }
    }

    #[test]
    fn coverage_is_the_servers() {
        let table = [
            (rule("core", "pods", "get list", ""), rule("core", "pods", "get", ""), true),
            (rule("core", "pods", "get", ""), rule("core", "pods", "get", "a"), true),
            (rule("core", "pods", "get", "a"), rule("core", "pods", "get", ""), false),
            (rule("core", "pods", "get", "a b"), rule("core", "pods", "get", "b"), true),
            (rule("core", "*", "*", ""), rule("core", "pods/exec", "create", ""), true),
            (rule("core", "pods", "get", ""), rule("core", "pods/log", "get", ""), false),
            (rule("*", "*/scale", "get", ""), rule("apps", "deployments/scale", "get", ""), true),
            (rule("core", "pods", "get", ""), rule("core", "pods", "*", ""), false),
            (rule("core apps", "pods", "get", ""), rule("apps", "pods", "get", ""), true),
            (rule("core", "pods", "get", ""), rule("core", "pods", "", ""), true),
        ];
        for (owner, other, expected) in table {
            assert_eq!(owner.covers(&other), expected, "{owner:?} {other:?}");
        }
    }

    #[test]
    fn rules_read_as_words() {
        let table = [
            (rule("core", "pods", "get list", ""), "get,list pods"),
            (rule("apps", "deployments", "get", "a"), "get deployments.apps named a"),
        ];
        for (rule, expected) in table {
            assert_eq!(rule.to_string(), expected);
        }
    }

    #[test]
    fn urls_are_covered_by_a_trailing_star() {
        let urls = |list: &str| PolicyRule {
            non_resource_urls: words(list),
            verbs: words("get"),
            ..PolicyRule::default()
        };
        assert!(urls("/healthz*").covers(&urls("/healthz/ping")));
        assert!(!urls("/healthz/*").covers(&urls("/healthz")));
        assert!(!urls("/a").covers(&rule("core", "pods", "get", "")));
    }

    #[test]
    fn several_rules_cover_one_together() {
        let owner = [rule("core", "pods", "get", ""), rule("core", "pods", "list", "")];
        assert!(covered(&owner, &[rule("core", "pods", "get list", "")]));
        assert!(!covered(&owner, &[rule("core", "pods", "watch", "")]));
    }

    #[test]
    fn what_grants_nothing_is_not_told_to_be_covered() {
        let (get, list) = (rule("core", "pods", "get", ""), rule("core apps", "pods", "list", ""));
        let table = [
            (rule("core", "pods", "get list", ""), true),
            (rule("core", "pods", "get list", "a"), true),
            (rule("core", "pods secrets", "get", ""), false),
            (rule("core apps", "pods", "get list", ""), false),
            (rule("core", "pods", "", ""), false),
        ];
        for (wanted, expected) in table {
            assert_eq!(covered_by(&[&get, &list], &wanted), expected, "{wanted}");
        }
    }

    #[test]
    fn the_union_keeps_what_no_other_rule_covers() {
        let (wide, narrow, other) = (
            rule("core", "pods", "* get", ""),
            rule("core", "pods", "list", ""),
            rule("apps", "deployments", "get", ""),
        );
        let merged = union([&narrow, &wide, &other, &wide]);
        assert_eq!(merged, [rule("core", "pods", "*", ""), other.clone()]);
        assert_eq!(union(&merged), merged);
    }
}

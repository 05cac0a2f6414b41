//! Rules taken apart into single grants, what two of them share, and single grants put together again.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{PolicyRule, Words, resources};

/// The verbs of a resource that nothing is known of.
const VERBS: [&str; 8] =
    ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

impl PolicyRule {
    /// Breaks the rule into rules of one verb, group, resource and name, or of one verb and URL.
    #[must_use]
    pub fn atoms(&self) -> Vec<Self> {
        let mut atoms = Vec::new();
        let names: Vec<Words> = match self.resource_names.is_empty() {
            true => vec![Words::new()],
            false => self.resource_names.iter().map(one).collect(),
        };
        let groups = self.api_groups.iter();
        let homes: Vec<_> =
            groups.flat_map(|group| self.resources.iter().map(move |it| (group, it))).collect();
        for verb in &self.verbs {
            for (group, resource) in &homes {
                atoms.extend(names.iter().map(|names| Self {
                    api_groups: one(group),
                    resources: one(resource),
                    resource_names: names.clone(),
                    verbs: one(verb),
                    ..Self::default()
                }));
            }
            atoms.extend(self.non_resource_urls.iter().map(|url| Self {
                non_resource_urls: one(url),
                verbs: one(verb),
                ..Self::default()
            }));
        }
        atoms
    }

    /// Returns what two atoms both grant; none where that is nothing.
    #[must_use]
    pub fn shared(&self, other: &Self) -> Option<Self> {
        let verbs = narrower(&self.verbs, &other.verbs, |wide, _| wide == "*")?;
        if !self.non_resource_urls.is_empty() {
            let urls = narrower(&self.non_resource_urls, &other.non_resource_urls, |wide, url| {
                wide.ends_with('*') && url.starts_with(wide.trim_end_matches('*'))
            })?;
            return Some(Self { non_resource_urls: urls, verbs, ..Self::default() });
        }
        let api_groups = narrower(&self.api_groups, &other.api_groups, |wide, _| wide == "*")?;
        let resources = narrower(&self.resources, &other.resources, |wide, resource| {
            wide == "*"
                || wide.strip_prefix("*/").is_some_and(|sub| {
                    resource.split_once('/').is_some_and(|(_, other)| other == sub)
                })
        })?;
        let resource_names = match (self.resource_names.first(), other.resource_names.first()) {
            (None, _) => other.resource_names.clone(),
            (_, None) => self.resource_names.clone(),
            (one, two) if one == two => self.resource_names.clone(),
            _ => return None,
        };
        Some(Self { api_groups, resources, resource_names, verbs, ..Self::default() })
    }

    /// Returns an atom of all verbs as one for each verb that its resource is known to take; none
    /// where it has not all verbs, or where they cannot be told.
    #[must_use]
    pub fn by_verb(&self) -> Option<Vec<Self>> {
        let (group, resource) = (self.api_groups.first()?, self.resources.first()?);
        if !self.verbs.contains("*") || group == "*" || resource.contains('*') {
            return None;
        }
        let known = match resources::lookup(group, resource) {
            Some(target) => target.verbs.to_vec(),
            None if resources::is_listed(group) => return None,
            None => VERBS.to_vec(),
        };
        let of =
            |verb: &'static str| Self { verbs: one(&SmolStr::new_static(verb)), ..self.clone() };
        Some(known.into_iter().map(of).collect())
    }
}

fn one(word: &SmolStr) -> Words {
    Words::from([word.clone()])
}

/// Returns which of two lists of one word the other takes in.
fn narrower(one: &Words, other: &Words, takes: impl Fn(&str, &str) -> bool) -> Option<Words> {
    let (first, second) = (one.first()?, other.first()?);
    if first == second || takes(second, first) {
        return Some(one.clone());
    }
    takes(first, second).then(|| other.clone())
}

/// Returns what rules grant and others do not; of all verbs those are named that the others lack, where
/// they have some.
#[must_use]
pub fn beyond(rules: &[PolicyRule], others: &[PolicyRule]) -> Vec<PolicyRule> {
    let is_held = |atom: &PolicyRule| others.iter().any(|it| it.covers(atom));
    let theirs: Vec<PolicyRule> = others.iter().flat_map(PolicyRule::atoms).collect();
    let has_some = |atom: &PolicyRule| theirs.iter().any(|it| it.shared(atom).is_some());
    let atoms = rules.iter().flat_map(PolicyRule::atoms).filter(|it| !is_held(it));
    let named = atoms.flat_map(|atom| match atom.by_verb().filter(|_| has_some(&atom)) {
        Some(atoms) => atoms,
        None => vec![atom],
    });
    gathered(named.filter(|it| !is_held(it)))
}

/// Puts atoms together into few rules that grant the same.
#[must_use]
pub fn gathered(atoms: impl IntoIterator<Item = PolicyRule>) -> Vec<PolicyRule> {
    let mut rules: BTreeSet<PolicyRule> = atoms.into_iter().collect();
    let lists: [fn(&mut PolicyRule) -> &mut Words; 5] = [
        |rule| &mut rule.verbs,
        |rule| &mut rule.resource_names,
        |rule| &mut rule.resources,
        |rule| &mut rule.non_resource_urls,
        |rule| &mut rule.api_groups,
    ];
    for list in lists {
        // Rules that are equal but for one list become one with all words of that list; no names at all
        // mean every name, and are nothing to put beside others.
        let mut alike: BTreeMap<(PolicyRule, bool), Words> = BTreeMap::new();
        for mut rule in rules {
            let words = std::mem::take(list(&mut rule));
            alike.entry((rule, words.is_empty())).or_default().extend(words);
        }
        let whole = |((mut rule, _), words): ((PolicyRule, bool), Words)| {
            *list(&mut rule) = words;
            rule
        };
        rules = alike.into_iter().map(whole).collect();
    }
    rules.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::access::Request;
    use super::super::rule::tests::rule;
    use super::*;

    #[test]
    fn what_two_atoms_share_is_the_narrower_of_each_word() {
        let any = rule("*", "*", "*", "");
        let table = [
            (rule("core", "pods", "*", ""), any.clone(), Some("* pods")),
            (any.clone(), any, Some("* *.*")),
            (rule("*", "pods", "get", ""), rule("core", "*", "*", "a"), Some("get pods named a")),
            (
                rule("core", "*/log", "get", ""),
                rule("core", "pods/log", "get", ""),
                Some("get pods/log"),
            ),
            (rule("core", "pods", "get", "a"), rule("core", "pods", "get", "b"), None),
            (rule("core", "pods", "get", ""), rule("core", "pods", "list", ""), None),
        ];
        for (first, second, expected) in table {
            let shared = |one: &PolicyRule, two| one.shared(two).map(|it| it.to_string());
            assert_eq!(shared(&first, &second).as_deref(), expected, "{first} and {second}");
            assert_eq!(shared(&second, &first).as_deref(), expected, "{second} and {first}");
        }
    }

    fn some(of: &'static [&'static str], least: usize) -> impl Strategy<Value = Words> {
        proptest::sample::subsequence(of, least..=of.len())
            .prop_map(|it| it.into_iter().map(SmolStr::new).collect())
    }

    fn any_rule() -> impl Strategy<Value = PolicyRule> {
        let lists = (
            some(&["", "apps", "*"], 1),
            some(&["pods", "pods/log", "*/log", "*"], 1),
            some(&["a", "b"], 0),
            some(&["get", "list", "*"], 1),
        );
        lists.prop_map(|(api_groups, resources, resource_names, verbs)| PolicyRule {
            api_groups,
            resources,
            resource_names,
            verbs,
            ..PolicyRule::default()
        })
    }

    /// Returns all requests over some words.
    fn requests() -> impl Iterator<Item = Request<'static>> {
        let groups = ["", "apps", "other"].into_iter();
        let each = groups.flat_map(|group| {
            ["pods", "pods/log", "nodes/log", "other"].map(|resource| (group, resource))
        });
        let each = each.flat_map(|it| ["get", "list", "other"].map(|verb| (it, verb)));
        each.flat_map(|((group, resource), verb)| {
            let plain = Request::new(verb, group, resource);
            [plain, plain.named("a"), plain.named("b"), plain.named("c")]
        })
    }

    proptest! {
        #[test]
        fn rules_taken_apart_and_put_together_grant_the_same(
            rules in proptest::collection::vec(any_rule(), 1..4)
        ) {
            let again = gathered(rules.iter().flat_map(PolicyRule::atoms));
            for request in requests() {
                let before = rules.iter().any(|it| it.allows(&request));
                let after = again.iter().any(|it| it.allows(&request));
                prop_assert_eq!(before, after, "{:?}", request);
            }
        }

        #[test]
        fn what_is_shared_is_what_both_grant(one in any_rule(), two in any_rule()) {
            for (one, two) in one.atoms().iter().zip(two.atoms()) {
                let shared = one.shared(&two);
                for request in requests() {
                    let both = one.allows(&request) && two.allows(&request);
                    let is_shared = shared.as_ref().is_some_and(|it| it.allows(&request));
                    prop_assert_eq!(both, is_shared, "{} and {}: {:?}", one, two, request);
                }
            }
        }
    }
}

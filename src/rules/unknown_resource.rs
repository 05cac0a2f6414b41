//! Resources that no server has.

use super::grants::Item;
use super::idle::{Idle, finding, is_built_in, replace, told, words_where};
use super::{Facts, Family, Fixable, Meta, Rule};
use crate::finding::{Finding, Severity};
use crate::rbac::{List, Word, resources};

/// The rule `unknown-resource`.
pub(super) struct UnknownResource;

static META: Meta = Meta {
    name: "unknown-resource",
    family: Family::Hygiene,
    summary: "a resource that its API group does not have",
    severity: Severity::Warning,
    fix: Fixable::Safe,
    explanation: include_str!("unknown_resource.md"),
    ..Meta::PLAIN
};

impl Rule for UnknownResource {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let judge = |item: &Item<'_>| finding(facts, &META, item, judge(facts, item)?);
        let items = facts.items.iter().chain(&facts.own_items);
        items.filter(|item| !is_built_in(item)).filter_map(judge).collect()
    }
}

/// What is known of an item's groups.
enum Groups {
    /// All are Kubernetes' own.
    Listed,
    /// All are defined by CRDs among the inputs.
    Custom,
}

fn judge<'a>(facts: &Facts<'_>, item: &Item<'a>) -> Option<Idle<'a>> {
    let rule = &item.rule.value;
    let groups = groups(facts, item)?;
    let is_unknown = |word: &str| {
        if word.contains('*') {
            return false;
        }
        match groups {
            Groups::Listed => {
                let is_there =
                    rule.api_groups.iter().any(|it| resources::lookup(it, word).is_some());
                // What another group has is found by another rule.
                !is_there && resources::homes(word).next().is_none()
            }
            Groups::Custom => near(facts, item, word).is_some(),
        }
    };
    let words = words_where(item, List::Resources, is_unknown);
    let first = words.first()?;
    let meant_by = |word: &Word| match groups {
        Groups::Listed => {
            let is_there = |it: &resources::Resource| rule.api_groups.contains(it.group);
            let is_home = |meant: &String| resources::homes(meant).any(is_there);
            let meant = resources::plural_meant(&word.text).filter(is_home);
            meant.or_else(|| resources::subresource_meant(&word.text).filter(is_home))
        }
        Groups::Custom => near(facts, item, &word.text),
    };
    let meant: Vec<_> = words.iter().map(|word| (*word, meant_by(word))).collect();
    // A resource that lacks a subresource is there, and mostly granted beside it.
    let is_sub = |word: &&Word| {
        let plural = word.text.split('/').next().unwrap_or_default();
        plural != word.text && resources::homes(plural).next().is_some()
    };
    let is_beside = |meant: &str| rule.resources.contains(meant);
    let is_harmless = |(word, meant): &(&Word, Option<String>)| match meant {
        Some(meant) => is_beside(meant),
        None => is_sub(word),
    };
    let severity = if meant.iter().all(is_harmless) { Severity::Info } else { META.severity };
    let help = match meant.first() {
        Some((_, Some(meant))) if is_beside(meant) => {
            format!("leave it away: `{meant}` stands beside it")
        }
        Some((_, Some(meant))) => format!("write `{meant}`"),
        _ if is_sub(first) => "leave it away: the resource has no such subresource".into(),
        _ => "write the plural that `kubectl api-resources` shows".into(),
    };
    // To write what is there already would say it twice.
    let is_new = meant.iter().all(|(_, meant)| !meant.as_deref().is_some_and(is_beside));
    Some(Idle {
        severity,
        confidence: None,
        message: format!("names {}, which {} not have", told(&words), told_groups(item)),
        label: "no resource",
        help,
        fix: replace("write the resource's name", &meant).filter(|_| is_new),
        words,
    })
}

/// Returns what is known of an item's groups; none where what they serve is not.
fn groups(facts: &Facts<'_>, item: &Item<'_>) -> Option<Groups> {
    let (groups, custom) = (&item.rule.value.api_groups, facts.estate.custom());
    if groups.is_empty() {
        return None;
    }
    if groups.iter().all(|group| resources::is_listed(group)) {
        return Some(Groups::Listed);
    }
    let is_custom = |group: &str| !resources::is_listed(group) && custom.has_group(group);
    groups.iter().all(|group| is_custom(group)).then_some(Groups::Custom)
}

/// Returns the resource of a CRD that differs from a word in one letter, if the word is none.
fn near(facts: &Facts<'_>, item: &Item<'_>, word: &str) -> Option<String> {
    let (plural, sub) = match word.split_once('/') {
        Some((plural, sub)) => (plural, Some(sub)),
        None => (word, None),
    };
    let custom = facts.estate.custom();
    let groups = || item.rule.value.api_groups.iter();
    if groups().any(|group| custom.of_plural(group, plural).is_some()) {
        return None;
    }
    let mut known = groups().flat_map(|group| custom.plurals_of(group));
    let near = known.find(|known| strsim::damerau_levenshtein(known, plural) <= 1)?;
    Some(sub.map_or_else(|| near.to_string(), |sub| format!("{near}/{sub}")))
}

/// Returns the groups of an item in words, with the verb that follows.
fn told_groups(item: &Item<'_>) -> String {
    let name = |group: &smol_str::SmolStr| match group.as_str() {
        "" => "the core group".to_owned(),
        group => group.to_owned(),
    };
    let names: Vec<String> = item.rule.value.api_groups.iter().map(name).collect();
    match names.as_slice() {
        [only] => format!("{only} does"),
        all => format!("{} do", crate::finding::listed(all)),
    }
}

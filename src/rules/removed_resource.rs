//! Resources that Kubernetes has no more.

use std::collections::BTreeMap;

use super::grants::Item;
use super::idle::{Idle, finding, is_built_in, told};
use super::wrong_api_group::homes_are_named;
use super::{Facts, Family, Fixable, Meta, Rule};
use crate::finding::{Edit, Finding, Fix, Severity};
use crate::rbac::{List, ObjectId, Word, resources};

/// The rule `removed-resource`.
pub(super) struct RemovedResource;

static META: Meta = Meta {
    name: "removed-resource",
    family: Family::Hygiene,
    summary: "a resource that the target version of Kubernetes has no more",
    severity: Severity::Info,
    fix: Fixable::Safe,
    explanation: include_str!("removed_resource.md"),
    ..Meta::PLAIN
};

impl Rule for RemovedResource {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let mut roles: BTreeMap<ObjectId, Vec<(&Item<'_>, Vec<&Word>)>> = BTreeMap::new();
        for item in facts.items.iter().filter(|item| !is_built_in(item)) {
            let words = removed(facts, item);
            if !words.is_empty() {
                roles.entry(item.role).or_default().push((item, words));
            }
        }
        roles.into_values().filter_map(|items| of_role(facts, &items)).collect()
    }
}

/// Judges what the items of a role name: one role mostly names several of them.
fn of_role(facts: &Facts<'_>, items: &[(&Item<'_>, Vec<&Word>)]) -> Option<Finding> {
    let (first, _) = items.first()?;
    let words: Vec<&Word> = items.iter().flat_map(|(_, words)| words.iter().copied()).collect();
    let verb = if words.len() == 1 { "is" } else { "are" };
    let groups = items.iter().flat_map(|(item, words)| groups_without(facts, item, words));
    let mut groups: Vec<&Word> = groups.collect();
    groups.dedup_by(|one, other| one.text == other.text);
    let edits = items.iter().map(|(item, words)| dropped(facts, item, words));
    let edits: Option<Vec<Edit>> = edits.collect();
    let is_whole = |edit: &Edit, (item, _): &(&Item<'_>, Vec<&Word>)| {
        *edit == Edit::Remove { span: item.rule.span }
    };
    let whole = |edits: &Vec<Edit>| {
        edits.iter().zip(items).filter(|(edit, item)| is_whole(edit, item)).count()
    };
    let rules = first.object.role().map_or(0, |role| role.rules.len());
    let idle = Idle {
        severity: META.severity,
        confidence: None,
        message: format!("names {}, which {verb} no more in {}", told(&words), told(&groups)),
        label: "removed",
        help:
            "drop it, or tell rolecall the Kubernetes version of older clusters by `--kube-version`"
                .into(),
        words: items.iter().flat_map(|(item, words)| places(facts, item, words)).collect(),
        // A role without rules would be another finding.
        fix: edits
            .filter(|edits| whole(edits) < rules)
            .map(|edits| Fix { title: "drop what Kubernetes has no more".into(), edits }),
    };
    finding(facts, &META, first, idle)
}

/// Returns the resources of an item that one of its groups has no more, and none has: where another
/// group serves it the role names that as well, or it would be in a wrong group.
fn removed<'a>(facts: &Facts<'_>, item: &Item<'a>) -> Vec<&'a Word> {
    let groups = &item.rule.value.api_groups;
    let is_removed = |word: &&Word| {
        let targets = groups.iter().filter_map(|group| resources::lookup(group, &word.text));
        let is_served = |it: &resources::Resource| it.is_served_by(facts.minor);
        let gone = targets.into_iter().any(|it| !is_served(it.resource));
        let plural = word.text.split('/').next().unwrap_or_default();
        gone && (homes_are_named(facts, item, &word.text)
            || !resources::homes(plural).any(is_served))
    };
    item.rule.words_of(List::Resources).filter(is_removed).collect()
}

/// Returns the groups of an item that have any of these resources no more.
fn groups_without<'a>(facts: &Facts<'_>, item: &Item<'a>, words: &[&Word]) -> Vec<&'a Word> {
    let is_gone = |group: &str, resource: &str| {
        let target = resources::lookup(group, resource);
        target.is_some_and(|it| !it.resource.is_served_by(facts.minor))
    };
    let groups = item.rule.words_of(List::ApiGroups);
    groups.filter(|group| words.iter().any(|word| is_gone(&group.text, &word.text))).collect()
}

/// Returns the words that have no effect: the groups, where another group of the item has the
/// resources, else the resources.
fn places<'a>(facts: &Facts<'_>, item: &Item<'a>, words: &[&'a Word]) -> Vec<&'a Word> {
    let is_served = |word: &&Word| {
        let groups = item.rule.value.api_groups.iter();
        let mut targets = groups.filter_map(|group| resources::lookup(group, &word.text));
        targets.any(|it| it.resource.is_served_by(facts.minor))
    };
    match words.iter().all(is_served) {
        true => groups_without(facts, item, words),
        false => words.to_vec(),
    }
}

/// Plans to drop what has no effect of an item: all of it, or the group that serves nothing of it.
fn dropped(facts: &Facts<'_>, item: &Item<'_>, words: &[&Word]) -> Option<Edit> {
    let rule = &item.rule.value;
    let serves = |group: &str, resource: &str| {
        let target = resources::lookup(group, resource);
        target.is_none_or(|it| it.resource.is_served_by(facts.minor))
    };
    let gives = |group: &str| rule.resources.iter().any(|it| it.contains('*') || serves(group, it));
    let mut dead = item.rule.words_of(List::ApiGroups).filter(|group| !gives(&group.text));
    let (dead, more) = (dead.next(), dead.next());
    match dead {
        Some(_) if rule.api_groups.len() == 1 => Some(Edit::Remove { span: item.rule.span }),
        Some(group) if more.is_none() => Some(Edit::Remove { span: group.span }),
        _ => {
            let only = words.first().filter(|_| words.len() == 1 && rule.resources.len() > 1)?;
            let is_dead = !rule.api_groups.iter().any(|group| serves(group, &only.text));
            is_dead.then_some(Edit::Remove { span: only.span })
        }
    }
}

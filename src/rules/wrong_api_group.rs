//! Resources beside groups that do not have them.

use super::grants::Item;
use super::idle::{Idle, IdleRule, replace, told, words_where};
use super::{Facts, Family, Fixable, Meta};
use crate::finding::{Edit, Fix, Severity, listed};
use crate::rbac::resources::{self, Resource};
use crate::rbac::{List, Word};

/// The rule `wrong-api-group`.
pub(super) static RULE: IdleRule = IdleRule {
    meta: Meta {
        name: "wrong-api-group",
        family: Family::Hygiene,
        summary: "a resource that another API group has",
        severity: Severity::Warning,
        fix: Fixable::Safe,
        explanation: include_str!("wrong_api_group.md"),
        ..Meta::PLAIN
    },
    judge,
};

fn judge<'a>(facts: &Facts<'_>, item: &Item<'a>) -> Option<Idle<'a>> {
    of_slips(item).or_else(|| of_strays(facts, item))
}

/// Judges groups that can be none, such as `apps/v1`.
fn of_slips<'a>(item: &Item<'a>) -> Option<Idle<'a>> {
    let words = words_where(item, List::ApiGroups, |it| resources::group_meant(it).is_some());
    let meant = |word: &Word| {
        let meant = resources::group_meant(&word.text).unwrap_or_default();
        // A group twice is no better.
        (!item.rule.value.api_groups.contains(meant)).then(|| meant.to_owned())
    };
    let meant: Vec<_> = words.iter().map(|word| (*word, meant(word))).collect();
    let first = resources::group_meant(&words.first()?.text).unwrap_or_default();
    Some(Idle {
        severity: Severity::Warning,
        confidence: None,
        message: format!("names the API group {}, which there is not", told(&words)),
        label: "no API group",
        help: format!("write `\"{first}\"`: groups have no version, and that of the core is empty"),
        fix: replace("write the API group", &meant),
        words,
    })
}

/// Judges resources that none of the groups has.
fn of_strays<'a>(facts: &Facts<'_>, item: &Item<'a>) -> Option<Idle<'a>> {
    let rule = &item.rule.value;
    let is_listed = |group: &str| resources::is_listed(group);
    if rule.api_groups.is_empty() || !rule.api_groups.iter().all(|group| is_listed(group)) {
        return None;
    }
    let words = words_where(item, List::Resources, |it| is_stray(facts, item, it));
    let first = words.first()?;
    let all: Vec<&str> = homes(facts, &first.text).map(|it| it.group).collect();
    let shown = |group: &&str| if group.is_empty() { "\"\"".to_owned() } else { (*group).into() };
    let shown: Vec<String> = all.iter().map(shown).collect();
    let verb = if words.len() == 1 { "is" } else { "are" };
    Some(Idle {
        severity: Severity::Warning,
        confidence: None,
        message: format!("names {}, which {verb} in none of the item's API groups", told(&words)),
        label: "in another group",
        help: format!("`{}` is in the API group {}", first.text, listed(&shown)),
        fix: moved(facts, item).or_else(|| added(facts, item)),
        words,
    })
}

/// Tells whether none of an item's groups has a resource, though another has.
fn is_stray(facts: &Facts<'_>, item: &Item<'_>, resource: &str) -> bool {
    if resource.contains('*') {
        return false;
    }
    let groups = || item.rule.value.api_groups.iter();
    let targets = || groups().filter_map(|group| resources::lookup(group, resource));
    if targets().any(|it| it.resource.is_served_by(facts.minor)) {
        return false;
    }
    let mut homes = homes(facts, resource).peekable();
    // What is left of an older release beside its new home is found by another rule.
    let is_left = || targets().next().is_some() && homes_are_named(facts, item, resource);
    homes.peek().is_some() && !is_left()
}

/// Returns the resources of a name that are served.
fn homes(facts: &Facts<'_>, resource: &str) -> impl Iterator<Item = &'static Resource> {
    let minor = facts.minor;
    resources::homes(resource).filter(move |it| it.is_served_by(minor) && it.is_home())
}

/// Tells whether an item of the same role names a resource beside a group that serves it.
pub(super) fn homes_are_named(facts: &Facts<'_>, item: &Item<'_>, resource: &str) -> bool {
    let plural = resource.split('/').next().unwrap_or(resource);
    let homes: Vec<&str> = homes(facts, plural).map(|it| it.group).collect();
    let names = |it: &crate::rbac::PolicyRule| {
        let has = |word: &str| it.resources.contains(word);
        (has("*") || has(plural) || has(resource))
            && it.api_groups.iter().any(|group| group == "*" || homes.contains(&group.as_str()))
    };
    item.object.role().is_some_and(|role| role.policy_rules().any(names))
}

/// Plans to write the one group of all resources in the place of the item's only group.
fn moved(facts: &Facts<'_>, item: &Item<'_>) -> Option<Fix> {
    let mut groups = item.rule.words_of(List::ApiGroups);
    let (group, None) = (groups.next()?, groups.next()) else { return None };
    let mut new = None;
    for resource in &item.rule.value.resources {
        let mut homes = homes(facts, resource);
        let (home, None) = (homes.next()?.group, homes.next()) else { return None };
        if !is_stray(facts, item, resource) || *new.get_or_insert(home) != home {
            return None;
        }
    }
    replace("write the API group", &[(group, Some(new?.to_owned()))])
}

/// Plans to add the groups of the strays to the list, where none gives anything else that the item
/// names.
fn added(facts: &Facts<'_>, item: &Item<'_>) -> Option<Fix> {
    let named = &item.rule.value.resources;
    let (strays, others): (Vec<_>, Vec<_>) = named.iter().partition(|it| is_stray(facts, item, it));
    let mut new: Vec<String> = Vec::new();
    for resource in strays {
        let mut homes = homes(facts, resource);
        let (home, None) = (homes.next()?.group, homes.next()) else { return None };
        if !new.iter().any(|known| known == home) {
            new.push(home.into());
        }
    }
    let gives = |group: &str, resource: &str| {
        resource.contains('*') || resources::lookup(group, resource).is_some()
    };
    if new.iter().any(|group| others.iter().any(|it| gives(group, it))) {
        return None;
    }
    let groups = || item.rule.words_of(List::ApiGroups);
    // What gives nothing may go by another fix.
    let useful = groups().filter(|group| others.iter().any(|it| gives(&group.text, it))).last();
    let edit = Edit::AddItems { behind: useful.or(groups().last())?.span, items: new };
    Some(Fix { title: "add the API group".into(), edits: vec![edit] })
}

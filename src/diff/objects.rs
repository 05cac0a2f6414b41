//! Which objects differ between two estates, and in what.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{Change, Lead, Side, fields};
use crate::finding::listed;
use crate::rbac::{Binding, Estate, GROUP, Identity, Object, PolicyRule, RoleRef, Subject, beyond};
use crate::yaml::{self, Data};

/// Returns the objects that differ, by identity; of several objects of one identity in an estate the
/// last one counts.
#[must_use]
pub fn objects(before: &Estate, after: &Estate) -> Vec<Change> {
    let (before, after) = (latest(before), latest(after));
    let all: BTreeSet<&Identity> = before.keys().chain(after.keys()).copied().collect();
    all.into_iter().filter_map(|it| change(it, (before.get(it), after.get(it)))).collect()
}

fn latest(estate: &Estate) -> BTreeMap<&Identity, &Object> {
    let named = estate.ids().filter(|(_, object)| !object.identity.name.is_empty());
    named.map(|(_, object)| (&object.identity, object)).collect()
}

fn change(
    identity: &Identity,
    (before, after): (Option<&&Object>, Option<&&Object>),
) -> Option<Change> {
    let side = |object: &&Object| Side { data: normal(object), ..Side::from(*object) };
    let role_refs = [before, after].map(|it| it.and_then(|it| it.binding()).map(|it| &it.role_ref));
    let (before, after) = (before.map(side), after.map(side));
    if before.as_ref().map(|it| &it.data) == after.as_ref().map(|it| &it.data) {
        return None;
    }
    let plain =
        Change { identity: identity.clone(), before, after, brought: None, lead: Lead::Sides };
    let words = words(&plain, role_refs);
    Some(Change { lead: Lead::Words(words), ..plain })
}

/// Says what changes about an object.
fn words(change: &Change, [old, new]: [Option<&RoleRef>; 2]) -> String {
    let (Some(before), Some(after)) = (&change.before, &change.after) else {
        let what = change.what().into_iter().map(|it| format!(", {it}")).collect::<String>();
        return format!("{}: {}{what}", change.identity, change.fate());
    };
    let mut words = Vec::new();
    if before.subjects != after.subjects {
        words.extend(change.what());
    }
    if let (Some(old), Some(new)) = (&before.rules, &after.rules) {
        words.extend(told("gains", &beyond(new, old)));
        words.extend(told("loses", &beyond(old, new)));
    }
    if let (Some(old), Some(new)) = (old, new)
        && old != new
    {
        words.push(format!("grants {new} in place of {old}"));
    }
    words.extend(fields::changed(&before.data, &after.data));
    if words.is_empty() {
        // Other words for the same rules or subjects.
        words.push("says the same in other words".into());
    }
    format!("{}: {}", change.identity, words.join(", "))
}

/// Says what is gained or lost.
fn told(verb: &str, rules: &[PolicyRule]) -> Option<String> {
    let rules: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
    (!rules.is_empty()).then(|| format!("{verb} {}", listed(&rules)))
}

/// Returns what an object says, its sets sorted and its defaults filled in, so that two which mean the
/// same are equal.
fn normal(object: &Object) -> Data {
    let mut data = object.data.clone();
    let Data::Map(root) = &mut data else { return data };
    if let (Some(namespace), Some(Data::Map(metadata))) =
        (&object.identity.namespace, root.get_mut("metadata"))
    {
        metadata.insert("namespace".into(), Data::Str(namespace.clone()));
    }
    if object.identity.group != GROUP {
        return data;
    }
    if let Some(binding) = object.binding().filter(|it| it.unread.is_none()) {
        root.remove("subjects");
        if !binding.subjects.is_empty() {
            root.insert("subjects".into(), subjects(binding));
        }
        if let Some(Data::Map(role_ref)) = root.get_mut("roleRef") {
            role_ref.insert("apiGroup".into(), Data::Str(binding.role_ref.api_group.clone()));
        }
    }
    if object.role().is_some_and(|it| it.unread.is_none()) {
        if let Some(Data::Map(aggregation)) = root.get_mut("aggregationRule")
            && let Some(Data::Seq(selectors)) = aggregation.get_mut("clusterRoleSelectors")
        {
            sort(selectors);
        }
        match root.get_mut("rules") {
            Some(Data::Seq(rules)) if !rules.is_empty() => {
                rules.iter_mut().for_each(sort_words);
                sort(rules);
            }
            _ => drop(root.remove("rules")),
        }
    }
    data
}

fn subjects(binding: &Binding) -> Data {
    let subject = |Subject { kind, namespace, name, api_group }: Subject| {
        let mut map = BTreeMap::new();
        let mut put = |key: &str, value: SmolStr| map.insert(key.into(), Data::Str(value));
        put("kind", kind);
        put("name", name);
        namespace.map(|namespace| put("namespace", namespace));
        if !api_group.is_empty() {
            put("apiGroup", api_group);
        }
        Data::Map(map)
    };
    Data::Seq(binding.by_canonical().into_keys().map(subject).collect())
}

/// Sorts the words of a rule's lists; an empty list is none.
fn sort_words(rule: &mut Data) {
    let Data::Map(rule) = rule else { return };
    rule.retain(|_, list| !matches!(list, Data::Null) && *list != Data::Seq(Vec::new()));
    for list in rule.values_mut() {
        if let Data::Seq(words) = list {
            sort(words);
        }
    }
}

fn sort(list: &mut Vec<Data>) {
    list.sort_by_cached_key(yaml::json_write);
    list.dedup();
}

//! A plan carried out.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::split::role_binding;
use super::{Action, Plan, Renamed, Share, Step};
use crate::rbac::{
    Estate, GROUP, Identity, MERGED_FROM, Object, ObjectId, OwnerKind, PolicyRule, Subject, Words,
    remove_ownership, union,
};
use crate::yaml::Data;

/// An object that is written: it holds what all of its contenders hold, or what one of them or one
/// namespace keeps of it.
#[derive(Debug, Clone)]
pub struct Merged {
    /// The identity.
    pub identity: Identity,
    /// The identity that it was made of: another one where it was renamed or split.
    pub origin: Identity,
    /// The object.
    pub data: Data,
    /// The contenders in the order in which they are applied.
    pub members: Vec<ObjectId>,
    /// The subjects, for a binding, sorted.
    pub subjects: Option<Vec<Subject>>,
    /// The rules, for a role, sorted.
    pub rules: Option<Vec<PolicyRule>>,
}

/// Carries out a plan: what is written for each step that leaves nothing out, by identity.
#[must_use]
pub fn apply(estate: &Estate, plan: &Plan) -> Vec<Merged> {
    let mut written: Vec<Merged> =
        plan.steps.iter().flat_map(|step| written(estate, step)).collect();
    written.sort_by(|one, other| one.identity.cmp(&other.identity));
    written
}

/// Returns an object that is written as it was before.
#[must_use]
pub fn kept(estate: &Estate, id: ObjectId) -> Merged {
    let object = estate.object(id);
    let subjects = object.binding().map(|_| unite_subjects(&[object]));
    let rules = object.role().map(|role| role.policy_rules().cloned().collect());
    Merged {
        identity: object.identity.clone(),
        origin: object.identity.clone(),
        data: object.data.clone(),
        members: vec![id],
        subjects,
        rules,
    }
}

fn written(estate: &Estate, step: &Step) -> Vec<Merged> {
    match &step.action {
        Action::LeaveOut { .. } => Vec::new(),
        Action::UniteSubjects | Action::UniteRules | Action::KeepOne => {
            let whole = united(estate, &step.identity, &step.members);
            whole.into_iter().collect()
        }
        Action::Rename(objects) => {
            objects.iter().filter_map(|it| renamed(estate, &step.identity, it)).collect()
        }
        Action::Split(shares) => shares.iter().filter_map(|it| share(estate, step, it)).collect(),
    }
}

/// Returns a release's object under its new name.
fn renamed(estate: &Estate, origin: &Identity, renamed: &Renamed) -> Option<Merged> {
    let identity = Identity { name: renamed.name.clone(), ..origin.clone() };
    let mut merged = united(estate, &identity, &[renamed.object])?;
    if let (Some(role), Data::Map(root)) = (&renamed.role, &mut merged.data)
        && let Some(Data::Map(role_ref)) = root.get_mut("roleRef")
    {
        role_ref.insert("name".into(), text(role.clone()));
    }
    Some(Merged { origin: origin.clone(), ..merged })
}

/// Returns the RoleBinding of a namespace.
fn share(estate: &Estate, step: &Step, share: &Share) -> Option<Merged> {
    let identity = role_binding(&step.identity, &share.namespace);
    let mut merged = united(estate, &identity, &step.members)?;
    let of_share = |it: &Subject| share.subjects.contains(&it.canonical());
    let subjects: Vec<Subject> = merged.subjects.into_iter().flatten().filter(of_share).collect();
    if let Data::Map(root) = &mut merged.data {
        root.insert("subjects".into(), Data::Seq(subjects.iter().map(subject).collect()));
    }
    Some(Merged { origin: step.identity.clone(), subjects: Some(subjects), ..merged })
}

/// Unites contenders under an identity.
fn united(estate: &Estate, identity: &Identity, members: &[ObjectId]) -> Option<Merged> {
    let objects: Vec<&Object> = members.iter().map(|id| estate.object(*id)).collect();
    let first = objects.first()?;
    let mut root = match (&first.data, identity.group.as_str()) {
        (Data::Map(root), GROUP) => frame(root, identity),
        (Data::Map(root), _) => root.clone(),
        _ => return None,
    };
    let (mut subjects, mut rules) = (None, None);
    if first.binding().is_some() {
        let united = unite_subjects(&objects);
        root.insert("roleRef".into(), role_ref(first)?);
        if !united.is_empty() {
            root.insert("subjects".into(), Data::Seq(united.iter().map(subject).collect()));
        }
        subjects = Some(united);
    } else if first.role().is_some() {
        let roles = objects.iter().filter_map(|object| object.role());
        let united = union(roles.flat_map(|role| role.policy_rules()));
        if let Some(aggregation) = unite_selectors(&objects) {
            root.insert("aggregationRule".into(), aggregation);
        }
        root.insert("rules".into(), Data::Seq(united.iter().map(rule).collect()));
        rules = Some(united);
    }
    root.insert("metadata".into(), metadata(estate, identity, members));
    Some(Merged {
        identity: identity.clone(),
        origin: identity.clone(),
        data: Data::Map(root),
        members: members.to_vec(),
        subjects,
        rules,
    })
}

/// Returns what a role or binding begins with, in the version that is served.
fn frame(root: &BTreeMap<SmolStr, Data>, identity: &Identity) -> BTreeMap<SmolStr, Data> {
    let rest = ["aggregationRule", "roleRef", "rules", "subjects"];
    let mut frame: BTreeMap<SmolStr, Data> =
        root.iter().filter(|(key, _)| !rest.contains(&key.as_str())).map(own).collect();
    frame.insert("apiVersion".into(), text(format!("{GROUP}/v1")));
    frame.insert("kind".into(), text(identity.kind.clone()));
    frame
}

fn own<'a>((key, value): (&'a SmolStr, &'a Data)) -> (SmolStr, Data) {
    (key.clone(), value.clone())
}

fn text(value: impl Into<SmolStr>) -> Data {
    Data::Str(value.into())
}

/// Unites the subjects: of two that the authorizer cannot tell apart the ServiceAccount is kept.
fn unite_subjects(objects: &[&Object]) -> Vec<Subject> {
    let bindings = objects.iter().filter_map(|object| object.binding());
    let mut held: BTreeMap<Subject, Subject> = BTreeMap::new();
    for bound in bindings.flat_map(|binding| &binding.subjects) {
        let kept = held.entry(bound.subject.canonical()).or_insert_with(|| bound.subject.clone());
        if bound.subject < *kept {
            *kept = bound.subject.clone();
        }
    }
    held.into_values().collect::<BTreeSet<_>>().into_iter().collect()
}

fn subject(subject: &Subject) -> Data {
    let mut entries = vec![("kind", &subject.kind), ("name", &subject.name)];
    entries.extend(subject.namespace.iter().map(|namespace| ("namespace", namespace)));
    if !subject.api_group.is_empty() {
        entries.push(("apiGroup", &subject.api_group));
    }
    Data::Map(entries.into_iter().map(|(key, value)| (key.into(), text(value.clone()))).collect())
}

fn role_ref(object: &Object) -> Option<Data> {
    let role_ref = &object.binding()?.role_ref;
    let entries =
        [("apiGroup", &role_ref.api_group), ("kind", &role_ref.kind), ("name", &role_ref.name)];
    Some(Data::Map(entries.map(|(key, value)| (key.into(), text(value.clone()))).into()))
}

fn rule(rule: &PolicyRule) -> Data {
    let lists: [(&str, &Words); 5] = [
        ("apiGroups", &rule.api_groups),
        ("nonResourceURLs", &rule.non_resource_urls),
        ("resourceNames", &rule.resource_names),
        ("resources", &rule.resources),
        ("verbs", &rule.verbs),
    ];
    let list = |words: &Words| Data::Seq(words.iter().cloned().map(Data::Str).collect());
    let held = lists.into_iter().filter(|(_, words)| !words.is_empty());
    Data::Map(held.map(|(key, words)| (key.into(), list(words))).collect())
}

/// Unites the selectors of the aggregation rules; none where no contender aggregates.
fn unite_selectors(objects: &[&Object]) -> Option<Data> {
    let roles: Vec<_> = objects.iter().filter_map(|object| object.role()).collect();
    roles.iter().find(|role| role.selectors.is_some())?;
    let mut held: BTreeMap<&String, &Data> = BTreeMap::new();
    for role in roles {
        held.extend(role.selectors.iter().flatten().zip(&role.selector_data));
    }
    let selectors = Data::Seq(held.into_values().cloned().collect());
    Some(Data::Map(BTreeMap::from([("clusterRoleSelectors".into(), selectors)])))
}

/// Returns name, namespace, what all contenders share of labels and annotations without Helm's
/// marks, and where the object comes from.
fn metadata(estate: &Estate, identity: &Identity, members: &[ObjectId]) -> Data {
    let objects: Vec<&Object> = members.iter().map(|id| estate.object(*id)).collect();
    let mut metadata = shared_metadata(&objects);
    metadata.insert("name".into(), text(identity.name.clone()));
    if let Some(namespace) = &identity.namespace {
        metadata.insert("namespace".into(), text(namespace.clone()));
    }
    for part in ["annotations", "labels"] {
        let shared = shared(&objects, part);
        if !shared.is_empty() {
            metadata.insert(part.into(), Data::Map(shared));
        }
    }
    let mut metadata = Data::Map(metadata);
    remove_ownership(&mut metadata);
    let sources = sources(estate, members);
    if let (Data::Map(entries), false) = (&mut metadata, sources.is_empty()) {
        let annotations =
            entries.entry("annotations".into()).or_insert_with(|| Data::Map(BTreeMap::new()));
        if let Data::Map(annotations) = annotations {
            let sources: Vec<String> = sources.into_iter().collect();
            annotations.insert(MERGED_FROM.into(), text(sources.join(", ")));
        }
    }
    metadata
}

fn annotations(object: &Object) -> Option<&BTreeMap<SmolStr, Data>> {
    part(object, "annotations")
}

fn part<'a>(object: &'a Object, name: &str) -> Option<&'a BTreeMap<SmolStr, Data>> {
    match whole_metadata(object)?.get(name) {
        Some(Data::Map(entries)) => Some(entries),
        _ => None,
    }
}

/// Returns what all contenders share of `metadata` besides labels and annotations.
fn shared_metadata(objects: &[&Object]) -> BTreeMap<SmolStr, Data> {
    let mut all = objects.iter().map(|object| whole_metadata(object));
    let Some(Some(first)) = all.next() else { return BTreeMap::new() };
    let mut shared = first.clone();
    for part in ["annotations", "labels", "namespace"] {
        shared.remove(part);
    }
    for other in all {
        shared.retain(|key, value| other.is_some_and(|other| other.get(key) == Some(value)));
    }
    shared
}

fn whole_metadata(object: &Object) -> Option<&BTreeMap<SmolStr, Data>> {
    let Data::Map(root) = &object.data else { return None };
    match root.get("metadata") {
        Some(Data::Map(metadata)) => Some(metadata),
        _ => None,
    }
}

fn shared(objects: &[&Object], name: &str) -> BTreeMap<SmolStr, Data> {
    let mut parts = objects.iter().map(|object| part(object, name));
    let Some(Some(first)) = parts.next() else { return BTreeMap::new() };
    let mut shared = first.clone();
    shared.remove(MERGED_FROM);
    for other in parts {
        shared.retain(|key, value| other.is_some_and(|other| other.get(key) == Some(value)));
    }
    shared
}

/// Returns who the object was made of: releases and files, for an object that was merged before
/// those it names; an export names nobody.
fn sources(estate: &Estate, members: &[ObjectId]) -> BTreeSet<String> {
    let source =
        |id: &ObjectId| match annotations(estate.object(*id)).and_then(|it| it.get(MERGED_FROM)) {
            Some(Data::Str(names)) => names.split(", ").map(String::from).collect(),
            _ if estate.owner_of(*id).kind == OwnerKind::Export => Vec::new(),
            _ => vec![estate.source(estate.object(*id).owner)],
        };
    members.iter().flat_map(source).collect()
}

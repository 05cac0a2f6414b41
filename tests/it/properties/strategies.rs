//! Names of their own and bindings of a namespace's own keep access, judged by the same model.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rolecall::merge::{Plan, Strategy as Way};
use rolecall::rbac::{Estate, ObjectId};
use rolecall::{collide, emit, merge};
use serde_json::{Value, json};

use super::model::{Key, RBAC, Universe, Who, all_of, key, role_ref, subjects};
use super::world::{Owner, releases};
use super::{estate, key_of, objects};

/// What each subject may do everywhere (no namespace) or in a namespace.
type Access = BTreeMap<(Who, Option<String>), Vec<bool>>;

/// Follows each binding to its role among some objects.
fn access(objects: &[(Key, Value)], universe: &Universe) -> Access {
    let mut access = Access::new();
    for (key, binding) in objects.iter().filter(|(key, _)| key.0.ends_with("Binding")) {
        let role = ("ClusterRole".to_owned(), None, role_ref(binding).1.unwrap_or_default());
        let Some((_, role)) = objects.iter().find(|(key, _)| *key == role) else { continue };
        let allowed = universe.allowed(role);
        for who in subjects(binding, key.1.as_deref()) {
            let held = access.remove(&(who.clone(), key.1.clone()));
            let all = all_of(held.into_iter().chain([allowed.clone()]));
            access.insert((who, key.1.clone()), all);
        }
    }
    access.retain(|_, allowed| allowed.contains(&true));
    access
}

/// Returns the objects with their keys as a release installs them.
fn installed(owner: &Owner) -> Vec<(Key, Value)> {
    let keyed = |it: &Value| (key(it, owner.namespace.as_deref()), it.clone());
    owner.objects.iter().map(keyed).collect()
}

/// Returns what a plan leaves on a cluster, without what it leaves out: what it writes, and what
/// it does not touch.
fn after(owners: &[Owner], estate: &Estate, plan: &Plan) -> Vec<(Key, Value)> {
    let touched: BTreeSet<ObjectId> = plan.steps.iter().flat_map(|it| it.members.clone()).collect();
    let merged = merge::apply(estate, plan);
    let text = emit::documents(merged.iter().map(|it| &it.data));
    let written = objects(&text).into_iter().map(|it| (key(&it, None), it));
    let all = owners.iter().flat_map(installed).enumerate();
    let rest = all.filter(|(at, _)| !touched.contains(&ObjectId(*at))).map(|(_, object)| object);
    written.chain(rest).collect()
}

/// Returns what a subject may do in a namespace.
fn at(access: &Access, who: &Who, namespace: Option<&str>) -> Vec<bool> {
    let get = |namespace: Option<&str>| access.get(&(who.clone(), namespace.map(str::to_owned)));
    all_of([None, namespace].into_iter().filter_map(get).cloned())
}

/// Adds a binding that can be split to each release: it binds the accounts that others bind.
fn with_shared_binding(mut owners: Vec<Owner>) -> Vec<Owner> {
    let version = format!("{RBAC}/v1");
    for owner in &mut owners {
        let bound =
            owner.objects.iter().flat_map(|it| it["subjects"].as_array().into_iter().flatten());
        let is_account =
            |it: &&Value| it["kind"] == "ServiceAccount" && it["namespace"].is_string();
        let subjects: Vec<Value> = bound.filter(is_account).cloned().collect();
        owner.objects.push(json!({
            "apiVersion": version, "kind": "ClusterRole", "metadata": {"name": "shared"},
            "rules": [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}],
        }));
        owner.objects.push(json!({
            "apiVersion": version, "kind": "ClusterRoleBinding", "metadata": {"name": "shared"},
            "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": "shared"},
            "subjects": subjects,
        }));
    }
    owners
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 4))]

    /// As if each release had the cluster to itself.
    #[test]
    fn names_of_their_own_give_each_release_its_own_access(owners in releases(2..=4)) {
        let universe = Universe::of(owners.iter().flat_map(|it| &it.objects));
        let mut alone = Access::new();
        for (place, allowed) in owners.iter().flat_map(|it| access(&installed(it), &universe)) {
            let held = alone.remove(&place);
            alone.insert(place, all_of(held.into_iter().chain([allowed])));
        }
        let estate = estate(&owners);
        let plan = Way::Rename.plan(&estate, &collide::find(&estate));
        prop_assert_eq!(plan.left_out().map(|(_, why)| why).collect::<Vec<_>>(), [""; 0]);
        let renamed = after(&owners, &estate, &plan);
        let keys: BTreeSet<&Key> = renamed.iter().map(|(key, _)| key).collect();
        prop_assert_eq!(keys.len(), renamed.len(), "no name is taken twice");
        let access = access(&renamed, &universe);
        prop_assert!(access == alone, "{renamed:#?}\n{access:?}\n{alone:?}");
    }

    /// A binding that is split takes access in other namespaces away, and nothing else.
    #[test]
    fn bindings_of_namespaces_keep_access_there(
        owners in releases(2..=4).prop_map(with_shared_binding),
    ) {
        let universe = Universe::of(owners.iter().flat_map(|it| &it.objects));
        let estate = estate(&owners);
        let collisions = collide::find(&estate);
        let plan = Way::RoleBinding.plan(&estate, &collisions);
        let left_out: BTreeSet<Key> = plan.left_out().map(|(it, _)| key_of(&it.identity)).collect();
        let mut united = after(&owners, &estate, &Way::Union.plan(&estate, &collisions));
        united.retain(|(key, _)| !left_out.contains(key));
        let united = access(&united, &universe);
        let split = access(&after(&owners, &estate, &plan), &universe);
        let places: BTreeSet<_> = united.keys().chain(split.keys()).cloned().collect();
        for (who, namespace) in places {
            let own = who.1.as_deref();
            let place = if who.0 == "ServiceAccount" { own } else { namespace.as_deref() };
            prop_assert_eq!(at(&united, &who, place), at(&split, &who, place));
            let (before, now) = (at(&united, &who, None), at(&split, &who, None));
            let gains = now.iter().zip(before.iter().chain(std::iter::repeat(&false)));
            prop_assert!(gains.into_iter().all(|(now, before)| *before || !now));
        }
    }
}

//! Properties of collisions and merging, over owners of any RBAC objects, judged by a model of the
//! API server that shares no code with rolecall.

pub(crate) mod model;
mod strategies;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rolecall::document::Document;
use rolecall::finding::OwnerName;
use rolecall::input::Text;
use rolecall::rbac::{
    Estate, Identity, Owner as EstateOwner, OwnerKind, PolicyRule, covered, union,
};
use rolecall::source::SourceMap;
use rolecall::{collide, emit, merge};
use serde_json::Value;

use crate::support::{arg, folder, rolecall};
use model::{Brought, Clash, Key, Universe, Who, all_of, clashes, key, selectors, subjects, text};
use world::{Owner, owners};

/// What a merge writes, and what it leaves out.
struct Merge {
    text: String,
    left_out: BTreeSet<Key>,
}

impl Merge {
    fn of(owners: &[Owner]) -> Self {
        let estate = estate(owners);
        let plan = merge::plan(&estate, &collide::find(&estate));
        let merged = merge::apply(&estate, &plan);
        Self {
            text: emit::documents(merged.iter().map(|it| &it.data)),
            left_out: plan.left_out().map(|(step, _)| key_of(&step.identity)).collect(),
        }
    }

    /// Reads the text again with a reader that is not rolecall's.
    fn objects(&self) -> Vec<Value> {
        objects(&self.text)
    }

    fn by_key(&self) -> BTreeMap<Key, String> {
        self.objects().iter().map(|object| (key(object, None), object.to_string())).collect()
    }

    /// Returns the output as a manifest file.
    fn owner(&self, name: &str) -> Owner {
        Owner { name: name.into(), namespace: None, objects: self.objects() }
    }
}

pub(crate) fn objects(text: &str) -> Vec<Value> {
    let documents = serde_yaml::Deserializer::from_str(text);
    let objects = documents.map(|it| serde::Deserialize::deserialize(it).expect("it is YAML"));
    objects.filter(|object: &Value| !object.is_null()).collect()
}

fn key_of(identity: &Identity) -> Key {
    let namespace = identity.namespace.as_ref().map(ToString::to_string);
    (identity.kind.to_string(), namespace, identity.name.to_string())
}

fn estate(owners: &[Owner]) -> Estate {
    let (mut estate, mut sources) = (Estate::new(), SourceMap::new());
    for owner in owners {
        let text = Text::of_bytes(owner.text().into(), &owner.name, &mut sources);
        let release = owner.namespace.is_some();
        let id = estate.add_owner(EstateOwner {
            name: OwnerName { name: owner.name.clone(), namespace: owner.namespace.clone() },
            kind: if release { OwnerKind::Release } else { OwnerKind::Manifest },
            chart: None,
            cluster: None,
            group: 0,
        });
        for document in Document::read_all(&text.expect("it is UTF-8")).expect("it is YAML") {
            estate.read(&document, id);
        }
    }
    estate
}

fn brought(owners: &[Owner]) -> Vec<Brought<'_>> {
    owners.iter().map(|it| (it.namespace.as_deref(), it.objects.as_slice())).collect()
}

/// Returns all objects of one identity.
fn contenders<'a>(owners: &'a [Owner], wanted: &Key) -> Vec<&'a Value> {
    let of_owner = |owner: &'a Owner| {
        owner.objects.iter().filter(|it| key(it, owner.namespace.as_deref()) == *wanted)
    };
    owners.iter().flat_map(of_owner).collect()
}

/// Tells whether a merge of a clash would drop something.
fn is_mergeable(clash: &Clash, members: &[&Value]) -> bool {
    let plain = |role: &&&Value| {
        selectors(role).is_none() && role["rules"].as_array().is_some_and(|it| !it.is_empty())
    };
    let aggregates = members.iter().any(|role| selectors(role).is_some());
    match clash.1 {
        "duplicate-object" | "role-ref-conflict" => false,
        "rules-overwritten" => !(aggregates && members.iter().any(|role| plain(&role))),
        "content-overwritten" => clash.0.0.contains("Role"),
        _ => true,
    }
}

/// Compares a merged object with all of its contenders.
fn whole(object: &Value, namespace: Option<&str>, members: &[&Value]) -> Result<(), TestCaseError> {
    let kind = text(object, &["kind"]).expect("it has a kind");
    if kind.ends_with("Binding") {
        let bound = subjects(object, namespace);
        let all: BTreeSet<Who> = members.iter().flat_map(|it| subjects(it, namespace)).collect();
        prop_assert_eq!(&bound, &all);
        let written = object["subjects"].as_array().map_or(0, Vec::len);
        prop_assert_eq!(written, all.len(), "no subject stands twice");
        members.iter().try_for_each(|it| {
            prop_assert_eq!(model::role_ref(object), model::role_ref(it));
            Ok(())
        })?;
    } else if kind.ends_with("Role") {
        let universe = Universe::of(members.iter().copied().chain([object]));
        let all = all_of(members.iter().map(|it| universe.allowed(it)));
        prop_assert!(universe.allowed(object) == all, "{object:#}\n{members:#?}");
        let united =
            members.iter().filter_map(|it| selectors(it)).reduce(|one, other| &one | &other);
        prop_assert_eq!(selectors(object), united);
    }
    let version = text(object, &["apiVersion"]);
    prop_assert!(!kind.contains("Role") || version.is_some_and(|it| it.ends_with("k8s.io/v1")));
    prop_assert!(!object.to_string().contains("meta.helm.sh"));
    prop_assert_ne!(&object["metadata"]["labels"]["app.kubernetes.io/managed-by"], "Helm");
    Ok(())
}

fn policy_rules(rules: &[Value]) -> Vec<PolicyRule> {
    let rule = |rule: &Value| {
        let words = |key: &str| {
            let words = rule[key].as_array().into_iter().flatten().filter_map(Value::as_str);
            words.map(Into::into).collect()
        };
        PolicyRule {
            non_resource_urls: words("nonResourceURLs"),
            api_groups: words("apiGroups"),
            resources: words("resources"),
            resource_names: words("resourceNames"),
            verbs: words("verbs"),
        }
    };
    rules.iter().map(rule).collect()
}

/// Two lists of rules of which the second often is a part of the first: its rules are those of the
/// first with some lists exchanged or left out.
fn two_lists_of_rules() -> impl Strategy<Value = (Vec<Value>, Vec<Value>)> {
    const KEYS: &[&str] = &["apiGroups", "nonResourceURLs", "resourceNames", "resources", "verbs"];
    let change =
        (any::<prop::sample::Index>(), world::rule(), prop::sample::subsequence(KEYS, 0..3));
    let lists = (prop::collection::vec(world::rule(), 1..4), prop::collection::vec(change, 1..4));
    lists.prop_map(|(owner, changes)| {
        let changed = |(of, with, keys): (prop::sample::Index, Value, Vec<&str>)| {
            let mut rule = of.get(&owner).clone();
            let lists = rule.as_object_mut().expect("a rule is a map");
            for key in keys {
                match with.get(key) {
                    Some(list) => lists.insert(key.into(), list.clone()),
                    None => lists.remove(key),
                };
            }
            rule
        };
        let wanted = changes.into_iter().map(changed).collect();
        (owner, wanted)
    })
}

fn role(rules: &[Value]) -> Value {
    serde_json::json!({"rules": rules})
}

proptest! {
    // Half of the default, so that PROPTEST_CASES counts.
    #![proptest_config(ProptestConfig::with_cases(ProptestConfig::default().cases / 2))]

    #[test]
    fn nothing_is_lost_and_nothing_is_added(owners in owners(1..=5)) {
        let merge = Merge::of(&owners);
        let mut expected = (BTreeSet::new(), BTreeSet::new());
        for clash in clashes(&brought(&owners)) {
            let members = contenders(&owners, &clash.0);
            match is_mergeable(&clash, &members) {
                true => expected.0.insert(clash.0),
                false => expected.1.insert(clash.0),
            };
        }
        let written = &expected.0 - &expected.1;
        prop_assert_eq!(&merge.left_out, &expected.1);
        prop_assert_eq!(merge.by_key().into_keys().collect::<BTreeSet<_>>(), written);
        for object in merge.objects() {
            let key = key(&object, None);
            whole(&object, key.1.as_deref(), &contenders(&owners, &key))?;
        }
    }

    #[test]
    fn collisions_are_those_of_the_model(owners in owners(1..=5)) {
        let estate = estate(&owners);
        let who = |subject: &rolecall::rbac::Subject| -> Who {
            let namespace = subject.namespace.as_ref().map(ToString::to_string);
            (subject.kind.to_string(), namespace, subject.name.to_string())
        };
        let mut found: Vec<Clash> = collide::find(&estate).iter().map(|collision| {
            let owners = collision.members.iter().map(|id| estate.object(*id).owner.0).collect();
            let lost = collision.lost.iter().map(who).collect();
            (key_of(&collision.identity), collision.outcome.word(), owners, lost)
        }).collect();
        found.sort();
        prop_assert_eq!(found, clashes(&brought(&owners)));
    }

    #[test]
    fn merging_again_changes_nothing(owners in owners(2..=4), first in any::<bool>()) {
        let merge = Merge::of(&owners);
        let mut again = owners;
        again.insert(if first { 0 } else { again.len() }, merge.owner("merged.yaml"));
        let again = Merge::of(&again);
        prop_assert_eq!(again.text, merge.text);
        prop_assert_eq!(again.left_out, merge.left_out);
    }

    #[test]
    fn the_order_of_the_owners_does_not_count(
        (owners, shuffled) in owners(2..=5)
            .prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
    ) {
        let (merge, other) = (Merge::of(&owners), Merge::of(&shuffled));
        prop_assert_eq!(merge.text, other.text);
        prop_assert_eq!(merge.left_out, other.left_out);
    }

    #[test]
    fn owners_may_be_merged_in_any_groups(owners in owners(3..=3)) {
        let [a, b, c] = <[Owner; 3]>::try_from(owners).expect("there are three");
        let pair = |one: &Owner, other: &Owner| Merge::of(&[one.clone(), other.clone()]);
        let all = Merge::of(&[a.clone(), b.clone(), c.clone()]).by_key();
        let left = pair(&pair(&a, &b).owner("ab.yaml"), &c).by_key();
        let right = pair(&a, &pair(&b, &c).owner("bc.yaml")).by_key();
        for (key, object) in &all {
            if [&a, &b, &c].iter().all(|it| contenders(std::slice::from_ref(it), key).len() == 1) {
                prop_assert_eq!(left.get(key), Some(object));
                prop_assert_eq!(right.get(key), Some(object));
            }
        }
    }

    #[test]
    fn coverage_is_that_of_the_model((owner, wanted) in two_lists_of_rules()) {
        let (one, other) = (role(&owner), role(&wanted));
        let universe = Universe::of([&one, &other]);
        let (held, asked) = (universe.allowed(&one), universe.allowed(&other));
        let all = held.iter().zip(&asked).all(|(held, asked)| *held || !asked);
        let (owner, wanted) = (policy_rules(&owner), policy_rules(&wanted));
        prop_assert_eq!(covered(&owner, &wanted), all);
        let united = union(owner.iter().chain(&wanted));
        prop_assert!(covered(&united, &owner) && covered(&united, &wanted));
        prop_assert!(covered(&[owner, wanted].concat(), &united));
        for (index, rule) in united.iter().enumerate() {
            let covers = |(at, other): (usize, &PolicyRule)| at != index && other.covers(rule);
            prop_assert!(!united.iter().enumerate().any(covers), "{rule:?} is covered");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// The whole program, on manifest files.
    #[test]
    fn the_program_says_who_loses_and_says_it_again(mut owners in owners(2..=4)) {
        owners.iter_mut().for_each(|it| it.namespace = None);
        let texts: Vec<(String, String)> =
            owners.iter().enumerate().map(|(at, it)| (format!("{at}.yaml"), it.text())).collect();
        let files = texts.iter().map(|(name, text)| (&**name, &**text));
        let folder = folder(&files.collect::<Vec<_>>());
        let paths: Vec<_> = texts.iter().map(|(name, _)| folder.path().join(name)).collect();
        let paths: Vec<&str> = paths.iter().map(|path| arg(path)).collect();
        for command in [&["lint", "--format", "json"][..], &["lint"], &["merge"]] {
            let args: Vec<&str> = command.iter().chain(&paths).copied().collect();
            let (run, again) = (rolecall(&args), rolecall(&args));
            prop_assert_eq!(run.transcript(), again.transcript());
        }
        let args: Vec<&str> = ["lint", "--format", "json"].iter().chain(&paths).copied().collect();
        let report = rolecall(&args).json();
        let collisions = report["collisions"].as_array().expect("it is a list");
        let part = |it: &Value, key: &str| text(it, &[key]);
        let names = |it: &Value| (part(it, "kind"), part(it, "namespace"), part(it, "name"));
        let mut found: Vec<_> = collisions.iter().map(|it| {
            let lost = it["lost"].as_array().expect("it is a list").iter();
            (names(it), part(it, "outcome"), lost.map(names).collect::<BTreeSet<_>>())
        }).collect();
        found.sort();
        let some = |(kind, namespace, name): Key| (Some(kind), namespace, Some(name));
        let all_of = |(key, outcome, _, lost): Clash| {
            (some(key), Some(outcome.to_owned()), lost.into_iter().map(some).collect())
        };
        let mut expected: Vec<_> = clashes(&brought(&owners)).into_iter().map(all_of).collect();
        expected.sort();
        prop_assert_eq!(found, expected);
    }
}

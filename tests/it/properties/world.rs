//! Owners with objects made of few words, so that they meet.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::model::RBAC;

const NAMESPACES: &[&str] = &["app1", "app2"];
const NAMES: &[&str] = &["a", "b"];
const GROUPS: &[&str] = &["", "apps", "*"];
const RESOURCES: &[&str] =
    &["pods", "pods/log", "pods/*", "*/log", "*/*", "*", "deployments/scale"];
const VERBS: &[&str] = &["get", "list", "use", "*"];
const RESOURCE_NAMES: &[&str] = &["a", "b", "", "*"];
const URLS: &[&str] = &["/a", "/a/", "/a/*", "/a*", "/a**", "/a/b", "/a/*/b", "/*", "*", "**"];
const URL_VERBS: &[&str] = &["get", "post", "*"];

/// A release, or a manifest file where it has no namespace.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    pub(crate) objects: Vec<Value>,
}

impl Owner {
    /// Returns the objects as one text, JSON being YAML; of an odd number as a list.
    pub(crate) fn text(&self) -> String {
        if self.objects.len() % 2 == 1 {
            let list = json!({"apiVersion": "v1", "kind": "List", "items": self.objects});
            return format!("{list:#}\n");
        }
        self.objects.iter().map(|object| format!("---\n{object:#}\n")).collect()
    }
}

/// Owners in the order in which they are applied; one in some holds an object twice.
pub(crate) fn owners(count: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = Vec<Owner>> {
    let twice = prop_oneof![9 => Just(false), 1 => Just(true)];
    let owner =
        (prop::option::of(select(NAMESPACES)), prop::collection::vec(object(), 1..8), twice);
    prop::collection::vec(owner, count).prop_map(|owners| {
        let named =
            |(index, (namespace, objects, twice)): (usize, (Option<&str>, Vec<_>, bool))| {
                let namespace = namespace.map(str::to_owned);
                let objects =
                    if twice { objects } else { each_once(objects, namespace.as_deref()) };
                let name = match namespace {
                    Some(_) => format!("release-{index}"),
                    None => format!("{index}.yaml"),
                };
                Owner { name, namespace, objects }
            };
        owners.into_iter().enumerate().map(named).collect()
    })
}

/// Releases whose bindings bind roles of their own: RBAC only, each object once, no aggregation.
pub(crate) fn releases(
    count: std::ops::RangeInclusive<usize>,
) -> impl Strategy<Value = Vec<Owner>> {
    owners(count).prop_map(|mut owners| {
        for owner in &mut owners {
            let namespace = owner.namespace.get_or_insert("app1".into());
            let mut all = each_once(std::mem::take(&mut owner.objects), Some(namespace));
            all.retain(|it| it["kind"] != "ConfigMap" && it["kind"] != "PriorityClass");
            all.retain(|it| it["aggregationRule"].is_null());
            let is_role = |it: &Value, name: &str| {
                it["kind"] == "ClusterRole" && it["metadata"]["name"] == name
            };
            let is_whole = |it: &&Value| {
                let role = it["roleRef"]["name"].as_str();
                role.is_none_or(|role| all.iter().any(|it| is_role(it, role)))
            };
            owner.objects = all.iter().filter(is_whole).cloned().collect();
        }
        owners
    })
}

fn each_once(objects: Vec<Value>, namespace: Option<&str>) -> Vec<Value> {
    let mut seen = std::collections::BTreeSet::new();
    objects.into_iter().filter(|it| seen.insert(super::model::key(it, namespace))).collect()
}

fn object() -> impl Strategy<Value = Value> {
    let body = prop_oneof![5 => role(), 5 => binding(), 1 => other()];
    (body, metadata()).prop_map(|(mut body, metadata)| {
        body["metadata"] = metadata;
        body
    })
}

fn metadata() -> impl Strategy<Value = Value> {
    let labels = subsequence(&["x", "y", "managed", "kustomize"], 0..3);
    let annotations = subsequence(&["x", "helm", "reason"], 0..3);
    let namespace = prop::option::of(select(NAMESPACES));
    (select(NAMES), namespace, prop::option::of(labels), prop::option::of(annotations)).prop_map(
        |(name, namespace, labels, annotations)| {
            let mut metadata = json!({"name": name});
            if let Some(namespace) = namespace {
                metadata["namespace"] = namespace.into();
            }
            if let Some(labels) = labels {
                metadata["labels"] = labels.into_iter().map(label).collect();
            }
            if let Some(annotations) = annotations {
                metadata["annotations"] = annotations.into_iter().map(annotation).collect();
            }
            metadata
        },
    )
}

fn label(word: &'static str) -> (String, Value) {
    match word {
        "managed" => ("app.kubernetes.io/managed-by".into(), "Helm".into()),
        "kustomize" => ("app.kubernetes.io/managed-by".into(), "kustomize".into()),
        word => ("app".into(), word.into()),
    }
}

fn annotation(word: &'static str) -> (String, Value) {
    match word {
        "helm" => ("meta.helm.sh/release-name".into(), "demo".into()),
        word => (word.into(), word.into()),
    }
}

fn version() -> impl Strategy<Value = String> {
    select(&["v1", "v1beta1"]).prop_map(|version| format!("{RBAC}/{version}"))
}

fn role() -> impl Strategy<Value = Value> {
    let aggregates = prop_oneof![5 => Just(None), 1 => selectors().prop_map(Some)];
    let rules = prop::option::weighted(0.9, prop::collection::vec(rule(), 0..4));
    (select(&["ClusterRole", "Role"]), version(), rules, aggregates).prop_map(
        |(kind, version, rules, aggregates)| {
            let mut role = json!({"apiVersion": version, "kind": kind, "rules": rules});
            if let Some(selectors) = aggregates.filter(|_| kind == "ClusterRole") {
                role["aggregationRule"] = json!({"clusterRoleSelectors": selectors});
            }
            role
        },
    )
}

fn selectors() -> impl Strategy<Value = Vec<Value>> {
    let selector = |label: &str| json!({"matchLabels": {label: "true"}});
    subsequence(&["admin", "edit"], 1..=2)
        .prop_map(move |labels| labels.into_iter().map(selector).collect())
}

/// Words of a list, now and then with one of them twice.
fn some(words: &'static [&'static str]) -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(select(words), 1..4)
}

pub(crate) fn rule() -> impl Strategy<Value = Value> {
    let names = prop::option::weighted(0.3, some(RESOURCE_NAMES));
    let resources = (some(GROUPS), some(RESOURCES), some(VERBS), names).prop_map(
        |(groups, resources, verbs, names)| {
            let mut rule = json!({"apiGroups": groups, "resources": resources, "verbs": verbs});
            if let Some(names) = names {
                rule["resourceNames"] = json!(names);
            }
            rule
        },
    );
    let urls = (some(URLS), some(URL_VERBS))
        .prop_map(|(urls, verbs)| json!({"nonResourceURLs": urls, "verbs": verbs}));
    let odd = select(vec![
        json!({"apiGroups": [""], "resources": ["pods"], "verbs": []}),
        json!({"apiGroups": [""], "resources": [], "verbs": ["get"]}),
        json!({"apiGroups": [""], "resources": ["pods"], "nonResourceURLs": ["/"], "verbs": ["*"]}),
        json!({"apiGroups": [""], "resourceNames": ["a"], "nonResourceURLs": ["/"], "verbs": ["*"]}),
        json!({"apiGroups": null, "resources": ["a"], "verbs": ["get"], "resourceNames": null}),
    ]);
    prop_oneof![6 => resources, 3 => urls, 1 => odd]
}

fn binding() -> impl Strategy<Value = Value> {
    let subjects = prop::option::weighted(0.9, prop::collection::vec(subject(), 0..5));
    let role = prop_oneof![4 => Just("a"), 1 => Just("b")];
    let kind = select(&["ClusterRoleBinding", "RoleBinding"]);
    (kind, version(), role, any::<bool>(), subjects).prop_map(
        |(kind, version, role, with_group, subjects)| {
            let mut role_ref = json!({"kind": "ClusterRole", "name": role});
            if with_group {
                role_ref["apiGroup"] = RBAC.into();
            }
            json!({"apiVersion": version, "kind": kind, "roleRef": role_ref, "subjects": subjects})
        },
    )
}

fn subject() -> impl Strategy<Value = Value> {
    let namespace = prop::option::weighted(0.8, select(NAMESPACES));
    let kind = select(&["ServiceAccount", "User", "Group", "Account's user"]);
    (kind, select(NAMES), namespace, any::<bool>()).prop_map(
        |(kind, name, namespace, with_group)| {
            let (kind, name) = match kind {
                "Account's user" => {
                    let space = namespace.unwrap_or("app1");
                    ("User", format!("system:serviceaccount:{space}:{name}"))
                }
                kind => (kind, name.to_owned()),
            };
            let mut subject =
                Map::from_iter([("kind".into(), kind.into()), ("name".into(), name.into())]);
            subject.extend(namespace.map(|it| ("namespace".into(), it.into())));
            if with_group {
                let group = if kind == "ServiceAccount" { "" } else { RBAC };
                subject.insert("apiGroup".into(), group.into());
            }
            Value::Object(subject)
        },
    )
}

/// An object that no merge unites.
fn other() -> impl Strategy<Value = Value> {
    (any::<bool>(), 1_i32..3).prop_map(|(in_cluster, value)| match in_cluster {
        true => {
            json!({"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "value": value})
        }
        false => json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": value.to_string()}}),
    })
}

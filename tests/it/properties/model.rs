//! What the API server makes of roles and bindings, written down without rolecall's own code.

use std::collections::BTreeSet;

use serde_json::Value;

/// A word that no generated object holds: only a star allows it.
const FRESH: &str = "fresh";

/// The API group of roles and bindings.
pub(crate) const RBAC: &str = "rbac.authorization.k8s.io";

/// An object's kind, namespace and name.
pub(crate) type Key = (String, Option<String>, String);

/// A subject as the authorizer tells it from others: kind, namespace, name.
pub(crate) type Who = (String, Option<String>, String);

/// Returns the text at a path; none where it is missing, null or empty.
pub(crate) fn text(value: &Value, path: &[&str]) -> Option<String> {
    let found = path.iter().try_fold(value, |value, key| value.get(key))?;
    found.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn items<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn words<'a>(rule: &'a Value, key: &str) -> Vec<&'a str> {
    items(rule, key).filter_map(Value::as_str).collect()
}

/// Returns what makes an object the same as another; objects of namespaced kinds that name no
/// namespace are in that of their release.
pub(crate) fn key(object: &Value, release: Option<&str>) -> Key {
    let kind = text(object, &["kind"]).expect("each object has a kind");
    let in_cluster = kind.starts_with("Cluster") || kind == "PriorityClass";
    let written = || text(object, &["metadata", "namespace"]).or(release.map(str::to_owned));
    let namespace = if in_cluster { None } else { written() };
    (kind, namespace, text(object, &["metadata", "name"]).expect("each object has a name"))
}

/// Returns the role that a binding grants.
pub(crate) fn role_ref(binding: &Value) -> (Option<String>, Option<String>) {
    (text(binding, &["roleRef", "kind"]), text(binding, &["roleRef", "name"]))
}

/// Returns whom a binding in a namespace binds.
pub(crate) fn subjects(binding: &Value, namespace: Option<&str>) -> BTreeSet<Who> {
    items(binding, "subjects").map(|subject| who(subject, namespace)).collect()
}

fn who(subject: &Value, namespace: Option<&str>) -> Who {
    let part = |key: &str| text(subject, &[key]).unwrap_or_default();
    let (kind, name) = (part("kind"), part("name"));
    if kind == "ServiceAccount" {
        let own = text(subject, &["namespace"]).or(namespace.map(str::to_owned));
        return (kind, own, name);
    }
    let account = name.strip_prefix("system:serviceaccount:").and_then(|it| it.split_once(':'));
    match account.filter(|_| kind == "User") {
        Some((namespace, name)) => ("ServiceAccount".into(), Some(namespace.into()), name.into()),
        None => (kind, None, name),
    }
}

/// Returns the selectors of a role's aggregation rule as texts; none where it has none.
pub(crate) fn selectors(role: &Value) -> Option<BTreeSet<String>> {
    let rule = role.get("aggregationRule")?;
    Some(items(rule, "clusterRoleSelectors").map(Value::to_string).collect())
}

/// Requests that tell any two lists of rules apart: all words that the rules hold, what their
/// stars stand for, and a fresh word for everything else.
#[derive(Debug)]
pub(crate) struct Universe {
    verbs: Vec<String>,
    groups: Vec<String>,
    resources: Vec<String>,
    names: Vec<String>,
    urls: Vec<String>,
}

impl Universe {
    /// Gathers the words of roles.
    pub(crate) fn of<'a>(roles: impl IntoIterator<Item = &'a Value>) -> Self {
        let rules: Vec<&Value> = roles.into_iter().flat_map(|role| items(role, "rules")).collect();
        let gather = |key: &str, stands_for: fn(&str) -> Vec<String>| {
            let held = rules.iter().flat_map(|rule| words(rule, key));
            let all: BTreeSet<String> = held.chain([FRESH]).flat_map(stands_for).collect();
            all.into_iter().collect()
        };
        let word = |word: &str| vec![word.to_owned()];
        let name = |word: &str| vec![word.to_owned(), String::new()];
        Self {
            verbs: gather("verbs", word),
            groups: gather("apiGroups", word),
            resources: gather("resources", |word| {
                let (parent, sub) = word.split_once('/').unwrap_or((word, FRESH));
                let places = [(parent, sub), (FRESH, sub), (parent, FRESH), (FRESH, FRESH)];
                let subs = places.map(|(parent, sub)| format!("{parent}/{sub}"));
                subs.into_iter().chain([word.to_owned(), parent.to_owned()]).collect()
            }),
            names: gather("resourceNames", name),
            urls: gather("nonResourceURLs", |word| {
                let stem = word.trim_end_matches('*');
                vec![word.to_owned(), stem.to_owned(), format!("{stem}{FRESH}")]
            }),
        }
    }

    /// Returns, for each request, whether a role allows it.
    pub(crate) fn allowed(&self, role: &Value) -> Vec<bool> {
        let places = self.groups.len() * self.resources.len() * self.names.len();
        let mut allowed = vec![false; self.verbs.len() * (places + self.urls.len())];
        for rule in items(role, "rules") {
            let verbs = hits(&self.verbs, &words(rule, "verbs"), plain);
            let groups = hits(&self.groups, &words(rule, "apiGroups"), plain);
            let resources = hits(&self.resources, &words(rule, "resources"), resource);
            let known = words(rule, "resourceNames");
            let names = match known.is_empty() {
                true => (0..self.names.len()).collect(),
                false => hits(&self.names, &known, |known, asked| known == asked),
            };
            let urls = hits(&self.urls, &words(rule, "nonResourceURLs"), url);
            for verb in verbs {
                let start = verb * (places + self.urls.len());
                for group in &groups {
                    for resource in &resources {
                        let place = (group * self.resources.len() + resource) * self.names.len();
                        names.iter().for_each(|name| allowed[start + place + name] = true);
                    }
                }
                urls.iter().for_each(|url| allowed[start + places + url] = true);
            }
        }
        allowed
    }
}

/// Returns which of the words that are asked for some known word matches.
fn hits(asked: &[String], known: &[&str], matches: fn(&str, &str) -> bool) -> Vec<usize> {
    let hit = |word: &String| known.iter().any(|known| matches(known, word));
    asked.iter().enumerate().filter(|(_, word)| hit(word)).map(|(index, _)| index).collect()
}

fn plain(known: &str, asked: &str) -> bool {
    known == "*" || known == asked
}

fn resource(known: &str, asked: &str) -> bool {
    let sub = asked.split_once('/').map(|(_, sub)| format!("*/{sub}"));
    plain(known, asked) || sub.is_some_and(|sub| known == sub)
}

fn url(known: &str, asked: &str) -> bool {
    plain(known, asked) || known.ends_with('*') && asked.starts_with(known.trim_end_matches('*'))
}

/// Unites what several lists of rules allow.
pub(crate) fn all_of(lists: impl IntoIterator<Item = Vec<bool>>) -> Vec<bool> {
    let unite = |mut all: Vec<bool>, more: Vec<bool>| {
        all.iter_mut().zip(more).for_each(|(all, more)| *all |= more);
        all
    };
    lists.into_iter().reduce(unite).unwrap_or_default()
}

/// One collision: the object, what happens, the owners that take part, and whom the last object
/// applied no longer binds.
pub(crate) type Clash = (Key, &'static str, Vec<usize>, BTreeSet<Who>);

/// An owner: the namespace of its release, and its objects.
pub(crate) type Brought<'a> = (Option<&'a str>, &'a [Value]);

/// Returns the collisions of owners, sorted.
pub(crate) fn clashes(owners: &[Brought<'_>]) -> Vec<Clash> {
    let mut held: Vec<(Key, usize, &Value)> = Vec::new();
    for (owner, (release, objects)) in owners.iter().enumerate() {
        held.extend(objects.iter().map(|object| (key(object, *release), owner, object)));
    }
    let keys: BTreeSet<&Key> = held.iter().map(|(key, ..)| key).collect();
    let mut found = Vec::new();
    for key in keys {
        let of_key = || held.iter().filter(|(other, ..)| other == key);
        let mut last: Vec<(usize, &Value)> = Vec::new();
        for owner in 0..owners.len() {
            let own = of_key().filter(|(_, other, _)| *other == owner);
            let own: Vec<&Value> = own.map(|(_, _, object)| *object).collect();
            if own.len() > 1 {
                found.push((
                    key.clone(),
                    "duplicate-object",
                    vec![owner; own.len()],
                    gone(key, &own),
                ));
            }
            last.extend(own.last().map(|object| (owner, *object)));
        }
        if last.len() > 1 {
            let members: Vec<&Value> = last.iter().map(|(_, object)| *object).collect();
            let owners = last.iter().map(|(owner, _)| *owner).collect();
            found.push((key.clone(), outcome(key, &members), owners, gone(key, &members)));
        }
    }
    found.sort();
    found
}

/// Applies bindings one after the other, each in place of the one before.
fn gone(key: &Key, members: &[&Value]) -> BTreeSet<Who> {
    let (mut ever, mut now) = (BTreeSet::new(), BTreeSet::new());
    for member in members.iter().filter(|_| key.0.ends_with("Binding")) {
        now = subjects(member, key.1.as_deref());
        ever.extend(now.iter().cloned());
    }
    ever.difference(&now).cloned().collect()
}

fn outcome(key: &Key, members: &[&Value]) -> &'static str {
    fn differ<T: PartialEq>(members: &[&Value], part: impl Fn(&Value) -> T) -> bool {
        members.iter().any(|member| part(member) != part(members[0]))
    }
    let without = |keys: &'static [&str]| {
        move |object: &Value| {
            let mut object = object.clone();
            keys.iter().for_each(|key| drop(object.as_object_mut().map(|it| it.remove(*key))));
            let metadata = object["metadata"].as_object_mut().expect("each object has metadata");
            metadata.remove("namespace");
            forget_helm(metadata);
            object
        }
    };
    let rest: &'static [&str] = match key.0.as_str() {
        "RoleBinding" | "ClusterRoleBinding" => {
            if differ(members, role_ref) {
                return "role-ref-conflict";
            }
            if differ(members, |it| subjects(it, key.1.as_deref())) {
                return "lost-subjects";
            }
            &["apiVersion", "roleRef", "subjects"]
        }
        "Role" | "ClusterRole" => {
            let universe = Universe::of(members.iter().copied());
            if differ(members, selectors) || differ(members, |it| universe.allowed(it)) {
                return "rules-overwritten";
            }
            &["apiVersion", "aggregationRule", "rules"]
        }
        _ => &[],
    };
    if differ(members, without(rest)) { "content-overwritten" } else { "identical" }
}

fn forget_helm(metadata: &mut serde_json::Map<String, Value>) {
    if let Some(labels) = metadata.get_mut("labels").and_then(Value::as_object_mut) {
        labels.retain(|key, value| key != "app.kubernetes.io/managed-by" || value != "Helm");
    }
    if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
        annotations.retain(|key, _| !key.starts_with("meta.helm.sh/release-"));
    }
    metadata.retain(|_, value| value.as_object().is_none_or(|it| !it.is_empty()));
}

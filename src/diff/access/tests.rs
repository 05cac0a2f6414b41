use proptest::prelude::*;

use super::*;
use crate::rbac::{Estate, OwnerKind, resources};

const KINDS: [&str; 2] = ["ClusterRole", "ClusterRoleBinding"];
const VERBS: &[&str] = &["get", "list", "*"];
const GROUPS: &[&str] = &["", "apps", "*"];
const RESOURCES: &[&str] = &["pods", "nodes", "pods/log", "*/log", "*"];
const NAMES: &[&str] = &["a", "b"];
const SUBJECTS: [&str; 4] = [
    "{kind: ServiceAccount, name: a, namespace: x}",
    "{kind: ServiceAccount, name: b, namespace: y}",
    "{kind: Group, name: 'system:serviceaccounts:x'}",
    "{kind: User, name: jane}",
];

fn words(of: &'static [&'static str], least: usize) -> impl Strategy<Value = String> {
    let words = proptest::sample::subsequence(of, least..=of.len());
    words.prop_map(|it| {
        format!("[{}]", it.iter().map(|it| format!("'{it}'")).collect::<Vec<_>>().join(", "))
    })
}

fn rule() -> impl Strategy<Value = String> {
    let lists = (words(GROUPS, 1), words(RESOURCES, 1), words(NAMES, 0), words(VERBS, 1));
    lists.prop_map(|(groups, resources, names, verbs)| {
        format!("- {{apiGroups: {groups}, resources: {resources}, resourceNames: {names}, verbs: {verbs}}}\n")
    })
}

/// Returns two roles, and bindings of some subjects to them, everywhere and in namespaces.
fn text() -> impl Strategy<Value = String> {
    let rules = || proptest::collection::vec(rule(), 0..3).prop_map(|rules| rules.concat());
    let subjects = proptest::sample::subsequence(&SUBJECTS[..], 0..=SUBJECTS.len());
    let namespaces = proptest::sample::select(vec!["", "x", "y"]);
    let binding = (proptest::sample::select(vec!["one", "two", "gone"]), namespaces, subjects);
    let bindings = proptest::collection::vec(binding, 0..4);
    (rules(), rules(), bindings).prop_map(|(one, two, bindings)| {
        let head = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ";
        let role = |name, rules: String| format!("{head}{}\nmetadata: {{name: {name}}}\nrules:\n{rules}", KINDS[0]);
        let binding = |(at, (role, namespace, subjects)): (usize, (&str, &str, Vec<&str>))| {
            let kind = if namespace.is_empty() { KINDS[1] } else { "RoleBinding" };
            let subjects = subjects.join(", ");
            let ns = if namespace.is_empty() { String::new() } else { format!(", namespace: {namespace}") };
            format!("{head}{kind}\nmetadata: {{name: b{at}{ns}}}\nroleRef: {{kind: ClusterRole, name: {role}}}\nsubjects: [{subjects}]\n")
        };
        let bindings = bindings.into_iter().enumerate().map(binding);
        [role("one", one), role("two", two)].into_iter().chain(bindings).collect::<Vec<_>>().join("---\n")
    })
}

fn estate(text: &str) -> Estate {
    Estate::of_texts(&[(OwnerKind::Manifest, "a.yaml", None, text)])
}

fn subjects() -> Vec<Subject> {
    let bound = format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: {{name: a}}\n\
         roleRef: {{kind: ClusterRole, name: a}}\nsubjects: [{}]\n",
        SUBJECTS.join(", ")
    );
    let estate = estate(&bound);
    let binding = estate.objects()[0].binding().expect("it is one");
    binding.by_canonical().into_keys().collect()
}

/// Returns requests, without those that no server knows: of a star only the verbs are named that a
/// resource takes.
fn requests() -> impl Iterator<Item = Request<'static>> {
    let verbs = ["get", "list", "delete"].into_iter();
    let each = verbs.flat_map(|verb| ["", "apps", "other"].map(|group| (verb, group)));
    let each =
        each.flat_map(|it| ["pods", "nodes", "pods/log", "other"].map(|resource| (it, resource)));
    let each = each.filter(|((verb, group), resource)| {
        let known = resources::lookup(group, resource);
        known.is_none_or(|it| it.verbs.contains(verb))
    });
    each.flat_map(|((verb, group), resource)| {
        let plain = Request::new(verb, group, resource);
        [plain, plain.named("a"), plain.named("b"), plain.named("c")]
    })
}

/// Tells whether a change holds a request, what is held before and after left out.
fn says(
    grants: &[Grant],
    who: &[Subject],
    (request, namespace): (&Request<'_>, Option<&str>),
) -> bool {
    let is_there = |place: &Option<SmolStr>| {
        place.as_deref().is_none_or(|place| Some(place) == namespace && !request.is_of_cluster())
    };
    grants.iter().filter(|it| who.contains(&it.subject) && is_there(&it.namespace)).any(|grant| {
        let What::Rule(rule) = &grant.what else { return false };
        let is_kept =
            |(place, rule): &(Option<SmolStr>, PolicyRule)| is_there(place) && rule.allows(request);
        rule.allows(request) && !grant.except.iter().any(is_kept)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn a_change_says_what_the_authorizer_answers_otherwise(before in text(), after in text()) {
        let (before, after) = (estate(&before), estate(&after));
        let (old, new) = (Access::of(&before), Access::of(&after));
        let change = AccessChange::between(&old, &new);
        let beside = ObjectId(0);
        for subject in subjects() {
            let who: Vec<Subject> = [vec![subject.clone()], wider(&subject)].concat();
            for request in requests() {
                for namespace in [None, Some("x"), Some("y")] {
                    let can = |access: &Access<'_>| {
                        let there = namespace.filter(|_| !request.is_of_cluster());
                        who.iter().any(|it| access.can((it, beside), &request, there))
                    };
                    let (then, now) = (can(&old), can(&new));
                    for (grants, is_so) in [(&change.gained, now && !then), (&change.lost, then && !now)] {
                        let asked = (&request, namespace);
                        // What a group gains may be no news to one of those in it.
                        let own = says(grants, std::slice::from_ref(&subject), asked);
                        prop_assert!(!own || is_so, "{} {:?} {:?} {:?}", subject, request, namespace, grants);
                        let any = says(grants, &who, asked);
                        prop_assert!(any || !is_so, "{} {:?} {:?} {:?}", subject, request, namespace, grants);
                    }
                }
            }
        }
    }
}

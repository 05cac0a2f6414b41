//! Properties of merging, over estates of any roles and bindings.

use proptest::prelude::*;

use super::{Merged, apply, plan};
use crate::collide;
use crate::emit;
use crate::rbac::{Estate, OwnerKind, PolicyRule, covered};

/// Reads texts as manifest files of one cluster.
fn estate(texts: &[String]) -> Estate {
    let names: Vec<String> = (0..texts.len()).map(|index| format!("{index}.yaml")).collect();
    let files = names.iter().zip(texts);
    let owners = files.map(|(name, text)| (OwnerKind::Manifest, &**name, None, &**text));
    Estate::of_texts(&owners.collect::<Vec<_>>())
}

fn merged(texts: &[String]) -> Vec<Merged> {
    let estate = estate(texts);
    apply(&estate, &plan(&estate, &collide::find(&estate)))
}

fn text(merged: &[Merged]) -> String {
    emit::documents(merged.iter().map(|it| &it.data))
}

fn word(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(words), 1..3)
        .prop_map(|words| format!("{words:?}"))
}

fn rule() -> impl Strategy<Value = String> {
    let groups = word(&["", "apps", "*"]);
    let resources = word(&["pods", "pods/log", "*/log", "*"]);
    let verbs = word(&["get", "list", "*"]);
    let names = prop_oneof![Just(String::new()), Just(", resourceNames: [a]".to_string())];
    (groups, resources, verbs, names).prop_map(|(groups, resources, verbs, names)| {
        format!("{{apiGroups: {groups}, resources: {resources}, verbs: {verbs}{names}}}")
    })
}

fn role() -> impl Strategy<Value = String> {
    proptest::collection::vec(rule(), 0..4).prop_map(|rules| {
        let rules = rules.join(", ");
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\n\
             metadata: {{name: a}}\nrules: [{rules}]\n"
        )
    })
}

fn binding() -> impl Strategy<Value = String> {
    let subject = prop_oneof![
        "[a-c]".prop_map(|it| format!("{{kind: ServiceAccount, name: x, namespace: {it}}}")),
        "[a-c]".prop_map(|it| format!("{{kind: User, name: 'system:serviceaccount:{it}:x'}}")),
        "[a-c]".prop_map(|it| format!("{{kind: Group, name: {it}}}")),
    ];
    proptest::collection::vec(subject, 0..4).prop_map(|subjects| {
        let subjects = subjects.join(", ");
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
             metadata: {{name: a}}\nroleRef: {{kind: ClusterRole, name: a}}\n\
             subjects: [{subjects}]\n"
        )
    })
}

fn file() -> impl Strategy<Value = String> {
    (role(), binding()).prop_map(|(role, binding)| format!("{role}---\n{binding}"))
}

fn rules_of(estate: &Estate) -> Vec<PolicyRule> {
    let roles = estate.objects().iter().filter_map(|object| object.role());
    roles.flat_map(|role| role.policy_rules().cloned().collect::<Vec<_>>()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn merging_keeps_all_and_adds_nothing(files in proptest::collection::vec(file(), 2..4)) {
        let before = estate(&files);
        let merged = merged(&files);
        let [role, binding] = merged.as_slice() else { panic!("both are merged: {merged:?}") };
        let (all, kept) = (rules_of(&before), role.rules.clone().expect("it is a role"));
        prop_assert!(covered(&kept, &all), "nothing is lost");
        prop_assert!(covered(&all, &kept), "nothing is gained");
        let subjects: std::collections::BTreeSet<_> = before
            .objects()
            .iter()
            .filter_map(|object| object.binding())
            .flat_map(|binding| binding.by_canonical().into_keys())
            .collect();
        let kept = binding.subjects.clone().expect("it is a binding");
        prop_assert!(kept.is_sorted());
        let kept: Vec<_> = kept.iter().map(|subject| subject.canonical()).collect();
        prop_assert_eq!(kept.len(), subjects.len());
        prop_assert!(kept.iter().all(|subject| subjects.contains(subject)));
    }

    #[test]
    fn order_does_not_count_but_for_the_names(files in proptest::collection::vec(file(), 2..4)) {
        let forward = merged(&files);
        let backward = merged(&files.iter().rev().cloned().collect::<Vec<_>>());
        let meaning = |merged: &[Merged]| -> Vec<_> {
            merged.iter().map(|it| (it.subjects.clone(), it.rules.clone())).collect()
        };
        prop_assert_eq!(meaning(&forward), meaning(&backward));
    }

    #[test]
    fn merging_again_changes_nothing(files in proptest::collection::vec(file(), 2..4)) {
        let first = text(&merged(&files));
        let again = files.iter().cloned().chain([first.clone()]).collect::<Vec<_>>();
        prop_assert_eq!(text(&merged(&again)), first.clone());
        let front = [first.clone()].into_iter().chain(files).collect::<Vec<_>>();
        // The files' names shift by one, and the merged object still names those it was made of.
        let meaning = |text: String| text.lines().filter(|it| !it.contains("merged-from")).collect::<Vec<_>>().join("\n");
        prop_assert_eq!(meaning(text(&merged(&front))), meaning(first));
    }
}

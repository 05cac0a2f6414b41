//! Copies of subjects that are removed.

use proptest::prelude::*;
use serde_json::Value;

use super::{RBAC, read, rules};
use crate::properties::objects;
use crate::support::{arg, folder, rolecall};

/// A subject, written in one of several ways.
fn subject() -> impl Strategy<Value = (String, &'static str)> {
    let kinds = prop_oneof![Just("User"), Just("Group")];
    let layout = prop_oneof![
        Just("- {kind: K, name: N}\n"),
        Just("-   name: N # x\n    kind: K\n"),
        Just("# y\n- kind: 'K'\n  name: \"N\"\n  apiGroup: rbac.authorization.k8s.io\n"),
        Just("- kind: K\n\n  # z\n  name: N\n"),
    ];
    (kinds, "[ab]", layout)
        .prop_map(|(kind, name, layout)| (layout.replace('K', kind).replace('N', &name), layout))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_binding_without_copies_means_the_same(subjects in prop::collection::vec(subject(), 1..6)) {
        let list: String = subjects.into_iter().map(|(text, _)| text).collect();
        let before = format!(
            "{RBAC}kind: ClusterRoleBinding\nmetadata:\n  name: a\n\
             roleRef: {{kind: ClusterRole, name: view}}\nsubjects:\n{list}"
        );
        let folder = folder(&[("a.yaml", &before)]);
        let path = folder.path().join("a.yaml");
        let run = rolecall(&["lint", arg(&path), "--fix=duplicate-subject", "--format", "json"]);
        prop_assert_eq!((run.code, rules(&run)), (0, vec![]), "{}{}", before, run.stderr);
        let after = read(&folder, "a.yaml");
        let meant = |text: &str| {
            let mut objects = objects(text);
            let subjects = objects[0]["subjects"].take();
            let mut names: Vec<(Value, Value)> = subjects
                .as_array()
                .into_iter()
                .flatten()
                .map(|it| (it["kind"].clone(), it["name"].clone()))
                .collect();
            names.sort_by_key(|it| format!("{it:?}"));
            let all = names.len();
            names.dedup();
            (objects, names.clone(), all - names.len())
        };
        let ((one, names, _), (other, left, copies)) = (meant(&before), meant(&after));
        prop_assert_eq!((one, names), (other, left), "{}", after);
        prop_assert_eq!(copies, 0);
    }
}

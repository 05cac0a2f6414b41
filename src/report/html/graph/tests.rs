use super::*;
use crate::collide;
use crate::rbac::{Estate, OwnerKind};
use crate::report::Report;
use crate::report::quiet::Silence;
use crate::source::SourceMap;

fn graph(owners: &[(&str, String)]) -> Graph {
    let owners: Vec<_> = owners
        .iter()
        .map(|(name, text)| (OwnerKind::Manifest, *name, None, text.as_str()))
        .collect();
    let estate = Estate::of_texts(&owners);
    let collisions = collide::find(&estate);
    let sources = SourceMap::new();
    let report = Report {
        sources: &sources,
        estate: &estate,
        collisions: &collisions,
        findings: &[],
        suppressed: 0,
        silence: &Silence::default(),
        deployers: &[],
        notes: &[],
    };
    drawn(&View::of(&report, &[]))
}

fn binding(name: &str, role: &str, subjects: impl Iterator<Item = usize>) -> String {
    let subject = |at| format!("{{kind: ServiceAccount, name: s{at}, namespace: n}}");
    let subjects: Vec<String> = subjects.map(subject).collect();
    format!(
        "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
         metadata: {{name: {name}}}\nroleRef: {{kind: ClusterRole, name: {role}}}\n\
         subjects: [{}]\n",
        subjects.join(", ")
    )
}

#[test]
fn no_box_lies_on_another() {
    let text = |from: usize| -> String {
        (0..9).map(|at| binding(&format!("b{at}"), &format!("r{}", at % 4), from..at)).collect()
    };
    for section in graph(&[("a", text(0)), ("b", text(2))]).sections {
        let mut places: Vec<(u32, u32)> = section.nodes.iter().map(|it| (it.x, it.y)).collect();
        places.sort_unstable();
        for two in places.windows(2) {
            assert!(two[0].0 < two[1].0 || two[0].1 + ROW <= two[1].1, "{two:?}");
        }
    }
}

#[test]
fn what_collides_is_marked_and_a_thousand_subjects_stay_few_boxes() {
    let found = graph(&[("a", binding("b", "r", 0..1000)), ("b", binding("b", "r", 1..3))]);
    let nodes = &found.sections[0].nodes;
    let (_, most) = MOST_SUBJECTS[2];
    assert_eq!(nodes.len(), most + 3, "{nodes:?}");
    let more = nodes.iter().find(|node| node.label.starts_with('…')).expect("some are left out");
    assert_eq!((more.label.as_str(), more.state), ("…and 996 more, 994 lose access", "collides"));
    let binding = nodes.iter().find(|node| node.kind == "binding").expect("it is drawn");
    assert_eq!(
        (binding.state, binding.title.as_str()),
        ("collides", "ClusterRoleBinding b, of a and b")
    );
}

#[test]
fn long_names_lose_their_middle() {
    let name = "a".repeat(30) + &"z".repeat(30);
    assert_eq!(fitted(&name).chars().count(), LONGEST);
    assert!(fitted(&name).starts_with('a') && fitted(&name).ends_with('z'));
    assert_eq!(fitted("short"), "short");
}

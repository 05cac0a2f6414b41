//! The version of the API, and what clients demand of it.

use super::{CHART, lint, read, rules};
use crate::support::folder;

#[test]
fn the_version_goes_up_and_brings_the_groups_that_were_left_out() {
    let before = "\
apiVersion: rbac.authorization.k8s.io/v1beta1
kind: RoleBinding
metadata: {name: {{ .Release.Name }}}
roleRef:
  kind: ClusterRole   # kept
  name: view
subjects:
- {kind: Group, name: ops}
- kind: ServiceAccount
  name: default
";
    let after = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: {{ .Release.Name }}}
roleRef:
  kind: ClusterRole   # kept
  apiGroup: rbac.authorization.k8s.io
  name: view
subjects:
- {kind: Group, apiGroup: rbac.authorization.k8s.io, name: ops}
- kind: ServiceAccount
  name: default
";
    for args in [&["c", "--fix"][..], &["c", "-n", "a,b,c", "--fix"]] {
        let folder = folder(&[CHART, ("c/templates/r.yaml", before)]);
        let run = lint(&folder, args);
        assert_eq!(read(&folder, "c/templates/r.yaml"), after, "{}", run.stderr);
        let again = lint(&folder, args);
        assert!(again.stderr.contains("fixed 0 findings"), "{}", again.stderr);
    }
}

#[test]
fn groups_are_written_out_though_nothing_is_found() {
    let binding = "\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: a}
roleRef:
  kind: ClusterRole
  name: view
subjects:
- kind: Group
  name: ops
- {kind: User, name: jane} # rolecall: ignore[invalid-subject] -- it is to stay
";
    // What is found with low confidence, and is not shown, is not mended.
    let role = "\
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: a-view}
rules: [{apiGroups: [example.com], resources: [widgets], verbs: [Get]}]
";
    let before = format!("{binding}{role}");
    let folder = folder(&[("a.yaml", &before)]);
    let both = "invalid-role-ref,invalid-subject";
    for args in [&["a.yaml", "--no-ignores"][..], &["a.yaml", "--no-ignores", "--select", both]] {
        let run = lint(&folder, &[args, &["--format", "json"]].concat());
        assert_eq!(rules(&run), Vec::<String>::new(), "{args:?}");
    }
    let count = |args: &[&str]| lint(&folder, &[&["a.yaml", "--fix", "--diff"], args].concat());
    let table: [(&[&str], u8); 4] = [
        (&[], 2),
        (&["--no-ignores"], 3),
        (&["--ignore", "invalid-subject"], 1),
        (&["--select", "unknown-verb"], 1),
    ];
    for (args, expected) in table {
        let run = count(args);
        let said = format!("would fix {expected} finding");
        assert!(run.stderr.contains(&said) && run.code == 1, "{args:?}: {}", run.stderr);
    }
    let run = lint(&folder, &["a.yaml", "--fix"]);
    let group = "\n  apiGroup: rbac.authorization.k8s.io\n";
    let after = before
        .replace("kind: ClusterRole\n  name", &format!("kind: ClusterRole{group}  name"))
        .replace("kind: Group\n", &format!("kind: Group{group}"));
    assert_eq!(read(&folder, "a.yaml"), after);
    assert!(run.stderr.contains("fixed 2 findings in 1 file"), "{}", run.stderr);
}

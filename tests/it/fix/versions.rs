//! The version of the API, and what clients demand of it.

use super::{CHART, lint, read};
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

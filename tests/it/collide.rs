//! What collisions lead to: what deployers make of them, whose objects are, which names are cut off.

use rolecall::rules::{Family, lookup};
use serde_json::{Value, json};

use crate::support::{Run, arg, folder, rolecall};

const CHART: &str = "apiVersion: v2\nname: c\nversion: 1.0.0\n";

/// A chart's templates, below `c/`, with other files; what is typed after `lint FOLDER/c`.
fn lint(files: &[(&str, &str)], args: &[&str]) -> Run {
    let mut all = vec![("c/Chart.yaml", CHART)];
    all.extend(files);
    let folder = folder(&all);
    let chart = folder.path().join("c");
    let live = folder.path().join("live.yaml");
    let mut typed = vec!["lint", arg(&chart), "--format", "json"];
    if live.exists() {
        typed.extend(["--against", arg(&live)]);
    }
    typed.extend(args);
    rolecall(&typed)
}

fn binding(name: &str, role: &str, annotations: &str) -> String {
    format!(
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\n\
         metadata: {{name: {name}, annotations: {{{annotations}}}}}\n\
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {role}}}\n\
         subjects: [{{kind: ServiceAccount, name: a, namespace: '{{{{ .Release.Namespace }}}}'}}]\n"
    )
}

fn rules(run: &Run) -> Vec<(String, String)> {
    let text = |it: &Value| it.as_str().expect("it is a text").to_owned();
    let findings = run.json()["findings"].as_array().expect("it is a list").clone();
    let all = findings.iter().map(|it| (text(&it["rule"]), text(&it["severity"])));
    let is_of_collisions = |(rule, _): &(String, String)| {
        let family = lookup(rule).expect("there is such a rule").meta().family;
        matches!(family, Family::Collision | Family::Template)
    };
    all.filter(is_of_collisions).collect()
}

fn severity(run: &Run, rule: &str) -> Option<String> {
    rules(run).into_iter().find(|(name, _)| name == rule).map(|(_, severity)| severity)
}

#[test]
fn deployers_differ() {
    let same = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n";
    let kept = binding("a", "a", "helm.sh/resource-policy: keep");
    let hook = binding("a", "a", "helm.sh/hook: post-install");
    let class = "apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: a}\n\
                 value: {{ .Release.Namespace | len }}\n";
    // kubectl, server-side, helm, helm-take-ownership, flux, argocd.
    let table = [
        (class.into(), "refused refused refused refused refused refused", "kkdddd"),
        (
            binding("a", "a", ""),
            "overwritten overwritten refused overwritten overwritten flip-flop",
            "kkdddd",
        ),
        (
            binding("a", "'{{ .Release.Namespace }}'", ""),
            "refused refused refused refused refused flip-flop",
            "kkdddd",
        ),
        (same.into(), "unchanged unchanged refused unchanged unchanged flip-flop", "kkdddd"),
        (kept, "overwritten overwritten refused overwritten overwritten flip-flop", "kkkkkk"),
        (hook, "overwritten overwritten overwritten overwritten overwritten overwritten", "kkkkkd"),
    ];
    for (text, apply, removal) in table {
        let run = lint(&[("c/templates/a.yaml", &text)], &["-n", "x,yy"]);
        let fates = run.json()["collisions"][0]["deployers"].as_array().expect("a list").clone();
        let words = |key: &str| -> Vec<String> {
            fates.iter().map(|it| it[key].as_str().expect("a text").to_owned()).collect()
        };
        let names = ["kubectl", "server-side", "helm", "helm-take-ownership", "flux", "argocd"];
        assert_eq!(words("deployer"), names);
        assert_eq!(words("apply").join(" "), apply, "{text}");
        let removals: String = words("removal").iter().map(|it| &it[..1]).collect();
        assert_eq!(removals, removal, "{text}");
    }
}

#[test]
fn crds_apart_and_manifests_are_no_matter_of_helms_marks() {
    let crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
               metadata: {name: as.x.y}\nspec: {group: x.y, scope: Cluster, names: {kind: A}}\n";
    let apply = |run: &Run| -> Vec<String> {
        let fates = run.json()["collisions"][0]["deployers"].as_array().expect("a list").clone();
        fates
            .iter()
            .map(|it| format!("{} {}", it["deployer"], it["apply"]).replace('"', ""))
            .collect()
    };
    let typed = ["-n", "x,y", "--include-crds"];
    let run = lint(&[("c/crds/a.yaml", crd)], &typed);
    assert_eq!(
        apply(&run)[2..],
        ["helm unchanged", "helm-take-ownership unchanged", "flux unchanged", "argocd unchanged"]
    );
    assert_eq!(rules(&run), [], "nobody loses anything");
    let run = lint(&[("c/templates/crds/a.yaml", crd)], &typed);
    assert_eq!(apply(&run)[2], "helm refused", "it is a template");
    assert_eq!(severity(&run, "uninstall-hazard").as_deref(), Some("warning"));
    let run = rolecall(&["lint", "fixtures/collisions", "--format", "json"]);
    let named = apply(&run);
    assert_eq!(named.len(), 4, "Helm installs no manifests: {named:?}");
}

#[test]
fn what_knows_no_owners_is_silent_about_them() {
    let role = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n";
    let shared = [("uninstall-hazard", "warning"), ("identical", "info")];
    let owned = |it: &[(&str, &str)]| -> Vec<(String, String)> {
        it.iter().map(|(rule, severity)| ((*rule).into(), (*severity).into())).collect()
    };
    for (deployer, expected) in [
        ("kubectl", &shared[..0]),
        ("kubectl,server-side", &shared[..0]),
        ("kubectl,helm", &shared[..]),
        ("flux", &shared[..]),
        ("argocd", &shared[..]),
    ] {
        let typed = ["-n", "x,y", "--deployer", deployer];
        let run = lint(&[("c/templates/a.yaml", role)], &typed);
        assert_eq!(rules(&run), owned(expected), "{deployer}");
    }
}

#[test]
fn only_removals_that_take_something_are_hazards() {
    let kept =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: s, annotations: {X}}\n";
    for (annotation, expected) in [
        ("a: b", Some("warning")),
        ("helm.sh/resource-policy: keep", None),
        ("helm.sh/hook: pre-install", None),
    ] {
        let text = kept.replace('X', annotation);
        let run = lint(&[("c/templates/a.yaml", &text)], &["-n", "x,y"]);
        assert_eq!(severity(&run, "uninstall-hazard").as_deref(), expected, "{annotation}");
        let run = lint(&[("c/templates/a.yaml", &text)], &[]);
        assert_eq!(severity(&run, "uninstall-hazard"), None, "a probe says it already");
    }
}

/// An export that holds what a chart brings, with marks.
fn export(marks: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ClusterRoleBindingList\nitems:\n\
         - apiVersion: rbac.authorization.k8s.io/v1\n  kind: ClusterRoleBinding\n  \
         metadata: {{name: a, {marks}}}\n  \
         roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: a}}\n  \
         subjects: [{{kind: ServiceAccount, name: a, namespace: x}}]\n"
    )
}

const HELM: &str = "labels: {app.kubernetes.io/managed-by: Helm}";

#[test]
fn the_marks_say_whose_an_object_is() {
    let marks = |namespace: &str| {
        format!(
            "{HELM}, annotations: {{meta.helm.sh/release-name: c, \
             meta.helm.sh/release-namespace: {namespace}}}"
        )
    };
    let table = [
        (marks("x"), [None; 5]),
        (marks("z"), [Some("error"), Some("error"), Some("warning"), Some("warning"), None]),
        (
            "labels: {a: b}".into(),
            [Some("warning"), Some("error"), Some("info"), Some("info"), None],
        ),
        (HELM.into(), [Some("warning"), Some("error"), Some("info"), Some("info"), None]),
    ];
    let all = "kubectl,server-side,helm,helm-take-ownership,flux,argocd";
    let deployers = [all, "helm,kubectl", "helm-take-ownership", "flux", "kubectl,argocd"];
    for (marks, expected) in table {
        for (deployer, expected) in deployers.into_iter().zip(expected) {
            let run = lint(
                &[("c/templates/a.yaml", &binding("a", "a", "")), ("live.yaml", &export(&marks))],
                &["-n", "x", "--deployer", deployer],
            );
            assert_eq!(run.json()["collisions"], json!([]), "nothing is taken away");
            assert_eq!(severity(&run, "foreign-owner").as_deref(), expected, "{marks} {deployer}");
        }
    }
}

#[test]
fn what_no_release_brings_is_reported() {
    let marks = format!(
        "{HELM}, annotations: {{meta.helm.sh/release-name: c, meta.helm.sh/release-namespace: x}}"
    );
    let files = [("c/templates/a.yaml", &*binding("a", "a", "")), ("live.yaml", &*export(&marks))];
    let run = lint(&files, &["-n", "y,z"]);
    let collision = &run.json()["collisions"][0];
    let subject = json!({"kind": "ServiceAccount", "namespace": "x", "name": "a"});
    assert_eq!(collision["unclaimed"], json!({"subjects": [subject], "rules": []}));
    let contenders = collision["contenders"].as_array().expect("a list");
    let seen: Vec<_> = contenders.iter().map(|it| (&it["ownership"], &it["owner"])).collect();
    let (foreign, owner) = (json!("foreign"), json!({"name": "c", "namespace": "x"}));
    assert_eq!(seen, [(&Value::Null, &owner), (&foreign, &Value::Null), (&foreign, &Value::Null)]);
    let message = run.json()["findings"][1]["message"].to_string();
    assert!(message.contains("x/a is on the cluster and in no release"), "{message}");
}

#[test]
fn rules_that_are_taken_away_are_named() {
    let role = |verbs: &str, more: &str| {
        format!(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {{name: a}}\n{more}\
             rules: [{{apiGroups: [''], resources: [pods], verbs: [{verbs}]}}]\n"
        )
    };
    let aggregated = "aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}\n";
    let table = [
        (role("get", ""), role("get, list", ""), Some("error")),
        (role("get, list", ""), role("get", ""), None),
        // What a controller wrote into the role that aggregates was never the chart's.
        (role("get", aggregated), role("list", aggregated), None),
    ];
    for (brought, there, expected) in table {
        let files = [("c/templates/a.yaml", &*brought), ("live.yaml", &*there)];
        let run = lint(&files, &["-n", "x", "--deployer", "kubectl"]);
        let found = severity(&run, "rules-overwritten").map(|_| "error");
        assert_eq!(found, expected, "{brought} {there}");
        if expected.is_some() {
            let rule = json!([{"nonResourceURLs": [], "apiGroups": [""], "resources": ["pods"],
                               "resourceNames": [], "verbs": ["get", "list"]}]);
            assert_eq!(run.json()["collisions"][0]["unclaimed"]["rules"], rule);
        }
    }
}

#[test]
fn long_probes_find_cut_names_and_never_show() {
    let name = |text: &str| binding(text, "a", "");
    let table = [
        (r#"{{ printf "%s-%s" .Release.Name .Release.Namespace | trunc 63 | quote }}"#, true),
        (r#"{{ .Release.Namespace | trunc 53 | quote }}"#, true),
        (r#"{{ .Release.Namespace | quote }}"#, false),
        (
            r#"{{ printf "%s-%s" (.Release.Namespace | trunc 9) (sha256sum .Release.Namespace) }}"#,
            false,
        ),
        (r#"{{ .Release.Name | quote }}"#, false),
        (
            r#"{{ if gt (len .Release.Namespace) 40 }}{{ fail "too long" }}{{ end }}{{ .Release.Namespace }}"#,
            false,
        ),
    ];
    for (text, expected) in table {
        let run = lint(&[("c/templates/a.yaml", &name(text))], &[]);
        let found = severity(&run, "truncated-cluster-name");
        assert_eq!(found.as_deref() == Some("warning"), expected, "{text}\n{}", run.stdout);
        let json = run.json();
        assert_eq!(json["errors"], json!([]), "{text}");
        assert_eq!(json["summary"]["releases"], 3);
        assert_eq!(json["summary"]["objects"], 3);
        assert_eq!(json["releases"].as_array().map(Vec::len), Some(3));
        if expected {
            assert_eq!(json["collisions"][0]["probe"], true);
            assert_eq!(json["collisions"][0]["outcome"], "lost-subjects");
        }
    }
}

#[test]
fn hooks_that_never_meet_are_no_duplicates() {
    let account = |annotation: &str| {
        format!(
            "---\napiVersion: v1\nkind: ServiceAccount\n\
             metadata: {{name: a, annotations: {{{annotation}}}}}\n"
        )
    };
    let plain = account("a: b");
    let table = [
        (plain.clone(), plain.clone(), true),
        (plain.clone(), account("helm.sh/hook: post-delete"), false),
        (account("helm.sh/hook: pre-install"), plain.clone(), true),
        (
            account("helm.sh/hook: pre-install, helm.sh/hook-delete-policy: hook-succeeded"),
            plain,
            false,
        ),
        (account("helm.sh/hook: pre-install"), account("helm.sh/hook: pre-delete"), false),
    ];
    for (one, other, expected) in table {
        let text = format!("{one}{other}");
        let run = lint(&[("c/templates/a.yaml", &text)], &["-n", "x"]);
        assert_eq!(severity(&run, "duplicate-object").is_some(), expected, "{text}");
    }
}

#[test]
fn lists_are_unfolded_everywhere() {
    let item = "apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: a}";
    let list = |kind: &str| format!("apiVersion: v1\nkind: {kind}\nitems:\n- {{{item}}}\n");
    for kind in ["List", "ClusterRoleList"] {
        let text = list(kind);
        let run = lint(&[("c/templates/a.yaml", &text), ("live.yaml", &text)], &["-n", "x,y"]);
        let json = run.json();
        assert_eq!(
            json["collisions"][0]["contenders"].as_array().map(Vec::len),
            Some(3),
            "{json:#}"
        );
        let found = severity(&run, "foreign-owner");
        assert_eq!(found.as_deref(), Some("warning"), "the export's item is known");
    }
}

#[test]
fn what_goes_to_different_clusters_never_meets() {
    let inventory = |cluster: &str| {
        format!(
            "releases:\n- {{chart: c, namespace: x, cluster: one}}\n\
             - {{chart: c, namespace: y, cluster: {cluster}}}\n"
        )
    };
    for (cluster, expected) in [("one", 1), ("two", 0)] {
        let folder = folder(&[
            ("c/Chart.yaml", CHART),
            ("c/templates/a.yaml", &binding("a", "a", "")),
            ("rolecall.yaml", &inventory(cluster)),
        ]);
        let path = folder.path().join("rolecall.yaml");
        let run = rolecall(&["lint", arg(&path), "--format", "json"]);
        assert_eq!(run.json()["collisions"].as_array().map(Vec::len), Some(expected));
        assert_eq!(severity(&run, "lost-subjects").is_some(), expected > 0, "{}", run.stdout);
    }
}

#[test]
fn an_assumed_scope_is_noted_once() {
    let text = "apiVersion: x.y/v1\nkind: A\nmetadata: {name: a}\n---\n\
                apiVersion: x.y/v1\nkind: B\nmetadata: {name: b, namespace: '{{ .Release.Namespace }}'}\n";
    let crd = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n\
               metadata: {name: as.x.y}\nspec: {group: x.y, scope: Cluster, names: {kind: A}}\n";
    let run = lint(&[("c/templates/a.yaml", text)], &["-n", "x,y"]);
    let note = "no CRD says whether A.x.y is namespaced: what names no namespace counts as an object of \
                the release's";
    assert_eq!(run.json()["notes"], json!([note]));
    assert!(run.stderr.contains(&format!("note: {note}\n")), "{}", run.stderr);
    let run = lint(&[("c/templates/a.yaml", text), ("c/crds/a.yaml", crd)], &["-n", "x,y"]);
    assert_eq!(run.json()["notes"], json!([]));
    assert_eq!(run.json()["collisions"][0]["kind"], "A", "it is cluster-scoped");
}

#[test]
fn where_all_who_are_meant_refuse_nothing_is_overwritten() {
    let same = "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n";
    let lost = binding("a", "a", "");
    let named = lost.replace("name: a,", "name: '{{ .Release.Name }}',");
    let role = named.replace("ClusterRoleBinding", "ClusterRole");
    let (probed, asked): (&[&str], &[&str]) = (&[], &["-n", "x,y"]);
    let table = [
        ("lost-subjects", lost.as_str(), "helm", asked, Some("error")),
        ("identical", same, "helm", asked, Some("info")),
        ("constant-cluster-name", &lost, "helm", probed, Some("error")),
        ("constant-cluster-name", same, "helm", probed, Some("error")),
        ("constant-cluster-name", same, "helm,flux", probed, None),
        ("release-only-cluster-name", &role, "helm", probed, Some("warning")),
        ("release-only-cluster-name", &named, "kubectl", probed, None),
    ];
    for (rule, text, deployer, args, expected) in table {
        let args = [args, &["--deployer", deployer]].concat();
        let run = lint(&[("c/templates/a.yaml", text)], &args);
        let findings = run.json()["findings"].as_array().expect("it is a list").clone();
        let refused = |it: &&Value| {
            it["rule"] == rule
                && it["message"]
                    .as_str()
                    .is_some_and(|it| it.contains("all but the first are refused"))
        };
        let found = findings.iter().find(refused).and_then(|it| it["severity"].as_str());
        assert_eq!(found, expected, "{rule} {deployer} {findings:#?}");
    }
}

#[test]
fn what_goes_to_several_clusters_names_its_own() {
    let inventory = "releases:\n- {chart: c, namespaces: [x, y], cluster: one}\n\
                     - {chart: c, namespaces: [x, y], cluster: two}\nmanifests: [a.yaml]\n";
    let folder = folder(&[
        ("c/Chart.yaml", CHART),
        ("c/templates/a.yaml", &binding("a", "a", "")),
        ("a.yaml", &binding("a", "a", "").replace("'{{ .Release.Namespace }}'", "z")),
        ("rolecall.yaml", inventory),
    ]);
    let run = rolecall(&["lint", arg(&folder.path().join("rolecall.yaml")), "--format", "json"]);
    let json = run.json();
    let clusters = |key: &str| -> Vec<_> {
        json[key].as_array().into_iter().flatten().map(|it| it["cluster"].clone()).collect()
    };
    assert_eq!(clusters("collisions"), ["one", "two"]);
    assert_eq!(clusters("releases"), ["one", "one", "two", "two"]);
    for cluster in ["one", "two"] {
        let named = format!("ClusterRoleBinding a on cluster {cluster} has other subjects");
        assert!(run.stdout.contains(&named), "{}", run.stdout);
    }
    assert!(run.stderr.contains("the releases go to one and two"), "{}", run.stderr);
}

#[test]
fn a_release_that_is_installed_twice_does_not_meet_itself() {
    let inventory = "releases:\n- {chart: c, namespaces: [x, y]}\n\
                     - {chart: c, namespace: x, set: {a: 1}}\n";
    let folder = folder(&[
        ("c/Chart.yaml", CHART),
        ("c/templates/a.yaml", &binding("a", "a", "")),
        ("rolecall.yaml", inventory),
    ]);
    let run = rolecall(&["lint", arg(&folder.path().join("rolecall.yaml")), "--format", "json"]);
    let json = run.json();
    let spaces = |list: &Value| -> Vec<Value> {
        list.as_array().into_iter().flatten().map(|it| it["namespace"].clone()).collect()
    };
    assert_eq!(spaces(&json["releases"]), ["y", "x"]);
    assert_eq!(spaces(&json["collisions"][0]["contenders"]), ["y", "x"]);
    assert!(run.stderr.contains("the last one wins"), "{}", run.stderr);
}

//! Each rule that has a safe fix, on the forms in which a source says what it finds.

use std::collections::BTreeSet;

use super::{CHART, RBAC, lint, read};
use crate::support::{folder, rolecall};

/// A source in which `‹OLD→NEW›` is what a fix changes, and why it is left alone; empty where it is not.
/// What follows `===` is the helper `w`, and a value of values.yaml is called `word`.
type Form = (&'static str, &'static str);

const IN_CHART: &str = "c/templates/r.yaml";

const OF_VALUE: &str = "change `.Values.word` at c/values.yaml:1:7";

const LEFT_ALONE: &str = "is written in a way that is left alone";

/// There is no fix to be made.
const NOTHING: &str = "fixed 0 findings";

/// A word of a list: `OTHER` stands beside it.
const LISTS: &[Form] = &[
    ("\n  - OTHER\n  - ‹@› # kept", ""),
    ("\n    # kept\n    - \"‹@›\"\n    - OTHER", ""),
    (" [OTHER, ‹@›]", ""),
    (" [ \"OTHER\",\"‹@›\" ]", ""),
    (" ['‹@›', 'OTHER']", ""),
    (" [OTHER, {{ include \"w\" . }}]===‹@›", ""),
    (" [OTHER, {{ .Values.word }}]", OF_VALUE),
];

const SCALARS: &[Form] = &[
    (" ‹@› # kept", ""),
    ("   \"‹@›\"", ""),
    (" '‹@›'", ""),
    (" {{ include \"w\" . }}===‹@›", ""),
    (" {{ include \"w\" . | quote }}===KEPT", "` at c/templates/_h.tpl:2:1"),
    (" {{ .Values.word }}", OF_VALUE),
];

const ROLE: &str = "kind: ClusterRole\nmetadata: {name: a}\nrules:\n- BODY\n";
const BINDING: &str = "\
kind: ClusterRoleBinding
metadata: {name: a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
BODY
";

const ACCOUNT: &str = "\
kind: ClusterRoleBinding
metadata: {name: a}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- kind: ServiceAccount
  name: a
  namespace:BODY
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: a, namespace: {{ .Release.Namespace }}}
";

/// The rules that write one word in the place of another, `OTHER`, and both words.
const OF_LISTS: &[(&str, &str, [&str; 3])] = &[
    ("unknown-verb", "apiGroups: ['']\n  resources: [pods]\n  verbs:BODY", ["list", "Get", "get"]),
    (
        "unknown-resource",
        "apiGroups: ['']\n  verbs: [get]\n  resources:BODY",
        ["pods", "Secret", "secrets"],
    ),
    (
        "wrong-api-group",
        "resources: [jobs, deployments]\n  verbs: [get]\n  apiGroups:BODY",
        ["batch", "apps/v1", "apps"],
    ),
];

const OF_SCALARS: &[(&str, &str, [&str; 2])] = &[
    (
        "removed-api-version",
        "apiVersion:BODY\nkind: ClusterRole\nmetadata: {name: a}\nrules: []\n",
        ["rbac.authorization.k8s.io/v1beta1", "rbac.authorization.k8s.io/v1"],
    ),
    (
        "invalid-role-ref",
        "kind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef:\n  name: view\n  \
         apiGroup: rbac.authorization.k8s.io\n  kind:BODY\n",
        ["clusterrole", "ClusterRole"],
    ),
];

const OF_SUBJECTS: &[(&str, &str, [&str; 2])] = &[(
    "invalid-subject",
    "- name: ops\n  apiGroup: rbac.authorization.k8s.io\n  kind:BODY",
    ["group", "Group"],
)];

/// The rules that do more than write another word: what stands around the forms, and the value `word`.
const OTHERS: &[(&str, &str, &str, &[Form])] = &[
    (
        "unquoted-name",
        BINDING,
        "1e3",
        &[
            ("- kind: Group\n  name: ‹1e3→\"1e3\"› # kept", ""),
            ("- {kind: Group, name: ‹1e3→\"1e3\"›}", ""),
            ("- kind: Group\n  name: {{ include \"w\" . }}===‹1e3→\"1e3\"›", ""),
            ("- kind: Group\n  name: {{ .Values.word }}", OF_VALUE),
        ],
    ),
    (
        "hard-coded-subject-namespace",
        ACCOUNT,
        "default",
        &[
            (" ‹default→{{ .Release.Namespace }}› # kept", ""),
            (" \"‹default→{{ .Release.Namespace }}›\"", ""),
            (" '‹default→{{ .Release.Namespace }}›'", ""),
            (" {{ include \"w\" . }}===‹default→{{ .Release.Namespace }}›", ""),
            (" {{ include \"w\" . | quote }}===default", NOTHING),
            (" {{ .Values.word }}", NOTHING),
            (" {{ .Release.Namespace }}", NOTHING),
        ],
    ),
    (
        "unknown-field",
        ROLE,
        "x",
        &[
            ("apiGroups: ['']\n  resources: [pods]\n  ‹verb→verbs›: [get] # kept", ""),
            ("apiGroups: ['']\n  resources: [pods]\n  \"‹verb→verbs›\":\n  - get", ""),
            ("{apiGroups: [''], '‹verb→verbs›': [get], resources: [pods]}", ""),
            (
                "{{- include \"w\" . | nindent 2 }}===apiGroups: [\"\"]\nresources: [pods]\n‹verb→verbs›: [get]",
                "",
            ),
        ],
    ),
    (
        "ignored-namespace",
        "kind: ClusterRole\nmetadata:BODY\nrules: []\n",
        "x",
        &[
            ("\n  name: a\n‹  namespace: x # gone\n→›  labels: {}", ""),
            (" {name: a‹, namespace: \"x\"→›}", ""),
            (" {‹namespace: 'x', →›name: a}", ""),
            ("\n‹  namespace: {{ include \"w\" . }}\n→›  name: a===x", ""),
            ("\n‹  namespace: {{ .Values.word }}\n→›  name: a", ""),
            ("\n‹  namespace: {{ .Release.Namespace }}\n→›  name: a", ""),
            ("\n  {{- include \"w\" . | nindent 2 }}===name: a\n‹namespace: x\n→›labels: {}", ""),
        ],
    ),
    (
        "removed-resource",
        "kind: ClusterRole\nmetadata: {name: a}\nrules:\n- resources: [ingresses]\n  verbs: [get]\n  apiGroups:BODY\n",
        "extensions",
        &[
            ("\n  - networking.k8s.io\n‹  # old\n  - extensions\n→›  - ''", ""),
            (" [networking.k8s.io‹, extensions→›]", ""),
            (" [‹\"extensions\", →›\"networking.k8s.io\"]", ""),
            (" ['networking.k8s.io'‹, 'extensions'→›]", ""),
            (" [networking.k8s.io, {{ include \"w\" . }}]===extensions", LEFT_ALONE),
            (" [networking.k8s.io, {{ .Values.word }}]", OF_VALUE),
        ],
    ),
    (
        "covered-rule",
        ROLE,
        "list",
        &[
            (
                "apiGroups: ['']\n  resources: [pods]\n  verbs: [list, {{ include \"w\" . }}]===list",
                LEFT_ALONE,
            ),
            ("apiGroups: ['']\n  resources: [pods]\n  verbs: [list, {{ .Values.word }}]", OF_VALUE),
            (
                "‹{apiGroups: [''], resources: [pods], verbs: [get]}\n- →›{apiGroups: ['', apps], resources: [pods], verbs: ['*']}",
                "",
            ),
            ("apiGroups: ['']\n  resources: [pods]\n  verbs: [get, list‹, get→›]", ""),
            (
                "apiGroups: ['']\n  resources: [pods]\n  verbs:\n  - get\n‹  - \"get\"\n→›  - list",
                "",
            ),
        ],
    ),
    (
        "duplicate-subject",
        BINDING,
        "ops",
        &[
            (
                "- kind: Group\n  name: {{ include \"w\" . }}‹\n- kind: Group\n  name: {{ include \"w\" . }}→›===ops",
                "",
            ),
            (
                "- kind: Group\n  name: ops\n- kind: Group\n  name: {{ .Values.word }}",
                "its source says something else",
            ),
            ("- kind: Group\n  name: ops‹\n# again\n- name: \"ops\"\n  kind: 'Group'→›", ""),
            ("- {kind: Group, name: ops}‹\n- {kind: Group, name: ops}→›", ""),
        ],
    ),
    (
        "subject-without-namespace",
        BINDING,
        "a",
        &[
            (
                "- kind: ServiceAccount\n  name: {{ include \"w\" . }} # kept‹→\n  namespace: {{ .Release.Namespace }}›===a",
                "",
            ),
            (
                "- {kind: ServiceAccount, name: {{ .Values.word }}‹→, namespace: {{ .Release.Namespace }}›}",
                "",
            ),
            (
                "- {kind: ServiceAccount, \"name\": \"{{ .Values.word }}\"‹→, \"namespace\": \"{{ .Release.Namespace }}\"›}",
                "",
            ),
        ],
    ),
    (
        "invalid-role-ref",
        "kind: ClusterRoleBinding\nmetadata: {name: a}\nroleRef:BODY\n",
        "ClusterRole",
        &[
            (
                "\n  kind: ClusterRole # kept‹→\n  apiGroup: rbac.authorization.k8s.io›\n  name: view",
                "",
            ),
            (" {name: view, kind: 'ClusterRole'‹→, apiGroup: rbac.authorization.k8s.io›}", ""),
            (" {name: view, kind: ClusterRole, apiGroup: \"‹→rbac.authorization.k8s.io›\"}", ""),
            (
                "\n  name: view\n  kind: {{ .Values.word }}‹→\n  apiGroup: rbac.authorization.k8s.io›",
                "",
            ),
            (
                "\n  name: view\n  kind: {{ include \"w\" . | quote }}‹→\n  apiGroup: rbac.authorization.k8s.io›===ClusterRole",
                "",
            ),
            (
                "\n  {{- dict \"kind\" .Values.word \"name\" \"view\" | toYaml | nindent 2 }}",
                "it comes from `{{- dict",
            ),
        ],
    ),
    (
        "invalid-subject",
        BINDING,
        "Group",
        &[
            ("- kind: User # kept‹→\n  apiGroup: rbac.authorization.k8s.io›\n  name: jane", ""),
            ("- kind: ServiceAccount\n  name: a\n  namespace: b\n‹  apiGroup: v1\n→›# end", ""),
        ],
    ),
    (
        "invalid-rule",
        ROLE,
        "pods",
        &[
            ("‹→apiGroups: [\"\"]\n  ›resources:\n  - pods # kept\n  verbs: [get]", ""),
            ("{verbs: [get], ‹→apiGroups: [apps], ›resources: [deployments]}", ""),
            ("verbs: [get]\n  resources: ['leases']\n  apiGroups: ‹[]→[coordination.k8s.io]›", ""),
            ("verbs: [get]\n  ‹→apiGroups: [\"\"]\n  ›resources: [{{ .Values.word }}]", ""),
            (
                "verbs: [get]\n  ‹→apiGroups: [\"\"]\n  ›resources: [{{ include \"w\" . }}]===pods",
                "",
            ),
            ("resources: [pods, deployments]\n  verbs: [get]", NOTHING),
        ],
    ),
    (
        "wrong-api-group",
        "kind: ClusterRole\nmetadata: {name: a}\nrules:\n- resources: [pods, deployments]\n  verbs: [get]\n  apiGroups:BODY\n",
        "\"\"",
        &[
            ("\n  - \"\" # kept‹→\n  - apps›", ""),
            ("\n  -   'batch'\n  -   '' # core‹→\n  -   apps›", ""),
            (" [\"\"‹→, \"apps\"›]", ""),
            (" [''‹→, 'apps'›, batch]", ""),
            (" [{{ include \"w\" . }}]===\"\"‹→, \"apps\"›", ""),
            (" [{{ .Values.word | quote }}]", OF_VALUE),
        ],
    ),
];

/// Returns a source before and after the fix.
fn both(marked: &str) -> (String, String) {
    let (mut before, mut after) = (String::new(), String::new());
    let mut rest = marked;
    while let Some((text, more)) = rest.split_once('‹') {
        let (change, more) = more.split_once('›').expect("it is closed");
        let (old, new) = change.split_once('→').expect("it is a change");
        (before, after) = (before + text + old, after + text + new);
        rest = more;
    }
    (before + rest, after + rest)
}

/// Runs the fix of a rule on a form: a source and why it is left alone, in a chart or in a manifest;
/// says what is not as it should be.
fn check((rule, word): (&str, &str), (form, why): (&str, &str), name: &str) -> Option<String> {
    let (marked, helper) = form.split_once("===").unwrap_or((form, ""));
    let head = if marked.starts_with("apiVersion") { "" } else { RBAC };
    let ((before, after), (helper, mended)) = (both(&format!("{head}{marked}")), both(helper));
    let define = |body: &str| format!("{{{{- define \"w\" -}}}}\n{body}\n{{{{- end }}}}\n");
    let (helper, mended) = (define(&helper), define(&mended));
    let values = format!("word: {word}\n");
    let in_chart = name == IN_CHART;
    let of_chart = [CHART, ("c/values.yaml", &values), ("c/templates/_h.tpl", &helper)];
    let of_chart = if in_chart { &of_chart[..] } else { &[] };
    let folder = folder(&[&[(name, before.as_str())], of_chart].concat());
    let run = lint(&folder, &[if in_chart { "c" } else { name }, &format!("--fix={rule}")]);
    let is_kept = of_chart.iter().all(|(name, text)| {
        let expected = if name.ends_with(".tpl") { mended.as_str() } else { text };
        read(&folder, name) == expected
    });
    let fixed = if why.is_empty() { "fixed 1 finding in 1 file" } else { "fixed 0 findings" };
    let is_told = run.stderr.contains(fixed) && run.stderr.contains(why);
    let got = read(&folder, name);
    let is_right = got == after && is_kept && is_told;
    (!is_right).then(|| format!("{rule} on\n{before}{helper}became\n{got}{}", run.stderr))
}

/// Runs the fix of a rule on a form, in a manifest too where it can be one.
fn check_both(named: (&str, &str), form: (&str, &str)) -> Vec<String> {
    let names = if form.0.contains("{{") { &[IN_CHART][..] } else { &[IN_CHART, "r.yaml"] };
    names.iter().filter_map(|name| check(named, form, name)).collect()
}

/// Puts a form into what stands around it; `===` stays behind all.
fn within(around: &str, form: &str) -> String {
    let (body, helper) = form.split_once("===").unwrap_or((form, ""));
    format!("{}==={helper}", around.replace("BODY", body))
}

#[test]
fn words_are_written_in_every_form() {
    let mut wrong = Vec::new();
    for (rule, around, [other, bad, good]) in OF_LISTS {
        for (form, why) in LISTS {
            let form = form.replace("OTHER", other).replace('@', &format!("{bad}→{good}"));
            let form = within(&within(ROLE, around).replace("===", ""), &form);
            wrong.extend(check_both((rule, bad), (&form, why)));
        }
    }
    let subjects = OF_SUBJECTS
        .iter()
        .map(|(rule, around, words)| (rule, within(BINDING, around).replace("===", ""), words));
    let roots = OF_SCALARS.iter().map(|(rule, around, words)| (rule, (*around).to_owned(), words));
    for (rule, around, [bad, good]) in subjects.chain(roots) {
        for (form, why) in SCALARS {
            let form =
                within(&around, &form.replace('@', &format!("{bad}→{good}")).replace("KEPT", bad));
            wrong.extend(check_both((rule, bad), (&form, why)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_more_than_a_word_is_mended_in_every_form() {
    let mut wrong = Vec::new();
    for (rule, around, word, forms) in OTHERS {
        for (form, why) in *forms {
            wrong.extend(check_both((rule, word), (&within(around, form), why)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_with_a_safe_fix_is_here() {
    let rules = rolecall(&["explain", "--format", "json"]).json();
    let rules = rules.as_array().expect("there is a list").iter();
    let safe = rules
        .filter(|it| it["fix"] == "safe")
        .filter_map(|it| it["name"].as_str().map(String::from));
    let words = OF_LISTS.iter().map(|(rule, ..)| *rule);
    let scalars = OF_SCALARS.iter().chain(OF_SUBJECTS).map(|(rule, ..)| *rule);
    let others = OTHERS.iter().map(|(rule, ..)| *rule);
    let here: BTreeSet<String> = words.chain(scalars).chain(others).map(String::from).collect();
    assert_eq!(here, safe.collect());
}

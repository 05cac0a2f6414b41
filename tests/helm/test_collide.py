"""What counts as a collision: `python3 -B -m unittest discover tests/helm`."""

import unittest

from collide import collisions, scopes
from grants import missing, same_grants

BINDING = """---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: a}
roleRef: {kind: ClusterRole, name: %s}
subjects: [{kind: ServiceAccount, name: x, namespace: %s}]
"""
ROLE = """---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: a, labels: {app.kubernetes.io/managed-by: Helm}}
rules: [{apiGroups: [""], resources: [pods], verbs: [%s]}]
"""
OTHER = "---\napiVersion: %s\nkind: %s\nmetadata: {name: a%s}\nspec: {x: %s}\n"
CRD = "---\nkind: CustomResourceDefinition\nspec: {scope: Cluster, group: x.io, names: {kind: A}}\n"


def found(*texts, crds=""):
    owners = [(f"team-{place}", text) for place, text in enumerate(texts)]
    return [(it.outcome, it.lost) for it in collisions(owners, scopes([crds]))]


class Collisions(unittest.TestCase):
    def test_bindings(self):
        gone = ("ServiceAccount", "u", "x")
        self.assertEqual(found(BINDING % ("r", "u"), BINDING % ("r", "v")), [("lost-subjects", (gone,))])
        self.assertEqual(found(BINDING % ("r", "u"), BINDING % ("s", "u")), [("role-ref-conflict", ())])
        self.assertEqual(found(BINDING % ("r", "u"), BINDING % ("r", "u")), [("identical", ())])
        self.assertEqual(found(BINDING % ("r", "u") * 2), [("duplicate-object", ())])

    def test_the_account_and_its_user_name_are_one(self):
        user = BINDING.replace("ServiceAccount, name: x, namespace: %s", "User, name: 'system:serviceaccount:%s:x'")
        self.assertEqual(found(BINDING % ("r", "u"), user % ("r", "u")), [("identical", ())])

    def test_roles_are_compared_by_what_they_grant(self):
        self.assertEqual(found(ROLE % "get", ROLE % "list"), [("rules-overwritten", ())])
        self.assertEqual(found(ROLE % "get, list", ROLE % "list, get, get"), [("identical", ())])
        self.assertEqual(found(ROLE % "get", (ROLE % "get").replace("Helm", "x")), [("content-overwritten", ())])

    def test_scopes(self):
        for version, kind, more, crds, collides in (
            ("v1", "ConfigMap", "", "", False),
            ("v1", "ConfigMap", ", namespace: n", "", True),
            ("v1", "Namespace", ", namespace: '{n}'", "", True),
            ("x.io/v1", "A", "", "", False),
            ("x.io/v1", "A", "", CRD, True),
        ):
            text = OTHER % (version, kind, more, 1)
            self.assertEqual(found(text, text, crds=crds), [("identical", ())] * collides, (kind, crds))

    def test_content(self):
        both = [OTHER % ("v1", "Node", "", value) for value in (1, 2)]
        self.assertEqual(found(*both), [("content-overwritten", ())])


def rule(groups, resources, verbs, names=()):
    return {"apiGroups": groups.split(","), "resources": resources.split(","), "verbs": verbs.split(","), "resourceNames": list(names)}


class Grants(unittest.TestCase):
    def test_coverage(self):
        for owner, wanted, covers in (
            (rule("", "pods", "get,list"), rule("", "pods", "get"), True),
            (rule("", "pods", "get", ["a"]), rule("", "pods", "get"), False),
            (rule("", "pods", "get"), rule("", "pods", "get", ["a"]), True),
            (rule("*", "*/scale", "get"), rule("apps", "deployments/scale", "get"), True),
            (rule("", "pods", "get"), rule("", "pods/log", "get"), False),
            (rule("", "*", "*"), rule("", "*/log", "*"), True),
            (rule("", "pods", "get,list"), rule("", "pods", "*"), False),
            ({"nonResourceURLs": ["/a*"], "verbs": ["get"]}, {"nonResourceURLs": ["/a/*", "/a"], "verbs": ["get"]}, True),
            ({"nonResourceURLs": ["/a/*"], "verbs": ["get"]}, {"nonResourceURLs": ["/a"], "verbs": ["get"]}, False),
        ):
            self.assertEqual(missing([owner], [wanted]) is None, covers, (owner, wanted))

    def test_rules_may_cover_one_together(self):
        both = [rule("", "pods", "get"), rule("", "pods", "list")]
        self.assertTrue(same_grants(both, [rule("", "pods", "get,list")]))


if __name__ == "__main__":
    unittest.main()

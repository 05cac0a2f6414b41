"""Charts whose releases bring one object, as `deployers` installs them."""

import json
import os
import shutil
from dataclasses import dataclass

RBAC = "rbac.authorization.k8s.io"
NAMESPACE = "{{ .Release.Namespace }}"
KEEP = {"helm.sh/resource-policy": "keep"}
HOOK = {"helm.sh/hook": "post-install,post-upgrade"}


@dataclass(frozen=True)
class Release:
    name: str
    namespace: str


FIRST = Release("demo", "team-a")


@dataclass(frozen=True)
class Case:
    """The object that the first and the second release bring."""

    title: str
    first: dict
    second: dict
    # None: one release brings both.
    then: Release = Release("demo", "team-b")
    crds: bool = False
    # The first object is put there by kubectl, not by Helm.
    by_hand: bool = False
    name: str = "shared"

    @property
    def twice(self):
        return self.then is None

    @property
    def own(self):
        """The second release is the first one, upgraded."""
        return self.then == FIRST

    def write(self, folder):
        """Writes the charts `one` and `second`, `first`, which may bring both, and `rest`, in which the object is no more."""
        shutil.rmtree(folder, ignore_errors=True)
        charts = {"one": [self.first], "first": [self.first, self.second] if self.twice else [self.first], "second": [self.second], "rest": []}
        for chart, objects in charts.items():
            account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "robot", "namespace": NAMESPACE}}
            files = {"Chart.yaml": {"apiVersion": "v2", "name": "chart", "version": "1.0.0"}, "templates/account.yaml": account}
            place = "crds" if self.crds else "templates"
            files.update({f"{place}/shared-{number}.yaml": it for number, it in enumerate(objects)})
            for name, data in files.items():
                path = os.path.join(folder, chart, name)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(json.dumps(data) + "\n")


def binding(role="view", subject=NAMESPACE, **annotations):
    return {
        "apiVersion": f"{RBAC}/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": "shared", "annotations": annotations},
        "roleRef": {"apiGroup": RBAC, "kind": "ClusterRole", "name": role},
        "subjects": [{"kind": "ServiceAccount", "name": "robot", "namespace": subject}],
    }


def role(*resources):
    rules = [{"apiGroups": [""], "resources": list(resources), "verbs": ["get"]}]
    return {"apiVersion": f"{RBAC}/v1", "kind": "ClusterRole", "metadata": {"name": "shared"}, "rules": rules}


def priority(description):
    return {"apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "shared"}, "value": 7, "description": description}


def definition(description):
    schema = {"openAPIV3Schema": {"type": "object", "description": description}}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "widgets.example.com"},
        "spec": {
            "group": "example.com",
            "names": {"kind": "Widget", "plural": "widgets"},
            "scope": "Namespaced",
            "versions": [{"name": "v1", "served": True, "storage": True, "schema": schema}],
        },
    }


def same(title, data, **more):
    return Case(title, data, data, **more)


WIDGETS = "widgets.example.com"
OTHER = Release("other", "team-b")
CASES = [
    same("other subjects", binding()),
    same("other subjects, another name", binding(), then=OTHER),
    same("other roleRef", binding(role=f"view-{NAMESPACE}")),
    same("other rules", role("pods", NAMESPACE)),
    same("other content", priority(NAMESPACE)),
    same("identical binding", binding(subject="ops")),
    same("identical role", role("pods")),
    same("keep", binding(**KEEP)),
    same("keep, identical", binding(subject="ops", **KEEP)),
    same("keep, other roleRef", binding(role=f"view-{NAMESPACE}", **KEEP)),
    same("hooks", binding(**HOOK)),
    same("hooks, other roleRef", binding(role=f"view-{NAMESPACE}", **HOOK)),
    same("hooks, identical", binding(subject="ops", **HOOK)),
    Case("crds/", definition("first"), definition("second"), crds=True, name=WIDGETS),
    same("crds/, identical", definition("same"), crds=True, name=WIDGETS),
    Case("CRD in templates/", definition("first"), definition("second"), name=WIDGETS),
    Case("twice in one release", binding(subject="one"), binding(subject="two"), then=None),
    same("twice, identical", binding(), then=None),
    Case("its own, other subjects", binding(subject="one"), binding(subject="two"), then=FIRST),
    Case("its own, other roleRef", binding(role="view"), binding(role="edit"), then=FIRST),
    Case("without marks", binding(subject="one"), binding(subject="two"), by_hand=True),
    Case("without marks, other roleRef", binding(role="view"), binding(role="edit"), by_hand=True),
    Case("without marks, identical", binding(subject="ops"), binding(subject="ops"), by_hand=True),
]

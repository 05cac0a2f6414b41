"""Releases made of a seed: RBAC objects of few names, so that they collide, in forms that kubectl and the server know."""

import random

RBAC = "rbac.authorization.k8s.io"
NAMESPACES = ["app1", "app2"]
GROUPS = ["", "apps", "batch", "example.com", "*"]
RESOURCES = ["pods", "pods/log", "pods/exec", "deployments", "deployments/scale", "*/scale", "*/log", "jobs", "*", "secrets"]
VERBS = ["get", "list", "watch", "create", "delete", "*"]
NAMES = ["a", "b", "c"]
URLS = ["/healthz", "/healthz/*", "/healthz*", "/metrics", "/metrics/a", "/m*", "*", "/api/**"]
OBJECTS = [
    ("ClusterRole", None, "reader"),
    ("ClusterRole", None, "writer"),
    ("ClusterRoleBinding", None, "reader"),
    ("ClusterRoleBinding", None, "system:writer"),
    ("Role", "app1", "reader"),
    ("Role", "app2", "reader"),
    ("RoleBinding", "app1", "reader"),
    ("RoleBinding", "app2", "reader"),
]


def releases(seed):
    """The objects of two to four releases, in the order in which they are installed."""
    dice = random.Random(seed)
    return [release(dice) for _ in range(dice.randint(2, 4))]


def release(dice):
    chosen = sorted(dice.sample(range(len(OBJECTS)), dice.randint(2, 5)))
    return [built(dice, *OBJECTS[index]) for index in chosen]


def built(dice, kind, namespace, name):
    metadata = {"name": name, **({"namespace": namespace} if namespace else {})}
    if dice.random() < 0.3:
        metadata["labels"] = {"team": dice.choice(NAMES)}
    head = {"apiVersion": f"{RBAC}/v1", "kind": kind, "metadata": metadata}
    if not kind.endswith("Binding"):
        return {**head, "rules": [rule(dice, kind == "ClusterRole") for _ in range(dice.randint(0, 4))]}
    # Without the group kubectl takes it for another role, deletes the binding and loses its subjects.
    role = {"apiGroup": RBAC, "kind": "Role" if namespace else "ClusterRole", "name": name}
    return {**head, "roleRef": role, "subjects": [subject(dice, namespace) for _ in range(dice.randint(0, 4))]}


def some(dice, words, most=3):
    return dice.sample(words, dice.randint(1, most))


def rule(dice, with_urls):
    if with_urls and dice.random() < 0.25:
        return {"nonResourceURLs": some(dice, URLS), "verbs": some(dice, ["get", "post", "*"])}
    made = {"apiGroups": some(dice, GROUPS, 2), "resources": some(dice, RESOURCES), "verbs": some(dice, VERBS)}
    if dice.random() < 0.3:
        made["resourceNames"] = some(dice, NAMES, 2)
    return made


def subject(dice, namespace):
    kind = dice.choice(["ServiceAccount", "ServiceAccount", "User", "Group"])
    name = dice.choice(NAMES)
    if kind == "ServiceAccount":
        without = namespace and dice.random() < 0.3
        return {"kind": kind, "name": name, **({} if without else {"namespace": dice.choice(NAMESPACES)})}
    if kind == "User" and dice.random() < 0.3:
        name = f"system:serviceaccount:{dice.choice(NAMESPACES)}:{name}"
    return {"kind": kind, "name": name, **({"apiGroup": RBAC} if dice.random() < 0.7 else {})}

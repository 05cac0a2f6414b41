"""Which objects of two runs of Helm are one object on a cluster, and what happens to them. Nothing here is rolecall's."""

from collections import defaultdict
from dataclasses import dataclass, field

from documents import documents
from grants import same_grants

RBAC = "rbac.authorization.k8s.io"
NULL = ("null", "")
HIDDEN = ("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")
LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
OWNERSHIP = {"annotations": ("meta.helm.sh/release-name", "meta.helm.sh/release-namespace"), "labels": ("app.kubernetes.io/managed-by",)}
# The kinds that Kubernetes serves, or has served, outside of namespaces: `kubectl api-resources --namespaced=false`.
CLUSTER = {
    "": "ComponentStatus Namespace Node PersistentVolume",
    "admissionregistration.k8s.io": "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration "
    "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding ValidatingWebhookConfiguration",
    "apiextensions.k8s.io": "CustomResourceDefinition",
    "apiregistration.k8s.io": "APIService",
    "authentication.k8s.io": "SelfSubjectReview TokenReview",
    "authorization.k8s.io": "SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview",
    "certificates.k8s.io": "CertificateSigningRequest ClusterTrustBundle",
    "extensions": "PodSecurityPolicy ThirdPartyResource",
    "flowcontrol.apiserver.k8s.io": "FlowSchema PriorityLevelConfiguration",
    "networking.k8s.io": "IPAddress IngressClass ServiceCIDR",
    "node.k8s.io": "RuntimeClass",
    "policy": "PodSecurityPolicy",
    RBAC: "ClusterRole ClusterRoleBinding",
    "resource.k8s.io": "DeviceClass DeviceTaintRule ResourcePoolStatusRequest ResourceSlice",
    "scheduling.k8s.io": "PriorityClass",
    "storage.k8s.io": "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass",
    "storagemigration.k8s.io": "StorageVersionMigration",
}
NAMESPACED = {"apps", "autoscaling", "batch", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io"} | set(CLUSTER)


@dataclass(frozen=True, order=True)
class Found:
    """One collision: the object, what happens, and which subjects are gone afterwards."""

    group: str
    kind: str
    namespace: str
    name: str
    outcome: str
    lost: tuple = field(default=())

    @property
    def key(self):
        return (self.group, self.kind, self.namespace, self.name)

    @property
    def is_binding(self):
        return self.group == RBAC and self.kind in ("ClusterRoleBinding", "RoleBinding")

    def __str__(self):
        place = f"{self.namespace}/{self.name}" if self.namespace else self.name
        lost = f", lost: {', '.join('/'.join(part or '-' for part in it) for it in self.lost)}" if self.lost else ""
        return f"{self.kind} {place}: {self.outcome}{lost}"


def objects(text):
    """All objects of a text, lists unfolded."""
    for document in documents(text):
        for data in document.data if isinstance(document.data, list) else [document.data]:
            yield from unfold(data)


def unfold(data):
    items = data.get("items") if isinstance(data, dict) else None
    if items is not None and scalar(data.get("kind")).endswith("List"):
        for item in items if isinstance(items, list) else []:
            yield from unfold(item)
    elif isinstance(data, dict):
        yield data


def scalar(data):
    """A tagged scalar as text; empty for null, maps and lists."""
    return str(data[1]) if isinstance(data, tuple) and data[0] != "null" else ""


def at(data, *path):
    for key in path:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def listed(data):
    return data if isinstance(data, list) else []


def plain(data):
    """Tagged data as texts, lists and maps; null as None."""
    if data == NULL:
        return None
    if isinstance(data, dict):
        return {key: plain(value) for key, value in data.items()}
    return [plain(item) for item in data] if isinstance(data, list) else scalar(data)


def group_of(data):
    version = scalar(data.get("apiVersion"))
    return version.rpartition("/")[0]


def scopes(texts):
    """Which custom kinds live outside of namespaces, by the CRDs among some texts."""
    found = {}
    for data in (data for text in texts for data in objects(text)):
        if scalar(data.get("kind")) == "CustomResourceDefinition":
            kind = (scalar(at(data, "spec", "group")), scalar(at(data, "spec", "names", "kind")))
            found[kind] = scalar(at(data, "spec", "scope")) == "Cluster"
    return found


def in_cluster(group, kind, custom):
    """True, False, or None for a kind that neither Kubernetes nor a CRD knows."""
    if group in NAMESPACED:
        return kind in CLUSTER.get(group, "").split()
    return custom.get((group, kind))


def has_custom_kinds(text):
    """Whether some object is of a kind whose scope only a CRD tells."""
    return any(in_cluster(group_of(data), scalar(data.get("kind")), {}) is None for data in objects(text))


def identity(data, release_namespace, custom):
    group, kind, name = group_of(data), scalar(data.get("kind")), scalar(at(data, "metadata", "name"))
    if not kind or not name:
        return None
    if in_cluster(group, kind, custom):
        return (group, kind, "", name)
    return (group, kind, scalar(at(data, "metadata", "namespace")) or release_namespace, name)


def collisions(owners, custom):
    """The collisions of (namespace, text) pairs that are applied in that order."""
    held = defaultdict(list)
    for place, (namespace, text) in enumerate(owners):
        for data in objects(text):
            key = identity(data, namespace, custom)
            if key:
                held[key].append((place, data))
    return sorted(found for key, members in held.items() for found in judge(key, members))


def judge(key, members):
    for place in sorted({place for place, _ in members}):
        own = [data for other, data in members if other == place]
        if len(own) > 1:
            yield Found(*key, "duplicate-object", lost(own, key))
    last = list({place: data for place, data in members}.values())
    if len(last) > 1:
        yield Found(*key, outcome(key, last), lost(last, key))


def outcome(key, members):
    group, kind, namespace, _ = key
    whole = [settled(data) for data in members]
    if group == RBAC and kind in ("ClusterRoleBinding", "RoleBinding"):
        if differ(role_ref(data) for data in members):
            return "role-ref-conflict"
        if differ(subjects(data, namespace) for data in members):
            return "lost-subjects"
        meant = ("apiVersion", "roleRef", "subjects")
    elif group == RBAC and kind in ("ClusterRole", "Role"):
        if differ(selectors(data) for data in members):
            return "rules-overwritten"
        rules = [[rule for rule in plain(listed(data.get("rules"))) if isinstance(rule, dict)] for data in members]
        if not all(same_grants(rules[0], other) for other in rules[1:]):
            return "rules-overwritten"
        meant = ("apiVersion", "aggregationRule", "rules")
    else:
        meant = ()
    rest = [{key: value for key, value in data.items() if key not in meant} for data in whole]
    return "content-overwritten" if differ(rest) else "identical"


def differ(values):
    first, *others = values
    return any(other != first for other in others)


def settled(data):
    """The object without what the server manages, its namespace, and Helm's marks."""
    metadata = {key: value for key, value in (at(data, "metadata") or {}).items() if key not in HIDDEN and key != "namespace"}
    for part, marks in OWNERSHIP.items():
        held = metadata.pop(part, None)
        kept = {key: value for key, value in held.items() if key not in marks and key != LAST_APPLIED} if isinstance(held, dict) else {}
        if part == "labels" and isinstance(held, dict) and marks[0] in held and scalar(held[marks[0]]) != "Helm":
            kept[marks[0]] = held[marks[0]]
        if kept:
            metadata[part] = kept
    return {**{key: value for key, value in data.items() if key != "status"}, "metadata": metadata}


def role_ref(data):
    part = lambda key: scalar(at(data, "roleRef", key))  # noqa: E731
    return (part("apiGroup") or RBAC, part("kind"), part("name"))


def subjects(data, namespace):
    """The subjects as the authorizer tells them apart: (kind, namespace, name)."""
    return {subject(item, namespace) for item in listed(data.get("subjects"))}


def subject(item, namespace):
    kind, name = scalar(at(item, "kind")), scalar(at(item, "name"))
    if kind == "ServiceAccount":
        return (kind, scalar(at(item, "namespace")) or namespace, name)
    prefix = "system:serviceaccount:"
    if kind == "User" and name.startswith(prefix) and ":" in name[len(prefix) :]:
        return ("ServiceAccount", *name[len(prefix) :].split(":", 1))
    return (kind, "", name)


def selectors(data):
    rule = at(data, "aggregationRule")
    return None if not isinstance(rule, dict) else sorted(map(repr, listed(rule.get("clusterRoleSelectors"))))


def lost(members, key):
    """The subjects of all but the last that the last one does not hold."""
    if key[0] != RBAC or not key[1].endswith("Binding"):
        return ()
    held = [subjects(data, key[2]) for data in members]
    return tuple(sorted(set().union(*held[:-1]) - held[-1]))

"""A small API server on loopback: as much of Kubernetes as kubectl and Helm ask for.

It answers discovery, and keeps objects of a few kinds in memory. It fills in the API groups of role references and
subjects as the real one does, refuses another roleRef, and judges nothing else. README.md says what it leaves out.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import protobuf

RBAC = "rbac.authorization.k8s.io"
KINDS = {"clusterroles": "ClusterRole", "clusterrolebindings": "ClusterRoleBinding", "roles": "Role", "rolebindings": "RoleBinding"}
CRD = "CustomResourceDefinition"
# By group: the kinds that stand in no namespace, and those that do.
GROUPS = {
    "": ({"namespaces": "Namespace"}, {"secrets": "Secret", "serviceaccounts": "ServiceAccount"}),
    RBAC: tuple({name: kind for name, kind in KINDS.items() if name.startswith("cluster") == cluster} for cluster in (True, False)),
    "scheduling.k8s.io": ({"priorityclasses": "PriorityClass"}, {}),
    "apiextensions.k8s.io": ({"customresourcedefinitions": CRD}, {}),
}
PLURALS = {name: kind for kinds in GROUPS.values() for part in kinds for name, kind in part.items()}
VERBS = ["create", "delete", "get", "list", "patch", "update", "watch"]


def resources(group):
    """The path of a group in its version 1, and the list of its kinds."""
    version = f"{group}/v1" if group else "v1"
    listed = [
        {"name": name, "singularName": kind.lower(), "namespaced": namespaced, "kind": kind, "verbs": VERBS}
        for namespaced, kinds in zip((False, True), GROUPS[group])
        for name, kind in kinds.items()
    ]
    return f"/apis/{version}" if group else "/api/v1", {"kind": "APIResourceList", "groupVersion": version, "resources": listed}


def listed_group(group):
    version = {"groupVersion": f"{group}/v1", "version": "v1"}
    return {"name": group, "versions": [version], "preferredVersion": version}


def openapi(group):
    """Where the schemas of a group are, and all that they say: the server judges unknown fields, not the client."""
    path, kinds = resources(group)
    checked = {"parameters": [{"name": "fieldValidation", "in": "query"}]}
    kind = lambda it: {"group": group, "version": "v1", "kind": it["kind"]}  # noqa: E731
    paths = {f"{path}/{it['name']}/{{name}}": {"patch": {**checked, "x-kubernetes-group-version-kind": kind(it)}} for it in kinds["resources"]}
    return f"/openapi/v3{path}", {"openapi": "3.0.0", "info": {"title": "Kubernetes", "version": "v1.30.0"}, "paths": paths}


DISCOVERY = {
    "/version": {"major": "1", "minor": "30", "gitVersion": "v1.30.0"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": [listed_group(group) for group in GROUPS if group]},
    **dict(map(resources, GROUPS)),
    "/openapi/v3": {"paths": {resources(group)[0][1:]: {"serverRelativeURL": openapi(group)[0]} for group in GROUPS}},
    **dict(map(openapi, GROUPS)),
}
APPLY = "application/apply-patch+yaml"


class Server:
    """The server; `objects` holds what is stored, by path; `managers` who said to send something, by name."""

    def __init__(self):
        self.objects = {}
        self.managers = set()
        self.version = 0
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"held": self}))
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"

    def answer(self, method, path, body, query, content):
        """Status and content for a request; `query` holds its parameters, `content` is the type of its body."""
        self.managers.update(query.get("fieldManager", []))
        if method == "GET":
            if path in DISCOVERY:
                return 200, DISCOVERY[path]
            if path.split("/")[-1] in PLURALS:
                return self.list(path, query)
            return (200, self.objects[path]) if path in self.objects else refusal(404, "NotFound", path)
        if method == "POST":
            path = f"{path}/{body['metadata']['name']}"
            if path in self.objects:
                return refusal(409, "AlreadyExists", path)
            return self.store(201, path, body)
        if path not in self.objects:
            return self.store(201, path, body) if content == APPLY else refusal(404, "NotFound", path)
        if method == "PUT":
            return self.store(200, path, body)
        if method == "PATCH":
            return self.store(200, path, patched(self.objects[path], body))
        return 200, {**self.objects.pop(path)}

    def list(self, path, query):
        """What is directly below a path and has the labels that are asked for."""
        if "watch" in query:
            return refusal(405, "MethodNotAllowed", path)
        labels = dict(it.split("=") for it in ",".join(query.get("labelSelector", [])).split(",") if it)
        found = [body for it, body in sorted(self.objects.items()) if it.rpartition("/")[0] == path]
        items = [body for body in found if labels.items() <= (body["metadata"].get("labels") or {}).items()]
        parts = path.split("/")
        version = "v1" if parts[1] == "api" else "/".join(parts[2:4])
        return 200, {"kind": f"{PLURALS[parts[-1]]}List", "apiVersion": version, "metadata": {"resourceVersion": str(self.version)}, "items": items}

    def store(self, code, path, body):
        """Keeps an object; what it was, if it was, is below its path."""
        if "roleRef" in body:
            body["roleRef"]["apiGroup"] = body["roleRef"].get("apiGroup") or RBAC
            if path in self.objects and self.objects[path]["roleRef"] != body["roleRef"]:
                return other_role(path, body)
        for subject in body.get("subjects") or []:
            if subject["kind"] in ("User", "Group"):
                subject["apiGroup"] = subject.get("apiGroup") or RBAC
        if body["kind"] == CRD:
            body["status"] = {"conditions": [{"type": it, "status": "True"} for it in ("NamesAccepted", "Established")]}
        self.version += 1
        body["metadata"] = {**body["metadata"], "uid": path, "resourceVersion": str(self.version)}
        self.objects[path] = body
        return code, body


def patched(old, patch):
    """A merge patch: maps are merged, null takes away, lists are replaced whole, as those of RBAC are."""
    if not isinstance(old, dict) or not isinstance(patch, dict):
        return patch
    merged = {**old, **{key: patched(old.get(key), value) for key, value in patch.items()}}
    return {key: value for key, value in merged.items() if value is not None}


def other_role(path, body):
    """What `pkg/apis/rbac/validation` says, ValidateClusterRoleBindingUpdate."""
    role = "rbac.RoleRef{{APIGroup:\"{apiGroup}\", Kind:\"{kind}\", Name:\"{name}\"}}".format(**body["roleRef"])
    name = path.split("/")[-1]
    message = f'{body["kind"]}.{RBAC} "{name}" is invalid: roleRef: Invalid value: {role}: cannot change roleRef'
    return refusal(422, "Invalid", path, message)


def refusal(code, reason, path, message=None):
    status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code}
    return code, {**status, "message": message or f"{reason}: {path}"}


class Handler(BaseHTTPRequestHandler):
    """One connection; `held` is the server."""

    protocol_version = "HTTP/1.1"
    held = None

    def respond(self):
        size = int(self.headers.get("Content-Length") or 0)
        sent, url = self.rfile.read(size), urlsplit(self.path)
        body = protobuf.decoded(sent) if sent.startswith(protobuf.MAGIC) else json.loads(sent or "null")
        if sent and body is None:
            code, content = refusal(415, "UnsupportedMediaType", url.path)
        else:
            code, content = self.held.answer(self.command, url.path, body, parse_qs(url.query), self.headers.get("Content-Type"))
        try:
            self.send(code, json.dumps(content).encode())
        except ConnectionError:
            # Helm 4 leaves before the answer when it needs to watch no longer.
            self.close_connection = True

    def send(self, code, data):
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond

    def log_message(self, *_):
        pass

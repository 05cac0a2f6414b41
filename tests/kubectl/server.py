"""A small API server on loopback: as much of Kubernetes as `kubectl auth reconcile` asks for.

It answers discovery, and keeps namespaces and RBAC objects in memory. It fills in the API groups of role references
and subjects as the real one does, and judges nothing.
"""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

RBAC = "rbac.authorization.k8s.io"
KINDS = {"clusterroles": "ClusterRole", "clusterrolebindings": "ClusterRoleBinding", "roles": "Role", "rolebindings": "RoleBinding"}
VERBS = ["create", "delete", "get", "list", "patch", "update"]


def resource(name, kind, namespaced):
    return {"name": name, "singularName": kind.lower(), "namespaced": namespaced, "kind": kind, "verbs": VERBS}


VERSION = {"groupVersion": f"{RBAC}/v1", "version": "v1"}
DISCOVERY = {
    "/version": {"major": "1", "minor": "30", "gitVersion": "v1.30.0"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [resource("namespaces", "Namespace", False)]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": [{"name": RBAC, "versions": [VERSION], "preferredVersion": VERSION}]},
    f"/apis/{RBAC}/v1": {
        "kind": "APIResourceList",
        "groupVersion": f"{RBAC}/v1",
        "resources": [resource(name, kind, not name.startswith("cluster")) for name, kind in KINDS.items()],
    },
}


class Server:
    """The server; `objects` holds what is stored, by path."""

    def __init__(self):
        self.objects = {}
        self.version = 0
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"held": self}))
        self.http.daemon_threads = True
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"

    def answer(self, method, path, body):
        """Status and content for a request."""
        if method == "GET":
            if path in DISCOVERY:
                return 200, DISCOVERY[path]
            return (200, self.objects[path]) if path in self.objects else refusal(404, "NotFound", path)
        if method == "POST":
            path = f"{path}/{body['metadata']['name']}"
            if path in self.objects:
                return refusal(409, "AlreadyExists", path)
            return 201, self.store(path, body)
        if path not in self.objects:
            return refusal(404, "NotFound", path)
        if method == "PUT":
            return 200, self.store(path, body)
        return 200, {**self.objects.pop(path)}

    def store(self, path, body):
        self.version += 1
        body["metadata"] = {**body["metadata"], "uid": path, "resourceVersion": str(self.version)}
        if "roleRef" in body:
            body["roleRef"]["apiGroup"] = body["roleRef"].get("apiGroup") or RBAC
        for subject in body.get("subjects") or []:
            if subject["kind"] in ("User", "Group"):
                subject["apiGroup"] = subject.get("apiGroup") or RBAC
        self.objects[path] = body
        return body


def refusal(code, reason, path):
    return code, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": f"{reason}: {path}"}


class Handler(BaseHTTPRequestHandler):
    """One connection; `held` is the server."""

    protocol_version = "HTTP/1.1"
    held = None

    def respond(self):
        size = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(size)) if size else None
        code, content = self.held.answer(self.command, self.path.split("?")[0], body)
        data = json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = respond

    def log_message(self, *_):
        pass

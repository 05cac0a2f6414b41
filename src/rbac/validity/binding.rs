//! Role references and subjects.

use super::judge::{Judge, Path, written};
use super::{FlawKind, meta, names};
use crate::document::View;
use crate::finding::{Edit, Fix};
use crate::rbac::{GROUP, Scope, Subject};

/// Judges a RoleBinding or ClusterRoleBinding.
pub(super) fn judge(judge: &mut Judge, root: View<'_>, scope: Scope) {
    role_ref(judge, root, scope);
    let subjects = judge.list(FlawKind::Subject, (root, Path::Root), "subjects");
    for (at, item) in subjects.into_iter().flat_map(View::items).enumerate() {
        judge.extent = item.span();
        let path = Path::Root.field("subjects");
        if judge.is_map(FlawKind::Subject, item, path.item(at)) {
            subject(judge, (item, path.item(at)), scope);
        }
    }
}

fn role_ref(judge: &mut Judge, root: View<'_>, scope: Scope) {
    let kind = FlawKind::RoleRef;
    let path = Path::Root.field("roleRef");
    let view = root.get("roleRef").unwrap_or(root);
    judge.extent = view.span();
    if root.get("roleRef").is_some() && !judge.is_map(kind, view, path) {
        return;
    }
    let place = |key: &str| match root.get("roleRef") {
        Some(view) => view.get(key).unwrap_or(view).span(),
        None => root.get("kind").unwrap_or(root).span(),
    };
    let mut part = |key: &str| match root.get("roleRef") {
        Some(view) => judge.text(view, path, key),
        None => Default::default(),
    };
    let (group, of, name) = (part("apiGroup"), part("kind"), part("name"));
    if !group.is_empty() && group != GROUP {
        let value = (place("apiGroup"), group.as_str(), &[GROUP][..]);
        let flaw = judge.unsupported(kind, path.field("apiGroup"), value);
        if group.split('/').next() == Some(GROUP) {
            flaw.fix = Some(written(place("apiGroup"), GROUP));
        }
    }
    let supported = match scope {
        Scope::Namespaced => &["Role", "ClusterRole"][..],
        Scope::Cluster => &["ClusterRole"],
    };
    if !supported.contains(&of.as_str()) {
        judge.unsupported(kind, path.field("kind"), (place("kind"), &of, supported));
    }
    match name.is_empty() {
        true => drop(judge.require(kind, path.field("name"), (place("name"), ""))),
        false => {
            let reasons = names::path_segment(&name);
            judge.invalid(kind, path.field("name"), (place("name"), &name, reasons));
        }
    }
}

fn subject(judge: &mut Judge, (item, path): (View<'_>, Path<'_>), scope: Scope) {
    let kind = FlawKind::Subject;
    let place = |key: &str| item.get(key).unwrap_or(item).span();
    let mut part = |key: &str| judge.text(item, path, key);
    let (of, group) = (part("kind"), part("apiGroup"));
    let (name, namespace) = (part("name"), part("namespace"));
    if name.is_empty() {
        judge.require(kind, path.field("name"), (place("name"), ""));
    }
    match of.as_str() {
        "ServiceAccount" => {
            if !name.is_empty() {
                let reasons = names::subdomain(&name);
                judge.invalid(kind, path.field("name"), (place("name"), &name, reasons));
            }
            if !group.is_empty() {
                let span = place("apiGroup");
                let flaw = judge.unsupported(kind, path.field("apiGroup"), (span, &group, &[""]));
                let edits = vec![Edit::Remove { span }];
                flaw.fix = Some(Fix { title: "drop the API group".into(), edits });
            }
            account_namespace(judge, (item, path), (&namespace, scope));
        }
        "User" | "Group" => {
            let wanted = Subject::default_group(&of);
            if !group.is_empty() && group != wanted {
                let value = (place("apiGroup"), group.as_str(), &[GROUP][..]);
                let flaw = judge.unsupported(kind, path.field("apiGroup"), value);
                flaw.fix = Some(written(place("apiGroup"), GROUP));
            }
            if let Some(view) = item.get("namespace").filter(|_| !namespace.is_empty()) {
                meta::ignored(judge, path.field("namespace"), (view, item.get("kind")));
            }
        }
        other => {
            let supported = &["ServiceAccount", "User", "Group"][..];
            judge.unsupported(kind, path.field("kind"), (place("kind"), other, supported));
        }
    }
}

fn account_namespace(
    judge: &mut Judge,
    (item, path): (View<'_>, Path<'_>),
    (namespace, scope): (&str, Scope),
) {
    let path = path.field("namespace");
    if !namespace.is_empty() {
        let span = item.get("namespace").unwrap_or(item).span();
        // The server takes it, and there is no such namespace.
        for reason in names::label(namespace) {
            let reason = format!("no namespace can be called {namespace:?}: {reason}");
            judge.refuse(FlawKind::Subject, path, (span, reason)).refused = false;
        }
    } else if scope == Scope::Cluster {
        let written = item.get("namespace");
        let place = written.or_else(|| item.get("name")).unwrap_or(item).span();
        let flaw = judge.require(FlawKind::SubjectNamespace, path, (place, ""));
        flaw.written = written.is_some();
    }
}

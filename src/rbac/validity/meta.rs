//! `apiVersion` and `metadata`.

use super::judge::{Judge, Path};
use super::{FlawKind, names};
use crate::document::View;
use crate::finding::{Edit, Fix, Written};
use crate::rbac::{GROUP, Scope, Subject};

/// The only version of the API that servers of today have.
const VERSION: &str = "v1";
const METADATA: Path<'_> = Path::Field(&Path::Root, "metadata");

/// Judges the version and the metadata of a role or binding.
pub(super) fn judge(judge: &mut Judge, root: View<'_>, scope: Scope) {
    if let Some(view) = root.get("apiVersion") {
        let written = view.scalar().unwrap_or_default();
        let version = written.split_once('/').map_or("", |(_, version)| version);
        if version != VERSION {
            judge.extent = view.span();
            let flaw = judge.refuse(
                FlawKind::ApiVersion,
                Path::Root.field("apiVersion"),
                (view.span(), version.into()),
            );
            let mut fix = super::judge::written(view.span(), &format!("{GROUP}/{VERSION}"));
            fix.edits.extend(missing_groups(root).map(|(.., edit)| edit));
            flaw.fix = Some(fix);
        } else {
            note_missing_groups(judge, root);
        }
    }
    let Some(metadata) = root.get("metadata") else {
        let place = root.get("kind").unwrap_or(root).span();
        missing_name(judge, place);
        return;
    };
    name(judge, metadata, names::path_segment);
    namespace(judge, (root, metadata), scope);
    for key in ["labels", "annotations"] {
        let Some(map) = metadata.get(key) else { continue };
        for (name, value) in map.entries() {
            judge.extent = value.span();
            judge.is_text(value, METADATA.field(key).field(name.written().unwrap_or_default()));
        }
    }
}

/// Judges the name of a ServiceAccount.
pub(super) fn judge_account(judge: &mut Judge, root: View<'_>) {
    match root.get("metadata") {
        Some(metadata) => name(judge, metadata, names::subdomain),
        None => missing_name(judge, root.get("kind").unwrap_or(root).span()),
    }
}

/// Finds the API groups that a binding leaves out: the number of the subject, none for the role; what
/// has no group; and what adds it.
fn missing_groups(
    root: View<'_>,
) -> impl Iterator<Item = (Option<usize>, View<'_>, Edit)> + use<'_> {
    let role = root.get("roleRef").map(|view| (None, view));
    let subjects = root.list("subjects").enumerate().map(|(at, view)| (Some(at), view));
    let subjects = subjects.filter(|(_, subject)| {
        subject.text("kind").is_some_and(|kind| !Subject::default_group(&kind).is_empty())
    });
    role.into_iter().chain(subjects).filter_map(|(at, view)| {
        let (beside, group) = (view.get("kind")?.span(), Written::Text(GROUP.into()));
        let edit = match view.get("apiGroup") {
            None => Edit::Add { beside, key: "apiGroup", value: group },
            Some(empty) if empty.scalar().is_none_or(|it| it.is_empty()) => {
                Edit::Replace { span: empty.span(), with: group }
            }
            Some(_) => return None,
        };
        Some((at, view, edit))
    })
}

/// Notes the API groups that a binding leaves out: the server fills them in, but clients demand that
/// of the role, and what was applied differs for ever from what is there.
fn note_missing_groups(judge: &mut Judge, root: View<'_>) {
    let subjects = Path::Root.field("subjects");
    for (at, view, edit) in missing_groups(root) {
        let (kind, path) = match at {
            None => (FlawKind::RoleRefGroup, Path::Root.field("roleRef")),
            Some(at) => (FlawKind::SubjectGroup, subjects.item(at)),
        };
        judge.extent = view.span();
        let place = view.get("kind").unwrap_or(view).span();
        let reason = "it is left to the API server to fill in".into();
        let flaw = judge.refuse(kind, path.field("apiGroup"), (place, reason));
        flaw.refused = false;
        flaw.fix = Some(Fix { title: "add the API group".into(), edits: vec![edit] });
    }
}

fn missing_name(judge: &mut Judge, place: crate::source::Span) {
    let detail = "name or generateName is required";
    judge.extent = place;
    judge.require(FlawKind::Name, METADATA.field("name"), (place, detail));
}

fn name(judge: &mut Judge, metadata: View<'_>, reasons: fn(&str) -> Vec<String>) {
    let view = metadata.get("name");
    judge.extent = view.unwrap_or(metadata).span();
    let name = judge.text(metadata, METADATA, "name");
    let generated = metadata.get("generateName").filter(|it| !it.is_null());
    match (name.is_empty(), generated) {
        (false, _) => {
            let path = METADATA.field("name");
            judge.invalid(FlawKind::Name, path, (judge.extent, &name, reasons(&name)));
        }
        (true, None) => missing_name(judge, view.unwrap_or(metadata).span()),
        (true, Some(generated)) => {
            judge.extent = generated.span();
            let reason = "kubectl apply refuses it: cannot use generate name with apply".into();
            let path = METADATA.field("generateName");
            judge.refuse(FlawKind::Name, path, (generated.span(), reason)).refused = false;
        }
    }
}

fn namespace(judge: &mut Judge, (root, metadata): (View<'_>, View<'_>), scope: Scope) {
    let Some(view) = metadata.get("namespace").filter(|it| !it.is_null()) else { return };
    judge.extent = view.span();
    let namespace = judge.text(metadata, METADATA, "namespace");
    let path = METADATA.field("namespace");
    match scope {
        _ if namespace.is_empty() => {}
        Scope::Namespaced => {
            let reasons = names::label(&namespace);
            judge.invalid(FlawKind::Name, path, (view.span(), &namespace, reasons));
        }
        Scope::Cluster => ignored(judge, path, (view, root.get("kind"))),
    }
}

/// Notes a namespace that counts for nothing because of a kind.
pub(super) fn ignored(
    judge: &mut Judge,
    path: Path<'_>,
    (view, kind): (View<'_>, Option<View<'_>>),
) {
    let span = view.span();
    let namespace = view.scalar().unwrap_or_default();
    let flaw = judge.refuse(FlawKind::IgnoredNamespace, path, (span, namespace.into()));
    flaw.refused = false;
    flaw.because = kind.map(View::span);
    flaw.fix = Some(Fix { title: "drop the namespace".into(), edits: vec![Edit::Remove { span }] });
}

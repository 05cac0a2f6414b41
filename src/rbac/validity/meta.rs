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
            fix.edits.extend(missing_groups(root));
            flaw.fix = Some(fix);
        }
    }
    let Some(metadata) = root.get("metadata") else {
        let place = root.get("kind").unwrap_or(root).span();
        missing_name(judge, place);
        return;
    };
    name(judge, metadata, names::path_segment);
    namespace(judge, metadata, scope);
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

/// Adds the API groups that a binding leaves out: in `v1` clients demand that of the role, and the
/// server fills in both, so that they differ for ever from what was applied.
fn missing_groups(root: View<'_>) -> Vec<Edit> {
    let is_without = |view: &View<'_>| view.get("apiGroup").is_none();
    let role = root.get("roleRef").filter(is_without);
    let subjects = root.list("subjects").filter(is_without).filter(|subject| {
        subject.text("kind").is_some_and(|kind| !Subject::default_group(&kind).is_empty())
    });
    let add = |view: View<'_>| {
        let value = Written::Text(GROUP.into());
        Some(Edit::Add { beside: view.get("kind")?.span(), key: "apiGroup", value })
    };
    role.into_iter().chain(subjects).filter_map(add).collect()
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

fn namespace(judge: &mut Judge, metadata: View<'_>, scope: Scope) {
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
        Scope::Cluster => ignored(judge, path, view),
    }
}

/// Notes a namespace that counts for nothing.
pub(super) fn ignored(judge: &mut Judge, path: Path<'_>, view: View<'_>) {
    let span = view.span();
    let namespace = view.scalar().unwrap_or_default();
    let flaw = judge.refuse(FlawKind::IgnoredNamespace, path, (span, namespace.into()));
    flaw.refused = false;
    flaw.fix = Some(Fix { title: "drop the namespace".into(), edits: vec![Edit::Remove { span }] });
}

//! Who is bound to which role.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{GROUP, Subject};
use crate::document::View;
use crate::source::Span;

/// The role that a binding grants.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleRef {
    /// The API group, filled in where it is missing.
    pub api_group: SmolStr,
    /// `ClusterRole` or `Role`.
    pub kind: SmolStr,
    /// The name.
    pub name: SmolStr,
}

impl std::fmt::Display for RoleRef {
    /// Writes `ClusterRole flux`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, self.name)
    }
}

/// A subject with the places of its parts.
#[derive(Debug, Clone)]
pub struct BoundSubject {
    /// The subject, defaults filled in.
    pub subject: Subject,
    /// Where it stands.
    pub span: Span,
    /// Where its name stands, if it has one.
    pub name: Option<Span>,
    /// Where its namespace stands, if it has one.
    pub namespace: Option<Span>,
}

/// A RoleBinding or ClusterRoleBinding.
#[derive(Debug, Clone)]
pub struct Binding {
    /// What is granted.
    pub role_ref: RoleRef,
    /// Where the object says so; the whole object where it does not.
    pub role_ref_span: Span,
    /// Where the role's name stands, if it has one.
    pub role_name: Option<Span>,
    /// To whom, in the order written.
    pub subjects: Vec<BoundSubject>,
    /// The first part that cannot be read as what it should be, so that the rest is not all.
    pub unread: Option<Span>,
}

impl Binding {
    /// Reads a binding; subjects without a namespace get that of a RoleBinding, as the server
    /// reads them.
    #[must_use]
    pub fn read(root: View<'_>, namespace: Option<&SmolStr>) -> Self {
        let role_ref = root.get("roleRef");
        let part = |key: &str| role_ref.and_then(|it| it.text(key)).unwrap_or_default();
        let api_group = match part("apiGroup") {
            group if group.is_empty() => SmolStr::new_static(GROUP),
            group => group,
        };
        Self {
            role_ref: RoleRef { api_group, kind: part("kind"), name: part("name") },
            role_ref_span: role_ref.unwrap_or(root).span(),
            role_name: role_ref.and_then(|it| it.get("name")).map(View::span),
            subjects: root.list("subjects").map(|it| read_subject(it, namespace)).collect(),
            unread: unread(root),
        }
    }

    /// Returns the subjects by what the authorizer sees in them, each as first written.
    #[must_use]
    pub fn by_canonical(&self) -> BTreeMap<Subject, &BoundSubject> {
        self.subjects.iter().rev().map(|bound| (bound.subject.canonical(), bound)).collect()
    }
}

fn unread(root: View<'_>) -> Option<Span> {
    let subjects = root.get("subjects")?;
    if !subjects.is_list() {
        return (!subjects.is_null()).then(|| subjects.span());
    }
    let is_whole = |view: &View<'_>| {
        ["kind", "name"].iter().all(|key| view.text(key).is_some())
            && ["namespace", "apiGroup"]
                .iter()
                .all(|key| view.get(key).is_none_or(|it| it.is_null() || it.scalar().is_some()))
    };
    subjects.items().find(|it| !is_whole(it)).map(View::span)
}

fn read_subject(view: View<'_>, namespace: Option<&SmolStr>) -> BoundSubject {
    let kind = view.text("kind").unwrap_or_default();
    let is_account = kind == "ServiceAccount";
    let own = view.text("namespace").filter(|it| !it.is_empty());
    let namespace = own.or_else(|| namespace.filter(|_| is_account).cloned());
    let group = view.text("apiGroup").filter(|group| !group.is_empty());
    let subject = Subject {
        api_group: group.unwrap_or_else(|| Subject::default_group(&kind)),
        namespace: namespace.filter(|_| is_account),
        name: view.text("name").unwrap_or_default(),
        kind,
    };
    let place = |key: &str| view.get(key).map(View::span);
    BoundSubject { subject, span: view.span(), name: place("name"), namespace: place("namespace") }
}

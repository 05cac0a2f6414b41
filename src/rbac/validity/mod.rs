//! What the API server refuses of roles and bindings, or drops, in its own words.
//!
//! Sources: kubernetes, `pkg/apis/rbac/validation/validation.go`; apimachinery,
//! `pkg/util/validation` and `pkg/apis/meta/v1/validation`.

mod binding;
mod fields;
mod judge;
mod meta;
mod names;
mod role;
#[cfg(test)]
mod tests;

use super::{GROUP, Head, Scope};
use crate::document::View;
use crate::finding::Fix;
use crate::source::Span;
use judge::Judge;

/// What is wrong with a part of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlawKind {
    /// An aggregation rule that is refused.
    Aggregation,
    /// A version of the API that newer servers do not have.
    ApiVersion,
    /// A namespace that counts for nothing.
    IgnoredNamespace,
    /// A name or namespace of the object that is refused.
    Name,
    /// What is no text and should be one.
    NoText,
    /// A role reference that is refused.
    RoleRef,
    /// A role reference without an API group, which the server fills in.
    RoleRefGroup,
    /// A rule item that is refused.
    Rule,
    /// A subject that is refused.
    Subject,
    /// A user or group without an API group, which the server fills in.
    SubjectGroup,
    /// A ServiceAccount of a ClusterRoleBinding that has no namespace.
    SubjectNamespace,
    /// A field that there is not, and that is dropped.
    UnknownField,
}

impl FlawKind {
    /// Returns what is no flaw to the server, and is completed with what is one.
    #[must_use]
    pub fn left_out(self) -> Option<Self> {
        match self {
            Self::RoleRef => Some(Self::RoleRefGroup),
            Self::Subject => Some(Self::SubjectGroup),
            _ => None,
        }
    }
}

/// Something that the API server refuses, drops or fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What is wrong.
    pub kind: FlawKind,
    /// The field, as the API server writes it: `rules[0].verbs`.
    pub path: String,
    /// Why, as the API server says it: `Required value: verbs must contain at least one value`.
    pub reason: String,
    /// Where it is written; of what is missing, where it should be.
    pub span: Span,
    /// The item or field that it is a part of.
    pub extent: Span,
    /// Whether the field is there at the place, if empty.
    pub written: bool,
    /// Whether the object is refused for it.
    pub refused: bool,
    /// The word beside it that makes it one: where it can be another, the fix may do harm.
    pub because: Option<Span>,
    /// What mends it, whoever brings the object.
    pub fix: Option<Fix>,
}

/// Tells whether objects of a kind are judged here, those without a name too.
pub(super) fn is_judged(group: &str, kind: &str) -> bool {
    match group {
        GROUP => matches!(kind, "Role" | "ClusterRole" | "RoleBinding" | "ClusterRoleBinding"),
        "" => kind == "ServiceAccount",
        _ => false,
    }
}

/// Tells whether what has this head is a ServiceAccount that the server refuses for its name.
pub(super) fn is_refused_account(head: &Head) -> bool {
    head.group.is_empty()
        && head.kind == "ServiceAccount"
        && !names::subdomain(&head.name).is_empty()
}

/// Returns what is wrong with a role, a binding or the name of a ServiceAccount, in the order of the
/// server's own checks.
pub(super) fn flaws(root: View<'_>, head: &Head) -> Vec<Flaw> {
    let mut judge = Judge::new(root.span());
    match (head.group.as_str(), head.kind.as_str()) {
        (GROUP, kind) if is_judged(GROUP, kind) => {
            let scope = match kind {
                "Role" | "RoleBinding" => Scope::Namespaced,
                _ => Scope::Cluster,
            };
            meta::judge(&mut judge, root, scope);
            fields::of_object(&mut judge, root, kind);
            match kind {
                "Role" | "ClusterRole" => role::judge(&mut judge, root, scope),
                _ => binding::judge(&mut judge, root, scope),
            }
        }
        ("", "ServiceAccount") => meta::judge_account(&mut judge, root),
        _ => {}
    }
    judge.flaws
}

//! Objects by identity, and what roles, bindings and subjects mean.

pub mod access;
mod atom;
mod binding;
pub mod builtin;
mod decode;
mod estate;
mod identity;
mod marks;
mod owner;
pub mod resources;
mod role;
mod rule;
pub mod scope;
mod subject;
mod validity;
mod workload;

pub use atom::{beyond, gathered};
pub use binding::{Binding, BoundSubject, RoleRef};
pub use decode::{Head, TOKEN_SECRET};
pub use estate::{Body, Content, Estate, Object, ObjectId, Switched};
pub use identity::Identity;
pub use marks::{Hook, MERGED_FROM, Marks, is_kept, remove_merged_from, remove_ownership};
pub use owner::{Owner, OwnerId, OwnerKind};
pub use role::{List, Role, RoleRule, Word};
pub use rule::{PolicyRule, Words, covered, covered_by, union};
pub use scope::{CustomScopes, Scope};
pub use subject::Subject;
pub use validity::{Flaw, FlawKind};
pub use workload::{DEFAULT_ACCOUNT, PodAccount, Workload, mounts};

/// The API group of roles and bindings.
pub const GROUP: &str = "rbac.authorization.k8s.io";

//! What the rules about switches share: a probe beside itself with a switch off.

use std::collections::{BTreeMap, BTreeSet};

use super::Facts;
use crate::finding::OwnerName;
use crate::rbac::{Binding, Estate, GROUP, Identity, Object, OwnerId};

/// A probe with a switch off, beside the probe as it is.
pub(super) struct Off<'a> {
    /// The switch, as `--set` takes it.
    pub(super) switch: &'a str,
    /// The probe as it is.
    pub(super) base: OwnerId,
    pub(super) release: &'a OwnerName,
    pub(super) before: Grants<'a>,
    pub(super) after: Grants<'a>,
}

/// The roles, bindings and ServiceAccounts of a release.
pub(super) struct Grants<'a> {
    pub(super) objects: BTreeMap<&'a Identity, &'a Object>,
    accounts: BTreeSet<(Option<&'a str>, &'a str)>,
}

impl<'a> Off<'a> {
    /// Tells whether the switch is meant for all of RBAC, not for that of a part of the chart:
    /// `rbac.create`, not `metrics.rbac.create`.
    pub(super) fn takes_all(&self) -> bool {
        let (path, _) = self.switch.split_once('=').unwrap_or((self.switch, ""));
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        first.to_lowercase().contains("rbac") && !rest.contains('.')
    }

    /// Returns all probes with a switch off.
    pub(super) fn all(facts: &Facts<'a>) -> impl Iterator<Item = Off<'a>> {
        let estate = facts.estate;
        estate.switched().iter().map(move |switched| Off {
            switch: &switched.switch,
            base: switched.base,
            release: &estate.owner(switched.base).name,
            before: Grants::of(estate, switched.base),
            after: Grants::of(&switched.estate, OwnerId(0)),
        })
    }
}

impl<'a> Grants<'a> {
    fn of(estate: &'a Estate, owner: OwnerId) -> Self {
        let own = estate.objects().iter().filter(|it| it.owner == owner);
        let grants = own.filter(|it| it.identity.group == GROUP);
        let accounts = estate
            .names()
            .filter(|(of, it)| *of == owner && it.group.is_empty() && it.kind == "ServiceAccount");
        Self {
            objects: grants.map(|it| (&it.identity, it)).collect(),
            accounts: accounts.map(|(_, it)| (it.namespace.as_deref(), it.name.as_str())).collect(),
        }
    }

    /// Tells whether there is a ServiceAccount.
    pub(super) fn has_account(&self, namespace: Option<&str>, name: &str) -> bool {
        self.accounts.contains(&(namespace, name))
    }

    /// Returns the bindings.
    pub(super) fn bindings(&self) -> impl Iterator<Item = (&'a Object, &'a Binding)> {
        self.objects.values().filter_map(|it| Some((*it, it.binding()?)))
    }

    /// Returns the binding of an identity.
    pub(super) fn binding(&self, identity: &Identity) -> Option<&'a Binding> {
        self.objects.get(identity)?.binding()
    }

    /// Returns the role that a binding grants, where it is among them.
    pub(super) fn role_of(&self, object: &Object, binding: &Binding) -> Option<&'a Object> {
        self.objects.get(&role_of(object, binding)).copied()
    }

    /// Tells whether a binding grants a role.
    pub(super) fn is_bound(&self, role: &Identity) -> bool {
        self.bindings().any(|(object, binding)| role_of(object, binding) == *role)
    }
}

/// Returns the identity of the role that a binding grants.
fn role_of(object: &Object, binding: &Binding) -> Identity {
    let kind = binding.role_ref.kind.clone();
    Identity {
        cluster: object.identity.cluster.clone(),
        group: binding.role_ref.api_group.clone(),
        namespace: object.identity.namespace.clone().filter(|_| kind == "Role"),
        name: binding.role_ref.name.clone(),
        kind,
    }
}

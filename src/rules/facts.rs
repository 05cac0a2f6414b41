//! What rules judge.

use std::collections::BTreeSet;

use super::grants::Item;
use crate::collide::{Collision, Deployer};
use crate::finding::{Label, OwnerName};
use crate::rbac::access::{Access, Granted, Reach};
use crate::rbac::{
    Estate, Hook, Identity, Object, ObjectId, OwnerId, OwnerKind, Workload, builtin,
};
use crate::source::{Certainty, SourceMap, Span};

/// The most bindings of a role that a finding shows.
const MOST_BINDINGS: usize = 3;

/// What rules judge.
#[derive(Debug)]
pub struct Facts<'a> {
    /// All objects.
    pub estate: &'a Estate,
    /// The collisions among them.
    pub collisions: &'a [Collision],
    /// What brings the objects to the cluster: those that were chosen, or all.
    pub deployers: &'a [Deployer],
    /// Who may do what.
    pub access: &'a Access<'a>,
    /// Where what was rendered came from.
    pub sources: &'a SourceMap,
    /// The minor release of Kubernetes 1 that the objects are for.
    pub(super) minor: u32,
    /// The rule items of the roles that are judged.
    pub(super) items: Vec<Item<'a>>,
    /// Those of the built-in roles that the bindings which are judged lead to.
    pub(super) built_in_items: Vec<Item<'a>>,
    /// The objects that are judged by themselves.
    judged: Vec<ObjectId>,
    /// The owners that bring a driver or a class of storage.
    storage: BTreeSet<OwnerId>,
    /// The owners that bring a DaemonSet in kube-system.
    agents: BTreeSet<OwnerId>,
    /// Those of custom resources alone that the inputs themselves define: an operator's own API.
    pub(super) own_items: Vec<Item<'a>>,
    /// The ServiceAccounts that are brought: group of owners, cluster, name, namespace.
    accounts: BTreeSet<(usize, Option<&'a str>, &'a str, &'a str)>,
}

impl<'a> Facts<'a> {
    /// Gathers what rules judge.
    #[must_use]
    pub fn new(
        (estate, sources): (&'a Estate, &'a SourceMap),
        collisions: &'a [Collision],
        deployers: &'a [Deployer],
        access: &'a Access<'a>,
    ) -> Self {
        let account = |(owner, it): (OwnerId, &'a Identity)| {
            let is_account = it.group.is_empty() && it.kind == "ServiceAccount";
            let owner = estate.owner(owner);
            let namespace = it.namespace.as_deref().filter(|_| is_account)?;
            Some((owner.group, owner.cluster.as_deref(), it.name.as_str(), namespace))
        };
        let accounts = estate.names().filter_map(account).collect();
        let owners_of = |is: &dyn Fn(&Identity) -> bool| {
            estate.names().filter(|(_, it)| is(it)).map(|(owner, _)| owner).collect()
        };
        let is_storage = |it: &Identity| {
            it.group == "storage.k8s.io" && matches!(it.kind.as_str(), "CSIDriver" | "StorageClass")
        };
        let is_agent = |it: &Identity| {
            it.kind == "DaemonSet" && it.namespace.as_deref() == Some("kube-system")
        };
        let (storage, agents) = (owners_of(&is_storage), owners_of(&is_agent));
        let (minor, items, own_items, built_in_items) =
            (u32::MAX, Vec::new(), Vec::new(), Vec::new());
        let judged = judged(estate, &judged_owners(estate));
        let facts = Self {
            estate,
            collisions,
            deployers,
            access,
            sources,
            minor,
            items,
            built_in_items,
            own_items,
            judged,
            storage,
            agents,
            accounts,
        };
        facts.with_items()
    }

    /// Judges every probe of a chart, not the first one alone: what mends a finding must be known of
    /// each release that is rendered again.
    #[must_use]
    pub fn of_every_probe(mut self) -> Self {
        let owners = self.estate.owners().iter();
        let is_judged = |kind| !matches!(kind, OwnerKind::LongProbe | OwnerKind::Export);
        let all: Vec<bool> = owners.map(|owner| is_judged(owner.kind)).collect();
        self.judged = judged(self.estate, &all);
        self.with_items()
    }

    /// Gathers the rule items of the roles that are judged.
    fn with_items(mut self) -> Self {
        let facts = &self;
        let items = facts.judged().flat_map(|(id, object)| facts.items_of(id, object));
        let custom = facts.estate.custom();
        let is_own = |item: &Item<'_>| {
            let groups = &item.rule.value.api_groups;
            !groups.is_empty() && groups.iter().all(|group| custom.has_group(group))
        };
        let (own_items, items) = items.partition(is_own);
        let built_in_items =
            facts.judged().flat_map(|(id, object)| facts.built_in_items_of(id, object)).collect();
        (self.items, self.own_items, self.built_in_items) = (items, own_items, built_in_items);
        self
    }

    /// Says which minor release of Kubernetes 1 the objects are for; without it, for the newest.
    #[must_use]
    pub fn for_kubernetes(self, minor: u32) -> Self {
        Self { minor, ..self }
    }

    /// Tells whether one of these deployers was chosen, or all are meant.
    pub(super) fn deploys(&self, any: &[Deployer]) -> bool {
        self.deployers.iter().any(|deployer| any.contains(deployer))
    }

    /// Returns the objects that are judged by themselves: what only an export holds is not the user's
    /// to change, of a chart that is probed the first release stands for all, and what equals the API
    /// server's own is no one's choice.
    pub fn judged(&self) -> impl Iterator<Item = (ObjectId, &'a Object)> {
        self.judged.iter().map(|id| (*id, self.estate.object(*id)))
    }

    /// Tells whether the owner of an object brings a driver or a class of storage too.
    pub(super) fn brings_storage(&self, beside: ObjectId) -> bool {
        self.storage.contains(&self.estate.object(beside).owner)
    }

    /// Tells whether the owner of an object brings a DaemonSet in kube-system too.
    pub(super) fn brings_agents(&self, beside: ObjectId) -> bool {
        self.agents.contains(&self.estate.object(beside).owner)
    }

    /// Returns the workloads that are judged, by the same measure.
    pub(super) fn workloads(&self) -> impl Iterator<Item = &'a Workload> + use<'a> {
        let judged = judged_owners(self.estate);
        let all = self.estate.workloads().iter();
        all.filter(move |it| judged.get(it.owner.0) == Some(&true))
    }

    fn items_of(
        &self,
        role: ObjectId,
        object: &'a Object,
    ) -> impl Iterator<Item = Item<'a>> + use<'a> {
        let (reach, everywhere) = (self.access.reach(role), self.access.is_everywhere(role));
        let rules = object.role().into_iter().flat_map(|role| &role.rules);
        let built_in = None;
        rules.map(move |rule| Item { role, object, rule, built_in, reach, everywhere })
    }

    /// Returns the rule items of the built-in role that a binding leads to, if it binds anybody; what
    /// grants everything has a rule of its own.
    fn built_in_items_of(
        &self,
        id: ObjectId,
        object: &'a Object,
    ) -> impl Iterator<Item = Item<'a>> + use<'a> {
        let bound = object.binding().filter(|it| !it.subjects.is_empty());
        let built_in = bound.and_then(|_| match self.access.granted(id) {
            Granted::BuiltIn(role) => Some(role),
            Granted::Objects(_) | Granted::Nowhere => None,
        });
        let built_in = built_in.filter(|it| !it.items.iter().any(|it| it.value.is_everything()));
        let namespace = object.identity.namespace.as_deref();
        let reach = Reach::through(namespace);
        let items = built_in.into_iter().flat_map(|role| &role.items);
        let everywhere = namespace.is_none();
        items.map(move |rule| Item { role: id, object, rule, built_in, reach, everywhere })
    }

    /// Returns the release that an object is of; none for what a manifest file holds.
    pub(super) fn release_of(&self, id: ObjectId) -> Option<OwnerName> {
        self.release(self.estate.object(id).owner)
    }

    /// Returns the release that an owner is; none for a manifest file.
    pub(super) fn release(&self, owner: OwnerId) -> Option<OwnerName> {
        let owner = self.estate.owner(owner);
        let is_file = matches!(owner.kind, OwnerKind::Manifest | OwnerKind::Export);
        (!is_file).then(|| owner.name.clone())
    }

    /// Labels who is bound to a role, in the first of its bindings.
    pub(super) fn labels_of_bindings(&self, role: ObjectId) -> Vec<Label> {
        self.labels_of(self.access.nearest_bindings(role))
    }

    /// Labels who is bound, in the first of some bindings.
    pub(super) fn labels_of(&self, bindings: &[ObjectId]) -> Vec<Label> {
        let label = |id: &ObjectId| {
            let object = self.estate.object(*id);
            let subjects: Vec<_> = object.binding()?.by_canonical().into_keys().collect();
            let text = match subjects.as_slice() {
                [] => "bound to nobody".into(),
                subjects => format!("bound to {}", crate::finding::listed(subjects)),
            };
            Some(Label { span: object.name_span, text, owner: self.release_of(*id) })
        };
        let mut labels: Vec<Label> = bindings.iter().filter_map(label).collect();
        let more = labels.len().saturating_sub(MOST_BINDINGS);
        labels.truncate(MOST_BINDINGS);
        if let (Some(last), 1..) = (labels.last_mut(), more) {
            let noun = if more == 1 { "binding" } else { "bindings" };
            last.text.push_str(&format!("; and {more} more {noun}"));
        }
        labels
    }

    /// Tells whether an object is a hook that only tests a release.
    pub(super) fn is_test(object: &Object) -> bool {
        Hook::of(&object.data)
            .is_some_and(|hook| hook.events.iter().any(|it| it.starts_with("test")))
    }

    /// Tells whether any input that is on the cluster of an owner brings a ServiceAccount.
    pub(super) fn has_account(&self, beside: OwnerId, namespace: &str, name: &str) -> bool {
        let owner = self.estate.owner(beside);
        self.accounts.contains(&(owner.group, owner.cluster.as_deref(), name, namespace))
    }

    /// Returns the namespaces into which the inputs on the cluster of an owner bring ServiceAccounts of
    /// a name.
    pub(super) fn namespaces_of_account<'n>(
        &'n self,
        beside: OwnerId,
        name: &'n str,
    ) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        let owner = self.estate.owner(beside);
        let key = (owner.group, owner.cluster.as_deref());
        let named = self.accounts.range((key.0, key.1, name, "")..);
        let named = named.take_while(move |it| (it.0, it.1) == key && it.2 == name);
        named.map(|(_, _, _, namespace)| *namespace)
    }

    /// Tells whether a template holds a text as it was rendered.
    pub(super) fn is_written_out(&self, span: Span) -> bool {
        let origin = self.sources.trace(span);
        let at = origin.via.last().copied().unwrap_or(origin.template);
        origin.certainty == Certainty::Exact && self.sources.text(at) == self.sources.text(span)
    }
}

/// Tells of each owner whether what it brings is judged by itself.
fn judged_owners(estate: &Estate) -> Vec<bool> {
    let mut probed = BTreeSet::new();
    let is_judged = |owner: &crate::rbac::Owner| match owner.kind {
        OwnerKind::Release | OwnerKind::Manifest => true,
        OwnerKind::Probe => probed.insert(owner.group),
        OwnerKind::LongProbe | OwnerKind::Export => false,
    };
    estate.owners().iter().map(is_judged).collect()
}

fn judged(estate: &Estate, is_judged: &[bool]) -> Vec<ObjectId> {
    let of_owner = |object: &Object| is_judged.get(object.owner.0) == Some(&true);
    let judged = estate.ids().filter(|(_, it)| of_owner(it) && !builtin::is_same(it));
    judged.map(|(id, _)| id).collect()
}

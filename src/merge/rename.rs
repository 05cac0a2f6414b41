//! Names of its own for each release.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{Action, ByIdentity, Step, is_exported, merged_from, twice, unread};
use crate::collide::Outcome;
use crate::finding::listed;
use crate::rbac::{Estate, GROUP, Identity, Object, ObjectId, OwnerId, OwnerKind};

/// An object that gets another name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The object.
    pub object: ObjectId,
    /// Its new name.
    pub name: SmolStr,
    /// The new name of the role that it binds, where that one gets another name too.
    pub role: Option<SmolStr>,
}

/// The kinds that can go by another name without anything else breaking.
const KINDS: [&str; 4] = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];

/// Plans a name of its own for each release's roles and bindings that collide, and for the bindings
/// that must follow their role.
pub(super) fn steps(estate: &Estate, collisions: &ByIdentity<'_>) -> Vec<Step> {
    let mut planner = Planner {
        estate,
        names: BTreeMap::new(),
        roles: BTreeMap::new(),
        left_out: BTreeMap::new(),
    };
    let mut wanted: BTreeMap<Identity, Vec<ObjectId>> = BTreeMap::new();
    for (identity, collisions) in collisions {
        match planner.wanted(collisions) {
            Ok(members) if members.is_empty() => {}
            Ok(members) => drop(wanted.insert((*identity).clone(), members)),
            Err(why) => drop(planner.left_out.insert((*identity).clone(), why)),
        }
    }
    let is_role =
        |members: &Vec<ObjectId>| members.iter().any(|id| estate.object(*id).role().is_some());
    let (roles, mut bindings): (BTreeMap<_, _>, BTreeMap<_, _>) =
        wanted.into_iter().partition(|(_, members)| is_role(members));
    planner.name(&roles);
    planner.know_roles();
    for id in planner.followers() {
        let identity = estate.object(id).identity.clone();
        if !planner.left_out.contains_key(&identity) {
            let members = bindings.entry(identity).or_default();
            if !members.contains(&id) {
                members.push(id);
            }
        }
    }
    planner.name(&bindings);
    let collide = |identity: &Identity| collisions.contains_key(identity);
    planner.finish(roles.into_iter().chain(bindings), &collide)
}

struct Planner<'a> {
    estate: &'a Estate,
    names: BTreeMap<ObjectId, SmolStr>,
    /// The roles among them, by who ships them.
    roles: BTreeMap<(OwnerId, Identity), SmolStr>,
    left_out: BTreeMap<Identity, String>,
}

impl Planner<'_> {
    /// Returns the releases' objects among the contenders, or why they cannot be renamed.
    fn wanted(&self, collisions: &[&crate::collide::Collision]) -> Result<Vec<ObjectId>, String> {
        let estate = self.estate;
        if let Some(it) = collisions.iter().find(|it| it.outcome == Outcome::DuplicateObject) {
            return Err(twice(estate, &it.members));
        }
        let members = collisions.iter().flat_map(|it| &it.members).copied();
        let brought: Vec<ObjectId> = members.filter(|id| !is_exported(estate, *id)).collect();
        let is_ours = |id: &ObjectId| merged_from(estate.object(*id)).is_some();
        if brought.iter().all(is_ours) {
            return Ok(Vec::new());
        }
        let (releases, files): (Vec<ObjectId>, Vec<ObjectId>) =
            brought.into_iter().partition(|id| estate.owner_of(*id).name.namespace.is_some());
        let Some(object) = releases.iter().chain(&files).next().map(|id| estate.object(*id)) else {
            return Ok(Vec::new());
        };
        if !is_renamable(object) {
            return Err(
                "only roles and bindings are renamed, since nothing else refers to them by \
                        name; ship it once"
                    .into(),
            );
        }
        let files: Vec<_> = files.iter().filter(|id| !is_ours(id)).collect();
        let names: Vec<_> = files.iter().map(|id| &estate.owner_of(**id).name).collect();
        match (releases.len(), names.as_slice()) {
            (_, [_, _, ..]) => Err(format!(
                "it stands in {}, and a file has no namespace to be named by; rename it there",
                listed(&names)
            )),
            (0, [only]) => Err(format!(
                "only {only} brings it, and what the cluster holds keeps its name; take `--strategy \
                 union`"
            )),
            _ => match releases.iter().find_map(|id| unread(estate, *id)) {
                Some(why) => Err(why),
                None => Ok(releases),
            },
        }
    }

    /// Finds free names: NAME-NAMESPACE, and NAME-NAMESPACE-RELEASE where that is not enough.
    fn name(&mut self, wanted: &BTreeMap<Identity, Vec<ObjectId>>) {
        let estate = self.estate;
        let all: Vec<ObjectId> = wanted.values().flatten().copied().collect();
        let taken = taken(estate);
        let short = |id: ObjectId| {
            let namespace = estate.owner_of(id).name.namespace.as_deref().unwrap_or_default();
            format!("{}-{namespace}", estate.object(id).identity.name)
        };
        let named = |id: ObjectId, name: String| Identity {
            name: name.into(),
            ..estate.object(id).identity.clone()
        };
        let mut claims: BTreeMap<Identity, usize> = BTreeMap::new();
        for id in &all {
            *claims.entry(named(*id, short(*id))).or_default() += 1;
        }
        let is_free = |identity: &Identity, id: ObjectId| {
            taken.get(identity).is_none_or(|of| {
                of.iter().all(|from| {
                    from.as_deref() == Some(estate.owner_of(id).name.to_string().as_str())
                })
            })
        };
        let mut long: BTreeSet<Identity> = BTreeSet::new();
        for id in all {
            let identity = named(id, short(id));
            if claims.get(&identity) == Some(&1) && is_free(&identity, id) {
                self.names.insert(id, identity.name);
                continue;
            }
            let release = &estate.owner_of(id).name.name;
            let identity = named(id, format!("{}-{release}", short(id)));
            if is_free(&identity, id)
                && !claims.contains_key(&identity)
                && long.insert(identity.clone())
            {
                self.names.insert(id, identity.name);
            } else {
                let why = format!("the name {} is taken as well; rename one", identity.name);
                self.left_out.insert(estate.object(id).identity.clone(), why);
            }
        }
        self.names.retain(|id, _| !self.left_out.contains_key(&estate.object(*id).identity));
    }

    /// Returns the bindings of releases whose role gets another name.
    fn followers(&self) -> Vec<ObjectId> {
        let ids = (0..self.estate.objects().len()).map(ObjectId);
        ids.filter(|id| self.new_role(*id).is_some()).collect()
    }

    fn know_roles(&mut self) {
        let role = |(id, name): (&ObjectId, &SmolStr)| {
            let object = self.estate.object(*id);
            ((object.owner, object.identity.clone()), name.clone())
        };
        self.roles = self.names.iter().map(role).collect();
    }

    /// Returns the new name of the role that a binding leads to.
    fn new_role(&self, id: ObjectId) -> Option<SmolStr> {
        let object = self.estate.object(id);
        self.roles.get(&(object.owner, led_to(object)?)).cloned()
    }

    fn finish(
        self,
        wanted: impl Iterator<Item = (Identity, Vec<ObjectId>)>,
        collide: &dyn Fn(&Identity) -> bool,
    ) -> Vec<Step> {
        let mut steps: Vec<Step> = Vec::new();
        for (identity, members) in wanted {
            let renamed = members.iter().filter_map(|id| {
                let name = self.names.get(id)?.clone();
                Some(Renamed { object: *id, name, role: self.new_role(*id) })
            });
            let action = Action::Rename(renamed.collect());
            let mut notes = self.notes(&identity);
            if !collide(&identity) {
                notes.push(
                    "it does not collide, and its role gets another name, which no binding \
                            can follow under its own"
                        .into(),
                );
            }
            if !self.left_out.contains_key(&identity) {
                steps.push(Step { identity, members, action, notes });
            }
        }
        for (identity, why) in &self.left_out {
            let action = Action::LeaveOut { why: why.clone() };
            let (identity, members) = (identity.clone(), Vec::new());
            steps.push(Step { identity, members, action, notes: Vec::new() });
        }
        steps.sort_by(|one, other| one.identity.cmp(&other.identity));
        steps
    }

    /// Says which bindings of others lead to a role that nobody ships under its name any more.
    fn notes(&self, role: &Identity) -> Vec<String> {
        if role.kind != "ClusterRole" && role.kind != "Role" {
            return Vec::new();
        }
        let objects = self.estate.objects();
        let stays = objects.iter().any(|object| {
            object.identity == *role && self.estate.owner(object.owner).name.namespace.is_none()
        });
        let owners: BTreeSet<OwnerId> = self
            .names
            .keys()
            .filter(|id| self.estate.object(**id).identity == *role)
            .map(|id| self.estate.object(*id).owner)
            .collect();
        let is_left = |object: &&Object| {
            led_to(object).as_ref() == Some(role) && !owners.contains(&object.owner)
        };
        let note = |object: &Object| {
            let owner = &self.estate.owner(object.owner).name;
            format!(
                "{} of {owner} binds it, and no input ships it under that name any more",
                object.identity
            )
        };
        if stays { Vec::new() } else { objects.iter().filter(is_left).map(note).collect() }
    }
}

fn is_renamable(object: &Object) -> bool {
    object.identity.group == GROUP && KINDS.contains(&object.identity.kind.as_str())
}

/// Returns the identity of the role that a binding leads to.
fn led_to(object: &Object) -> Option<Identity> {
    let role_ref = &object.binding()?.role_ref;
    let namespace = match role_ref.kind.as_str() {
        "Role" => object.identity.namespace.clone(),
        _ => None,
    };
    let (kind, name) = (role_ref.kind.clone(), role_ref.name.clone());
    Some(Identity { kind, name, namespace, ..object.identity.clone() })
}

/// Returns the identities of all roles and bindings, and who each of their holders was made of: of
/// those that a merge wrote, the release.
fn taken(estate: &Estate) -> BTreeMap<&Identity, Vec<Option<SmolStr>>> {
    let mut taken: BTreeMap<&Identity, Vec<Option<SmolStr>>> = BTreeMap::new();
    for object in estate.objects().iter().filter(|object| is_renamable(object)) {
        let from = match estate.owner(object.owner).kind {
            OwnerKind::Release | OwnerKind::Probe | OwnerKind::LongProbe => None,
            OwnerKind::Manifest | OwnerKind::Export => merged_from(object).cloned(),
        };
        taken.entry(&object.identity).or_default().push(from);
    }
    taken
}

//! The release's namespace in the names of cluster-scoped RBAC objects, and in the references to them.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::actions::Language;
use super::place::{Entry, Places};
use super::twins::{self, Twin};
use super::{Change, Drafts, Mend, Patch, tree, write};
use crate::collide::{Collision, Outcome, ProbeClass};
use crate::document::{Document, View};
use crate::finding::{Edit, ObjectName, Written};
use crate::rbac::{Estate, GROUP, Identity, Object, ObjectId, OwnerId, OwnerKind};
use crate::source::Span;

/// The rules that find names which collide.
pub(super) const RULES: [&str; 7] = [
    "constant-cluster-name",
    "content-overwritten",
    "identical",
    "lost-subjects",
    "release-only-cluster-name",
    "role-ref-conflict",
    "rules-overwritten",
];

/// Drafts the mends of the names that collide, of the objects that findings are about.
pub(super) fn draft(
    drafts: &mut Drafts,
    places: &mut Places<'_>,
    (estate, collisions): (&Estate, &[Collision]),
    wanted: &BTreeSet<ObjectName>,
) {
    let meant = collisions.iter().filter(|it| is_meant(it, wanted)).flat_map(|it| &it.members);
    let meant: Vec<ObjectId> = meant.copied().filter(|id| is_renamed(estate, *id)).collect();
    let mut renaming = Renaming::new(estate);
    for id in &meant {
        let object = estate.object(*id);
        if let Err(why) = renaming.patches_of_name(places, *id) {
            drafts.leave(places, (&title(object), object.name_span), why);
        }
    }
    for group in renaming.groups(places, &meant) {
        let first = estate.object(group[0]);
        let (title, place) = (title(first), first.name_span);
        match renaming.changes(places, &group) {
            Ok((patches, changes)) => drafts.add(Mend { title, place, patches, changes }),
            Err(why) => drafts.leave(places, (&title, place), why),
        }
    }
}

fn title(object: &Object) -> String {
    format!("write the release's namespace into the name of {}", object.identity.kind)
}

fn is_meant(collision: &Collision, wanted: &BTreeSet<ObjectName>) -> bool {
    let probe = collision.probe;
    collision.outcome != Outcome::DuplicateObject
        && probe.is_none_or(|it| matches!(it, ProbeClass::Constant | ProbeClass::ReleaseOnly))
        && wanted.contains(&collision.identity.object_name())
}

/// Tells whether an object is one of a release, and cluster-scoped.
fn is_renamed(estate: &Estate, id: ObjectId) -> bool {
    let object = estate.object(id);
    matches!(estate.owner_of(id).kind, OwnerKind::Release | OwnerKind::Probe)
        && object.identity.group == GROUP
        && object.identity.namespace.is_none()
}

/// The objects that refer to a cluster role, by the group of owners and its name.
type Holders<'a> = BTreeMap<(usize, &'a SmolStr), Vec<ObjectId>>;

struct Renaming<'a> {
    estate: &'a Estate,
    identities: BTreeSet<&'a Identity>,
    of_owner: BTreeMap<OwnerId, Vec<ObjectId>>,
    bound: Holders<'a>,
    /// The patches of names, by the names' places.
    known: BTreeMap<Span, Result<Vec<Patch>, String>>,
}

impl<'a> Renaming<'a> {
    fn new(estate: &'a Estate) -> Self {
        let mut of_owner: BTreeMap<OwnerId, Vec<ObjectId>> = BTreeMap::new();
        let mut bound = Holders::new();
        for (id, object) in estate.ids().filter(|(_, it)| it.identity.group == GROUP) {
            of_owner.entry(object.owner).or_default().push(id);
            if let Some(binding) = object.binding()
                && binding.role_ref.kind == "ClusterRole"
            {
                let key = (estate.owner(object.owner).group, &binding.role_ref.name);
                bound.entry(key).or_default().push(id);
            }
        }
        let identities = estate.names().map(|(_, identity)| identity).collect();
        Self { estate, identities, of_owner, bound, known: BTreeMap::new() }
    }

    fn with(&self, owner: OwnerId) -> Written {
        let namespace = self.estate.owner(owner).name.namespace.clone();
        Written::ReleaseNamespace(namespace.unwrap_or_default())
    }

    fn patches_of_name(
        &mut self,
        places: &mut Places<'_>,
        id: ObjectId,
    ) -> Result<Vec<Patch>, String> {
        let object = self.estate.object(id);
        let edit = Edit::Append { span: object.name_span, with: self.with(object.owner) };
        let known = self.known.entry(object.name_span);
        known.or_insert_with(|| write::patches(places, &edit)).clone()
    }

    /// Returns the objects whose names are written where that of a colliding object is, those of one
    /// place together.
    fn groups(&mut self, places: &mut Places<'_>, meant: &[ObjectId]) -> Vec<Vec<ObjectId>> {
        let wanted: BTreeSet<Vec<Patch>> =
            meant.iter().filter_map(|id| self.patches_of_name(places, *id).ok()).collect();
        let mut groups: BTreeMap<Vec<Patch>, Vec<ObjectId>> = BTreeMap::new();
        let all: Vec<ObjectId> = self.estate.ids().map(|(id, _)| id).collect();
        for id in all.into_iter().filter(|id| is_renamed(self.estate, *id)) {
            if let Ok(patches) = self.patches_of_name(places, id)
                && wanted.contains(&patches)
            {
                groups.entry(patches).or_default().push(id);
            }
        }
        groups.into_values().collect()
    }

    /// Returns the patches and changes of objects and of all references to them.
    ///
    /// # Errors
    /// In words why one of them cannot be changed.
    fn changes(
        &mut self,
        places: &mut Places<'_>,
        group: &[ObjectId],
    ) -> Result<(Vec<Patch>, Vec<Change>), String> {
        let (mut patches, mut changes) = (Vec::new(), Vec::new());
        let mut written = BTreeMap::new();
        for id in group {
            let object = self.estate.object(*id);
            let owner = self.estate.owner(object.owner);
            self.check_free(object)?;
            let with = self.with(object.owner);
            let mut spans = vec![object.name_span];
            if object.identity.kind == "ClusterRole" {
                self.check_known(object)?;
                spans.extend(self.of_role_refs(places, object)?);
            }
            spans.extend(self.of_resource_names(places, object)?);
            for span in spans {
                if object.identity.kind == "ClusterRole" {
                    note(places, span, &mut written);
                }
                let edit = Edit::Append { span, with: with.clone() };
                let of_edit = match span == object.name_span {
                    true => self.patches_of_name(places, *id),
                    false => write::patches(places, &edit),
                };
                let refused = |why| match span == object.name_span {
                    true => why,
                    false => format!("a reference to it cannot be changed: {why}"),
                };
                patches.extend(of_edit.map_err(refused)?);
                changes.push(Change { owner: owner.name.clone(), edit });
            }
        }
        add_twins(places, &written, &mut patches)?;
        Ok((patches, changes))
    }

    /// Makes sure that nobody has the new name.
    fn check_free(&self, object: &Object) -> Result<(), String> {
        let namespace = self.estate.owner(object.owner).name.namespace.as_deref();
        let name = format!("{}-{}", object.identity.name, namespace.unwrap_or_default());
        let new = Identity { name: name.into(), ..object.identity.clone() };
        match self.identities.contains(&new) {
            true => Err(format!("there is a {new} already")),
            false => Ok(()),
        }
    }

    /// Makes sure that no other release or manifest binds the role.
    fn check_known(&self, role: &Object) -> Result<(), String> {
        let owner = self.estate.owner(role.owner);
        let key = (owner.group, &role.identity.name);
        let holders = self.bound.get(&key).into_iter().flatten();
        let has_role = |owner: OwnerId| {
            let own = self.of_owner.get(&owner).into_iter().flatten();
            own.into_iter().any(|id| {
                let Identity { kind, name, .. } = &self.estate.object(*id).identity;
                kind == "ClusterRole" && *name == role.identity.name
            })
        };
        let foreign = holders.map(|id| self.estate.object(*id)).find(|binding| {
            self.estate.owner(binding.owner).cluster == owner.cluster && !has_role(binding.owner)
        });
        match foreign {
            Some(binding) => {
                let by = &self.estate.owner(binding.owner).name;
                Err(format!("{} of {by} refers to it", binding.identity))
            }
            None => Ok(()),
        }
    }

    /// Returns where the release's bindings name a role.
    fn of_role_refs(&self, places: &mut Places<'_>, role: &Object) -> Result<Vec<Span>, String> {
        let own = self.of_owner.get(&role.owner).into_iter().flatten();
        let mut spans = Vec::new();
        for object in own.map(|id| self.estate.object(*id)) {
            let Some(binding) = object.binding() else { continue };
            if binding.role_ref.kind == "ClusterRole" && binding.role_ref.name == role.identity.name
            {
                let document = whole(places, object).ok_or("a reference to it is not found")?;
                let name = document.root().get("roleRef").and_then(|it| it.get("name"));
                spans.push(name.map(View::span).ok_or("a reference to it is not found")?);
            }
        }
        Ok(spans)
    }

    /// Returns where the release's roles grant something on an object by its name.
    fn of_resource_names(
        &self,
        places: &mut Places<'_>,
        object: &Object,
    ) -> Result<Vec<Span>, String> {
        let resource = format!("{}s", object.identity.kind.to_lowercase());
        let own = self.of_owner.get(&object.owner).into_iter().flatten();
        let mut spans = Vec::new();
        for role in own.map(|id| self.estate.object(*id)).filter(|it| it.role().is_some()) {
            let names = &object.identity.name;
            let mut rules = role.role().into_iter().flat_map(|role| role.policy_rules());
            if !rules.any(|rule| rule.resource_names.contains(names)) {
                continue;
            }
            let document = whole(places, role).ok_or("a reference to it is not found")?;
            for rule in document.root().list("rules") {
                let words = |key| rule.list(key).filter_map(View::scalar).collect::<Vec<_>>();
                let named =
                    rule.list("resourceNames").find(|it| it.scalar().as_ref() == Some(names));
                let groups = words("apiGroups");
                let resources = words("resources");
                let (Some(named), true) = (named, groups.iter().any(|it| it == GROUP || it == "*"))
                else {
                    continue;
                };
                let is_it = |it: &SmolStr| it.split('/').next() == Some(&resource);
                match (
                    resources.iter().all(is_it),
                    resources.iter().any(|it| is_it(it) || it == "*"),
                ) {
                    (true, _) => spans.push(named.span()),
                    (false, true) => {
                        return Err(format!(
                            "{} names it together with other kinds",
                            role.identity
                        ));
                    }
                    (false, false) => {}
                }
            }
        }
        Ok(spans)
    }
}

/// How names are written, by the folder of the templates and their language.
type Texts = BTreeMap<(String, Language), BTreeSet<String>>;

/// Notes how a source writes a name.
fn note(places: &mut Places<'_>, span: Span, texts: &mut Texts) {
    let Ok(Entry { key, value, .. }) = places.entry(span) else { return };
    let name = &places.map.file(key.at.file).name;
    let folder = match name.rsplit_once("/templates/") {
        Some((chart, _)) => format!("{chart}/templates/"),
        None => name.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/")),
    };
    let text = twins::normal(&places.text(key.at.file)[value]);
    texts.entry((folder, key.language)).or_default().insert(text);
}

/// Adds the patches of what was not rendered and names the same role.
///
/// # Errors
/// In words, where that cannot be told.
fn add_twins(
    places: &mut Places<'_>,
    texts: &Texts,
    patches: &mut Vec<Patch>,
) -> Result<(), String> {
    for ((folder, language), wanted) in texts {
        for file in places.sources(folder) {
            for Twin { value, is_clear } in twins::find(places.text(file), *language, wanted) {
                let is_own = |own: &Patch| {
                    own.file == file && value.start <= own.start && own.end <= value.end
                };
                if patches.iter().any(is_own) {
                    continue;
                }
                let with = Written::ReleaseNamespace(String::new());
                let is_quoted = write::quotes(&places.text(file)[value.clone()]);
                let at = Span::new(file, value.start, value.end);
                let patch = write::append_at(places, (file, *language, value), (&with, is_quoted));
                let why = || format!("{} may refer to it", places.map.place(at));
                patches.push(patch.filter(|_| is_clear).ok_or_else(why)?);
            }
        }
    }
    Ok(())
}

/// Reads the document of an object again, with its places.
fn whole(places: &mut Places<'_>, object: &Object) -> Option<Document> {
    let roots = places.tree(object.span.file);
    let is_it = |root: &&crate::yaml::Node| {
        (root.span_start, root.span_end) == (object.span.start, object.span.end)
    };
    let root = roots.iter().find(is_it).cloned();
    let root = root.or_else(|| tree::find(&roots, object.span)?.node().cloned())?;
    Some(Document::new(object.span.file, 0, root))
}

//! A ClusterRoleBinding as RoleBindings, one in the namespace of each subject.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::{Action, Step, merged_from, scope};
use crate::rbac::scope::Scope;
use crate::rbac::{Estate, GROUP, Identity, Object, PolicyRule, RoleRef, Subject};

/// What one namespace gets of a ClusterRoleBinding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The namespace.
    pub namespace: SmolStr,
    /// The subjects that live there, as the authorizer sees them.
    pub subjects: Vec<Subject>,
}

/// What splits ClusterRoleBindings.
pub(super) struct Splitter<'a> {
    estate: &'a Estate,
    /// The roles and bindings of all inputs.
    known: BTreeMap<&'a Identity, Vec<&'a Object>>,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(estate: &'a Estate) -> Self {
        let mut known: BTreeMap<&Identity, Vec<&Object>> = BTreeMap::new();
        for object in estate.objects().iter().filter(|it| it.identity.group == GROUP) {
            known.entry(&object.identity).or_default().push(object);
        }
        Self { estate, known }
    }

    /// Turns a step that unites a ClusterRoleBinding into one that splits it, or says why that
    /// cannot be.
    pub(super) fn split(&self, step: Step) -> Step {
        let is_wanted = step.identity.group == GROUP && step.identity.kind == "ClusterRoleBinding";
        if !is_wanted || step.action != Action::UniteSubjects {
            return step;
        }
        let action = match self.shares(&step) {
            Ok(shares) => Action::Split(shares),
            Err(why) => Action::LeaveOut { why },
        };
        Step { action, ..step }
    }

    fn shares(&self, step: &Step) -> Result<Vec<Share>, String> {
        let bindings = || step.members.iter().filter_map(|id| self.estate.object(*id).binding());
        let Some(role_ref) = bindings().next().map(|it| &it.role_ref) else {
            return Err("it is no binding".into());
        };
        let subjects: BTreeSet<Subject> =
            bindings().flat_map(|it| it.by_canonical().into_keys()).collect();
        if subjects.is_empty() {
            return Err("it has no subjects, so there is no namespace for a RoleBinding".into());
        }
        let mut shares: BTreeMap<SmolStr, Vec<Subject>> = BTreeMap::new();
        for subject in subjects {
            let Some(namespace) = subject.namespace.clone() else {
                return Err(format!(
                    "{subject} has no namespace, so nothing says where a RoleBinding would go; bind \
                     it apart"
                ));
            };
            shares.entry(namespace).or_default().push(subject);
        }
        self.check_role(step, role_ref)?;
        for namespace in shares.keys() {
            self.check_place(&role_binding(&step.identity, namespace), role_ref)?;
        }
        let share = |(namespace, subjects)| Share { namespace, subjects };
        Ok(shares.into_iter().map(share).collect())
    }

    fn held(&self, identity: &Identity) -> &[&'a Object] {
        self.known.get(identity).map(Vec::as_slice).unwrap_or_default()
    }

    /// Checks that no other RoleBinding has the place: one that an earlier merge wrote has it not.
    fn check_place(&self, wanted: &Identity, role_ref: &RoleRef) -> Result<(), String> {
        let there = self.held(wanted).iter().find(|object| {
            let is_same_role = || object.binding().is_some_and(|it| it.role_ref == *role_ref);
            merged_from(object).is_none() || !is_same_role()
        });
        match there {
            None => Ok(()),
            Some(object) => {
                let owner = &self.estate.owner(object.owner).name;
                Err(format!("{wanted} is there already, in {owner}; rename that one"))
            }
        }
    }

    /// Checks that every rule of the role, whichever input brings it, means something in a
    /// namespace.
    fn check_role(&self, step: &Step, role_ref: &RoleRef) -> Result<(), String> {
        let wanted = Identity {
            kind: role_ref.kind.clone(),
            name: role_ref.name.clone(),
            ..step.identity.clone()
        };
        let roles: Vec<_> = self.held(&wanted).iter().filter_map(|object| object.role()).collect();
        if roles.is_empty() {
            return Err(format!(
                "its role, {role_ref}, is not among the inputs, so nobody can tell what it is \
                 about; give it with the others, or an export with --against"
            ));
        }
        if roles.iter().any(|role| role.selectors.is_some()) {
            return Err(format!(
                "its role, {role_ref}, aggregates others, so its rules may change"
            ));
        }
        if roles.iter().any(|role| role.unread.is_some()) {
            return Err(format!("the rules of its role, {role_ref}, cannot be read as a whole"));
        }
        let mut rules = roles.iter().flat_map(|role| role.policy_rules());
        match rules.find_map(|rule| Some((rule, reason(self.estate, rule)?))) {
            None => Ok(()),
            Some((rule, reason)) => Err(format!("its role, {role_ref}, allows `{rule}`: {reason}")),
        }
    }
}

/// Returns what a share of a ClusterRoleBinding is called.
pub(super) fn role_binding(binding: &Identity, namespace: &SmolStr) -> Identity {
    Identity {
        kind: SmolStr::new_static("RoleBinding"),
        namespace: Some(namespace.clone()),
        ..binding.clone()
    }
}

/// Says why a rule means more in a cluster than in a namespace.
fn reason(estate: &Estate, rule: &PolicyRule) -> Option<String> {
    if let Some(url) = rule.non_resource_urls.first() {
        return Some(format!("the URL {url} is in no namespace"));
    }
    let pairs = rule.api_groups.iter().flat_map(|group| {
        rule.resources.iter().map(move |resource| (group.as_str(), resource.as_str()))
    });
    pairs.map(|(group, resource)| out_of_namespace(estate, (group, resource))).find_map(|it| it)
}

fn out_of_namespace(estate: &Estate, (group, resource): (&str, &str)) -> Option<String> {
    let plural = resource.split_once('/').map_or(resource, |(plural, _)| plural);
    if group == "*" {
        return Some("the group * has resources that are in no namespace".into());
    }
    if plural == "*" {
        return match scope::of_group(group) {
            Some(Scope::Namespaced) => None,
            Some(Scope::Cluster) => {
                let group = if group.is_empty() { "the core group" } else { group };
                Some(format!("* in {group} covers resources that are in no namespace"))
            }
            None => Some(format!("nobody can tell what * covers in {group}")),
        };
    }
    let name = match group {
        "" => plural.to_string(),
        group => format!("{plural}.{group}"),
    };
    match scope::of_resource(estate, group, plural) {
        Some(Scope::Namespaced) => None,
        Some(Scope::Cluster) => Some(format!("{name} are in no namespace")),
        None => Some(format!(
            "nobody can tell whether {name} are in a namespace; give the CRD with the others"
        )),
    }
}

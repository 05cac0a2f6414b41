//! What the rules about grants share: the rule items that are judged, and how bad it is to hold them.

use std::collections::HashMap;

use super::{Facts, Family, Meta, Rule};
use crate::finding::{Confidence, Finding, Label, Severity, listed};
use crate::rbac::access::{Grant, Reach, Request};
use crate::rbac::builtin::BuiltInRole;
use crate::rbac::resources;
use crate::rbac::{Binding, List, Object, ObjectId, PolicyRule, RoleRule, Word};
use crate::source::Span;

/// A rule item of a role that is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    /// The role; of a built-in one the binding to it.
    pub(super) role: ObjectId,
    /// Its object.
    pub(super) object: &'a Object,
    /// The rule item; that of a built-in role stands nowhere.
    pub(super) rule: &'a RoleRule,
    /// The built-in role that the binding leads to.
    pub(super) built_in: Option<&'static BuiltInRole>,
    /// How far it reaches.
    pub(super) reach: Reach,
    /// Whether it can hold for what is in no namespace.
    pub(super) everywhere: bool,
}

/// What is asked about: a group, some of its resources, and verbs.
pub(super) type Ask = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Which objects of a resource can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Which {
    /// Those of certain names.
    Named,
    /// All.
    All,
}

/// What an item grants on a resource that it names.
#[derive(Debug)]
pub(super) struct Held<'v> {
    /// The verbs that are granted.
    pub(super) verbs: Vec<&'v str>,
    /// Which objects can be reached.
    pub(super) which: Which,
    /// Where the item names the resource.
    pub(super) place: Span,
}

/// What an item grants on several resources that it names.
#[derive(Debug)]
pub(super) struct Many {
    /// The resources, as they were asked about.
    pub(super) resources: Vec<&'static str>,
    /// The verbs that are granted on any of them.
    pub(super) verbs: Vec<&'static str>,
    /// Which objects can be reached.
    pub(super) which: Which,
    /// Where the item names the first of them.
    pub(super) place: Span,
}

/// How a rule speaks of what can be done.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'t> {
    /// What it can be done with; empty for the resources' own names.
    pub(super) objects: &'t str,
    /// What that means.
    pub(super) means: &'t str,
    /// What to do about it.
    pub(super) help: &'t str,
}

impl Many {
    /// Builds what is held on one resource.
    pub(super) fn of(held: Held<'static>, resource: &'static str) -> Self {
        let Held { verbs, which, place } = held;
        Self { resources: vec![resource], verbs, which, place }
    }

    /// Returns what a rule says of it.
    pub(super) fn risky(
        &self,
        (facts, item): (&Facts<'_>, &Item<'_>),
        severity: Severity,
        words: Words<'_>,
    ) -> Risky {
        let (verbs, resources) = (listed(&self.verbs), few(&self.resources));
        let objects = if words.objects.is_empty() { &resources } else { words.objects };
        let (role, names) = (item.holder(), item.names());
        Risky {
            severity,
            message: format!(
                "{role} can {verbs} {objects}{names} {}: {}",
                item.extent(facts),
                words.means
            ),
            label: format!("{verbs} {resources}"),
            help: words.help.into(),
            place: self.place,
            confidence: None,
        }
    }
}

/// Lists words in a sentence that has no room for many.
pub(super) fn few<T: std::fmt::Display>(words: &[T]) -> String {
    match words {
        [one, two, _, rest @ ..] if !rest.is_empty() => {
            format!("{one}, {two} and {} more", rest.len() + 1)
        }
        _ => listed(words),
    }
}

impl Item<'_> {
    /// Returns which of these verbs the item grants on resources that it names, as [`Item::holds`] does
    /// for each of them.
    pub(super) fn holds_any(&self, asks: &[Ask]) -> Option<Many> {
        let mut many: Option<Many> = None;
        let each = asks.iter().flat_map(|(group, resources, verbs)| {
            resources.iter().map(move |resource| (*group, *resource, *verbs))
        });
        for (group, resource, verbs) in each {
            let Some(held) = self.holds((group, resource), verbs) else { continue };
            let Held { which, place, .. } = held;
            let many =
                many.get_or_insert(Many { resources: Vec::new(), verbs: Vec::new(), which, place });
            many.which = many.which.max(which);
            many.resources.push(resource);
            held.verbs.into_iter().for_each(|verb| {
                if !many.verbs.contains(&verb) {
                    many.verbs.push(verb);
                }
            });
        }
        many
    }

    /// Tells whether the item grants any of this, whether it names it or a star does.
    pub(super) fn grants_any(&self, asks: &[Ask]) -> bool {
        asks.iter().any(|(group, resources, verbs)| {
            resources.iter().any(|resource| self.granted((group, resource), verbs).is_some())
        })
    }

    /// Tells whether those who hold the item hold, in the same places, a rule of some kind: another
    /// item of any of their roles, or of the same role where nobody is bound.
    pub(super) fn beside(&self, facts: &Facts<'_>, is: impl Fn(&PolicyRule) -> bool) -> bool {
        let bindings = self.bindings(facts);
        if bindings.is_empty() {
            return self.object.role().is_some_and(|role| role.policy_rules().any(is));
        }
        bindings.into_iter().any(|id| {
            let binding = facts.estate.object(id);
            let subjects = binding.binding().map(Binding::by_canonical).unwrap_or_default();
            let namespace = binding.identity.namespace.as_ref();
            subjects.keys().any(|subject| {
                let grants = facts.access.grants_of(subject, id);
                let holds = |it: &Grant<'_>| it.namespace.is_none() || it.namespace == namespace;
                grants.iter().filter(|it| holds(it)).any(|it| is(it.rule))
            })
        })
    }

    /// Returns which of these verbs the item grants on a resource or subresource; none where it grants
    /// none of them, or does not name the resource but only matches it by a lone `*`.
    ///
    /// Verbs on all objects go before those on named ones.
    pub(super) fn holds<'v>(
        &self,
        (group, resource): (&str, &str),
        verbs: &[&'v str],
    ) -> Option<Held<'v>> {
        let place = self.place_of_resource(resource)?;
        let (verbs, which) = self.granted((group, resource), verbs)?;
        Some(Held { verbs, which, place })
    }

    /// Returns which of these verbs the item grants on a resource, where its bindings can grant them.
    fn granted<'v>(
        &self,
        (group, resource): (&str, &str),
        verbs: &[&'v str],
    ) -> Option<(Vec<&'v str>, Which)> {
        let (mut all, mut named) = self.rule.value.verbs_on((group, resource), verbs);
        if !self.everywhere {
            let holds = |verb: &&str| !Request::new(verb, group, resource).is_of_cluster();
            all.retain(holds);
            named.retain(holds);
        }
        match (all.is_empty(), named.is_empty()) {
            (false, _) => Some((all, Which::All)),
            (true, false) => Some((named, Which::Named)),
            (true, true) => None,
        }
    }

    /// Returns where the item names a resource or subresource: by its name, or as that subresource of
    /// any resource.
    fn place_of_resource(&self, resource: &str) -> Option<Span> {
        let sub = resource.split_once('/').map(|(_, sub)| sub);
        let names = |word: &&Word| {
            word.text == resource || sub.is_some() && word.text.strip_prefix("*/") == sub
        };
        self.rule.words_of(List::Resources).find(names).map(|word| word.span)
    }

    /// Returns the bindings through which the item is held.
    pub(super) fn bindings(&self, facts: &Facts<'_>) -> Vec<ObjectId> {
        match self.built_in {
            Some(_) => vec![self.role],
            None => facts.access.bindings_reaching(self.role).collect(),
        }
    }

    /// Returns the role, in words.
    pub(super) fn holder(&self) -> String {
        match self.built_in {
            Some(BuiltInRole { namespace: Some(namespace), name, .. }) => {
                format!("Role {namespace}/{name}")
            }
            Some(role) => format!("ClusterRole {}", role.name),
            None => self.object.identity.to_string(),
        }
    }

    /// Returns the severity for this reach of what has a severity for the whole cluster: one step lower
    /// where only namespaces or nobody is reached, and one step lower where only named objects are.
    pub(super) fn severity(&self, in_cluster: Severity, which: Which) -> Severity {
        let far = if self.reach == Reach::Cluster { in_cluster } else { lower(in_cluster) };
        if which == Which::Named { lower(far) } else { far }
    }

    /// Returns where it holds, in words that follow what can be done: `in the whole cluster`.
    pub(super) fn extent(&self, facts: &Facts<'_>) -> String {
        match self.reach {
            Reach::Cluster if self.everywhere => "in the whole cluster".into(),
            Reach::Cluster => "in kube-system, as good as the whole cluster".into(),
            Reach::Namespace => {
                let of_binding = self.object.identity.namespace.iter();
                let namespaces: Vec<_> = match self.built_in {
                    Some(_) => of_binding.collect(),
                    None => facts.access.namespaces(self.role).collect(),
                };
                match namespaces.as_slice() {
                    [only] => format!("in namespace {only}"),
                    all => format!("in namespaces {}", few(all)),
                }
            }
            Reach::Unbound => match &self.object.identity.namespace {
                Some(_) => "there once it is bound".into(),
                None => "wherever it is bound".into(),
            },
        }
    }

    /// Tells whether one of the item's groups is of Kubernetes itself, or all are meant.
    pub(super) fn has_built_in_group(&self) -> bool {
        let groups = &self.rule.value.api_groups;
        groups.iter().any(|group| group == "*" || resources::has_group(group))
    }

    /// Returns the item's verbs, in words that follow `can`.
    pub(super) fn verbs(&self) -> String {
        let verbs = self.words(List::Verbs, "do anything with");
        // `get, list and 5 more every resource` is no sentence.
        if verbs.ends_with(" more") { format!("use {verbs} verbs on") } else { verbs }
    }

    /// Returns the item's resources, in words.
    pub(super) fn resources(&self) -> String {
        self.words(List::Resources, "all resources")
    }

    /// Returns the item's groups, in words.
    pub(super) fn groups(&self) -> String {
        let words = self.words(List::ApiGroups, "every group");
        match self.rule.value.api_groups.len() {
            _ if self.rule.value.api_groups.contains("*") => words,
            1 => format!("group {words}"),
            _ => format!("groups {words}"),
        }
    }

    /// Lists the words of a list, or says what its star means.
    fn words(&self, list: List, star: &str) -> String {
        let words = self.rule.words_of(list).map(|word| word.text.as_str());
        let words: Vec<&str> = words.map(|it| if it.is_empty() { "core" } else { it }).collect();
        if words.contains(&"*") { star.into() } else { few(&words) }
    }

    /// Returns how the item's names restrict it, in words: ` named a and b`.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.rule.value.resource_names.iter().collect();
        if names.is_empty() { String::new() } else { format!(" named {}", few(&names)) }
    }

    /// Builds the finding about this item: its extent is the item, and who is bound is related.
    pub(super) fn finding(&self, facts: &Facts<'_>, meta: &Meta, risky: Risky) -> Finding {
        let owner = facts.release_of(self.role);
        let label = |span: Span, text: String| Label { span, text, owner: owner.clone() };
        let (primary, extent, help) = match self.object.binding().filter(|_| self.is_built_in()) {
            Some(binding) => {
                let place = binding.role_name.unwrap_or(binding.role_ref_span);
                let help = "the role cannot be narrowed: bind one that lists what is used".into();
                (label(place, risky.label), binding.role_ref_span, help)
            }
            None => (label(risky.place, risky.label), self.rule.span, risky.help),
        };
        let object = self.object.identity.object_name();
        let mut finding = Finding::new((meta.name, risky.severity), risky.message, primary, object);
        finding.help = Some(help);
        finding.extent = extent;
        finding.confidence = risky.confidence.unwrap_or(meta.confidence);
        finding.owners = vec![facts.estate.owner_of(self.role).name.clone()];
        finding.related = match self.built_in {
            Some(_) => facts.labels_of(&[self.role]),
            None => facts.labels_of_bindings(self.role),
        };
        finding
    }

    fn is_built_in(&self) -> bool {
        self.built_in.is_some()
    }
}

/// Returns the next lower severity.
pub(super) fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Error => Severity::Warning,
        Severity::Warning | Severity::Info => Severity::Info,
    }
}

/// What a rule says of an item.
#[derive(Debug, Clone)]
pub(super) struct Risky {
    pub(super) severity: Severity,
    /// What can be done, where, and what that means.
    pub(super) message: String,
    /// What stands at the place, in a few words.
    pub(super) label: String,
    pub(super) help: String,
    /// The word that grants it.
    pub(super) place: Span,
    /// Where it is less sure than the rule is.
    pub(super) confidence: Option<Confidence>,
}

/// A rule that judges the rule items of roles one by one.
pub(super) struct ItemRule {
    pub(super) meta: Meta,
    /// Returns what the rule says of an item.
    pub(super) judge: fn(&Facts<'_>, &Item<'_>) -> Option<Risky>,
}

impl Rule for ItemRule {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        // What many releases say alike is judged once.
        let mut known: HashMap<_, Option<Risky>> = HashMap::new();
        let judge = |item: &Item<'_>| {
            let same = (
                std::ptr::from_ref(item.rule),
                facts.access.number(item.role),
                facts.brings_storage(item.role),
                facts.brings_agents(item.role),
            );
            let risky = known.entry(same).or_insert_with(|| (self.judge)(facts, item)).clone()?;
            Some(item.finding(facts, &self.meta, risky))
        };
        let mut found: Vec<Finding> = facts.items.iter().filter_map(judge).collect();
        // What a chart says of a built-in role is only that it is bound, which is a risk at most.
        if self.meta.family == Family::Risk {
            found.extend(facts.built_in_items.iter().filter_map(|item| {
                let mut risky = (self.judge)(facts, item)?;
                if item.reach == Reach::Namespace {
                    // To be bound in namespaces is what such roles are made for.
                    risky.severity = Severity::Info;
                }
                Some(item.finding(facts, &self.meta, risky))
            }));
        }
        found
    }
}

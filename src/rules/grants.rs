//! What the rules about grants share: the rule items that are judged, and how bad it is to hold them.

use super::{Facts, Meta, Rule};
use crate::finding::{Confidence, Finding, Label, Severity, listed};
use crate::rbac::access::Reach;
use crate::rbac::{List, Object, ObjectId, RoleRule, Word};
use crate::source::Span;

/// A rule item of a role that is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item<'a> {
    /// The role.
    pub(super) role: ObjectId,
    /// The role's object.
    pub(super) object: &'a Object,
    /// The rule item.
    pub(super) rule: &'a RoleRule,
    /// How far it reaches.
    pub(super) reach: Reach,
}

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

impl Item<'_> {
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
        let (all, named) = self.rule.value.verbs_on((group, resource), verbs);
        match (all.is_empty(), named.is_empty()) {
            (false, _) => Some(Held { verbs: all, which: Which::All, place }),
            (true, false) => Some(Held { verbs: named, which: Which::Named, place }),
            (true, true) => None,
        }
    }

    /// Returns where the item names a resource or subresource: by its name, or as that subresource of
    /// any resource.
    fn place_of_resource(&self, resource: &str) -> Option<Span> {
        let of_any = resource.split_once('/').map(|(_, sub)| format!("*/{sub}"));
        let names = |word: &&Word| word.text == resource || of_any.as_deref() == Some(&word.text);
        self.rule.words_of(List::Resources).find(names).map(|word| word.span)
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
            Reach::Cluster => "in the whole cluster".into(),
            Reach::Namespace => {
                let namespaces: Vec<_> = facts.access.namespaces(self.role).into_iter().collect();
                match namespaces.as_slice() {
                    [only] => format!("in namespace {only}"),
                    all => format!("in namespaces {}", listed(all)),
                }
            }
            Reach::Unbound => "wherever it is bound".into(),
        }
    }

    /// Returns how the item's names restrict it, in words: ` named a and b`.
    pub(super) fn names(&self) -> String {
        let names: Vec<_> = self.rule.value.resource_names.iter().collect();
        if names.is_empty() { String::new() } else { format!(" named {}", listed(&names)) }
    }

    /// Builds the finding about this item: its extent is the item, and who is bound is related.
    pub(super) fn finding(&self, facts: &Facts<'_>, meta: &Meta, risky: Risky) -> Finding {
        let owner = facts.release_of(self.role);
        let label = |span: Span, text: String| Label { span, text, owner: owner.clone() };
        let primary = label(risky.place, risky.label);
        let object = self.object.identity.object_name();
        let mut finding = Finding::new((meta.name, risky.severity), risky.message, primary, object);
        finding.help = Some(risky.help);
        finding.extent = self.rule.span;
        finding.confidence = risky.confidence.unwrap_or(meta.confidence);
        finding.owners = vec![facts.estate.owner_of(self.role).name.clone()];
        finding.related = facts.labels_of_bindings(self.role);
        finding
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
#[derive(Debug)]
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
        let judge = |item: &Item<'_>| {
            let risky = (self.judge)(facts, item)?;
            Some(item.finding(facts, &self.meta, risky))
        };
        facts.items.iter().filter_map(judge).collect()
    }
}

//! What changes about one object.

use std::collections::BTreeSet;

use crate::finding::listed;
use crate::rbac::{Identity, Object, PolicyRule, Subject, covered};
use crate::yaml::Data;

/// An object before or after.
#[derive(Debug, Clone)]
pub struct Side {
    /// The identity.
    pub identity: Identity,
    /// All of it.
    pub data: Data,
    /// The subjects, for a binding.
    pub subjects: Option<BTreeSet<Subject>>,
    /// The rules, for a role.
    pub rules: Option<Vec<PolicyRule>>,
}

impl From<&Object> for Side {
    fn from(object: &Object) -> Self {
        let subjects = object.binding().map(|binding| binding.by_canonical().into_keys().collect());
        let rules = object.role().map(|role| role.policy_rules().cloned().collect());
        let identity = object.identity.clone();
        Self { identity, data: object.data.clone(), subjects, rules }
    }
}

/// What is said of a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Lead {
    /// What the two sides tell.
    #[default]
    Sides,
    /// Something else.
    Words(String),
    /// Nothing: the change before it says it all.
    Nothing,
}

/// One object, before and after.
#[derive(Debug, Clone)]
pub struct Change {
    /// The identity.
    pub identity: Identity,
    /// What is there before, if anything.
    pub before: Option<Side>,
    /// What is there after, if anything.
    pub after: Option<Side>,
    /// What the inputs bring, where that is less than what is kept; none where it is not known.
    pub brought: Option<Side>,
    /// What is said of it.
    pub lead: Lead,
}

impl Change {
    /// Says in one line who keeps, gains and loses what; none where nothing is to be said.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        match &self.lead {
            Lead::Sides => {}
            Lead::Words(words) => return Some(words.clone()),
            Lead::Nothing => return None,
        }
        let mut words = self.what();
        if words.is_empty() {
            words.push(self.fate().into());
        }
        Some(format!("{}: {}", self.identity, words.join(", ")))
    }

    /// Says which subjects and rules are kept, gained and lost.
    pub(super) fn what(&self) -> Vec<String> {
        let sides = [&self.before, &self.after, &self.brought].map(Option::as_ref);
        let subjects = sides.map(|side| side.and_then(|it| it.subjects.as_ref()));
        let rules = sides.map(|side| side.and_then(|it| it.rules.as_ref()));
        match (subjects, rules) {
            ([None, None, _], [None, None, _]) => Vec::new(),
            ([None, None, _], rules) => words_of_rules(rules),
            (subjects, _) => words_of_subjects(subjects),
        }
    }

    /// Returns `added`, `removed`, `changed` or `unchanged`.
    #[must_use]
    pub fn fate(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, Some(_)) => "added",
            (Some(_), None) => "removed",
            (Some(before), Some(after)) if before.data == after.data => "unchanged",
            _ => "changed",
        }
    }
}

/// What is kept though no release brings it.
const ALONE: &str = ", which no release brings";

fn words_of_subjects([before, after, brought]: [Option<&BTreeSet<Subject>>; 3]) -> Vec<String> {
    let none = BTreeSet::new();
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    let kept = || before.intersection(after);
    let is_brought = |it: &&Subject| brought.is_none_or(|brought| brought.contains(*it));
    let groups = [
        ("keeps", kept().filter(is_brought).collect::<Vec<_>>(), ""),
        ("gains", after.difference(before).collect(), ""),
        ("loses", before.difference(after).collect(), ""),
        ("keeps", kept().filter(|it| !is_brought(it)).collect(), ALONE),
    ];
    let mut words = Vec::new();
    for (verb, subjects, remark) in groups {
        if !subjects.is_empty() {
            let names: Vec<String> = subjects.iter().map(ToString::to_string).collect();
            words.push(format!("{verb} {}{remark}", names.join(", ")));
        }
    }
    words
}

fn words_of_rules([before, after, brought]: [Option<&Vec<PolicyRule>>; 3]) -> Vec<String> {
    let none = Vec::new();
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    let of = |rules: &[PolicyRule], other: &[PolicyRule], kept: bool| -> Vec<PolicyRule> {
        let is_kept = |rule: &&PolicyRule| covered(other, std::slice::from_ref(*rule)) == kept;
        rules.iter().filter(is_kept).cloned().collect()
    };
    let kept = of(after, before, true);
    let brought = brought.unwrap_or(&kept);
    let mut words = Vec::new();
    words.extend(counted("keeps", &of(&kept, brought, true), Told::Number));
    words.extend(counted("gains", &of(after, before, false), Told::Rules));
    words.extend(counted("loses", &of(before, after, false), Told::Rules));
    let alone = counted("keeps", &of(&kept, brought, false), Told::Rules);
    words.extend(alone.map(|words| format!("{words}{ALONE}")));
    words
}

/// How rules are told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    /// How many there are.
    Number,
    /// What they grant, too.
    Rules,
}

fn counted(verb: &str, rules: &[PolicyRule], told: Told) -> Option<String> {
    let number = match rules.len() {
        0 => return None,
        1 => "1 rule".into(),
        count => format!("{count} rules"),
    };
    let what = match told {
        Told::Number => String::new(),
        Told::Rules => {
            let rules: Vec<String> = rules.iter().map(|rule| format!("`{rule}`")).collect();
            format!(" ({})", listed(&rules))
        }
    };
    Some(format!("{verb} {number}{what}"))
}

#[cfg(test)]
mod tests {
    use smol_str::SmolStr;

    use super::*;

    fn subject(namespace: &str) -> Subject {
        Subject {
            kind: "ServiceAccount".into(),
            namespace: Some(namespace.into()),
            name: "flux".into(),
            api_group: SmolStr::default(),
        }
    }

    fn identity() -> Identity {
        Identity {
            cluster: None,
            group: crate::rbac::GROUP.into(),
            kind: "ClusterRoleBinding".into(),
            namespace: None,
            name: "flux".into(),
        }
    }

    fn side(namespaces: &[&str]) -> Side {
        let subjects = namespaces.iter().map(|it| subject(it)).collect();
        let subjects = Some(subjects);
        Side { identity: identity(), data: Data::Null, subjects, rules: None }
    }

    #[test]
    fn words_say_who_keeps_gains_and_loses() {
        let words = |before, after, brought| {
            let (identity, lead) = (identity(), Lead::Sides);
            Change { identity, before, after, brought, lead }.in_words()
        };
        let table = [
            (
                Some(side(&["c"])),
                Some(side(&["a", "b", "c"])),
                None,
                "keeps c/flux, gains a/flux, b/flux",
            ),
            (
                Some(side(&["c", "d"])),
                Some(side(&["a", "c", "d"])),
                Some(side(&["a", "d"])),
                "keeps d/flux, gains a/flux, keeps c/flux, which no release brings",
            ),
            (Some(side(&["a", "b"])), Some(side(&["b"])), None, "keeps b/flux, loses a/flux"),
            (None, Some(side(&["a"])), None, "gains a/flux"),
            (Some(side(&[])), None, None, "removed"),
        ];
        for (before, after, brought, expected) in table {
            let expected = format!("ClusterRoleBinding flux: {expected}");
            assert_eq!(words(before, after, brought), Some(expected));
        }
    }
}

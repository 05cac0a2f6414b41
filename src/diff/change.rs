//! What changes about one object.

use std::collections::BTreeSet;

use crate::finding::listed;
use crate::rbac::{Identity, Object, PolicyRule, Subject, covered};
use crate::yaml::Data;

/// An object before or after.
#[derive(Debug, Clone)]
pub struct Side {
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
        Self { data: object.data.clone(), subjects, rules }
    }
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
}

impl Change {
    /// Says in one line who keeps, gains and loses what.
    #[must_use]
    pub fn in_words(&self) -> String {
        let mut words = Vec::new();
        let (before, after) = (self.before.as_ref(), self.after.as_ref());
        let subjects =
            (before.and_then(|it| it.subjects.as_ref()), after.and_then(|it| it.subjects.as_ref()));
        let rules =
            (before.and_then(|it| it.rules.as_ref()), after.and_then(|it| it.rules.as_ref()));
        match (subjects, rules) {
            ((None, None), (None, None)) => {}
            ((None, None), (before, after)) => words_of_rules(before, after, &mut words),
            ((before, after), _) => words_of_subjects(before, after, &mut words),
        }
        if words.is_empty() {
            words.push(self.fate().into());
        }
        format!("{}: {}", self.identity, words.join(", "))
    }

    fn fate(&self) -> &'static str {
        match (&self.before, &self.after) {
            (None, Some(_)) => "added",
            (Some(_), None) => "removed",
            (Some(before), Some(after)) if before.data == after.data => "unchanged",
            _ => "changed",
        }
    }
}

fn words_of_subjects(
    before: Option<&BTreeSet<Subject>>,
    after: Option<&BTreeSet<Subject>>,
    words: &mut Vec<String>,
) {
    let none = BTreeSet::new();
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    let groups = [
        ("keeps", before.intersection(after).collect::<Vec<_>>()),
        ("gains", after.difference(before).collect()),
        ("loses", before.difference(after).collect()),
    ];
    for (verb, subjects) in groups {
        if !subjects.is_empty() {
            let names: Vec<String> = subjects.iter().map(ToString::to_string).collect();
            words.push(format!("{verb} {}", names.join(", ")));
        }
    }
}

fn words_of_rules(
    before: Option<&Vec<PolicyRule>>,
    after: Option<&Vec<PolicyRule>>,
    words: &mut Vec<String>,
) {
    let none = Vec::new();
    let (before, after) = (before.unwrap_or(&none), after.unwrap_or(&none));
    let of = |rules: &[PolicyRule], other: &[PolicyRule], kept: bool| -> Vec<PolicyRule> {
        let is_kept = |rule: &&PolicyRule| covered(other, std::slice::from_ref(*rule)) == kept;
        rules.iter().filter(is_kept).cloned().collect()
    };
    words.extend(counted("keeps", &of(after, before, true), Told::Number));
    words.extend(counted("gains", &of(after, before, false), Told::Rules));
    words.extend(counted("loses", &of(before, after, false), Told::Rules));
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

    fn side(namespaces: &[&str]) -> Side {
        let subjects = namespaces.iter().map(|it| subject(it)).collect();
        Side { data: Data::Null, subjects: Some(subjects), rules: None }
    }

    #[test]
    fn words_say_who_keeps_gains_and_loses() {
        let identity = Identity {
            cluster: None,
            group: crate::rbac::GROUP.into(),
            kind: "ClusterRoleBinding".into(),
            namespace: None,
            name: "flux".into(),
        };
        let words = |before, after| Change { identity: identity.clone(), before, after }.in_words();
        let table = [
            (
                Some(side(&["c"])),
                Some(side(&["a", "b", "c"])),
                "keeps c/flux, gains a/flux, b/flux",
            ),
            (Some(side(&["a", "b"])), Some(side(&["b"])), "keeps b/flux, loses a/flux"),
            (None, Some(side(&["a"])), "gains a/flux"),
            (Some(side(&[])), None, "removed"),
        ];
        for (before, after, expected) in table {
            assert_eq!(words(before, after), format!("ClusterRoleBinding flux: {expected}"));
        }
    }
}

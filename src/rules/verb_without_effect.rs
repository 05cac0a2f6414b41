//! Verbs that the resources beside them do not take.

use super::grants::Item;
use super::idle::{Idle, IdleRule, told};
use super::unknown_verb::VERBS;
use super::{Facts, Family, Meta};
use crate::finding::{Confidence, Severity};
use crate::rbac::{List, Word, resources};

/// The rule `verb-without-effect`.
pub(super) static RULE: IdleRule = IdleRule {
    meta: Meta {
        name: "verb-without-effect",
        family: Family::Hygiene,
        summary: "a verb that none of the resources beside it takes",
        severity: Severity::Info,
        explanation: include_str!("verb_without_effect.md"),
        ..Meta::PLAIN
    },
    judge,
};

fn judge<'a>(_: &Facts<'_>, item: &Item<'a>) -> Option<Idle<'a>> {
    let rule = &item.rule.value;
    // Whoever serves another group says which verbs its resources take.
    let is_known = |group: &str| resources::is_listed(group);
    if rule.api_groups.is_empty() || !rule.api_groups.iter().all(|group| is_known(group)) {
        return None;
    }
    let mut taken: Vec<Vec<&'static str>> = Vec::new();
    for resource in &rule.resources {
        if resource.starts_with('*') {
            return None;
        }
        let targets = rule.api_groups.iter().filter_map(|it| resources::lookup(it, resource));
        let verbs: Vec<_> = targets.flat_map(|target| target.verbs).copied().collect();
        // What there is not takes no verb, and is found by other rules.
        if !verbs.is_empty() {
            taken.push(verbs);
        }
    }
    let judged = || {
        let is_verb = |word: &&Word| VERBS.contains(&word.text.as_str());
        item.rule.words_of(List::Verbs).filter(is_verb)
    };
    let takes = |verbs: &Vec<&str>, word: &Word| verbs.contains(&word.text.as_str());
    let by_none = |word: &&Word| !taken.iter().any(|verbs| takes(verbs, word));
    let by_some = |word: &&Word| !taken.iter().all(|verbs| takes(verbs, word));
    if taken.is_empty() {
        return None;
    }
    let none: Vec<&Word> = judged().filter(by_none).collect();
    let (words, confidence) = match none.is_empty() {
        false => (none, None),
        true => (judged().filter(by_some).collect(), Some(Confidence::Low)),
    };
    let what = told(&item.rule.words_of(List::Resources).collect::<Vec<_>>());
    let which = if confidence.is_some() { "not all of" } else { "no request on" };
    let verb = if confidence.is_some() { "take" } else { "has" };
    Some(Idle {
        severity: Severity::Info,
        confidence,
        message: format!("grants {}, which {which} {what} {verb}", told(&words)),
        label: "no effect",
        help: "leave the verb away, or put the resource that takes it into an item of its own"
            .into(),
        words,
        fix: None,
    })
}

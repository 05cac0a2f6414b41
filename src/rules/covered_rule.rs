//! Rule items, and words of theirs, that grant nothing more.

use std::collections::BTreeMap;

use super::grants::Item;
use super::idle::{Idle, finding, is_built_in, told};
use super::{Facts, Family, Fixable, Meta, Rule};
use crate::finding::{Edit, Finding, Fix, Severity};
use crate::rbac::{List, ObjectId, PolicyRule, Word, covered_by};

/// The rule `covered-rule`.
pub(super) struct CoveredRule;

static META: Meta = Meta {
    name: "covered-rule",
    family: Family::Hygiene,
    summary: "a rule item that others of its role cover, or a word twice in a list",
    severity: Severity::Info,
    fix: Fixable::Safe,
    explanation: include_str!("covered_rule.md"),
    ..Meta::PLAIN
};

impl Rule for CoveredRule {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let mut roles: BTreeMap<ObjectId, Vec<&Item<'_>>> = BTreeMap::new();
        for item in facts.items.iter().filter(|item| !is_built_in(item)) {
            roles.entry(item.role).or_default().push(item);
        }
        roles.into_values().flat_map(|items| of_role(facts, &items)).collect()
    }
}

/// Judges the items of a role; of two that cover each other the first is left.
fn of_role(facts: &Facts<'_>, items: &[&Item<'_>]) -> Vec<Finding> {
    let mut left: Vec<&Item<'_>> = items.to_vec();
    let mut found = Vec::new();
    for item in items.iter().rev() {
        let others = left.iter().filter(|it| !std::ptr::eq(it.rule, item.rule));
        let others: Vec<&PolicyRule> = others.map(|it| &it.rule.value).collect();
        let idle = if covered_by(&others, &item.rule.value) {
            left.retain(|it| !std::ptr::eq(it.rule, item.rule));
            covered(item, &others)
        } else {
            repeated(item)
        };
        found.extend(idle.and_then(|idle| finding(facts, &META, item, idle)));
    }
    found.reverse();
    found
}

fn covered<'a>(item: &Item<'a>, others: &[&PolicyRule]) -> Option<Idle<'a>> {
    let first =
        item.rule.words_of(List::Resources).chain(item.rule.words_of(List::NonResourceUrls));
    let one = others.iter().find(|it| it.covers(&item.rule.value));
    let by = match one {
        Some(one) if **one == item.rule.value => "another item repeats".to_owned(),
        Some(one) => format!("the item `{one}` covers"),
        None => "other items cover together".into(),
    };
    Some(Idle {
        severity: META.severity,
        confidence: None,
        message: format!("has the item `{}`, which {by}", item.rule.value),
        label: "granted by others",
        help: "delete the item".into(),
        words: first.into_iter().take(1).collect(),
        fix: Some(Fix {
            title: format!("delete the item `{}`", item.rule.value),
            edits: vec![Edit::Remove { span: item.rule.span }],
        }),
    })
}

/// Judges words that stand in one list twice.
fn repeated<'a>(item: &Item<'a>) -> Option<Idle<'a>> {
    let words = &item.rule.words;
    let first =
        |word: &Word| words.iter().find(|it| (it.list, &it.text) == (word.list, &word.text));
    let copy = |word: &'a Word| {
        let first = first(word)?;
        // What an alias stands for has one place.
        (first.span != word.span).then_some((word, first))
    };
    let copies: Vec<(&Word, &Word)> = words.iter().filter_map(copy).collect();
    let words: Vec<&Word> = copies.iter().map(|(word, _)| *word).collect();
    let list = words.first()?.list.key();
    let edit =
        |(word, first): &(&Word, &Word)| Edit::RemoveCopy { span: word.span, of: first.span };
    Some(Idle {
        severity: META.severity,
        confidence: None,
        message: format!("says {} twice in `{list}`", told(&words)),
        label: "again",
        help: "delete one of the two".into(),
        fix: Some(Fix {
            title: format!("delete the second {}", told(&words)),
            edits: copies.iter().map(edit).collect(),
        }),
        words,
    })
}

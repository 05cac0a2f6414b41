//! What the rules about words of rule items without effect share.

use super::grants::Item;
use super::{Facts, Meta, Rule};
use crate::finding::{Confidence, Edit, Finding, Fix, Label, Severity, Written, listed};
use crate::rbac::{List, Word, builtin};

/// What a rule says of words of an item.
#[derive(Debug)]
pub(super) struct Idle<'a> {
    pub(super) severity: Severity,
    /// Where it is less sure than the rule is.
    pub(super) confidence: Option<Confidence>,
    /// What is wrong, in words that follow the role's name.
    pub(super) message: String,
    /// What stands at each place, in a few words.
    pub(super) label: &'static str,
    pub(super) help: String,
    /// The words, the first of which is the primary place.
    pub(super) words: Vec<&'a Word>,
    pub(super) fix: Option<Fix>,
}

/// A rule that judges the words of rule items one item by one.
pub(super) struct IdleRule {
    pub(super) meta: Meta,
    /// Returns what the rule says of an item.
    pub(super) judge: for<'a> fn(&Facts<'_>, &Item<'a>) -> Option<Idle<'a>>,
}

impl Rule for IdleRule {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let judge = |item: &Item<'_>| finding(facts, &self.meta, item, (self.judge)(facts, item)?);
        facts.items.iter().filter(|item| !is_built_in(item)).filter_map(judge).collect()
    }
}

/// Tells whether an item is of a role that the API server makes itself.
pub(super) fn is_built_in(item: &Item<'_>) -> bool {
    let it = &item.object.identity;
    builtin::is_built_in(&it.kind, it.namespace.as_deref(), &it.name)
}

/// Builds the finding about words of an item; none where there are no words.
pub(super) fn finding(
    facts: &Facts<'_>,
    meta: &Meta,
    item: &Item<'_>,
    idle: Idle<'_>,
) -> Option<Finding> {
    let owner = facts.release_of(item.role);
    let mut labels = idle.words.iter().map(|word| Label {
        span: word.span,
        text: idle.label.into(),
        owner: owner.clone(),
    });
    let identity = &item.object.identity;
    let message = format!("{identity} {}", idle.message);
    let named = (meta.name, idle.severity);
    let primary = labels.next()?;
    Some(Finding {
        help: Some(idle.help),
        related: labels.collect(),
        extent: item.rule.span,
        confidence: idle.confidence.unwrap_or(meta.confidence),
        owners: vec![facts.estate.owner_of(item.role).name.clone()],
        fix: idle.fix,
        ..Finding::new(named, message, primary, identity.object_name())
    })
}

/// Returns words as they are told: each once, in marks.
pub(super) fn told(words: &[&Word]) -> String {
    let mut told: Vec<String> = Vec::new();
    for word in words {
        let text = format!("`{}`", word.text);
        if !told.contains(&text) {
            told.push(text);
        }
    }
    listed(&told)
}

/// Returns the words of a list that meet a condition, in the order written.
pub(super) fn words_where<'a>(
    item: &Item<'a>,
    list: List,
    meets: impl Fn(&str) -> bool,
) -> Vec<&'a Word> {
    item.rule.words_of(list).filter(|word| meets(&word.text)).collect()
}

/// Plans to write other words in the place of some; none where one of them has no other.
pub(super) fn replace(title: &str, words: &[(&Word, Option<String>)]) -> Option<Fix> {
    let edit = |(word, with): &(&Word, Option<String>)| {
        Some(Edit::Replace { span: word.span, with: Written::Text(with.clone()?) })
    };
    let edits = words.iter().map(edit).collect::<Option<Vec<_>>>()?;
    Some(Fix { title: title.into(), edits })
}

//! Names that requests do not have.

use super::grants::Item;
use super::idle::{Idle, IdleRule, told, words_where};
use super::{Facts, Family, Meta};
use crate::finding::Severity;
use crate::rbac::access::Request;
use crate::rbac::{List, Word};

/// The rule `names-without-effect`.
pub(super) static RULE: IdleRule = IdleRule {
    meta: Meta {
        name: "names-without-effect",
        family: Family::Hygiene,
        summary: "names beside verbs whose requests have none",
        severity: Severity::Warning,
        explanation: include_str!("names_without_effect.md"),
        ..Meta::PLAIN
    },
    judge,
};

fn judge<'a>(_: &Facts<'_>, item: &Item<'a>) -> Option<Idle<'a>> {
    let rule = &item.rule.value;
    if rule.resource_names.is_empty() {
        return None;
    }
    let idle = |severity, message: String, help: &str| Idle {
        severity,
        confidence: None,
        message,
        label: "has no name",
        help: help.into(),
        words: Vec::new(),
        fix: None,
    };
    if rule.resource_names.contains("") {
        return Some(Idle {
            label: "no name",
            words: words_where(item, List::ResourceNames, str::is_empty),
            ..idle(
                Severity::Warning,
                "names an object ``, which lets requests pass that name none, such as create and list"
                    .into(),
                "leave the empty name away, and grant what needs no name in an item of its own",
            )
        });
    }
    let has_object = rule.resources.iter().any(|it| !it.contains('/'));
    let nameless = |verb: &str| has_object && matches!(verb, "create" | "deletecollection");
    let words = words_where(item, List::Verbs, nameless);
    if !words.is_empty() {
        let (granted, never): (Vec<_>, Vec<_>) =
            words.into_iter().partition(|verb| is_granted(item, &verb.text));
        let (severity, means, help) = nameless_verbs(&never);
        let words = if never.is_empty() { granted } else { never };
        let message = format!(
            "grants {} only on {}, and the server knows no name yet: {means}",
            told(&words),
            told(&item.rule.words_of(List::ResourceNames).collect::<Vec<_>>())
        );
        return Some(Idle { words, ..idle(severity, message, help) });
    }
    let words = words_where(item, List::Verbs, |verb| matches!(verb, "list" | "watch"));
    if words.is_empty() {
        return None;
    }
    let message = format!(
        "grants {} only on {}: it is allowed to clients that ask for one object by \
         `fieldSelector=metadata.name=NAME`",
        told(&words),
        told(&item.rule.words_of(List::ResourceNames).collect::<Vec<_>>())
    );
    let help = "leave it away where clients list or watch without that selector, as informers do \
                unless told; `get` needs none";
    Some(Idle { words, label: "asks for one name", ..idle(Severity::Info, message, help) })
}

/// Returns how bad it is that no item of the role grants some verbs, what that means, and what to do.
fn nameless_verbs(never: &[&Word]) -> (Severity, &'static str, &'static str) {
    match never.is_empty() {
        true => (
            Severity::Info,
            "only another item of the role allows it",
            "leave it away: the other item grants it without names",
        ),
        false => (
            Severity::Warning,
            "it is never allowed",
            "grant it in an item of its own, without `resourceNames`",
        ),
    }
}

/// Tells whether the role grants a verb on all objects of the item without naming them.
fn is_granted(item: &Item<'_>, verb: &str) -> bool {
    let rule = &item.rule.value;
    let objects = || rule.resources.iter().filter(|it| !it.contains('/'));
    let mut asked = rule.api_groups.iter().flat_map(|group| objects().map(move |it| (group, it)));
    asked.all(|(group, resource)| {
        let request = Request::new(verb, group, resource);
        item.object.role().is_some_and(|it| it.policy_rules().any(|it| it.allows(&request)))
    })
}

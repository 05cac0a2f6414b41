//! Names that requests do not have.

use super::grants::Item;
use super::idle::{Idle, IdleRule, told, words_where};
use super::{Facts, Family, Meta};
use crate::finding::Severity;
use crate::rbac::List;

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
        let message = format!(
            "grants {} only on {}, and the server knows no name yet: it is never allowed",
            told(&words),
            told(&item.rule.words_of(List::ResourceNames).collect::<Vec<_>>())
        );
        let help = "grant it in an item of its own, without `resourceNames`";
        return Some(Idle { words, ..idle(Severity::Warning, message, help) });
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

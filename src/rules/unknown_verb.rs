//! Verbs that no request has.

use super::grants::Item;
use super::idle::{Idle, IdleRule, replace, told, words_where};
use super::{Facts, Family, Fixable, Meta};
use crate::finding::{Confidence, Severity};
use crate::rbac::{List, Word, resources};

/// The rule `unknown-verb`.
pub(super) static RULE: IdleRule = IdleRule {
    meta: Meta {
        name: "unknown-verb",
        family: Family::Hygiene,
        summary: "a verb that no request has",
        severity: Severity::Warning,
        fix: Fixable::Safe,
        explanation: include_str!("unknown_verb.md"),
        ..Meta::PLAIN
    },
    judge,
};

/// The verbs of requests, and those that the server asks for besides.
pub(super) const VERBS: [&str; 16] = [
    "approve",
    "attest",
    "bind",
    "create",
    "delete",
    "deletecollection",
    "escalate",
    "get",
    "impersonate",
    "list",
    "patch",
    "proxy",
    "sign",
    "update",
    "use",
    "watch",
];

/// The HTTP methods, which are the verbs of requests on URLs.
const METHODS: [&str; 7] = ["delete", "get", "head", "options", "patch", "post", "put"];

/// The verbs that HTTP methods become, where they are others.
const OF_METHODS: [(&str, &str); 3] = [("head", "get"), ("post", "create"), ("put", "update")];

fn judge<'a>(_: &Facts<'_>, item: &Item<'a>) -> Option<Idle<'a>> {
    let is_url = !item.rule.value.non_resource_urls.is_empty();
    let (known, methods): (&[&str], &[_]) =
        if is_url { (&METHODS, &[]) } else { (&VERBS, &OF_METHODS) };
    // A star is judged by another rule, and verbs with a colon are parts of newer requests.
    let is_unknown = |verb: &str| !known.contains(&verb) && !verb.contains(['*', ':']);
    let words = words_where(item, List::Verbs, is_unknown);
    let first = words.first()?;
    let is_custom = |group: &str| !resources::is_listed(group) && group != "*";
    let is_custom = !is_url && item.rule.value.api_groups.iter().any(|group| is_custom(group));
    let meant: Vec<_> = words.iter().map(|word| (*word, meant(word, known, methods))).collect();
    let help = match meant.first() {
        Some((_, Some(meant))) => format!("write `{meant}`"),
        _ if is_url => {
            format!("requests on URLs have the HTTP method as verb: {}", METHODS.join(", "))
        }
        _ => "write get, list, watch, create, update, patch, delete or deletecollection".into(),
    };
    let kind = match (is_url, VERBS.contains(&first.text.as_str())) {
        (true, true) => "which requests on URLs do not have",
        _ => "which no request has",
    };
    Some(Idle {
        severity: Severity::Warning,
        confidence: is_custom.then_some(Confidence::Low),
        message: format!("grants {}, {kind}", told(&words)),
        label: "no verb",
        help,
        fix: replace("write the verb that is meant", &meant),
        words,
    })
}

/// Returns the verb that a word clearly stands for.
fn meant(word: &Word, known: &[&str], methods: &[(&str, &'static str)]) -> Option<String> {
    let small = word.text.trim().to_lowercase();
    let of_method = || {
        let of = methods.iter().find(|(method, _)| *method == small);
        of.map(|(_, verb)| *verb)
    };
    let near = || {
        let mut near = known.iter().filter(|it| strsim::damerau_levenshtein(it, &small) == 1);
        near.next().copied().filter(|it| it.len() > 3 && near.next().is_none())
    };
    let same = known.iter().find(|it| **it == small).copied();
    same.or_else(of_method).or_else(near).map(Into::into)
}

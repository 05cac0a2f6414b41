//! Stars that stand for nothing.

use super::grants::Item;
use super::idle::{Idle, IdleRule, told, words_where};
use super::{Facts, Family, Meta};
use crate::finding::Severity;
use crate::rbac::{List, Word};

/// The rule `star-without-effect`.
pub(super) static RULE: IdleRule = IdleRule {
    meta: Meta {
        name: "star-without-effect",
        family: Family::Hygiene,
        summary: "a star that the API server takes as a letter",
        severity: Severity::Warning,
        explanation: include_str!("star_without_effect.md"),
        ..Meta::PLAIN
    },
    judge,
};

fn judge<'a>(_: &Facts<'_>, item: &Item<'a>) -> Option<Idle<'a>> {
    item.rule.words.iter().find(|word| word.text.contains('*'))?;
    let is_idle = |text: &str| text != "*" && text.contains('*');
    let mut words: Vec<&Word> = words_where(item, List::ApiGroups, is_idle);
    words.extend(words_where(item, List::NonResourceUrls, |url| {
        url.trim_end_matches('*').contains('*')
    }));
    if !takes_stars_in_names(item) {
        words.extend(words_where(item, List::ResourceNames, |name| name.contains('*')));
    }
    words.extend(words_where(item, List::Resources, |it| is_idle(it) && !is_subresource(it)));
    words.extend(words_where(item, List::Verbs, is_idle));
    let first = words.first()?;
    Some(Idle {
        severity: Severity::Warning,
        confidence: None,
        message: format!("says {}, which the API server takes letter by letter", told(&words)),
        label: "matches nothing else",
        help: match first.list {
            List::Resources => "write the resources and subresources out; `*/scale` is that \
                                subresource of any resource, and a lone `*` all"
                .into(),
            List::ResourceNames => {
                "write the names out, or leave `resourceNames` out for all".into()
            }
            List::NonResourceUrls => {
                "write the paths out: a star stands for the rest of a path only at its end".into()
            }
            List::ApiGroups | List::Verbs => "write them out, or a lone `*` for all".into(),
        },
        words,
        fix: None,
    })
}

/// Tells whether a resource is a subresource of any resource, or an extra field of users, which are
/// really asked for.
fn is_subresource(resource: &str) -> bool {
    let of_any = resource.strip_prefix("*/").is_some_and(|sub| !sub.contains('*'));
    of_any || resource == "userextras/*"
}

/// Tells whether names with stars are really asked for: those of signers, by impersonation that is
/// constrained, and by servers of their own that ask about what none serves, such as
/// `tier.networkpolicies`: no resource that is served has a dot.
fn takes_stars_in_names(item: &Item<'_>) -> bool {
    let rule = &item.rule.value;
    let is_signer = || {
        let is_domain = |name: &str| !name.contains('*') || name.ends_with("/*");
        rule.resources.contains("signers") && rule.resource_names.iter().all(|it| is_domain(it))
    };
    let is_asked_elsewhere = || rule.resources.iter().all(|it| it.contains('.'));
    is_signer()
        || is_asked_elsewhere()
        || rule.verbs.iter().any(|verb| verb.starts_with("impersonate:"))
}

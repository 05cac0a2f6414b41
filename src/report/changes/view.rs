//! Changes of access as people read them.

use crate::diff::{Grant, What};
use crate::rbac::{PolicyRule, builtin, gathered};
use crate::report::view::clean;

use super::Comparison;

/// What one subject gains or loses in one place, by one way.
pub(super) struct Block {
    /// Who.
    pub(super) who: String,
    /// Whether it is gained.
    pub(super) gained: bool,
    /// Where: `in the whole cluster`.
    pub(super) place: String,
    /// Through which binding and role.
    pub(super) through: String,
    /// What, and what of it is held before and after.
    pub(super) what: Vec<(String, Option<String>)>,
}

impl Block {
    /// Returns `gains` or `loses`.
    pub(super) fn verb(&self) -> &'static str {
        if self.gained { "gains" } else { "loses" }
    }
}

/// Returns what each subject gains and then loses, subject by subject.
pub(super) fn blocks(comparison: &Comparison<'_>) -> Vec<Block> {
    let gained = comparison.access.gained.iter().map(|it| (it, true));
    let lost = comparison.access.lost.iter().map(|it| (it, false));
    let mut all: Vec<(&Grant, bool)> = gained.chain(lost).collect();
    all.sort_by_key(|(it, gained)| {
        (&it.cluster, &it.subject, !gained, &it.namespace, &it.via, &it.what)
    });
    let is_alike = |one: &(&Grant, bool), two: &(&Grant, bool)| {
        let key = |it: &Grant| {
            (it.cluster.clone(), it.subject.clone(), it.namespace.clone(), it.via.clone())
        };
        one.1 == two.1 && key(one.0) == key(two.0)
    };
    all.chunk_by(is_alike).filter_map(block).collect()
}

fn block(grants: &[(&Grant, bool)]) -> Option<Block> {
    let (first, gained) = grants.first()?;
    let cluster = first.cluster.as_ref().map(|it| format!(" of {it}")).unwrap_or_default();
    let place = match &first.namespace {
        Some(namespace) => format!("in namespace {namespace}{cluster}"),
        None => format!("in the whole cluster{cluster}"),
    };
    let through: Vec<String> = first.via.iter().map(|it| it.replacen('/', " ", 1)).collect();
    Some(Block {
        who: clean(&first.subject.to_string()),
        gained: *gained,
        place: clean(&place),
        through: clean(&through.join(", ")),
        what: all_of(grants).map_or_else(|| words_of(grants), |role| vec![(role, None)]),
    })
}

fn words_of(grants: &[(&Grant, bool)]) -> Vec<(String, Option<String>)> {
    let verb = |gained| if gained { "held" } else { "keeps" };
    grants.iter().map(|(grant, gained)| words(grant, verb(*gained))).collect()
}

/// Returns the words for all that a built-in role grants, where that is what these are: many know the
/// role, and nobody reads the whole list.
fn all_of(grants: &[(&Grant, bool)]) -> Option<String> {
    let [_, role] = grants.first()?.0.via.as_slice() else { return None };
    let name = role.strip_prefix("ClusterRole/")?;
    let all = gathered(builtin::cluster_role(name)?.rules.iter().flat_map(PolicyRule::atoms));
    let mut found: Vec<&PolicyRule> = Vec::new();
    for (grant, _) in grants {
        match &grant.what {
            What::Rule(rule) if grant.except.is_empty() => found.push(rule),
            _ => return None,
        }
    }
    found.sort();
    let is_all = found.into_iter().eq(&all);
    is_all.then(|| format!("all that ClusterRole {name} grants, as it is built in"))
}

fn words(grant: &Grant, verb: &str) -> (String, Option<String>) {
    let what = match &grant.what {
        What::Rule(rule) => rule.to_string(),
        What::Role(role) => format!("all that {role} grants, which is not among the inputs"),
    };
    let place = |namespace: &Option<_>| match namespace {
        Some(namespace) if grant.namespace.as_ref() != Some(namespace) => {
            format!(" in {namespace}")
        }
        _ => String::new(),
    };
    let of_whole = |rule| matches!(&grant.what, What::Rule(whole) if whole == rule);
    let kept: Vec<String> = grant
        .except
        .iter()
        .map(|(namespace, rule)| match (of_whole(rule), namespace) {
            (true, Some(namespace)) => format!("all of it in {namespace}"),
            _ => format!("{rule}{}", place(namespace)),
        })
        .collect();
    let kept = (!kept.is_empty()).then(|| clean(&format!("{verb} {}", kept.join("; "))));
    (clean(&what), kept)
}

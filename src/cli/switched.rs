//! Charts rendered once more with a switch off that gates accounts, roles or bindings, to see what
//! stays without the rest.

use std::collections::BTreeSet;

use super::gather::Session;
use super::job::{Item, Planned};
use crate::input::values::ValueSource;
use crate::rbac::{Estate, GROUP, OwnerId, OwnerKind};
use crate::yaml::Data;

/// How many switches of a chart are tried at most: each costs a rendering.
const MOST_SWITCHES: usize = 12;

/// The last words of keys that switch something on.
const ON: [&str; 4] = ["create", "enable", "enabled", "install"];

/// What such switches gate.
const GATED: [&str; 3] = ["rbac", "serviceaccount", "serviceaccounts"];

/// A probe with a switch off.
pub(super) struct Flip {
    /// The probe as it is.
    pub(super) base: OwnerId,
    /// The switch, as `--set` takes it.
    pub(super) switch: String,
    /// The probe to render.
    pub(super) item: Item,
}

/// Plans, for each probed chart with RBAC, the first probe anew with each switch off; `item_of` are the
/// items that owners are of.
pub(super) fn plan<'a>(
    session: &mut Session<'a>,
    estate: &Estate,
    item_of: &dyn Fn(OwnerId) -> Option<&'a Item>,
) -> Vec<Flip> {
    let probes = first_probes(estate).into_iter();
    let bases: Vec<(OwnerId, &Item)> = probes.filter_map(|it| Some((it, item_of(it)?))).collect();
    let items: Vec<&Item> = bases.iter().map(|(_, item)| *item).collect();
    let mut flips = Vec::new();
    session.with_values(&items, &mut |at, values| {
        let (base, item) = bases[at];
        let Item::Release(planned) = item else { return };
        let switches = switches(values).into_iter().take(MOST_SWITCHES);
        flips.extend(switches.map(|path| {
            let switch = format!("{path}=false");
            let mut values = planned.values.clone();
            values.push(ValueSource::Set(switch.clone()));
            Flip { base, switch, item: Item::Release(Planned { values, ..planned.clone() }) }
        }));
    });
    flips
}

/// Returns the first probe of each chart that has roles or bindings.
fn first_probes(estate: &Estate) -> Vec<OwnerId> {
    let with_grants: BTreeSet<OwnerId> = estate
        .objects()
        .iter()
        .filter(|it| it.identity.group == GROUP)
        .map(|it| it.owner)
        .collect();
    let mut groups = BTreeSet::new();
    let mut is_first = |owner: &OwnerId| {
        let owner = estate.owner(*owner);
        owner.kind == OwnerKind::Probe && groups.insert(owner.group)
    };
    with_grants.into_iter().filter(|owner| is_first(owner)).collect()
}

/// Returns the paths of the booleans that are on and gate accounts or RBAC, as their keys tell.
fn switches(values: &Data) -> Vec<String> {
    let mut found = Vec::new();
    gather(values, (&mut Vec::new(), &mut found));
    // What is at the top speaks for most of the chart.
    found.sort_by_key(|path: &String| path.matches('.').count());
    found
}

fn gather<'a>(values: &'a Data, (path, found): (&mut Vec<&'a str>, &mut Vec<String>)) {
    let Data::Map(map) = values else { return };
    for (key, value) in map {
        path.push(key);
        match value {
            Data::Bool(true) if gates(path) && path.iter().all(|key| is_plain(key)) => {
                found.push(path.join("."));
            }
            Data::Map(_) => gather(value, (&mut *path, &mut *found)),
            _ => {}
        }
        path.pop();
    }
}

/// Tells whether `--set` reads a key as it is.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.chars().all(|it| it.is_ascii_alphanumeric() || matches!(it, '-' | '_'))
}

/// Tells whether a path is that of a switch: `rbac.create`, `serviceAccounts.server.create`, `createRbac`
/// or `rbac`.
fn gates(path: &[&str]) -> bool {
    let word = |from_end: usize| {
        let key = path.len().checked_sub(from_end).and_then(|at| path.get(at))?;
        let letters = key.chars().filter(|it| !matches!(it, '-' | '_'));
        Some(letters.collect::<String>().to_lowercase())
    };
    let is_gated = |word: &str| GATED.contains(&word);
    let Some(last) = word(1) else { return false };
    if ON.contains(&last.as_str()) {
        let of_accounts = |it: &String| it.starts_with("serviceaccount") && is_gated(it);
        return word(2).is_some_and(|it| is_gated(&it))
            || word(3).as_ref().is_some_and(of_accounts);
    }
    let rest = |on: &&str| last.strip_prefix(*on).or_else(|| last.strip_suffix(*on));
    is_gated(&last) || ON.iter().filter_map(rest).any(is_gated)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn switches_are_known_by_their_keys() {
        let table = [
            ("rbac.create", true),
            ("sub.rbac.enabled", true),
            ("serviceAccount.create", true),
            ("serviceAccounts.server.create", true),
            ("service-account.install", true),
            ("createRbac", true),
            ("rbac_enabled", true),
            ("operator.createServiceAccount", true),
            ("rbac", true),
            ("create", false),
            ("rbac.psp.enabled", false),
            ("rbac.clusterRole", false),
            ("serviceAccount.automountServiceAccountToken", false),
            ("automountServiceAccountToken", false),
            ("enterpriseRbac.enabled", false),
        ];
        for (path, expected) in table {
            assert_eq!(gates(&path.split('.').collect::<Vec<_>>()), expected, "{path}");
        }
    }

    #[test]
    fn only_what_is_on_can_be_switched_off() {
        let text =
            "rbac: {create: true}\na.b: {rbac: true}\nsub: {serviceAccount: {create: false}}\n";
        let root = crate::yaml::parse_all(text).expect("it is YAML").remove(0);
        let values = crate::document::Document::unplaced(root).root().data();
        assert_eq!(switches(&values), ["rbac.create"]);
    }
}

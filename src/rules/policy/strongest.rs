//! Of the risks of one rule item only the strongest is shown.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::finding::{Finding, OwnerName, Severity};
use crate::rules::{Family, lookup};
use crate::source::Span;

/// What findings about one rule item have in common.
type Place = (Span, Vec<OwnerName>);

/// How strong a finding is: the least is the strongest.
type Rank = (Reverse<Severity>, u8, Reverse<u32>, &'static str);

/// Leaves the strongest of the risks of each rule item in each release, which names the others.
#[must_use]
pub fn strongest(findings: Vec<Finding>) -> Vec<Finding> {
    strongest_by(findings, &|rule| {
        let meta = lookup(rule)?.meta();
        (meta.family == Family::Risk).then(|| tenths(meta.score))
    })
}

/// Does so given the score of each rule about risks, in tenths; none for the other rules.
fn strongest_by(findings: Vec<Finding>, score: &dyn Fn(&str) -> Option<u32>) -> Vec<Finding> {
    let mut first: BTreeMap<Place, usize> = BTreeMap::new();
    let mut left: Vec<(Option<Rank>, Finding)> = Vec::new();
    for finding in findings {
        let rank = score(finding.rule).map(|score| rank(&finding, score));
        let place = rank.map(|_| (finding.extent, finding.owners.clone()));
        let before = place.and_then(|place| {
            let at = *first.entry(place).or_insert(left.len());
            left.get_mut(at)
        });
        match before {
            Some((best, kept)) => {
                let mut other = finding;
                if rank < *best {
                    *best = rank;
                    std::mem::swap(kept, &mut other);
                }
                let also = std::mem::take(&mut other.also);
                kept.also.extend(also.into_iter().chain([other.rule]));
            }
            None => left.push((rank, finding)),
        }
    }
    let named = |(_, mut finding): (_, Finding)| {
        finding.also.sort_unstable();
        finding.also.dedup();
        finding.also.retain(|rule| *rule != finding.rule);
        finding
    };
    left.into_iter().map(named).collect()
}

/// Of what is as bad, what is granted to all verbs, resources or groups goes before what is granted by
/// name.
fn rank(finding: &Finding, score: u32) -> Rank {
    let breadth = match finding.rule {
        "wildcard-everything" => 0,
        rule if rule.starts_with("wildcard-") => 1,
        _ => 2,
    };
    (Reverse(finding.severity), breadth, Reverse(score), finding.rule)
}

/// Returns a score such as `6.5` as a whole number.
fn tenths(score: Option<&str>) -> u32 {
    let (whole, tenth) =
        score.and_then(|it| it.split_once('.')).unwrap_or((score.unwrap_or(""), ""));
    let number = |digits: &str| digits.parse::<u32>().unwrap_or_default();
    number(whole).saturating_mul(10).saturating_add(number(tenth))
}

#[cfg(test)]
mod tests {
    use super::super::tests::finding;
    use super::*;

    fn score(rule: &str) -> Option<u32> {
        match rule {
            "identical" => None,
            "b" => Some(90),
            _ => Some(50),
        }
    }

    /// Returns what is left, with what is named beside it.
    fn left(rules: &[(&'static str, Severity)]) -> Vec<String> {
        let found = rules.iter().map(|(rule, severity)| finding(rule, *severity, 0)).collect();
        let words = |it: Finding| format!("{} {}", it.rule, it.also.join(" "));
        strongest_by(found, &score).into_iter().map(|it| words(it).trim_end().into()).collect()
    }

    #[test]
    fn the_strongest_of_one_item_is_left_and_names_the_others() {
        use Severity::{Error, Info, Warning};
        type Case<'a> = (&'a [(&'static str, Severity)], &'a [&'a str]);
        let table: [Case<'_>; 7] = [
            (&[("a", Warning), ("c", Warning)], &["a c"]),
            (&[("a", Warning), ("b", Warning)], &["b a"]),
            (&[("b", Warning), ("c", Error)], &["c b"]),
            (&[("b", Warning), ("wildcard-verb", Warning)], &["wildcard-verb b"]),
            (&[("b", Error), ("wildcard-verb", Warning)], &["b wildcard-verb"]),
            (
                &[("wildcard-verb", Error), ("a", Info), ("wildcard-everything", Error)],
                &["wildcard-everything a wildcard-verb"],
            ),
            (&[("a", Info), ("identical", Error), ("a", Info)], &["a", "identical"]),
        ];
        for (rules, expected) in table {
            assert_eq!(left(rules), expected, "{rules:?}");
            let turned: Vec<_> = rules.iter().copied().rev().collect();
            let (mut found, mut expected) = (left(&turned), expected.to_vec());
            found.sort();
            expected.sort_unstable();
            assert_eq!(found, expected, "whatever their order: {turned:?}");
        }
    }

    #[test]
    fn other_items_and_other_releases_stay_apart() {
        let of = |owner: &str| OwnerName { name: owner.into(), namespace: None };
        let found = |rule, start, owner| Finding {
            owners: vec![of(owner)],
            ..finding(rule, Severity::Info, start)
        };
        let all = vec![found("a", 0, "x"), found("c", 0, "y"), found("c", 1, "x")];
        assert_eq!(strongest_by(all, &score).len(), 3);
    }

    #[test]
    fn scores_are_compared_as_numbers() {
        assert_eq!([Some("10.0"), Some("6.5"), Some("7"), None].map(tenths), [100, 65, 70, 0]);
    }
}

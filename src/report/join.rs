//! One template line in many namespaces is one finding.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Finding, OwnerName, listed};
use crate::source::{SourceMap, Span};

/// What stands in a message before the other releases of which it is true.
pub(super) const SAME: &str = "; the same in ";

/// What findings that become one have in common.
type Key = (&'static str, Span, Vec<Span>, String, String);

/// Joins the findings that one template line gives in several releases into the first of them.
///
/// Findings about the same release stay apart: a line in a loop makes several objects there.
#[must_use]
pub fn joined(sources: &SourceMap, findings: Vec<Finding>) -> Vec<Finding> {
    let mut places: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    let mut joined: Vec<Joined> = Vec::new();
    for finding in findings {
        let known = places.entry(key(sources, &finding)).or_default();
        let apart = |at: &usize| {
            let is_new = |first: &Joined, owner| !first.owners.contains(owner);
            joined.get(*at).is_some_and(|first| {
                first.finding.severity == finding.severity
                    && finding.owners.iter().all(|owner| is_new(first, owner))
            })
        };
        match known.iter().copied().find(apart).and_then(|at| joined.get_mut(at)) {
            Some(first) => first.add(finding),
            None => {
                known.push(joined.len());
                let owners = finding.owners.iter().cloned().collect();
                joined.push(Joined { finding, owners, more: Vec::new() });
            }
        }
    }
    joined.into_iter().map(|Joined { finding, more, .. }| told(finding, &more)).collect()
}

/// A finding that others were joined into.
struct Joined {
    finding: Finding,
    owners: BTreeSet<OwnerName>,
    /// The owners of the others.
    more: Vec<OwnerName>,
}

impl Joined {
    fn add(&mut self, other: Finding) {
        self.owners.extend(other.owners.iter().cloned());
        self.more.extend(other.owners.iter().cloned());
        self.finding.owners.extend(other.owners);
        self.finding.related.push(other.primary);
        self.finding.related.extend(other.related);
    }
}

fn key(sources: &SourceMap, finding: &Finding) -> Key {
    let origin = sources.trace(finding.primary.span);
    let (group, kind) = (finding.object.api_group.clone(), finding.object.kind.clone());
    (finding.rule, origin.template, origin.via, group, kind)
}

/// Says in which other releases the same was found.
fn told(mut finding: Finding, more: &[OwnerName]) -> Finding {
    if !more.is_empty() {
        finding.message = format!("{}{SAME}{}", finding.message, listed(more));
    }
    finding
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Label, ObjectName, Severity};

    #[test]
    fn findings_of_one_line_join_across_releases_only() {
        let mut sources = SourceMap::new();
        let file = sources.add("a.yaml", "name: a\nname: b\n");
        let finding = |start: usize, name: &str, owner: &str| {
            let span = Span::new(file, start, start + 1);
            let object = ObjectName {
                api_group: String::new(),
                kind: "ServiceAccount".into(),
                namespace: None,
                name: name.into(),
            };
            let primary = Label { span, text: String::new(), owner: None };
            Finding {
                owners: vec![OwnerName { name: "r".into(), namespace: Some(owner.into()) }],
                ..Finding::new(("duplicate-object", Severity::Error), name, primary, object)
            }
        };
        let found = vec![
            finding(6, "a", "x"),
            finding(6, "a", "y"),
            finding(6, "loop", "x"),
            finding(14, "b", "y"),
        ];
        let messages: Vec<String> =
            joined(&sources, found).into_iter().map(|finding| finding.message).collect();
        assert_eq!(messages, ["a; the same in y/r", "loop", "b"]);
    }
}

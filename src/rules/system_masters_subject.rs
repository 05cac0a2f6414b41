//! The group that may do everything.

use super::bindings::{finding, risky};
use super::grants::{Item, Which};
use super::{Facts, Family, Meta, Peer, Rule};
use crate::finding::{Finding, Severity};
use crate::rbac::access::Request;
use crate::rbac::{Binding, List};

/// The rule `system-masters-subject`.
pub(super) struct SystemMastersSubject;

static META: Meta = Meta {
    name: "system-masters-subject",
    family: Family::Risk,
    summary: "the group system:masters as a subject, or to be acted as",
    severity: Severity::Error,
    score: Some("8.6"),
    peers: &[(Peer::Kubescape, "C-0246")],
    explanation: include_str!("system_masters_subject.md"),
    ..Meta::PLAIN
};

/// The group that the server asks nobody about.
const MASTERS: &str = "system:masters";

impl Rule for SystemMastersSubject {
    fn meta(&self) -> &Meta {
        &META
    }

    fn check(&self, facts: &Facts<'_>) -> Vec<Finding> {
        let mut found: Vec<Finding> =
            facts.items.iter().filter_map(|item| acted_as(facts, item)).collect();
        for (id, object) in facts.judged() {
            let subjects = object.binding().map(Binding::by_canonical).unwrap_or_default();
            for (subject, bound) in subjects {
                if subject.kind == "Group" && subject.name == MASTERS {
                    let message = format!(
                        "{} binds Group {MASTERS}, which may do everything anyway, and cannot lose it",
                        object.identity
                    );
                    let help = "remove the subject, and let nobody be in that group";
                    let place = bound.name.unwrap_or(bound.span);
                    let risky = risky(Severity::Warning, (message, "no effect", help), place);
                    found.push(finding(facts, id, (&META, risky), bound.span));
                }
            }
        }
        found
    }
}

/// Judges an item that lets whoever is bound act as the group by its name.
fn acted_as(facts: &Facts<'_>, item: &Item<'_>) -> Option<Finding> {
    let place = item.rule.place_of(List::ResourceNames, MASTERS)?;
    let ask = Request::new("impersonate", "", "groups").named(MASTERS);
    if !item.everywhere || !item.rule.value.allows(&ask) {
        return None;
    }
    let message = format!(
        "{} can act as Group {MASTERS} {}: that may do everything, whatever roles say",
        item.object.identity,
        item.extent(facts)
    );
    let help = "act as a group that a binding gives what is needed";
    let severity = item.severity(Severity::Error, Which::All);
    Some(item.finding(facts, &META, risky(severity, (message, MASTERS, help), place)))
}

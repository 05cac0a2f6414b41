//! What differs, for programs, version 1: keys may be added, never renamed or removed.

use serde::Serialize;
use smol_str::SmolStr;

use super::Comparison;
use crate::diff::{Change, Grant, What};
use crate::rbac::{PolicyRule, RoleRef, Subject};

#[derive(Serialize)]
struct Root<'a> {
    version: u32,
    access: Access<'a>,
    objects: Vec<Object<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Access<'a> {
    gained: Vec<Entry<'a>>,
    lost: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    subject: &'a Subject,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a str>,
    namespace: Option<&'a str>,
    #[serde(flatten)]
    rule: PolicyRule,
    via: &'a [String],
    /// What of it is held before and after.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    except: Vec<Except<'a>>,
    /// The role that is not among the inputs, in place of what it grants.
    #[serde(rename = "unknownRole", skip_serializing_if = "Option::is_none")]
    role: Option<&'a RoleRef>,
}

#[derive(Serialize)]
struct Except<'a> {
    namespace: Option<&'a str>,
    #[serde(flatten)]
    rule: PolicyRule,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a> {
    api_group: &'a str,
    kind: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<&'a str>,
    namespace: Option<&'a str>,
    name: &'a str,
    change: &'a str,
    /// What changes, in words.
    words: Option<String>,
}

/// Returns what differs as JSON.
///
/// # Panics
/// Never: there is nothing in it that JSON cannot say.
#[must_use]
pub fn json(comparison: &Comparison<'_>) -> String {
    let root = Root {
        version: 1,
        access: Access {
            gained: comparison.access.gained.iter().map(entry).collect(),
            lost: comparison.access.lost.iter().map(entry).collect(),
        },
        objects: comparison.changes.iter().map(object).collect(),
        notes: comparison.notes,
    };
    serde_json::to_string_pretty(&root).expect("all of it can be written") + "\n"
}

fn entry(grant: &Grant) -> Entry<'_> {
    let (rule, role) = match &grant.what {
        What::Rule(rule) => (rule.clone(), None),
        What::Role(role) => (PolicyRule::default(), Some(role)),
    };
    Entry {
        subject: &grant.subject,
        cluster: grant.cluster.as_deref(),
        namespace: grant.namespace.as_deref(),
        rule,
        via: &grant.via,
        except: grant.except.iter().map(except).collect(),
        role,
    }
}

fn except((namespace, rule): &(Option<SmolStr>, PolicyRule)) -> Except<'_> {
    Except { namespace: namespace.as_deref(), rule: rule.clone() }
}

fn object(change: &Change) -> Object<'_> {
    let identity = &change.identity;
    Object {
        api_group: &identity.group,
        kind: &identity.kind,
        cluster: identity.cluster.as_deref(),
        namespace: identity.namespace.as_deref(),
        name: &identity.name,
        change: change.fate(),
        words: change.in_words(),
    }
}

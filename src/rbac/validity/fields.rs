//! Fields that there are not.

use super::FlawKind;
use super::judge::{Judge, Path};
use crate::document::View;
use crate::finding::{Edit, Fix, Written};

/// What a field holds.
#[derive(Debug, Clone, Copy)]
enum Holds {
    /// Anything: what is in it is judged elsewhere, or never.
    Any,
    /// A list of texts.
    Texts,
    /// A map of these fields.
    Map(&'static [Field]),
    /// A list of maps of these fields.
    Maps(&'static [Field]),
}

/// A field of the API.
type Field = (&'static str, Holds);

const METADATA: &[Field] = &[
    ("annotations", Holds::Any),
    // Servers took it until 1.24.
    ("clusterName", Holds::Any),
    ("creationTimestamp", Holds::Any),
    ("deletionGracePeriodSeconds", Holds::Any),
    ("deletionTimestamp", Holds::Any),
    ("finalizers", Holds::Texts),
    ("generateName", Holds::Any),
    ("generation", Holds::Any),
    ("labels", Holds::Any),
    ("managedFields", Holds::Any),
    ("name", Holds::Any),
    ("namespace", Holds::Any),
    ("ownerReferences", Holds::Any),
    ("resourceVersion", Holds::Any),
    ("selfLink", Holds::Any),
    ("uid", Holds::Any),
];
const RULE: &[Field] = &[
    ("apiGroups", Holds::Texts),
    ("nonResourceURLs", Holds::Texts),
    ("resourceNames", Holds::Texts),
    ("resources", Holds::Texts),
    ("verbs", Holds::Texts),
];
const EXPRESSION: &[Field] =
    &[("key", Holds::Any), ("operator", Holds::Any), ("values", Holds::Texts)];
const SELECTOR: &[Field] =
    &[("matchExpressions", Holds::Maps(EXPRESSION)), ("matchLabels", Holds::Any)];
const AGGREGATION: &[Field] = &[("clusterRoleSelectors", Holds::Maps(SELECTOR))];
const ROLE_REF: &[Field] = &[("apiGroup", Holds::Any), ("kind", Holds::Any), ("name", Holds::Any)];
const SUBJECT: &[Field] = &[
    ("apiGroup", Holds::Any),
    ("kind", Holds::Any),
    ("name", Holds::Any),
    ("namespace", Holds::Any),
];
const COMMON: [Field; 3] =
    [("apiVersion", Holds::Any), ("kind", Holds::Any), ("metadata", Holds::Map(METADATA))];
const ROLE: &[Field] = &[COMMON[0], COMMON[1], COMMON[2], ("rules", Holds::Maps(RULE))];
const CLUSTER_ROLE: &[Field] = &[
    COMMON[0],
    COMMON[1],
    COMMON[2],
    ("aggregationRule", Holds::Map(AGGREGATION)),
    ("rules", Holds::Maps(RULE)),
];
const BINDING: &[Field] = &[
    COMMON[0],
    COMMON[1],
    COMMON[2],
    ("roleRef", Holds::Map(ROLE_REF)),
    ("subjects", Holds::Maps(SUBJECT)),
];

/// Notes the fields of a role or binding that there are not.
pub(super) fn of_object(judge: &mut Judge, root: View<'_>, kind: &str) {
    let fields = match kind {
        "Role" => ROLE,
        "ClusterRole" => CLUSTER_ROLE,
        _ => BINDING,
    };
    of_map(judge, root, Path::Root, fields);
}

fn of_map(judge: &mut Judge, map: View<'_>, path: Path<'_>, fields: &[Field]) {
    for (key, value) in map.entries() {
        let Some(name) = key.written() else { continue };
        match fields.iter().find(|(known, _)| *known == name) {
            None if key.is_merge() => {}
            None => unknown(judge, (map, key, value), path.field(name), fields),
            Some((_, Holds::Any | Holds::Texts)) => {}
            Some((_, Holds::Map(inner))) => of_map(judge, value, path.field(name), inner),
            Some((_, Holds::Maps(inner))) => {
                for (at, item) in value.items().enumerate() {
                    of_map(judge, item, path.field(name).item(at), inner);
                }
            }
        }
    }
}

fn unknown(
    judge: &mut Judge,
    (map, key, value): (View<'_>, View<'_>, View<'_>),
    path: Path<'_>,
    fields: &[Field],
) {
    let name = key.written().unwrap_or_default();
    let is_free = |known: &str| map.get(known).is_none();
    let meant = fields.iter().find(|(known, _)| is_free(known) && is_slip_of(name, known));
    // What a scalar stands under cannot become a list.
    let suits = |holds: Holds| match holds {
        Holds::Any => !value.is_list() && !value.is_map(),
        Holds::Map(_) => value.is_map(),
        Holds::Texts | Holds::Maps(_) => value.is_list(),
    };
    let fix = meant.filter(|(_, holds)| suits(*holds)).map(|(known, _)| Fix {
        title: format!("write `{known}`"),
        edits: vec![Edit::Replace { span: key.span(), with: Written::Text((*known).into()) }],
    });
    let reason = match meant {
        Some((known, _)) => format!("unknown field {:?}; `{known}` may be meant", path.to_string()),
        None => format!("unknown field {:?}", path.to_string()),
    };
    judge.extent = if path_is_item(path) { map.span() } else { key.span() };
    let flaw = judge.refuse(FlawKind::UnknownField, path, (key.span(), reason));
    flaw.refused = false;
    flaw.fix = fix;
}

/// Tells whether a field is one of an item of a list.
fn path_is_item(path: Path<'_>) -> bool {
    matches!(path, Path::Field(Path::Item(..), _))
}

/// Tells whether a name is another one but for a letter too much, too few or wrong, or for case.
fn is_slip_of(name: &str, known: &str) -> bool {
    let (name, known) = (name.to_ascii_lowercase(), known.to_ascii_lowercase());
    let (short, long) = match name.len() <= known.len() {
        true => (name.as_bytes(), known.as_bytes()),
        false => (known.as_bytes(), name.as_bytes()),
    };
    let same = short.iter().zip(long).take_while(|(one, other)| one == other).count();
    match long.len() - short.len() {
        0 => short.get(same + 1..).unwrap_or_default() == long.get(same + 1..).unwrap_or_default(),
        1 => short[same..] == long[same + 1..],
        _ => false,
    }
}

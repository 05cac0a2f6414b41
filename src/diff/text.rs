//! The text of an object, before and after.

use similar::TextDiff;

use super::{Change, Side};
use crate::emit;
use crate::yaml::Data;

/// Stands for a secret's value.
const MASK: &str = "(hidden)";

/// Stands for a secret's value that is not the one on the other side.
const CHANGED_MASK: &str = "(hidden, changed)";

/// Returns the unified diff of an object's YAML, its sides titled; empty where nothing differs.
///
/// Values of Secrets are hidden, and that they differ is shown.
#[must_use]
pub fn unified(change: &Change, titles: (&str, &str)) -> String {
    let yaml = |side: Option<&Side>, other: Option<&Side>, mask: &str| {
        side.map(|side| emit::object(&masked(&side.data, other.map(|it| &it.data), mask)))
            .unwrap_or_default()
    };
    let before = yaml(change.before.as_ref(), change.after.as_ref(), MASK);
    let after = yaml(change.after.as_ref(), change.before.as_ref(), CHANGED_MASK);
    let title = |side: &Option<Side>, title: &str| match side {
        Some(side) => format!("{} ({title})", side.identity),
        None => "/dev/null".into(),
    };
    TextDiff::from_lines(&before, &after)
        .unified_diff()
        .context_radius(3)
        .header(&title(&change.before, titles.0), &title(&change.after, titles.1))
        .to_string()
}

/// Returns an object whose secret values are hidden, those that differ from the other side by
/// `mask`.
fn masked(data: &Data, other: Option<&Data>, mask: &str) -> Data {
    let Data::Map(root) = data else { return data.clone() };
    if root.get("kind") != Some(&Data::Str("Secret".into())) {
        return data.clone();
    }
    let mut root = root.clone();
    for part in ["data", "stringData"] {
        let Some(Data::Map(entries)) = root.get_mut(part) else { continue };
        let theirs = |key: &str| match other {
            Some(Data::Map(other)) => match other.get(part) {
                Some(Data::Map(entries)) => entries.get(key).cloned(),
                _ => None,
            },
            _ => None,
        };
        for (key, value) in entries.iter_mut() {
            let same = theirs(key).is_none_or(|their| their == *value);
            *value = Data::Str(if same { MASK } else { mask }.into());
        }
    }
    Data::Map(root)
}

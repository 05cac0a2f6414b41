//! What is found about the user's files: a finding always has a primary place.

use crate::source::Span;

/// How harmful a finding is.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Likely wrong.
    Warning,
    /// Something breaks or access is lost.
    Error,
}

impl Severity {
    /// Returns the word that machine formats and `--fail-on` use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place and what it contributes to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place, in a rendered text or a text that was read.
    pub span: Span,
    /// What stands there, in a few words.
    pub text: String,
    /// The release in which that is so; none where the place says it all, as in a manifest file.
    pub owner: Option<OwnerName>,
}

impl std::fmt::Display for Label {
    /// Writes the text and the release.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.owner {
            Some(owner) => write!(f, "{} in {owner}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

/// The object that a finding is about, as the machine formats name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectName {
    /// The API group; empty for the core group.
    pub api_group: String,
    /// The kind.
    pub kind: String,
    /// The namespace; none for cluster-scoped objects.
    pub namespace: Option<String>,
    /// The name.
    pub name: String,
}

/// The release, or the manifest file, that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub struct OwnerName {
    /// The release's name; for a manifest file its path.
    pub name: String,
    /// The release's namespace; none for a manifest file.
    pub namespace: Option<String>,
}

impl std::fmt::Display for OwnerName {
    /// Writes `namespace/name`, or the path of a manifest file.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.namespace {
            Some(namespace) => write!(f, "{namespace}/{}", self.name),
            None => f.write_str(&self.name),
        }
    }
}

/// One thing that a rule found.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule's name.
    pub rule: &'static str,
    /// How harmful it is.
    pub severity: Severity,
    /// What is wrong, naming the object, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where the offending value stands.
    pub primary: Label,
    /// The other places that belong to it.
    pub related: Vec<Label>,
    /// The object that it is about.
    pub object: ObjectName,
    /// The releases, or manifest files, that it is about; the first is the one of the primary place.
    pub owners: Vec<OwnerName>,
    /// What each deployer makes of it: its name, and what happens in one line.
    pub deployers: Vec<(&'static str, String)>,
}

/// Returns `a`, `a and b`, or `a, b and c`; of more than six the rest as a number.
pub fn listed<T: std::fmt::Display>(items: &[T]) -> String {
    const SHOWN: usize = 6;
    let words: Vec<String> = items.iter().map(T::to_string).collect();
    match words.as_slice() {
        [] => "nobody".into(),
        [only] => only.clone(),
        [first @ .., last] if words.len() <= SHOWN => format!("{} and {last}", first.join(", ")),
        _ => {
            let shown = words.get(..SHOWN - 1).unwrap_or_default();
            format!("{} and {} more", shown.join(", "), words.len() - shown.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_english() {
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
    }
}

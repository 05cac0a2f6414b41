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

/// How sure a rule is that what it finds is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A matter of taste; it is only shown where its rule is selected by name.
    Low,
    /// It depends on objects or an intent that the inputs do not show.
    Medium,
    /// It follows from the inputs alone.
    High,
}

impl Confidence {
    /// Returns the word that machine formats use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What `--fix` can do about a finding: a plan, carried out elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a command: `write the API version v1`.
    pub title: String,
    /// The changes that belong together.
    pub edits: Vec<Edit>,
}

/// A change of what was written, named by its place in a rendered text or a text that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Writes another value, or another name of a key, in the place of one.
    Replace {
        /// Where the value, or the key, stands.
        span: Span,
        /// What stands there after it.
        with: Written,
    },
    /// Adds a key to the map that has a value at this place.
    Add {
        /// Where one of the values of the map stands.
        beside: Span,
        /// The key.
        key: &'static str,
        /// Its value.
        value: Written,
    },
    /// Adds items to a list.
    AddItems {
        /// Where the item stands that they follow.
        behind: Span,
        /// The items.
        items: Vec<String>,
    },
    /// Removes an item from a list, or a key from a map.
    Remove {
        /// Where the item, or the key's value, stands.
        span: Span,
    },
    /// Removes an item from a list that says what another item says.
    RemoveCopy {
        /// Where the item stands.
        span: Span,
        /// Where the other item stands.
        of: Span,
    },
    /// Writes more behind a text: a `-`, and what follows it.
    Append {
        /// Where the text stands.
        span: Span,
        /// What follows the `-`.
        with: Written,
    },
}

/// What a change writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// A text, as YAML writes it.
    Text(String),
    /// A list of one text.
    List(String),
    /// The namespace of the release: in a template the action that gives it, in a manifest the text.
    ReleaseNamespace(String),
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
    /// How sure it is.
    pub confidence: Confidence,
    /// The rule item, subject or field that it is about: a comment on any of its lines, or on the
    /// line above, silences it. Of the risks of one rule item only the strongest is shown.
    pub extent: Span,
    /// The other rules that speak of the same rule item, and are not shown beside this one.
    pub also: Vec<&'static str>,
    /// What `--fix` can do about it.
    pub fix: Option<Fix>,
}

impl Finding {
    /// Builds a finding about an object at a place, with nothing beside it.
    #[must_use]
    pub fn new(
        (rule, severity): (&'static str, Severity),
        message: impl Into<String>,
        primary: Label,
        object: ObjectName,
    ) -> Self {
        Self {
            rule,
            severity,
            message: message.into(),
            help: None,
            extent: primary.span,
            primary,
            related: Vec::new(),
            object,
            owners: Vec::new(),
            deployers: Vec::new(),
            confidence: Confidence::High,
            also: Vec::new(),
            fix: None,
        }
    }
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

//! What happens to the contenders for one identity.

/// What happens when the contenders are applied one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A binding to one role; each contender brings other subjects.
    LostSubjects,
    /// A binding to different roles.
    RoleRefConflict,
    /// A role with different rules.
    RulesOverwritten,
    /// Any other object that differs, or a role or binding of which only the metadata does.
    ContentOverwritten,
    /// One identity twice inside one owner.
    DuplicateObject,
    /// Nothing differs.
    Identical,
}

impl Outcome {
    /// Returns the word of the machine formats, which is also the rule's name.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::LostSubjects => "lost-subjects",
            Self::RoleRefConflict => "role-ref-conflict",
            Self::RulesOverwritten => "rules-overwritten",
            Self::ContentOverwritten => "content-overwritten",
            Self::DuplicateObject => "duplicate-object",
            Self::Identical => "identical",
        }
    }
}

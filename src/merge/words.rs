//! What a step does, in words.

use super::{Action, Step};

/// How many names are told.
const SHOWN: usize = 6;

impl Step {
    /// Says in one line what becomes of an object that is renamed or split; none for one that keeps
    /// its name, of which the diff tells more.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let becomes = match &self.action {
            Action::Rename(objects) => {
                let names: Vec<&str> = objects.iter().map(|it| it.name.as_str()).collect();
                format!("becomes {}", told(&names))
            }
            Action::Split(shares) => {
                let places: Vec<&str> = shares.iter().map(|it| it.namespace.as_str()).collect();
                let keeps = shares.iter().flat_map(|share| {
                    share.subjects.iter().map(move |it| format!("{it} in {}", share.namespace))
                });
                let keeps: Vec<String> = keeps.collect();
                format!(
                    "becomes RoleBinding {} in {}; its subjects keep access in their own namespaces \
                     only ({}), elsewhere it is gone by intent",
                    self.identity.name,
                    told(&places),
                    told(&keeps)
                )
            }
            _ => return None,
        };
        Some(format!("{}: {becomes}", self.identity))
    }
}

fn told(names: &[impl AsRef<str>]) -> String {
    let shown: Vec<&str> = names.iter().take(SHOWN).map(AsRef::as_ref).collect();
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", shown.join(", "))
}

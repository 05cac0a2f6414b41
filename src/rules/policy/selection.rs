//! Which rules the command line selects.

use crate::input::nearest;
use crate::rules::{Family, Meta, RULES, lookup};

/// The families by the words that select them.
const FAMILIES: [(&str, Family); 5] = [
    ("collision", Family::Collision),
    ("hygiene", Family::Hygiene),
    ("risk", Family::Risk),
    ("template", Family::Template),
    ("validity", Family::Validity),
];

/// Some of the rules; the more precise one of two goes before the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Selector {
    /// All rules.
    All,
    /// Those about one thing.
    Family(Family),
    /// Those whose names begin so.
    Prefix(String),
    /// One.
    Rule(&'static str),
}

impl Selector {
    /// Reads `all`, a family, the beginning of names with a `*`, or a rule's name.
    ///
    /// # Errors
    /// For what selects nothing, with what may have been meant.
    pub fn read(word: &str) -> Result<Self, String> {
        if let Some((_, family)) = FAMILIES.iter().find(|(name, _)| *name == word) {
            return Ok(Self::Family(*family));
        }
        if let Some(prefix) = word.strip_suffix('*') {
            let begins = RULES.iter().any(|rule| rule.meta().name.starts_with(prefix));
            return match prefix {
                "" => Ok(Self::All),
                _ if begins => Ok(Self::Prefix(prefix.into())),
                _ => Err(format!("no rule's name begins with `{prefix}`; {LISTED}")),
            };
        }
        match lookup(word) {
            Some(rule) => Ok(Self::Rule(rule.meta().name)),
            None if word == "all" => Ok(Self::All),
            None => Err(suggestion(word, &["all"])),
        }
    }

    fn takes(&self, meta: &Meta) -> bool {
        match self {
            Self::All => true,
            Self::Family(family) => *family == meta.family,
            Self::Prefix(prefix) => meta.name.starts_with(prefix),
            Self::Rule(name) => *name == meta.name,
        }
    }

    /// How precise it is: the longer beginning of a name is the more precise one.
    fn precision(&self) -> (u8, usize) {
        match self {
            Self::All => (0, 0),
            Self::Family(_) => (1, 0),
            Self::Prefix(prefix) => (2, prefix.len()),
            Self::Rule(_) => (3, 0),
        }
    }
}

const LISTED: &str = "`rolecall explain` lists all rules";

/// Returns what may have been meant by what is no rule's name, nor one of some other words.
#[must_use]
pub fn suggestion(word: &str, others: &[&str]) -> String {
    let families = FAMILIES.iter().map(|(name, _)| *name).filter(|_| !others.is_empty());
    let rules = RULES.iter().map(|rule| rule.meta().name);
    let known: Vec<&str> = rules.chain(families).chain(others.iter().copied()).collect();
    match nearest(word, &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => LISTED.into(),
    }
}

/// The rules that the command line selects in place of the default ones, and those that it leaves out.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// What is selected; nothing for the default ones.
    pub select: Vec<Selector>,
    /// What is left out.
    pub ignore: Vec<Selector>,
}

impl Selection {
    /// Tells whether a rule is selected or left out; none where nothing is said of it.
    pub(super) fn takes(&self, meta: &Meta) -> Option<bool> {
        let best = |selectors: &[Selector]| {
            let takes = selectors.iter().filter(|it| it.takes(meta));
            takes.map(Selector::precision).max()
        };
        match (best(&self.select), best(&self.ignore)) {
            (selected, Some(ignored)) if selected.is_none_or(|it| it <= ignored) => Some(false),
            (Some(_), _) => Some(true),
            (None, _) if self.select.is_empty() => None,
            (None, _) => Some(false),
        }
    }

    /// Tells whether a rule is selected by its own name.
    pub(super) fn names(&self, rule: &str) -> bool {
        self.select.iter().any(|it| matches!(it, Selector::Rule(name) if *name == rule))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selectors_are_read_and_mistakes_get_a_suggestion() {
        let table = [
            ("all", Ok(Selector::All)),
            ("*", Ok(Selector::All)),
            ("risk", Ok(Selector::Family(Family::Risk))),
            ("template", Ok(Selector::Family(Family::Template))),
            ("secrets-*", Ok(Selector::Prefix("secrets-".into()))),
            ("identical", Ok(Selector::Rule("identical"))),
            ("identicla", Err("did you mean `identical`?")),
            ("rsik", Err("did you mean `risk`?")),
            (
                "nothing-*",
                Err("no rule's name begins with `nothing-`; `rolecall explain` lists all rules"),
            ),
            ("nothing-like-it", Err("`rolecall explain` lists all rules")),
            ("", Err("`rolecall explain` lists all rules")),
        ];
        for (word, expected) in table {
            assert_eq!(Selector::read(word), expected.map_err(String::from), "{word}");
        }
    }

    #[test]
    fn each_family_has_its_word() {
        for rule in RULES {
            let family = rule.meta().family;
            assert!(FAMILIES.iter().any(|(_, known)| *known == family), "{family:?}");
        }
    }
}

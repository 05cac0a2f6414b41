//! What to switch off, for people.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Style;
use super::diff::{BOLD, painted};
use super::picture::wrapped;
use crate::finding::{OwnerName, listed};
use crate::merge::switch::{Switch, Trial};
use crate::rbac::Identity;
use crate::yaml::{self, Data};

/// After how many columns advice goes on in the next line.
const WIDTH: usize = 96;

/// An object as advice names it: those of the releases' own namespaces are told as one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    kind: SmolStr,
    name: SmolStr,
    /// The namespace; none for cluster-scoped objects.
    namespace: Option<SmolStr>,
    /// Whether the namespace is the release's.
    is_own: bool,
}

impl Place {
    /// Names an object; `own` is the namespace of its release.
    #[must_use]
    pub fn of(identity: &Identity, own: Option<&SmolStr>) -> Self {
        let is_own = own.is_some() && identity.namespace.as_ref() == own;
        Self {
            kind: identity.kind.clone(),
            name: identity.name.clone(),
            namespace: identity.namespace.clone().filter(|_| !is_own),
            is_own,
        }
    }

    /// Tells whether the name says where it is.
    fn is_plain(&self) -> bool {
        self.namespace.is_none() && !self.is_own
    }
}

impl std::fmt::Display for Place {
    /// Writes `ClusterRole flux`, `Role flux in namespace ops`, or `Role flux in each release`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.kind, self.name)?;
        match (&self.namespace, self.is_own) {
            (Some(namespace), _) => write!(f, " in namespace {namespace}"),
            (None, true) => f.write_str(" in each release"),
            (None, false) => Ok(()),
        }
    }
}

/// A value that makes releases stop shipping objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Off {
    /// Key and value as flags of `helm` take them.
    flags: String,
    /// Key and value as a values file has them.
    entry: String,
    removes: BTreeSet<Place>,
    drops: BTreeSet<Place>,
    changes: BTreeSet<Place>,
    /// The releases for which it is so; none: for all that ship something.
    pub releases: Vec<OwnerName>,
}

impl Off {
    /// Names what a switch does; `own` is the namespace of the release.
    #[must_use]
    pub fn of(switch: &Switch, own: &SmolStr) -> Self {
        let places = |them: &[Identity]| them.iter().map(|it| Place::of(it, Some(own))).collect();
        Self {
            flags: flag(&switch.path, &switch.value),
            entry: entry(&switch.path, &switch.value),
            removes: places(&switch.removes),
            drops: places(&switch.drops),
            changes: places(&switch.changes),
            releases: Vec::new(),
        }
    }

    /// Adds what the same value does in another release.
    pub fn add(&mut self, other: Self, release: &OwnerName) {
        self.removes.extend(other.removes);
        self.drops.extend(other.drops);
        self.changes.extend(other.changes);
        if !self.releases.contains(release) {
            self.releases.push(release.clone());
        }
    }

    /// Returns key and value as flags of `helm` take them.
    #[must_use]
    pub fn flags(&self) -> &str {
        &self.flags
    }

    /// Returns what it removes and what goes or changes with that.
    fn outcome(&self) -> String {
        let mut text = all(&self.removes);
        if !self.drops.is_empty() {
            text.push_str(&format!("; also drops {}", all(&self.drops)));
        }
        if !self.changes.is_empty() {
            text.push_str(&format!("; changes {}", words(&self.changes)));
        }
        text
    }
}

/// Returns values as they are typed in a shell.
#[must_use]
pub fn flags(trials: &[Trial]) -> String {
    let flags: Vec<String> = trials.iter().map(|it| flag(&it.path, &it.value)).collect();
    flags.join(" ")
}

/// Returns key and value as they are typed in a shell, so that the value keeps its type.
fn flag(path: &[SmolStr], value: &Data) -> String {
    let is_plain =
        |text: &str| text.chars().all(|it| it.is_ascii_alphanumeric() || "-./:".contains(it));
    let is_word = |text: &str| {
        text.is_empty()
            || is_plain(text)
                && text.starts_with(|it: char| it.is_ascii_alphabetic())
                && !["true", "false", "null"].contains(&text)
    };
    let (flag, value) = match value {
        Data::Str(text) if is_word(text) => ("--set", text.to_string()),
        Data::Str(text) if is_plain(text) => ("--set-string", text.to_string()),
        Data::Null | Data::Bool(_) | Data::Int(_) => ("--set", yaml::json_write(value)),
        _ => ("--set-json", yaml::json_write(value)),
    };
    let setting = format!("{}={value}", key(path));
    let is_bare = |it: char| it.is_ascii_alphanumeric() || "-._/:=".contains(it);
    match setting.chars().all(is_bare) {
        true => format!("{flag} {setting}"),
        false => format!("{flag} '{}'", setting.replace('\'', r"'\''")),
    }
}

/// Returns key and value as a values file has them: `rbac: {create: false}`.
fn entry(path: &[SmolStr], value: &Data) -> String {
    const WORDS: [&str; 9] = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    let key = |key: &SmolStr| {
        let is_bare = key.starts_with(|it: char| it.is_ascii_alphabetic())
            && key.chars().all(|it| it.is_ascii_alphanumeric() || "-_".contains(it))
            && !WORDS.contains(&key.to_ascii_lowercase().as_str());
        if is_bare { key.to_string() } else { yaml::json_write(&Data::Str(key.clone())) }
    };
    let nest = |inner: String, at: (usize, &SmolStr)| match at {
        (0, name) => format!("{}: {inner}", key(name)),
        (_, name) => format!("{{{}: {inner}}}", key(name)),
    };
    path.iter().enumerate().rev().fold(yaml::json_write(value), nest)
}

fn key(path: &[SmolStr]) -> String {
    let escaped = |key: &SmolStr| {
        let mut text = String::new();
        for letter in key.chars() {
            if matches!(letter, '.' | ',' | '=' | '[' | ']') {
                text.push('\\');
            }
            text.push(letter);
        }
        text
    };
    path.iter().map(escaped).collect::<Vec<_>>().join(".")
}

/// What to do so that an input stops shipping merged objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// Set a value of a chart.
    Switch {
        /// The chart.
        chart: String,
        /// The value.
        off: Off,
        /// Whether the chart's values are typed, not written in a file.
        is_typed: bool,
    },
    /// Nothing of a chart's values helps.
    Nothing {
        /// The chart.
        chart: String,
        /// The objects.
        objects: Vec<Place>,
        /// The value that would help, at the price of what the release runs.
        costly: Option<Off>,
    },
    /// Apply the merged objects again, since a release that stops shipping them deletes them.
    Again,
    /// Delete objects from a manifest file.
    File {
        /// The file.
        file: String,
        /// The objects.
        objects: Vec<Place>,
    },
    /// Delete objects from the cluster, whose place others take.
    Cluster {
        /// The objects.
        objects: Vec<Place>,
        /// Whether an export says that they are there.
        is_there: bool,
    },
}

impl std::fmt::Display for Advice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Switch { chart, off, is_typed } => {
                let setting = match is_typed {
                    true => off.flags.clone(),
                    false => format!("`{}` in the values", off.entry),
                };
                let releases = match off.releases.as_slice() {
                    [] => String::new(),
                    releases => format!(" for {}", listed(releases)),
                };
                write!(f, "{chart}: {setting}{releases} ({})", off.outcome())
            }
            Self::Nothing { chart, objects, costly } => {
                let them = if objects.len() == 1 { "it" } else { "them" };
                let objects = all(objects);
                write!(f, "{chart}: no value switches off {objects} alone")?;
                if let Some(off) = costly {
                    write!(f, " ({} also drops {})", off.flags, words(&off.drops))?;
                }
                write!(f, "; drop {them} with a post-renderer")
            }
            Self::Cluster { objects, is_there } => {
                let there = if *is_there { "" } else { ", where installed already," };
                let objects = all(objects);
                write!(f, "the cluster: delete {objects}{there} once the new ones are there")
            }
            Self::Again => f.write_str(
                "then apply what is merged again: Helm and pruning deployers delete what is no \
                 longer shipped",
            ),
            Self::File { file, objects } => write!(f, "{file}: delete {}", all(objects)),
        }
    }
}

/// Names all objects, since each is to be acted on; a kind is said once.
fn all<'a>(places: impl IntoIterator<Item = &'a Place>) -> String {
    let mut text = String::new();
    let mut before: Option<&Place> = None;
    for place in places {
        let is_same = |it: &Place| it.kind == place.kind && it.is_plain() && place.is_plain();
        match before {
            Some(it) if is_same(it) => text.push_str(&format!(", {}", place.name)),
            Some(_) => text.push_str(&format!(", {place}")),
            None => text.push_str(&place.to_string()),
        }
        before = Some(place);
    }
    text
}

fn words(places: &BTreeSet<Place>) -> String {
    let places: Vec<&Place> = places.iter().collect();
    match places.as_slice() {
        [one, two] => format!("{one}, {two}"),
        _ => listed(&places),
    }
}

/// Shows what to do so that the inputs stop shipping what was merged; nothing where there is
/// nothing to do.
#[must_use]
pub fn advice(found: &[Advice], style: Style) -> String {
    if found.is_empty() {
        return String::new();
    }
    let head = "to stop shipping them, so that only what is merged here does:";
    let mut out = painted(head, BOLD, style);
    out.push('\n');
    for advice in found {
        let text = wrapped(&advice.to_string(), WIDTH);
        out.push_str(&format!("  {}\n", text.replace('\n', "\n    ")));
    }
    out.push('\n');
    out
}

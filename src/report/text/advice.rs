//! What to switch off, for people.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Style;
use super::diff::{BOLD, painted};
use crate::finding::{OwnerName, listed};
use crate::merge::switch::Switch;
use crate::rbac::Identity;
use crate::yaml::{self, Data};

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
    path: Vec<SmolStr>,
    value: String,
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
        let value = written(&switch.value);
        Self {
            path: switch.path.clone(),
            value,
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

    /// Returns key and value as `--set` takes them.
    #[must_use]
    pub fn setting(&self) -> String {
        format!("{}={}", key(&self.path), self.value)
    }

    /// Returns key and value as a values file has them.
    fn entry(&self) -> String {
        let value = if self.value.is_empty() { "\"\"" } else { &self.value };
        format!("{}: {value}", key(&self.path))
    }

    /// Returns what it removes and what goes or changes with that.
    fn outcome(&self) -> String {
        let mut text = words(&self.removes);
        if !self.drops.is_empty() {
            text.push_str(&format!("; also drops {}", words(&self.drops)));
        }
        if !self.changes.is_empty() {
            text.push_str(&format!("; changes {}", words(&self.changes)));
        }
        text
    }
}

/// Returns key and value as `--set` takes them.
#[must_use]
pub fn setting(path: &[SmolStr], value: &Data) -> String {
    format!("{}={}", key(path), written(value))
}

fn written(value: &Data) -> String {
    match value {
        Data::Str(text) => text.to_string(),
        other => yaml::json_write(other),
    }
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
                    true => format!("--set {}", off.setting()),
                    false => format!("`{}` in the values", off.entry()),
                };
                let releases = match off.releases.as_slice() {
                    [] => String::new(),
                    releases => format!(" for {}", listed(releases)),
                };
                write!(f, "{chart}: {setting}{releases} ({})", off.outcome())
            }
            Self::Nothing { chart, objects, costly } => {
                let objects = listed(objects);
                write!(f, "{chart}: no value switches off {objects} alone")?;
                if let Some(off) = costly {
                    write!(f, " ({} also drops {})", off.setting(), words(&off.drops))?;
                }
                f.write_str("; drop it with a post-renderer")
            }
            Self::Cluster { objects, is_there } => {
                let there = if *is_there { "" } else { ", where installed already," };
                let objects = listed(objects);
                write!(f, "the cluster: delete {objects}{there} once the new ones are there")
            }
            Self::Again => f.write_str(
                "then apply what is merged again: Helm deletes what a release stops shipping, as \
                 does a deployer that prunes",
            ),
            Self::File { file, objects } => write!(f, "{file}: delete {}", listed(objects)),
        }
    }
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
        out.push_str(&format!("  {advice}\n"));
    }
    out.push('\n');
    out
}

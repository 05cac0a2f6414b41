//! rolecall.yaml: which charts are installed where.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::keys::{self, Keys};
use super::{Error, Text};
use crate::finding::Severity;

/// The file's name, looked for in a folder and its parents.
pub const FILE_NAME: &str = "rolecall.yaml";

/// The JSON Schema of the file.
pub const INVENTORY_SCHEMA: &str = include_str!("rolecall.schema.json");

/// What rolecall.yaml says; paths are relative to the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Inventory {
    /// The charts and where they are installed.
    pub releases: Vec<Entry>,
    /// Patterns of plain manifests that belong to the same cluster.
    pub manifests: Vec<String>,
    /// An export of the cluster.
    pub against: Option<String>,
    /// What `merge` does.
    pub merge: Merge,
    /// What `lint` does.
    pub lint: Lint,
}

/// A chart and where it is installed.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// The name of the release.
    pub name: Option<String>,
    /// The chart's path.
    pub chart: String,
    /// The namespace.
    pub namespace: Option<String>,
    /// The namespaces, one release for each.
    #[serde(default)]
    pub namespaces: Vec<String>,
    /// The cluster; releases on different clusters never collide.
    pub cluster: Option<String>,
    /// Files of values; `{namespace}` and `{release}` stand for the release's.
    #[serde(default)]
    pub values: Vec<String>,
    /// Values by key, as `--set` takes the keys.
    #[serde(default)]
    pub set: BTreeMap<String, serde_yaml::Value>,
}

/// What `merge` does.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Merge {
    /// The file that the merged YAML goes to.
    pub output: Option<String>,
}

/// What `lint` does.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Lint {
    /// The least severity that makes the exit code 1.
    pub fail_on: Option<Severity>,
    /// The severities of rules.
    pub rules: BTreeMap<String, Level>,
    /// Findings that are known and accepted.
    pub exclude: Vec<Exclude>,
}

/// A rule's severity, or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The rule does not speak.
    Off,
    /// Its findings are of severity info.
    Info,
    /// Its findings are of severity warning.
    Warning,
    /// Its findings are of severity error.
    Error,
}

/// A finding that is known and accepted.
#[derive(Debug, Clone, Deserialize)]
pub struct Exclude {
    /// The rule.
    pub rule: String,
    /// The object's name.
    pub name: Option<String>,
    /// Why it is accepted.
    pub reason: String,
}

static KEYS: Keys = Keys::Map(&[
    (
        "releases",
        Keys::List(&Keys::Map(&[
            ("name", Keys::Any),
            ("chart", Keys::Any),
            ("namespace", Keys::Any),
            ("namespaces", Keys::Any),
            ("cluster", Keys::Any),
            ("values", Keys::Any),
            ("set", Keys::Any),
        ])),
    ),
    ("manifests", Keys::Any),
    ("against", Keys::Any),
    ("merge", Keys::Map(&[("output", Keys::Any)])),
    (
        "lint",
        Keys::Map(&[
            ("fail-on", Keys::Any),
            ("rules", Keys::Any),
            (
                "exclude",
                Keys::List(&Keys::Map(&[
                    ("rule", Keys::Any),
                    ("name", Keys::Any),
                    ("reason", Keys::Any),
                ])),
            ),
        ]),
    ),
]);

impl Inventory {
    /// Reads the text of a rolecall.yaml.
    ///
    /// # Errors
    /// Where it is no YAML, where a key is unknown, or where a value is of the wrong type.
    pub fn read(text: &Text) -> Result<Self, Error> {
        keys::check(text, &KEYS)?;
        if text.content.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_yaml::from_str(&text.content).map_err(|error| {
            let place = error.location().map(|at| at.index());
            text.error_at(place, error.to_string())
        })
    }
}

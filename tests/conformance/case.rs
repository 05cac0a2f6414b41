//! The recorded cases as data.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// One file of cases.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    #[serde(rename = "helm")]
    _helm: String,
    defaults: Defaults,
    cases: Vec<Case>,
}

/// What holds for a case that does not say otherwise.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Defaults {
    release: String,
    namespace: String,
    chart: String,
}

/// Whether a case is one template's text or a whole chart's output.
#[derive(Clone, Copy, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Mode {
    Text,
    Cli,
}

/// One small chart, and what Helm made of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) group: String,
    pub(crate) mode: Mode,
    pub(crate) template: Option<String>,
    pub(crate) values: Option<String>,
    pub(crate) helpers: Option<String>,
    #[serde(default = "unset")]
    pub(crate) chart: String,
    #[serde(default)]
    pub(crate) files: BTreeMap<String, Option<String>>,
    #[serde(default)]
    pub(crate) tgz: BTreeMap<String, Archive>,
    #[serde(default)]
    pub(crate) workdir_files: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) args: Vec<String>,
    /// Empty where no name is given.
    #[serde(default = "unset")]
    pub(crate) release: String,
    #[serde(default = "unset")]
    pub(crate) namespace: String,
    pub(crate) expect: Expect,
    #[serde(rename = "note")]
    _note: Option<String>,
}

/// What stands in a field that a case leaves to the defaults.
const UNSET: &str = "\0";

fn unset() -> String {
    UNSET.to_owned()
}

/// A packed chart below charts/.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Archive {
    pub(crate) top: String,
    pub(crate) files: BTreeMap<String, String>,
}

/// Helm's answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    pub(crate) rendered: Option<String>,
    #[serde(default)]
    pub(crate) tpl_route: bool,
    pub(crate) stdout: Option<String>,
    /// The files below the folder of `--output-dir`.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) stderr: Vec<String>,
    #[serde(default)]
    pub(crate) error: Vec<String>,
    #[serde(rename = "error_full")]
    _error_full: Option<String>,
}

/// All cases of the repository: the recorded collection first, then each file of our own, by name.
pub(crate) fn all(folder: &Path) -> Vec<Case> {
    let own = std::fs::read_dir(folder.join("own")).expect("own/ is part of the repository");
    let mut own: Vec<PathBuf> =
        own.map(|entry| entry.expect("own/ can be listed").path()).collect();
    own.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    own.sort();
    let mut cases = read(&folder.join("cases.yaml"));
    cases.extend(own.iter().flat_map(|path| read(path)));
    let mut seen = BTreeSet::new();
    for case in &cases {
        assert!(seen.insert(case.id.as_str()), "two cases have the id {}", case.id);
    }
    cases
}

fn read(path: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(path).expect("a file of cases can be read");
    let file: CaseFile =
        serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let Defaults { release, namespace, chart } = file.defaults;
    let mut cases = file.cases;
    for case in &mut cases {
        for (field, default) in [
            (&mut case.release, &release),
            (&mut case.namespace, &namespace),
            (&mut case.chart, &chart),
        ] {
            if *field == UNSET {
                field.clone_from(default);
            }
        }
    }
    cases
}

/// Whether the environment's `CONFORMANCE` (ids, groups, or the groups' first parts) asks for a case.
pub(crate) fn chosen(case: &Case) -> bool {
    let Ok(wanted) = std::env::var("CONFORMANCE") else { return true };
    wanted.split(',').map(str::trim).any(|name| {
        let below = case.group.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'));
        name == case.id || name == case.group || below
    })
}

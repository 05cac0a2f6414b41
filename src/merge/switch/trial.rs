//! The values that are tried, the likeliest switches first.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::render::Prepared;
use crate::yaml::Data;

/// After how many values that were given and are undone one by one all are undone at once.
const FIRST_UNDONE: usize = 16;

/// A value to try.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Where it stands among the values: `[rbac, create]`.
    pub path: Vec<SmolStr>,
    /// What it is set to.
    pub value: Data,
}

impl Trial {
    /// Sets the value; none where the way to it leads through something that is no map.
    pub(super) fn set(&self, values: &mut Data) -> Option<()> {
        let (last, way) = self.path.split_last()?;
        let mut at = values;
        for key in way {
            let Data::Map(map) = at else { return None };
            at = map.entry(key.clone()).or_insert_with(|| Data::Map(BTreeMap::new()));
        }
        let Data::Map(map) = at else { return None };
        map.insert(last.clone(), self.value.clone());
        Some(())
    }
}

/// Returns what to try for what the files of a chart mention: booleans first, then what is
/// missing, then booleans that are reached through variables, then anything else.
pub(super) fn all(prepared: &Prepared, files: &BTreeSet<SmolStr>) -> Vec<Trial> {
    let (mut mentioned, mut loose) = (Vec::new(), Vec::new());
    let per_file: Vec<_> = files.iter().map(|file| prepared.mentions(file)).collect();
    // The files take turns, so that no long one keeps the others from being heard.
    let longest = per_file.iter().map(|it| it.paths.len()).max().unwrap_or(0);
    for turn in 0..longest {
        for path in per_file.iter().filter_map(|it| it.paths.get(turn)) {
            if !mentioned.contains(path) {
                mentioned.push(path.clone());
            }
        }
    }
    for mentions in &per_file {
        let Some(values) = at(prepared.values(), &mentions.prefix) else { continue };
        let mut path = mentions.prefix.clone();
        booleans(values, &|name| mentions.names.contains(name), (&mut path, &mut loose));
    }
    let mut trials: Vec<(u8, Trial)> = Vec::new();
    for path in mentioned {
        let (rank, values) = tried(at(prepared.values(), &path));
        trials.extend(values.into_iter().map(|value| {
            let path = path.clone();
            (rank, Trial { path, value })
        }));
    }
    let known: BTreeSet<Vec<SmolStr>> = trials.iter().map(|(_, it)| it.path.clone()).collect();
    loose.retain(|trial: &Trial| !known.contains(&trial.path));
    trials.extend(loose.into_iter().map(|trial| (2, trial)));
    trials.sort_by_key(|(rank, _)| *rank);
    trials.into_iter().map(|(_, trial)| trial).collect()
}

/// Returns what to try so that a chart ships more: what was given undone, one at a time and all at
/// once, then booleans of the chart that are off and what is missing, as far as its files mention
/// them. `own` are the chart's own values.
pub(super) fn revivals(given: &Data, own: &Data, prepared: &Prepared) -> Vec<Vec<Trial>> {
    let mut undone = Vec::new();
    differences(given, Some(own), (&mut Vec::new(), &mut undone));
    let mut flipped = Vec::new();
    booleans(given, &|_| true, (&mut Vec::new(), &mut flipped));
    let mut singles = undone.clone();
    let mut all = Vec::new();
    let mut add = |trial: Trial, all: &mut Vec<Vec<Trial>>| {
        if !singles.contains(&trial) {
            singles.push(trial.clone());
            all.push(vec![trial]);
        }
    };
    all.extend(undone.iter().map(|trial| vec![trial.clone()]));
    for trial in flipped {
        add(trial, &mut all);
    }
    if undone.len() > 1 {
        all.insert(undone.len().min(FIRST_UNDONE), undone);
    }
    for file in prepared.files() {
        for path in prepared.mentions(file).paths {
            let is_off = match at(prepared.values(), &path) {
                None | Some(Data::Null | Data::Bool(false)) => true,
                Some(_) => false,
            };
            if is_off {
                add(Trial { path, value: Data::Bool(true) }, &mut all);
            }
        }
    }
    all
}

/// Gathers what was given and is not what the chart has, each as what the chart has.
fn differences(
    given: &Data,
    own: Option<&Data>,
    (path, found): (&mut Vec<SmolStr>, &mut Vec<Trial>),
) {
    match (given, own) {
        (Data::Map(map), Some(Data::Map(_)) | None) if !map.is_empty() => {
            for (key, value) in map {
                path.push(key.clone());
                let own = match own {
                    Some(Data::Map(own)) => own.get(key),
                    _ => None,
                };
                differences(value, own, (&mut *path, &mut *found));
                path.pop();
            }
        }
        (given, own) if own != Some(given) => {
            let value = own.cloned().unwrap_or(Data::Null);
            found.push(Trial { path: path.clone(), value });
        }
        _ => {}
    }
}

/// Returns what to try in place of a value, and how soon.
fn tried(value: Option<&Data>) -> (u8, Vec<Data>) {
    let text = |it: &str| Data::Str(it.into());
    match value {
        Some(Data::Bool(value)) => (0, vec![Data::Bool(!value)]),
        None | Some(Data::Null) => (1, vec![Data::Bool(false), Data::Bool(true)]),
        // Nobody can tell which text would stand for no.
        Some(Data::Str(value)) if value.is_empty() => (3, vec![]),
        Some(Data::Str(value)) => match value.as_str() {
            "true" => (0, vec![text("false")]),
            "false" => (0, vec![text("true")]),
            _ => (3, vec![text(""), Data::Bool(false)]),
        },
        Some(Data::Map(map)) if map.is_empty() => (3, vec![]),
        Some(Data::Seq(list)) if list.is_empty() => (3, vec![]),
        Some(_) => (3, vec![Data::Null]),
    }
}

fn at<'a>(values: &'a Data, path: &[SmolStr]) -> Option<&'a Data> {
    path.iter().try_fold(values, |at, key| match at {
        Data::Map(map) => map.get(key),
        _ => None,
    })
}

/// Gathers the booleans whose name is wanted, flipped.
fn booleans(
    values: &Data,
    is_wanted: &dyn Fn(&SmolStr) -> bool,
    (path, found): (&mut Vec<SmolStr>, &mut Vec<Trial>),
) {
    let Data::Map(map) = values else { return };
    for (key, value) in map {
        path.push(key.clone());
        match value {
            Data::Bool(value) if is_wanted(key) => {
                found.push(Trial { path: path.clone(), value: Data::Bool(!value) });
            }
            Data::Map(_) => booleans(value, is_wanted, (&mut *path, &mut *found)),
            _ => {}
        }
        path.pop();
    }
}

//! What a folder holds that a rolecall.yaml can name.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command, FromArgMatches};

use super::manifests;
use crate::cli::args::InputArgs;
use crate::cli::chart::ChartSource;
use crate::cli::estate::estate;
use crate::cli::inventory::Installed;
use crate::cli::job::{Job, Purpose};
use crate::cli::progress::Progress;
use crate::cli::streams::Console;
use crate::cli::{Trouble, paths};
use crate::input::{self, Discovered, FILE_NAME, Input, values_beside};
use crate::source::SourceMap;

/// The most characters that a release's name may have.
const LONGEST_NAME: usize = 53;

/// What a rolecall.yaml is to name, with paths relative to it.
#[derive(Debug, Default)]
pub(super) struct Estate {
    pub(super) releases: Vec<Suggested>,
    /// Patterns of plain manifests.
    pub(super) manifests: Vec<String>,
    /// A file that looks like an export of the cluster.
    pub(super) export: Option<String>,
    /// The charts of which nothing is installed.
    pub(super) libraries: Vec<String>,
    /// The rolecall.yaml files below the folder.
    pub(super) inventories: Vec<String>,
}

/// A release to write down.
#[derive(Debug)]
pub(super) struct Suggested {
    pub(super) name: String,
    pub(super) chart: String,
    /// Files of values beside the chart's own.
    pub(super) values: Vec<String>,
    /// Whether it cannot be rendered as it is.
    pub(super) is_broken: bool,
}

impl Estate {
    /// Looks at what a folder holds.
    ///
    /// # Errors
    /// Where it cannot be walked, or is none.
    pub(super) fn survey(folder: &Path, console: &mut Console<'_>) -> Result<Self, Trouble> {
        if !input::disk::is_folder(folder)? {
            let error = input::Error::new(format!("{} is no folder", paths::shown(folder)));
            return Err(error.with_help("name the folder that holds the charts").into());
        }
        let Discovered { inputs, passed } = input::survey(folder)?;
        let mut told = crate::cli::told::Told::new(console.verbosity());
        told.tell_passed(&passed);
        console.tell(told.lines());
        let own = paths::tidy(&folder.join(FILE_NAME));
        let mut found = Self::default();
        let (mut charts, mut files, mut taken) = (Vec::new(), Vec::new(), BTreeSet::new());
        for (input, _) in inputs {
            match input {
                Input::Inventory(path) if paths::tidy(&path) == own => {}
                Input::Inventory(path) => {
                    found.inventories.push(below(&path, folder));
                    let mut sources = SourceMap::new();
                    if let Ok(installed) = Installed::read(&path, &mut sources) {
                        let manifests = installed.manifests(&sources).found;
                        let manifests = manifests.into_iter().map(|(path, _)| path);
                        let own = installed.charts().into_iter().chain(installed.own_files());
                        taken.extend(own.chain(manifests).filter_map(real));
                    }
                }
                Input::Chart(path) => charts.push(ChartSource::Chart(path)),
                Input::Jinja(path) => charts.push(ChartSource::Jinja(path)),
                Input::Manifest(path) => files.push(path),
                Input::Stdin => {}
            }
        }
        let is_free = |path: &Path| real(path.into()).is_none_or(|real| !taken.contains(&real));
        for chart in charts {
            let path = chart.path().expect("it was found on disk").to_owned();
            if is_free(&path) {
                found.add(&chart, (&path, folder), console);
            }
        }
        files.retain(|path: &PathBuf| is_free(path));
        let (patterns, export) = manifests::patterns(folder, &files);
        (found.manifests, found.export) = (patterns, export);
        Ok(found)
    }

    /// Tells whether there is a release that is no comment.
    pub(super) fn has_releases(&self) -> bool {
        self.releases.iter().any(|it| !it.is_broken)
    }

    fn add(&mut self, chart: &ChartSource, (path, folder): (&Path, &Path), console: &Console<'_>) {
        let loaded = chart.load(&mut SourceMap::new());
        let shown = below(path, folder);
        if loaded.as_ref().is_ok_and(|it| it.metadata.chart_type == "library") {
            self.libraries.push(shown);
            return;
        }
        let name = match &loaded {
            Ok(chart) => chart.metadata.name.clone(),
            Err(_) => input::chart::name(path).unwrap_or_default(),
        };
        let name = self.name(&name, path);
        let is_broken = loaded.is_err() || fails(path, &name, console);
        let values = values_beside(path).iter().map(|it| below(it, folder)).collect();
        self.releases.push(Suggested { name, chart: shown, values, is_broken });
    }

    /// Returns a name that no other release has: the chart's, or its folder's, or one with a number.
    fn name(&self, chart: &str, path: &Path) -> String {
        let folder = path.file_name().map(|it| it.to_string_lossy().into_owned());
        let base = Some(valid(chart)).filter(|it| !it.is_empty()).unwrap_or("release".into());
        let of_folder = folder.map(|it| valid(&it)).filter(|it| !it.is_empty());
        let numbered = (2_usize..).map(|number| format!("{base}-{number}"));
        let mut names = std::iter::once(base.clone()).chain(of_folder).chain(numbered);
        let is_free = |name: &String| self.releases.iter().all(|it| it.name != *name);
        names.find(is_free).unwrap_or_default()
    }
}

/// Returns a path relative to a folder that holds it.
pub(super) fn below(path: &Path, folder: &Path) -> String {
    let relative = paths::tidy(path);
    let relative = relative.strip_prefix(paths::tidy(folder)).unwrap_or(&relative).to_owned();
    paths::shown(&paths::tidy(&relative))
}

fn real(path: PathBuf) -> Option<PathBuf> {
    path.canonicalize().ok()
}

/// Returns a text as the name of a release and of a namespace may be.
fn valid(text: &str) -> String {
    let part = |it: char| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' };
    let name: String = text.chars().map(part).take(LONGEST_NAME).collect();
    name.trim_matches('-').to_owned()
}

/// Tells whether a chart cannot be rendered, or gives what cannot be read, as it is.
fn fails(path: &Path, name: &str, console: &Console<'_>) -> bool {
    let command = InputArgs::augment_args(Command::new("init"));
    let words = ["init", "--release", name, "-n", name, "--"].map(Into::into);
    let words = words.into_iter().chain([path.as_os_str().to_owned()]);
    let args = command.try_get_matches_from(words);
    let Some(args) = args.ok().and_then(|it| InputArgs::from_arg_matches(&it).ok()) else {
        return true;
    };
    match Job::resolve(&args, Purpose::Use, console) {
        Ok(mut job) => {
            job.progress = Progress::default();
            let (gathered, _) = estate(&mut job, &args.selection, (&mut io::empty(), None));
            !gathered.troubles.is_empty()
        }
        Err(_) => true,
    }
}

//! Which release standard input stands for, and what it may collide with.

use std::path::{Path, PathBuf};

use smol_str::SmolStr;

use crate::cli::args::{InputArgs, MergeArgs};
use crate::cli::inventory::chart_name;
use crate::cli::job::{Item, Job, Planned, Purpose};
use crate::cli::streams::Console;
use crate::cli::{Trouble, paths};
use crate::finding::{OwnerName, listed};
use crate::input;
use crate::rbac::{Owner, OwnerKind};

/// Returns the release that `--release` and `-n` name.
///
/// # Errors
/// Where they do not name one: nothing in what Helm renders says it for sure.
pub(super) fn release(args: &InputArgs) -> Result<OwnerName, input::Error> {
    match (&args.release, args.namespace.as_slice()) {
        (Some(name), [namespace]) => {
            Ok(OwnerName { name: name.clone(), namespace: Some(namespace.clone()) })
        }
        _ => {
            let message = "--post-renderer goes with the release that standard input stands for";
            let help =
                "name it: `--release NAME -n NAMESPACE`, as they stand behind `helm install`";
            Err(input::Error::new(message).with_help(help))
        }
    }
}

/// Resolves what the release may collide with, standard input in the place of the release itself;
/// returns the export of the cluster, too.
///
/// # Errors
/// Where there is nothing that it may collide with.
pub(super) fn resolve(
    args: &MergeArgs,
    release: &OwnerName,
    console: &Console<'_>,
) -> Result<(Job, Option<PathBuf>), Trouble> {
    let folder = console.surroundings().folder.as_path();
    let stdin = Path::new("-");
    let mut inputs = args.input.clone();
    (inputs.release, inputs.namespace) = (None, Vec::new());
    inputs.paths.retain(|path| path != stdin);
    if inputs.paths.is_empty() {
        inputs.paths.extend(input::nearest_inventory(folder));
    }
    let against = args.against.as_ref().map(|path| paths::relative(path, folder));
    if against.as_deref() == Some(stdin) {
        let message = "standard input is what Helm rendered, and cannot be the export too";
        return Err(input::Error::new(message).with_help("write the export to a file").into());
    }
    if inputs.paths.is_empty() && against.is_none() {
        let help = "name an export of the cluster with --against, a rolecall.yaml or manifests, or \
                    write a rolecall.yaml here";
        let error = input::Error::new("nothing was given that the release may collide with");
        return Err(error.with_help(help).into());
    }
    inputs.paths.push(stdin.into());
    let mut job = Job::resolve(&inputs, Purpose::Use, console)?;
    let has_charts = job.base.is_none() && job.releases() > 0;
    if has_charts || inputs.paths.iter().any(|path| is_chart(&paths::relative(path, folder))) {
        let error = input::Error::new("--post-renderer takes charts from a rolecall.yaml only");
        let help = "it says under which names and in which namespaces they are installed";
        return Err(error.with_help(help).into());
    }
    let against = job.take_against(against);
    if let Some(output) = job.output.clone() {
        let is_output = |path: &Path| paths::is_same(path, &output);
        job.items.retain(|item| !matches!(item, Item::Manifest(path, _) if is_output(path)));
    }
    stand_in(&mut job, release)?;
    Ok((job, against))
}

/// Tells whether a path leads to a chart itself.
fn is_chart(path: &Path) -> bool {
    use input::{Found, Input};
    let found = input::discover(path).unwrap_or_default();
    matches!(found.as_slice(), [(Input::Chart(_) | Input::Jinja(_), Found::Named)])
}

/// Puts standard input in the place of the release, so that it does not meet itself.
fn stand_in(job: &mut Job, release: &OwnerName) -> Result<(), input::Error> {
    let is_it = |planned: &Planned| {
        let named = planned.name.clone();
        let name = || {
            named.unwrap_or_else(|| {
                job.charts.get(planned.chart).map_or_else(String::new, chart_name)
            })
        };
        Some(&planned.namespace) == release.namespace.as_ref() && name() == release.name
    };
    let places = job.items.iter().enumerate().filter_map(|(at, item)| match item {
        Item::Release(planned) if is_it(planned) => Some((at, planned.cluster.clone())),
        _ => None,
    });
    let places: Vec<(usize, Option<SmolStr>)> = places.collect();
    let (place, cluster) = match (places.as_slice(), job.cluster()) {
        ([(at, cluster)], _) => (Some(*at), cluster.clone()),
        ([], Ok(cluster)) => (None, cluster),
        (_, clusters) => return Err(of_many(release, clusters.err().unwrap_or_default())),
    };
    job.items.retain({
        let mut at = 0;
        move |item| {
            at += 1;
            Some(at - 1) == place || !matches!(item, Item::Stdin)
        }
    });
    let (name, kind) = (release.clone(), OwnerKind::Release);
    let piped = Item::Piped(Box::new(Owner { name, kind, chart: None, cluster, group: 0 }));
    match place.and_then(|at| job.items.get_mut(at)) {
        Some(item) => *item = piped,
        None => job.items.push(piped),
    }
    Ok(())
}

fn of_many(release: &OwnerName, clusters: Vec<SmolStr>) -> input::Error {
    input::Error::new(format!(
        "the releases go to {}, and nothing says to which {release} does",
        listed(&clusters)
    ))
    .with_help("name the rolecall.yaml of one cluster")
}

//! `rolecall init`.

mod found;
mod manifests;
mod written;

use std::path::Path;

use super::args::InitArgs;
use super::next::quoted;
use super::streams::Console;
use super::{Exit, Trouble, output, paths};
use crate::finding::listed;
use crate::input::{self, FILE_NAME, builtin};
use crate::report::text::counted;
use found::Estate;

pub(super) fn run(args: &InitArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let folder = paths::relative(&args.folder, &console.surroundings().folder);
    match &args.builtin {
        Some(name) => write_builtin(name, &folder, console),
        None => write_inventory(args, &folder, console),
    }
}

/// Writes out a set of templates.
fn write_builtin(name: &str, folder: &Path, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let set = builtin(name)?;
    let files: Vec<_> = set.files.iter().map(|(name, text)| (folder.join(name), text)).collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        let error = input::Error::new(format!("{} is there already", paths::shown(path)));
        return Err(error.with_help("name a folder that has no such file").into());
    }
    for (path, text) in files {
        output::write(&path, text.as_bytes())?;
        console.print(&format!("wrote {}\n", paths::shown(&path)))?;
    }
    let folder = paths::shown(folder);
    console.remark(&format!("next: rolecall render {folder} -n app1,app2\n"));
    Ok(Exit::Clean)
}

/// Writes a rolecall.yaml for what a folder holds.
fn write_inventory(
    args: &InitArgs,
    folder: &Path,
    console: &mut Console<'_>,
) -> Result<Exit, Trouble> {
    let path = paths::tidy(&folder.join(FILE_NAME));
    let shown = paths::shown(&path);
    if path.exists() && !args.force {
        let error = input::Error::new(format!("{shown} is there already"));
        let help = "`rolecall lint` judges what it names; --force writes it anew";
        return Err(error.with_help(help).into());
    }
    let estate = Estate::survey(folder, console)?;
    if estate.releases.is_empty() && estate.manifests.is_empty() {
        return Err(nothing(folder, &estate).into());
    }
    output::write(&path, estate.written().as_bytes())?;
    console.print(&format!("wrote {shown}\n"))?;
    console.remark(&summary(&estate));
    let is_here = folder == Path::new(".");
    let argument = if is_here { String::new() } else { format!(" {}", quoted(&shown)) };
    let broken =
        estate.releases.iter().find(|_| !estate.has_releases() && estate.manifests.is_empty());
    console.remark(&match broken {
        Some(release) => {
            let chart = quoted(&paths::shown(&paths::tidy(&folder.join(&release.chart))));
            format!("next: `rolecall lint {chart}` says what it lacks\n")
        }
        None => format!(
            "next: name the namespaces in {shown}, then `rolecall lint{argument}` and `rolecall \
             merge{argument}`\n"
        ),
    });
    Ok(Exit::Clean)
}

fn nothing(folder: &Path, estate: &Estate) -> input::Error {
    let shown = paths::shown(folder);
    let but = match estate.libraries.as_slice() {
        [] => String::new(),
        libraries => format!(" but library charts ({})", listed(libraries)),
    };
    let error = input::Error::new(format!("{shown} holds no chart and no manifests{but}"));
    error.with_help(
        "name the folder that holds them: `rolecall init DIR`; --builtin NAME writes templates to \
         start with",
    )
}

/// Says what was written and what was not.
fn summary(estate: &Estate) -> String {
    let (broken, releases): (Vec<_>, Vec<_>) = estate.releases.iter().partition(|it| it.is_broken);
    let mut parts = vec![counted(releases.len(), "release")];
    if !estate.manifests.is_empty() {
        parts.push(format!("{} of manifests", counted(estate.manifests.len(), "pattern")));
    }
    let mut text = format!("{}\n", parts.join(" and "));
    let mut note = |paths: Vec<String>, words: [&str; 2]| {
        let [one, several] = words;
        match paths.as_slice() {
            [] => {}
            [path] => text.push_str(&format!("note: {path} {one}\n")),
            paths => text.push_str(&format!("note: {} {several}\n", listed(paths))),
        }
    };
    let broken = broken.into_iter().map(|it| it.chart.clone()).collect();
    note(
        broken,
        [
            "cannot be rendered with its own values, and is commented out",
            "cannot be rendered with their own values, and are commented out",
        ],
    );
    note(
        estate.libraries.clone(),
        ["is a library chart, and left out", "are library charts, and left out"],
    );
    note(
        estate.inventories.clone(),
        [
            "installs charts of its own, which are left out",
            "install charts of their own, which are left out",
        ],
    );
    text
}

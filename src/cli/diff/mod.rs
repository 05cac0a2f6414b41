//! `rolecall diff`.

mod git;

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::args::{DiffArgs, InputArgs};
use super::estate::whole_estate;
use super::format::Target;
use super::gather::Gathered;
use super::job::{Job, Purpose};
use super::streams::Console;
use super::{Exit, Trouble, complain, format, warn};
use crate::diff::{self, AccessChange, Change};
use crate::input;
use crate::rbac::access::{Access, Reach};
use crate::rbac::{Estate, GROUP, Identity};
use crate::report::changes::Comparison;
use git::Revision;

/// One of the inputs, read.
struct Side {
    gathered: Gathered,
    estate: Estate,
    /// The revision that it was taken from.
    revision: Option<Revision>,
}

pub(super) fn run(args: &DiffArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    format::check(&args.format)?;
    let (sides, titles) = match &args.git {
        Some(name) => (of_revision(name, &args.input, console)?, (name.as_str(), "now")),
        None => (of_paths(&args.input, console)?, ("before", "after")),
    };
    let mut failed = false;
    for side in &sides {
        failed |= side.tell(console);
    }
    // Half of an input would show what is not so: that the rest is gone.
    if failed {
        return Ok(Exit::Failed);
    }
    let [before, after] = sides.map(|side| side.estate.applied());
    let (old, new) = (Access::of(&before), Access::of(&after));
    let access = AccessChange::between(&old, &new);
    let changes = diff::objects(&before, &after);
    let notes = notes(&changes, [&old, &new]);
    let comparison = Comparison { access: &access, changes: &changes, notes: &notes, titles };
    for target in &args.format {
        format::deliver_changes(&comparison, target, console)?;
    }
    let summary = match (changes.is_empty(), args.format.iter().any(Target::is_shown_text)) {
        // What was printed begins with the verdict.
        (false, true) => comparison.counted(),
        _ => format!("{}; {}", comparison.verdict(), comparison.counted()),
    };
    console.remark(&format!("{summary}\n"));
    Ok(if changes.is_empty() { Exit::Clean } else { Exit::Found })
}

/// Reads two inputs.
fn of_paths(args: &InputArgs, console: &mut Console<'_>) -> Result<[Side; 2], Trouble> {
    let [before, after] = args.paths.as_slice() else { return Err(not_two(args).into()) };
    if [before, after].iter().all(|path| path.as_os_str() == "-") {
        let error = input::Error::new("both inputs are standard input");
        return Err(error.with_help("name a file for one of them").into());
    }
    let mut read = |path: &PathBuf| {
        let args = InputArgs { paths: vec![path.clone()], ..args.clone() };
        Side::read(&args, None, console)
    };
    Ok([read(before)?, read(after)?])
}

fn not_two(args: &InputArgs) -> input::Error {
    let found = match (&args.builtin, args.paths.len()) {
        (Some(_), _) => "--builtin gives one input".to_owned(),
        (None, 0) => "no input was named".to_owned(),
        (None, 1) => "one input was named".to_owned(),
        (None, count) => format!("{count} inputs were named"),
    };
    input::Error::new(format!("{found}, and a diff is of two")).with_help(
        "write `rolecall diff BEFORE AFTER`, or `rolecall diff --git REV [PATH]…` for what is at a \
         revision and what is here",
    )
}

/// Reads what is at a revision, and what is here.
fn of_revision(
    name: &str,
    args: &InputArgs,
    console: &mut Console<'_>,
) -> Result<[Side; 2], Trouble> {
    let folder = console.surroundings().folder.clone();
    let mut args = args.clone();
    if args.paths.is_empty() && args.builtin.is_none() {
        args.paths.extend(input::nearest_inventory(&folder));
    }
    if args.paths.is_empty() || args.paths.iter().any(|path| path.as_os_str() == "-") {
        let error = input::Error::new("nothing to compare was named");
        let help = "name charts, manifests or folders in the repository, or write a rolecall.yaml";
        return Err(error.with_help(help).into());
    }
    let revision = Revision::read(name, &folder)?;
    let then = revision.args(&args, &folder);
    let new: Vec<String> = then.missing.iter().map(|it| it.display().to_string()).collect();
    let mut before = Side::read(&then.args, Some(revision), console)?;
    before.gathered.warn(new.into_iter().map(|path| format!("{path} is not in {name}")));
    Ok([before, Side::read(&args, None, console)?])
}

impl Side {
    fn read(
        args: &InputArgs,
        revision: Option<Revision>,
        console: &mut Console<'_>,
    ) -> Result<Self, Trouble> {
        if args.paths.is_empty() && args.builtin.is_none() {
            // Nothing of what was named is at the revision.
            let (gathered, estate) = (Gathered::default(), Estate::new());
            return Ok(Self { gathered, estate, revision });
        }
        let mut job = Job::resolve(args, Purpose::Use, console)?;
        let (gathered, estate) = whole_estate(&mut job, &args.selection, console.stdin());
        Ok(Self { gathered, estate, revision })
    }

    /// Says what came up; tells whether something could not be read.
    fn tell(&self, console: &mut Console<'_>) -> bool {
        let Gathered { warnings, troubles, sources, told, .. } = &self.gathered;
        match &self.revision {
            None => {
                console.tell(told.lines());
                warn(warnings, console);
                complain(troubles, sources, console);
            }
            Some(revision) => {
                let told = told.lines().iter().map(|it| revision.renamed(it));
                console.tell(&told.collect::<Vec<_>>());
                let warnings: Vec<String> =
                    warnings.iter().map(|it| revision.renamed(it)).collect();
                warn(&warnings, console);
                let style = console.err_style();
                for trouble in troubles {
                    let drawn = revision.renamed(&trouble.drawn(sources, style));
                    console.complain(&format!("{drawn}\n"));
                }
            }
        }
        !troubles.is_empty()
    }
}

/// Says which roles change that nobody is bound to: what they grant changes for others, if for anybody.
fn notes(changes: &[Change], sides: [&Access<'_>; 2]) -> Vec<String> {
    let changed: BTreeSet<_> = changes
        .iter()
        .filter(|it| it.before.is_some() && it.after.is_some())
        .filter(|it| it.identity.group == GROUP && it.identity.kind.ends_with("Role"))
        .map(|it| &it.identity)
        .collect();
    let bound = |access: &Access<'_>| -> BTreeSet<Identity> {
        let bound = access.ids().filter(|(id, _)| access.reach(*id) != Reach::Unbound);
        bound.map(|(_, it)| it.identity.clone()).collect()
    };
    let bound = sides.map(bound);
    let is_unbound = |identity: &&Identity| !bound.iter().any(|bound| bound.contains(*identity));
    let unbound: Vec<String> =
        changed.into_iter().filter(is_unbound).map(ToString::to_string).collect();
    match unbound.as_slice() {
        [] => Vec::new(),
        [one] => vec![format!("{one} changes, and no binding among the inputs leads to it")],
        all => {
            let all = crate::finding::listed(all);
            vec![format!("{all} change, and no binding among the inputs leads to them")]
        }
    }
}

//! `rolecall init`.

use super::args::InitArgs;
use super::streams::Console;
use super::{Exit, Trouble, output, paths};
use crate::input::{self, builtin};

pub(super) fn run(args: &InitArgs, console: &mut Console<'_>) -> Result<Exit, Trouble> {
    let set = builtin(&args.builtin)?;
    let folder = paths::relative(&args.folder, &console.surroundings().folder);
    let files: Vec<_> = set.files.iter().map(|(name, text)| (folder.join(name), text)).collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| path.exists()) {
        let error = input::Error::new(format!("{} is there already", paths::shown(path)));
        return Err(error.with_help("name a folder that has no such file").into());
    }
    for (path, text) in files {
        output::write(&path, text.as_bytes())?;
        console.print(&format!("wrote {}\n", paths::shown(&path)))?;
    }
    let folder = paths::shown(&folder);
    console.remark(&format!("next: rolecall render {folder} -n app1,app2\n"));
    Ok(Exit::Clean)
}

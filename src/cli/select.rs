//! The flags that say which of a release's documents count.

use super::args::SelectionArgs;
use crate::render::output::{self, CrdFiles, Crds, Hooks, Manifest, Selection, Tests};
use crate::render::{Error, Rendered};

/// What `--show-only` and its kin leave of a release.
#[derive(Debug)]
pub(super) struct Selected {
    /// What is printed.
    pub(super) printed: output::Selected,
    /// The CRDs that are installed, whether they are printed or not.
    pub(super) crds: CrdFiles,
}

impl Selected {
    /// Returns all documents in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Manifest> {
        self.printed.shown().map(|shown| &shown.manifest)
    }
}

/// Selects documents.
///
/// # Errors
/// In Helm's words, where `--show-only` names what is not there.
pub(super) fn select(rendered: Rendered, args: &SelectionArgs) -> Result<Selected, Error> {
    let Rendered { manifests, crds, .. } = rendered;
    let selection = Selection {
        hooks: if args.no_hooks { Hooks::Hide } else { Hooks::Show },
        tests: if args.skip_tests { Tests::Hide } else { Tests::Show },
        crds: if args.include_crds { Crds::Show } else { Crds::Hide },
        show_only: args.show_only.clone(),
    };
    let printed =
        output::select(manifests, if args.include_crds { &crds } else { &[] }, &selection)?;
    Ok(Selected { printed, crds })
}

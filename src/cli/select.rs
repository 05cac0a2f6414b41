//! Which of a release's documents count: hooks, tests, CRDs, `--show-only`.

use super::args::SelectionArgs;
use crate::input::chart::pattern;
use crate::render::output::{CrdFiles, Manifest, RenderedFile};
use crate::render::{Error, Rendered};

/// What `--show-only` and its kin leave of a release, in the order in which Helm prints it.
#[derive(Debug)]
pub(super) struct Selected {
    /// What stands before the hooks, CRDs first; with `--show-only` everything.
    pub(super) manifests: Vec<Manifest>,
    /// The hooks.
    pub(super) hooks: Vec<Manifest>,
    /// The CRDs that are installed, whether they are printed or not.
    pub(super) crds: CrdFiles,
    /// Whether `--show-only` chose.
    pub(super) chosen: bool,
}

impl Selected {
    /// Returns all documents in order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Manifest> {
        self.manifests.iter().chain(&self.hooks)
    }
}

/// Selects documents.
///
/// # Errors
/// In Helm's words, where `--show-only` names what is not there.
pub(super) fn select(rendered: Rendered, args: &SelectionArgs) -> Result<Selected, Error> {
    let Rendered { manifests, crds, .. } = rendered;
    let (hooks, plain): (Vec<_>, Vec<_>) = manifests.into_iter().partition(|it| it.hook.is_some());
    let is_test = |hook: &Manifest| {
        hook.hook.iter().flatten().any(|event| event == "test" || event == "test-success")
    };
    let shown = |hook: &Manifest| !(args.no_hooks || args.skip_tests && is_test(hook));
    let hooks: Vec<Manifest> = hooks.into_iter().filter(shown).collect();
    let printed = if args.include_crds { crds.iter().map(as_manifest).collect() } else { vec![] };
    let manifests: Vec<Manifest> = printed.into_iter().chain(plain).collect();
    if args.show_only.is_empty() {
        return Ok(Selected { manifests, hooks, crds, chosen: false });
    }
    let all: Vec<Manifest> = manifests.into_iter().chain(hooks).collect();
    let mut chosen = Vec::new();
    for pattern in &args.show_only {
        let before = chosen.len();
        for manifest in &all {
            let path = manifest.source.split_once('/').map(|(_, path)| path);
            if path.map_or(Ok(false), |path| shows(pattern, path))? {
                chosen.push(manifest.clone());
            }
        }
        if chosen.len() == before {
            return Err(Error::new(format!("could not find template {pattern} in chart")));
        }
    }
    Ok(Selected { manifests: chosen, hooks: Vec::new(), crds, chosen: true })
}

fn as_manifest(crd: &RenderedFile) -> Manifest {
    Manifest {
        source: crd.name.clone(),
        text: crd.text.clone(),
        trail: crd.trail.clone().into(),
        kind: "CustomResourceDefinition".into(),
        hook: None,
    }
}

/// Tells whether a pattern of `--show-only`, one of Go's `path.Match`, means a template.
fn shows(pattern: &str, path: &str) -> Result<bool, Error> {
    pattern::matches(pattern.trim_start_matches("./"), path)
        .map_err(|_| Error::new("syntax error in pattern"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_gos() {
        let table = [
            ("templates/a.yaml", "templates/a.yaml", true),
            ("templates/*.yaml", "templates/a.yaml", true),
            ("templates/*", "templates/sub/a.yaml", false),
            ("templates/[ab].yaml", "templates/b.yaml", true),
            ("templates/[^a].yaml", "templates/a.yaml", false),
            ("templates/a?yaml", "templates/a.yaml", true),
            ("templates/a.y", "templates/a.yaml", false),
        ];
        for (pattern, path, expected) in table {
            let matches = shows(pattern, path).expect("the pattern is well-formed");
            assert_eq!(matches, expected, "{pattern} {path}");
        }
        assert!(shows("[", "templates/a.yaml").is_err());
    }
}

//! What of a rendered chart is printed.

/// What of a rendered chart is printed; the default is what `helm template` prints without flags.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Whether hooks are printed.
    pub hooks: Hooks,
    /// Whether hooks that are tests are printed.
    pub tests: Tests,
    /// Whether the files of crds/ are printed.
    pub crds: Crds,
    /// The patterns of the templates that alone are printed; none for all.
    pub show_only: Vec<String>,
}

/// Whether hooks are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Hooks {
    /// They are, after everything else.
    #[default]
    Show,
    /// `--no-hooks`
    Hide,
}

/// Whether hooks that are tests are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tests {
    /// They are.
    #[default]
    Show,
    /// `--skip-tests`
    Hide,
}

/// Whether the files of crds/ are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Crds {
    /// They are not.
    #[default]
    Hide,
    /// `--include-crds`
    Show,
}

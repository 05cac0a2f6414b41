//! Where charts come from.

use std::path::{Path, PathBuf};

use super::paths;
use crate::input::{self, Builtin, Chart};
use crate::source::SourceMap;

/// Where a chart comes from.
#[derive(Debug, Clone)]
pub(super) enum ChartSource {
    /// A folder or a package.
    Chart(PathBuf),
    /// A folder of Jinja templates.
    Jinja(PathBuf),
    /// Templates that are compiled in.
    Builtin(&'static Builtin),
}

impl ChartSource {
    /// Returns the path of the chart; none for what is compiled in.
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::Chart(path) | Self::Jinja(path) => Some(path),
            Self::Builtin(_) => None,
        }
    }

    /// Loads the chart.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(super) fn load(&self, sources: &mut SourceMap) -> Result<Chart, input::Error> {
        match self {
            Self::Chart(path) => input::chart::load(path, sources),
            Self::Jinja(path) => input::load_jinja(path, &paths::shown(path), sources),
            Self::Builtin(builtin) => builtin.chart(sources),
        }
    }
}

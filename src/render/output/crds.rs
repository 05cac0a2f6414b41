//! The files of crds/, which are installed as they are.

use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use smol_str::SmolStr;

use super::RenderedFile;
use crate::input::ChartFile;
use crate::input::chart::has_manifest_extension;
use crate::render::resolve::ResolvedChart;
use crate::source::Trail;

/// The files of crds/ of a chart and of the charts below it, in Helm's order.
///
/// They are large and seldom asked for: their texts are made when that happens, once for all
/// releases of the chart.
#[derive(Debug, Clone, Default)]
pub struct CrdFiles(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    sources: Vec<(SmolStr, ChartFile)>,
    files: OnceLock<Vec<RenderedFile>>,
}

impl CrdFiles {
    /// Finds the files of a chart.
    #[must_use]
    pub fn of(chart: &ResolvedChart) -> Self {
        let mut sources = Vec::new();
        gather(chart, &mut sources);
        Self(Arc::new(Shared { sources, files: OnceLock::new() }))
    }

    /// Tells whether both are the files of one chart.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for CrdFiles {
    type Target = [RenderedFile];

    fn deref(&self) -> &[RenderedFile] {
        let files = &self.0.sources;
        self.0.files.get_or_init(|| files.iter().map(rendered).collect())
    }
}

fn gather(chart: &ResolvedChart, sources: &mut Vec<(SmolStr, ChartFile)>) {
    let is_crd = |name: &str| name.starts_with("crds/") && has_manifest_extension(name);
    for file in chart.files.iter().filter(|file| is_crd(&file.name)) {
        sources.push((format!("{}/{}", chart.path, file.name).into(), file.clone()));
    }
    chart.dependencies.iter().for_each(|dependency| gather(dependency, sources));
}

fn rendered((name, file): &(SmolStr, ChartFile)) -> RenderedFile {
    RenderedFile {
        name: name.clone(),
        text: file.content.text().into_owned(),
        trail: file.file.map_or_else(Trail::default, |id| Trail::of_copy(id, file.content.len())),
    }
}

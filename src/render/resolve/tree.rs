//! The tree of charts while it is resolved.

use super::ResolvedChart;
use super::table::Table;
use crate::input::chart::has_manifest_extension;
use crate::input::{Chart, ChartFile, Metadata};

/// A chart whose name, dependencies and defaults are being settled.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    pub(super) chart: &'a Chart,
    pub(super) metadata: Metadata,
    /// The defaults, with what was imported from sub-charts.
    pub(super) values: Table<'a>,
    pub(super) dependencies: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    pub(super) fn new(chart: &'a Chart) -> Self {
        Self {
            chart,
            metadata: chart.metadata.clone(),
            values: Table::new(&chart.values),
            dependencies: chart.dependencies.iter().map(|chart| Self::new(chart)).collect(),
        }
    }

    /// Returns the resolved chart; `path` is its path in the names of templates.
    pub(super) fn finish(self, path: &str) -> ResolvedChart {
        let dependencies = self.dependencies.into_iter().map(|node| {
            let path = format!("{path}/charts/{}", node.metadata.name);
            node.finish(&path)
        });
        let is_library = self.metadata.chart_type == "library";
        let is_partial = |file: &&ChartFile| {
            file.name.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
        };
        let templates = self.chart.templates.iter().filter(|it| !is_library || is_partial(it));
        let mut files = self.chart.files.clone();
        let crds = files.iter().filter(|file| is_crd(&file.name)).cloned().collect();
        files.sort_by(|one, other| one.name.cmp(&other.name));
        ResolvedChart {
            dependencies: dependencies.collect(),
            templates: templates.cloned().collect(),
            files: files.into(),
            crds,
            metadata: self.metadata,
            path: path.into(),
            // No name of a chart holds a slash.
            is_root: !path.contains('/'),
        }
    }
}

fn is_crd(name: &str) -> bool {
    name.starts_with("crds/") && has_manifest_extension(name)
}

//! A chart and the values given to a tree of charts, each with the values that its templates see.

mod coalesce;
mod dependencies;
mod imports;
pub(super) mod logfmt;
mod schema;
mod table;
mod tree;

use std::sync::Arc;

use smol_str::SmolStr;

use self::coalesce::{Coalescer, Nulls};
use self::table::Table;
use self::tree::Node;
use super::{Capabilities, Error};
use crate::input::{Chart, ChartFile, Metadata};
use crate::parallel;
use crate::yaml::Data;

/// A chart of the resolved tree.
#[derive(Debug, Clone)]
pub struct ResolvedChart {
    /// Chart.yaml with the alias as name and only the dependencies that are enabled.
    pub metadata: Metadata,
    /// The path in template names: `c`, `c/charts/sub`.
    pub path: SmolStr,
    /// Whether it is the chart that is installed.
    pub is_root: bool,
    /// Its templates; of a library those whose base name begins with `_`.
    pub templates: Vec<ChartFile>,
    /// What `.Files` shows.
    pub files: Arc<[ChartFile]>,
    /// The files of crds/, in Helm's order.
    pub crds: Vec<ChartFile>,
    /// The sub-charts that are enabled.
    pub dependencies: Vec<ResolvedChart>,
}

impl ResolvedChart {
    /// Tells whether two resolutions of one chart have the same charts below them, so that their
    /// templates and CRDs are the same.
    #[must_use]
    pub fn has_same_files(&self, other: &Self) -> bool {
        let same = |one: &[ChartFile], other: &[ChartFile]| {
            one.iter().map(|file| file.file).eq(other.iter().map(|file| file.file))
        };
        let dependencies = || self.dependencies.iter().zip(&other.dependencies);
        self.path == other.path
            && same(&self.templates, &other.templates)
            && same(&self.files, &other.files)
            && self.dependencies.len() == other.dependencies.len()
            && dependencies().all(|(one, other)| one.has_same_files(other))
    }
}

/// The outcome of resolving.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The tree.
    pub chart: ResolvedChart,
    /// The coalesced values of the root: each sub-chart's stand under its name.
    pub values: Data,
    /// What Helm warns of, while loading too; each as the rest of a logfmt line after `level=`,
    /// and each once.
    pub warnings: Vec<String>,
}

/// Whether values are checked against values.schema.json.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaCheck {
    /// They are.
    Check,
    /// `--skip-schema-validation`
    Skip,
}

/// Checks what Helm checks before it looks at the release's name: that the chart can be installed
/// and that the charts it depends on are there. [`resolve`] does it again.
///
/// # Errors
/// In Helm's words.
pub fn check_installable(chart: &Chart) -> Result<(), Error> {
    dependencies::check(chart)
}

/// Does what Helm does between loading a chart and rendering it, in Helm's order: refuses
/// libraries, checks that dependencies are there, enables and renames them, imports values,
/// coalesces, checks schemas and the version of Kubernetes.
///
/// # Errors
/// In Helm's words.
pub fn resolve(
    chart: &Arc<Chart>,
    values: &Data,
    capabilities: &Capabilities,
    schema: SchemaCheck,
) -> Result<Resolved, Error> {
    resolve_beside((chart, values), (capabilities, schema), |_| ()).map(|(resolved, ())| resolved)
}

/// Resolves as [`resolve`] does, and does something else with the chart while its schemas, which
/// take their time, are being checked.
pub(super) fn resolve_beside<T: Send>(
    (chart, values): (&Arc<Chart>, &Data),
    (capabilities, schema): (&Capabilities, SchemaCheck),
    beside: impl FnOnce(&ResolvedChart) -> T + Send,
) -> Result<(Resolved, T), Error> {
    dependencies::check(chart)?;
    let mut coalescer = Coalescer { warnings: chart.warnings.clone() };
    if chart.metadata.deprecated {
        coalescer.warn(logfmt::line("WARN", "this chart is deprecated", &[]));
    }
    let values = Table::new(values);
    let mut node = Node::new(chart);
    dependencies::enable(&mut node, (&values, ""), &mut coalescer)
        .and_then(|()| imports::import(&mut node, &mut coalescer))
        .map_err(|error| Error::new(format!("chart dependencies processing failed: {error}")))?;
    let values = coalescer.values(&node, &values, Nulls::Remove).map_err(Error::new)?.to_data();
    let checks = match schema {
        SchemaCheck::Check => schema::checks(&node, &values),
        SchemaCheck::Skip => Vec::new(),
    };
    let path = node.metadata.name.clone();
    let chart = node.finish(&path);
    let check = (!checks.is_empty()).then_some(|| schema::run(&checks));
    let (checked, made) = parallel::both(check, || beside(&chart));
    let checked = checked.unwrap_or_default();
    checked.warnings.into_iter().for_each(|line| coalescer.warn(line));
    if !checked.errors.is_empty() {
        let message = format!(
            "values don't meet the specifications of the schema(s) in the following chart(s):\n{}",
            checked.errors
        );
        return Err(Error { values: checked.places, ..Error::new(message) });
    }
    let wanted = &chart.metadata.kube_version;
    if !wanted.is_empty() && !dependencies::is_compatible(wanted, &capabilities.normalised) {
        let version = &capabilities.version;
        return Err(Error::new(format!(
            "chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {version}"
        )));
    }
    Ok((Resolved { chart, values, warnings: coalescer.warnings }, made))
}

#[cfg(test)]
mod tests;

//! Dependencies: whether they are there, which are enabled, and under which name.

use super::coalesce::{Coalescer, Nulls};
use super::logfmt;
use super::table::{Item, Table};
use super::tree::Node;
use crate::input::{Chart, Dependency};
use crate::render::Error;
use crate::render::semver::{Constraint, Version};
use crate::yaml::Data;

/// Checks that the chart can be installed and that what it depends on is in charts/, by name.
///
/// # Errors
/// In Helm's words.
pub(super) fn check(chart: &Chart) -> Result<(), Error> {
    let kind = &chart.metadata.chart_type;
    if kind == "library" {
        return Err(Error::new(format!("{kind} charts are not installable")));
    }
    let is_there = |dependency: &&Dependency| {
        chart.dependencies.iter().any(|chart| chart.metadata.name == dependency.name)
    };
    let missing = chart.metadata.dependencies.iter().filter(|it| !is_there(it));
    let missing: Vec<&str> = missing.map(|dependency| dependency.name.as_str()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(", ");
    Err(Error::new(format!(
        "an error occurred while checking for chart dependencies. You may need to run `helm \
         dependency build` to fetch missing dependencies: found in Chart.yaml, but missing in \
         charts/ directory: {missing}"
    )))
}

/// Tells whether a version meets a constraint; never where one of the two cannot be read.
pub(super) fn is_compatible(constraint: &str, version: &str) -> bool {
    match (Version::parse(version), Constraint::parse(constraint)) {
        (Ok(version), Ok(constraint)) => constraint.check(&version),
        _ => false,
    }
}

/// Renames the sub-charts of a chart and drops those that are not enabled, and so on below them.
///
/// # Errors
/// Where the values of a sub-chart are no map.
pub(super) fn enable<'a>(
    node: &mut Node<'a>,
    (values, path): (&Table<'a>, &str),
    coalescer: &mut Coalescer,
) -> Result<(), String> {
    if node.metadata.dependencies.is_empty() {
        return Ok(());
    }
    rename(node);
    for dependency in &mut node.metadata.dependencies {
        dependency.enabled = true;
    }
    let values = coalescer.values(node, values, Nulls::Remove)?;
    apply_tags(&mut node.metadata.dependencies, &values, coalescer);
    apply_conditions(&mut node.metadata.dependencies, (&values, path), coalescer);
    let disabled = node.metadata.dependencies.iter().filter(|it| !it.enabled);
    let disabled: Vec<String> = disabled.map(|it| it.name.clone()).collect();
    node.dependencies.retain(|chart| !disabled.contains(&chart.metadata.name));
    node.metadata.dependencies.retain(|dependency| !disabled.contains(&dependency.name));
    for chart in &mut node.dependencies {
        let path = format!("{path}{}.", chart.metadata.name);
        enable(chart, (&values, &path), coalescer)?;
    }
    Ok(())
}

/// Puts the sub-charts into the order of Chart.yaml, unlisted ones first, under their aliases.
fn rename(node: &mut Node<'_>) {
    let matches = |chart: &Node<'_>, wanted: &Dependency| {
        chart.metadata.name == wanted.name
            && is_compatible(&wanted.version, &chart.metadata.version)
    };
    let listed = &mut node.metadata.dependencies;
    let is_listed = |chart: &Node<'_>| listed.iter().any(|wanted| matches(chart, wanted));
    let unlisted = node.dependencies.iter().filter(|chart| !is_listed(chart));
    let mut charts: Vec<Node<'_>> = unlisted.cloned().collect();
    for wanted in listed {
        let found = node.dependencies.iter().find(|chart| matches(chart, wanted));
        if let Some(mut chart) = found.cloned() {
            if !wanted.alias.is_empty() {
                chart.metadata.name.clone_from(&wanted.alias);
            }
            charts.push(chart);
        }
        if !wanted.alias.is_empty() {
            wanted.name.clone_from(&wanted.alias);
        }
    }
    node.dependencies = charts;
}

fn apply_tags(dependencies: &mut [Dependency], values: &Table<'_>, coalescer: &mut Coalescer) {
    let Ok(tags) = values.at("tags") else { return };
    for dependency in dependencies {
        let (mut any_on, mut any_off) = (false, false);
        for tag in &dependency.tags {
            match tags.get(tag) {
                None => {}
                Some(Item::Plain(Data::Bool(true))) => any_on = true,
                Some(Item::Plain(Data::Bool(false))) => any_off = true,
                Some(_) => {
                    let attributes = [("tag", tag.as_str()), ("chart", &dependency.name)];
                    let message = "returned non-bool value";
                    coalescer.warn(logfmt::line("WARN", message, &attributes));
                }
            }
        }
        dependency.enabled = any_on || !any_off;
    }
}

fn apply_conditions(
    dependencies: &mut [Dependency],
    (values, path): (&Table<'_>, &str),
    coalescer: &mut Coalescer,
) {
    for dependency in dependencies {
        let conditions = dependency.condition.trim().split(',');
        for condition in conditions.filter(|condition| !condition.is_empty()) {
            match values.value_at(&format!("{path}{condition}")) {
                None => {}
                Some(Item::Plain(Data::Bool(enabled))) => {
                    dependency.enabled = *enabled;
                    break;
                }
                Some(_) => {
                    let attributes = [("path", condition), ("chart", &dependency.name)];
                    let message = "returned non-bool value";
                    coalescer.warn(logfmt::line("WARN", message, &attributes));
                }
            }
        }
    }
}

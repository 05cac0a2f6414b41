//! import-values: what a chart takes over from the defaults of its sub-charts.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::coalesce::{Coalescer, Nulls};
use super::logfmt;
use super::table::{Item, Table};
use super::tree::Node;
use crate::render::value::Value;
use crate::yaml::Data;

/// How many parts the path may have that values are imported to; Helm knows no limit.
const MAX_DEPTH: usize = 30;

/// Imports values into the defaults of a chart and of all charts below it, from the bottom up.
///
/// # Errors
/// Where the values of a sub-chart are no map.
pub(super) fn import(node: &mut Node<'_>, coalescer: &mut Coalescer) -> Result<(), String> {
    for dependency in &mut node.dependencies {
        import(dependency, coalescer)?;
    }
    if node.metadata.dependencies.is_empty() {
        return Ok(());
    }
    let values = coalescer.values(node, &Table::default(), Nulls::Keep)?;
    let imported = Table::default();
    for dependency in &mut node.metadata.dependencies {
        let mut taken = Vec::new();
        for wanted in dependency.import_values.iter().filter_map(Import::read) {
            if wanted.parent.split('.').count() > MAX_DEPTH {
                return Err(format!("import-values: a path has more than {MAX_DEPTH} parts"));
            }
            taken.push(wanted.to_data());
            match values.at(&format!("{}.{}", dependency.name, wanted.child)) {
                Ok(table) => {
                    table.share_all();
                    let table = nest(&wanted.parent, table);
                    coalescer.tables(&imported, &table, ("", Nulls::Keep));
                }
                Err(error) => coalescer.warn(wanted.missing(&dependency.name, &error.to_string())),
            }
        }
        dependency.import_values = taken;
    }
    // The chart's own values win over imported ones.
    let values = values.copy();
    coalescer.tables(&values, &imported, ("", Nulls::Keep));
    node.values = values;
    Ok(())
}

/// An entry of import-values.
struct Import {
    child: String,
    parent: String,
    by_name: bool,
}

impl Import {
    fn read(entry: &Data) -> Option<Self> {
        let text = |map: &BTreeMap<SmolStr, Data>, key| {
            Value::from(map.get(key).unwrap_or(&Data::Null)).print()
        };
        match entry {
            Data::Map(map) => Some(Self {
                child: text(map, "child"),
                parent: text(map, "parent"),
                by_name: false,
            }),
            Data::Str(name) => {
                Some(Self { child: format!("exports.{name}"), parent: ".".into(), by_name: true })
            }
            _ => None,
        }
    }

    fn to_data(&self) -> Data {
        let text = |text: &str| Data::Str(text.into());
        let entries = [("child", text(&self.child)), ("parent", text(&self.parent))];
        Data::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    fn missing(&self, chart: &str, error: &str) -> String {
        if self.by_name {
            return logfmt::line("WARN", "ImportValues missing table", &[("error", error)]);
        }
        let attributes = [("chart", chart), ("error", error)];
        logfmt::line("WARN", "ImportValues missing table from chart", &attributes)
    }
}

/// Puts a table at a path.
fn nest<'a>(path: &str, table: Table<'a>) -> Table<'a> {
    if path == "." {
        return if table.is_empty() { Table::default() } else { table };
    }
    path.rsplit('.').fold(table, |inner, key| {
        let outer = Table::default();
        outer.set(key, Item::Table(inner));
        outer
    })
}

//! Coalescing: the user's values over the defaults of a chart and its sub-charts.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::logfmt;
use super::table::{Item, Table};
use super::tree::Node;
use crate::render::value::Value;
use crate::yaml::Data;

/// What becomes of nulls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    /// A null removes the default that it stands against.
    Remove,
    /// Nulls are kept, for a later pass to see.
    Keep,
}

/// Coalesces, and collects what Helm warns of, each line once.
#[derive(Debug, Default)]
pub(super) struct Coalescer {
    pub(super) warnings: Vec<String>,
}

impl Coalescer {
    /// Returns the values of a chart and its sub-charts: `values` over the defaults.
    ///
    /// # Errors
    /// Where the values of a sub-chart are no map.
    pub(super) fn values<'a>(
        &mut self,
        node: &Node<'a>,
        values: &Table<'a>,
        nulls: Nulls,
    ) -> Result<Table<'a>, String> {
        let values = values.copy();
        self.chart(node, &values, ("", nulls))?;
        Ok(values)
    }

    /// Notes a warning, unless it has been given before.
    pub(super) fn warn(&mut self, line: String) {
        if !self.warnings.contains(&line) {
            self.warnings.push(line);
        }
    }

    fn info(&mut self, text: &str) {
        self.warn(logfmt::line("INFO", text, &[]));
    }

    fn chart<'a>(
        &mut self,
        node: &Node<'a>,
        values: &Table<'a>,
        (prefix, nulls): (&str, Nulls),
    ) -> Result<(), String> {
        let path = join(prefix, &node.metadata.name);
        self.defaults(node, values, (&path, nulls));
        for dependency in &node.dependencies {
            let name = &dependency.metadata.name;
            let table = match values.get(name) {
                None => {
                    values.set(name.as_str(), Item::Table(Table::default()));
                    values.table(name)
                }
                Some(_) => values.table(name),
            };
            let Some(table) = table else {
                let value = values.get(name).map_or(Data::Null, |item| item.to_data());
                return Err(format!("type mismatch on {name}: {}", boolean_verb(&value)));
            };
            self.globals(&table, values, &path);
            self.chart(dependency, &table, (&path, nulls))?;
        }
        Ok(())
    }

    /// Puts a chart's own defaults under the values.
    fn defaults<'a>(&mut self, node: &Node<'a>, values: &Table<'a>, (path, nulls): (&str, Nulls)) {
        let defaults = node.values.copy();
        for (key, default) in defaults.entries() {
            let Some(value) = values.get(&key) else {
                values.set(key, default);
                continue;
            };
            if value.is_null() && nulls == Nulls::Remove {
                values.remove(&key);
                continue;
            }
            let Some(table) = values.table(&key) else { continue };
            match defaults.table(&key) {
                Some(default) => {
                    // A sub-chart's nulls are for its own pass.
                    let is_chart = node.dependencies.iter().any(|it| it.metadata.name == key);
                    let nulls = if is_chart { Nulls::Keep } else { nulls };
                    self.tables(&table, &default, (&join(path, &key), nulls));
                }
                None if default.is_null() => {}
                None => {
                    self.info(&format!("warning: skipped value for {path}.{key}: Not a table."));
                }
            }
        }
    }

    /// Merges a chart's `global` over that of a sub-chart.
    fn globals<'a>(&mut self, sub_chart: &Table<'a>, parent: &Table<'a>, path: &str) {
        let mut global_of = |values: &Table<'a>, whose: &str| match values.get("global") {
            None => Some(Table::default()),
            Some(_) => values.table("global").or_else(|| {
                self.info(&format!(
                    "warning: skipping globals because {whose} global is not a table."
                ));
                None
            }),
        };
        let Some(to) = global_of(sub_chart, "destination") else { return };
        let Some(from) = global_of(parent, "source") else { return };
        for (key, value) in from.entries() {
            match (from.table(&key), to.get(&key)) {
                (Some(table), None) => to.set(key, Item::Table(table.copy_shallow())),
                (Some(table), Some(_)) => match to.table(&key) {
                    Some(own) => {
                        let merged = table.copy_shallow();
                        self.tables(&merged, &own, (&join(path, &key), Nulls::Keep));
                        to.set(key, Item::Table(merged));
                    }
                    None => self.info(&format!(
                        "Conflict: cannot merge map onto non-map for {key:?}. Skipping."
                    )),
                },
                (None, Some(own)) if own.is_table() => {
                    self.info(&format!("key {key} is table. Skipping"));
                }
                (None, _) => to.set(key, value),
            }
        }
        sub_chart.set("global", Item::Table(to));
    }

    /// Merges `under` into `over`, which wins.
    pub(super) fn tables<'a>(
        &mut self,
        over: &Table<'a>,
        under: &Table<'a>,
        (path, nulls): (&str, Nulls),
    ) {
        let mut set_under = BTreeSet::new();
        for key in over.null_keys() {
            if under.get(&key).is_some_and(|item| !item.is_null()) {
                set_under.insert(key.clone());
            }
            under.set(key, Item::null());
        }
        for (key, default) in under.entries() {
            let Some(value) = over.get(&key) else {
                over.set(key, default);
                continue;
            };
            if value.is_null() {
                if nulls == Nulls::Remove && set_under.contains(&key) {
                    over.remove(&key);
                }
                continue;
            }
            self.pair(over, under, (&key, &join(path, &key), nulls));
        }
    }

    /// Merges what stands under a key on both sides.
    fn pair<'a>(
        &mut self,
        over: &Table<'a>,
        under: &Table<'a>,
        (key, path, nulls): (&SmolStr, &str, Nulls),
    ) {
        let (Some(value), Some(default)) = (over.get(key), under.get(key)) else { return };
        match (value.is_table(), default.is_table()) {
            (true, true) => {
                if let (Some(over), Some(under)) = (over.table(key), under.table(key)) {
                    self.tables(&over, &under, (path, nulls));
                }
            }
            (false, true) => self.info(&format!(
                "warning: cannot overwrite table with non table for {path} ({})",
                default.print()
            )),
            (true, false) if !default.is_null() => self.info(&format!(
                "warning: destination for {path} is a table. Ignoring non-table value ({})",
                default.print()
            )),
            _ => {}
        }
    }
}

fn join(prefix: &str, key: &str) -> String {
    if prefix.is_empty() { key.into() } else { format!("{prefix}.{key}") }
}

/// Returns what Go's `%t` prints for a value.
fn boolean_verb(value: &Data) -> String {
    let wrong = |type_name: &str| {
        let printed = Value::from(value).print();
        format!("%!t({type_name}={printed})")
    };
    match value {
        Data::Null => "%!t(<nil>)".into(),
        Data::Bool(value) => value.to_string(),
        Data::Int(_) => wrong("int64"),
        Data::Float(_) => wrong("float64"),
        Data::Str(_) => wrong("string"),
        Data::Seq(items) => {
            let items: Vec<String> = items.iter().map(boolean_verb).collect();
            format!("[{}]", items.join(" "))
        }
        Data::Map(map) => {
            let pair = |(key, value): (&SmolStr, &Data)| {
                format!("%!t(string={key}):{}", boolean_verb(value))
            };
            format!("map[{}]", map.iter().map(pair).collect::<Vec<_>>().join(" "))
        }
    }
}

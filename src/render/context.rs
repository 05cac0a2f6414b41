//! What the templates of a release see: the dot of each chart.

use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::SmolStr;

use super::compiled::Executed;
use super::objects::{self, Files};
use super::resolve::ResolvedChart;
use super::value::{Map, MapType, Value};
use crate::yaml::Data;

/// What all charts of a release see alike.
pub(super) struct World {
    pub(super) release: Value,
    pub(super) capabilities: Value,
}

impl World {
    /// Builds what the templates of a chart and its sub-charts see, and returns the chart's.
    pub(super) fn context(
        &self,
        chart: &ResolvedChart,
        values: Rc<Map>,
        contexts: &mut BTreeMap<SmolStr, Rc<Map>>,
    ) -> Rc<Map> {
        let mut subcharts = BTreeMap::new();
        for dependency in &chart.dependencies {
            let name = SmolStr::new(&dependency.metadata.name);
            let of_sub = match values.get(&name) {
                Some(Value::Map(map)) => Rc::new(Map::view(&map, MapType::Values)),
                _ => Rc::new(Map::new(MapType::Values, BTreeMap::new())),
            };
            let context = self.context(dependency, of_sub, contexts);
            subcharts.insert(name, Value::Map(context));
        }
        let files = Value::Native(Rc::new(Files::new(chart.files.clone())));
        let entries = [
            ("Capabilities", self.capabilities.clone()),
            ("Chart", objects::chart(chart)),
            ("Files", files),
            ("Release", self.release.clone()),
            ("Subcharts", Value::Map(Rc::new(Map::new(MapType::Any, subcharts)))),
            ("Values", Value::Map(values)),
        ]
        .map(|(key, value)| (SmolStr::new_static(key), value));
        let context = Rc::new(Map::new(MapType::Any, entries.into()));
        contexts.insert(chart.path.clone(), context.clone());
        context
    }
}

/// Sets `.Template` in a chart's context.
pub(super) fn set_template(context: &Map, executed: &Executed) {
    let template = [
        ("BasePath", Value::str(format!("{}/templates", executed.chart))),
        ("Name", Value::str(executed.name.clone())),
    ]
    .map(|(key, value)| (SmolStr::new_static(key), value));
    context.set("Template", Value::Map(Rc::new(Map::new(MapType::Values, template.into()))));
}

pub(super) fn values_of(values: &Data) -> Rc<Map> {
    match Value::from(values) {
        Value::Map(map) => Rc::new(Map::view(&map, MapType::Values)),
        _ => Rc::new(Map::new(MapType::Values, BTreeMap::new())),
    }
}

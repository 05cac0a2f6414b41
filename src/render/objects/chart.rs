//! `.Chart`: in Helm 4 a plain map of Chart.yaml's fields under their Go names.

use std::rc::Rc;

use smol_str::SmolStr;

use crate::input::{Dependency, Maintainer};
use crate::render::resolve::ResolvedChart;
use crate::render::value::{Map, MapType, Value};

/// Builds `.Chart`; a library that is a dependency has the type of its own.
pub(in crate::render) fn chart(chart: &ResolvedChart) -> Value {
    let metadata = &chart.metadata;
    let text = |text: &str| Value::from(text);
    let texts = |texts: &[String]| Value::list(texts.iter().map(|it| text(it)).collect());
    let maintainers = metadata.maintainers.iter().map(maintainer).collect();
    let dependencies = metadata.dependencies.iter().map(dependency).collect();
    map([
        ("APIVersion", text(&metadata.api_version)),
        ("Annotations", annotations(chart)),
        ("AppVersion", text(&metadata.app_version)),
        ("Condition", text(&metadata.condition)),
        ("Dependencies", Value::list(dependencies)),
        ("Deprecated", Value::Bool(metadata.deprecated)),
        ("Description", text(&metadata.description)),
        ("Home", text(&metadata.home)),
        ("Icon", text(&metadata.icon)),
        ("IsRoot", Value::Bool(chart.is_root)),
        ("Keywords", texts(&metadata.keywords)),
        ("KubeVersion", text(&metadata.kube_version)),
        ("Maintainers", Value::list(maintainers)),
        ("Name", text(&metadata.name)),
        ("Sources", texts(&metadata.sources)),
        ("Tags", text(&metadata.tags)),
        ("Type", text(&metadata.chart_type)),
        ("Version", text(&metadata.version)),
    ])
}

fn annotations(chart: &ResolvedChart) -> Value {
    Value::Map(Rc::new(match &chart.metadata.annotations {
        None => Map::nil(MapType::Strings),
        Some(entries) => {
            let pair =
                |(key, value): (&SmolStr, &SmolStr)| (key.clone(), Value::str(value.clone()));
            Map::new(MapType::Strings, entries.iter().map(pair).collect())
        }
    }))
}

fn maintainer(maintainer: &Maintainer) -> Value {
    map([
        ("Email", Value::from(maintainer.email.as_str())),
        ("Name", Value::from(maintainer.name.as_str())),
        ("URL", Value::from(maintainer.url.as_str())),
    ])
}

fn dependency(dependency: &Dependency) -> Value {
    let tags = dependency.tags.iter().map(|tag| Value::from(tag.as_str())).collect();
    let imports = dependency.import_values.iter().map(Value::from).collect();
    map([
        ("Alias", Value::from(dependency.alias.as_str())),
        ("Condition", Value::from(dependency.condition.as_str())),
        ("Enabled", Value::Bool(dependency.enabled)),
        ("ImportValues", Value::list(imports)),
        ("Name", Value::from(dependency.name.as_str())),
        ("Repository", Value::from(dependency.repository.as_str())),
        ("Tags", Value::list(tags)),
        ("Version", Value::from(dependency.version.as_str())),
    ])
}

fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    entries.into_iter().map(|(key, value)| (SmolStr::new_static(key), value)).collect()
}

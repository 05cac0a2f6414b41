//! What templates see besides values: `.Chart`, `.Release`, `.Capabilities`, `.Files`.

mod capabilities;
mod chart;
mod files;
mod glob;

use std::rc::Rc;

pub(super) use capabilities::Cluster;
pub(super) use chart::chart;
pub(super) use files::Files;

use super::value::Value;
use super::{Release, Stage};

/// Builds `.Release`.
pub(super) fn release(release: &Release) -> Value {
    let install = release.stage == Stage::Install;
    let entries = [
        ("IsInstall", Value::Bool(install)),
        ("IsUpgrade", Value::Bool(!install)),
        ("Name", Value::from(release.name.as_str())),
        ("Namespace", Value::from(release.namespace.as_str())),
        ("Revision", Value::Int(1)),
        ("Service", Value::from("Helm")),
    ];
    entries.into_iter().map(|(key, value)| (key.into(), value)).collect()
}

/// Builds `.Capabilities`.
pub(super) fn capabilities(capabilities: &super::Capabilities) -> Value {
    Value::Native(Rc::new(Cluster::new(capabilities)))
}

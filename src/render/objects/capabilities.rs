//! `.Capabilities`: what Helm says of the cluster.

use std::any::Any;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::render::Capabilities;
use crate::render::functions::{FunctionError, Param};
use crate::render::value::{Kind, Native, Value};
use crate::yaml::Data;

/// The commit that Helm 4.1.4 was built from.
const HELM_COMMIT: &str = "05fa37973dc9e42b76e1d2883494c87174b6074f";

/// Helm's `*common.Capabilities`.
#[derive(Debug)]
pub(in crate::render) struct Cluster {
    kube_version: Value,
    api_versions: Value,
    helm_version: Value,
}

impl Cluster {
    pub(in crate::render) fn new(capabilities: &Capabilities) -> Self {
        let kube_version = KubeVersion {
            version: capabilities.version.clone(),
            normalised: capabilities.normalised.clone(),
            major: capabilities.major.clone(),
            minor: capabilities.minor.clone(),
        };
        Self {
            kube_version: Value::Native(Rc::new(kube_version)),
            api_versions: Value::Native(Rc::new(VersionSet(capabilities.api_versions.clone()))),
            helm_version: Value::Native(Rc::new(HelmVersion)),
        }
    }
}

impl Native for Cluster {
    fn type_name(&self) -> &str {
        "*common.Capabilities"
    }

    fn kind(&self) -> Kind {
        Kind::Ptr
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "KubeVersion" => Some(self.kube_version.clone()),
            "APIVersions" => Some(self.api_versions.clone()),
            "HelmVersion" => Some(self.helm_version.clone()),
            _ => None,
        }
    }

    fn print(&self) -> String {
        let parts = [&self.kube_version, &self.api_versions, &self.helm_version];
        format!("&{{{}}}", parts.map(Value::print).join(" "))
    }

    fn to_data(&self) -> Option<Data> {
        Some(Data::Map(
            [
                ("APIVersions", self.api_versions.to_data()?),
                ("HelmVersion", self.helm_version.to_data()?),
                ("KubeVersion", self.kube_version.to_data()?),
            ]
            .map(|(key, value)| (SmolStr::new_static(key), value))
            .into(),
        ))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Debug)]
struct KubeVersion {
    version: String,
    normalised: String,
    major: String,
    minor: String,
}

impl Native for KubeVersion {
    fn type_name(&self) -> &str {
        "common.KubeVersion"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Version" => Some(Value::from(self.version.as_str())),
            "Major" => Some(Value::from(self.major.as_str())),
            "Minor" => Some(Value::from(self.minor.as_str())),
            _ => None,
        }
    }

    fn method(&self, name: &str) -> Option<&'static [Param]> {
        matches!(name, "String" | "GitVersion").then_some(&[])
    }

    fn call(&self, method: &str, args: &[Value]) -> Option<Result<Value, FunctionError>> {
        match (method, args) {
            ("String", []) => Some(Ok(Value::from(self.normalised.as_str()))),
            ("GitVersion", []) => Some(Ok(Value::from(self.version.as_str()))),
            _ => None,
        }
    }

    fn print(&self) -> String {
        format!("{{{} {} {} {}}}", self.version, self.normalised, self.major, self.minor)
    }

    fn shown(&self) -> String {
        self.normalised.clone()
    }

    fn to_data(&self) -> Option<Data> {
        Some(strings([("Major", &self.major), ("Minor", &self.minor), ("Version", &self.version)]))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Debug)]
struct VersionSet(Vec<String>);

impl Native for VersionSet {
    fn type_name(&self) -> &str {
        "common.VersionSet"
    }

    fn kind(&self) -> Kind {
        Kind::Slice
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn method(&self, name: &str) -> Option<&'static [Param]> {
        (name == "Has").then_some(&[Param::String])
    }

    fn call(&self, method: &str, args: &[Value]) -> Option<Result<Value, FunctionError>> {
        match (method, args) {
            ("Has", [Value::Str(version)]) => {
                let known = self.0.iter().any(|known| known.as_bytes() == version.as_bytes());
                Some(Ok(Value::Bool(known)))
            }
            _ => None,
        }
    }

    fn print(&self) -> String {
        format!("[{}]", self.0.join(" "))
    }

    fn to_data(&self) -> Option<Data> {
        Some(Data::Seq(self.0.iter().map(|it| Data::Str(it.into())).collect()))
    }

    fn truth(&self) -> bool {
        !self.0.is_empty()
    }

    fn items(&self) -> Option<Vec<Value>> {
        Some(self.0.iter().map(|it| Value::from(it.as_str())).collect())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The fields of Helm's version: name in templates, name in JSON, value.
const HELM_VERSION: [(&str, &str, &str); 5] = [
    ("Version", "version", "v4.1.4"),
    ("GitCommit", "git_commit", HELM_COMMIT),
    ("GitTreeState", "git_tree_state", "clean"),
    ("GoVersion", "go_version", "go1.25.9"),
    ("KubeClientVersion", "kube_client_version", "v1.35"),
];

#[derive(Debug)]
struct HelmVersion;

impl Native for HelmVersion {
    fn type_name(&self) -> &str {
        "version.BuildInfo"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        let row = HELM_VERSION.iter().find(|(field, ..)| *field == name)?;
        Some(Value::from(row.2))
    }

    fn print(&self) -> String {
        format!("{{{}}}", HELM_VERSION.map(|(_, _, value)| value).join(" "))
    }

    fn to_data(&self) -> Option<Data> {
        Some(Data::Map(
            HELM_VERSION.map(|(_, key, value)| (key.into(), Data::Str(value.into()))).into(),
        ))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn strings<const N: usize>(entries: [(&'static str, &String); N]) -> Data {
    let pair =
        |(key, value): (&'static str, &String)| (SmolStr::new_static(key), Data::Str(value.into()));
    Data::Map(entries.map(pair).into())
}

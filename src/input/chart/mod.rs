//! Charts: folders and packages, with their sub-charts, as Helm loads them.

mod archive;
mod assemble;
pub(crate) mod decode;
mod folder;
mod ignore;
mod metadata;
mod moment;
mod overlay;
pub(crate) mod pattern;
mod version;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use assemble::Room;
pub(crate) use assemble::has_manifest_extension;
#[cfg(test)]
pub(crate) use assemble::of_texts;
pub(super) use folder::realm_of;

use super::{Error, disk};
use crate::source::{FileId, SharedText, SourceMap};
use crate::yaml::Data;

/// A chart as it was loaded; nothing of its values or dependencies has been resolved.
#[derive(Debug, Clone)]
pub struct Chart {
    /// The path as messages show it: relative to the working directory, `/` between its parts.
    pub path: String,
    /// Chart.yaml, with requirements.yaml merged in where Helm does so.
    pub metadata: Metadata,
    /// The files below templates/, text and otherwise, in that order too.
    pub templates: Vec<ChartFile>,
    /// All files that `.Files` shows, and crds/ among them, in the order in which Helm finds them:
    /// that of the names in each folder, depth first; or that of an archive.
    pub files: Vec<ChartFile>,
    /// values.yaml read; an empty map where there is none.
    pub values: Data,
    /// values.yaml as it was written; none where there is none.
    pub values_file: Option<ChartFile>,
    /// values.schema.json.
    pub schema: Option<Arc<[u8]>>,
    /// The charts below charts/.
    pub dependencies: Vec<Arc<Chart>>,
    /// What Helm warns of while loading, each as the rest of a logfmt line after `level=`.
    pub warnings: Vec<String>,
}

/// A file of a chart.
#[derive(Debug, Clone)]
pub struct ChartFile {
    /// The path within the chart: `templates/rbac.yaml`.
    pub name: SmolStr,
    /// The content without a byte order mark.
    pub content: Content,
    /// The text among all texts, for templates and CRDs that are UTF-8.
    pub file: Option<FileId>,
}

/// The content of a file, which all that speak of it share.
#[derive(Debug, Clone)]
pub enum Content {
    /// What is UTF-8 and may be cited.
    Text(SharedText),
    /// Anything else.
    Bytes(Arc<Vec<u8>>),
}

impl Content {
    /// Returns the content as text; bytes that are no UTF-8 become replacement characters.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Text(text) => Cow::Borrowed(text),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes),
        }
    }

    /// Returns the content as [`Content::text`] does, to keep.
    #[must_use]
    pub fn shared_text(&self) -> SharedText {
        match self {
            Self::Text(text) => text.clone(),
            Self::Bytes(bytes) => String::from_utf8_lossy(bytes).into(),
        }
    }
}

impl std::ops::Deref for Content {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Bytes(bytes) => bytes,
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Arc::new(bytes))
    }
}

/// Chart.yaml.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Metadata {
    /// `name`
    pub name: String,
    /// `version`
    pub version: String,
    /// `apiVersion`: `v1` or `v2`.
    pub api_version: String,
    /// `appVersion`
    pub app_version: String,
    /// `kubeVersion`
    pub kube_version: String,
    /// `description`
    pub description: String,
    /// `type`: `application`, `library` or empty.
    pub chart_type: String,
    /// `home`
    pub home: String,
    /// `icon`
    pub icon: String,
    /// `condition`
    pub condition: String,
    /// `tags`
    pub tags: String,
    /// `deprecated`
    pub deprecated: bool,
    /// `annotations`; none where the key is absent.
    pub annotations: Option<std::collections::BTreeMap<SmolStr, SmolStr>>,
    /// `keywords`
    pub keywords: Vec<String>,
    /// `sources`
    pub sources: Vec<String>,
    /// `maintainers`
    pub maintainers: Vec<Maintainer>,
    /// `dependencies`
    pub dependencies: Vec<Dependency>,
}

/// A maintainer of a chart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Maintainer {
    /// `name`
    pub name: String,
    /// `email`
    pub email: String,
    /// `url`
    pub url: String,
}

/// An entry of a chart's dependencies.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dependency {
    /// `name`
    pub name: String,
    /// `version`: a constraint.
    pub version: String,
    /// `repository`
    pub repository: String,
    /// `condition`: paths of values, separated by commas.
    pub condition: String,
    /// `tags`
    pub tags: Vec<String>,
    /// `enabled`, which Helm sets itself while it resolves.
    pub enabled: bool,
    /// `import-values`: texts, or maps of `child` and `parent`.
    pub import_values: Vec<Data>,
    /// `alias`
    pub alias: String,
}

/// A file before it is known what it is.
struct RawFile {
    /// The path within the chart.
    name: String,
    /// The content without a byte order mark.
    content: Vec<u8>,
}

/// Loads a chart from a folder or a package, with its sub-charts.
///
/// # Errors
/// In Helm's words, where it is no chart or a part of it cannot be read.
pub fn load(path: &Path, sources: &mut SourceMap) -> Result<Chart, Error> {
    let shown = shown(path);
    let Ok(metadata) = path.metadata() else {
        return Err(Error::new(format!("path {:?} not found", path.display().to_string())));
    };
    if metadata.is_dir() {
        load_folder(path, &shown, sources)
    } else {
        load_archive(path, &shown, sources)
    }
}

/// Returns the name of a chart; of a folder Chart.yaml alone is read.
///
/// # Errors
/// Where there is no chart.
pub fn name(path: &Path) -> Result<String, Error> {
    if path.is_dir() {
        let content = disk::read(&path.join("Chart.yaml"))?;
        let chart = crate::yaml::read(&String::from_utf8_lossy(&without_mark(content)));
        if let Ok(Data::Map(mut chart)) = chart
            && let Some(Data::Str(name)) = chart.remove("name")
        {
            return Ok(name.into());
        }
    }
    Ok(load(path, &mut SourceMap::new())?.metadata.name)
}

fn load_folder(path: &Path, shown: &str, sources: &mut SourceMap) -> Result<Chart, Error> {
    let file = path.join("Chart.yaml");
    let content = disk::read_found(&file).map_err(|error| {
        let file = absolute(&file);
        let words = disk::read_words(&file, &error);
        Error::new(format!("unable to detect chart at {file}: {words}"))
    })?;
    check_api_version(&without_mark(content))?;
    let folder = folder::read(path)?;
    let mut chart = assemble::assemble(folder.files, shown, sources, &mut Room::new())?;
    chart.warnings.splice(0..0, folder.warnings);
    Ok(chart)
}

fn load_archive(path: &Path, shown: &str, sources: &mut SourceMap) -> Result<Chart, Error> {
    let name = absolute(path);
    let bytes =
        disk::read_raw(path).map_err(|error| Error::new(disk::read_words(&name, &error)))?;
    if !archive::is_gzip(&bytes) {
        return Err(Error::new(no_archive(&name, &bytes)));
    }
    let mut room = Room::new();
    let files = archive::read(&bytes, &mut room.bytes)
        .map_err(|_| Error::new("unable to load chart archive"))?;
    let Some(chart) = files.iter().find(|file| file.name == "Chart.yaml") else {
        return Err(Error::new("unable to detect chart version, no Chart.yaml found"));
    };
    check_api_version(&chart.content)?;
    assemble::assemble(files, shown, sources, &mut room)
}

fn no_archive(name: &str, bytes: &[u8]) -> String {
    if name.ends_with(".yml") || name.ends_with(".yaml") {
        return format!("file '{name}' seems to be a YAML file, but expected a gzipped archive");
    }
    let is_binary = |byte: &u8| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31);
    // Helm looks at 512 bytes, zeros where the file is shorter.
    let binary = bytes.len() < 512 || bytes.iter().take(512).any(is_binary);
    let kind = if binary { "application/octet-stream" } else { "text/plain; charset=utf-8" };
    format!("file '{name}' does not appear to be a gzipped archive; got '{kind}'")
}

/// Refuses charts of a kind that Helm does not install.
fn check_api_version(chart_yaml: &[u8]) -> Result<(), Error> {
    let version = metadata::api_version(chart_yaml)
        .map_err(|error| Error::new(format!("cannot load Chart.yaml: {error}")))?;
    match version.as_str() {
        "" | "v1" | "v2" => Ok(()),
        "v3" => Err(Error::new("invalid chart apiVersion")),
        _ => Err(Error::new("unsupported chart version")),
    }
}

/// Returns a path as messages show it.
fn shown(path: &Path) -> String {
    let text = path.to_string_lossy().replace('\\', "/");
    let root = if text.starts_with('/') { "/" } else { "" };
    format!("{root}{}", archive::clean(&text))
}

/// Returns a path from the root on, as Helm names paths in errors.
fn absolute(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.into());
    shown(&absolute)
}

fn without_mark(mut content: Vec<u8>) -> Vec<u8> {
    if content.starts_with(b"\xef\xbb\xbf") {
        content.drain(..3);
    }
    content
}

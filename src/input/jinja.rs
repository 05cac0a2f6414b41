//! Folders of Jinja templates, on disk and compiled in, as charts.

use std::path::Path;

use smol_str::SmolStr;
use walkdir::WalkDir;

use super::{Chart, ChartFile, Error, Metadata, Text, disk};
use crate::source::SourceMap;
use crate::yaml::{self, Data};

/// A set of templates that is compiled in.
#[derive(Debug)]
pub struct Builtin {
    /// The name that `--builtin` takes.
    pub name: &'static str,
    /// What it gives, in one phrase.
    pub summary: &'static str,
    /// The files: path and text.
    pub files: &'static [(&'static str, &'static str)],
}

macro_rules! files {
    ($folder:literal: $($name:literal),+) => {
        &[$(($name, include_str!(concat!("../../templates/", $folder, "/", $name)))),+]
    };
}

/// The sets of templates that are compiled in, sorted by name.
pub static BUILTINS: &[Builtin] = &[
    Builtin {
        name: "operator-per-namespace",
        summary: "an operator whose binding has a name for each namespace",
        files: files!("operator-per-namespace": "binding.yaml.j2", "role.yaml.j2", "serviceaccount.yaml.j2", "values.yaml"),
    },
    Builtin {
        name: "operator-shared-binding",
        summary: "an operator whose releases share one binding, which `rolecall merge` unites",
        files: files!("operator-shared-binding": "binding.yaml.j2", "role.yaml.j2", "serviceaccount.yaml.j2", "values.yaml"),
    },
];

/// Returns the set of templates of a name.
///
/// # Errors
/// Where there is none; the help names those that there are.
pub fn builtin(name: &str) -> Result<&'static Builtin, Error> {
    BUILTINS.iter().find(|it| it.name == name).ok_or_else(|| {
        let names: Vec<&str> = BUILTINS.iter().map(|it| it.name).collect();
        Error::new(format!("there are no built-in templates `{name}`"))
            .with_help(format!("there are: {}", names.join(", ")))
    })
}

impl Builtin {
    /// Returns the set as a chart; releases are named after it unless they have a name.
    ///
    /// # Errors
    /// Where its values cannot be read.
    pub fn chart(&self, sources: &mut SourceMap) -> Result<Chart, Error> {
        let path = format!("builtin:{}", self.name);
        let mut folder = Folder { chart: empty(&path, "operator") };
        for (name, text) in self.files {
            folder.add(name, text.as_bytes().to_vec(), sources)?;
        }
        Ok(folder.chart)
    }
}

/// Loads a folder of `*.yaml.j2` templates as a chart that is named after it; `shown` is its path
/// in messages.
///
/// # Errors
/// Where a file cannot be read, or values.yaml is no YAML.
pub fn load_jinja(path: &Path, shown: &str, sources: &mut SourceMap) -> Result<Chart, Error> {
    let absolute = path.canonicalize().unwrap_or_else(|_| path.into());
    let name = absolute.file_name().and_then(|name| name.to_str()).unwrap_or("templates");
    let mut folder = Folder { chart: empty(shown, name) };
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = entry.map_err(|error| Error::walk(path, &error))?;
        let Ok(below) = entry.path().strip_prefix(path) else { continue };
        let hidden = entry.file_name().to_string_lossy().starts_with('.') && entry.depth() > 0;
        if entry.file_type().is_file() && !hidden {
            let name = below.to_string_lossy().replace('\\', "/");
            folder.add(&name, disk::read(entry.path())?, sources)?;
        }
    }
    Ok(folder.chart)
}

fn empty(path: &str, name: &str) -> Chart {
    Chart {
        path: path.into(),
        metadata: Metadata {
            name: name.into(),
            version: "0.1.0".into(),
            api_version: "v2".into(),
            chart_type: "application".into(),
            ..Metadata::default()
        },
        templates: Vec::new(),
        files: Vec::new(),
        values: Data::Map(Default::default()),
        values_file: None,
        schema: None,
        dependencies: Vec::new(),
        warnings: Vec::new(),
    }
}

/// A folder that becomes a chart file by file.
struct Folder {
    chart: Chart,
}

impl Folder {
    fn add(&mut self, name: &str, bytes: Vec<u8>, sources: &mut SourceMap) -> Result<(), Error> {
        let shown = format!("{}/{name}", self.chart.path);
        if name == "values.yaml" {
            let text = Text::of_bytes(bytes, &shown, sources)?;
            self.chart.values = match yaml::read(&text.content) {
                Ok(Data::Null) => Data::Map(Default::default()),
                Ok(values) => values,
                Err(error) => return Err(text.error_at(Some(error.offset()), &error)),
            };
            return Ok(());
        }
        let is_template = name.ends_with(".j2");
        let content = bytes.clone().into();
        let file = match is_template {
            true => Some(Text::of_bytes(bytes, &shown, sources)?.file),
            false => None,
        };
        let place =
            SmolStr::from(if is_template { format!("templates/{name}") } else { name.into() });
        let file = ChartFile { name: place, content, file };
        if is_template { &mut self.chart.templates } else { &mut self.chart.files }.push(file);
        Ok(())
    }
}

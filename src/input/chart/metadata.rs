//! Chart.yaml and requirements.yaml: how they are read and what Helm refuses.

use super::decode::{Cell, Decoder, Document};
use super::{Dependency, Maintainer, Metadata, moment, version};
use crate::input::Error;
use crate::yaml::Data;

/// Metadata while it is read: lists may still hold nulls.
#[derive(Debug, Default)]
pub(super) struct Draft {
    metadata: Metadata,
    maintainers: Vec<Option<Maintainer>>,
    dependencies: Vec<Option<Dependency>>,
}

/// Returns `apiVersion` alone, which decides who reads the chart.
///
/// # Errors
/// Where the text is no YAML, no map, or where the key does not hold a text.
pub(super) fn api_version(content: &[u8]) -> Result<String, String> {
    let go_type = ("loader", "chartBase");
    Document::read_bytes(content)?.decode(go_type, |decoder, root| {
        let mut version = String::new();
        for (key, cell) in root.entries() {
            if key.eq_ignore_ascii_case("apiVersion") {
                decoder.field("apiVersion", |decoder| decoder.text(cell, &mut version));
            }
        }
        version
    })
}

/// Checks a lock file, of which nothing is used.
///
/// # Errors
/// Where it is no YAML or no map, or where a field is of the wrong type.
pub(super) fn check_lock(content: &[u8]) -> Result<(), String> {
    Document::read_bytes(content)?.decode(("v2", "Lock"), |decoder, root| {
        for (key, cell) in root.entries() {
            match key.to_ascii_lowercase().as_str() {
                "digest" => decoder.field("digest", |it| it.text(cell, &mut String::new())),
                "dependencies" => dependencies(decoder, cell, &mut Vec::new()),
                "generated" => match cell.data {
                    Data::Null => {}
                    Data::Str(text) => moment::check(text).unwrap_or_else(|it| decoder.stop(it)),
                    _ => decoder.stop("Time.UnmarshalJSON: input is not a JSON string".into()),
                },
                _ => {}
            }
        }
    })
}

impl Draft {
    /// Reads a file over what is already there.
    ///
    /// # Errors
    /// Where it is no YAML or no map, or where a field is of the wrong type.
    pub(super) fn read_over(&mut self, content: &[u8]) -> Result<(), String> {
        Document::read_bytes(content)?.decode(("v2", "Metadata"), |decoder, root| {
            for (key, cell) in root.entries() {
                self.field(decoder, &key.to_ascii_lowercase(), cell);
            }
        })
    }

    fn field(&mut self, decoder: &mut Decoder, key: &str, cell: Cell<'_>) {
        let metadata = &mut self.metadata;
        let (name, into) = match key {
            "name" => ("name", &mut metadata.name),
            "home" => ("home", &mut metadata.home),
            "version" => ("version", &mut metadata.version),
            "description" => ("description", &mut metadata.description),
            "icon" => ("icon", &mut metadata.icon),
            "apiversion" => ("apiVersion", &mut metadata.api_version),
            "condition" => ("condition", &mut metadata.condition),
            "tags" => ("tags", &mut metadata.tags),
            "appversion" => ("appVersion", &mut metadata.app_version),
            "kubeversion" => ("kubeVersion", &mut metadata.kube_version),
            "type" => ("type", &mut metadata.chart_type),
            _ => return self.other_field(decoder, key, cell),
        };
        decoder.field(name, |decoder| decoder.text(cell, into));
    }

    fn other_field(&mut self, decoder: &mut Decoder, key: &str, cell: Cell<'_>) {
        let metadata = &mut self.metadata;
        match key {
            "sources" => decoder.field("sources", |it| it.texts(cell, &mut metadata.sources)),
            "keywords" => decoder.field("keywords", |it| it.texts(cell, &mut metadata.keywords)),
            "deprecated" => {
                decoder.field("deprecated", |it| it.boolean(cell, &mut metadata.deprecated));
            }
            "annotations" => {
                decoder.field("annotations", |it| it.text_map(cell, &mut metadata.annotations));
            }
            "maintainers" => maintainers(decoder, cell, &mut self.maintainers),
            "dependencies" => dependencies(decoder, cell, &mut self.dependencies),
            _ => {}
        }
    }

    /// Returns `apiVersion` as far as it is known.
    pub(super) fn api_version(&self) -> &str {
        &self.metadata.api_version
    }

    /// Sets `apiVersion` where Chart.yaml has none: such charts are Helm 2's.
    pub(super) fn default_api_version(&mut self) {
        if self.metadata.api_version.is_empty() {
            self.metadata.api_version = "v1".into();
        }
    }

    /// Cleans the texts and checks everything that Helm checks.
    ///
    /// # Errors
    /// `validation: …`
    pub(super) fn finish(self) -> Result<Metadata, Error> {
        self.check().map_err(|error| Error::new(format!("validation: {error}")))
    }

    fn check(self) -> Result<Metadata, String> {
        let mut metadata = self.metadata;
        sanitize_all(&mut metadata);
        check_names(&metadata)?;
        for maintainer in self.maintainers {
            let mut maintainer =
                maintainer.ok_or("maintainers must not contain empty or null nodes")?;
            for text in [&mut maintainer.name, &mut maintainer.email, &mut maintainer.url] {
                sanitize(text);
            }
            metadata.maintainers.push(maintainer);
        }
        for dependency in self.dependencies {
            let dependency = check_dependency(dependency)?;
            let key = dependency.key();
            if metadata.dependencies.iter().any(|other| other.key() == key) {
                return Err(format!("more than one dependency with name or alias {key:?}"));
            }
            metadata.dependencies.push(dependency);
        }
        Ok(metadata)
    }
}

impl Dependency {
    /// Returns the name that values and templates know the dependency by.
    fn key(&self) -> &str {
        if self.alias.is_empty() { &self.name } else { &self.alias }
    }
}

fn maintainers(decoder: &mut Decoder, cell: Cell<'_>, into: &mut Vec<Option<Maintainer>>) {
    decoder.field("maintainers", |decoder| {
        let list = (cell, "Maintainer", "[]*v2.Maintainer");
        decoder.structs(list, into, |decoder, cell, maintainer: &mut Maintainer| {
            for (key, cell) in cell.entries() {
                let (name, into) = match key.to_ascii_lowercase().as_str() {
                    "name" => ("name", &mut maintainer.name),
                    "email" => ("email", &mut maintainer.email),
                    "url" => ("url", &mut maintainer.url),
                    _ => continue,
                };
                decoder.field(name, |decoder| decoder.text(cell, into));
            }
        });
    });
}

fn dependencies(decoder: &mut Decoder, cell: Cell<'_>, into: &mut Vec<Option<Dependency>>) {
    decoder.field("dependencies", |decoder| {
        let list = (cell, "Dependency", "[]*v2.Dependency");
        decoder.structs(list, into, |decoder, cell, dependency: &mut Dependency| {
            for (key, cell) in cell.entries() {
                dependency_field(decoder, (&key.to_ascii_lowercase(), cell), dependency);
            }
        });
    });
}

fn dependency_field(
    decoder: &mut Decoder,
    (key, cell): (&str, Cell<'_>),
    dependency: &mut Dependency,
) {
    let (name, into) = match key {
        "name" => ("name", &mut dependency.name),
        "version" => ("version", &mut dependency.version),
        "repository" => ("repository", &mut dependency.repository),
        "condition" => ("condition", &mut dependency.condition),
        "alias" => ("alias", &mut dependency.alias),
        "tags" => return decoder.field("tags", |it| it.texts(cell, &mut dependency.tags)),
        "enabled" => {
            return decoder.field("enabled", |it| it.boolean(cell, &mut dependency.enabled));
        }
        "import-values" => {
            let list = decoder.field("import-values", |it| it.list(cell, "[]interface {}"));
            dependency.import_values = list.into_iter().map(|cell| cell.data.clone()).collect();
            return;
        }
        _ => return,
    };
    decoder.field(name, |decoder| decoder.text(cell, into));
}

fn sanitize_all(metadata: &mut Metadata) {
    let texts = [
        &mut metadata.name,
        &mut metadata.description,
        &mut metadata.home,
        &mut metadata.icon,
        &mut metadata.condition,
        &mut metadata.tags,
        &mut metadata.app_version,
        &mut metadata.kube_version,
    ];
    let lists = metadata.sources.iter_mut().chain(&mut metadata.keywords);
    texts.into_iter().chain(lists).for_each(sanitize);
}

fn check_names(metadata: &Metadata) -> Result<(), String> {
    let Metadata { name, version, .. } = metadata;
    if name.is_empty() {
        return Err("chart.metadata.name is required".into());
    }
    if name == "." || name == ".." {
        return Err(format!("chart.metadata.name {name:?} is not allowed"));
    }
    if name.contains('/') {
        return Err(format!("chart.metadata.name {name:?} is invalid"));
    }
    if version.is_empty() {
        return Err("chart.metadata.version is required".into());
    }
    if !version::is_valid(version) {
        return Err(format!("chart.metadata.version {version:?} is invalid"));
    }
    if !["", "application", "library"].contains(&metadata.chart_type.as_str()) {
        return Err("chart.metadata.type must be application or library".into());
    }
    Ok(())
}

fn check_dependency(dependency: Option<Dependency>) -> Result<Dependency, String> {
    let mut dependency = dependency.ok_or("dependencies must not contain empty or null nodes")?;
    let texts = [
        &mut dependency.name,
        &mut dependency.version,
        &mut dependency.repository,
        &mut dependency.condition,
    ];
    texts.into_iter().chain(&mut dependency.tags).for_each(sanitize);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    if !dependency.alias.bytes().all(allowed) {
        let name = &dependency.name;
        return Err(format!("dependency {name:?} has disallowed characters in the alias"));
    }
    dependency.import_values.retain(|value| matches!(value, Data::Str(_) | Data::Map(_)));
    Ok(dependency)
}

/// Turns white space into blanks and drops what cannot be printed.
fn sanitize(text: &mut String) {
    if text.bytes().all(|byte| (b' '..0x7f).contains(&byte)) {
        return;
    }
    let kept = text.chars().filter_map(|character| {
        if character.is_whitespace() {
            return Some(' ');
        }
        is_printable(character).then_some(character)
    });
    *text = kept.collect();
}

fn is_printable(character: char) -> bool {
    // A combining mark is only escaped where nothing stands before it.
    let text: String = ['a', character].into_iter().collect();
    !text.escape_debug().skip(1).collect::<String>().starts_with("\\u")
}

//! Files to a chart: what each file is taken for, and the sub-charts below charts/.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::metadata::{self, Draft};
use super::{Chart, ChartFile, Content, Metadata, RawFile, archive};
use crate::input::{Error, values};
use crate::source::{SharedText, SourceMap};
use crate::yaml::Data;

/// Builds a chart of its files, in the order in which they were found.
///
/// # Errors
/// In Helm's words.
pub(super) fn assemble(
    files: Vec<RawFile>,
    path: &str,
    sources: &mut SourceMap,
    room: &mut Room,
) -> Result<Chart, Error> {
    let Some(levels) = room.levels.checked_sub(1) else {
        return Err(Error::new(format!("sub-charts nest deeper than {LEVELS}")));
    };
    room.levels = levels;
    let mut parts = Parts::new(path, sources, room);
    parts.read_chart_yaml(&files)?;
    for file in files {
        parts.take(file)?;
    }
    let chart = parts.finish()?;
    room.levels += 1;
    Ok(chart)
}

/// How deep sub-charts may nest.
const LEVELS: usize = 64;

/// What a chart may still hold.
pub(super) struct Room {
    /// The bytes of the files in archives.
    pub(super) bytes: u64,
    levels: usize,
}

impl Room {
    /// Returns the room of a chart.
    pub(super) fn new() -> Self {
        Self { bytes: archive::TOTAL_LIMIT, levels: LEVELS }
    }
}

struct Parts<'a> {
    chart: Chart,
    draft: Option<Draft>,
    /// The files below charts/, by what follows it.
    below: BTreeMap<String, Vec<RawFile>>,
    sources: &'a mut SourceMap,
    room: &'a mut Room,
}

impl<'a> Parts<'a> {
    fn new(path: &str, sources: &'a mut SourceMap, room: &'a mut Room) -> Self {
        let chart = Chart {
            path: path.into(),
            metadata: Metadata::default(),
            templates: Vec::new(),
            files: Vec::new(),
            values: Data::Map(BTreeMap::new()),
            values_file: None,
            schema: None,
            dependencies: Vec::new(),
            warnings: Vec::new(),
        };
        Self { chart, draft: None, below: BTreeMap::new(), sources, room }
    }

    /// Reads Chart.yaml before everything else, for what the others mean depends on it.
    fn read_chart_yaml(&mut self, files: &[RawFile]) -> Result<(), Error> {
        for file in files.iter().filter(|file| file.name == "Chart.yaml") {
            let draft = self.draft.get_or_insert_default();
            draft.read_over(&file.content).map_err(|it| cannot_load(file, &it))?;
            draft.default_api_version();
        }
        Ok(())
    }

    fn take(&mut self, file: RawFile) -> Result<(), Error> {
        match file.name.as_str() {
            "Chart.yaml" => {}
            "Chart.lock" => {
                metadata::check_lock(&file.content).map_err(|error| cannot_load(&file, &error))?;
            }
            "values.yaml" => {
                self.chart.values =
                    values::read(&file.content).map_err(|error| cannot_load(&file, &error))?;
                self.chart.values_file = Some(self.with_source(file));
            }
            "values.schema.json" => self.chart.schema = Some(file.content.into()),
            "requirements.yaml" => self.take_requirements(file)?,
            "requirements.lock" => self.take_requirements_lock(file)?,
            name if name.starts_with("templates/") => {
                let template = self.with_source(file);
                self.chart.templates.push(template);
            }
            name if name.starts_with("charts/") && !name.ends_with(".prov") => {
                self.take_below(file);
            }
            _ => self.take_other(file),
        }
        Ok(())
    }

    fn take_requirements(&mut self, file: RawFile) -> Result<(), Error> {
        let draft = self.draft.get_or_insert_default();
        let is_v1 = draft.api_version() == "v1";
        if !is_v1 {
            self.chart.warnings.push(
                "INFO msg=\"Warning: Dependencies are handled in Chart.yaml since apiVersion \
                 \\\"v2\\\". We recommend migrating dependencies to Chart.yaml.\""
                    .into(),
            );
        }
        draft.read_over(&file.content).map_err(|error| cannot_load(&file, &error))?;
        if draft.api_version() == "v1" {
            self.take_other(file);
        }
        Ok(())
    }

    fn take_requirements_lock(&mut self, file: RawFile) -> Result<(), Error> {
        metadata::check_lock(&file.content).map_err(|error| cannot_load(&file, &error))?;
        if self.draft.get_or_insert_default().api_version() == "v1" {
            self.take_other(file);
            return Ok(());
        }
        self.chart.warnings.push(
            "INFO msg=\"Warning: Dependency locking is handled in Chart.lock since apiVersion \
             \\\"v2\\\". We recommend migrating to Chart.lock.\""
                .into(),
        );
        Ok(())
    }

    fn take_below(&mut self, mut file: RawFile) {
        file.name.drain(.."charts/".len());
        let (top, _) = file.name.split_once('/').unwrap_or((&file.name, ""));
        self.below.entry(top.into()).or_default().push(file);
    }

    fn take_other(&mut self, file: RawFile) {
        // CRDs are rendered as they are, and templates write out other manifests.
        let file = if has_manifest_extension(&file.name) {
            self.with_source(file)
        } else {
            ChartFile { name: file.name.into(), content: file.content.into(), file: None }
        };
        self.chart.files.push(file);
    }

    /// Adds a file to all texts, so that messages can cite it.
    fn with_source(&mut self, file: RawFile) -> ChartFile {
        match String::from_utf8(file.content) {
            Ok(text) => {
                let text = SharedText::from(text);
                let shown = format!("{}/{}", self.chart.path, file.name);
                let id = self.sources.add(shown, text.clone());
                ChartFile { name: file.name.into(), content: Content::Text(text), file: Some(id) }
            }
            Err(error) => {
                let content = error.into_bytes().into();
                ChartFile { name: file.name.into(), content, file: None }
            }
        }
    }

    fn finish(mut self) -> Result<Chart, Error> {
        let draft = self.draft.take().ok_or_else(|| Error::new("Chart.yaml file is missing"))?;
        self.chart.metadata = draft.finish()?;
        for (name, files) in std::mem::take(&mut self.below) {
            if name.starts_with(['_', '.']) {
                continue;
            }
            let parent = &self.chart.metadata.name;
            if let Some(file) = files.first().filter(|it| name.ends_with(".tgz") && it.name != name)
            {
                let got = &file.name;
                return Err(Error::new(format!(
                    "error unpacking subchart tar in {parent}: expected {name}, got {got}"
                )));
            }
            let chart = self.sub_chart(&name, files).map_err(|error| {
                let parent = &self.chart.metadata.name;
                Error::new(format!("error unpacking subchart {name} in {parent}: {error}"))
            })?;
            self.chart.warnings.extend(chart.warnings.iter().cloned());
            self.chart.dependencies.push(Arc::new(chart));
        }
        Ok(self.chart)
    }

    fn sub_chart(&mut self, name: &str, files: Vec<RawFile>) -> Result<Chart, Error> {
        let path = format!("{}/charts/{name}", self.chart.path);
        if name.ends_with(".tgz") {
            let file = files.into_iter().next().expect("a name comes from a file");
            let files = archive::read(&file.content, &mut self.room.bytes).map_err(Error::new)?;
            return assemble(files, &path, self.sources, self.room);
        }
        let inner = files.into_iter().filter_map(|file| {
            let (_, inner) = file.name.split_once('/')?;
            Some(RawFile { name: inner.into(), content: file.content })
        });
        assemble(inner.collect(), &path, self.sources, self.room)
    }
}

/// Tells whether a file of crds/ holds manifests by its name.
pub(crate) fn has_manifest_extension(name: &str) -> bool {
    let base = name.rsplit('/').next().unwrap_or(name);
    let extension = base.rsplit_once('.').map_or("", |(_, extension)| extension);
    ["yaml", "yml", "json"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn cannot_load(file: &RawFile, error: &str) -> Error {
    Error::new(format!("cannot load {}: {error}", file.name))
}

/// Builds a chart of texts, for tests.
#[cfg(test)]
pub(crate) fn of_texts(files: &[(&str, &str)]) -> Result<Chart, Error> {
    let raw = |(name, text): &(&str, &str)| RawFile {
        name: (*name).into(),
        content: text.as_bytes().to_vec(),
    };
    assemble(files.iter().map(raw).collect(), "c", &mut SourceMap::new(), &mut Room::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHART: (&str, &str) = ("Chart.yaml", "apiVersion: v2\nname: c\nversion: 0.1.0\n");
    const SUB: &str = "apiVersion: v2\nname: s\nversion: 1.0.0\n";

    fn names(files: &[ChartFile]) -> Vec<&str> {
        files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn each_file_goes_where_helm_puts_it() {
        let chart = of_texts(&[
            ("Chart.lock", "digest: x\n"),
            CHART,
            (".helmignore", ""),
            ("charts/_x/Chart.yaml", "["),
            ("charts/.y", ""),
            ("charts/s/Chart.yaml", SUB),
            ("charts/s/templates/t.yaml", "a: 1"),
            ("charts/s/x.prov", ""),
            ("crds/a.yaml", "kind: X"),
            ("crds/readme.md", "x"),
            ("requirements.lock", "digest: x"),
            ("templates/t.txt", "a: 1"),
            ("values.schema.json", "{}"),
            ("values.yaml", "a: x\n"),
        ])
        .unwrap();
        assert_eq!(names(&chart.templates), ["templates/t.txt"]);
        let others = [".helmignore", "charts/s/x.prov", "crds/a.yaml", "crds/readme.md"];
        assert_eq!(names(&chart.files), others);
        let known: Vec<bool> = chart.files.iter().map(|file| file.file.is_some()).collect();
        assert_eq!(known, [false, false, true, false], "only CRDs can be cited");
        let [sub_chart] = chart.dependencies.as_slice() else { panic!("one sub-chart") };
        assert_eq!((sub_chart.path.as_str(), names(&sub_chart.templates).len()), ("c/charts/s", 1));
        assert_eq!(
            chart.warnings,
            ["INFO msg=\"Warning: Dependency locking is handled in Chart.lock since apiVersion \
              \\\"v2\\\". We recommend migrating to Chart.lock.\""]
        );
    }

    #[test]
    fn what_is_no_chart_is_refused_in_the_words_of_helm() {
        let json = "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal";
        let cases = [
            (vec![("values.yaml", "")], "Chart.yaml file is missing".to_string()),
            (
                vec![CHART, ("charts/README.md", "x")],
                "error unpacking subchart README.md in c: Chart.yaml file is missing".into(),
            ),
            (
                vec![CHART, ("charts/x.tgz", "not gzip")],
                "error unpacking subchart x.tgz in c: unexpected EOF".into(),
            ),
            (
                vec![CHART, ("charts/x.tgz", "neither gzip nor short")],
                "error unpacking subchart x.tgz in c: gzip: invalid header".into(),
            ),
            (
                vec![CHART, ("charts/x.tgz/Chart.yaml", SUB)],
                "error unpacking subchart tar in c: expected x.tgz, got x.tgz/Chart.yaml".into(),
            ),
            (
                vec![CHART, ("charts/s/Chart.yaml", "name: s\n")],
                "error unpacking subchart s in c: validation: chart.metadata.version is required"
                    .into(),
            ),
            (
                vec![CHART, ("values.yaml", "- a\n")],
                format!(
                    "cannot load values.yaml: cannot unmarshal yaml document: {json} array into \
                     Go value of type map[string]interface {{}}"
                ),
            ),
            (
                vec![CHART, ("Chart.lock", "[]\n")],
                format!("cannot load Chart.lock: {json} array into Go value of type v2.Lock"),
            ),
            (
                vec![CHART, ("requirements.yaml", "dependencies: {}\n")],
                format!(
                    "cannot load requirements.yaml: {json} object into Go struct field \
                     Metadata.dependencies of type []*v2.Dependency"
                ),
            ),
        ];
        for (files, expected) in cases {
            assert_eq!(of_texts(&files).unwrap_err().message, expected);
        }
    }

    #[test]
    fn chart_yaml_is_read_loosely_and_checked() {
        let load = |line: &str| {
            let key = line.split(':').next().unwrap_or_default();
            let base = ["apiVersion: v2", "name: c", "version: 0.1.0"];
            let kept = base.iter().filter(|it| !it.starts_with(&format!("{key}:")));
            let text: String = kept.chain([&line]).map(|line| format!("{line}\n")).collect();
            of_texts(&[("Chart.yaml", &text)]).map(|chart| chart.metadata)
        };
        let json = "cannot load Chart.yaml: error unmarshaling JSON: while decoding JSON: json:";
        let cases = [
            ("name: ~", "validation: chart.metadata.name is required".to_string()),
            ("name: a/b", "validation: chart.metadata.name \"a/b\" is invalid".into()),
            ("name: ..", "validation: chart.metadata.name \"..\" is not allowed".into()),
            ("version: abc", "validation: chart.metadata.version \"abc\" is invalid".into()),
            ("type: foo", "validation: chart.metadata.type must be application or library".into()),
            (
                "dependencies: [~]",
                "validation: dependencies must not contain empty or null nodes".into(),
            ),
            (
                "maintainers: [~]",
                "validation: maintainers must not contain empty or null nodes".into(),
            ),
            (
                "dependencies: [{name: d, alias: x}, {name: x}]",
                "validation: more than one dependency with name or alias \"x\"".into(),
            ),
            (
                "dependencies: [{name: d, alias: x y}]",
                "validation: dependency \"d\" has disallowed characters in the alias".into(),
            ),
            (
                "dependencies: [{name: [d]}]",
                format!(
                    "{json} cannot unmarshal array into Go struct field Dependency.dependencies.\
                     name of type string"
                ),
            ),
            (
                "appVersion: {a: 1}",
                format!(
                    "{json} cannot unmarshal object into Go struct field Metadata.appVersion of \
                     type string"
                ),
            ),
        ];
        for (line, expected) in cases {
            assert_eq!(load(line).unwrap_err().message, expected, "{line}");
        }
        assert_eq!(load("DESCRIPTION: \"a\\tb\\nc\\u0007d\"").unwrap().description, "a b cd");
        assert_eq!(load("appVersion: 1.10").unwrap().app_version, "1.1");
        assert_eq!(load("maintainers: [{name: n}]").unwrap().maintainers[0].name, "false");
        assert_eq!(load("apiVersion: ~").unwrap().api_version, "v1");
    }
}

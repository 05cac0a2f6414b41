//! How long it takes to parse templates, to render a release, and to read and write YAML.
//!
//! `cargo bench`; `benches/versus-helm` compares whole runs with the real Helm.

#![allow(clippy::disallowed_methods, reason = "the chart that is measured is made here")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{Criterion, Throughput};
use rolecall::input::{Chart, chart};
use rolecall::render::go::{ir::Source, parse};
use rolecall::render::{Prepared, Release, Settings, Stage};
use rolecall::source::SourceMap;
use rolecall::yaml::{self, Data};

/// How many components the chart that is made here has.
const COMPONENTS: usize = 40;

/// What most charts define.
const HELPERS: &str = r#"{{- define "large.name" -}}
{{- printf "%s-%s" .root.Release.Name .name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "large.labels" -}}
app.kubernetes.io/name: {{ .name | quote }}
app.kubernetes.io/instance: {{ .root.Release.Name | quote }}
{{- with .root.Chart.AppVersion }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
{{- end }}
"#;

/// The objects of one component, NUMBER filled in.
const COMPONENT: &str = r#"{{- $name := "part-NUMBER" }}
{{- $part := index .Values.parts $name }}
{{- $scope := dict "root" $ "name" $name }}
{{- if $part.enabled }}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "large.name" $scope }}
  namespace: {{ .Release.Namespace }}
  labels:
    {{- include "large.labels" $scope | nindent 4 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: {{ include "large.name" $scope }}
  labels:
    {{- include "large.labels" $scope | nindent 4 }}
rules:
{{- range $rule := $part.rules }}
  - apiGroups: {{ $rule.groups | toJson }}
    resources: {{ $rule.resources | toJson }}
    verbs: {{ $rule.verbs | toJson }}
{{- end }}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "large.name" $scope }}
  namespace: {{ .Release.Namespace }}
spec:
  replicas: {{ $part.replicas | default 1 }}
  template:
    metadata:
      labels:
        {{- include "large.labels" $scope | nindent 8 }}
    spec:
      serviceAccountName: {{ include "large.name" $scope }}
      containers:
        - name: main
          image: "{{ $part.image.repository }}:{{ $part.image.tag | default .Chart.AppVersion }}"
          {{- with $part.env }}
          env:
            {{- range $key, $value := . }}
            - name: {{ $key | upper }}
              value: {{ tpl $value $ | quote }}
            {{- end }}
          {{- end }}
          resources:
            {{- toYaml $part.resources | nindent 12 }}
{{- end }}
"#;

/// The values of one component, NUMBER filled in.
const VALUES: &str = r#"  part-NUMBER:
    enabled: true
    replicas: 2
    image: {repository: example.org/part-NUMBER, tag: ""}
    env: {release: "{{ .Release.Name }}", level: info}
    rules:
      - {groups: [""], resources: [pods, secrets], verbs: [get, list, watch]}
      - {groups: [apps], resources: [deployments], verbs: ["*"]}
    resources:
      limits: {cpu: 500m, memory: 128Mi}
      requests: {cpu: 50m, memory: 64Mi}
"#;

/// A chart that is measured.
struct Subject {
    name: &'static str,
    chart: Arc<Chart>,
}

/// Writes the large chart below a folder.
fn write_large(folder: &Path) -> std::io::Result<()> {
    let templates = folder.join("templates");
    std::fs::create_dir_all(&templates)?;
    let about = "apiVersion: v2\nname: large\nversion: 1.0.0\nappVersion: 1.2.3\n";
    std::fs::write(folder.join("Chart.yaml"), about)?;
    std::fs::write(templates.join("_helpers.tpl"), HELPERS)?;
    std::fs::write(folder.join("values.yaml"), large_values())?;
    for number in 0..COMPONENTS {
        let text = COMPONENT.replace("NUMBER", &number.to_string());
        std::fs::write(templates.join(format!("part-{number}.yaml")), text)?;
    }
    Ok(())
}

fn large_values() -> String {
    let mut values = String::from("parts:\n");
    for number in 0..COMPONENTS {
        values.push_str(&VALUES.replace("NUMBER", &number.to_string()));
    }
    values
}

fn subjects() -> Vec<Subject> {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    write_large(folder.path()).expect("the folder can be filled");
    let flux = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/flux");
    let load = |name, path: &Path| {
        let loaded = chart::load(path, &mut SourceMap::new()).expect("it is a chart");
        Subject { name, chart: Arc::new(loaded) }
    };
    vec![load("flux", &flux), load("large", folder.path())]
}

fn release(namespace: &str) -> Release {
    Release { name: "demo".into(), namespace: namespace.into(), stage: Stage::Install }
}

fn prepared(chart: &Arc<Chart>) -> Prepared {
    let values = Data::Map(std::collections::BTreeMap::new());
    Prepared::new(chart, &values, &Settings::default()).expect("the chart is in order")
}

fn parse_templates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse templates");
    for Subject { name, chart } in subjects() {
        let source = |file: &rolecall::input::ChartFile| {
            let text = String::from_utf8_lossy(&file.content).into_owned();
            Arc::new(Source { name: file.name.clone(), file: None, text: text.into() })
        };
        let sources: Vec<Arc<Source>> = chart.templates.iter().map(source).collect();
        let size = sources.iter().map(|source| source.text.len() as u64).sum();
        group.throughput(Throughput::Bytes(size));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for source in &sources {
                    black_box(parse(source)).expect("the templates are well-formed");
                }
            });
        });
    }
    group.finish();
}

fn prepare_chart(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prepare a chart");
    for Subject { name, chart } in subjects() {
        group.bench_function(name, |bencher| bencher.iter(|| black_box(prepared(&chart))));
    }
    group.finish();
}

fn render_release(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("render a release");
    for Subject { name, chart } in subjects() {
        let (prepared, release) = (prepared(&chart), release("team-a"));
        let render = || prepared.render(&release).expect("the chart renders");
        let size = render().manifests.iter().map(|it| it.text.len() as u64).sum();
        group.throughput(Throughput::Bytes(size));
        group.bench_function(name, |bencher| bencher.iter(|| black_box(render())));
    }
    group.finish();
}

fn read_and_write_yaml(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("yaml");
    let values = large_values();
    let mut rendered = String::new();
    for Subject { chart, .. } in subjects() {
        let output = prepared(&chart).render(&release("team-a")).expect("the chart renders");
        for manifest in output.manifests {
            writeln!(rendered, "---\n{}", manifest.text).expect("strings grow");
        }
    }
    group.throughput(Throughput::Bytes(values.len() as u64));
    group.bench_function("read values", |bencher| {
        bencher.iter(|| black_box(yaml::read(&values)).expect("the values are YAML"));
    });
    let data = yaml::read(&values).expect("the values are YAML");
    group.bench_function("write values", |bencher| {
        bencher.iter(|| black_box(yaml::to_yaml(&data)).expect("the values can be written"));
    });
    group.throughput(Throughput::Bytes(rendered.len() as u64));
    group.bench_function("parse documents", |bencher| {
        bencher.iter(|| black_box(yaml::parse_all(&rendered)).expect("the documents are YAML"));
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(30)
        .configure_from_args();
    for measure in [parse_templates, prepare_chart, render_release, read_and_write_yaml] {
        measure(&mut criterion);
    }
    criterion.final_summary();
}

//! What was gathered as an estate: all objects of all releases, manifests and the export.

use std::path::Path;

use smol_str::SmolStr;

use super::gather::{Gathered, Part, RenderedRelease};
use super::job::Job;
use super::paths;
use super::trouble::Trouble;
use crate::document::Document;
use crate::finding::{OwnerName, listed};
use crate::input::{self, Found, Text};
use crate::parallel;
use crate::rbac::{Estate, Owner, OwnerId, OwnerKind, custom_scopes};
use crate::render;
use crate::render::output::CrdFiles;
use crate::source::{FileId, SourceMap};
use crate::yaml::{self, Node};

/// The documents of a release's manifests, or why they are none.
type Parsed = Vec<Result<Vec<Node>, yaml::Error>>;

/// Reads all objects; `against` is an export of the cluster, the contender that is there first.
pub(super) fn estate(gathered: &mut Gathered, job: &Job, against: Option<&Path>) -> Estate {
    let cluster = match job.cluster() {
        Ok(cluster) => cluster,
        Err(clusters) => {
            if against.is_some() {
                gathered.troubles.push(of_many_clusters(&clusters));
            }
            None
        }
    };
    let parsed = parallel::map(gathered.parts.iter().collect(), parallel::MUCH, parse);
    let parts = std::mem::take(&mut gathered.parts);
    let mut reader = Reader {
        gathered,
        cluster,
        estate: Estate::new(),
        read: Vec::new(),
        crds: Vec::new(),
        known_crds: Vec::new(),
    };
    if let Some(path) = against {
        reader.export(path);
    }
    for (part, parsed) in parts.iter().zip(parsed) {
        match part {
            Part::Release(release) => reader.release(release, parsed),
            Part::Manifest(text, how) => reader.manifest(text, *how),
        }
    }
    let estate = reader.finish();
    gathered.parts = parts;
    estate
}

fn of_many_clusters(clusters: &[SmolStr]) -> Trouble {
    input::Error::new(format!(
        "an export is of one cluster, and the releases go to {}",
        listed(clusters)
    ))
    .into()
}

fn parse(part: &Part) -> Parsed {
    let Part::Release(release) = part else { return Vec::new() };
    release.documents.all().map(|manifest| yaml::parse_all(&manifest.text)).collect()
}

/// What turns texts into objects.
struct Reader<'a> {
    gathered: &'a mut Gathered,
    /// The cluster of what names none.
    cluster: Option<SmolStr>,
    estate: Estate,
    read: Vec<(OwnerId, Document)>,
    /// The CRDs of the charts, which say where their kinds live.
    crds: Vec<Document>,
    /// The charts' CRDs that were read.
    known_crds: Vec<CrdFiles>,
}

impl Reader<'_> {
    fn export(&mut self, path: &Path) {
        let name = paths::shown(path);
        let documents = Text::read(path, &name, &mut self.gathered.sources)
            .and_then(|text| Document::read_all(&text));
        match documents {
            Ok(documents) => self.own(OwnerKind::Export, name, documents),
            Err(error) => self.gathered.troubles.push(error.into()),
        }
    }

    fn release(&mut self, release: &RenderedRelease, parsed: Parsed) {
        let owner = self.estate.add_owner(Owner {
            name: release.name.clone(),
            kind: release.planned.kind,
            chart: Some(release.chart.clone()),
            cluster: release.planned.cluster.clone(),
            group: release.planned.group,
        });
        self.read_crds(&release.documents.crds);
        for (manifest, parsed) in release.documents.all().zip(parsed) {
            let title = format!("{} ({})", manifest.source, release.name);
            let sources = &mut self.gathered.sources;
            let file = sources.add_rendered(title, &*manifest.text, manifest.trail.clone());
            match parsed {
                Ok(roots) => {
                    let documents = roots.into_iter().map(|root| Document::new(file, 0, root));
                    let documents = documents.flat_map(Document::unfold);
                    self.read.extend(documents.map(|document| (owner, document)));
                }
                Err(error) => {
                    let trouble = unreadable(sources, (release, file), &error);
                    self.gathered.troubles.push(trouble);
                }
            }
        }
    }

    /// Reads the CRDs of a chart, once for all of its releases.
    fn read_crds(&mut self, crds: &CrdFiles) {
        if self.known_crds.iter().any(|known| known.is_same(crds)) {
            return;
        }
        self.known_crds.push(crds.clone());
        for crd in crds.iter() {
            let (text, trail) = (crd.text.as_str(), crd.trail.clone());
            let file = self.gathered.sources.add_rendered(crd.name.as_str(), text, trail);
            let roots = yaml::parse_all(text).unwrap_or_default();
            self.crds.extend(roots.into_iter().map(|root| Document::new(file, 0, root)));
        }
    }

    fn manifest(&mut self, text: &Text, how: Found) {
        match Document::read_all(text) {
            Ok(documents) => {
                let is_object = |it: &Document| {
                    it.root().text("kind").is_some() && it.root().text("apiVersion").is_some()
                };
                let documents: Vec<_> = documents.into_iter().filter(is_object).collect();
                if documents.is_empty() && how == Found::Named {
                    let warning = format!("{} holds no Kubernetes object", text.path);
                    self.gathered.warn([warning]);
                }
                self.own(OwnerKind::Manifest, text.path.clone(), documents);
            }
            Err(_) if how == Found::Walked && !looks_like_manifest(&text.content) => {}
            Err(error) => self.gathered.troubles.push(error.into()),
        }
    }

    fn own(&mut self, kind: OwnerKind, name: String, documents: Vec<Document>) {
        if documents.is_empty() {
            return;
        }
        let owner = self.estate.add_owner(Owner {
            name: OwnerName { name, namespace: None },
            kind,
            chart: None,
            cluster: self.cluster.clone(),
            group: 0,
        });
        self.read.extend(documents.into_iter().map(|document| (owner, document)));
    }

    /// Reads the documents as objects, once all of them are there to say what their kinds are.
    fn finish(mut self) -> Estate {
        let documents = self.read.iter().map(|(_, document)| document);
        let scopes = custom_scopes(self.crds.iter().chain(documents));
        for (owner, document) in &self.read {
            self.estate.read(document, *owner, &scopes);
        }
        self.estate
    }
}

fn unreadable(
    sources: &SourceMap,
    (release, file): (&RenderedRelease, FileId),
    error: &yaml::Error,
) -> Trouble {
    let title = &sources.file(file).name;
    let at = crate::source::Span::new(file, error.offset(), error.offset() + 1);
    let origin = sources.trace(at).template;
    let mut rendered = render::Error::new(format!("YAML parse error on {title}: {error}"));
    rendered.frames = vec![render::Frame { template: title.clone(), span: Some(origin) }];
    Trouble::Render {
        chart: release.chart.clone(),
        releases: vec![release.name.clone()],
        error: Box::new(rendered),
    }
}

/// Tells whether a file that is no YAML was meant to be a manifest.
fn looks_like_manifest(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    has("apiVersion:") && has("kind:")
}

//! What is kept of a release: the texts of objects that can collide or are judged, and the names of
//! the others.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use smol_str::SmolStr;

use super::gather::RenderedRelease;
use super::trouble::Trouble;
use crate::document::Document;
use crate::rbac::{
    self, Content, CustomScopes, DEFAULT_ACCOUNT, Estate, Head, Identity, Object, Owner, OwnerId,
    PodAccount, Workload,
};
use crate::render::output::{CrdFiles, Manifest};
use crate::render::{self, VersionCheck};
use crate::source::{FileId, SharedText, SourceMap, Span, TrailPart};
use crate::yaml;

/// What is kept of a release.
pub(super) struct Sheaf {
    pub(super) owner: Owner,
    pub(super) crds: CrdFiles,
    pub(super) checks: Arc<[VersionCheck]>,
    sheets: Vec<Sheet>,
    /// What names the other objects.
    pub(super) names: Vec<Head>,
    /// Those of them whose pods are judged.
    pods: Vec<Pods>,
}

/// A document that is kept.
struct Sheet {
    source: SmolStr,
    text: SharedText,
    trail: TrailPart,
    /// Whether all objects of the document are kept.
    whole: bool,
    /// The objects that are kept, or why there are none.
    objects: Result<Vec<(Head, Document)>, yaml::Error>,
}

/// An object that makes pods.
struct Pods {
    source: SmolStr,
    text: SharedText,
    trail: TrailPart,
    head: Head,
    document: Document,
    /// Whether the account has the token mounted.
    mounts: Option<bool>,
}

/// Of which workloads it is kept as whom their pods run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Of none.
    None,
    /// Of those whose account does not come with them.
    Strange,
    /// Of all.
    All,
}

/// The documents that were kept whole: what stands in them need not be read again.
#[derive(Default)]
pub(super) struct KnownDocuments(HashSet<u64>);

impl KnownDocuments {
    fn key(group: usize, source: &str, text: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        (group, source, text).hash(&mut hasher);
        hasher.finish()
    }

    fn holds(&self, group: usize, manifest: &Manifest) -> bool {
        !self.0.is_empty() && self.0.contains(&Self::key(group, &manifest.source, &manifest.text))
    }
}

impl Sheaf {
    /// Keeps the objects of a release that `keeps` wants, without those in documents that were read.
    pub(super) fn of(
        release: &RenderedRelease,
        read_and_keeps: (&KnownDocuments, impl Fn(&Owner, &Head) -> bool),
    ) -> Self {
        Self::with_pods(release, read_and_keeps, Keep::None)
    }

    /// Keeps as well as whom the pods of workloads run.
    pub(super) fn with_pods(
        release: &RenderedRelease,
        (read, keeps): (&KnownDocuments, impl Fn(&Owner, &Head) -> bool),
        pods: Keep,
    ) -> Self {
        let owner = Owner {
            name: release.name.clone(),
            kind: release.planned.kind,
            chart: Some(release.chart.clone()),
            cluster: release.planned.cluster.clone(),
            group: release.planned.group,
        };
        let (mut sheets, mut names) = (Vec::new(), Vec::new());
        let mut accounts = Accounts::new(pods);
        let unread = |manifest: &&Manifest| !read.holds(owner.group, manifest);
        for manifest in release.documents.all().filter(unread) {
            let others_before = names.len();
            let objects = match objects(manifest) {
                Ok(objects) => {
                    let (kept, others): (Vec<_>, Vec<_>) =
                        objects.into_iter().partition(|(head, _)| keeps(&owner, head));
                    for (head, document) in others {
                        names.push(head.clone());
                        accounts.see(&owner, (head, document), manifest);
                    }
                    Ok(kept)
                }
                Err(error) => Err(error),
            };
            if objects.as_ref().is_ok_and(Vec::is_empty) {
                continue;
            }
            sheets.push(Sheet {
                source: manifest.source.clone(),
                text: manifest.text.as_str().into(),
                trail: manifest.trail.cut_off(manifest.text.len()),
                whole: names.len() == others_before,
                objects,
            });
        }
        let pods = accounts.pods(&owner);
        let (crds, checks) = (release.documents.crds.clone(), release.checks.clone());
        Self { owner, crds, checks, sheets, names, pods }
    }
}

impl Sheaf {
    /// Returns where custom resources live, as the CRDs among the objects say.
    pub(super) fn scopes(&self) -> CustomScopes {
        let objects = self.sheets.iter().flat_map(|sheet| sheet.objects.iter().flatten());
        CustomScopes::read(objects.map(|(_, document)| document))
    }
}

/// The accounts of a release, and what runs as them.
struct Accounts<'m> {
    keep: Keep,
    /// The accounts by namespace and name, and whether they have the token mounted.
    brought: HashMap<(Option<SmolStr>, SmolStr), Option<bool>>,
    pods: Vec<(Head, Document, PodAccount, &'m Manifest)>,
}

impl<'m> Accounts<'m> {
    fn new(keep: Keep) -> Self {
        Self { keep, brought: HashMap::new(), pods: Vec::new() }
    }

    fn see(&mut self, owner: &Owner, (head, document): (Head, Document), manifest: &'m Manifest) {
        if self.keep == Keep::None {
            return;
        }
        if head.group.is_empty() && head.kind == "ServiceAccount" {
            let key = (head.identity(owner).namespace, head.name);
            self.brought.insert(key, rbac::mounts(document.root()));
        } else if let Some(pod) = PodAccount::read(&head, document.root())
            && (self.keep == Keep::All || pod.account != DEFAULT_ACCOUNT)
        {
            self.pods.push((head, document, pod, manifest));
        }
    }

    /// Returns what is kept of all that was seen.
    fn pods(self, owner: &Owner) -> Vec<Pods> {
        let kept = self.pods.into_iter().filter_map(|(head, document, pod, manifest)| {
            let key = (head.identity(owner).namespace, pod.account);
            let account = self.brought.get(&key);
            (self.keep == Keep::All || account.is_none()).then(|| Pods {
                source: manifest.source.clone(),
                text: manifest.text.as_str().into(),
                trail: manifest.trail.cut_off(manifest.text.len()),
                head,
                document,
                mounts: account.copied().flatten(),
            })
        });
        kept.collect()
    }
}

/// Reads the objects of a manifest, those of lists among them.
fn objects(manifest: &Manifest) -> Result<Vec<(Head, Document)>, yaml::Error> {
    let documents = yaml::parse_all(&manifest.text)?.into_iter().map(Document::unplaced);
    let named = |document: Document| Some((Head::read(document.root())?, document));
    Ok(documents.flat_map(Document::unfold).filter_map(named).collect())
}

/// The sheets that were put into the estate so far: many releases give the same, which is kept once.
#[derive(Default)]
pub(super) struct Bound {
    known: HashMap<u64, Vec<Known>>,
    /// What was kept whole.
    pub(super) read: KnownDocuments,
}

struct Known {
    source: SmolStr,
    /// The namespace of the release, where what the objects say depends on it.
    namespace: Option<String>,
    trail: TrailPart,
    file: FileId,
    objects: Vec<(Head, Arc<Content>)>,
}

impl Bound {
    /// Puts what is kept of a release into the estate, and returns what cannot be read of it.
    pub(super) fn add(
        &mut self,
        sheaf: Sheaf,
        owner: OwnerId,
        (estate, sources): (&mut Estate, &mut SourceMap),
    ) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        for sheet in sheaf.sheets {
            let title = || format!("{} ({})", sheet.source, sheaf.owner.name);
            let objects = match sheet.objects {
                Ok(objects) => objects,
                Err(error) => {
                    let file = sources.add_rendered(title(), sheet.text, sheet.trail);
                    troubles.push(unreadable(sources, (&sheaf.owner, file), &error));
                    continue;
                }
            };
            if sheet.whole {
                self.read.0.insert(KnownDocuments::key(
                    sheaf.owner.group,
                    &sheet.source,
                    &sheet.text,
                ));
            }
            let depends = objects.iter().any(|(head, _)| head.depends_on_namespace());
            let namespace = sheaf.owner.name.namespace.clone().filter(|_| depends);
            let mut hasher = DefaultHasher::new();
            (&sheet.source, &namespace, &*sheet.text).hash(&mut hasher);
            let alike = self.known.entry(hasher.finish()).or_default();
            // Of a list, what is kept the first time is not what is kept the second time.
            let heads = || objects.iter().map(|(head, _)| head);
            let is_same = |known: &&Known| {
                (&known.source, &known.namespace) == (&sheet.source, &namespace)
                    && sources.file(known.file).text == sheet.text
                    && known.objects.iter().map(|(head, _)| head).eq(heads())
                    && known.trail.is_same(&sheet.trail, sheet.text.len())
            };
            if let Some(known) = alike.iter().find(is_same) {
                for (head, content) in &known.objects {
                    put(estate, (head, owner), content.clone());
                }
                continue;
            }
            let file = sources.add_rendered(title(), sheet.text, sheet.trail.clone());
            let read = |(head, document): (Head, Document)| {
                let document = document.placed(file);
                let identity = head.identity(&sheaf.owner);
                let content = Content::read(document.root(), &head, identity.namespace.as_ref());
                (head, Arc::new(content))
            };
            let objects: Vec<_> = objects.into_iter().map(read).collect();
            for (head, content) in &objects {
                put(estate, (head, owner), content.clone());
            }
            let trail = sheet.trail;
            alike.push(Known { source: sheet.source, namespace, trail, file, objects });
        }
        for pods in sheaf.pods {
            let title = format!("{} ({})", pods.source, sheaf.owner.name);
            add_workload(pods, (title, &sheaf.owner, owner), (estate, sources));
        }
        troubles
    }
}

fn add_workload(
    pods: Pods,
    (title, brings, owner): (String, &Owner, OwnerId),
    (estate, sources): (&mut Estate, &mut SourceMap),
) {
    let file = sources.add_rendered(title, pods.text, pods.trail);
    let document = pods.document.placed(file);
    if let Some(mut pod) = PodAccount::read(&pods.head, document.root()) {
        pod.mounts = pod.mounts.or(pods.mounts);
        let identity = pods.head.identity(brings);
        estate.add_workload(Workload { identity, owner, pod });
    }
}

fn put(estate: &mut Estate, (head, owner): (&Head, OwnerId), content: Arc<Content>) {
    let identity: Identity = head.identity(estate.owner(owner));
    estate.assume(head);
    estate.add(Object { identity, owner, content, crd_file: false });
}

fn unreadable(
    sources: &SourceMap,
    (owner, file): (&Owner, FileId),
    error: &yaml::Error,
) -> Trouble {
    let title = &sources.file(file).name;
    let at = Span::new(file, error.offset(), error.offset() + 1);
    let origin = sources.trace(at).template;
    let mut rendered = render::Error::new(format!("YAML parse error on {title}: {error}"));
    rendered.frames = vec![render::Frame { template: title.clone(), span: Some(origin) }];
    Trouble::Render {
        chart: owner.chart.clone().unwrap_or_default(),
        releases: vec![owner.name.clone()],
        error: Box::new(rendered),
    }
}

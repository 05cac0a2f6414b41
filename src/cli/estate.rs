//! What a job brings as an estate: the objects of all releases, manifests and the export.
//!
//! Of most objects only the name is kept: what they say is read in a second pass, where several
//! have one name. So memory grows with what can collide, not with what is rendered.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;

use smol_str::SmolStr;

use super::args::SelectionArgs;
use super::gather::{Gathered, Part, Session};
use super::job::{Item, Job};
use super::paths;
use super::progress::Work;
use super::sheaf::{Bound, Keep, KnownDocuments, Sheaf};
use super::switched::{self, Flip};
use super::trouble::Trouble;
use crate::document::Document;
use crate::finding::{OwnerName, listed};
use crate::input::{self, Found, Text};
use crate::rbac::{
    CustomScopes, Estate, GROUP, Head, Owner, OwnerId, OwnerKind, PodAccount, Switched, Workload,
};
use crate::render::output::CrdFiles;
use crate::report::text::counted;
use crate::rules::{self, Policy};
use crate::source::Span;
use crate::yaml;

/// Gathers a job and reads all objects; `against` is an export of the cluster, the contender that
/// is there first.
pub(super) fn estate(
    job: &mut Job,
    selection: &SelectionArgs,
    (stdin, against): (&mut dyn Read, Option<&Path>),
) -> (Gathered, Estate) {
    let (cluster, place) = (job.cluster(), job.place_of(against));
    let pods = pods(&job.policy);
    let flips = OnceCell::new();
    let mut session = Session::open(job, selection);
    if let (Err(clusters), Some(_)) = (&cluster, against) {
        session.troubles.push(of_export(of_many_clusters(clusters), place));
    }
    let items = session.items();
    if let Err(clusters) = &cluster
        && items.iter().any(|item| !matches!(item, Item::Release(_) | Item::Piped(_)))
    {
        session.warn([format!(
            "manifests belong to one cluster, and the releases go to {}: they meet only what goes to no \
             named cluster",
            listed(clusters)
        )]);
    }
    let is_probe = |item: &&Item| matches!(item, Item::Release(it) if it.kind.is_probe());
    if against.is_some() && !items.is_empty() && items.iter().all(is_probe) {
        let warning = "the export meets nothing: charts without -n are probed, each by itself";
        session.warn([warning.to_owned()]);
    }
    let mut reader = Reader { pods, ..Reader::of_cluster(cluster.unwrap_or_default()) };
    if let Some(path) = against {
        reader.export((path, place), stdin, &mut session);
    }
    let is_long =
        |item: &&Item| matches!(item, Item::Release(it) if it.kind == OwnerKind::LongProbe);
    let (long, items): (Vec<_>, Vec<_>) = items.into_iter().partition(is_long);
    let none = KnownDocuments::default();
    let keep = |_, release| {
        Sheaf::with_pods(&release, (&none, |_: &Owner, head: &Head| head.is_judged()), pods)
    };
    session.each(
        &items,
        stdin,
        (&keep, &mut |gathered, at, part| match (part, items[at]) {
            (Part::Release(sheaf), _) => reader.release(gathered, *sheaf, at),
            (Part::Manifest(text, _), Item::Piped(owner)) => {
                reader.piped(gathered, text, (**owner).clone())
            }
            (Part::Manifest(text, how), _) => reader.manifest(gathered, text, how),
        }),
    );
    reader.estate.settle(&reader.scopes);
    reader.read_contested(&mut session, &items);
    reader.read_long(&mut session, long);
    let item_of = |owner| match reader.origins.get(&owner)? {
        Origin::Release(item) => items.get(*item).copied(),
        Origin::Text(_) => None,
    };
    let planned = switched::plan(&mut session, &reader.estate, &item_of);
    reader.read_switched(&mut session, flips.get_or_init(|| planned));
    session.begin_with_all(Work::Judging);
    reader.estate.know(reader.scopes);
    (session.close(), reader.estate)
}

/// Gathers a job and reads all that its objects say, in the order in which they are applied.
pub(super) fn whole_estate(
    job: &mut Job,
    selection: &SelectionArgs,
    stdin: &mut dyn Read,
) -> (Gathered, Estate) {
    let cluster = job.cluster().unwrap_or_default();
    let mut session = Session::open(job, selection);
    let items = session.items();
    let mut reader = Reader { keeps_all: true, ..Reader::of_cluster(cluster) };
    let none = KnownDocuments::default();
    let keep = |_, release| Sheaf::of(&release, (&none, |_: &Owner, _: &Head| true));
    session.each(
        &items,
        stdin,
        (&keep, &mut |gathered, at, part| match part {
            Part::Release(sheaf) => reader.release(gathered, *sheaf, at),
            Part::Manifest(text, how) => reader.manifest(gathered, text, how),
        }),
    );
    session.begin_with_all(Work::Comparing);
    reader.estate.settle(&reader.scopes);
    reader.estate.know(reader.scopes);
    (session.close(), reader.estate)
}

/// Returns of which workloads rules ask as whom they run; of all only a rule that few select.
fn pods(policy: &Policy) -> Keep {
    let runs = |name: &str| rules::lookup(name).is_some_and(|rule| policy.runs(rule.meta()));
    match (runs("token-automount"), runs("missing-account")) {
        (true, _) => Keep::All,
        (false, true) => Keep::Strange,
        (false, false) => Keep::None,
    }
}

fn of_many_clusters(clusters: &[SmolStr]) -> input::Error {
    input::Error::new(format!(
        "an export is of one cluster, and the releases go to {}",
        listed(clusters)
    ))
    .with_help(
        "run rolecall for each cluster alone, with a rolecall.yaml that has its own `against`",
    )
}

/// Returns trouble with an export of the cluster, which leads to where the inventory names it.
fn of_export(error: input::Error, place: Option<Span>) -> Trouble {
    let command = "kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o yaml";
    let help = error.help.or_else(|| Some(format!("`{command}` writes an export")));
    Trouble::Input(input::Error { span: error.span.or(place), help, ..error })
}

/// What brought an owner's objects, to be read again.
enum Origin {
    /// The item at a place.
    Release(usize),
    Text(Text),
}

/// What turns texts into objects.
struct Reader {
    /// The cluster of what names none.
    cluster: Option<SmolStr>,
    estate: Estate,
    bound: Bound,
    /// Where custom resources live, as the CRDs say that were read so far.
    scopes: CustomScopes,
    /// The charts' CRDs that were read.
    known_crds: Vec<CrdFiles>,
    origins: BTreeMap<OwnerId, Origin>,
    /// Of which workloads it is kept as whom their pods run.
    pods: Keep,
    /// Whether it is kept of all objects what they say.
    keeps_all: bool,
}

impl Reader {
    fn of_cluster(cluster: Option<SmolStr>) -> Self {
        Self {
            cluster,
            estate: Estate::new(),
            bound: Bound::default(),
            scopes: CustomScopes::new(),
            known_crds: Vec::new(),
            origins: BTreeMap::new(),
            pods: Keep::None,
            keeps_all: false,
        }
    }

    fn export(
        &mut self,
        (path, place): (&Path, Option<Span>),
        stdin: &mut dyn Read,
        gathered: &mut Gathered,
    ) {
        let text = match path == Path::new("-") {
            true => Text::of_stdin(stdin, &mut gathered.sources),
            false => Text::read(path, &paths::shown(path), &mut gathered.sources),
        };
        match text.and_then(|text| Ok((Document::read_all(&text)?, text))) {
            Ok((documents, text)) => {
                if documents.iter().all(|it| Head::read(it.root()).is_none()) && !is_list(&text) {
                    gathered.warn([format!("{} holds no Kubernetes object", text.path)]);
                }
                let objects = || format!("an export, {}", counted(documents.len(), "object"));
                gathered.told.tell(&text.path, objects);
                self.own(OwnerKind::Export, text, &documents);
            }
            Err(error) => gathered.troubles.push(of_export(error, place)),
        }
    }

    fn release(&mut self, gathered: &mut Gathered, mut sheaf: Sheaf, item: usize) {
        let owner = self.estate.add_owner(sheaf.owner.clone());
        self.origins.insert(owner, Origin::Release(item));
        self.estate.note_checks(&sheaf.checks);
        self.read_crds(&sheaf.crds);
        self.scopes.extend(sheaf.scopes());
        for head in std::mem::take(&mut sheaf.names) {
            self.estate.assume(&head);
            self.estate.add_name(head.identity(&sheaf.owner), owner);
        }
        let (estate, sources) = (&mut self.estate, &mut gathered.sources);
        gathered.troubles.extend(self.bound.add(sheaf, owner, (estate, sources)));
    }

    /// Reads the CRDs of a chart, once for all of its releases.
    fn read_crds(&mut self, crds: &CrdFiles) {
        if self.known_crds.iter().any(|known| known.is_same(crds)) {
            return;
        }
        self.known_crds.push(crds.clone());
        for crd in crds.iter() {
            let roots = yaml::parse_all(&crd.text).unwrap_or_default();
            let documents = roots.into_iter().map(Document::unplaced).collect::<Vec<_>>();
            self.scopes.extend(CustomScopes::read(&documents));
        }
    }

    fn manifest(&mut self, gathered: &mut Gathered, text: Text, how: Found) {
        match Document::read_all(&text) {
            Ok(documents) => {
                let is_object = |it: &Document| {
                    it.root().text("kind").is_some() && it.root().text("apiVersion").is_some()
                };
                let documents: Vec<_> = documents.into_iter().filter(is_object).collect();
                gathered.told.tell(&text.path, || match documents.len() {
                    0 => "passed over: nothing in it has apiVersion and kind".into(),
                    count => format!("manifests, {}", counted(count, "object")),
                });
                if documents.is_empty() && how == Found::Named {
                    let warning = format!("{} holds no Kubernetes object", text.path);
                    gathered.warn([warning]);
                }
                self.own(OwnerKind::Manifest, text, &documents);
            }
            Err(_) if how == Found::Walked && !looks_like_manifest(&text.content) => {
                gathered.told.tell(&text.path, || "passed over: it is no YAML".into());
            }
            Err(error) => gathered.troubles.push(error.into()),
        }
    }

    /// Reads what Helm rendered for a release.
    fn piped(&mut self, gathered: &mut Gathered, text: Text, owner: Owner) {
        match Document::read_all(&text) {
            Ok(documents) => self.own_as(owner, text, &documents),
            Err(error) => gathered.troubles.push(error.into()),
        }
    }

    fn own(&mut self, kind: OwnerKind, text: Text, documents: &[Document]) {
        let name = OwnerName { name: text.path.clone(), namespace: None };
        let cluster = self.cluster.clone();
        self.own_as(Owner { name, kind, chart: None, cluster, group: 0 }, text, documents);
    }

    fn own_as(&mut self, owner: Owner, text: Text, documents: &[Document]) {
        if documents.is_empty() {
            return;
        }
        let owner = self.estate.add_owner(owner);
        self.scopes.extend(CustomScopes::read(documents));
        for document in documents {
            match Head::read(document.root()) {
                Some(head) if !head.is_judged() && !self.keeps_all => {
                    let identity = head.identity(self.estate.owner(owner));
                    self.estate.add_name(identity.clone(), owner);
                    let pod = PodAccount::read(&head, document.root());
                    let pod = pod.filter(|_| self.pods != Keep::None);
                    if let Some(pod) = pod {
                        self.estate.add_workload(Workload { identity, owner, pod });
                    }
                }
                _ => drop(self.estate.read(document, owner)),
            }
        }
        self.origins.insert(owner, Origin::Text(text));
    }

    /// Reads what those objects say of which only the names were kept, and which others hold too.
    fn read_contested<'a>(&mut self, session: &mut Session<'a>, items: &[&'a Item]) {
        let contested = self.estate.take_contested();
        let (mut owners, mut again) = (Vec::new(), Vec::new());
        for (owner, wanted) in &contested {
            match self.origins.get(owner) {
                Some(Origin::Release(item)) => {
                    owners.push((*owner, wanted));
                    again.push(items[*item]);
                }
                Some(Origin::Text(text)) => {
                    for document in Document::read_all(text).unwrap_or_default() {
                        let head = Head::read(document.root());
                        let owned = |head: &Head| head.identity(self.estate.owner(*owner));
                        let identity = head.as_ref().map(owned);
                        if identity.is_some_and(|it| wanted.contains(&it.settled(&self.scopes))) {
                            self.estate.read(&document, *owner);
                        }
                    }
                }
                None => {}
            }
        }
        let Self { estate, bound, scopes, .. } = self;
        let read = std::mem::take(&mut bound.read);
        let keep = |at: usize, release| {
            let (_, wanted) = owners[at];
            let is_wanted =
                |owner: &Owner, head: &Head| wanted.contains(&head.identity(owner).settled(scopes));
            Sheaf::of(&release, (&read, is_wanted))
        };
        session.each(
            &again,
            &mut io::empty(),
            (&keep, &mut |gathered, at, part| {
                if let Part::Release(sheaf) = part {
                    let (owner, _) = owners[at];
                    // What cannot be read was said before.
                    drop(bound.add(*sheaf, owner, (estate, &mut gathered.sources)));
                }
            }),
        );
        bound.read = read;
        estate.settle(scopes);
    }

    /// Renders the long probes of the charts in which they can show something.
    fn read_long<'a>(&mut self, session: &mut Session<'a>, mut items: Vec<&'a Item>) {
        let groups = self.estate.groups_with_names_of_their_own();
        items.retain(|item| matches!(item, Item::Release(it) if groups.contains(&it.group)));
        let (troubles, warnings) = (session.troubles.len(), session.warnings.len());
        let Self { estate, bound, scopes, .. } = self;
        // What the other probes gave alike is not made of the namespace.
        let read = std::mem::take(&mut bound.read);
        let keep = |_, release| Sheaf::of(&release, (&read, |_: &Owner, _: &Head| true));
        session.each(
            &items,
            &mut io::empty(),
            (&keep, &mut |gathered, _, part| {
                if let Part::Release(sheaf) = part {
                    let owner = estate.add_owner(sheaf.owner.clone());
                    drop(bound.add(*sheaf, owner, (estate, &mut gathered.sources)));
                }
            }),
        );
        // A chart may refuse long names, and nobody asked for them.
        session.troubles.truncate(troubles);
        session.warnings.truncate(warnings);
        estate.settle(scopes);
    }

    /// Renders probes with a switch off, and keeps what each holds apart.
    fn read_switched<'a>(&mut self, session: &mut Session<'a>, flips: &'a [Flip]) {
        let (troubles, warnings) = (session.troubles.len(), session.warnings.len());
        let Self { estate, bound, scopes, .. } = self;
        let none = KnownDocuments::default();
        let keep =
            |_, release| Sheaf::of(&release, (&none, |_: &Owner, head: &Head| head.group == GROUP));
        let items: Vec<&Item> = flips.iter().map(|flip| &flip.item).collect();
        session.each(
            &items,
            &mut io::empty(),
            (&keep, &mut |gathered, at, part| {
                let (Part::Release(mut sheaf), Some(flip)) = (part, flips.get(at)) else { return };
                let mut switched = Estate::new();
                let owner = switched.add_owner(sheaf.owner.clone());
                for head in std::mem::take(&mut sheaf.names) {
                    switched.add_name(head.identity(&sheaf.owner), owner);
                }
                drop(bound.add(*sheaf, owner, (&mut switched, &mut gathered.sources)));
                switched.settle(scopes);
                let (switch, base) = (flip.switch.clone(), flip.base);
                estate.add_switched(Switched { switch, base, estate: switched });
            }),
        );
        // A chart may need what was switched off, and nobody asked for that.
        session.troubles.truncate(troubles);
        session.warnings.truncate(warnings);
    }
}

/// Tells whether a text is a list of objects, if an empty one.
fn is_list(text: &Text) -> bool {
    let roots = yaml::parse_all(&text.content).unwrap_or_default();
    roots.into_iter().any(|root| {
        let document = Document::unplaced(root);
        document.root().text("kind").is_some_and(|kind| kind.ends_with("List"))
    })
}

/// Tells whether a file that is no YAML was meant to be a manifest.
fn looks_like_manifest(text: &str) -> bool {
    let has = |key: &str| text.lines().any(|line| line.starts_with(key));
    has("apiVersion:") && has("kind:")
}

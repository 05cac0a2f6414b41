//! `rolecall lint --fix`: what is mended is rendered again before it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;

use super::args::{LintArgs, SelectionArgs};
use super::gather::{Part, RenderedRelease, Session};
use super::job::{Item, Job};
use super::lint::Examined;
use super::streams::Console;
use super::{Exit, Trouble, complain, output, quiet, warn};
use crate::document::Document;
use crate::finding::{Edit, OwnerName, listed};
use crate::fix::{self, Asked, Left, Mend};
use crate::input::{self, disk};
use crate::rbac::{Head, OwnerKind};
use crate::report::text;
use crate::source::{FileId, SourceMap};
use crate::yaml;

/// The mark of UTF-8, which texts are read without.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What became of the fixes.
pub(super) struct Done {
    /// How the command ends where nothing else is wrong.
    pub(super) exit: Exit,
    /// What was done, in a line.
    pub(super) summary: String,
}

/// Mends what was asked for, or shows what that would change.
pub(super) fn run(args: &LintArgs, console: &mut Console<'_>) -> Result<Done, Trouble> {
    let asked = Asked::read(&args.fix).map_err(unknown)?;
    if args.input.builtin.is_some() {
        let error = input::Error::new("built-in templates cannot be mended");
        return Err(error.with_help("write them out first: `rolecall init --builtin NAME`").into());
    }
    let mut examined = Examined::of(args, console)?;
    if examined.job.items.iter().any(|item| matches!(item, Item::Stdin)) {
        let error = input::Error::new("what comes from standard input cannot be mended");
        return Err(error.with_help("name the file that holds it").into());
    }
    let findings = quiet::counted(&examined, &args.judging, console);
    let (estate, sources) = (&examined.estate, &examined.gathered.sources);
    let plan = fix::plan(&asked, &findings, (estate, &examined.collisions), sources);
    let mut left = plan.left;
    let originals = Originals::read(&plan.mends, sources);
    let (mends, others): (Vec<Mend>, Vec<Mend>) = plan
        .mends
        .into_iter()
        .partition(|mend| mend.patches.iter().all(|patch| originals.0.contains_key(&patch.file)));
    left.extend(others.iter().map(|mend| of_no_file(mend, sources)));
    for Left { title, place, why } in &left {
        console.remark(&format!("note: {place}: cannot {title}: {why}\n"));
    }
    let mut trial = Trial::new(&mut examined.job, &mends, sources);
    let (kept, taken_back) = trial.sift(&mends);
    for trouble in &taken_back {
        complain(std::slice::from_ref(trouble), sources, console);
    }
    let mut exit = if taken_back.is_empty() { Exit::Clean } else { Exit::Failed };
    if args.diff {
        warn(&examined.gathered.warnings, console);
        complain(&examined.gathered.troubles, sources, console);
        if !examined.gathered.troubles.is_empty() {
            exit = Exit::Failed;
        }
    }
    let texts = fix::patched(sources, &kept);
    let files = texts.len();
    if args.diff {
        show(&texts, sources, console)?;
        exit = exit.max(if files > 0 { Exit::Found } else { Exit::Clean });
    } else {
        originals.replace(&texts)?;
    }
    let verb = if args.diff { "would fix" } else { "fixed" };
    let (kept, files) = (text::counted(kept.len(), "finding"), text::counted(files, "file"));
    let summary = format!("{verb} {kept} in {files}\n");
    Ok(Done { exit, summary })
}

fn unknown(name: &str) -> Trouble {
    let names = Asked::names().join(", ");
    let error = input::Error::new(format!("there is no fix `{name}`"));
    error.with_help(format!("there are: {names}")).into()
}

/// Says why a mend is not made that would change what is no file.
fn of_no_file(mend: &Mend, sources: &SourceMap) -> Left {
    let names: BTreeSet<&str> =
        mend.patches.iter().map(|patch| sources.file(patch.file).name.as_str()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    Left {
        title: mend.title.clone(),
        place: sources.place(sources.trace(mend.place).template),
        why: format!("{} is no file of its own, or not in UTF-8", listed(&names)),
    }
}

/// Prints what would change.
fn show(
    texts: &BTreeMap<FileId, String>,
    sources: &SourceMap,
    console: &mut Console<'_>,
) -> Result<(), Trouble> {
    let style = console.out_style();
    for (file, after) in texts {
        let before = sources.file(*file);
        console.print(&text::source_diff(&before.name, (&before.text, after), style))?;
    }
    Ok(())
}

/// The files that would change, as they are: path and bytes.
struct Originals(BTreeMap<FileId, (PathBuf, Vec<u8>)>);

impl Originals {
    /// Reads the files of which the texts were read; what is a part of a package is none.
    fn read(mends: &[Mend], sources: &SourceMap) -> Self {
        let files: BTreeSet<FileId> =
            mends.iter().flat_map(|mend| &mend.patches).map(|patch| patch.file).collect();
        // A file that is read by two ways would be written twice.
        let mut known = BTreeSet::new();
        let read = |file: FileId| {
            let source = sources.file(file);
            let path = PathBuf::from(&source.name);
            let bytes = disk::read(&path).ok()?;
            let text = bytes.strip_prefix(MARK).unwrap_or(&bytes);
            let is_new = known.insert(path.canonicalize().ok());
            (is_new && text == source.text.as_bytes()).then_some((file, (path, bytes)))
        };
        Self(files.into_iter().filter_map(read).collect())
    }

    /// Writes the new texts, all or none.
    fn replace(&self, texts: &BTreeMap<FileId, String>) -> Result<(), Trouble> {
        let mut changes = Vec::new();
        for (file, text) in texts {
            let (path, before) = self.0.get(file).expect("only files are patched");
            if disk::read(path)? != *before {
                let name = path.display();
                return Err(input::Error::new(format!("{name} was changed meanwhile")).into());
            }
            let mark = if before.starts_with(MARK) { MARK } else { b"" };
            changes.push((path.as_path(), before.as_slice(), [mark, text.as_bytes()].concat()));
        }
        output::replace_all(&changes)
    }
}

/// A document of a release or a manifest, as it was and as it is.
struct Said {
    source: String,
    digest: u64,
    /// The text, where it is compared.
    text: Option<String>,
}

/// What each item of a job says.
type Saying = Vec<(OwnerName, Vec<Said>)>;

/// Tells whether a document's text is kept, by its owner, the numbers of the item and of the document,
/// and the digest.
type IsCompared<'a> = &'a (dyn Fn(&OwnerName, (usize, usize), u64) -> bool + Sync);

/// The changes that documents are to show, by their owners and digests.
type Expected = BTreeMap<(OwnerName, u64), Vec<Edit>>;

/// What renders all of a job with patches.
struct Trial<'a> {
    job: &'a mut Job,
    sources: &'a SourceMap,
    before: Saying,
    /// What cannot be rendered without patches either.
    known: BTreeSet<String>,
}

impl<'a> Trial<'a> {
    fn new(job: &'a mut Job, mends: &[Mend], sources: &'a SourceMap) -> Self {
        let mut trial = Self { job, sources, before: Vec::new(), known: BTreeSet::new() };
        if !mends.is_empty() {
            let expected = expected(&mends.iter().collect::<Vec<_>>(), sources);
            let is_compared = |owner: &OwnerName, _: (usize, usize), digest| {
                expected.contains_key(&(owner.clone(), digest))
            };
            let (before, troubles) = say(trial.job, &is_compared);
            (trial.before, trial.known) = (before, troubles.into_iter().collect());
        }
        trial
    }

    /// Returns the mends that do what they should, and why the others are taken back.
    fn sift<'m>(&mut self, mends: &'m [Mend]) -> (Vec<&'m Mend>, Vec<Trouble>) {
        let all: Vec<&Mend> = mends.iter().collect();
        let mut kept: Vec<&Mend> = Vec::new();
        let mut taken_back = Vec::new();
        if all.is_empty() || self.check(&all).is_ok() {
            return (all, taken_back);
        }
        // One alone must be what is wrong: each is tried beside those that do what they should.
        for mend in mends {
            kept.push(mend);
            if let Err(why) = self.check(&kept) {
                kept.pop();
                let error = input::Error::new(format!("cannot {}: {why}", mend.title));
                let origin = self.sources.trace(mend.place);
                let error = error.with_help("it was taken back: mend it by hand");
                taken_back.push(input::Error { span: Some(origin.template), ..error }.into());
            }
        }
        (kept, taken_back)
    }

    /// Renders everything with mends.
    ///
    /// # Errors
    /// In words, where anything else changes.
    fn check(&mut self, mends: &[&Mend]) -> Result<(), String> {
        let texts = fix::patched(self.sources, mends);
        let named = |(file, text)| (self.sources.file(file).name.clone(), text);
        self.job.overlay = texts.into_iter().map(named).collect();
        let expected = expected(mends, self.sources);
        let before = &self.before;
        let differs = |owner: &OwnerName, (at, number): (usize, usize), digest| {
            let said = before.get(at).and_then(|(_, all)| all.get(number));
            said.is_none_or(|said| {
                said.digest != digest || expected.contains_key(&(owner.clone(), said.digest))
            })
        };
        let (after, troubles) = say(self.job, &differs);
        self.job.overlay.clear();
        if let Some(trouble) = troubles.into_iter().find(|it| !self.known.contains(it)) {
            return Err(trouble);
        }
        if before.len() != after.len() {
            return Err("an input goes missing".into());
        }
        let pairs = before.iter().zip(&after);
        pairs.into_iter().try_for_each(|((owner, before), (_, after))| {
            compare((before, after), |digest| expected.get(&(owner.clone(), digest)))
                .map_err(|why| format!("in {owner} {why}"))
        })
    }
}

/// Compares the documents of a release.
fn compare<'e>(
    (before, after): (&[Said], &[Said]),
    edits: impl Fn(u64) -> Option<&'e Vec<Edit>>,
) -> Result<(), String> {
    if before.len() != after.len() {
        return Err(format!("there are {} objects in place of {}", after.len(), before.len()));
    }
    for (before, after) in before.iter().zip(after) {
        match (edits(before.digest), &before.text, &after.text) {
            _ if before.source != after.source => {
                return Err(format!("{} changes its place", before.source));
            }
            (Some(edits), Some(before), Some(after)) => fix::document(before, after, edits)?,
            _ if before.digest == after.digest => {}
            (.., text) => {
                let text = text.as_deref().unwrap_or_default();
                let roots = yaml::parse_all(text).unwrap_or_default();
                let names = roots.into_iter().filter_map(|root| {
                    let Head { kind, name, .. } = Head::read(Document::unplaced(root).root())?;
                    Some(format!("{kind} {name}"))
                });
                let names: Vec<String> = names.collect();
                return Err(format!("{} of {} would change too", listed(&names), after.source));
            }
        }
    }
    Ok(())
}

fn expected(mends: &[&Mend], sources: &SourceMap) -> Expected {
    let mut expected = Expected::new();
    for change in mends.iter().flat_map(|mend| &mend.changes) {
        let digest = digest(&sources.file(change.file()).text);
        let edits = expected.entry((change.owner.clone(), digest)).or_default();
        if !edits.contains(&change.edit) {
            edits.push(change.edit.clone());
        }
    }
    expected
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// Renders and reads all of a job; the texts are kept of what is compared, given the owner, the numbers
/// of the item and of its document, and the digest.
fn say(job: &mut Job, is_compared: IsCompared<'_>) -> (Saying, Vec<String>) {
    let selection = SelectionArgs { include_crds: true, ..SelectionArgs::default() };
    let said = |owner: &OwnerName, place, (source, text): (&str, &str)| {
        let digest = digest(text);
        let text = is_compared(owner, place, digest).then(|| text.to_string());
        Said { source: source.into(), digest, text }
    };
    let keep = |at: usize, release: RenderedRelease| {
        let numbered = release.documents.all().enumerate();
        let documents = numbered
            .map(|(number, it)| said(&release.name, (at, number), (&it.source, &it.text)))
            .collect();
        (release.name.clone(), documents)
    };
    let mut saying = Saying::new();
    let mut session = Session::open(job, &selection);
    let is_long =
        |item: &&Item| matches!(item, Item::Release(it) if it.kind == OwnerKind::LongProbe);
    let items: Vec<&Item> = session.items().into_iter().filter(|it| !is_long(it)).collect();
    session.each(
        &items,
        &mut std::io::empty(),
        (&keep, &mut |_, at, part| {
            saying.push(match part {
                Part::Release(release) => *release,
                Part::Manifest(text, _) => {
                    let owner = OwnerName { name: text.path.clone(), namespace: None };
                    let said = said(&owner, (at, 0), (&text.path, &text.content));
                    (owner, vec![said])
                }
            });
        }),
    );
    let gathered = session.close();
    let entries = gathered.troubles.iter().map(|it| it.entry(&gathered.sources).message);
    (saying, entries.collect())
}

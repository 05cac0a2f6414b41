//! Who is bound to what, as a picture: subjects, bindings and roles in three columns, for the whole
//! cluster and for each namespace.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::id;
use crate::collide::{Collision, Outcome};
use crate::finding::listed;
use crate::rbac::{Identity, Object, Subject};
use crate::report::view::{View, clean};

/// The left edges of the columns, and their width.
const COLUMNS: [u32; 3] = [12, 380, 748];
const WIDTH: u32 = 280;

/// The height of a box, and of a row.
const BOX: u32 = 24;
const ROW: u32 = 32;

/// The height of a section's title.
const TITLE: u32 = 40;

/// The most characters that fit into a box.
const LONGEST: usize = 36;

/// The most bindings that are drawn, and the most subjects of each: of many bindings fewer.
const MOST_BINDINGS: usize = 300;
const MOST_SUBJECTS: [(usize, usize); 3] = [(60, 24), (300, 8), (usize::MAX, 4)];

/// The whole picture.
#[derive(Debug, Serialize)]
pub(super) struct Graph {
    width: u32,
    height: u32,
    sections: Vec<Section>,
    /// How many bindings are not drawn.
    left_out: usize,
}

/// The bindings of the cluster, or of a namespace.
#[derive(Debug, Serialize)]
struct Section {
    title: String,
    y: u32,
    edges: Vec<Edge>,
    nodes: Vec<Node>,
}

#[derive(Debug, Serialize)]
struct Node {
    x: u32,
    y: u32,
    kind: &'static str,
    state: &'static str,
    label: String,
    /// The whole name and what is known of it.
    title: String,
    /// The finding about it.
    finding: Option<String>,
}

#[derive(Debug, Serialize)]
struct Edge {
    path: String,
    state: &'static str,
}

/// What binds: all contenders for one identity as one.
struct Binding<'a> {
    identity: &'a Identity,
    holders: Vec<String>,
    /// The subjects, each with whether it loses its access.
    subjects: BTreeMap<Subject, bool>,
    roles: BTreeSet<(String, String)>,
    state: &'static str,
}

/// Draws the bindings of a report; those that collide come first.
pub(super) fn drawn(view: &View<'_>) -> Graph {
    let mut bindings = bindings(view);
    bindings.sort_by_key(|it| (it.state == "plain", it.identity.namespace.clone()));
    let left_out = bindings.len().saturating_sub(MOST_BINDINGS);
    bindings.truncate(MOST_BINDINGS);
    let mut spaces: BTreeMap<Option<&str>, Vec<Binding<'_>>> = BTreeMap::new();
    for binding in bindings {
        spaces.entry(binding.identity.namespace.as_deref()).or_default().push(binding);
    }
    let (mut y, mut sections) = (0, Vec::new());
    let known = Known::of(view);
    for (namespace, bindings) in spaces {
        let title = match namespace {
            None => "the whole cluster".to_owned(),
            Some(namespace) => format!("namespace {}", clean(namespace)),
        };
        let mut section = Section { title, y, edges: Vec::new(), nodes: Vec::new() };
        y = section.place(&bindings, &known) + ROW / 2;
        sections.push(section);
    }
    Graph { width: COLUMNS[2] + WIDTH + COLUMNS[0], height: y, sections, left_out }
}

/// What the inputs say of the objects that are drawn.
struct Known {
    /// The roles, each with its state.
    roles: BTreeMap<(String, String), &'static str>,
    /// The findings by kind, namespace and name of their object.
    findings: BTreeMap<(String, String, String), String>,
}

impl Known {
    fn of(view: &View<'_>) -> Self {
        let mut roles = BTreeMap::new();
        for object in view.report.estate.objects().iter().filter(|it| it.role().is_some()) {
            let identity = &object.identity;
            let name = role_name(identity.kind.as_str(), identity.name.as_str(), identity);
            roles.entry(name).or_insert("plain");
        }
        for collision in view.report.collisions {
            let identity = &collision.identity;
            let name = role_name(identity.kind.as_str(), identity.name.as_str(), identity);
            if let Some(state) = roles.get_mut(&name) {
                *state = state_of(collision.outcome);
            }
        }
        let mut findings = BTreeMap::new();
        for (at, entry) in view.entries.iter().enumerate() {
            let object = &entry.finding.object;
            let namespace = object.namespace.clone().unwrap_or_default();
            let key = (object.kind.clone(), namespace, object.name.clone());
            findings.entry(key).or_insert_with(|| id(at));
        }
        Self { roles, findings }
    }

    fn finding(&self, kind: &str, namespace: Option<&str>, name: &str) -> Option<String> {
        let key = (kind.to_owned(), namespace.unwrap_or_default().to_owned(), name.to_owned());
        self.findings.get(&key).cloned()
    }
}

/// Names a role as bindings do: a Role by its namespace too.
fn role_name(kind: &str, name: &str, binding: &Identity) -> (String, String) {
    let namespace = binding.namespace.as_ref().filter(|_| kind == "Role");
    let namespace = namespace.map(|it| format!("{it}/")).unwrap_or_default();
    (kind.to_owned(), format!("{namespace}{name}"))
}

fn state_of(outcome: Outcome) -> &'static str {
    if outcome == Outcome::Identical { "shared" } else { "collides" }
}

/// Gathers what binds, in the order of the identities.
fn bindings<'a>(view: &View<'a>) -> Vec<Binding<'a>> {
    let estate = view.report.estate;
    let mut found: BTreeMap<(usize, &Identity), Vec<&Object>> = BTreeMap::new();
    for object in estate.objects().iter().filter(|it| it.binding().is_some()) {
        let group = estate.owner(object.owner).group;
        found.entry((group, &object.identity)).or_default().push(object);
    }
    let group = |it: &Collision| it.members.first().map(|id| estate.owner_of(*id).group);
    let collisions: BTreeMap<(usize, &Identity), &Collision> = view
        .report
        .collisions
        .iter()
        .filter_map(|it| Some(((group(it)?, &it.identity), it)))
        .collect();
    let binding = |((group, identity), objects): ((usize, &'a Identity), Vec<&Object>)| {
        let collision = collisions.get(&(group, identity)).copied();
        let bound = || objects.iter().filter_map(|it| it.binding());
        let is_lost = |subject: &Subject| collision.is_some_and(|it| it.lost.contains(subject));
        let subjects = bound().flat_map(|it| it.by_canonical().into_keys());
        let role = |it: &crate::rbac::Binding| {
            role_name(it.role_ref.kind.as_str(), it.role_ref.name.as_str(), identity)
        };
        Binding {
            identity,
            holders: objects.iter().map(|it| estate.owner(it.owner).name.to_string()).collect(),
            subjects: subjects.map(|it| (is_lost(&it), it)).map(|(lost, it)| (it, lost)).collect(),
            roles: bound().map(role).collect(),
            state: collision.map_or("plain", |it| state_of(it.outcome)),
        }
    };
    found.into_iter().map(binding).collect()
}

/// A box that is yet to be placed: its row wants to be that of what it is tied to.
struct Wish {
    node: Node,
    tied: Vec<(usize, &'static str)>,
}

impl Section {
    /// Places the boxes of bindings below the title, and returns where they end.
    fn place(&mut self, bindings: &[Binding<'_>], known: &Known) -> u32 {
        let top = self.y + TITLE;
        let subjects = subjects(bindings);
        let mut ys: Vec<u32> = Vec::new();
        let mut nodes: Vec<Node> = Vec::new();
        let mut tied: Vec<Vec<(usize, &'static str)>> = vec![Vec::new(); bindings.len()];
        for (at, wish) in subjects.into_iter().enumerate() {
            wish.tied.iter().for_each(|(binding, state)| tied[*binding].push((at, state)));
            let y = top + u32::try_from(at).unwrap_or(u32::MAX / ROW) * ROW;
            nodes.push(Node { x: COLUMNS[0], y, ..wish.node });
            ys.push(y);
        }
        let middle = bindings.iter().zip(tied);
        let middle = middle.map(|(it, tied)| Wish { node: binding_node(it, known), tied });
        let middle = self.column(middle.collect(), &ys, (COLUMNS[1], top));
        let ys: Vec<u32> = middle.iter().map(|node| node.y).collect();
        let roles = self.column(roles(bindings, known), &ys, (COLUMNS[2], top));
        nodes.extend(middle);
        nodes.extend(roles);
        let end = nodes.iter().map(|node| node.y + ROW).max().unwrap_or(top);
        self.nodes = nodes;
        end
    }

    /// Places boxes beside those that they are tied to, without overlaps, and draws the ties; each
    /// keeps its number.
    fn column(&mut self, wishes: Vec<Wish>, ys: &[u32], (x, top): (u32, u32)) -> Vec<Node> {
        let wanted = |wish: &Wish| {
            let of: Vec<u32> =
                wish.tied.iter().filter_map(|(at, _)| ys.get(*at).copied()).collect();
            let count = u32::try_from(of.len()).unwrap_or(1).max(1);
            (of.iter().map(|y| u64::from(*y)).sum::<u64>() / u64::from(count)) as u32
        };
        let mut order: Vec<usize> = (0..wishes.len()).collect();
        order.sort_by_key(|at| (wanted(&wishes[*at]), *at));
        let mut placed: Vec<u32> = vec![top; wishes.len()];
        let mut free = top;
        for at in order {
            placed[at] = wanted(&wishes[at]).max(free);
            free = placed[at] + ROW;
        }
        let mut nodes = Vec::new();
        for (wish, y) in wishes.into_iter().zip(placed) {
            for (at, state) in &wish.tied {
                let from = (x - (COLUMNS[1] - COLUMNS[0]) + WIDTH, ys.get(*at).copied());
                if let (start, Some(from)) = from {
                    self.edges.push(Edge { path: curve((start, from), (x, y)), state });
                }
            }
            nodes.push(Node { x, y, ..wish.node });
        }
        nodes
    }
}

/// Returns a curve from the right side of a box to the left side of another.
fn curve((start, from): (u32, u32), (end, to): (u32, u32)) -> String {
    let (from, to, middle) = (from + BOX / 2, to + BOX / 2, start.midpoint(end));
    format!("M{start} {from}C{middle} {from} {middle} {to} {end} {to}")
}

/// Returns the most subjects of a binding that are drawn.
fn most_subjects(bindings: &[Binding<'_>]) -> usize {
    let total: usize = bindings.iter().map(|it| it.subjects.len()).sum();
    let fits = MOST_SUBJECTS.iter().find(|(all, _)| total <= *all);
    fits.map_or(0, |(_, most)| *most)
}

/// Returns the boxes of subjects, each once, in the order of the bindings.
fn subjects(bindings: &[Binding<'_>]) -> Vec<Wish> {
    let most = most_subjects(bindings);
    let mut wishes: Vec<Wish> = Vec::new();
    let mut numbers: BTreeMap<&Subject, usize> = BTreeMap::new();
    for (index, binding) in bindings.iter().enumerate() {
        let mut subjects: Vec<(&Subject, bool)> =
            binding.subjects.iter().map(|(subject, lost)| (subject, *lost)).collect();
        // Those that lose their access are worth seeing.
        subjects.sort_by_key(|(_, lost)| !lost);
        let more = subjects.split_off(subjects.len().min(most));
        subjects.sort();
        for (subject, lost) in subjects {
            let at = *numbers.entry(subject).or_insert(wishes.len());
            if at == wishes.len() {
                wishes.push(Wish { node: subject_node(subject), tied: Vec::new() });
            }
            wishes[at].tie(index, tie(&lost));
        }
        wishes.extend(rest(&more, index));
    }
    wishes
}

fn subject_node(subject: &Subject) -> Node {
    let name = clean(&subject.to_string());
    let is_account = subject.kind == "ServiceAccount";
    let title = if is_account { format!("ServiceAccount {name}") } else { name.clone() };
    node(("subject", "plain"), &name, title)
}

/// Returns the box that stands for the subjects of one binding that are not drawn.
fn rest(subjects: &[(&Subject, bool)], index: usize) -> Option<Wish> {
    let lost = subjects.iter().filter(|(_, lost)| *lost).count();
    let words = match lost {
        0 => format!("…and {} more", subjects.len()),
        lost => format!("…and {} more, {lost} lose access", subjects.len()),
    };
    let mut wish =
        Wish { node: node(("subject", "more"), &words, words.clone()), tied: Vec::new() };
    wish.tie(index, tie(&(lost > 0)));
    (!subjects.is_empty()).then_some(wish)
}

/// Returns the state of the tie to a subject.
fn tie(loses: &bool) -> &'static str {
    if *loses { "lost" } else { "plain" }
}

impl Wish {
    /// Ties a subject to a binding.
    fn tie(&mut self, binding: usize, state: &'static str) {
        self.tied.push((binding, state));
        if state == "lost" {
            self.node.state = "collides";
        }
    }
}

fn roles(bindings: &[Binding<'_>], known: &Known) -> Vec<Wish> {
    let mut roles: BTreeMap<&(String, String), Vec<(usize, &'static str)>> = BTreeMap::new();
    for (at, binding) in bindings.iter().enumerate() {
        let state = if binding.roles.len() > 1 { "lost" } else { "plain" };
        for role in &binding.roles {
            roles.entry(role).or_default().push((at, state));
        }
    }
    let wish = |(role, tied): (&(String, String), Vec<(usize, &'static str)>)| {
        let (kind, name) = role;
        let state = known.roles.get(role).copied();
        let about = if state.is_none() { ", which is not among the inputs" } else { "" };
        let words = clean(&format!("{kind} {name}"));
        let mut node =
            node(("role", state.unwrap_or("unknown")), &words, format!("{words}{about}"));
        let (namespace, short) = match name.split_once('/').filter(|_| kind == "Role") {
            Some((namespace, short)) => (Some(namespace), short),
            None => (None, name.as_str()),
        };
        node.finding = known.finding(kind, namespace, short);
        Wish { node, tied }
    };
    roles.into_iter().map(wish).collect()
}

fn binding_node(binding: &Binding<'_>, known: &Known) -> Node {
    let identity = binding.identity;
    let name = clean(&identity.name);
    let title = format!("{} {name}, of {}", identity.kind, clean(&listed(&binding.holders)));
    Node {
        finding: known.finding(&identity.kind, identity.namespace.as_deref(), &identity.name),
        ..node(("binding", binding.state), &name, title)
    }
}

fn node((kind, state): (&'static str, &'static str), name: &str, title: String) -> Node {
    Node { x: 0, y: 0, kind, state, label: fitted(name), title, finding: None }
}

/// Leaves the middle out of a name that does not fit into a box.
fn fitted(name: &str) -> String {
    let letters: Vec<char> = name.chars().map(|it| if it == '\n' { ' ' } else { it }).collect();
    if letters.len() <= LONGEST {
        return letters.into_iter().collect();
    }
    let head: String = letters.iter().take(LONGEST / 2).collect();
    let tail: String = letters.iter().skip(letters.len() - LONGEST / 2 + 1).collect();
    format!("{head}…{tail}")
}

//! Where templates ask which API versions the cluster has: read off the parsed templates.
//!
//! Which of the branches a release took is not told here: what it rendered leads back into it.

use std::sync::Arc;

use smol_str::SmolStr;

use super::go::TemplateSet;
use super::go::ir::{Branch, Command, Node, Operand, OperandKind, Pipe, Place, Source};
use crate::source::Span;

/// A condition of a template that asks whether the cluster has an API version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionCheck {
    /// What it asks for: `batch/v1`.
    pub asked: SmolStr,
    /// Where the action stands.
    pub place: Span,
    /// What is written where the cluster has it.
    pub with: Option<Span>,
    /// What is written where it has not.
    pub without: Option<Span>,
    /// The words in `without` that name an API version of the same group.
    pub instead: Vec<SmolStr>,
}

/// Returns the conditions of all templates that ask for API versions, in the order of their places.
pub(super) fn of_templates(templates: &TemplateSet) -> Arc<[VersionCheck]> {
    let mut found = Vec::new();
    for template in templates.all() {
        walk(&template.body, &mut |node| found.extend(checks(node, &template.source)));
    }
    found.sort_by_key(|check| check.place);
    found.into()
}

/// Shows all nodes, those of branches among them: without recursion, for what nests may nest deep.
fn walk<'t>(nodes: &'t [Node], see: &mut dyn FnMut(&'t Node)) {
    let mut open = vec![nodes.iter()];
    while let Some(nodes) = open.last_mut() {
        let Some(node) = nodes.next() else {
            open.pop();
            continue;
        };
        see(node);
        if let Node::Branch { body, otherwise, .. } | Node::Range { body, otherwise, .. } = node {
            open.push(otherwise.iter());
            open.push(body.iter());
        }
    }
}

/// Returns what a node asks for.
fn checks(node: &Node, source: &Source) -> Vec<VersionCheck> {
    let Node::Branch { kind: Branch::If, pipe, body, otherwise, place } = node else {
        return Vec::new();
    };
    let mut asked = Vec::new();
    conditions(pipe, Where::Has, &mut asked);
    let check = |(asked, side): (SmolStr, Where)| {
        let (with, without) = match side {
            Where::Has => (body, otherwise),
            Where::HasNot => (otherwise, body),
        };
        Some(VersionCheck {
            place: place.span(source)?,
            with: extent(with, source),
            without: extent(without, source),
            instead: versions(without, &asked),
            asked,
        })
    };
    asked.into_iter().filter_map(check).collect()
}

/// Where a condition holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    /// Where the cluster has the version.
    Has,
    /// Where it has not.
    HasNot,
}

impl Where {
    fn other(self) -> Self {
        match self {
            Self::Has => Self::HasNot,
            Self::HasNot => Self::Has,
        }
    }
}

/// Gathers the versions that must be there, or must not be, where a condition holds.
fn conditions(pipe: &Pipe, side: Where, found: &mut Vec<(SmolStr, Where)>) {
    let [Command { args, .. }] = pipe.commands.as_slice() else { return };
    let mut inner = |operands: &[Operand], side| {
        for operand in operands {
            if let OperandKind::Pipe(pipe) = &operand.kind {
                conditions(pipe, side, found);
            }
        }
    };
    match args.as_slice() {
        [only] => inner(std::slice::from_ref(only), side),
        [Operand { kind: OperandKind::Function(function), .. }, rest @ ..] => match function.name {
            // Of several only that all hold is known, or that none does.
            "and" if side == Where::Has => inner(rest, side),
            "or" if side == Where::HasNot => inner(rest, side),
            "not" => inner(rest, side.other()),
            _ => {}
        },
        [asks, Operand { kind: OperandKind::Str { value, .. }, .. }] if is_has(asks) => {
            found.push((value.clone(), side));
        }
        _ => {}
    }
}

/// Tells whether an operand is `.Capabilities.APIVersions.Has`.
fn is_has(operand: &Operand) -> bool {
    let fields: &[SmolStr] = match &operand.kind {
        OperandKind::Field(fields)
        | OperandKind::Variable { fields, .. }
        | OperandKind::Chain { fields, .. } => fields,
        _ => &[],
    };
    fields.ends_with(&["Capabilities", "APIVersions", "Has"].map(SmolStr::new_static))
}

/// Returns the place of all nodes together.
fn extent(nodes: &[Node], source: &Source) -> Option<Span> {
    let mut all: Option<Place> = None;
    walk(nodes, &mut |node| {
        let place = node.place();
        if place.end > 0 {
            let known = all.unwrap_or(place);
            let (start, end) = (known.start.min(place.start), known.end.max(place.end));
            all = Some(Place { start, end, ..known });
        }
    });
    all.and_then(|place| place.span(source))
}

/// Returns the words of the texts and strings of nodes that name a version of the group of another.
fn versions(nodes: &[Node], like: &str) -> Vec<SmolStr> {
    let group = like.rsplit_once('/').map_or("", |(group, _)| group);
    let mut found: Vec<SmolStr> = Vec::new();
    let mut note = |text: &str| {
        let is_word = |it: char| it.is_alphanumeric() || matches!(it, '.' | '-' | '/');
        for word in text.split(|it| !is_word(it)) {
            let of_group = word.strip_prefix(group).is_some_and(|rest| rest.starts_with("/v"));
            if of_group && !found.iter().any(|known| known == word) {
                found.push(word.into());
            }
        }
    };
    walk(nodes, &mut |node| match node {
        Node::Text { text, .. } => note(text),
        Node::Action { pipe, .. } => strings(pipe, &mut note),
        _ => {}
    });
    found
}

/// Shows the strings of a pipeline.
fn strings(pipe: &Pipe, note: &mut dyn FnMut(&str)) {
    for operand in pipe.commands.iter().flat_map(|command| &command.args) {
        match &operand.kind {
            OperandKind::Str { value, .. } => note(value),
            OperandKind::Pipe(pipe) => strings(pipe, note),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::go;
    use crate::source::SourceMap;

    /// Returns what each check asks for, and the texts of both branches.
    fn checks(text: &str) -> Vec<(String, String, String, Vec<SmolStr>)> {
        let mut sources = SourceMap::new();
        let file = sources.add("t", text);
        let source = Source { name: "t".into(), file: Some(file), text: text.into() };
        let mut templates = TemplateSet::default();
        let parsed = go::parse(&Arc::new(source)).expect("it is a template");
        parsed.into_iter().for_each(|it| templates.add(Arc::new(it)));
        let text =
            |span: Option<Span>| span.map(|it| sources.text(it).to_owned()).unwrap_or_default();
        let told = |it: &VersionCheck| {
            (it.asked.to_string(), text(it.with), text(it.without), it.instead.clone())
        };
        of_templates(&templates).iter().map(told).collect()
    }

    #[test]
    fn conditions_tell_which_branch_is_written() {
        let has = |version: &str| format!("(.Capabilities.APIVersions.Has \"g/{version}\")");
        let table = [
            (has("v1"), Some(("g/v1", "a: g/v1", "a: g/v2"))),
            (format!("not {}", has("v1")), Some(("g/v1", "a: g/v2", "a: g/v1"))),
            (format!("and .Values.x {}", has("v1")), Some(("g/v1", "a: g/v1", "a: g/v2"))),
            (format!("or .Values.x {}", has("v1")), None),
            ("semverCompare \">=1.8\" .Capabilities.KubeVersion.Version".into(), None),
        ];
        for (condition, expected) in table {
            let text = format!("{{{{ if {condition} }}}}a: g/v1{{{{ else }}}}a: g/v2{{{{ end }}}}");
            let found = checks(&text);
            let found: Vec<_> = found.iter().map(|it| (&*it.0, &*it.1, &*it.2)).collect();
            assert_eq!(found, expected.into_iter().collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn what_is_written_instead_is_read_off_texts_and_strings() {
        let text = "{{ define \"v\" }}{{ if $.Capabilities.APIVersions.Has \"g/v1\" }}g/v1{{ else if \
                    .Values.x }}{{ print \"g/v1beta1\" }}{{ else }}h/v1 g/v1alpha1{{ end }}{{ end }}";
        let instead: Vec<_> = checks(text).into_iter().flat_map(|it| it.3).collect();
        assert_eq!(instead, ["g/v1beta1", "g/v1alpha1"]);
    }
}

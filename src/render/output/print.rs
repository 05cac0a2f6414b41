//! What `helm template` prints.

use std::ops::Range;

use super::selection::{Crds, Hooks, Selection, Tests};
use super::{Manifest, RenderedFile, split};
use crate::input::chart::pattern;
use crate::render::Error;

/// What of a release is printed, in Helm's order.
#[derive(Debug)]
pub struct Selected {
    /// What stands before the hooks, CRDs first; with patterns all that they choose.
    plain: Vec<Shown>,
    hooks: Vec<Shown>,
    /// Whether patterns chose.
    chosen: bool,
}

/// A document as it is printed.
#[derive(Debug)]
pub struct Shown {
    /// The document.
    pub manifest: Manifest,
    /// What stands between the separator and the text, where that is not the source alone.
    head: Option<String>,
}

/// Selects what `helm template` prints of documents in Helm's order and the files of crds/.
///
/// # Errors
/// In Helm's words, where a pattern of `show_only` matches nothing.
pub fn select(
    manifests: Vec<Manifest>,
    crds: &[RenderedFile],
    selection: &Selection,
) -> Result<Selected, Error> {
    let mut plain = Vec::new();
    if selection.crds == Crds::Show {
        plain.extend(crds.iter().map(|crd| Shown::from(of_crd(crd))));
    }
    let mut hooks = Vec::new();
    for manifest in manifests {
        match &manifest.hook {
            None => plain.push(manifest.into()),
            Some(events) => {
                let is_test = events.iter().any(|event| event == "test");
                let is_hidden =
                    selection.hooks == Hooks::Hide || is_test && selection.tests == Tests::Hide;
                if !is_hidden {
                    hooks.push(manifest.into());
                }
            }
        }
    }
    let whole = Selected { plain, hooks, chosen: false };
    if selection.show_only.is_empty() {
        return Ok(whole);
    }
    let plain = only(&whole, &selection.show_only)?;
    Ok(Selected { plain, hooks: Vec::new(), chosen: true })
}

impl Selected {
    /// Returns all documents in order, as they are printed.
    pub fn shown(&self) -> impl Iterator<Item = &Shown> {
        self.plain.iter().chain(&self.hooks)
    }

    /// Adds what `helm template` prints, of the documents that `keeps` wants.
    pub fn print(&self, out: &mut String, keeps: impl Fn(&Manifest) -> bool) {
        let start = out.len();
        out.reserve(self.shown().map(Shown::length).sum());
        let print = |shown: &[Shown], out: &mut String| {
            shown.iter().filter(|it| keeps(&it.manifest)).for_each(|it| it.print(out));
        };
        print(&self.plain, out);
        if !self.chosen {
            // Helm trims what it prints, hooks apart, and ends it with one newline.
            let end = start + out[start..].trim_end().len();
            out.truncate(end);
            out.push('\n');
        }
        print(&self.hooks, out);
    }
}

impl Shown {
    /// Adds the document as Helm prints it.
    pub fn print(&self, out: &mut String) {
        out.push_str("---\n");
        match &self.head {
            Some(head) => out.push_str(head),
            None => push_source(out, &self.manifest.source),
        }
        out.push_str(&self.manifest.text);
        out.push('\n');
    }

    /// Cuts a piece out of a printed text, in which the document's own begins at `own`.
    fn cut(&self, (text, own): (&str, usize), piece: Range<usize>) -> Self {
        let start = own.clamp(piece.start, piece.end);
        let manifest = Manifest {
            text: text[start..piece.end].into(),
            trail: self.manifest.trail.after(start.saturating_sub(own)),
            ..self.manifest.clone()
        };
        Self { manifest, head: Some(text[piece.start..start].into()) }
    }

    fn length(&self) -> usize {
        let head = self.head.as_ref().map_or(self.manifest.source.len() + 11, String::len);
        head + self.manifest.text.len() + 5
    }
}

impl From<Manifest> for Shown {
    fn from(manifest: Manifest) -> Self {
        Self { manifest, head: None }
    }
}

fn push_source(out: &mut String, source: &str) {
    for part in ["# Source: ", source, "\n"] {
        out.push_str(part);
    }
}

fn of_crd(crd: &RenderedFile) -> Manifest {
    Manifest {
        source: crd.name.clone(),
        text: crd.text.clone(),
        trail: crd.trail.clone().into(),
        kind: "CustomResourceDefinition".into(),
        hook: None,
    }
}

/// Keeps the pieces whose file one of the patterns matches, in the order of the patterns.
///
/// Helm splits the printed text again: of a file of crds/ that holds several documents only the
/// first has a source, unless another stands in a comment.
fn only(whole: &Selected, patterns: &[String]) -> Result<Vec<Shown>, Error> {
    let (mut text, mut printed) = (String::new(), Vec::new());
    for shown in whole.shown() {
        let begin = text.len();
        shown.print(&mut text);
        printed.push((begin, text.len() - "\n".len() - shown.manifest.text.len(), shown));
    }
    let pieces = split::pieces(&text);
    let named = pieces.iter().filter_map(|it| Some((it, name_in_chart(&text[it.clone()])?)));
    let named: Vec<_> = named.collect();
    let mut chosen = Vec::new();
    for wanted in patterns {
        let before = chosen.len();
        // Helm takes a broken pattern for one that matches nothing.
        let is_wanted = |name: &str| pattern::matches(wanted, name).unwrap_or(false);
        for (piece, _) in named.iter().filter(|(_, name)| is_wanted(name)) {
            let after = printed.partition_point(|(begin, ..)| *begin <= piece.start);
            if let Some((_, start, shown)) = printed[..after].last() {
                chosen.push(shown.cut((&text, *start), (*piece).clone()));
            }
        }
        if chosen.len() == before {
            return Err(Error::new(format!("could not find template {wanted} in chart")));
        }
    }
    Ok(chosen)
}

/// Returns the first `# Source:` of a piece from behind the name of the chart on.
fn name_in_chart(piece: &str) -> Option<&str> {
    piece.match_indices("# Source: ").find_map(|(at, mark)| {
        let rest = &piece[at + mark.len()..];
        let (chart, name) = rest.split_once('/')?;
        let name = name.split('\n').next().filter(|name| !name.is_empty())?;
        (!chart.is_empty()).then_some(name)
    })
}

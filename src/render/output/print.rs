//! What `helm template` prints.

use super::selection::{Crds, Hooks, Selection, Tests};
use super::{Manifest, RenderedFile, split};
use crate::input::chart::pattern;
use crate::render::Error;

/// Returns what `helm template` prints for documents in Helm's order and the files of crds/.
///
/// # Errors
/// In Helm's words, where a pattern of `show_only` matches nothing.
pub fn print(
    manifests: &[Manifest],
    crds: &[RenderedFile],
    selection: &Selection,
) -> Result<String, Error> {
    let text = whole(manifests, crds, selection);
    if selection.show_only.is_empty() { Ok(text) } else { only(&text, &selection.show_only) }
}

fn whole(manifests: &[Manifest], crds: &[RenderedFile], selection: &Selection) -> String {
    let mut text = String::new();
    if selection.crds == Crds::Show {
        for crd in crds {
            append(&mut text, &crd.name, &crd.text);
        }
    }
    for manifest in manifests.iter().filter(|manifest| manifest.hook.is_none()) {
        append(&mut text, &manifest.source, &manifest.text);
    }
    let mut text = trim(text);
    text.push('\n');
    if selection.hooks == Hooks::Show {
        for manifest in manifests {
            let Some(events) = &manifest.hook else { continue };
            let is_test = events.iter().any(|event| event == "test");
            if selection.tests == Tests::Show || !is_test {
                append(&mut text, &manifest.source, &manifest.text);
            }
        }
    }
    text
}

/// Trims a text at both ends without a copy of it, where there is nothing to trim at its start.
fn trim(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    if text.starts_with("---") { text } else { text.trim_start().into() }
}

fn append(text: &mut String, source: &str, content: &str) {
    for part in ["---\n# Source: ", source, "\n", content, "\n"] {
        text.push_str(part);
    }
}

/// Keeps the pieces whose file one of the patterns matches, in the order of the patterns.
fn only(text: &str, patterns: &[String]) -> Result<String, Error> {
    let pieces: Vec<&str> = split::pieces(text).into_iter().map(|range| &text[range]).collect();
    let mut out = String::new();
    for wanted in patterns {
        let mut found = false;
        for piece in &pieces {
            let Some(name) = name_in_chart(piece) else { continue };
            if pattern::matches(wanted, name).unwrap_or(false) {
                found = true;
                for part in ["---\n", piece, "\n"] {
                    out.push_str(part);
                }
            }
        }
        if !found {
            return Err(Error::new(format!("could not find template {wanted} in chart")));
        }
    }
    Ok(out)
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

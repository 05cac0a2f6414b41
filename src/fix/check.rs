//! Whether a text says after a change what it should.

use super::tree;
use crate::document::Document;
use crate::finding::Edit;
use crate::rbac::Head;
use crate::yaml::{self, Data, Node};

/// Makes sure that a text says after changes what the changes say, and nothing else; the spans of the
/// changes lie in `before`.
///
/// # Errors
/// In words which object differs, and where.
pub fn document(before: &str, after: &str, edits: &[Edit]) -> Result<(), String> {
    let read = |text| yaml::parse_all(text).map_err(|error| format!("it is no YAML: {error}"));
    let expected = tree::changed(read(before)?, edits).ok_or("what is changed is not there")?;
    let got = read(after)?;
    if expected.len() != got.len() {
        return Err("it has another number of documents".into());
    }
    for (expected, got) in expected.into_iter().zip(got) {
        let (one, other) = (data(&expected), data(&got));
        if one != other {
            let name = name_of(got).unwrap_or_else(|| "a document".into());
            let path = difference(&one, &other, "");
            return Err(format!("{name} differs in {path}"));
        }
    }
    Ok(())
}

fn data(node: &Node) -> Option<Data> {
    yaml::to_data(node).ok()
}

/// Returns what an object is called in words.
pub(super) fn name_of(root: Node) -> Option<String> {
    let document = Document::unplaced(root);
    let Head { kind, name, .. } = Head::read(document.root())?;
    Some(format!("{kind} {name}"))
}

/// Returns the path to the first difference, and what is there.
fn difference(expected: &Option<Data>, got: &Option<Data>, path: &str) -> String {
    match (expected, got) {
        (Some(Data::Map(expected)), Some(Data::Map(got))) => {
            let keys = expected.keys().chain(got.keys());
            let differing = keys.into_iter().find(|key| expected.get(*key) != got.get(*key));
            differing.map_or_else(String::new, |key| {
                let below = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
                difference(&expected.get(key).cloned(), &got.get(key).cloned(), &below)
            })
        }
        (Some(Data::Seq(expected)), Some(Data::Seq(got))) if expected.len() == got.len() => {
            let at = expected.iter().zip(got).position(|(one, other)| one != other);
            at.map_or_else(String::new, |at| {
                let item = |items: &[Data]| items.get(at).cloned();
                difference(&item(expected), &item(got), &format!("{path}[{at}]"))
            })
        }
        (expected, got) => {
            let said = |data: &Option<Data>| match data {
                None => "nothing".to_string(),
                Some(data) => {
                    let text = yaml::json_write(data);
                    let is_long = text.chars().count() > 60;
                    if is_long { "something else".into() } else { format!("`{text}`") }
                }
            };
            format!("`{path}`: {} in place of {}", said(got), said(expected))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Written;
    use crate::source::{SourceMap, Span};

    #[test]
    fn only_what_a_change_says_may_differ() {
        let before = "kind: A\nmetadata: {name: a}\nspec:\n- x: 1\n- x: 2\n";
        let file = SourceMap::new().add("a", before);
        let at = before.find("a}").expect("it is there");
        let edits =
            [Edit::Replace { span: Span::new(file, at, at + 1), with: Written::Text("b".into()) }];
        let check = |after: &str| document(before, after, &edits);
        assert_eq!(check("kind: A\nspec: [{x: 1}, {x: 2}]\nmetadata: {name: 'b'}\n"), Ok(()));
        let found = check("kind: A\nmetadata: {name: b}\nspec: [{x: 1}, {x: 3}]\n");
        assert_eq!(found, Err("A b differs in `spec[1].x`: `3` in place of `2`".into()));
        assert!(check(before).is_err(), "the change was not made");
    }

    #[test]
    fn a_key_may_have_another_name() {
        let before = "rules:\n- verb: [get]\n";
        let file = SourceMap::new().add("a", before);
        let span = Span::new(file, 9, 13);
        let edits = [Edit::Replace { span, with: Written::Text("verbs".into()) }];
        assert_eq!(document(before, "rules: [{verbs: [get]}]\n", &edits), Ok(()));
        assert!(document(before, before, &edits).is_err(), "the change was not made");
    }
}

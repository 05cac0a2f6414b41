//! Which fields of an object change.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::yaml::{self, Data};

/// How many fields are named.
const MOST: usize = 4;

/// How many labels and annotations are named.
const MOST_LABELS: usize = 1;

/// The most characters of a value that is shown.
const LONGEST: usize = 80;

/// The parts of roles and bindings that are told in other words.
const TOLD: [&str; 3] = ["roleRef", "rules", "subjects"];

/// Says which fields change and how, those of subjects and rules left out.
pub(super) fn changed(before: &Data, after: &Data) -> Vec<String> {
    let (mut found, mut labels) = (Vec::new(), Vec::new());
    let hides =
        matches!(before, Data::Map(it) if it.get("kind") == Some(&Data::Str("Secret".into())));
    walk((Some(before), Some(after)), &mut Vec::new(), &mut |path, sides| {
        let first = path.first().and_then(|first| first.split('[').next());
        if !first.is_some_and(|first| TOLD.contains(&first)) {
            let hidden =
                hides && matches!(path.first().map(String::as_str), Some("data" | "stringData"));
            let show = |value: &Data| shown(value).filter(|_| !hidden);
            let list = if is_label(path) { &mut labels } else { &mut found };
            list.push(words(path, sides, &show));
        }
    });
    let more = found.len().saturating_sub(MOST);
    if more > 1 {
        found.truncate(MOST);
        found.push(format!("changes {more} more fields"));
    }
    // A new version of a chart changes labels everywhere, which says least.
    match labels.len() {
        count if count > MOST_LABELS => {
            found.push(format!("changes {count} labels and annotations"))
        }
        _ => found.append(&mut labels),
    }
    found
}

/// Tells whether a path leads to a label or an annotation, of a template of pods too.
fn is_label(path: &[String]) -> bool {
    path.windows(2)
        .any(|two| two[0] == "metadata" && matches!(two[1].as_str(), "labels" | "annotations"))
}

/// A value before and after.
type Sides<'a> = (Option<&'a Data>, Option<&'a Data>);

fn walk(sides: Sides<'_>, path: &mut Vec<String>, see: &mut dyn FnMut(&[String], Sides<'_>)) {
    match sides {
        (one, two) if one == two => {}
        (Some(Data::Map(before)), Some(Data::Map(after))) => {
            entries((before, after), path, see);
        }
        // Of a few labels that come or go each is named.
        (None, Some(Data::Map(map))) if is_plain(map) => entries((&NOTHING, map), path, see),
        (Some(Data::Map(map)), None) if is_plain(map) => entries((map, &NOTHING), path, see),
        (Some(Data::Seq(before)), Some(Data::Seq(after))) => match (names(before), names(after)) {
            (Some(old), Some(new)) if !old.is_empty() && !new.is_empty() => {
                let all = old.iter().chain(new.iter().filter(|it| !old.contains(it)));
                for name in all {
                    let place = |names: &[&str]| names.iter().position(|it| it == name);
                    let one = place(&old).and_then(|at| before.get(at));
                    let two = place(&new).and_then(|at| after.get(at));
                    within(format!("[{name}]"), path, |path| walk((one, two), path, see));
                }
            }
            _ if before.len() == after.len() => {
                for (at, (one, two)) in before.iter().zip(after).enumerate() {
                    within(format!("[{at}]"), path, |path| {
                        walk((Some(one), Some(two)), path, see);
                    });
                }
            }
            _ => see(path, sides),
        },
        _ => see(path, sides),
    }
}

/// The entries of a map that is not there.
static NOTHING: BTreeMap<SmolStr, Data> = BTreeMap::new();

fn entries(
    (before, after): (&BTreeMap<SmolStr, Data>, &BTreeMap<SmolStr, Data>),
    path: &mut Vec<String>,
    see: &mut dyn FnMut(&[String], Sides<'_>),
) {
    let keys: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for key in keys {
        path.push(key.to_string());
        walk((before.get(key), after.get(key)), path, see);
        path.pop();
    }
}

/// Tells whether a map holds some values that can be shown.
fn is_plain(map: &BTreeMap<SmolStr, Data>) -> bool {
    !map.is_empty() && map.values().all(|value| shown(value).is_some())
}

/// Goes into an item of the list that a path leads to.
fn within(item: String, path: &mut Vec<String>, go: impl FnOnce(&mut Vec<String>)) {
    let Some(last) = path.last_mut() else { return go(path) };
    let before = last.len();
    last.push_str(&item);
    go(path);
    if let Some(last) = path.last_mut() {
        last.truncate(before);
    }
}

/// Returns the names of the items of a list, if each has one of its own.
fn names(list: &[Data]) -> Option<Vec<&str>> {
    let names: Option<Vec<&str>> = list
        .iter()
        .map(|item| match item {
            Data::Map(item) => match item.get("name") {
                Some(Data::Str(name)) => Some(name.as_str()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    names.filter(|names| names.iter().collect::<BTreeSet<_>>().len() == names.len())
}

fn words(path: &[String], sides: Sides<'_>, show: &dyn Fn(&Data) -> Option<String>) -> String {
    let path = path.join(".");
    match sides {
        (None, Some(after)) => match show(after) {
            Some(value) => format!("adds {path}: {value}"),
            None => format!("adds {path}"),
        },
        (Some(_), None) => format!("drops {path}"),
        (Some(before), Some(after)) => match (show(before), show(after)) {
            (Some(before), Some(after)) => format!("{path} {before} → {after}"),
            _ => format!("changes {path}"),
        },
        (None, None) => path,
    }
}

/// Returns a value that fits into a sentence.
fn shown(value: &Data) -> Option<String> {
    let text = match value {
        Data::Str(text) if text.is_empty() => "\"\"".to_owned(),
        Data::Str(text) => text.to_string(),
        Data::Seq(_) | Data::Map(_) => return None,
        other => yaml::json_write(other),
    };
    let is_short = text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    is_short.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(text: &str) -> Data {
        let mut roots = yaml::parse_all(text).expect("it is YAML");
        crate::document::Document::unplaced(roots.remove(0)).root().data()
    }

    #[test]
    fn each_change_is_told_by_its_path() {
        let table: [(&str, &str, &[&str]); 12] = [
            ("{a: 1}", "{a: 1}", &[]),
            ("{spec: {replicas: 1}}", "{spec: {replicas: 3}}", &["spec.replicas 1 → 3"]),
            ("{a: {b: x}}", "{a: {b: x, c: ''}}", &["adds a.c: \"\""]),
            ("{a: {b: x, c: y}}", "{a: {b: x}}", &["drops a.c"]),
            ("{a: b}", "{a: b, labels: {x: z}}", &["adds labels.x: z"]),
            // Items with names are told by them, whatever their order.
            (
                "{c: [{name: a, image: 'x:1'}, {name: b}]}",
                "{c: [{name: b}, {name: a, image: 'x:2'}]}",
                &["c[a].image x:1 → x:2"],
            ),
            ("{c: [{name: a}]}", "{c: [{name: a}, {name: b}]}", &["adds c[b].name: b"]),
            ("{args: [a, b]}", "{args: [a, c]}", &["args[1] b → c"]),
            ("{args: [a, b]}", "{args: [a]}", &["changes args"]),
            ("{data: {f: \"a\\nb\"}}", "{data: {f: \"a\\nc\"}}", &["changes data.f"]),
            ("{kind: Secret, data: {p: a}}", "{kind: Secret, data: {p: b}}", &["changes data.p"]),
            ("{rules: [a], subjects: [b]}", "{rules: [c], subjects: [d]}", &[]),
        ];
        for (before, after, expected) in table {
            assert_eq!(changed(&data(before), &data(after)), expected, "{before} {after}");
        }
    }

    #[test]
    fn of_many_fields_the_rest_is_counted() {
        let numbered = |value: u32, count: u32| -> Data {
            let fields = (0..count).map(|at| format!("f{at}: {value}")).collect::<Vec<_>>();
            data(&format!("{{{}}}", fields.join(", ")))
        };
        let told = |count| changed(&numbered(1, count), &numbered(2, count));
        assert_eq!(told(5).len(), 5);
        assert_eq!(told(7).last().map(String::as_str), Some("changes 3 more fields"));
        let labelled = |version: u32| {
            let labels = format!("labels: {{a: v{version}, b: v{version}}}");
            data(&format!("{{metadata: {{{labels}}}, spec: {{x: {version}}}}}"))
        };
        let told = changed(&labelled(1), &labelled(2));
        assert_eq!(told, ["spec.x 1 → 2", "changes 2 labels and annotations"]);
    }
}

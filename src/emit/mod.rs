//! Objects to YAML that people read and review.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::yaml::{self, Data};

/// The keys of an object that stand first, in this order; the others follow sorted.
const ROOT_ORDER: &[&str] = &["apiVersion", "kind", "metadata", "aggregationRule", "roleRef"];

/// The keys of `metadata` that stand first.
const METADATA_ORDER: &[&str] = &["name", "namespace", "labels", "annotations"];

/// Returns an object as a YAML document that ends with a newline, without a separator.
#[must_use]
pub fn object(data: &Data) -> String {
    let Data::Map(root) = data else { return value(data) };
    let mut out = String::new();
    for (key, part) in ordered(root, ROOT_ORDER) {
        match (key.as_str(), part) {
            ("metadata", Data::Map(entries)) => {
                out.push_str("metadata:\n");
                for (key, part) in ordered(entries, METADATA_ORDER) {
                    for line in entry(key, part).lines() {
                        out.push_str(if line.is_empty() { "" } else { "  " });
                        out.push_str(line);
                        out.push('\n');
                    }
                }
            }
            _ => out.push_str(&entry(key, part)),
        }
    }
    out
}

/// Returns objects as one text, each after a separator line.
#[must_use]
pub fn documents<'a>(objects: impl IntoIterator<Item = &'a Data>) -> String {
    objects.into_iter().map(|data| format!("---\n{}", object(data))).collect()
}

fn ordered<'a>(
    entries: &'a BTreeMap<SmolStr, Data>,
    first: &'a [&str],
) -> impl Iterator<Item = (&'a SmolStr, &'a Data)> {
    let rest = entries.iter().filter(|(key, _)| !first.contains(&key.as_str()));
    first.iter().filter_map(|key| entries.get_key_value(*key)).chain(rest)
}

fn entry(key: &SmolStr, part: &Data) -> String {
    value(&Data::Map(BTreeMap::from([(key.clone(), part.clone())])))
}

/// Writes a value; JSON, which is YAML too, where Helm's writer refuses a character.
fn value(data: &Data) -> String {
    yaml::to_yaml(data).unwrap_or_else(|| format!("{}\n", yaml::json_write(data)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn data() -> impl Strategy<Value = Data> {
        let text =
            prop_oneof!["[ -~é]{0,12}", "[-:#'\"\\n a1.~]{0,6}", "(yes|no|null|1e3|0x1|~|012)"];
        let leaf = prop_oneof![
            Just(Data::Null),
            any::<bool>().prop_map(Data::Bool),
            (-1000_i32..1000).prop_map(|number| Data::Float(f64::from(number) / 4.0)),
            text.prop_map(|text| Data::Str(text.into())),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            let list = prop::collection::vec(inner.clone(), 0..4).prop_map(Data::Seq);
            let keys = "[a-zA-Z/.-]{1,8}".prop_map(SmolStr::from);
            let map = prop::collection::btree_map(keys, inner, 0..4).prop_map(Data::Map);
            prop_oneof![list, map]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(spec in data(), labels in data()) {
            let metadata = BTreeMap::from([
                ("name".into(), Data::Str("a".into())),
                ("labels".into(), labels),
            ]);
            let object = Data::Map(BTreeMap::from([
                ("kind".into(), Data::Str("Role".into())),
                ("metadata".into(), Data::Map(metadata)),
                ("spec".into(), spec),
            ]));
            let text = super::object(&object);
            prop_assert!(text.starts_with("kind: Role\nmetadata:\n  name: a\n"));
            prop_assert_eq!(yaml::read(&text), Ok(object), "{}", text);
        }
    }
}

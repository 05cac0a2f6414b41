//! Values from files and flags, as `helm template` takes them.

mod documents;
mod flags;
mod json;
mod scalar;

use std::path::Path;

use super::{Error, disk};
use crate::yaml::Data;
use documents::Map;
use flags::Right;

pub(crate) use documents::read;

/// One source of values.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ValueSource {
    /// `-f FILE`
    File(String),
    /// `set` in rolecall.yaml
    Inventory {
        /// The key, written as for `--set`.
        key: String,
        /// The value as JSON.
        json: String,
    },
    /// `--set-json`
    SetJson(String),
    /// `--set`
    Set(String),
    /// `--set-string`
    SetString(String),
    /// `--set-file`
    SetFile(String),
    /// `--set-literal`
    SetLiteral(String),
}

impl ValueSource {
    /// Returns Helm's order: files first, then the flags, whatever order they were given in.
    fn rank(&self) -> u8 {
        match self {
            // Files that are typed win over what rolecall.yaml sets.
            Self::File(_) | Self::Inventory { .. } => 0,
            Self::SetJson(_) => 1,
            Self::Set(_) => 2,
            Self::SetString(_) => 3,
            Self::SetFile(_) => 4,
            Self::SetLiteral(_) => 5,
        }
    }
}

/// Reads the sources in Helm's order (files, and what rolecall.yaml sets, in the order given; then
/// the flags in the order of the variants above) and merges them, later ones winning. Returns a map.
///
/// # Errors
/// In Helm's words: `failed parsing --set data: …`.
pub fn merge(sources: &[ValueSource]) -> Result<Data, Error> {
    let mut values = Map::new();
    let mut ordered: Vec<&ValueSource> = sources.iter().collect();
    ordered.sort_by_key(|source| source.rank());
    for source in ordered {
        add(&mut values, source).map_err(Error::new)?;
    }
    Ok(Data::Map(values))
}

/// Sets the value under a key that is written as `--set` takes keys: `a.b[0].c`, `a\.b`.
///
/// # Errors
/// In the words of Helm, where the key is none or leads through something that is no map or list.
pub fn set_value(values: &mut Data, key: &str, value: Data) -> Result<(), Error> {
    if !matches!(values, Data::Map(_)) {
        *values = Data::Map(Map::new());
    }
    let Data::Map(map) = values else { return Ok(()) };
    flags::parse_into(&format!("{key}="), Right::Given(value), map).map_err(Error::new)
}

fn add(values: &mut Map, source: &ValueSource) -> Result<(), String> {
    match source {
        ValueSource::File(path) => {
            let content = read_file(path)?;
            let map = documents::read_map(&content)
                .map_err(|error| format!("failed to parse {path}: {error}"))?;
            documents::merge(values, map);
            Ok(())
        }
        ValueSource::Inventory { key, json } => json::read(json)
            .and_then(|value| flags::parse_into(&format!("{key}="), Right::Given(value), values))
            .map_err(|error| format!("cannot set `{key}` of rolecall.yaml: {error}")),
        ValueSource::SetJson(text) => add_json(values, text),
        ValueSource::Set(text) => add_flag(values, text, ("--set", Right::Typed)),
        ValueSource::SetString(text) => add_flag(values, text, ("--set-string", Right::Text)),
        ValueSource::SetFile(text) => {
            let read = |path: &str| {
                read_file(path).map(|content| String::from_utf8_lossy(&content).into_owned())
            };
            add_flag(values, text, ("--set-file", Right::File(&read)))
        }
        ValueSource::SetLiteral(text) => add_flag(values, text, ("--set-literal", Right::Literal)),
    }
}

fn add_flag(values: &mut Map, text: &str, (flag, right): (&str, Right<'_>)) -> Result<(), String> {
    flags::parse_into(text, right, values)
        .map_err(|error| format!("failed parsing {flag} data: {error}"))
}

fn add_json(values: &mut Map, text: &str) -> Result<(), String> {
    if !text.trim().starts_with('{') {
        return flags::parse_into(text, Right::Json, values)
            .map_err(|_| format!("failed parsing --set-json data {text}"));
    }
    match json::read(text.trim()) {
        Ok(Data::Map(map)) => {
            documents::merge(values, map);
            Ok(())
        }
        _ => Err(format!("failed parsing --set-json data JSON: {text}")),
    }
}

fn read_file(path: &str) -> Result<Vec<u8>, String> {
    if path.trim() == "-" {
        return disk::read_stdin().map_err(|error| error.to_string());
    }
    if ["http://", "https://", "oci://"].iter().any(|scheme| path.starts_with(scheme)) {
        return Err(format!("{path} is not read: values come from files only"));
    }
    disk::read_raw(Path::new(path)).map_err(|error| disk::read_words(path, &error))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests make the files that they read")]
mod tests {
    use super::*;
    use crate::yaml;

    fn merged(sources: &[ValueSource]) -> Result<String, String> {
        let data = merge(sources).map_err(|error| error.message)?;
        Ok(yaml::json_write(&data))
    }

    #[test]
    fn sources_merge_in_the_order_of_helm() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_string_lossy().into_owned()
        };
        let one = file("1.yaml", "a: 1\nm: {x: 1, z: 1}\nl: [1, 2]\n---\nb: 1\n");
        let two = file("2.yaml", "a: 2\nm: {z: ~}\n");
        let text = file("t.txt", "line\n");
        let sources = [
            ValueSource::SetLiteral("v=x,y".into()),
            ValueSource::SetFile(format!("f.t={text}")),
            ValueSource::SetString("s=1".into()),
            ValueSource::Set("a=3,l[1]=z".into()),
            ValueSource::SetJson(r#"{"m":{"q":[1.5]}}"#.into()),
            ValueSource::SetJson(r#"j=[1],k=,n="s""#.into()),
            ValueSource::File(one),
            ValueSource::File(two),
        ];
        assert_eq!(
            merged(&sources).unwrap(),
            concat!(
                r#"{"a":3,"b":1,"f":{"t":"line\n"},"j":[1],"k":null,"l":[1,"z"],"#,
                r#""m":{"q":[1.5],"x":1,"z":null},"n":"s","s":"1","v":"x,y"}"#
            )
        );
    }

    #[test]
    fn errors_name_their_source() {
        let cases = [
            (ValueSource::File("nope.yaml".into()), "open nope.yaml: no such file or directory"),
            (
                ValueSource::SetFile("a=nope.txt".into()),
                "failed parsing --set-file data: open nope.txt: no such file or directory",
            ),
            (ValueSource::SetJson("a={b:1}".into()), "failed parsing --set-json data a={b:1}"),
            (
                ValueSource::SetJson("{\"a\":".into()),
                "failed parsing --set-json data JSON: {\"a\":",
            ),
            (
                ValueSource::Set("a.=1".into()),
                "failed parsing --set data: key map \"a\" has no value",
            ),
        ];
        for (source, expected) in cases {
            assert_eq!(merged(&[source]).unwrap_err(), expected);
        }
    }

    #[test]
    fn a_single_value_is_set_by_its_key() {
        let mut values = merge(&[ValueSource::Set("a.b=1".into())]).unwrap();
        set_value(&mut values, r"a.c\.d[1]", Data::Bool(true)).unwrap();
        assert_eq!(yaml::json_write(&values), r#"{"a":{"b":1,"c.d":[null,true]}}"#);
        assert!(set_value(&mut values, "a=b", Data::Null).is_err());
    }
}

//! Values of `format` that Helm's library takes otherwise than the compiler of schemas here.

use std::error::Error;

use boon::Format;
use serde_json::Value as Json;

use super::words;
use crate::render::value::Value;

type Outcome = Result<(), Box<dyn Error>>;

/// The formats; those that Helm's library does not know accept everything.
pub(super) const FORMATS: [Format; 9] = [
    Format { name: "ipv4", func: ipv4 },
    Format { name: "uuid", func: uuid },
    Format { name: "uri", func: uri },
    Format { name: "iri", func: uri },
    Format { name: "uri-reference", func: uri_reference },
    Format { name: "iri-reference", func: uri_reference },
    Format { name: "idn-email", func: unknown },
    Format { name: "idn-hostname", func: unknown },
    Format { name: "date", func: date },
];

fn unknown(_: &Json) -> Outcome {
    Ok(())
}

fn ipv4(value: &Json) -> Outcome {
    let Some(text) = value.as_str() else { return Ok(()) };
    let groups: Vec<&str> = text.split('.').collect();
    if groups.len() != 4 {
        return Err("expected four decimals".into());
    }
    for group in groups {
        if group.len() > 1 && group.starts_with('0') {
            return Err("leading zeros".into());
        }
        match group.parse::<i64>() {
            Ok(0..=255) => {}
            Ok(_) => return Err("decimal must be between 0 and 255".into()),
            Err(_) => {
                let group = words::go_quote(group);
                return Err(format!("strconv.Atoi: parsing {group}: invalid syntax").into());
            }
        }
    }
    Ok(())
}

fn uuid(value: &Json) -> Outcome {
    let Some(text) = value.as_str() else { return Ok(()) };
    let lengths = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() != lengths.len() {
        return Err("must have 5 elements".into());
    }
    for (at, (group, length)) in groups.iter().zip(lengths).enumerate() {
        if group.len() != length {
            return Err(format!("element {} must be {length} characters long", at + 1).into());
        }
        if let Some(other) = group.chars().find(|it| !it.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {other:?}").into());
        }
    }
    Ok(())
}

fn uri(value: &Json) -> Outcome {
    let Some(Some(url)) = value.as_str().map(parse_url).transpose()? else { return Ok(()) };
    let scheme = url.as_map().and_then(|map| map.get("scheme"));
    match scheme.as_ref().and_then(Value::as_text) {
        Some(scheme) if !scheme.is_empty() => Ok(()),
        _ => Err("relative url".into()),
    }
}

fn uri_reference(value: &Json) -> Outcome {
    let Some(text) = value.as_str() else { return Ok(()) };
    if text.contains('\\') {
        return Err("contains \\".into());
    }
    parse_url(text)?;
    Ok(())
}

/// Parses an address as Go does, by the function that templates have for it.
fn parse_url(text: &str) -> Result<Option<Value>, String> {
    words::call("urlParse", &[text.into()]).transpose().map_err(|error| {
        let prefix = "unable to parse url: ";
        error.strip_prefix(prefix).unwrap_or(&error).into()
    })
}

fn date(value: &Json) -> Outcome {
    let Some(text) = value.as_str() else { return Ok(()) };
    words::call("mustToDate", &["2006-01-02".into(), text.into()]).transpose()?;
    Ok(())
}

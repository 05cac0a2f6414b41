//! URLs.

mod address;
mod escape;
mod url;

use super::{Context, Function, FunctionError, Param, Run};
use crate::render::value::{Str, Value};
use url::Url;

pub(super) static TABLE: &[Function] = &[
    Function { name: "urlJoin", params: &[Param::Map], rest: None, run: Run::Plain(join) },
    Function { name: "urlParse", params: &[Param::String], rest: None, run: Run::Plain(parse) },
];

fn parse(context: &mut Context<'_>, args: &[Value]) -> Result<Value, FunctionError> {
    let text = args.first().and_then(Value::as_text).map_or(&[][..], |text| text.as_bytes());
    context.budget.take_bytes(text.len().saturating_mul(2))?;
    let url = Url::parse(text)
        .map_err(|error| FunctionError::new(format!("unable to parse url: {error}")))?;
    let name = url.host_name().to_vec();
    let user = url.user.as_ref().map(url::User::text).unwrap_or_default();
    let entries = [
        ("scheme", url.scheme),
        ("host", url.host),
        ("hostname", name),
        ("path", url.path),
        ("query", url.query),
        ("opaque", url.opaque),
        ("fragment", url.fragment),
        ("userinfo", user),
    ];
    let value = |bytes| Value::Str(Str::from_bytes(bytes));
    Ok(entries.into_iter().map(|(key, bytes)| (key.into(), value(bytes))).collect())
}

fn join(context: &mut Context<'_>, args: &[Value]) -> Result<Value, FunctionError> {
    let dict = args.first();
    let mut url = Url {
        scheme: entry(dict, "scheme")?,
        host: entry(dict, "host")?,
        path: entry(dict, "path")?,
        query: entry(dict, "query")?,
        opaque: entry(dict, "opaque")?,
        fragment: entry(dict, "fragment")?,
        user: None,
    };
    let user = entry(dict, "userinfo")?;
    if !user.is_empty() {
        let parsed = Url::parse(&[b"proto://", &user[..], b"@host"].concat());
        url.user = parsed
            .map_err(|error| {
                FunctionError::new(format!("unable to parse userinfo in dict: {error}"))
            })?
            .user;
    }
    let text = url.text();
    context.budget.take_bytes(text.len())?;
    Ok(Value::Str(Str::from_bytes(text)))
}

/// Returns the text under a key; none is empty.
fn entry(dict: Option<&Value>, key: &str) -> Result<Vec<u8>, FunctionError> {
    match dict.and_then(Value::as_map).and_then(|map| map.get(key)) {
        None => Ok(Vec::new()),
        Some(Value::Str(text)) => Ok(text.as_bytes().to_vec()),
        Some(Value::Nil) => Err(FunctionError::new(
            "runtime error: invalid memory address or nil pointer dereference",
        )),
        Some(other) => Err(FunctionError::new(format!(
            "unable to parse {key} key, must be of type string, but {} found",
            other.kind().word()
        ))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, from_str, json};

    use super::super::args;
    use super::*;

    fn call(name: &str, argument: Value) -> Result<Value, String> {
        args::tests::call(name, &[argument]).map_err(|error| error.message)
    }

    /// The answers were recorded from the real Helm.
    #[test]
    fn urls_are_taken_apart_as_in_helm() {
        const KEYS: [&str; 8] =
            ["scheme", "host", "hostname", "path", "query", "opaque", "fragment", "userinfo"];
        let answers: Json = from_str(include_str!("answers.json")).unwrap();
        let mut wrong = Vec::new();
        for answer in answers.as_array().unwrap() {
            let given = match call("urlParse", answer[0].as_str().unwrap().into()) {
                Err(error) => json!(error),
                Ok(parts) => {
                    let map = parts.as_map().unwrap();
                    let texts = KEYS.map(|key| map.get(key).unwrap().print()).into_iter();
                    let joined = call("urlJoin", parts.clone()).unwrap().print();
                    texts.chain([joined]).collect()
                }
            };
            if given != answer[1] {
                wrong.push(format!("{}:\n  {given}\n  {}", answer[0], answer[1]));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn urls_are_put_together_as_in_helm() {
        for (entries, expected) in [
            (&[][..], Ok("")),
            (&[("path", "a:b/c")], Ok("./a:b/c")),
            (&[("path", "p"), ("host", "h")], Ok("//h/p")),
            (&[("scheme", "mailto"), ("opaque", "x@y")], Ok("mailto:x@y")),
            (&[("scheme", "http"), ("path", "p")], Ok("http://p")),
            (&[("host", "a b<é>")], Ok("//a%20b<%C3%A9>")),
            (&[("fragment", "a b#%!()*'é")], Ok("#a%20b%23%25!()*%27%C3%A9")),
            (&[("userinfo", "u:p")], Ok("//u:p@")),
            (&[("userinfo", ":"), ("host", "h")], Ok("//:@h")),
            (&[("path", "/%é[]")], Ok("/%25%C3%A9%5B%5D")),
            (
                &[("userinfo", "a@b:c/d")],
                Err("unable to parse userinfo in dict: parse \"proto://a@b:c/d@host\": \
                     invalid port \":c\" after host"),
            ),
            (
                &[("userinfo", "é")],
                Err("unable to parse userinfo in dict: parse \"proto://é@host\": \
                     net/url: invalid userinfo"),
            ),
        ] {
            let entry = |(key, text): &(&'static str, &str)| ((*key).into(), Value::from(*text));
            let given = call("urlJoin", entries.iter().map(entry).collect());
            let given = given.map(|text| text.print());
            assert_eq!(given, expected.map(str::to_owned).map_err(str::to_owned), "{entries:?}");
        }
        for (value, expected) in [
            (Value::Int(5), "unable to parse host key, must be of type string, but int found"),
            (Value::Nil, "runtime error: invalid memory address or nil pointer dereference"),
        ] {
            let dict = [("host".into(), value)].into_iter().collect();
            assert_eq!(call("urlJoin", dict).unwrap_err(), expected);
        }
    }
}

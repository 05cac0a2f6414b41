//! Private keys and certificates: the same on every run, as they follow from the release's seed.

mod der;
mod keys;
mod pem;
mod x509;

use std::any::Any;
use std::borrow::Cow;
use std::net::IpAddr;
use std::rc::Rc;

use smol_str::SmolStr;

use super::Param::{Certificate as Signed, Int, List, String as Text};
use super::args::{Answer, fixed};
use super::{Context, Failure, Function, FunctionError};
use crate::render::value::{Kind, Native, Str, Value};
use crate::yaml::Data;
use keys::{Key, RsaSize};
use x509::{Parent, Role, Template};

pub(super) static TABLE: &[Function] = &[
    fixed("buildCustomCert", &[Text, Text], build_custom),
    fixed("genCA", &[Text, Int], |context, args| {
        let key = Key::rsa(context.random, RsaSize::Certificate);
        authority(context, args, &key)
    }),
    fixed("genCAWithKey", &[Text, Int, Text], |context, args| {
        authority(context, args, &given_key(args, 2)?)
    }),
    fixed("genPrivateKey", &[Text], private_key),
    fixed("genSelfSignedCert", &[Text, List, List, Int], |context, args| {
        let key = Key::rsa(context.random, RsaSize::Certificate);
        self_signed(context, args, &key)
    }),
    fixed("genSelfSignedCertWithKey", &[Text, List, List, Int, Text], |context, args| {
        self_signed(context, args, &given_key(args, 4)?)
    }),
    fixed("genSignedCert", &[Text, List, List, Int, Signed], |context, args| {
        let key = Key::rsa(context.random, RsaSize::Certificate);
        signed(context, args, &key)
    }),
    fixed("genSignedCertWithKey", &[Text, List, List, Int, Signed, Text], |context, args| {
        signed(context, args, &given_key(args, 5)?)
    }),
];

fn text(args: &[Value], index: usize) -> Cow<'_, str> {
    args.get(index).and_then(Value::as_text).map(Str::to_str).unwrap_or_default()
}

/// What a certificate and its key take at most, but for its names.
const SIZE: usize = 8 << 10;

/// In the time of how many steps a certificate or key is made.
const STEPS: u64 = 50_000;

fn private_key(context: &mut Context<'_>, args: &[Value]) -> Answer {
    context.budget.take_steps(STEPS)?;
    context.budget.take_bytes(SIZE)?;
    let key = match &*text(args, 0) {
        "" | "rsa" => Key::rsa(context.random, RsaSize::Key),
        "ecdsa" => Key::p256(context.random),
        "ed25519" => Key::ed25519(context.random),
        "dsa" => {
            return Err(FunctionError {
                message: "rolecall makes no DSA keys".into(),
                kind: Failure::Limit,
            });
        }
        other => return Ok(format!("Unknown type {other}").into()),
    };
    Ok(key.pem().into())
}

fn given_key(args: &[Value], index: usize) -> Result<Key, FunctionError> {
    Key::parse(&text(args, index))
        .map_err(|error| FunctionError::new(format!("parsing private key: {error}")))
}

fn authority(context: &mut Context<'_>, args: &[Value], key: &Key) -> Answer {
    context.budget.take_steps(STEPS)?;
    context.budget.take_bytes(SIZE + text(args, 0).len() * 3)?;
    let template = Template {
        role: Role::Authority,
        common_name: text(args, 0).into_owned(),
        addresses: Vec::new(),
        names: Vec::new(),
        serial: serial(context),
        validity: validity(context, args.get(1)),
    };
    certificate(&template, key, None)
}

fn leaf(context: &mut Context<'_>, args: &[Value]) -> Result<Template, FunctionError> {
    let (addresses, names) = (addresses(args.get(1))?, names(args.get(2))?);
    let size = names.iter().map(String::len).sum::<usize>() + text(args, 0).len();
    context.budget.take_steps(STEPS)?;
    context.budget.take_bytes(SIZE + (size + addresses.len() * 16) * 3)?;
    Ok(Template {
        role: Role::Leaf,
        common_name: text(args, 0).into_owned(),
        addresses,
        names,
        serial: serial(context),
        validity: validity(context, args.get(3)),
    })
}

fn self_signed(context: &mut Context<'_>, args: &[Value], key: &Key) -> Answer {
    let template = leaf(context, args)?;
    certificate(&template, key, None)
}

fn signed(context: &mut Context<'_>, args: &[Value], key: &Key) -> Answer {
    let signer = match args.get(4) {
        Some(Value::Native(native)) => native.as_any().downcast_ref::<Certificate>(),
        _ => None,
    };
    let (certificate_text, key_text) =
        signer.map_or(("", ""), |signer| (signer.cert.as_str(), signer.key.as_str()));
    let parent = parse_certificate(certificate_text, "decodedSignerCert.Bytes")?;
    let parent_key = Key::parse(key_text)
        .map_err(|error| FunctionError::new(format!("error parsing private key: {error}")))?;
    let template = leaf(context, args)?;
    certificate(&template, key, Some((&parent, &parent_key)))
}

fn parse_certificate(text: &str, what: &str) -> Result<Parent, FunctionError> {
    let block =
        pem::decode(text).ok_or_else(|| FunctionError::new("unable to decode certificate"))?;
    Parent::parse(&block.bytes).ok_or_else(|| {
        let why = "x509: malformed certificate";
        FunctionError::new(format!("error parsing certificate: {what}: {why}"))
    })
}

fn certificate(template: &Template, key: &Key, signer: Option<(&Parent, &Key)>) -> Answer {
    let bytes = x509::create(template, key, signer)
        .map_err(|error| FunctionError::new(format!("error creating certificate: {error}")))?;
    let cert = pem::encode("CERTIFICATE", &bytes);
    Ok(Value::Native(Rc::new(Certificate { cert, key: key.pem() })))
}

fn serial(context: &mut Context<'_>) -> [u8; 16] {
    let mut serial = [0; 16];
    context.random.fill(&mut serial);
    serial
}

/// Returns the times from which and to which a certificate holds, so many days later.
fn validity(context: &Context<'_>, days: Option<&Value>) -> [Vec<u8>; 2] {
    let days = match days {
        Some(Value::Int(days)) => *days,
        _ => 0,
    };
    // Go counts in nanoseconds, and wraps.
    let nanoseconds = days.wrapping_mul(86_400_000_000_000);
    let until = context.now.saturating_add(nanoseconds.div_euclid(1_000_000_000));
    [context.now, until].map(|seconds| {
        let year: i64 = super::dates::utc(seconds, "2006").parse().unwrap_or_default();
        let (tag, form) = if (1950..2050).contains(&year) {
            (0x17, "060102150405Z")
        } else {
            (0x18, "20060102150405Z")
        };
        der::value(tag, super::dates::utc(seconds, form).as_bytes())
    })
}

fn items(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::List(list)) => list,
        _ => &[],
    }
}

fn addresses(value: Option<&Value>) -> Result<Vec<IpAddr>, FunctionError> {
    let parse = |item: &Value| {
        let Some(text) = item.as_text() else {
            return Err(format!("error parsing ip: {} is not a string", item.print()));
        };
        let text = text.to_str();
        text.parse().map_err(|_| format!("error parsing ip: {text}"))
    };
    items(value).iter().map(parse).collect::<Result<_, _>>().map_err(FunctionError::new)
}

fn names(value: Option<&Value>) -> Result<Vec<String>, FunctionError> {
    let parse = |item: &Value| {
        item.as_text().map(|text| text.to_str().into_owned()).ok_or_else(|| {
            let shown = item.print();
            format!("error processing alternate dns name: {shown} is not a string")
        })
    };
    items(value).iter().map(parse).collect::<Result<_, _>>().map_err(FunctionError::new)
}

fn build_custom(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let decode = |index: usize, what: &str| {
        let encoded = text(args, index).replace(['\r', '\n'], "");
        data_encoding::BASE64
            .decode(encoded.as_bytes())
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .map_err(|_| FunctionError::new(format!("unable to decode base64 {what}")))
    };
    context.budget.take_bytes(text(args, 0).len() + text(args, 1).len())?;
    let cert = decode(0, "certificate")?;
    let key = decode(1, "private key")?;
    parse_certificate(&cert, "decodedCert.Bytes")?;
    Key::parse(&key)
        .map_err(|error| FunctionError::new(format!("error parsing private key: {error}")))?;
    Ok(Value::Native(Rc::new(Certificate { cert, key })))
}

/// A certificate and its key, as texts.
#[derive(Debug)]
struct Certificate {
    cert: String,
    key: String,
}

impl Native for Certificate {
    fn type_name(&self) -> &str {
        "sprig.certificate"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn field(&self, name: &str) -> Option<Value> {
        match name {
            "Cert" => Some(self.cert.as_str().into()),
            "Key" => Some(self.key.as_str().into()),
            _ => None,
        }
    }

    fn print(&self) -> String {
        format!("{{{} {}}}", self.cert, self.key)
    }

    fn to_data(&self) -> Option<Data> {
        let entry = |name: &str, text: &str| (SmolStr::from(name), Data::Str(text.into()));
        let entries = [entry("Cert", &self.cert), entry("Key", &self.key)];
        Some(Data::Map(entries.into_iter().collect()))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::Budget;
    use super::super::args::tests::call_within;
    use super::*;

    fn call(name: &str, args: &[Value]) -> Answer {
        call_within(name, args, Budget::new(1 << 20, 1 << 30))
    }

    fn message(name: &str, args: &[Value]) -> String {
        call(name, args).map_or_else(|error| error.message, |value| value.print())
    }

    fn field(value: &Value, name: &str) -> String {
        let Value::Native(native) = value else { panic!("it is a certificate") };
        native.field(name).unwrap().print()
    }

    fn list(texts: &[&str]) -> Value {
        Value::list(texts.iter().map(|text| Value::from(*text)).collect())
    }

    #[test]
    fn keys_have_the_form_that_helm_gives_them() {
        for (kind, label) in [("ecdsa", "EC PRIVATE KEY"), ("ed25519", "PRIVATE KEY")] {
            let key = message("genPrivateKey", &[kind.into()]);
            assert_eq!(pem::decode(&key).unwrap().label, label);
            assert_eq!(Key::parse(&key).unwrap().pem(), key);
        }
        assert_eq!(message("genPrivateKey", &["zzz".into()]), "Unknown type zzz");
    }

    #[test]
    fn certificates_are_the_same_on_every_run_and_bear_their_signature() {
        let authority = call("genCA", &["ca".into(), Value::Int(10)]).unwrap();
        let again = call("genCA", &["ca".into(), Value::Int(10)]).unwrap();
        assert_eq!(authority.print(), again.print());
        let ips = list(&["10.0.0.1", "::1"]);
        let args = ["cn".into(), ips, list(&["a.b", "*.c"]), Value::Int(365), authority.clone()];
        let leaf = call("genSignedCert", &args).unwrap();
        for value in [&authority, &leaf] {
            let certificate = pem::decode(&field(value, "Cert")).unwrap().bytes;
            let mut parts = der::Reader(&certificate).next(der::SEQUENCE).unwrap().parts();
            let body = parts.next(der::SEQUENCE).unwrap().whole;
            parts.next(der::SEQUENCE).unwrap();
            let signature = parts.next(der::BIT_STRING).unwrap().content;
            let key = Key::parse(&field(&authority, "Key")).unwrap();
            assert_eq!(key.sign(body).unwrap(), signature[1..]);
        }
        let key = Key::parse(&field(&leaf, "Key")).unwrap();
        assert_eq!(key.pem(), field(&leaf, "Key"));
        assert!(parse_certificate(&field(&leaf, "Cert"), "").unwrap().has_key(&key));
        let encode =
            |name| Value::from(data_encoding::BASE64.encode(field(&leaf, name).as_bytes()));
        let custom = call("buildCustomCert", &[encode("Cert"), encode("Key")]).unwrap();
        assert_eq!(custom.print(), leaf.print());
    }

    #[test]
    fn given_keys_sign() {
        for kind in ["ecdsa", "ed25519"] {
            let key = call("genPrivateKey", &[kind.into()]).unwrap();
            let authority =
                call("genCAWithKey", &["ca".into(), Value::Int(1), key.clone()]).unwrap();
            assert_eq!(field(&authority, "Key"), key.print());
            let args = ["cn".into(), Value::Nil, Value::Nil, Value::Int(1), authority, key.clone()];
            let leaf = call("genSignedCertWithKey", &args).unwrap();
            assert_eq!(field(&leaf, "Key"), key.print());
        }
    }

    #[test]
    fn what_cannot_be_done_fails_in_sprigs_words() {
        let authority = call("genCA", &["x".into(), Value::Int(1)]).unwrap();
        let signed = |ips: Value, names: Value| {
            message("genSignedCert", &["cn".into(), ips, names, Value::Int(1), authority.clone()])
        };
        assert_eq!(signed(list(&["notip"]), Value::Nil), "error parsing ip: notip");
        assert_eq!(
            signed(Value::list(vec![Value::Int(5)]), Value::Nil),
            "error parsing ip: 5 is not a string"
        );
        assert_eq!(
            signed(Value::Nil, Value::list(vec![Value::Int(5)])),
            "error processing alternate dns name: 5 is not a string"
        );
        assert_eq!(
            signed(Value::Nil, list(&["é"])),
            "error creating certificate: x509: \"é\" cannot be encoded as an IA5String"
        );
        let certificate = field(&authority, "Cert");
        for (key, expected) in [
            ("x", "parsing private key: no PEM data in input"),
            (
                "-----BEGIN FOO PRIVATE KEY-----\nAAAA\n-----END FOO PRIVATE KEY-----\n",
                "parsing private key: invalid private key type FOO PRIVATE KEY",
            ),
            (
                &certificate,
                "parsing private key: no private key data in PEM block of type CERTIFICATE",
            ),
        ] {
            assert_eq!(message("genCAWithKey", &["x".into(), Value::Int(1), key.into()]), expected);
        }
        for (cert, key, expected) in [
            ("bad!", "x", "unable to decode base64 certificate"),
            ("eA==", "x", "unable to decode base64 private key"),
            ("eA==", "eA==", "unable to decode certificate"),
        ] {
            assert_eq!(message("buildCustomCert", &[cert.into(), key.into()]), expected);
        }
    }
}

//! X.509 certificates as Go's `x509.CreateCertificate` lays them out.

use std::net::IpAddr;

use sha2::{Digest, Sha256};

use super::der::{self, Reader};
use super::keys::Key;
use crate::render::value::quote::quoted;

const COMMON_NAME: &[u8] = b"\x55\x04\x03";
const KEY_USAGE: &[u8] = b"\x55\x1d\x0f";
const EXTENDED_USAGE: &[u8] = b"\x55\x1d\x25";
const BASIC_CONSTRAINTS: &[u8] = b"\x55\x1d\x13";
const SUBJECT_KEY: &[u8] = b"\x55\x1d\x0e";
const AUTHORITY_KEY: &[u8] = b"\x55\x1d\x23";
const ALTERNATIVE_NAMES: &[u8] = b"\x55\x1d\x11";
const SERVER_AUTH: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x01";
const CLIENT_AUTH: &[u8] = b"\x2b\x06\x01\x05\x05\x07\x03\x02";
const TRUE: &[u8] = b"\x01\x01\xff";

/// What a certificate is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// To sign others.
    Authority,
    /// To serve.
    Leaf,
}

/// What a certificate says.
#[derive(Debug)]
pub(super) struct Template {
    pub(super) role: Role,
    pub(super) common_name: String,
    pub(super) addresses: Vec<IpAddr>,
    pub(super) names: Vec<String>,
    pub(super) serial: [u8; 16],
    /// From when to when, in the binary form.
    pub(super) validity: [Vec<u8>; 2],
}

/// What a certificate takes from the one that signs it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parent {
    subject: Vec<u8>,
    public_info: Vec<u8>,
    subject_key: Option<Vec<u8>>,
}

impl Parent {
    /// Reads a certificate.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut outer = Reader(bytes).next(der::SEQUENCE)?.parts();
        let mut parts = outer.next(der::SEQUENCE)?.parts();
        parts.optional(0xa0);
        parts.next(der::INTEGER)?;
        parts.next(der::SEQUENCE)?;
        parts.next(der::SEQUENCE)?;
        parts.next(der::SEQUENCE)?;
        let subject = parts.next(der::SEQUENCE)?.whole.to_vec();
        let public_info = parts.next(der::SEQUENCE)?.whole.to_vec();
        outer.next(der::SEQUENCE)?;
        outer.next(der::BIT_STRING)?;
        let mut subject_key = None;
        while let Some(item) = parts.any() {
            if item.tag == 0xa3 {
                subject_key = key_identifier(item.parts().next(der::SEQUENCE)?.parts());
            }
        }
        Some(Self { subject, public_info, subject_key })
    }

    /// Tells whether a private key belongs to the certificate.
    pub(super) fn has_key(&self, key: &Key) -> bool {
        self.public_info == key.public_info()
    }
}

fn key_identifier(mut extensions: Reader<'_>) -> Option<Vec<u8>> {
    while let Some(extension) = extensions.next(der::SEQUENCE) {
        let mut parts = extension.parts();
        if parts.next(der::OID)?.content == SUBJECT_KEY {
            let content = parts.next(der::OCTET_STRING)?.parts().next(der::OCTET_STRING)?;
            return Some(content.content.to_vec());
        }
    }
    None
}

/// Makes a certificate for the key `own`, signed by a parent with its key, or by itself.
///
/// # Errors
/// In Go's words.
pub(super) fn create(
    template: &Template,
    own: &Key,
    signer: Option<(&Parent, &Key)>,
) -> Result<Vec<u8>, String> {
    if let Some(name) = template.names.iter().find(|name| !name.is_ascii()) {
        let name = quoted(name);
        return Err(format!("x509: {name} cannot be encoded as an IA5String"));
    }
    if signer.is_some_and(|(parent, key)| !parent.has_key(key)) {
        return Err("x509: provided PrivateKey doesn't match parent's PublicKey".into());
    }
    let subject = subject(&template.common_name);
    let issuer = signer.map_or(&subject, |(parent, _)| &parent.subject);
    let authority_key =
        signer.filter(|_| *issuer != subject).and_then(|(parent, _)| parent.subject_key.as_ref());
    let key = signer.map_or(own, |(_, key)| key);
    let algorithm = key.algorithm();
    let [from, until] = &template.validity;
    let body = der::sequence(&[
        &der::context(0, &der::integer(&[2])),
        &der::integer(&template.serial),
        &algorithm,
        issuer,
        &der::sequence(&[from, until]),
        &subject,
        &own.public_info(),
        &der::context(3, &extensions(template, own, authority_key)),
    ]);
    let signature =
        key.sign(&body).ok_or("x509: only RSA, P-256 and Ed25519 keys are supported")?;
    Ok(der::sequence(&[&body, &algorithm, &der::bits(&signature)]))
}

fn subject(common_name: &str) -> Vec<u8> {
    if common_name.is_empty() {
        return der::sequence(&[]);
    }
    let is_printable = |byte: u8| byte.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&byte);
    let tag = if common_name.bytes().all(is_printable) { 0x13 } else { 0x0c };
    let name = der::value(tag, common_name.as_bytes());
    let pair = der::sequence(&[&der::value(der::OID, COMMON_NAME), &name]);
    der::sequence(&[&der::value(der::SET, &pair)])
}

fn extensions(template: &Template, own: &Key, authority_key: Option<&Vec<u8>>) -> Vec<u8> {
    let is_authority = template.role == Role::Authority;
    let extension = |oid: &[u8], critical: &[u8], content: &[u8]| {
        let content = der::value(der::OCTET_STRING, content);
        der::sequence(&[&der::value(der::OID, oid), critical, &content])
    };
    // digitalSignature and keyEncipherment; keyCertSign for an authority.
    let usage: &[u8] = if is_authority { &[2, 0xa4] } else { &[5, 0xa0] };
    let purposes = [SERVER_AUTH, CLIENT_AUTH].map(|oid| der::value(der::OID, oid)).concat();
    let constraints = der::sequence(&[if is_authority { TRUE } else { &[] }]);
    let mut out = vec![
        extension(KEY_USAGE, TRUE, &der::value(der::BIT_STRING, usage)),
        extension(EXTENDED_USAGE, &[], &der::sequence(&[&purposes])),
        extension(BASIC_CONSTRAINTS, TRUE, &constraints),
    ];
    if is_authority {
        let hash = Sha256::digest(own.public_bytes());
        out.push(extension(SUBJECT_KEY, &[], &der::value(der::OCTET_STRING, &hash[..20])));
    }
    if let Some(key) = authority_key {
        out.push(extension(AUTHORITY_KEY, &[], &der::sequence(&[&der::value(0x80, key)])));
    }
    let names = alternative_names(template);
    if !names.is_empty() {
        let critical = if template.common_name.is_empty() { TRUE } else { &[] };
        out.push(extension(ALTERNATIVE_NAMES, critical, &der::sequence(&[&names])));
    }
    der::value(der::SEQUENCE, &out.concat())
}

fn alternative_names(template: &Template) -> Vec<u8> {
    let names = template.names.iter().map(|name| der::value(0x82, name.as_bytes()));
    let addresses = template.addresses.iter().map(|address| match address.to_canonical() {
        IpAddr::V4(address) => der::value(0x87, &address.octets()),
        IpAddr::V6(address) => der::value(0x87, &address.octets()),
    });
    names.chain(addresses).flatten().collect()
}

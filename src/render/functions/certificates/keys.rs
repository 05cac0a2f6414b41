//! Private keys.
//!
//! They follow from the seed of a release, so that the same input gives the same bytes: none of
//! those that are made here is a secret.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use data_encoding::HEXLOWER;
use ed25519_dalek::Signer as _;
use rand_core::{TryCryptoRng, TryRng};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BoxedUint, PrivateKey};

use sha2::Sha256;

use super::der::{self, Item, Reader};
use super::pem;
use crate::render::functions::Random;

const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
const SHA256_RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b";
const EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";
const P256: &[u8] = b"\x2a\x86\x48\xce\x3d\x03\x01\x07";
const SHA256_EC: &[u8] = b"\x2a\x86\x48\xce\x3d\x04\x03\x02";
const ED25519: &[u8] = b"\x2b\x65\x70";
const NULL: &[u8] = b"\x05\x00";

/// A private key.
#[derive(Debug, Clone)]
pub(super) enum Key {
    /// RSA.
    Rsa(Arc<PrivateKey>),
    /// ECDSA on the curve P-256.
    P256(p256::ecdsa::SigningKey),
    /// Ed25519.
    Ed25519(ed25519_dalek::SigningKey),
    /// Well-formed, but nothing that can be signed with here.
    Other,
}

/// How long an RSA key is.
#[derive(Debug, Clone, Copy)]
pub(super) enum RsaSize {
    /// 2048 bits.
    Certificate,
    /// 4096 bits.
    Key,
}

impl TryRng for Random {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.next_u64() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        Ok(Self::next_u64(self))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.fill(bytes);
        Ok(())
    }
}

impl TryCryptoRng for Random {}

/// How many RSA keys there are of each size. A key that anyone can make again gains nothing from
/// being rare.
const POOL: usize = 8;

/// The primes of each RSA key, found once: to search for them takes seconds, and nothing could
/// stop it. First come the keys of 2048 bits, then those of 4096.
static PRIMES: &str = include_str!("primes.txt");

/// How long the encoding of an RSA key that a chart brings may be: enough for 16384 bits. The time
/// to work with one grows with the third power of its length.
const LONGEST: usize = 10 << 10;

impl Key {
    /// Draws an RSA key.
    pub(super) fn rsa(random: &mut Random, size: RsaSize) -> Self {
        static KEYS: [OnceLock<Arc<PrivateKey>>; 2 * POOL] = [const { OnceLock::new() }; 2 * POOL];
        let first = match size {
            RsaSize::Certificate => 0,
            RsaSize::Key => POOL,
        };
        let index = first + random.below(POOL as u64) as usize;
        Self::Rsa(Arc::clone(KEYS[index].get_or_init(|| Arc::new(of_primes(index)))))
    }

    /// Draws a key on P-256.
    pub(super) fn p256(random: &mut Random) -> Self {
        loop {
            let mut secret = [0; 32];
            random.fill(&mut secret);
            // Nearly every number is a key.
            if let Ok(key) = p256::ecdsa::SigningKey::from_slice(&secret) {
                return Self::P256(key);
            }
        }
    }

    /// Draws an Ed25519 key.
    pub(super) fn ed25519(random: &mut Random) -> Self {
        let mut secret = [0; 32];
        random.fill(&mut secret);
        Self::Ed25519(ed25519_dalek::SigningKey::from_bytes(&secret))
    }

    /// Reads a key.
    ///
    /// # Errors
    /// In sprig's words.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        const MALFORMED: &str = "asn1: structure error: malformed key";
        let block = pem::decode(text).ok_or("no PEM data in input")?;
        let bytes = &block.bytes;
        if block.label == "PRIVATE KEY" {
            let key = from_pkcs8(bytes);
            return key.ok_or_else(|| format!("decoding PEM as PKCS#8: {MALFORMED}"));
        }
        let Some(kind) = block.label.strip_suffix(" PRIVATE KEY") else {
            return Err(format!("no private key data in PEM block of type {}", block.label));
        };
        let key = match kind {
            "RSA" => from_pkcs1(bytes),
            "EC" => from_sec1(bytes, None),
            "DSA" => Reader(bytes).next(der::SEQUENCE).map(|_| Self::Other),
            _ => return Err(format!("invalid private key type {}", block.label)),
        };
        key.ok_or_else(|| format!("parsing {kind} private key from PEM: {MALFORMED}"))
    }

    /// Writes the key.
    pub(super) fn pem(&self) -> String {
        match self {
            Self::Rsa(key) => pem::encode("RSA PRIVATE KEY", &pkcs1(key)),
            Self::P256(key) => {
                let point = key.verifying_key().to_sec1_point(false);
                let bytes = der::sequence(&[
                    &der::integer(&[1]),
                    &der::value(der::OCTET_STRING, &key.to_bytes()),
                    &der::context(0, &der::value(der::OID, P256)),
                    &der::context(1, &der::bits(point.as_bytes())),
                ]);
                pem::encode("EC PRIVATE KEY", &bytes)
            }
            Self::Ed25519(key) => {
                let secret = der::value(der::OCTET_STRING, key.as_bytes());
                let bytes = der::sequence(&[
                    &der::integer(&[0]),
                    &der::sequence(&[&der::value(der::OID, ED25519)]),
                    &der::value(der::OCTET_STRING, &secret),
                ]);
                pem::encode("PRIVATE KEY", &bytes)
            }
            Self::Other => String::new(),
        }
    }

    /// Returns the public key's own bytes.
    pub(super) fn public_bytes(&self) -> Vec<u8> {
        match self {
            Self::Rsa(key) => {
                der::sequence(&[&der::integer(&key.n_bytes()), &der::integer(&key.e_bytes())])
            }
            Self::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::Ed25519(key) => key.verifying_key().as_bytes().to_vec(),
            Self::Other => Vec::new(),
        }
    }

    /// Returns the public key with its algorithm.
    pub(super) fn public_info(&self) -> Vec<u8> {
        let oid = |oid: &[u8]| der::value(der::OID, oid);
        let algorithm = match self {
            Self::Rsa(_) => der::sequence(&[&oid(RSA), NULL]),
            Self::P256(_) => der::sequence(&[&oid(EC), &oid(P256)]),
            Self::Ed25519(_) | Self::Other => der::sequence(&[&oid(ED25519)]),
        };
        der::sequence(&[&algorithm, &der::bits(&self.public_bytes())])
    }

    /// Returns the algorithm of signatures.
    pub(super) fn algorithm(&self) -> Vec<u8> {
        let oid = |oid: &[u8]| der::value(der::OID, oid);
        match self {
            Self::Rsa(_) => der::sequence(&[&oid(SHA256_RSA), NULL]),
            Self::P256(_) => der::sequence(&[&oid(SHA256_EC)]),
            Self::Ed25519(_) | Self::Other => der::sequence(&[&oid(ED25519)]),
        }
    }

    /// Signs a message; none where that is not possible.
    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(key) => key.pkcs1v15_sign::<Sha256>(message).ok(),
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.try_sign(message).ok()?;
                let (r, s) = signature.split_bytes();
                Some(der::sequence(&[&der::integer(&r), &der::integer(&s)]))
            }
            Self::Ed25519(key) => Some(key.sign(message).to_bytes().to_vec()),
            Self::Other => None,
        }
    }
}

/// Builds a key out of the primes on one line.
fn of_primes(index: usize) -> PrivateKey {
    let line = PRIMES.lines().nth(index).expect("there is a line for each key");
    let (p, q) = line.split_once(' ').expect("a key has two primes");
    let number = |hex: &str| {
        let bytes = HEXLOWER.decode(hex.as_bytes()).expect("numbers are hexadecimal");
        BoxedUint::from_be_slice_vartime(&bytes)
    };
    PrivateKey::from_p_q(number(p), number(q), BoxedUint::from(65_537u64))
        .expect("the primes are those of a key")
}

fn pkcs1(key: &PrivateKey) -> Vec<u8> {
    let number = |number: &BoxedUint| der::integer(&number.to_be_bytes_trimmed_vartime());
    let mut out =
        [der::integer(&[0]), der::integer(&key.n_bytes()), der::integer(&key.e_bytes())].concat();
    out.extend(number(key.d()));
    out.extend(key.primes().iter().flat_map(|prime| number(prime)));
    let coefficient = key.crt_coefficient();
    let rest = [key.dp(), key.dq(), coefficient.as_ref()];
    out.extend(rest.into_iter().flatten().flat_map(number));
    der::value(der::SEQUENCE, &out)
}

fn from_pkcs1(bytes: &[u8]) -> Option<Key> {
    if bytes.len() > LONGEST {
        return None;
    }
    let mut parts = Reader(bytes).next(der::SEQUENCE)?.parts();
    parts.next(der::INTEGER)?;
    let mut next = || parts.next(der::INTEGER).map(Item::number);
    let [n, e, d, p, q] = [next()?, next()?, next()?, next()?, next()?];
    let number = BoxedUint::from_be_slice_vartime;
    let primes = vec![number(p), number(q)];
    let key = PrivateKey::from_components(number(n), number(e), number(d), primes).ok()?;
    Some(Key::Rsa(Arc::new(key)))
}

/// Reads an EC key, whose curve may be told from outside.
fn from_sec1(bytes: &[u8], curve: Option<&[u8]>) -> Option<Key> {
    let mut parts = Reader(bytes).next(der::SEQUENCE)?.parts();
    parts.next(der::INTEGER)?;
    let secret = parts.next(der::OCTET_STRING)?.content;
    let named = parts.optional(0xa0).and_then(|item| item.parts().next(der::OID));
    if named.map(|oid| oid.content).or(curve)? != P256 {
        return Some(Key::Other);
    }
    let key = p256::ecdsa::SigningKey::from_slice(secret).ok()?;
    Some(Key::P256(key))
}

fn from_pkcs8(bytes: &[u8]) -> Option<Key> {
    let mut parts = Reader(bytes).next(der::SEQUENCE)?.parts();
    parts.next(der::INTEGER)?;
    let mut algorithm = parts.next(der::SEQUENCE)?.parts();
    let oid = algorithm.next(der::OID)?.content;
    let inner = parts.next(der::OCTET_STRING)?.content;
    match oid {
        RSA => from_pkcs1(inner),
        EC => from_sec1(inner, algorithm.next(der::OID).map(|curve| curve.content)),
        ED25519 => {
            let secret = Reader(inner).next(der::OCTET_STRING)?.content.try_into().ok()?;
            Some(Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(secret)))
        }
        _ => Some(Key::Other),
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the test writes the table that it checks")]
mod tests {
    use super::*;

    /// Searches for the primes of a key, as the seeds of all keys ask for it.
    fn searched(index: usize) -> PrivateKey {
        let bits: u64 = if index < POOL { 2048 } else { 4096 };
        let number = (index % POOL) as u64;
        let seed = [&b"rsa"[..], &bits.to_le_bytes(), &number.to_le_bytes()];
        PrivateKey::new(&mut Random::new(&seed), bits as usize).expect("keys can be found")
    }

    #[test]
    fn the_primes_are_those_that_the_seeds_lead_to() {
        if std::env::var_os("SNAPSHOTS").is_some_and(|wish| wish == "overwrite") {
            let hex = |prime: &BoxedUint| HEXLOWER.encode(&prime.to_be_bytes_trimmed_vartime());
            let line = |index| {
                let key = searched(index);
                let primes: Vec<_> = key.primes().iter().map(|prime| hex(prime)).collect();
                primes.join(" ") + "\n"
            };
            let lines: String = (0..2 * POOL).map(line).collect();
            let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/render/functions/certificates");
            std::fs::write(format!("{folder}/primes.txt"), lines).expect("it can be written");
        }
        for index in 0..2 * POOL {
            assert_eq!(of_primes(index).validate(), Ok(()), "key {index}");
        }
        for index in [0, POOL - 1] {
            assert!(pkcs1(&of_primes(index)) == pkcs1(&searched(index)), "key {index}");
        }
    }
}

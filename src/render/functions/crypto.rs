//! Passwords and encryption.

use aes::Aes256;
use aes::cipher::{Array, BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use blowfish::Blowfish;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::args::{Answer, fixed};
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{Str, Value};

const TWO: &[Param] = &[Param::String, Param::String];
const DERIVED: &[Param] =
    &[Param::Uint32, Param::String, Param::String, Param::String, Param::String];

pub(super) static TABLE: &[Function] = &[
    fixed("bcrypt", &[Param::String], |context, args| Ok(hashed(context, bytes(args, 0))?.into())),
    fixed("decryptAES", TWO, decrypt),
    fixed("derivePassword", DERIVED, derive_password),
    fixed("encryptAES", TWO, encrypt),
    fixed("htpasswd", TWO, htpasswd),
];

const BLOCK: usize = 16;

fn bytes(args: &[Value], index: usize) -> &[u8] {
    args.get(index).and_then(Value::as_text).map_or(&[], Str::as_bytes)
}

/// In the time of how many steps bcrypt hashes.
const BCRYPT_STEPS: u64 = 2_000_000;

/// Hashes as bcrypt does; the error is a text too.
fn hashed(context: &mut Context<'_>, password: &[u8]) -> Result<String, FunctionError> {
    if password.len() > 72 {
        return Ok(
            "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".into(),
        );
    }
    context.budget.take_steps(BCRYPT_STEPS)?;
    let mut salt = [0; 16];
    context.random.fill(&mut salt);
    Ok(bcrypt(password, &salt))
}

/// Hashes with the cost 10.
fn bcrypt(password: &[u8], salt: &[u8; 16]) -> String {
    let key = [password, b"\0"].concat();
    let mut state = Blowfish::bc_init_state();
    state.salted_expand_key(salt, &key);
    for _ in 0..1 << 10 {
        state.bc_expand_key(&key);
        state.bc_expand_key(salt);
    }
    let mut hash = Vec::new();
    for half in b"OrpheanBeholderScryDoubt".chunks_exact(8) {
        let word = |bytes: &[u8]| bytes.iter().fold(0, |word, byte| word << 8 | u32::from(*byte));
        let mut pair = [word(&half[..4]), word(&half[4..])];
        for _ in 0..64 {
            pair = state.bc_encrypt(pair);
        }
        hash.extend(pair.iter().flat_map(|word| word.to_be_bytes()));
    }
    hash.pop();
    format!("$2a$10${}{}", bcrypt_base64(salt), bcrypt_base64(&hash))
}

/// Base64 in the order of digits that bcrypt has.
fn bcrypt_base64(bytes: &[u8]) -> String {
    let digits: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').collect();
    let other = |digit: char| match digits.iter().position(|known| *known == digit) {
        Some(0) => '.',
        Some(1) => '/',
        Some(index) => digits[index - 2],
        None if digit == '+' => '8',
        None => '9',
    };
    data_encoding::BASE64_NOPAD.encode(bytes).chars().map(other).collect()
}

fn htpasswd(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let name = String::from_utf8_lossy(bytes(args, 0));
    if name.contains(':') {
        return Ok(format!("invalid username: {name}").into());
    }
    Ok(format!("{name}:{}", hashed(context, bytes(args, 1))?).into())
}

/// The kinds of passwords of the Master Password algorithm; each letter is a class of characters.
const TEMPLATES: &[(&str, &[&str])] = &[
    ("maximum", &["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"]),
    (
        "long",
        &[
            "CvcvnoCvcvCvcv",
            "CvcvCvcvnoCvcv",
            "CvcvCvcvCvcvno",
            "CvccnoCvcvCvcv",
            "CvccCvcvnoCvcv",
            "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv",
            "CvcvCvccnoCvcv",
            "CvcvCvccCvcvno",
            "CvcvnoCvcvCvcc",
            "CvcvCvcvnoCvcc",
            "CvcvCvcvCvccno",
            "CvccnoCvccCvcv",
            "CvccCvccnoCvcv",
            "CvccCvccCvcvno",
            "CvcvnoCvccCvcc",
            "CvcvCvccnoCvcc",
            "CvcvCvccCvccno",
            "CvccnoCvcvCvcc",
            "CvccCvcvnoCvcc",
            "CvccCvcvCvccno",
        ],
    ),
    ("medium", &["CvcnoCvc", "CvcCvcno"]),
    ("short", &["Cvcn"]),
    ("basic", &["aaanaaan", "aannaaan", "aaannaaa"]),
    ("pin", &["nnnn"]),
];

fn characters(class: u8) -> &'static [u8] {
    match class {
        b'V' => b"AEIOU",
        b'C' => b"BCDFGHJKLMNPQRSTVWXYZ",
        b'v' => b"aeiou",
        b'c' => b"bcdfghjklmnpqrstvwxyz",
        b'a' => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz",
        b'n' => b"0123456789",
        b'o' => b"@&%?,=[]_:-+*$#!'^~;()/.",
        _ => b"AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()",
    }
}

fn derive_password(context: &mut Context<'_>, args: &[Value]) -> Answer {
    const SCOPE: &[u8] = b"com.lyndir.masterpassword";
    let counter = match args.first() {
        Some(Value::Int(number) | Value::Int64(number)) => *number as u32,
        Some(Value::Uint64(number)) => *number as u32,
        _ => 0,
    };
    let kind = String::from_utf8_lossy(bytes(args, 1));
    let Some((_, templates)) = TEMPLATES.iter().find(|(name, _)| *name == kind) else {
        return Ok(format!("cannot find password template {kind}").into());
    };
    // scrypt takes its time, and 32 MiB for as long as it runs.
    context.budget.take_steps(4_000_000)?;
    let [password, user, site] = [2, 3, 4].map(|index| bytes(args, index));
    let length = |text: &[u8]| (text.len() as u32).to_be_bytes();
    let salt = [SCOPE, &length(user), user].concat();
    let mut key = [0; 64];
    let params = scrypt::Params::new(15, 8, 2).expect("the parameters are fixed");
    scrypt::scrypt(password, &salt, &params, &mut key).expect("64 bytes are not too many");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length of a key will do");
    mac.update(&[SCOPE, &length(site), site, &counter.to_be_bytes()].concat());
    let seed = mac.finalize().into_bytes();
    let pick = |items: usize, index: usize| usize::from(seed[index]) % items;
    let template = templates[pick(templates.len(), 0)];
    let character = |(index, class): (usize, u8)| {
        let characters = characters(class);
        char::from(characters[pick(characters.len(), index + 1)])
    };
    Ok(template.bytes().enumerate().map(character).collect::<String>().into())
}

/// The key is the password, cut or filled up with zeros.
fn cipher(password: &[u8]) -> Aes256 {
    let mut key = [0; 32];
    for (to, from) in key.iter_mut().zip(password) {
        *to = *from;
    }
    Aes256::new(&Array::from(key))
}

fn xor(block: &mut [u8; BLOCK], other: &[u8]) {
    for (byte, other) in block.iter_mut().zip(other) {
        *byte ^= other;
    }
}

fn encrypt(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let plain = bytes(args, 1);
    if plain.is_empty() {
        return Ok("".into());
    }
    context.budget.take_bytes(plain.len().saturating_mul(3).saturating_add(64))?;
    let cipher = cipher(bytes(args, 0));
    let padding = BLOCK - plain.len() % BLOCK;
    let padded = [plain, &vec![padding as u8; padding]].concat();
    let mut last = [0; BLOCK];
    context.random.fill(&mut last);
    let mut out = last.to_vec();
    for chunk in padded.chunks_exact(BLOCK) {
        xor(&mut last, chunk);
        let mut block = Array::from(last);
        cipher.encrypt_block(&mut block);
        last = block.into();
        out.extend_from_slice(&last);
    }
    Ok(data_encoding::BASE64.encode(&out).into())
}

fn decrypt(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut encoded = bytes(args, 1).to_vec();
    if encoded.is_empty() {
        return Ok("".into());
    }
    context.budget.take_bytes(encoded.len().saturating_mul(2))?;
    encoded.retain(|byte| !matches!(byte, b'\r' | b'\n'));
    let encrypted = data_encoding::BASE64.decode(&encoded).map_err(|error| {
        let position = error.position;
        FunctionError::new(format!("illegal base64 data at input byte {position}"))
    })?;
    let Some((start, rest)) = encrypted.split_first_chunk::<BLOCK>() else {
        let capacity = encoded.len() / 4 * 3;
        let panic = format!("slice bounds out of range [:16] with capacity {capacity}");
        return Err(FunctionError::new(format!("runtime error: {panic}")));
    };
    if rest.len() % BLOCK != 0 {
        return Err(FunctionError::new("crypto/cipher: input not full blocks"));
    }
    let plain = decrypt_blocks(&cipher(bytes(args, 0)), start, rest);
    let Some(padding) = plain.last().copied().map(usize::from) else {
        return Err(FunctionError::new("runtime error: index out of range [-1]"));
    };
    match plain.len().checked_sub(padding) {
        Some(length) => Ok(Value::Str(Str::from_bytes(plain[..length].to_vec()))),
        None => {
            let end = plain.len() as i64 - padding as i64;
            let panic = format!("runtime error: slice bounds out of range [:{end}]");
            Err(FunctionError::new(panic))
        }
    }
}

fn decrypt_blocks(cipher: &Aes256, start: &[u8; BLOCK], rest: &[u8]) -> Vec<u8> {
    let mut last = *start;
    let mut plain = Vec::with_capacity(rest.len());
    let (blocks, _) = rest.as_chunks::<BLOCK>();
    for chunk in blocks {
        let mut block = Array::from(*chunk);
        cipher.decrypt_block(&mut block);
        let mut block: [u8; BLOCK] = block.into();
        xor(&mut block, &last);
        last = *chunk;
        plain.extend_from_slice(&block);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::super::Budget;
    use super::super::args::tests::call_within;
    use super::*;

    fn call(name: &str, args: &[Value]) -> Result<String, String> {
        call_within(name, args, Budget::new(1 << 30, 1 << 30))
            .map(|value| value.print())
            .map_err(|error| error.message)
    }

    fn texts(texts: &[&str]) -> Vec<Value> {
        texts.iter().map(|text| Value::from(*text)).collect()
    }

    #[test]
    fn passwords_are_hashed_as_in_helm() {
        let made_by_helm = "$2a$10$JJHAa/wJM8N4K2T1Ca2JzOklcyFbEras4OTldyCfCgVRuO6uQoFIK";
        let its_salt = b"\x2c\xb2\x42\x70\x1c\x8b\x3b\xe3\xfa\x33\x85\x77\x11\xce\x0b\xd5";
        assert_eq!(bcrypt(b"x", its_salt), made_by_helm);
        let name = call("htpasswd", &texts(&["u", "p"])).unwrap();
        assert!(name.starts_with("u:$2a$10$") && name.len() == 62, "{name}");
        assert_eq!(call("htpasswd", &texts(&["a:b", "p"])).unwrap(), "invalid username: a:b");
        let long = call("bcrypt", &[Value::from("x".repeat(73))]).unwrap();
        assert_eq!(
            long,
            "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes"
        );
    }

    #[test]
    fn passwords_are_derived_as_in_helm() {
        for (counter, args, expected) in [
            (1, ["long", "password", "user", "example.com"], "ZedaFaxcZaso9*"),
            (2, ["pin", "password", "user", "example.com"], "3882"),
            (1, ["maximum", "pw", "u", "s"], "o2-3WFZN4Khgl8(&IuEk"),
            (1, ["basic", "pw", "u", "s"], "oUe71PLN"),
            (1, ["short", "é", "ü", "s"], "Dub9"),
            (4_294_967_295, ["medium", "", "", ""], "WuhPip6$"),
            (4_294_967_296, ["medium", "", "", ""], "RozMog8!"),
            (1, ["bad", "p", "u", "s"], "cannot find password template bad"),
        ] {
            let args = [vec![Value::Int(counter)], texts(&args)].concat();
            assert_eq!(call("derivePassword", &args).as_deref(), Ok(expected), "{args:?}");
        }
    }

    #[test]
    fn texts_are_encrypted_as_in_helm() {
        let made_by_helm = "TCww4XBzwopPfb8Iqv0LCXJGt+A6Ne7WRVCgCjJLNrU=";
        let key = "0123456789abcdef";
        assert_eq!(call("decryptAES", &texts(&[key, made_by_helm])).as_deref(), Ok("secret"));
        for plain in ["x", "sixteen bytes ok", "more than sixteen bytes: é"] {
            let encrypted = call("encryptAES", &texts(&[key, plain])).unwrap();
            assert_eq!(call("decryptAES", &texts(&[key, &encrypted])).as_deref(), Ok(plain));
        }
        assert_eq!(call("encryptAES", &texts(&["a", ""])).as_deref(), Ok(""));
        assert_eq!(call("decryptAES", &texts(&["a", ""])).as_deref(), Ok(""));
    }

    #[test]
    fn what_was_not_encrypted_fails_in_gos_words() {
        for (text, expected) in [
            ("AAAA", "runtime error: slice bounds out of range [:16] with capacity 3"),
            ("!!!!", "illegal base64 data at input byte 0"),
            ("AAAAAAAAAAAAAAAAAAAAAA==", "runtime error: index out of range [-1]"),
            ("AAAAAAAAAAAAAAAAAAAAAAAA", "crypto/cipher: input not full blocks"),
            (
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                "runtime error: slice bounds out of range [:-19]",
            ),
            ("AAAAA", "illegal base64 data at input byte 4"),
            ("AA=A", "illegal base64 data at input byte 2"),
        ] {
            assert_eq!(call("decryptAES", &texts(&["k", text])).unwrap_err(), expected, "{text}");
        }
    }
}

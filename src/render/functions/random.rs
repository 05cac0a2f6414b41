//! Random texts: the same on every run, as they draw from the release's own generator.

use sha2::{Digest, Sha256};

use super::args::Answer;
use super::{Context, Function, FunctionError, Param, Random, Run};
use crate::render::value::Value;

pub(super) static TABLE: &[Function] = &[
    Function {
        name: "randAlpha",
        params: &[Param::Int],
        rest: None,
        run: Run::Plain(|context, args| text(context, args, |byte| byte.is_ascii_alphabetic())),
    },
    Function {
        name: "randAlphaNum",
        params: &[Param::Int],
        rest: None,
        run: Run::Plain(|context, args| text(context, args, |byte| byte.is_ascii_alphanumeric())),
    },
    Function {
        name: "randAscii",
        params: &[Param::Int],
        rest: None,
        run: Run::Plain(|context, args| text(context, args, |_| true)),
    },
    Function {
        name: "randBytes",
        params: &[Param::Int],
        rest: None,
        run: Run::Plain(encoded_bytes),
    },
    Function {
        name: "randNumeric",
        params: &[Param::Int],
        rest: None,
        run: Run::Plain(|context, args| text(context, args, |byte| byte.is_ascii_digit())),
    },
    Function { name: "shuffle", params: &[Param::String], rest: None, run: Run::Plain(shuffle) },
    Function { name: "uuidv4", params: &[], rest: None, run: Run::Plain(uuid) },
];

impl Random {
    /// Seeds a generator with the parts of a seed; their borders count.
    #[must_use]
    pub fn new(seed: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in seed {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let digest = hash.finalize();
        let state = digest.iter().take(8).fold(0, |state, byte| state << 8 | u64::from(*byte));
        Self { state }
    }

    /// Draws 64 bits; the generator is splitmix64.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ bits >> 31
    }

    /// Draws a number below a bound; 0 for the bound 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        let product = u128::from(self.next_u64()) * u128::from(bound);
        (product >> 64) as u64
    }

    /// Fills bytes.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

/// A negative count gives no text, as sprig drops that error.
fn count(args: &[Value]) -> i64 {
    match args.first() {
        Some(Value::Int(count)) => *count,
        _ => 0,
    }
}

fn text(context: &mut Context<'_>, args: &[Value], take: fn(u8) -> bool) -> Answer {
    let count = usize::try_from(count(args)).unwrap_or(0);
    context.budget.take_bytes(count)?;
    let alphabet: Vec<char> = (b' '..=b'~').filter(|byte| take(*byte)).map(char::from).collect();
    let draw = |_| alphabet[context.random.below(alphabet.len() as u64) as usize];
    Ok((0..count).map(draw).collect::<String>().into())
}

fn encoded_bytes(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let count = usize::try_from(count(args))
        .map_err(|_| FunctionError::new("runtime error: makeslice: len out of range"))?;
    context.budget.take_bytes(count.saturating_mul(2))?;
    let mut bytes = vec![0; count];
    context.random.fill(&mut bytes);
    Ok(data_encoding::BASE64.encode(&bytes).into())
}

fn shuffle(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let text = args.first().and_then(Value::as_text).map(|text| text.to_str()).unwrap_or_default();
    context.budget.take_bytes(text.len().saturating_mul(4))?;
    let mut characters: Vec<char> = text.chars().collect();
    for last in (1..characters.len()).rev() {
        let other = context.random.below(last as u64 + 1) as usize;
        characters.swap(last, other);
    }
    Ok(characters.into_iter().collect::<String>().into())
}

fn uuid(context: &mut Context<'_>, _: &[Value]) -> Answer {
    let mut bytes = [0; 16];
    context.random.fill(&mut bytes);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = data_encoding::HEXLOWER.encode(&bytes);
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    Ok(parts.join("-").into())
}

#[cfg(test)]
mod tests {
    use super::super::{Budget, lookup};
    use super::*;

    fn call(name: &str, args: &[Value]) -> Result<String, String> {
        let Run::Plain(body) = lookup(name).unwrap().run else { panic!("{name} is plain") };
        let mut context = Context {
            random: &mut Random::new(&[b"a", b"b"]),
            now: 0,
            budget: &mut Budget::new(1000, 1000),
        };
        body(&mut context, args).map(|value| value.print()).map_err(|error| error.message)
    }

    #[test]
    fn texts_have_the_shape_that_helm_gives_them() {
        for (name, count, pattern) in [
            ("randAlpha", 40, "^[a-zA-Z]{40}$"),
            ("randAlphaNum", 40, "^[a-zA-Z0-9]{40}$"),
            ("randAscii", 400, "^[ -~]{400}$"),
            ("randNumeric", 40, "^[0-9]{40}$"),
            ("randNumeric", -1, "^$"),
            ("randBytes", 12, "^[A-Za-z0-9+/]{16}$"),
            ("randBytes", 0, "^$"),
        ] {
            let text = call(name, &[Value::Int(count)]).unwrap();
            assert!(regex::Regex::new(pattern).unwrap().is_match(&text), "{name}: {text}");
        }
        let uuid = "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$";
        assert!(regex::Regex::new(uuid).unwrap().is_match(&call("uuidv4", &[]).unwrap()));
    }

    #[test]
    fn texts_are_the_same_on_every_run() {
        assert_eq!(
            call("randAlphaNum", &[Value::Int(20)]),
            call("randAlphaNum", &[Value::Int(20)])
        );
        assert_ne!(Random::new(&[b"a", b"b"]).state, Random::new(&[b"ab"]).state);
    }

    #[test]
    fn shuffling_keeps_the_characters() {
        let mut characters: Vec<char> =
            call("shuffle", &["aébcde".into()]).unwrap().chars().collect();
        characters.sort_unstable();
        assert_eq!(characters, ['a', 'b', 'c', 'd', 'e', 'é']);
    }

    #[test]
    fn too_much_is_refused() {
        let limit = "the release makes more than 1000 bytes; raise the bound with --max-bytes";
        assert_eq!(call("randAscii", &[Value::Int(i64::MAX)]).unwrap_err(), limit);
        assert_eq!(call("randBytes", &[Value::Int(i64::MAX)]).unwrap_err(), limit);
        let negative = call("randBytes", &[Value::Int(-1)]).unwrap_err();
        assert_eq!(negative, "runtime error: makeslice: len out of range");
    }
}

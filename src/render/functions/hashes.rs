//! Checksums.

use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

use super::{Context, Function, FunctionError, Param, Run};
use crate::render::value::Value;

const fn function(name: &'static str, run: Run) -> Function {
    Function { name, params: &[Param::String], rest: None, run }
}

pub(super) static TABLE: &[Function] = &[
    function("adler32sum", Run::Plain(|_, args| Ok(adler32(bytes(args)).to_string().into()))),
    function("sha1sum", Run::Plain(digest::<Sha1>)),
    function("sha256sum", Run::Plain(digest::<Sha256>)),
    function("sha512sum", Run::Plain(digest::<Sha512>)),
];

fn bytes(args: &[Value]) -> &[u8] {
    args.first().and_then(Value::as_text).map_or(&[], |text| text.as_bytes())
}

fn digest<D: Digest>(context: &mut Context<'_>, args: &[Value]) -> Result<Value, FunctionError> {
    context.budget.read_bytes(bytes(args).len())?;
    Ok(data_encoding::HEXLOWER.encode(&D::digest(bytes(args))).into())
}

fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (mut low, mut high) = (1, 0);
    for byte in bytes {
        low = (low + u32::from(*byte)) % MODULUS;
        high = (high + low) % MODULUS;
    }
    high << 16 | low
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::call;
    use super::*;
    use crate::render::value::Str;

    #[test]
    fn sums_are_those_of_helm() {
        let all = Str::from_bytes((0..=255).collect());
        for (name, text, expected) in [
            ("adler32sum", "abc".into(), "38600999"),
            ("adler32sum", Str::from(""), "1"),
            ("sha1sum", "abc".into(), "a9993e364706816aba3e25717850c26c9cd0d89d"),
            ("sha1sum", all, "4916d6bdb7f78e6803698cab32d1586ea457dfc8"),
            (
                "sha256sum",
                "a: 1\n".into(),
                "37b128c59f1f5097f73f82691cb519f1f568667faab5ced1b4ab979d36837eae",
            ),
            (
                "sha512sum",
                "".into(),
                "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce\
                 47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e",
            ),
        ] {
            let sum = call(name, &[Value::Str(text)]).unwrap();
            assert_eq!(sum.print(), expected, "{name}");
        }
    }
}

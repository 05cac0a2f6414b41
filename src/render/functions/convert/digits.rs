//! Texts of digits as strconv reads them; also out of range there is no number.

/// Reads a decimal integer as `strconv.Atoi` does.
pub(super) fn decimal(text: &str) -> Option<i64> {
    with_sign(text, 10)
}

/// Reads an octal integer.
pub(super) fn octal(text: &str) -> Option<i64> {
    with_sign(text, 8)
}

fn with_sign(text: &str, base: u32) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    // The standard library would take a second sign.
    digits.chars().all(|digit| digit.is_digit(base)).then_some(())?;
    i64::from_str_radix(text, base).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_numbers() {
        let table = [
            ("12", Some(12), Some(10)),
            ("-5", Some(-5), Some(-5)),
            ("+7", Some(7), Some(7)),
            ("08", Some(8), None),
            ("+-5", None, None),
            ("", None, None),
            ("1_0", None, None),
            ("-9223372036854775808", Some(i64::MIN), None),
            ("9223372036854775808", None, None),
        ];
        for (text, tens, eights) in table {
            assert_eq!((decimal(text), octal(text)), (tens, eights), "{text:?}");
        }
    }
}

//! What counts as a chart's version.

/// Tells whether a text is a version as Masterminds/semver's `NewVersion` takes it: `v1.2` passes.
pub(super) fn is_valid(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let (text, metadata) = match text.split_once('+') {
        Some((text, metadata)) => (text, Some(metadata)),
        None => (text, None),
    };
    let (numbers, pre) = match text.split_once('-') {
        Some((numbers, pre)) => (numbers, Some(pre)),
        None => (text, None),
    };
    let mut count = 0;
    let number = |part: &str| {
        count += 1;
        part.bytes().all(|byte| byte.is_ascii_digit()) && part.parse::<u64>().is_ok()
    };
    let numbers_fit = numbers.split('.').all(number);
    let known = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let leading_zero = |part: &str| {
        part.len() > 1 && part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    numbers_fit
        && count <= 3
        && pre.is_none_or(|pre| pre.split('.').all(|part| known(part) && !leading_zero(part)))
        && metadata.is_none_or(|metadata| metadata.split('.').all(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_loose() {
        for text in ["1", "v1.2", "0.1.0", "01.2.3", "1.2.3-beta.1+build.5", "1.2-x-y"] {
            assert!(is_valid(text), "{text}");
        }
        for text in ["", "abc", "v", "1.", "1.2.3.4", "1.2.3-01", "1.2.3-", "1.2+", "1.2.3-a_b"] {
            assert!(!is_valid(text), "{text}");
        }
    }
}

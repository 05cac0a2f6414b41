//! Versions.

use std::cmp::Ordering;
use std::fmt;

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The first number.
    pub major: u64,
    /// The second number.
    pub minor: u64,
    /// The third number.
    pub patch: u64,
    /// What follows `-`.
    pub pre: String,
    /// What follows `+`.
    pub metadata: String,
    /// As given.
    pub original: String,
}

/// A version at the start of a text, in its parts; what is not there is empty.
pub(super) struct Parts<'a> {
    /// The version as it is written.
    pub(super) whole: &'a str,
    pub(super) numbers: [&'a str; 3],
    /// Without its `-`.
    pub(super) pre: &'a str,
    /// Without its `+`.
    pub(super) metadata: &'a str,
    pub(super) rest: &'a str,
}

impl<'a> Parts<'a> {
    /// Reads `v?N[.N[.N]][-pre][+metadata]`, as much of it as is there.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let is_of_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let (first, mut rest) = run(text.strip_prefix('v').unwrap_or(text), digit)?;
        let mut numbers = [first, "", ""];
        for number in &mut numbers[1..] {
            let Some((read, after)) = rest.strip_prefix('.').and_then(|it| run(it, digit)) else {
                break;
            };
            (*number, rest) = (read, after);
        }
        let mut words = |mark: char| {
            let start = rest.strip_prefix(mark)?;
            let (_, mut after) = run(start, is_of_word)?;
            while let Some((_, next)) = after.strip_prefix('.').and_then(|it| run(it, is_of_word)) {
                after = next;
            }
            rest = after;
            Some(&start[..start.len() - after.len()])
        };
        let (pre, metadata) = (words('-').unwrap_or(""), words('+').unwrap_or(""));
        let whole = &text[..text.len() - rest.len()];
        Some(Self { whole, numbers, pre, metadata, rest })
    }
}

fn digit(byte: u8) -> bool {
    byte.is_ascii_digit()
}

/// Returns the bytes at the start of a text that are of a kind, and the rest; none where none is.
fn run(text: &str, is_wanted: impl Fn(u8) -> bool) -> Option<(&str, &str)> {
    let end = text.bytes().position(|byte| !is_wanted(byte)).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

impl Version {
    /// Reads a version as `NewVersion` does: `v1.2` passes.
    ///
    /// # Errors
    /// In the library's words: `invalid semantic version`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = Parts::read(text).filter(|parts| parts.rest.is_empty());
        let parts = parts.ok_or("invalid semantic version")?;
        let [major, minor, patch] = parts.numbers;
        let version = Self {
            major: segment(major)?,
            minor: segment(minor)?,
            patch: segment(patch)?,
            pre: parts.pre.to_owned(),
            metadata: parts.metadata.to_owned(),
            original: text.to_owned(),
        };
        if !version.pre.is_empty() {
            check_pre(&version.pre)?;
        }
        Ok(version)
    }

    /// Reads a version as `StrictNewVersion` does: three numbers, no `v`, no leading zeros.
    ///
    /// # Errors
    /// In the library's words: `version segment starts with 0`.
    pub fn parse_strict(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("version string empty".into());
        }
        let mut parts = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err("invalid semantic version".into());
        };
        let (rest, metadata) = rest.split_once('+').map_or((rest, None), |(a, b)| (a, Some(b)));
        metadata.map_or(Ok(()), check_metadata)?;
        let (patch, pre) = rest.split_once('-').map_or((rest, None), |(a, b)| (a, Some(b)));
        pre.map_or(Ok(()), check_pre)?;
        for part in [major, minor, patch] {
            if !part.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err("invalid characters in version".into());
            }
            if part.len() > 1 && part.starts_with('0') {
                return Err("version segment starts with 0".into());
            }
        }
        Ok(Self {
            major: number(major)?,
            minor: number(minor)?,
            patch: number(patch)?,
            pre: pre.unwrap_or_default().to_owned(),
            metadata: metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        })
    }

    /// Compares by precedence: metadata and the form as given do not count.
    #[must_use]
    pub fn compare(&self, other: &Self) -> Ordering {
        let numbers = |version: &Self| (version.major, version.minor, version.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| compare_pre(&self.pre, &other.pre))
    }

    /// Returns the next major version; numbers wrap as Go's do.
    #[must_use]
    pub fn next_major(&self) -> Self {
        self.with_numbers(self.major.wrapping_add(1), 0, 0)
    }

    /// Returns the next minor version.
    #[must_use]
    pub fn next_minor(&self) -> Self {
        self.with_numbers(self.major, self.minor.wrapping_add(1), 0)
    }

    /// Returns the next patch version: of a pre-release the version that it precedes.
    #[must_use]
    pub fn next_patch(&self) -> Self {
        let step = u64::from(self.pre.is_empty());
        self.with_numbers(self.major, self.minor, self.patch.wrapping_add(step))
    }

    /// Returns the version with another pre-release.
    ///
    /// # Errors
    /// In the library's words: `invalid prerelease string`.
    pub fn with_pre(&self, pre: &str) -> Result<Self, String> {
        if !pre.is_empty() {
            check_pre(pre)?;
        }
        Ok(self.renamed(Self { pre: pre.to_owned(), ..self.clone() }))
    }

    /// Returns the version with other metadata.
    ///
    /// # Errors
    /// In the library's words: `invalid metadata string`.
    pub fn with_metadata(&self, metadata: &str) -> Result<Self, String> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        Ok(self.renamed(Self { metadata: metadata.to_owned(), ..self.clone() }))
    }

    fn with_numbers(&self, major: u64, minor: u64, patch: u64) -> Self {
        let (pre, metadata, original) = (String::new(), String::new(), String::new());
        self.renamed(Self { major, minor, patch, pre, metadata, original })
    }

    fn renamed(&self, mut next: Self) -> Self {
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        next.original = format!("{prefix}{next}");
        next
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn segment(digits: &str) -> Result<u64, String> {
    if digits.is_empty() {
        return Ok(0);
    }
    number(digits).map_err(|error| format!("error parsing version segment: {error}"))
}

fn number(digits: &str) -> Result<u64, String> {
    let why = if digits.is_empty() { "invalid syntax" } else { "value out of range" };
    digits.parse().map_err(|_| format!("strconv.ParseUint: parsing \"{digits}\": {why}"))
}

fn check_pre(pre: &str) -> Result<(), String> {
    for part in pre.split('.') {
        if part.is_empty() || !part.bytes().all(is_allowed) {
            return Err("invalid prerelease string".into());
        }
        if part.len() > 1 && part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit())
        {
            return Err("version segment starts with 0".into());
        }
    }
    Ok(())
}

fn check_metadata(metadata: &str) -> Result<(), String> {
    if metadata.split('.').any(|part| part.is_empty() || !part.bytes().all(is_allowed)) {
        return Err("invalid metadata string".into());
    }
    Ok(())
}

fn is_allowed(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// Compares pre-releases; none is above any.
pub(super) fn compare_pre(left: &str, right: &str) -> Ordering {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (left.split('.'), right.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(left), Some(right)) => compare_part(left, right),
        };
        if order.is_ne() {
            return order;
        }
    }
}

/// A number is below a word. Only numbers that fit 64 bits count as such, as in the library.
fn compare_part(left: &str, right: &str) -> Ordering {
    if left == right {
        return Ordering::Equal;
    }
    match (left.parse::<u64>(), right.parse::<u64>()) {
        (Ok(left), Ok(right)) => left.cmp(&right),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => left.cmp(right),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_helm_reads_them() {
        for (text, expected) in [
            ("1", Ok("1.0.0")),
            ("v1.2", Ok("1.2.0")),
            ("01.2.3", Ok("1.2.3")),
            ("1.2.3-a+b", Ok("1.2.3-a+b")),
            ("1+x", Ok("1.0.0+x")),
            ("1.2.3-00a", Ok("1.2.3-00a")),
            ("", Err("invalid semantic version")),
            ("1.2.3.4", Err("invalid semantic version")),
            ("V1", Err("invalid semantic version")),
            (" 1.2", Err("invalid semantic version")),
            ("1.2.3-a..b", Err("invalid semantic version")),
            ("1.2.3-01", Err("version segment starts with 0")),
            (
                "1.99999999999999999999",
                Err("error parsing version segment: strconv.ParseUint: parsing \
                     \"99999999999999999999\": value out of range"),
            ),
        ] {
            let answer = Version::parse(text).map(|version| version.to_string());
            assert_eq!(answer, expected.map(str::to_owned).map_err(str::to_owned), "{text:?}");
        }
    }

    #[test]
    fn strict_versions_need_three_plain_numbers() {
        for (text, error) in [
            ("1.2.3-a.1+b", None),
            ("", Some("version string empty")),
            ("1.2", Some("invalid semantic version")),
            ("v1.2.3", Some("invalid characters in version")),
            ("1.02.3", Some("version segment starts with 0")),
            ("1.2.3-a..b", Some("invalid prerelease string")),
            ("1.2.3+", Some("invalid metadata string")),
            ("1.2.", Some("strconv.ParseUint: parsing \"\": invalid syntax")),
        ] {
            assert_eq!(Version::parse_strict(text).err().as_deref(), error, "{text:?}");
        }
    }
}

//! Constraints.

use std::cmp::Ordering;
use std::sync::LazyLock;

use regex::{Captures, Regex};

use super::Version;
use super::version::{Parts, compare_pre};

/// A constraint: `>=1.20-0 <2 || ^3`.
#[derive(Debug, Clone)]
pub struct Constraint {
    groups: Vec<Group>,
}

/// What must hold together; `||` separates such groups.
#[derive(Debug, Clone)]
struct Group {
    comparators: Vec<Comparator>,
    has_pre: bool,
}

#[derive(Debug, Clone)]
struct Comparator {
    operator: Operator,
    version: Version,
    wild: Wild,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Tilde,
    Caret,
}

impl Operator {
    fn of(written: &str) -> Option<Self> {
        Some(match written {
            "" | "=" => Self::Equal,
            "!=" => Self::NotEqual,
            ">" => Self::Greater,
            "<" => Self::Less,
            ">=" | "=>" => Self::GreaterEqual,
            "<=" | "=<" => Self::LessEqual,
            "~" | "~>" => Self::Tilde,
            "^" => Self::Caret,
            _ => return None,
        })
    }
}

/// The first part of a version that is left open, by `x` or by its absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wild {
    None,
    Major,
    Minor,
    Patch,
}

const OPERATOR: &str = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^";
const VERSION: &str = concat!(
    r"v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?",
    r"(-(?:[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?",
    r"(?:\+(?:[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?",
);
/// Go's `\s`.
const BLANK: &str = r"[\t\n\f\r ]";

/// The patterns that the library reads constraints with; their quirks are its behaviour.
struct Patterns {
    whole: Regex,
    each: Regex,
    one: Regex,
    range: Regex,
}

static PATTERNS: LazyLock<Patterns> = LazyLock::new(|| {
    let build = |pattern: String| Regex::new(&pattern).expect("the patterns are fixed");
    let (o, v, s) = (OPERATOR, VERSION, BLANK);
    Patterns {
        whole: build(format!(
            "^(?:{s}*(?:{o}){s}*(?:{v}){s}*)(?:(?:{s}+|,{s}*)(?:{o}){s}*(?:{v}){s}*)*$"
        )),
        each: build(format!("(?:{o}){s}*(?:{v})")),
        one: build(format!("^{s}*({o}){s}*({v}){s}*$")),
        range: build(format!("{s}*(?<low>{v}){s}+-{s}+(?<high>{v}){s}*")),
    }
});

impl Constraint {
    /// Reads a constraint.
    ///
    /// # Errors
    /// In the library's words: `improper constraint: abc`.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(groups) = text.split("||").map(Group::parse_plain).collect() {
            return Ok(Self { groups });
        }
        let text = rewrite_ranges(text);
        let groups = text.split("||").map(Group::parse).collect::<Result<_, _>>()?;
        Ok(Self { groups })
    }

    /// Tells whether a version meets it.
    #[must_use]
    pub fn check(&self, version: &Version) -> bool {
        self.groups.iter().any(|group| group.check(version))
    }
}

/// Turns `1.2 - 1.4` into comparators.
fn rewrite_ranges(text: &str) -> String {
    let mut out = text.to_owned();
    for found in PATTERNS.range.captures_iter(text) {
        out = out.replacen(&found[0], &format!(">= {}, <= {} ", &found["low"], &found["high"]), 1);
    }
    out
}

impl Group {
    /// Reads what nearly all constraints are: operators and versions in full, between blanks or
    /// commas. None for anything else, which takes the library's patterns: to build them costs as
    /// much as to render a small chart.
    fn parse_plain(text: &str) -> Option<Self> {
        let is_blank = |it: char| matches!(it, '\t' | '\n' | '\x0c' | '\r' | ' ');
        let mut rest = text.trim_matches(is_blank);
        let mut comparators = Vec::new();
        loop {
            let after = rest.trim_start_matches(['=', '!', '<', '>', '~', '^']);
            let operator = Operator::of(&rest[..rest.len() - after.len()])?;
            let (wild, version, after) = plain_version(after.trim_start_matches(is_blank))?;
            comparators.push(Comparator { operator, version, wild });
            let next = after.trim_start_matches(is_blank);
            if next.is_empty() {
                return Some(Self::of(comparators));
            }
            rest = match next.strip_prefix(',') {
                Some(next) => next.trim_start_matches(is_blank),
                None if next.len() < after.len() => next,
                None => return None,
            };
        }
    }

    fn of(comparators: Vec<Comparator>) -> Self {
        let has_pre = comparators.iter().any(|comparator| !comparator.version.pre.is_empty());
        Self { comparators, has_pre }
    }

    fn parse(text: &str) -> Result<Self, String> {
        if !PATTERNS.whole.is_match(text) {
            return Err(format!("improper constraint: {text}"));
        }
        let each = PATTERNS.each.find_iter(text);
        let comparators: Vec<Comparator> =
            each.map(|found| Comparator::parse(found.as_str())).collect::<Result<_, _>>()?;
        Ok(Self::of(comparators))
    }

    fn check(&self, version: &Version) -> bool {
        (version.pre.is_empty() || self.has_pre)
            && self.comparators.iter().all(|comparator| comparator.check(version))
    }
}

/// Reads a version of a constraint, `1.2.3-pre` or with parts left open, and returns what follows.
fn plain_version(text: &str) -> Option<(Wild, Version, &str)> {
    let is_open = |part: &str| matches!(part, "" | "x" | "X" | "*");
    let mut rest = text.strip_prefix('v').unwrap_or(text);
    let mut numbers = [""; 3];
    for (index, number) in numbers.iter_mut().enumerate() {
        let Some(start) = (if index == 0 { Some(rest) } else { rest.strip_prefix('.') }) else {
            break;
        };
        let is_of_part = |byte: u8| byte.is_ascii_digit() || b"xX*".contains(&byte);
        let end = start.bytes().position(|byte| !is_of_part(byte)).unwrap_or(start.len());
        (*number, rest) = start.split_at(end);
        if number.is_empty() || !is_open(number) && !number.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
    }
    // The rest of a version is read as that of any other.
    let whole = format!("0{rest}");
    let parts = Parts::read(&whole).filter(|_| !rest.starts_with(['.', '|']))?;
    let (pre, after) = (parts.pre, &rest[parts.whole.len() - 1..]);
    let open = numbers.iter().position(|number| is_open(number));
    let (wild, filled) = match open {
        None => (Wild::None, numbers),
        Some(0) => (Wild::Major, ["0", "0", "0"]),
        Some(1) => (Wild::Minor, [numbers[0], "0", "0"]),
        Some(_) => (Wild::Patch, [numbers[0], numbers[1], "0"]),
    };
    let mut version = filled.join(".");
    if !pre.is_empty() {
        version.extend(["-", pre]);
    }
    Some((wild, Version::parse(&version).ok()?, after))
}

impl Comparator {
    fn parse(text: &str) -> Result<Self, String> {
        let groups =
            PATTERNS.one.captures(text).ok_or_else(|| format!("improper constraint: {text}"))?;
        let (wild, version) = completed(&groups);
        let version = Version::parse(&version).map_err(|_| "constraint parser error")?;
        let operator = Operator::of(group(&groups, 1)).unwrap_or(Operator::Equal);
        Ok(Self { operator, version, wild })
    }

    fn check(&self, version: &Version) -> bool {
        match self.operator {
            Operator::Equal if self.wild == Wild::None => self.order(version).is_eq(),
            Operator::Equal | Operator::Tilde => self.tilde(version),
            Operator::NotEqual => self.differs(version),
            Operator::Greater => self.is_below(version),
            Operator::GreaterEqual => self.order(version).is_ge(),
            Operator::Less => self.order(version).is_lt(),
            Operator::LessEqual => self.reaches(version),
            Operator::Caret => self.caret(version),
        }
    }

    fn order(&self, version: &Version) -> Ordering {
        version.compare(&self.version)
    }

    fn differs(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.wild == Wild::None {
            return self.order(version).is_ne();
        }
        if own.major != version.major {
            return true;
        }
        match self.wild {
            Wild::Minor => false,
            _ if own.minor != version.minor => true,
            Wild::Patch if version.pre.is_empty() && own.pre.is_empty() => false,
            // The library compares them as parts here, where none is below any; both orders differ.
            Wild::Patch => compare_pre(&version.pre, &own.pre).is_ne(),
            _ => own.patch != version.patch || self.order(version).is_ne(),
        }
    }

    /// `>`: `>1` takes 2 and up, `>1.2` takes 1.3 and up.
    fn is_below(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.wild == Wild::None || version.major != own.major {
            return match self.wild {
                Wild::None => self.order(version).is_gt(),
                _ => version.major > own.major,
            };
        }
        match self.wild {
            Wild::Minor => false,
            Wild::Patch => version.minor > own.minor,
            _ => self.order(version).is_gt(),
        }
    }

    /// `<=`: `<=1` takes 1.9, `<=1.2` takes 1.2.9.
    fn reaches(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.wild == Wild::None {
            return self.order(version).is_le();
        }
        match version.major.cmp(&own.major) {
            Ordering::Greater => false,
            Ordering::Less => true,
            Ordering::Equal => self.wild == Wild::Minor || version.minor <= own.minor,
        }
    }

    fn tilde(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.order(version).is_lt() {
            return false;
        }
        let zero = (own.major, own.minor, own.patch) == (0, 0, 0);
        if zero && matches!(self.wild, Wild::None | Wild::Major) {
            return true;
        }
        version.major == own.major && (self.wild == Wild::Minor || version.minor == own.minor)
    }

    fn caret(&self, version: &Version) -> bool {
        let own = &self.version;
        if self.order(version).is_lt() {
            return false;
        }
        if own.major > 0 || self.wild == Wild::Minor {
            return version.major == own.major;
        }
        if version.major > 0 {
            return false;
        }
        if own.minor > 0 || self.wild == Wild::Patch {
            return version.minor == own.minor;
        }
        version.minor == 0 && version.patch == own.patch
    }
}

fn group<'t>(groups: &Captures<'t>, index: usize) -> &'t str {
    groups.get(index).map_or("", |group| group.as_str())
}

/// Fills the open parts of a version with zeros.
fn completed(groups: &Captures<'_>) -> (Wild, String) {
    let is_open = |part: &str| matches!(part.trim_start_matches('.'), "" | "x" | "X" | "*");
    let [major, minor, patch, pre] = [3, 4, 5, 6].map(|index| group(groups, index));
    if is_open(major) {
        (Wild::Major, format!("0.0.0{pre}"))
    } else if is_open(minor) {
        (Wild::Minor, format!("{major}.0.0{pre}"))
    } else if is_open(patch) {
        (Wild::Patch, format!("{major}{minor}.0{pre}"))
    } else {
        (Wild::None, group(groups, 2).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_take_the_versions_that_helm_takes() {
        let mut lines = include_str!("answers.tsv").lines().skip(1);
        let versions = lines.next().unwrap().split(' ');
        let versions: Vec<Version> = versions.map(|text| Version::parse(text).unwrap()).collect();
        for line in lines {
            let (text, expected) = line.split_once('\t').unwrap();
            let constraint = Constraint::parse(text).unwrap();
            let mark = |version| if constraint.check(version) { '1' } else { '.' };
            assert_eq!(versions.iter().map(mark).collect::<String>(), expected, "{text}");
        }
    }

    #[test]
    fn plain_constraints_are_read_as_the_patterns_read_them() {
        let lines = include_str!("answers.tsv").lines().skip(2);
        let texts = lines.filter_map(|line| line.split('\t').next());
        let more = [
            "v1.2",
            ">= 1.2.3-0 , < 2+b",
            "^1 ~2.3",
            "\t1.2\n",
            "1.2 2",
            "1-a.b.c",
            "=>0.0.1",
            "2.x.x",
            "^1.X-0 *",
            "~x",
            "1.*+b",
        ];
        let mut plain = 0;
        for text in texts.chain(more).filter(|text| !text.contains("||")) {
            let Some(read) = Group::parse_plain(text) else { continue };
            plain += 1;
            let expected = Group::parse(&rewrite_ranges(text)).expect("the patterns take it");
            let meaning = |group: &Group| -> Vec<_> {
                let of = |it: &Comparator| {
                    let Version { major, minor, patch, pre, .. } = it.version.clone();
                    (it.operator, it.wild, major, minor, patch, pre)
                };
                group.comparators.iter().map(of).collect()
            };
            assert_eq!(meaning(&read), meaning(&expected), "{text}");
        }
        assert!(plain > 10, "{plain} constraints are plain");
    }

    #[test]
    fn other_texts_are_read_as_helm_reads_them() {
        let version = Version::parse("1.2.3").unwrap();
        for (text, expected) in [
            ("abc", Err("improper constraint: abc")),
            ("", Err("improper constraint: ")),
            ("1.2 ||", Err("improper constraint: ")),
            ("==1.2", Err("improper constraint: ==1.2")),
            ("1.2.3.4", Err("improper constraint: 1.2.3.4")),
            ("1|2", Err("constraint parser error")),
            ("1.2.3-01", Err("constraint parser error")),
            (">1.2<2", Err("improper constraint: >1.2<2")),
            ("1.2 2", Ok(false)),
            ("1.2,2", Ok(false)),
            ("1.2,", Err("improper constraint: 1.2,")),
            ("99999999999999999999", Err("constraint parser error")),
            ("1.2.3 -1.4", Err("improper constraint: 1.2.3 -1.4")),
            ("1.2.3 - 1.4 - 1.5", Err("improper constraint: >= 1.2.3, <= 1.4 - 1.5")),
            ("~ 1.2", Ok(true)),
            ("1xx", Err("constraint parser error")),
            ("\t1.2\n", Ok(true)),
            ("1.2 \u{a0}1", Err("improper constraint: 1.2 \u{a0}1")),
            ("~>  1.2  ,  <3", Ok(true)),
            ("!= 1.2.3 , >1", Ok(false)),
        ] {
            let answer = Constraint::parse(text).map(|constraint| constraint.check(&version));
            assert_eq!(answer, expected.map_err(str::to_owned), "{text:?}");
        }
    }
}

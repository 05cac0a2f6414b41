//! A file of findings that are known: by fingerprint, so that moved lines change nothing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::super::{Report, fingerprint};
use super::{By, Problem, ProblemKind, Silenced};
use crate::finding::Finding;
use crate::input::{Error, Text};
use crate::source::Span;

/// The version of the file that is read and written.
const VERSION: u32 = 1;

/// What to do where a file cannot be read.
const ANEW: &str = "correct it, or delete it and write it anew with --write-baseline";

/// A finding that is known; all but the fingerprint is for those who read the file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// The file that the finding is shown in.
    pub file: String,
    /// The rule.
    pub rule: String,
    /// The object, as people name it.
    pub object: String,
    /// What is wrong.
    pub message: String,
    /// What makes it the same finding.
    pub fingerprint: String,
}

/// Findings that are known.
#[derive(Debug, Clone, Default)]
pub struct Baseline {
    /// The findings.
    pub known: Vec<Known>,
    /// The file, if it was read.
    text: Option<Text>,
}

/// What a baseline makes of the findings of a report.
#[derive(Debug, Default)]
pub struct Compared {
    /// What is not known.
    pub left: Vec<Finding>,
    /// What is known.
    pub silenced: Vec<Silenced>,
    /// What is known and was not found.
    pub gone: Vec<Known>,
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Root {
    version: u32,
    findings: Vec<Known>,
}

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// Where it is no baseline of this version.
    pub fn read(text: &Text) -> Result<Self, Error> {
        let root: Root = serde_json::from_str(&text.content).map_err(|error| {
            let words = error.to_string();
            let words = words.rsplit_once(" at line ").map_or(words.as_str(), |(words, _)| words);
            let at = offset(&text.content, error.line(), error.column());
            text.error_at(Some(at), format!("no baseline: {words}")).with_help(ANEW)
        })?;
        if root.version != VERSION {
            let at = text.content.find("\"version\"");
            let message = format!("a baseline of version {}, expected {VERSION}", root.version);
            return Err(text.error_at(at, message).with_help(ANEW));
        }
        Ok(Self { known: root.findings, text: Some(text.clone()) })
    }

    /// Makes a baseline of what a report shows.
    #[must_use]
    pub fn of(report: &Report<'_>) -> Self {
        let found = report.findings.iter().zip(fingerprint::fingerprints(report));
        let known: BTreeSet<Known> = found.map(|(it, print)| known(report, it, print)).collect();
        Self { known: known.into_iter().collect(), text: None }
    }

    /// Returns the text of the file.
    #[must_use]
    pub fn written(&self) -> String {
        let root = Root { version: VERSION, findings: self.known.clone() };
        serde_json::to_string_pretty(&root).expect("plain structs have a JSON form") + "\n"
    }

    /// Tells what a report shows that is known from what is not, and what is known and gone.
    #[must_use]
    pub fn compared(&self, report: &Report<'_>) -> Compared {
        let prints = self.known.iter().map(|known| known.fingerprint.as_str());
        let mut gone: BTreeSet<&str> = prints.collect();
        let mut compared = Compared::default();
        for (finding, print) in report.findings.iter().zip(fingerprint::fingerprints(report)) {
            let finding = finding.clone();
            if gone.remove(print.as_str()) {
                let (reason, place) = (None, None);
                compared.silenced.push(Silenced { finding, by: By::Baseline, reason, place });
            } else {
                compared.left.push(finding);
            }
        }
        let is_gone = |known: &&Known| gone.contains(known.fingerprint.as_str());
        compared.gone = self.known.iter().filter(is_gone).cloned().collect();
        compared
    }

    /// Says that a finding is gone, where the file has it.
    #[must_use]
    pub fn problem(&self, known: &Known) -> Option<Problem> {
        let text = self.text.as_ref()?;
        let start = text.content.find(&known.fingerprint)?;
        Some(Problem {
            kind: ProblemKind::Gone,
            span: Span::new(text.file, start, start + known.fingerprint.len()),
            message: format!("{known} is known, and was not found"),
            help: Some("--write-baseline takes it out".into()),
        })
    }
}

impl std::fmt::Display for Known {
    /// Writes `secrets-read of ClusterRole flux`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.rule, self.object)
    }
}

fn known(report: &Report<'_>, finding: &Finding, fingerprint: String) -> Known {
    let origin = report.sources.trace(finding.primary.span).template;
    let object = &finding.object;
    let namespace = object.namespace.as_ref().map(|it| format!("{it}/")).unwrap_or_default();
    Known {
        file: report.sources.file(origin.file).name.clone(),
        rule: finding.rule.into(),
        object: format!("{} {namespace}{}", object.kind, object.name),
        message: finding.message.clone(),
        fingerprint,
    }
}

/// Returns the offset of a line and column, both counted from 1.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (before + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

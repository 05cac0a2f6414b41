//! What silences findings: comments, what rolecall.yaml accepts, and a baseline.

mod baseline;
mod directive;
mod ignores;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::finding::Finding;
use crate::input;
use crate::rules::{self, Policy};
use crate::source::{FileId, SourceMap, Span};

pub use baseline::{Baseline, Compared, Known};
use ignores::Ignores;

use super::joined;

/// What silences a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// A comment in a template or a manifest.
    Comment,
    /// `lint.exclude` of a rolecall.yaml.
    Exclude,
    /// A baseline.
    Baseline,
}

/// A finding that was silenced.
#[derive(Debug, Clone)]
pub struct Silenced {
    /// The finding.
    pub finding: Finding,
    /// What silences it.
    pub by: By,
    /// Why it is accepted; none where nobody says it.
    pub reason: Option<String>,
    /// Where that is written.
    pub place: Option<Span>,
}

/// What is wrong with something that silences findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProblemKind {
    /// It silences nothing.
    Unused,
    /// It says no reason.
    NoReason,
    /// It names a rule that is none.
    UnknownRule,
    /// Its last day has passed.
    Ended,
    /// Its last day cannot be read.
    BadDate,
    /// A baseline knows what is found no more.
    Gone,
}

/// Something that silences findings, and should not stand as it does.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What is wrong with it.
    pub kind: ProblemKind,
    /// Where it stands.
    pub span: Span,
    /// What is wrong, in words.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// What was silenced, and what is wrong with what silences.
#[derive(Debug, Default)]
pub struct Silence {
    /// What was silenced, that of one comment or line of rolecall.yaml together.
    pub silenced: Vec<Silenced>,
    /// What is wrong, in the order of the places.
    pub problems: Vec<Problem>,
}

/// Findings after all but a baseline was applied.
#[derive(Debug, Default)]
pub struct Judged {
    /// Those that count, most harmful first.
    pub findings: Vec<Finding>,
    /// What does not count.
    pub silence: Silence,
    /// The comments that cannot be understood.
    pub errors: Vec<input::Error>,
}

/// What findings are judged by.
pub struct Judge<'a> {
    /// The texts.
    pub sources: &'a SourceMap,
    /// What rolecall.yaml and the command line say.
    pub policy: &'a Policy,
    /// Whether comments and rolecall.yaml silence anything.
    pub silences: bool,
    /// Returns the day.
    pub today: &'a dyn Fn() -> Date,
    /// Tells whether a rule can have found something in what a text brought.
    pub was_run: &'a dyn Fn(&str, FileId) -> bool,
}

impl std::fmt::Debug for Judge<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Judge").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// Findings apart by what silences them.
struct Sifted {
    ignores: Ignores,
    /// By what silences them.
    silenced: BTreeMap<(By, usize), Vec<Finding>>,
    left: Vec<Finding>,
    /// Which exclusions matched something.
    used: Vec<bool>,
}

impl Judge<'_> {
    /// Silences what comments and rolecall.yaml silence, leaves the strongest of the risks of each
    /// rule item, and joins what one template line gives in several releases.
    #[must_use]
    pub fn judge(&self, findings: Vec<Finding>) -> Judged {
        let Sifted { mut ignores, silenced, left, used } = self.sift(findings);
        if self.silences {
            ignores.report(self.sources, (self.today, self.was_run));
        }
        let mut problems = std::mem::take(&mut ignores.problems);
        problems.extend(self.exclusion_problems(&used));
        problems.sort_by_key(|problem| (problem.span, problem.kind));
        let silenced = silenced.into_iter().flat_map(|(by, found)| self.told(by, found, &ignores));
        let silence = Silence { silenced: silenced.collect(), problems };
        let mut findings = joined(self.sources, rules::strongest(left));
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        Judged { findings, silence, errors: ignores.errors }
    }

    /// Returns what neither comments nor rolecall.yaml silence, for each release apart.
    #[must_use]
    pub fn counted(&self, findings: Vec<Finding>) -> Vec<Finding> {
        self.sift(findings).left
    }

    fn sift(&self, findings: Vec<Finding>) -> Sifted {
        let mut silenced: BTreeMap<(By, usize), Vec<Finding>> = BTreeMap::new();
        let mut ignores =
            if self.silences { Ignores::find(self.sources) } else { Ignores::default() };
        let mut used = vec![false; self.policy.exclusions.len()];
        let mut left = Vec::new();
        for finding in findings {
            let comment = ignores.silencer(&finding, (self.sources, self.today));
            let exclusion = if self.silences { self.exclusion(&finding, &mut used) } else { None };
            let by = comment.map(|at| (By::Comment, at));
            match by.or(exclusion.map(|at| (By::Exclude, at))) {
                Some(by) => silenced.entry(by).or_default().push(finding),
                None => left.push(finding),
            }
        }
        Sifted { ignores, silenced, left, used }
    }

    /// Returns the place of what rolecall.yaml says to accept a finding.
    fn exclusion(&self, finding: &Finding, used: &mut [bool]) -> Option<usize> {
        let mut accepts = None;
        for (at, (exclusion, used)) in self.policy.exclusions.iter().zip(used).enumerate() {
            if exclusion.matches(finding) {
                *used = true;
                let lasts = exclusion.until.is_none_or(|until| (self.today)() <= until);
                accepts = accepts.or(lasts.then_some(at));
            }
        }
        accepts
    }

    /// Tells what of rolecall.yaml has ended, or accepts what was not found.
    fn exclusion_problems(&self, used: &[bool]) -> Vec<Problem> {
        let problem = |(exclusion, used): (&rules::Exclusion, &bool)| {
            let span = exclusion.place.filter(|_| self.silences)?;
            let (rule, name) = (&exclusion.rule, exclusion.name.as_ref());
            let what = name.map_or_else(|| rule.clone(), |name| format!("{rule} of {name}"));
            let ended = exclusion.until.filter(|until| *until < (self.today)());
            let (kind, message, help) = if let Some(until) = ended {
                let message = format!("lint.exclude accepted {what} until {until}, and no longer");
                (ProblemKind::Ended, message, Some("mend it, or set another day".into()))
            } else if !used && (self.was_run)(rule, span.file) {
                let message = format!("lint.exclude accepts {what}, which was not found");
                (ProblemKind::Unused, message, None)
            } else {
                return None;
            };
            Some(Problem { kind, span, message, help })
        };
        self.policy.exclusions.iter().zip(used).filter_map(problem).collect()
    }

    /// Returns what was silenced by one thing, with its reason.
    fn told(&self, (by, at): (By, usize), found: Vec<Finding>, ignores: &Ignores) -> Vec<Silenced> {
        let (reason, place) = match by {
            By::Comment => {
                let ignore = &ignores.list[at];
                (ignore.reason.clone(), Some(ignore.place))
            }
            _ => {
                let exclusion = &self.policy.exclusions[at];
                (exclusion.reason.clone(), exclusion.place)
            }
        };
        let reason = Some(reason).filter(|reason| !reason.is_empty());
        let found = joined(self.sources, found).into_iter();
        found.map(|finding| Silenced { finding, by, reason: reason.clone(), place }).collect()
    }
}

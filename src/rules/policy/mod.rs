//! What the user says about rules: which speak, how loud, and what is accepted.

mod selection;
mod strongest;

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Meta;
use crate::finding::{Confidence, Finding, Severity};
use crate::source::Span;

pub use selection::{Selection, Selector, suggestion};
pub use strongest::strongest;

/// What a rule is set to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The rule does not speak.
    Off,
    /// All of its findings are of this severity.
    As(Severity),
}

/// A finding that is known and accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// The rule.
    pub rule: String,
    /// The object's name; none for all.
    pub name: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: Option<Date>,
    /// Where it is written.
    pub place: Option<Span>,
}

impl Exclusion {
    /// Tells whether it is about a finding.
    #[must_use]
    pub fn matches(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.name.as_ref().is_none_or(|it| *it == finding.object.name)
    }
}

/// Which rules speak, the settings of the rules and what is accepted.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// The rules that the command line selects.
    pub selection: Selection,
    /// The settings, by the rules' names.
    pub settings: BTreeMap<String, Setting>,
    /// What is accepted.
    pub exclusions: Vec<Exclusion>,
}

impl Policy {
    /// Tells whether a rule is run: what the command line says goes before the settings, and a rule
    /// of low confidence is only run where its name stands.
    #[must_use]
    pub fn runs(&self, meta: &Meta) -> bool {
        match self.selection.takes(meta) {
            Some(false) => false,
            _ if meta.confidence == Confidence::Low => self.is_named(meta.name),
            Some(true) => true,
            None => self.settings.get(meta.name) != Some(&Setting::Off),
        }
    }

    /// Tells whether the command line selects a rule by its own name, or the settings give it a
    /// severity.
    pub(super) fn is_named(&self, rule: &str) -> bool {
        self.selection.names(rule) || matches!(self.settings.get(rule), Some(Setting::As(_)))
    }

    /// Leaves out what is of low confidence and was not asked for, and sets the severities.
    #[must_use]
    pub fn settled(&self, mut findings: Vec<Finding>) -> Vec<Finding> {
        findings.retain(|it| it.confidence > Confidence::Low || self.is_named(it.rule));
        for finding in &mut findings {
            if let Some(Setting::As(severity)) = self.settings.get(finding.rule) {
                finding.severity = *severity;
            }
        }
        findings
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Label, ObjectName};
    use crate::source::SourceMap;

    pub(super) fn finding(rule: &'static str, severity: Severity, start: usize) -> Finding {
        let file = SourceMap::new().add("a.yaml", "a");
        let span = Span::new(file, start, start + 1);
        let primary = Label { span, text: String::new(), owner: None };
        let object = ObjectName {
            api_group: String::new(),
            kind: "ServiceAccount".into(),
            namespace: None,
            name: "a".into(),
        };
        Finding::new((rule, severity), "", primary, object)
    }

    fn policy(select: &[&str], ignore: &[&str], settings: &[(&str, Setting)]) -> Policy {
        let selectors = |words: &[&str]| {
            words.iter().map(|it| Selector::read(it).expect("there are such rules")).collect()
        };
        Policy {
            selection: Selection { select: selectors(select), ignore: selectors(ignore) },
            settings: settings.iter().map(|(name, it)| ((*name).into(), *it)).collect(),
            exclusions: Vec::new(),
        }
    }

    #[test]
    fn the_command_line_goes_before_the_settings() {
        const OFF: Setting = Setting::Off;
        const INFO: Setting = Setting::As(Severity::Info);
        let sure = Meta { name: "secrets-read", family: super::super::Family::Risk, ..Meta::PLAIN };
        let guess = Meta { confidence: Confidence::Low, ..sure };
        type Case<'a> = (&'a [&'a str], &'a [&'a str], &'a [(&'a str, Setting)], [bool; 2]);
        let table: [Case<'_>; 13] = [
            (&[], &[], &[], [true, false]),
            (&[], &[], &[("secrets-read", OFF)], [false, false]),
            (&[], &[], &[("secrets-read", INFO)], [true, true]),
            (&["secrets-read"], &[], &[("secrets-read", OFF)], [true, true]),
            (&["risk"], &[], &[("secrets-read", OFF)], [true, false]),
            (&["all"], &[], &[("secrets-read", INFO)], [true, true]),
            (&["secrets-*"], &[], &[], [true, false]),
            (&["identical"], &[], &[("secrets-read", INFO)], [false, false]),
            (&[], &["secrets-read"], &[("secrets-read", INFO)], [false, false]),
            (&["risk"], &["secrets-read"], &[], [false, false]),
            (&["secrets-read"], &["risk"], &[], [true, true]),
            (&["secrets-read"], &["secrets-read"], &[], [false, false]),
            (&["secrets-*"], &["all"], &[], [true, false]),
        ];
        for (select, ignore, settings, expected) in table {
            let policy = policy(select, ignore, settings);
            let found = [&sure, &guess].map(|meta| policy.runs(meta));
            assert_eq!(found, expected, "{select:?} {ignore:?} {settings:?}");
        }
    }

    #[test]
    fn settings_and_confidence_apply_to_findings() {
        let low =
            |rule| Finding { confidence: Confidence::Low, ..finding(rule, Severity::Warning, 0) };
        let found = || vec![low("secrets-read"), finding("pod-exec", Severity::Info, 0)];
        let severities = |policy: Policy| -> Vec<Severity> {
            policy.settled(found()).iter().map(|finding| finding.severity).collect()
        };
        assert_eq!(severities(policy(&[], &[], &[])), [Severity::Info]);
        let named = policy(&["secrets-read"], &[], &[]);
        assert_eq!(severities(named), [Severity::Warning, Severity::Info]);
        let set = ["secrets-read", "pod-exec"].map(|name| (name, Setting::As(Severity::Error)));
        assert_eq!(severities(policy(&[], &[], &set)), [Severity::Error, Severity::Error]);
    }
}

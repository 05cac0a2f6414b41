//! What the user says about rules: which speak, how loud, and what is accepted.

use std::collections::BTreeMap;

use crate::finding::{Finding, Severity};
use crate::source::Span;

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
    /// Where it is written.
    pub place: Option<Span>,
}

impl Exclusion {
    fn matches(&self, finding: &Finding) -> bool {
        self.rule == finding.rule && self.name.as_ref().is_none_or(|it| *it == finding.object.name)
    }
}

/// The settings of the rules and what is accepted.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// The settings, by the rules' names.
    pub settings: BTreeMap<String, Setting>,
    /// What is accepted.
    pub exclusions: Vec<Exclusion>,
}

/// Findings after the policy was applied.
#[derive(Debug)]
pub struct Judged {
    /// Those that count, most harmful first.
    pub findings: Vec<Finding>,
    /// How many were accepted.
    pub suppressed: usize,
    /// The places in [`Policy::exclusions`] of those that matched nothing.
    pub unused: Vec<usize>,
}

impl Policy {
    /// Applies the policy.
    #[must_use]
    pub fn judge(&self, findings: Vec<Finding>) -> Judged {
        let mut used = vec![false; self.exclusions.len()];
        let mut judged = Judged { findings: Vec::new(), suppressed: 0, unused: Vec::new() };
        for mut finding in findings {
            match self.settings.get(finding.rule) {
                Some(Setting::Off) => continue,
                Some(Setting::As(severity)) => finding.severity = *severity,
                None => {}
            }
            let mut accepted = false;
            for (exclusion, used) in self.exclusions.iter().zip(&mut used) {
                let matches = exclusion.matches(&finding);
                *used |= matches;
                accepted |= matches;
            }
            if accepted {
                judged.suppressed += 1;
            } else {
                judged.findings.push(finding);
            }
        }
        judged.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        judged.unused = (0..used.len()).filter(|at| !used[*at]).collect();
        judged
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Label, ObjectName};
    use crate::source::SourceMap;

    fn finding(rule: &'static str, name: &str) -> Finding {
        let file = SourceMap::new().add("a.yaml", "a");
        let primary = Label { span: Span::new(file, 0, 1), text: String::new(), owner: None };
        let object = ObjectName {
            api_group: String::new(),
            kind: "ServiceAccount".into(),
            namespace: None,
            name: name.into(),
        };
        Finding::new((rule, Severity::Info), "", primary, object)
    }

    #[test]
    fn settings_and_exclusions_apply_and_unused_ones_show() {
        let exclusion = |rule: &str, name: Option<&str>| Exclusion {
            rule: rule.into(),
            name: name.map(Into::into),
            place: None,
        };
        let policy = Policy {
            settings: BTreeMap::from([
                ("identical".into(), Setting::Off),
                ("lost-subjects".into(), Setting::As(Severity::Error)),
            ]),
            exclusions: vec![exclusion("lost-subjects", Some("a")), exclusion("identical", None)],
        };
        let found = ["a", "b"].map(|name| finding("lost-subjects", name));
        let found = found.into_iter().chain([finding("identical", "c"), finding("other", "d")]);
        let judged = policy.judge(found.collect());
        let names: Vec<&str> = judged.findings.iter().map(|it| it.object.name.as_str()).collect();
        assert_eq!(names, ["b", "d"]);
        assert_eq!((judged.suppressed, judged.unused), (1, vec![1]));
    }
}

//! All rules on one page, in Markdown.

use std::fmt::Write;

use crate::rules::{Family, Fixable, Meta, RULES};

const HEAD: &str = "\
# Rules

Written by `rolecall explain --format markdown`; `rolecall explain RULE` shows one of them.

Severities of risks hold for what reaches the whole cluster: through a ClusterRoleBinding, a RoleBinding in
`kube-system`, or a role so bound that takes the rules over. What RoleBindings alone reach, and what nothing
among the inputs binds, is one step lower; what `resourceNames` restrict is one step lower again. Of several
risks of one rule item the strongest is shown, and the others are named with it. Rules of low confidence speak
where they are selected by name. *Fix* says what `lint --fix` does: what is safe at once, the rest where it is
asked for by name.

What the bare names of other tools stand for: Kubescape's are controls, Trivy's and Checkov's are checks;
`risky role`, `risky rule` and the like are lists that have no names for their items. What those tools say of
the same manifests: [peers.md](peers.md).
";

/// Returns the page on all rules: a table for each family, then each rule's own page.
#[must_use]
pub fn catalogue() -> String {
    let mut out = String::from(HEAD);
    for family in Family::ALL {
        writeln!(out, "\n## {}\n\n{}\n", family.title(), family.summary()).expect(WRITES);
        out.push_str("| rule | finds | severity | confidence | fix | other tools |\n");
        out.push_str("|---|---|---|---|---|---|\n");
        rules_of(family).for_each(|meta| out.push_str(&row(meta)));
    }
    for family in Family::ALL {
        for meta in rules_of(family) {
            out.push_str("\n---\n\n");
            out.push_str(&demoted(meta.explanation));
        }
    }
    out
}

/// Why writing to a string cannot fail.
const WRITES: &str = "a string can be written to";

fn rules_of(family: Family) -> impl Iterator<Item = &'static Meta> {
    RULES.iter().map(|rule| rule.meta()).filter(move |meta| meta.family == family)
}

fn row(meta: &Meta) -> String {
    let fix = match meta.fix {
        Fixable::No => "-",
        Fixable::Safe => "safe",
        Fixable::Asked => "asked for",
    };
    let peers = match meta.peers {
        [] => "-".to_owned(),
        peers => peers
            .iter()
            .map(|(peer, ids)| format!("{} {ids}", peer.name()))
            .collect::<Vec<_>>()
            .join("; "),
    };
    let (name, severity, confidence) = (meta.name, meta.severity.word(), meta.confidence.word());
    let summary = meta.summary.replace('|', "\\|");
    format!("| [{name}](#{name}) | {summary} | {severity} | {confidence} | {fix} | {peers} |\n")
}

/// Returns a page as a part of a larger one: its headings two steps lower, but for those in code.
fn demoted(page: &str) -> String {
    let mut out = String::new();
    let mut in_code = false;
    for line in page.lines() {
        in_code ^= line.starts_with("```");
        if line.starts_with('#') && !in_code {
            out.push_str("##");
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_sink_and_comments_stay() {
        let page = "# a\n\n```yaml\n# file: b\n```\n## c\n";
        assert_eq!(demoted(page), "### a\n\n```yaml\n# file: b\n```\n#### c\n");
    }
}

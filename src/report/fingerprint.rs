//! What makes a finding the same finding after lines have moved.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Report;
use crate::finding::Finding;

/// What stands for the namespace of the first release, so that another first release of the same
/// chart changes nothing.
const OWN: &str = "{namespace}";

/// Returns a fingerprint for each finding, in their order: a hash of rule, object, template path
/// and the text in the template that it is about, and of a number where several share these.
pub(super) fn fingerprints(report: &Report<'_>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut fingerprint = |finding: &Finding| {
        let key = key(report, finding);
        let ordinal = seen.entry(key.clone()).or_default();
        let hash = Sha256::digest(format!("{key}\0{ordinal}"));
        *ordinal += 1;
        data_encoding::HEXLOWER.encode(&hash[..16])
    };
    report.findings.iter().map(&mut fingerprint).collect()
}

fn key(report: &Report<'_>, finding: &Finding) -> String {
    let sources = report.sources;
    let template = |span| sources.trace(span).template;
    let path = &sources.file(template(finding.primary.span).file).name;
    // What is read is the template's text: what is rendered changes with the values.
    let about = sources.text(template(finding.extent)).split_whitespace().collect::<Vec<_>>();
    let object = &finding.object;
    let own = finding.owners.first().and_then(|owner| owner.namespace.as_deref());
    let own = own.filter(|it| !it.is_empty());
    let general = |text: &str| own.map_or_else(|| text.into(), |own| text.replace(own, OWN));
    let namespace = general(object.namespace.as_deref().unwrap_or(""));
    let name = general(&object.name);
    let about = about.join(" ");
    let parts =
        [finding.rule, path, &object.api_group, &object.kind, &namespace, &name, about.as_str()];
    parts.join("\0")
}

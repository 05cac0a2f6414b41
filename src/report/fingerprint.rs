//! What makes a finding the same finding after lines have moved.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::Report;

/// Returns a fingerprint for each finding, in their order: a hash of rule, object and template
/// path, and of a number where several findings share these.
pub(super) fn fingerprints(report: &Report<'_>) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut fingerprint = |finding: &crate::finding::Finding| {
        let origin = report.sources.trace(finding.primary.span);
        let path = &report.sources.file(origin.template.file).name;
        let object = &finding.object;
        let namespace = object.namespace.as_deref().unwrap_or("");
        let parts = [finding.rule, path, &object.api_group, &object.kind, namespace, &object.name];
        let key = parts.join("\0");
        let ordinal = seen.entry(key.clone()).or_default();
        let hash = Sha256::digest(format!("{key}\0{ordinal}"));
        *ordinal += 1;
        data_encoding::HEXLOWER.encode(&hash[..16])
    };
    report.findings.iter().map(&mut fingerprint).collect()
}

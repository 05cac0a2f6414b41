//! What was meant by a word that is no resource's or group's name.

use super::{TABLES, all, homes, is_listed};

/// The short names that kubectl takes, which rules do not; as `kubectl api-resources` lists them.
const SHORT: [(&str, &str); 34] = [
    ("cj", "cronjobs"),
    ("cm", "configmaps"),
    ("crd", "customresourcedefinitions"),
    ("crds", "customresourcedefinitions"),
    ("cs", "componentstatuses"),
    ("csr", "certificatesigningrequests"),
    ("deploy", "deployments"),
    ("ds", "daemonsets"),
    ("ep", "endpoints"),
    ("ev", "events"),
    ("hpa", "horizontalpodautoscalers"),
    ("ing", "ingresses"),
    ("ip", "ipaddresses"),
    ("limits", "limitranges"),
    ("netpol", "networkpolicies"),
    ("no", "nodes"),
    ("ns", "namespaces"),
    ("pc", "priorityclasses"),
    ("pdb", "poddisruptionbudgets"),
    ("po", "pods"),
    ("psp", "podsecuritypolicies"),
    ("pv", "persistentvolumes"),
    ("pvc", "persistentvolumeclaims"),
    ("quota", "resourcequotas"),
    ("rc", "replicationcontrollers"),
    ("rs", "replicasets"),
    ("sa", "serviceaccounts"),
    ("sc", "storageclasses"),
    ("sts", "statefulsets"),
    ("svc", "services"),
    ("vac", "volumeattributesclasses"),
    ("vap", "validatingadmissionpolicies"),
    ("vwc", "validatingwebhookconfigurations"),
    ("mwc", "mutatingwebhookconfigurations"),
];

/// Returns the resource that was meant by a word: it is written in other letters, in the singular, as
/// its kind or as kubectl's short name, or one letter is wrong. What follows a `/` is left as it is.
#[must_use]
pub fn plural_meant(word: &str) -> Option<String> {
    let (plural, sub) = match word.split_once('/') {
        Some((plural, sub)) => (plural, Some(sub)),
        None => (word, None),
    };
    let small = plural.trim().to_lowercase();
    let known = || TABLES.by_plural.keys().copied();
    let of_kind = || {
        let mut kinds = all().iter().filter_map(|it| Some((it.kind?, it.plural)));
        kinds.find(|(kind, _)| kind.to_lowercase() == small).map(|(_, plural)| plural)
    };
    let short = || SHORT.iter().find(|(name, _)| *name == small).map(|(_, plural)| *plural);
    let near = || known().find(|it| it.len() > 3 && strsim::damerau_levenshtein(it, &small) == 1);
    let same = known().find(|it| *it == small && *it != plural);
    let meant = same.or_else(of_kind).or_else(short).or_else(near).filter(|it| *it != plural)?;
    Some(match sub {
        Some(sub) => format!("{meant}/{sub}"),
        None => meant.into(),
    })
}

/// Returns the resource and subresource that were meant by words of which the second has one letter
/// wrong.
#[must_use]
pub fn subresource_meant(word: &str) -> Option<String> {
    let (plural, sub) = word.split_once('/')?;
    let known = homes(plural).flat_map(|it| it.subresources.iter().map(|(name, _)| *name));
    let mut near = known.filter(|it| *it != "*" && strsim::damerau_levenshtein(it, sub) == 1);
    near.next().map(|sub| format!("{plural}/{sub}"))
}

/// Returns the API group that was meant by a word that can be none: a group and a version, or the name
/// that documents give the core group.
#[must_use]
pub fn group_meant(word: &str) -> Option<&str> {
    match word.split_once('/') {
        Some(("core", _)) => Some(""),
        Some((group, _)) if is_listed(group) => Some(group),
        Some(_) => None,
        None => matches!(word, "core" | "v1").then_some(""),
    }
}

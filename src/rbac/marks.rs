//! The marks by which Helm knows the objects of a release, and rolecall those it merged.

use crate::yaml::Data;

/// The annotations and labels that say which release owns an object.
const OWNERSHIP_MARKS: &[(&str, &[&str])] = &[
    ("annotations", &["meta.helm.sh/release-name", "meta.helm.sh/release-namespace"]),
    ("labels", &["app.kubernetes.io/managed-by"]),
];

/// The annotation that names the releases a merged object was made of.
pub const MERGED_FROM: &str = "rolecall.dev/merged-from";

/// Removes the mark of a merged object from a `metadata` map.
pub fn remove_merged_from(metadata: &mut Data) {
    let Data::Map(metadata) = metadata else { return };
    let Some(Data::Map(annotations)) = metadata.get_mut("annotations") else { return };
    if annotations.remove(MERGED_FROM).is_some() && annotations.is_empty() {
        metadata.remove("annotations");
    }
}

/// Removes Helm's ownership marks from a `metadata` map; a `managed-by` that names someone else
/// stays.
pub fn remove_ownership(metadata: &mut Data) {
    let Data::Map(metadata) = metadata else { return };
    for (part, marks) in OWNERSHIP_MARKS {
        let Some(Data::Map(entries)) = metadata.get_mut(*part) else { continue };
        for mark in *marks {
            let of_helm = match entries.get(*mark) {
                Some(Data::Str(value)) => *part == "annotations" || value == "Helm",
                _ => false,
            };
            if of_helm {
                entries.remove(*mark);
            }
        }
        if entries.is_empty() {
            metadata.remove(*part);
        }
    }
}

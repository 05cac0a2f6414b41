//! The marks by which Helm knows the objects of a release, and rolecall those it merged.

use smol_str::SmolStr;

use crate::finding::OwnerName;
use crate::yaml::Data;

const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
const RELEASE_NAME: &str = "meta.helm.sh/release-name";
const RELEASE_NAMESPACE: &str = "meta.helm.sh/release-namespace";

/// The annotation that makes an object a hook.
pub(super) const HOOK: &str = "helm.sh/hook";

/// The annotations and labels that say which release owns an object.
const OWNERSHIP_MARKS: &[(&str, &[&str])] =
    &[("annotations", &[RELEASE_NAME, RELEASE_NAMESPACE]), ("labels", &[MANAGED_BY])];

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

/// Helm's marks on an object: which release owns it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The label `app.kubernetes.io/managed-by`.
    pub managed_by: Option<SmolStr>,
    /// The annotation `meta.helm.sh/release-name`.
    pub name: Option<SmolStr>,
    /// The annotation `meta.helm.sh/release-namespace`.
    pub namespace: Option<SmolStr>,
}

impl Marks {
    /// Reads the marks of an object.
    #[must_use]
    pub fn of(object: &Data) -> Self {
        let text = |part, key| metadata_text(object, part, key).map(SmolStr::new);
        Self {
            managed_by: text("labels", MANAGED_BY),
            name: text("annotations", RELEASE_NAME),
            namespace: text("annotations", RELEASE_NAMESPACE),
        }
    }

    /// Returns the release that the annotations name, as far as they do.
    #[must_use]
    pub fn owner(&self) -> Option<OwnerName> {
        let name = self.name.as_ref()?.to_string();
        Some(OwnerName { name, namespace: self.namespace.as_ref().map(SmolStr::to_string) })
    }

    /// Returns what Helm says where a release may not touch the object, in Helm's words; none where
    /// the object is the release's.
    ///
    /// Source: helm, `pkg/action/validate.go`, checkOwnership.
    #[must_use]
    pub fn refusal(&self, release: &OwnerName) -> Option<String> {
        let namespace = release.namespace.as_deref().unwrap_or_default();
        let wanted = [
            ("label", MANAGED_BY, &self.managed_by, "Helm"),
            ("annotation", RELEASE_NAME, &self.name, release.name.as_str()),
            ("annotation", RELEASE_NAMESPACE, &self.namespace, namespace),
        ];
        let errors = wanted.into_iter().filter_map(|(part, key, actual, wanted)| match actual {
            None => Some(format!(
                "{part} validation error: missing key \"{key}\": must be set to \"{wanted}\""
            )),
            Some(actual) if actual != wanted => Some(format!(
                "{part} validation error: key \"{key}\" must equal \"{wanted}\": current value is \
                 \"{actual}\""
            )),
            Some(_) => None,
        });
        let errors: Vec<String> = errors.collect();
        (!errors.is_empty()).then(|| format!("invalid ownership metadata; {}", errors.join("; ")))
    }
}

/// What Helm does with an object whatever the rest of its release is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hook {
    /// The events that it runs at.
    pub events: Vec<SmolStr>,
    /// When it is deleted, as written.
    pub delete_policies: Vec<SmolStr>,
}

impl Hook {
    /// Reads the annotations that make an object a hook; none where it is none.
    ///
    /// Source: helm, `pkg/release/v1/util/manifest_sorter.go`.
    #[must_use]
    pub fn of(object: &Data) -> Option<Self> {
        let words = |key| -> Vec<SmolStr> {
            let text = metadata_text(object, "annotations", key).unwrap_or_default();
            text.split(',').map(|word| word.trim().to_lowercase().into()).collect()
        };
        metadata_text(object, "annotations", HOOK)?;
        Some(Self { events: words(HOOK), delete_policies: words("helm.sh/hook-delete-policy") })
    }
}

/// Tells whether Helm leaves an object where it is when its release is uninstalled.
///
/// Source: helm, `pkg/action/resource_policy.go`.
#[must_use]
pub fn is_kept(object: &Data) -> bool {
    metadata_text(object, "annotations", "helm.sh/resource-policy")
        .is_some_and(|policy| policy.trim().eq_ignore_ascii_case("keep"))
}

/// Returns a label or an annotation of an object.
fn metadata_text<'a>(object: &'a Data, part: &str, key: &str) -> Option<&'a str> {
    let Data::Map(root) = object else { return None };
    let Some(Data::Map(metadata)) = root.get("metadata") else { return None };
    let Some(Data::Map(entries)) = metadata.get(part) else { return None };
    match entries.get(key) {
        Some(Data::Str(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_helms_words() {
        let release = OwnerName { name: "flux".into(), namespace: Some("app1".into()) };
        let mut marks = Marks {
            managed_by: Some("Helm".into()),
            name: Some("flux".into()),
            namespace: Some("app1".into()),
        };
        assert_eq!(marks.refusal(&release), None);
        marks.namespace = Some("app2".into());
        marks.managed_by = None;
        // As helm 4.1.4 says it.
        let expected = "invalid ownership metadata; label validation error: missing key \
                        \"app.kubernetes.io/managed-by\": must be set to \"Helm\"; annotation \
                        validation error: key \"meta.helm.sh/release-namespace\" must equal \
                        \"app1\": current value is \"app2\"";
        assert_eq!(marks.refusal(&release).as_deref(), Some(expected));
    }
}

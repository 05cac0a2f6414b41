//! What the API server lets nobody change, once an object is there.

use super::compare::same;
use crate::rbac::Object;
use crate::yaml::Data;

/// A field, and what the server takes where none is written.
type Field = (&'static str, &'static str);

/// By API group and kind the fields that cannot be changed. What the server fills in by itself, and
/// what may be set once, is left out.
///
/// Source: kubernetes, `pkg/apis/{core,storage,scheduling,node,networking,batch,apps}/validation`
/// (Validate…Update) and `pkg/registry/apps/*/strategy.go`.
const FIXED: &[(&str, &str, &[Field])] = &[
    (
        "scheduling.k8s.io",
        "PriorityClass",
        &[("value", ""), ("preemptionPolicy", "PreemptLowerPriority")],
    ),
    (
        "storage.k8s.io",
        "StorageClass",
        &[
            ("provisioner", ""),
            ("parameters", ""),
            ("reclaimPolicy", "Delete"),
            ("volumeBindingMode", "Immediate"),
        ],
    ),
    ("storage.k8s.io", "VolumeAttributesClass", &[("driverName", ""), ("parameters", "")]),
    (
        "storage.k8s.io",
        "CSIDriver",
        &[("spec.attachRequired", "true"), ("spec.volumeLifecycleModes", "")],
    ),
    ("networking.k8s.io", "IngressClass", &[("spec.controller", "")]),
    ("node.k8s.io", "RuntimeClass", &[("handler", "")]),
    ("apps", "Deployment", &[("spec.selector", "")]),
    ("apps", "DaemonSet", &[("spec.selector", "")]),
    ("apps", "ReplicaSet", &[("spec.selector", "")]),
    (
        "apps",
        "StatefulSet",
        &[
            ("spec.selector", ""),
            ("spec.serviceName", ""),
            ("spec.podManagementPolicy", "OrderedReady"),
            ("spec.volumeClaimTemplates", ""),
        ],
    ),
    ("batch", "Job", &[("spec.template", ""), ("spec.selector", "")]),
    (
        "",
        "PersistentVolume",
        &[
            ("spec.csi", ""),
            ("spec.hostPath", ""),
            ("spec.local", ""),
            ("spec.nfs", ""),
            ("spec.volumeMode", "Filesystem"),
        ],
    ),
    (
        "",
        "PersistentVolumeClaim",
        &[
            ("spec.accessModes", ""),
            ("spec.storageClassName", ""),
            ("spec.selector", ""),
            ("spec.volumeMode", "Filesystem"),
        ],
    ),
    ("", "Secret", &[("type", "Opaque")]),
];

/// What cannot be changed of a ConfigMap or Secret that says `immutable: true`.
const SEALED: &[Field] =
    &[("immutable", "false"), ("data", ""), ("stringData", ""), ("binaryData", "")];

/// Returns a field in which the contenders for one identity differ, and which cannot be changed.
pub(super) fn field(objects: &[&Object]) -> Option<&'static str> {
    let identity = &objects.first()?.identity;
    let (group, kind) = (identity.group.as_str(), identity.kind.as_str());
    let of_kind = FIXED.iter().filter(|row| (row.0, row.1) == (group, kind));
    let is_sealed = |object: &&Object| read(&object.data, "immutable") == Some(&Data::Bool(true));
    let sealable = group.is_empty() && matches!(kind, "ConfigMap" | "Secret");
    let sealed = if sealable && objects.iter().any(is_sealed) { SEALED } else { &[] };
    let mut fields = of_kind.flat_map(|row| row.2).chain(sealed);
    let differs = |(path, default): &&Field| !same(objects, |it| written(&it.data, path, default));
    fields.find(differs).map(|(path, _)| *path)
}

/// Returns what an object says of a field, as a text where the server has a default for it.
fn written(data: &Data, path: &str, default: &str) -> Data {
    match (read(data, path), default) {
        (None | Some(Data::Null), "") => Data::Null,
        (None | Some(Data::Null), default) => Data::Str(default.into()),
        (Some(Data::Bool(truth)), _) => Data::Str(truth.to_string().into()),
        (Some(value), _) => value.clone(),
    }
}

fn read<'a>(data: &'a Data, path: &str) -> Option<&'a Data> {
    path.split('.').try_fold(data, |data, key| match data {
        Data::Map(entries) => entries.get(key),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rbac::{Estate, OwnerKind};

    /// A kind, what two objects of it say, and the field that the server refuses to change.
    const CASES: &[(&str, &str, &str, &str, Option<&str>)] = &[
        ("scheduling.k8s.io/v1", "PriorityClass", "value: 1", "value: 2", Some("value")),
        ("scheduling.k8s.io/v1", "PriorityClass", "value: 1", "value: 1.0", None),
        ("scheduling.k8s.io/v1", "PriorityClass", "description: a", "description: b", None),
        (
            "scheduling.k8s.io/v1",
            "PriorityClass",
            "",
            "preemptionPolicy: PreemptLowerPriority",
            None,
        ),
        ("example.com/v1", "PriorityClass", "value: 1", "value: 2", None),
        ("storage.k8s.io/v1", "StorageClass", "", "reclaimPolicy: Retain", Some("reclaimPolicy")),
        ("storage.k8s.io/v1", "StorageClass", "", "reclaimPolicy: Delete", None),
        ("storage.k8s.io/v1", "CSIDriver", "", "spec: {attachRequired: true}", None),
        (
            "storage.k8s.io/v1",
            "CSIDriver",
            "",
            "spec: {attachRequired: false}",
            Some("spec.attachRequired"),
        ),
        (
            "networking.k8s.io/v1",
            "IngressClass",
            "spec: {controller: a}",
            "spec: {controller: b}",
            Some("spec.controller"),
        ),
        ("v1", "Secret", "type: Opaque", "data: {a: b}", None),
        ("v1", "Secret", "type: kubernetes.io/tls", "type: Opaque", Some("type")),
        ("v1", "ConfigMap", "data: {a: b}", "data: {a: c}", None),
        ("v1", "ConfigMap", "immutable: false", "data: {a: b}", None),
        (
            "v1",
            "ConfigMap",
            "{immutable: true, data: {a: b}}",
            "{immutable: true, data: {a: c}}",
            Some("data"),
        ),
        ("v1", "ConfigMap", "immutable: true", "data: {a: b}", Some("immutable")),
    ];

    #[test]
    fn only_what_is_fixed_is_found() {
        for (version, kind, one, other, expected) in CASES {
            let text = |part: &str| {
                let head = format!("apiVersion: {version}, kind: {kind}, metadata: {{name: a}}");
                let part =
                    part.strip_prefix('{').and_then(|it| it.strip_suffix('}')).unwrap_or(part);
                format!("{{{head}, {part}}}\n")
            };
            let texts = [text(one), text(other)];
            let owners =
                texts.each_ref().map(|text| (OwnerKind::Manifest, "a", None, text.as_str()));
            let estate = Estate::of_texts(&owners);
            let objects: Vec<&Object> = estate.objects().iter().collect();
            assert_eq!(objects.len(), 2, "{texts:?}");
            assert_eq!(field(&objects), *expected, "{texts:?}");
        }
    }
}

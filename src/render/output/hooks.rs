//! Hooks: documents that Helm runs at some event of a release.

use super::head::Head;

/// The annotation that makes a document a hook.
const ANNOTATION: &str = "helm.sh/hook";

/// The events that Helm knows.
const EVENTS: [&str; 9] = [
    "pre-install",
    "post-install",
    "pre-delete",
    "post-delete",
    "pre-upgrade",
    "post-upgrade",
    "pre-rollback",
    "post-rollback",
    "test",
];

/// What a document is to Helm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Role {
    /// A document that is installed.
    Manifest,
    /// A hook of these events.
    Hook(Vec<String>),
    /// A hook of an event that Helm does not know, as the annotation has it: it is left out.
    Unknown(String),
}

/// Tells what a document is.
pub(super) fn role(head: &Head) -> Role {
    let annotations = head.annotations.as_ref();
    let Some(hook) = annotations.and_then(|annotations| annotations.get(ANNOTATION)) else {
        return Role::Manifest;
    };
    let known = |event: &str| match event.trim().to_lowercase().as_str() {
        // Helm 2's word.
        "test-success" => Some("test".to_string()),
        event => EVENTS.contains(&event).then(|| event.to_string()),
    };
    match hook.split(',').map(known).collect() {
        Some(events) => Role::Hook(events),
        None => Role::Unknown(hook.to_string()),
    }
}

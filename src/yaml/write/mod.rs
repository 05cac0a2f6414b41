//! Plain data to YAML, as go-yaml v2 writes it below sigs.k8s.io/yaml: Helm's `toYaml`.

mod analysis;
mod emitter;
mod keys;
pub(crate) mod number;
mod plain;
mod reread;
mod scalar;
mod timestamp;

use super::{Data, Error};

pub(super) use emitter::{Dialect, Emitter};

/// Writes a value, with the newline at its end; none where Helm's writer fails, so that `toYaml`
/// gives an empty text (a text that holds U+007F, …).
#[must_use]
pub fn to_yaml(data: &Data) -> Option<String> {
    to_yaml_checked(data).ok()
}

/// Writes a value as [`to_yaml`] does, and tells why it cannot.
///
/// # Errors
/// In go-yaml's words, for what it refuses when it reads the value's JSON.
pub fn to_yaml_checked(data: &Data) -> Result<String, Error> {
    Emitter::new(Dialect::V2).write(data)
}

#[cfg(test)]
mod tests;

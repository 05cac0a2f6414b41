//! What a chart is rendered for.

use super::Error;
use super::value::quote::{Shown, quote};

/// A release of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Its name.
    pub name: String,
    /// The namespace it is installed in.
    pub namespace: String,
    /// Whether it is installed or upgraded.
    pub stage: Stage,
}

/// Whether a release is installed or upgraded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// `.Release.IsInstall`
    Install,
    /// `.Release.IsUpgrade`
    Upgrade,
}

/// What templates see of the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// As given, with a `v` in front: `v1.35.0`.
    pub version: String,
    /// The numbers alone, with a `v` in front: `v1.27.4` of `v1.27.4-gke.900`.
    pub normalised: String,
    /// The first number.
    pub major: String,
    /// The second number.
    pub minor: String,
    /// The API versions that `.Capabilities.APIVersions` holds.
    pub api_versions: Vec<String>,
}

/// The API versions that Helm knows without a cluster.
pub const HELM_API_VERSIONS: &[&str] = &[
    "v1",
    "admissionregistration.k8s.io/v1",
    "admissionregistration.k8s.io/v1alpha1",
    "admissionregistration.k8s.io/v1beta1",
    "internal.apiserver.k8s.io/v1alpha1",
    "apps/v1",
    "apps/v1beta1",
    "apps/v1beta2",
    "authentication.k8s.io/v1",
    "authentication.k8s.io/v1alpha1",
    "authentication.k8s.io/v1beta1",
    "authorization.k8s.io/v1",
    "authorization.k8s.io/v1beta1",
    "autoscaling/v1",
    "autoscaling/v2",
    "autoscaling/v2beta1",
    "autoscaling/v2beta2",
    "batch/v1",
    "batch/v1beta1",
    "certificates.k8s.io/v1",
    "certificates.k8s.io/v1beta1",
    "certificates.k8s.io/v1alpha1",
    "coordination.k8s.io/v1alpha2",
    "coordination.k8s.io/v1beta1",
    "coordination.k8s.io/v1",
    "discovery.k8s.io/v1",
    "discovery.k8s.io/v1beta1",
    "events.k8s.io/v1",
    "events.k8s.io/v1beta1",
    "extensions/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1",
    "flowcontrol.apiserver.k8s.io/v1beta1",
    "flowcontrol.apiserver.k8s.io/v1beta2",
    "flowcontrol.apiserver.k8s.io/v1beta3",
    "networking.k8s.io/v1",
    "networking.k8s.io/v1beta1",
    "node.k8s.io/v1",
    "node.k8s.io/v1alpha1",
    "node.k8s.io/v1beta1",
    "policy/v1",
    "policy/v1beta1",
    "rbac.authorization.k8s.io/v1",
    "rbac.authorization.k8s.io/v1beta1",
    "rbac.authorization.k8s.io/v1alpha1",
    "resource.k8s.io/v1",
    "resource.k8s.io/v1beta2",
    "resource.k8s.io/v1beta1",
    "resource.k8s.io/v1alpha3",
    "scheduling.k8s.io/v1alpha1",
    "scheduling.k8s.io/v1beta1",
    "scheduling.k8s.io/v1",
    "storage.k8s.io/v1beta1",
    "storage.k8s.io/v1",
    "storage.k8s.io/v1alpha1",
    "storagemigration.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1beta1",
    "apiextensions.k8s.io/v1",
];

impl Default for Capabilities {
    /// Returns what Helm 4.1.4 takes for the cluster when it has none.
    fn default() -> Self {
        Self {
            version: "v1.35.0".into(),
            normalised: "v1.35.0".into(),
            major: "1".into(),
            minor: "35".into(),
            api_versions: HELM_API_VERSIONS.iter().map(|version| (*version).into()).collect(),
        }
    }
}

impl Capabilities {
    /// Returns the minor release of Kubernetes 1; the newest where it is a later major one.
    #[must_use]
    pub fn minor(&self) -> u32 {
        let minor = self.minor.parse().ok();
        minor.filter(|_| self.major == "1").unwrap_or(u32::MAX)
    }

    /// Takes over a version of Kubernetes as `--kube-version` gives it.
    ///
    /// # Errors
    /// In Helm's words: `invalid kube version 'abc': could not parse "abc" as version`.
    pub fn set_kube_version(&mut self, text: &str) -> Result<(), Error> {
        let numbers = kube_numbers(text)
            .map_err(|error| Error::new(format!("invalid kube version '{text}': {error}")))?;
        self.version = if text.starts_with('v') { text.into() } else { format!("v{text}") };
        let texts: Vec<String> = numbers.iter().map(u64::to_string).collect();
        self.normalised = format!("v{}", texts.join("."));
        self.major.clone_from(&texts[0]);
        self.minor.clone_from(&texts[1]);
        Ok(())
    }
}

/// Reads the numbers of a version as Kubernetes does: at least two.
fn kube_numbers(text: &str) -> Result<Vec<u64>, String> {
    let numbers = text.trim_start_matches([' ', '\t', '\n', '\x0c', '\r']);
    let numbers = numbers.strip_prefix('v').unwrap_or(numbers);
    let end = numbers_end(numbers);
    if end == 0 || numbers[end..].contains('\n') {
        return Err(format!("could not parse {text:?} as version"));
    }
    let parts: Vec<&str> = numbers[..end].split('.').collect();
    if parts.len() < 2 {
        return Err(format!("illegal version string {text:?}"));
    }
    if parts[0].starts_with('0') && parts[0] != "0" {
        let part = parts[0];
        return Err(format!("illegal zero-prefixed version component {part:?} in {text:?}"));
    }
    let number = |part: &&str| {
        part.parse().map_err(|_| {
            format!(
                "illegal non-numeric version component {part:?} in {text:?}: strconv.ParseUint: \
                 parsing {part:?}: value out of range"
            )
        })
    };
    parts.iter().map(number).collect()
}

/// Returns where the digits at the start of a text end, with single dots between them.
fn numbers_end(text: &str) -> usize {
    let mut end = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte.is_ascii_digit() {
            end = at + 1;
        } else if byte != b'.' || at == 0 || end != at {
            break;
        }
    }
    end
}

/// Checks the name of a release.
///
/// # Errors
/// In Helm's words: `release name check failed: release name "A_b": invalid release name, …`.
pub fn check_release_name(name: &str) -> Result<(), Error> {
    let ends = |part: &str| {
        let fits = |byte: Option<u8>| byte.is_some_and(|it| it != b'-');
        fits(part.bytes().next()) && fits(part.bytes().last())
    };
    let known = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let valid = name.split('.').all(|part| ends(part) && part.bytes().all(known));
    if valid && name.len() <= 53 {
        return Ok(());
    }
    let problem = if name.is_empty() {
        "no name provided"
    } else {
        "invalid release name, must match regex \
         ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ \
         and the length must not be longer than 53"
    };
    let name = quote(name.as_bytes(), Shown::Printable);
    Err(Error::new(format!("release name check failed: release name {name}: {problem}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kube_versions_are_read_as_helm_reads_them() {
        let read = |text| {
            let mut it = Capabilities::default();
            it.set_kube_version(text)
                .map(|()| format!("{} {} {}.{}", it.version, it.normalised, it.major, it.minor))
        };
        let cases = [
            ("1.28", "v1.28 v1.28 1.28"),
            ("v1.28.3", "v1.28.3 v1.28.3 1.28"),
            ("1.28.3+k3s1", "v1.28.3+k3s1 v1.28.3 1.28"),
            ("v1.27.4-gke.900", "v1.27.4-gke.900 v1.27.4 1.27"),
            ("1.28.3.4", "v1.28.3.4 v1.28.3.4 1.28"),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).unwrap(), expected, "{text}");
        }
        let cases = [
            ("1", "invalid kube version '1': illegal version string \"1\""),
            ("abc", "invalid kube version 'abc': could not parse \"abc\" as version"),
            (
                "01.2",
                "invalid kube version '01.2': illegal zero-prefixed version component \"01\" in \
                 \"01.2\"",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).unwrap_err().message, expected);
        }
        assert_eq!(Capabilities::default().api_versions.len(), 57);
    }

    #[test]
    fn names_of_releases_are_checked() {
        for name in ["demo", "my-rel.x", "0", &"a".repeat(53)] {
            assert!(check_release_name(name).is_ok(), "{name}");
        }
        for name in ["-a", "a-", "a..b", "a.-b", "é", &"a".repeat(54)] {
            assert!(check_release_name(name).is_err(), "{name}");
        }
        assert_eq!(
            check_release_name("").unwrap_err().message,
            "release name check failed: release name \"\": no name provided"
        );
        assert_eq!(
            check_release_name("A_b").unwrap_err().message,
            "release name check failed: release name \"A_b\": invalid release name, must match \
             regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the \
             length must not be longer than 53"
        );
    }
}

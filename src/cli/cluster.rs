//! `--kube-version` and `--api-versions`: what templates see of the cluster.

use super::args::ClusterArgs;
use crate::input;
use crate::render::Settings;
use crate::render::resolve::SchemaCheck;

/// Returns the settings for what was typed.
pub(super) fn settings(args: &ClusterArgs, schema: SchemaCheck) -> Result<Settings, input::Error> {
    let mut settings = Settings { schema, ..Settings::default() };
    let capabilities = &mut settings.capabilities;
    if let Some(text) = &args.kube_version {
        let numbers = numbers(text).map_err(|reason| {
            input::Error::new(format!("invalid kube version '{text}': {reason}"))
        })?;
        let digits = text.trim_start().trim_start_matches('v');
        capabilities.version = format!("v{digits}");
        capabilities.normalised = format!("v{}", numbers.join("."));
        if let [major, minor, ..] = numbers.as_slice() {
            capabilities.major.clone_from(major);
            capabilities.minor.clone_from(minor);
        }
    }
    capabilities.api_versions.extend(args.api_versions.iter().cloned());
    Ok(settings)
}

/// Returns the three numbers of a version, as Kubernetes' `version.ParseGeneric` reads them.
fn numbers(text: &str) -> Result<Vec<String>, String> {
    let trimmed = text.trim_start();
    let digits = trimmed.strip_prefix('v').unwrap_or(trimmed);
    let end = digits.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(digits.len());
    let whole = digits.get(..end).unwrap_or_default().trim_end_matches('.');
    if whole.is_empty() || whole.split('.').any(str::is_empty) {
        return Err(format!("could not parse \"{text}\" as version"));
    }
    let parts: Vec<&str> = whole.split('.').collect();
    if parts.len() < 2 {
        return Err(format!("illegal version string \"{text}\""));
    }
    let padded = parts.into_iter().chain(["0"]).take(3);
    Ok(padded.map(String::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_three_numbers() {
        let table = [
            ("1.28", Ok("1.28.0")),
            ("v1.27.4-gke.9", Ok("1.27.4")),
            ("1", Err("illegal version string \"1\"")),
            ("abc", Err("could not parse \"abc\" as version")),
        ];
        for (text, expected) in table {
            let numbers = numbers(text).map(|it| it.join("."));
            assert_eq!(numbers.as_deref().map_err(String::as_str), expected, "{text}");
        }
    }
}

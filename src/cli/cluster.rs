//! `--kube-version`, `--api-versions` and SOURCE_DATE_EPOCH: what templates see of the cluster and
//! the time.

use super::Surroundings;
use super::args::ClusterArgs;
use super::flags::List;
use super::trouble::Trouble;
use crate::input;
use crate::render::Settings;
use crate::render::resolve::SchemaCheck;

/// Returns the settings for what was typed and what surrounds the program.
pub(super) fn settings(
    args: &ClusterArgs,
    schema: SchemaCheck,
    surroundings: &Surroundings,
) -> Result<Settings, Trouble> {
    let mut settings = Settings { schema, ..Settings::default() };
    let capabilities = &mut settings.capabilities;
    if let Some(text) = args.kube_version.as_ref().filter(|text| !text.is_empty()) {
        let of_version = |error: crate::render::Error| input::Error::new(error.message);
        capabilities.set_kube_version(text).map_err(of_version)?;
    }
    capabilities.api_versions.extend(List::all(&args.api_versions).cloned());
    if let Some(text) = &surroundings.source_date_epoch {
        settings.now = text.parse().map_err(|_| {
            let message = format!("SOURCE_DATE_EPOCH is `{text}`, expected seconds since 1970");
            input::Error::new(message).with_help("set it to a whole number, or unset it")
        })?;
    }
    Ok(settings)
}

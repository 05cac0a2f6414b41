//! Versions and constraints as Masterminds/semver 3.4.0 reads them.

mod constraint;
mod version;

pub use constraint::Constraint;
pub use version::Version;

//! Chart × values × release to text with its trail.

mod compiled;
mod context;
mod error;
pub mod functions;
pub mod go;
mod jinja;
mod no_value;
mod objects;

pub mod output;
mod prepared;
mod release;
pub mod resolve;
pub mod semver;
pub mod value;

pub use error::{Error, Frame};
pub use prepared::{Limits, Prepared, Rendered, Settings, name_from_template};
pub use release::{Capabilities, HELM_API_VERSIONS, Release, Stage, check_release_name};

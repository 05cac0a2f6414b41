//! Chart × values × release to text with its trail.

mod checks;
mod compiled;
mod context;
mod error;
pub mod functions;
pub mod go;
mod jinja;
mod limits;
mod mentions;
mod no_value;
mod objects;

pub mod output;
mod prepared;
mod release;
pub mod resolve;
pub mod semver;
pub mod value;

pub use checks::VersionCheck;
pub use error::{Error, Frame};
pub use limits::{Limits, Stopwatch, Timer};
pub use mentions::Mentions;
pub use prepared::{Prepared, Rendered, Settings, Trails, name_from_template};
pub use release::{Capabilities, HELM_API_VERSIONS, Release, Stage, check_release_name};

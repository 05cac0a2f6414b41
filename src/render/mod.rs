//! Chart × values × release to text with its trail.

pub mod functions;
pub mod go;
pub mod value;

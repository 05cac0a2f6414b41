//! YAML and JSON as Helm reads and writes them.

mod data;

pub use data::Data;

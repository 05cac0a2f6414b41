//! rolecall renders Helm charts for every namespace that they are installed in, finds the objects
//! that would overwrite each other, and merges them.

pub mod finding;
pub mod render;
pub mod source;
pub mod yaml;

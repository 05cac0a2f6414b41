//! rolecall renders Helm charts for every namespace that they are installed in, finds the objects
//! that would overwrite each other, and merges them.
//!
//! Data flows in one direction, and the modules stand in that order: each imports only those above.

pub mod parallel;
pub mod source;
pub mod yaml;
pub mod finding;
pub mod input;
pub mod render;
pub mod document;
pub mod rbac;
pub mod collide;
pub mod rules;
pub mod emit;
pub mod fix;
pub mod merge;
pub mod diff;
pub mod report;
pub mod cli;

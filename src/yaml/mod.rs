//! YAML, JSON and TOML as Helm reads and writes them.

mod data;
mod error;
mod json;
mod node;
mod parse;
mod read;
mod toml;
mod write;
mod write_pretty;

pub use data::Data;
pub use error::Error;
pub use json::{JsonStyle, json_read, json_write, json_write_styled};
pub(crate) use json::{JsonWriter, json_read_kept};
pub use node::{Node, NodeKind, Style};
pub use parse::{parse_all, parse_first};
pub(crate) use read::to_data_of;
pub use read::{read, to_data};
pub use toml::{toml_read, toml_write};
pub(crate) use write::number::push_general;
pub use write::{to_yaml, to_yaml_checked};
pub use write_pretty::to_yaml_pretty;

//! Disk and standard input to charts, values, manifests and the inventory; the only reader of files.

mod beside;
pub mod chart;
mod discover;
pub mod disk;
mod error;
mod inventory;
mod jinja;
mod keys;
mod text;
pub mod values;

pub use beside::values_beside;
pub use chart::{Chart, ChartFile, Dependency, Maintainer, Metadata};
pub use discover::{
    Discovered, Found, Input, Passed, Why, discover, matching, nearest_inventory, survey,
};
pub use error::{Error, Text};
pub(crate) use inventory::INVENTORY_SCHEMA;
pub use inventory::{Entry, Exclude, FILE_NAME, Inventory, Level, Lint, Merge, PLACEHOLDERS, day};
pub use jinja::{BUILTINS, Builtin, builtin, load_jinja};
pub(crate) use keys::nearest;

//! Plain data as Helm holds it after reading YAML or JSON.

use std::collections::BTreeMap;

use smol_str::SmolStr;

/// A value without positions: what JSON can hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Data {
    /// null.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number that was never YAML or JSON: `--set a=1`, a number computed by a template.
    Int(i64),
    /// Every number that was read from YAML or JSON, as Helm reads it.
    Float(f64),
    /// A text.
    Str(SmolStr),
    /// A list.
    Seq(Vec<Data>),
    /// A map, keys in byte order.
    Map(BTreeMap<SmolStr, Data>),
}

//! Go's values as templates see them: dynamic, typed as Go types them, maps shared by reference.
//!
//! A value lives on the thread that renders one release; what is shared between releases is kept
//! as [`crate::yaml::Data`] and turned into values per release.

mod convert;
mod list;
mod map;
mod native;
pub(crate) mod print;
pub(crate) mod quote;
pub(crate) mod reflect;
mod text;
pub(crate) mod unicode;

use std::rc::Rc;

pub(crate) use crate::source::Kept;
pub use list::{ElementType, List};
pub use map::{Map, MapType};
pub use native::Native;
pub use text::{Str, TracedText};

/// A value of a Go template.
#[derive(Debug, Clone, Default)]
pub enum Value {
    /// The nil interface.
    #[default]
    Nil,
    /// A `bool`.
    Bool(bool),
    /// An `int`.
    Int(i64),
    /// An `int64`.
    Int64(i64),
    /// A `uint8`, what indexing a string or bytes gives.
    Uint8(u8),
    /// A `uint64`.
    Uint64(u64),
    /// A `float64`; every number that was read from YAML or JSON.
    Float(f64),
    /// A `complex128`, real and imaginary part; only literals give one.
    Complex(f64, f64),
    /// A `string`.
    Str(Str),
    /// A `[]uint8`.
    Bytes(Rc<[u8]>),
    /// A slice of anything else; never changed in place.
    List(Rc<List>),
    /// A map with string keys, shared: a change is seen by all that hold it.
    Map(Rc<Map>),
    /// A struct, pointer or named type with fields or methods.
    Native(Rc<dyn Native>),
}

/// Go's `reflect.Kind`, as far as templates can meet it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// nil.
    Invalid,
    /// `bool`.
    Bool,
    /// `int`.
    Int,
    /// `int64`.
    Int64,
    /// `uint8`.
    Uint8,
    /// `uint64`.
    Uint64,
    /// `float64`.
    Float64,
    /// `complex128`.
    Complex128,
    /// `string`.
    String,
    /// A slice.
    Slice,
    /// A map.
    Map,
    /// A pointer.
    Ptr,
    /// A struct.
    Struct,
}

impl Kind {
    /// Returns Go's word for the kind, as `kindOf` gives it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Int64 => "int64",
            Self::Uint8 => "uint8",
            Self::Uint64 => "uint64",
            Self::Float64 => "float64",
            Self::Complex128 => "complex128",
            Self::String => "string",
            Self::Slice => "slice",
            Self::Map => "map",
            Self::Ptr => "ptr",
            Self::Struct => "struct",
        }
    }
}

impl Value {
    /// Builds a string.
    pub fn str(text: impl Into<Str>) -> Self {
        Self::Str(text.into())
    }

    /// Builds a `[]interface {}`.
    #[must_use]
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Rc::new(List::new(ElementType::Any, items)))
    }

    /// Builds a `[]string`.
    pub fn strings<S: Into<Str>>(items: impl IntoIterator<Item = S>) -> Self {
        let items = items.into_iter().map(Self::str).collect();
        Self::List(Rc::new(List::new(ElementType::String, items)))
    }

    /// Returns the kind that Go's `reflect` would give.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Nil => Kind::Invalid,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Int64(_) => Kind::Int64,
            Self::Uint8(_) => Kind::Uint8,
            Self::Uint64(_) => Kind::Uint64,
            Self::Float(_) => Kind::Float64,
            Self::Complex(..) => Kind::Complex128,
            Self::Str(_) => Kind::String,
            Self::Bytes(_) | Self::List(_) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Native(native) => native.kind(),
        }
    }

    /// Returns the name of the Go type, as `%T` and `typeOf` print it; nil is `<nil>`.
    #[must_use]
    pub fn type_name(&self) -> &str {
        match self {
            Self::Nil => "<nil>",
            Self::Bytes(_) => "[]uint8",
            Self::List(list) => list.element().slice_name(),
            Self::Map(map) => map.map_type().name(),
            Self::Native(native) => native.type_name(),
            scalar => scalar.kind().word(),
        }
    }

    /// Tells whether `if` takes the value for true: not nil, zero, or empty.
    #[must_use]
    pub fn truth(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(value) | Self::Int64(value) => *value != 0,
            Self::Uint8(value) => *value != 0,
            Self::Uint64(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Complex(real, imaginary) => *real != 0.0 || *imaginary != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::Bytes(bytes) => !bytes.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Native(native) => native.truth(),
        }
    }

    /// Returns the text of a string value.
    #[must_use]
    pub fn as_text(&self) -> Option<&Str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the map of a map value.
    #[must_use]
    pub fn as_map(&self) -> Option<&Rc<Map>> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::str(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::str(value)
    }
}

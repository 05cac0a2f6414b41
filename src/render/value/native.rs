//! Values that are neither basic types nor plain slices and maps.

use std::any::Any;
use std::fmt::Debug;

use smol_str::SmolStr;

use super::{Kind, Value};
use crate::render::functions::{FunctionError, Param};
use crate::yaml::Data;

/// A Go struct, pointer or named type: `.Capabilities`, `.Files`, a time, a version.
pub trait Native: Debug {
    /// Returns the name of the Go type, such as `*common.Capabilities`.
    fn type_name(&self) -> &str;

    /// Returns the kind of the Go type.
    fn kind(&self) -> Kind;

    /// Returns a field of a struct, or the entry of a map that has methods; none where there is
    /// no such field. A map answers an absent key with its zero value.
    fn field(&self, name: &str) -> Option<Value>;

    /// Returns the parameters of a method, which goes before a field or key of its name; none
    /// where there is no such method.
    fn method(&self, _name: &str) -> Option<&'static [Param]> {
        None
    }

    /// Calls a method; none where there is no such method.
    fn call(&self, _method: &str, _args: &[Value]) -> Option<Result<Value, FunctionError>> {
        None
    }

    /// Returns what `%v` prints.
    fn print(&self) -> String;

    /// Returns what `{{ value }}` prints, where a `String` method of the pointer counts that `%v`
    /// does not see.
    fn shown(&self) -> String {
        self.print()
    }

    /// Returns what JSON and YAML hold for the value; none where Go's encoder fails.
    fn to_data(&self) -> Option<Data>;

    /// Returns the entries in the order of their keys, for a type that `range` can walk.
    fn entries(&self) -> Option<Vec<(SmolStr, Value)>> {
        None
    }

    /// Returns the elements of a slice type that `range` can walk.
    fn items(&self) -> Option<Vec<Value>> {
        None
    }

    /// Tells whether `if` takes the value for true; structs and pointers always are.
    fn truth(&self) -> bool {
        self.entries().is_none_or(|entries| !entries.is_empty())
    }

    /// Returns the value for downcasts.
    fn as_any(&self) -> &dyn Any;
}

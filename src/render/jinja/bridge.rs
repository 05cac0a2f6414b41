//! Values between Helm's functions and Jinja.

use std::rc::Rc;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, ValueKind};
use minijinja::{Error, ErrorKind, State};
use send_wrapper::SendWrapper;

use super::functions;
use crate::render::value::{List, Map, MapType, Native, Str, Value};

/// A map, seen from Jinja; a change that a function makes is seen on both sides.
#[derive(Debug)]
struct SharedMap(SendWrapper<Rc<Map>>);

/// A list, seen from Jinja.
#[derive(Debug)]
struct SharedList(SendWrapper<Rc<List>>);

/// `.Files`, a time and their like, seen from Jinja.
#[derive(Debug)]
struct SharedNative(SendWrapper<Rc<dyn Native>>);

/// Bytes, or a number that Jinja does not have.
#[derive(Debug)]
struct Opaque(SendWrapper<Value>);

/// Returns a value as Jinja sees it.
pub(super) fn to_jinja(value: &Value) -> minijinja::Value {
    match value {
        Value::Nil => minijinja::Value::from(()),
        Value::Bool(value) => minijinja::Value::from(*value),
        Value::Int(number) | Value::Int64(number) => minijinja::Value::from(*number),
        Value::Uint8(number) => minijinja::Value::from(*number),
        Value::Uint64(number) => minijinja::Value::from(*number),
        Value::Float(number) => minijinja::Value::from(*number),
        Value::Str(text) => minijinja::Value::from(&*text.to_str()),
        Value::Map(map) => minijinja::Value::from_object(SharedMap(SendWrapper::new(map.clone()))),
        Value::List(list) => {
            minijinja::Value::from_object(SharedList(SendWrapper::new(list.clone())))
        }
        Value::Native(native) => {
            minijinja::Value::from_object(SharedNative(SendWrapper::new(native.clone())))
        }
        other => minijinja::Value::from_object(Opaque(SendWrapper::new(other.clone()))),
    }
}

/// How deep lists and maps of Jinja's may nest.
const DEPTH: usize = 200;

/// How many bytes a list or map of Jinja's may take once it is converted.
pub(super) const BYTES: usize = 32 << 20;

/// What each value of a list or map takes besides its text.
const BYTES_PER_VALUE: usize = 32;

/// Returns a value of Jinja's as Helm's functions see it; none where it is too deep or takes more
/// bytes than are left, as a few lists that hold each other can.
pub(super) fn from_jinja(value: &minijinja::Value, left: &mut usize) -> Option<Value> {
    converted(value, DEPTH, left)
}

fn converted(value: &minijinja::Value, depth: usize, left: &mut usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    if let Some(shared) = unwrapped(value) {
        return Some(shared);
    }
    *left = left.checked_sub(BYTES_PER_VALUE + value.as_str().map_or(0, str::len))?;
    Some(match value.kind() {
        ValueKind::Undefined | ValueKind::None => Value::Nil,
        ValueKind::Bool => Value::Bool(value.is_true()),
        ValueKind::Number => match i64::try_from(value.clone()) {
            Ok(number) if value.is_integer() => Value::Int(number),
            _ => Value::Float(f64::try_from(value.clone()).unwrap_or(f64::NAN)),
        },
        ValueKind::Map => pairs(value, depth, left)?,
        ValueKind::Seq | ValueKind::Iterable => match value.try_iter() {
            Ok(items) => {
                let items = items.map(|item| converted(&item, depth, left));
                Value::list(items.collect::<Option<_>>()?)
            }
            Err(_) => Value::Nil,
        },
        ValueKind::Bytes => Value::Bytes(Rc::from(value.as_bytes().unwrap_or_default())),
        _ => Value::Str(Str::from(value.to_string())),
    })
}

/// Returns the value that Jinja was given.
fn unwrapped(value: &minijinja::Value) -> Option<Value> {
    if let Some(map) = value.downcast_object_ref::<SharedMap>() {
        return Some(Value::Map((*map.0).clone()));
    }
    if let Some(list) = value.downcast_object_ref::<SharedList>() {
        return Some(Value::List((*list.0).clone()));
    }
    if let Some(native) = value.downcast_object_ref::<SharedNative>() {
        return Some(Value::Native((*native.0).clone()));
    }
    if let Some(opaque) = value.downcast_object_ref::<Opaque>() {
        return Some((*opaque.0).clone());
    }
    None
}

fn pairs(value: &minijinja::Value, depth: usize, left: &mut usize) -> Option<Value> {
    let Ok(keys) = value.try_iter() else { return Some(Value::Nil) };
    let mut entries = Vec::new();
    for key in keys {
        let item = value.get_item(&key).unwrap_or_default();
        entries.push((key.to_string().into(), converted(&item, depth, left)?));
    }
    Some(entries.into_iter().collect())
}

impl Object for SharedMap {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        self.0.get(key.as_str()?).map(|value| to_jinja(&value))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let keys = self.0.keys();
        Enumerator::Values(keys.iter().map(|key| minijinja::Value::from(key.as_str())).collect())
    }

    fn enumerator_len(self: &Arc<Self>) -> Option<usize> {
        Some(self.0.len())
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        args: &[minijinja::Value],
    ) -> Result<minijinja::Value, Error> {
        match self.0.get(method) {
            Some(value) => to_jinja(&value).call(state, args),
            None => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Value::Map(Rc::new(Map::view(&self.0, MapType::Any))).print())
    }
}

impl Object for SharedList {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        self.0.get(key.as_usize()?).map(to_jinja)
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&Value::List((*self.0).clone()).print())
    }
}

impl Object for SharedNative {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        self.0.field(key.as_str()?).map(|value| to_jinja(&value))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let entries = self.0.entries().unwrap_or_default();
        Enumerator::Values(
            entries.iter().map(|(key, _)| minijinja::Value::from(key.as_str())).collect(),
        )
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.0.truth()
    }

    fn call_method(
        self: &Arc<Self>,
        _state: &mut State<'_, '_>,
        method: &str,
        args: &[minijinja::Value],
    ) -> Result<minijinja::Value, Error> {
        let Some(params) = self.0.method(method) else {
            return Err(Error::from(ErrorKind::UnknownMethod));
        };
        let args = functions::arguments(method, (params, None), args, &mut BYTES.clone())?;
        match self.0.call(method, &args) {
            Some(Ok(value)) => Ok(to_jinja(&value)),
            Some(Err(error)) => Err(functions::failed(method, &error)),
            None => Err(Error::from(ErrorKind::UnknownMethod)),
        }
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.print())
    }
}

impl Object for Opaque {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn is_true(self: &Arc<Self>) -> bool {
        self.0.truth()
    }

    fn render(self: &Arc<Self>, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.print())
    }
}

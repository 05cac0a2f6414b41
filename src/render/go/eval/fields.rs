//! Fields: keys of maps, fields and methods of everything else.

use smol_str::SmolStr;

use super::{Failure, Frame, Mark, Result, Seen, Walk};
use crate::render::functions::Param;
use crate::render::go::ir::Operand;
use crate::render::value::{ElementType, Map, MapType, Value};

impl<'t, 'c> Walk<'_, 't, 'c> {
    /// Takes one field after the other; the last may be a method, which gets the arguments.
    pub(super) fn chain(
        &mut self,
        (dot, base): (&Seen, &Seen),
        (node, names): (&'t Operand, &'t [SmolStr]),
        (given, piped): (&'t [Operand], Option<Value>),
    ) -> Result<Seen> {
        let Some((last, before)) = names.split_last() else { return Ok(base.clone()) };
        if let (Value::Map(map), [], None) = (&base.value, given, &piped)
            && let Some(value) = descend(map, names)
        {
            return Ok(Seen::boxed(value));
        }
        let mut receiver = base.clone();
        for name in before {
            receiver = self.field(dot, (node, name, &receiver), (&[], None))?;
        }
        self.field(dot, (node, last, &receiver), (given, piped))
    }

    fn field(
        &mut self,
        dot: &Seen,
        (node, name, receiver): (&'t Operand, &SmolStr, &Seen),
        (given, piped): (&'t [Operand], Option<Value>),
    ) -> Result<Seen> {
        if matches!(receiver.value, Value::Nil) {
            if receiver.boxed {
                return Err(self
                    .frame
                    .fail(format!("nil pointer evaluating interface {{}}.{name}")));
            }
            return Ok(Seen::default());
        }
        if let Some(params) = super::methods::params(&receiver.value, name) {
            let method = Method { node, name, params, receiver };
            return self.method(dot, method, (given, piped));
        }
        let has_arguments = !given.is_empty() || piped.is_some();
        match &receiver.value {
            Value::Map(_) if has_arguments => {
                Err(self.frame.fail(format!("{name} is not a method but has arguments")))
            }
            Value::Map(map) => Ok(entry(map, name)),
            Value::Native(native) => match native.field(name) {
                Some(_) if has_arguments && native.entries().is_some() => {
                    Err(self.frame.fail(format!("{name} is not a method but has arguments")))
                }
                Some(_) if has_arguments => Err(self
                    .frame
                    .fail(format!("{name} has arguments but cannot be invoked as function"))),
                Some(value) => Ok(Seen::plain(value)),
                None => Err(self.frame.no_field(receiver, name)),
            },
            _ => Err(self.frame.no_field(receiver, name)),
        }
    }

    /// Calls a method; an error names the field's node.
    fn method(
        &mut self,
        dot: &Seen,
        method: Method<'t, '_>,
        (given, piped): (&'t [Operand], Option<Value>),
    ) -> Result<Seen> {
        let Method { node, name, params, receiver } = method;
        let (count, wanted) = (given.len() + usize::from(piped.is_some()), params.len());
        if count != wanted {
            let message = format!("wrong number of args for {name}: want {wanted} got {count}");
            return Err(self.frame.fail(message));
        }
        let mut args = Vec::with_capacity(count);
        for (operand, param) in given.iter().zip(params) {
            args.push(self.argument(dot, operand, *param)?);
        }
        if let (Some(piped), Some(param)) = (piped, params.last()) {
            args.push(self.frame.assign(Seen::plain(piped), *param)?);
        }
        self.machine.weigh_receiver(&receiver.value, name)?;
        match super::methods::call(&receiver.value, name, &args) {
            Some(Ok(value)) => {
                self.machine.given(&value)?;
                Ok(Seen::plain(value))
            }
            Some(Err(error)) => {
                self.frame.mark = Mark::Operand(node);
                Err(self.frame.failed_call(name, error))
            }
            None => Err(self.frame.no_field(receiver, name)),
        }
    }
}

/// A method that is about to be called.
struct Method<'t, 'r> {
    node: &'t Operand,
    name: &'r SmolStr,
    params: &'static [Param],
    receiver: &'r Seen,
}

/// Takes one field after the other where all but the last are maps whose elements are of any type;
/// none where it takes more than that.
fn descend(map: &Map, names: &[SmolStr]) -> Option<Value> {
    let (name, rest) = names.split_first()?;
    let is_plain = match map.map_type() {
        MapType::Any => true,
        MapType::Values => super::methods::of_values_params(name).is_none(),
        MapType::Strings => false,
    };
    if !is_plain {
        return None;
    }
    let entries = map.entries();
    match (entries.get(name.as_str()), rest) {
        (found, []) => Some(found.cloned().unwrap_or_default()),
        (Some(Value::Map(inner)), rest) => descend(inner, rest),
        _ => None,
    }
}

/// Returns the entry of a map; a missing one is the zero value of the map's element type.
fn entry(map: &Map, name: &str) -> Seen {
    match (map.get(name), map.map_type()) {
        (Some(value), MapType::Strings) => Seen::plain(value),
        (None, MapType::Strings) => Seen::plain(Value::str("")),
        (value, MapType::Any | MapType::Values) => Seen::boxed(value.unwrap_or_default()),
    }
}

impl Frame<'_, '_> {
    fn no_field(&self, receiver: &Seen, name: &str) -> Failure {
        self.fail(format!("can't evaluate field {name} in type {}", receiver.type_name()))
    }
}

/// Returns an element of a list as Go's `reflect` sees it.
pub(super) fn element(of: ElementType, value: Value) -> Seen {
    match of {
        ElementType::Any => Seen::boxed(value),
        _ => Seen::plain(value),
    }
}

//! `{{ range }}`.

use super::fields::element;
use super::walk::Flow;
use super::{Result, Seen, Walk};
use crate::render::go::ir::{Block, Node, Pipe};
use crate::render::value::{MapType, Value};

/// What one turn of a loop binds.
struct Turn {
    key: Seen,
    value: Seen,
}

impl<'t, 'c> Walk<'_, 't, 'c> {
    pub(super) fn range(&mut self, dot: &Seen, node: &'t Node) -> Result<Flow> {
        let Node::Range { pipe, body, otherwise, .. } = node else {
            unreachable!("only ranges come here")
        };
        let value = self.pipe(dot, pipe)?;
        self.deeper(|walk| {
            if walk.turns((pipe, body), &value)? {
                Ok(Flow::Done)
            } else {
                walk.block(dot, otherwise)
            }
        })
    }

    /// Runs the body for each element, and tells whether there was one.
    fn turns(&mut self, parts: (&'t Pipe, &'t Block), value: &Value) -> Result<bool> {
        match value {
            Value::Nil => Ok(false),
            Value::List(list) => {
                let of = list.element();
                let turns = list.iter().enumerate().map(|(index, value)| Turn {
                    key: index_of(index),
                    value: element(of, value.clone()),
                });
                self.each(parts, turns)
            }
            Value::Bytes(bytes) => {
                let turns = bytes.iter().enumerate().map(|(index, byte)| Turn {
                    key: index_of(index),
                    value: Seen::plain(Value::Uint8(*byte)),
                });
                self.each(parts, turns)
            }
            Value::Map(map) => {
                let boxed = map.map_type() != MapType::Strings;
                self.machine.make(map.len())?;
                let turns = map.snapshot().into_iter().map(|(key, value)| Turn {
                    key: Seen::plain(Value::str(key)),
                    value: Seen { value, boxed },
                });
                self.each(parts, turns)
            }
            Value::Native(native) if native.entries().is_some() => {
                let entries = native.entries().unwrap_or_default();
                let turns = entries.into_iter().map(|(key, value)| Turn {
                    key: Seen::plain(Value::str(key)),
                    value: Seen::plain(value),
                });
                self.each(parts, turns)
            }
            Value::Native(native) if native.items().is_some() => {
                let items = native.items().unwrap_or_default().into_iter().enumerate();
                let turns =
                    items.map(|(at, value)| Turn { key: index_of(at), value: Seen::plain(value) });
                self.each(parts, turns)
            }
            Value::Int(count) => self.count(parts, (*count, Value::Int, value)),
            Value::Int64(count) => self.count(parts, (*count, Value::Int64, value)),
            other => Err(self.frame.fail(format!("range can't iterate over {}", other.print()))),
        }
    }

    fn count(
        &mut self,
        parts: (&'t Pipe, &'t Block),
        (count, make, value): (i64, fn(i64) -> Value, &Value),
    ) -> Result<bool> {
        if parts.0.targets.len() > 1 {
            let text = value.print();
            let message = format!("can't use {text} to iterate over more than one variable");
            return Err(self.frame.fail(message));
        }
        let turns = (0..count)
            .map(|number| Turn { key: Seen::default(), value: Seen::plain(make(number)) });
        self.each(parts, turns)
    }

    fn each(
        &mut self,
        (pipe, body): (&'t Pipe, &'t Block),
        turns: impl Iterator<Item = Turn>,
    ) -> Result<bool> {
        let mut any = false;
        for Turn { key, value } in turns {
            any = true;
            self.machine.step()?;
            match pipe.targets.as_slice() {
                [] => {}
                [only] => self.frame.bind(only, value.clone())?,
                [first, second, ..] => {
                    self.frame.bind(first, key)?;
                    self.frame.bind(second, value.clone())?;
                }
            }
            if self.block(&value, body)? == Flow::Break {
                break;
            }
        }
        Ok(any)
    }
}

fn index_of(index: usize) -> Seen {
    Seen::plain(Value::Int(i64::try_from(index).unwrap_or(i64::MAX)))
}

//! How large a value is once it is written out: shared parts count as often as they are met.

use super::{Context, FunctionError};
use crate::render::value::Value;

/// How deep a value is looked into: what nests deeper is refused by those who write it.
const DEPTH: usize = 1_001;

/// What a value takes besides its text.
const BYTES_PER_VALUE: u64 = 32;

/// Checks that a value can be written out within the budget, before anything is made of it.
///
/// # Errors
/// Where it is too large: a few lists that hold each other can stand for more than any memory has.
pub(crate) fn weigh(context: &mut Context<'_>, value: &Value) -> Result<(), FunctionError> {
    let mut weight = 0;
    let mut open = vec![vec![value.clone()]];
    while let Some(values) = open.last_mut() {
        let Some(value) = values.pop() else {
            open.pop();
            continue;
        };
        context.budget.take_steps(1)?;
        weight += BYTES_PER_VALUE;
        let inner: Vec<Value> = match &value {
            Value::Str(text) => {
                // Escapes make a text longer.
                weight += 2 * text.len() as u64;
                context.budget.read_bytes(text.len())?;
                Vec::new()
            }
            Value::Bytes(bytes) => {
                weight += BYTES_PER_VALUE * bytes.len() as u64;
                Vec::new()
            }
            Value::List(list) => list.to_vec(),
            Value::Map(map) => {
                let entries = map.entries();
                weight += entries.keys().map(|key| 2 * key.len() as u64).sum::<u64>();
                entries.values().cloned().collect()
            }
            _ => Vec::new(),
        };
        context.budget.fits(weight)?;
        if !inner.is_empty() && open.len() < DEPTH {
            open.push(inner);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Budget, Context, Failure, Random};
    use super::*;

    #[test]
    fn what_is_shared_counts_each_time() {
        let doubled = |times: usize| {
            (0..times).fold(Value::from("x"), |value, _| Value::list(vec![value.clone(), value]))
        };
        let weighed = |value: &Value| {
            let (mut random, mut budget) = (Random { state: 1 }, Budget::new(1 << 20, 1 << 20));
            weigh(&mut Context { random: &mut random, now: 0, budget: &mut budget }, value)
        };
        assert_eq!(weighed(&doubled(5)), Ok(()));
        assert_eq!(weighed(&doubled(60)).map_err(|error| error.kind), Err(Failure::Limit));
        let own = Value::from_iter([]);
        own.as_map().expect("a map").set("self", own.clone());
        assert_eq!(weighed(&own), Ok(()));
    }
}

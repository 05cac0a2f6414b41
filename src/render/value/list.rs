//! Go's slices.

use std::cell::OnceCell;
use std::rc::Rc;

use super::Value;

/// The element type of a slice, which its type name and `typeOf` show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementType {
    /// `interface {}`.
    Any,
    /// `string`.
    String,
    /// `int`.
    Int,
    /// `[]interface {}`, what `chunk` gives.
    List,
    /// `map[string]interface {}`.
    Map,
}

impl ElementType {
    /// Returns the name of the slice type.
    #[must_use]
    pub fn slice_name(self) -> &'static str {
        match self {
            Self::Any => "[]interface {}",
            Self::String => "[]string",
            Self::Int => "[]int",
            Self::List => "[][]interface {}",
            Self::Map => "[]map[string]interface {}",
        }
    }
}

/// A slice with its element type; a nil slice is empty and prints as `null` in JSON.
#[derive(Debug)]
pub struct List {
    element: ElementType,
    items: Vec<Value>,
    /// The items in their order after `sort`, which all holders of the slice see.
    sorted: OnceCell<Vec<Value>>,
    nil: bool,
}

impl List {
    /// Builds a slice of `items`, which must be of the element type.
    #[must_use]
    pub fn new(element: ElementType, items: Vec<Value>) -> Self {
        Self { element, items, sorted: OnceCell::new(), nil: false }
    }

    /// Builds a nil slice.
    #[must_use]
    pub fn nil(element: ElementType) -> Self {
        Self { element, items: Vec::new(), sorted: OnceCell::new(), nil: true }
    }

    /// Returns the element type.
    #[must_use]
    pub fn element(&self) -> ElementType {
        self.element
    }

    /// Sorts a slice of strings in place, as `sortAlpha` does; others stay as they are.
    pub fn sort(&self) {
        if self.element == ElementType::String {
            self.sorted.get_or_init(|| {
                let mut items = self.items.clone();
                items.sort_by(|one, other| one.as_text().cmp(&other.as_text()));
                items
            });
        }
    }

    /// Tells whether the slice is nil.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.nil
    }
}

impl Drop for List {
    fn drop(&mut self) {
        dismantle(std::mem::take(&mut self.items));
        dismantle(self.sorted.take().unwrap_or_default());
    }
}

/// Drops values one by one: they may nest deeper than the stack is.
pub(super) fn dismantle(mut values: Vec<Value>) {
    if !values.iter().any(|value| matches!(value, Value::List(_) | Value::Map(_))) {
        return;
    }
    while let Some(value) = values.pop() {
        match value {
            Value::List(list) => {
                if let Some(mut list) = Rc::into_inner(list) {
                    values.append(&mut list.items);
                }
            }
            Value::Map(map) => {
                if let Some(map) = Rc::into_inner(map) {
                    values.extend(map.take_values());
                }
            }
            _ => {}
        }
    }
}

impl std::ops::Deref for List {
    type Target = [Value];

    fn deref(&self) -> &[Value] {
        self.sorted.get().unwrap_or(&self.items)
    }
}

//! Go's maps with string keys, shared by reference.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::SmolStr;

use super::Value;
use super::list::dismantle;

/// The type of a map, which its name, methods and the checks of parameters depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapType {
    /// `map[string]interface {}`.
    Any,
    /// Helm's `common.Values`: the root, `.Values` of a chart and `.Template`.
    Values,
    /// `map[string]string`, what `split` gives; values are strings.
    Strings,
}

impl MapType {
    /// Returns the name of the type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "map[string]interface {}",
            Self::Values => "common.Values",
            Self::Strings => "map[string]string",
        }
    }
}

/// A map; keys in byte order.
///
/// Never call a function that runs template code while [`Map::entries`] is borrowed.
#[derive(Debug)]
pub struct Map {
    map_type: MapType,
    nil: bool,
    entries: Entries,
}

/// Where the entries of a map are kept.
#[derive(Debug)]
enum Entries {
    /// In the map.
    Own(RefCell<BTreeMap<SmolStr, Value>>),
    /// In another map, which is seen here as one of another type.
    Of(Rc<Map>),
}

impl Map {
    /// Builds a map of a type.
    #[must_use]
    pub fn new(map_type: MapType, entries: BTreeMap<SmolStr, Value>) -> Self {
        Self { map_type, nil: false, entries: Entries::Own(RefCell::new(entries)) }
    }

    /// Builds a nil map: empty, `null` in JSON; setting an entry is Go's panic.
    #[must_use]
    pub fn nil(map_type: MapType) -> Self {
        Self { map_type, nil: true, entries: Entries::Own(RefCell::default()) }
    }

    /// Builds a map that shares the entries of another but is of another type.
    #[must_use]
    pub fn view(of: &Rc<Self>, map_type: MapType) -> Self {
        Self { map_type, nil: of.nil, entries: Entries::Of(of.clone()) }
    }

    fn cell(&self) -> &RefCell<BTreeMap<SmolStr, Value>> {
        match &self.entries {
            Entries::Own(entries) => entries,
            Entries::Of(map) => map.cell(),
        }
    }

    /// Returns the same map as a `map[string]interface {}`: what a function gets that has a
    /// parameter of that type. Changes are seen in both.
    #[must_use]
    pub fn plain(self: &Rc<Self>) -> Rc<Self> {
        match self.map_type {
            MapType::Any => Rc::clone(self),
            _ => Rc::new(Self::view(self, MapType::Any)),
        }
    }

    /// Tells whether both are the same map, so that changes of one are changes of the other.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        std::ptr::eq(self.cell(), other.cell())
    }

    /// Returns the type.
    #[must_use]
    pub fn map_type(&self) -> MapType {
        self.map_type
    }

    /// Tells whether the map is nil.
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.nil
    }

    /// Returns a copy of the value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value> {
        self.cell().borrow().get(key).cloned()
    }

    /// Tells whether a key is there.
    #[must_use]
    pub fn contains(&self, key: &str) -> bool {
        self.cell().borrow().contains_key(key)
    }

    /// Sets the value under a key.
    pub fn set(&self, key: impl Into<SmolStr>, value: Value) {
        self.cell().borrow_mut().insert(key.into(), value);
    }

    /// Removes a key.
    pub fn unset(&self, key: &str) {
        self.cell().borrow_mut().remove(key);
    }

    /// Returns the number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cell().borrow().len()
    }

    /// Tells whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the keys in byte order.
    #[must_use]
    pub fn keys(&self) -> Vec<SmolStr> {
        self.cell().borrow().keys().cloned().collect()
    }

    /// Returns the entries as they are now; later changes are not seen.
    #[must_use]
    pub fn snapshot(&self) -> Vec<(SmolStr, Value)> {
        let pair = |(key, value): (&SmolStr, &Value)| (key.clone(), value.clone());
        self.cell().borrow().iter().map(pair).collect()
    }

    /// Borrows the entries for reading.
    #[must_use]
    pub fn entries(&self) -> std::cell::Ref<'_, BTreeMap<SmolStr, Value>> {
        self.cell().borrow()
    }
}

impl Map {
    /// Takes the values that nobody else sees.
    pub(super) fn take_values(self) -> Vec<Value> {
        match &self.entries {
            Entries::Own(entries) => entries.take().into_values().collect(),
            Entries::Of(_) => Vec::new(),
        }
    }
}

impl Drop for Map {
    fn drop(&mut self) {
        let Entries::Own(entries) = &mut self.entries else { return };
        let entries = entries.get_mut();
        if entries.values().any(|value| matches!(value, Value::List(_) | Value::Map(_))) {
            dismantle(std::mem::take(entries).into_values().collect());
        }
    }
}

impl FromIterator<(SmolStr, Value)> for Value {
    fn from_iter<I: IntoIterator<Item = (SmolStr, Value)>>(entries: I) -> Self {
        Self::Map(Rc::new(Map::new(MapType::Any, entries.into_iter().collect())))
    }
}

//! Tables of values while they are coalesced: shared and changed in place, as Go's maps are.
//!
//! Helm's coalescing lets maps be reached from several places at once (what lies deep in `global`
//! is the same map for a chart and its parent), so plain trees would not give its results. Whatever
//! is never changed stays borrowed from the chart or the user's values.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use smol_str::SmolStr;

use crate::render::value::Value;
use crate::yaml::Data;

/// A value in a table.
#[derive(Debug, Clone)]
pub(super) enum Item<'a> {
    /// A value as it was read; a map among them becomes a table as soon as someone changes it.
    Plain(&'a Data),
    /// A map that may be changed.
    Table(Table<'a>),
}

/// A map that is shared.
#[derive(Debug, Clone, Default)]
pub(super) struct Table<'a>(Rc<RefCell<BTreeMap<SmolStr, Item<'a>>>>);

/// A path that leads to no table; holds the key where it ends.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a table")]
pub(super) struct NoTable(pub(super) SmolStr);

impl<'a> Item<'a> {
    /// Returns null.
    pub(super) fn null() -> Self {
        Item::Plain(&Data::Null)
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Item::Plain(Data::Null))
    }

    pub(super) fn is_table(&self) -> bool {
        matches!(self, Item::Table(_) | Item::Plain(Data::Map(_)))
    }

    /// Returns the value as plain data.
    pub(super) fn to_data(&self) -> Data {
        match self {
            Item::Plain(data) => (*data).clone(),
            Item::Table(table) => table.to_data(),
        }
    }

    /// Returns what Go's `%v` prints.
    pub(super) fn print(&self) -> String {
        Value::from(&self.to_data()).print()
    }

    fn copy(&self) -> Self {
        match self {
            Item::Plain(data) => Item::Plain(data),
            Item::Table(table) => Item::Table(table.copy()),
        }
    }
}

impl<'a> Table<'a> {
    /// Builds a table of a map; anything else gives an empty one.
    pub(super) fn new(data: &'a Data) -> Self {
        let table = Self::default();
        if let Data::Map(map) = data {
            let items = map.iter().map(|(key, value)| (key.clone(), Item::Plain(value)));
            table.0.borrow_mut().extend(items);
        }
        table
    }

    /// Copies the table, so that changes do not meet.
    pub(super) fn copy(&self) -> Self {
        let items = self.0.borrow();
        let copies = items.iter().map(|(key, item)| (key.clone(), item.copy())).collect();
        Self(Rc::new(RefCell::new(copies)))
    }

    /// Copies the table alone; the tables in it are shared with the copy.
    pub(super) fn copy_shallow(&self) -> Self {
        let items = self.entries().into_iter().map(|(key, item)| match self.table(&key) {
            Some(table) => (key, Item::Table(table)),
            None => (key, item),
        });
        Self(Rc::new(RefCell::new(items.collect())))
    }

    /// Makes a table of every map in the table, so that what holds one of them shares it.
    pub(super) fn share_all(&self) {
        for (key, _) in self.entries() {
            if let Some(table) = self.table(&key) {
                table.share_all();
            }
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<Item<'a>> {
        self.0.borrow().get(key).cloned()
    }

    pub(super) fn set(&self, key: impl Into<SmolStr>, item: Item<'a>) {
        self.0.borrow_mut().insert(key.into(), item);
    }

    pub(super) fn remove(&self, key: &str) {
        self.0.borrow_mut().remove(key);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Returns the entries as they are now, keys in byte order.
    pub(super) fn entries(&self) -> Vec<(SmolStr, Item<'a>)> {
        let items = self.0.borrow();
        items.iter().map(|(key, item)| (key.clone(), item.clone())).collect()
    }

    /// Returns the keys of nulls.
    pub(super) fn null_keys(&self) -> Vec<SmolStr> {
        let items = self.0.borrow();
        items.iter().filter(|(_, item)| item.is_null()).map(|(key, _)| key.clone()).collect()
    }

    /// Returns the table under a key, shared with this one; none where there is no map.
    pub(super) fn table(&self, key: &str) -> Option<Table<'a>> {
        let mut items = self.0.borrow_mut();
        let item = items.get_mut(key)?;
        let table = match item {
            Item::Table(table) => return Some(table.clone()),
            Item::Plain(data @ Data::Map(_)) => Table::new(data),
            Item::Plain(_) => return None,
        };
        *item = Item::Table(table.clone());
        Some(table)
    }

    /// Returns the table at a path whose keys are separated by dots.
    pub(super) fn at(&self, path: &str) -> Result<Table<'a>, NoTable> {
        path.split('.').try_fold(self.clone(), |table, key| {
            table.table(key).ok_or_else(|| NoTable(key.into()))
        })
    }

    /// Returns the value at a path; none where there is none or a table.
    pub(super) fn value_at(&self, path: &str) -> Option<Item<'a>> {
        let item = match path.rsplit_once('.') {
            Some((path, key)) => self.at(path).ok()?.get(key),
            None => self.get(path),
        };
        item.filter(|item| !item.is_table())
    }

    /// Returns the table as plain data.
    pub(super) fn to_data(&self) -> Data {
        let items = self.0.borrow();
        Data::Map(items.iter().map(|(key, item)| (key.clone(), item.to_data())).collect())
    }
}

//! Which templates a name can lead to.

use std::collections::HashMap;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::render::error::advice;
use crate::render::go::ir::Template;

/// The templates of a chart by name; the last one that was added under a name wins.
#[derive(Debug, Default, Clone)]
pub struct TemplateSet {
    by_name: HashMap<SmolStr, Arc<Template>>,
}

impl TemplateSet {
    /// Adds a template; one that writes nothing does not replace one that does.
    pub fn add(&mut self, template: Arc<Template>) {
        match self.by_name.get(&template.name) {
            Some(known) if template.is_blank() && !known.is_blank() => {}
            _ => {
                self.by_name.insert(template.name.clone(), template);
            }
        }
    }

    /// Returns the template of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Template>> {
        self.by_name.get(name)
    }

    /// Returns all templates, in no order.
    pub fn all(&self) -> impl Iterator<Item = &Template> {
        self.by_name.values().map(|template| &**template)
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.by_name.keys().map(SmolStr::as_str)
    }
}

/// The templates that are seen from a place: those of the chart, and those that the texts given to
/// `tpl` around it define for themselves.
#[derive(Debug)]
pub(super) enum Scope<'c> {
    /// The chart's.
    Chart(&'c TemplateSet),
    /// What a text given to `tpl` defines, before what is seen around it.
    Text(TemplateSet, std::rc::Rc<Scope<'c>>),
}

impl Scope<'_> {
    /// Returns the advice to take a template whose name is close to one that leads nowhere.
    pub(super) fn advice(&self, name: &str) -> Option<String> {
        match self {
            Self::Chart(set) => advice(name, set.names()),
            Self::Text(set, outer) => advice(name, set.names()).or_else(|| outer.advice(name)),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<Template>> {
        match self {
            Self::Chart(set) => set.get(name),
            Self::Text(set, outer) => match (set.get(name), outer.get(name)) {
                (Some(own), Some(around)) if own.is_blank() && !around.is_blank() => Some(around),
                (own, around) => own.or(around),
            },
        }
    }
}

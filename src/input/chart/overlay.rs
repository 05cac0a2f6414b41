//! A chart with other texts in place of some of its files.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Chart, ChartFile, Content};
use crate::source::{SharedText, SourceMap};

impl Chart {
    /// Puts texts in the place of those of templates and manifests, by the paths that messages show.
    #[must_use]
    pub fn overlaid(mut self, texts: &BTreeMap<String, String>, sources: &mut SourceMap) -> Self {
        if texts.is_empty() {
            return self;
        }
        for file in self.templates.iter_mut().chain(&mut self.files) {
            file.overlay(texts, sources);
        }
        for chart in &mut self.dependencies {
            *chart = Arc::new(Self::clone(chart).overlaid(texts, sources));
        }
        self
    }
}

impl ChartFile {
    fn overlay(&mut self, texts: &BTreeMap<String, String>, sources: &mut SourceMap) {
        let Some(file) = self.file else { return };
        let name = sources.file(file).name.clone();
        if let Some(text) = texts.get(&name) {
            let text = SharedText::from(text.as_str());
            self.file = Some(sources.add(name, text.clone()));
            self.content = Content::Text(text);
        }
    }
}

//! A text of documents with some objects written anew, and every other byte as it was.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use crate::document::Document;
use crate::emit;
use crate::input::{Error, Text};
use crate::merge::Merged;
use crate::rbac::MERGED_FROM;
use crate::source::{SourceMap, Span};
use crate::yaml::{self, Data};

/// An object that is written anew.
pub(super) struct Rewrite {
    /// Where it stands.
    pub(super) span: Span,
    pub(super) merged: Merged,
    /// Whether it says which releases it was made of.
    pub(super) names_sources: bool,
}

/// The text, and the objects that were written anew, in the order in which they were asked for.
#[derive(Debug)]
pub(super) struct Rewritten {
    pub(super) text: String,
    pub(super) objects: Vec<Data>,
}

impl Rewritten {
    /// Writes objects anew in a text.
    ///
    /// # Errors
    /// Where that would change anything else, which no text of Helm's does.
    pub(super) fn of(text: Vec<u8>, rewrites: &[Rewrite]) -> Result<Self, Error> {
        let text = Text::of_bytes(text, "<stdin>", &mut SourceMap::new())?;
        if rewrites.is_empty() {
            return Ok(Self { text: text.content.to_string(), objects: Vec::new() });
        }
        let documents = Document::read_all(&text)?;
        let start = |document: &Document| document.root().span().start;
        let by_start: BTreeMap<_, Data> =
            documents.iter().map(|it| (start(it), it.root().data())).collect();
        let own = |it: &Rewrite| by_start.get(&it.span.start).map(|own| it.object(own));
        let objects: Vec<Data> = rewrites.iter().filter_map(own).collect();
        let places = rewrites.iter().map(|it| (it.span.start, it.span.end));
        let edits: BTreeMap<_, &Data> = places.zip(&objects).collect();
        let mut rewritten = String::new();
        let mut done = 0;
        for ((start, end), object) in &edits {
            let (start, end) = (*start as usize, *end as usize);
            rewritten.push_str(text.content.get(done..start).unwrap_or_default());
            let object = written(object, &rewritten);
            rewritten.push_str(&object);
            done = end;
        }
        rewritten.push_str(text.content.get(done..).unwrap_or_default());
        let expected = documents.iter().map(|document| {
            let (start, end) = (document.root().span().start, document.root().span().end);
            edits.get(&(start, end)).map_or_else(|| document.root().data(), |it| (*it).clone())
        });
        if objects.len() != rewrites.len() || !holds(&rewritten, expected) {
            let error = Error::new("an object cannot be written anew without changing others");
            return Err(error.with_help("merge them with `rolecall merge -o FILE`"));
        }
        Ok(Self { text: rewritten, objects })
    }
}

impl Rewrite {
    /// Returns the object with what it had of labels and annotations: these are the release's own.
    fn object(&self, own: &Data) -> Data {
        let mut object = self.merged.data.clone();
        let (Data::Map(root), Data::Map(own)) = (&mut object, own) else { return object };
        let (Some(Data::Map(merged)), Some(Data::Map(own))) =
            (root.get("metadata"), own.get("metadata"))
        else {
            return object;
        };
        let mut metadata = own.clone();
        metadata
            .extend(merged.get_key_value("name").map(|(key, name)| (key.clone(), name.clone())));
        if let Some(Data::Map(annotations)) = merged.get("annotations")
            && let Some(sources) = annotations.get(MERGED_FROM).filter(|_| self.names_sources)
        {
            annotate(&mut metadata, sources);
        }
        root.insert("metadata".into(), Data::Map(metadata));
        object
    }
}

fn annotate(metadata: &mut BTreeMap<SmolStr, Data>, sources: &Data) {
    let annotations = metadata.entry("annotations".into()).or_default();
    if !matches!(annotations, Data::Map(_)) {
        *annotations = Data::Map(BTreeMap::new());
    }
    if let Data::Map(annotations) = annotations {
        annotations.insert(MERGED_FROM.into(), sources.clone());
    }
}

/// Writes an object to stand behind a text: as a block, or in one line inside of something.
fn written(object: &Data, before: &str) -> String {
    match before.is_empty() || before.ends_with('\n') {
        true => emit::object(object).trim_end().into(),
        false => yaml::json_write(object),
    }
}

/// Tells whether a text holds objects, in their order.
fn holds(text: &str, mut expected: impl Iterator<Item = Data>) -> bool {
    let Ok(roots) = yaml::parse_all(text) else { return false };
    let documents = roots.into_iter().map(Document::unplaced).flat_map(Document::unfold);
    let mut held = documents.map(|it| it.root().data());
    held.all(|data| expected.next().as_ref() == Some(&data)) && expected.next().is_none()
}

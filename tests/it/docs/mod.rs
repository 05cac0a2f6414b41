//! The docs: what they link to is there, code blocks are what they say, and what is shown is real.

mod blocks;
mod commands;
mod links;
mod made;
mod shell;

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A page in Markdown.
struct Page {
    /// Its path in the repository.
    name: String,
    text: String,
}

/// A block of code.
struct Block<'a> {
    page: &'a Page,
    /// What stands behind the opening fence, word by word.
    info: Vec<String>,
    text: String,
    /// Where it stands in the page, with its fences.
    range: Range<usize>,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the pages that people read: those of the root, and those below docs.
fn pages() -> Vec<Page> {
    let front = ["README.md", "CHANGELOG.md", "COMPATIBILITY.md", "CONTRIBUTING.md"];
    let front = front.map(|name| root().join(name));
    let below = walkdir::WalkDir::new(root().join("docs")).sort_by_file_name();
    let below = below.into_iter().map(|entry| entry.expect("it can be walked").into_path());
    let below = below.filter(|path| path.extension().is_some_and(|it| it == "md"));
    front.into_iter().chain(below).map(|path| Page::read(&path)).collect()
}

impl Page {
    fn read(path: &Path) -> Self {
        let below = path.strip_prefix(root()).expect("it is in the repository");
        let parts = below.components().map(|it| it.as_os_str().to_string_lossy());
        let name = parts.collect::<Vec<_>>().join("/");
        Self { name, text: fs::read_to_string(path).expect("it can be read") }
    }

    /// Returns what the page is made of, and where each piece stands.
    fn events(&self) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
        Parser::new_ext(&self.text, options).into_offset_iter()
    }

    fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks: Vec<Block<'_>> = Vec::new();
        let mut is_inside = false;
        for (event, range) in self.events() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let info = match kind {
                        CodeBlockKind::Fenced(info) => {
                            info.split([',', ' ']).map(str::to_owned).collect()
                        }
                        CodeBlockKind::Indented => Vec::new(),
                    };
                    blocks.push(Block { page: self, info, text: String::new(), range });
                    is_inside = true;
                }
                Event::End(TagEnd::CodeBlock) => is_inside = false,
                Event::Text(text) if is_inside => {
                    blocks.last_mut().expect("one has begun").text.push_str(&text);
                }
                _ => {}
            }
        }
        blocks
    }

    /// Returns `name:line` of a place, as editors take it.
    fn place(&self, offset: usize) -> String {
        format!("{}:{}", self.name, self.text[..offset].matches('\n').count() + 1)
    }
}

impl Block<'_> {
    fn place(&self) -> String {
        self.page.place(self.range.start)
    }

    /// Tells whether a word stands behind the opening fence.
    fn is(&self, word: &str) -> bool {
        self.info.iter().any(|it| it == word)
    }
}

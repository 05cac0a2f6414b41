//! The house's own order: imports go with the stream, files stay small, lists are complete.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rolecall::rules::RULES;
use syn::visit::Visit;

/// The most lines that a file may have.
const MOST_LINES: usize = 450;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the files of a kind below a folder of the crate, sorted.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(root().join(folder)).sort_by_file_name();
    let paths = entries.into_iter().map(|entry| entry.expect("it can be walked").into_path());
    paths.filter(|path| path.extension().is_some_and(|it| it == extension)).collect()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("it can be read")
}

/// Returns the modules in the order in which lib.rs declares them.
fn modules() -> Vec<String> {
    let lib = syn::parse_file(&read(&root().join("src/lib.rs"))).expect("it is Rust");
    let module = |item| match item {
        syn::Item::Mod(module) => Some(module.ident.to_string()),
        _ => None,
    };
    lib.items.into_iter().filter_map(module).collect()
}

/// Gathers the modules that paths beginning with `crate::` lead to.
#[derive(Default)]
struct Imports(BTreeSet<String>);

impl Imports {
    fn of_tree(&mut self, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => drop(self.0.insert(path.ident.to_string())),
            syn::UseTree::Name(name) => drop(self.0.insert(name.ident.to_string())),
            syn::UseTree::Rename(name) => drop(self.0.insert(name.ident.to_string())),
            syn::UseTree::Group(group) => group.items.iter().for_each(|it| self.of_tree(it)),
            syn::UseTree::Glob(_) => {}
        }
    }
}

impl<'a> Visit<'a> for Imports {
    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        let is_test = |attribute: &syn::Attribute| attribute.path().is_ident("cfg");
        if !module.attrs.iter().any(is_test) {
            syn::visit::visit_item_mod(self, module);
        }
    }

    fn visit_use_tree(&mut self, tree: &'a syn::UseTree) {
        if let syn::UseTree::Path(path) = tree
            && path.ident == "crate"
        {
            self.of_tree(&path.tree);
        }
    }

    fn visit_path(&mut self, path: &'a syn::Path) {
        let mut names = path.segments.iter().map(|segment| segment.ident.to_string());
        if names.next().as_deref() == Some("crate") {
            self.0.extend(names.next());
        }
        syn::visit::visit_path(self, path);
    }
}

#[test]
fn modules_import_only_what_stands_above_them() {
    let order = modules();
    assert!(order.len() > 10, "lib.rs declares the modules");
    let place = |name: &str| order.iter().position(|it| it == name);
    let mut against = Vec::new();
    for path in files("src", "rs") {
        let below = path.strip_prefix(root().join("src")).expect("it is below src");
        let first = below.components().next().expect("it has a name").as_os_str();
        let name = first.to_string_lossy().trim_end_matches(".rs").to_string();
        let Some(own) = place(&name) else { continue };
        let mut imports = Imports::default();
        imports.visit_file(&syn::parse_file(&read(&path)).expect("it is Rust"));
        for import in imports.0 {
            if place(&import).is_some_and(|other| other > own) {
                against.push(format!("{} imports {import}", below.display()));
            }
        }
    }
    assert!(against.is_empty(), "against the stream:\n{}", against.join("\n"));
}

#[test]
fn files_stay_small() {
    let long: Vec<String> = files("src", "rs")
        .into_iter()
        .chain(files("tests", "rs"))
        .map(|path| (read(&path).lines().count(), path))
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{} has {lines} lines", path.display()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn nothing_is_left_undone() {
    // Put together here, so that this file is not found itself.
    let marks = ["todo", "unimplemented"].map(|name| format!("{name}!("));
    let marks = marks.into_iter().chain(["TO", "FIX"].iter().map(|it| format!("// {it}")));
    let marks: Vec<String> = marks.map(|it| it.replace("// TO", "// TODO")).collect();
    let mut undone = Vec::new();
    for path in files("src", "rs") {
        let text = read(&path);
        if let Some(mark) = marks.iter().find(|mark| text.contains(mark.as_str())) {
            undone.push(format!("{} holds {mark}", path.display()));
        }
    }
    assert!(undone.is_empty(), "{}", undone.join("\n"));
}

#[test]
fn rules_pages_and_the_list_are_the_same() {
    let listed: Vec<&str> = RULES.iter().map(|rule| rule.meta().name).collect();
    assert!(listed.is_sorted(), "the rules are sorted by name: {listed:?}");
    let name = |path: &PathBuf| {
        let stem = path.file_stem().expect("it has a name").to_string_lossy();
        stem.replace('_', "-")
    };
    let pages: Vec<String> = files("src/rules", "md").iter().map(name).collect();
    assert_eq!(pages, listed, "each rule has its page, and each page its rule");
    let sources: BTreeSet<String> = files("src/rules", "rs").iter().map(name).collect();
    assert!(pages.iter().all(|page| sources.contains(page)), "each rule has its file");
}

#[test]
fn each_dependency_has_its_reason() {
    let manifest: toml::Table = read(&root().join("Cargo.toml")).parse().expect("it is TOML");
    let reasons = read(&root().join("docs/dependencies.md"));
    for part in ["dependencies", "dev-dependencies"] {
        for name in manifest[part].as_table().expect("it is a table").keys() {
            assert!(reasons.contains(&format!("| `{name}` |")), "{name} has no reason in docs");
        }
    }
}

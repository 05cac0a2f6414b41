//! What is given to others: the crate, the wheel, the image.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use crate::support::finished;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn toml(name: &str) -> toml::Table {
    read(name).parse().expect("it is TOML")
}

/// Returns the files of a folder and of those below it, as a package names them.
fn files(folder: &str) -> impl Iterator<Item = String> {
    let entries = walkdir::WalkDir::new(root().join(folder)).into_iter();
    let entries = entries.map(|entry| entry.expect("it can be walked"));
    entries.filter(|it| it.file_type().is_file()).map(|entry| {
        let path = entry.path().strip_prefix(root()).expect("it is in the crate");
        path.to_string_lossy().replace('\\', "/")
    })
}

#[test]
fn the_crate_holds_what_is_built_and_nothing_else() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--list", "--allow-dirty", "--offline"]).current_dir(root());
    let run = finished(&mut cargo);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let packed: BTreeSet<String> = run.stdout.lines().map(|line| line.replace('\\', "/")).collect();
    let own = ["Cargo.toml", "Cargo.lock", "Cargo.toml.orig", ".cargo_vcs_info.json"];
    let told = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md", "build.rs"];
    let expected = own.into_iter().chain(told).map(String::from);
    let expected: BTreeSet<String> =
        expected.chain(files("src")).chain(files("templates")).collect();
    let surplus: Vec<&String> = packed.difference(&expected).collect();
    assert!(surplus.is_empty(), "not needed: {surplus:?}");
    let missing: Vec<&String> = expected.difference(&packed).collect();
    // Cargo notes the commit only where there is one.
    assert!(missing.iter().all(|it| *it == ".cargo_vcs_info.json"), "missing: {missing:?}");
}

#[test]
fn the_wheel_is_described_as_the_crate_is() {
    let (cargo, python) = (toml("Cargo.toml"), toml("pyproject.toml"));
    for key in ["name", "description", "license", "keywords", "readme"] {
        assert_eq!(python["project"][key], cargo["package"][key], "{key}");
    }
    assert_eq!(python["project"]["dynamic"][0].as_str(), Some("version"));
    assert_eq!(python["tool"]["maturin"]["bindings"].as_str(), Some("bin"));
}

#[test]
fn the_image_is_the_program_alone_and_nobodys_in_particular() {
    let text = read("Containerfile");
    let instruction = |name: &str| -> Vec<&str> {
        text.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' ')).collect()
    };
    let bases = instruction("FROM");
    assert_eq!(bases.last(), Some(&"scratch"));
    assert!(!bases.iter().any(|it| it.contains(['/', '.'])), "no registry is named: {bases:?}");
    let (_, last) = text.rsplit_once("FROM ").expect("there are stages");
    let copied: Vec<&str> = last.lines().filter(|line| line.starts_with("COPY")).collect();
    assert_eq!(copied, ["COPY --from=build /rolecall /rolecall"]);
    assert!(!last.contains("RUN") && last.contains("ENTRYPOINT [\"/rolecall\"]"), "{last}");
    let user = instruction("USER").first().and_then(|it| it.split(':').next()?.parse::<u32>().ok());
    assert!(user.is_some_and(|it| it > 0), "the user is a number, and not root's");
    // What the image is built from must reach the build.
    let ignored = read(".dockerignore");
    for needed in ["/src", "/templates", "/build.rs", "/Cargo", "/.git"] {
        assert!(!ignored.lines().any(|line| line.starts_with(needed)), "{needed} is needed");
    }
}

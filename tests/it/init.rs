//! `rolecall init`.

use rolecall::input::BUILTINS;

use crate::support::{arg, folder, rolecall};

#[test]
fn a_set_is_written_once() {
    for set in BUILTINS {
        let folder = folder(&[]);
        let target = folder.path().join("new");
        let args = ["init", arg(&target), "--builtin", set.name];
        let run = rolecall(&args);
        assert_eq!(run.code, 0, "{}", run.stderr);
        for (name, text) in set.files {
            let written = std::fs::read_to_string(target.join(name)).expect("it was written");
            assert_eq!(written, *text);
        }
        let again = rolecall(&args);
        assert_eq!(again.code, 2, "nothing is overwritten");
        assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    }
}

#[test]
fn the_list_holds_every_folder_of_templates() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
    let mut folders: Vec<String> = std::fs::read_dir(&root)
        .expect("it can be read")
        .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
        .collect();
    // The templates of lint's own reports are no set.
    folders.retain(|name| name != "report");
    folders.sort();
    let listed: Vec<&str> = BUILTINS.iter().map(|set| set.name).collect();
    assert_eq!(folders, listed);
    for set in BUILTINS {
        let files = std::fs::read_dir(root.join(set.name)).expect("it can be read");
        assert_eq!(files.count(), set.files.len(), "{}", set.name);
    }
}

//! Templates that fail: what is shown of them.

use std::path::PathBuf;

use rolecall::cli::Surroundings;
use snapbox::{assert_data_eq, file};

use crate::support::{plain, run_with};

/// Charts below fixtures/broken/, each wrong in one way.
const BROKEN: &[&str] = &[
    "fail", "required", "nil", "type", "parse", "unclosed", "undef", "missing", "tpl", "schema",
    "yaml",
];

fn shown(width: usize) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let show = |name: &&str| {
        let surroundings = Surroundings { width: Some(width), ..plain(folder.clone()) };
        let chart = format!("fixtures/broken/{name}");
        run_with(&["render", &chart, "-n", "team-a"], "", surroundings).transcript()
    };
    BROKEN.iter().map(show).collect::<Vec<_>>().join("\n")
}

#[test]
fn errors_show_the_template_with_the_reason_on_the_spot() {
    assert_data_eq!(shown(100), file!["snapshots/errors.txt"].raw());
}

#[test]
fn errors_fit_a_narrow_terminal() {
    assert_data_eq!(shown(50), file!["snapshots/errors-narrow.txt"].raw());
}

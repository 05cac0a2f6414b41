//! `rolecall explain`.

use rolecall::rules::RULES;
use snapbox::{assert_data_eq, file};

use crate::support::rolecall;

#[test]
fn the_list_and_a_page_are_text() {
    assert_data_eq!(rolecall(&["explain"]).transcript(), file!["snapshots/explain.txt"].raw());
    let page = rolecall(&["explain", "lost-subjects"]).transcript();
    assert_data_eq!(page, file!["snapshots/explain-lost-subjects.txt"].raw());
}

#[test]
fn json_holds_every_rule() {
    let list = rolecall(&["explain", "--format", "json"]).json();
    let names: Vec<&str> = list
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|it| it["name"].as_str().expect("each rule has a name"))
        .collect();
    let expected: Vec<&str> = RULES.iter().map(|rule| rule.meta().name).collect();
    assert_eq!(names, expected);
    let one = rolecall(&["explain", "identical", "--format", "json"]).json();
    assert_eq!(one["severity"], "info");
}

#[test]
fn the_page_on_all_rules_is_in_the_docs() {
    let page = rolecall(&["explain", "--format", "markdown"]);
    assert_data_eq!(page.stdout, file!["../../docs/rules.md"].raw());
    let completions = rolecall(&["completions", "bash"]).stdout;
    for rule in RULES {
        let name = rule.meta().name;
        assert!(completions.contains(name), "{name} can be completed");
    }
}

#[test]
fn a_slip_gets_a_suggestion() {
    let run = rolecall(&["explain", "lost-subject"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("did you mean `lost-subjects`?"), "{}", run.stderr);
}

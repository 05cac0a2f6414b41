//! The judgement on one case.

use std::collections::BTreeMap;

use similar::TextDiff;

use crate::case::{Case, Mode};
use crate::chart::{self, Answer, Workshop};

const SHORT_LINES: usize = 12;
const SHORT_WIDTH: usize = 200;

/// A case whose outcome is not Helm's.
pub(crate) struct Failure {
    pub(crate) id: String,
    pub(crate) group: String,
    why: String,
}

impl Failure {
    /// The reason, cut to what a table can hold.
    pub(crate) fn short(&self) -> String {
        let mut lines: Vec<String> = self
            .why
            .lines()
            .map(|line| line.chars().take(SHORT_WIDTH).collect::<String>())
            .collect();
        if lines.len() > SHORT_LINES {
            lines.truncate(SHORT_LINES);
            lines.push("…".to_owned());
        }
        lines.join("\n")
    }
}

/// Renders the case and compares; nothing where all is as Helm has it.
pub(crate) fn judge(case: &Case) -> Option<Failure> {
    let why = match (case.mode, case.expect.error.is_empty()) {
        (_, false) => refused(case),
        (Mode::Text, true) => text(case),
        (Mode::Cli, true) => output(case),
    };
    why.err().map(|why| Failure { id: case.id.clone(), group: case.group.clone(), why })
}

/// A chart that Helm refuses: exit code 2, nothing on standard output, and Helm's words in the message.
fn refused(case: &Case) -> Result<(), String> {
    let shop = Workshop::new(case);
    if let Some(body) = &case.template {
        shop.write("c/templates/NOTES.txt", body);
    }
    let answer = shop.render(case);
    if answer.code != Some(2) {
        let code = code_of(&answer);
        return Err(format!(
            "helm refuses: {}\nexit {code}, output:\n{}",
            case.expect.error.join(" … "),
            answer.stdout
        ));
    }
    let missing: Vec<&str> = case
        .expect
        .error
        .iter()
        .map(String::as_str)
        .filter(|text| !says(&answer.stderr, text))
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("not said: {}\n{}", missing.join(" … "), answer.stderr))
    }
}

fn text(case: &Case) -> Result<(), String> {
    let body = case.template.as_deref().ok_or("a text case without a template")?;
    let wanted = case.expect.rendered.as_deref().ok_or("a text case without an expectation")?;
    // The recording ran the body as NOTES.txt; a body that prints its file's name shows the carrier's here.
    let wanted = wanted.replace("templates/NOTES.txt", chart::CARRIER);
    match chart::render_text(case, body) {
        Ok(found) => same(&wanted, &found),
        Err(answer) => Err(unexpected(&answer)),
    }
}

fn output(case: &Case) -> Result<(), String> {
    let wanted = case.expect.stdout.as_deref().ok_or("a chart's case without an expectation")?;
    let shop = Workshop::new(case);
    let answer = shop.render(case);
    if answer.code != Some(0) {
        return Err(unexpected(&answer));
    }
    same(wanted, &answer.stdout)?;
    let text_of = |files: &BTreeMap<String, String>| -> String {
        files.iter().map(|(path, text)| format!("== {path}\n{text}")).collect()
    };
    same(&text_of(&case.expect.files), &text_of(&shop.written()))?;
    match case
        .expect
        .stderr
        .iter()
        .map(|line| message(line))
        .find(|text| !says(&answer.stderr, text))
    {
        Some(text) => Err(format!("no warning: {text}\n{}", answer.stderr)),
        None => Ok(()),
    }
}

fn unexpected(answer: &Answer) -> String {
    let code = code_of(answer);
    if answer.stderr.is_empty() {
        format!("exit {code}, output:\n{}", answer.stdout)
    } else {
        format!("exit {code}\n{}", answer.stderr)
    }
}

fn code_of(answer: &Answer) -> String {
    answer.code.map_or_else(|| "by a signal".to_owned(), |code| code.to_string())
}

fn same(wanted: &str, found: &str) -> Result<(), String> {
    if wanted == found {
        return Ok(());
    }
    if !wanted.contains('\n') && !found.contains('\n') {
        return Err(format!("- {wanted:?}\n+ {found:?}"));
    }
    let diff = TextDiff::from_lines(wanted, found);
    Err(diff.unified_diff().context_radius(1).to_string())
}

/// Whether a message holds a text, whatever frame, line breaks and escapes it is printed with.
fn says(message: &str, text: &str) -> bool {
    message.contains(text) || squeezed(message).contains(&squeezed(text))
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|rune| !rune.is_whitespace() && !"│├╰╭─┬·▶|\\".contains(*rune)).collect()
}

/// The message of one of Helm's log lines: `level=WARN msg="…" key=value`.
fn message(line: &str) -> String {
    let quoted = line.split_once("msg=\"").map_or("", |(_, rest)| rest);
    let mut text = String::new();
    let mut runes = quoted.chars();
    while let Some(rune) = runes.next() {
        match rune {
            '"' => break,
            '\\' => text.extend(runes.next()),
            other => text.push(other),
        }
    }
    text
}

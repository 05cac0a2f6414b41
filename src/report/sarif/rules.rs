//! The rules as SARIF describes them: all of them, so that logs of one version differ in results
//! alone.

use serde_json::{Value, json};

use super::level;
use crate::finding::{Confidence, Severity};
use crate::rules::{Family, Meta, RULES};

/// Describes the tool and its rules.
pub(super) fn driver() -> Value {
    let mut driver = json!({
        "name": env!("CARGO_PKG_NAME"),
        "version": env!("CARGO_PKG_VERSION"),
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": RULES.iter().map(|rule| descriptor(rule.meta())).collect::<Vec<_>>(),
    });
    if let Some(home) = home() {
        driver["informationUri"] = json!(home);
    }
    driver
}

/// Returns the place of a rule among those described.
pub(super) fn index(name: &str) -> Option<usize> {
    RULES.iter().position(|rule| rule.meta().name == name)
}

/// Returns where the project lives, if Cargo.toml says so.
fn home() -> Option<&'static str> {
    let home = option_env!("CARGO_PKG_REPOSITORY")?;
    (!home.is_empty()).then_some(home)
}

fn descriptor(meta: &Meta) -> Value {
    let mut properties = json!({
        "tags": tags(meta),
        "precision": precision(meta.confidence),
        "problem.severity": match meta.severity {
            Severity::Info => "recommendation",
            Severity::Warning => "warning",
            Severity::Error => "error",
        },
    });
    if let Some(score) = meta.score {
        properties["security-severity"] = json!(score);
    }
    let page = page(meta);
    let mut descriptor = json!({
        "id": meta.name,
        "name": title(meta.name),
        "shortDescription": {"text": sentence(meta.summary)},
        "fullDescription": {"text": description(meta)},
        "help": {"text": plain(&page), "markdown": page},
        "defaultConfiguration": {"level": level(meta.severity)},
        "properties": properties,
    });
    if let Some(home) = home() {
        descriptor["helpUri"] = json!(format!("{home}/blob/main/src/rules/{}.md", file(meta.name)));
    }
    descriptor
}

fn file(name: &str) -> String {
    name.replace('-', "_")
}

fn tags(meta: &Meta) -> Vec<&'static str> {
    let family = match meta.family {
        Family::Collision => "collision",
        Family::Validity => "validity",
        Family::Risk => "risk",
        Family::Hygiene => "hygiene",
        Family::Template => "template",
    };
    let security = meta.score.map(|_| "security");
    ["kubernetes", "rbac", family].into_iter().chain(security).collect()
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}

/// Returns `LostSubjects` for `lost-subjects`.
fn title(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|it| it.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(word).collect()
}

/// Returns a phrase as a sentence.
fn sentence(phrase: &str) -> String {
    let mut letters = phrase.chars();
    let first = letters.next().map(|it| it.to_ascii_uppercase());
    let end = if phrase.ends_with('.') { "" } else { "." };
    first.into_iter().chain(letters).collect::<String>() + end
}

/// Returns the sentences of the page's first paragraph, without their markup.
fn description(meta: &Meta) -> String {
    let lines = meta.explanation.lines().skip_while(|line| !line.starts_with("## "));
    let lines = lines.skip(1).skip_while(|line| line.is_empty());
    let is_more = |line: &&str| !line.is_empty() && !line.starts_with("- ");
    let words = lines.take_while(is_more).collect::<Vec<_>>().join(" ").replace('`', "");
    // A sentence that a list goes on with has no end.
    let end =
        if words.ends_with('.') { Some(words.len()) } else { words.rfind(". ").map(|at| at + 1) };
    match end.and_then(|end| words.get(..end)) {
        Some(sentences) if !sentences.is_empty() => sentences.to_owned(),
        _ => sentence(meta.summary),
    }
}

/// Returns the page without its title, which is shown anyway, and without what the tests need of
/// its examples.
pub(in crate::report) fn page(meta: &Meta) -> String {
    let lines = meta.explanation.lines().skip_while(|line| line.starts_with("# "));
    let lines = lines.map(|line| match line.strip_prefix("```yaml,") {
        Some(_) => "```yaml",
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// Returns a page without the marks of Markdown.
fn plain(page: &str) -> String {
    let lines = page.lines().filter(|line| !line.starts_with("```"));
    let lines = lines.map(title_words);
    lines.collect::<Vec<_>>().join("\n").replace('`', "")
}

/// Returns a line without the marks of a title.
fn title_words(line: &str) -> &str {
    line.strip_prefix("## ").or_else(|| line.strip_prefix("### ")).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_described_in_sentences() {
        assert_eq!(title("lost-subjects"), "LostSubjects");
        assert_eq!(sentence("a binding"), "A binding.");
        for rule in RULES {
            let meta = rule.meta();
            assert!(description(meta).ends_with('.'), "{}", description(meta));
            assert!(!page(meta).contains("yaml,"), "{}", meta.name);
            assert!(page(meta).starts_with("## "), "{}", meta.name);
        }
    }
}

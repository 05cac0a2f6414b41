//! rolecall.yaml: which charts are installed where.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::keys::{Field, Reader, Wanted, field, is_false, nearest, suggestion, text_of};
use super::{Error, Text};
use crate::finding::Severity;
use crate::source::{Located, Span};
use crate::yaml::{self, Data, Node};

/// The file's name, looked for in a folder and its parents.
pub const FILE_NAME: &str = "rolecall.yaml";

/// What stands in braces in the path of a file of values, for the release's own.
pub const PLACEHOLDERS: [&str; 3] = ["namespace", "release", "cluster"];

/// The JSON Schema of the file, without the names of the rules.
pub(crate) const INVENTORY_SCHEMA: &str = include_str!("rolecall.schema.json");

/// What rolecall.yaml says; paths are relative to the file.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// The charts and where they are installed.
    pub releases: Vec<Entry>,
    /// Patterns of plain manifests that belong to the same cluster.
    pub manifests: Vec<Located<String>>,
    /// An export of the cluster.
    pub against: Option<Located<String>>,
    /// What `merge` does.
    pub merge: Merge,
    /// What `lint` does.
    pub lint: Lint,
}

/// A chart and where it is installed.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The name of the release.
    pub name: Option<Located<String>>,
    /// The chart's path.
    pub chart: Located<String>,
    /// The namespaces, one release for each; none for `default`.
    pub namespaces: Vec<Located<String>>,
    /// The cluster; releases on different clusters never collide.
    pub cluster: Option<Located<String>>,
    /// Files of values; [`PLACEHOLDERS`] in braces stand for the release's own.
    pub values: Vec<Located<String>>,
    /// Values by key, as `--set` takes the keys, in the order written.
    pub set: Vec<(Located<String>, Data)>,
    /// Where all of it stands, but for what `<<` merges into it.
    pub span: Span,
}

/// What `merge` does.
#[derive(Debug, Clone, Default)]
pub struct Merge {
    /// The file that the merged YAML goes to.
    pub output: Option<Located<String>>,
}

/// What `lint` does.
#[derive(Debug, Clone, Default)]
pub struct Lint {
    /// The least severity that makes the exit code 1.
    pub fail_on: Option<Severity>,
    /// The severities of rules, by name.
    pub rules: Vec<(Located<String>, Level)>,
    /// Findings that are known and accepted.
    pub exclude: Vec<Exclude>,
}

/// A rule's severity, or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The rule does not speak.
    Off,
    /// Its findings are of this severity.
    As(Severity),
}

/// A finding that is known and accepted.
#[derive(Debug, Clone)]
pub struct Exclude {
    /// The rule.
    pub rule: Located<String>,
    /// The object's name; none for all objects.
    pub name: Option<Located<String>>,
    /// Why it is accepted.
    pub reason: String,
    /// The last day on which it is.
    pub until: Option<Date>,
    /// Where all of it stands.
    pub span: Span,
}

const SEVERITIES: [&str; 3] = ["info", "warning", "error"];
const LEVELS: [&str; 4] = ["off", "info", "warning", "error"];

const ROOT: Wanted = Wanted { form: "a map", example: "releases: [{ chart: ./charts/flux }]" };
const RELEASES: Wanted = Wanted {
    form: "a list of releases",
    example: "releases: [{ chart: ./charts/flux, namespaces: [app1, app2] }]",
};
const ENTRY: Wanted = Wanted { form: "a map", example: "- chart: ./charts/flux" };
const NAMESPACES: Wanted = Wanted { form: "a list", example: "namespaces: [app1, app2]" };
const VALUES: Wanted = Wanted { form: "a list", example: "values: [values.yaml]" };
const SET: Wanted = Wanted { form: "a map", example: "set: { rbac.create: true }" };
const MANIFESTS: Wanted = Wanted { form: "a list", example: "manifests: [\"rendered/**/*.yaml\"]" };
const MERGE: Wanted = Wanted { form: "a map", example: "merge: { output: rbac/merged.yaml }" };
const LINT: Wanted = Wanted { form: "a map", example: "lint: { fail-on: warning }" };
const RULES: Wanted = Wanted { form: "a map", example: "rules: { identical: off }" };
const LEVEL: Wanted = Wanted { form: "off, info, warning or error", example: "off" };
const EXCLUDE: Wanted =
    Wanted { form: "a list of maps", example: "exclude: [{ rule: …, name: …, reason: … }]" };
const EXCLUSION: Wanted =
    Wanted { form: "a map", example: "- { rule: …, name: …, reason: … }" };

impl Inventory {
    /// Reads the text of a rolecall.yaml; an empty one says nothing.
    ///
    /// # Errors
    /// Where it is no YAML, and for each unknown key and each value that is none of the key's.
    pub fn read(text: &Text) -> Result<Self, Vec<Error>> {
        let mut reader = Reader::new(text);
        let inventory = reader.document().and_then(|root| reader.inventory(&root));
        reader.finish(inventory.unwrap_or_default())
    }
}

impl Reader<'_> {
    fn inventory(&mut self, root: &Node) -> Option<Inventory> {
        let known = ["releases", "manifests", "against", "merge", "lint"];
        let fields = self.fields(root, ("the file", ROOT), &known)?;
        let releases = field(&fields, "releases");
        let releases = releases.map_or(&[][..], |it| self.items(it, ("releases", RELEASES)));
        Some(Inventory {
            releases: releases.iter().filter_map(|entry| self.entry(entry)).collect(),
            manifests: self.listed(&fields, ("manifests", MANIFESTS)),
            against: self.optional(&fields, "against"),
            merge: field(&fields, "merge").and_then(|it| self.merge(it)).unwrap_or_default(),
            lint: field(&fields, "lint").and_then(|it| self.lint(it)).unwrap_or_default(),
        })
    }

    fn optional(&mut self, fields: &[Field<'_>], name: &str) -> Option<Located<String>> {
        field(fields, name).and_then(|value| self.text(value, name))
    }

    fn listed(&mut self, fields: &[Field<'_>], what: (&str, Wanted)) -> Vec<Located<String>> {
        field(fields, what.0).map(|value| self.texts(value, what)).unwrap_or_default()
    }

    /// Reads a text that must be there.
    fn required(
        &mut self,
        (node, fields): (&Node, &[Field<'_>]),
        (name, help): (&str, &str),
    ) -> Option<Located<String>> {
        let is_meant = |field: &Field<'_>| nearest(field.name, &[name]).is_some();
        if !fields.iter().any(is_meant) {
            self.refuse_head(node, &format!("`{name}` is missing"), help);
        }
        self.optional(fields, name)
    }

    fn entry(&mut self, node: &Node) -> Option<Entry> {
        let known = ["name", "chart", "namespace", "namespaces", "cluster", "values", "set"];
        let fields = self.fields(node, ("a release", ENTRY), &known)?;
        let chart = "name the chart's folder or package: `chart: ./charts/flux`";
        let chart = self.required((node, &fields), ("chart", chart));
        let entry = Entry {
            name: self.named(&fields),
            namespaces: self.namespaces(&fields),
            cluster: self.optional(&fields, "cluster"),
            values: self.listed(&fields, ("values", VALUES)),
            set: field(&fields, "set").map(|it| self.set(it)).unwrap_or_default(),
            chart: chart?,
            span: self.span(node),
        };
        for path in &entry.values {
            self.check_placeholders(path);
        }
        Some(entry)
    }

    fn named(&mut self, fields: &[Field<'_>]) -> Option<Located<String>> {
        let name = self.optional(fields, "name")?;
        if name.value.len() > 53 || !name.value.split('.').all(is_label) {
            let message = format!("`{}` is no name of a release", name.value);
            let help = "at most 53 small letters, digits, `-` and `.`, as Helm demands";
            self.refuse_at(name.span, &message, help);
        }
        Some(name)
    }

    fn namespaces(&mut self, fields: &[Field<'_>]) -> Vec<Located<String>> {
        let mut namespaces: Vec<_> = self.optional(fields, "namespace").into_iter().collect();
        if let Some(list) = field(fields, "namespaces") {
            if let Some(one) = fields.iter().find(|field| field.name == "namespace") {
                let help = "write all of them in `namespaces`";
                self.refuse(one.key, "`namespace` and `namespaces` exclude each other", help);
            }
            let listed = self.texts(list, ("namespaces", NAMESPACES));
            if matches!(&list.kind, yaml::NodeKind::Seq(items) if items.is_empty()) {
                let help = "name one, or leave the key out for the namespace `default`";
                self.refuse(list, "`namespaces` is empty", help);
            }
            namespaces.extend(listed);
        }
        let mut known = BTreeSet::new();
        for namespace in &namespaces {
            let value = &namespace.value;
            if value.len() > 63 || !is_label(value) {
                let help = "at most 63 small letters, digits and `-`, as the API server demands";
                let message = format!("`{value}` is no name of a namespace");
                self.refuse_at(namespace.span, &message, help);
            }
            if !known.insert(value) {
                let message = format!("`{value}` stands twice in `namespaces`");
                self.refuse_at(namespace.span, &message, "keep one of them");
            }
        }
        namespaces
    }

    /// Refuses what stands in braces and is no placeholder.
    fn check_placeholders(&mut self, path: &Located<String>) {
        for (at, _) in path.value.match_indices('{') {
            let rest = &path.value[at + 1..];
            let word = rest.split_once('}').map(|(word, _)| word);
            if word.is_some_and(|word| PLACEHOLDERS.contains(&word)) {
                continue;
            }
            let (message, help) = match word {
                None => ("a `{` is never closed".into(), placeholders()),
                Some(word) => {
                    let near = nearest(word, &PLACEHOLDERS);
                    let help = near.map(|near| format!("did you mean `{{{near}}}`?"));
                    let message = format!("unknown placeholder `{{{word}}}`");
                    (message, help.unwrap_or_else(placeholders))
                }
            };
            let shown = word.map_or("{".into(), |word| format!("{{{word}}}"));
            self.refuse_at(self.within(path.span, &shown), &message, help);
        }
    }

    fn set(&mut self, node: &Node) -> Vec<(Located<String>, Data)> {
        let fields = self.entries(node, ("set", SET)).unwrap_or_default();
        let mut set = Vec::new();
        for Field { name, key, value } in fields {
            match yaml::to_data(value) {
                Ok(data) => set.push((Located { value: name.into(), span: self.span(key) }, data)),
                Err(error) => self.refuse(value, &error.to_string(), "write what JSON can hold"),
            }
        }
        set
    }

    fn merge(&mut self, node: &Node) -> Option<Merge> {
        let fields = self.fields(node, ("merge", MERGE), &["output"])?;
        Some(Merge { output: self.optional(&fields, "output") })
    }

    fn lint(&mut self, node: &Node) -> Option<Lint> {
        let fields = self.fields(node, ("lint", LINT), &["fail-on", "rules", "exclude"])?;
        let exclude = field(&fields, "exclude");
        let exclude = exclude.map_or(&[][..], |it| self.items(it, ("exclude", EXCLUDE)));
        Some(Lint {
            fail_on: field(&fields, "fail-on").and_then(|it| self.fail_on(it)),
            rules: field(&fields, "rules").map(|it| self.rules(it)).unwrap_or_default(),
            exclude: exclude.iter().filter_map(|it| self.exclusion(it)).collect(),
        })
    }

    fn fail_on(&mut self, node: &Node) -> Option<Severity> {
        let word = self.text(node, "fail-on")?.value;
        let severity = severity(&word);
        if severity.is_none() {
            let help = suggestion(&word, &SEVERITIES);
            self.refuse(node, &format!("there is no severity `{word}`"), help);
        }
        severity
    }

    fn rules(&mut self, node: &Node) -> Vec<(Located<String>, Level)> {
        let fields = self.entries(node, ("rules", RULES)).unwrap_or_default();
        let mut rules = Vec::new();
        for Field { name, key, value } in fields {
            let level = match text_of(value) {
                Some("off") => Some(Level::Off),
                Some(word) => severity(word).map(Level::As),
                // What a tool wrote that reads `off` as YAML 1.1 does.
                None => is_false(value).then_some(Level::Off),
            };
            match level {
                Some(level) => {
                    rules.push((Located { value: name.into(), span: self.span(key) }, level));
                }
                None => match text_of(value) {
                    Some(word) => {
                        let message = format!("there is no level `{word}`");
                        self.refuse(value, &message, suggestion(word, &LEVELS));
                    }
                    None => self.misfit(value, name, LEVEL),
                },
            }
        }
        rules
    }

    fn exclusion(&mut self, node: &Node) -> Option<Exclude> {
        let known = ["rule", "name", "reason", "until"];
        let fields = self.fields(node, ("an exclusion", EXCLUSION), &known)?;
        let help = "name the rule that finds it; `rolecall explain` lists all rules";
        let rule = self.required((node, &fields), ("rule", help));
        let help = "say why it is accepted, for those who read it later: `reason: …`";
        let reason = self.required((node, &fields), ("reason", help));
        let name = self.optional(&fields, "name");
        let until = field(&fields, "until").and_then(|it| self.day(it));
        Some(Exclude { rule: rule?, name, reason: reason?.value, until, span: self.span(node) })
    }

    fn day(&mut self, node: &Node) -> Option<Date> {
        let word = self.text(node, "until")?.value;
        let day = day(&word);
        if day.is_none() {
            let help = "write the last day on which it is accepted: `until: 2027-01-31`";
            self.refuse(node, &format!("`{word}` is no day"), help);
        }
        day
    }
}

/// Reads a day that is written as `2027-01-31`.
#[must_use]
pub fn day(text: &str) -> Option<Date> {
    let is_long = text.len() == "2027-01-31".len();
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    text.parse().ok().filter(|_| is_long && is_plain)
}

fn severity(word: &str) -> Option<Severity> {
    [Severity::Info, Severity::Warning, Severity::Error].into_iter().find(|it| it.word() == word)
}

fn placeholders() -> String {
    let known: Vec<String> = PLACEHOLDERS.iter().map(|word| format!("`{{{word}}}`")).collect();
    format!("known here: {}", known.join(", "))
}

/// Tells whether a text is small letters, digits and `-`, and begins and ends with no `-`.
fn is_label(text: &str) -> bool {
    let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    let ends = text.starts_with(is_plain) && text.ends_with(is_plain);
    ends && text.chars().all(|it| is_plain(it) || it == '-')
}

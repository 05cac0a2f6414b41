//! Flags as Helm's users write them: `--no-hooks=false`, the last of two wins, lists in CSV.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::str::FromStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Arg, ArgAction, CommandFactory};

use super::Surroundings;
use super::args::Cli;
use crate::rules::{Meta, RULES};

/// Returns the command line, whose switches take a value too.
pub(super) fn command() -> clap::Command {
    Cli::command()
        .args_override_self(true)
        .mut_subcommands(|subcommand| subcommand.mut_args(with_value))
}

/// Returns the command line under the name that it was called by: that of a plugin of kubectl or Helm.
pub(super) fn called(
    command: clap::Command,
    program: Option<&OsString>,
    surroundings: &Surroundings,
) -> clap::Command {
    let stem = program.and_then(|it| Path::new(it).file_stem()?.to_str());
    match (stem, &surroundings.helm) {
        (Some("kubectl-rolecall"), _) => command.bin_name("kubectl rolecall"),
        (_, Some(helm)) => command.bin_name(format!("helm {}", helm.name)),
        _ => command,
    }
}

/// Returns arguments with `diff` first where kubectl called: of KUBECTL_EXTERNAL_DIFF="rolecall diff" it
/// puts the word behind the folders of the objects, `rolecall /tmp/LIVE-1 /tmp/MERGED-1 diff`.
pub(super) fn in_order(mut args: Vec<OsString>) -> Vec<OsString> {
    let is_folder = |at: usize| args.get(at).is_some_and(|it| Path::new(it).is_dir());
    if args.get(3).is_some_and(|it| it == "diff") && is_folder(1) && is_folder(2) {
        args[1..4].rotate_right(1);
    }
    args
}

/// Lets a switch take a value.
fn with_value(arg: Arg) -> Arg {
    if !matches!(arg.get_action(), ArgAction::SetTrue) {
        return arg;
    }
    arg.action(ArgAction::Set)
        .num_args(0..=1)
        .require_equals(true)
        .default_missing_value("true")
        .default_value("false")
        .hide_default_value(true)
        .value_name("BOOL")
        .value_parser(truth)
}

/// Reads a truth value as Go does.
fn truth(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err("expected true or false".into()),
    }
}

/// Reads the name of a rule as any text, so that a slip gets rolecall's own answer, and lets shells
/// complete the names.
#[derive(Debug, Clone)]
pub(super) struct RuleName;

impl TypedValueParser for RuleName {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |meta: &'static Meta| PossibleValue::new(meta.name).help(meta.summary);
        Some(Box::new(RULES.iter().map(|rule| rule.meta()).map(value)))
    }
}

/// Texts that were typed as one line of CSV.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List(Vec<String>);

impl List {
    /// Returns the list with each text changed.
    pub(super) fn map(&self, change: impl Fn(&str) -> String) -> Self {
        Self(self.0.iter().map(|text| change(text)).collect())
    }

    /// Returns the texts of several flags.
    pub(super) fn all(lists: &[Self]) -> impl Iterator<Item = &String> {
        lists.iter().flat_map(|list| &list.0)
    }
}

impl FromStr for List {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut fields = Vec::new();
        let mut rest = Some(text).filter(|text| !text.is_empty());
        while let Some(text) = rest {
            let (field, after) = match text.strip_prefix('"') {
                Some(quoted) => unquoted(quoted)?,
                None => {
                    let end = text.find([',', '\n']).unwrap_or(text.len());
                    (text[..end].to_string(), &text[end..])
                }
            };
            if !text.starts_with('"') && field.contains('"') {
                return Err("expected no \" within a text that does not begin with one".into());
            }
            fields.push(field);
            // What follows the first line is nothing to Helm.
            rest = after.strip_prefix(',');
        }
        Ok(Self(fields))
    }
}

/// Reads a text after its first quote; returns it, and what follows the last one.
fn unquoted(mut text: &str) -> Result<(String, &str), String> {
    let mut field = String::new();
    loop {
        let (part, rest) = text.split_once('"').ok_or("expected a \" at the end")?;
        field.push_str(part);
        match rest.strip_prefix('"') {
            Some(more) => {
                field.push('"');
                text = more;
            }
            None if rest.is_empty() || rest.starts_with([',', '\n']) => return Ok((field, rest)),
            None => return Err("expected a comma after the closing \"".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_as_go_reads_csv() {
        let cases: [(&str, &[&str]); 8] = [
            ("", &[]),
            ("a", &["a"]),
            ("a,b,", &["a", "b", ""]),
            (",", &["", ""]),
            (" a , b", &[" a ", " b"]),
            ("\"a,b\",c", &["a,b", "c"]),
            ("\"a\"\"b\"", &["a\"b"]),
            ("a,b\nc", &["a", "b"]),
        ];
        for (text, expected) in cases {
            let expected = expected.iter().map(|it| (*it).to_string()).collect();
            assert_eq!(text.parse(), Ok(List(expected)), "{text:?}");
        }
        for text in ["a\"b", "\"a", "\"a\"b"] {
            assert!(text.parse::<List>().is_err(), "{text}");
        }
    }

    #[test]
    fn switches_take_a_value_and_the_last_one_counts() {
        let cases: [(&[&str], bool); 5] = [
            (&[], false),
            (&["--no-hooks"], true),
            (&["--no-hooks", "--no-hooks=false"], false),
            (&["--no-hooks=f", "--no-hooks=T"], true),
            (&["--no-hooks", "a"], true),
        ];
        for (args, expected) in cases {
            let args = ["rolecall", "render"].iter().chain(args);
            let matches = command().try_get_matches_from(args).expect("the flags are right");
            let (_, matches) = matches.subcommand().expect("there is one");
            assert_eq!(matches.get_flag("no_hooks"), expected);
        }
        let wrong = command().try_get_matches_from(["rolecall", "render", "--no-hooks=no"]);
        assert!(wrong.is_err_and(|error| error.to_string().contains("expected true or false")));
    }
}

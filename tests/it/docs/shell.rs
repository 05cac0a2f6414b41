//! As much of a shell as the docs use.

/// A command without pipes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Command {
    pub(super) words: Vec<String>,
    /// Whether it reads what the one before it prints.
    pub(super) is_piped: bool,
    /// Whether a file takes the place of a stream.
    pub(super) is_redirected: bool,
}

impl Command {
    /// Returns the arguments where it is a run of the program.
    pub(super) fn args(&self) -> Option<Vec<&str>> {
        let is_variable = |word: &&str| {
            let name = word.split_once('=').map(|(name, _)| name);
            name.is_some_and(|it| it.chars().all(|it| it.is_ascii_uppercase() || it == '_'))
        };
        let mut words = self.words.iter().map(String::as_str).skip_while(is_variable);
        match words.next()? {
            "rolecall" => Some(words.collect()),
            "cargo" if self.words.iter().any(|it| it == "run") => {
                let args: Vec<&str> = words.skip_while(|it| *it != "--").skip(1).collect();
                let is_ours = !self.words.iter().any(|it| it == "--example");
                (is_ours && !args.is_empty()).then_some(args)
            }
            _ => None,
        }
    }
}

/// Takes a line apart into commands.
pub(super) fn commands(line: &str) -> Vec<Command> {
    let mut commands = vec![Command::default()];
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        let command = commands.last_mut().expect("one is there");
        match first {
            '#' => break,
            ';' | '&' | '|' => {
                let operator = rest.len() - rest.trim_start_matches([';', '&', '|']).len();
                let is_piped = &rest[..operator] == "|";
                commands.push(Command { is_piped, ..Command::default() });
                rest = &rest[operator..];
            }
            '<' if rest.starts_with("<(") => {
                let end = rest.find(')').map_or(rest.len(), |at| at + 1);
                command.words.push(rest[..end].into());
                rest = &rest[end..];
            }
            '<' | '>' => {
                command.is_redirected = true;
                // `2>` is part of it.
                command.words.pop_if(|it| *it == "2" && line.contains("2>"));
                rest = word(rest.trim_start_matches(['<', '>', '&', ' '])).1;
            }
            _ => {
                let (word, after) = word(rest);
                command.words.push(word);
                rest = after;
            }
        }
        rest = rest.trim_start();
    }
    commands.retain(|it| !it.words.is_empty());
    commands
}

/// Takes the first word off a line, without its quotes.
fn word(line: &str) -> (String, &str) {
    let (mut word, mut quote) = (String::new(), None);
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), letter) if open == letter => quote = None,
            (None, ' ' | '|' | ';' | '&' | '<' | '>') => return (word, &line[at..]),
            _ => word.push(letter),
        }
    }
    (word, "")
}

/// Returns a script's lines without comments; those that a backslash breaks are one.
pub(super) fn lines(script: &str) -> Vec<String> {
    let joined = script.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim);
    lines.filter(|it| !it.is_empty() && !it.starts_with('#')).map(str::to_owned).collect()
}

#[test]
fn lines_are_taken_apart() {
    // `_` between words, `|` before what is piped, `>` behind what is redirected.
    let written = |it: &Command| {
        let before = if it.is_piped { "|" } else { "" };
        let behind = if it.is_redirected { ">" } else { "" };
        format!("{before}{}{behind}", it.words.join("_"))
    };
    let table: [(&str, &[&str]); 7] = [
        ("a -b 'c d' \"e|f\"g # h", &["a_-b_c d_e|fg"]),
        ("a | b && c; d", &["a", "|b", "c", "d"]),
        ("a > b", &["a>"]),
        ("a b 2>/dev/null", &["a_b>"]),
        ("a <(b c) d", &["a_<(b c)_d"]),
        ("a - < b", &["a_->"]),
        ("", &[]),
    ];
    for (line, expected) in table {
        let found: Vec<String> = commands(line).iter().map(written).collect();
        assert_eq!(found, expected, "{line}");
    }
}

#[test]
fn runs_of_the_program_are_known() {
    let table: [(&str, Option<&[&str]>); 6] = [
        ("rolecall lint a", Some(&["lint", "a"])),
        ("A_B=c rolecall man", Some(&["man"])),
        ("cargo run --quiet -- lint a", Some(&["lint", "a"])),
        ("cargo run --example a -- b", None),
        ("helm rolecall lint", None),
        ("A=b", None),
    ];
    for (line, expected) in table {
        let commands = commands(line);
        assert_eq!(commands[0].args().as_deref(), expected, "{line}");
    }
}

//! Where the program reads and writes, and what is known of the terminal.

use std::collections::BTreeSet;
use std::io::{ErrorKind, IsTerminal, Read, Write};
use std::path::PathBuf;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::args::Color;
use super::progress::Progress;
use crate::report::text::{Colour, Glyphs, Style};

/// The width of messages where no terminal gives one.
const DEFAULT_WIDTH: usize = 100;

/// The least width that messages are wrapped at.
const LEAST_WIDTH: usize = 40;

/// What Helm tells its plugins.
#[derive(Debug, Clone)]
pub struct HelmPlugin {
    /// The name of the plugin, as in `helm NAME`.
    pub name: String,
    /// The namespace of `helm -n`, or that of the context; Helm hands `-n` to no plugin.
    pub namespace: Option<String>,
}

/// What is known of the surroundings: all that the program takes from its environment.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The working directory.
    pub folder: PathBuf,
    /// The columns of the terminal, where there is one.
    pub width: Option<usize>,
    /// Whether standard output is a terminal that shows colours.
    pub stdout: Colour,
    /// Whether standard error is a terminal that shows colours.
    pub stderr: Colour,
    /// Whether standard error is a terminal on which lines can be drawn anew, to show progress.
    pub is_live: bool,
    /// What pictures can be drawn with.
    pub glyphs: Glyphs,
    /// The time that templates see, in seconds since 1970, as SOURCE_DATE_EPOCH gives it.
    pub source_date_epoch: Option<String>,
    /// The plugin of Helm that the program runs as.
    pub helm: Option<HelmPlugin>,
    /// What ends the process with an exit code, where a bound on time or memory is passed that
    /// nothing else holds; without it nothing does.
    pub end: Option<fn(u8) -> !>,
}

impl Surroundings {
    /// Looks at the process.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    pub fn of_process() -> Self {
        let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let is_dumb = variable("TERM").is_some_and(|value| value == "dumb");
        let colour = |is_terminal: bool| {
            let forced = variable("CLICOLOR_FORCE").is_some_and(|value| value != "0");
            let refused = variable("NO_COLOR").is_some()
                || variable("CLICOLOR").is_some_and(|value| value == "0")
                || is_dumb;
            match (variable("NO_COLOR").is_some(), forced, refused) {
                (false, true, _) => Colour::Ansi,
                (_, _, false) if is_terminal => Colour::Ansi,
                _ => Colour::None,
            }
        };
        let language = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| variable(name));
        let is_unicode = language.is_none_or(|it| {
            let it = it.to_ascii_lowercase();
            it.contains("utf-8") || it.contains("utf8") || it == "c" || it == "posix"
        });
        let columns = variable("COLUMNS").and_then(|value| value.parse().ok());
        let of_terminal = || terminal_size::terminal_size().map(|(width, _)| width.0.into());
        Self {
            folder: std::env::current_dir().unwrap_or_default(),
            width: columns.or_else(of_terminal),
            stdout: colour(std::io::stdout().is_terminal()),
            stderr: colour(std::io::stderr().is_terminal()),
            is_live: std::io::stderr().is_terminal() && !is_dumb,
            glyphs: if is_unicode { Glyphs::Unicode } else { Glyphs::Ascii },
            source_date_epoch: variable("SOURCE_DATE_EPOCH"),
            helm: variable("HELM_PLUGIN_NAME")
                .map(|name| HelmPlugin { name, namespace: variable("HELM_NAMESPACE") }),
            end: None,
        }
    }
}

impl Surroundings {
    /// Returns the namespace that Helm installs into.
    pub(super) fn home(&self) -> String {
        let of_helm = self.helm.as_ref().and_then(|it| it.namespace.clone());
        of_helm.unwrap_or_else(|| "default".into())
    }

    /// Returns the day, at Greenwich: that of SOURCE_DATE_EPOCH where it is set.
    #[allow(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub(super) fn today(&self) -> Date {
        let set = self.source_date_epoch.as_ref().and_then(|text| text.parse().ok());
        let seconds = set.unwrap_or_else(|| {
            let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            since.ok().and_then(|it| i64::try_from(it.as_secs()).ok()).unwrap_or_default()
        });
        let moment = Timestamp::from_second(seconds);
        let moment = moment.unwrap_or(if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX });
        TimeZone::UTC.to_datetime(moment).date()
    }
}

/// The streams of the program.
pub struct Streams<'a> {
    /// What it reads manifests from.
    pub stdin: &'a mut dyn Read,
    /// What its product goes to.
    pub stdout: &'a mut dyn Write,
    /// What its talk goes to.
    pub stderr: &'a mut dyn Write,
    /// What is known of the terminal.
    pub surroundings: Surroundings,
}

impl std::fmt::Debug for Streams<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Streams").field("surroundings", &self.surroundings).finish()
    }
}

/// The streams together with what was typed about them.
pub(super) struct Console<'a> {
    streams: Streams<'a>,
    color: Color,
    quiet: bool,
    /// How much is told of what becomes of the inputs.
    verbosity: u8,
    progress: Progress,
    /// What was told of inputs.
    told: BTreeSet<String>,
}

impl Drop for Console<'_> {
    fn drop(&mut self) {
        self.progress.clear();
    }
}

impl<'a> Console<'a> {
    pub(super) fn new(streams: Streams<'a>, color: Color) -> Self {
        let is_live = streams.surroundings.is_live;
        let progress = if is_live { Progress::on_terminal() } else { Progress::default() };
        Self { streams, color, quiet: false, verbosity: 0, progress, told: BTreeSet::new() }
    }

    /// Tells whether remarks are printed at all.
    pub(super) fn is_hushed(&self) -> bool {
        self.quiet
    }

    /// Leaves out what can be left out from here on.
    pub(super) fn hush(&mut self) {
        self.quiet = true;
        self.progress = Progress::default();
    }

    /// Tells what becomes of the inputs, from here on.
    pub(super) fn raise(&mut self, verbosity: u8) {
        self.verbosity = verbosity;
    }

    /// Tells what becomes of inputs; what was told before is known.
    pub(super) fn tell(&mut self, lines: &[String]) {
        for line in lines {
            if self.told.insert(line.clone()) {
                self.complain(&format!("{line}\n"));
            }
        }
    }

    pub(super) fn verbosity(&self) -> u8 {
        self.verbosity
    }

    pub(super) fn progress(&self) -> &Progress {
        &self.progress
    }

    pub(super) fn surroundings(&self) -> &Surroundings {
        &self.streams.surroundings
    }

    pub(super) fn stdin(&mut self) -> &mut dyn Read {
        self.streams.stdin
    }

    /// Writes the product. A reader that went away is no error: nobody is there to be told.
    pub(super) fn print(&mut self, text: &str) -> Result<(), std::io::Error> {
        self.progress.clear();
        let stdout = &mut self.streams.stdout;
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }

    /// Writes an error.
    pub(super) fn complain(&mut self, text: &str) {
        self.progress.clear();
        let stderr = &mut self.streams.stderr;
        // Where standard error cannot be written there is no place left to say so.
        drop(stderr.write_all(text.as_bytes()).and_then(|()| stderr.flush()));
    }

    /// Writes what can be left out: summaries, warnings, progress.
    pub(super) fn remark(&mut self, text: &str) {
        if !self.quiet {
            self.complain(text);
        }
    }

    pub(super) fn out_style(&self) -> Style {
        self.style(self.streams.surroundings.stdout)
    }

    pub(super) fn err_style(&self) -> Style {
        self.style(self.streams.surroundings.stderr)
    }

    fn style(&self, of_stream: Colour) -> Style {
        let surroundings = &self.streams.surroundings;
        let colour = match self.color {
            Color::Auto => of_stream,
            Color::Always => Colour::Ansi,
            Color::Never => Colour::None,
        };
        let width = surroundings.width.unwrap_or(DEFAULT_WIDTH).max(LEAST_WIDTH);
        Style { width, colour, glyphs: surroundings.glyphs }
    }
}

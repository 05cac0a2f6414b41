//! Jinja: templates that end in `.yaml.j2`, through minijinja, over the same values and functions.
//!
//! `Release`, `Values`, `Chart`, `Capabilities`, `Files` and `Template` are globals. Each of Helm's
//! functions is a function and a filter; as in Helm's pipelines, a filter's value is its last
//! argument: `Values.port | default(80)`.

mod bridge;
mod functions;
mod guard;
mod trail;

use std::cell::RefCell;
use std::sync::Arc;

use minijinja::syntax::SyntaxConfig;
use minijinja::{
    Environment, Error as JinjaError, ErrorKind as JinjaErrorKind, Output, State, UndefinedBehavior,
};
use send_wrapper::SendWrapper;

use super::functions::{Budget, Random};
use super::value::Map;
use super::{Error, Frame, Limits};
use crate::source::{FileId, Span, Trail};

/// The ending of files that Jinja renders.
pub(super) const ENDING: &str = ".yaml.j2";

/// How many bytes a template may make for each unit of minijinja's fuel.
const BYTES_PER_FUEL: u64 = 64;

/// The global under which functions find what they may use.
const WORLD: &str = "__rolecall";

/// The Jinja templates of a chart, compiled; shared by all of its releases.
#[derive(Debug)]
pub(super) struct Jinja {
    environment: Environment<'static>,
    files: trail::Files,
    fuel: u64,
}

/// What functions may use while one release is rendered.
#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) random: Random,
    pub(super) now: i64,
    pub(super) budget: Budget,
    /// The fuel that the template has burnt, as of what it wrote last.
    pub(super) burnt: u64,
}

/// The world as an object of Jinja's.
#[derive(Debug)]
struct SharedWorld(SendWrapper<RefCell<World>>);

impl minijinja::value::Object for SharedWorld {}

impl Jinja {
    /// Builds an engine without templates; the limits bound each template on its own.
    pub(super) fn new(limits: Limits) -> Self {
        let fuel = limits.steps.min(limits.bytes / BYTES_PER_FUEL);
        let mut environment = Environment::new();
        environment.set_syntax(
            SyntaxConfig::builder()
                .keep_trailing_newline(true)
                .build()
                .expect("the default delimiters differ"),
        );
        environment.set_path_join_callback(|name, parent| beside(name, parent).into());
        environment.set_undefined_behavior(UndefinedBehavior::Lenient);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.set_formatter(format);
        environment.set_debug(true);
        environment.set_fuel(Some(fuel));
        functions::register(&mut environment);
        environment.add_filter("tojson", functions::to_json);
        environment.add_filter("string", functions::string);
        Self { environment, files: trail::Files::new(), fuel }
    }

    /// Adds a template.
    ///
    /// # Errors
    /// Where it is no Jinja.
    pub(super) fn add(
        &mut self,
        name: &str,
        text: &str,
        file: Option<FileId>,
    ) -> Result<(), Error> {
        if let Some(file) = file {
            self.files.insert(name.to_owned(), (text.into(), file));
        }
        if guard::is_too_long(text) {
            let longest = guard::LONGEST;
            let message = format!("{name}: an expression is longer than {longest} bytes");
            return Err(Error::new(message));
        }
        guard::deep(|| self.environment.add_template_owned(name.to_owned(), text.to_owned()))
            .map_err(|error| self.error(&error))
    }

    /// Renders a template, and returns what is left of the budget too; `context` holds the globals.
    ///
    /// # Errors
    /// Where an expression fails.
    pub(super) fn render(
        &self,
        name: &str,
        context: &Map,
        world: World,
    ) -> Result<(String, Trail, Budget), Error> {
        let template = self.environment.get_template(name).map_err(|error| self.error(&error))?;
        let mut globals: std::collections::BTreeMap<String, minijinja::Value> = context
            .snapshot()
            .iter()
            .map(|(key, value)| (key.to_string(), bridge::to_jinja(value)))
            .collect();
        let world = Arc::new(SharedWorld(SendWrapper::new(RefCell::new(world))));
        globals.insert(WORLD.into(), minijinja::Value::from_dyn_object(world.clone()));
        let (text, spans) = guard::deep(|| template.render_with_spans(globals))
            .map_err(|error| self.error(&error))?;
        let trail = trail::of(&self.files, (name, &text), &spans);
        let World { mut budget, burnt, .. } = world.0.borrow().clone();
        let charged = budget.take_steps(burnt).and_then(|()| budget.take_bytes(text.len()));
        charged.map_err(|error| Error::new(error.message))?;
        Ok((text, trail, budget))
    }

    fn error(&self, error: &JinjaError) -> Error {
        let name = error.name().unwrap_or_default();
        let line = error.line().unwrap_or_default();
        let reason = match error.detail() {
            _ if error.kind() == JinjaErrorKind::OutOfFuel => format!(
                "the template takes more than {} steps to render; raise the bound with \
                 --max-steps and --max-bytes",
                self.fuel
            ),
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        let span = self.files.get(name).and_then(|(_, file)| {
            let range = error.range()?;
            Some(Span::new(*file, range.start, range.end))
        });
        Error {
            message: format!("{name}:{line}: {reason}"),
            reason,
            frames: vec![Frame { template: name.to_owned(), span }],
            values: Vec::new(),
            help: None,
        }
    }
}

/// Returns the name of a template that another one names: it stands in the same folder.
fn beside(name: &str, parent: &str) -> String {
    let mut parts: Vec<&str> = parent.split('/').collect();
    parts.pop();
    for part in name.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Writes what `{{ value }}` prints: as Go prints it, nothing for what is not there.
fn format(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &minijinja::Value,
) -> Result<(), JinjaError> {
    if let Some(world) = world(state) {
        world.0.borrow_mut().burnt = state.fuel_levels().unwrap_or_default().0;
    }
    if value.is_undefined() || value.is_none() {
        return Ok(());
    }
    if let Some(text) = value.as_str() {
        return out.write_str(text).map_err(JinjaError::from);
    }
    let value = bridge::from_jinja(value, &mut bridge::BYTES.clone());
    let text = value.and_then(|value| value.print_within(bridge::BYTES));
    out.write_str(&text.ok_or_else(functions::too_large)?).map_err(JinjaError::from)
}

/// Finds what functions may use.
fn world(state: &State<'_, '_>) -> Option<Arc<SharedWorld>> {
    state.lookup(WORLD)?.downcast_object::<SharedWorld>()
}

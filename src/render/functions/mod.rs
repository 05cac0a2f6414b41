//! The template functions: one table for both template languages.

mod args;
mod budget;
mod cases;
mod certificates;
mod collections;
mod compare;
mod convert;
mod crypto;
mod dates;
mod defaults;
mod dicts;
mod encoding;
mod escape;
mod flow;
mod fmt;
mod hashes;
mod layout;
mod lists;
mod markup;
mod math;
mod paths;
mod random;
mod reflection;
mod regex;
mod special;
mod strings;
mod urls;
mod versions;
mod weigh;

use std::collections::HashMap;
use std::sync::OnceLock;

pub use budget::Budget;
pub(crate) use weigh::weigh;

use crate::render::value::Value;

/// The type that Go's evaluator checks an argument against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param {
    /// `interface {}`: anything, nil too.
    Any,
    /// `string`.
    String,
    /// `int`.
    Int,
    /// `uint32`.
    Uint32,
    /// `int64`.
    Int64,
    /// `float64`.
    Float,
    /// `bool`.
    Bool,
    /// `map[string]interface {}`; `common.Values` passes, `map[string]string` does not.
    Map,
    /// `[]interface {}`.
    List,
    /// `time.Time`.
    Time,
    /// `time.Duration`.
    Duration,
    /// `*time.Location`.
    Location,
    /// `*semver.Version`.
    Version,
    /// `sprig.certificate`.
    Certificate,
}

impl Param {
    /// Returns the name of the Go type, as errors give it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Any => "interface {}",
            Self::String => "string",
            Self::Int => "int",
            Self::Uint32 => "uint32",
            Self::Int64 => "int64",
            Self::Float => "float64",
            Self::Bool => "bool",
            Self::Map => "map[string]interface {}",
            Self::List => "[]interface {}",
            Self::Time => "time.Time",
            Self::Duration => "time.Duration",
            Self::Location => "*time.Location",
            Self::Version => "*semver.Version",
            Self::Certificate => "sprig.certificate",
        }
    }
}

/// What the language's own evaluator does itself, since it needs templates or laziness.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Special {
    /// `include NAME DATA`.
    Include,
    /// `tpl TEXT DATA`.
    Tpl,
    /// `and`, which stops at the first false operand.
    And,
    /// `or`, which stops at the first true operand.
    Or,
    /// `call`.
    Call,
}

/// How a function is carried out.
#[derive(Clone, Copy)]
pub enum Run {
    /// By this function; the arguments have been checked against the parameters.
    Plain(fn(&mut Context<'_>, &[Value]) -> Result<Value, FunctionError>),
    /// By the evaluator.
    Special(Special),
}

/// A template function: its name, its parameters as Go types them, and what it does.
pub struct Function {
    /// The name in templates.
    pub name: &'static str,
    /// The parameters that must be given.
    pub params: &'static [Param],
    /// The type of any number of further arguments; none where there may be none.
    pub rest: Option<Param>,
    /// What it does.
    pub run: Run,
}

impl std::fmt::Debug for Function {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Function").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Function {
    /// Tells whether the function draws from [`Context::random`], so that the evaluator seeds it by
    /// the call's place.
    #[must_use]
    pub fn draws(&self) -> bool {
        let name = self.name;
        let kinds = ["rand", "gen", "uuid", "shuffle", "bcrypt", "htpasswd", "encryptAES"];
        // Asked at each call, and nearly always to say no.
        name.starts_with(['r', 'g', 'u', 's', 'b', 'h', 'e'])
            && kinds.iter().any(|kind| name.starts_with(kind))
    }
}

/// Why a function failed; becomes `error calling NAME: MESSAGE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionError {
    /// Go's text, an error's or a panic's.
    pub message: String,
    /// Whether the chart's author asked for the failure.
    pub kind: Failure,
}

/// Who asked for a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The function could not do its work.
    Function,
    /// `fail` or `required` in a template: Helm prints `execution error at (…): MESSAGE`.
    Author,
    /// One of rolecall's own bounds was met.
    Limit,
}

impl FunctionError {
    /// Builds the failure of a function.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), kind: Failure::Function }
    }
}

/// What functions may use beyond their arguments.
pub struct Context<'a> {
    /// What random functions draw from.
    pub random: &'a mut Random,
    /// The time that `now` gives, in Unix seconds.
    pub now: i64,
    /// What may still be used up.
    pub budget: &'a mut Budget,
}

/// The seed of random functions: the same for the same release, chart and call site.
#[derive(Debug, Clone)]
pub struct Random {
    /// The state of the generator; each draw changes it.
    pub state: u64,
}

/// The tables of all function modules; a name stands in one of them only.
static TABLES: &[&[Function]] = &[
    cases::TABLE,
    certificates::TABLE,
    collections::TABLE,
    compare::TABLE,
    convert::TABLE,
    crypto::TABLE,
    dates::TABLE,
    defaults::TABLE,
    dicts::TABLE,
    encoding::TABLE,
    escape::TABLE,
    flow::TABLE,
    fmt::TABLE,
    hashes::TABLE,
    layout::TABLE,
    lists::TABLE,
    markup::TABLE,
    math::TABLE,
    paths::TABLE,
    random::TABLE,
    reflection::TABLE,
    regex::TABLE,
    special::TABLE,
    strings::TABLE,
    urls::TABLE,
    versions::TABLE,
];

/// Returns the function of a name.
#[must_use]
pub fn lookup(name: &str) -> Option<&'static Function> {
    static BY_NAME: OnceLock<HashMap<&'static str, &'static Function>> = OnceLock::new();
    BY_NAME
        .get_or_init(|| all().map(|function| (function.name, function)).collect())
        .get(name)
        .copied()
}

/// Returns all functions, in the order of the tables.
pub fn all() -> impl Iterator<Item = &'static Function> {
    TABLES.iter().flat_map(|table| table.iter())
}

//! What can be typed: recorded here as typed, resolved by [`super::job`].

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::flags::{List, RuleName};
use super::format::{DiffFormat, Format, Target, TargetParser};
use crate::collide::Deployer;
use crate::finding::Severity;
use crate::render::Limits;
use crate::rules::Selector;

/// Renders Helm charts for every namespace, finds the RBAC objects that would overwrite each other,
/// and merges them. Offline.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, long_version = env!("ROLECALL_VERSION"))]
#[command(arg_required_else_help = true, max_term_width = 100)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
    /// When to colour: on a terminal, always or never; NO_COLOR and CLICOLOR_FORCE count for auto.
    #[arg(long, value_enum, default_value_t = Color::Auto, global = true)]
    pub(super) color: Color,
    /// Print no summaries and no warnings.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Tell what becomes of each input, and which values are given; twice: of each release.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, conflicts_with = "quiet")]
    pub(super) verbose: u8,
}

/// When output is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Render each release, as `helm template` does
    Render(RenderArgs),
    /// Find collisions and lost subjects
    Lint(LintArgs),
    /// Merge what collides, and show who gains and who loses access
    Merge(MergeArgs),
    /// Show who gains and who loses access between two inputs, and what differs
    Diff(DiffArgs),
    /// Explain a rule, or list all
    Explain(ExplainArgs),
    /// Write a rolecall.yaml for the charts and manifests of a folder
    Init(InitArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print a manual page
    Man(ManArgs),
    /// Print the JSON Schema of rolecall.yaml
    Schema,
}

/// What is rendered, and how.
#[derive(Debug, Clone, Args)]
pub(super) struct InputArgs {
    /// Charts, packaged charts, folders of `*.yaml.j2` templates, manifests, folders of these,
    /// rolecall.yaml files, or `-` for manifests on standard input
    pub(super) paths: Vec<PathBuf>,
    /// A set of built-in templates, in place of a path
    #[arg(long, value_name = "NAME", conflicts_with = "paths")]
    pub(super) builtin: Option<String>,
    /// The name of the release [default: the chart's name]
    #[arg(long, value_name = "NAME", help_heading = "Release")]
    pub(super) release: Option<String>,
    /// The namespaces, one release for each; repeat or separate by commas
    #[arg(
        short,
        long,
        visible_alias = "namespaces",
        value_name = "NS",
        value_delimiter = ',',
        help_heading = "Release"
    )]
    pub(super) namespace: Vec<String>,
    /// A template for the name of the release
    #[arg(long, value_name = "TEMPLATE", help_heading = "Release")]
    pub(super) name_template: Option<String>,
    /// Render as an upgrade, not as an install
    #[arg(long, help_heading = "Release")]
    pub(super) is_upgrade: bool,
    #[command(flatten)]
    pub(super) values: ValueArgs,
    #[command(flatten)]
    pub(super) cluster: ClusterArgs,
    #[command(flatten)]
    pub(super) selection: SelectionArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
}

/// Where values come from, as `helm template` takes them.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Values")]
pub(super) struct ValueArgs {
    /// Files of values; repeat or separate by commas, later ones win
    #[arg(short = 'f', long, value_name = "FILE")]
    pub(super) values: Vec<List>,
    /// A value: KEY=VALUE[,KEY=VALUE]
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,
    /// A value that stays text
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set_string: Vec<String>,
    /// A value in JSON
    #[arg(long, value_name = "KEY=JSON")]
    pub(super) set_json: Vec<String>,
    /// A value that is a file's content
    #[arg(long, value_name = "KEY=PATH")]
    pub(super) set_file: Vec<String>,
    /// A value that is taken as it stands
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set_literal: Vec<String>,
    /// Do not check values against values.schema.json
    #[arg(long)]
    pub(super) skip_schema_validation: bool,
}

/// What templates see of the cluster.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Cluster")]
pub(super) struct ClusterArgs {
    /// The version of Kubernetes that `.Capabilities` shows
    #[arg(long, value_name = "VERSION")]
    pub(super) kube_version: Option<String>,
    /// More API versions for `.Capabilities.APIVersions`; repeat or separate by commas
    #[arg(short = 'a', long, value_name = "VERSIONS")]
    pub(super) api_versions: Vec<List>,
}

/// Which documents count.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Selection")]
pub(super) struct SelectionArgs {
    /// Take the CRDs of the folders crds/ too
    #[arg(long)]
    pub(super) include_crds: bool,
    /// Leave the CRDs of the folders crds/ out, as is the default; --include-crds wins over it
    #[arg(long)]
    pub(super) skip_crds: bool,
    /// Leave hooks out
    #[arg(long)]
    pub(super) no_hooks: bool,
    /// Leave test hooks out
    #[arg(long)]
    pub(super) skip_tests: bool,
    /// Take only what these templates give
    #[arg(short, long, value_name = "TEMPLATE")]
    pub(super) show_only: Vec<String>,
}

/// What bounds the rendering of each release.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// The most steps that a release may take to render
    #[arg(long, value_name = "STEPS", default_value_t = Limits::default().steps)]
    pub(super) max_steps: u64,
    /// The most bytes that a release may make while it is rendered
    #[arg(long, value_name = "BYTES", default_value_t = Limits::default().bytes)]
    pub(super) max_bytes: u64,
    /// The most seconds that a release may take to render
    #[arg(long, value_name = "SECONDS", default_value_t = Limits::default().seconds)]
    pub(super) max_seconds: u64,
}

#[derive(Debug, Args)]
pub(super) struct RenderArgs {
    /// Print ClusterRoles, ClusterRoleBindings, Roles, RoleBindings and ServiceAccounts only
    #[arg(long)]
    pub(super) rbac: bool,
    /// Write files below this folder in place of standard output
    #[arg(long, value_name = "DIR")]
    pub(super) output_dir: Option<PathBuf>,
    #[command(flatten)]
    pub(super) input: InputArgs,
}

#[derive(Debug, Args)]
pub(super) struct LintArgs {
    /// An export of the cluster (`kubectl get … -o yaml`), what is there already; `-` for standard
    /// input
    #[arg(long, value_name = "FILE")]
    pub(super) against: Option<PathBuf>,
    /// What brings the objects to the cluster; repeat or separate by commas [default: all]
    #[arg(long, value_name = "NAME", value_enum, value_delimiter = ',')]
    pub(super) deployer: Vec<DeployerName>,
    /// A format, and the file that it goes to; may be repeated
    #[arg(long, value_name = "NAME[=FILE]", default_value = "text", value_parser = TargetParser::<Format>::new())]
    pub(super) format: Vec<Target<Format>>,
    /// The least severity that makes the exit code 1 [default: error]
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub(super) fail_on: Option<Level>,
    /// Mend in templates and manifests what is clearly meant otherwise, or what these rules find;
    /// `unique-names` writes the release's namespace into names that collide
    #[arg(
        help_heading = "Fixes",
        long,
        value_name = "NAME",
        num_args = 0..=1,
        require_equals = true,
        value_delimiter = ',',
        default_missing_value = crate::fix::SAFE
    )]
    pub(super) fix: Vec<String>,
    /// With --fix: write nothing, show what would change, and exit with 1 where something would
    #[arg(help_heading = "Fixes", long, requires = "fix")]
    pub(super) diff: bool,
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    pub(super) judging: JudgingArgs,
}

/// Which rules are run, and which findings count.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rules and findings")]
pub(super) struct JudgingArgs {
    /// The rules to run, in place of all but those of low confidence: names, families (collision,
    /// hygiene, risk, template, validity), `all`, or how names begin, as in `wildcard-*`; repeat or
    /// separate by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = Selector::read)]
    pub(super) select: Vec<Selector>,
    /// The rules to leave out, named likewise; of two flags the more precise one counts
    #[arg(long, value_name = "RULES", value_delimiter = ',', value_parser = Selector::read)]
    pub(super) ignore: Vec<Selector>,
    /// Let findings never make the exit code 1; input that cannot be read still makes it 2
    #[arg(long)]
    pub(super) exit_zero: bool,
    /// Show what comments, lint.exclude of rolecall.yaml and the baseline silence
    #[arg(long)]
    pub(super) no_ignores: bool,
    /// A file of findings that are known: they do not count
    #[arg(long, value_name = "FILE")]
    pub(super) baseline: Option<PathBuf>,
    /// Write what is found to the file of --baseline, in place of what it holds
    #[arg(long, requires = "baseline")]
    pub(super) write_baseline: bool,
}

/// A severity, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    Info,
    Warning,
    Error,
    /// No severity: findings never make it 1
    Never,
}

impl Level {
    /// Returns the severity; none for never.
    pub(super) fn severity(self) -> Option<Severity> {
        match self {
            Self::Info => Some(Severity::Info),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::Never => None,
        }
    }
}

/// A deployer, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum DeployerName {
    /// kubectl apply
    Kubectl,
    /// kubectl apply --server-side
    ServerSide,
    /// helm install and helm upgrade
    Helm,
    /// the same with --take-ownership
    HelmTakeOwnership,
    /// HelmReleases and Kustomizations of Flux
    Flux,
    /// Applications of Argo CD
    Argocd,
}

impl From<DeployerName> for Deployer {
    fn from(name: DeployerName) -> Self {
        match name {
            DeployerName::Kubectl => Self::Kubectl,
            DeployerName::ServerSide => Self::ServerSide,
            DeployerName::Helm => Self::Helm,
            DeployerName::HelmTakeOwnership => Self::HelmTakeOwnership,
            DeployerName::Flux => Self::Flux,
            DeployerName::Argocd => Self::Argocd,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct MergeArgs {
    /// An export of the cluster (`kubectl get … -o yaml`), what is there already; `-` for standard
    /// input
    #[arg(long, value_name = "FILE")]
    pub(super) against: Option<PathBuf>,
    /// Write the merged YAML to this file, and the diff to standard output
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Write nothing; exit with 1 where the output file is not up to date
    #[arg(long)]
    pub(super) check: bool,
    /// What becomes of what collides
    #[arg(long, value_name = "STRATEGY", value_enum, default_value_t = Strategy::Union)]
    pub(super) strategy: Strategy,
    /// Take what Helm rendered for the release of --release and -n from standard input, and print it
    /// with what collides merged and all else untouched
    #[arg(long, conflicts_with_all = ["output", "check", "builtin", "name_template"])]
    pub(super) post_renderer: bool,
    #[command(flatten)]
    pub(super) input: InputArgs,
}

/// What becomes of what collides, as typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Strategy {
    /// One object that holds what all hold
    Union,
    /// A role or binding of its own for each release, NAME-NAMESPACE
    Rename,
    /// A RoleBinding in each subject's namespace in place of a ClusterRoleBinding
    #[value(name = "rolebinding")]
    RoleBinding,
}

impl From<Strategy> for crate::merge::Strategy {
    fn from(strategy: Strategy) -> Self {
        match strategy {
            Strategy::Union => Self::Union,
            Strategy::Rename => Self::Rename,
            Strategy::RoleBinding => Self::RoleBinding,
        }
    }
}

#[derive(Debug, Args)]
#[command(
    override_usage = "rolecall diff [OPTIONS] BEFORE AFTER\n       rolecall diff [OPTIONS] --git REV [PATH]...",
    after_help = "It works as KUBECTL_EXTERNAL_DIFF=\"rolecall diff\" too."
)]
pub(super) struct DiffArgs {
    /// Compare what is at a revision of git with what is here: the paths, or the nearest rolecall.yaml
    #[arg(long, value_name = "REV")]
    pub(super) git: Option<String>,
    /// A format, and the file that it goes to; may be repeated
    #[arg(long, value_name = "NAME[=FILE]", default_value = "text", value_parser = TargetParser::<DiffFormat>::new())]
    pub(super) format: Vec<Target<DiffFormat>>,
    #[command(flatten)]
    pub(super) input: InputArgs,
}

#[derive(Debug, Args)]
pub(super) struct ExplainArgs {
    /// The rule; without it all rules are listed
    #[arg(value_parser = RuleName, hide_possible_values = true)]
    pub(super) rule: Option<String>,
    /// The format
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(super) format: ExplainFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ExplainFormat {
    Text,
    Json,
    Markdown,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// The folder that holds charts and manifests, and gets the file
    #[arg(value_name = "DIR", default_value = ".")]
    pub(super) folder: PathBuf,
    /// Write out a set of built-in templates in place of a rolecall.yaml
    #[arg(long, value_name = "NAME")]
    pub(super) builtin: Option<String>,
    /// Write over a rolecall.yaml that is there
    #[arg(long, conflicts_with = "builtin")]
    pub(super) force: bool,
}

#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell
    pub(super) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command; without it the page of rolecall itself
    pub(super) command: Option<String>,
}

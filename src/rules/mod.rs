//! Estate and collisions to findings; one rule, one file, its explanation and examples beside it.

mod account_namespace_mismatch;
mod admission_write;
mod aggregate_to_built_in;
mod aggregated_rules_lost;
mod anonymous_binding;
mod api_extension_write;
mod bind_roles;
mod bindings;
mod built_in_redefined;
mod capability_picks_removed_version;
mod cluster_admin_binding;
mod cluster_resource_in_role;
mod constant_cluster_name;
mod contenders;
mod content_overwritten;
mod could_be_role;
mod covered_rule;
mod csr_approve;
mod dangling_role_ref;
mod dangling_subject;
mod default_account_binding;
mod default_account_when_disabled;
mod duplicate_object;
mod duplicate_subject;
mod empty_grant;
mod escalate_roles;
mod everyone_binding;
mod facts;
mod flaws;
mod foreign_owner;
mod grants;
mod half_gated_rbac;
mod hard_coded_subject_namespace;
mod identical;
mod idle;
mod ignored_namespace;
mod impersonate;
mod invalid_aggregation;
mod invalid_name;
mod invalid_role_ref;
mod invalid_rule;
mod invalid_subject;
mod long_lived_token;
mod lost_subjects;
mod mass_delete;
mod missing_account;
mod names_without_effect;
mod namespace_write;
mod node_proxy;
mod node_write;
mod off;
mod pod_exec;
mod pod_port_forward;
mod policy;
mod policy_engine_write;
mod powers;
mod privileged_policy_use;
mod rbac_hook;
mod rbac_write;
mod release_only_cluster_name;
mod removed_api_version;
mod removed_resource;
mod role_ref_conflict;
mod rules_overwritten;
mod secrets_read;
mod secrets_write;
mod sensitive_configmap_write;
mod star_without_effect;
mod subject_without_namespace;
mod system_masters_subject;
mod token_automount;
mod token_create;
mod traffic_write;
mod truncated_cluster_name;
mod uninstall_hazard;
mod unknown_field;
mod unknown_resource;
mod unknown_verb;
mod unquoted_name;
mod unused_role;
mod verb_without_effect;
mod volume_create;
mod wildcard_api_group;
mod wildcard_everything;
mod wildcard_resource;
mod wildcard_url;
mod wildcard_verb;
mod workload_write;
mod wrong_api_group;

pub use facts::Facts;
pub use policy::{Exclusion, Policy, Selection, Selector, Setting, strongest, suggestion};

use crate::finding::{Confidence, Finding, Severity};

/// All rules, sorted by name.
pub static RULES: &[&dyn Rule] = &[
    &account_namespace_mismatch::AccountNamespaceMismatch,
    &admission_write::RULE,
    &aggregate_to_built_in::AggregateToBuiltIn,
    &aggregated_rules_lost::AggregatedRulesLost,
    &anonymous_binding::RULE,
    &api_extension_write::RULE,
    &bind_roles::RULE,
    &built_in_redefined::BuiltInRedefined,
    &capability_picks_removed_version::CapabilityPicksRemovedVersion,
    &cluster_admin_binding::ClusterAdminBinding,
    &cluster_resource_in_role::RULE,
    &constant_cluster_name::ConstantClusterName,
    &content_overwritten::ContentOverwritten,
    &could_be_role::CouldBeRole,
    &covered_rule::CoveredRule,
    &csr_approve::RULE,
    &dangling_role_ref::DanglingRoleRef,
    &dangling_subject::DanglingSubject,
    &default_account_binding::RULE,
    &default_account_when_disabled::DefaultAccountWhenDisabled,
    &duplicate_object::DuplicateObject,
    &duplicate_subject::DuplicateSubject,
    &empty_grant::EmptyGrant,
    &escalate_roles::RULE,
    &everyone_binding::RULE,
    &foreign_owner::ForeignOwner,
    &half_gated_rbac::HalfGatedRbac,
    &hard_coded_subject_namespace::HardCodedSubjectNamespace,
    &identical::Identical,
    &ignored_namespace::RULE,
    &impersonate::RULE,
    &invalid_aggregation::RULE,
    &invalid_name::RULE,
    &invalid_role_ref::RULE,
    &invalid_rule::RULE,
    &invalid_subject::RULE,
    &long_lived_token::LongLivedToken,
    &lost_subjects::LostSubjects,
    &mass_delete::RULE,
    &missing_account::MissingAccount,
    &names_without_effect::RULE,
    &namespace_write::RULE,
    &node_proxy::RULE,
    &node_write::RULE,
    &pod_exec::RULE,
    &pod_port_forward::RULE,
    &policy_engine_write::RULE,
    &privileged_policy_use::RULE,
    &rbac_hook::RbacHook,
    &rbac_write::RULE,
    &release_only_cluster_name::ReleaseOnlyClusterName,
    &removed_api_version::RULE,
    &removed_resource::RemovedResource,
    &role_ref_conflict::RoleRefConflict,
    &rules_overwritten::RulesOverwritten,
    &secrets_read::RULE,
    &secrets_write::RULE,
    &sensitive_configmap_write::RULE,
    &star_without_effect::RULE,
    &subject_without_namespace::RULE,
    &system_masters_subject::SystemMastersSubject,
    &token_automount::TokenAutomount,
    &token_create::RULE,
    &traffic_write::RULE,
    &truncated_cluster_name::TruncatedClusterName,
    &uninstall_hazard::UninstallHazard,
    &unknown_field::RULE,
    &unknown_resource::UnknownResource,
    &unknown_verb::RULE,
    &unquoted_name::UnquotedName,
    &unused_role::UnusedRole,
    &verb_without_effect::RULE,
    &volume_create::RULE,
    &wildcard_api_group::RULE,
    &wildcard_everything::RULE,
    &wildcard_resource::RULE,
    &wildcard_url::RULE,
    &wildcard_verb::RULE,
    &workload_write::RULE,
    &wrong_api_group::RULE,
];

/// What a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    /// Inputs against each other.
    Collision,
    /// What the API server refuses or drops.
    Validity,
    /// What a grant can do.
    Risk,
    /// What has no effect, leads nowhere, or could be less.
    Hygiene,
    /// How a template writes what it renders.
    Template,
}

impl Family {
    /// All families.
    pub const ALL: [Self; 5] =
        [Self::Collision, Self::Validity, Self::Risk, Self::Hygiene, Self::Template];

    /// Returns the word that `--select` and the machine formats use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Collision => "collision",
            Self::Validity => "validity",
            Self::Risk => "risk",
            Self::Hygiene => "hygiene",
            Self::Template => "template",
        }
    }

    /// Returns the word as a title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Collision => "Collision",
            Self::Validity => "Validity",
            Self::Risk => "Risk",
            Self::Hygiene => "Hygiene",
            Self::Template => "Template",
        }
    }

    /// Returns what the rules of the family look at, in a sentence.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            Self::Collision => "Inputs against each other: one object that several releases bring.",
            Self::Validity => "What the API server refuses, in its own words, or drops.",
            Self::Risk => "What a grant can do, to whom it is given, and how far it reaches.",
            Self::Hygiene => "What has no effect, leads nowhere, or could be less.",
            Self::Template => "How a chart's templates write what they render.",
        }
    }
}

/// Another tool that looks at RBAC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Peer {
    /// kube-linter.
    KubeLinter,
    /// Polaris.
    Polaris,
    /// kube-score.
    KubeScore,
    /// Kubescape, whose controls are `C-` and a number.
    Kubescape,
    /// Trivy, whose checks are `KSV-` and a number.
    Trivy,
    /// rbac-police.
    RbacPolice,
    /// KubiScan.
    KubiScan,
    /// krane.
    Krane,
    /// rbac-tool.
    RbacTool,
    /// Checkov, whose checks are `CKV_K8S_` or `CKV2_K8S_` and a number.
    Checkov,
}

impl Peer {
    /// Returns the tool's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::KubeLinter => "kube-linter",
            Self::Polaris => "Polaris",
            Self::KubeScore => "kube-score",
            Self::Kubescape => "Kubescape",
            Self::Trivy => "Trivy",
            Self::RbacPolice => "rbac-police",
            Self::KubiScan => "KubiScan",
            Self::Krane => "krane",
            Self::RbacTool => "rbac-tool",
            Self::Checkov => "Checkov",
        }
    }
}

/// What `--fix` can do about what a rule finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fixable {
    /// Nothing.
    No,
    /// It writes what was clearly meant, where the place is known to the byte.
    Safe,
    /// It mends it where it is asked for by the rule's or the fix's name, for access changes.
    Asked,
}

/// What a rule says of itself.
#[derive(Debug)]
pub struct Meta {
    /// The name that users write.
    pub name: &'static str,
    /// What it is about.
    pub family: Family,
    /// What it finds, in one phrase.
    pub summary: &'static str,
    /// The severity that its findings have at most.
    pub severity: Severity,
    /// How sure its findings are at most.
    pub confidence: Confidence,
    /// How bad what it finds can be, from 0.0 to 10.0 as CVSS counts; none where it is no matter of
    /// security.
    pub score: Option<&'static str>,
    /// Which other tools find it, each with its name for it.
    pub peers: &'static [(Peer, &'static str)],
    /// What `--fix` can do about it.
    pub fix: Fixable,
    /// Its page in Markdown: what it finds, why it matters, how to fix it, examples.
    pub explanation: &'static str,
}

impl Meta {
    /// What most rules are: sure, no matter of security, in no other tool, with nothing to fix.
    pub const PLAIN: Self = Self {
        name: "",
        family: Family::Collision,
        summary: "",
        severity: Severity::Info,
        confidence: Confidence::High,
        score: None,
        peers: &[],
        fix: Fixable::No,
        explanation: "",
    };
}

/// A rule: it sees the facts, never texts or files, and cannot fail.
pub trait Rule: Sync {
    /// Returns what the rule says of itself.
    fn meta(&self) -> &Meta;

    /// Returns what the rule finds.
    fn check(&self, facts: &Facts<'_>) -> Vec<Finding>;

    /// Returns what it finds that is of low confidence, though the rule's own is higher: it is asked for
    /// only where the rule is named.
    fn guess(&self, _facts: &Facts<'_>) -> Vec<Finding> {
        Vec::new()
    }

    /// Returns what is no finding, as the API server fills it in, and what `--fix` writes out.
    fn left_out(&self, _: &Facts<'_>) -> Vec<Finding> {
        Vec::new()
    }
}

impl std::fmt::Debug for dyn Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.meta().name)
    }
}

/// Returns the rule of a name.
#[must_use]
pub fn lookup(name: &str) -> Option<&'static dyn Rule> {
    RULES.iter().copied().find(|rule| rule.meta().name == name)
}

/// Returns what the rules that are run would write out, and do not find.
#[must_use]
pub fn left_out(facts: &Facts<'_>, policy: &Policy) -> Vec<Finding> {
    let run = RULES.iter().filter(|rule| policy.runs(rule.meta()));
    run.flat_map(|rule| rule.left_out(facts)).collect()
}

/// Returns what the rules find that are run: most harmful first, then by family, then in the order of the objects.
#[must_use]
pub fn check(facts: &Facts<'_>, policy: &Policy) -> Vec<Finding> {
    let run = RULES.iter().filter(|rule| policy.runs(rule.meta()));
    let of_rule = |rule: &&dyn Rule| {
        let mut found = rule.check(facts);
        if policy.is_named(rule.meta().name) {
            found.extend(rule.guess(facts));
        }
        found
    };
    let mut found = policy.settled(run.flat_map(of_rule).collect());
    // What is lost between releases goes before what one grants: no other tool tells it.
    let family = |finding: &Finding| lookup(finding.rule).map(|rule| rule.meta().family);
    found.sort_by_cached_key(|finding| {
        let severity = std::cmp::Reverse(finding.severity);
        (severity, family(finding), finding.object.clone(), finding.rule)
    });
    found
}

//! What each deployer does with the contenders for one identity.
//!
//! Read in the sources, of which each function names its own, and tried for kubectl and Helm
//! (`tests/kubectl/deployers`); `docs/deployers.md` shows it as a table.

use super::{Collision, Difference, Outcome, Ownership};
use crate::rbac::{Estate, Hook, Marks, ObjectId, OwnerKind, is_kept};

/// What brings objects to a cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deployer {
    /// `kubectl apply` of what was rendered.
    Kubectl,
    /// `kubectl apply --server-side`.
    ServerSide,
    /// `helm install` and `helm upgrade`, of Helm 3 and 4.
    Helm,
    /// The same with `--take-ownership`.
    HelmTakeOwnership,
    /// Flux: HelmReleases for releases, Kustomizations for manifests.
    Flux,
    /// Argo CD: an Application for each contender.
    Argocd,
}

impl Deployer {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Kubectl,
        Self::ServerSide,
        Self::Helm,
        Self::HelmTakeOwnership,
        Self::Flux,
        Self::Argocd,
    ];

    /// Returns the word that is typed and printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Kubectl => "kubectl",
            Self::ServerSide => "server-side",
            Self::Helm => "helm",
            Self::HelmTakeOwnership => "helm-take-ownership",
            Self::Flux => "flux",
            Self::Argocd => "argocd",
        }
    }
}

/// What becomes of the object when the next contender is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Apply {
    /// It stays as it is.
    Unchanged,
    /// The apply fails.
    Refused,
    /// It becomes the next one's.
    Overwritten,
    /// It becomes the next one's, and the first one's again, without an end.
    FlipFlop,
}

/// What becomes of the object when a contender is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Removal {
    /// It stays.
    Kept,
    /// It goes, and with it what the others need.
    Deleted,
}

/// What one deployer does with a collision.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fate {
    /// The deployer.
    pub deployer: Deployer,
    /// What happens when the contenders are applied one after the other.
    pub apply: Apply,
    /// What happens when one of them is uninstalled or pruned.
    pub removal: Removal,
    /// Both in words.
    pub message: String,
}

/// What of a collision decides what happens.
#[derive(Debug, Clone, Copy)]
struct Case {
    difference: Difference,
    /// The contenders are of one owner.
    twice: bool,
    /// A contender is a release.
    any_release: bool,
    /// All are.
    all_releases: bool,
    /// All are hooks.
    hooks: bool,
    /// All are files of crds/.
    crd_files: bool,
    /// All are CRDs, wherever they stand.
    crds: bool,
    /// All say `helm.sh/resource-policy: keep`.
    kept: bool,
    /// The one release brings what the export says is its own.
    own: bool,
}

impl Case {
    fn of(estate: &Estate, collision: &Collision) -> Self {
        let kind = |id: &ObjectId| estate.owner_of(*id).kind;
        let (exported, brought): (Vec<_>, Vec<_>) =
            collision.members.iter().copied().partition(|id| kind(id) == OwnerKind::Export);
        let is_release = |id: &ObjectId| kind(id) != OwnerKind::Manifest;
        let all = |test: &dyn Fn(&ObjectId) -> bool| brought.iter().all(test);
        let data = |id: &ObjectId| &estate.object(*id).data;
        let own = match (exported.as_slice(), brought.as_slice()) {
            ([exported], [brought]) => {
                let release = &estate.owner_of(*brought).name;
                Ownership::of(&Marks::of(data(exported)), release) == Ownership::Mine
            }
            _ => false,
        };
        Self {
            difference: collision.difference,
            twice: collision.outcome == Outcome::DuplicateObject,
            any_release: brought.iter().any(is_release),
            all_releases: all(&is_release),
            hooks: all(&|id| Hook::of(data(id)).is_some()),
            crd_files: all(&|id| estate.object(*id).crd_file),
            crds: collision.identity.kind == "CustomResourceDefinition",
            kept: all(&|id| is_kept(data(id))),
            own,
        }
    }

    /// Tells whether all contenders write the same.
    fn is_same(self) -> bool {
        self.difference == Difference::Nothing
    }

    fn is_binding_of_other_role(self) -> bool {
        self.difference == Difference::RoleRef
    }

    /// Returns why the server refuses the second one, as the end of `refused: `.
    fn refusal(self) -> Option<String> {
        match self.difference {
            Difference::RoleRef => Some("`cannot change roleRef`".into()),
            Difference::Fixed(field) => Some(format!("`{field}` cannot be changed")),
            _ => None,
        }
    }

    /// Returns a list that is replaced as a whole: `listType=atomic` in k8s.io/api, rbac/v1.
    fn list(self) -> Option<&'static str> {
        match self.difference {
            Difference::Subjects => Some("list of subjects"),
            Difference::Rules | Difference::RulesOfOneCoverAll => Some("list of rules"),
            _ => None,
        }
    }
}

/// Returns what each deployer does with a collision; Helm is left out where no contender is a release.
#[must_use]
pub fn fates(estate: &Estate, collision: &Collision, deployers: &[Deployer]) -> Vec<Fate> {
    let case = Case::of(estate, collision);
    let fate = |deployer: &Deployer| {
        let of_helm = matches!(deployer, Deployer::Helm | Deployer::HelmTakeOwnership);
        if of_helm && !case.any_release {
            return None;
        }
        let (apply, removal, message) = match deployer {
            Deployer::Kubectl => kubectl(case),
            Deployer::ServerSide => server_side(case),
            Deployer::Helm => helm(case),
            Deployer::HelmTakeOwnership => take_ownership(case),
            Deployer::Flux if case.all_releases => helm_release(case),
            Deployer::Flux => kustomization(case),
            Deployer::Argocd => argocd(case),
        };
        Some(Fate { deployer: *deployer, apply, removal, message })
    };
    deployers.iter().filter_map(fate).collect()
}

type Effect = (Apply, Removal, String);

/// `kubectl apply` compares with its own annotation last-applied-configuration, which each contender
/// overwrites, and replaces atomic lists as a whole.
///
/// Source: kubernetes, `staging/src/k8s.io/kubectl/pkg/cmd/apply`, `pkg/apis/rbac/validation`.
fn kubectl(case: Case) -> Effect {
    let (apply, message) = if case.is_same() {
        (Apply::Unchanged, "unchanged: all write the same".into())
    } else if let Some(why) = case.refusal() {
        (Apply::Refused, format!("refused: {why}, the first one applied stays"))
    } else {
        let words = match case.list() {
            Some(list) => {
                format!("overwritten silently: the last one's {list} replaces the others'")
            }
            None => "overwritten silently: the last one applied stays".into(),
        };
        (Apply::Overwritten, words)
    };
    (apply, Removal::Kept, message)
}

/// Server-side apply knows managers, not owners, and all that kubectl applies is of the manager
/// `kubectl`.
///
/// Source: kubernetes, `staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go`, fieldManagerServerSideApply.
fn server_side(case: Case) -> Effect {
    match kubectl(case) {
        (Apply::Overwritten, removal, _) => {
            let message =
                "overwritten silently; with a --field-manager of its own for each: a conflict";
            (Apply::Overwritten, removal, message.into())
        }
        same => same,
    }
}

/// Helm looks at the marks of what is there before it installs anything, but not at those of hooks,
/// which it deletes and creates again, and of crds/, which Helm 3 skips and Helm 4 applies, unless it
/// is told not to apply on the server's side.
///
/// Source: helm, `pkg/action/{validate,install,hooks,uninstall,resource_policy}.go`.
fn helm(case: Case) -> Effect {
    special(case).unwrap_or_else(|| {
        if let (true, Some(why)) = (case.own, case.refusal()) {
            return (Apply::Refused, removal(case), format!("refused by the server: {why}"));
        }
        if case.own {
            let message = "overwritten silently: the object is the release's own".into();
            return (Apply::Overwritten, removal(case), message);
        }
        let message = "refused: `exists and cannot be imported into the current release`".into();
        (Apply::Refused, removal(case), message)
    })
}

/// With `--take-ownership` the marks are not looked at, nor are they when a release is upgraded that
/// once had the object, or uninstalled (up to Helm 4.2).
///
/// Source: helm, `pkg/action/{install,upgrade,uninstall}.go`.
fn take_ownership(case: Case) -> Effect {
    special(case).unwrap_or_else(|| taken(case))
}

/// A HelmRelease takes ownership too, unless `disableTakeOwnership` is set (Flux 2.6 and later). What
/// was rendered before may go through Kustomizations, which correct each other.
///
/// Source: fluxcd/helm-controller, `internal/action/{install,upgrade,crds}.go`.
fn helm_release(case: Case) -> Effect {
    special(case).unwrap_or_else(|| {
        let (apply, removal, mut message) = taken(case);
        if apply == Apply::Overwritten {
            let then = after(removal);
            message =
                format!("overwritten silently by HelmReleases, flip-flop by Kustomizations{then}");
        }
        (apply, removal, message)
    })
}

fn taken(case: Case) -> Effect {
    let removal = removal(case);
    let then = after(removal);
    if let Some(why) = case.refusal() {
        return (Apply::Refused, removal, format!("refused by the server: {why}"));
    }
    if case.is_same() {
        return (Apply::Unchanged, removal, format!("unchanged but for its owner{then}"));
    }
    (Apply::Overwritten, removal, format!("overwritten silently{then}"))
}

fn after(removal: Removal) -> &'static str {
    match removal {
        Removal::Deleted => "; any uninstall deletes it",
        Removal::Kept => "; no uninstall deletes it",
    }
}

/// What Helm does with objects that are no plain part of a release.
fn special(case: Case) -> Option<Effect> {
    if case.twice {
        let message = "refused (`already exists`) by Helm 3 and with --server-side=false, else one \
                       of them stays";
        return Some((Apply::Refused, removal(case), message.into()));
    }
    if case.hooks {
        let (apply, word) = match case.is_same() {
            true => (Apply::Unchanged, "unchanged"),
            false => (Apply::Overwritten, "overwritten silently"),
        };
        let message = format!("{word}: each hook replaces the other's; no uninstall deletes it");
        return Some((apply, Removal::Kept, message));
    }
    if case.crd_files {
        let (apply, message) = match case.is_same() {
            true => (Apply::Unchanged, "unchanged; files of crds/ are never deleted"),
            false => (
                Apply::Overwritten,
                "overwritten silently by Helm 4, skipped by Helm 3 and with --server-side=false: files of \
                 crds/",
            ),
        };
        return Some((apply, Removal::Kept, message.into()));
    }
    None
}

fn removal(case: Case) -> Removal {
    if case.kept { Removal::Kept } else { Removal::Deleted }
}

/// Kustomizations share one field manager and force conflicts; what they delete must still carry
/// their own labels. The drift that one leaves is corrected by the other at its next interval.
///
/// Source: fluxcd/pkg, `ssa/manager_{apply,delete}.go`; fluxcd/kustomize-controller,
/// `internal/controller/kustomization_controller.go` (apply, deleteObjects).
fn kustomization(case: Case) -> Effect {
    if case.twice {
        let message = "refused: kustomize accepts an object once".into();
        return (Apply::Refused, Removal::Deleted, message);
    }
    if let Some(why) = case.refusal() {
        let message = format!("refused: {why}; with `force: true` deleted and created again");
        return (Apply::Refused, Removal::Deleted, message);
    }
    let what = if case.is_same() { "of its owner labels" } else { "with each reconciliation" };
    let message = format!("flip-flop {what}; the Kustomization that was last prunes it");
    (Apply::FlipFlop, Removal::Deleted, message)
}

/// An Application owns what carries its tracking id, the last one to sync; roles and bindings go
/// through `kubectl auth reconcile` first, which replaces a binding to another role.
///
/// Source: argo-cd, `controller/state.go`, `controller/appcontroller.go` (shouldBeDeleted),
/// `gitops-engine/pkg/utils/kube/resource_ops.go` (rbacReconcile), `docs/user-guide/helm.md`.
fn argocd(case: Case) -> Effect {
    // CRDs carry no tracking id and are not deleted with an Application.
    let kept = case.kept || case.crds;
    let removal = if kept { Removal::Kept } else { Removal::Deleted };
    if case.twice {
        let message = "overwritten: RepeatedResourceWarning, the last one stays".into();
        return (Apply::Overwritten, removal, message);
    }
    if case.crds {
        return match case.is_same() {
            true => (Apply::Unchanged, removal, "unchanged: CRDs have no owner".into()),
            false => {
                let message = "flip-flop with each sync, silently: CRDs have no owner";
                (Apply::FlipFlop, removal, message.into())
            }
        };
    }
    if case.hooks {
        let message = "overwritten silently: each hook replaces the other's".into();
        return (Apply::Overwritten, removal, message);
    }
    if let Difference::Fixed(field) = case.difference {
        let how = "with `Force=true,Replace=true` deleted and created again";
        return (Apply::Refused, removal, format!("refused: `{field}` cannot be changed; {how}"));
    }
    let what = if case.is_same() {
        "flip-flop of its tracking id, SharedResourceWarning"
    } else if case.is_binding_of_other_role() {
        "flip-flop: each sync deletes and creates it anew"
    } else {
        "flip-flop with each sync, SharedResourceWarning"
    };
    let then = match kept {
        true => "",
        false => "; the last to sync prunes it",
    };
    (Apply::FlipFlop, removal, format!("{what}{then}"))
}

//! Who is bound.

use smol_str::SmolStr;

use super::GROUP;

/// A subject of a binding, with the defaults that the API server fills in.
///
/// The order is that of merged objects: kind, namespace, name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Subject {
    /// `ServiceAccount`, `User`, `Group`, or what the object says.
    pub kind: SmolStr,
    /// The namespace of a ServiceAccount.
    pub namespace: Option<SmolStr>,
    /// The name.
    pub name: SmolStr,
    /// The API group: empty for ServiceAccounts.
    #[serde(skip_serializing_if = "SmolStr::is_empty")]
    pub api_group: SmolStr,
}

impl Subject {
    /// Returns the API group that the server fills in where a subject of a kind names none.
    #[must_use]
    pub fn default_group(kind: &str) -> SmolStr {
        match kind {
            "User" | "Group" => SmolStr::new_static(GROUP),
            _ => SmolStr::default(),
        }
    }

    /// Returns the groups that every account is in, whatever is bound.
    ///
    /// Source: kubernetes, apiserver, `pkg/authentication/serviceaccount/util.go`, MakeGroupNames.
    #[must_use]
    pub fn groups(&self) -> Vec<Self> {
        let account = self.canonical();
        let Some(namespace) = account.namespace.filter(|_| account.kind == "ServiceAccount") else {
            return Vec::new();
        };
        let group = |name: String| {
            let kind = SmolStr::new_static("Group");
            let api_group = Self::default_group(&kind);
            Self { kind, namespace: None, name: name.into(), api_group }
        };
        let accounts = "system:serviceaccounts";
        let names =
            [accounts.into(), format!("{accounts}:{namespace}"), "system:authenticated".into()];
        names.into_iter().map(group).collect()
    }

    /// Returns the subject that the authorizer cannot tell from this one: the user name
    /// `system:serviceaccount:NAMESPACE:NAME` is that ServiceAccount.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let account = (self.kind == "User")
            .then(|| self.name.strip_prefix("system:serviceaccount:"))
            .flatten()
            .and_then(|rest| rest.split_once(':'));
        match account {
            Some((namespace, name)) => Self {
                kind: SmolStr::new_static("ServiceAccount"),
                namespace: Some(namespace.into()),
                name: name.into(),
                api_group: SmolStr::default(),
            },
            None => self.clone(),
        }
    }
}

impl std::fmt::Display for Subject {
    /// Writes `app1/flux` for a ServiceAccount, `Group ops` for other kinds.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.kind.as_str(), &self.namespace) {
            ("ServiceAccount", Some(namespace)) => write!(f, "{namespace}/{}", self.name),
            (kind, _) => write!(f, "{kind} {}", self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(name: &str) -> Subject {
        let kind = SmolStr::new_static("User");
        let api_group = Subject::default_group(&kind);
        Subject { kind, namespace: None, name: name.into(), api_group }
    }

    #[test]
    fn the_user_name_of_an_account_is_the_account() {
        assert_eq!(user("system:serviceaccount:app1:flux").canonical().to_string(), "app1/flux");
        assert_eq!(user("jane").canonical(), user("jane"));
    }
}

//! A request as the authorizer sees it, and whether one rule item allows it.

use crate::rbac::scope::Scope;
use crate::rbac::{PolicyRule, resources};

/// What is asked of the authorizer, but for who asks and in which namespace.
///
/// Source: kubernetes, `pkg/apis/rbac/v1/evaluation_helpers.go`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request<'a> {
    /// A request on a resource.
    Resource {
        /// The verb, such as `get`.
        verb: &'a str,
        /// The API group; empty for the core group.
        group: &'a str,
        /// The resource, and its subresource after a `/`.
        resource: &'a str,
        /// The object's name; none for requests that name no object, such as a plain `list`.
        name: Option<&'a str>,
    },
    /// A request on a path that is no resource.
    Url {
        /// The HTTP method, in small letters.
        verb: &'a str,
        /// The path.
        path: &'a str,
    },
}

impl<'a> Request<'a> {
    /// Builds a request on a resource that names no object.
    #[must_use]
    pub fn new(verb: &'a str, group: &'a str, resource: &'a str) -> Self {
        Self::Resource { verb, group, resource, name: None }
    }

    /// Returns the same request on an object of a name.
    #[must_use]
    pub fn named(self, object: &'a str) -> Self {
        match self {
            Self::Resource { verb, group, resource, .. } => {
                Self::Resource { verb, group, resource, name: Some(object) }
            }
            url @ Self::Url { .. } => url,
        }
    }

    /// Tells whether only a ClusterRoleBinding can grant it: it is about what is in no namespace.
    ///
    /// A namespace itself counts as inside of it, `bind` is asked where the binding is, and `use` where
    /// the pod is.
    #[must_use]
    pub fn is_of_cluster(&self) -> bool {
        match *self {
            Self::Url { .. } => true,
            Self::Resource { verb: "bind" | "use", .. }
            | Self::Resource {
                verb: "get" | "update" | "patch" | "delete",
                group: "",
                resource: "namespaces",
                ..
            } => false,
            Self::Resource { group, resource, .. } => resources::lookup(group, resource)
                .is_some_and(|it| it.resource.scope == Scope::Cluster),
        }
    }
}

impl PolicyRule {
    /// Tells whether this rule item alone allows a request, as the authorizer judges it: verb, group,
    /// resource and name must match within one item, and there are no prefixes but in URLs.
    #[must_use]
    pub fn allows(&self, request: &Request<'_>) -> bool {
        let has =
            |words: &super::super::Words, word: &str| words.contains("*") || words.contains(word);
        match *request {
            Request::Resource { verb, group, resource, name } => {
                has(&self.verbs, verb)
                    && has(&self.api_groups, group)
                    && self.names_resource(resource)
                    && (self.resource_names.is_empty()
                        || self.resource_names.contains(name.unwrap_or_default()))
            }
            Request::Url { verb, path } => {
                has(&self.verbs, verb)
                    && self.non_resource_urls.iter().any(|url| {
                        url == "*"
                            || url == path
                            || url.ends_with('*') && path.starts_with(url.trim_end_matches('*'))
                    })
            }
        }
    }

    /// Tells whether an item of `resources` matches a resource or subresource.
    fn names_resource(&self, resource: &str) -> bool {
        let of_any = || {
            let (_, sub) = resource.split_once('/')?;
            Some(self.resources.contains(format!("*/{sub}").as_str()))
        };
        self.resources.contains("*")
            || self.resources.contains(resource)
            || of_any().unwrap_or(false)
    }
}

impl PolicyRule {
    /// Returns which of these verbs the item allows on a resource: first those on all objects, then
    /// those only on the objects that it names.
    #[must_use]
    pub fn verbs_on<'v>(
        &self,
        (group, resource): (&str, &str),
        verbs: &[&'v str],
    ) -> (Vec<&'v str>, Vec<&'v str>) {
        let on_all = |verb: &&&str| self.allows(&Request::new(verb, group, resource));
        let on_named = |verb: &&&str| {
            let request = Request::new(verb, group, resource);
            self.resource_names.iter().any(|name| self.allows(&request.named(name)))
        };
        let (all, rest): (Vec<&&str>, Vec<&&str>) = verbs.iter().partition(on_all);
        // The server does not know the name of what is yet to be made, and of many at once.
        let can_name = |verb: &&&str| {
            resource.contains('/') || !matches!(**verb, "create" | "deletecollection")
        };
        let named = rest.into_iter().filter(can_name).filter(on_named).copied().collect();
        (all.into_iter().copied().collect(), named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> PolicyRule {
        let mut lists = text.split(';').map(|list| {
            let words = list.split_whitespace();
            words.map(|word| if word == "core" { "".into() } else { word.into() }).collect()
        });
        let mut next = || lists.next().unwrap_or_default();
        PolicyRule {
            api_groups: next(),
            resources: next(),
            verbs: next(),
            resource_names: next(),
            non_resource_urls: next(),
        }
    }

    #[test]
    fn items_allow_what_the_authorizer_says() {
        let get = |resource| Request::new("get", "", resource);
        let table = [
            ("core;pods;get", get("pods"), true),
            ("core;pods;get", get("pods/log"), false),
            ("core;pods/*;get", get("pods/log"), false),
            ("core;*/log;get", get("pods/log"), true),
            ("core;*/log;get", get("pods"), false),
            ("core;*;get", get("pods/log"), true),
            ("apps;pods;get", get("pods"), false),
            ("*;pods;*", get("pods"), true),
            ("*.example.com;pods;get", Request::new("get", "a.example.com", "pods"), false),
            ("core;pods;Get get*", get("pods"), false),
            ("core;pods;get;a", get("pods"), false),
            ("core;pods;get;a", get("pods").named("a"), true),
            ("core;pods;get;*", get("pods").named("a"), false),
            ("core;pods;get", get("pods").named("a"), true),
        ];
        for (text, request, expected) in table {
            assert_eq!(rule(text).allows(&request), expected, "{text} {request:?}");
        }
    }

    #[test]
    fn what_is_in_no_namespace_is_of_the_cluster() {
        let rbac = "rbac.authorization.k8s.io";
        let table = [
            (Request::new("get", "", "nodes"), true),
            (Request::new("get", "", "nodes/proxy"), true),
            (Request::new("impersonate", "", "users"), true),
            (Request::new("impersonate", "", "serviceaccounts"), false),
            (Request::new("update", "", "namespaces"), false),
            (Request::new("create", "", "namespaces"), true),
            (Request::new("bind", rbac, "clusterroles"), false),
            (Request::new("escalate", rbac, "clusterroles"), true),
            (Request::new("get", "example.com", "nodes"), false),
            (Request::Url { verb: "get", path: "/" }, true),
        ];
        for (request, expected) in table {
            assert_eq!(request.is_of_cluster(), expected, "{request:?}");
        }
    }

    #[test]
    fn an_empty_name_equals_the_missing_one() {
        let mut item = rule("core;pods;list create;a");
        assert!(!item.allows(&Request::new("list", "", "pods")));
        item.resource_names.insert("".into());
        assert!(item.allows(&Request::new("create", "", "pods")));
    }

    #[test]
    fn urls_match_whole_or_below_a_trailing_star() {
        let url = |path| Request::Url { verb: "get", path };
        let table = [
            ("/healthz", "/healthz", true),
            ("/healthz/*", "/healthz", false),
            ("/healthz/*", "/healthz/ping", true),
            ("/a/*/b", "/a/x/b", false),
            ("*", "/metrics", true),
        ];
        for (item, path, expected) in table {
            let item = rule(&format!(";;get;;{item}"));
            assert_eq!(item.allows(&url(path)), expected, "{path}");
        }
    }
}

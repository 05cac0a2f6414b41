//! Which roles an aggregation rule finds.

use super::Access;
use super::selector::selects;
use crate::rbac::{Estate, ObjectId, builtin};
use crate::yaml::Data;

impl Access<'_> {
    /// Tells whether a label selector of a role's aggregation rule selects any role: one of the
    /// inputs, or one that the API server makes itself.
    #[must_use]
    pub fn finds_role(&self, estate: &Estate, aggregator: ObjectId, selector: &Data) -> bool {
        let mut inputs = self.aggregates(aggregator).map(|id| estate.object(id));
        inputs.any(|object| selects(selector, object.labels())) || is_of_built_in(selector)
    }
}

fn is_of_built_in(selector: &Data) -> bool {
    builtin::roles().iter().filter(|role| role.namespace.is_none()).any(|role| {
        let labels = role.labels.iter().map(|key| (key.clone(), Data::Str("true".into())));
        let mark = ("kubernetes.io/bootstrapping".into(), Data::Str("rbac-defaults".into()));
        selects(selector, Some(&Data::Map(labels.chain([mark]).collect())))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rbac::OwnerKind;

    #[test]
    fn selectors_find_roles_of_the_inputs_and_of_the_server() {
        let text = "
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: all}
aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}, {matchLabels: {c: d}},
  {matchLabels: {rbac.authorization.k8s.io/aggregate-to-view: 'true'}}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: part, labels: {a: b}}
";
        let estate = Estate::of_texts(&[(OwnerKind::Manifest, "a.yaml", None, text)]);
        let access = Access::of(&estate);
        let (id, object) = estate.ids().next().expect("there is a role");
        let role = object.role().expect("it is a role");
        let found = role.selector_data.iter().map(|it| access.finds_role(&estate, id, it));
        assert_eq!(found.collect::<Vec<_>>(), [true, false, true]);
    }
}

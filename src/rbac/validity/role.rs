//! Rule items and aggregation rules.

use super::judge::{Judge, Path};
use super::{FlawKind, names};
use crate::document::View;
use crate::finding::{Edit, Fix, Written};
use crate::rbac::{List, Scope, resources};

/// Judges a Role or ClusterRole.
pub(super) fn judge(judge: &mut Judge, root: View<'_>, scope: Scope) {
    let rules = judge.list(FlawKind::Rule, (root, Path::Root), "rules");
    for (at, rule) in rules.into_iter().flat_map(View::items).enumerate() {
        judge.extent = rule.span();
        let path = Path::Root.field("rules");
        if judge.is_map(FlawKind::Rule, rule, path.item(at)) {
            rule_item(judge, (rule, path.item(at)), scope);
        }
    }
    if let Some(aggregation) = root.get("aggregationRule").filter(|_| scope == Scope::Cluster) {
        judge.extent = aggregation.span();
        aggregation_rule(judge, aggregation);
    }
}

fn rule_item(judge: &mut Judge, (rule, path): (View<'_>, Path<'_>), scope: Scope) {
    // What is no list was noted, and is not empty.
    let mut has = |list: List| {
        let Some(view) = judge.list(FlawKind::Rule, (rule, path), list.key()) else {
            return rule.get(list.key()).is_some_and(|view| !view.is_null());
        };
        for (at, word) in view.items().enumerate() {
            judge.is_text(word, path.field(list.key()).item(at));
        }
        view.items().next().is_some()
    };
    let [groups, urls, names, resources, verbs] = List::ALL.map(&mut has);
    let place = |list: List| rule.get(list.key()).unwrap_or(rule).span();
    let mut require = |list: List, detail| {
        let fix = home(rule).filter(|_| list == List::ApiGroups);
        let place = (place(list), detail);
        judge.require(FlawKind::Rule, path.field(list.key()), place).fix = fix;
    };
    if !verbs {
        require(List::Verbs, "verbs must contain at least one value");
    }
    if !urls {
        if !groups {
            require(List::ApiGroups, "resource rules must supply at least one api group");
        }
        if !resources {
            require(List::Resources, "resource rules must supply at least one resource");
        }
        return;
    }
    let listed =
        crate::yaml::json_write(&rule.get(List::NonResourceUrls.key()).unwrap_or(rule).data());
    let mut refuse = |detail: &str| {
        let reason = format!("Invalid value: {listed}: {detail}");
        let at = (place(List::NonResourceUrls), reason);
        judge.refuse(FlawKind::Rule, path.field(List::NonResourceUrls.key()), at);
    };
    if scope == Scope::Namespaced {
        refuse("namespaced rules cannot apply to non-resource URLs");
    }
    if groups || resources || names {
        refuse("rules cannot apply to both regular resources and non-resource URLs");
    }
}

/// Plans to write the one API group that has all resources of an item without any.
fn home(rule: View<'_>) -> Option<Fix> {
    let listed = rule.get(List::Resources.key())?;
    let mut group = None;
    for word in listed.items() {
        let word = word.scalar()?;
        let mut homes = resources::homes(&word).filter(|it| it.is_home() && it.is_served());
        let (home, None) = (homes.next()?.group, homes.next()) else { return None };
        if *group.get_or_insert(home) != home {
            return None;
        }
    }
    let value = Written::List(group?.into());
    let edit = match rule.get(List::ApiGroups.key()) {
        Some(empty) => Edit::Replace { span: empty.span(), with: value },
        None => Edit::Add { beside: listed.span(), key: List::ApiGroups.key(), value },
    };
    Some(Fix { title: "write the API group".into(), edits: vec![edit] })
}

const AGGREGATION: Path<'_> = Path::Field(&Path::Root, "aggregationRule");

fn aggregation_rule(judge: &mut Judge, aggregation: View<'_>) {
    let kind = FlawKind::Aggregation;
    if aggregation.is_null() || !judge.is_map(kind, aggregation, AGGREGATION) {
        return;
    }
    let (key, path) = ("clusterRoleSelectors", AGGREGATION.field("clusterRoleSelectors"));
    let selectors = aggregation.get(key).filter(|it| !it.is_null());
    if selectors.is_none_or(|it| it.is_list() && it.items().next().is_none()) {
        let detail = "at least one clusterRoleSelector required if aggregationRule is non-nil";
        judge.require(kind, path, (selectors.unwrap_or(aggregation).span(), detail));
    }
    let selectors = judge.list(kind, (aggregation, AGGREGATION), key);
    for (at, selector) in selectors.into_iter().flat_map(View::items).enumerate() {
        judge.extent = selector.span();
        if judge.is_map(kind, selector, path.item(at)) {
            label_selector(judge, selector, path.item(at));
        }
    }
}

/// Source: apimachinery, `pkg/apis/meta/v1/validation`, ValidateLabelSelector.
fn label_selector(judge: &mut Judge, selector: View<'_>, path: Path<'_>) {
    let kind = FlawKind::Aggregation;
    let labels = path.field("matchLabels");
    for (key, value) in selector.get("matchLabels").into_iter().flat_map(View::entries) {
        let name = key.written().unwrap_or_default();
        judge.invalid(kind, labels, (key.span(), name, names::label_key(name)));
        if judge.is_text(value, labels.field(name)) {
            let text = value.scalar().unwrap_or_default();
            judge.invalid(kind, labels, (value.span(), &text, names::label_value(&text)));
        }
    }
    let expressions = judge.list(kind, (selector, path), "matchExpressions");
    let path = path.field("matchExpressions");
    for (at, expression) in expressions.into_iter().flat_map(View::items).enumerate() {
        expression_item(judge, expression, path.item(at));
    }
}

fn expression_item(judge: &mut Judge, item: View<'_>, path: Path<'_>) {
    let kind = FlawKind::Aggregation;
    let operator = judge.text(item, path, "operator");
    let key = judge.text(item, path, "key");
    let values = judge.list(kind, (item, path), "values");
    let has_values = values.is_some_and(|it| it.items().next().is_some());
    let place = |key: &str| item.get(key).unwrap_or(item).span();
    match operator.as_str() {
        "In" | "NotIn" if !has_values => {
            let detail = "must be specified when `operator` is 'In' or 'NotIn'";
            judge.require(kind, path.field("values"), (place("values"), detail));
        }
        "In" | "NotIn" => {}
        "Exists" | "DoesNotExist" if has_values => {
            let reason =
                "Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
            judge.refuse(kind, path.field("values"), (place("values"), reason.into()));
        }
        "Exists" | "DoesNotExist" => {}
        other => {
            let reasons = vec!["not a valid selector operator".into()];
            judge.invalid(kind, path.field("operator"), (place("operator"), other, reasons));
        }
    }
    judge.invalid(kind, path.field("key"), (place("key"), &key, names::label_key(&key)));
    for (at, value) in values.into_iter().flat_map(View::items).enumerate() {
        let path = path.field("values");
        if judge.is_text(value, path.item(at)) {
            let text = value.scalar().unwrap_or_default();
            let reasons = names::label_value(&text);
            judge.invalid(kind, path.item(at), (value.span(), &text, reasons));
        }
    }
}

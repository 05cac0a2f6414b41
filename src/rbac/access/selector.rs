//! Label selectors, as an aggregation rule has them.

use crate::yaml::Data;

/// Tells whether a label selector selects what has these labels; a malformed one selects nothing.
///
/// Source: kubernetes, apimachinery, `pkg/apis/meta/v1/helpers.go`, LabelSelectorAsSelector.
pub(super) fn selects(selector: &Data, labels: Option<&Data>) -> bool {
    let Data::Map(selector) = selector else { return false };
    let equals = match selector.get("matchLabels") {
        None | Some(Data::Null) => true,
        Some(Data::Map(wanted)) => wanted
            .iter()
            .all(|(key, value)| label(labels, key).is_some_and(|it| Some(it) == text(value))),
        Some(_) => false,
    };
    let expressions = match selector.get("matchExpressions") {
        None | Some(Data::Null) => true,
        Some(Data::Seq(items)) => items.iter().all(|it| meets(it, labels).unwrap_or(false)),
        Some(_) => false,
    };
    equals && expressions
}

/// Tells whether labels meet an expression of a selector; none where it is malformed.
fn meets(expression: &Data, labels: Option<&Data>) -> Option<bool> {
    let Data::Map(expression) = expression else { return None };
    let value = label(labels, text(expression.get("key")?)?);
    let listed = match expression.get("values") {
        Some(Data::Seq(items)) => items.as_slice(),
        _ => &[],
    };
    let is_listed = || listed.iter().any(|it| text(it) == value);
    match text(expression.get("operator")?)? {
        "In" => Some(value.is_some() && is_listed()),
        "NotIn" => Some(value.is_none() || !is_listed()),
        "Exists" => Some(value.is_some()),
        "DoesNotExist" => Some(value.is_none()),
        _ => None,
    }
}

fn label<'a>(labels: Option<&'a Data>, key: &str) -> Option<&'a str> {
    let Some(Data::Map(labels)) = labels else { return None };
    text(labels.get(key)?)
}

fn text(data: &Data) -> Option<&str> {
    match data {
        Data::Str(text) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(text: &str) -> Data {
        let mut roots = crate::yaml::parse_all(text).expect("it is YAML");
        crate::yaml::to_data(&roots.remove(0)).expect("it is data")
    }

    #[test]
    fn selectors_select_as_kubernetes_does() {
        let labels = data("{a: x, b: 'true'}");
        let table = [
            ("{matchLabels: {a: x}}", true),
            ("{matchLabels: {a: y}}", false),
            ("{matchLabels: {a: x, c: z}}", false),
            ("{matchExpressions: [{key: a, operator: In, values: [x, y]}]}", true),
            ("{matchExpressions: [{key: c, operator: NotIn, values: [x]}]}", true),
            ("{matchExpressions: [{key: b, operator: Exists}]}", true),
            ("{matchExpressions: [{key: b, operator: DoesNotExist}]}", false),
            ("{matchExpressions: [{key: b, operator: Is}]}", false),
            ("{}", true),
        ];
        for (selector, expected) in table {
            assert_eq!(selects(&data(selector), Some(&labels)), expected, "{selector}");
        }
        assert!(!selects(&data("{matchLabels: {a: x}}"), None));
    }
}

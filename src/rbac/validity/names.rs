//! What the API server says about texts that should be names.

/// Returns why a text is no name of a role or binding, or of what is referred to by one.
pub(super) fn path_segment(name: &str) -> Vec<String> {
    if matches!(name, "." | "..") {
        return vec![format!("may not be '{name}'")];
    }
    let held = ["/", "%"].into_iter().filter(|it| name.contains(it));
    held.map(|it| format!("may not contain '{it}'")).collect()
}

/// Returns why a text is no name of a ServiceAccount.
pub(super) fn subdomain(name: &str) -> Vec<String> {
    let reason = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' \
                  or '.', and must start and end with an alphanumeric character (e.g. 'example.com', \
                  regex used for validation is \
                  '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    reasons(name, 253, (name.split('.').all(is_dns_label), reason))
}

/// Returns why a text is no name of a namespace.
pub(super) fn label(name: &str) -> Vec<String> {
    let reason = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', \
                  and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', \
                  regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    reasons(name, 63, (is_dns_label(name), reason))
}

/// Returns why a text is no key of a label.
pub(super) fn label_key(key: &str) -> Vec<String> {
    let (mut found, name) = match key.split_once('/') {
        None => (Vec::new(), key),
        Some((_, name)) if name.contains('/') => {
            return vec![format!(
                "a qualified name {LABEL_CHARACTERS} (e.g. 'MyName',  or 'my.name',  or '123-abc', \
                 regex used for validation is '{NAME}') with an optional DNS subdomain prefix and \
                 '/' (e.g. 'example.com/MyName')"
            )];
        }
        Some(("", name)) => (vec!["prefix part must be non-empty".into()], name),
        Some((prefix, name)) => {
            (subdomain(prefix).iter().map(|it| format!("prefix part {it}")).collect(), name)
        }
    };
    if name.is_empty() {
        found.push("name part must be non-empty".into());
    } else if name.len() > 63 {
        found.push("name part must be no more than 63 characters".into());
    }
    if !is_label_word(name) {
        found.push(format!(
            "name part {LABEL_CHARACTERS} (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used \
             for validation is '{NAME}')"
        ));
    }
    found
}

/// Returns why a text is no value of a label.
pub(super) fn label_value(value: &str) -> Vec<String> {
    let reason = format!(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', \
         and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or \
         '12345', regex used for validation is '({NAME})?')"
    );
    reasons(value, 63, (value.is_empty() || is_label_word(value), &reason))
}

const LABEL_CHARACTERS: &str = "must consist of alphanumeric characters, '-', '_' or '.', and must start \
                                and end with an alphanumeric character";
const NAME: &str = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

fn reasons(text: &str, most: usize, (is_valid, reason): (bool, &str)) -> Vec<String> {
    let length = (text.len() > most).then(|| format!("must be no more than {most} characters"));
    length.into_iter().chain((!is_valid).then(|| reason.to_owned())).collect()
}

fn is_dns_label(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_inner = |byte: u8| is_word(byte) || byte == b'-';
    is_made_of(text, is_word, is_inner)
}

fn is_label_word(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric();
    let is_inner = |byte: u8| is_word(byte) || matches!(byte, b'-' | b'_' | b'.');
    is_made_of(text, is_word, is_inner)
}

/// Tells whether a text is not empty, and begins and ends with certain bytes.
fn is_made_of(text: &str, is_end: impl Fn(u8) -> bool, is_inner: impl Fn(u8) -> bool) -> bool {
    let bytes = text.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    ends.iter().all(|it| it.is_some_and(|it| is_end(*it))) && bytes.iter().all(|it| is_inner(*it))
}

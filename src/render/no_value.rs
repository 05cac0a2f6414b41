//! `<no value>`, which Go writes for what is not there and Helm removes.

/// What Go writes.
const NO_VALUE: &[u8] = b"<no value>";

/// Removes `<no value>`, and returns the offsets at which it stood.
pub(super) fn without_no_value(bytes: Vec<u8>) -> (Vec<u8>, Vec<(usize, usize)>) {
    let mut cut = Vec::new();
    let mut at = 0;
    while let Some(found) = find(&bytes[at..], NO_VALUE) {
        cut.push((at + found, NO_VALUE.len()));
        at += found + NO_VALUE.len();
    }
    if cut.is_empty() {
        return (bytes, cut);
    }
    let mut kept = Vec::with_capacity(bytes.len());
    let mut from = 0;
    for (start, length) in &cut {
        kept.extend_from_slice(&bytes[from..*start]);
        from = start + length;
    }
    kept.extend_from_slice(&bytes[from..]);
    (kept, cut)
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == wanted[0]) {
        if bytes[at + found..].starts_with(wanted) {
            return Some(at + found);
        }
        at += found + 1;
    }
    None
}

//! `<no value>`, which Go writes for what is not there and Helm removes.

/// What Go writes.
const NO_VALUE: &[u8] = b"<no value>";

/// Removes `<no value>`, and returns the offsets at which it stood.
pub(super) fn without_no_value(bytes: Vec<u8>) -> (Vec<u8>, Vec<(usize, usize)>) {
    let found = memchr::memmem::find_iter(&bytes, NO_VALUE);
    let cut: Vec<(usize, usize)> = found.map(|at| (at, NO_VALUE.len())).collect();
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

//! Paths as messages show them: relative to the working directory, without detours.

use std::path::{Component, Path, PathBuf};

/// Returns a path without `.` and, where that is safe to tell, without `..`; `.` for nothing.
pub(super) fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match (part, tidy.components().next_back()) {
            (Component::CurDir, _) => {}
            (Component::ParentDir, Some(Component::Normal(_))) => {
                tidy.pop();
            }
            _ => tidy.push(part),
        }
    }
    if tidy.as_os_str().is_empty() { PathBuf::from(".") } else { tidy }
}

/// Returns an absolute path relative to `folder` where it lies in it or beside it; any other path
/// as it is, without detours.
pub(super) fn relative(path: &Path, folder: &Path) -> PathBuf {
    if !path.is_absolute() {
        return tidy(path);
    }
    if let Ok(below) = path.strip_prefix(folder) {
        return tidy(below);
    }
    let shared = path.components().zip(folder.components()).take_while(|(one, other)| one == other);
    let shared = shared.count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    match shared {
        // Only the root is shared: the absolute path says more.
        0 | 1 => tidy(path),
        _ => up.chain(path.components().skip(shared)).collect(),
    }
}

/// Tells whether two paths lead to the same file, as far as that can be told.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    tidy(one) == tidy(other) || real(one).is_some_and(|it| real(other) == Some(it))
}

/// Returns a path with forward slashes.
pub(super) fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_the_working_directory() {
        let table = [
            ("./charts/flux/", "charts/flux"),
            ("a/../b", "b"),
            ("../b", "../b"),
            (".", "."),
            ("/home/here/a", "a"),
            ("/home/here", "."),
            ("/home/there/a", "../there/a"),
            ("/else/a", "/else/a"),
        ];
        for (path, expected) in table {
            let relative = relative(Path::new(path), Path::new("/home/here"));
            assert_eq!(shown(&relative), expected, "{path}");
        }
    }
}

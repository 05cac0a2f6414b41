//! Files of values that lie beside a chart's own.

use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// Finds the files in a chart's folder, and in its folder `values`, that are meant to be given with
/// `-f`, sorted.
#[must_use]
pub fn values_beside(chart: &Path) -> Vec<PathBuf> {
    let own = files_of(chart).filter(|path| is_of_values(path));
    let below = files_of(&chart.join("values")).filter(|path| stem(path).is_some());
    own.chain(below).collect()
}

fn files_of(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let entries = WalkDir::new(folder).min_depth(1).max_depth(1).sort_by_file_name();
    let files = entries.into_iter().filter_map(Result::ok).map(DirEntry::into_path);
    files.filter(|path| path.is_file())
}

/// Returns the name of a file in YAML without its ending.
fn stem(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))
}

/// Tells whether a name is one such as values-prod.yaml, values.prod.yaml or prod-values.yaml.
fn is_of_values(path: &Path) -> bool {
    const MARKS: [char; 3] = ['-', '.', '_'];
    stem(path).is_some_and(|stem| {
        let rest = stem.strip_prefix("values").filter(|rest| rest.starts_with(MARKS));
        rest.or_else(|| stem.strip_suffix("values").filter(|it| it.ends_with(MARKS))).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_known_by_their_names() {
        let table = [
            ("values-prod.yaml", true),
            ("values.prod.yml", true),
            ("prod_values.yaml", true),
            ("values.yaml", false),
            ("values.schema.json", false),
            ("valuesfile.yaml", false),
            ("Chart.yaml", false),
        ];
        for (name, expected) in table {
            assert_eq!(is_of_values(Path::new(name)), expected, "{name}");
        }
    }
}

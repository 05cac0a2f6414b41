//! A rolecall.yaml in words that explain it.

use std::fmt::Write;

use super::found::{Estate, Suggested};
use crate::yaml::{self, Data};

const HEAD: &str = "\
# Which charts are installed where, and what belongs to the same cluster. Paths are relative to this
# file. `rolecall lint` finds what collides, `rolecall merge` merges it; `rolecall schema` prints all keys.
";

const RELEASES: &str = "
# The charts, in the order in which they are applied. Of each release:
#   name        its name, as for `helm install`
#   chart       the chart: a folder, a package (.tgz), or a folder of Jinja templates
#   namespaces  where it is installed: one release for each
#   cluster     releases on different clusters never collide
#   values      files of values beside the chart's own, later ones win; {namespace}, {release} and
#               {cluster} stand for the release's own, as in `values/{namespace}.yaml`
#   set         values by key, as in `{ rbac.create: true }`
";

const MANIFESTS: &str = "
# Plain manifests that belong to the same cluster: files, or patterns with *, ** and ?.
";

const AGAINST: &str = "
# What is on the cluster already, which the releases must not overwrite. This writes it:
#   kubectl get clusterroles,clusterrolebindings,roles,rolebindings -A -o yaml > live.yaml
";

const REST: &str = "
# What `rolecall merge` does: the file that the merged objects go to.
merge:
  output: rbac/merged.yaml

# What `rolecall lint` does: from which severity on it exits with 1 (info, warning, error), which
# severity rules have (or off), and which findings are accepted.
# lint:
#   fail-on: warning
#   rules: { wildcard-verb: off }
#   exclude: [{ rule: cluster-admin-binding, name: break-glass, reason: on-call only }]
";

impl Estate {
    /// Returns the text of the file.
    pub(super) fn written(&self) -> String {
        let mut out = String::from(HEAD);
        out.push_str(RELEASES);
        out.push_str(if self.has_releases() { "releases:\n" } else { "# releases:\n" });
        for release in &self.releases {
            out.push_str(&release.written());
        }
        out.push_str(MANIFESTS);
        if self.manifests.is_empty() {
            out.push_str("# manifests:\n#   - rendered/**/*.yaml\n");
        } else {
            out.push_str("manifests:\n");
        }
        for pattern in &self.manifests {
            line(&mut out, &format!("  - {}", scalar(pattern)));
        }
        out.push_str(AGAINST);
        let export = self.export.as_deref().unwrap_or("live.yaml");
        line(&mut out, &format!("# against: {}", scalar(export)));
        out.push_str(REST);
        out
    }
}

impl Suggested {
    fn written(&self) -> String {
        let Self { name, chart, values, is_broken } = self;
        let (name, chart) = (scalar(name), scalar(chart));
        let mut lines = vec![
            format!("  - name: {name}"),
            format!("    chart: {chart}"),
            format!("    namespaces: [{name}] # a guess: name all namespaces that it goes to"),
        ];
        if *is_broken {
            let words = "it cannot be rendered with its own values";
            lines.insert(0, format!("  # {words}: `rolecall lint {chart}` says why"));
            let comment = |line: &String| match line.trim_start().starts_with('#') {
                true => line.clone(),
                false => format!("  # {}", line.strip_prefix("  ").unwrap_or(line)),
            };
            lines = lines.iter().map(comment).collect();
        }
        if !values.is_empty() {
            let values: Vec<String> = values.iter().map(|it| scalar(it)).collect();
            let indent = if *is_broken { "  #   #" } else { "    #" };
            lines.push(format!("{indent} values: [{}]", values.join(", ")));
        }
        let mut out = String::new();
        lines.iter().for_each(|it| line(&mut out, it));
        out
    }
}

fn line(out: &mut String, text: &str) {
    writeln!(out, "{text}").expect("strings grow");
}

/// Returns a text as a scalar that is a string to every reader of YAML.
fn scalar(text: &str) -> String {
    const WORDS: [&str; 8] = ["true", "false", "null", "yes", "no", "on", "off", "y"];
    let is_plain = text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "-_./*".contains(it))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
        && !text.eq_ignore_ascii_case("n");
    match is_plain {
        true => text.into(),
        false => yaml::json_write(&Data::Str(text.into())),
    }
}

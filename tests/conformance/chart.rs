//! A case's chart on disk, and the program that renders it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use data_encoding::BASE64;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;

use crate::case::{Archive, Case};

/// What the program said; the working folder stands as `WORK` in its texts.
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// The folder of one case: the chart `c` and the files beside it; gone when dropped.
pub(crate) struct Workshop {
    folder: tempfile::TempDir,
}

impl Workshop {
    /// Writes all files that the case itself names.
    pub(crate) fn new(case: &Case) -> Self {
        let shop =
            Self { folder: tempfile::tempdir().expect("a folder for temporary files exists") };
        shop.write("c/Chart.yaml", &case.chart);
        if let Some(values) = &case.values {
            shop.write("c/values.yaml", values);
        }
        if let Some(helpers) = &case.helpers {
            shop.write("c/templates/_h.tpl", helpers);
        }
        for (path, text) in &case.files {
            match text {
                Some(text) => shop.write(&format!("c/{path}"), text),
                None => shop.remove(&format!("c/{path}")),
            }
        }
        for (path, archive) in &case.tgz {
            let place = shop.place(&format!("c/{path}"));
            fs::write(place, packed(archive)).expect("the folder is ours");
        }
        for (path, text) in &case.workdir_files {
            shop.write(path, text);
        }
        shop
    }

    /// Writes one more file.
    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::write(self.place(path), text).expect("the folder is ours");
    }

    fn remove(&self, path: &str) {
        let path = self.folder.path().join(path);
        if path.exists() {
            fs::remove_file(path).expect("the folder is ours");
        }
    }

    fn place(&self, path: &str) -> PathBuf {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap_or(&path)).expect("the folder is ours");
        path
    }

    /// Returns the files below the folder `out`, by path.
    pub(crate) fn written(&self) -> BTreeMap<String, String> {
        let out = self.folder.path().join("out");
        let mut files = BTreeMap::new();
        let mut folders = vec![out.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.expect("the folder is ours").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let name = path.strip_prefix(&out).expect("it was found there");
                let text = fs::read_to_string(&path).expect("what is written is text");
                files.insert(name.to_string_lossy().into_owned(), text);
            }
        }
        files
    }

    /// Renders the chart by the built program.
    pub(crate) fn render(&self, case: &Case) -> Answer {
        let program = std::env::var_os("CONFORMANCE_PROGRAM")
            .unwrap_or_else(|| env!("CARGO_BIN_EXE_rolecall").into());
        let mut command = Command::new(program);
        command.args(["render", "./c", "-n", &case.namespace]);
        if !case.release.is_empty() {
            command.args(["--release", &case.release]);
        }
        let output = command
            .args(&case.args)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .output()
            .expect("the program can be started");
        answer(&output, self.folder.path())
    }
}

fn answer(output: &Output, work: &Path) -> Answer {
    let work = work.to_string_lossy();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&*work, "WORK");
    Answer {
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

fn packed(archive: &Archive) -> Vec<u8> {
    let mut tar = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    for (path, text) in &archive.files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        let name = format!("{}/{path}", archive.top);
        tar.append_data(&mut header, name, text.as_bytes())
            .expect("memory takes all that is written");
    }
    let gzip = tar.into_inner().expect("memory takes all that is written");
    gzip.finish().expect("memory takes all that is written")
}

/// The exact text that the case's template renders to, read back out of the chart's output.
///
/// Helm prints documents, not texts, so the text travels inside a document of one key.
pub(crate) fn render_text(case: &Case, body: &str) -> Result<String, Answer> {
    let shop = Workshop::new(case);
    let carrier = if case.expect.tpl_route {
        shop.write("c/case.tpl", body);
        r#"r: {{ tpl (.Files.Get "case.tpl") . | b64enc }}"#
    } else {
        shop.write("c/templates/_case.tpl", body);
        r#"r: {{ include "c/templates/_case.tpl" . | b64enc }}"#
    };
    shop.write(&format!("c/{CARRIER}"), carrier);
    let answer = shop.render(case);
    if answer.code != Some(0) {
        return Err(answer);
    }
    let text = carried(&answer.stdout).ok_or(answer)?;
    // Helm takes this text out of each file's output, where the carrier hides it, and out of tpl's results.
    Ok(if case.expect.tpl_route { text } else { text.replace("<no value>", "") })
}

/// The template that carries a text; `.Template.Name` shows it.
pub(crate) const CARRIER: &str = "templates/case.yaml";

#[derive(Deserialize)]
struct Carried {
    r: Option<String>,
}

fn carried(stdout: &str) -> Option<String> {
    let Carried { r } = serde_yaml::from_str(stdout.trim_start_matches("---\n")).ok()?;
    let bytes = BASE64.decode(r.unwrap_or_default().as_bytes()).ok()?;
    String::from_utf8(bytes).ok()
}

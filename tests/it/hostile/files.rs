//! Archives, folders, links and pipes that are made to harm.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use super::{CHART, refuses, run};
use crate::support::{folder, write};

#[test]
fn archives_are_bounded() {
    let zipped = |bytes: &[u8], times: usize| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        for _ in 0..times {
            encoder.write_all(bytes).expect("memory takes all");
        }
        encoder.finish().expect("memory takes all")
    };
    let packed = |entries: &[(&str, tar::EntryType, &[u8])]| {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, kind, text) in entries {
            let mut header = tar::Header::new_gnu();
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_mode(0o644);
            let is_link = matches!(kind, tar::EntryType::Symlink | tar::EntryType::Link);
            if is_link {
                let target = str::from_utf8(text).expect("targets are UTF-8");
                header.set_link_name(target).expect("the target is short");
            }
            let content = if is_link { b"" } else { *text };
            header.set_size(content.len() as u64);
            header.set_cksum();
            archive.append(&header, content).expect("memory takes all");
        }
        zipped(&archive.into_inner().expect("memory takes all"), 1)
    };
    let file = tar::EntryType::Regular;
    let mut nested = packed(&[("c/Chart.yaml", file, CHART.as_bytes())]);
    for _ in 0..100 {
        let entries = [("c/Chart.yaml", file, CHART.as_bytes()), ("c/charts/c.tgz", file, &nested)];
        nested = packed(&entries);
    }
    for (bytes, expected) in [
        (zipped(&[0; 1 << 20], 300), ""),
        (nested, "sub-charts nest deeper than 64"),
        (
            packed(&[("c/Chart.yaml", file, CHART.as_bytes()), ("c/../../x", file, b"x")]),
            "chart archive",
        ),
        (packed(&[("c//etc/x", file, b"x")]), "chart archive"),
        (Vec::new(), "got 'application/octet-stream'"),
        (b"not gzip, but long enough".to_vec(), "does not appear to be a gzipped archive"),
    ] {
        let folder = folder(&[]);
        std::fs::write(folder.path().join("c.tgz"), bytes).expect("the file can be written");
        refuses(expected, &run(folder.path(), &["render", "c.tgz"]), expected);
    }
    let folder = folder(&[]);
    let linked = packed(&[
        ("c/Chart.yaml", file, CHART.as_bytes()),
        ("c/templates/a.yaml", tar::EntryType::Symlink, b"/etc/passwd"),
        ("c/templates/b.yaml", tar::EntryType::Link, b"/etc/passwd"),
    ]);
    std::fs::write(folder.path().join("c.tgz"), linked).expect("the file can be written");
    let output = run(folder.path(), &["render", "c.tgz"]);
    assert!(!String::from_utf8_lossy(&output.stdout).contains("root:"), "links are not followed");
}

#[cfg(unix)]
#[test]
fn odd_files_are_refused() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("secret.yaml", "a: secret\n")]);
    let case = |prepare: &dyn Fn(&Path), expected: &str| {
        let chart = folder(&[("Chart.yaml", CHART), ("templates/a.yaml", "a: b\n")]);
        prepare(chart.path());
        refuses(expected, &run(chart.path(), &["render", "."]), expected);
    };
    let link = |name: &'static str, target: &Path| {
        let target = target.to_path_buf();
        move |chart: &Path| symlink(&target, chart.join(name)).expect("links can be made")
    };
    case(&link("templates/x.yaml", &outside.path().join("secret.yaml")), "leads out of the chart");
    case(&link("templates/x", outside.path()), "leads out of the chart");
    case(&link("templates/loop", Path::new("..")), "leads back into itself");
    case(&link("templates/x.yaml", Path::new("x.yaml")), "error evaluating symlink");
    case(&link("templates/zero", Path::new("/dev/zero")), "leads out of the chart");
    let fifo = |chart: &Path| {
        let made = Command::new("mkfifo").arg(chart.join("templates/fifo")).status();
        assert!(made.is_ok_and(|status| status.success()), "fifos can be made");
    };
    case(&fifo, "cannot load irregular file");
    let doubling = |chart: &Path| {
        for level in 0..30 {
            let folder = chart.join(format!("templates/{level}"));
            std::fs::create_dir(&folder).expect("folders can be made");
            for name in ["a", "b"] {
                let target = format!("../{}", (level + 1).min(29));
                if level < 29 {
                    symlink(target, folder.join(name)).expect("links can be made");
                }
            }
        }
    };
    case(&doubling, "the chart has more than 20000 files and folders");
    let rules = |chart: &Path| write(&chart.join(".helmignore"), &"*a*b\n".repeat(20_000));
    case(&rules, ".helmignore has more than 65536 bytes");
    let much = |chart: &Path| {
        for number in 0..21 {
            write(&chart.join(format!("much/{number}")), &"x".repeat(5 << 20));
        }
    };
    case(&much, "the files of the chart have more than 104857600 bytes together");
    let large = |chart: &Path| write(&chart.join("large"), &"x".repeat(6 << 20));
    case(&large, "larger than the maximum file size");
    let empty = |chart: &Path| write(&chart.join("Chart.yaml"), "");
    case(&empty, "");
    let device = run(outside.path(), &["lint", "/dev/zero"]);
    refuses("/dev/zero", &device, "it has more than");
}

#[test]
fn inventories_and_manifests_that_are_none_are_refused() {
    let folder = folder(&[("a.tgz/x", "")]);
    for text in ["{{{", "a: \0", "- 1", "releases: 5", &"[".repeat(100_000)] {
        write(&folder.path().join("rolecall.yaml"), text);
        let output = run(folder.path(), &["lint", "rolecall.yaml"]);
        refuses(&format!("{text:.20}"), &output, "rolecall.yaml");
    }
    for text in [&*"[".repeat(100_000), "a: \0", "{", "a: *b"] {
        write(&folder.path().join("m.yaml"), text);
        let output = run(folder.path(), &["lint", "m.yaml"]);
        refuses(&format!("{text:.20}"), &output, "m.yaml");
    }
}

#[cfg(unix)]
#[test]
fn a_walk_reads_files_alone() {
    use std::os::unix::fs::symlink;
    let account = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a, namespace: b}\n";
    let outside = folder(&[("secret.yaml", account)]);
    let inside = folder(&[("a.yaml", account)]);
    let made = Command::new("mkfifo").arg(inside.path().join("b.yaml")).status();
    assert!(made.is_ok_and(|status| status.success()), "fifos can be made");
    symlink("a.yaml", inside.path().join("c.yaml")).expect("links can be made");
    let output = run(inside.path(), &["render", "."]);
    assert_eq!(String::from_utf8_lossy(&output.stdout).matches("kind:").count(), 2);
    let secret = outside.path().join("secret.yaml");
    symlink(secret, inside.path().join("d.yaml")).expect("links can be made");
    refuses("d.yaml", &run(inside.path(), &["render", "."]), "leads out of");
}

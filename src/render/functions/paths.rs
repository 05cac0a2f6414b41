//! Slash-separated paths as Go's `path` has them; on Linux `path/filepath` is the same.

use super::{Context, Function, FunctionError, Param, Run};
use crate::render::value::{Str, Value};

const fn function(name: &'static str, run: Run) -> Function {
    Function { name, params: &[Param::String], rest: None, run }
}

pub(super) static TABLE: &[Function] = &[
    function("base", Run::Plain(|_, args| text(base(bytes(args))))),
    function("clean", Run::Plain(clean_path)),
    function("dir", Run::Plain(directory)),
    function("ext", Run::Plain(|_, args| text(extension(bytes(args))))),
    function("isAbs", Run::Plain(|_, args| Ok(bytes(args).starts_with(b"/").into()))),
    function("osBase", Run::Plain(|_, args| text(base(bytes(args))))),
    function("osClean", Run::Plain(clean_path)),
    function("osDir", Run::Plain(directory)),
    function("osExt", Run::Plain(|_, args| text(extension(bytes(args))))),
    function("osIsAbs", Run::Plain(|_, args| Ok(bytes(args).starts_with(b"/").into()))),
];

fn bytes(args: &[Value]) -> &[u8] {
    args.first().and_then(Value::as_text).map_or(&[], |text| text.as_bytes())
}

fn text(bytes: &[u8]) -> Result<Value, FunctionError> {
    Ok(Value::Str(Str::from_bytes(bytes.to_vec())))
}

fn clean_path(_: &mut Context<'_>, args: &[Value]) -> Result<Value, FunctionError> {
    text(&clean(bytes(args)))
}

fn directory(_: &mut Context<'_>, args: &[Value]) -> Result<Value, FunctionError> {
    let path = bytes(args);
    let end = path.iter().rposition(|byte| *byte == b'/').map_or(0, |slash| slash + 1);
    text(&clean(&path[..end]))
}

/// Returns the last part: `.` of nothing, `/` of slashes only.
fn base(path: &[u8]) -> &[u8] {
    if path.is_empty() {
        return b".";
    }
    let Some(last) = path.iter().rposition(|byte| *byte != b'/') else {
        return b"/";
    };
    let path = &path[..=last];
    path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
}

/// Returns what follows the last dot of the last part, with the dot.
fn extension(path: &[u8]) -> &[u8] {
    let name = path.rsplit(|byte| *byte == b'/').next().unwrap_or(path);
    name.iter().rposition(|byte| *byte == b'.').map_or(&[], |dot| &name[dot..])
}

/// Returns the shortest equal path, worked out on the text alone.
fn clean(path: &[u8]) -> Vec<u8> {
    let rooted = path.starts_with(b"/");
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split(|byte| *byte == b'/') {
        match part {
            b"" | b"." => {}
            b".." if parts.last().is_some_and(|last| *last != b"..") => {
                parts.pop();
            }
            b".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join(&b'/');
    match (rooted, joined.is_empty()) {
        (true, _) => [b"/", &joined[..]].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

#[cfg(test)]
mod tests {
    use super::super::args::tests::call;

    #[test]
    fn paths_are_taken_apart_as_in_helm() {
        for (path, [base, dir, clean, ext, is_abs]) in [
            ("", [".", ".", ".", "", "false"]),
            ("/", ["/", "/", "/", "", "true"]),
            ("///", ["/", "/", "/", "", "true"]),
            ("a", ["a", ".", "a", "", "false"]),
            ("a/b.tar.gz", ["b.tar.gz", "a", "a/b.tar.gz", ".gz", "false"]),
            ("/a/b/", ["b", "/a/b", "/a/b", "", "true"]),
            ("../../x", ["x", "../..", "../../x", "", "false"]),
            ("/../a", ["a", "/", "/a", "", "true"]),
            ("a/../..", ["..", ".", "..", ".", "false"]),
            ("a//b/./c/../d", ["d", "a/b", "a/b/d", "", "false"]),
            ("./.hidden", [".hidden", ".", ".hidden", ".hidden", "false"]),
            ("a.b/c", ["c", "a.b", "a.b/c", "", "false"]),
        ] {
            let expected = [base, dir, clean, ext, is_abs];
            for (name, expected) in ["base", "dir", "clean", "ext", "isAbs"].iter().zip(expected) {
                let answer = call(name, &[path.into()]).unwrap().print();
                assert_eq!(answer, expected, "{name} {path:?}");
            }
        }
    }
}

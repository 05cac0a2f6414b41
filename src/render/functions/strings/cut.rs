//! Cutting by numbers of bytes: trunc, substr, abbrev.

use super::super::args::{Answer, int, made, text};
use super::super::{Context, FunctionError};
use crate::render::value::Value;

const ELLIPSIS: &[u8] = b"...";

pub(super) fn trunc(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let source = text(args, 1);
    let length = source.len();
    let wanted = int(args, 0);
    let distance = usize::try_from(wanted.unsigned_abs()).unwrap_or(usize::MAX);
    if distance >= length {
        return Ok(Value::Str(source.clone()));
    }
    let part =
        if wanted < 0 { source.part(length - distance, length) } else { source.part(0, distance) };
    Ok(Value::Str(part))
}

pub(super) fn substr(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let (start, end, source) = (int(args, 0), int(args, 1), text(args, 2));
    let length = source.len();
    let out_of_range = |range: String| {
        Err(FunctionError::new(format!("runtime error: slice bounds out of range [{range}")))
    };
    let last = usize::try_from(end).ok().filter(|end| *end <= length);
    let Ok(first) = usize::try_from(start) else {
        return match last {
            Some(end) => Ok(Value::Str(source.part(0, end))),
            None if end < 0 => out_of_range(format!(":{end}]")),
            None => out_of_range(format!(":{end}] with length {length}")),
        };
    };
    let last = last.unwrap_or(length);
    if first > last {
        return out_of_range(format!("{first}:{last}]"));
    }
    Ok(Value::Str(source.part(first, last)))
}

pub(super) fn abbrev(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let source = text(args, 1);
    let width = usize::try_from(int(args, 0)).unwrap_or(0);
    if width < 4 || source.len() <= width {
        return Ok(Value::Str(source.clone()));
    }
    made(context, front(source.as_bytes(), width))
}

/// Returns as many bytes as leave room for the ellipsis, which follows; `width` is at least 4.
fn front(bytes: &[u8], width: usize) -> Vec<u8> {
    [&bytes[..width - 3], ELLIPSIS].concat()
}

pub(super) fn abbrevboth(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let (left, source) = (int(args, 0), text(args, 2));
    let width = usize::try_from(int(args, 1)).unwrap_or(0);
    let bytes = source.as_bytes();
    if width < 4 || left > 0 && width < 7 || bytes.len() <= width {
        return Ok(Value::Str(source.clone()));
    }
    let left = usize::try_from(left).unwrap_or(0).min(bytes.len() - (width - 3));
    if left <= 4 {
        return made(context, front(bytes, width));
    }
    if left + width - 3 >= bytes.len() {
        return made(context, [ELLIPSIS, &bytes[bytes.len() - (width - 3)..]].concat());
    }
    let (rest, room) = (&bytes[left..], width - 3);
    let middle = if rest.len() <= room { rest.to_vec() } else { front(rest, room) };
    made(context, [ELLIPSIS, &middle].concat())
}

#[cfg(test)]
mod tests {
    use super::super::super::args::tests::{call, int, shown};

    #[test]
    fn trunc_and_substr_count_bytes() {
        for (count, want) in
            [(3, "hel"), (-3, "llo"), (9, "hello"), (-9, "hello"), (-5, "hello"), (0, "")]
        {
            assert_eq!(shown("trunc", &[int(count), "hello".into()]), want, "{count}");
        }
        let cut = call("trunc", &[int(1), "é".into()]).expect("any number will do");
        assert_eq!(cut.as_text().map(|text| text.as_bytes().to_vec()), Some(vec![0xc3]));
        let cases = [
            (0, 3, "hel"),
            (1, -1, "ello"),
            (-1, 3, "hel"),
            (2, 99, "llo"),
            (5, 5, ""),
            (9, 12, "error: runtime error: slice bounds out of range [9:5]"),
            (-1, 12, "error: runtime error: slice bounds out of range [:12] with length 5"),
            (-1, -2, "error: runtime error: slice bounds out of range [:-2]"),
            (3, 2, "error: runtime error: slice bounds out of range [3:2]"),
        ];
        for (start, end, want) in cases {
            assert_eq!(
                shown("substr", &[int(start), int(end), "hello".into()]),
                want,
                "{start} {end}"
            );
        }
    }

    #[test]
    fn abbrev_leaves_room_for_the_ellipsis() {
        assert_eq!(shown("abbrev", &[int(5), "hello world".into()]), "he...");
        assert_eq!(shown("abbrev", &[int(3), "hello world".into()]), "hello world");
        assert_eq!(shown("abbrev", &[int(10), "héllo wörld x".into()]), "héllo ...");
    }
}

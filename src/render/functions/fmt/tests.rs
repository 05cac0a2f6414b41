//! What the real printf writes.

use super::super::Failure;
use super::super::args::tests::{call, dict, int, list, shown};
use super::*;

fn printf(format: &str, args: &[Value]) -> String {
    let all: Vec<Value> = [Value::from(format)].into_iter().chain(args.iter().cloned()).collect();
    shown("printf", &all)
}

fn check(cases: &[(&str, &[Value], &str)]) {
    for (format, args, want) in cases {
        assert_eq!(printf(format, args), *want, "{format} {args:?}");
    }
}

fn floats<const N: usize>(numbers: [f64; N]) -> [Value; N] {
    numbers.map(Value::Float)
}

#[test]
fn print_parts_what_is_no_text() {
    let args = ["a".into(), int(1), int(2), "b".into(), Value::Float(3.5), Value::Nil];
    assert_eq!(shown("print", &args), "a1 2b3.5 <nil>");
    assert_eq!(shown("print", &[int(1), Value::Nil, int(2)]), "1 <nil> 2");
    assert_eq!(shown("print", &[Value::Nil, "a".into()]), "<nil>a");
    assert_eq!(shown("print", &[]), "");
    assert_eq!(shown("println", &args), "a 1 2 b 3.5 <nil>\n");
}

#[test]
fn bad_directives_are_shown() {
    check(&[
        ("%s %s", &["a".into()], "a %!s(MISSING)"),
        ("%s", &["a".into(), "b".into(), int(3)], "a%!(EXTRA string=b, int=3)"),
        ("%", &[], "%!(NOVERB)"),
        ("%!", &[], "%!!(MISSING)"),
        ("%!s", &[int(1)], "%!!(int=1)s"),
        ("%5", &[int(1)], "%!(NOVERB)%!(EXTRA int=1)"),
        ("%z", &[int(1)], "%!z(int=1)"),
        ("%é", &[int(1)], "%!é(int=1)"),
        ("%d%%", &[int(1)], "1%"),
        ("%5%", &[], "%"),
        ("%.", &[int(1)], "%!.(int=1)"),
        ("%[1", &[int(1)], "%!(NOVERB)"),
        ("%[]d", &[int(1)], "%!d(BADINDEX)"),
        ("%[x]d", &[int(1)], "%!d(BADINDEX)"),
        ("%[5]d %d", &[int(1), int(2)], "%!d(BADINDEX) 1"),
        ("%[2]s %[1]s", &["a".into(), "b".into()], "b a"),
        ("%[2]*[1]d", &[int(3), int(5)], "    3"),
        ("%[1]5d", &[int(3)], "%!d(BADINDEX)"),
        ("%99999999d", &[int(1)], "%!(NOVERB)%!(EXTRA int=1)"),
        ("%*d", &["a".into(), int(3)], "%!(BADWIDTH)3"),
        ("%.*d", &[int(-1), int(3)], "%!(BADPREC)3"),
        ("%w", &[list([int(1)])], "%!w([]interface {}=[1])"),
        ("%s", &[Value::Nil], "%!s(<nil>)"),
        ("%5s|%5v", &[Value::Nil, Value::Nil], "%!s(<nil>)|<nil>"),
        ("%s", &[Value::Bool(true)], "%!s(bool=true)"),
        ("%t", &["a".into()], "%!t(string=a)"),
        ("%d", &[Value::Float(3.0)], "%!d(float64=3)"),
        ("%p", &[int(1)], "%!p(int=1)"),
    ]);
}

#[test]
fn integers_have_verbs_and_widths() {
    check(&[
        ("%5d|%-5d|%05d|%+d|% d", &[42, 42, 42, 42, 42].map(int), "   42|42   |00042|+42| 42"),
        (
            "%x %X %#x %o %b %c %U %q",
            &[255, 255, 255, 8, 5, 65, 65, 65].map(int),
            "ff FF 0xff 10 101 A U+0041 'A'",
        ),
        ("%#o %#b %O %#X %#U", &[10, 10, 10, 10, 65].map(int), "012 0b1010 0o12 0XA U+0041 'A'"),
        ("%o %#o %b %x", &[-8, 0, -5, -255].map(int), "-10 0 -101 -ff"),
        ("%.3d|%.0d|%5.3d", &[5, 0, 7].map(int), "005||  007"),
        ("%-05d|%+05d|%08b", &[3, 4, 5].map(int), "3    |+0004|00000101"),
        ("%*d|%-*d", &[-5, 3, 5, 3].map(int), "3    |3    "),
        ("%q|%c|%U|%q", &[0x1F600, 0x1F600, 0x1F600, 3].map(int), "'😀'|😀|U+1F600|'\\x03'"),
        ("%c|%3c|%-3c|", &[-1, 65, 66].map(int), "\u{fffd}|  A|B  |"),
        ("%5v|%-5v|%05v", &[1, 2, 3].map(int), "    1|2    |00003"),
    ]);
}

#[test]
fn floats_have_verbs_and_precisions() {
    check(&[
        ("%6.2f|%.3g|%e", &floats([3.16227, 1234.5, 1234.5]), "  3.16|1.23e+03|1.234500e+03"),
        ("%6.2f|%-8.3f|%+.1e", &floats([3.16227, 2.5, 12345.678]), "  3.16|2.500   |+1.2e+04"),
        ("%08.2f|%+08.2f|% .2f", &floats([-1.5, 1.5, 2.0]), "-0001.50|+0001.50| 2.00"),
        (
            "%g %G %.3g %.10g",
            &floats([1e-7, 1e-7, 1_234_567.0, 100_000.0]),
            "1e-07 1E-07 1.23e+06 100000",
        ),
        ("%#g %#.3f %#v", &floats([1.0, 2.0, 1.0]), "1.00000 2.000 1"),
        ("%.2f %.0f %.0f %.1f %.0e", &floats([0.125, 2.5, 3.5, 0.25, 2.5]), "0.12 2 4 0.2 2e+00"),
        (
            "%x %b %X %.3x",
            &floats([1.5, 1.5, 0.1, 3.16227]),
            "0x1.8p+00 6755399441055744p-52 0X1.999999999999AP-04 0x1.94cp+01",
        ),
        (
            "%.3g %.5g %.1g %.0g %g",
            &floats([0.000_012_34, 123_456.0, 15.0, 25.0, 0.0]),
            "1.23e-05 1.2346e+05 2e+01 2e+01 0",
        ),
        ("%e %E %.2e", &floats([0.0, 1e100, 0.0]), "0.000000e+00 1.000000E+100 0.00e+00"),
        ("%G %g %6.3v|%v", &floats([1e20, 1e21, 3.16227, 1e6]), "1E+20 1e+21   3.16|1e+06"),
        (
            "%08.3f|%-08.3f|%10.3e|",
            &floats([3.16227, 3.16227, 1234.5]),
            "0003.162|3.162   | 1.234e+03|",
        ),
        (
            "%v %v %+v %5v",
            &floats([-0.0, f64::NAN, f64::INFINITY, f64::INFINITY]),
            "-0 NaN +Inf  +Inf",
        ),
        ("%v %.2f", &[Value::Complex(0.0, 1.0), Value::Complex(0.0, 1.0)], "(0+1i) (0.00+1.00i)"),
    ]);
}

#[test]
fn texts_have_verbs_and_widths() {
    check(&[
        (
            "%-8s|%8s|%.2s|%10.3v|",
            &["ab", "ab", "abcd", "abcdef"].map(Value::from),
            "ab      |      ab|ab|       abc|",
        ),
        ("%05s|%-05s|", &["ab", "a"].map(Value::from), "000ab|a    |"),
        ("%x % x %#x % #x %X", &["hi"; 5].map(Value::from), "6869 68 69 0x6869 0x68 0x69 6869"),
        (
            "%q %+q %#q %#q %5.2q",
            &["a\té\u{200b}", "é", "ab", "a`b", "abc"].map(Value::from),
            "\"a\\té\\u200b\" \"\\u00e9\" `ab` \"a`b\"  \"ab\"",
        ),
        ("%t %v %5t", &[true, false, true].map(Value::Bool), "true false  true"),
    ]);
}

#[test]
fn verbs_apply_to_elements() {
    let mixed = || list([int(1), "a".into(), Value::Nil]);
    check(&[
        (
            "%v %s %d",
            &[mixed(), mixed(), mixed()],
            "[1 a <nil>] [%!s(int=1) a <nil>] [1 %!d(string=a) <nil>]",
        ),
        ("%5d", &[list([int(1), int(2)])], "[    1     2]"),
        ("%d", &[dict([("a", int(1))])], "map[%!d(string=a):1]"),
        ("%s", &[dict([("a", list([int(1), "b".into()]))])], "map[a:[%!s(int=1) b]]"),
        ("%x", &[list(["ab".into(), int(255)])], "[6162 ff]"),
        ("%q", &[list([int(65), "a".into()])], "['A' \"a\"]"),
        ("%T %T", &[mixed(), Value::Nil], "[]interface {} <nil>"),
        (
            "%#v",
            &[list([int(1), "two".into(), Value::Float(3.5), Value::Nil, Value::Bool(true)])],
            "[]interface {}{1, \"two\", 3.5, interface {}(nil), true}",
        ),
        (
            "%#v",
            &[list(["a".into(), list([]), dict([("k", int(1))])])],
            "[]interface {}{\"a\", []interface {}{}, map[string]interface {}{\"k\":1}}",
        ),
        ("%#v %#v", &[Value::strings(["a", "b"]), Value::Nil], "[]string{\"a\", \"b\"} <nil>"),
        ("%+v", &[dict([("a", Value::Nil)])], "map[a:<nil>]"),
        (
            "%s %v %x",
            &[
                Value::Bytes((*b"AB").into()),
                Value::Bytes((*b"AB").into()),
                Value::Bytes((*b"AB").into()),
            ],
            "AB [65 66] 4142",
        ),
    ]);
}

#[test]
fn what_is_printed_is_bounded() {
    let limit = |result: Answer| result.map_err(|error| error.kind).map(|_| ());
    assert_eq!(limit(call("printf", &["%9999999d".into(), int(1)])), Err(Failure::Limit));
    assert_eq!(
        limit(call("printf", &["%.9999999f".into(), Value::Float(1.0)])),
        Err(Failure::Limit)
    );
    let value = dict([]);
    let map = value.as_map().expect("a map");
    map.set("one", value.clone());
    map.set("two", value.clone());
    assert_eq!(limit(call("print", std::slice::from_ref(&value))), Err(Failure::Limit));
    assert_eq!(limit(call("toString", &[value])), Err(Failure::Limit));
}

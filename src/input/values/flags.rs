//! The grammar of `--set` and its kin: Helm's strvals.

use smol_str::SmolStr;

use super::documents::Map;
use super::{json, scalar};
use crate::yaml::Data;

/// The largest index that a key may hold.
const MAX_INDEX: i64 = 65_536;

/// How many maps a key may lead through.
const MAX_LEVEL: usize = 30;

/// How many lists may nest; Helm knows no limit here, but a list of that depth is no value.
const MAX_LISTS: usize = 1_000;

/// What stands right of `=`.
pub(super) enum Right<'a> {
    /// `--set`: null, a boolean, a whole number, or text.
    Typed,
    /// `--set-string`: text.
    Text,
    /// `--set-file`: the path of a file whose text is the value.
    File(&'a dyn Fn(&str) -> Result<String, String>),
    /// `--set-json`: JSON.
    Json,
    /// `--set-literal`: everything up to the end.
    Literal,
    /// The value is there already, and only the key is read.
    Given(Data),
}

/// Why parsing stopped.
enum Stop {
    /// The text is used up.
    End,
    /// The text is wrong.
    Wrong(String),
}

impl From<String> for Stop {
    fn from(error: String) -> Self {
        Self::Wrong(error)
    }
}

/// Reads `a.b[0]=c,d=e` into a map.
///
/// # Errors
/// In the words of Helm's strvals.
pub(super) fn parse_into(text: &str, right: Right<'_>, map: &mut Map) -> Result<(), String> {
    let mut parser = Parser { rest: text, right };
    loop {
        match parser.key(map, 0) {
            Ok(()) => {}
            Err(Stop::End) => return Ok(()),
            Err(Stop::Wrong(error)) => return Err(error),
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
    right: Right<'a>,
}

impl Parser<'_> {
    fn next(&mut self) -> Option<char> {
        let mut characters = self.rest.chars();
        let next = characters.next();
        self.rest = characters.as_str();
        next
    }

    /// Reads up to one of `stops`, which is used up too; none where the text ends before.
    fn until(&mut self, stops: &[char]) -> (String, Option<char>) {
        let escapes = !matches!(self.right, Right::Literal);
        let mut text = String::new();
        while let Some(character) = self.next() {
            if stops.contains(&character) {
                return (text, Some(character));
            }
            if character == '\\' && escapes {
                match self.next() {
                    Some(escaped) => text.push(escaped),
                    None => break,
                }
            } else {
                text.push(character);
            }
        }
        (text, None)
    }

    fn key(&mut self, map: &mut Map, level: usize) -> Result<(), Stop> {
        let stops: &[char] = match self.right {
            Right::Literal => &['=', '[', '.'],
            _ => &['=', '[', ',', '.'],
        };
        let (key, stop) = self.until(stops);
        match stop {
            None if key.is_empty() => Err(Stop::End),
            None => Err(Stop::Wrong(format!("key {key:?} has no value"))),
            Some('[') => self.list_key(map, &key, level),
            Some('=') => self.value(map, &key),
            Some('.') => self.map_key(map, &key, level + 1),
            Some(_) => Err(Stop::Wrong(format!("key {key:?} has no value (cannot end with ,)"))),
        }
    }

    fn map_key(&mut self, map: &mut Map, key: &str, level: usize) -> Result<(), Stop> {
        if level > MAX_LEVEL {
            return Err(Stop::Wrong(format!(
                "value name nested level is greater than maximum supported nested level of \
                 {MAX_LEVEL}"
            )));
        }
        let mut inner = match map.remove(key) {
            None => Map::new(),
            Some(Data::Map(inner)) => inner,
            Some(other) => return Err(unfit(&other, "map[string]interface {}")),
        };
        let outcome = self.key(&mut inner, level);
        if outcome.is_ok() && inner.is_empty() {
            return Err(Stop::Wrong(format!("key map {key:?} has no value")));
        }
        if !inner.is_empty() {
            set(map, key, Data::Map(inner));
        }
        outcome
    }

    fn list_key(&mut self, map: &mut Map, key: &str, level: usize) -> Result<(), Stop> {
        let index = self.index()?;
        let mut list = match map.remove(key) {
            None => Vec::new(),
            Some(Data::Seq(list)) => list,
            Some(other) => return Err(unfit(&other, "[]interface {}")),
        };
        let outcome = self.item(&mut list, index, (level, 0));
        set(map, key, Data::Seq(list));
        outcome
    }

    fn index(&mut self) -> Result<i64, Stop> {
        let wrong = |error: String| Stop::Wrong(format!("error parsing index: {error}"));
        let (text, stop) = self.until(&[']']);
        if stop.is_none() {
            // Helm takes the end of the text within an index for the end of the argument.
            return Err(Stop::End);
        }
        let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
        let numeric = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let problem = if numeric { "value out of range" } else { "invalid syntax" };
        text.parse().map_err(|_| wrong(format!("strconv.Atoi: parsing {text:?}: {problem}")))
    }

    fn item(
        &mut self,
        list: &mut Vec<Data>,
        index: i64,
        (level, depth): (usize, usize),
    ) -> Result<(), Stop> {
        if index < 0 {
            return Err(Stop::Wrong(format!("negative {index} index not allowed")));
        }
        if depth > MAX_LISTS {
            return Err(Stop::Wrong(format!("lists nest deeper than {MAX_LISTS}")));
        }
        let (junk, stop) = self.until(&['[', '.', '=']);
        if !junk.is_empty() {
            let runes: Vec<String> = junk.chars().map(|it| format!("{it:?}")).collect();
            let runes = runes.join(" ");
            return Err(Stop::Wrong(format!("unexpected data at end of array index: [{runes}]")));
        }
        let place = usize::try_from(index).ok().filter(|place| *place < list.len());
        let value = match stop {
            None => return Err(Stop::End),
            Some('=') => self.item_value()?,
            Some('[') => {
                let next = self.index()?;
                let mut inner = match place.map(|place| std::mem::take(&mut list[place])) {
                    None | Some(Data::Null) => Vec::new(),
                    Some(Data::Seq(inner)) => inner,
                    Some(other) => return Err(unfit(&other, "[]interface {}")),
                };
                let outcome = self.item(&mut inner, next, (level, depth + 1));
                return keep(list, (index, place), (Data::Seq(inner), outcome));
            }
            Some(_) => {
                let mut inner = match place.map(|place| std::mem::take(&mut list[place])) {
                    Some(Data::Map(inner)) => inner,
                    _ => Map::new(),
                };
                let outcome = self.key(&mut inner, level);
                return keep(list, (index, place), (Data::Map(inner), outcome));
            }
        };
        set_index(list, index, value)
    }

    /// Reads what stands right of `key=`.
    fn value(&mut self, map: &mut Map, key: &str) -> Result<(), Stop> {
        match self.right {
            Right::Json => {
                let value = self.json()?;
                set(map, key, value);
            }
            Right::Literal => set(map, key, Data::Str(std::mem::take(&mut self.rest).into())),
            Right::Given(_) => {
                let value = self.given()?;
                set(map, key, value);
            }
            _ if self.rest.is_empty() => {
                set(map, key, Data::Str(SmolStr::default()));
                return Err(Stop::End);
            }
            _ => {
                let value = self.plain()?;
                set(map, key, value);
            }
        }
        Ok(())
    }

    fn item_value(&mut self) -> Result<Data, Stop> {
        match self.right {
            Right::Json => self.json(),
            Right::Literal => Ok(Data::Str(std::mem::take(&mut self.rest).into())),
            Right::Given(_) => self.given(),
            _ if self.rest.is_empty() => Ok(Data::Str(SmolStr::default())),
            _ => self.plain(),
        }
    }

    fn given(&mut self) -> Result<Data, Stop> {
        match &mut self.right {
            Right::Given(value) if self.rest.is_empty() => Ok(std::mem::take(value)),
            _ => Err(Stop::Wrong("unexpected = in a key".into())),
        }
    }

    /// Reads a value or a list in braces.
    fn plain(&mut self) -> Result<Data, Stop> {
        if let Some(rest) = self.rest.strip_prefix('{') {
            self.rest = rest;
            return self.braces();
        }
        let (text, _) = self.until(&[',']);
        self.convert(text)
    }

    fn braces(&mut self) -> Result<Data, Stop> {
        let mut items = Vec::new();
        loop {
            let (text, stop) = self.until(&[',', '}']);
            if stop.is_none() {
                return Err(Stop::Wrong("list must terminate with '}'".into()));
            }
            items.push(self.convert(text)?);
            if stop == Some('}') {
                self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest);
                return Ok(Data::Seq(items));
            }
        }
    }

    fn convert(&self, text: String) -> Result<Data, Stop> {
        Ok(match &self.right {
            Right::Typed => scalar::typed(text),
            Right::File(read) => Data::Str(read(&text)?.into()),
            _ => Data::Str(text.into()),
        })
    }

    /// Reads one JSON value, and the blanks and comma after it; null where there is none.
    fn json(&mut self) -> Result<Data, Stop> {
        if self.end_of_value() {
            return Ok(Data::Null);
        }
        let end = json::end(self.rest).ok_or_else(|| Stop::Wrong("no JSON".into()))?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest;
        let value = json::read(text)?;
        self.end_of_value();
        Ok(value)
    }

    /// Skips blanks, and tells whether the value ends there; its comma is used up.
    fn end_of_value(&mut self) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(',') {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => self.rest.is_empty(),
        }
    }
}

fn set(map: &mut Map, key: &str, value: Data) {
    if !key.is_empty() {
        map.insert(key.into(), value);
    }
}

fn set_index(list: &mut Vec<Data>, index: i64, value: Data) -> Result<(), Stop> {
    if index > MAX_INDEX {
        return Err(Stop::Wrong(format!(
            "index of {index} is greater than maximum supported index of {MAX_INDEX}"
        )));
    }
    let index = usize::try_from(index).expect("checked to be no less than 0");
    if list.len() <= index {
        list.resize(index + 1, Data::Null);
    }
    list[index] = value;
    Ok(())
}

/// Sets an item that was read in parts. Where the text ended within it, only an item that was
/// there before is kept.
fn keep(
    list: &mut Vec<Data>,
    (index, place): (i64, Option<usize>),
    (value, outcome): (Data, Result<(), Stop>),
) -> Result<(), Stop> {
    match (outcome, place) {
        (Ok(()), _) => set_index(list, index, value),
        (stopped, Some(place)) => {
            list[place] = value;
            stopped
        }
        (stopped, None) => stopped,
    }
}

/// The words of the panic that Go's type assertion ends in.
fn unfit(value: &Data, wanted: &str) -> Stop {
    let got = scalar::go_type(value);
    Stop::Wrong(format!(
        "unable to parse key: interface conversion: interface {{}} is {got}, not {wanted}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str, right: Right<'_>) -> Result<Data, String> {
        let mut map = Map::new();
        parse_into(text, right, &mut map).map(|()| Data::Map(map))
    }

    /// Writes data as the cases hold it, on one line.
    fn show(data: &Data) -> String {
        match data {
            Data::Null => "null".into(),
            Data::Bool(value) => value.to_string(),
            Data::Int(number) => number.to_string(),
            Data::Float(number) => number.to_string(),
            Data::Str(text) => format!("{text:?}"),
            Data::Seq(items) => {
                format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(","))
            }
            Data::Map(map) => {
                let pairs: Vec<_> =
                    map.iter().map(|(key, value)| format!("{key:?}:{}", show(value))).collect();
                format!("{{{}}}", pairs.join(","))
            }
        }
    }

    #[test]
    fn arguments_become_values() {
        let types = "a=1,b=true,c=null,d=abc,e=1.5,f=,g=01,h=0,i=-5,j=TRUE,k=False,l=NULL,m=1e3,\
                     n=0x10,o=+5,p=9223372036854775808,q=00,r=yes,s=\" x\"";
        let types_read = concat!(
            r#"{"a":1,"b":true,"c":null,"d":"abc","e":"1.5","f":"","g":"01","h":0,"i":-5,"#,
            r#""j":true,"k":false,"l":null,"m":"1e3","n":"0x10","o":5,"#,
            r#""p":"9223372036854775808","q":"00","r":"yes","s":"\" x\""}"#
        );
        let escapes = r"a=x\,z,b\.c=1,d=e\=f,g=h=i,k=a.b,l=a\\b,n.kubernetes\.io/role=master";
        let escapes_read = concat!(
            r#"{"a":"x,z","b.c":1,"d":"e=f","g":"h=i","k":"a.b","l":"a\\b","#,
            r#""n":{"kubernetes.io/role":"master"}}"#
        );
        let lists = "a[0]=x,a[2]=z,b[0].c=1,b[0].d=2,b[1].c=3,m[0][1]=q";
        let lists_read = r#"{"a":["x",null,"z"],"b":[{"c":1,"d":2},{"c":3}],"m":[[null,"q"]]}"#;
        let cases = [
            (types, Right::Typed, types_read),
            (escapes, Right::Typed, escapes_read),
            (lists, Right::Typed, lists_read),
            ("a= b , c=d", Right::Typed, r#"{" c":"d","a":" b "}"#),
            ("a={1,null},b={},c={a,},", Right::Typed, r#"{"a":[1,null],"b":[""],"c":["a",""]}"#),
            ("a=,=1,.x=1", Right::Typed, r#"{"a":""}"#),
            ("a.", Right::Typed, "{}"),
            ("a[0]", Right::Typed, r#"{"a":[]}"#),
            ("a[0].b=", Right::Typed, r#"{"a":[]}"#),
            ("a[0].c=1,a[0].b=", Right::Typed, r#"{"a":[{"b":"","c":1}]}"#),
            (
                "a=1,b=true,c=null,d={1,2},e[0]=3",
                Right::Text,
                r#"{"a":"1","b":"true","c":"null","d":["1","2"],"e":["3"]}"#,
            ),
            (r"a=x,y={z}\n[0]", Right::Literal, r#"{"a":"x,y={z}\\n[0]"}"#),
            ("b.c[0]=q.r=s", Right::Literal, r#"{"b":{"c":["q.r=s"]}}"#),
            (r"a.b\.c[1]=", Right::Given(Data::Int(7)), r#"{"a":{"b.c":[null,7]}}"#),
        ];
        for (text, right, expected) in cases {
            let right_name = std::mem::discriminant(&right);
            assert_eq!(show(&parse(text, right).unwrap()), expected, "{text} {right_name:?}");
        }
    }

    #[test]
    fn errors_are_those_of_helm() {
        let is = "unable to parse key: interface conversion: interface {} is";
        let cases = [
            ("a=1,,b=2", "key \"\" has no value (cannot end with ,)".into()),
            ("a,b=1", "key \"a\" has no value (cannot end with ,)".into()),
            ("a", "key \"a\" has no value".into()),
            ("a.=1", "key map \"a\" has no value".into()),
            ("a={1,2", "list must terminate with '}'".into()),
            ("a[-1]=1", "negative -1 index not allowed".into()),
            ("a[x]=1", "error parsing index: strconv.Atoi: parsing \"x\": invalid syntax".into()),
            (
                "a[65537]=1",
                "index of 65537 is greater than maximum supported index of 65536".into(),
            ),
            ("a[0]x=1", "unexpected data at end of array index: ['x']".into()),
            ("a=1,a.b=2", format!("{is} int64, not map[string]interface {{}}")),
            ("a=null,a.b=2", format!("{is} nil, not map[string]interface {{}}")),
            ("a.b=1,a[0]=2", format!("{is} map[string]interface {{}}, not []interface {{}}")),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text, Right::Typed).unwrap_err(), expected, "{text}");
        }
    }
}

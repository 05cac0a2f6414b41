//! `.Files`: the files of a chart that are neither templates nor read by Helm itself.

use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

use smol_str::SmolStr;

use super::glob::Glob;
use crate::input::ChartFile;
use crate::render::functions::{FunctionError, Param};
use crate::render::value::{Kind, Native, Str, Value};
use crate::source::Trail;
use crate::yaml::{self, Data};

/// Helm's `engine.files`.
#[derive(Debug)]
pub(in crate::render) struct Files {
    /// Sorted by name.
    files: Arc<[ChartFile]>,
}

impl Files {
    pub(in crate::render) fn new(files: Arc<[ChartFile]>) -> Self {
        Self { files }
    }

    fn find(&self, name: &[u8]) -> Option<&ChartFile> {
        let found = self.files.binary_search_by(|file| file.name.as_bytes().cmp(name)).ok()?;
        self.files.get(found)
    }

    fn get(&self, name: &[u8]) -> Option<&[u8]> {
        self.find(name).map(|file| &*file.content)
    }

    /// Returns the text of a file, which knows where it stands.
    fn text(&self, name: &[u8]) -> Str {
        let Some(file) = self.find(name) else { return Str::from("") };
        match (file.file, std::str::from_utf8(&file.content)) {
            (Some(id), Ok(text)) => Str::traced(text, Trail::of_copy(id, text.len())),
            _ => Str::from_bytes(file.content.to_vec()),
        }
    }

    fn glob(&self, pattern: &str) -> Value {
        let files = match Glob::parse(pattern) {
            Some(glob) => {
                self.files.iter().filter(|file| glob.matches(&file.name)).cloned().collect()
            }
            None => self.files.clone(),
        };
        Value::Native(Rc::new(Self { files }))
    }

    /// Returns the files under their base names as the lines of a map in YAML.
    fn as_yaml(&self, content: impl Fn(&[u8]) -> SmolStr) -> Value {
        let entry = |file: &ChartFile| {
            let base = file.name.rsplit('/').next().unwrap_or_default();
            (SmolStr::new(base), Data::Str(content(&file.content)))
        };
        let map = Data::Map(self.files.iter().map(entry).collect());
        let text = yaml::to_yaml(&map).unwrap_or_default();
        Value::str(text.strip_suffix('\n').unwrap_or(&text))
    }

    fn lines(&self, name: &[u8]) -> Result<Value, FunctionError> {
        let Some(content) = self.get(name) else { return Ok(Value::strings::<&str>([])) };
        let Some(last) = content.last() else {
            return Err(FunctionError::new("runtime error: index out of range [-1]"));
        };
        let content = if *last == b'\n' { &content[..content.len() - 1] } else { content };
        let lines = content.split(|byte| *byte == b'\n');
        Ok(Value::strings(lines.map(|line| Str::from_bytes(line.to_vec()))))
    }
}

fn bytes(content: &[u8]) -> Value {
    Value::Bytes(Rc::from(content))
}

fn text(content: &[u8]) -> SmolStr {
    String::from_utf8_lossy(content).into()
}

impl Native for Files {
    fn type_name(&self) -> &str {
        "engine.files"
    }

    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn field(&self, name: &str) -> Option<Value> {
        Some(bytes(self.get(name.as_bytes()).map_or(&[], |content| content)))
    }

    fn method(&self, name: &str) -> Option<&'static [Param]> {
        match name {
            "AsConfig" | "AsSecrets" => Some(&[]),
            "Get" | "GetBytes" | "Glob" | "Lines" => Some(&[Param::String]),
            _ => None,
        }
    }

    fn call(&self, method: &str, args: &[Value]) -> Option<Result<Value, FunctionError>> {
        let name = args.first().and_then(Value::as_text).map(Str::as_bytes).unwrap_or_default();
        let found = || self.get(name).map_or(&[] as &[u8], |content| content);
        Some(Ok(match method {
            "Get" => Value::Str(self.text(name)),
            "GetBytes" => bytes(found()),
            "Glob" => self.glob(&String::from_utf8_lossy(name)),
            "Lines" => return Some(self.lines(name)),
            "AsConfig" => self.as_yaml(text),
            "AsSecrets" => self.as_yaml(|content| data_encoding::BASE64.encode(content).into()),
            _ => return None,
        }))
    }

    fn print(&self) -> String {
        let entries: Vec<String> = self
            .files
            .iter()
            .map(|file| format!("{}:{}", file.name, bytes(&file.content).print()))
            .collect();
        format!("map[{}]", entries.join(" "))
    }

    fn to_data(&self) -> Option<Data> {
        let encoded = |content: &[u8]| Data::Str(data_encoding::BASE64.encode(content).into());
        Some(Data::Map(
            self.files.iter().map(|file| (file.name.clone(), encoded(&file.content))).collect(),
        ))
    }

    fn entries(&self) -> Option<Vec<(SmolStr, Value)>> {
        Some(self.files.iter().map(|file| (file.name.clone(), bytes(&file.content))).collect())
    }

    fn truth(&self) -> bool {
        !self.files.is_empty()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

//! Versions as Masterminds/semver has them.

use std::any::Any;
use std::rc::Rc;

use smol_str::SmolStr;

use super::args::{Answer, NIL_POINTER};
use super::{Context, Function, FunctionError, Param, Run};
use crate::render::semver::{Constraint, Version};
use crate::render::value::{Kind, Native, Str, Value};
use crate::yaml::Data;

pub(super) static TABLE: &[Function] = &[
    Function { name: "semver", params: &[Param::String], rest: None, run: Run::Plain(semver) },
    Function {
        name: "semverCompare",
        params: &[Param::String, Param::String],
        rest: None,
        run: Run::Plain(compare),
    },
];

fn text(args: &[Value], index: usize) -> String {
    args.get(index).and_then(Value::as_text).map(Str::to_str).unwrap_or_default().into_owned()
}

fn semver(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let version = Version::parse(&text(args, 0)).map_err(FunctionError::new)?;
    Ok(Value::Native(Rc::new(Semver { version, is_pointer: true })))
}

fn compare(_: &mut Context<'_>, args: &[Value]) -> Answer {
    let constraint = Constraint::parse(&text(args, 0)).map_err(FunctionError::new)?;
    let version = Version::parse(&text(args, 1)).map_err(FunctionError::new)?;
    Ok(constraint.check(&version).into())
}

/// A version as a value: a pointer from `semver`, a struct from the methods that give a new one.
#[derive(Debug)]
struct Semver {
    version: Version,
    is_pointer: bool,
}

fn changed(version: Version) -> Answer {
    Ok(Value::Native(Rc::new(Semver { version, is_pointer: false })))
}

impl Semver {
    /// The methods that a struct has too.
    fn call_value(&self, method: &str, args: &[Value]) -> Option<Answer> {
        let version = &self.version;
        Some(match method {
            "Major" => Ok(Value::Uint64(version.major)),
            "Minor" => Ok(Value::Uint64(version.minor)),
            "Patch" => Ok(Value::Uint64(version.patch)),
            "Prerelease" => Ok(version.pre.as_str().into()),
            "Metadata" => Ok(version.metadata.as_str().into()),
            "String" | "Value" => Ok(version.to_string().into()),
            "MarshalText" => Ok(Value::Bytes(version.to_string().into_bytes().into())),
            "MarshalJSON" => Ok(Value::Bytes(format!("\"{version}\"").into_bytes().into())),
            "IncMajor" => changed(version.next_major()),
            "IncMinor" => changed(version.next_minor()),
            "IncPatch" => changed(version.next_patch()),
            "SetPrerelease" => {
                version.with_pre(&text(args, 0)).map_err(FunctionError::new).and_then(changed)
            }
            "SetMetadata" => {
                version.with_metadata(&text(args, 0)).map_err(FunctionError::new).and_then(changed)
            }
            _ => return None,
        })
    }

    fn call_pointer(&self, method: &str, args: &[Value]) -> Option<Answer> {
        let order = || pointer(args).map(|other| self.version.compare(&other.version));
        Some(match method {
            "Original" => Ok(self.version.original.as_str().into()),
            "Compare" => order().map(|order| Value::Int(order as i64)),
            "Equal" => order().map(|order| order.is_eq().into()),
            "GreaterThan" => order().map(|order| order.is_gt().into()),
            "GreaterThanEqual" => order().map(|order| order.is_ge().into()),
            "LessThan" => order().map(|order| order.is_lt().into()),
            "LessThanEqual" => order().map(|order| order.is_le().into()),
            _ => return None,
        })
    }
}

/// Returns the other version, which may be a nil pointer.
fn pointer(args: &[Value]) -> Result<&Semver, FunctionError> {
    let native = match args.first() {
        Some(Value::Native(native)) => native.as_any().downcast_ref::<Semver>(),
        _ => None,
    };
    native.ok_or_else(|| FunctionError::new(NIL_POINTER))
}

impl Native for Semver {
    fn type_name(&self) -> &str {
        if self.is_pointer { "*semver.Version" } else { "semver.Version" }
    }

    fn kind(&self) -> Kind {
        if self.is_pointer { Kind::Ptr } else { Kind::Struct }
    }

    fn field(&self, _name: &str) -> Option<Value> {
        None
    }

    fn method(&self, name: &str) -> Option<&'static [Param]> {
        Some(match name {
            "SetPrerelease" | "SetMetadata" => &[Param::String],
            "Compare" | "Equal" | "GreaterThan" | "GreaterThanEqual" | "LessThan"
            | "LessThanEqual"
                if self.is_pointer =>
            {
                &[Param::Version]
            }
            "Original" if self.is_pointer => &[],
            _ => return self.call_value(name, &[]).map(|_| [].as_slice()),
        })
    }

    fn call(&self, method: &str, args: &[Value]) -> Option<Answer> {
        let pointers_own = || self.is_pointer.then(|| self.call_pointer(method, args)).flatten();
        self.call_value(method, args).or_else(pointers_own)
    }

    fn print(&self) -> String {
        self.version.to_string()
    }

    fn to_data(&self) -> Option<Data> {
        Some(Data::Str(SmolStr::from(self.version.to_string())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::super::args;
    use super::*;

    fn call(name: &str, args: &[&str]) -> Answer {
        let args: Vec<Value> = args.iter().map(|text| Value::from(*text)).collect();
        args::tests::call(name, &args)
    }

    fn method(version: &Value, method: &str, args: &[Value]) -> String {
        let Value::Native(native) = version else { panic!("it is a version") };
        match native.call(method, args) {
            Some(Ok(value)) => value.print(),
            Some(Err(error)) => error.message,
            None => "no such method".into(),
        }
    }

    #[test]
    fn versions_have_the_methods_that_helm_shows() {
        let version = call("semver", &["v1.2.3-a.1+b"]).unwrap();
        assert_eq!(version.print(), "1.2.3-a.1+b");
        assert_eq!(version.type_name(), "*semver.Version");
        for (name, args, expected) in [
            ("Major", vec![], "1"),
            ("Prerelease", vec![], "a.1"),
            ("Metadata", vec![], "b"),
            ("Original", vec![], "v1.2.3-a.1+b"),
            ("IncMajor", vec![], "2.0.0"),
            ("IncMinor", vec![], "1.3.0"),
            ("IncPatch", vec![], "1.2.3"),
            ("SetPrerelease", vec!["x".into()], "1.2.3-x+b"),
            ("SetPrerelease", vec!["x..".into()], "invalid prerelease string"),
            ("SetMetadata", vec!["".into()], "1.2.3-a.1"),
            ("Compare", vec![call("semver", &["1.2.4"]).unwrap()], "-1"),
            ("LessThan", vec![call("semver", &["1.3"]).unwrap()], "true"),
            ("GreaterThan", vec![call("semver", &["1.2.3"]).unwrap()], "false"),
            ("Equal", vec![call("semver", &["1.2.3-a.1"]).unwrap()], "true"),
            ("Compare", vec![Value::Nil], NIL_POINTER),
            ("Nope", vec![], "no such method"),
        ] {
            assert_eq!(method(&version, name, &args), expected, "{name}");
        }
    }

    #[test]
    fn what_is_no_version_fails() {
        let message = |name, args: &[&str]| call(name, args).unwrap_err().message;
        assert_eq!(message("semver", &["x"]), "invalid semantic version");
        assert_eq!(message("semverCompare", &["abc", "1.2.3"]), "improper constraint: abc");
        assert_eq!(message("semverCompare", &[">=1", ""]), "invalid semantic version");
        assert_eq!(call("semverCompare", &[">=1.19-0", "v1.35.0"]).unwrap().print(), "true");
    }
}

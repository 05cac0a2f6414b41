//! Go's fmt: print, printf, println.

mod directive;
mod float;
mod integer;
mod printer;

use super::args::{Answer, text, variadic};
use super::{Context, Function, FunctionError, Param};
use crate::render::value::{Str, Value};
use printer::Printer;

pub(super) static TABLE: &[Function] = &[
    variadic("print", &[], Param::Any, |context, args| sprint(context, args).map(Value::Str)),
    variadic("printf", &[Param::String], Param::Any, printf),
    variadic("println", &[], Param::Any, println),
];

/// Prints with a blank between two values of which neither is a string.
pub(super) fn sprint(context: &mut Context<'_>, args: &[Value]) -> Result<Str, FunctionError> {
    if let [Value::Str(only)] = args {
        return Ok(only.clone());
    }
    let mut printer = Printer::new(context);
    let mut text_before = true;
    for (index, arg) in args.iter().enumerate() {
        let is_text = matches!(arg, Value::Str(_));
        if index > 0 && !is_text && !text_before {
            printer.push(b" ");
        }
        printer.print_arg(arg, 'v');
        text_before = is_text;
    }
    printer.finish(context)
}

/// Prints a value as the verb `%s` does.
pub(super) fn as_text(context: &mut Context<'_>, value: &Value) -> Result<Str, FunctionError> {
    let mut printer = Printer::new(context);
    printer.print_arg(value, 's');
    printer.finish(context)
}

fn println(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let mut printer = Printer::new(context);
    for (index, arg) in args.iter().enumerate() {
        if index > 0 {
            printer.push(b" ");
        }
        printer.print_arg(arg, 'v');
    }
    printer.push(b"\n");
    printer.finish(context).map(Value::Str)
}

fn printf(context: &mut Context<'_>, args: &[Value]) -> Answer {
    let format = text(args, 0).clone();
    let mut printer = Printer::new(context);
    directive::run(&mut printer, format.as_bytes(), args.get(1..).unwrap_or_default());
    printer.finish(context).map(Value::Str)
}

#[cfg(test)]
mod tests;

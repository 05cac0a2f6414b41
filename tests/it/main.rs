//! Everything that is tested from outside, in one binary.

#![allow(clippy::disallowed_methods, reason = "tests make and read files of their own")]

mod chart;
mod ci;
mod collide;
mod diff;
mod docs;
mod errors;
mod explain;
mod fix;
mod formats;
mod grants;
mod hostile;
mod house;
mod init;
mod inventory;
mod jinja;
mod kept;
mod kubectl;
mod lint;
mod merge;
mod package;
mod peers;
mod plugins;
mod post_renderer;
mod pre_commit;
mod properties;
mod quiet;
mod readme;
mod render;
mod rules;
mod schema;
mod strategy;
mod support;
mod switch;
mod trace;
mod usage;
mod validity;
mod verbose;
mod words;

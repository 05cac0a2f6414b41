//! Who may do what: requests, and what roles, bindings and aggregation answer to them.

mod aggregation;
mod answers;
mod index;
mod request;
mod selector;

pub use index::{Access, Grant, Granted, Reach};
pub use request::Request;

#[cfg(test)]
mod tests;

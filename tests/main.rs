//! The whole program, tested from outside.
#![allow(clippy::unwrap_used)]

mod agreement;
mod shared;
mod tool_policy;

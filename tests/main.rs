//! The whole program, tested from outside.

mod agreement;
mod shared;
mod tool_policy;

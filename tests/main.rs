//! The whole program, tested from outside. One module a feature; all in one binary, so linking is paid once.
#![allow(clippy::unwrap_used)]

mod agreement;
mod hardening;
mod shared;
mod support;
mod tool_policy;

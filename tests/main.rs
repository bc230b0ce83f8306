//! The whole program, tested from outside. One module a feature; all in one binary, so linking is paid once.
#![allow(clippy::unwrap_used)]

mod agreement;
mod answers;
mod audit;
mod catalogue;
mod chains;
mod handout;
mod hardening;
mod includes;
mod installations;
mod languages;
mod layering;
mod looks;
mod mend;
mod overrides;
mod owner;
mod questions;
mod readme;
mod samples;
mod screenshots;
mod skills;
mod stage;
mod support;
mod terminal;
mod tool_policy;
mod trial;
mod validity;
mod walk;
mod wizard;

//! The whole program, tested from outside. One module a feature; all in one binary, so linking is paid once.
#![allow(clippy::unwrap_used)]

mod agreement;
mod answers;
mod audit;
mod catalogue;
mod chains;
mod gateway;
mod handout;
mod hardening;
mod hostile;
mod includes;
mod installations;
mod languages;
mod layering;
mod leaks;
mod looks;
mod mend;
mod overrides;
mod owner;
mod properties;
mod questions;
mod readme;
mod samples;
mod screenshots;
mod secrets;
mod skills;
mod speed;
mod stage;
mod support;
mod terminal;
mod together;
mod tool_policy;
mod trial;
mod validity;
mod walk;
mod wizard;

//! The whole program, tested from outside. One module a feature; all in one binary, so linking is paid once.

mod hardening;
mod screenshots;
mod stage;
mod support;
mod terminal;
mod wizard;

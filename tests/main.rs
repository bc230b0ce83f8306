//! The whole program, tested from outside. One module a feature; all in one binary, so linking is paid once.

mod agreement;
mod hardening;
mod screenshots;
mod shared;
mod stage;
mod support;
mod terminal;
mod wizard;

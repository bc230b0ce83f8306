//! The whole program, tested from outside.

mod screenshots;
mod stage;
mod wizard;

//! Hardens an OpenClaw installation.

pub mod accepted;
pub mod checks;
pub mod cli;
pub mod document;
pub mod host;
pub mod plan;
pub mod posture;
pub mod report;
pub mod settings;
pub mod store;
pub mod text;
pub mod tui;

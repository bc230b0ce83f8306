//! What this machine shows: where OpenClaw keeps its things, the facts about them, the sandbox engine and the gateway that answer.
//!
//! Reads the environment and the disk. Writes nothing, and runs no program but `openclaw --version` and OpenClaw's own audit, each
//! where that is asked for.

mod approvals;
pub mod checkup;
mod containers;
mod database;
mod engine;
mod facts;
pub mod gateway;
pub mod gateway_log;
mod images;
mod includes;
mod installation;
mod listeners;
mod others;
mod owner;
mod places;
mod real_audit;
pub mod secrets;
mod shield;
pub mod skills;
mod state;
mod version;

pub use engine::{Asked, Boxes, Found, engine, in_container};
pub use facts::{Wanted, facts, look};
pub use installation::{Installation, OpenError, at, places};
pub use owner::{Owner, foreign_owner, owned, start_as};
pub use places::{Places, Selection, find};
pub use real_audit::RealAudit;
pub use shield::shield;
pub use version::{OpenClaw, Origin, ask};

use std::collections::BTreeMap;
use std::path::PathBuf;

/// Environment variables by name.
pub type Env = BTreeMap<String, String>;

/// Is this process's environment; what is not Unicode is left out, as no setting of OpenClaw can be.
pub fn env() -> Env {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

/// Is the folder for what must lie in nobody else's: as [`own_state_dir`], but for root in another user's home.
pub fn private_state_dir() -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt;
    let own = own_state_dir()?;
    let is_foreign = |folder: &std::path::Path| folder.metadata().is_ok_and(|found| found.uid() != 0);
    if rustix::process::geteuid().is_root() && own.ancestors().any(is_foreign) {
        return Some(PathBuf::from("/var/lib/openclaw-harden"));
    }
    Some(own)
}

/// Is the folder for our own state, such as accepted skills; never inside OpenClaw's. None where there is no home.
pub fn own_state_dir() -> Option<PathBuf> {
    let dirs = directories::ProjectDirs::from("", "", "openclaw-harden")?;
    Some(dirs.state_dir().unwrap_or(dirs.data_local_dir()).to_owned())
}

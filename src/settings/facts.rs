//! What is known beside the config: environment, files, containers. Plain data, gathered by `host`, so every check stays a pure function.

use super::Version;
use super::state::{Approvals, BrowserContainers, Install};
use crate::skills::state::Review;
use crate::text::Said;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What is known of the machine and the installation. What is absent is unknown, never assumed to be fine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The OpenClaw version that the config is for: its shape decides which keys there are.
    pub openclaw: Version,
    /// The process environment.
    pub env: BTreeMap<String, String>,
    /// The variables of `<state>/.env`.
    pub state_env: BTreeMap<String, String>,
    /// The secrets that SecretRefs of source `file` lead to, by provider and id; those that OpenClaw would not read are not in it.
    pub file_secrets: BTreeMap<(String, String), String>,
    /// The home folder, as OpenClaw finds it.
    pub home: Option<PathBuf>,
    /// The state folder, `~/.openclaw` by default.
    pub state_dir: Option<PathBuf>,
    /// The config file.
    pub config_path: Option<PathBuf>,
    /// The files and folders whose modes matter, by role; those that are absent are not in it.
    pub files: Vec<FileFact>,
    /// Whether the files were looked at; if not, an empty `files` says nothing.
    pub looked_at_files: bool,
    /// The workspaces whose skills are too many to be looked at one by one (2026.9.6: 2000 skills or 40000 folders).
    pub truncated_workspaces: Vec<PathBuf>,
    /// What `<state>/skills/config/mcporter.json` holds; none: not looked at.
    pub mcp_registry: Option<McpRegistry>,
    /// The skills and plugins beside what was accepted; none: not looked at.
    pub skills: Option<Arc<Review>>,
    /// Whether this runs in a container; none: not looked at.
    pub in_container: Option<bool>,
    /// Why the state database could not be read, where it could not.
    pub state_unread: Option<Said>,
    /// The exec approvals of the state database; none: not looked at.
    pub approvals: Option<Approvals>,
    /// The plugins that came from npm, of the state database; none: not looked at.
    pub plugin_installs: Option<Vec<Install>>,
    /// The hooks that came from npm, of the state database; none: not looked at.
    pub hook_installs: Option<Vec<Install>>,
    /// The containers of sandboxed browsers; none: not looked at. Where there is no Docker there are no containers.
    pub browser_containers: Option<BrowserContainers>,
    /// What the machine calls itself.
    pub hostname: Option<String>,
}

/// The global registry of MCP servers, which any program on the host can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum McpRegistry {
    /// The names of its enabled servers, sorted; none where the file is absent.
    Servers(Vec<String>),
    /// It exists, and is no regular file, over 16 MiB, not to be read, or not JSON.
    Unreadable,
}

/// A file or folder of the installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFact {
    /// What it is to OpenClaw.
    pub role: FileRole,
    /// Where it is.
    pub path: PathBuf,
    /// Its permission bits (of a link: those of its target), as in 0o600.
    pub mode: u32,
    /// Whether the path itself is a symbolic link.
    pub symlink: bool,
}

/// What a file is to OpenClaw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileRole {
    /// The state folder.
    StateDir,
    /// `openclaw.json`.
    Config,
    /// A file drawn in by `$include`.
    Include,
    /// `<state>/credentials`.
    CredentialsDir,
    /// `auth-profiles.json` or the agent's database.
    AuthProfiles,
    /// `sessions.json`.
    SessionsStore,
    /// `logging.file`.
    LogFile,
    /// A `SKILL.md` whose real path lies outside its workspace.
    SkillOutside,
    /// A folder below `<state>/extensions` that holds a plugin.
    Extension,
    /// A backup of the config.
    Backup,
}

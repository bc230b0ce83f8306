//! What is known beside the config: environment, files, containers. Plain data, gathered by `host`, so every check stays a pure function.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// What is known of the machine and the installation. What is absent is unknown, never assumed to be fine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// The process environment.
    pub env: BTreeMap<String, String>,
    /// The variables of `<state>/.env`.
    pub state_env: BTreeMap<String, String>,
    /// The home folder, as OpenClaw finds it.
    pub home: Option<PathBuf>,
    /// The state folder, `~/.openclaw` by default.
    pub state_dir: Option<PathBuf>,
    /// The config file.
    pub config_path: Option<PathBuf>,
    /// The files and folders whose modes matter, by role. Empty: not looked at.
    pub files: Vec<FileFact>,
}

impl Facts {
    /// Is a variable as the gateway sees it: the environment, then `<state>/.env`. Blank counts as unset.
    pub fn var(&self, name: &str) -> Option<&str> {
        [&self.env, &self.state_env]
            .into_iter()
            .find_map(|vars| vars.get(name).map(|value| value.trim()).filter(|value| !value.is_empty()))
    }
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

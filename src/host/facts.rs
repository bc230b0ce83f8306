//! Gathers the facts about an installation's files. Reads, follows nothing out of the tree but where OpenClaw's audit does.

use super::{Env, Places, dotenv};
use crate::settings::{Facts, FileFact, FileRole, McpRegistry};
use crate::store;
use std::collections::{BTreeSet, VecDeque};
use std::ffi::OsStr;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The largest file of variables that OpenClaw reads, in bytes.
const ENV_LIMIT: usize = 1 << 20;
/// The largest registry of MCP servers that OpenClaw's audit reads, in bytes.
const REGISTRY_LIMIT: usize = 16 << 20;
/// The number of skills of a workspace after which OpenClaw's audit stops.
const SKILL_LIMIT: usize = 2_000;
/// The number of folders after which it stops.
const FOLDER_LIMIT: usize = SKILL_LIMIT * 20;

/// What the config says about files: which of them to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The ids of the agents, as OpenClaw normalizes them; `main` is looked at in any case.
    pub agents: Vec<String>,
    /// `logging.file`, absolute.
    pub log_file: Option<PathBuf>,
    /// The workspaces of the agents, absolute.
    pub workspaces: Vec<PathBuf>,
    /// The files drawn in by `$include`, absolute.
    pub includes: Vec<PathBuf>,
}

/// Gathers what does not depend on the config: environment, files of variables, places, whether this is a container.
pub fn facts(places: &Places, env: &Env) -> Facts {
    let mut state_env = Env::new();
    for file in &places.env_files {
        for (name, value) in variables(file) {
            state_env.entry(name).or_insert(value);
        }
    }
    Facts {
        env: env.clone(),
        state_env,
        home: Some(places.home.clone()),
        state_dir: Some(places.state_dir.clone()),
        config_path: Some(places.config.clone()),
        in_container: Some(super::in_container()),
        ..Facts::default()
    }
}

fn variables(file: &Path) -> Env {
    match store::look(file) {
        Ok(Some(read)) if read.bytes.len() <= ENV_LIMIT => dotenv::parse(&String::from_utf8_lossy(&read.bytes)),
        _ => Env::new(),
    }
}

/// Looks at the files of the installation and adds what it finds.
pub fn look(facts: &mut Facts, places: &Places, wanted: &Wanted) {
    let state = &places.state_dir;
    let mut files = Vec::new();
    let mut add = |role, path: PathBuf| files.extend(fact(role, path));
    add(FileRole::StateDir, state.clone());
    add(FileRole::Config, places.config.clone());
    for include in &wanted.includes {
        add(FileRole::Include, include.clone());
    }
    if places.credentials.is_dir() {
        add(FileRole::CredentialsDir, places.credentials.clone());
    }
    for agent in agents(wanted) {
        let folder = state.join("agents").join(agent);
        for name in [
            "auth-profiles.json",
            "openclaw-agent.sqlite",
            "openclaw-agent.sqlite-wal",
            "openclaw-agent.sqlite-shm",
            "openclaw-agent.sqlite-journal",
        ] {
            add(FileRole::AuthProfiles, folder.join("agent").join(name));
        }
        add(FileRole::SessionsStore, folder.join("sessions/sessions.json"));
    }
    if let Some(log) = &wanted.log_file {
        add(FileRole::LogFile, log.clone());
    }
    for plugin in plugins(&state.join("extensions")) {
        add(FileRole::Extension, plugin);
    }
    for backup in backups(&places.config) {
        add(FileRole::Backup, backup);
    }
    let mut seen = BTreeSet::new();
    for workspace in &wanted.workspaces {
        let skills = skills(workspace);
        for skill in skills.outside.into_iter().filter(|path| seen.insert(path.clone())) {
            // A skill whose target cannot be reached is outside all the same, with no mode to show.
            files.push(fact(FileRole::SkillOutside, skill.clone()).unwrap_or(FileFact {
                role: FileRole::SkillOutside,
                path: skill,
                mode: 0,
                symlink: true,
            }));
        }
        if skills.truncated {
            facts.truncated_workspaces.push(workspace.clone());
        }
    }
    facts.files = files;
    facts.looked_at_files = true;
    facts.mcp_registry = Some(registry(&state.join("skills/config/mcporter.json")));
}

/// Is each agent once, `main` first; only what is one name in a path.
fn agents(wanted: &Wanted) -> Vec<&str> {
    let mut ids = vec!["main"];
    for id in &wanted.agents {
        let is_name = Path::new(id).file_name() == Some(OsStr::new(id)) && !id.contains('\0');
        if is_name && !ids.contains(&id.as_str()) {
            ids.push(id);
        }
    }
    ids
}

/// Is a file's fact: the modes of what a link leads to, as OpenClaw's audit takes them. None where nothing is there.
fn fact(role: FileRole, path: PathBuf) -> Option<FileFact> {
    let symlink = path.symlink_metadata().ok()?.is_symlink();
    let mode = path.metadata().ok()?.mode() & 0o7777;
    Some(FileFact { role, path, mode, symlink })
}

/// Is the path of every name in a folder, sorted; none where it cannot be listed.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Is every folder that OpenClaw's audit counts as an installed plugin.
fn plugins(extensions: &Path) -> Vec<PathBuf> {
    let is_plugin = |path: &PathBuf| {
        let name = name(path).trim().to_lowercase();
        let is_debris = name.is_empty()
            || name == "node_modules"
            || name.starts_with('.')
            || name.ends_with(".bak")
            || name.contains(".backup-")
            || name.contains(".disabled");
        !is_debris && path.symlink_metadata().is_ok_and(|file| file.is_dir())
    };
    entries(extensions).into_iter().filter(is_plugin).collect()
}

/// Is every copy of the config beside it: OpenClaw's ring, its saved versions, ours, and what an editor leaves.
fn backups(config: &Path) -> Vec<PathBuf> {
    let config_name = name(config);
    let is_copy = |path: &PathBuf| {
        let name = name(path);
        let is_named_so = name.strip_prefix(&config_name).is_some_and(|rest| rest.starts_with(['.', '~', '-']));
        is_named_so && path.symlink_metadata().is_ok_and(|file| file.is_file())
    };
    let folder = config.parent().unwrap_or(Path::new("/"));
    entries(folder).into_iter().filter(is_copy).collect()
}

struct Skills {
    outside: Vec<PathBuf>,
    truncated: bool,
}

/// Is every `SKILL.md` of a workspace whose real path lies outside it, sought within the bounds of OpenClaw's audit.
fn skills(workspace: &Path) -> Skills {
    let root = workspace.join("skills");
    let real_workspace = workspace.canonicalize().unwrap_or(workspace.to_owned());
    let mut skills = Vec::new();
    let mut queue = VecDeque::new();
    if root.symlink_metadata().is_ok_and(|file| file.is_dir()) {
        queue.push_back(root);
    }
    let mut visited = BTreeSet::new();
    for _ in 0..FOLDER_LIMIT {
        if skills.len() >= SKILL_LIMIT {
            break;
        }
        let Some(folder) = queue.pop_front() else {
            break;
        };
        if !visited.insert(folder.canonicalize().unwrap_or(folder.clone())) {
            continue;
        }
        for path in entries(&folder) {
            let name = name(&path);
            if name.starts_with('.') || name == "node_modules" {
                continue;
            }
            match path.metadata() {
                Ok(found) if found.is_dir() => queue.push_back(path),
                Ok(found) if found.is_file() && name == "SKILL.md" => skills.push(path),
                _ => {}
            }
        }
    }
    let is_outside = |path: &PathBuf| match path.canonicalize() {
        Ok(real) => !real.starts_with(&real_workspace),
        Err(_) => true,
    };
    Skills { outside: skills.into_iter().filter(is_outside).collect(), truncated: !queue.is_empty() }
}

/// Is what `<state>/skills/config/mcporter.json` offers to any program that runs on the host.
fn registry(path: &Path) -> McpRegistry {
    let bytes = match store::look(path) {
        Ok(None) => return McpRegistry::Servers(Vec::new()),
        Ok(Some(read)) if read.bytes.len() <= REGISTRY_LIMIT => read.bytes,
        _ => return McpRegistry::Unreadable,
    };
    // The text as Node decodes it: bytes that are no UTF-8 do not make it invalid.
    let text = String::from_utf8_lossy(&bytes);
    let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) else {
        return McpRegistry::Unreadable;
    };
    let is_enabled = |server: &serde_json::Value| server.get("enabled") != Some(&false.into());
    let servers = value.get("mcpServers").and_then(|servers| servers.as_object());
    let mut names: Vec<String> =
        servers.into_iter().flatten().filter(|(_, server)| is_enabled(server)).map(|(name, _)| name.clone()).collect();
    names.sort();
    McpRegistry::Servers(names)
}

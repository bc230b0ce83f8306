//! Gathers the facts about an installation's files. Reads, follows nothing out of the tree but where OpenClaw's audit does.

use super::{Env, Places};
use crate::settings::{Facts, FileFact, FileRole, McpRegistry, dotenv};
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
        in_container: Some(super::in_container(env)),
        hostname: rustix::system::uname().nodename().to_str().ok().map(str::to_owned),
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
    for file in private(places) {
        add(FileRole::Private, file);
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
    super::state::look(facts, state);
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

/// Looks at the files of the config alone: what lies beside a file that is no installation's is not of its making.
pub(super) fn look_at_config(facts: &mut Facts, places: &Places, includes: &[PathBuf]) {
    let included = includes.iter().filter_map(|path| fact(FileRole::Include, path.clone()));
    facts.files = fact(FileRole::Config, places.config.clone()).into_iter().chain(included).collect();
}

/// Is a file's fact: the modes of what a link leads to, as OpenClaw's audit takes them. None where nothing is there.
fn fact(role: FileRole, path: PathBuf) -> Option<FileFact> {
    let symlink = path.symlink_metadata().ok()?.is_symlink();
    let mode = path.metadata().ok()?.mode() & 0o7777;
    Some(FileFact { role, path, mode, symlink })
}

/// Is the path of every name in a folder, sorted; none where it cannot be listed.
pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
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

/// Is the other files that may hold secrets: variables, secrets, credentials, the state database and logs; no links.
fn private(places: &Places) -> Vec<PathBuf> {
    let state = &places.state_dir;
    let mut files = vec![state.join(".env"), state.join("secrets.json")];
    for folder in [places.credentials.clone(), state.join("state"), state.join("logs")] {
        let mut open = vec![folder];
        for depth in 0..3 {
            let is_folder = |path: &PathBuf| path.symlink_metadata().is_ok_and(|file| file.is_dir());
            let found: Vec<PathBuf> =
                open.iter().filter(|path| is_folder(path)).flat_map(|path| entries(path)).collect();
            if depth > 0 {
                files.append(&mut open);
            }
            open = found;
        }
        files.append(&mut open);
    }
    let is_plain = |path: &PathBuf| path.symlink_metadata().is_ok_and(|file| file.is_file() || file.is_dir());
    files.into_iter().filter(is_plain).collect()
}

/// Is every copy of the config beside it: OpenClaw's ring, its saved versions, ours, and what an editor leaves.
pub(super) fn backups(config: &Path) -> Vec<PathBuf> {
    let config_name = name(config);
    let is_copy = |path: &PathBuf| {
        let name = name(path);
        let is_named_so =
            name.strip_prefix(&config_name).is_some_and(|rest| rest.starts_with(['.', '~', '-']) && rest != ".lock");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::{Selection, find};
    use crate::settings::Settings;
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt, symlink};
    use tempfile::TempDir;

    /// An installation below a folder of its own.
    struct Home(TempDir);

    impl Home {
        fn new() -> Self {
            let home = Home(tempfile::tempdir().expect("a folder"));
            home.file(".openclaw/openclaw.json", "{}", 0o600);
            home
        }

        fn path(&self, path: &str) -> PathBuf {
            self.0.path().join(path)
        }

        fn file(&self, path: &str, text: &str, mode: u32) {
            let path = self.path(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(&path, text).expect("written");
            fs::set_permissions(&path, Permissions::from_mode(mode)).expect("a mode");
        }

        fn places(&self) -> Places {
            let env = Env::from([("HOME".to_owned(), self.0.path().display().to_string())]);
            find(&Selection::default(), &env, None, Path::new("/"), &|path| path.exists()).expect("a place")
        }

        fn look(&self, wanted: &Wanted) -> Facts {
            let mut facts = facts(&self.places(), &Env::new());
            look(&mut facts, &self.places(), wanted);
            facts
        }

        /// The path below the home and the mode of every file of a role.
        fn of(&self, facts: &Facts, role: FileRole) -> Vec<(String, u32)> {
            facts
                .files
                .iter()
                .filter(|file| file.role == role)
                .map(|file| {
                    let path = file.path.strip_prefix(self.0.path()).expect("below");
                    (path.display().to_string(), file.mode)
                })
                .collect()
        }
    }

    fn one(path: &str, mode: u32) -> Vec<(String, u32)> {
        vec![(path.to_owned(), mode)]
    }

    #[test]
    fn the_environment_beats_the_first_file_beats_the_second() {
        let home = Home::new();
        home.file(".openclaw/.env", "A=state\nB=state", 0o600);
        home.file(".config/openclaw/gateway.env", "B=service\nC=service", 0o600);
        let env = Env::from([("A".to_owned(), "process".to_owned()), ("D".to_owned(), " ".to_owned())]);
        let facts = facts(&home.places(), &env);
        let settings = Settings::load(serde_json::json!({}), facts.into());
        let vars: Vec<_> = ["A", "B", "C", "D"].iter().map(|name| settings.var(name)).collect();
        assert_eq!(vars, [Some("process"), Some("state"), Some("service"), None]);
    }

    #[test]
    fn a_blank_variable_keeps_the_files_from_being_read() {
        let home = Home::new();
        home.file(".openclaw/.env", "A=state", 0o600);
        let env = Env::from([("A".to_owned(), String::new())]);
        let settings = Settings::load(serde_json::json!({}), facts(&home.places(), &env).into());
        assert_eq!(settings.var("A"), None);
    }

    #[test]
    fn what_is_not_looked_at_is_not_known() {
        let home = Home::new();
        let facts = facts(&home.places(), &Env::new());
        assert!(!facts.looked_at_files && facts.files.is_empty());
        assert_eq!(facts.mcp_registry, None);
    }

    #[test]
    fn modes_are_those_of_the_targets_of_links() {
        let home = Home::new();
        home.file("real.json", "{}", 0o644);
        fs::remove_file(home.path(".openclaw/openclaw.json")).expect("removed");
        symlink("../real.json", home.path(".openclaw/openclaw.json")).expect("a link");
        let facts = home.look(&Wanted::default());
        let config = facts.files.iter().find(|file| file.role == FileRole::Config).expect("there");
        assert_eq!((config.mode, config.symlink), (0o644, true));
    }

    #[test]
    fn the_files_of_every_agent_are_looked_at_and_main_always() {
        let home = Home::new();
        home.file(".openclaw/agents/main/agent/auth-profiles.json", "{}", 0o640);
        home.file(".openclaw/agents/work/agent/openclaw-agent.sqlite-wal", "", 0o666);
        home.file(".openclaw/agents/work/sessions/sessions.json", "{}", 0o604);
        home.file(".openclaw/agents/gone/sessions/sessions.json", "{}", 0o604);
        home.file("outside/sessions/sessions.json", "{}", 0o644);
        let wanted = Wanted {
            agents: ["work", "main", "../../outside", "/", "..", ""].map(str::to_owned).to_vec(),
            ..Wanted::default()
        };
        let facts = home.look(&wanted);
        assert_eq!(
            home.of(&facts, FileRole::AuthProfiles),
            [
                (".openclaw/agents/main/agent/auth-profiles.json".to_owned(), 0o640),
                (".openclaw/agents/work/agent/openclaw-agent.sqlite-wal".to_owned(), 0o666),
            ]
        );
        let sessions = home.of(&facts, FileRole::SessionsStore);
        assert_eq!(sessions, one(".openclaw/agents/work/sessions/sessions.json", 0o604));
    }

    #[test]
    fn the_credentials_count_only_as_a_folder() {
        let home = Home::new();
        home.file(".openclaw/credentials", "", 0o666);
        assert_eq!(home.of(&home.look(&Wanted::default()), FileRole::CredentialsDir), []);
        fs::remove_file(home.path(".openclaw/credentials")).expect("removed");
        home.file(".openclaw/credentials/oauth.json", "{}", 0o600);
        let facts = home.look(&Wanted::default());
        assert_eq!(home.of(&facts, FileRole::CredentialsDir).len(), 1);
    }

    #[test]
    fn log_and_includes_are_looked_at_where_the_config_says() {
        let home = Home::new();
        home.file("x/gateway.log", "", 0o644);
        home.file(".openclaw/agents.json5", "{}", 0o640);
        let wanted = Wanted {
            log_file: Some(home.path("x/gateway.log")),
            includes: vec![home.path(".openclaw/agents.json5"), home.path("absent")],
            ..Wanted::default()
        };
        let facts = home.look(&wanted);
        assert_eq!(home.of(&facts, FileRole::LogFile), one("x/gateway.log", 0o644));
        assert_eq!(home.of(&facts, FileRole::Include), one(".openclaw/agents.json5", 0o640));
    }

    #[test]
    fn plugins_are_folders_and_no_debris() {
        let home = Home::new();
        for name in ["demo", "node_modules", ".cache", "a.bak", "b.backup-1", "c.Disabled", ".openclaw-install-backups"]
        {
            fs::create_dir_all(home.path(".openclaw/extensions").join(name)).expect("a folder");
        }
        home.file(".openclaw/extensions/file", "", 0o600);
        symlink("demo", home.path(".openclaw/extensions/link")).expect("a link");
        let found = home.of(&home.look(&Wanted::default()), FileRole::Extension);
        let paths: Vec<_> = found.into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, [".openclaw/extensions/demo"]);
    }

    #[test]
    fn every_copy_of_the_config_is_a_backup() {
        let home = Home::new();
        let copies =
            ["openclaw.json-old", "openclaw.json.bak", "openclaw.json.harden-20261122-165206", "openclaw.json~"];
        for name in copies {
            home.file(&format!(".openclaw/{name}"), "{}", 0o644);
        }
        for name in ["openclaw.jsonnet", "openclaw.json.lock"] {
            home.file(&format!(".openclaw/{name}"), "{}", 0o644);
        }
        let found = home.of(&home.look(&Wanted::default()), FileRole::Backup);
        let paths: Vec<_> = found.into_iter().map(|(path, _)| path).collect();
        assert_eq!(paths, copies.map(|name| format!(".openclaw/{name}")));
    }

    #[test]
    fn a_skill_that_leads_out_of_the_workspace_is_seen_and_one_that_stays_is_not() {
        let home = Home::new();
        home.file("ws/skills/good/SKILL.md", "", 0o644);
        home.file("ws/other/SKILL.md", "", 0o644);
        home.file("outside/deep/SKILL.md", "", 0o644);
        home.file("ws/skills/node_modules/x/SKILL.md", "", 0o644);
        symlink("../other", home.path("ws/skills/inside")).expect("a link");
        symlink("../../outside", home.path("ws/skills/away")).expect("a link");
        symlink("..", home.path("ws/skills/loop")).expect("a link");
        let wanted = Wanted { workspaces: vec![home.path("ws"), home.path("ws")], ..Wanted::default() };
        let facts = home.look(&wanted);
        let outside = home.of(&facts, FileRole::SkillOutside);
        assert_eq!(outside, one("ws/skills/away/deep/SKILL.md", 0o644));
        assert_eq!(facts.truncated_workspaces, [] as [PathBuf; 0]);
    }

    #[test]
    fn too_many_skills_are_said_to_be_too_many() {
        let home = Home::new();
        for n in 0..=SKILL_LIMIT {
            home.file(&format!("ws/skills/s{n}/SKILL.md"), "", 0o644);
        }
        let wanted = Wanted { workspaces: vec![home.path("ws")], ..Wanted::default() };
        assert_eq!(home.look(&wanted).truncated_workspaces, [home.path("ws")]);
    }

    #[test]
    fn the_registry_names_its_enabled_servers() {
        let path = ".openclaw/skills/config/mcporter.json";
        let cases = [
            (r#"{"mcpServers": {"b": {}, "a": {"enabled": true}, "c": {"enabled": false}}}"#, &["a", "b"][..]),
            (r#"{"mcpServers": []}"#, &[]),
            (r#"{}"#, &[]),
            ("[]", &[]),
        ];
        let home = Home::new();
        let servers = |names: &[&str]| McpRegistry::Servers(names.iter().map(|name| (*name).to_owned()).collect());
        assert_eq!(home.look(&Wanted::default()).mcp_registry, Some(servers(&[])));
        for (text, names) in cases {
            home.file(path, text, 0o600);
            assert_eq!(home.look(&Wanted::default()).mcp_registry, Some(servers(names)), "{text}");
        }
        for text in ["", "{a: 1}", "{} x"] {
            home.file(path, text, 0o600);
            assert_eq!(home.look(&Wanted::default()).mcp_registry, Some(McpRegistry::Unreadable), "{text}");
        }
    }
}

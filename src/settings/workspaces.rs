//! Workspaces: the folders that agents work in, and which of them are too much.

use super::Settings;
use crate::document::Path;
use serde_json::Value;
use std::path::PathBuf;

/// Folders that are the system's or hold every user's.
const SYSTEM: [&str; 12] =
    ["", "~", "$HOME", "/home", "/root", "/Users", "/etc", "/usr", "/var", "/opt", "/srv", "/mnt"];

/// A workspace folder that the config names.
#[derive(Clone, Debug)]
pub struct Workspace<'s> {
    /// The agent that works in it; none for the defaults.
    pub agent: Option<&'s str>,
    /// The loaded place of the key.
    pub path: Path,
    /// The folder as written.
    pub folder: &'s str,
}

impl Settings {
    /// Is the workspaces that the config names, the defaults' first.
    pub fn workspaces(&self) -> Vec<Workspace<'_>> {
        let defaults = (None, Path::from("agents.defaults.workspace"));
        let agents = self.agents().into_iter().map(|agent| (Some(agent.id), agent.path.key("workspace")));
        std::iter::once(defaults)
            .chain(agents)
            .filter_map(|(agent, path)| {
                let folder = self.at(&path).and_then(Value::as_str)?;
                Some(Workspace { agent, path, folder })
            })
            .collect()
    }

    /// Whether a workspace folder is a home folder, holds one, holds OpenClaw's own state, or is one of the system's.
    pub fn is_broad_workspace(&self, folder: &str) -> bool {
        let folder = folder.trim().trim_end_matches('/');
        if SYSTEM.contains(&folder) {
            return true;
        }
        let home = self.facts.home.as_deref();
        let whole = match (folder.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(folder),
        };
        let state = self.facts.state_dir.as_deref();
        home.into_iter().chain(state).any(|held| held.starts_with(&whole))
            || folder == "~/.openclaw"
            || folder.strip_prefix("/home/").or(folder.strip_prefix("/Users/")).is_some_and(|rest| !rest.contains('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Facts;
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn homes_systems_and_the_state_folder_are_too_broad() {
        let facts =
            Facts { home: Some("/data/ann".into()), state_dir: Some("/data/ann/.openclaw".into()), ..Facts::default() };
        let settings = Settings::load(json!({}), Arc::new(facts));
        for folder in ["/", "~", "~/", "/home/bob/", "/etc", "/data", "/data/ann", "~/.openclaw", "/data/ann/.openclaw"]
        {
            assert!(settings.is_broad_workspace(folder), "{folder}");
        }
        for folder in ["~/.openclaw/workspace", "/home/bob/project", "/srv/agent", "~/work"] {
            assert!(!settings.is_broad_workspace(folder), "{folder}");
        }
    }

    #[test]
    fn every_named_workspace_is_found() {
        let source = json!({"agents": {"defaults": {"workspace": "~/a"}, "list": [{"id": "b", "workspace": "~/b"}, {"id": "c"}]}});
        let settings = Settings::load(source, Default::default());
        let found: Vec<_> = settings.workspaces().into_iter().map(|known| (known.agent, known.folder)).collect();
        assert_eq!(found, [(None, "~/a"), (Some("b"), "~/b")]);
    }
}

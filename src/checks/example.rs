//! Examples: a config, with what is known of the machine in comments at its head.

use crate::document::Document;
use crate::settings::{Approvals, Facts, FileFact, FileRole, Install, McpRegistry, Settings, Version};
use serde_json::Value;
use std::sync::Arc;

/// Reads an example of a check. Lines of comment at its head are facts:
///
/// - `// openclaw 2026.3.7`: the version that the config is for;
/// - `// env NAME=value`: a variable of the environment;
/// - `// path /state/folder`: the state folder, with `openclaw.json` in it;
/// - `// mcp NAME...`: the servers of the global registry; `// mcp unreadable` if it cannot be read;
/// - `// file role 0644 /path`: a file, its role as in [`FileRole`]; `// link ...` if a symbolic link leads to it;
/// - `// truncated /path`: a workspace with too many skills to look at each;
/// - `// approvals JSON`: the exec approvals; `// plugins JSON`, `// hooks JSON`: the records of installs by id, each with
///   `installed` for the version that is there; `// containers JSON`: the containers of browsers.
///
/// None if the rest is not a config.
pub fn settings(example: &str) -> Option<Settings> {
    let mut facts = Facts::default();
    for line in example.lines().map_while(|line| line.strip_prefix("// ")) {
        let (kind, rest) = line.split_once(' ')?;
        match kind {
            "openclaw" => facts.openclaw = Version::parse(rest)?,
            "env" => {
                let (name, value) = rest.split_once('=')?;
                facts.env.insert(name.to_owned(), value.to_owned());
            }
            "path" => {
                facts.config_path = Some(format!("{rest}/openclaw.json").into());
                facts.state_dir = Some(rest.into());
            }
            "mcp" if rest == "unreadable" => facts.mcp_registry = Some(McpRegistry::Unreadable),
            "mcp" => {
                let names = rest.split(' ').map(str::to_owned);
                facts.mcp_registry = Some(McpRegistry::Servers(names.collect()));
            }
            "file" | "link" => {
                facts.looked_at_files = true;
                facts.files.push(file(rest, kind == "link")?);
            }
            "approvals" => facts.approvals = Some(Approvals::read(&serde_json::from_str(rest).ok()?)),
            "plugins" => facts.plugin_installs = Some(installs(rest)?),
            "hooks" => facts.hook_installs = Some(installs(rest)?),
            "containers" => facts.browser_containers = Some(serde_json::from_str(rest).ok()?),
            "truncated" => facts.truncated_workspaces.push(rest.into()),
            _ => return None,
        }
    }
    let document = Document::parse(example.as_bytes()).ok()?;
    Some(Settings::load(document.shared(), Arc::new(facts)))
}

fn installs(records: &str) -> Option<Vec<Install>> {
    let records: Value = serde_json::from_str(records).ok()?;
    let installs = records.as_object()?.iter().filter_map(|(id, record)| {
        let installed = record.get("installed").and_then(Value::as_str).map(str::to_owned);
        Some(Install { installed, ..Install::read(id, record)? })
    });
    Some(installs.collect())
}

fn file(fact: &str, symlink: bool) -> Option<FileFact> {
    let mut words = fact.splitn(3, ' ');
    let role = match words.next()? {
        "StateDir" => FileRole::StateDir,
        "Config" => FileRole::Config,
        "Include" => FileRole::Include,
        "CredentialsDir" => FileRole::CredentialsDir,
        "AuthProfiles" => FileRole::AuthProfiles,
        "SessionsStore" => FileRole::SessionsStore,
        "LogFile" => FileRole::LogFile,
        "SkillOutside" => FileRole::SkillOutside,
        "Extension" => FileRole::Extension,
        "Backup" => FileRole::Backup,
        "Private" => FileRole::Private,
        _ => return None,
    };
    Some(FileFact { role, mode: u32::from_str_radix(words.next()?, 8).ok()?, path: words.next()?.into(), symlink })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_an_example_is_facts() {
        let settings = settings("// env A=b=c\n// link Config 0644 /x y\n{a: 1}").expect("a config");
        assert_eq!(settings.facts.env["A"], "b=c");
        assert_eq!(settings.facts.files[0].mode, 0o644);
        assert!(settings.facts.files[0].symlink);
        assert_eq!(settings.facts.files[0].path.to_str(), Some("/x y"));
        assert!(settings.get("a").is_some());
    }
}

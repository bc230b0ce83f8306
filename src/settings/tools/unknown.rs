//! Names in tool lists that match no tool.

use super::catalogue::catalogue;
use super::policy::matches;
use crate::document::{Path, member};
use crate::settings::Settings;
use serde_json::Value;
use std::collections::BTreeMap;

/// A name in a tool list that matches no tool that is known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The loaded place of the entry, as in `tools.deny[2]`.
    pub path: Path,
    /// The name as written.
    pub name: String,
    /// The known name that was most likely meant.
    pub nearest: Option<String>,
    /// Whether the list denies: then what was to be denied is not.
    pub denies: bool,
}

impl Settings {
    /// Is every list of tool names in the policies, with its loaded place: global, of agents, of providers, of
    /// sandboxes, of sub-agents.
    pub(super) fn tool_lists(&self) -> Vec<(Path, Vec<&str>)> {
        let mut lists = Vec::new();
        let mut sections = Vec::new();
        if let Some(tools) = self.get("tools") {
            sections.push((Path::from("tools"), tools));
        }
        for agent in self.agents() {
            let at = Path::from("agents.entries").key(agent.id).key("tools");
            sections.extend(member(agent.entry, "tools").map(|tools| (at, tools)));
        }
        for (at, tools) in sections {
            gather(&at, tools, &mut lists);
            for inner in ["sandbox.tools", "subagents.tools"] {
                if let Some(section) = Path::from(inner).of(tools) {
                    gather(&at.join(inner), section, &mut lists);
                }
            }
            let providers = member(tools, "byProvider").and_then(Value::as_object);
            for (key, section) in providers.into_iter().flatten() {
                let at = at.key("byProvider").key(key.as_str());
                gather(&at, section, &mut lists);
            }
        }
        lists
    }

    /// Is the names in tool lists that match no built-in tool, no tool of a plugin that comes with OpenClaw, and nothing
    /// that this config declares (plugins, MCP servers, channels). A plugin of another origin may still have such a tool.
    pub fn unknown_tool_names(&self) -> Vec<UnknownName> {
        let mut unknown = Vec::new();
        // Agents mostly have the same names in their lists.
        let mut known: BTreeMap<&str, Result<(), Option<&str>>> = BTreeMap::new();
        for (at, names) in self.tool_lists() {
            let denies = at.last_key() == Some("deny");
            for (index, name) in names.into_iter().enumerate() {
                let looked_up = known.entry(name).or_insert_with(|| match name.trim().is_empty() {
                    false if !self.knows_tool_name(name) => Err(catalogue().nearest(name)),
                    _ => Ok(()),
                });
                if let Err(nearest) = *looked_up {
                    let nearest = nearest.map(str::to_owned);
                    unknown.push(UnknownName { path: at.index(index), name: name.to_owned(), nearest, denies });
                }
            }
        }
        unknown
    }

    fn knows_tool_name(&self, name: &str) -> bool {
        let catalogue = catalogue();
        let normal = catalogue.normal(name);
        let plugins = catalogue.plugin_tools.iter();
        let own = normal == "*"
            || normal == "group:plugins"
            || normal == "bundle-mcp"
            || catalogue.groups.contains_key(&normal)
            || catalogue.renames.contains_key(&normal)
            || plugins.clone().any(|(plugin, tools)| *plugin == normal || tools.contains(&normal))
            || catalogue.sandbox.deny.contains(&normal)
            || catalogue.is_tool(&normal)
            || normal.contains('*') && catalogue.tools.iter().any(|tool| matches([name], tool));
        own || self.declares(&normal)
    }

    /// Whether the config itself names a plugin or an MCP server to which the name belongs.
    fn declares(&self, normal: &str) -> bool {
        let keys = |path: &str| {
            let map = self.get(path).and_then(Value::as_object);
            map.into_iter().flatten().map(|(key, _)| key.to_lowercase())
        };
        let listed = self.list("plugins.allow");
        keys("plugins.entries").any(|plugin| plugin == normal)
            || listed.iter().any(|plugin| plugin.to_lowercase() == normal)
            || self.is_mcp_tool(normal)
    }

    /// Whether a name, in its normal form, belongs to an MCP server of the config, as in `github__search`.
    pub fn is_mcp_tool(&self, normal: &str) -> bool {
        let servers = self.get("mcp.servers").and_then(Value::as_object);
        servers.into_iter().flatten().map(|(server, _)| server.to_lowercase()).any(|server| {
            // OpenClaw writes a server's tools as `<server>__<tool>`, with unusual characters replaced.
            let safe: String =
                server.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
            normal.starts_with(&format!("{safe}__")) || normal.starts_with(&format!("{server}__"))
        })
    }
}

fn gather<'v>(at: &Path, section: &'v Value, lists: &mut Vec<(Path, Vec<&'v str>)>) {
    for key in ["allow", "alsoAllow", "deny"] {
        if let Some(list) = member(section, key).and_then(Value::as_array) {
            let names = list.iter().map(|name| name.as_str().unwrap_or_default());
            lists.push((at.key(key), names.collect()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn unknown(source: Value) -> Vec<(String, Option<String>)> {
        let settings = Settings::load(source, Default::default());
        let unknown = settings.unknown_tool_names().into_iter();
        unknown.map(|name| (name.path.to_string(), name.nearest)).collect()
    }

    #[test]
    fn known_names_aliases_groups_and_patterns_pass() {
        let names = json!(["exec", "Bash", "group:fs", "group:plugins", "sessions_*", "*", "cron", "canvas"]);
        assert_eq!(unknown(json!({"tools": {"deny": names}})), []);
    }

    #[test]
    fn what_matches_nothing_is_found_in_every_list() {
        let source = json!({
            "tools": {"deny": ["exec", "sys_shutdown"], "sandbox": {"tools": {"alsoAllow": ["group:browser"]}}},
            "agents": {"entries": {"work": {"tools": {"byProvider": {"openai": {"allow": ["web_serch"]}}}}}},
        });
        let found = unknown(source);
        let at = |path: &str, nearest: Option<&str>| (path.to_owned(), nearest.map(str::to_owned));
        assert_eq!(
            found,
            [
                at("tools.deny[1]", None),
                at("tools.sandbox.tools.alsoAllow[0]", Some("browser")),
                at("agents.entries.work.tools.byProvider.openai.allow[0]", Some("web_search")),
            ]
        );
    }

    #[test]
    fn the_configs_own_plugins_and_mcp_servers_are_known() {
        let source = json!({
            "mcp": {"servers": {"github": {}}},
            "plugins": {"entries": {"my-plugin": {}}, "allow": ["other"]},
            "tools": {"allow": ["github__search", "github__*", "my-plugin", "other"]},
        });
        assert_eq!(unknown(source), []);
    }
}

//! What a skill says of itself in its front matter (OpenClaw 2026.9.6, `metadata.openclaw` and the older spellings).

use super::frontmatter::FrontMatter;
use crate::document::Document;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a skill says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Declared {
    /// What it is for. OpenClaw does not load a skill without.
    pub description: Option<String>,
    /// Its version, where it says one.
    pub version: Option<String>,
    /// The key of its entry in `skills.entries`, where it is not its name.
    pub skill_key: Option<String>,
    /// Whether it is loaded whatever it requires.
    pub always: bool,
    /// Whether the model sees it; if not, only a slash command reaches it.
    pub model_invocable: bool,
    /// The tool that its slash command calls without a model.
    pub command_tool: Option<String>,
    /// The tools that it lists.
    pub allowed_tools: Vec<String>,
    /// The programs that it needs, each of them.
    pub bins: Vec<String>,
    /// The programs of which it needs one.
    pub any_bins: Vec<String>,
    /// The variables that it needs.
    pub env: Vec<String>,
    /// The config keys that must be true.
    pub config: Vec<String>,
    /// How it has its programs installed, as in `brew: jq`.
    pub install: Vec<String>,
}

const MANIFESTS: [&str; 2] = ["openclaw", "clawdbot"];

impl Declared {
    /// Reads what a front matter declares.
    pub fn read(front: &FrontMatter) -> Self {
        let metadata = front.get("metadata").and_then(|text| Document::parse(text.as_bytes()).ok());
        let manifest = metadata.as_ref().and_then(|root| {
            MANIFESTS.iter().find_map(|key| root.value().get(key).filter(|manifest| manifest.is_object()))
        });
        let at = |keys: &[&str]| keys.iter().try_fold(manifest?, |value, key| value.get(key));
        let text = |key: &str| Some(at(&[key])?.as_str()?.to_owned()).filter(|text| !text.trim().is_empty());
        let is_command = front.get("command-dispatch").is_some_and(|how| how.eq_ignore_ascii_case("tool"));
        Declared {
            description: front.get("description").map(str::to_owned),
            version: front.get("version").map(str::to_owned).or_else(|| text("version")),
            skill_key: text("skillKey"),
            always: at(&["always"]) == Some(&Value::Bool(true)),
            model_invocable: !front.get("disable-model-invocation").is_some_and(is_yes),
            command_tool: front.get("command-tool").filter(|_| is_command).map(str::to_owned),
            allowed_tools: loose_list(front.get("allowed-tools").or_else(|| front.get("allowedTools"))),
            bins: list(at(&["requires", "bins"])),
            any_bins: list(at(&["requires", "anyBins"])),
            env: list(at(&["requires", "env"])),
            config: list(at(&["requires", "config"])),
            install: at(&["install"]).and_then(Value::as_array).into_iter().flatten().filter_map(install).collect(),
        }
    }
}

fn is_yes(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "1" | "on")
}

/// Is a list, or a text with commas.
fn list(value: Option<&Value>) -> Vec<String> {
    let entries: Vec<&str> = match value {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => text.split(',').collect(),
        _ => Vec::new(),
    };
    entries.into_iter().map(str::trim).filter(|entry| !entry.is_empty()).map(str::to_owned).collect()
}

/// Is a field that is a list in YAML, or names apart by commas or blanks, as in `Bash(git:*), Read`.
fn loose_list(field: Option<&str>) -> Vec<String> {
    let Some(field) = field else {
        return Vec::new();
    };
    if let Ok(value) = serde_json::from_str::<Value>(field) {
        return list(Some(&value));
    }
    let mut depth = 0_i32;
    let parts = field.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        depth <= 0 && (c == ',' || c.is_whitespace())
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Is an install step in a line: its kind, and what it brings.
fn install(step: &Value) -> Option<String> {
    let text = |key: &str| step.get(key).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let kind = text("kind").or_else(|| text("type")).unwrap_or("?");
    let what = ["formula", "cask", "package", "module", "url", "command", "script", "run", "id"];
    let what = what.into_iter().find_map(text)?;
    Some(format!("{kind}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_is_read_from_yaml_and_from_json_in_it() {
        let yaml = "---\nname: a\ndescription: b\nallowed-tools: Bash(git:*), Read\ncommand-dispatch: tool\ncommand-tool: exec\nmetadata: {\"openclaw\": {always: true, requires: {bins: [\"jq\"], env: \"A, B\"}, install: [{kind: \"brew\", formula: \"jq\"}]}}\n---\n";
        let declared = Declared::read(&FrontMatter::read(yaml));
        assert_eq!(declared.allowed_tools, ["Bash(git:*)", "Read"]);
        assert_eq!(declared.command_tool.as_deref(), Some("exec"));
        assert_eq!((declared.bins, declared.env), (vec!["jq".to_owned()], vec!["A".to_owned(), "B".to_owned()]));
        assert_eq!(declared.install, ["brew: jq"]);
        assert!(declared.always && declared.model_invocable);
    }

    #[test]
    fn a_manifest_that_is_no_object_declares_nothing() {
        let front = FrontMatter::read("---\nname: a\nmetadata: [1, 2]\n---\n");
        assert_eq!(Declared::read(&front).bins, Vec::<String>::new());
    }
}

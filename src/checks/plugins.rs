//! Plugins that somebody installed: which may load, and which agents their tools reach.

use super::tools::one_hit;
use super::{Check, Hit, Mend, Severity, when};
use crate::document::Path;
use crate::settings::tools::{ToolContext, catalogue};
use crate::settings::{FileRole, Settings, strings};
use crate::text::Text;
use serde_json::Value;
use std::collections::BTreeSet;

const PLUGINS: &str = "https://docs.openclaw.ai/plugins/manage-plugins";

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "plugins.extensions_no_allowlist",
        severity: Severity::Warn,
        title: Text {
            en: "Plugins are installed, and none is named as allowed",
            ja: "プラグインがあり、許可するプラグインの指定がありません",
        },
        why: Text {
            en: "Any folder that appears below extensions is loaded, and a plugin's code runs with all rights of the gateway.",
            ja: "extensions の下に置かれたフォルダーはすべて読み込まれ、Gateway の全権限で動きます。",
        },
        test: |settings| {
            let missing = !extensions(settings).is_empty() && settings.list("plugins.allow").is_empty();
            when(missing, || {
                let names: Vec<String> = extensions(settings).into_iter().collect();
                Hit::at("plugins.allow").wanted(names.join(", ")).critical_if(has_skill_commands(settings))
            })
        },
        mend: Mend::Manual(Text {
            en: "List the ids of the plugins that you trust in plugins.allow.",
            ja: "信頼するプラグインの ID を plugins.allow に記載してください。",
        }),
        risky: "// file Extension 0755 /s/extensions/radio\n{}",
        safe: "// file Extension 0755 /s/extensions/radio\n{plugins: {allow: [\"radio\"]}}",
        reference: PLUGINS,
    },
    Check {
        id: "plugins.allow_phantom_entries",
        severity: Severity::Warn,
        title: Text {
            en: "A plugin is allowed that is not installed",
            ja: "インストールされていないプラグインが許可されています",
        },
        why: Text {
            en: "Whoever gets a plugin of that name onto the machine has it loaded at once.",
            ja: "同じ名前のプラグインがこのホストに置かれると、そのまま読み込まれます。",
        },
        test: |settings| {
            let installed = extensions(settings);
            if installed.is_empty() {
                return Vec::new();
            }
            let allowed = settings.list("plugins.allow").into_iter();
            let phantoms: Vec<&str> = allowed
                .filter(|name| {
                    let normal = name.to_lowercase();
                    *name != "group:plugins" && !installed.contains(&normal) && !catalogue().plugins.contains(&normal)
                })
                .collect();
            when(!phantoms.is_empty(), || Hit::at("plugins.allow").found(phantoms.join(", ")))
        },
        mend: Mend::Manual(Text {
            en: "Remove the names shown from plugins.allow, or install the plugins.",
            ja: "表示された名前を plugins.allow から削除するか、プラグインをインストールしてください。",
        }),
        risky: "// file Extension 0755 /s/extensions/radio\n{plugins: {allow: [\"radio\", \"ghost\"]}}",
        safe: "// file Extension 0755 /s/extensions/radio\n{plugins: {allow: [\"radio\", \"telegram\"]}}",
        reference: PLUGINS,
    },
    Check {
        id: "plugins.tools_reachable_permissive_policy",
        severity: Severity::Warn,
        title: Text {
            en: "Every agent gets the tools of installed plugins",
            ja: "インストールしたプラグインのツールが制限なく使えます",
        },
        why: Text {
            en: "Nothing narrows which plugin tools the agent may call, so a misled agent can call all of them.",
            ja: "プラグインのツールを絞る設定がないため、誘導されたエージェントはそのすべてを呼び出せます。",
        },
        test: |settings| {
            let enabled = enabled_extensions(settings);
            if enabled.is_empty() {
                return Vec::new();
            }
            let contexts = settings.tool_contexts();
            let permissive = contexts.iter().filter(|context| is_permissive(settings, context, &enabled));
            one_hit(settings, permissive.map(|context| context.at.clone()), |hit| {
                hit.wanted("coding, messaging, minimal")
            })
        },
        mend: Mend::Manual(Text {
            en: "Set tools.profile to \"coding\", \"messaging\" or \"minimal\" and name single plugin tools in alsoAllow, or add \"group:plugins\" to tools.deny.",
            ja: "tools.profile を \"coding\"、\"messaging\"、\"minimal\" のいずれかにし、必要なプラグインのツールだけを alsoAllow に追加するか、tools.deny に \"group:plugins\" を追加してください。",
        }),
        risky: "// file Extension 0755 /s/extensions/radio\n{plugins: {allow: [\"radio\"]}}",
        safe: "// file Extension 0755 /s/extensions/radio\n{plugins: {allow: [\"radio\"]}, tools: {profile: \"coding\"}}",
        reference: PLUGINS,
    },
];

/// Is the names of the folders below `<state>/extensions`, in lower case.
fn extensions(settings: &Settings) -> BTreeSet<String> {
    let files = settings.files().iter().filter(|file| file.role == FileRole::Extension);
    files.filter_map(|file| Some(file.path.file_name()?.to_str()?.to_lowercase())).collect()
}

/// Is those of them that load.
fn enabled_extensions(settings: &Settings) -> BTreeSet<String> {
    if settings.is_false("plugins.enabled") {
        return BTreeSet::new();
    }
    let listed = |path: &str| -> Vec<String> { settings.list(path).into_iter().map(str::to_lowercase).collect() };
    let (allow, deny) = (listed("plugins.allow"), listed("plugins.deny"));
    let entries = settings.get("plugins.entries").and_then(Value::as_object);
    let is_off = |id: &str| {
        let mut named = entries.into_iter().flatten().filter(|(key, _)| key.trim().to_lowercase() == id);
        named.any(|(_, entry)| entry.get("enabled") == Some(&Value::Bool(false)))
    };
    extensions(settings)
        .into_iter()
        .filter(|id| !deny.contains(id) && (allow.is_empty() || allow.contains(id)) && !is_off(id))
        .collect()
}

/// Whether an agent gets any plugin tool there may be, or allows these without a profile that narrows.
fn is_permissive(settings: &Settings, context: &ToolContext, enabled: &BTreeSet<String>) -> bool {
    let narrows = context.profile.as_ref().is_some_and(|profile| catalogue().profiles.contains_key(profile));
    let names_plugin = |section: Option<&Value>| {
        let lists = ["allow", "alsoAllow"].into_iter().filter_map(|key| section?.get(key));
        let mut names = lists.flat_map(|list| strings(Some(list))).map(str::to_lowercase);
        names.any(|name| name == "group:plugins" || enabled.contains(&name))
    };
    let allows_plugin = |tools: Option<&Value>| {
        let providers = tools.and_then(|tools| tools.get("byProvider")).and_then(Value::as_object);
        names_plugin(tools) || providers.into_iter().flatten().any(|(_, section)| names_plugin(Some(section)))
    };
    let named = allows_plugin(settings.get("tools")) || allows_plugin(context.tools(settings));
    // A name that no list has meets what any tool of any plugin would meet. OpenClaw does not let `alsoAllow` widen a profile here.
    let closed = context.profile.as_ref().and_then(|profile| catalogue().profiles.get(profile));
    let closed = closed.is_some_and(|tools| !tools.iter().any(|tool| tool == "*"));
    !closed && context.audit_allows("__openclaw_plugin_probe__") || !narrows && named
}

/// Whether a chat channel shows the skills as commands. Of the channels that come with OpenClaw, Telegram does.
fn has_skill_commands(settings: &Settings) -> bool {
    let at = Path::from("channels.telegram");
    let Some(telegram) = settings.at(&at) else {
        return false;
    };
    let has_token = |section: &Value| {
        let filled = |key: &str| match section.get(key) {
            Some(Value::String(text)) => !text.trim().is_empty(),
            Some(Value::Object(reference)) => !reference.is_empty(),
            _ => false,
        };
        filled("botToken") || filled("tokenFile")
    };
    let enabled = |section: &Value| section.get("enabled") != Some(&Value::Bool(false));
    let accounts = telegram.get("accounts").and_then(Value::as_object);
    let configured = has_token(telegram)
        || settings.var("TELEGRAM_BOT_TOKEN").is_some()
        || accounts.into_iter().flatten().any(|(_, account)| enabled(account) && has_token(account));
    let setting = settings.at(&at.join("commands.nativeSkills")).or_else(|| settings.get("commands.nativeSkills"));
    enabled(telegram) && configured && setting != Some(&Value::Bool(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::example;

    /// Is what the three checks say with a plugin `radio` installed, as the real audit was seen to say it.
    fn found(config: &str) -> String {
        let settings =
            example(&format!("// file Extension 0755 /s/extensions/radio\n{config}")).expect("it is a config");
        let words = CHECKS.iter().zip(["unlisted", "phantom", "reachable"]).filter_map(|(check, word)| {
            let hit = (check.test)(&settings).into_iter().next()?;
            Some(if hit.severity == Some(Severity::Critical) { format!("{word}!") } else { word.to_owned() })
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn without_a_list_of_plugins_a_chat_with_skill_commands_makes_it_critical() {
        for (config, words) in [
            ("{}", "unlisted reachable"),
            ("{channels: {telegram: {botToken: '1:a'}}}", "unlisted! reachable"),
            ("{channels: {telegram: {accounts: {a: {botToken: '1:a'}}}}}", "unlisted! reachable"),
            ("{channels: {telegram: {}}}", "unlisted reachable"),
            ("{channels: {telegram: {enabled: false, botToken: '1:a'}}}", "unlisted reachable"),
            ("{channels: {telegram: {botToken: '1:a'}}, commands: {nativeSkills: false}}", "unlisted reachable"),
            ("{channels: {signal: {account: '+15550001111'}}}", "unlisted reachable"),
        ] {
            assert_eq!(found(config), words, "{config}");
        }
    }

    #[test]
    fn a_list_of_plugins_is_held_against_what_is_there() {
        for (config, words) in [
            ("{plugins: {allow: ['radio', 'ghost', 'telegram', 'claude-cli']}}", "phantom reachable"),
            ("{plugins: {allow: ['radio'], entries: {radio: {enabled: false}}}}", ""),
            ("{plugins: {allow: ['telegram']}}", ""),
        ] {
            assert_eq!(found(config), words, "{config}");
        }
    }

    #[test]
    fn what_narrows_the_tools_decides_whether_plugins_are_reached() {
        for (tools, words) in [
            ("{profile: 'coding'}", ""),
            ("{profile: 'coding', alsoAllow: ['*']}", ""),
            ("{profile: 'full'}", "reachable"),
            ("{allow: ['read', 'group:plugins']}", "reachable"),
            ("{allow: ['read']}", ""),
        ] {
            assert_eq!(found(&format!("{{plugins: {{allow: ['radio']}}, tools: {tools}}}")), words, "{tools}");
        }
    }
}

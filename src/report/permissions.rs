//! Why a tool is allowed or blocked, for every agent and caller.

use super::json::line;
use super::text::{BOLD, DIM, GREEN, RED, Style};
use crate::document::Position;
use crate::settings::Settings;
use crate::settings::tools::{GROUPS, MCP_TOOL, Permission, Risk, catalogue, risk};
use crate::source::{File, Source};
use crate::text::{Text, harmless};
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// One tool, and what every agent can do with it.
pub struct Explained<'d> {
    /// The tool.
    pub tool: String,
    /// Each agent with its callers.
    pub agents: Vec<(String, Vec<Permission>)>,
    /// The providers and models that the lists of each agent name.
    pub providers: Vec<Vec<String>>,
    /// The config, as it is shown.
    pub path: &'d Path,
    /// What it holds, to find keys in.
    pub source: &'d Source,
}

impl<'d> Explained<'d> {
    /// Explains a tool for one agent, or for all.
    pub fn new(tool: &str, agent: Option<&str>, settings: &Settings, path: &'d Path, source: &'d Source) -> Self {
        let agents = settings.agents();
        let wanted = || agents.iter().filter(|known| agent.is_none_or(|agent| agent == known.id)).map(|known| known.id);
        Explained {
            tool: tool.to_owned(),
            agents: wanted().map(|id| (id.to_owned(), settings.permissions(id, tool).unwrap_or_default())).collect(),
            providers: wanted().map(|id| settings.providers_of(id)).collect(),
            path,
            source,
        }
    }

    /// Is what is known of the tool itself: its group's label and what it does.
    fn about(&self) -> Option<(Text, Text)> {
        let is_in = |id: &str| catalogue().groups.get(id).is_some_and(|tools| tools.contains(&self.tool));
        let other =
            || GROUPS.iter().find(|group| group.id == "group:plugins").filter(|_| !catalogue().is_tool(&self.tool));
        GROUPS.iter().find(|group| is_in(group.id)).or_else(other).map(|group| (group.label, group.does))
    }
}

/// Is the tools that a name on the command line means, under the names by which they are matched: one, or those of a group.
pub fn tools(name: &str, settings: &Settings) -> Vec<String> {
    let catalogue = catalogue();
    let normal = catalogue.normal(name);
    if let Some(group) = catalogue.groups.get(&normal) {
        return group.clone();
    }
    let of_plugin = || catalogue.plugin_tools.values().flatten().any(|tool| *tool == normal);
    let known = catalogue.is_tool(&normal) || of_plugin() || normal == MCP_TOOL || settings.is_mcp_tool(&normal);
    known.then_some(normal).into_iter().collect()
}

/// Is the explanation for people.
pub fn text(explained: &Explained, style: Style) -> String {
    const RISK: Text = Text { en: "risk {risk}", ja: "リスク {risk}" };
    const AGENT: Text = Text { en: "Agent {id}", ja: "エージェント {id}" };
    const NO_AGENT: Text =
        Text { en: "The config has no agent.", ja: "エージェントが設定されていません。" };
    let lang = style.lang;
    let level: Risk = risk(&explained.tool);
    let mut head = vec![style.paint(&harmless(&explained.tool), BOLD)];
    let about = explained.about();
    head.extend(about.map(|(label, _)| style.say(label).to_owned()));
    head.push(RISK.with("risk", style.say(level.word())).of(lang));
    let mut out = format!("{}\n", head.join("  "));
    if let Some((_, does)) = about {
        out.push_str(&style.paragraph(style.say(does), 0));
    }
    let _ = writeln!(out, "{}", style.paint(&harmless(&explained.path.display().to_string()), DIM));
    if explained.agents.is_empty() {
        out.push_str(&style.paragraph(style.say(NO_AGENT), 0));
    }
    for (agent, permissions) in &explained.agents {
        let _ = write!(out, "\n{}\n", style.paint(&AGENT.with("id", agent).of(lang), BOLD));
        for permission in permissions {
            out.push_str(&one(permission, explained, style));
        }
    }
    out
}

fn one(permission: &Permission, explained: &Explained, style: Style) -> String {
    const ALLOWED: Text = Text { en: "allowed", ja: "使えます" };
    const BLOCKED: Text = Text { en: "blocked", ja: "使えません" };
    const WITH: Text = Text { en: "with {provider}", ja: "{provider} 使用時" };
    const AT: Text = Text { en: "{why} ({file}, line {line})", ja: "{why} ({file} {line}行目)" };
    let lang = style.lang;
    let decision = &permission.decision;
    let sessions: Vec<&str> = permission.sessions.iter().map(|session| style.say(session.text())).collect();
    let senders: Vec<String> = permission.senders.iter().map(|sender| sender.said().of(lang)).collect();
    let mut who = vec![sessions.join(", "), senders.join(", ")];
    who.extend(permission.provider.as_ref().map(|provider| WITH.with("provider", provider).of(lang)));
    let mut out = style.paragraph(&who.join("; "), 2);
    if decision.allowed {
        let mut what = vec![style.say(decision.place.text()), style.say(decision.approval.text())];
        what.extend(decision.files.text().map(|text| style.say(text)));
        let line = style.paragraph(&format!("{}: {}", style.say(ALLOWED), what.join("; ")), 4);
        out.push_str(&line.replacen(style.say(ALLOWED), &style.paint(style.say(ALLOWED), GREEN), 1));
    } else {
        let _ = writeln!(out, "    {}", style.paint(style.say(BLOCKED), RED));
    }
    let why = decision.why().of(lang);
    let why = match place(permission, explained.source) {
        Some((file, place)) => {
            let name = file.path.file_name().unwrap_or_default().to_string_lossy();
            AT.with("why", why).with("file", name).with("line", place.line).of(lang)
        }
        None => why,
    };
    out.push_str(&style.paragraph(&why, 4));
    out
}

/// Is where the file has the key that decides; none where it does not have it.
fn place<'s>(permission: &Permission, source: &'s Source) -> Option<(&'s File, Position)> {
    let key = &permission.decision.key;
    key.of(source.value()).is_some().then(|| source.locate(key))
}

/// Is the explanation for programs: of one tool, or `{tools: [...]}` for several. Nothing in it is translated.
pub fn json(explained: &[Explained]) -> String {
    match explained {
        [one] => line(of_tool(one)),
        many => line(json!({ "tools": many.iter().map(of_tool).collect::<Vec<_>>() })),
    }
}

fn of_tool(explained: &Explained) -> Value {
    let agents = explained.agents.iter().zip(&explained.providers).map(|((agent, permissions), providers)| {
        let permissions = permissions.iter().map(|permission| value(permission, explained.source));
        json!({ "agent": agent, "providers": providers, "permissions": permissions.collect::<Vec<_>>() })
    });
    json!({
        "tool": explained.tool,
        "risk": risk(&explained.tool).word().en,
        "path": explained.path.to_string_lossy(),
        "agents": agents.collect::<Vec<_>>(),
    })
}

fn value(permission: &Permission, source: &Source) -> Value {
    let decision = &permission.decision;
    let mut value = json!({
        "sessions": permission.sessions.iter().map(|session| session.name()).collect::<Vec<_>>(),
        "sandboxed": permission.sandboxed,
        "senders": permission.senders.iter().map(|sender| sender.name()).collect::<Vec<_>>(),
        "provider": permission.provider,
        "allowed": decision.allowed,
        "place": decision.place.name(),
        "approval": decision.approval.name(),
        "files": decision.files.name(),
        "layer": decision.layer.name(),
        "key": decision.key.to_string(),
        "entry": decision.entry,
        "why": decision.why().of(crate::text::Lang::En),
    });
    if let Some((file, place)) = place(permission, source) {
        value["file"] = json!(file.path.to_string_lossy());
        value["line"] = json!(place.line);
        value["column"] = json!(place.column);
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::text::Lang;
    use crate::text::wrap::width;

    const CONFIG: &str = "{\n  tools: {\n    deny: ['group:runtime'],\n  },\n  agents: {list: [{id: 'family'}]}\n}\n";

    fn with<T>(config: &str, tool: &str, look: impl Fn(&Explained) -> T) -> T {
        let document = Document::parse(config.as_bytes()).expect("a config");
        let settings = Settings::load(document.shared(), Default::default());
        let source = Source::alone("openclaw.json", document);
        look(&Explained::new(tool, None, &settings, Path::new("openclaw.json"), &source))
    }

    #[test]
    fn a_blocked_tool_names_its_key_entry_and_line() {
        let said =
            with(CONFIG, "exec", |explained| text(explained, Style { lang: Lang::En, coloured: false, columns: 80 }));
        assert!(said.contains("Agent family"), "{said}");
        assert!(said.contains("tools.deny denies it by \"group:runtime\". (openclaw.json, line 3)"), "{said}");
    }

    #[test]
    fn both_languages_fit_the_columns() {
        for lang in [Lang::En, Lang::Ja] {
            for tool in &catalogue().tools {
                let said = with("{}", tool, |explained| text(explained, Style { lang, coloured: false, columns: 60 }));
                for line in said.lines() {
                    assert!(width(line) <= 60, "{line}");
                }
            }
        }
    }

    #[test]
    fn programs_get_the_layer_and_the_key_as_the_file_has_it() {
        let own = "{agents: {list: [{id: 'family', tools: {deny: ['exec']}}]}}";
        let said = with(own, "exec", |explained| line(of_tool(explained)));
        let said: Value = serde_json::from_str(&said).expect("it is JSON");
        let one = &said["agents"][0]["permissions"][0];
        assert_eq!(one["layer"], "agent");
        assert_eq!(one["key"], "agents.list[0].tools.deny");
        assert_eq!(one["line"], 1);
        assert_eq!(one["allowed"], false);
    }
}

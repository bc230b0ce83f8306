//! `explain`: a check in full, or the list of them; or why a tool is allowed or blocked.

use super::audit::Format;
use super::{Context, Failure, print};
use crate::report::{explain, permissions};
use crate::settings::Settings;
use crate::settings::tools::catalogue;
use crate::text::{Said, Text};
use clap::Args;
use std::process::ExitCode;

#[derive(Args)]
pub(super) struct ExplainArgs {
    /// The check, as the audit names it, or tools and groups of them, as in exec or group:fs; a list of all checks where
    /// none is given
    #[arg(value_name = "ID|TOOL")]
    names: Vec<String>,
    /// Explains tools for this agent alone
    #[arg(long, value_name = "ID")]
    agent: Option<String>,
    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

pub(super) fn run(args: &ExplainArgs, context: &Context) -> Result<ExitCode, Failure> {
    const NO_TOOL: Text = Text {
        en: "--agent needs a tool to explain, as in: openclaw-harden explain exec --agent main",
        ja: "--agent にはツールの指定が必要です。例: openclaw-harden explain exec --agent main",
    };
    let shown = match args.names.as_slice() {
        [] if args.agent.is_some() => return Err(Failure(NO_TOOL.of(context.lang).to_owned())),
        [] => match args.format {
            Format::Json => explain::json_list(),
            Format::Text => explain::list(context.style()),
        },
        names => match names.first().filter(|_| names.len() == 1).and_then(|id| explain::check(id)) {
            None => tools(names, args, context)?,
            Some(check) if args.format == Format::Json => explain::json(check),
            Some(check) => explain::text(check, context.style()),
        },
    };
    print(&shown);
    Ok(ExitCode::SUCCESS)
}

fn tools(names: &[String], args: &ExplainArgs, context: &Context) -> Result<String, Failure> {
    const NO_AGENT: Text = Text {
        en: "There is no agent {id} in {path}. There are: {agents}",
        ja: "{path} にエージェント {id} はありません。設定済み: {agents}",
    };
    // What is no tool of OpenClaw's own may be one of the config's.
    let own = Settings::load(serde_json::json!({}), Default::default());
    let refuse = |name: &String| Failure(neither(name).of(context.lang));
    if let Some(name) = names.iter().find(|name| permissions::tools(name, &own).is_empty() && !name.contains("__")) {
        return Err(refuse(name));
    }
    let installation = context.open(None)?;
    let settings = &installation.settings;
    let path = &installation.places.config;
    let agent = args.agent.as_deref();
    if let Some(agent) = agent.filter(|agent| settings.agents().iter().all(|known| known.id != *agent)) {
        let agents: Vec<&str> = settings.agents().iter().map(|agent| agent.id).collect();
        let said = NO_AGENT.with("id", agent).with("path", path.display()).with("agents", agents.join(", "));
        return Err(Failure(said.of(context.lang)));
    }
    let mut explained = Vec::new();
    for name in names {
        let tools = permissions::tools(name, settings);
        if tools.is_empty() {
            return Err(refuse(name));
        }
        let tools = tools.iter();
        explained
            .extend(tools.map(|tool| permissions::Explained::new(tool, agent, settings, path, &installation.source)));
    }
    Ok(match args.format {
        Format::Json => permissions::json(&explained),
        Format::Text => {
            let texts: Vec<String> = explained.iter().map(|one| permissions::text(one, context.style())).collect();
            texts.join("\n")
        }
    })
}

/// Says that there is no such check and no such tool, and what is alike.
fn neither(name: &str) -> Said {
    const TOOL: Text = Text {
        en: "There is no check or tool {name}. The closest tool: {near}",
        ja: "チェック項目またはツール {name} はありません。近いツール: {near}",
    };
    const NEITHER: Text = Text {
        en: "There is no check or tool {name}; openclaw-harden explain lists the checks.",
        ja: "チェック項目またはツール {name} はありません。チェック項目の一覧: openclaw-harden explain",
    };
    if !explain::alike(name).is_empty() {
        return unknown(name);
    }
    match catalogue().nearest(name).filter(|near| catalogue().is_tool(near)) {
        Some(near) => TOOL.with("name", name).with("near", near),
        None => NEITHER.with("name", name),
    }
}

/// Says that there is no such check, and which ones are alike.
pub(super) fn unknown(id: &str) -> Said {
    const UNKNOWN: Text = Text {
        en: "There is no check {id}; openclaw-harden explain lists them all.",
        ja: "チェック項目 {id} はありません。一覧: openclaw-harden explain",
    };
    const ALIKE: Text = Text {
        en: "There is no check {id}. Closest: {alike}",
        ja: "チェック項目 {id} はありません。近いもの: {alike}",
    };
    match explain::alike(id).as_slice() {
        [] => UNKNOWN.with("id", id),
        alike => ALIKE.with("id", id).with("alike", alike.join(", ")),
    }
}

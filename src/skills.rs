//! Skills and plugins: what each wants, what it shows, and what changed since somebody looked at it.
//!
//! Nothing here touches a disk: `host::skills` gathers the trees, this judges their text. It gives no verdict such as
//! "malware": it names what stands where, and says how sure it is.

pub mod declared;
pub mod frontmatter;
mod lines;
mod rules;
mod signs;
pub mod state;
#[cfg(test)]
mod tests;
mod topic;
mod views;

pub use declared::Declared;
pub use signs::{Certainty, Sign};
pub use topic::Topic;

use frontmatter::FrontMatter;
use serde::{Deserialize, Serialize};
use signs::Signs;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Changes with everything that decides what [`judge`] says, so that a kept judgement of another edition is not used.
pub const EDITION: u32 = 2;

/// Where OpenClaw finds a skill; of two with one name the later source wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A plugin itself: code that runs in the Gateway.
    Plugin,
    /// `<state>/skill-library`.
    Library,
    /// `skills.load.extraDirs`.
    Extra,
    /// A plugin's skills.
    PluginSkill,
    /// OpenClaw's own.
    Bundled,
    /// OpenClaw's own for the agent that looks after the system.
    Custodian,
    /// What an agent wrote for itself.
    Workshop,
    /// `<state>/skills`.
    Managed,
    /// `~/.agents/skills`.
    Personal,
    /// `<workspace>/.agents/skills`.
    Project,
    /// `<workspace>/skills`.
    Workspace,
}

impl Source {
    /// Is OpenClaw's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Source::Plugin => "plugin",
            Source::Library => "skill-library",
            Source::Extra => "openclaw-extra",
            Source::PluginSkill => "plugin-skill",
            Source::Bundled => "openclaw-bundled",
            Source::Custodian => "openclaw-custodian",
            Source::Workshop => "openclaw-workshop",
            Source::Managed => "openclaw-managed",
            Source::Personal => "agents-skills-personal",
            Source::Project => "agents-skills-project",
            Source::Workspace => "openclaw-workspace",
        }
    }

    /// Whether it came with OpenClaw.
    pub const fn is_bundled(self) -> bool {
        matches!(self, Source::Bundled | Source::Custodian)
    }
}

/// Where a skill came from, by what was left beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Origin {
    /// It came with OpenClaw.
    Bundled,
    /// It belongs to a plugin.
    Plugin,
    /// ClawHub.
    #[serde(rename_all = "camelCase")]
    ClawHub {
        /// The registry.
        registry: String,
        /// Its name there.
        slug: String,
        /// The version that was installed.
        version: String,
        /// Whether the lock file of its place knows it.
        is_locked: bool,
        /// Whether its files are those that were installed; none where that was not recorded.
        is_intact: Option<bool>,
    },
    /// A folder or a repository, by `openclaw skills install`.
    #[serde(rename_all = "camelCase")]
    Installed {
        /// `path` or `git`.
        from: String,
        /// What was named.
        spec: String,
    },
    /// Nothing says where it came from: somebody put it there.
    Unknown,
}

/// A file of a skill.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The SHA-256 of its content in hexadecimal; of a link `-> ` and its target; `?` where it was not read.
    pub hash: String,
    /// Its permission bits.
    pub mode: u32,
}

/// What was not read of a skill, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unread {
    /// It is larger than what is read.
    TooLarge,
    /// There are more files than are read.
    TooMany,
    /// It may not be read.
    Denied,
    /// It is neither a file, a folder nor a link.
    NoFile,
    /// It is read as far as the limit goes.
    InPart,
}

/// What a folder holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The SHA-256 of the whole tree: names, content, links.
    pub hash: String,
    /// The files and links, by their path in the folder.
    pub files: BTreeMap<String, Mark>,
    /// What was not read.
    pub unread: BTreeMap<String, Unread>,
}

/// A tool that a skill wants.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolWish {
    /// The tool, as OpenClaw names it.
    pub tool: String,
    /// How sure it is.
    pub certainty: Certainty,
    /// What says so: a field of the front matter, or a place as in `SKILL.md:12`.
    pub why: String,
}

/// What a skill's text says and shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// Its name.
    pub name: String,
    /// Why OpenClaw does not load it; none where it does.
    pub refused: Option<String>,
    /// What it declares.
    pub declared: Declared,
    /// The tools that it wants.
    pub tools: Vec<ToolWish>,
    /// What is evident, alarms first.
    pub signs: Vec<Sign>,
}

impl Judged {
    /// Is the signs of harm.
    pub fn alarms(&self) -> impl Iterator<Item = &Sign> {
        self.signs.iter().filter(|sign| sign.is_alarm())
    }
}

/// A skill or a plugin, as it was found and judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Skill {
    /// Its folder without links: what it is known by.
    pub path: PathBuf,
    /// The folder by which it was found.
    pub found_at: PathBuf,
    /// Where OpenClaw finds it.
    pub source: Source,
    /// The agents whose skills it is among; none named: it is every agent's.
    pub agents: BTreeSet<String>,
    /// The skills of the same name that win over it, by agent.
    pub shadowed_by: BTreeMap<String, PathBuf>,
    /// Where it came from.
    pub origin: Origin,
    /// What its folder holds.
    pub content: Content,
    /// What its text says.
    pub judged: Judged,
}

impl Skill {
    /// Is its key in `skills.entries`.
    pub fn key(&self) -> &str {
        self.judged.declared.skill_key.as_deref().unwrap_or(&self.judged.name)
    }

    /// Whether some agent's model gets it.
    pub fn is_loaded(&self) -> bool {
        self.judged.refused.is_none() && self.agents.iter().any(|agent| !self.shadowed_by.contains_key(agent))
    }
}

/// A text of a skill, to be judged.
pub struct Written<'t> {
    /// The file, relative to the skill's folder.
    pub file: &'t str,
    /// Its text.
    pub text: &'t str,
}

/// What is not text, to be named all the same.
pub struct Unwritten<'t> {
    /// The file, relative to the skill's folder.
    pub file: &'t str,
    /// What it is, as in `ELF program`.
    pub what: &'t str,
    /// What it says of the skill.
    pub topic: Topic,
}

/// The largest `SKILL.md` that OpenClaw reads, in bytes.
const LARGEST: usize = 256_000;

/// Judges a skill by its texts. `folder` is the name of its folder; `is_tool` knows OpenClaw's tools.
pub fn judge<'t>(
    folder: &str,
    texts: impl IntoIterator<Item = Written<'t>>,
    others: &[Unwritten],
    is_tool: &dyn Fn(&str) -> bool,
) -> Judged {
    let mut signs = Signs::default();
    let mut judged = Judged { name: folder.to_owned(), ..Judged::default() };
    let mut tools = Vec::new();
    let mut has_entry = false;
    for Written { file, text } in texts {
        if file == "SKILL.md" {
            has_entry = true;
            let front = FrontMatter::read(text);
            judged.declared = Declared::read(&front);
            if let Some(name) = front.get("name") {
                judged.name = name.to_owned();
            }
            judged.refused = match &front.issue {
                Some(issue) => Some(format!("invalid frontmatter: {issue}")),
                None if judged.declared.description.is_none() => Some("description is required".to_owned()),
                None if text.len() > LARGEST => Some(format!("larger than {LARGEST} bytes")),
                None => None,
            };
            tools = declared_tools(&judged.declared, is_tool);
            tools.extend(named_tools(text, is_tool));
        }
        signs.read(file, text);
    }
    for name in [folder, &judged.name] {
        let is_odd = name.chars().any(|c| c.is_control() || views::is_invisible(c));
        if is_odd || name.split(|c: char| !c.is_alphanumeric()).any(signs::is_disguised) {
            signs.add(Topic::Deception, Certainty::Certain, "SKILL.md", 0, name);
        }
    }
    for other in others {
        signs.add(other.topic, Certainty::Certain, other.file, 0, other.what);
    }
    judged.signs = signs.end();
    let runs = judged.signs.iter().find(|sign| sign.topic == Topic::Program);
    if let Some(sign) = runs {
        let why = format!("{}:{}", sign.file, sign.line);
        tools.push(ToolWish { tool: "exec".to_owned(), certainty: Certainty::Certain, why });
    }
    if !has_entry {
        judged.refused.get_or_insert_with(|| "no SKILL.md".to_owned());
    }
    judged.tools = once_each(tools);
    judged
}

/// The names that other assistants give their tools.
const OTHER_TOOLS: [(&str, &str); 14] = [
    ("bash", "exec"),
    ("shell", "exec"),
    ("execute", "exec"),
    ("multiedit", "edit"),
    ("notebookedit", "edit"),
    ("webfetch", "web_fetch"),
    ("fetch", "web_fetch"),
    ("websearch", "web_search"),
    ("glob", "read"),
    ("grep", "read"),
    ("ls", "read"),
    ("task", "sessions_spawn"),
    ("agent", "sessions_spawn"),
    ("cron", "automations"),
];

fn tool(name: &str, is_tool: &dyn Fn(&str) -> bool) -> Option<String> {
    let name = name.split('(').next().unwrap_or(name).trim().to_lowercase();
    if is_tool(&name) {
        return Some(name);
    }
    OTHER_TOOLS.iter().find(|(other, _)| *other == name).map(|(_, tool)| (*tool).to_owned())
}

fn declared_tools(declared: &Declared, is_tool: &dyn Fn(&str) -> bool) -> Vec<ToolWish> {
    let wish = |tool: String, why: String| ToolWish { tool, certainty: Certainty::Certain, why };
    let mut wishes = Vec::new();
    if let Some(name) = &declared.command_tool {
        wishes.push(wish(tool(name, is_tool).unwrap_or_else(|| name.clone()), "command-tool".to_owned()));
    }
    for name in &declared.allowed_tools {
        if let Some(tool) = tool(name, is_tool) {
            wishes.push(wish(tool, format!("allowed-tools: {name}")));
        }
    }
    if let Some(bin) = declared.bins.iter().chain(&declared.any_bins).next() {
        wishes.push(wish("exec".to_owned(), format!("requires: {bin}")));
    }
    for key in &declared.config {
        let root = key.split('.').next().unwrap_or(key);
        let wanted = if root == "channels" { "message" } else { root };
        if is_tool(wanted) {
            wishes.push(wish(wanted.to_owned(), format!("requires: {key}")));
        }
    }
    wishes
}

/// The tools that a text names as code, as in `web_fetch`. Words that people use too are not taken for tools.
fn named_tools(text: &str, is_tool: &dyn Fn(&str) -> bool) -> Vec<ToolWish> {
    let mut wishes = Vec::new();
    for (at, line) in text.lines().enumerate() {
        for name in line.split('`').skip(1).step_by(2) {
            if is_tool(name)
                && (name.contains('_')
                    || matches!(name, "exec" | "browser" | "canvas" | "nodes" | "gateway" | "message" | "automations"))
            {
                let why = format!("SKILL.md:{}", at + 1);
                wishes.push(ToolWish { tool: name.to_owned(), certainty: Certainty::Guessed, why });
            }
        }
    }
    wishes
}

/// Keeps of each tool the surest wish.
fn once_each(mut wishes: Vec<ToolWish>) -> Vec<ToolWish> {
    wishes.sort_by(|a, b| (&a.tool, a.certainty).cmp(&(&b.tool, b.certainty)));
    wishes.dedup_by(|a, b| a.tool == b.tool);
    wishes
}

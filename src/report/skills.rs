//! The inventory of skills, as text and as JSON.

use super::json::names;
use super::text::{BOLD, CYAN, DIM, GREEN, RED, Style, YELLOW};
use crate::plan::Plan;
use crate::posture::{Step, Weight};
use crate::settings::tools::risk;
use crate::settings::{Fit, Settings};
use crate::skills::state::{Change, Item, Review};
use crate::skills::{Certainty, Origin, Sign, Skill, Source, Unread};
use crate::text::{Lang, Said, Text, harmless};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// The most signs of one skill, and names of files, that the text shows.
const MOST_SIGNS: usize = 12;
const MOST_FILES: usize = 5;

/// Is what a change is, in a sentence.
pub fn change(change: &Change) -> Said {
    const NEW: Text = Text { en: "new: nobody has reviewed it yet", ja: "新規 (未確認)" };
    const CONTENT: Text = Text { en: "changed: {files}", ja: "変更: {files}" };
    const MODES: Text = Text { en: "permissions changed: {files}", ja: "パーミッションの変更: {files}" };
    const SHADOWS: Text = Text {
        en: "which skill of this name wins has changed",
        ja: "同名のスキルのうち、優先されるものが変わりました",
    };
    const SOURCE: Text = Text { en: "it was found elsewhere before ({source})", ja: "以前の場所: {source}" };
    let listed = |files: Vec<String>| {
        let more = files.len().saturating_sub(MOST_FILES);
        let mut shown = files.into_iter().take(MOST_FILES).collect::<Vec<_>>().join(", ");
        if more > 0 {
            shown.push_str(&format!(" (+{more})"));
        }
        shown
    };
    match change {
        Change::New => NEW.into(),
        Change::Content { added, changed, removed } => {
            let marked = |mark: &'static str| move |file: &String| format!("{mark}{file}");
            let files = added.iter().map(marked("+")).chain(changed.iter().map(marked("")));
            let files: Vec<String> = files.chain(removed.iter().map(marked("-"))).collect();
            CONTENT.with("files", if files.is_empty() { "...".to_owned() } else { listed(files) })
        }
        Change::Permissions(files) => MODES.with("files", listed(files.clone())),
        Change::Shadowing => SHADOWS.into(),
        Change::Source(source) => SOURCE.with("source", source.name()),
    }
}

/// Is where a skill came from, in a few words.
pub fn origin(origin: &Origin) -> Said {
    const BUNDLED: Text = Text { en: "came with OpenClaw", ja: "OpenClaw に同梱" };
    const PLUGIN: Text = Text { en: "belongs to a plugin", ja: "プラグインの一部" };
    const HUB: Text = Text { en: "ClawHub: {slug} {version}", ja: "ClawHub: {slug} {version}" };
    const ALTERED: Text = Text {
        en: "ClawHub: {slug} {version}, altered since it was installed",
        ja: "ClawHub: {slug} {version} (導入後に改変あり)",
    };
    const UNLOCKED: Text = Text {
        en: "says ClawHub ({slug} {version}), but no lock file knows it",
        ja: "ClawHub ({slug} {version}) とありますが、ロックファイルに記録がありません",
    };
    const INSTALLED: Text = Text { en: "installed from {spec}", ja: "{spec} から導入" };
    const UNKNOWN: Text = Text { en: "nothing says where it came from", ja: "出所の記録がありません" };
    match origin {
        Origin::Bundled => BUNDLED.into(),
        Origin::Plugin => PLUGIN.into(),
        Origin::ClawHub { slug, version, is_locked, is_intact, .. } => {
            let text = match (is_intact, is_locked) {
                (Some(false), _) => ALTERED,
                (_, false) => UNLOCKED,
                _ => HUB,
            };
            text.with("slug", slug).with("version", version)
        }
        Origin::Installed { spec, .. } => INSTALLED.with("spec", spec),
        Origin::Unknown => UNKNOWN.into(),
    }
}

/// Is how sure a sign is, in a word.
pub const fn certainty(certainty: Certainty) -> Text {
    match certainty {
        Certainty::Certain => Text { en: "certain", ja: "確実" },
        Certainty::Guessed => Text { en: "guessed", ja: "推測" },
        Certainty::Mentioned => Text { en: "only mentioned", ja: "言及のみ" },
    }
}

/// Is why something was not read.
pub const fn unread(why: Unread) -> Text {
    match why {
        Unread::TooLarge => Text { en: "too large", ja: "大きすぎます" },
        Unread::TooMany => Text {
            en: "too many files; the rest was not looked at",
            ja: "ファイルが多すぎるため、残りは未確認",
        },
        Unread::Denied => Text { en: "may not be read", ja: "読み取り権限がありません" },
        Unread::NoFile => Text { en: "is no file", ja: "通常のファイルではありません" },
        Unread::InPart => Text { en: "read in part", ja: "一部のみ確認" },
    }
}

/// Is a sign in a line: place, and what stands there.
pub fn place(sign: &Sign) -> String {
    let at = if sign.line == 0 { sign.file.clone() } else { format!("{}:{}", sign.file, sign.line) };
    harmless(&format!("{at}  {}", sign.shown))
}

/// Is what the agents give to a skill, a sentence each.
pub fn fits(fits: &[Fit]) -> Vec<Said> {
    const HAS: Text = Text {
        en: "agent {agent} has what it wants: {tools}",
        ja: "エージェント {agent} が持つツール: {tools}",
    };
    const UNGUARDED: Text = Text {
        en: "agent {agent} has what it wants: {tools}. Its commands run on this machine and nobody is asked.",
        ja: "エージェント {agent} が持つツール: {tools}。コマンドは確認なしにこのマシン上で動きます。",
    };
    const LACKS: Text = Text {
        en: "agent {agent} does not have {tool} ({risk} risk): the skill does without, unless you allow it for everything the agent does",
        ja: "エージェント {agent} は {tool} を使えません (リスク: {risk})。許可すると、エージェントのすべての作業で使えるようになります",
    };
    let mut said = Vec::new();
    for fit in fits {
        if !fit.has.is_empty() {
            let text = if fit.is_unguarded && fit.has.iter().any(|tool| tool == "exec") { UNGUARDED } else { HAS };
            said.push(text.with("agent", &fit.agent).with("tools", fit.has.join(", ")));
        }
        for tool in &fit.lacks {
            said.push(LACKS.with("agent", &fit.agent).with("tool", tool).with("risk", risk(tool).word().of(Lang::En)));
        }
    }
    said
}

/// Is the inventory as text. `all` shows what is reviewed and OpenClaw's own as well.
pub fn text(review: &Review, plan: &Plan, all: bool, style: Style) -> String {
    const HEAD: Text = Text {
        en: "{n} to review, of {all} skills and plugins",
        ja: "未確認 {n}件 (スキルとプラグイン 全{all}件)",
    };
    const NONE: Text = Text {
        en: "Nothing to review: {all} skills and plugins are as they were accepted.",
        ja: "未確認のものはありません。スキルとプラグイン {all}件は確認時のままです。",
    };
    const FIRST: Text = Text {
        en: "Nothing was accepted here yet, so everything counts as new.",
        ja: "まだ何も確認されていないため、すべて新規として扱います。",
    };
    const FOLDED: Text = Text {
        en: "{n} {n|skill|skills} of OpenClaw's own, without a sign of harm: {names}",
        ja: "OpenClaw 同梱の {n}件 (問題の兆候なし): {names}",
    };
    const REMOVED: Text = Text { en: "gone: {name} ({path})", ja: "削除: {name} ({path})" };
    const CUT: Text = Text {
        en: "{path} holds more folders than were looked at: look at the rest yourself.",
        ja: "{path} のフォルダーが多すぎるため、一部は未確認です。残りは手動で確認してください。",
    };
    const UNUSED: Text = Text {
        en: "agent {agent} has tools of high risk that none of its skills wants: {tools}",
        ja: "エージェント {agent} には、どのスキルも使わない高リスクのツールがあります: {tools}",
    };
    const PROPOSED: Text =
        Text { en: "Proposed (openclaw-harden, then s):", ja: "変更の提案 (openclaw-harden を起動して s):" };
    const ACCEPT: Text = Text {
        en: "When you have looked at them: openclaw-harden skills --accept [NAME...]",
        ja: "内容を確認したら: openclaw-harden skills --accept [名前...]",
    };
    let count = review.open().count();
    let head = if review.is_done() { NONE } else { HEAD };
    let head = head.with("n", count).with("all", review.items.len()).of(style.lang);
    let mut out = format!("{}\n", style.paint(&head, BOLD));
    if review.is_first {
        out.push_str(&style.paragraph(style.say(FIRST), 0));
    }
    let is_folded = |item: &&Item| item.skill.source.is_bundled() && item.skill.judged.alarms().next().is_none();
    let (folded, shown): (Vec<&Item>, Vec<&Item>) =
        review.items.iter().filter(|item| all || item.is_open()).partition(|item| !all && is_folded(item));
    for item in shown {
        out.push('\n');
        out.push_str(&one(item, &plan.settings, style));
    }
    if !folded.is_empty() {
        let names = folded.iter().map(|item| item.skill.judged.name.clone()).collect::<Vec<_>>().join(", ");
        out.push('\n');
        out.push_str(&style.paragraph(&FOLDED.with("n", folded.len()).with("names", names).of(style.lang), 0));
    }
    for gone in &review.removed {
        let said = REMOVED.with("name", &gone.name).with("path", gone.path.display());
        let _ = writeln!(out, "\n{}", style.paint(&said.of(style.lang), YELLOW));
    }
    for path in &review.cut {
        out.push_str(&style.paragraph(&CUT.with("path", path.display()).of(style.lang), 0));
    }
    out.push('\n');
    for agent in plan.settings.agents() {
        let tools = plan.settings.tools_without_skill(agent.id, review.items.iter().map(|item| &item.skill));
        if !tools.is_empty() {
            out.push_str(
                &style.paragraph(&UNUSED.with("agent", agent.id).with("tools", tools.join(", ")).of(style.lang), 0),
            );
        }
    }
    let proposed: Vec<String> = proposals(plan).into_iter().map(|one| one.line(style.lang)).collect();
    if !proposed.is_empty() && !review.is_done() {
        let _ = writeln!(out, "\n{}", style.paint(style.say(PROPOSED), BOLD));
        proposed.iter().for_each(|line| out.push_str(&style.paragraph(line, 2)));
    }
    if !review.is_done() {
        out.push('\n');
        out.push_str(&style.paragraph(style.say(ACCEPT), 0));
    }
    out
}

fn one(item: &Item, settings: &Settings, style: Style) -> String {
    const ALARM: Text = Text { en: "LOOK", ja: "要注意" };
    const PLAIN: Text = Text { en: "review", ja: "未確認" };
    const DONE: Text = Text { en: "reviewed", ja: "確認済み" };
    const OFF: Text = Text { en: "off", ja: "無効" };
    const REFUSED: Text =
        Text { en: "OpenClaw does not load it: {why}", ja: "OpenClaw は読み込みません: {why}" };
    const LOSES: Text = Text {
        en: "agent {agent} gets another skill of this name instead: {path}",
        ja: "エージェント {agent} では同名の別スキルが優先されます: {path}",
    };
    const UNREAD: Text = Text { en: "not read: {file}: {why}", ja: "未確認: {file}: {why}" };
    const WANTS: Text = Text { en: "wants {tools}", ja: "使うツール: {tools}" };
    const DECLARES: Text = Text { en: "declares {what}", ja: "宣言: {what}" };
    const MORE: Text = Text { en: "and {n} more", ja: "ほか {n}件" };
    let Item { skill, changes } = item;
    let judged = &skill.judged;
    let has_alarm = judged.alarms().next().is_some();
    let (word, colour) = match (item.is_open(), has_alarm) {
        (_, true) => (ALARM, RED),
        (true, false) => (PLAIN, YELLOW),
        (false, false) => (DONE, GREEN),
    };
    let mut out = format!(
        "{}  {}  {}",
        style.paint(style.say(word), colour),
        style.paint(&harmless(&judged.name), BOLD),
        style.paint(skill.source.name(), DIM)
    );
    if !settings.is_skill_on(skill) {
        let _ = write!(out, "  ({})", style.say(OFF));
    }
    out.push('\n');
    let mut line = |text: &str| out.push_str(&style.paragraph(text, 4));
    line(&harmless(&skill.path.display().to_string()));
    line(&origin(&skill.origin).of(style.lang));
    changes.iter().for_each(|known| line(&change(known).of(style.lang)));
    if let Some(why) = &judged.refused {
        line(&REFUSED.with("why", why).of(style.lang));
    }
    for (agent, path) in &skill.shadowed_by {
        line(&LOSES.with("agent", agent).with("path", path.display()).of(style.lang));
    }
    for (file, why) in skill.content.unread.iter().take(MOST_FILES) {
        line(&UNREAD.with("file", file).with("why", unread(*why).of(style.lang)).of(style.lang));
    }
    let signs: Vec<&Sign> = judged.signs.iter().filter(|sign| sign.topic.is_alarm()).collect();
    for sign in signs.iter().take(MOST_SIGNS) {
        let what = format!("{} ({})", style.say(sign.topic.text()), style.say(certainty(sign.certainty)));
        let colour = if sign.is_alarm() { RED } else { CYAN };
        let _ = writeln!(out, "    {}", style.paint(&what, colour));
        out.push_str(&style.paragraph(&place(sign), 6));
    }
    let mut line = |text: &str| out.push_str(&style.paragraph(text, 4));
    if signs.len() > MOST_SIGNS {
        line(&MORE.with("n", signs.len() - MOST_SIGNS).of(style.lang));
    }
    let tools: Vec<String> = judged
        .tools
        .iter()
        .map(|wish| format!("{} ({}: {})", wish.tool, certainty(wish.certainty).of(style.lang), wish.why))
        .collect();
    if !tools.is_empty() {
        line(&WANTS.with("tools", tools.join(", ")).of(style.lang));
    }
    let declared = declared(skill);
    if !declared.is_empty() {
        line(&DECLARES.with("what", declared).of(style.lang));
    }
    for (topic, said) in wishes(skill) {
        line(&format!("{}: {}", topic.of(style.lang), harmless(&said)));
    }
    fits(&settings.skill_fit(skill)).iter().for_each(|fit| line(&fit.of(style.lang)));
    out
}

/// Is what a skill declares, in a line; empty where it declares nothing.
pub fn declared(skill: &Skill) -> String {
    let declared = &skill.judged.declared;
    let lists = [
        ("bins", &declared.bins),
        ("anyBins", &declared.any_bins),
        ("env", &declared.env),
        ("config", &declared.config),
        ("install", &declared.install),
        ("allowed-tools", &declared.allowed_tools),
    ];
    let mut parts: Vec<String> = lists
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(name, list)| format!("{name}: {}", list.join(", ")))
        .collect();
    parts.extend(declared.command_tool.as_ref().map(|tool| format!("command-tool: {tool}")));
    parts.extend(declared.always.then(|| "always".to_owned()));
    parts.join("; ")
}

/// Is the ordinary wishes that are evident, a line a topic.
pub fn wishes(skill: &Skill) -> Vec<(Text, String)> {
    let mut by_topic: BTreeMap<_, Vec<&str>> = BTreeMap::new();
    for sign in skill.judged.signs.iter().filter(|sign| !sign.topic.is_alarm()) {
        by_topic.entry(sign.topic).or_default().push(&sign.shown);
    }
    by_topic.into_iter().map(|(topic, shown)| (topic.text(), shown.join(", "))).collect()
}

/// A change of the config that the review proposes.
pub struct Proposal {
    label: Text,
    whose: Option<Said>,
    path: String,
    value: Said,
    effect: Said,
    is_recommended: bool,
}

impl Proposal {
    /// Is it in a line.
    pub fn line(&self, lang: Lang) -> String {
        let whose = self.whose.as_ref().map(|whose| format!(" ({})", whose.of(lang))).unwrap_or_default();
        let (label, path, value) = (self.label.of(lang), harmless(&self.path), self.value.of(lang));
        format!("{label}{whose}: {path} -> {value}. {}", self.effect.of(lang))
    }
}

/// Is what the plan proposes for the sake of skills: what its rows recommend, and how programs run.
pub fn proposals(plan: &Plan) -> Vec<Proposal> {
    const GUARDS: [&str; 2] = ["tools.exec", "sandbox.mode"];
    let about = plan.rows.iter().filter(|row| row.control.step == Step::Skills || GUARDS.contains(&row.control.id));
    about
        .filter_map(|row| {
            let is_recommended = row.row.recommended > 0;
            let at =
                if is_recommended { row.row.recommended } else { (row.control.id == "agents.skills").then_some(1)? };
            let choice = row.row.choices.get(at).filter(|choice| choice.weight != Weight::Manual)?;
            Some(Proposal {
                label: row.label(),
                whose: row.row.whose.clone(),
                path: row.row.path.to_string(),
                value: choice.label.clone().unwrap_or_else(|| Said::from(choice.value.clone())),
                effect: choice.effect.clone(),
                is_recommended,
            })
        })
        .collect()
}

/// Is the inventory as JSON, every skill in it. Nothing is translated; texts from outside stand as they are.
pub fn json(review: &Review, plan: &Plan, config: &Path) -> String {
    let skills: Vec<Value> = review.items.iter().map(|item| one_json(item, &plan.settings)).collect();
    let unused: serde_json::Map<String, Value> = plan
        .settings
        .agents()
        .iter()
        .map(|agent| {
            let tools = plan.settings.tools_without_skill(agent.id, review.items.iter().map(|item| &item.skill));
            (agent.id.to_owned(), json!(tools))
        })
        .collect();
    let proposals: Vec<Value> = proposals(plan)
        .into_iter()
        .map(|one| {
            json!({ "path": one.path, "whose": one.whose.map(|whose| whose.of(Lang::En)), "value": one.value.of(Lang::En),
                "effect": one.effect.of(Lang::En), "recommended": one.is_recommended })
        })
        .collect();
    let removed = review.removed.iter().map(|gone| json!({ "path": gone.path.to_string_lossy(), "name": gone.name }));
    let removed: Vec<Value> = removed.collect();
    let value = json!({
        "config": config.to_string_lossy(),
        "first": review.is_first,
        "unreviewed": review.open().count() + review.removed.len(),
        "skills": skills,
        "removed": removed,
        "cut": names(&review.cut),
        "unusedTools": unused,
        "proposals": proposals,
    });
    format!("{value}\n")
}

fn one_json(item: &Item, settings: &Settings) -> Value {
    let Item { skill, changes } = item;
    let judged = &skill.judged;
    let changes: Vec<Value> = changes
        .iter()
        .map(|change| match change {
            Change::New => json!({ "kind": "new" }),
            Change::Content { added, changed, removed } => {
                json!({ "kind": "content", "added": added, "changed": changed, "removed": removed })
            }
            Change::Permissions(files) => json!({ "kind": "permissions", "files": files }),
            Change::Shadowing => json!({ "kind": "shadowing" }),
            Change::Source(source) => json!({ "kind": "source", "before": source.name() }),
        })
        .collect();
    let signs: Vec<Value> = judged
        .signs
        .iter()
        .map(|sign| {
            json!({ "topic": sign.topic, "alarm": sign.is_alarm(), "certainty": sign.certainty, "file": sign.file,
                "line": sign.line, "shown": sign.shown, "title": sign.topic.text().en })
        })
        .collect();
    let fit: Vec<Value> = settings
        .skill_fit(skill)
        .into_iter()
        .map(|fit| json!({ "agent": fit.agent, "has": fit.has, "lacks": fit.lacks, "unguarded": fit.is_unguarded }))
        .collect();
    json!({
        "name": judged.name,
        "kind": if skill.source == Source::Plugin { "plugin" } else { "skill" },
        "key": skill.key(),
        "path": skill.path.to_string_lossy(),
        "foundAt": skill.found_at.to_string_lossy(),
        "source": skill.source.name(),
        "agents": skill.agents,
        "shadowedBy": skill.shadowed_by.iter().map(|(agent, path)| (agent.as_str(), path.to_string_lossy())).collect::<BTreeMap<_, _>>(),
        "origin": skill.origin,
        "hash": skill.content.hash,
        "files": skill.content.files.len(),
        "unread": skill.content.unread,
        "enabled": settings.is_skill_on(skill),
        "refused": judged.refused,
        "reviewed": !item.is_open(),
        "changes": changes,
        "declared": judged.declared,
        "tools": judged.tools,
        "signs": signs,
        "fit": fit,
    })
}

//! Step Skills: what becomes of the skills that nobody has reviewed yet.

use super::{Choice, Control, Row, Step, agent, as_written};
use crate::document::{Edit, Path};
use crate::settings::Settings;
use crate::skills::state::Item;
use crate::skills::{Certainty, Skill, Source};
use crate::text::{Said, Text};
use std::collections::BTreeSet;

pub(super) const CONTROLS: &[Control] = &[SKILL, LISTS];

/// The value of the choice that switches a skill off.
pub const DISABLE: &str = "disable";
/// The value of the choice that denies the tools that a skill wants.
pub const DENY: &str = "deny";

const SKILL: Control = Control {
    id: "skills.entries",
    step: Step::Skills,
    label: Text { en: "Skill", ja: "スキル" },
    why: Text {
        en: "A skill is instructions and code from somebody else. The model follows them with every tool that the agent has.",
        ja: "スキルは他人が書いた指示とコードです。モデルはエージェントの全ツールを使ってそれに従います。",
    },
    rows: |scene| {
        let Some(review) = &scene.before.facts.skills else {
            return Vec::new();
        };
        let mut seen = BTreeSet::new();
        let open = review.open().filter(|item| scene.before.is_skill_on(&item.skill));
        open.filter(|item| seen.insert(enabled(&item.skill))).map(|item| row(scene.now, item)).collect()
    },
};

/// The key under which a skill's row is kept among the answers.
pub fn row_key(skill: &Skill) -> String {
    format!("{}@{}", SKILL.id, enabled(skill))
}

/// Is the key that switches a skill or a plugin on and off.
fn enabled(skill: &Skill) -> Path {
    match skill.source {
        Source::Plugin => Path::from("plugins.entries").key(skill.judged.name.as_str()).key("enabled"),
        _ => Path::from("skills.entries").key(skill.key()).key("enabled"),
    }
}

fn row(settings: &Settings, item: &Item) -> Row {
    const ON: Text = Text { en: "on", ja: "有効" };
    const OFF: Text = Text { en: "off", ja: "無効" };
    const OFF_EFFECT: Text = Text {
        en: "OpenClaw no longer loads {name}. Its files stay; take the entry out to have it back.",
        ja: "OpenClaw は {name} を読み込まなくなります。ファイルは残ります。戻すにはこの項目を削除してください。",
    };
    const NO_TOOLS: Text = Text { en: "deny {tools}", ja: "{tools} を拒否" };
    const DENY_ALL: Text = Text {
        en: "{name} stays, and no agent can call {tools} any more. Other skills that need them stop working too.",
        ja: "{name} は残りますが、どのエージェントも {tools} を使えなくなります。同じツールを使うほかのスキルも動かなくなります。",
    };
    const DENY_ONE: Text = Text {
        en: "{name} stays, and agent {agent} can no longer call {tools}. Its other skills that need them stop working too.",
        ja: "{name} は残りますが、エージェント {agent} は {tools} を使えなくなります。同じツールを使うほかのスキルも動かなくなります。",
    };
    let skill = &item.skill;
    let key = enabled(skill);
    let name = &skill.judged.name;
    let mut row = Row::new(&key, ON).whose(Said::from(name.clone()));
    let off = Choice::ask(DISABLE, vec![Edit::set(&key, false)], OFF_EFFECT.with("name", name)).called(OFF);
    let is_alarming = skill.judged.alarms().any(|sign| sign.certainty == Certainty::Certain);
    row = if is_alarming && !skill.source.is_bundled() { row.recommend(off) } else { row.offer(off) };
    let fits = settings.skill_fit(skill);
    let tools: BTreeSet<&str> = fits.iter().flat_map(|fit| fit.has.iter().map(String::as_str)).collect();
    if tools.is_empty() {
        return row;
    }
    // Where one agent of several gets it, the others keep their tools.
    let only = match fits.as_slice() {
        [fit] if settings.agents().len() > 1 => settings
            .agents()
            .into_iter()
            .find(|known| known.id == fit.agent && known.file_path.is_some())
            .map(|known| (fit.agent.as_str(), settings.file_path(&known.path.join("tools.deny")))),
        _ => None,
    };
    let (effect, list) = match only {
        Some((agent, list)) => (DENY_ONE.with("agent", agent), list),
        None => (Said::from(DENY_ALL), Path::from("tools.deny")),
    };
    let edits = tools.iter().map(|tool| Edit::add(&list, *tool)).collect();
    let named = tools.iter().copied().collect::<Vec<_>>().join(", ");
    let effect = effect.with("name", name).with("tools", &named);
    row.offer(Choice::ask(DENY, edits, effect).called(NO_TOOLS.with("tools", named)))
}

const LISTS: Control = Control {
    id: "agents.skills",
    step: Step::Skills,
    label: Text { en: "Skills of an agent", ja: "エージェントのスキル" },
    why: Text {
        en: "Without a list an agent gets every skill that is dropped into a folder, the moment it lies there.",
        ja: "一覧がないと、フォルダーに置かれたスキルはすべて、その時点でエージェントに渡ります。",
    },
    rows: |scene| {
        const PINNED: Text = Text { en: "only today's {n}", ja: "現在の {n}件のみ" };
        const PIN: Text = Text {
            en: "The agent keeps the skills that it has now, {n} in all. One that comes later is left out until you add its name here.",
            ja: "エージェントは現在の {n}件だけを使い続けます。あとから置かれたスキルは、ここに名前を追加するまで使われません。",
        };
        let (Some(review), settings) = (&scene.before.facts.skills, scene.now) else {
            return Vec::new();
        };
        let agents = settings.agents();
        agents
            .iter()
            .filter(|known| settings.agent_skills(known.id).is_none())
            .map(|known| {
                let own = known.file_path.as_ref().map(|_| settings.file_path(&known.path.key("skills")));
                let key = own.unwrap_or_else(|| Path::from("agents.defaults.skills"));
                let skills = review.items.iter().map(|item| &item.skill).filter(|skill| skill.source != Source::Plugin);
                let names: BTreeSet<&str> = skills
                    .filter(|skill| settings.gets_skill(known.id, skill))
                    .map(|skill| skill.judged.name.as_str())
                    .collect();
                let row = Row::new(&key, as_written(settings, &key)).whose(agent(known.id));
                let count = names.len();
                let names: Vec<&str> = names.into_iter().collect();
                let edits = vec![Edit::set(&key, serde_json::json!(names))];
                row.offer(Choice::ask("pin", edits, PIN.with("n", count)).called(PINNED.with("n", count)))
            })
            .collect()
    },
};

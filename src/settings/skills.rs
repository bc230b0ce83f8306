//! What the config gives to skills: which are on, which agent gets them, and which of the tools they want it has.

use super::tools::{Approval, Place, Risk, Session, catalogue, risk};
use super::{Settings, strings};
use crate::document::Path;
use crate::skills::{Skill, Source};
use serde_json::Value;
use std::collections::BTreeSet;

/// What an agent gives to a skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The agent.
    pub agent: String,
    /// The wanted tools that it has.
    pub has: Vec<String>,
    /// The wanted tools that it does not have.
    pub lacks: Vec<String>,
    /// Whether commands run on this machine and nobody is asked.
    pub is_unguarded: bool,
}

impl Settings {
    /// Is the place of a skill's entry.
    pub fn skill_entry(&self, skill: &Skill) -> Path {
        Path::from("skills.entries").key(skill.key())
    }

    /// Whether the config leaves a skill on. A plugin is on unless its entry or the deny list says no.
    pub fn is_skill_on(&self, skill: &Skill) -> bool {
        if skill.source == Source::Plugin {
            let entry = Path::from("plugins.entries").key(skill.judged.name.as_str()).key("enabled");
            let is_denied = self.list("plugins.deny").contains(&skill.judged.name.as_str());
            return !self.is_false("plugins.enabled") && self.at(&entry) != Some(&Value::Bool(false)) && !is_denied;
        }
        let allowed = self.list("skills.allowBundled");
        let is_listed =
            allowed.is_empty() || [skill.key(), &skill.judged.name].iter().any(|name| allowed.contains(name));
        self.at(&self.skill_entry(skill).key("enabled")) != Some(&Value::Bool(false))
            && (!skill.source.is_bundled() || is_listed)
    }

    /// Is the place of the list that limits an agent's skills, as loaded, with its names; none where it gets all.
    pub fn agent_skills(&self, agent: &str) -> Option<(Path, Vec<&str>)> {
        let own = Path::from("agents.entries").key(agent).key("skills");
        let shared = Path::from("agents.defaults.skills");
        let has_own = self.loaded_at(&own).is_some();
        let at = if has_own { own } else { shared };
        let list = self.loaded_at(&at).filter(|list| list.is_array())?;
        Some((at.clone(), strings(Some(list))))
    }

    /// Whether an agent's model gets a skill.
    pub fn gets_skill(&self, agent: &str, skill: &Skill) -> bool {
        self.is_skill_on(skill) && self.gets_skill_if_on(agent, skill)
    }

    fn gets_skill_if_on(&self, agent: &str, skill: &Skill) -> bool {
        skill.judged.refused.is_none()
            && skill.agents.contains(agent)
            && !skill.shadowed_by.contains_key(agent)
            && self.agent_skills(agent).is_none_or(|(_, names)| names.contains(&skill.judged.name.as_str()))
    }

    /// Is what each agent that gets a skill gives to it.
    pub fn skill_fit(&self, skill: &Skill) -> Vec<Fit> {
        if !self.is_skill_on(skill) {
            return Vec::new();
        }
        let contexts = self.tool_contexts().iter().filter_map(|context| Some((context.agent.as_deref()?, context)));
        contexts
            .filter(|(agent, _)| self.gets_skill_if_on(agent, skill))
            .map(|(agent, context)| {
                let allowed = |tool: &str| context.allows(tool, &Session::ALL);
                let wanted = skill.judged.tools.iter().map(|wish| wish.tool.clone());
                let (has, lacks) = wanted.partition(|tool| allowed(tool));
                let is_unguarded = Session::ALL.iter().any(|session| {
                    let exec = context.decide("exec", *session);
                    exec.allowed && exec.place == Place::Gateway && exec.approval == Approval::None
                });
                Fit { agent: agent.to_owned(), has, lacks, is_unguarded }
            })
            .collect()
    }

    /// Is the tools of high risk that an agent has and none of its skills wants.
    pub fn tools_without_skill<'s>(&self, agent: &str, skills: impl Iterator<Item = &'s Skill>) -> Vec<&'static str> {
        let wanted: BTreeSet<&str> = skills
            .filter(|skill| self.gets_skill(agent, skill))
            .flat_map(|skill| skill.judged.tools.iter().map(|wish| wish.tool.as_str()))
            .collect();
        let Some(context) = self.tool_contexts().iter().find(|context| context.agent.as_deref() == Some(agent)) else {
            return Vec::new();
        };
        let tools = catalogue().tools.iter().map(String::as_str);
        tools
            .filter(|tool| risk(tool) == Risk::High && !wanted.contains(tool))
            .filter(|tool| context.allows(tool, &Session::ALL))
            .collect()
    }
}

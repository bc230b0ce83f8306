//! Ways in: who can reach an agent from outside, through which channel, and what a tool then does that hurts.
//!
//! A chain follows from the effective permissions alone: somebody is let in ([`doors`]), an agent listens to them, and that
//! agent has a tool, for a caller like them, that does harm ([`harms`]). Left out, as no config tells it: what a plugin's
//! or an MCP server's tools do, and what one agent could ask of another.

mod doors;
mod harms;

pub use doors::Outsider;
pub use harms::Harm;

use crate::document::{Edit, Path};
use crate::settings::Settings;
use crate::settings::tools::GROUPS;
use crate::text::{Lang, Text, harmless};
use doors::Door;
use serde_json::Value;
use std::collections::BTreeMap;

/// A way from somebody outside to something that hurts.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// Who.
    pub outsider: Outsider,
    /// The channel or account through which they come, as in `telegram.accounts.two`; none where it is none.
    pub channel: Option<String>,
    /// The key that lets them in, as the file has it or would have it.
    pub at: Path,
    /// The agents that do it for them; none where no agent is needed.
    pub agents: Vec<String>,
    /// The tools with which they can, of one group.
    pub tools: Vec<String>,
    /// What it comes to.
    pub harm: Harm,
    /// The setting that ends it most cheaply.
    pub cut: Cut,
}

/// A setting that ends a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// What it changes in the file; the first is the setting itself, the others go with it.
    pub edits: Vec<Edit>,
    /// How many chains it ends.
    pub ends: usize,
}

impl Cut {
    /// Is the setting with its value, as in `channels.telegram.dmPolicy: "pairing"`.
    pub fn shown(&self) -> String {
        use crate::document::Change;
        let Some(edit) = self.edits.first() else {
            return String::new();
        };
        let said = match &edit.change {
            Change::Set(value) => format!("{}: {value}", edit.path),
            Change::Add(value) => format!("{} + {value}", edit.path),
            Change::Remove | Change::Comment(_) => format!("{} -", edit.path),
        };
        harmless(&said)
    }
}

impl Chain {
    /// Is the links, from the outsider to the harm.
    pub fn links(&self, lang: Lang) -> Vec<String> {
        const AND_MORE: Text =
            Text { en: "{agent} and {n} more {n|agent|agents}", ja: "{agent} ほか{n}エージェント" };
        const GATEWAY: Text = Text { en: "Gateway", ja: "Gateway" };
        let mut links = vec![self.outsider.text().of(lang).to_owned()];
        links.extend(self.channel.as_deref().map(harmless));
        match self.agents.as_slice() {
            [] => links.push(GATEWAY.of(lang).to_owned()),
            [agent] => links.push(harmless(agent)),
            [agent, rest @ ..] => links.push(AND_MORE.with("agent", agent).with("n", rest.len()).of(lang)),
        }
        if !self.tools.is_empty() {
            links.push(harmless(&self.tools.join("/")));
        }
        links.push(self.harm.text().of(lang).to_owned());
        links
    }

    /// Is the chain on one line.
    pub fn shown(&self, lang: Lang) -> String {
        self.links(lang).join(" -> ")
    }
}

/// A chain before it is known what cuts it.
struct Way {
    /// Which door.
    door: usize,
    /// Which of [`GROUPS`] its tools are of; none where no agent is needed.
    group: Option<usize>,
    harm: Harm,
    tools: Vec<String>,
    agents: Vec<String>,
}

/// Is every chain, the most direct first: those without an agent, then by who comes in and what it comes to. Agents with
/// which it is the same stand in one chain.
pub fn chains(settings: &Settings) -> Vec<Chain> {
    let doors = doors::doors(settings);
    let mut ways = ways(settings, &doors);
    ways.sort_by_key(|way| (way.group.is_some(), doors[way.door].outsider, way.harm, way.group));
    let count = |alike: &dyn Fn(&Way) -> bool| ways.iter().filter(|way| alike(way)).count();
    let at_door: Vec<usize> = (0..doors.len()).map(|door| count(&|way| way.door == door)).collect();
    let of_group: Vec<usize> = (0..GROUPS.len()).map(|group| count(&|way| way.group == Some(group))).collect();
    let cut = |way: &Way| {
        let (ends, by_tools) = (at_door[way.door], way.group.map_or(0, |group| of_group[group]));
        match (&doors[way.door].close, way.group) {
            // Whom nobody lets in does nothing else either, so that goes first unless the tools do harm in more ways.
            (Some(edits), _) if ends >= by_tools => Cut { edits: edits.clone(), ends },
            (_, Some(group)) => Cut { edits: vec![deny(settings, GROUPS[group].id)], ends: by_tools },
            (edits, None) => Cut { edits: edits.clone().unwrap_or_default(), ends },
        }
    };
    let chains = ways.iter().map(|way| {
        let Door { outsider, channel, at, .. } = &doors[way.door];
        Chain {
            outsider: *outsider,
            channel: channel.clone(),
            at: settings.file_path(at),
            agents: way.agents.clone(),
            tools: way.tools.clone(),
            harm: way.harm,
            cut: cut(way),
        }
    });
    chains.collect()
}

fn ways(settings: &Settings, doors: &[Door]) -> Vec<Way> {
    let mut agents = harms::Agents::new(settings);
    let mut ways = Vec::new();
    for (n, door) in doors.iter().enumerate() {
        if door.direct {
            ways.push(Way { door: n, group: None, harm: Harm::Controls, tools: Vec::new(), agents: Vec::new() });
        }
        let mut own: BTreeMap<(Harm, usize, Vec<String>), Vec<String>> = BTreeMap::new();
        for agent in &door.agents {
            for (harm, group, tools) in agents.harms(agent, door) {
                own.entry((harm, group, tools)).or_default().push(agent.clone());
            }
        }
        ways.extend(own.into_iter().map(|((harm, group, tools), agents)| Way {
            door: n,
            group: Some(group),
            harm,
            tools,
            agents,
        }));
    }
    ways
}

/// Is the edit that takes a group of tools from every agent.
fn deny(settings: &Settings, group: &str) -> Edit {
    let at = Path::from("tools.deny");
    match settings.at(&at) {
        Some(Value::Array(_)) => Edit::add(at, group),
        _ => Edit::set(at, Value::from(vec![group])),
    }
}

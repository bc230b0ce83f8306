//! What was accepted, and what is not as it was then.

use super::{Mark, Skill, Source};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The most files of one skill that are remembered one by one; of others the hash of the tree alone.
const MOST_FILES: usize = 2_000;

/// A skill as it was when somebody looked at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    /// Its name.
    pub name: String,
    /// Where OpenClaw found it.
    pub source: Source,
    /// The hash of its tree.
    pub hash: String,
    /// Its files; none where they were too many.
    #[serde(default)]
    pub files: BTreeMap<String, Mark>,
    /// The day on which it was accepted (UTC).
    pub on: String,
    /// The skills that won over it, by agent.
    #[serde(default)]
    pub shadowed_by: BTreeMap<String, PathBuf>,
}

/// What was accepted, by installation (the folder of its state) and by skill (its folder).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    installations: BTreeMap<PathBuf, BTreeMap<PathBuf, Seen>>,
}

/// How a skill differs from what was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nobody accepted it yet.
    New,
    /// Its files are not those that were accepted.
    Content {
        /// The files that came.
        added: Vec<String>,
        /// The files that are other than they were.
        changed: Vec<String>,
        /// The files that went.
        removed: Vec<String>,
    },
    /// The permissions of these files changed, and nothing else.
    Permissions(Vec<String>),
    /// Another skill of its name now wins over it, or no longer does.
    Shadowing,
    /// It was found elsewhere then.
    Source(Source),
}

/// A skill that was accepted and is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removed {
    /// Where it was.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
}

impl Accepted {
    /// Reads what was kept.
    ///
    /// # Errors
    /// Where it is no such file; the reason is the parser's.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(bytes).map_err(|error| error.to_string())
    }

    /// Is it as a file.
    ///
    /// # Errors
    /// Where a name in it is not Unicode; the reason is the writer's.
    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        let mut bytes = serde_json::to_vec(self).map_err(|error| error.to_string())?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Whether nothing was ever accepted for an installation.
    pub fn is_first(&self, installation: &Path) -> bool {
        !self.installations.contains_key(installation)
    }

    /// Accepts a skill as it is.
    pub fn accept(&mut self, installation: &Path, skill: &Skill, today: &str) {
        let files = if skill.content.files.len() <= MOST_FILES { skill.content.files.clone() } else { BTreeMap::new() };
        let seen = Seen {
            name: skill.judged.name.clone(),
            source: skill.source,
            hash: skill.content.hash.clone(),
            files,
            on: today.to_owned(),
            shadowed_by: skill.shadowed_by.clone(),
        };
        self.installations.entry(installation.to_owned()).or_default().insert(skill.path.clone(), seen);
    }

    /// Forgets a skill that is gone.
    pub fn forget(&mut self, installation: &Path, path: &Path) {
        if let Some(skills) = self.installations.get_mut(installation) {
            skills.remove(path);
        }
    }

    /// Is how a skill differs from what was accepted; empty where it does not.
    pub fn changes(&self, installation: &Path, skill: &Skill) -> Vec<Change> {
        let Some(seen) = self.installations.get(installation).and_then(|skills| skills.get(&skill.path)) else {
            return vec![Change::New];
        };
        let mut changes = Vec::new();
        let (now, then) = (&skill.content.files, &seen.files);
        if skill.content.hash != seen.hash {
            let names = |keep: &dyn Fn(&String, &Mark) -> bool, of: &BTreeMap<String, Mark>| -> Vec<String> {
                of.iter().filter(|(name, mark)| keep(name, mark)).map(|(name, _)| name.clone()).collect()
            };
            let is_known = !then.is_empty();
            changes.push(Change::Content {
                added: names(&|name, _| is_known && !then.contains_key(name), now),
                changed: names(&|name, mark| then.get(name).is_some_and(|known| known.hash != mark.hash), now),
                removed: names(&|name, _| !now.contains_key(name), then),
            });
        }
        let modes: Vec<String> = now
            .iter()
            .filter(|(name, mark)| then.get(*name).is_some_and(|known| known.mode != mark.mode))
            .map(|(name, _)| name.clone())
            .collect();
        if !modes.is_empty() {
            changes.push(Change::Permissions(modes));
        }
        if skill.shadowed_by != seen.shadowed_by {
            changes.push(Change::Shadowing);
        }
        if skill.source != seen.source {
            changes.push(Change::Source(seen.source));
        }
        changes
    }

    /// Is the skills that were accepted and are gone.
    pub fn removed(&self, installation: &Path, skills: &[Skill]) -> Vec<Removed> {
        let known = self.installations.get(installation).into_iter().flatten();
        let gone = known.filter(|(path, _)| !skills.iter().any(|skill| skill.path == **path));
        gone.map(|(path, seen)| Removed { path: path.clone(), name: seen.name.clone() }).collect()
    }
}

/// A skill with what changed since it was accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The skill.
    pub skill: Skill,
    /// How it differs from what was accepted; empty where it was reviewed as it is.
    pub changes: Vec<Change>,
}

impl Item {
    /// Whether somebody has to look at it.
    pub fn is_open(&self) -> bool {
        !self.changes.is_empty()
    }
}

/// The inventory beside what was accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// The folder of the state that tells installations apart.
    pub installation: PathBuf,
    /// Whether nothing was ever accepted here.
    pub is_first: bool,
    /// Every skill and plugin: what is to be reviewed first, OpenClaw's own last, signs of harm before none.
    pub items: Vec<Item>,
    /// What was accepted and is gone.
    pub removed: Vec<Removed>,
    /// The folders that hold more than was looked at.
    pub cut: Vec<PathBuf>,
}

impl Review {
    /// Puts an inventory beside what was accepted.
    pub fn new(accepted: &Accepted, installation: &Path, skills: Vec<Skill>, cut: Vec<PathBuf>) -> Self {
        let removed = accepted.removed(installation, &skills);
        let mut items: Vec<Item> =
            skills.into_iter().map(|skill| Item { changes: accepted.changes(installation, &skill), skill }).collect();
        items.sort_by_key(|item| {
            let skill = &item.skill;
            (
                !item.is_open(),
                skill.source.is_bundled(),
                skill.judged.alarms().next().is_none(),
                skill.judged.name.clone(),
            )
        });
        Review { installation: installation.to_owned(), is_first: accepted.is_first(installation), items, removed, cut }
    }

    /// Is what somebody has to look at.
    pub fn open(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.is_open())
    }

    /// Whether nothing is left to look at.
    pub fn is_done(&self) -> bool {
        self.open().next().is_none() && self.removed.is_empty()
    }
}

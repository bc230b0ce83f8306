//! The inventory of skills and plugins: read from the disk, judged, and compared with what was accepted.
//!
//! Every place is looked at in which OpenClaw 2026.9.6 finds skills, for every agent. A skill is known by its real path
//! and by the hash of its whole tree. What was not read is said. Nothing is run, and no link is followed out of a skill.

mod cache;
mod roots;
#[cfg(test)]
mod tests;
mod tree;

use super::{Env, Places, own_state_dir, record};
use crate::parallel;
use crate::settings::Settings;
use crate::settings::tools::catalogue;
use crate::skills::state::Accepted;
use crate::skills::{Content, Judged, Origin, Skill, Source, Unwritten, Written, judge};
use crate::store;
use crate::text::Said;
use cache::{Cache, Known};
use roots::{Candidate, Root};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What there is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inventory {
    /// The skills and plugins, by source and path.
    pub skills: Vec<Skill>,
    /// The folders that hold more than was looked at.
    pub cut: Vec<PathBuf>,
}

/// Takes the inventory of an installation. With `keeps`, what was judged is kept for the next time.
pub fn inventory(places: &Places, settings: &Settings, env: &Env, cwd: &Path, keeps: bool) -> Inventory {
    let kept_at = own_state_dir().map(|folder| folder.join("skills-cache.json"));
    inventory_with(places, settings, env, cwd, kept_at.as_deref(), keeps)
}

fn inventory_with(
    places: &Places,
    settings: &Settings,
    env: &Env,
    cwd: &Path,
    kept_at: Option<&Path>,
    keeps: bool,
) -> Inventory {
    let known = kept_at.map(Cache::read).unwrap_or_default();
    let allowed = settings.list("skills.load.allowSymlinkTargets");
    let allowed: Vec<PathBuf> =
        allowed.into_iter().filter_map(|dir| places.resolve(dir, cwd).canonicalize().ok()).collect();
    let mut inventory = Inventory::default();
    let mut found: Vec<(Root, Candidate)> = Vec::new();
    for root in roots::roots(places, settings, env, cwd) {
        let (candidates, is_cut) = roots::candidates(&root, &allowed);
        if is_cut {
            inventory.cut.push(root.dir.clone());
        }
        found.extend(candidates.into_iter().map(|candidate| (root.clone(), candidate)));
    }
    let mut trees = looked_at(&found, &known);
    let mut precedence: BTreeMap<String, Vec<(String, PathBuf)>> = BTreeMap::new();
    for (root, candidate) in &found {
        let Some(tree) = trees.get(&candidate.path) else {
            continue;
        };
        let mut judged = tree.judged.clone();
        if candidate.is_outside {
            judged.refused = Some("it leads out of its folder of skills".to_owned());
        }
        if judged.refused.is_none() && root.source != Source::Plugin && root.source != Source::Library {
            for agent in &root.agents {
                precedence.entry(agent.clone()).or_default().push((judged.name.clone(), candidate.path.clone()));
            }
        }
        // One folder may be found by several ways; the strongest is what counts.
        match inventory.skills.iter_mut().find(|skill| skill.path == candidate.path) {
            Some(skill) => {
                skill.agents.extend(root.agents.iter().cloned());
                skill.source = skill.source.max(root.source);
            }
            None => inventory.skills.push(Skill {
                path: candidate.path.clone(),
                found_at: candidate.found_at.clone(),
                source: root.source,
                agents: root.agents.clone(),
                shadowed_by: BTreeMap::new(),
                origin: origin(root, candidate, &tree.content),
                content: tree.content.clone(),
                judged,
            }),
        }
    }
    shadow(&mut inventory.skills, &precedence);
    if let Some(path) = kept_at.filter(|_| keeps) {
        let is_same = trees.iter().all(|(_, tree)| tree.is_known) && trees.len() == known.trees.len();
        if !is_same {
            let kept = std::mem::take(&mut trees).into_iter().filter_map(|(path, tree)| Some((path, tree.known?)));
            Cache::keep(path, kept.collect());
        }
    }
    inventory
}

/// Says of each skill which of its name wins over it, by agent. `precedence` has the names in order, the strongest last.
fn shadow(skills: &mut [Skill], precedence: &BTreeMap<String, Vec<(String, PathBuf)>>) {
    for (agent, order) in precedence {
        let winners: BTreeMap<&str, &PathBuf> = order.iter().map(|(name, path)| (name.as_str(), path)).collect();
        for skill in skills.iter_mut().filter(|skill| skill.agents.contains(agent) && skill.judged.refused.is_none()) {
            if let Some(winner) = winners.get(skill.judged.name.as_str()).filter(|winner| ***winner != skill.path) {
                skill.shadowed_by.insert(agent.clone(), (*winner).clone());
            }
        }
    }
}

/// A tree with what was made of it.
struct Looked {
    content: Content,
    judged: Judged,
    known: Option<Known>,
    is_known: bool,
}

/// Looks at every candidate's tree once, as many at a time as there are processors.
fn looked_at(found: &[(Root, Candidate)], known: &Cache) -> BTreeMap<PathBuf, Looked> {
    let mut paths: BTreeMap<&PathBuf, bool> = BTreeMap::new();
    for (root, candidate) in found {
        *paths.entry(&candidate.path).or_default() |= root.source == Source::Plugin;
    }
    let paths: Vec<(&PathBuf, bool)> = paths.into_iter().collect();
    let look = |(path, is_plugin): &(&PathBuf, bool)| ((*path).clone(), look(path, *is_plugin, known.trees.get(*path)));
    parallel::each(&paths, look).into_iter().collect()
}

fn look(path: &Path, is_plugin: bool, known: Option<&Known>) -> Looked {
    let listing = tree::list(path);
    if let Some(known) = known.filter(|known| known.is(&listing)) {
        let (content, judged) = (known.content.clone(), known.judged.clone());
        return Looked { content, judged, known: Some(known.clone()), is_known: true };
    }
    let read = tree::read(path, &listing, is_plugin);
    let folder = path.file_name().unwrap_or_default().to_string_lossy();
    let texts = read.texts.iter().map(|(file, text)| Written { file, text });
    let others: Vec<Unwritten> = read
        .opaque
        .iter()
        .map(|(file, what, topic)| Unwritten { file, what: if what.is_empty() { file } else { what }, topic: *topic })
        .collect();
    let mut judged = judge(&folder, texts, &others, &|name| catalogue().is_tool(name));
    if is_plugin {
        judged.refused = None;
        judged.tools.clear();
    }
    let known = Known::new(&listing, &read.content, &judged);
    Looked { content: read.content, judged, known, is_known: false }
}

fn json(path: &Path) -> Option<Value> {
    const MOST: usize = 1 << 20;
    let read = store::look(path).ok().flatten().filter(|read| read.bytes.len() <= MOST)?;
    serde_json::from_slice(&read.bytes).ok()
}

/// Is where a skill came from, by what an installation leaves beside it.
fn origin(root: &Root, candidate: &Candidate, content: &Content) -> Origin {
    match root.source {
        source if source.is_bundled() => return Origin::Bundled,
        Source::PluginSkill => return Origin::Plugin,
        _ => {}
    }
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let folder = &candidate.path;
    for mark in [".clawhub", ".clawdhub"] {
        let Some(read) = json(&folder.join(mark).join("origin.json")) else {
            continue;
        };
        let slug = text(&read, "slug");
        let locks = root.dir.parent().and_then(|place| json(&place.join(mark).join("lock.json")));
        let locked = locks.as_ref().and_then(|lock| lock.get("skills")?.get(&slug));
        let version = text(&read, "installedVersion");
        let digest = text(&read, "fileTreeSha256");
        return Origin::ClawHub {
            registry: text(&read, "registry"),
            is_locked: locked.is_some_and(|locked| text(locked, "version") == version),
            is_intact: (!digest.is_empty()).then(|| tree::clawhub_digest(content).is_some_and(|now| now == digest)),
            slug,
            version,
        };
    }
    if let Some(read) = json(&folder.join(".openclaw/source-origin.json")) {
        return Origin::Installed { from: text(&read, "source"), spec: text(&read, "spec") };
    }
    Origin::Unknown
}

/// Remembers skills as accepted, and forgets those that are gone.
///
/// # Errors
/// Where what was accepted cannot be read, or cannot be written; nothing is remembered then.
pub fn remember(installation: &Path, skills: &[&Skill], gone: &[PathBuf]) -> Result<Accepted, Said> {
    let today = store::date(SystemTime::now());
    record::change(|accepted: &mut Accepted| {
        skills.iter().for_each(|skill| accepted.accept(installation, skill, &today));
        gone.iter().for_each(|path| accepted.forget(installation, path));
        Ok(true)
    })
}

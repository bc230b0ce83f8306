//! Where OpenClaw 2026.9.6 finds skills and plugins, for every agent, and in which order.

use super::super::{Env, Places};
use crate::settings::{Settings, strings};
use crate::skills::Source;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How deep OpenClaw seeks skills below a root, and below one that is named in `extraDirs`.
const DEPTH: usize = 6;
const EXTRA_DEPTH: usize = 2;
/// The most folders below one root that are looked into.
const MOST_FOLDERS: usize = 40_000;

/// A folder in which skills are found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Root {
    pub(super) dir: PathBuf,
    pub(super) source: Source,
    pub(super) agents: BTreeSet<String>,
}

/// A folder that holds a skill.
pub(super) struct Candidate {
    pub(super) found_at: PathBuf,
    pub(super) path: PathBuf,
    /// Whether it leads out of its root, so that OpenClaw does not load it.
    pub(super) is_outside: bool,
}

/// Is every root, the lowest in precedence first; one that several agents share, once.
pub(super) fn roots(places: &Places, settings: &Settings, env: &Env, cwd: &Path) -> Vec<Root> {
    let agents: BTreeSet<String> = settings.agents().iter().map(|agent| agent.id.to_owned()).collect();
    let mut roots: Vec<Root> = Vec::new();
    let mut add = |source, dir: PathBuf, whose: &BTreeSet<String>| match roots
        .iter_mut()
        .find(|root| root.source == source && root.dir == dir)
    {
        Some(root) => root.agents.extend(whose.iter().cloned()),
        None => roots.push(Root { dir, source, agents: whose.clone() }),
    };
    let state = &places.state_dir;
    for plugin in plugins(places, settings, env, cwd) {
        for dir in plugin_skills(&plugin) {
            add(Source::PluginSkill, dir, &agents);
        }
        add(Source::Plugin, plugin, &agents);
    }
    add(Source::PluginSkill, state.join("plugin-skills"), &agents);
    add(Source::Library, state.join("skill-library"), &agents);
    for dir in settings.list("skills.load.extraDirs") {
        add(Source::Extra, places.resolve(dir, cwd), &agents);
    }
    if let Some(bundled) = bundled(env) {
        if let Some(package) = bundled.parent() {
            let owner: BTreeSet<String> = owner(settings).into_iter().collect();
            add(Source::Custodian, package.join("custodian-skills"), &owner);
            for dir in ["dist/extensions", "extensions"].into_iter().flat_map(|dir| children(&package.join(dir))) {
                if is_on_by_default(&dir, settings) {
                    plugin_skills(&dir).into_iter().for_each(|dir| add(Source::PluginSkill, dir, &agents));
                }
            }
        }
        add(Source::Bundled, bundled, &agents);
    }
    add(Source::Managed, state.join("skills"), &agents);
    if *state == places.home.join(".openclaw") {
        add(Source::Personal, places.home.join(".agents/skills"), &agents);
    }
    for agent in settings.agents() {
        let own = BTreeSet::from([agent.id.to_owned()]);
        let folder = agent.entry.get("agentDir").and_then(Value::as_str).map(|dir| places.resolve(dir, cwd));
        let folder = folder.unwrap_or_else(|| state.join("agents").join(agent.id).join("agent"));
        add(Source::Workshop, folder.join("workshop-skills"), &own);
        let workspace = workspace(places, settings, env, cwd, agent.id);
        add(Source::Project, workspace.join(".agents/skills"), &own);
        add(Source::Workspace, workspace.join("skills"), &own);
    }
    roots.sort_by_key(|root| root.source);
    roots
}

/// Is the folder in which an agent works.
fn workspace(places: &Places, settings: &Settings, env: &Env, cwd: &Path, agent: &str) -> PathBuf {
    let named = |path: &str| settings.str(path).map(str::trim).filter(|dir| !dir.is_empty());
    let own = settings.agents().into_iter().find(|known| known.id == agent);
    let own = own.and_then(|own| own.entry.get("workspace")?.as_str()).map(str::trim).filter(|dir| !dir.is_empty());
    if let Some(own) = own {
        return places.resolve(own, cwd);
    }
    let shared = named("agents.defaults.workspace").map(|dir| places.resolve(dir, cwd));
    match (shared, owner(settings).as_deref() == Some(agent)) {
        (Some(shared), true) => shared,
        (Some(shared), false) => shared.join(agent),
        (None, true) => match env.get("OPENCLAW_WORKSPACE_DIR").map(|dir| dir.trim()).filter(|dir| !dir.is_empty()) {
            Some(dir) => places.resolve(dir, cwd),
            None => places.state_dir.join("workspace"),
        },
        (None, false) => places.state_dir.join(format!("workspace-{agent}")),
    }
}

/// Is the agent that inherits the defaults' workspace: the one marked so, or the only one.
fn owner(settings: &Settings) -> Option<String> {
    let system = settings.str("agents.defaults.systemAgent.agentId").map(str::to_owned);
    let listed = settings.source().get("agents").and_then(|agents| agents.get("list")).and_then(Value::as_array);
    let keyed = settings.source().get("agents").and_then(|agents| agents.get("entries")).and_then(Value::as_object);
    let is_marked = |entry: &&Value| entry.get("default") == Some(&Value::Bool(true));
    let of_list = listed.into_iter().flatten().filter(is_marked).filter_map(|entry| entry.get("id")?.as_str());
    let of_keys = keyed.into_iter().flatten().filter(|(_, entry)| is_marked(entry)).map(|(id, _)| id.as_str());
    let marked: Vec<&str> = of_list.chain(of_keys).collect();
    let agents = settings.agents();
    system.or_else(|| match (marked.as_slice(), agents.as_slice()) {
        ([one], _) => Some((*one).to_owned()),
        (_, [only]) => Some(only.id.to_owned()),
        _ => None,
    })
}

/// Is the folder of OpenClaw's own skills, beside the program that the search path has; nothing is run to find it.
pub(super) fn bundled(env: &Env) -> Option<PathBuf> {
    let named = env.get("OPENCLAW_BUNDLED_SKILLS_DIR").map(|dir| dir.trim()).filter(|dir| !dir.is_empty());
    if let Some(named) = named {
        return Some(PathBuf::from(named));
    }
    let on_path = std::env::split_paths(env.get("PATH")?).map(|dir| dir.join("openclaw"));
    let program = on_path.filter(|program| program.is_file()).find_map(|program| program.canonicalize().ok())?;
    let packages = program.ancestors().skip(1).take(4);
    let beside = packages.flat_map(|dir| [dir.to_owned(), dir.join("lib/node_modules/openclaw")]);
    beside.filter(|dir| dir.join("package.json").is_file()).map(|dir| dir.join("skills")).find(|dir| dir.is_dir())
}

/// Is the folders of the plugins that somebody installed.
fn plugins(places: &Places, settings: &Settings, env: &Env, cwd: &Path) -> Vec<PathBuf> {
    let mut places_of_plugins = vec![places.state_dir.join("extensions")];
    for agent in settings.agents() {
        places_of_plugins.push(workspace(places, settings, env, cwd, agent.id).join(".openclaw/extensions"));
    }
    let packages = places.state_dir.join("npm/node_modules");
    places_of_plugins.extend(children(&packages).into_iter().filter(|dir| name(dir).starts_with('@')));
    places_of_plugins.push(packages);
    let installed = places_of_plugins.iter().flat_map(|dir| children(dir)).filter(|dir| manifest(dir).is_some());
    let named = settings.list("plugins.load.paths").into_iter().map(|dir| places.resolve(dir, cwd));
    let named = named.map(|path| if path.is_file() { path.parent().unwrap_or(&path).to_owned() } else { path });
    let mut plugins: Vec<PathBuf> = installed.chain(named).filter(|dir| dir.is_dir()).collect();
    plugins.dedup();
    plugins
}

fn manifest(plugin: &Path) -> Option<Value> {
    let read = |file: &str| crate::store::look(&plugin.join(file)).ok().flatten();
    let own = read("openclaw.plugin.json").and_then(|read| serde_json::from_slice(&read.bytes).ok());
    own.or_else(|| {
        let package: Value = serde_json::from_slice(&read("package.json")?.bytes).ok()?;
        package.get("openclaw").cloned()
    })
}

fn plugin_skills(plugin: &Path) -> Vec<PathBuf> {
    let manifest = manifest(plugin);
    let named = strings(manifest.as_ref().and_then(|manifest| manifest.get("skills")));
    named.into_iter().map(|dir| plugin.join(dir.trim_start_matches("./"))).filter(|dir| dir.is_dir()).collect()
}

fn is_on_by_default(plugin: &Path, settings: &Settings) -> bool {
    let Some(manifest) = manifest(plugin) else {
        return false;
    };
    let id = manifest.get("id").and_then(Value::as_str).unwrap_or_default();
    let entry = settings.get("plugins.entries").and_then(|entries| entries.get(id)?.get("enabled"));
    match entry {
        Some(value) => *value == Value::Bool(true),
        None => manifest.get("enabledByDefault") == Some(&Value::Bool(true)) && !settings.is_false("plugins.enabled"),
    }
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().into_iter().flatten().flatten();
    let mut dirs: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.is_dir()).take(MOST_FOLDERS).collect();
    dirs.sort();
    dirs
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Is every skill below a root, and whether there was too much to look at.
pub(super) fn candidates(root: &Root, allowed: &[PathBuf]) -> (Vec<Candidate>, bool) {
    let Ok(real_root) = root.dir.canonicalize() else {
        return (Vec::new(), false);
    };
    let is_contained =
        !matches!(root.source, Source::Managed | Source::Personal | Source::PluginSkill | Source::Library);
    let mut found = Vec::new();
    let mut add = |dir: &Path, path: PathBuf| {
        let is_inside = path.starts_with(&real_root) || allowed.iter().any(|allowed| path.starts_with(allowed));
        found.push(Candidate { found_at: dir.to_owned(), path, is_outside: is_contained && !is_inside });
    };
    if root.source == Source::Plugin {
        add(&root.dir, real_root.clone());
        return (found, false);
    }
    let has_skill = |dir: &Path| dir.join("SKILL.md").symlink_metadata().is_ok();
    let is_flat = root.source == Source::Extra && name(&root.dir) != "skills";
    let mut seen = BTreeSet::new();
    let mut queue = std::collections::VecDeque::new();
    if has_skill(&root.dir) {
        add(&root.dir, real_root.clone());
        queue.push_back((root.dir.join("skills"), 0, DEPTH));
    } else {
        queue.push_back((root.dir.clone(), 0, if is_flat { EXTRA_DEPTH } else { DEPTH }));
    }
    while let Some((dir, depth, most)) = queue.pop_front() {
        if seen.len() >= MOST_FOLDERS {
            return (found, true);
        }
        for child in children(&dir) {
            let name = name(&child);
            if name.starts_with('.') || name == "node_modules" {
                continue;
            }
            let Ok(real) = child.canonicalize() else {
                continue;
            };
            if has_skill(&child) {
                add(&child, real);
            } else if seen.insert(real) {
                let is_nested = depth == 0 && name == "skills";
                let (depth, most) = if is_nested { (0, DEPTH) } else { (depth + 1, most) };
                if depth < most {
                    queue.push_back((child, depth, most));
                }
            }
        }
    }
    (found, false)
}

//! OpenClaw's versions: which one a config is for, and how an early one names what has another name today.
//!
//! Two shapes of config are held: that of 2026.9.6, and that of 2026.3.7, which reaches to 2026.7.35. Checks and controls know the
//! former alone. An early file is read to them under today's names ([`Shape::today`]); what they want to write goes back under the
//! names of its version ([`Shape::place`], [`Shape::edits`]). Which key became which says the catalogue of retired keys, read backwards;
//! whether an early version knows a key says its schema.

use super::retired::{Fate, Mapped, Retired};
use super::schema;
use crate::document::{Change, Edit, Path, Seg};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// An OpenClaw version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Year, month, and number within the month.
    release: [u32; 3],
    /// What follows, as in `-beta.1`; empty for most.
    suffix: String,
}

impl Version {
    /// The version that is planned for where nothing says otherwise.
    pub const CURRENT: Version = Version { release: [2026, 9, 6], suffix: String::new() };
    /// The version whose shape stands for all before the great break of 2026.8.1.
    pub const EARLY: Version = Version { release: [2026, 3, 7], suffix: String::new() };
    /// The first version that reads the shape of today.
    const BREAK: [u32; 3] = [2026, 8, 1];
    /// Its betas read that shape already, though later versions of the same month do not.
    const EARLY_BETAS: [u32; 3] = [2026, 7, 2];

    /// Reads a version as npm and OpenClaw write it: `2026.9.6`, `v2026.7.2-beta.1`; none if it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('v');
        let end = text.find(['-', '+']).unwrap_or(text.len());
        let (numbers, suffix) = text.split_at(end);
        let mut parts = numbers.split('.').map(str::parse::<u32>);
        let mut next = || parts.next()?.ok();
        let release = [next()?, next()?, next()?];
        let is_year = (2000..=9999).contains(&release[0]);
        let plain = suffix.len() <= 32 && suffix.bytes().all(|b| b.is_ascii_alphanumeric() || b"-+._".contains(&b));
        (parts.next().is_none() && is_year && plain).then(|| Version { release, suffix: suffix.to_owned() })
    }

    /// Is the shape of config that it reads.
    pub fn shape(&self) -> Shape {
        let is_new_beta = self.release == Self::EARLY_BETAS && self.suffix.starts_with("-beta");
        if self.release < Self::BREAK && !is_new_beta { Shape::Early } else { Shape::Current }
    }

    /// Whether it came after another one, as far as their numbers tell.
    pub fn is_after(&self, other: &Version) -> bool {
        self.release > other.release
    }
}

impl Default for Version {
    fn default() -> Self {
        Self::CURRENT
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [year, month, number] = self.release;
        write!(f, "{year}.{month}.{number}{}", self.suffix)
    }
}

/// The shape of config that a version reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Shape {
    /// That of 2026.3.7.
    Early,
    /// That of 2026.9.6.
    #[default]
    Current,
}

/// What can be put into a list of tools in an early version.
#[derive(Deserialize)]
struct EarlyTools {
    tools: Vec<String>,
    groups: BTreeMap<String, Vec<String>>,
}

static EARLY_TOOLS: LazyLock<EarlyTools> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../assets/tools-2026.3.7.json"))
        .unwrap_or(EarlyTools { tools: Vec::new(), groups: BTreeMap::new() })
});

/// Tools of today with the name that they had.
const RENAMED_TOOLS: [(&str, &str); 2] = [("automations", "cron"), ("view_image", "image")];

/// `tools.exec.mode` of today in the two keys that did its work: mode, security, ask.
const EXEC_MODES: [(&str, &str, &str); 4] = [
    ("deny", "deny", "always"),
    ("allowlist", "allowlist", "off"),
    ("ask", "allowlist", "on-miss"),
    ("full", "full", "off"),
];

impl Shape {
    /// Is the held version that stands for the shape.
    pub const fn held(self) -> Version {
        match self {
            Shape::Early => Version::EARLY,
            Shape::Current => Version::CURRENT,
        }
    }

    /// Is a value of a file under today's names; none where the version has those. What is no key of the version stays where it is.
    pub fn today(self, written: &Value) -> Option<Value> {
        if self == Shape::Current {
            return None;
        }
        let mut moves: Vec<Path> = Vec::new();
        for entry in moved() {
            for pattern in entry.everywhere() {
                expand(written, &pattern, &mut Vec::new(), &mut moves);
            }
        }
        let mut today = written.clone();
        for path in moves {
            let (Some(known), Some(value)) = (Retired::at(&path), path.of(&today).cloned()) else {
                continue;
            };
            let Some(target) = known.target().filter(|_| schema::knows(self, &path)) else {
                continue;
            };
            // A key that became an object of the same name may be that object already.
            if target.is_within(&path) && value.is_object() {
                continue;
            }
            let value = match known.mapped(&shown(&value)) {
                Mapped::Same => Some(value),
                Mapped::Becomes(new) => Some(serde_json::from_str(new).unwrap_or_else(|_| new.into())),
                Mapped::Nothing => None,
            };
            Edit::remove(&path).apply(&mut today);
            if let Some(value) = value
                && target.of(&today).is_none()
            {
                Edit::set(&target, value).apply(&mut today);
            }
        }
        Some(today)
    }

    /// Is where a setting of today stands, or would stand, in a file of the version.
    pub fn place(self, written: &Value, path: &Path) -> Path {
        if self == Shape::Current || path.of(written).is_some() {
            return path.clone();
        }
        let former = former(path).filter(|former| schema::knows(self, former));
        let former: Vec<Path> = former.collect();
        if let Some(present) = former.iter().find(|former| former.of(written).is_some()) {
            return present.clone();
        }
        if schema::knows(self, path) {
            return path.clone();
        }
        let as_exec = exec_security(path);
        former.into_iter().next().or(as_exec).unwrap_or_else(|| path.clone())
    }

    /// Is the edits of today's settings as edits of a file of the version, those of a tool that it lacks left out.
    ///
    /// What it has no key for stays as it is: the schema refuses it then.
    pub fn edits(self, written: &Value, edits: Vec<Edit>) -> Vec<Edit> {
        if self == Shape::Current {
            return edits;
        }
        let mut value = written.clone();
        let mut done = Vec::new();
        for edit in edits {
            for edit in self.edit(&value, edit) {
                edit.apply(&mut value);
                done.push(edit);
            }
        }
        done
    }

    fn edit(self, written: &Value, edit: Edit) -> Vec<Edit> {
        if let (Some(security), Change::Set(Value::String(mode))) = (exec_security(&edit.path), &edit.change)
            && let Some((_, level, ask)) = EXEC_MODES.iter().find(|(known, ..)| known == mode)
            && let Some(exec) = security.parent()
        {
            let mut both = vec![Edit::set(&security, *level)];
            if *level != "deny" {
                both.push(Edit::set(exec.key("ask"), *ask));
            }
            return both;
        }
        let path = self.place(written, &edit.path);
        let change = match edit.change {
            Change::Add(entry) if is_tool_list(&edit.path) => match early_tool(&entry) {
                Some(entry) => Change::Add(entry),
                None => return Vec::new(),
            },
            Change::Set(Value::Array(entries)) if is_tool_list(&edit.path) => {
                let had = path.of(written).and_then(Value::as_array).cloned().unwrap_or_default();
                let entries = entries.into_iter();
                let entries =
                    entries.filter_map(|entry| if had.contains(&entry) { Some(entry) } else { early_tool(&entry) });
                Change::Set(entries.collect())
            }
            Change::Set(value) if path != edit.path => match unmapped(&path, &value) {
                Some(value) => Change::Set(value),
                // Its old form cannot say it; the version reads the new one beside it, and first.
                None => return vec![Edit { path: edit.path, change: Change::Set(value) }],
            },
            change => change,
        };
        vec![Edit { path, change }]
    }
}

/// The keys that have another name today and no more to them.
fn moved() -> impl Iterator<Item = &'static Retired> {
    Retired::all().iter().filter(|entry| entry.fate == Fate::Moved && entry.is_plain())
}

/// Is every key that a setting of today had before.
fn former(path: &Path) -> impl Iterator<Item = Path> {
    moved().filter_map(move |entry| entry.former(path))
}

/// Is the value that an old key had for one of today; none where it had none.
fn unmapped(path: &Path, value: &Value) -> Option<Value> {
    let Some(known) = Retired::at(path) else { return Some(value.clone()) };
    known.unmapped(&shown(value)).map_or_else(
        || (!known.has_values()).then(|| value.clone()),
        |old| Some(serde_json::from_str(old).unwrap_or_else(|_| old.into())),
    )
}

/// Is a value as the catalogue writes it: JSON, a text without its quotes.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Is the key that did the work of a `tools.exec.mode`, if a path is one.
fn exec_security(path: &Path) -> Option<Path> {
    let is_mode = path.last_key() == Some("mode") && path.parent()?.last_key() == Some("exec");
    is_mode.then(|| path.parent().unwrap_or_default().key("security"))
}

fn is_tool_list(path: &Path) -> bool {
    let is_tools = |seg: &Seg| matches!(seg, Seg::Key(key) if key == "tools");
    matches!(path.last_key(), Some("allow" | "alsoAllow" | "deny")) && path.segs().iter().any(is_tools)
}

/// Is an entry of a list of tools as an early version has it; none for a tool of today alone. What is no tool of today's stays.
fn early_tool(entry: &Value) -> Option<Value> {
    let Some(name) = entry.as_str() else { return Some(entry.clone()) };
    let renamed = RENAMED_TOOLS.iter().find(|(today, _)| *today == name).map(|(_, early)| Value::from(*early));
    let is_known =
        |name: &str| EARLY_TOOLS.tools.iter().any(|tool| tool == name) || EARLY_TOOLS.groups.contains_key(name);
    let today = super::tools::catalogue();
    let is_of_today = today.is_tool(name) || today.groups.contains_key(name);
    renamed.or_else(|| (is_known(name) || !is_of_today).then(|| entry.clone()))
}

/// Collects the places of a value that a pattern with `*` and `[]` leads to.
fn expand(value: &Value, pattern: &[Seg], at: &mut Vec<Seg>, found: &mut Vec<Path>) {
    let Some((first, rest)) = pattern.split_first() else {
        found.push(at.iter().cloned().collect());
        return;
    };
    let mut enter = |seg: Seg, value: &Value| {
        at.push(seg);
        expand(value, rest, at, found);
        at.pop();
    };
    match (first, value) {
        (Seg::Key(key), Value::Object(map)) if key == "*" => {
            map.iter().for_each(|(key, value)| enter(Seg::Key(key.into()), value));
        }
        (Seg::Key(key), Value::Object(map)) => {
            if let Some(value) = map.get(key.as_str()) {
                enter(first.clone(), value);
            }
        }
        (Seg::Index(_), Value::Array(items)) => {
            items.iter().enumerate().for_each(|(n, value)| enter(Seg::Index(n), value));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn early(edits: Vec<Edit>, written: Value) -> Value {
        let mut value = written.clone();
        Shape::Early.edits(&written, edits).iter().for_each(|edit| edit.apply(&mut value));
        value
    }

    #[test]
    fn versions_are_read_as_they_are_written_and_nothing_else_is() {
        for text in ["2026.9.6", "2026.7.2-beta.1", "2026.7.1-1"] {
            assert_eq!(Version::parse(text).map(|version| version.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Version::parse(" v2026.3.7\n"), Some(Version::EARLY));
        for text in ["", "latest", "2026.9", "1.2.3", "2026.9.6.1", "2026.9.x", "2026.9.6-\u{1b}[31m"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_great_break_lies_before_2026_8_1_and_the_betas_of_2026_7_2() {
        for (version, shape) in [
            ("2026.1.29", Shape::Early),
            ("2026.3.7", Shape::Early),
            ("2026.7.2-beta.7", Shape::Current),
            ("2026.7.35", Shape::Early),
            ("2026.8.1-beta.1", Shape::Current),
            ("2026.8.1", Shape::Current),
            ("2027.1.1", Shape::Current),
        ] {
            assert_eq!(Version::parse(version).map(|version| version.shape()), Some(shape), "{version}");
        }
    }

    #[test]
    fn an_early_file_is_read_under_todays_names() {
        let written = json!({
            "gateway": {"nodes": {"denyCommands": ["camera.snap"]}, "token": "not a key of that version"},
            "channels": {"discord": {"dm": {"policy": "open"}, "accounts": {"two": {"dm": {"policy": "pairing"}}}}},
            "agents": {"list": [{"id": "a", "sandbox": {"perSession": true}}]},
        });
        let today = Shape::Early.today(&written).expect("an early file has other names");
        assert_eq!(
            today["gateway"],
            json!({"nodes": {"commands": {"deny": ["camera.snap"]}}, "token": "not a key of that version"})
        );
        assert_eq!(today["channels"]["discord"]["dmPolicy"], "open");
        assert_eq!(today["channels"]["discord"]["accounts"]["two"]["dmPolicy"], "pairing");
        assert_eq!(today["agents"]["list"][0]["sandbox"]["scope"], "session");
        assert_eq!(Shape::Current.today(&written), None);
    }

    #[test]
    fn the_name_of_today_wins_where_a_file_has_both() {
        let written = json!({"channels": {"slack": {"dmPolicy": "pairing", "dm": {"policy": "open"}}}});
        assert_eq!(Shape::Early.today(&written).expect("a view")["channels"]["slack"]["dmPolicy"], "pairing");
    }

    #[test]
    fn an_edit_goes_where_the_file_has_the_setting() {
        let two = || json!({"channels": {"discord": {"dm": {"policy": "open"}}}});
        let edited = early(vec![Edit::set("channels.discord.dmPolicy", "pairing")], two());
        assert_eq!(edited, json!({"channels": {"discord": {"dm": {"policy": "pairing"}}}}));
        let fresh = early(vec![Edit::set("channels.discord.dmPolicy", "pairing")], json!({}));
        assert_eq!(fresh["channels"]["discord"]["dmPolicy"], "pairing");
        let denied = early(vec![Edit::add("gateway.nodes.commands.deny", "camera.snap")], json!({}));
        assert_eq!(denied, json!({"gateway": {"nodes": {"denyCommands": ["camera.snap"]}}}));
    }

    #[test]
    fn a_value_is_written_in_the_form_that_the_version_has() {
        let exec = |mode: &str| early(vec![Edit::set("tools.exec.mode", mode)], json!({}))["tools"]["exec"].clone();
        assert_eq!(exec("deny"), json!({"security": "deny"}));
        assert_eq!(exec("ask"), json!({"security": "allowlist", "ask": "on-miss"}));
        let scope = |value: &str| {
            let written = json!({"agents": {"defaults": {"sandbox": {"perSession": false}}}});
            early(vec![Edit::set("agents.defaults.sandbox.scope", value)], written)["agents"]["defaults"]["sandbox"]
                .clone()
        };
        assert_eq!(scope("session"), json!({"perSession": true}));
        assert_eq!(scope("agent"), json!({"perSession": false, "scope": "agent"}));
    }

    #[test]
    fn a_list_of_tools_gets_no_tool_that_the_version_lacks() {
        let names = ["group:runtime", "gateway", "plugins", "automations", "my_plugin_tool"];
        let edits = names.map(|name| Edit::add("tools.deny", name)).to_vec();
        assert_eq!(
            early(edits, json!({}))["tools"]["deny"],
            json!(["group:runtime", "gateway", "cron", "my_plugin_tool"])
        );
        let set = early(
            vec![Edit::set("tools.deny", json!(["plugins", "terminal"]))],
            json!({"tools": {"deny": ["terminal"]}}),
        );
        assert_eq!(set["tools"]["deny"], json!(["terminal"]));
    }
}

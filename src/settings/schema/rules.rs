//! What OpenClaw demands beyond any schema: how settings go together, and what they refer to.
//!
//! One literal a rule, with a config that it refuses and one that it accepts. Where values of several places hang together,
//! the issue stands where OpenClaw's own does.

mod agents;
mod early;
mod gateway;
mod models;
mod plugins;
mod tools;

use super::load::Loaded;
use super::pattern::is_space;
use super::table::Table;
use super::{Issue, IssueKind, say};
use crate::document::{Path, member};
use crate::settings::{Facts, Shape};
use crate::text::Said;
use serde_json::{Map, Value};

/// A demand that no schema can say.
pub(super) struct Rule {
    /// Its name, `<area>.<what>`.
    pub name: &'static str,
    /// Finds where it is broken.
    find: fn(&Config, &mut Faults),
    /// A config that breaks it, as JSON.
    #[cfg(test)]
    pub refused: &'static str,
    /// The same config, mended.
    #[cfg(test)]
    pub accepted: &'static str,
}

macro_rules! rule {
    ($name:literal, $find:expr, refused: $refused:literal, accepted: $accepted:literal) => {
        $crate::settings::schema::rules::Rule {
            name: $name,
            find: $find,
            #[cfg(test)]
            refused: $refused,
            #[cfg(test)]
            accepted: $accepted,
        }
    };
}
use rule;

/// Is every rule of 2026.9.6.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    [agents::RULES, models::RULES, tools::RULES, gateway::RULES, plugins::RULES].into_iter().flatten()
}

/// Is every rule that the versions of a shape have.
fn of(shape: Shape) -> impl Iterator<Item = &'static Rule> {
    let early = shape == Shape::Early;
    let kept = all().filter(move |rule| !early || early::KEPT.contains(&rule.name));
    kept.chain(early::RULES.iter().filter(move |_| early))
}

/// Adds the issues of every rule that a config breaks.
pub(super) fn find(source: &Value, loaded: &Loaded, facts: &Facts, issues: &mut Vec<Issue>) {
    let shape = facts.openclaw.shape();
    let config = Config { source, value: &loaded.value, loaded, facts, table: Table::of(shape) };
    if loaded.broken_list.is_some() {
        // The rule says what is wrong in the list; that OpenClaw no longer knows the key helps nobody.
        let list = Path::from("agents.list");
        issues.retain(|issue| issue.kind != IssueKind::UnknownKey || issue.path != list);
    }
    for rule in of(shape) {
        let mut faults = Faults { rule: rule.name, issues };
        (rule.find)(&config, &mut faults);
    }
}

/// What rules look at.
struct Config<'c> {
    /// The config as written.
    source: &'c Value,
    /// The config as judged.
    value: &'c Value,
    loaded: &'c Loaded,
    facts: &'c Facts,
    /// What ships with the version.
    table: &'static Table,
}

/// Where faults go.
struct Faults<'f> {
    rule: &'static str,
    issues: &'f mut Vec<Issue>,
}

impl Faults<'_> {
    fn add(&mut self, path: Path, message: impl Into<Said>) -> &mut Issue {
        let at = self.issues.len();
        self.issues.push(say::broken(self.rule, path, message));
        &mut self.issues[at]
    }
}

impl<'c> Config<'c> {
    fn at(&self, pointer: &str) -> Option<&'c Value> {
        self.value.pointer(pointer)
    }

    fn map(&self, pointer: &str) -> Option<&'c Map<String, Value>> {
        self.at(pointer)?.as_object()
    }

    fn str(&self, pointer: &str) -> Option<&'c str> {
        self.at(pointer)?.as_str()
    }

    fn pairs(&self, pointer: &str) -> impl Iterator<Item = (&'c String, &'c Value)> {
        self.map(pointer).into_iter().flatten()
    }

    fn items(&self, pointer: &str) -> impl Iterator<Item = (usize, &'c Value)> {
        self.at(pointer).and_then(Value::as_array).into_iter().flatten().enumerate()
    }

    /// Is the agents, by id.
    fn agents(&self) -> impl Iterator<Item = (&'c String, &'c Value)> {
        self.pairs("/agents/entries").filter(|(_, entry)| entry.is_object())
    }

    /// Is the defaults of all agents and then the agents.
    fn agents_and_defaults(&self) -> impl Iterator<Item = (Whose<'c>, &'c Value)> {
        let entries = self.agents().map(|(id, entry)| (Whose::Agent(id), entry));
        let defaults = self.at("/agents/defaults").map(|defaults| (Whose::All, defaults));
        defaults.into_iter().chain(entries)
    }
}

/// Whose settings they are. Their place is spelled out only where something is wrong.
#[derive(Clone, Copy, PartialEq)]
enum Whose<'c> {
    /// Those of all agents.
    All,
    /// Those of the agent with this id.
    Agent(&'c str),
}

impl Whose<'_> {
    /// Is the place of an agent's entry, or of the defaults.
    fn path(self) -> Path {
        match self {
            Whose::All => Path::from("agents.defaults"),
            Whose::Agent(id) => Path::from("agents.entries").key(id),
        }
    }

    /// Is the place of its tools.
    fn tools(self) -> Path {
        match self {
            Whose::All => Path::from("tools"),
            Whose::Agent(_) => self.path().key("tools"),
        }
    }
}

/// Is the text at a name of an object.
fn text<'v>(value: &'v Value, name: &str) -> Option<&'v str> {
    member(value, name)?.as_str()
}

/// Whether a value is an array that holds something.
fn is_filled(value: Option<&Value>) -> bool {
    value.and_then(Value::as_array).is_some_and(|items| !items.is_empty())
}

/// Is a text without blanks around it, if something is left.
fn trimmed(text: &str) -> Option<&str> {
    Some(text.trim_matches(is_space)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::schema::validate;

    fn broken(config: &str, shape: Shape) -> Vec<Issue> {
        let value: Value = json5::from_str(config).unwrap_or_else(|error| panic!("{config}: {error}"));
        let facts = Facts {
            openclaw: shape.held(),
            home: Some("/home/u".into()),
            state_dir: Some("/home/u/.openclaw".into()),
            ..Facts::default()
        };
        validate(&value, &facts)
    }

    #[test]
    fn every_rule_refuses_its_one_example_for_itself_alone_and_accepts_the_other() {
        let own = all().map(|rule| (rule, Shape::Current));
        for (rule, shape) in own.chain(early::RULES.iter().map(|rule| (rule, Shape::Early))) {
            let issues = broken(rule.refused, shape);
            assert!(!issues.is_empty(), "{} finds nothing in {}", rule.name, rule.refused);
            for issue in issues {
                assert_eq!(issue.kind, IssueKind::Rule(rule.name), "{issue:?}");
            }
            assert_eq!(broken(rule.accepted, shape), [], "{} in {}", rule.name, rule.accepted);
        }
        for name in early::KEPT {
            assert!(all().any(|rule| rule.name == *name), "there is no rule {name}");
        }
    }

    #[test]
    fn no_two_rules_share_a_name() {
        let mut names: Vec<&str> = all().chain(early::RULES).map(|rule| rule.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}

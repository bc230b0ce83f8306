//! Whether OpenClaw accepts a config, and if not, what stands where: 2026.9.6 by every rule, an early version by its own schema.
//!
//! A config is judged as OpenClaw judges it: the value as it is after loading (`load`), against a stripped copy of OpenClaw's
//! own schema (`table`, `judge`, `pattern`, `forms`), then by the rules that no schema can say (`rules`). Paths lead to the
//! file's own text. Files are not looked at: whether a program or a folder exists is not part of the verdict.

mod forms;
mod judge;
mod load;
mod pattern;
mod rules;
mod say;
mod table;

pub use load::agent_id;

use crate::document::{Path, Seg};
use crate::settings::{Facts, Shape, Version};
use crate::text::Said;
use serde_json::Value;

/// One reason why OpenClaw refuses a config.
#[derive(Clone, Debug, PartialEq)]
pub struct Issue {
    /// The place, as the file has it: an unknown key itself, a missing key where it should stand.
    pub path: Path,
    /// The kind.
    pub kind: IssueKind,
    /// What is wrong, in one plain sentence.
    pub message: Said,
    /// The values that are allowed, where they can be listed.
    pub allowed: Vec<String>,
    /// The valid key (whole path) or value nearest to what is written.
    pub nearest: Option<String>,
}

/// What is wrong with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IssueKind {
    /// OpenClaw knows no such key.
    UnknownKey,
    /// A key that must be there is not.
    Missing,
    /// A text where a number is needed, and the like.
    WrongType,
    /// The type is right, the value is not.
    WrongValue,
    /// It breaks this rule.
    Rule(&'static str),
}

/// Is every reason why OpenClaw would refuse a config (includes merged); none if it accepts it.
///
/// Of the facts only the version, the environment and the folders of home and state are used. What plugins outside the package would
/// say is not known: where `plugins.load.paths` names some, channels and configs of plugins are not judged.
pub fn validate(source: &Value, facts: &Facts) -> Vec<Issue> {
    let loaded = load::Loaded::new(source, facts);
    let shape = facts.openclaw.shape();
    let mut issues = match shape {
        Shape::Current => judge::judge(&loaded.value, shape),
        // It reads the roster as it is written.
        Shape::Early => judge::judge(&load::with_variables(source, facts), shape),
    };
    if shape == Shape::Early && facts.openclaw.is_after(&Version::EARLY) {
        // What came between the held version and this one is known from what came of it.
        issues.retain(|issue| issue.kind != IssueKind::UnknownKey || !knows(Shape::Current, &issue.path));
    }
    rules::find(source, &loaded, facts, &mut issues);
    for issue in &mut issues {
        let path = loaded.in_file(std::mem::take(&mut issue.path));
        say::place(issue, path);
    }
    issues
}

/// Whether the versions of a shape have a key: the schema has a place for it.
pub fn knows(shape: Shape, path: &Path) -> bool {
    let place = match (shape, path.segs()) {
        (Shape::Current, [agents, Seg::Key(list), Seg::Index(_), rest @ ..]) if list == "list" => {
            let entry = [agents.clone(), Seg::Key("entries".into()), Seg::Key("*".into())];
            entry.into_iter().chain(rest.iter().cloned()).collect()
        }
        _ => path.segs().to_vec(),
    };
    judge::node_at(&place, shape).is_some()
}

/// Whether the value at a path may be a secret: the schema takes a reference to a secret there, or its name says so.
pub fn is_secret(path: &Path) -> bool {
    let keys = path.segs().iter().filter_map(|seg| match seg {
        Seg::Key(key) => Some(key.as_str()),
        Seg::Index(_) => None,
    });
    let keys: Vec<&str> = keys.collect();
    let last = keys.last().copied().unwrap_or_default();
    if has_secret_name(last) {
        return true;
    }
    // Values of these are passed on to other programs or hosts as they are.
    if let [.., parent, _] = keys[..]
        && matches!(parent, "env" | "headers" | "vars" | "edgeAuth")
    {
        return true;
    }
    let within_reference = matches!(last, "source" | "provider" | "id");
    !within_reference && takes_secret_ref(path)
}

fn has_secret_name(name: &str) -> bool {
    let name = name.to_lowercase();
    let plain =
        ["maxtokens", "contexttokens", "totaltokens", "tokencount", "tokenlimit", "tokenbudget", "passwordfile"];
    if plain.iter().any(|plain| name.ends_with(plain)) || name.starts_with("max") && name.ends_with("tokens") {
        return false;
    }
    let holds = |part: &str| name.replace(['_', '-', '.'], "").contains(part);
    name.ends_with("token")
        || ["password", "passphrase", "secret", "apikey", "encryptkey", "privatekey", "signingkey", "credential"]
            .into_iter()
            .any(holds)
        || name.ends_with("serviceaccount")
        || name.ends_with("serviceaccountref")
}

fn takes_secret_ref(path: &Path) -> bool {
    [Shape::Current, Shape::Early].into_iter().any(|shape| takes_reference(shape, path))
}

/// Whether the versions of a shape take a reference to a secret at a path.
pub fn takes_reference(shape: Shape, path: &Path) -> bool {
    fn holds(id: table::NodeId, shape: Shape) -> bool {
        let node = table::Table::of(shape).node(id);
        node.secret_ref || table::nodes(node.any_of).any(|id| holds(id, shape))
    }
    judge::node_at(path.segs(), shape)
        .is_some_and(|node| node.secret_ref || table::nodes(node.any_of).any(|id| holds(id, shape)))
}

/// Is the candidate nearest to a name, if one is near enough to be meant.
pub(crate) fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let name: Vec<char> = name.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect();
    let most = (name.len() / 3).clamp(1, 4);
    candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= most)
        .map(|candidate| (distance(&name, candidate), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Longest name that is compared.
const LONGEST: usize = 48;

/// Is the number of characters to add, drop, change or swap with the next to turn one text into another.
fn distance(a: &[char], b: &str) -> usize {
    if a.len() >= LONGEST || b.len() >= LONGEST {
        return usize::MAX;
    }
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let mut before = [0u8; LONGEST];
    let mut last: [u8; LONGEST] = std::array::from_fn(|j| j as u8);
    for i in 1..=a.len() {
        let mut row = [i as u8; LONGEST];
        let mut previous = None;
        for (j, c) in b.chars().map(lower).enumerate() {
            let changed = last[j] + u8::from(a[i - 1] != c);
            row[j + 1] = changed.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 1 && previous == Some(a[i - 1]) && a[i - 2] == c {
                row[j + 1] = row[j + 1].min(before[j - 1] + 1);
            }
            previous = Some(c);
        }
        (before, last) = (last, row);
    }
    last[b.chars().count()].into()
}

#[cfg(test)]
mod tests;

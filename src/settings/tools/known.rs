//! The tools that are known by name, and sets of them: what a list means is worked out once and not at each question.

use super::catalogue::{MCP_TOOL, PLUGIN_TOOL, catalogue};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

const WORDS: usize = 4;

/// Every built-in tool and those of the plugins that come with OpenClaw, by number. More than the sets hold would go without one.
static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let catalogue = catalogue();
    let names = catalogue.tools.iter().chain(catalogue.plugin_tools.values().flatten()).map(String::as_str);
    let mut known = Known { names: Vec::new(), numbers: HashMap::new() };
    for name in names.chain([PLUGIN_TOOL, MCP_TOOL]) {
        if known.names.len() < WORDS * 64 && !known.numbers.contains_key(name) {
            known.numbers.insert(name, known.names.len());
            known.names.push(name);
        }
    }
    known
});

struct Known {
    names: Vec<&'static str>,
    numbers: HashMap<&'static str, usize>,
}

/// A tool by its normal name.
pub(super) struct Tool<'n> {
    /// The name.
    pub name: Cow<'n, str>,
    number: Option<usize>,
}

impl<'n> Tool<'n> {
    /// Finds the tool that a name means.
    pub fn of(name: &'n str) -> Self {
        Self::named(catalogue().normal_name(name))
    }

    fn named(name: Cow<'n, str>) -> Self {
        Tool { number: KNOWN.numbers.get(name.as_ref()).copied(), name }
    }
}

/// A set of known tools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ToolSet([u64; WORDS]);

impl ToolSet {
    /// Is every known tool.
    pub(super) const ALL: ToolSet = ToolSet([u64::MAX; WORDS]);

    /// Is the known tools that a rule means.
    pub(super) fn matching(means: impl Fn(&str) -> bool) -> Self {
        let mut set = ToolSet::default();
        let meant = KNOWN.names.iter().enumerate().filter(|(_, name)| means(name));
        meant.for_each(|(number, _)| set.insert(number));
        set
    }

    /// Is one tool, by its normal name; nothing if it is not known.
    pub(super) fn one(name: &str) -> Self {
        let mut set = ToolSet::default();
        KNOWN.numbers.get(name).into_iter().for_each(|number| set.insert(*number));
        set
    }

    fn insert(&mut self, number: usize) {
        self.0[number / 64] |= 1 << (number % 64);
    }

    /// Whether a tool is in it; none where the tool is not known, and the set says nothing of it.
    pub(super) fn has(&self, tool: &Tool) -> Option<bool> {
        tool.number.map(|number| self.0[number / 64] >> (number % 64) & 1 == 1)
    }

    /// Whether a known tool is in it, by its normal name.
    pub fn contains(&self, name: &str) -> bool {
        self.has(&Tool::named(Cow::Borrowed(name))) == Some(true)
    }

    /// Is the tools that are in either.
    pub fn or(self, other: Self) -> Self {
        ToolSet(std::array::from_fn(|n| self.0[n] | other.0[n]))
    }

    /// Is the tools that are in both.
    pub(super) fn and(self, other: Self) -> Self {
        ToolSet(std::array::from_fn(|n| self.0[n] & other.0[n]))
    }

    /// Is the tools that are in this one alone.
    pub(super) fn without(self, other: Self) -> Self {
        ToolSet(std::array::from_fn(|n| self.0[n] & !other.0[n]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_of_the_catalogue_has_a_number_of_its_own() {
        let all = catalogue().tools.iter().chain(catalogue().plugin_tools.values().flatten());
        for name in all {
            assert!(ToolSet::one(name).contains(name), "{name}");
            assert_eq!(ToolSet::one(name), ToolSet::matching(|other| other == name), "{name}");
        }
        assert_eq!(ToolSet::one("no_such_tool"), ToolSet::default());
        assert_eq!(ToolSet::ALL.has(&Tool::of("no_such_tool")), None);
        assert_eq!(ToolSet::ALL.has(&Tool::of(" BASH ")), Some(true));
    }
}

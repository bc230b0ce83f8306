//! The stripped schema: a table of nodes, one a line, read where a config leads and nowhere else.
//!
//! `tests/schema/derive.mjs` makes it from an installed OpenClaw. A line holds fields set apart by tabs; the first character says
//! what a field is: `t` types (object, array, string, number, integer, boolean, z for null), `e` allowed values as JSON,
//! `p` named values, `x` no others, `m` any other name, `k` the names themselves, `r` required names, `l` items, `u` items by
//! position, `>` `<` `+` least, greatest, above, `L` `U` length, `A` `B` count of items, `C` `D` count of names, `q` no item
//! twice, `~` pattern, `I` pattern without regard to case, `f` named form, `w` trimmed first, `|` any of, `&` all of,
//! `-` none of, `?` if, then, `$` a reference to a secret. A line `!` allows nothing.

use crate::settings::Shape;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The place of a node in the table.
pub(super) type NodeId = usize;

/// The schema of one OpenClaw version.
pub(super) struct Table {
    text: &'static str,
    /// What the head says of a name.
    facts: HashMap<&'static str, Fact>,
    lines: Vec<u32>,
    /// The nodes that a config has led to: thousands of its values may be judged by the same few.
    nodes: Vec<OnceLock<Box<Node>>>,
    root: NodeId,
}

/// A text of the head; mostly a list, its members set apart by commas.
struct Fact {
    text: &'static str,
    /// The members, once one is looked for.
    members: OnceLock<HashSet<&'static str>>,
}

/// What a value must be. Absent fields demand nothing.
#[derive(Default)]
pub(super) struct Node {
    pub types: &'static str,
    pub allowed: Option<&'static str>,
    names: &'static str,
    /// The named values, in alphabetic order.
    named: Vec<(&'static str, NodeId)>,
    pub closed: bool,
    pub others: Option<NodeId>,
    pub key: Option<NodeId>,
    pub required: &'static str,
    pub items: Option<NodeId>,
    pub by_position: &'static str,
    pub least: Option<f64>,
    pub greatest: Option<f64>,
    pub above: Option<f64>,
    pub shortest: Option<usize>,
    pub longest: Option<usize>,
    pub fewest_items: Option<usize>,
    pub most_items: Option<usize>,
    pub fewest_names: Option<usize>,
    pub most_names: Option<usize>,
    pub distinct: bool,
    pub pattern: Option<&'static str>,
    pub any_case: bool,
    pub form: Option<&'static str>,
    pub trimmed: bool,
    pub any_of: &'static str,
    pub all_of: &'static str,
    pub not: Option<NodeId>,
    pub if_then: &'static str,
    pub secret_ref: bool,
    pub nothing: bool,
}

impl Table {
    /// Is the table of a shape, made ready at first use.
    pub(super) fn of(shape: Shape) -> &'static Table {
        static CURRENT: OnceLock<Table> = OnceLock::new();
        static EARLY: OnceLock<Table> = OnceLock::new();
        match shape {
            Shape::Current => CURRENT.get_or_init(|| Table::new(include_str!("../../../assets/schema/2026.9.6.txt"))),
            Shape::Early => EARLY.get_or_init(|| Table::new(include_str!("../../../assets/schema/2026.3.7.txt"))),
        }
    }

    fn new(text: &'static str) -> Table {
        let (head, text) = text.split_once("\n\n").unwrap_or((text, ""));
        let starts = text.match_indices('\n').map(|(at, _)| at as u32 + 1);
        let lines: Vec<u32> = std::iter::once(0).chain(starts).collect();
        let nodes = lines.iter().map(|_| OnceLock::new()).collect();
        let facts = head.lines().filter_map(|line| line.split_once(' '));
        let facts: HashMap<_, _> = facts.map(|(name, text)| (name, Fact { text, members: OnceLock::new() })).collect();
        let root = facts.get("root").and_then(|fact| fact.text.parse().ok()).unwrap_or_default();
        Table { text, facts, lines, nodes, root }
    }

    /// Is the node of a whole config.
    pub(super) fn root(&self) -> NodeId {
        self.root
    }

    /// Is the members of a list in the head.
    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = &'static str> {
        members(self.facts.get(name).map_or("", |fact| fact.text))
    }

    /// Whether a list in the head has a member.
    pub(super) fn lists(&self, name: &str, member: &str) -> bool {
        let set = |fact: &Fact| members(fact.text).collect();
        self.facts.get(name).is_some_and(|fact| fact.members.get_or_init(|| set(fact)).contains(member))
    }

    /// Is a node; one that demands nothing where there is no such line.
    pub(super) fn node(&self, id: NodeId) -> &Node {
        // The last line is empty.
        let id = id.min(self.nodes.len() - 1);
        self.nodes[id].get_or_init(|| Box::new(self.read(id)))
    }

    fn read(&self, id: NodeId) -> Node {
        let start = self.lines.get(id).map_or(self.text.len(), |at| *at as usize);
        let line = self.text[start..].split('\n').next().unwrap_or("");
        let mut node = Node::default();
        for field in line.split('\t').filter(|field| !field.is_empty()) {
            let (kind, rest) = field.split_at(1);
            match kind {
                "t" => node.types = rest,
                "e" => node.allowed = Some(rest),
                "p" => (node.names, node.named) = (rest, named_pairs(rest)),
                "x" => node.closed = true,
                "m" => node.others = rest.parse().ok(),
                "k" => node.key = rest.parse().ok(),
                "r" => node.required = rest,
                "l" => node.items = rest.parse().ok(),
                "u" => node.by_position = rest,
                ">" => node.least = rest.parse().ok(),
                "<" => node.greatest = rest.parse().ok(),
                "+" => node.above = rest.parse().ok(),
                "L" => node.shortest = rest.parse().ok(),
                "U" => node.longest = rest.parse().ok(),
                "A" => node.fewest_items = rest.parse().ok(),
                "B" => node.most_items = rest.parse().ok(),
                "C" => node.fewest_names = rest.parse().ok(),
                "D" => node.most_names = rest.parse().ok(),
                "q" => node.distinct = true,
                "~" => node.pattern = Some(rest),
                "I" => (node.pattern, node.any_case) = (Some(rest), true),
                "f" => node.form = Some(rest),
                "w" => node.trimmed = true,
                "|" => node.any_of = rest,
                "&" => node.all_of = rest,
                "-" => node.not = rest.parse().ok(),
                "?" => node.if_then = rest,
                "$" => node.secret_ref = true,
                "!" => node.nothing = true,
                _ => {}
            }
        }
        node
    }
}

impl Node {
    /// Is the node of a named value.
    pub(super) fn named(&self, name: &str) -> Option<NodeId> {
        let at = self.named.binary_search_by_key(&name, |(known, _)| known).ok()?;
        Some(self.named[at].1)
    }

    /// Is every name, in the order of the schema.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        members(self.names).filter_map(|pair| Some(pair.split_once('=')?.0))
    }
}

fn named_pairs(list: &'static str) -> Vec<(&'static str, NodeId)> {
    let pairs = members(list).filter_map(|pair| pair.split_once('='));
    let mut pairs: Vec<_> = pairs.filter_map(|(name, id)| Some((name, id.parse().ok()?))).collect();
    pairs.sort_unstable();
    pairs
}

/// Is the members of a list.
pub(super) fn members(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(',').filter(|member| !member.is_empty())
}

/// Is the nodes of a list.
pub(super) fn nodes(list: &'static str) -> impl Iterator<Item = NodeId> {
    members(list).filter_map(|id| id.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_lead_from_the_root_to_every_line_they_name() {
        for shape in [Shape::Early, Shape::Current] {
            is_whole(Table::of(shape));
        }
    }

    fn is_whole(table: &Table) {
        let mut seen = vec![false; table.lines.len()];
        let mut open = vec![table.root()];
        while let Some(id) = open.pop() {
            assert!(id < table.lines.len() - 1, "no line {id}");
            if std::mem::replace(&mut seen[id], true) {
                continue;
            }
            let node = table.node(id);
            open.extend(node.named.iter().map(|(_, id)| *id));
            open.extend([node.others, node.key, node.items, node.not].into_iter().flatten());
            for list in [node.by_position, node.any_of, node.all_of, node.if_then] {
                open.extend(nodes(list));
            }
            if let Some(allowed) = node.allowed {
                let allowed: Vec<serde_json::Value> = serde_json::from_str(allowed).expect("a list of values");
                let plain = allowed.iter().all(|value| !value.to_string().contains([',', '\\', '[', ']']));
                assert!(!allowed.is_empty() && plain, "{allowed:?} cannot be looked through as text");
            }
        }
        let unused = seen.iter().filter(|seen| !**seen).count();
        // The last line is empty; the two forms of reference ids replace a plain string.
        assert!(unused <= 3, "{unused} lines are never reached");
    }

    #[test]
    fn the_head_tells_the_version_and_what_ships_with_it() {
        for shape in [Shape::Early, Shape::Current] {
            let table = Table::of(shape);
            assert!(table.lists("openclaw", &shape.held().to_string()));
            assert!(table.list("channels").any(|channel| channel == "telegram"));
            assert!(table.lists("channels", "telegram") && !table.lists("channels", "telegra"));
            assert_eq!(table.list("no such list").count(), 0);
        }
    }
}

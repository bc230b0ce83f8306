//! Judges a value against the table: visits what the file has, and no more.

use super::forms::Form;
use super::pattern::{is_space, matches};
use super::table::{Node, NodeId, Table, members, nodes};
use super::{Issue, say};
use crate::document::{Path, Seg};
use crate::settings::Shape;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A place on the way from the root, without a copy of its keys.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Root,
    Key(&'a At<'a>, &'a str),
    Index(&'a At<'a>, usize),
}

impl At<'_> {
    fn path(&self) -> Path {
        match self {
            At::Root => Path::root(),
            At::Key(parent, key) => parent.path().key(*key),
            At::Index(parent, index) => parent.path().index(*index),
        }
    }

    fn is_plugin_entries(&self) -> bool {
        matches!(self, At::Key(At::Key(At::Root, "plugins"), "entries"))
    }

    /// Whether a plugin judges what stands here.
    fn belongs_to_plugin(&self) -> bool {
        match self {
            At::Key(At::Key(At::Root, "channels"), channel) => !matches!(*channel, "defaults" | "modelByChannel"),
            At::Key(At::Key(entries, _), "config") => entries.is_plugin_entries(),
            _ => false,
        }
    }
}

/// Judges a whole config. What belongs to plugins is left out where some of them are not known.
pub(super) fn judge(value: &Value, shape: Shape) -> Vec<Issue> {
    let table = Table::of(shape);
    let paths = value.pointer("/plugins/load/paths").and_then(Value::as_array);
    let mut judge =
        Judge { table, some_plugins_unknown: paths.is_some_and(|paths| !paths.is_empty()), issues: Vec::new() };
    judge.judge(table.root(), value, &At::Root);
    judge.issues
}

/// Is the node that judges the value at a path, if the schema has one for it alone.
pub(super) fn node_at(path: &[Seg], shape: Shape) -> Option<&'static Node> {
    let table = Table::of(shape);
    fn find(table: &'static Table, id: NodeId, path: &[Seg]) -> Option<&'static Node> {
        let node = table.node(id);
        let Some((seg, rest)) = path.split_first() else {
            return Some(node);
        };
        let next = match seg {
            Seg::Key(key) => node.named(key).or(node.others),
            Seg::Index(_) => node.items,
        };
        match next {
            Some(id) => find(table, id, rest),
            None => nodes(node.any_of).find_map(|id| find(table, id, path)),
        }
    }
    find(table, table.root(), path)
}

struct Judge {
    table: &'static Table,
    some_plugins_unknown: bool,
    issues: Vec<Issue>,
}

impl Judge {
    fn judge(&mut self, id: NodeId, value: &Value, at: &At) {
        let node = self.table.node(id);
        self.value(node, value, at);
    }

    /// Whether a value has no issue at a node.
    fn fits(&self, id: NodeId, value: &Value) -> bool {
        self.issues_of(id, value, &At::Root).is_empty()
    }

    fn issues_of(&self, id: NodeId, value: &Value, at: &At) -> Vec<Issue> {
        let mut judge = Judge { issues: Vec::new(), ..*self };
        judge.judge(id, value, at);
        judge.issues
    }

    fn value(&mut self, node: &Node, value: &Value, at: &At) {
        if node.nothing {
            self.issues.push(say::unknown_key(at.path(), None));
            return;
        }
        if let Some(allowed) = node.allowed {
            if !is_listed(allowed, value) {
                let allowed: Vec<Value> = serde_json::from_str(allowed).unwrap_or_default();
                self.issues.push(say::not_allowed(at.path(), value, &allowed));
            }
            return;
        }
        if !node.types.is_empty() && !node.types.chars().any(|kind| is_of(kind, value)) {
            self.issues.push(say::wrong_type(at.path(), node.types, value));
            return;
        }
        match value {
            Value::Object(map) => self.object(node, map, at),
            Value::Array(items) => self.array(node, items, at),
            Value::String(text) => self.text(node, text, at),
            Value::Number(number) => self.number(node, number.as_f64().unwrap_or_default(), at),
            _ => {}
        }
        if let Some(form) = node.form.and_then(Form::named)
            && !form.fits(value, node.trimmed)
        {
            self.issues.push(say::wrong_form(at.path(), value, form));
        }
        for id in nodes(node.all_of) {
            self.judge(id, value, at);
        }
        if !node.any_of.is_empty() {
            self.any_of(node.any_of, value, at);
        }
        let mut condition = nodes(node.if_then);
        let broken = match (condition.next(), condition.next()) {
            (Some(if_this), Some(then)) => self.fits(if_this, value) && !self.fits(then, value),
            _ => node.not.is_some_and(|not| self.fits(not, value)),
        };
        if broken {
            self.issues.push(say::contradiction(at.path()));
        }
    }

    fn object(&mut self, node: &Node, map: &Map<String, Value>, at: &At) {
        for (key, value) in map {
            let place = At::Key(at, key);
            if self.some_plugins_unknown && place.belongs_to_plugin() {
                continue;
            }
            let name = if at.is_plugin_entries() { &plugin_id(key) } else { key };
            if let Some(id) = node.named(name) {
                self.judge(id, value, &place);
                continue;
            }
            if node.key.is_some_and(|id| !self.fits(id, &Value::String(key.clone()))) {
                self.issues.push(say::wrong_key(place.path()));
            } else if let Some(id) = node.others {
                self.judge(id, value, &place);
            } else if node.closed {
                let nearest = super::nearest(key, node.names());
                self.issues.push(say::unknown_key(place.path(), nearest));
            }
        }
        for name in members(node.required).filter(|name| !map.contains_key(*name)) {
            self.issues.push(say::missing(At::Key(at, name).path()));
        }
        self.count(map.len(), node.fewest_names, node.most_names, at);
    }

    fn array(&mut self, node: &Node, items: &[Value], at: &At) {
        for (index, item) in items.iter().enumerate() {
            let by_position = nodes(node.by_position).nth(index);
            if let Some(id) = by_position.or(node.items) {
                self.judge(id, item, &At::Index(at, index));
            }
        }
        self.count(items.len(), node.fewest_items, node.most_items, at);
        if node.distinct && items.iter().enumerate().any(|(n, item)| items[..n].contains(item)) {
            self.issues.push(say::contradiction(at.path()));
        }
    }

    fn count(&mut self, count: usize, least: Option<usize>, most: Option<usize>, at: &At) {
        if least.is_some_and(|least| count < least) || most.is_some_and(|most| count > most) {
            self.issues.push(say::wrong_count(at.path(), count, least, most));
        }
    }

    fn text(&mut self, node: &Node, text: &str, at: &At) {
        let text = if node.trimmed { Cow::from(text.trim_matches(is_space)) } else { Cow::from(text) };
        if node.shortest.is_some() || node.longest.is_some() {
            let length = text.encode_utf16().count();
            if node.shortest.is_some_and(|shortest| length < shortest)
                || node.longest.is_some_and(|longest| length > longest)
            {
                self.issues.push(say::wrong_length(at.path(), length, node.shortest, node.longest));
                return;
            }
        }
        if let Some(pattern) = node.pattern
            && !matches(pattern, &text, node.any_case)
        {
            self.issues.push(say::wrong_pattern(at.path(), &Value::from(&*text), pattern));
        }
    }

    fn number(&mut self, node: &Node, number: f64, at: &At) {
        let low = node.least.is_some_and(|least| number < least) || node.above.is_some_and(|above| number <= above);
        if low || node.greatest.is_some_and(|greatest| number > greatest) {
            self.issues.push(say::out_of_range(at.path(), number, node));
        }
    }

    /// One of several shapes must fit. If none does, the one that the value most looks like says what is wrong.
    fn any_of(&mut self, branches: &'static str, value: &Value, at: &At) {
        let mut best: Option<(usize, Vec<Issue>)> = None;
        let (mut types, mut allowed) = (String::new(), Vec::new());
        let mut near = 0;
        for id in nodes(branches) {
            let issues = self.issues_of(id, value, at);
            if issues.is_empty() {
                return;
            }
            let node = self.table.node(id);
            if let Some(values) = node.allowed {
                allowed.extend(serde_json::from_str::<Vec<Value>>(values).unwrap_or_default());
            }
            types.push_str(node.types);
            let looks_like = self.looks_like(node, value);
            near += usize::from(looks_like < 2);
            let rank = looks_like * 1000 + issues.len();
            if best.as_ref().is_none_or(|(known, _)| rank < *known) {
                best = Some((rank, issues));
            }
        }
        match best {
            Some((rank, issues)) if near > 0 && rank < 2000 => self.issues.extend(issues),
            _ if types.is_empty() => self.issues.push(say::not_allowed(at.path(), value, &allowed)),
            _ => self.issues.push(say::wrong_type_or_value(at.path(), &types, &allowed, value)),
        }
    }

    /// How far a value is from a shape: 0 it bears the shape's mark, 1 it is of its type, 2 it is something else.
    fn looks_like(&self, node: &Node, value: &Value) -> usize {
        if !node.any_of.is_empty() {
            return nodes(node.any_of).map(|id| self.looks_like(self.table.node(id), value)).min().unwrap_or(2);
        }
        if node.types.is_empty() || !node.types.chars().any(|kind| is_of(kind, value)) {
            return 2;
        }
        let marked = value.as_object().is_some_and(|map| {
            ["source", "type", "mode", "kind"].into_iter().any(|mark| {
                let (Some(id), Some(value)) = (node.named(mark), map.get(mark)) else {
                    return false;
                };
                self.table.node(id).allowed.is_some() && self.fits(id, value)
            })
        });
        usize::from(!marked)
    }
}

/// Whether a value is in a list of allowed ones. No value of the schema holds a comma.
fn is_listed(allowed: &str, value: &Value) -> bool {
    let mut members = allowed.trim_matches(['[', ']']).split(',');
    match value {
        Value::String(text) => members.any(|member| {
            let member = member.strip_prefix('"').and_then(|member| member.strip_suffix('"'));
            member == Some(text.as_str())
        }),
        Value::Number(number) => members.any(|member| member.parse().ok() == number.as_f64()),
        Value::Bool(_) => members.any(|member| member.parse().ok() == value.as_bool()),
        Value::Null => members.any(|member| member == "null"),
        _ => false,
    }
}

/// Is a plugin's id as OpenClaw looks it up.
pub(super) fn plugin_id(id: &str) -> String {
    let id = id.trim_matches(is_space).to_lowercase();
    match id.as_str() {
        "google-gemini-cli" => "google".into(),
        "minimax-portal" | "minimax-portal-auth" => "minimax".into(),
        _ => id,
    }
}

fn is_of(kind: char, value: &Value) -> bool {
    match kind {
        'o' => value.is_object(),
        'a' => value.is_array(),
        's' => value.is_string(),
        'n' => value.is_number(),
        'b' => value.is_boolean(),
        'z' => value.is_null(),
        'i' => value.as_f64().is_some_and(|number| number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_991.0),
        _ => false,
    }
}

//! Edits as splices: what differs between a document and the wanted value, as replacements of byte ranges.

use super::Document;
use super::align::align;
use super::identifier::is_space;
use super::parse::{Item, Node, Shape};
use super::style::{Look, Style, breaks, is_flat, width};
use serde_json::Value;
use std::ops::Range;

/// Is the text of a document with what differs from `wanted` replaced.
pub(super) fn rewrite(doc: &Document, wanted: &Value) -> String {
    let mut splicer = Splicer { doc, style: doc.style.get_or_init(|| Style::of(doc)), splices: Vec::new() };
    let place = Place { start: doc.root.range.start, look: Look::Free };
    splicer.change(&doc.root, place, &doc.value, wanted);
    splicer.finish()
}

/// Whether two values mean the same to OpenClaw. JavaScript knows one kind of number, and key order means nothing.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// Whether a value is a text that would read as another value without its quotes.
pub fn is_ambiguous(value: &Value) -> bool {
    value.as_str().is_some_and(|text| serde_json::from_str::<Value>(text).is_ok())
}

/// Where a value stands.
#[derive(Clone, Copy)]
struct Place {
    /// Where its item begins: the key, or the value itself.
    start: usize,
    /// How a new container there shall lie.
    look: Look,
}

/// What becomes of an item.
enum Fate<'v> {
    Stays,
    Goes,
    /// Another takes its place, comma and all.
    Becomes(Fresh<'v>),
}

/// An item to write.
#[derive(Clone, Copy)]
struct Fresh<'v> {
    key: Option<&'v str>,
    value: &'v Value,
}

struct Splicer<'d> {
    doc: &'d Document,
    style: &'d Style,
    splices: Vec<(Range<usize>, String)>,
}

impl<'d> Splicer<'d> {
    fn finish(mut self) -> String {
        // Stable, so that what goes to one place keeps its order; a deletion that begins there comes after it.
        self.splices.sort_by_key(|(range, _)| (range.start, !range.is_empty()));
        let text = &self.doc.text;
        let mut out = String::with_capacity(text.len() + 256);
        let mut done = 0;
        for (range, new) in &self.splices {
            out.push_str(&text[done..range.start]);
            out.push_str(new);
            done = range.end;
        }
        out.push_str(&text[done..]);
        out
    }

    fn splice(&mut self, range: Range<usize>, new: impl Into<String>) {
        self.splices.push((range, new.into()));
    }

    fn change(&mut self, node: &'d Node, place: Place, old: &Value, new: &Value) {
        if same(old, new) {
            return;
        }
        match (old, new) {
            (Value::Object(old), Value::Object(new)) if self.is_walked(node) => {
                let fates = node.items.iter().map(|item| match &item.key {
                    Some(key) if !new.contains_key(&key.name) => Fate::Goes,
                    _ => Fate::Stays,
                });
                let mut fates: Vec<Fate> = fates.collect();
                for (n, item) in node.items.iter().enumerate() {
                    if let (Some(key), false) = (&item.key, item.shadowed)
                        && let (Some(old), Some(new)) = (old.get(&key.name), new.get(&key.name))
                    {
                        self.change_item(node, n, old, new);
                    }
                }
                let mut fresh: Vec<Fresh> = new
                    .iter()
                    .filter(|(key, _)| !old.contains_key(*key))
                    .map(|(key, value)| Fresh { key: Some(key), value })
                    .collect();
                // Nobody stays to stand behind, so the first one takes over a place.
                if !fresh.is_empty() && fates.iter().all(|fate| matches!(fate, Fate::Goes)) && !fates.is_empty() {
                    fates[0] = Fate::Becomes(fresh.remove(0));
                }
                let mut inserts: Vec<Vec<Fresh>> = fates.iter().map(|_| Vec::new()).collect();
                inserts.push(fresh);
                self.refill(node, &fates, &inserts);
            }
            (Value::Array(old), Value::Array(new)) if self.is_walked(node) => {
                let mut fates: Vec<Fate> = old.iter().map(|_| Fate::Goes).collect();
                let mut inserts: Vec<Vec<Fresh>> = vec![Vec::new(); old.len() + 1];
                let mut done = 0;
                let fresh = |range: Range<usize>| new[range].iter().map(|value| Fresh { key: None, value });
                for (o, n) in align(old, new) {
                    self.change_item(node, o, &old[o], &new[n]);
                    fates[o] = Fate::Stays;
                    inserts[o].extend(fresh(done..n));
                    done = n + 1;
                }
                inserts[old.len()].extend(fresh(done..new.len()));
                self.refill(node, &fates, &inserts);
            }
            _ => self.replace(node, place, new),
        }
    }

    /// Whether a container has anything in it that is worth keeping.
    fn is_walked(&self, node: &Node) -> bool {
        !node.items.is_empty() || !self.doc.comments_in(&node.range).is_empty()
    }

    fn change_item(&mut self, parent: &'d Node, n: usize, old: &Value, new: &Value) {
        if same(old, new) {
            return;
        }
        let item = &parent.items[n];
        let place = Place {
            start: item.start(),
            look: if self.doc.starts_line(item.start()) { self.look(parent, new) } else { Look::Flat },
        };
        self.change(&item.node, place, old, new);
    }

    /// Is how a new value on its own line lies: as its siblings of the same kind.
    fn look(&self, parent: &Node, value: &Value) -> Look {
        let shape = match value {
            Value::Object(_) => Shape::Object,
            Value::Array(_) => Shape::Array,
            _ => return Look::Free,
        };
        let kin = |item: &&Item| item.node.shape == shape && !item.node.items.is_empty();
        match parent.items.iter().rev().find(kin) {
            Some(kin) if is_flat(self.doc, &kin.node) => Look::Fit,
            Some(_) if shape == Shape::Array && parent.shape == Shape::Object => Look::Free,
            Some(_) => Look::Open,
            None => Look::Free,
        }
    }

    /// Puts a new value in the place of a whole one. Comments inside the old one move above it.
    fn replace(&mut self, node: &'d Node, place: Place, new: &Value) {
        let indent = self.doc.indent(place.start);
        let column = width(indent) + self.doc.text[place.start..node.range.start].chars().count();
        // An empty container that lies open stays so.
        let look = match self.doc.text[node.range.clone()].as_bytes() {
            [b'{' | b'[', .., b'}' | b']'] if node.items.is_empty() && breaks(&self.doc.text[node.range.clone()]) => {
                Look::Open
            }
            _ => place.look,
        };
        let new = self.style.value(new, indent, column, look);
        if self.doc.comments_in(&node.range).is_empty() {
            self.splice(node.range.clone(), new);
            return;
        }
        let range = place.start..node.range.end;
        let (mut text, gap) = self.carried(&range, place.start);
        text.push_str(&gap);
        let comments = self.doc.comments_in(&(place.start..node.range.start));
        if comments.is_empty() {
            text.push_str(&self.doc.text[place.start..node.range.start]);
        } else {
            text.push_str(self.doc.text[place.start..comments[0].start].trim_end_matches(is_space));
            if !text.ends_with(':') {
                text.push(':');
            }
            text.push(' ');
        }
        self.splice(range, text + &new);
    }

    /// Drops, keeps and adds the items of a container. `inserts[n]` goes before item `n`.
    fn refill(&mut self, node: &'d Node, fates: &[Fate], inserts: &[Vec<Fresh>]) {
        let items = &node.items;
        let trailing = items.last().is_some_and(|item| item.comma.is_some());
        let last_kept = fates.iter().rposition(|fate| !matches!(fate, Fate::Goes));
        let last_insert = inserts.iter().rposition(|fresh| !fresh.is_empty());
        if items.is_empty() {
            self.fill_empty(node, &inserts[0]);
            return;
        }
        if last_kept.is_none() && last_insert.is_none() && self.doc.comments_in(&node.range).is_empty() {
            self.splice(node.range.start + 1..node.range.end - 1, "");
            return;
        }
        let mut gone: Vec<Range<usize>> = Vec::new();
        let mut anchor: Option<&Item> = None;
        for n in 0..=items.len() {
            let is_end = last_insert == Some(n) && last_kept.is_none_or(|kept| kept < n);
            if !inserts[n].is_empty() {
                self.insert(node, anchor, &items[n..], fates, &inserts[n], !is_end || trailing);
            }
            let Some(item) = items.get(n) else { break };
            let behind = item.comma.map_or(item.end(), |comma| comma + 1);
            if let Fate::Goes = fates[n] {
                gone.push(item.start()..behind);
                continue;
            }
            if let Fate::Becomes(fresh) = &fates[n] {
                let indent = self.doc.indent(item.start());
                let own = self.doc.starts_line(item.start());
                let text = self.written(node, std::slice::from_ref(fresh), indent, own).concat();
                let (carried, gap) = self.carried(&(item.start()..item.end()), item.start());
                self.splice(item.start()..item.end(), carried + &gap + &text);
            }
            anchor = Some(item);
            let is_last = last_kept == Some(n) && last_insert.is_none_or(|insert| insert <= n);
            match item.comma {
                None if !is_last || trailing => self.splice(item.end()..item.end(), ","),
                Some(comma) if is_last && !trailing => gone.push(comma..comma + 1),
                _ => {}
            }
        }
        self.erase_all(node, gone);
    }

    /// Adds items behind `anchor`, or at the beginning; `rest` is what stood behind.
    fn insert(
        &mut self,
        node: &'d Node,
        anchor: Option<&Item>,
        rest: &[Item],
        fates: &[Fate],
        fresh: &[Fresh],
        comma: bool,
    ) {
        let doc = self.doc;
        let kept = rest
            .iter()
            .zip(&fates[node.items.len() - rest.len()..])
            .find(|(_, fate)| !matches!(fate, Fate::Goes))
            .map(|(item, _)| item);
        let model = anchor.or(kept).map_or(node.range.start, Item::start);
        let behind = match anchor {
            Some(item) => item.comma.map_or(item.end(), |comma| comma + 1),
            None => node.range.start + 1,
        };
        let (line_end, next) = doc.rest_of_line(behind);
        let own = doc.starts_line(model);
        let indent = doc.indent(model);
        let written: Vec<String> = self.written(node, fresh, indent, own);
        let eol = self.style.eol;
        let at_break = matches!(next, None | Some('\n' | '\r'));
        let mut text = String::new();
        match (anchor, own) {
            (_, true) if at_break || anchor.is_some() && matches!(next, Some('}' | ']')) => {
                for (n, written) in written.iter().enumerate() {
                    let comma = if comma || n + 1 < fresh.len() { "," } else { "" };
                    text.push_str(&format!("{eol}{indent}{written}{comma}"));
                }
                self.splice(line_end..line_end, text);
            }
            (Some(_), _) => {
                let gap = self.gap(node);
                for (n, written) in written.iter().enumerate() {
                    let comma = if comma || n + 1 < fresh.len() { "," } else { "" };
                    text.push_str(&format!("{gap}{written}{comma}"));
                }
                self.splice(behind..behind, text);
            }
            (None, _) => {
                let gap = if own { format!("{eol}{indent}") } else { self.gap(node) };
                for written in &written {
                    text.push_str(&format!("{written},{gap}"));
                }
                let at = kept.map_or(behind, Item::start);
                self.splice(at..at, text);
            }
        }
    }

    /// Is what stands behind a comma between items on one line.
    fn gap(&self, node: &Node) -> String {
        let own = node.items.windows(2).find_map(|pair| {
            let gap = &self.doc.text[pair[0].comma? + 1..pair[1].start()];
            gap.bytes().all(|byte| byte == b' ').then_some(gap)
        });
        own.unwrap_or(&self.style.comma[1..]).to_owned()
    }

    /// Adds the first items to a container that holds nothing but comments.
    fn fill_empty(&mut self, node: &'d Node, fresh: &[Fresh]) {
        let doc = self.doc;
        let comments = doc.comments_in(&node.range);
        let Some(last) = comments.last() else { return };
        let inner = node.range.start + 1..node.range.end - 1;
        let open = breaks(&doc.text[inner.clone()]) || doc.text[last.start..].starts_with("//");
        let outer = doc.indent(node.range.start);
        let indent = if doc.starts_line(last.start) {
            doc.indent(last.start).to_owned()
        } else {
            format!("{outer}{}", self.style.unit)
        };
        let lead = if open { format!("{}{indent}", self.style.eol) } else { " ".to_owned() };
        let written: Vec<String> = self.written(node, fresh, &indent, open);
        let mut text =
            format!("{lead}{}", written.join(&if open { format!(",{lead}") } else { self.style.comma.clone() }));
        if open && self.style.ends_with_comma() {
            text.push(',');
        }
        if open && !breaks(&doc.text[last.end..inner.end]) {
            text.push_str(&format!("{}{outer}", self.style.eol));
        }
        self.splice(last.end..last.end, text);
    }

    /// Writes new items of a container, on lines of their own or not.
    fn written(&self, parent: &Node, fresh: &[Fresh], indent: &str, own: bool) -> Vec<String> {
        let hand = self.style.hand_of(self.doc, parent);
        let write = |fresh: &Fresh| {
            let look = if own { self.look(parent, fresh.value) } else { Look::Flat };
            let key = fresh.key.map_or(String::new(), |key| self.style.key(key, &hand));
            let column = width(indent) + key.chars().count();
            key + &self.style.value(fresh.value, indent, column, look)
        };
        fresh.iter().map(write).collect()
    }

    /// Is the comments of a range, to stand where an item at `at` stood, and what must part them from it.
    fn carried(&self, range: &Range<usize>, at: usize) -> (String, String) {
        let line = format!("{}{}", self.style.eol, self.doc.indent(at));
        let own = self.doc.starts_line(at);
        let (mut text, mut gap) = (String::new(), String::new());
        for comment in self.doc.comments_in(range) {
            let comment = &self.doc.text[comment.clone()];
            text = text + &gap + comment;
            gap = if own || comment.starts_with("//") { line.clone() } else { " ".to_owned() };
        }
        (text, gap)
    }

    /// Erases pieces of a container; those that only white space parts go as one.
    fn erase_all(&mut self, node: &Node, gone: Vec<Range<usize>>) {
        let mut merged: Vec<Range<usize>> = Vec::new();
        for range in gone {
            match merged.last_mut() {
                Some(last)
                    if self.doc.text[last.end..range.start].chars().all(is_space)
                        && self.doc.comments_in(&range).is_empty() =>
                {
                    last.end = range.end;
                }
                _ => merged.push(range),
            }
        }
        for range in merged {
            self.erase(node, range);
        }
    }

    /// Erases a piece, with the blanks or the line that would be left of it. Its comments stay.
    fn erase(&mut self, node: &Node, range: Range<usize>) {
        let doc = self.doc;
        let bytes = doc.text.as_bytes();
        let left = range.start - doc.text[..range.start].bytes().rev().take_while(is_blank).count();
        let right = range.end + doc.text[range.end..].bytes().take_while(is_blank).count();
        let at_start = doc.starts_line(range.start);
        let next = bytes[right];
        let at_end = matches!(next, b'\n' | b'\r');
        let opens = left == node.range.start + 1;
        let closes = right == node.range.end - 1;
        let (carried, gap) = self.carried(&range, range.start);
        if carried.is_empty() {
            let range = match (at_start, at_end) {
                (true, true) => self.lines_of(left, right, node),
                (true, false) => range.start..right,
                (false, true) => left..right,
                (false, false) if opens || left < range.start && right > range.end => range.start..right,
                (false, false) if closes => left..range.end,
                (false, false) => range,
            };
            self.splice(range, "");
            return;
        }
        let is_line = doc.comments_in(&range).last().is_some_and(|comment| doc.text[comment.clone()].starts_with("//"));
        let before = if at_start || left < range.start || opens { "" } else { " " };
        let after = match (at_end, is_line) {
            (true, _) => "",
            (false, true) => &gap,
            (false, false) if closes && right == range.end => "",
            (false, false) => " ",
        };
        self.splice(range.start..right, format!("{before}{carried}{after}"));
    }

    /// Is whole lines from `left` to the break at `right`, with a blank line that would stand doubled or before the closing bracket.
    fn lines_of(&self, left: usize, right: usize, node: &Node) -> Range<usize> {
        let text = &self.doc.text;
        let end = right + if text[right..].starts_with("\r\n") { 2 } else { 1 };
        let next = text[end..].bytes().find(|byte| !is_blank(byte));
        let is_loose = matches!(next, Some(b'\n' | b'\r' | b'}' | b']'));
        let mut start = left;
        while is_loose && start > node.range.start + 1 {
            let line = self.doc.lines.start(start - 1);
            if line <= node.range.start || !text[line..start].trim_matches([' ', '\t', '\n', '\r']).is_empty() {
                break;
            }
            start = line;
        }
        start..end
    }
}

fn is_blank(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

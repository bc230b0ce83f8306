//! How a text is written, and new values in the same hand.

use super::Document;
use super::identifier::is_plain;
use super::parse::{Item, Node, Shape};
use serde_json::{Map, Value};

/// The widest line that a value of one line may make.
const WIDEST: usize = 80;

/// The habits of a whole text, each by majority.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub(super) eol: &'static str,
    pub(super) unit: String,
    /// What stands between two items on one line, comma included.
    pub(super) comma: String,
    pub(super) hand: Hand,
    padding: bool,
    array_padding: bool,
    trailing: bool,
    open_arrays: bool,
    quote: char,
}

/// How the keys of one object are written.
#[derive(Clone, Debug)]
pub(super) struct Hand {
    bare: bool,
    quote: char,
    /// What stands between a key and its value.
    colon: String,
}

/// How a new value shall lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// On one line.
    Flat,
    /// On one line if the line has room for it.
    Fit,
    /// Each item on a line of its own.
    Open,
    /// As the file has it: objects open, arrays of scalars on one line if they fit and no majority lies open.
    Free,
}

impl Style {
    /// Reads the habits of a document.
    pub(super) fn of(doc: &Document) -> Self {
        let mut votes = Votes::default();
        votes.count(doc, &doc.root);
        let quote = votes.quotes.winner().or(votes.key_quotes.winner()).unwrap_or('"');
        let colon = votes.colons.winner().unwrap_or(": ").to_owned();
        let compact = !colon.ends_with(' ');
        Style {
            eol: eol(&doc.text),
            unit: votes.units.winner().unwrap_or("  ").to_owned(),
            comma: votes.commas.winner().unwrap_or(if compact { "," } else { ", " }).to_owned(),
            padding: votes.padding.winner().unwrap_or(!compact),
            array_padding: votes.array_padding.winner().unwrap_or(false),
            trailing: votes.trailing.winner().unwrap_or(false),
            open_arrays: votes.open_arrays.winner().unwrap_or(false),
            hand: Hand {
                bare: votes.bare.winner().unwrap_or(false),
                quote: votes.key_quotes.winner().unwrap_or(quote),
                colon,
            },
            quote,
        }
    }

    /// Whether the last item of a container with a line for each has a comma.
    pub(super) fn ends_with_comma(&self) -> bool {
        self.trailing
    }

    /// Is how the keys of one object are written: as its members, else as the file.
    pub(super) fn hand_of(&self, doc: &Document, object: &Node) -> Hand {
        let mut votes = Votes::default();
        for item in &object.items {
            votes.count_key(doc, item);
        }
        Hand {
            bare: votes.bare.winner().unwrap_or(self.hand.bare),
            quote: votes.key_quotes.winner().unwrap_or(self.hand.quote),
            colon: votes.colons.winner().unwrap_or(&self.hand.colon).to_owned(),
        }
    }

    /// Writes a key, its colon and the blank behind.
    pub(super) fn key(&self, key: &str, hand: &Hand) -> String {
        if hand.bare && is_plain(key) {
            format!("{key}{}", hand.colon)
        } else {
            format!("{}{}", quoted(key, hand.quote), hand.colon)
        }
    }

    /// Writes a value that begins at a column, on a line with an indentation.
    pub(super) fn value(&self, value: &Value, indent: &str, column: usize, look: Look) -> String {
        let open = match (value, look) {
            (_, Look::Flat) => false,
            (Value::Object(map), _) if map.is_empty() => false,
            (Value::Array(array), _) if array.is_empty() => false,
            (Value::Object(_), Look::Open | Look::Free) | (Value::Array(_), Look::Open) => true,
            (Value::Array(array), Look::Free) => {
                self.open_arrays || array.iter().any(is_filled) || !self.fits(value, column)
            }
            (Value::Object(_) | Value::Array(_), Look::Fit) => !self.fits(value, column),
            _ => false,
        };
        if !open {
            return self.flat(value);
        }
        let inner = format!("{indent}{}", self.unit);
        let begin = |text: &str| width(&inner) + text.chars().count();
        let items: Vec<String> = match value {
            Value::Object(map) => map
                .iter()
                .map(|(key, value)| {
                    let key = self.key(key, &self.hand);
                    let value = self.value(value, &inner, begin(&key), Look::Free);
                    key + &value
                })
                .collect(),
            Value::Array(array) => array.iter().map(|value| self.value(value, &inner, begin(""), Look::Free)).collect(),
            _ => Vec::new(),
        };
        let (eol, comma) = (self.eol, if self.trailing { "," } else { "" });
        let body = items.join(&format!(",{eol}{inner}"));
        let (left, right) = brackets(value);
        format!("{left}{eol}{inner}{body}{comma}{eol}{indent}{right}")
    }

    fn fits(&self, value: &Value, column: usize) -> bool {
        column + self.flat(value).chars().count() < WIDEST
    }

    fn flat(&self, value: &Value) -> String {
        let (items, padded): (Vec<String>, bool) = match value {
            Value::String(text) => return quoted(text, self.quote),
            Value::Object(map) => (self.flat_members(map), self.padding),
            Value::Array(array) => (array.iter().map(|value| self.flat(value)).collect(), self.array_padding),
            _ => return value.to_string(),
        };
        let pad = if padded && !items.is_empty() { " " } else { "" };
        let (left, right) = brackets(value);
        format!("{left}{pad}{}{pad}{right}", items.join(&self.comma))
    }

    fn flat_members(&self, map: &Map<String, Value>) -> Vec<String> {
        map.iter().map(|(key, value)| self.key(key, &self.hand) + &self.flat(value)).collect()
    }
}

fn brackets(value: &Value) -> (char, char) {
    if value.is_array() { ('[', ']') } else { ('{', '}') }
}

fn is_filled(value: &Value) -> bool {
    value.as_object().is_some_and(|map| !map.is_empty()) || value.as_array().is_some_and(|array| !array.is_empty())
}

/// Is about how many columns an indentation takes.
pub(super) fn width(indent: &str) -> usize {
    indent.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum()
}

pub(super) fn breaks(text: &str) -> bool {
    text.contains(['\n', '\r'])
}

/// Whether a container with items keeps them all on the lines of its brackets.
pub(super) fn is_flat(doc: &Document, node: &Node) -> bool {
    let (Some(first), Some(last)) = (node.items.first(), node.items.last()) else {
        return false;
    };
    !breaks(&doc.text[node.range.start..first.start()]) && !breaks(&doc.text[last.end()..node.range.end])
}

/// Writes a string. Control characters and the separators that a JavaScript reader warns of are escaped.
fn quoted(text: &str, quote: char) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push(quote);
    for c in text.chars() {
        match c {
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            _ if c == quote => written.extend(['\\', c]),
            '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => {
                written.push_str(&format!("\\u{:04x}", c as u32));
            }
            _ => written.push(c),
        }
    }
    written.push(quote);
    written
}

/// Is the line end that most lines have.
fn eol(text: &str) -> &'static str {
    let pairs = text.matches("\r\n").count();
    let feeds = text.matches('\n').count() - pairs;
    let returns = text.matches('\r').count() - pairs;
    if pairs > 0 && pairs >= feeds && pairs >= returns {
        "\r\n"
    } else if returns > feeds {
        "\r"
    } else {
        "\n"
    }
}

/// How often each habit occurs.
#[derive(Default)]
struct Votes<'t> {
    units: Tally<&'t str>,
    commas: Tally<&'t str>,
    colons: Tally<&'t str>,
    bare: Tally<bool>,
    padding: Tally<bool>,
    array_padding: Tally<bool>,
    trailing: Tally<bool>,
    open_arrays: Tally<bool>,
    quotes: Tally<char>,
    key_quotes: Tally<char>,
}

impl<'t> Votes<'t> {
    fn count(&mut self, doc: &'t Document, node: &Node) {
        let (Some(first), Some(last)) = (node.items.first(), node.items.last()) else {
            if node.shape == Shape::Scalar {
                self.count_quote(&doc.text[node.range.clone()]);
            }
            return;
        };
        let flat = is_flat(doc, node);
        if flat {
            let padded = doc.text[node.range.start + 1..].starts_with([' ', '\t']);
            match node.shape {
                Shape::Object => self.padding.add(padded),
                _ => self.array_padding.add(padded),
            }
        } else {
            self.trailing.add(last.comma.is_some());
            if doc.starts_line(first.start()) {
                let outer = doc.indent(node.range.start);
                self.units.extend(doc.indent(first.start()).strip_prefix(outer));
            }
        }
        if node.shape == Shape::Array && node.items.iter().all(|item| item.node.items.is_empty()) {
            self.open_arrays.add(!flat);
        }
        for (n, item) in node.items.iter().enumerate() {
            self.count_key(doc, item);
            self.count(doc, &item.node);
            if let (Some(comma), Some(next)) = (item.comma, node.items.get(n + 1)) {
                let gap = &doc.text[comma..next.start()];
                self.commas.extend(is_blank(&gap[1..]).then_some(gap));
            }
        }
    }

    fn count_key(&mut self, doc: &'t Document, item: &Item) {
        let Some(key) = &item.key else { return };
        let written = &doc.text[key.range.clone()];
        match written.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                self.key_quotes.add(quote);
                // A key that needs its quotes tells nothing about the others.
                if is_plain(&key.name) {
                    self.bare.add(false);
                }
            }
            _ => self.bare.add(true),
        }
        let colon = &doc.text[key.range.end..item.node.range.start];
        self.colons.extend(colon.split(':').all(is_blank).then_some(colon));
    }

    fn count_quote(&mut self, written: &str) {
        self.quotes.extend(written.chars().next().filter(|c| matches!(c, '"' | '\'')));
    }
}

fn is_blank(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// Votes for one habit. A file that has more than a few ways has none, so only the first few are counted.
struct Tally<T>(Vec<(T, usize)>);

impl<T> Default for Tally<T> {
    fn default() -> Self {
        Tally(Vec::new())
    }
}

impl<T: Copy + PartialEq> Tally<T> {
    fn add(&mut self, vote: T) {
        match self.0.iter().position(|(known, _)| *known == vote) {
            Some(known) => self.0[known].1 += 1,
            None if self.0.len() < 16 => self.0.push((vote, 1)),
            None => {}
        }
    }

    fn extend(&mut self, vote: Option<T>) {
        if let Some(vote) = vote {
            self.add(vote);
        }
    }

    /// Is the way that most have, the first seen of equals.
    fn winner(&self) -> Option<T> {
        self.0.iter().rev().max_by_key(|(_, count)| *count).map(|(vote, _)| *vote)
    }
}

//! The scanner: what OpenClaw's parser accepts (npm json5 2.2.3, of which strict JSON is a part), with the place of everything.

use super::ParseError;
use super::Seg;
use super::identifier::{in_identifier, is_space};
use super::lines::Lines;
use crate::text::{Said, Text};
use memchr::memchr3_iter;
use serde_json::{Map, Number, Value};
use std::collections::HashSet;
use std::ops::Range;

/// The deepest nesting that is read. Values are walked by recursion, so a bound keeps every stack safe; real configs stay below 20.
pub(super) const DEEPEST: usize = 200;

/// A value's place, and those of the values in it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) range: Range<usize>,
    pub(super) shape: Shape,
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Scalar,
    Object,
    Array,
}

/// A member of an object or an element of an array.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) key: Option<Key>,
    pub(super) node: Node,
    /// Where the comma behind it stands.
    pub(super) comma: Option<usize>,
    /// Whether a later member has the same key, so this one does not count.
    pub(super) shadowed: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Key {
    pub(super) range: Range<usize>,
    pub(super) name: String,
}

impl Item {
    /// Is its step in a path; `n` is its position.
    pub(super) fn seg(&self, n: usize) -> Seg {
        match &self.key {
            Some(key) => Seg::Key(key.name.as_str().into()),
            None => Seg::Index(n),
        }
    }

    /// Is where it begins: its key, or its value in an array.
    pub(super) fn start(&self) -> usize {
        self.key.as_ref().map_or(self.node.range.start, |key| key.range.start)
    }

    /// Is where its value ends.
    pub(super) fn end(&self) -> usize {
        self.node.range.end
    }
}

impl Node {
    /// Is the member that counts for a key.
    pub(super) fn member(&self, name: &str) -> Option<&Item> {
        self.items.iter().rev().find(|item| item.key.as_ref().is_some_and(|key| key.name == name))
    }
}

/// Everything that a text holds.
pub(super) struct Parsed {
    pub(super) root: Node,
    pub(super) value: Value,
    pub(super) comments: Vec<Range<usize>>,
}

/// Reads a whole text.
pub(super) fn parse(text: &str, lines: &Lines) -> Result<Parsed, ParseError> {
    let mut reader = Reader { text, at: 0, open: Vec::new(), comments: Vec::new(), lines };
    reader.skip()?;
    if reader.peek().is_none() {
        return Err(reader.fault(reader.at, EMPTY));
    }
    let (root, value) = reader.value()?;
    reader.skip()?;
    if reader.peek().is_some() {
        return Err(reader.unexpected(MORE));
    }
    Ok(Parsed { root, value, comments: reader.comments })
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    /// The brackets that are open, outermost first.
    open: Vec<usize>,
    comments: Vec<Range<usize>>,
    lines: &'t Lines,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.byte(0)
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + ahead).copied()
    }

    fn char(&self) -> Option<char> {
        self.text.get(self.at..)?.chars().next()
    }

    fn fault(&self, at: usize, what: impl Into<Said>) -> ParseError {
        ParseError { at: self.lines.position(self.text, at), what: what.into() }
    }

    /// Is a fault about something that began earlier.
    fn fault_since(&self, at: usize, what: Text, begun: usize) -> ParseError {
        let begun = self.lines.position(self.text, begun);
        self.fault(at, what.with("line", begun.line).with("column", begun.column))
    }

    /// Is a fault about the character that stands here, or about the end of the text.
    fn unexpected(&self, what: Text) -> ParseError {
        match self.char() {
            Some(c) => self.fault(self.at, what.with("char", c)),
            None => self.ended(),
        }
    }

    fn ended(&self) -> ParseError {
        let end = self.text.trim_end().len();
        match self.open.last() {
            Some(open) if self.text.as_bytes()[*open] == b'{' => self.fault_since(end, OPEN_OBJECT, *open),
            Some(open) => self.fault_since(end, OPEN_ARRAY, *open),
            None => self.fault(end, CUT_SHORT),
        }
    }

    /// Passes white space and comments.
    fn skip(&mut self) -> Result<(), ParseError> {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c => self.at += 1,
                b'/' => self.comment()?,
                0x80.. => match self.char() {
                    Some(c) if is_space(c) => self.at += c.len_utf8(),
                    _ => break,
                },
                _ => break,
            }
        }
        Ok(())
    }

    fn comment(&mut self) -> Result<(), ParseError> {
        let start = self.at;
        let rest = &self.text[start..];
        let length = if rest.starts_with("//") {
            line_end(rest)
        } else if let Some(inside) = rest.strip_prefix("/*") {
            match inside.find("*/") {
                Some(length) => length + 4,
                None => return Err(self.fault(start, OPEN_COMMENT)),
            }
        } else {
            return Err(self.unexpected(UNEXPECTED));
        };
        self.at += length;
        self.comments.push(start..self.at);
        Ok(())
    }

    fn value(&mut self) -> Result<(Node, Value), ParseError> {
        let start = self.at;
        let value = match self.peek() {
            Some(b'{') => return self.container(Shape::Object, b'}'),
            Some(b'[') => return self.container(Shape::Array, b']'),
            Some(b'"' | b'\'') => Value::String(self.string()?),
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'+' | b'-' | b'.' | b'0'..=b'9' | b'I' | b'N') => self.number()?,
            Some(b',') => return Err(self.fault(start, STRAY_COMMA)),
            Some(b'a'..=b'z' | b'A'..=b'Z') => return Err(self.bare_word()),
            _ => return Err(self.unexpected(NO_VALUE)),
        };
        let node = Node { range: start..self.at, shape: Shape::Scalar, items: Vec::new() };
        Ok((node, value))
    }

    fn container(&mut self, shape: Shape, close: u8) -> Result<(Node, Value), ParseError> {
        let start = self.at;
        if self.open.len() == DEEPEST {
            return Err(self.fault(start, TOO_DEEP.with("levels", DEEPEST)));
        }
        self.open.push(start);
        self.at += 1;
        let mut items: Vec<Item> = Vec::new();
        let (mut members, mut elements) = (Map::new(), Vec::new());
        let mut doubled = false;
        loop {
            self.skip()?;
            match self.peek() {
                Some(byte) if byte == close => break,
                Some(b'}' | b']') => return Err(self.mismatch(start)),
                None => return Err(self.ended()),
                _ => {}
            }
            let key = match shape {
                Shape::Object => Some(self.member_key()?),
                _ => None,
            };
            let (node, value) = self.value()?;
            match &key {
                Some(key) => doubled |= members.insert(key.name.clone(), value).is_some(),
                None => elements.push(value),
            }
            self.skip()?;
            let comma = (self.peek() == Some(b',')).then_some(self.at);
            match (comma, self.peek()) {
                (Some(_), _) => self.at += 1,
                (None, Some(byte)) if byte == close => {}
                (None, Some(b'}' | b']')) => return Err(self.mismatch(start)),
                (None, None) => return Err(self.ended()),
                (None, Some(_)) => return Err(self.no_comma(&node)),
            }
            items.push(Item { key, node, comma, shadowed: false });
        }
        self.at += 1;
        self.open.pop();
        if doubled {
            let mut seen = HashSet::new();
            for item in items.iter_mut().rev() {
                let name = item.key.as_ref().map_or("", |key| &key.name);
                item.shadowed = !seen.insert(name);
            }
        }
        let value = match shape {
            Shape::Object => Value::Object(members),
            _ => Value::Array(elements),
        };
        let node = Node { range: start..self.at, shape, items };
        Ok((node, value))
    }

    /// Reads a key and its colon.
    fn member_key(&mut self) -> Result<Key, ParseError> {
        let start = self.at;
        let name = match self.peek() {
            Some(b'"' | b'\'') => self.string()?,
            Some(b',') => return Err(self.fault(start, STRAY_COMMA)),
            _ => self.identifier()?,
        };
        let range = start..self.at;
        self.skip()?;
        match self.peek() {
            Some(b':') => self.at += 1,
            None => return Err(self.ended()),
            Some(_) => return Err(self.fault(range.end, NO_COLON)),
        }
        self.skip()?;
        match self.peek() {
            Some(b',' | b'}' | b']') => Err(self.fault(self.at, VALUE_MISSING.with("key", name))),
            _ => Ok(Key { range, name }),
        }
    }

    fn identifier(&mut self) -> Result<String, ParseError> {
        let mut name = String::new();
        while let Some(c) = self.char() {
            if c == '\\' {
                let start = self.at;
                self.at += 1;
                if self.peek() != Some(b'u') {
                    return Err(self.fault(start, BAD_ESCAPE));
                }
                self.at += 1;
                let unit = self.hex(start, 4)?;
                match char::from_u32(unit) {
                    Some(c) if in_identifier(c, name.is_empty()) => name.push(c),
                    _ => return Err(self.fault(start, BAD_ESCAPE)),
                }
            } else if in_identifier(c, name.is_empty()) {
                name.push(c);
                self.at += c.len_utf8();
            } else {
                break;
            }
        }
        if name.is_empty() {
            return Err(self.unexpected(NO_KEY));
        }
        Ok(name)
    }

    fn string(&mut self) -> Result<String, ParseError> {
        let start = self.at;
        let quote = self.text.as_bytes()[start];
        self.at += 1;
        let mut units = Units::default();
        loop {
            let rest = &self.text[self.at..];
            // All of these are one byte, which no other character holds.
            let ends = |byte: u8| matches!(byte, b'\\' | b'\n' | b'\r') || byte == quote;
            let Some(length) = rest.bytes().position(ends) else {
                return Err(self.fault_since(self.text.trim_end().len(), OPEN_STRING, start));
            };
            units.push_str(&rest[..length]);
            self.at += length;
            match self.peek() {
                Some(b'\\') => self.escape(&mut units)?,
                Some(b'\n' | b'\r') => return Err(self.fault_since(self.at, OPEN_STRING, start)),
                _ => {
                    self.at += 1;
                    return Ok(units.into_string());
                }
            }
        }
    }

    fn escape(&mut self, units: &mut Units) -> Result<(), ParseError> {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.char() else {
            return Err(self.fault(start, BAD_ESCAPE));
        };
        self.at += c.len_utf8();
        match c {
            'b' => units.push('\u{8}'),
            'f' => units.push('\u{c}'),
            'n' => units.push('\n'),
            'r' => units.push('\r'),
            't' => units.push('\t'),
            'v' => units.push('\u{b}'),
            '0' if !self.peek().is_some_and(|byte| byte.is_ascii_digit()) => units.push('\0'),
            '0'..='9' => return Err(self.fault(start, BAD_ESCAPE)),
            'x' => {
                let unit = self.hex(start, 2)?;
                units.push_unit(unit);
            }
            'u' => {
                let unit = self.hex(start, 4)?;
                units.push_unit(unit);
            }
            '\r' if self.peek() == Some(b'\n') => self.at += 1,
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => {}
            other => units.push(other),
        }
        Ok(())
    }

    fn hex(&mut self, escape: usize, digits: usize) -> Result<u32, ParseError> {
        let text = self.text.as_bytes().get(self.at..self.at + digits);
        let mut unit = 0;
        for byte in text.unwrap_or(b"-") {
            match char::from(*byte).to_digit(16) {
                Some(digit) => unit = unit * 16 + digit,
                None => return Err(self.fault(escape, BAD_ESCAPE)),
            }
        }
        self.at += digits;
        Ok(unit)
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        if matches!(self.peek(), Some(b'+' | b'-')) {
            self.at += 1;
        }
        match (self.peek(), self.byte(1)) {
            // JSON has no such value; the text keeps what was written.
            (Some(b'I'), _) => return self.word("Infinity", Value::Null),
            (Some(b'N'), _) => return self.word("NaN", Value::Null),
            (Some(b'0'), Some(b'x' | b'X')) => {
                self.at += 2;
                let digits = self.digits(16);
                return match digits {
                    "" => Err(self.fault(start, BAD_NUMBER)),
                    _ => Ok(hexadecimal(digits, negative)),
                };
            }
            _ => {}
        }
        let whole = self.digits(10);
        let mut well_formed = whole.len() < 2 || !whole.starts_with('0');
        let mut fraction = "";
        if self.peek() == Some(b'.') {
            self.at += 1;
            fraction = self.digits(10);
        }
        well_formed &= !(whole.is_empty() && fraction.is_empty());
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            well_formed &= !self.digits(10).is_empty();
        }
        if !well_formed {
            return Err(self.fault(start, BAD_NUMBER));
        }
        Ok(decimal(&self.text[start..self.at]))
    }

    fn digits(&mut self, radix: u32) -> &'t str {
        let rest: &'t str = &self.text[self.at..];
        let length = rest.find(|c: char| !c.is_digit(radix)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, ParseError> {
        let rest = &self.text[self.at..];
        match rest.strip_prefix(word) {
            Some(rest) if !rest.starts_with(|c| in_identifier(c, false)) => {
                self.at += word.len();
                Ok(value)
            }
            _ => Err(self.bare_word()),
        }
    }

    fn bare_word(&self) -> ParseError {
        // Not by its letters: it may be a secret that lost its quotes.
        self.fault(self.at, BARE_WORD)
    }

    fn mismatch(&self, open: usize) -> ParseError {
        let what = match self.text.as_bytes()[open] {
            b'{' => WRONG_CLOSE_OF_OBJECT,
            _ => WRONG_CLOSE_OF_ARRAY,
        };
        self.fault_since(self.at, what, open)
    }

    /// Points behind the value that lacks the comma, unless the value goes on in a way that no comma mends.
    fn no_comma(&self, before: &Node) -> ParseError {
        let glued = before.range.end == self.at;
        match self.peek() {
            Some(b'{' | b'[' | b'"' | b'\'') => {}
            Some(b':') => return self.unexpected(UNEXPECTED),
            Some(byte) if byte.is_ascii_alphanumeric() && !glued => {}
            Some(b'_' | b'$' | b'-' | b'+' | b'.') if !glued => {}
            _ => return self.unexpected(UNEXPECTED),
        }
        self.fault(before.range.end, NO_COMMA)
    }
}

/// Text under way from escapes of 16 bits, of which two can make one character.
#[derive(Default)]
struct Units {
    text: String,
    high: Option<u32>,
}

impl Units {
    fn push_str(&mut self, text: &str) {
        if !text.is_empty() {
            self.settle();
            self.text.push_str(text);
        }
    }

    fn push(&mut self, c: char) {
        self.settle();
        self.text.push(c);
    }

    fn push_unit(&mut self, unit: u32) {
        match (self.high, unit) {
            (Some(high), 0xdc00..=0xdfff) => {
                self.high = None;
                let joined = 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00);
                self.text.extend(char::from_u32(joined));
            }
            (_, 0xd800..=0xdbff) => {
                self.settle();
                self.high = Some(unit);
            }
            _ => self.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }

    fn settle(&mut self) {
        if self.high.take().is_some() {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
    }

    fn into_string(mut self) -> String {
        self.settle();
        self.text
    }
}

/// Is where the first line of a text ends. The separators U+2028 and U+2029 end one as well.
fn line_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_end = |at: &usize| bytes[*at] != 0xe2 || matches!(bytes.get(at + 1..at + 3), Some([0x80, 0xa8 | 0xa9]));
    memchr3_iter(b'\n', b'\r', 0xe2, bytes).find(is_end).unwrap_or(bytes.len())
}

fn decimal(text: &str) -> Value {
    let text = text.strip_prefix('+').unwrap_or(text);
    if let Ok(whole) = text.parse::<i64>() {
        return whole.into();
    }
    if let Ok(whole) = text.parse::<u64>() {
        return whole.into();
    }
    text.parse().map_or(Value::Null, number)
}

fn hexadecimal(digits: &str, negative: bool) -> Value {
    if let Ok(size) = i64::from_str_radix(digits, 16) {
        return Value::from(if negative { -size } else { size });
    }
    let size = digits.chars().filter_map(|c| c.to_digit(16)).fold(0.0, |size, digit| size * 16.0 + f64::from(digit));
    number(if negative { -size } else { size })
}

/// Is the JSON value of a number. JavaScript knows no difference between 1 and 1.0, so a whole one becomes an integer.
fn number(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() <= EXACT {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or(Value::Null, Value::Number)
}

const EMPTY: Text = Text {
    en: "The file holds no value; the smallest config is {}",
    ja: "値がありません。最小の設定は {} です",
};
const MORE: Text = Text {
    en: "The document ends before this place, but more text follows: {char}",
    ja: "文書はこの前で終わっていますが、続きがあります: {char}",
};
const OPEN_OBJECT: Text = Text {
    en: "The text ends inside the object that begins at line {line}, column {column}; a } is missing",
    ja: "{line}行 {column}列で始まるオブジェクトが閉じられていません。} が必要です",
};
const OPEN_ARRAY: Text = Text {
    en: "The text ends inside the array that begins at line {line}, column {column}; a ] is missing",
    ja: "{line}行 {column}列で始まる配列が閉じられていません。] が必要です",
};
const CUT_SHORT: Text =
    Text { en: "The text ends in the middle of a value", ja: "値の途中で終わっています" };
const OPEN_COMMENT: Text = Text {
    en: "The comment that begins here is not closed; a */ is missing",
    ja: "ここで始まるコメントが閉じられていません。*/ が必要です",
};
const OPEN_STRING: Text = Text {
    en: "The string that begins at line {line}, column {column} is not closed on its line",
    ja: "{line}行 {column}列で始まる文字列が同じ行で閉じられていません",
};
const UNEXPECTED: Text =
    Text { en: "This character cannot stand here: {char}", ja: "この文字はここに置けません: {char}" };
const NO_VALUE: Text = Text {
    en: "A value must stand here, not {char}",
    ja: "ここには値が必要ですが、{char} があります",
};
const VALUE_MISSING: Text = Text { en: "The key {key} has no value", ja: "キー {key} に値がありません" };
const NO_KEY: Text = Text {
    en: "A key must stand here, not {char}; keys with special characters need quotes",
    ja: "ここにはキーが必要ですが、{char} があります。特殊な文字を含むキーは引用符で囲んでください",
};
const NO_COLON: Text = Text {
    en: "A colon is missing after this key; keys with special characters need quotes",
    ja: "このキーの後にコロンがありません。特殊な文字を含むキーは引用符で囲んでください",
};
const NO_COMMA: Text =
    Text { en: "A comma is missing after this value", ja: "この値の後にカンマがありません" };
const STRAY_COMMA: Text = Text { en: "There is a comma too many", ja: "余分なカンマがあります" };
const BARE_WORD: Text = Text {
    en: "This word is not a value; text needs quotes",
    ja: "この語は値ではありません。文字列は引用符で囲んでください",
};
const BAD_ESCAPE: Text =
    Text { en: "The backslash begins an escape that JSON5 does not know", ja: "JSON5 にないエスケープです" };
const BAD_NUMBER: Text =
    Text { en: "The number is not written as JSON5 allows", ja: "JSON5 で使えない数値の書き方です" };
const WRONG_CLOSE_OF_OBJECT: Text = Text {
    en: "The object that begins at line {line}, column {column} must be closed with }",
    ja: "{line}行 {column}列で始まるオブジェクトは } で閉じてください",
};
const WRONG_CLOSE_OF_ARRAY: Text = Text {
    en: "The array that begins at line {line}, column {column} must be closed with ]",
    ja: "{line}行 {column}列で始まる配列は ] で閉じてください",
};
const TOO_DEEP: Text = Text {
    en: "Objects and arrays are nested deeper than {levels} levels here; such a file is not read",
    ja: "ここで入れ子が {levels}段を超えています。このファイルは読み取りません",
};

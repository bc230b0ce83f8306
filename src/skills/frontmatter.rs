//! The front matter of a `SKILL.md`, read as OpenClaw 2026.9.6 reads it: YAML of the core schema, where a line-based reading
//! fills in what YAML left out, and a description that is no YAML is taken for text.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Number, Value};
use std::collections::{BTreeMap, HashMap};

/// What a front matter says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FrontMatter {
    /// The fields by name; what is a list or an object in YAML stands as JSON.
    pub fields: BTreeMap<String, String>,
    /// Why OpenClaw cannot read it; it does not load the skill then.
    pub issue: Option<String>,
    /// The number of its lines with both fences; the text begins on the next. 0 where there is none.
    pub lines: usize,
}

/// The most values that aliases may come to: a few lines of YAML can otherwise mean more than memory holds.
const MOST_VALUES: usize = 20_000;
/// The deepest nesting that is read.
const MOST_DEPTH: usize = 64;
/// The fields whose text may hold a colon that makes it no YAML.
const FREE_TEXT: [&str; 3] = ["description", "read_when", "summary"];

impl FrontMatter {
    /// Reads the front matter of a file's text. Never fails: what cannot be read is said in `issue`.
    pub fn read(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let mut lines = text.split('\n');
        if !lines.next().is_some_and(|first| is_fence(first) && text.contains('\n')) {
            return FrontMatter::default();
        }
        let mut block = Vec::new();
        for line in lines {
            if is_fence(line) {
                let lines = block.len() + 2;
                return FrontMatter { lines, ..read_block(&block.join("\n")) };
            }
            block.push(line);
        }
        let issue = Some("missing closing --- delimiter".to_owned());
        FrontMatter { issue, lines: 0, ..FrontMatter::default() }
    }

    /// Is a field, trimmed; none where it is absent or blank.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.fields.get(field).map(|value| value.trim()).filter(|value| !value.is_empty())
    }
}

fn is_fence(line: &str) -> bool {
    line.strip_prefix("---").is_some_and(|rest| rest.trim().is_empty())
}

fn read_block(block: &str) -> FrontMatter {
    if block.is_empty() {
        return FrontMatter::default();
    }
    let by_line = read_lines(block);
    let mut text = without_tabs(block);
    let mut parsed = parse(&text);
    for field in FREE_TEXT {
        if parsed.is_ok() {
            break;
        }
        if let Some(quoted) = with_quoted(&text, field) {
            text = quoted;
            parsed = parse(&text);
        }
    }
    match parsed {
        Ok(root) => FrontMatter { fields: merged(&text, root, by_line), ..FrontMatter::default() },
        Err(why) => FrontMatter { fields: by_line, issue: Some(why), lines: 0 },
    }
}

/// YAML's value of each field; where a value with a colon became an object against its meaning, and for what YAML left out, the line's.
fn merged(block: &str, root: Map<String, Value>, by_line: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let has_colon =
        |key: &str| block.lines().filter_map(field_of).any(|(field, value)| field == key && value.contains(':'));
    let mut fields = BTreeMap::new();
    for (key, value) in root {
        let key = key.trim().to_owned();
        let (text, is_structure) = match value {
            Value::Null => continue,
            Value::String(text) => (text.trim().to_owned(), false),
            Value::Array(_) | Value::Object(_) => (value.to_string(), true),
            other => (other.to_string(), false),
        };
        let line = by_line.get(&key).filter(|_| is_structure && has_colon(&key));
        fields.insert(key.clone(), line.cloned().unwrap_or(text));
    }
    for (key, value) in by_line {
        fields.entry(key).or_insert(value);
    }
    fields
}

/// Is the field and the rest of a line as in `name: value`.
fn field_of(line: &str) -> Option<(&str, &str)> {
    let (key, rest) = line.split_once(':')?;
    let is_name = !key.is_empty() && key.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-'));
    is_name.then_some((key, rest))
}

fn read_lines(block: &str) -> BTreeMap<String, String> {
    let is_indented = |line: &str| line.starts_with([' ', '\t']);
    let mut fields = BTreeMap::new();
    let mut lines = block.split('\n').peekable();
    while let Some(line) = lines.next() {
        let Some((key, rest)) = field_of(line) else {
            continue;
        };
        let mut value = rest.trim().to_owned();
        if value.is_empty() && lines.peek().is_some_and(|next| is_indented(next)) {
            let mut more = Vec::new();
            while let Some(next) = lines.next_if(|next| next.is_empty() || is_indented(next)) {
                more.push(next);
            }
            value = more.join("\n").trim().to_owned();
        } else {
            value = unquoted(&value).to_owned();
        }
        if !value.is_empty() {
            fields.insert(key.to_owned(), value);
        }
    }
    fields
}

/// Puts a blank for the tab between a field and its value, which YAML allows and the parser refuses.
fn without_tabs(block: &str) -> String {
    let lines = block.split('\n').map(|line| match field_of(line) {
        Some((key, rest)) if rest.starts_with('\t') => format!("{key}: {}", rest.trim_start()),
        _ => line.to_owned(),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn unquoted(value: &str) -> &str {
    let quoted = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    quoted('"').or_else(|| quoted('\'')).unwrap_or(value)
}

/// Quotes a field's text that stands on its line, as OpenClaw does to save it; none where there is nothing to quote.
fn with_quoted(block: &str, field: &str) -> Option<String> {
    let mut lines: Vec<String> = block.split('\n').map(str::to_owned).collect();
    let at = lines.iter().position(|line| field_of(line).is_some_and(|(key, _)| key == field))?;
    let value = field_of(&lines[at])?.1.trim().to_owned();
    let is_block = value.starts_with(['|', '>']) && value.len() <= 3;
    if value.is_empty() || is_block || field != "description" && !value.contains(": ") {
        return None;
    }
    lines[at] = format!("{field}: {}", Value::String(unquoted(&value).to_owned()));
    Some(lines.join("\n"))
}

/// A value that is being read.
enum Open {
    Sequence(Vec<Value>, usize),
    Mapping(Map<String, Value>, Option<String>, usize),
}

/// Reads one YAML document whose root is a mapping.
fn parse(block: &str) -> Result<Map<String, Value>, String> {
    const NO_MAPPING: &str = "frontmatter must be a YAML mapping";
    let mut anchors: HashMap<usize, Value> = HashMap::new();
    let mut open: Vec<Open> = Vec::new();
    let mut root = None;
    let mut count = 0_usize;
    for event in Parser::new_from_str(block) {
        let (event, _) = event.map_err(|error| error.to_string())?;
        let (value, anchor) = match event {
            Event::Alias(id) => {
                let value = anchors.get(&id).cloned().ok_or("an alias of nothing")?;
                count += size(&value);
                (value, 0)
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = style != ScalarStyle::Plain || tag.is_some_and(|tag| tag.suffix == "str");
                (if is_text { Value::String(text.into_owned()) } else { plain(&text) }, anchor)
            }
            Event::SequenceStart(anchor, _) => {
                open.push(Open::Sequence(Vec::new(), anchor));
                if open.len() > MOST_DEPTH {
                    return Err("nested too deeply".to_owned());
                }
                continue;
            }
            Event::MappingStart(anchor, _) => {
                open.push(Open::Mapping(Map::new(), None, anchor));
                if open.len() > MOST_DEPTH {
                    return Err("nested too deeply".to_owned());
                }
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(Open::Sequence(items, anchor)) => (Value::Array(items), anchor),
                Some(Open::Mapping(entries, _, anchor)) => (Value::Object(entries), anchor),
                None => continue,
            },
            Event::DocumentStart(_) if root.is_some() => return Err("more than one YAML document".to_owned()),
            _ => continue,
        };
        count += 1;
        if count > MOST_VALUES {
            return Err("the YAML comes to too many values".to_owned());
        }
        if anchor > 0 {
            anchors.insert(anchor, value.clone());
        }
        match open.last_mut() {
            None => root = Some(value),
            Some(Open::Sequence(items, _)) => items.push(value),
            Some(Open::Mapping(entries, key @ None, _)) => {
                let name = match value {
                    Value::String(text) => text,
                    Value::Null => String::new(),
                    other => other.to_string(),
                };
                if entries.contains_key(&name) {
                    return Err("Map keys must be unique".to_owned());
                }
                *key = Some(name);
            }
            Some(Open::Mapping(entries, key @ Some(_), _)) => {
                entries.insert(key.take().unwrap_or_default(), value);
            }
        }
    }
    match root {
        Some(Value::Object(root)) => Ok(root),
        _ => Err(NO_MAPPING.to_owned()),
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(entries) => 1 + entries.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

/// Is a plain scalar by YAML's core schema.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Value::Null,
        "true" | "True" | "TRUE" => return Value::Bool(true),
        "false" | "False" | "FALSE" => return Value::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let radix = |prefix: &str, radix| u64::from_str_radix(text.strip_prefix(prefix)?, radix).ok();
    if let Some(number) = radix("0x", 16).or_else(|| radix("0o", 8)) {
        return Value::from(number);
    }
    let is_number = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.bytes().all(|c| c.is_ascii_digit() || matches!(c, b'.' | b'e' | b'E' | b'-' | b'+'))
        && digits.bytes().any(|c| c.is_ascii_digit());
    let Some(number) = text.trim_start_matches('+').parse::<f64>().ok().filter(|_| is_number) else {
        return Value::String(text.to_owned());
    };
    // As JavaScript prints it: 1.0 is 1.
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return Value::from(number as i64);
    }
    Number::from_f64(number).map_or_else(|| Value::String(text.to_owned()), Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(block: &str) -> FrontMatter {
        FrontMatter::read(&format!("---\n{block}\n---\nbody\n"))
    }

    #[test]
    fn fields_are_read_and_structures_become_json() {
        let read = read("name: demo\nversion: 1.0\nmetadata:\n  openclaw:\n    requires: { bins: [a, b] }");
        assert_eq!(read.issue, None);
        assert_eq!(read.get("name"), Some("demo"));
        assert_eq!(read.get("version"), Some("1"));
        assert_eq!(read.get("metadata"), Some(r#"{"openclaw":{"requires":{"bins":["a","b"]}}}"#));
        assert_eq!(read.lines, 7);
    }

    #[test]
    fn a_description_with_a_colon_is_text() {
        let read = read("name: demo\ndescription: use when: the user asks");
        assert_eq!((read.issue.clone(), read.get("description")), (None, Some("use when: the user asks")));
    }

    #[test]
    fn a_tab_may_stand_before_a_value() {
        assert_eq!(read("name:\ttab").get("name"), Some("tab"));
    }

    #[test]
    fn what_is_no_yaml_is_said_and_its_lines_are_read_all_the_same() {
        let read = read("name: demo\n  bad: [\ndescription: x");
        assert!(read.issue.is_some());
        assert_eq!(read.get("name"), Some("demo"));
    }

    #[test]
    fn a_front_matter_without_an_end_or_without_a_mapping_is_an_issue() {
        assert!(FrontMatter::read("---\nname: a\n").issue.is_some());
        assert!(read("- a").issue.is_some());
        assert!(read("name: a\nname: b").issue.is_some());
        assert_eq!(FrontMatter::read("no front matter"), FrontMatter::default());
        assert_eq!(FrontMatter::read("---\n---\nbody").issue, None);
    }

    #[test]
    fn aliases_that_multiply_are_refused() {
        let mut block = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            let before = format!("*a{}", n - 1);
            block.push_str(&format!("a{n}: &a{n} [{}]\n", vec![before; 10].join(", ")));
        }
        assert!(read(&block).issue.is_some());
        assert!(read(&format!("a: {}", "[".repeat(5000))).issue.is_some());
    }
}

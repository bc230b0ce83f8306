//! What is said of each fault of a value.

use super::forms::Form;
use super::table::Node;
use super::{Issue, IssueKind, is_secret, nearest};
use crate::document::Path;
use crate::text::{Said, Text};
use serde_json::Value;

/// Characters of a value that are shown.
const SHOWN: usize = 60;

fn issue(path: Path, kind: IssueKind, message: impl Into<Said>) -> Issue {
    Issue { path, kind, message: message.into(), allowed: Vec::new(), nearest: None }
}

impl Issue {
    fn with(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.message = self.message.with(name, value);
        self
    }
}

/// Leads an issue to its place in the file; only then the sentence can name it.
pub(super) fn place(issue: &mut Issue, path: Path) {
    let named = |name: &str| path.parent().unwrap_or_default().key(name).to_string();
    if issue.kind == IssueKind::UnknownKey {
        issue.nearest = issue.nearest.take().map(|near| named(&near));
    }
    let near = issue.nearest.clone().unwrap_or_default();
    issue.message = issue.message.clone().with("path", &path).with("near", near);
    issue.path = path;
}

/// Is an issue for a rule that is broken.
pub(super) fn broken(rule: &'static str, path: Path, message: impl Into<Said>) -> Issue {
    issue(path, IssueKind::Rule(rule), message)
}

pub(super) fn unknown_key(path: Path, near: Option<&str>) -> Issue {
    const PLAIN: Text = Text { en: "unknown key \"{path}\"", ja: "未知のキー \"{path}\"" };
    const NEAR: Text =
        Text { en: "unknown key \"{path}\". Closest: {near}", ja: "未知のキー \"{path}\"。近いキー: {near}" };
    let text = if near.is_some() { NEAR } else { PLAIN };
    Issue { nearest: near.map(str::to_owned), ..issue(path, IssueKind::UnknownKey, text) }
}

pub(super) fn wrong_key(path: Path) -> Issue {
    const TEXT: Text = Text {
        en: "the name \"{path}\" is not written as OpenClaw allows names here",
        ja: "\"{path}\" の名前には、ここで使えない文字が含まれています",
    };
    issue(path, IssueKind::UnknownKey, TEXT)
}

pub(super) fn missing(path: Path) -> Issue {
    const TEXT: Text = Text { en: "\"{path}\" is missing", ja: "\"{path}\" が設定されていません" };
    issue(path, IssueKind::Missing, TEXT)
}

pub(super) fn wrong_type(path: Path, types: &str, value: &Value) -> Issue {
    wrong_type_or_value(path, types, &[], value)
}

pub(super) fn wrong_type_or_value(path: Path, types: &str, allowed: &[Value], value: &Value) -> Issue {
    const TEXT: Text = Text {
        en: "\"{path}\" must be {wanted}, not {found}",
        ja: "\"{path}\" の値の種類が違います。使える種類: {wanted} 現在: {found}",
    };
    let mut kinds: Vec<&str> = Vec::new();
    for kind in types.chars().map(kind_name) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let allowed: Vec<String> = allowed.iter().map(Value::to_string).collect();
    let wanted: Vec<&str> = kinds.into_iter().chain(allowed.iter().map(String::as_str)).collect();
    let found = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let issue = issue(path, IssueKind::WrongType, TEXT).with("wanted", wanted.join(" / ")).with("found", found);
    Issue { allowed, ..issue }
}

fn kind_name(kind: char) -> &'static str {
    match kind {
        'o' => "object",
        'a' => "array",
        's' => "string",
        'n' => "number",
        'i' => "integer",
        'b' => "boolean",
        _ => "null",
    }
}

pub(super) fn not_allowed(path: Path, value: &Value, allowed: &[Value]) -> Issue {
    const PLAIN: Text = Text {
        en: "\"{path}\" cannot be {value}. Allowed: {allowed}",
        ja: "\"{path}\" を {value} にはできません。使える値: {allowed}",
    };
    const NEAR: Text = Text {
        en: "\"{path}\" cannot be {value}. Closest: {near}. Allowed: {allowed}",
        ja: "\"{path}\" を {value} にはできません。近い値: {near} 使える値: {allowed}",
    };
    let names: Vec<String> =
        allowed.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    let near = value.as_str().and_then(|value| nearest(value, names.iter().map(String::as_str))).map(str::to_owned);
    let listed: Vec<String> = allowed.iter().map(Value::to_string).collect();
    let value = shown(&path, value);
    let text = if near.is_some() { NEAR } else { PLAIN };
    let issue = issue(path, IssueKind::WrongValue, text).with("value", value).with("allowed", listed.join(", "));
    Issue { allowed: names, nearest: near, ..issue }
}

pub(super) fn wrong_form(path: Path, value: &Value, form: &Form) -> Issue {
    let value = shown(&path, value);
    issue(path, IssueKind::WrongValue, form.sentence).with("value", value)
}

pub(super) fn wrong_pattern(path: Path, value: &Value, pattern: &str) -> Issue {
    const TEXT: Text = Text {
        en: "\"{path}\" cannot be {value}: it must match {pattern}",
        ja: "\"{path}\" を {value} にはできません。値の形式: {pattern}",
    };
    const EMPTY: Text = Text { en: "\"{path}\" is blank", ja: "\"{path}\" が空白です" };
    if pattern == r"\S" {
        return issue(path, IssueKind::WrongValue, EMPTY);
    }
    let value = shown(&path, value);
    issue(path, IssueKind::WrongValue, TEXT).with("value", value).with("pattern", pattern)
}

pub(super) fn wrong_length(path: Path, length: usize, least: Option<usize>, most: Option<usize>) -> Issue {
    const EMPTY: Text = Text { en: "\"{path}\" is empty", ja: "\"{path}\" が空です" };
    const TEXT: Text = Text {
        en: "\"{path}\" has {length} characters; {range} are allowed",
        ja: "\"{path}\" は{length}文字です。使える文字数: {range}",
    };
    if length == 0 {
        return issue(path, IssueKind::WrongValue, EMPTY);
    }
    issue(path, IssueKind::WrongValue, TEXT).with("length", length).with("range", range(least, most))
}

pub(super) fn wrong_count(path: Path, count: usize, least: Option<usize>, most: Option<usize>) -> Issue {
    const TEXT: Text = Text {
        en: "\"{path}\" has {count} entries; {range} are allowed",
        ja: "\"{path}\" のエントリは{count}件です。使える件数: {range}",
    };
    issue(path, IssueKind::WrongValue, TEXT).with("count", count).with("range", range(least, most))
}

fn range(least: Option<usize>, most: Option<usize>) -> String {
    match (least, most) {
        (Some(least), Some(most)) => format!("{least}-{most}"),
        (Some(least), None) => format!(">= {least}"),
        (None, most) => format!("<= {}", most.unwrap_or_default()),
    }
}

pub(super) fn out_of_range(path: Path, number: f64, node: &Node) -> Issue {
    const TEXT: Text = Text {
        en: "\"{path}\" cannot be {number}. Allowed: {range}",
        ja: "\"{path}\" を {number} にはできません。使える範囲: {range}",
    };
    let mut range = Vec::new();
    range.extend(node.least.map(|least| format!(">= {least}")));
    range.extend(node.above.map(|above| format!("> {above}")));
    range.extend(node.greatest.map(|greatest| format!("<= {greatest}")));
    issue(path, IssueKind::WrongValue, TEXT).with("number", number).with("range", range.join(", "))
}

pub(super) fn contradiction(path: Path) -> Issue {
    const TEXT: Text = Text {
        en: "the settings in \"{path}\" do not go together",
        ja: "\"{path}\" の中の設定が互いに矛盾しています",
    };
    issue(path, IssueKind::WrongValue, TEXT)
}

/// Whether a text holds what only a generator writes, as a token does that was put under the wrong key.
fn looks_drawn(text: &str) -> bool {
    const DRAWN: usize = 16;
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|run| {
        let has = |of: fn(&u8) -> bool| run.as_bytes().iter().any(of);
        run.len() >= DRAWN && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
    })
}

/// A value as it may be shown: short, and never a secret.
fn shown(path: &Path, value: &Value) -> String {
    // A secret may have been written where the name of its variable belongs.
    let within_secret = path.parent().is_some_and(|parent| is_secret(&parent));
    if within_secret || is_secret(path) {
        return "***".into();
    }
    let text = value.to_string();
    if looks_drawn(&text) {
        return "***".into();
    }
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN).chain("...".chars()).collect()
}

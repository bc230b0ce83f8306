//! What kind of fault an issue is, in words that an administrator knows.

use super::{is_note, is_wrong_channel};
use crate::document::Seg;
use crate::settings::retired::{Fate, Retired};
use crate::settings::schema::{Issue, IssueKind};
use crate::text::Text;
use serde_json::Value;

/// What kind of fault an issue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    /// A note to oneself that stands as a key.
    Note,
    /// The roster of agents, and what refers to it.
    Roster,
    /// A key that has moved or was renamed.
    Moved,
    /// A key that nothing reads any more.
    Stale,
    /// A security setting that is gone.
    Guard,
    /// A value of another time or form.
    Value,
    /// A key that never was one.
    Guess,
    /// The file is no OpenClaw config.
    Foreign,
    /// Something else.
    Other,
}

impl Group {
    /// What is said of a file that is no config, instead of a complaint about each of its keys.
    pub const FOREIGN: Text = Text {
        en: "This is no OpenClaw config: OpenClaw knows none of its keys. Look whether it belongs to another program.",
        ja: "OpenClaw の設定ファイルではありません。OpenClaw が知っているキーが1つもありません。別のプログラムのファイルでないか確認してください。",
    };

    /// Is its name for machines.
    pub const fn name(self) -> &'static str {
        match self {
            Group::Note => "note",
            Group::Roster => "roster",
            Group::Moved => "moved",
            Group::Stale => "stale",
            Group::Guard => "security-setting-gone",
            Group::Value => "value",
            Group::Guess => "guess",
            Group::Foreign => "not-a-config",
            Group::Other => "other",
        }
    }

    /// Is its name for people, 24 columns at most.
    pub const fn label(self) -> Text {
        match self {
            Group::Note => Text { en: "Note written as a key", ja: "キーとして書かれたメモ" },
            Group::Roster => Text { en: "Roster of agents", ja: "エージェント一覧" },
            Group::Moved => Text { en: "Key that moved", ja: "移動・改名されたキー" },
            Group::Stale => Text { en: "Retired key", ja: "廃止されたキー" },
            Group::Guard => Text { en: "Security setting gone", ja: "廃止された保護の設定" },
            Group::Value => Text { en: "Value of another form", ja: "値の形式" },
            Group::Guess => Text { en: "Unknown key", ja: "未知のキー" },
            Group::Foreign => Text { en: "Not an OpenClaw config", ja: "OpenClaw の設定ではない" },
            Group::Other => Text { en: "To be mended by hand", ja: "手作業で直す項目" },
        }
    }

    /// Is what kind of fault an issue of a config is.
    pub fn of(source: &Value, issue: &Issue) -> Self {
        let Some(last) = issue.path.segs().last() else {
            return if source.is_object() { Group::Other } else { Group::Foreign };
        };
        let value = issue.path.of(source);
        if let (IssueKind::UnknownKey, Seg::Key(key), Some(value)) = (issue.kind, last, value)
            && is_note(key, value)
        {
            return Group::Note;
        }
        if let IssueKind::Rule(rule) = issue.kind {
            if rule.starts_with("agents.") && rule != "agents.avatar" {
                return Group::Roster;
            }
            if is_wrong_channel(issue) {
                return Group::Guess;
            }
            // These name things that are gone, or say one thing twice; the others are about settings that do not go together, which later steps may settle.
            if matches!(
                rule,
                "models.retired"
                    | "models.provider"
                    | "plugins.memory"
                    | "tools.web_search_provider"
                    | "tools.exec_mode"
                    | "tools.allow_beside_also_allow"
            ) {
                return Group::Value;
            }
        }
        if let Some(known) = Retired::at(&issue.path) {
            return match known.entry.fate {
                Fate::Stale => Group::Stale,
                Fate::Moved => Group::Moved,
                Fate::Value => Group::Value,
                Fate::Guard => Group::Guard,
                Fate::Guess => Group::Guess,
            };
        }
        if issue.path.segs().len() == 1 && matches!(last, Seg::Key(key) if key == "agents") {
            return Group::Roster;
        }
        match issue.kind {
            IssueKind::UnknownKey => Group::Guess,
            IssueKind::Missing | IssueKind::WrongType | IssueKind::WrongValue => Group::Value,
            IssueKind::Rule(_) => Group::Other,
        }
    }
}

/// Whether a file is no OpenClaw config at all: of its keys OpenClaw knows none, and knew none.
pub fn is_foreign(source: &Value, issues: &[Issue]) -> bool {
    let Some(map) = source.as_object() else {
        return !issues.is_empty();
    };
    let mut keys = map.iter().filter(|(key, value)| !is_note(key, value)).peekable();
    keys.peek().is_some()
        && keys.all(|(key, _)| {
            let of_root = |issue: &&Issue| matches!(issue.path.segs(), [Seg::Key(name)] if name == key);
            issues.iter().find(of_root).is_some_and(|issue| {
                issue.kind == IssueKind::UnknownKey && issue.nearest.is_none() && !Retired::is_root(key)
            })
        })
}

/// Is the issues at which a placeholder stands that nobody filled in, as in `{{PORT}}`, `<PORT>`, `__PORT__` or `YOUR_PORT`.
pub fn holes<'i>(source: &Value, issues: &'i [Issue]) -> Vec<&'i Issue> {
    let of_value = |issue: &Issue| issue.path.of(source).and_then(Value::as_str).is_some_and(is_hole);
    issues.iter().filter(|issue| of_value(issue) || issue.path.last_key().is_some_and(is_hole)).collect()
}

fn is_hole(text: &str) -> bool {
    let within = |open: &str, close: &str| {
        text.len() > open.len() + close.len() && text.starts_with(open) && text.ends_with(close)
    };
    let is_shouted = text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    within("{{", "}}") || within("<", ">") || within("__", "__") || is_shouted && text.starts_with("YOUR_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_told_from_a_value() {
        for hole in ["{{PORT}}", "<PORT>", "__PORT__", "YOUR_PORT"] {
            assert!(is_hole(hole), "{hole}");
        }
        for value in ["<>", "____", "18789", "${PORT}", "your_bot", "YOURS"] {
            assert!(!is_hole(value), "{value}");
        }
    }
}

//! Decisions as a file that is taken to other machines.
//!
//! ```json5
//! {
//!   version: 1,
//!   posture: "personal",
//!   answers: {
//!     // Bind
//!     "gateway.bind@gateway.bind": "loopback",
//!   },
//!   accepted: [{ checkId: "harden.sandbox.network", severity: "info", reason: "...", until: "2027-03-31" }],
//! }
//! ```

use super::{Answers, Pick};
use crate::accepted::{Acceptance, is_date};
use crate::checks::catalogue;
use crate::document::{Document, Path, Position};
use crate::plan::{Plan, Planned};
use crate::posture::{Posture, controls};
use crate::text::{Lang, Said, Text};
use serde_json::{Value, json};
use std::fmt::Write;

/// The version of the file's own form.
const VERSION: u64 = 1;

/// What stands in an answers file.
pub struct AnswersFile {
    /// The decisions.
    pub answers: Answers,
    /// The risks that are lived with.
    pub accepted: Vec<Acceptance>,
    document: Document,
}

/// Why a file gives no answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswersError {
    /// Where.
    pub at: Position,
    /// What is wrong.
    pub why: Said,
}

impl AnswersFile {
    /// Reads an answers file, or what `apply --format json` printed. `${HOME}` in a typed text is the home folder of this machine.
    ///
    /// # Errors
    /// Where it is no JSON5, has no `answers`, or says something that this program does not know.
    pub fn parse(bytes: &[u8], home: Option<&str>) -> Result<Self, AnswersError> {
        const NO_ANSWERS: Text =
            Text { en: "it has no object \"answers\"", ja: "オブジェクト \"answers\" がありません" };
        const OTHER_VERSION: Text = Text {
            en: "its version is {found}; this program reads version {known}",
            ja: "ファイルの version は {found} です。このプログラムが読めるのは version {known} です",
        };
        const UNKNOWN: Text = Text {
            en: "an answers file has no {key}; it has version, posture, answers and accepted",
            ja: "回答ファイルに {key} はありません (version、posture、answers、accepted のみ)",
        };
        const NO_POSTURE: Text = Text {
            en: "there is no posture {value}; there are personal, shared and public",
            ja: "態勢 {value} はありません (personal、shared、public のいずれか)",
        };
        let document = Document::parse(bytes).map_err(|error| AnswersError { at: error.at, why: error.what })?;
        let refuse = |path: &Path, why: Said| AnswersError { at: document.locate(path), why };
        let root = Path::root();
        let file = document.value();
        match file.get("version") {
            // What `apply` prints has more keys, and no version.
            None => {}
            Some(version) if version.as_u64() != Some(VERSION) => {
                let why = OTHER_VERSION.with("found", version).with("known", VERSION);
                return Err(refuse(&root.key("version"), why));
            }
            Some(_) => {
                let known = |key: &str| matches!(key, "version" | "openclaw" | "posture" | "answers" | "accepted");
                let mut keys = file.as_object().into_iter().flat_map(|object| object.keys());
                if let Some(key) = keys.find(|key| !known(key)) {
                    return Err(refuse(&root.key(key), UNKNOWN.with("key", key)));
                }
            }
        }
        let mut answers = Answers::default();
        if let Some(asked) = file.get("posture").filter(|posture| !posture.is_null()) {
            let known = Posture::ALL.into_iter().find(|known| asked.as_str() == Some(known.name()));
            answers.posture = known.ok_or_else(|| refuse(&root.key("posture"), NO_POSTURE.with("value", asked)))?;
        }
        let given = file.get("answers").and_then(Value::as_object).ok_or_else(|| refuse(&root, NO_ANSWERS.into()))?;
        for (key, value) in given {
            let pick = pick(key, value, home).map_err(|why| refuse(&root.key("answers").key(key), why))?;
            answers.picks.insert(key.clone(), pick);
        }
        let mut accepted = Vec::new();
        for (n, value) in file.get("accepted").and_then(Value::as_array).into_iter().flatten().enumerate() {
            let one = acceptance(value).map_err(|why| refuse(&root.key("accepted").index(n), why))?;
            accepted.push(one);
        }
        Ok(AnswersFile { answers, accepted, document })
    }

    /// Is where an answer stands.
    pub fn locate(&self, key: &str) -> Position {
        self.document.locate(&Path::root().key("answers").key(key))
    }
}

/// Reads one answer, if its question is one that this program asks anywhere.
fn pick(key: &str, value: &Value, home: Option<&str>) -> Result<Pick, Said> {
    const NO_QUESTION: Text = Text {
        en: "nothing asks {key}: the answer may come from another version of this program",
        ja: "{key} という質問はありません。別のバージョンの回答かもしれません",
    };
    const NO_VALUE: Text = Text {
        en: "the answer to {key} is neither a text nor an object with a \"text\"",
        ja: "{key} の回答が文字列でも \"text\" を持つオブジェクトでもありません",
    };
    const NO_HOME: Text = Text {
        en: "the answer to {key} needs the home folder, and there is none: set HOME",
        ja: "{key} の回答に必要なホームフォルダーがありません。HOME を設定してください",
    };
    let id = key.split('@').next().unwrap_or_default();
    if controls().all(|control| control.id != id) {
        return Err(NO_QUESTION.with("key", key));
    }
    match (value.as_str(), value.get("text").and_then(Value::as_str)) {
        (Some(choice), _) => Ok(Pick::Choice(choice.to_owned())),
        (None, Some(text)) => with_home(text, home).map(Pick::Text).ok_or_else(|| NO_HOME.with("key", key)),
        (None, None) => Err(NO_VALUE.with("key", key)),
    }
}

fn acceptance(value: &Value) -> Result<Acceptance, Said> {
    const UNREADABLE: Text = Text {
        en: "this is no accepted finding ({why})",
        ja: "受容済みリスクとして読み取れません ({why})",
    };
    const NO_CHECK: Text = Text { en: "there is no check {id}", ja: "チェック {id} はありません" };
    const NO_DATE: Text = Text {
        en: "\"{date}\" is no date as in 2027-03-31",
        ja: "\"{date}\" は 2027-03-31 のような日付ではありません",
    };
    const NO_REASON: Text = Text { en: "a reason is missing", ja: "理由がありません" };
    let one: Acceptance = serde_json::from_value(value.clone()).map_err(|why| UNREADABLE.with("why", why))?;
    if !catalogue().any(|check| check.is_meant_by(&one.check_id)) {
        return Err(NO_CHECK.with("id", one.check_id));
    }
    if !is_date(&one.until) {
        return Err(NO_DATE.with("date", one.until));
    }
    if one.reason.trim().is_empty() {
        return Err(NO_REASON.into());
    }
    Ok(one)
}

const HOME: &str = "${HOME}";
/// How `${HOME}` stands in the file where it was typed: OpenClaw's own escape.
const TYPED_HOME: &str = "$${HOME}";

/// Puts the home folder of this machine into a text; none where the text needs it and there is none.
fn with_home(text: &str, home: Option<&str>) -> Option<String> {
    let parts: Vec<&str> = text.split(TYPED_HOME).collect();
    let needs = parts.iter().any(|part| part.contains(HOME));
    let home = if needs { home? } else { "" };
    Some(parts.iter().map(|part| part.replace(HOME, home)).collect::<Vec<_>>().join(HOME))
}

/// Takes the home folder of this machine out of a text, where a path begins with it.
fn without_home(text: &str, home: Option<&str>) -> String {
    let typed = text.replace(HOME, TYPED_HOME);
    let Some(home) = home.map(|home| home.trim_end_matches('/')).filter(|home| !home.is_empty()) else {
        return typed;
    };
    let mut said = String::with_capacity(typed.len());
    let mut rest = typed.as_str();
    while let Some(at) = rest.find(home) {
        let (before, found) = rest.split_at(at);
        let after = &found[home.len()..];
        let begins = before.chars().next_back().is_none_or(|c| c.is_whitespace() || matches!(c, ':' | ',' | '='));
        let ends = after.chars().next().is_none_or(|c| c.is_whitespace() || matches!(c, '/' | ':' | ','));
        said.push_str(before);
        said.push_str(if begins && ends { HOME } else { home });
        rest = after;
    }
    said + rest
}

impl Plan {
    /// Is what was decided and taken, with the risks that are lived with, as an answers file.
    ///
    /// It holds no secret: choices are named, and what this program makes up is made anew on each machine.
    pub fn answers_file(&self, answers: &Answers, accepted: &[Acceptance], home: Option<&str>, lang: Lang) -> String {
        const HEAD: Text = Text {
            en: "// Decisions on an OpenClaw config. On another machine: openclaw-harden apply --answers FILE",
            ja: "// OpenClaw の設定についての回答。別のマシンで適用: openclaw-harden apply --answers FILE",
        };
        let mut out = format!("{}\n{{\n  version: {VERSION},\n", HEAD.of(lang));
        let _ = writeln!(out, "  posture: {},", json!(answers.posture.name()));
        out.push_str("  answers: {\n");
        for (planned, pick) in self.kept(answers) {
            let value = match pick {
                Pick::Choice(value) => json!(value).to_string(),
                Pick::Text(text) => format!("{{ text: {} }}", json!(without_home(&text, home))),
            };
            let _ = writeln!(out, "    // {}\n    {}: {value},", comment(planned, lang), json!(planned.key()));
        }
        out.push_str("  },\n  accepted: [\n");
        for one in accepted {
            let _ = writeln!(out, "    {},", json!(one));
        }
        out.push_str("  ],\n}\n");
        out
    }
}

/// Is a row's label and whose it is, on one line.
fn comment(planned: &Planned, lang: Lang) -> String {
    let whose = planned.row.whose.as_ref().map(|whose| format!(" ({})", whose.of(lang))).unwrap_or_default();
    format!("{}{whose}", planned.label().of(lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(file: &str) -> (usize, String) {
        let error = AnswersFile::parse(file.as_bytes(), None).err().expect("a refusal");
        (error.at.line, error.why.of(Lang::En))
    }

    #[test]
    fn an_answers_file_is_read() {
        let file = r#"{version: 1, posture: "shared",
            answers: {"gateway.bind@gateway.bind": "keep", "tools.lists@tools.deny": {text: "${HOME}/x $${HOME}"}},
            accepted: [{checkId: "harden.sandbox.off", severity: "warn", reason: "a test", until: "2027-03-31"}]}"#;
        let key = controls().map(|control| control.id).find(|id| id.starts_with("tools.")).expect("a control");
        let file = file.replace("tools.lists", key);
        let read = AnswersFile::parse(file.as_bytes(), Some("/home/me")).expect("answers");
        assert_eq!(read.answers.posture, Posture::Shared);
        assert_eq!(read.answers.picks["gateway.bind@gateway.bind"], Pick::Choice("keep".into()));
        assert_eq!(read.answers.picks[&format!("{key}@tools.deny")], Pick::Text("/home/me/x ${HOME}".into()));
        assert_eq!(read.accepted.len(), 1);
        assert_eq!(read.locate("gateway.bind@gateway.bind").line, 2);
    }

    #[test]
    fn what_apply_printed_is_read_though_it_has_more_keys() {
        let file = r#"{"changed": true, "posture": "public", "answers": {"gateway.bind@gateway.bind": "loopback"}}"#;
        assert_eq!(AnswersFile::parse(file.as_bytes(), None).expect("answers").answers.picks.len(), 1);
    }

    #[test]
    fn what_is_no_answers_file_is_refused_with_its_line_and_a_reason() {
        let accepted = |one: &str| format!("{{version: 1, answers: {{}}, accepted: [\n{one}]}}");
        for (file, line, why) in [
            ("{}".to_owned(), 1, "it has no object"),
            ("{version: 2, answers: {}}".to_owned(), 1, "its version is 2"),
            ("{version: 1,\nanswer: {}}".to_owned(), 2, "an answers file has no answer"),
            ("{\n\"posture\": \"loose\", \"answers\": {}}".to_owned(), 2, "there is no posture"),
            ("{answers: {\n\"gateway.bind@a\": 1}}".to_owned(), 2, "the answer to gateway.bind@a"),
            ("{answers: {\n\n\"gateway.host@a\": \"x\"}}".to_owned(), 3, "nothing asks gateway.host@a"),
            (
                "{answers: {\"gateway.bind@a\": {text: \"${HOME}\"}}}".to_owned(),
                1,
                "the answer to gateway.bind@a needs",
            ),
            (
                accepted("{checkId: \"harden.none\", severity: \"warn\", reason: \"x\", until: \"2027-01-01\"}"),
                2,
                "there is no check",
            ),
            (
                accepted("{checkId: \"harden.sandbox.off\", severity: \"warn\", reason: \"x\", until: \"soon\"}"),
                2,
                "\"soon\" is no date",
            ),
            (
                accepted("{checkId: \"harden.sandbox.off\", severity: \"warn\", reason: \" \", until: \"2027-01-01\"}"),
                2,
                "a reason is missing",
            ),
            (accepted("{checkId: \"harden.sandbox.off\"}"), 2, "this is no accepted finding"),
        ] {
            let (at, said) = refusal(&file);
            assert!(said.starts_with(why), "{file}: {said}");
            assert_eq!(at, line, "{file}");
        }
        assert_eq!(refusal("{answers: {").0, 1);
    }

    #[test]
    fn a_home_folder_goes_out_and_comes_back_as_the_one_of_the_other_machine() {
        for typed in ["/home/me/work", "/home/me", "a /home/me/x:/home/me/y", "${HOME}/z", "~/q", "/home/mean"] {
            let kept = without_home(typed, Some("/home/me"));
            assert!(!kept.contains("/home/me/") && kept != "/home/me", "{kept}");
            assert_eq!(with_home(&kept, Some("/home/me")).as_deref(), Some(typed));
        }
        assert_eq!(with_home("${HOME}/work", Some("/home/you")).as_deref(), Some("/home/you/work"));
    }
}

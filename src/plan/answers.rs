//! What the administrator decided, and how it is kept in a file.

use super::{Plan, Planned};
use crate::posture::Posture;
use crate::text::{Lang, Said, Text};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the administrator decided.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// The posture to reach.
    pub posture: Posture,
    /// What becomes of the recommendations that nobody decided on.
    pub undecided: Undecided,
    /// The decisions, by [`Planned::key`].
    pub picks: BTreeMap<String, Pick>,
}

/// What becomes of a recommendation that nobody decided on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Undecided {
    /// Safe ones are taken, Asks are not: the wizard before a step is accepted, and `--only-safe`.
    #[default]
    Safe,
    /// Both are taken: `apply --yes`.
    All,
}

/// A decision on one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The choice with this value.
    Choice(String),
    /// A typed text.
    Text(String),
}

impl Answers {
    /// Reads an answers file: `{"posture": "personal", "answers": {"gateway.bind@gateway.bind": "loopback"}}`.
    ///
    /// A typed text stands as `{"text": "..."}`. Other keys are left alone, so what `apply --format json` prints is one.
    ///
    /// # Errors
    /// Where it is no JSON, has no `answers`, or names a posture that there is not.
    pub fn parse(bytes: &[u8]) -> Result<Self, Said> {
        const NO_JSON: Text = Text { en: "it is not JSON ({why})", ja: "JSON ではありません ({why})" };
        const NO_ANSWERS: Text =
            Text { en: "it has no object \"answers\"", ja: "オブジェクト \"answers\" がありません" };
        const NO_VALUE: Text = Text {
            en: "the answer to {key} is neither a text nor an object with a \"text\"",
            ja: "{key} の回答が文字列でも \"text\" を持つオブジェクトでもありません",
        };
        const NO_POSTURE: Text = Text {
            en: "there is no posture {value}; there are personal, shared and public",
            ja: "態勢 {value} はありません (personal、shared、public のいずれか)",
        };
        let file: Value = serde_json::from_slice(bytes).map_err(|why| NO_JSON.with("why", why))?;
        let mut answers = Answers::default();
        match file.get("posture").filter(|posture| !posture.is_null()) {
            None => {}
            Some(asked) => match Posture::ALL.into_iter().find(|known| asked.as_str() == Some(known.name())) {
                Some(posture) => answers.posture = posture,
                None => return Err(NO_POSTURE.with("value", asked)),
            },
        }
        for (key, value) in file.get("answers").and_then(Value::as_object).ok_or(NO_ANSWERS)? {
            let pick = match (value.as_str(), value.get("text").and_then(Value::as_str)) {
                (Some(choice), _) => Pick::Choice(choice.to_owned()),
                (None, Some(text)) => Pick::Text(text.to_owned()),
                (None, None) => return Err(NO_VALUE.with("key", key)),
            };
            answers.picks.insert(key.clone(), pick);
        }
        Ok(answers)
    }
}

impl Plan {
    /// Is what was decided and taken, as an answers file has it.
    pub fn answers(&self, answers: &Answers) -> Value {
        let mut kept = Map::new();
        for planned in self.rows.iter().filter(|planned| planned.decided || !planned.edits.is_empty()) {
            let value = match planned.taken {
                Some(taken) => json!(planned.row.choices[taken].value),
                None => match answers.picks.get(&planned.key()) {
                    Some(Pick::Text(text)) => json!({ "text": text }),
                    _ => continue,
                },
            };
            kept.insert(planned.key(), value);
        }
        Value::Object(kept)
    }

    /// Is the reason why an answer cannot be taken, where one cannot: a choice that the row does not offer, or a refused text.
    pub fn refused_answer(&self, answers: &Answers) -> Option<Said> {
        const NOT_OFFERED: Text = Text {
            en: "{key} cannot be answered with \"{value}\"; it offers {offered}.",
            ja: "{key} に \"{value}\" という選択肢はありません。選択肢: {offered}",
        };
        const NO_TEXT: Text =
            Text { en: "{key} takes no typed text.", ja: "{key} に文字列は入力できません。" };
        const REFUSED: Text = Text { en: "{key}: {why}.", ja: "{key}: {why}。" };
        self.rows.iter().find_map(|planned| {
            let Planned { row, refused, .. } = planned;
            match answers.picks.get(&planned.key())? {
                // A row that offers nothing, or has that value already, needs no answer.
                Pick::Choice(value) if row.choices.len() == 1 || row.current.of(Lang::En) == *value => None,
                Pick::Choice(value) if !row.choices.iter().any(|choice| choice.value == *value) => {
                    let offered: Vec<&str> = row.choices.iter().map(|choice| choice.value.as_str()).collect();
                    let said = NOT_OFFERED.with("key", planned.key()).with("value", value);
                    Some(said.with("offered", offered.join(", ")))
                }
                Pick::Text(_) if row.field.is_none() => Some(NO_TEXT.with("key", planned.key())),
                Pick::Text(_) => refused.map(|why| REFUSED.with("key", planned.key()).with("why", why.en)),
                Pick::Choice(_) => None,
            }
        })
    }

    /// Is the keys of answers to questions that do not arise here.
    pub fn unused_answers(&self, answers: &Answers) -> Vec<String> {
        let asked: Vec<String> = self.rows.iter().map(Planned::key).collect();
        answers.picks.keys().filter(|key| !asked.contains(key)).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answers_file_is_read() {
        let answers = Answers::parse(
            br#"{"posture": "shared", "changed": true, "answers": {"a@b": "keep", "c@d": {"text": "x"}}}"#,
        )
        .unwrap();
        assert_eq!(answers.posture, Posture::Shared);
        assert_eq!(answers.picks["a@b"], Pick::Choice("keep".into()));
        assert_eq!(answers.picks["c@d"], Pick::Text("x".into()));
    }

    #[test]
    fn what_is_no_answers_file_is_refused_with_a_reason() {
        for (file, why) in [
            ("[", "it is not JSON"),
            ("{}", "it has no object"),
            (r#"{"posture": "loose", "answers": {}}"#, "there is no posture"),
            (r#"{"answers": {"a": 1}}"#, "the answer to a"),
        ] {
            let said = Answers::parse(file.as_bytes()).unwrap_err().of(Lang::En);
            assert!(said.starts_with(why), "{file}: {said}");
        }
    }
}

//! What the administrator decided.

mod file;

pub use file::{AnswersError, AnswersFile};

use super::{Plan, Planned};
use crate::posture::Posture;
use crate::text::{Lang, Said, Text};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the administrator decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
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
    /// None is taken: what is decided, and nothing else.
    Nothing,
}

/// A decision on one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The choice with this value.
    Choice(String),
    /// A typed text.
    Text(String),
}

impl Plan {
    /// Is what was decided and taken, as an answers file has it.
    pub fn answers(&self, answers: &Answers) -> Value {
        let kept = self.kept(answers).map(|(planned, pick)| {
            let value = match pick {
                Pick::Choice(value) => json!(value),
                Pick::Text(text) => json!({ "text": text }),
            };
            (planned.key(), value)
        });
        Value::Object(kept.collect::<Map<_, _>>())
    }

    /// Is the rows with something to keep, each with its answer.
    fn kept(&self, answers: &Answers) -> impl Iterator<Item = (&Planned, Pick)> {
        let spoken = self.rows.iter().filter(|planned| planned.decided || !planned.edits.is_empty());
        spoken.filter_map(|planned| match (planned.taken, answers.picks.get(&planned.key())) {
            (Some(taken), _) => Some((planned, Pick::Choice(planned.row.choices[taken].value.clone()))),
            (None, Some(Pick::Text(text))) => Some((planned, Pick::Text(text.clone()))),
            (None, _) => None,
        })
    }

    /// Is an answer that cannot be taken, where there is one, and why: a choice that the row does not offer, or a refused text.
    pub fn refused_answer(&self, answers: &Answers) -> Option<(String, Said)> {
        const NOT_OFFERED: Text = Text {
            en: "{key} cannot be answered with \"{value}\"; it offers {offered}.",
            ja: "{key} に \"{value}\" という選択肢はありません。選択肢: {offered}",
        };
        const NO_TEXT: Text =
            Text { en: "{key} takes no typed text.", ja: "{key} に文字列は入力できません。" };
        self.rows.iter().find_map(|planned| {
            let Planned { row, refused, .. } = planned;
            let why = match answers.picks.get(&planned.key())? {
                // A row that offers nothing, or has that value already, needs no answer.
                Pick::Choice(value) if row.choices.len() == 1 || row.current.of(Lang::En) == *value => None,
                Pick::Choice(value) if !row.choices.iter().any(|choice| choice.value == *value) => {
                    let offered: Vec<&str> = row.choices.iter().map(|choice| choice.value.as_str()).collect();
                    let said = NOT_OFFERED.with("key", planned.key()).with("value", value);
                    Some(said.with("offered", offered.join(", ")))
                }
                Pick::Text(_) if row.field.is_none() => Some(NO_TEXT.with("key", planned.key())),
                Pick::Text(_) => refused.map(Said::from),
                Pick::Choice(_) => None,
            };
            why.map(|why| (planned.key(), why))
        })
    }

    /// Is the keys of answers to questions that do not arise here.
    pub fn unused_answers(&self, answers: &Answers) -> Vec<String> {
        let asked: Vec<String> = self.rows.iter().map(Planned::key).collect();
        answers.picks.keys().filter(|key| !asked.contains(key)).cloned().collect()
    }
}

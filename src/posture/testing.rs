//! What the tests of the controls share.

use super::{Engine, Means, Posture, Row, controls};
use crate::document::Document;
use crate::plan::{Answers, Pick, Plan, Planned, Undecided};
use crate::settings::Facts;
use serde_json::Value;
use std::sync::Arc;

pub(super) const GATEWAY_SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef";
pub(super) const HOOKS_SECRET: &str = "fedcba9876543210fedcba9876543210fedcba9876543210";

/// A config with what surrounds it, to be planned for.
pub(super) struct Case {
    source: Value,
    facts: Facts,
    means: Means,
    answers: Answers,
}

/// Is a config whose recommendations are all taken, for the posture `personal`.
pub(super) fn case(source: Value) -> Case {
    let means =
        Means { gateway_secret: GATEWAY_SECRET.to_owned(), hooks_secret: HOOKS_SECRET.to_owned(), ..Means::default() };
    let answers = Answers { undecided: Undecided::All, ..Answers::default() };
    Case { source, facts: Facts::default(), means, answers }
}

impl Case {
    pub(super) fn posture(mut self, posture: Posture) -> Self {
        self.answers.posture = posture;
        self
    }

    pub(super) fn env(mut self, name: &str, value: &str) -> Self {
        self.facts.env.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(super) fn state_env(mut self, name: &str, value: &str) -> Self {
        self.facts.state_env.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(super) fn in_container(mut self) -> Self {
        self.means.in_container = true;
        self
    }

    /// Counts on an engine that has these images, or has them not.
    pub(super) fn engine(mut self, engine: Engine, images: &[(&str, bool)]) -> Self {
        self.means.engine = engine;
        self.means.images = images.iter().map(|(image, is)| ((*image).to_owned(), Some(*is))).collect();
        self
    }

    pub(super) fn without_secrets(mut self) -> Self {
        self.means = Means::default();
        self
    }

    pub(super) fn only_safe(mut self) -> Self {
        self.answers.undecided = Undecided::Safe;
        self
    }

    pub(super) fn choose(mut self, key: &str, value: &str) -> Self {
        self.answers.picks.insert(key.to_owned(), Pick::Choice(value.to_owned()));
        self
    }

    pub(super) fn type_in(mut self, key: &str, text: &str) -> Self {
        self.answers.picks.insert(key.to_owned(), Pick::Text(text.to_owned()));
        self
    }

    fn plan_of(&self, source: &Value) -> Plan {
        let document = Document::parse(source.to_string().as_bytes()).expect("JSON");
        Plan::new(&document, &Arc::new(self.facts.clone()), &self.means, &self.answers).expect("edits that can be made")
    }

    pub(super) fn plan(&self) -> Plan {
        self.plan_of(&self.source)
    }

    /// Is the row with this key.
    pub(super) fn row(&self, key: &str) -> Option<Planned> {
        self.plan().rows.into_iter().find(|row| row.key() == key)
    }

    /// Is what the config becomes. OpenClaw must accept it if it accepted the file, and planning again must recommend nothing.
    pub(super) fn result(&self) -> Value {
        let plan = self.plan();
        let value = plan.candidate.value().clone();
        assert!(!plan.issues.is_empty() || plan.issues_after.is_empty(), "refused: {:?}\n{value:#}", plan.issues_after);
        if self.answers.undecided == Undecided::All && self.answers.picks.is_empty() {
            let open: Vec<String> =
                self.plan_of(&value).rows.iter().filter(|row| row.row.recommended > 0).map(Planned::key).collect();
            assert_eq!(open, Vec::<String>::new(), "recommended again in\n{value:#}");
        }
        value
    }

    /// Is what stands at a place of the result.
    pub(super) fn becomes(&self, path: &str) -> Option<Value> {
        crate::document::Path::from(path).of(&self.result()).cloned()
    }
}

/// Is the value that a row recommends; `keep` where it recommends nothing.
pub(super) fn recommended(row: &Row) -> &str {
    &row.choices[row.recommended].value
}

#[test]
fn every_label_fits_its_column_and_no_text_has_symbols_of_unsure_width() {
    for control in controls() {
        for text in [control.label.en, control.label.ja] {
            assert!(unicode_width::UnicodeWidthStr::width(text) <= 24, "{text}");
        }
        for text in [control.why.en, control.why.ja] {
            assert!(!text.contains(['…', '—', '→', '•', '“', '”', '‘', '’', '×', '〜']), "{text}");
        }
    }
}

//! What holds for any config and any answers: a write goes back to the byte, done twice it is done once, and layout decides nothing.

use crate::support::{Sample, facts, means, samples};
use openclaw_harden::document::{Document, same};
use openclaw_harden::plan::{Answers, Pick, Plan, Undecided};
use openclaw_harden::posture::{Engine, Posture, Weight};
use openclaw_harden::settings::schema;
use openclaw_harden::store;
use proptest::prelude::*;
use std::sync::LazyLock;

/// The samples that OpenClaw takes.
static SAMPLES: LazyLock<Vec<(Sample, Document)>> = LazyLock::new(|| {
    let documents = samples().into_iter().filter_map(|sample| {
        let document = Document::parse(&sample.bytes).ok()?;
        schema::validate(document.value(), &facts()).is_empty().then_some((sample, document))
    });
    documents.collect()
});

/// What was drawn: a sample, a posture, how far to go, and decisions row by row.
#[derive(Clone, Debug)]
struct Drawn {
    sample: usize,
    posture: usize,
    all: bool,
    engine: bool,
    picks: Vec<(usize, usize)>,
}

fn drawn() -> impl Strategy<Value = Drawn> {
    let picks = prop::collection::vec((any::<usize>(), any::<usize>()), 0..12);
    (any::<usize>(), any::<usize>(), any::<bool>(), any::<bool>(), picks)
        .prop_map(|(sample, posture, all, engine, picks)| Drawn { sample, posture, all, engine, picks })
}

impl Drawn {
    fn sample(&self) -> &'static (Sample, Document) {
        &SAMPLES[self.sample % SAMPLES.len()]
    }

    fn engine(&self) -> Engine {
        if self.engine { Engine::Docker } else { Engine::None }
    }

    fn plan(&self, document: &Document, answers: &Answers) -> Plan {
        Plan::new(document, &facts(), &means(self.engine()), answers).expect("a plan")
    }

    /// Is the answers: one decision after the other, each on what the plan offers then.
    fn answers(&self) -> Answers {
        let undecided = if self.all { Undecided::All } else { Undecided::Safe };
        let posture = Posture::ALL[self.posture % Posture::ALL.len()];
        let mut answers = Answers { posture, undecided, ..Answers::default() };
        for (row, choice) in &self.picks {
            let plan = self.plan(&self.sample().1, &answers);
            if plan.rows.is_empty() {
                break;
            }
            let planned = &plan.rows[row % plan.rows.len()];
            let choice = &planned.row.choices[choice % planned.row.choices.len()];
            if choice.weight != Weight::Manual {
                answers.picks.insert(planned.key(), Pick::Choice(choice.value.clone()));
            }
        }
        answers
    }
}

fn config() -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if asked { ProptestConfig::default().cases } else { 60 },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_write_goes_back_to_the_byte(drawn in drawn()) {
        let (sample, document) = drawn.sample();
        let plan = drawn.plan(document, &drawn.answers());
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("openclaw.json");
        std::fs::write(&path, &sample.bytes).expect("a config");
        let read = store::read(&path).expect("read").expect("there");
        let bytes = plan.candidate.root().bytes();
        let written = store::write(&path, Some(&read), bytes, 10).expect("written");
        prop_assert_eq!(&std::fs::read(&path).expect("there")[..], bytes);
        if let Some(backup) = written.backup {
            let now = store::read(&path).expect("read").expect("there");
            let restored = store::restore(&path, Some(&now), &backup).expect("restored");
            prop_assert_eq!(&std::fs::read(&path).expect("there"), &sample.bytes);
            if let Some(undo) = restored.backup {
                prop_assert_eq!(&std::fs::read(undo).expect("there")[..], bytes);
            }
        }
    }

    #[test]
    fn done_twice_it_is_done_once(drawn in drawn()) {
        let (sample, document) = drawn.sample();
        let answers = drawn.answers();
        let once = drawn.plan(document, &answers);
        let twice = drawn.plan(once.candidate.root(), &answers);
        let text = |plan: &Plan| String::from_utf8_lossy(plan.candidate.root().bytes()).into_owned();
        prop_assert_eq!(text(&once), text(&twice), "{}", sample.name);
    }

    #[test]
    fn layout_decides_nothing(drawn in drawn()) {
        let (sample, document) = drawn.sample();
        let answers = drawn.answers();
        let usual = drawn.plan(document, &answers);
        let value = document.value();
        let layouts = [serde_json::to_vec(value), serde_json::to_vec_pretty(value)];
        for layout in layouts {
            let other = Document::parse(&layout.expect("JSON")).expect("JSON5");
            let other = drawn.plan(&other, &answers);
            prop_assert!(same(usual.candidate.value(), other.candidate.value()), "{}", sample.name);
            prop_assert_eq!(usual.changes().len(), other.changes().len(), "{}", sample.name);
        }
    }
}

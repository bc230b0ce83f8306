//! What every plan must hold, on every config that OpenClaw accepts, for every posture.

use crate::support::{Sample, samples};
use openclaw_harden::document::Document;
use openclaw_harden::plan::{Answers, Plan, Undecided};
use openclaw_harden::posture::{Engine, Means, Posture};
use openclaw_harden::settings::tools::loosened;
use openclaw_harden::settings::{Facts, Settings, schema};
use std::path::PathBuf;
use std::sync::Arc;

fn facts() -> Arc<Facts> {
    let home = PathBuf::from("/home/ann");
    Arc::new(Facts { state_dir: Some(home.join(".openclaw")), home: Some(home), ..Facts::default() })
}

fn means(engine: Engine) -> Means {
    Means {
        engine,
        gateway_secret: "0123456789abcdef0123456789abcdef0123456789abcdef".into(),
        hooks_secret: "fedcba9876543210fedcba9876543210fedcba9876543210".into(),
        ..Means::default()
    }
}

/// Every sample that is accepted, with every posture, engine and way to decide.
fn each(mut test: impl FnMut(&Sample, &Document, &Plan, &dyn Fn(&Document) -> Plan) -> Vec<String>) {
    let facts = facts();
    let mut faults = Vec::new();
    let mut tried = 0;
    for sample in samples() {
        let Ok(document) = Document::parse(&sample.bytes) else {
            continue;
        };
        if !schema::validate(document.value(), &facts).is_empty() {
            continue;
        }
        for posture in Posture::ALL {
            for (engine, undecided) in
                [(Engine::Docker, Undecided::All), (Engine::None, Undecided::All), (Engine::Podman, Undecided::Safe)]
            {
                let answers = Answers { posture, undecided, ..Answers::default() };
                let plan = |document: &Document| {
                    Plan::new(document, &facts, &means(engine), &answers)
                        .unwrap_or_else(|error| panic!("{}: {error:?}", sample.name))
                };
                let planned = plan(&document);
                tried += 1;
                for fault in test(&sample, &document, &planned, &plan) {
                    faults.push(format!("{} {} {engine:?} {undecided:?}: {fault}", sample.name, posture.name()));
                }
            }
        }
    }
    assert!(tried >= 100, "only {tried} plans were tried");
    assert!(
        faults.is_empty(),
        "{} faults in {tried} plans:\n{}",
        faults.len(),
        faults[..faults.len().min(30)].join("\n")
    );
}

#[test]
fn what_openclaw_accepts_it_still_accepts() {
    each(|_, _, plan, _| {
        plan.issues_after.iter().map(|issue| format!("{}: {:?}", issue.path, issue.message)).collect()
    });
}

#[test]
fn nothing_is_loosened() {
    each(|_, document, plan, _| {
        let before = Settings::load(document.value().clone(), facts());
        let after = Settings::load(plan.candidate.value().clone(), facts());
        loosened(&before, &after).into_iter().take(3).map(|loose| format!("{loose:?}")).collect()
    });
}

#[test]
fn every_comment_stays() {
    each(|_, document, plan, _| {
        let text = String::from_utf8_lossy(plan.candidate.bytes()).into_owned();
        let lost = document.comments().filter(|comment| {
            !text.contains(comment.trim_start_matches(['/', '*']).trim_end_matches(['*', '/']).trim())
        });
        lost.map(str::to_owned).collect()
    });
}

#[test]
fn a_second_plan_changes_nothing() {
    each(|_, _, plan, again| {
        let second = again(&plan.candidate);
        if second.candidate.bytes() == plan.candidate.bytes() {
            return Vec::new();
        }
        second.edits.iter().map(|edit| format!("{edit:?}")).collect()
    });
}

#[test]
fn every_change_is_one_of_the_listed_edits() {
    each(|_, document, plan, _| {
        let mut wanted = document.value().clone();
        plan.edits.iter().for_each(|edit| edit.apply(&mut wanted));
        if wanted == *plan.candidate.value() { Vec::new() } else { vec!["the candidate has other values".to_owned()] }
    });
}

//! What every plan must hold, on every config that OpenClaw accepts, for every posture.

use crate::support::samples;
use openclaw_harden::checks::{Finding, audit};
use openclaw_harden::document::Document;
use openclaw_harden::plan::{Answers, Plan, Undecided};
use openclaw_harden::posture::{Engine, Means, Posture};
use openclaw_harden::settings::tools::loosened;
use openclaw_harden::settings::{Facts, Settings, schema};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

/// A plan of a sample, with what it was asked.
struct Case {
    name: String,
    engine: Engine,
    answers: Answers,
    plan: Plan,
}

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

fn plan(name: &str, document: &Document, engine: Engine, answers: &Answers) -> Plan {
    Plan::new(document, &facts(), &means(engine), answers).unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// Every sample that is accepted, with every posture, several engines and ways to decide.
static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| {
    let mut cases = Vec::new();
    for (n, sample) in samples().into_iter().enumerate() {
        let Ok(document) = Document::parse(&sample.bytes) else {
            continue;
        };
        if !schema::validate(document.value(), &facts()).is_empty() {
            continue;
        }
        for posture in Posture::ALL {
            // Every sample gets everything that is recommended; the rarer ways to decide are tried on some.
            let others = [(Engine::None, Undecided::All), (Engine::Podman, Undecided::Safe)];
            let some = if n < 40 || n % 10 == 0 { &others[..] } else { &[] };
            for &(engine, undecided) in [(Engine::Docker, Undecided::All)].iter().chain(some) {
                let answers = Answers { posture, undecided, ..Answers::default() };
                let plan = plan(&sample.name, &document, engine, &answers);
                cases.push(Case { name: sample.name.clone(), engine, answers, plan });
            }
        }
    }
    assert!(cases.len() >= 200, "only {} plans", cases.len());
    cases
});

fn each(faults_of: impl Fn(&Case) -> Vec<String>) {
    let faults: Vec<String> = CASES
        .iter()
        .flat_map(|case| {
            let asked =
                format!("{} {} {:?} {:?}", case.name, case.answers.posture.name(), case.engine, case.answers.undecided);
            faults_of(case).into_iter().map(move |fault| format!("{asked}: {fault}"))
        })
        .collect();
    assert!(
        faults.is_empty(),
        "{} faults in {} plans:\n{}",
        faults.len(),
        CASES.len(),
        faults[..faults.len().min(40)].join("\n")
    );
}

#[test]
fn what_openclaw_accepts_it_still_accepts() {
    each(|case| case.plan.issues_after.iter().map(|issue| format!("{}: {:?}", issue.path, issue.message)).collect());
}

#[test]
fn nothing_is_loosened() {
    each(|case| {
        let before = Settings::load(case.plan.document.value().clone(), facts());
        let after = Settings::load(case.plan.candidate.value().clone(), facts());
        loosened(&before, &after).into_iter().take(3).map(|loose| format!("{loose:?}")).collect()
    });
}

#[test]
fn what_a_plan_says_of_its_candidate_is_what_is_found_in_it() {
    each(|case| {
        let candidate = case.plan.candidate.value();
        let shown = |findings: &[Finding]| -> Vec<String> {
            findings.iter().map(|finding| format!("{} {:?} {:?}", finding.id, finding.severity, finding.hit)).collect()
        };
        let found = shown(&audit(&Settings::load(candidate.clone(), facts())));
        let said = shown(&case.plan.after);
        let mut faults: Vec<String> = found.iter().filter(|one| !said.contains(one)).cloned().collect();
        faults.extend(said.iter().filter(|one| !found.contains(one)).map(|one| format!("not there: {one}")));
        if schema::validate(candidate, &facts()) != case.plan.issues_after {
            faults.push("other issues".to_owned());
        }
        faults
    });
}

#[test]
fn every_comment_stays() {
    each(|case| {
        let text = String::from_utf8_lossy(case.plan.candidate.bytes());
        let inner =
            |comment: &str| comment.trim_start_matches(['/', '*']).trim_end_matches(['*', '/']).trim().to_owned();
        case.plan.document.comments().filter(|comment| !text.contains(&inner(comment))).map(str::to_owned).collect()
    });
}

#[test]
fn a_second_plan_changes_nothing() {
    each(|case| {
        let second = plan(&case.name, &case.plan.candidate, case.engine, &case.answers);
        if second.candidate.bytes() == case.plan.candidate.bytes() {
            return Vec::new();
        }
        second.edits.iter().map(|edit| format!("{edit:?}")).collect()
    });
}

#[test]
fn the_candidate_is_the_file_with_the_listed_edits_and_nothing_else() {
    each(|case| {
        let mut wanted = case.plan.document.value().clone();
        case.plan.edits.iter().for_each(|edit| edit.apply(&mut wanted));
        if wanted == *case.plan.candidate.value() { Vec::new() } else { vec!["other values".to_owned()] }
    });
}
